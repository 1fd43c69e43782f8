# SPDX-License-Identifier: GPL-2.0
"""Patch files - the files of a module, and their places in a kernel tree

The paths are those of the project, and relative to its directory, until a
Layout gives them their places.
"""

import functools
import os
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import errata
import patch_text
import series_text

ROOT = errata.PROJECT
# Directories in which an include of the kernel's code, or of a test, is found.
OF_CODE = ("core", "include", "include/uapi", "kunit", "lib")
OF_TESTS = ("selftests", "include/uapi")
PARTS = ("core", "lib")
# The source directory, the prefix of the symbol, the directory of the page and
# the subject's area of a module of an area.  A module of another area is an
# example, which the kernel has in samples/; its page is with what it shows.
DRIVERS = {
    "block": ("drivers/block", "BLK_DEV_", "admin-guide/blockdev", "block: "),
    "input": ("drivers/input/misc", "INPUT_", "input/devices", "Input: "),
    "net": ("drivers/net", "", "networking", "net: "),
}
PAGES = {
    "crypto": "crypto",
    "defer": "core-api",
    "gpio": "driver-api/gpio",
    "hello": "kernel-hacking",
    "mm": "mm",
    "model": "driver-api/driver-model",
    "proc": "filesystems",
    "sync": "locking",
    "sysfs": "filesystems",
    "trace": "trace",
    "tty": "driver-api/tty",
}
# Programs that test the whole project, or the guide's user programs, which a
# series leaves out.
LEFT_OUT = ("modinfo_test.c", "cat_nonblock_test.c", "userspace_ioctl_test.c")
# A search of include/Kbuild in a header, which defines a macro for compat.h.
SEARCH = re.compile(r"\$\(call if-found,(.*),(\S+),(\w+)\)$", re.M)
DEFINED = re.compile(r"\bdefined\((\w+)\)|^#ifn?def\s+(\w+)", re.M)
GUARD = "_MODPROOF_COMPAT_H"


@functools.cache
def text_of(path: str) -> str:
    """Return the text of a file of the project."""
    return (ROOT / path).read_text()


@functools.cache
def included(path: str) -> dict[str, str | None]:
    """Return the path of each project header that a file includes, by its
    name in the file; None if the header is generated."""
    where = OF_TESTS if path.startswith("selftests/") else OF_CODE
    found: dict[str, str | None] = {}
    for name in series_text.OF_PROJECT.findall(text_of(path)):
        places = (
            os.path.normpath(f"{directory}/{name}")
            for directory in (os.path.dirname(path), *where)
        )
        found[name] = next(
            (place for place in places if (ROOT / place).is_file()), None
        )
    return found


def closure(paths: Iterable[str]) -> list[str]:
    """Return files and all project headers that they include, but compat.h."""
    found: list[str] = []
    waiting = list(paths)
    while waiting:
        path = waiting.pop(0)
        if path in found or path == "include/compat.h":
            continue
        found.append(path)
        waiting += [header for header in included(path).values() if header]
    return found


@dataclass
class Module:
    """A module: its area, its name, its symbol, and the entries about it."""

    area: str
    name: str
    symbol: str
    entry: str = field(init=False)
    objects: list[str] = field(init=False)

    def __post_init__(self) -> None:
        kconfig = errata.lines(f"modules/{self.area}/Kconfig")
        kbuild = errata.lines(f"modules/{self.area}/Kbuild")
        own = series_text.ENTRY.format(self.symbol)
        found = re.search(own, kconfig, re.M)
        built = re.search(rf"^{self.name}-y := (.*)$", kbuild, re.M)
        assert found and built
        self.entry = found[0].rstrip() + "\n"
        self.objects = [name[:-2] for name in built[1].split()]

    @property
    def ident(self) -> str:
        """Return the name as C has it."""
        return self.name.replace("-", "_")

    @property
    def place(self) -> tuple[str, str, str, str]:
        """Return the source directory, the prefix, the page's directory and
        the beginning of a subject; see DRIVERS."""
        pages = PAGES.get(self.area, "driver-api")
        sample = (f"samples/{self.name}", "SAMPLE_", pages, "samples: ")
        return DRIVERS.get(self.area, sample)

    @property
    def config(self) -> str:
        """Return the symbol in the kernel tree."""
        return self.place[1] + self.symbol.removeprefix("MODPROOF_")

    @property
    def sources(self) -> list[str]:
        """Return the sources that are of this module alone, then headers."""
        own = [
            f"{name}.c" for name in self.objects if name.startswith("modules/")
        ]
        headers = [
            path
            for path in closure(own)
            if path.startswith(("modules/", "include/uapi/"))
            and path not in own
        ]
        return own + headers

    @property
    def main(self) -> str:
        """Return the source with the comment about the module."""
        own = f"modules/{self.area}/{self.name}.c"
        return own if own in self.sources else self.sources[0]

    @property
    def what(self) -> str:
        """Return in a few words what the module is."""
        if self.main.endswith(f"/{self.name}.c"):
            return series_text.top(text_of(self.main))[1]
        prompt = re.search(r'tristate "[\w-]+: (.*)"', self.entry)
        assert prompt
        return prompt[1]

    @property
    def tests_directory(self) -> str:
        """Return the target of kselftest."""
        return f"{self.area}/{self.name}"


