#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""New - create a module with all that belongs to a module of this project

    tools/new.py NAME AREA KIND

AREA is a directory of modules/, and KIND one of tools/templates/.  The module
gets a source, a session, a description and a selftest, each in a file of its
own, and its lines in the files of the area and in the pages.  It builds and is
complete for "make errata"; all its tests pass but one, which the user writes.

This program does not overwrite a file.  If it fails, it leaves all files as
they were.
"""

import contextlib
import os
import re
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "rig"))

from common import die

PROJECT = Path(__file__).resolve().parent.parent
TEMPLATES = Path(__file__).resolve().parent / "templates"
EXAMPLE = "make new NAME=foo AREA=char KIND=misc"
# The longest name with which the lines of the templates are not too long.
MAX_NAME = 20
NAME = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*")
# Names of programs, suites and descriptions end like this.
ENDINGS = ("_test", "_kunit", "_fuzz", "_module", "_32")
# The columns of a line of C, and of a tab.
COLUMNS = 80
TAB = 8
# The entries of an area's Kbuild and Kconfig, with the comments above them.
IN_KBUILD = re.compile(
    r"^(?:#.*\n)*(?:obj|userprogs-always)-\$\(CONFIG_(\w+)\)", re.M
)
IN_KCONFIG = re.compile(r"^(?:#.*\n)*config (\w+)\n", re.M)
# A row of the table of modules in index.rst.
ROW = re.compile(r"^(:doc:`([\w-]+) <\w+>`) +(\S.*)\n", re.M)
TABLE = re.compile(
    r"^(=+) +(=+)\n(Module) +(Parts)\n=+ +=+\n((?::doc:.*\n)+)=+ +=+\n", re.M
)
# The first section of a page that is about all modules of the area.
COMMON_SECTION = re.compile(r"^(?:Locking|Limits|Unloading)[^\n]*\n=+\n", re.M)
SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def areas(root: Path) -> list[str]:
    """Return the names of the areas to which a module can be added."""
    return sorted(
        path.parent.name
        for path in root.glob("modules/*/Kconfig")
        if (root / "selftests" / path.parent.name / "config").is_file()
    )


def kinds() -> list[str]:
    """Return the kinds of modules that there are templates for."""
    return sorted(path.parent.name for path in TEMPLATES.glob("*/Kbuild.in"))


def same(name: str) -> str:
    """Return a name with "_" for "-", since modules have both as "_"."""
    return name.replace("-", "_")


def wrong_with_form(name: str) -> str | None:
    """Return the error in the form of a name, or None."""
    if not name:
        return f"NAME= is missing: type {EXAMPLE}"
    if not NAME.fullmatch(name):
        words = re.findall(r"[a-z0-9]+", name.lower())
        better = "_".join(words).lstrip("0123456789_") or "foo"
        shown = "".join(char if char.isprintable() else "?" for char in name)
        return (
            f'NAME="{shown}" is not a name: it begins with a letter and has '
            "lower-case letters, digits, and single - or _ between them: "
            f"type NAME={better}"
        )
    if len(name) > MAX_NAME:
        return (
            f"NAME={name} has {len(name)} characters, and {MAX_NAME} are "
            "allowed: type a shorter NAME="
        )
    for ending in ENDINGS:
        if same(name).endswith(ending):
            return (
                f'NAME={name} ends with "{ending}", as files of tests do: type '
                f"NAME={name[:-len(ending)]}"
            )
    return None


def reserved() -> list[tuple[str, list[str]]]:
    """Return each reason of the file "reserved", with its words."""
    text = (TEMPLATES / "reserved").read_text()
    rows = [line.partition(": ") for line in text.splitlines() if line]
    return [
        (reason, same(words).split())
        for reason, _, words in rows
        if not reason.startswith("#")
    ]


def symbols(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield each symbol of the project, with its Kconfig."""
    paths = [*root.glob("modules/*/Kconfig"), root / "kunit/Kconfig"]
    for path in paths:
        if path.is_file():
            for symbol in IN_KCONFIG.findall(path.read_text()):
                yield symbol, path.relative_to(root)


