# SPDX-License-Identifier: GPL-2.0
"""Upstream - the files of a project's module, and their places in a kernel tree

The files are read from a copy of the project.  A module of one source is in a
directory of drivers; another one, and one with KUnit suites, gets a directory
of its own there, in which its files are as they are in the project.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import kbuild
import mirror
import programs
import project
import suites
from common import die
from kbuild import Kbuild
from project import Config
from series import Base

INCLUDE = re.compile(
    r'^(?P<head>[ \t]*#[ \t]*include[ \t]*)(?:"(?P<own>[^"\n]+)"|<(?P<other>'
    r"[^>\n]+)>)",
    re.M,
)
ENTRY = re.compile(
    r"^(?:menu)?config (\w+)[ \t]*\n(?:(?!(?:menu)?config |if |endif|menu|endmenu|"
    r"source |comment ).*\n)*",
    re.M,
)
SELFTESTS = "tools/testing/selftests"
# Where headers may be, if the flags do not say so.
HEADERS = (".", "include", "uapi", "include/uapi")
# The book of pages for a directory of drivers, if it does not have its name.
BOOKS = {"misc": "misc-devices"}


@dataclass
class Module:
    """A module of a project, whose copy is @root.

    @home is the directory of the user, and @directory that of the makefile.
    @code are its sources and headers, @suites the directories of its KUnit
    suites, @tests the files of its kselftests below @tests_dir, and @page is
    its document.  @places has the place of each file in the tree of @base, and
    @where is the directory of the module there.
    """

    name: str
    symbol: str
    root: Path
    home: Path
    directory: Path
    config: Config
    kbuild: Kbuild
    base: Base
    is_alone: bool
    kconfig: str = ""
    code: list[Path] = field(default_factory=list)
    suites: list[Path] = field(default_factory=list)
    tests_dir: Path | None = None
    tests: list[Path] = field(default_factory=list)
    page: Path | None = None
    where: str = ""
    places: dict[Path, str] = field(default_factory=dict)

    @property
    def into(self) -> str:
        """Return the directory of drivers that gets the module."""
        return self.config.drivers

    @property
    def has_own(self) -> bool:
        """Return true if the module has a directory of its own."""
        return self.where != self.into

    @property
    def main(self) -> Path:
        """Return the source with the module's description."""
        for path in self.code:
            if "MODULE_DESCRIPTION" in text_of(self, path):
                return path
        die(
            f"{shown(self, self.code[0])} has no MODULE_DESCRIPTION(), from "
            "which the messages are made: add one",
            2,
        )

    @property
    def what(self) -> str:
        """Return the module's description, without a dot at its end."""
        text = text_of(self, self.main)
        found = re.search(r"\bMODULE_DESCRIPTION\s*\(([^;]*)\)\s*;", text)
        given = found[1].strip() if found else ""
        macro = re.search(rf"^#define\s+{given}\s+(.*)$", text, re.M)
        if given.isidentifier() and macro:
            given = macro[1]
        words = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', given))
        return words.strip().rstrip(".") or self.name

    def search(self) -> list[Path]:
        """Return the directories in which the code's headers are found."""
        return [
            Path(
                flag.removeprefix("-I").replace("$(src)", str(self.directory))
            )
            for flag in self.kbuild.flags()
            if flag.startswith("-I$(src)")
        ]


def shown(module: Module, path: Path) -> str:
    """Return a file of the copy as the user knows it."""
    return os.path.relpath(path, module.home)


def text_of(module: Module, path: Path) -> str:
    """Return the text of a file; exit if it is not one."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        die(f"{shown(module, path)} is not text in UTF-8: save it as UTF-8", 2)


def found_header(
    module: Module, path: Path, line: re.Match[str]
) -> Path | None:
    """Return the file of the project that a line includes, if it is one."""
    name = line["own"] or line["other"]
    places = [path.parent] if line["own"] else []
    places += module.search()
    places += [module.directory / below for below in HEADERS]
    for place in places:
        target = Path(os.path.normpath(place / name))
        if module.root in target.parents and target.is_file():
            return target
    if line["own"] and not is_of_kernel(module, name):
        number = text_of(module, path).count("\n", 0, line.start()) + 1
        die(
            f'{shown(module, path)}:{number} includes "{name}", which is not in '
            f"the project: copy it to the directory of {path.name}",
            2,
        )
    return None


def is_of_kernel(module: Module, name: str) -> bool:
    """Return true if the tree, or a user program's system, has a header."""
    base = module.base.path
    flags = module.kbuild.flags()
    places = [
        *("include", SELFTESTS, f"{SELFTESTS}/kselftest"),
        *(f[14:] for f in flags if f.startswith("-I$(srctree)/")),
    ]
    names = {name, os.path.basename(name)}
    return any((base / p / n).is_file() for p in places for n in names)