@functools.cache
def modules() -> dict[str, Module]:
    """Return all modules of the project by their names."""
    return {row[1]: Module(*row) for row in errata.modules()}


def needed(module: Module) -> list[Module]:
    """Return the modules that a module depends on, and itself at the end."""
    known = {other.symbol: other for other in modules().values()}
    depends = re.findall(r"\bMODPROOF_\w+", module.entry)
    others = [known[name] for name in depends if name in known]
    return [o for o in others if o.name != module.name] + [module]


def parts(module: Module) -> list[str]:
    """Return the parts of a module, each after those that it includes."""
    found: list[str] = []

    def add(part: str) -> None:
        for other in includes_of_part(part):
            add(other)
        if part not in found:
            found.append(part)

    for name in module.objects:
        if name.startswith(PARTS):
            add(name)
    return found


def includes_of_part(part: str) -> list[str]:
    """Return the other parts that a part includes."""
    files = (f"{part}.c", f"{part}.h")
    headers = {h for path in files for h in included(path).values() if h}
    stems = {header.removesuffix(".h") for header in headers}
    return sorted(s for s in stems - {part} if s.startswith(PARTS))


def suite(name: str) -> list[str]:
    """Return the suite of a part or module and its headers, if it has one."""
    path = f"kunit/{name}_kunit.c"
    if not (ROOT / path).is_file():
        return []
    return [file for file in closure([path]) if file.startswith("kunit/")]


def owner_of(program: str, module: Module) -> bool:
    """Return true if a program in the module's area tests this module.

    It is named after the module, or is a program of a shared suite that the
    module's description names, or is named after nothing and has its name.
    """
    stem = program.removesuffix("_test.c")
    names = sorted(modules(), key=len, reverse=True)
    of = next((n for n in names if f"{stem}_".startswith(f"{n}_")), None)
    if of:
        return of == module.name
    path = f"selftests/{module.area}/{program}"
    text = text_of(path)
    if '"modules.h"' in text:
        description = text_of(description_of(module))
        return f"IN_{stem.upper()}(" in description
    return program not in LEFT_OUT and f'"{module.name}"' in text


def description_of(module: Module) -> str:
    """Return the path of the module's description for shared suites."""
    return f"selftests/{module.area}/{module.name}_module.h"


def tests(module: Module) -> list[str]:
    """Return the test programs of a module, and what they include and use."""
    area = ROOT / "selftests" / module.area
    programs = [
        f"selftests/{module.area}/{path.name}"
        for path in sorted(area.glob("*_test.c"))
        if path.name not in LEFT_OUT and owner_of(path.name, module)
    ]
    if not programs:
        return []
    # The description takes the place of the generated header "modules.h".
    description = description_of(module)
    uses = any(None in included(path).values() for path in closure(programs))
    found = closure([*programs, description] if uses else programs)
    text = "".join(text_of(path) for path in found)
    extra = [
        f"selftests/{module.area}/{path.name}"
        for path in sorted([*area.glob("*.dts"), *area.glob("*.py")])
        if path.name.replace(".dts", ".dtbo") in text
    ]
    return [path for path in found if path.startswith("selftests/")] + extra


@dataclass
class Layout:
    """A kernel tree, and the places of files in it.

    @base is the directory of the tree, and @macros are what compat.h defines
    for this kernel.
    """

    base: Path
    macros: str

    @property
    def suites(self) -> str:
        """Return the directory of the suites of lib/."""
        has = (self.base / "lib/tests/Makefile").is_file()
        return "lib/tests" if has else "lib"

    def of(self, path: str, module: Module) -> str:
        """Return the place in the tree of a file of a module's series."""
        top, _, name = path.partition("/")
        base = os.path.basename(path)
        if top in PARTS:
            return (
                f"include/linux/{name}" if name[-1] == "h" else f"lib/{name}"
            )
        if path.startswith("include/uapi/"):
            return f"include/uapi/linux/{base}"
        if top == "selftests":
            return f"tools/testing/selftests/{module.tests_directory}/{base}"
        if top == "kunit":
            stem = base.partition("_kunit")[0].partition("_model")[0]
            of = modules().get(stem)
            return f"{of.place[0] if of else self.suites}/{base}"
        area = Path(path).parent.name
        owner = module
        if area != module.area or path not in module.sources[:1]:
            owner = next(
                (m for m in needed(module) if path in m.sources), module
            )
        return f"{owner.place[0]}/{object_of(path, owner)}{path[-2:]}"