def taken_here(root: Path, name: str) -> str | None:
    """Return what in this project has a name already, or None."""
    wanted = same(name)
    for area in areas(root):
        if wanted == area:
            return f"modules/{area}/ is an area"
    for symbol, path in symbols(root):
        if symbol == f"MODPROOF_{wanted.upper()}":
            return f"{path} has a module with the symbol {symbol}"
    owned = ("modules/*/*.c", "lib/*.[ch]", "core/*.[ch]", "selftests/*/*.h")
    for pattern in owned:
        for path in sorted(root.glob(pattern)):
            if same(path.stem) == wanted:
                return f"{path.relative_to(root)} is there"
    fixture = re.compile(rf"^FIXTURE\({wanted}\)", re.M)
    for path in sorted(root.glob("selftests/suites/*.h")):
        if fixture.search(path.read_text()):
            return f"{path.relative_to(root)} has a FIXTURE({wanted})"
    return None


def kernels(root: Path, pattern: str) -> list[Path]:
    """Return what matches @pattern in the directories with kernels."""
    builds = {root / "build", Path(os.environ.get("O") or root / "build")}
    return sorted(
        path for build in builds for path in build.glob(f"kernels/{pattern}")
    )


def lists_of_modules(root: Path) -> Iterator[Path]:
    """Yield the files that list the modules of a kernel that is here."""
    for name in "modules.dep", "modules.builtin":
        yield from kernels(root, f"*/lib/modules/*/{name}")
        yield from Path("/lib/modules").glob(f"*/{name}")


def headers(root: Path) -> Iterator[Path]:
    """Yield the headers of the kernel sources that are here."""
    if os.environ.get("KSRC"):
        yield from sorted(Path(os.environ["KSRC"]).glob("include/linux/*.h"))
    yield from kernels(root, "source-*/include/linux/*.h")


def taken_by_kernel(root: Path, name: str) -> str | None:
    """Return the module of a kernel that has a name already, or None."""
    of_name = re.compile(
        rf"^kernel/\S*/{re.sub('[_-]', '[_-]', name)}\.ko", re.M
    )
    for path in lists_of_modules(root):
        found = of_name.search(path.read_text(errors="replace"))
        if found:
            return f"the kernel {path.parent.name} has {found[0]}"
    return None


def values(name: str, area: str) -> dict[str, str]:
    """Return what the templates leave open."""
    return {
        "NAME": name,
        "ID": same(name),
        "SYMBOL": same(name).upper(),
        "AREA": area,
        "DIR": area.upper(),
        "TITLE": same(name).replace("_", " ").capitalize(),
        "UNDERLINE": "=" * len(name),
    }


def clash(root: Path, name: str, kind: str) -> str | None:
    """Return a name of the new source that a header of the kernel has."""
    template = (TEMPLATES / kind / "module.c.in").read_text()
    words = {
        filled(word, values(name, ""))
        for word in re.findall(r"@(?:ID|SYMBOL)@_\w+", template)
    }
    pattern = re.compile(rf"\b(?:{'|'.join(sorted(words))})\b")
    for path in headers(root):
        found = pattern.search(path.read_text(errors="replace"))
        if found:
            return f"linux/{path.name} of the kernel has {found[0]}"
    return None


def wrong_with_name(root: Path, name: str, kind: str) -> str | None:
    """Return the error in a name, or None if a module can have it."""
    taken = taken_here(root, name)
    for reason, words in reserved():
        if not taken and same(name) in words:
            taken = reason
    taken = (
        taken or taken_by_kernel(root, name) or clash(root, name, kind) or None
    )
    return taken and (
        f"NAME={name} is taken, because {taken}: type another name, as "
        f"NAME=my_{same(name)[:MAX_NAME - 3]}"
    )


def wrong_with_choice(what: str, given: str, known: list[str]) -> str | None:
    """Return the error in a value that must be one of @known, or None."""
    if given in known:
        return None
    seen = f'{what}="{given}" is not known' if given else f"{what}= is missing"
    return f"{seen}: type {what}= with one of {', '.join(known)}"


def filled(text: str, known: dict[str, str]) -> str:
    """Return the text of a template with these values."""
    return re.sub(r"@([A-Z]+)@", lambda found: known[found[1]], text)


def columns(text: str) -> int:
    """Return the number of columns that a text without newline takes."""
    return len(text.expandtabs(TAB))


