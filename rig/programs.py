# SPDX-License-Identifier: GPL-2.0
"""Programs - find the test programs that a project has, and build them

There are two kinds.  A directory whose Makefile includes lib.mk is one of the
kernel's kselftest, which builds and installs its programs.  In any other
directory of tests, each executable file is a program.
"""

import os
import re
import subprocess
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

import mirror
from build import FAILED, Stopped
from common import die
from first_error import Tree
from project import PLACES, Project, read

# The one of them in which each executable file is a test.
EXECUTABLES = "tests"
INCLUDES = re.compile(r"^\s*-?include\s.*\blib\.mk\b", re.M)
# A makefile beside or above the one that includes it.
INCLUDED = re.compile(r"^\s*-?include\s+([\w./-]+)\s*$", re.M)
SYMBOL = re.compile(r"^CONFIG_(\w+)=[ym]", re.M)
TIMEOUT = re.compile(r"^\s*timeout=[\"']?(\d+)\.?\d*([smhd]?)", re.M)
SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
# No timeout: the seconds for which a guest may then be silent.
ENDLESS = 10**6


@dataclass
class Tests:
    """The tests of a project, in @directory.

    @areas are the directories that kselftest builds.  If there is none,
    @programs has the names of the executable files.
    """

    directory: Path
    areas: list[Path] = field(default_factory=list)
    programs: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Return true if there is a test."""
        return bool(self.areas or self.programs)

    def place(self, program: str) -> Path:
        """Return the directory of a program's sources."""
        return (self.directory / program).parent

    def select(self, pattern: str) -> None:
        """Leave only the areas that a pattern like "net/*" names."""
        name, slash, _ = pattern.partition("/")
        if slash:
            areas = [a for a in self.areas if fnmatchcase(a.name, name)]
            self.areas = areas or self.areas

    def symbols(self) -> list[str]:
        """Return the kernel's symbols that the tests need, as they say."""
        return sorted(
            {
                symbol
                for area in self.areas
                if (area / "config").is_file()
                for symbol in SYMBOL.findall((area / "config").read_text())
            }
        )

    def timeout(self) -> int:
        """Return the longest timeout of the tests' settings, in seconds."""
        found = [0]
        for area in self.areas or [self.directory]:
            if (area / "settings").is_file():
                text = (area / "settings").read_text(errors="replace")
                for number, unit in TIMEOUT.findall(text):
                    found.append(int(number) * SECONDS[unit] or ENDLESS)
        return max(found)


def is_kselftest(directory: Path) -> bool:
    """Return true if kselftest builds the programs of a directory."""
    if not (directory / "Makefile").is_file():
        return False
    text = read(directory / "Makefile")
    texts = [
        text,
        *(read(directory / name) for name in INCLUDED.findall(text)),
    ]
    return any(map(INCLUDES.search, texts))


def areas_in(directory: Path) -> list[Path]:
    """Return this directory if kselftest builds it, or those below it."""
    if is_kselftest(directory):
        return [directory]
    if not directory.is_dir():
        return []
    return [path for path in sorted(directory.iterdir()) if is_kselftest(path)]


def is_program(path: Path) -> bool:
    """Return true if a file is a script or a program that can be executed."""
    if path.name.startswith(".") or not path.is_file():
        return False
    if not os.access(path, os.R_OK | os.X_OK):
        return False
    with open(path, "rb") as file:
        start = file.read(4)
    return start.startswith(b"#!") or start == b"\x7fELF"


def executables(directory: Path) -> list[str]:
    """Return the names of the executable files of a directory."""
    if not directory.is_dir():
        return []
    return sorted(p.name for p in directory.iterdir() if is_program(p))


def find(root: Path, named: str = "") -> Tests:
    """Find the tests in a project's directory; @named is their directory."""
    for place in [named] if named else PLACES:
        areas = areas_in(root / place)
        if areas:
            return Tests(root / place, areas)
    directory = root / (named or EXECUTABLES)
    return Tests(directory, programs=executables(directory))