def object_of(path: str, module: Module) -> str:
    """Return the name of a source's object in the tree, without its suffix.

    An object of several cannot have the name of its module.
    """
    stem = Path(path).stem
    own = [name for name in module.objects if name.startswith("modules/")]
    if path.endswith(".c") and len(own) > 1 and stem == module.name:
        return f"{stem}_main"
    return stem


def compat_for(base: Path) -> str:
    """Return what include/compat.h defines for the kernel tree @base.

    The conditions of compat.h are whether the kernel's headers define a macro,
    or whether a search of include/Kbuild finds something in them.
    """
    text = text_of("include/compat.h")
    names = {a or b for a, b in DEFINED.findall(text)} - {GUARD}
    pattern = rf"^#\s*define\s+({'|'.join(sorted(names))})\b"
    found = subprocess.run(
        ["grep", "-rhoE", pattern, base / "include/linux"],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    there = {line.split()[-1] for line in found.stdout.splitlines()}
    for what, header, name in SEARCH.findall(text_of("include/Kbuild")):
        path = base / "include/linux" / header
        if not subprocess.run(
            ["grep", "-qs", what, path], check=False
        ).returncode:
            there.add(name)
    flags = [f"-{'D' if name in there else 'U'}{name}" for name in names]
    done = subprocess.run(
        ["unifdef", "-B", *sorted(flags), f"-U{GUARD}"],
        input=text,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), "unifdef failed"
    return "\n".join(
        line for line in done.stdout.splitlines() if GUARD not in line
    )


def moved(path: str, module: Module, layout: Layout) -> str:
    """Return the text of a file of the project in its place in the tree."""
    text = patch_text.without_ids(text_of(path))
    text = patch_text.inlined(text, layout.macros)
    place = layout.of(path, module)
    for name, header in included(path).items():
        line = f'#include "{name}"\n'
        if header == "include/compat.h":
            text = text.replace(line, "")
            continue
        target = layout.of(header or description_of(module), module)
        of_kernel = re.fullmatch(r"include/(?:uapi/)?(linux/.*)", target)
        if of_kernel:
            text = series_text.with_include(
                text.replace(line, ""), of_kernel[1]
            )
        else:
            new = os.path.basename(target)
            text = text.replace(line, f'#include "{new}"\n')
    text = series_text.without_empty_group(text)
    if path.startswith("selftests/"):
        text = of_test(text, module)
        if not os.path.basename(path).startswith(module.name):
            text = without_others(text, module)
    return renamed(text, place, module)


def of_test(text: str, module: Module) -> str:
    """Return the source of a test in its place in the tree."""
    harness = "#include <kselftest_harness.h>\n"
    if harness in text:
        text = series_text.with_own(
            text.replace(harness, ""), "../../kselftest_harness.h"
        )
    text = re.sub(r"^IN_SOAK\([^;]*\);\n", "", text, flags=re.M)
    for block in re.findall(
        r"^FIXTURE_VARIANT_ADD\([^;]*?\n\{\n(?:\t.*\n)*\};\n\n?", text, re.M
    ):
        named = set(re.findall(r'"([\w-]+)"', block)) & set(modules())
        if named and module.name not in named:
            text = text.replace(block, "")
    text = text.replace(" and the soak know", " know")
    text = text.replace("CONFIG_MODPROOF_", f"CONFIG_{module.place[1]}")
    return series_text.without_empty_group(text)


def without_others(text: str, module: Module) -> str:
    """Return a program of shared suites without tests of other modules.

    What is below its includes is left out as a whole if it names another
    module of the area, and so are the includes for it.
    """
    line = f'#include "{module.name}_module.h"\n'
    head, _, tests = text.partition(line)
    others = {m.name for m in modules().values() if m.area == module.area}
    named = set(re.findall(r'"([\w-]+)"', tests)) & others
    if not tests or not named - {module.name}:
        return text
    suites = {path.name for path in (ROOT / "selftests/suites").iterdir()}
    for header in series_text.OF_PROJECT.findall(head):
        if os.path.basename(header) not in suites | {"kselftest_harness.h"}:
            head = head.replace(f'#include "{header}"\n', "")
    return f"{head}{line}\nTEST_HARNESS_MAIN\n"


def renamed(text: str, place: str, module: Module) -> str:
    """Return a text that names no path and no macro of this project."""
    guard = "_LINUX_" if place.startswith("include/linux/") else "_"
    text = text.replace("_UAPI_MODPROOF_", "_UAPI_LINUX_")
    text = re.sub(r"\b_MODPROOF_(?=\w+_H\b)", guard, text)
    text = re.sub(r"\b(?:core|lib)/(\w+\.h)\b", r"linux/\1", text)
    text = re.sub(r"\bcore/(\w+\.c)\b", r"lib/\1", text)
    text = re.sub(r"\bmodproof-", "", text)
    return text.replace("modproof", module.ident)