def break_of(line: str, around: list[int]) -> tuple[int, int] | None:
    """Return where to break a line of C, and the column to align with.

    It is after the last comma that fits, and below the parenthesis that is
    open there.  Return None if there is no such place.  @around has the column
    of the parenthesis that is open where the line begins, if there is one.
    """
    found = None
    opened = around.copy()
    is_quoted = False
    for at, char in enumerate(line):
        if columns(line[: at + 1]) > COLUMNS:
            break
        if char == '"' and line[at - 1] != "\\":
            is_quoted = not is_quoted
        elif is_quoted:
            continue
        elif char == "(":
            opened.append(columns(line[: at + 1]))
        elif char == ")" and opened:
            opened.pop()
        elif char == "," and opened and line[at + 1 : at + 2] == " ":
            found = at + 1, opened[-1]
    return found


def wrapped(text: str) -> str:
    """Return a C source with its long lines broken as the kernel does it."""
    lines = []
    for line in text.splitlines():
        around: list[int] = []
        while columns(line) > COLUMNS and not line.startswith(" *"):
            place = break_of(line, around)
            if not place:
                break
            at, column = place
            around = [column]
            lines.append(line[:at])
            indent = "\t" * (column // TAB) + " " * (column % TAB)
            line = indent + line[at:].lstrip()
        lines.append(line)
    return "\n".join(lines) + "\n"


def inserted(text: str, block: str, entries: re.Pattern[str]) -> str:
    """Return a Kbuild or Kconfig with a new entry, in alphabetical order."""
    new = entries.search(block)
    assert new
    for entry in entries.finditer(text):
        if entry[1] > new[1]:
            at = entry.start()
            return f"{text[:at]}{block}\n{text[at:]}"
    return f"{text.rstrip()}\n\n{block}"


def with_lines(text: str, new: str) -> str:
    """Return the sorted lines of an area's "config", with new ones."""
    lines = sorted({*text.splitlines(), *new.splitlines()})
    return "\n".join(lines) + "\n"


def with_row(text: str, name: str, area: str) -> str:
    """Return index.rst with a row for the module; exit if it has no table."""
    table = TABLE.search(text)
    if not table:
        die('Documentation/index.rst lacks the table "Module  Parts"')
    rows = [(row[1], row[0], row[2]) for row in ROW.findall(table[5])]
    rows.append((name, f":doc:`{name} <{area}>`", "(none)"))
    width = max(len(table[1]), *(len(row[1]) for row in rows))
    rule = f"{'=' * width} {table[2]}\n"
    lines = [f"{row[1]:<{width}} {row[2]}\n" for row in sorted(rows)]
    head = f"{table[3]:<{width}} {table[4]}\n"
    whole = f"{rule}{head}{rule}{''.join(lines)}{rule}"
    return text[: table.start()] + whole + text[table.end() :]


def with_section(text: str, section: str) -> str:
    """Return a page with the section of the module.

    It comes before the sections that are about all modules of the page.
    """
    common = COMMON_SECTION.search(text)
    if common:
        return f"{text[:common.start()]}{section}\n{text[common.start():]}"
    return f"{text.rstrip()}\n\n{section}"


def new_files(name: str, area: str, kind: str) -> dict[str, str]:
    """Return the texts of the files to create, by their paths."""
    names = {
        f"modules/{area}/{name}.c": "module.c.in",
        f"modules/{area}/{name}.session": "session.in",
        f"selftests/{area}/{name}_module.h": "module.h.in",
        f"selftests/{area}/{name}_test.c": "test.c.in",
        f"Documentation/man/{name}.4.rst": "manual.rst.in",
    }
    known = values(name, area)
    texts = {
        path: filled((TEMPLATES / kind / template).read_text(), known)
        for path, template in names.items()
    }
    return {
        path: wrapped(text) if path.endswith((".c", ".h")) else text
        for path, text in texts.items()
    }


def settings(root: Path, area: str, description: str) -> dict[str, str]:
    """Return the area's "settings" if it must change, by its path.

    If the tests of the module have tasks that run at the same time, the area
    needs two processors.
    """
    path = root / f"selftests/{area}/settings"
    text = path.read_text() if path.is_file() else ""
    if not re.search("IN_(LOAD_RACE|UNLOAD_OPEN)", description):
        return {}
    if re.search(r"^cpus=", text, re.M):
        return {}
    return {f"selftests/{area}/settings": f"cpus=2\n{text}"}


def edits(root: Path, name: str, area: str, kind: str) -> dict[str, str]:
    """Return the new texts of the files that get lines, by their paths."""
    known = values(name, area)

    def part(template: str) -> str:
        return filled((TEMPLATES / kind / template).read_text(), known)

    def old(path: str) -> str:
        return (root / path).read_text()

    kbuild, kconfig = f"modules/{area}/Kbuild", f"modules/{area}/Kconfig"
    config, page = f"selftests/{area}/config", f"Documentation/{area}.rst"
    index = "Documentation/index.rst"
    return {
        kbuild: inserted(old(kbuild), part("Kbuild.in"), IN_KBUILD),
        kconfig: inserted(old(kconfig), part("Kconfig.in"), IN_KCONFIG),
        config: with_lines(old(config), part("config.in")),
        page: with_section(old(page), part("page.rst.in")),
        index: with_row(old(index), name, area),
        **settings(root, area, part("module.h.in")),
    }


def create(path: Path, text: str, undo: contextlib.ExitStack) -> None:
    """Create a file, which must not exist, and add its removal to @undo."""
    with open(path, "x", encoding="utf-8") as out:
        undo.callback(path.unlink, missing_ok=True)
        out.write(text)


def write_all(root: Path, new: dict[str, str], edited: dict[str, str]) -> None:
    """Write all files; if one cannot be written, leave all as they were.

    A signal such as that of Ctrl-C has to wait until this is done.
    """
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    with contextlib.ExitStack() as tidy, contextlib.ExitStack() as undo:
        tidy.callback(signal.pthread_sigmask, signal.SIG_SETMASK, blocked)
        for name, text in new.items():
            create(root / name, text, undo)
        for name, text in edited.items():
            path = root / name
            fresh = path.with_name(f".{path.name}.new")
            kept = path.with_name(f".{path.name}.old")
            create(fresh, text, tidy)
            create(kept, "", tidy)
            shutil.copy2(path, kept)
            shutil.copymode(path, fresh)
            undo.callback(os.replace, kept, path)
            os.replace(fresh, path)
        undo.pop_all()


def wrong(root: Path, name: str, area: str, kind: str) -> str | None:
    """Return the error in what the user typed, or None."""
    return (
        wrong_with_form(name)
        or wrong_with_choice("AREA", area, areas(root))
        or wrong_with_choice("KIND", kind, kinds())
        or wrong_with_name(root, name, kind)
    )


def make(root: Path, name: str, area: str, kind: str) -> list[str]:
    """Create a module; return the paths of the files, or exit with an error.

    The paths of files that have existed before have " (changed)" after them.
    """
    error = wrong(root, name, area, kind)
    if error:
        die(error, 2)
    try:
        texts = edits(root, name, area, kind)
        edited = {k: v for k, v in texts.items() if (root / k).exists()}
        new = new_files(name, area, kind)
        new |= {k: v for k, v in texts.items() if k not in edited}
        write_all(root, new, edited)
    except FileExistsError as found:
        die(f"{found.filename} is there: type another NAME=, or move it away")
    except OSError as found:
        die(
            f"cannot write {found.filename}: {found.strerror}; all files are "
            "as they were"
        )
    return [*new, *(f"{path} (changed)" for path in edited)]


def main() -> None:
    """Create the module in the arguments, and say what to do next."""
    name, area, kind = (sys.argv[1:] + ["", "", ""])[:3]
    written = make(PROJECT, name, area, kind)
    print("\n".join(written))
    if not any(lists_of_modules(PROJECT)):
        print(
            f'Not checked: whether the kernel has a module "{name}", since no '
            'kernel is here; "make kernel" fetches one.'
        )
    print(
        f"\nThe module {name} builds.  All its tests pass but does_its_work, "
        f"which you write in\nselftests/{area}/{name}_test.c:\n\n"
        f"\tmake kselftest TARGETS={area} TEST={name}_test\n\n"
        "Documentation/adding-a-module.rst has the next steps."
    )


if __name__ == "__main__":
    main()
