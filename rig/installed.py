#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Installed - refuse to replace files that the project did not install

    rig/installed.py check DIR NAME...
    rig/installed.py record DIR NAME...

A NAME is a file's path below DIR, without the suffix of a compression.  record
writes the checksums of the installed files to DIR/.modproof; check fails if
there is a file whose checksum is not recorded there.
"""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from common import die

RECORD = ".modproof"
# The suffixes that kmod knows, see its libkmod-file.c.
SUFFIXES = ("", ".gz", ".xz", ".zst")


def files(directory: Path, names: list[str]) -> Iterator[str]:
    """Yield those of the files that exist, as paths below the directory."""
    for name in names:
        for suffix in SUFFIXES:
            if os.path.lexists(directory / (name + suffix)):
                yield name + suffix


def digest(path: Path) -> str | None:
    """Return the SHA-256 of a regular file, in hexadecimal, or None."""
    if path.is_symlink() or not path.is_file():
        return None
    return hashlib.sha256(path.read_bytes()).hexdigest()


def recorded(directory: Path) -> dict[str, str | None]:
    """Return the record: a checksum for each path."""
    path = directory / RECORD
    lines = path.read_text().splitlines() if path.exists() else []
    return {line[66:]: line[:64] for line in lines}


def check(directory: Path, names: list[str]) -> None:
    """Exit with an error if a file would be lost."""
    known = recorded(directory)
    for name in files(directory, names):
        path = directory / name
        if known.get(name) != digest(path):
            die(
                f"{path} is there, and modproof did not install it: move it "
                "away, or name another place with INSTALL_PATH= or "
                "INSTALL_MOD_PATH="
            )


def record(directory: Path, names: list[str]) -> None:
    """Record the checksums of what was installed."""
    known = recorded(directory)
    known |= {
        name: digest(directory / name) for name in files(directory, names)
    }
    (directory / RECORD).write_text(
        "".join(f"{known[name]}  {name}\n" for name in sorted(known))
    )


def main() -> None:
    """Run the verb in the arguments."""
    verb, directory, *names = sys.argv[1:]
    {"check": check, "record": record}[verb](Path(directory), names)


if __name__ == "__main__":
    main()
