#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Kernels - print the kernels that a module can be checked on"""

import os
from pathlib import Path

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
    main()
