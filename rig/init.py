#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Init - write into a project the few files with which its tests begin

    rig/init.py DIR [--dry-run]

No file that is there is changed.  The jobs for CI are written where the
repository begins, because they are looked for only there.
"""

import argparse
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import check
import common
import programs
import project
import suites
from common import die

TEMPLATES = Path(__file__).resolve().parent / "templates"
OBJECTS = re.compile(
    r"^\s*obj-(?:m|\$[({]\w+[)}])\s*[:+?]*=((?:.*\\\n)*.*)", re.M
)
IS_THERE = "is there, left as it is"
# What ties a source to a module, or to the kernel's devices.
OF_MODULE = re.compile(
    r"\b(?:module_init|init_module|module_param\w*|MODULE_LICENSE|THIS_MODULE|"
    r"EXPORT_SYMBOL\w*|copy_(?:to|from)_user)\b"
)
# A function that a suite can call.
FUNCTION = re.compile(r"^(?!static\b)\w[\w *]*\b\w+\([^;{}]*\)\s*\{", re.M)


@dataclass
class File:
    """A file to write: its path, its template, and what it is for."""

    path: Path
    template: str
    purpose: str
    is_test: bool = False


def objects(text: str) -> list[str]:
    """Return the names of the modules that a makefile lists."""
    return [
        word.removesuffix(".o")
        for line in OBJECTS.findall(text)
        for word in line.replace("\\\n", " ").split()
        if re.fullmatch(r"[\w-]+\.o", word)
    ]


def module_of(found: project.Project) -> str:
    """Return the name of the file of the module that the test is to load.

    It is the one that has the project's name, or else the first one.
    """
    where = found.root / found.below
    names = [
        name
        for makefile in project.KBUILDS
        for name in objects(project.read(where / makefile))
    ]
    if found.dkms:
        paths = map(Path, found.dkms.modules().values())
        names = [path.name.removesuffix(".ko") for path in paths] or names
    if found.name in names or not names:
        return found.name
    return names[0]


def source_alone(directory: Path) -> str:
    """Return the name, without .c, of a source that needs no module, or none.

    It has functions that a KUnit suite can call.
    """
    for path in sorted(directory.glob("*.c")):
        if path.name.endswith(".mod.c") or not path.is_file():
            continue
        text = path.read_text(errors="replace")
        if FUNCTION.search(text) and not OF_MODULE.search(text):
            return path.stem
    return ""


def suite_files(root: Path, source: str) -> Iterator[File]:
    """Yield the files of a first KUnit suite, that of a source."""
    names = {
        ".kunitconfig": ("kunitconfig", "what UML is to have for the suites"),
        "Kconfig": ("kunit.Kconfig", "the symbol of the suite"),
        "Kbuild": ("kunit.Kbuild", "what the suite consists of"),
        f"{source}_kunit.c": (
            "kunit.c",
            f"a KUnit suite for {source}.c: it fails until you write it",
        ),
    }
    for name, (template, purpose) in names.items():
        yield File(root / "kunit" / name, template, purpose)


def files(root: Path, top: Path, place: str, name: str) -> Iterator[File]:
    """Yield the files of a project in @root, whose repository is @top.

    The tests are in @place, and the first one is that of the module @name.
    """
    yield File(
        root / project.CONFIG,
        "modproof.toml",
        "what modproof is to know of the project; each line is optional",
    )
    yield File(
        root / place / "Makefile",
        "Makefile",
        f"which programs kselftest builds from {place}/",
        True,
    )
    yield File(
        root / place / f"{name}_test.c",
        "test.c",
        f"the first test of {name}: it fails until you write it",
        True,
    )
    yield File(
        top / ".github/workflows/modproof.yml",
        "github.yml",
        "a job a kernel at GitHub: fill in MODPROOF_URL",
    )
    yield File(
        top / ".gitlab-ci.yml",
        "gitlab-ci.yml",
        "a job a kernel at GitLab: fill in MODPROOF_URL",
    )


def values(found: project.Project, root: Path, top: Path) -> dict[str, str]:
    """Return what the templates leave open."""
    module = module_of(found)
    below = root.relative_to(top)
    source = source_alone(root)
    has_header = (root / f"{source}.h").is_file()
    kernels = found.config.kernels or check.KERNELS
    return {
        "NAME": module,
        "DIRNAME": suites.find(root, found.config).tree,
        "MODULE": module.replace("-", "_"),
        "SOURCE": source,
        "SUITE": re.sub(r"\W", "_", source),
        "SYMBOL": re.sub(r"\W", "_", source).upper(),
        "HEADER": f'#include "../{source}.h"\n' if has_header else "",
        "KERNELS": ", ".join(f'"{kernel}"' for kernel in kernels),
        "DIRECTORY": "" if root == top else f" {shlex.quote(str(below))}",
        "CONFIG": f'"{below / project.CONFIG}"',
    }


def filled(template: str, known: dict[str, str]) -> str:
    """Return a template's text with these values."""
    text = (TEMPLATES / template).read_text("utf-8")
    return re.sub(r"@([A-Z]+)@", lambda found: known[found[1]], text)


def write(path: Path, text: str) -> None:
    """Write a new file; exit if that is not possible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "x", encoding="utf-8") as out:
            out.write(text)
    except OSError as error:
        die(f"cannot write {path}: {error.strerror}")


def begin(directory: Path, is_dry: bool) -> Iterator[str]:
    """Write the files; yield a line for each."""
    found = project.find(directory)
    root = directory.resolve()
    top = project.repository_of(root)
    known = values(found, root, top)
    tests = programs.find(root, found.config.tests)
    place = found.config.tests or project.PLACES[0]
    wanted = list(files(root, top, place, known["NAME"]))
    if known["SOURCE"] and not suites.find(root, found.config):
        wanted[3:3] = suite_files(root, known["SOURCE"])
    for file in wanted:
        shown = os.path.relpath(file.path, root)
        if os.path.lexists(file.path):
            yield f"{shown:<32}  {IS_THERE}"
        elif file.is_test and tests:
            where = tests.directory.relative_to(root)
            yield f"{shown:<32}  not written, since {where}/ has tests"
        else:
            if not is_dry:
                write(file.path, filled(file.template, known))
            yield f"{shown:<32}  {file.purpose}"


def main() -> None:
    """Write the files for the project in the arguments."""
    parser = argparse.ArgumentParser(prog="modproof init")
    parser.add_argument("directory")
    parser.add_argument("--dry-run", action="store_true")
    args = parser.parse_args()
    for line in begin(Path(args.directory), args.dry_run):
        print(line)
    if args.dry_run:
        print("Nothing was written, because of --dry-run.")


if __name__ == "__main__":
    common.run(main)
