#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Fragment - print the symbols that a project needs of a kernel

    rig/fragment.py DIR

They are those of [kernel] in the project's modproof.toml: its symbols, and its
files, which have the form of the kernel's configuration.  A symbol that a Kconfig
of the project defines is the project's own and is left out.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from project import Config

SETTING = re.compile(r"^(?:# )?CONFIG_(\w+)(?:=| is not set$)")
ENTRY = re.compile(r"^\s*(?:menu)?config\s+(\w+)", re.M)
# A file that marks what modproof builds; see rig/supervise.
STAMP = ".modproof"


def kconfigs(root: Path) -> Iterator[Path]:
    """Yield the Kconfig files of a project, but not those that it builds."""
    for directory, names, files in os.walk(root):
        if STAMP in files:
            names.clear()
            continue
        names[:] = [name for name in names if not name.startswith(".")]
        for file in files:
            if file.startswith("Kconfig"):
                yield Path(directory, file)


def own_symbols(root: Path) -> set[str]:
    """Return the symbols that the project's Kconfig files define."""
    return {
        symbol
        for path in kconfigs(root)
        for symbol in ENTRY.findall(path.read_text(errors="replace"))
    }


def settings(config: Config) -> Iterator[str]:
    """Yield the lines that the configuration asks for, in any order."""
    for wanted in config.symbols:
        name, _, value = wanted.removeprefix("!").partition("=")
        value = "n" if wanted.startswith("!") else value or "y"
        is_set = value != "n"
        yield f"CONFIG_{name}={value}" if is_set else f"# CONFIG_{name} is not set"
    for path in config.fragments:
        yield from path.read_text(errors="replace").splitlines()


def fragment(root: Path) -> list[str]:
    """Return the settings that a project needs of a kernel, sorted."""
    config = Config.read(root)
    own = own_symbols(root) if config.fragments else set()
    found = {
        line.strip()
        for line in settings(config)
        if (symbol := SETTING.match(line.strip())) and symbol[1] not in own
    }
    return sorted(found)


def main() -> None:
    """Print the settings of the project in the arguments."""
    for line in fragment(Path(sys.argv[1])):
        print(line)


if __name__ == "__main__":
    main()
