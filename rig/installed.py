#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Installed - refuse to replace files that the project did not install

    rig/installed.py check DIR NAME...
    rig/installed.py record DIR NAME...

A NAME is the path of a file below DIR.  It also stands for a compressed file,
whose name has a suffix such as ".xz" after NAME.  "record" writes the
checksums of these files to DIR/.modproof.  "check" fails if one of these files
exists and DIR/.modproof does not have its checksum.
"""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from common import die

RECORD = ".modproof"
# The suffixes of compressed modules; kmod's libkmod-file.c has the same.
SUFFIXES = ("", ".gz", ".xz", ".zst")


def files(directory: Path, names: list[str]) -> Iterator[str]:
    """Yield the path below @directory of each file of @names that exists."""
    for name in names:
        for suffix in SUFFIXES:
            if os.path.lexists(directory / (name + suffix)):
                yield name + suffix


def digest(path: Path) -> str | None:
    """Return the SHA-256 of a file in hexadecimal.

    Return None if it is not a regular file.
    """
    if path.is_symlink() or not path.is_file():
        return None
    return hashlib.sha256(path.read_bytes()).hexdigest()


def recorded(directory: Path) -> dict[str, str | None]:
    """Read DIR/.modproof; return the checksum of each path in it."""
    path = directory / RECORD
    lines = path.read_text().splitlines() if path.exists() else []
    return {line[66:]: line[:64] for line in lines}


def check(directory: Path, names: list[str]) -> None:
    """Exit with an error if the installation would replace a user's file."""
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
    """Record the checksums of the files that were installed."""
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
