#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Suites - find a project's KUnit suites, and build them as modules

    rig/suites.py DIR

A directory has suites in the kernel's layout if it has a .kunitconfig, a Kconfig
and a Kbuild or Makefile.  The program prints where the project is in a kernel
tree, and these directories, as rig/tree and rig/kunit read them:

    tree PATH
    directory NAME
    suite NAME
    depends FILE

A configuration of UML depends on each FILE.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import build
import fragment
import ktap
import mirror
import results
from common import die
from project import KBUILDS, Config, Project, read, walk

HERE = Path(__file__).resolve().parent
# The name of the copy of the sources from which UML is built.
COPY = "kunit-src"
# The section of a module with pointers to its suites, and how many characters
# a suite's name may have; see struct kunit_suite.
SECTION = ".kunit_test_suites"
NAME = 256
SET = re.compile(r"^CONFIG_(\w+)=([ym])\s*$", re.M)
# A suite in a source, and the name that it gives itself.
SUITE = re.compile(
    r"\bstruct kunit_suite \w+ = \{[^{}]*?\.name\s*=\s*\"([\w.+-]+)\""
)
TYPE = re.compile(
    r"^\s*(?:menu)?config\s+(\w+)\s*\n(?:\s*#.*\n|\s*\n)*\s+(bool|tristate)\b",
    re.M,
)
# Lines of readelf: a section, and a relocation against a symbol or a section.
IN_FILE = re.compile(
    r"^ *\[ *(\d+)\] (\S+) +[A-Z]\w* +[0-9a-f]+ +([0-9a-f]+) ", re.M
)
RELOCATION = re.compile(
    r"^[0-9a-f]+ +[0-9a-f]+ +\S+ +[0-9a-f]+ +(\S+) \+ ([0-9a-f]+)$"
)


