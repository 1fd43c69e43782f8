#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Installed - keep an installation from replacing what the project did not make

    tools/installed.py check DIR NAME...
    tools/installed.py record DIR NAME...

A NAME is a file's path below DIR, without the suffix of a compression.  record
writes the sums of the files that were installed to DIR/.modproof; check refuses if
a file is there that has no sum in it.
"""

import hashlib
import os
import sys
from pathlib import Path

RECORD = ".modproof"
# What kmod reads, see its libkmod-file.c.
SUFFIXES = ("", ".gz", ".xz", ".zst")


def files(directory, names):
    """Those of the files that are there, as paths below the directory."""
    for name in names:
        for suffix in SUFFIXES:
            if os.path.lexists(directory / (name + suffix)):
                yield name + suffix


def digest(path):
    """A file's sum, as sha256sum prints it; none of what is not a file."""
    if path.is_symlink() or not path.is_file():
        return None
    return hashlib.sha256(path.read_bytes()).hexdigest()


def recorded(directory):
    """What the record has: a sum for each path."""
    path = directory / RECORD
    lines = path.read_text().splitlines() if path.exists() else []
    return {line[66:]: line[:64] for line in lines}


def check(directory, names):
    """Refuse to go on if a file would be lost."""
    known = recorded(directory)
    for name in files(directory, names):
        path = directory / name
        if known.get(name) != digest(path):
            sys.exit(
                f"modproof: {path} is there, and modproof did not install it: "
                "move it away, or name another place with INSTALL_PATH= or "
                "INSTALL_MOD_PATH="
            )


def record(directory, names):
    """Add what was installed to the record."""
    known = recorded(directory)
    known |= {
        name: digest(directory / name) for name in files(directory, names)
    }
    (directory / RECORD).write_text(
        "".join(f"{known[name]}  {name}\n" for name in sorted(known))
    )


def main():
    """Do what the command line says."""
    verb, directory, *names = sys.argv[1:]
    {"check": check, "record": record}[verb](Path(directory), names)


if __name__ == "__main__":
    main()