def closure(module: Module, paths: Iterable[Path]) -> list[Path]:
    """Return files and all files of the project that they include."""
    found: list[Path] = []
    waiting = list(paths)
    while waiting:
        path = waiting.pop(0)
        if path in found:
            continue
        found.append(path)
        for line in INCLUDE.finditer(text_of(module, path)):
            header = found_header(module, path, line)
            waiting += [header] if header else []
    return found


def source_of(module: Module, stem: str) -> Path:
    """Return the source of an object; exit if the project has none."""
    for suffix in ".c", ".S":
        path = Path(os.path.normpath(module.directory / f"{stem}{suffix}"))
        if module.root in path.parents and path.is_file():
            return path
    die(
        f"{module.name} is made of {stem}.o, but the project has no {stem}.c: "
        "write it, or leave the object out of the makefile",
        2,
    )


def is_about(module: Module, paths: Iterable[Path]) -> bool:
    """Return true if files are about the module, and not about another one."""
    word = re.compile(rf"\b{re.sub('[-_]', '[-_]', module.name)}\b")
    return module.is_alone or any(
        word.search(path.name) or word.search(text_of(module, path))
        for path in paths
    )


def files_below(directory: Path) -> list[Path]:
    """Return the files of a directory, without programs that were built."""
    return [
        path
        for path in sorted(directory.rglob("*"))
        if path.is_file()
        and not path.is_symlink()
        and not path.read_bytes().startswith(b"\x7fELF")
    ]


def find_suites(module: Module) -> None:
    """Find the KUnit suites of a module."""
    for name in suites.find(module.root, module.config).directories:
        directory = module.root / name
        if directory in (module.home, module.directory):
            die(
                "the KUnit suite is in the directory of the module: move it, "
                "with its .kunitconfig, Kconfig and Kbuild, to kunit/",
                2,
            )
        is_ours = module.home in directory.parents
        if is_ours and is_about(module, files_below(directory)):
            module.suites.append(directory)


def find_tests(module: Module) -> None:
    """Find the kselftests of a module."""
    found = programs.find(module.home, module.config.tests)
    areas = [a for a in found.areas if is_about(module, files_below(a))]
    if len(areas) > 1:
        names = ", ".join(shown(module, area) for area in areas)
        die(
            f"the tests of {module.name} are in {names}: a series has one "
            'directory of them: name it with directory = "..." in [tests]',
            2,
        )
    if not areas and not found.programs:
        return
    directory = areas[0] if areas else found.directory
    module.tests_dir = directory
    module.tests = [
        path
        for path in files_below(directory)
        if not any(suite in path.parents for suite in module.suites)
        # A makefile and sources that kselftest does not build are left out.
        and (
            areas or re.fullmatch(r"(?!Makefile$)[^.].*(?<!\.[ch])", path.name)
        )
    ]
    module.tests = [
        path
        for path in closure(module, module.tests)
        if path in module.tests or path not in module.code
    ]


def find_page(module: Module) -> None:
    """Find the document about a module."""
    pages = sorted((module.home / "Documentation").glob("*.rst"))
    named = re.compile(re.sub("[-_]", "[-_]", module.name))
    for page in pages:
        if named.fullmatch(page.stem) or (module.is_alone and len(pages) == 1):
            module.page = page


def lay_out(module: Module) -> None:
    """Give each file its place in the tree."""
    used = closure(module, module.tests)
    shared = {
        path
        for path in module.code
        if path.suffix == ".h" and (path in used or "uapi" in path.parts)
    }
    kconfigs = ENTRY.findall(module.kconfig)
    own = len(set(module.code) - shared) > 1 or len(kconfigs) > 1
    name = f"/{module.name}" if own or module.suites else ""
    module.where = f"{module.into}{name}"
    for path in shared:
        put(module, path, f"include/uapi/linux/{path.name}")
    for path in module.code:
        if path not in shared:
            put(module, path, f"{module.where}/{inside(module, path)}")
    for suite in module.suites:
        for path in closure(module, files_below(suite)):
            if path not in module.places:
                put(module, path, f"{module.where}/{inside(module, path)}")
    for path in module.tests:
        directory = module.tests_dir
        assert directory
        below = path.is_relative_to(directory)
        name = str(path.relative_to(directory)) if below else path.name
        put(module, path, f"{SELFTESTS}/{module.name}/{name}")
    if module.page:
        name = f"{module.name}.rst"
        put(module, module.page, f"Documentation/{book(module)}/{name}")


def inside(module: Module, path: Path) -> str:
    """Return the path of a file in the module's directory."""
    tops = [module.directory, module.home]
    top = next((top for top in tops if path.is_relative_to(top)), path.parent)
    return re.sub(r"(^|/)Kbuild$", r"\1Makefile", str(path.relative_to(top)))