@dataclass
class Suites:
    """The KUnit suites of a project in @root.

    @tree is the directory of the project in a kernel tree, for which its Kconfig
    files are written.  @directories are those with suites, relative to @root.
    """

    root: Path
    tree: str
    directories: list[Path] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Return true if there is a directory with suites."""
        return bool(self.directories)

    def depends(self) -> Iterator[Path]:
        """Yield the files on which the configuration of UML depends."""
        for directory in self.directories:
            yield self.root / directory / fragment.KUNITCONFIG
        yield from fragment.kconfigs(self.root)

    def names(self) -> list[str]:
        """Return the names of the suites that the sources spell out."""
        return sorted(
            {
                name
                for directory in self.directories
                for where, files in walk(self.root / directory)
                for file in files
                if file.endswith(".c") and (where / file).is_file()
                for name in SUITE.findall(read(where / file))
            }
        )

    def settings(self) -> dict[str, str]:
        """Return the symbols that are set, and their values."""
        return {
            symbol: value
            for directory in self.directories
            for symbol, value in SET.findall(
                (self.root / directory / fragment.KUNITCONFIG).read_text(
                    "utf-8"
                )
            )
        }

    def kernel_symbols(self) -> list[str]:
        """Return the set symbols that the kernel must have."""
        own = fragment.own_symbols(self.root)
        return sorted(self.settings().keys() - own)

    def words(self) -> dict[str, str]:
        """Return the project's own symbols, as those of a module's build."""
        types = {
            symbol: kind
            for path in fragment.kconfigs(self.root)
            for symbol, kind in TYPE.findall(path.read_text(errors="replace"))
        }
        return {
            symbol: "y" if types[symbol] == "bool" else "m"
            for symbol in sorted(self.settings())
            if symbol in types
        }


def find(root: Path, config: Config) -> Suites:
    """Find the suites of a project; exit if a directory of them is not whole."""
    name = re.sub(r"[^\w.-]", "-", root.name) or "project"
    suites = Suites(root, config.tree or name)
    for directory, files in walk(root):
        if fragment.KUNITCONFIG in files:
            need_files(directory, root)
            suites.directories.append(directory.relative_to(root))
    return suites


def need_files(directory: Path, root: Path) -> None:
    """Exit if a directory with a .kunitconfig lacks the files beside it."""
    shown = (directory / fragment.KUNITCONFIG).relative_to(root)
    if not (directory / "Kconfig").is_file():
        die(
            f"{shown} has no Kconfig beside it: write one that defines the "
            "symbols of the suites",
            2,
        )
    if not any((directory / name).is_file() for name in KBUILDS):
        die(
            f"{shown} has no Kbuild or Makefile beside it: write one with "
            "obj-$(CONFIG_...) += ..._kunit.o",
            2,
        )


def readelf(path: Path, option: str) -> str:
    """Return what readelf prints about a module."""
    done = subprocess.run(
        ["readelf", "-W", option, path],
        env=os.environ | {"LC_ALL": "C"},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    return done.stdout


def names_in(path: Path) -> list[str]:
    """Return the names of the KUnit suites in a module, or none.

    The section has pointers to suites, each of which begins with its name.
    """
    places = IN_FILE.findall(readelf(path, "-S"))
    if SECTION not in [name for _, name, _ in places]:
        return []
    # Where what a relocation names is in the file: a section or a symbol.
    offsets = {name: int(offset, 16) for _, name, offset in places}
    numbered = {number: int(offset, 16) for number, _, offset in places}
    for line in readelf(path, "-s").splitlines():
        words = line.split()
        if len(words) == 8 and words[3] == "OBJECT" and words[6] in numbered:
            offsets[words[7]] = numbered[words[6]] + int(words[1], 16)
    content = path.read_bytes()
    _, _, ours = readelf(path, "-r").partition(f"'.rela{SECTION}'")
    names = []
    for line in ours.partition("Relocation section")[0].splitlines():
        found = RELOCATION.match(line)
        if found and found[1] in offsets:
            start = offsets[found[1]] + int(found[2], 16)
            name = content[start : start + NAME].split(b"\0")[0]
            names.append(name.decode(errors="replace"))
    return names


class Builder(build.Builder):
    """One build of a project's suites as modules, in a copy of its own.

    It has other objects than the build of the modules, because a suite may be
    linked with a source that is part of a module as well.
    """

    def __init__(
        self,
        project: Project,
        suites: Suites,
        kernel: Path,
        work: Path,
        own: list[build.Module],
    ) -> None:
        super().__init__(project, kernel, work, os.cpu_count() or 1)
        self.suites = suites
        self.own = own
        self.symvers = work.parent / "src" / project.below / "Module.symvers"

    def build_alone(self) -> build.Build:
        """Build the suites; only one build of them runs at a time."""
        self.work.mkdir(parents=True, exist_ok=True)
        with build.alone(self.work / "lock"):
            return self.run()

    def check_config(self) -> None:
        """End the build if the kernel lacks what the suites need."""
        lacking = self.headers.lacking(self.suites.kernel_symbols())
        if lacking:
            names = build.listed([f"CONFIG_{name}" for name in lacking])
            raise build.not_for(f"it lacks {names}")

    def check_dkms(self) -> None:
        """Do nothing: a dkms.conf says nothing about suites."""

    def make_modules(self) -> None:
        """Run kbuild in each directory with suites; end the build on errors."""
        words = self.suites.words()
        flags = " ".join(
            f"-DCONFIG_{symbol}{'' if value == 'y' else '_MODULE'}=1"
            for symbol, value in words.items()
        )
        for directory in self.suites.directories:
            command = [
                *("make", "-C", str(self.headers.path)),
                f"M={self.copy / directory}",
                *(f"CONFIG_{name}={value}" for name, value in words.items()),
                f"KCFLAGS=-gdwarf-4 {flags}",
            ]
            if self.symvers.exists():
                command.append(f"KBUILD_EXTRA_SYMBOLS={self.symvers}")
            done = self.execute([*command, "modules"], {})
            if done[0]:
                raise self.why(*done)

    def check_depends(self, modules: list[build.Module]) -> None:
        """End the build if a suite needs a module that is not there."""
        super().check_depends([*self.own, *modules])

    def unused(self, modules: list[build.Module]) -> list[str]:
        """Return nothing: modproof.toml configures no suites."""
        return []


def run_uml(project: Project, pattern: str, ksrc: Path) -> tuple[Path, str]:
    """Run the suites under UML; return the results and what went wrong.

    UML is built from a copy of the sources: the project may have objects, which
    kbuild would take for those of UML.
    """
    out = results.build_dir()
    copy = out / COPY
    state_file = out / f"{COPY}.json"
    state = mirror.State()
    if copy.is_dir():
        state = mirror.State.load(state_file)
    out.mkdir(parents=True, exist_ok=True)
    sources = mirror.Sources(project.root, copy.resolve(), [])
    suite = "" if pattern == "*" else pattern
    with build.alone(out / "kunit.lock"):
        mirror.update(sources, copy, state)
        state.save(state_file)
        run = out / "results/kunit-uml"
        mirror.remove(run)
        done = subprocess.run(
            [HERE / "kunit", "uml", run.name, suite],
            env=os.environ | {"srctree": str(copy), "KSRC": str(ksrc)},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            check=False,
        )
    return run, done.stderr


def set_places(test: ktap.Test, tree: str) -> None:
    """Make the paths in what KUnit printed relative to the project."""
    place = re.compile(rf"(FAILED at )(?:\S*{COPY}/|{re.escape(tree)}/)")
    test.diagnostics = [place.sub(r"\1", line) for line in test.diagnostics]
    for child in test.children:
        set_places(child, tree)


def modules_of(modules: list[build.Module]) -> dict[str, str]:
    """Return the suites that modules have, each with its module's name."""
    found: dict[str, str] = {}
    for module in modules:
        for name in names_in(module.path):
            if name in found:
                raise build.Stopped(
                    build.FAILED,
                    f"{found[name]}.ko and {module.name}.ko both have a suite "
                    f'"{name}": rename one',
                )
            if not re.fullmatch(r"[\w.+-]+", name):
                raise build.Stopped(
                    build.FAILED,
                    f'the suite "{name}" of {module.name}.ko cannot be '
                    'selected: use a name of letters, digits, "_" and "-"',
                )
            found[name] = module.name
    return found


def main() -> None:
    """Print the suites of the project that the argument names."""
    root = Path(sys.argv[1])
    suites = find(root, Config.read(root))
    print(f"tree {suites.tree}")
    for directory in suites.directories:
        print(f"directory {directory}")
    for name in suites.names():
        print(f"suite {name}")
    for path in suites.depends():
        print(f"depends {path}")


if __name__ == "__main__":
    main()
