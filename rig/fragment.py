#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Fragment - print the kernel configuration that a project needs

    rig/fragment.py DIR

The section [kernel] of the project's modproof.toml lists symbols, and files in
the form of a kernel's .config.  The program prints the settings of both, those of
the files config of its kselftests, and what its KUnit suites need of the kernel.  It
omits the symbols in the files that a Kconfig file of the project itself
defines, because no kernel has them.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import programs
from project import Config, walk

SETTING = re.compile(r"^(?:# )?CONFIG_(\w+)(?:=| is not set$)")
KUNITCONFIG = ".kunitconfig"
ENTRY = re.compile(r"^\s*(?:menu)?config\s+(\w+)", re.M)


def kconfigs(root: Path) -> Iterator[Path]:
    """Yield the Kconfig files of a project, except in build directories."""
    for directory, files in walk(root):
        for file in sorted(files):
            if file.startswith("Kconfig"):
                yield directory / file


def own_symbols(root: Path) -> set[str]:
    """Return the symbols that the project's Kconfig files define."""
    return {
        symbol
        for path in kconfigs(root)
        for symbol in ENTRY.findall(path.read_text(errors="replace"))
    }


def of_suites(root: Path) -> Iterator[str]:
    """Yield what the KUnit suites set, but for KUnit's and UML's own symbols.

    A built kernel has KUnit as a module, and UML sets its symbols alone.
    """
    for directory, files in walk(root):
        if KUNITCONFIG in files:
            text = (directory / KUNITCONFIG).read_text(errors="replace")
            yield from re.findall(
                r"^CONFIG_(?!KUNIT|UML)\w+=[ym]$", text, re.M
            )


def settings(root: Path, config: Config) -> Iterator[str]:
    """Yield the settings that a project asks for, with other lines."""
    for wanted in config.symbols:
        name, _, value = wanted.removeprefix("!").partition("=")
        value = "n" if wanted.startswith("!") else value or "y"
        is_set = value != "n"
        yield f"CONFIG_{name}={value}" if is_set else f"# CONFIG_{name} is not set"
    for path in config.fragments:
        yield from path.read_text(errors="replace").splitlines()
    for area in programs.find(root, config.tests).areas:
        if (area / "config").is_file():
            text = (area / "config").read_text(errors="replace")
            yield from text.splitlines()
    yield from of_suites(root)


def fragment(root: Path) -> list[str]:
    """Return the settings, sorted, that the project in @root needs."""
    config = Config.read(root)
    own = own_symbols(root)
    found = {
        line.strip()
        for line in settings(root, config)
        if (symbol := SETTING.match(line.strip())) and symbol[1] not in own
    }
    return sorted(found)


def main() -> None:
    """Print the settings for the project that the argument names."""
    for line in fragment(Path(sys.argv[1])):
        print(line)


if __name__ == "__main__":
    main()
