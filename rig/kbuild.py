# SPDX-License-Identifier: GPL-2.0
"""Kbuild - ask make what a project's makefile lists: modules, objects, flags

Make itself reads the makefile, as kbuild would include it, in a copy of the
project.  Each symbol CONFIG_X has the value "$(CONFIG_X)", so a list that
depends on a symbol keeps its name, as "obj-$(CONFIG_X)".
"""

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from common import die
from project import KBUILDS, OBJECTS, read

SYMBOL = re.compile(r"\bCONFIG_\w+")
# The variables that are read, as patterns of make.
LISTS = "obj-% %-y %-m %-objs EXTRA_CFLAGS CFLAGS_%"
# A program for make, in which the makefile is included.
PROGRAM = """\
KERNELRELEASE := {release}
KBUILD_EXTMOD := {where}
src := {where}
obj := {where}
srctree := {base}
{symbols}
include {makefile}
open := (
$(foreach v,$(.VARIABLES),$(if \
$(filter {lists},$v)$(findstring -$$$(open)CONFIG_,$v),\
$(info list $v = $($v))))
.PHONY: modproof-lists
modproof-lists: ; @:
"""
FLAGS = re.compile(r"(?:subdir-)?ccflags-\S+|EXTRA_CFLAGS")


@dataclass
class Object:
    """An object of a module: its source without the suffix, and what the list
    that has it ends with, "y" or a symbol of the configuration."""

    stem: str
    when: str = "y"


@dataclass
class Kbuild:
    """What a makefile lists, by the names of its lists."""

    lists: dict[str, str] = field(default_factory=dict)

    def modules(self) -> dict[str, str]:
        """Return the modules, each with its symbol, which may be unknown."""
        found = {}
        for name, text in self.lists.items():
            of = re.fullmatch(r"obj-(?:m|\$\(CONFIG_(\w+)\))", name)
            for word in text.split() if of else []:
                if word.endswith(".o"):
                    found[word.removesuffix(".o")] = of[1] or "" if of else ""
        return dict(sorted(found.items()))

    def objects(self, module: str) -> list[Object]:
        """Return the objects of a module."""
        found = [
            Object(word.removesuffix(".o"), name.removeprefix(f"{module}-"))
            for name, text in sorted(self.lists.items())
            if re.fullmatch(rf"{re.escape(module)}-(y|m|objs|\$\(\w+\))", name)
            for word in text.split()
        ]
        for one in found:
            one.when = one.when if one.when.startswith("$") else "y"
        return found or [Object(module)]

    def flags(self) -> list[str]:
        """Return the compiler's flags of all objects."""
        return [
            word
            for name, text in sorted(self.lists.items())
            if FLAGS.fullmatch(name)
            for word in re.sub(r"-I\s+", "-I", text).split()
        ]

    def flags_of(self, objects: list[Object]) -> dict[str, str]:
        """Return the flags of single objects, by the names of their lists."""
        names = [f"CFLAGS_{one.stem}.o" for one in objects]
        return {n: self.lists[n] for n in names if n in self.lists}


def makefile_in(directory: Path) -> Path | None:
    """Return the makefile that kbuild reads in a directory, if it has one."""
    for name in KBUILDS:
        if OBJECTS.search(read(directory / name)):
            return directory / name
    return None


def makefile_of(directory: Path) -> Path:
    """Return the makefile that lists the modules, here or in one directory
    below; exit if there is not one."""
    found = makefile_in(directory)
    if found:
        return found
    below = sorted(d for d in directory.rglob("*") if d.is_dir())
    makefiles = [path for path in map(makefile_in, below) if path]
    if len(makefiles) == 1:
        return makefiles[0]
    names = [str(path.relative_to(directory)) for path in makefiles]
    die(
        "no Kbuild or Makefile with obj-m is in this directory, but "
        f"{', '.join(names) or 'none'} below it: go to the directory of one",
        2,
    )


def evaluated(makefile: Path, base: Path, release: str) -> Kbuild:
    """Return what the makefile of a copy lists, for the kernel tree @base."""
    directory = makefile.parent
    symbols = sorted(set(SYMBOL.findall(read(makefile))))
    program = PROGRAM.format(
        release=f"{release}.0",
        where=directory,
        base=base,
        symbols="\n".join(f"{name} := $$({name})" for name in symbols),
        makefile=makefile,
        lists=LISTS,
    )
    done = subprocess.run(
        ["make", "-r", "-R", "-s", "-f", "-", "modproof-lists"],
        cwd=directory,
        env={"PATH": os.environ["PATH"], "PWD": str(directory)},
        input=program,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or [
            "no reason is given"
        ]
        die(f"make cannot read {makefile.name}: {reason[0]}", 2)
    text = done.stdout.replace(str(directory), "$(src)")
    text = text.replace(str(base), "$(srctree)")
    found = re.findall(r"^list (\S+) = (.*)$", text, re.M)
    return Kbuild({name: value for name, value in found if value.strip()})