def need(root: Path, named: str = "", has_suites: bool = False) -> Tests:
    """Find the tests of a project; exit if there is none, and no suite."""
    if named and not (root / named).is_dir():
        die(
            f'modproof.toml: directory = "{named}" in [tests]: there is no '
            "such directory",
            2,
        )
    tests = find(root, named)
    for name in tests.programs:
        if re.search(r"[\s#]", name):
            die(
                f'the name of the test "{tests.directory / name}" has a space '
                'or a "#": rename it',
                2,
            )
    if not tests and not has_suites:
        die(nothing_found(root, tests.directory), 2)
    return tests


def nothing_found(root: Path, directory: Path) -> str:
    """Return the error for a project without tests."""
    if directory.is_dir():
        scripts = sorted({*directory.glob("*.sh"), *directory.glob("*.py")})
        if scripts:
            name = scripts[0].relative_to(root)
            return (
                f"no test found in {root}: {name} is not an executable "
                f'script: type "chmod +x {name}", and see that its first line '
                'begins with "#!"'
            )
    return (
        f"no test found in {root}: expected selftests/Makefile that includes "
        "the kernel's lib.mk, executable files in tests/, or KUnit suites with a "
        ".kunitconfig; "
        '"modproof init" writes a first test'
    )


class Builder:
    """One build of a project's tests, in the copy of its sources."""

    def __init__(
        self,
        project: Project,
        tests: Tests,
        work: Path,
        kernel_source: Path,
        headers: Path,
    ) -> None:
        self.tests = tests
        self.root = project.root
        self.copy = work / "src"
        self.work = work / "tests"
        self.log = self.work / "build.log"
        self.ksrc = kernel_source
        self.variables = [f"KSRC={kernel_source}", f"KDIR={headers}"]
        self.tree = Tree(project.root, self.copy)

    def run(self) -> tuple[Path, list[str]]:
        """Build all programs; return their directory, and their names."""
        mirror.remove(self.work)
        self.work.mkdir(parents=True)
        self.log.touch()
        names = [name for area in self.tests.areas for name in self.area(area)]
        return self.work / "programs", names

    def area(self, area: Path) -> list[str]:
        """Build the programs of one directory; return their names."""
        below = area.relative_to(self.tests.directory)
        objects = self.work / "obj" / below
        installed = self.work / "programs" / below
        for directory in objects, installed:
            directory.mkdir(parents=True, exist_ok=True)
        self.make(area, f"OUTPUT={objects}", f"INSTALL_PATH={installed}")
        text = self.make(
            area,
            f"OUTPUT={objects}",
            "-s",
            "COLLECTION=tests",
            goal="emit_tests",
        )
        names = re.findall(r"^tests:(\S+)$", text, re.M)
        if not names:
            makefile = (area / "Makefile").relative_to(self.root)
            raise Stopped(
                FAILED,
                f"{makefile} names no program: add TEST_GEN_PROGS := NAME, "
                "which is built from NAME.c",
            )
        return [str(below / name) for name in names]

    def make(self, area: Path, *words: str, goal: str = "install") -> str:
        """Run make in the copy of a directory; return what it printed.

        In a kernel tree the directory would be below tools/testing/selftests,
        so "../lib.mk" and "../kselftest_harness.h" are looked for there.
        """
        kselftest = self.ksrc / "tools/testing/selftests"
        below = kselftest / "kselftest"
        where = self.copy / area.relative_to(self.root)
        jobs = os.cpu_count() or 1
        done = subprocess.run(
            [
                *("make", "-C", where if where.is_dir() else area),
                *(f"-I{below}", f"-j{jobs}", *self.variables, *words, goal),
            ],
            env=os.environ
            | {
                "C_INCLUDE_PATH": f"{below}:{kselftest}",
                "LC_ALL": "C.UTF-8",
                "MAKEFLAGS": "",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        with open(self.log, "a", encoding="utf-8") as log:
            log.write(done.stdout)
        if done.returncode:
            raise self.why(done.stdout)
        return done.stdout

    def why(self, text: str) -> Stopped:
        """Return the first error of a build that failed."""
        errors = self.tree.errors(text)
        lines = errors[0] if errors else self.tree.last_words(text)
        reason = lines[0] if lines else "the tests do not build"
        return Stopped(FAILED, reason, lines[1:])
