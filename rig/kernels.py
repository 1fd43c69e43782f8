#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Kernels - print the kernels that a module can be checked on"""

import os
import re
from pathlib import Path

import common

BUILT = "160 MB to fetch, and to be built"
FETCHED = "to be fetched with its compiler"
# For each kernel, what it is, and what must be fetched or built to get it.
KERNELS = {
    "stock-6.1": ("Debian 12's own", "70 MB to fetch"),
    "stock-6.12": ("in Debian 12's backports", "110 MB to fetch"),
    "stock-6.12-rt": ("the same with PREEMPT_RT", "110 MB to fetch"),
    "stock-5.10": ("Debian 11's own", FETCHED),
    "stock-6.12-trixie": ("Debian 13's own", FETCHED),
    "stock-7.3": ("in Debian 13's backports", FETCHED),
    "latest": ("Debian's newest source, few drivers", BUILT),
    "debug-6.12": ("finds misuse of memory and locks (KASAN, lockdep)", BUILT),
    "kcsan-6.12": ("finds data races (KCSAN)", BUILT),
}

STOCK = re.compile(r"stock-\d+\.\d+(-[a-z0-9]+)*")


def is_tree(directory: Path) -> bool:
    """Return true if a kernel was configured in a directory."""
    return (directory / "Makefile").exists() and (
        directory / ".config"
    ).exists()


def is_laid_out(directory: Path) -> bool:
    """Return true if rig/kernel or rig/custom.py made a directory."""
    return (directory / "release").is_file() and (
        directory / "headers"
    ).is_dir()


def is_kernel(directory: Path) -> bool:
    """Return true if a directory can be a part of a kernel."""
    return (
        is_tree(directory)
        or is_laid_out(directory)
        or (directory / "kernel").is_dir()
    )


def named(name: str, where: Path = Path(".")) -> str:
    """Return the name of a kernel, or the whole path of a part of one.

    A relative path begins at @where.  Raise ValueError if there is none.
    """
    if name in KERNELS or STOCK.fullmatch(name):
        return name
    path = where / name
    if not name or not path.exists():
        raise ValueError(
            "is neither a kernel nor a path: use one of "
            f"{', '.join(KERNELS)}, or a kernel's build directory, headers, "
            "image or directory in /lib/modules"
        )
    if path.is_dir() and not is_kernel(path):
        raise ValueError(
            "has no Makefile and .config: it is neither a built kernel nor its "
            "headers: name one of them"
        )
    return str(path.resolve())


def main() -> None:
    """Print a line for each kernel, with what it takes to get it."""
    kernels = Path(os.environ["RIG_CACHE"]) / "kernels"
    print(f"{'kernel':<18} {'release':<28} what it is")
    for name, (what, cost) in KERNELS.items():
        release = kernels / name / "release"
        here = release.exists()
        told = release.read_text().strip() if here else "not here"
        print(f"{name:<18} {told:<28} {what}" + ("" if here else f"; {cost}"))
    print(f"They are kept in {kernels}.")


if __name__ == "__main__":
    common.run(main)