def origins(module: Module) -> dict[str, str]:
    """Return the files of the tree, with those of which they are made."""
    found = {p: shown(module, path) for path, p in module.places.items()}
    if module.kconfig:
        found[f"{module.where}/Kconfig"] = shown(
            module, module.directory / "Kconfig"
        )
    return found


def put(module: Module, path: Path, place: str) -> None:
    """Give a file its place; exit if another one has it."""
    for other, taken in module.places.items():
        if taken == place:
            die(
                f"{shown(module, path)} and {shown(module, other)} have one "
                f"place, {place}: rename one of them",
                2,
            )
    module.places[path] = place


def book(module: Module) -> str:
    """Return the directory in Documentation/ that has the module's page."""
    name = module.into.split("/")[1]
    name = BOOKS.get(name, name)
    has = (module.base.path / f"Documentation/{name}/index.rst").is_file()
    return name if has else "driver-api"


def moved(module: Module, path: Path) -> str:
    """Return the text of a file in its place in the tree."""
    place = module.places[path]

    def include(line: re.Match[str]) -> str:
        header = found_header(module, path, line)
        target = module.places.get(header) if header else None
        if not target and path in module.tests:
            target = of_kselftest(module, line["own"] or line["other"])
        if not target:
            return line[0]
        if target.startswith("include/uapi/"):
            return f"{line['head']}<{target.removeprefix('include/uapi/')}>"
        name = os.path.relpath(target, os.path.dirname(place))
        return f'{line["head"]}"{name}"'

    return INCLUDE.sub(include, text_of(module, path))


def of_kselftest(module: Module, name: str) -> str:
    """Return the place of a header of kselftest, or nothing."""
    place = f"{SELFTESTS}/{os.path.basename(name)}"
    return place if (module.base.path / place).is_file() else ""


def symbol_of(name: str, given: str, kconfig: str) -> str:
    """Return the symbol of a module: that of its makefile, or its name."""
    usual = re.sub(r"\W", "_", name).upper()
    symbols: list[str] = ENTRY.findall(kconfig)
    if given or usual in symbols or len(symbols) != 1:
        return given or usual
    return symbols[0]


def chosen(name: str, known: list[str]) -> str:
    """Return the module that the user named, or the only one."""
    if not known:
        die("the makefile lists no module: write obj-m := NAME.o", 2)
    if not name and len(known) > 1:
        die(
            f"the project has the modules {', '.join(known)}: name one, as in "
            f"modproof patches {known[0]}",
            2,
        )
    if name and name not in known:
        die(
            f'"{name}" is not a module of the project: name one of '
            f"{', '.join(known)}",
            2,
        )
    return name or known[0]


def find(directory: Path, name: str, base: Base, copy: Path) -> Module:
    """Copy the project of a directory; return the module of it with a name."""
    found = project.find(directory)
    sources = mirror.Sources(found.root, copy.resolve(), [])
    mirror.update(sources, copy, mirror.State())
    makefile = kbuild.makefile_of(copy / found.below)
    lists = kbuild.evaluated(makefile, base.path, base.version)
    below = makefile.parent
    text = project.read(below / "Kconfig")
    own = {
        symbol
        for path in suites.find(copy, found.config).directories
        for symbol in ENTRY.findall(project.read(copy / path / "Kconfig"))
    }
    known = {n: s for n, s in lists.modules().items() if s not in own}
    name = chosen(name, sorted(known))
    module = Module(
        name=name,
        symbol=symbol_of(name, known[name], text),
        root=copy,
        home=copy / directory.resolve().relative_to(found.root),
        directory=below,
        config=found.config,
        kbuild=lists,
        base=base,
        is_alone=len(known) == 1,
    )
    others = {symbol_of(n, s, text) for n, s in known.items() if n != name}
    module.kconfig = kconfig_of(module, others)
    objects = [source_of(module, o.stem) for o in lists.objects(name)]
    module.code = closure(module, objects)
    find_suites(module)
    find_tests(module)
    find_page(module)
    lay_out(module)
    return module


def kconfig_of(module: Module, others: set[str]) -> str:
    """Return the project's Kconfig without the entries of other modules."""
    path = module.directory / "Kconfig"
    if not path.is_file():
        return ""
    text = text_of(module, path)
    for line in re.finditer(r"^(?:choice|if|source)\b.*", text, re.M):
        if "kunit" not in line[0]:
            number = text.count("\n", 0, line.start()) + 1
            die(
                f'{shown(module, path)}:{number} has "{line[0]}", but a series '
                "takes only entries: write them in this file, with depends on",
                2,
            )
    return "\n".join(
        entry[0].rstrip() + "\n"
        for entry in ENTRY.finditer(text)
        if entry[1] not in others
    )
