#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Errata - check that every known defect has a test that guards it

    tools/errata.py

An erratum is a known defect, and a guard is a test that fails if the defect is
back.  A row of Documentation/errata.tsv has four fields: an id; what was
wrong; the guards, as FILE:TEST with commas between them; and a kernel, such as
"latest".  On this kernel the guards have failed with a mutant, a patch that
puts the defect back.  If the mutant does not build for that kernel, the last
field is "latest build".  If there is no mutant, it is "none: " and the reason.

This program also checks that each module in a Kconfig has all that belongs to
a module: a help text that ends with the module's name, a line in Kbuild, a
description for the shared suites, tests, a session, its symbol in the config
of its area, and its name in the pages.  An area is a directory of modules.
Last, the program checks that Kbuild and Kconfig name every file in modules/,
because kbuild ignores a source that they do not name.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
TABLE = PROJECT / "Documentation/errata.tsv"
ID = re.compile(r"[A-Z0-9]+-\d+")
TESTS_IN_C = re.compile(
    r"^TEST(?:_F|_F_TIMEOUT|_SIGNAL)?\((?:\w+,\s*)?(\w+)|"
    r"\bKUNIT_CASE(?:_PARAM)?\((\w+)",
    re.M,
)
KILLED_ON = re.compile(r"(latest|(?:stock|debug|kcsan)-[0-9.]+)( build)?")
# An entry of a Kconfig file: its symbol, and the lines after the first.
ENTRY = re.compile(r"^config (\w+)\n((?:(?!config ).*\n)*)", re.M)
# The sentence with which the help of a module ends.
SENTENCE = (
    "To compile this as a module, choose M here: the module will be called"
)
CALLED = re.compile(rf"^\s+{SENTENCE} (\S+)\.$".replace(" ", r"\s+"), re.M)
# A line of Kbuild: a symbol, and the module or program that is built for it.
BUILT = re.compile(
    r"^(?:obj|userprogs-always)-\$\(CONFIG_(\w+)\) \+= (\S+)$", re.M
)
# An area and a module that need no session: the kernel on which make demo runs
# simulates no GPIO lines, and vinput by itself makes no device.
WITHOUT_SESSION = ("gpio", "vinput")
# The pattern for the declaration of a test, by the suffix of the file.
DECLARED = {
    ".c": TESTS_IN_C,
    ".h": TESTS_IN_C,
    ".py": re.compile(r"^    def (test_\w+)\(", re.M),
}


def tests_in(path: Path) -> set[str]:
    """Return the names of the tests that a file declares."""
    pattern = DECLARED.get(path.suffix)
    if not pattern:
        return set()
    return {
        name
        for match in pattern.findall(path.read_text())
        for name in ([match] if isinstance(match, str) else match)
        if name
    }


def wrong_with_guard(guard: str) -> str | None:
    """Return the error in a guard of a row, or None."""
    name, colon, test = guard.partition(":")
    path = PROJECT / name
    if not colon or not test:
        return f'"{guard}" is not FILE:TEST'
    if not path.is_file():
        return f"{name} does not exist"
    if test not in tests_in(path):
        return f"{name} has no test {test}"
    return None


def applies(patch: Path) -> bool:
    """Return true if a patch applies to the sources without fuzz."""
    done = subprocess.run(
        ["patch", "--batch", "--dry-run", "--fuzz=0", "-p1", "-i", patch],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode == 0


def wrong_with_mutant(name: str, killed_on: str) -> str | None:
    """Return the error in a row's last field or its mutant, or None."""
    patches = list(PROJECT.glob(f"selftests/*/mutants/{name}.patch"))
    if killed_on.startswith("none: "):
        return f"has no mutant, but {patches[0]} exists" if patches else None
    if not KILLED_ON.fullmatch(killed_on):
        return f'"{killed_on}" is not KERNEL, "KERNEL build" or "none: REASON"'
    if not patches:
        return f"there is no selftests/*/mutants/{name}.patch"
    if not applies(patches[0]):
        return f"{patches[0]} does not apply to the sources: make it again"
    return None


def wrong_with_row(row: str, seen: set[str]) -> Iterator[str]:
    """Yield each error in a row; @seen are the ids of the rows before it."""
    fields = row.split("\t")
    if len(fields) != 4 or not all(fields):
        yield "not four fields: id, what was wrong, guards, killed on"
        return
    if not ID.fullmatch(fields[0]):
        yield f'"{fields[0]}" is not an id: it must be like FULLEX-1'
    if fields[0] in seen:
        yield f"{fields[0]} has two rows"
    seen.add(fields[0])
    for guard in fields[2].split(","):
        wrong = wrong_with_guard(guard.strip())
        if wrong:
            yield f"{fields[0]}: {wrong}"
    wrong = wrong_with_mutant(fields[0], fields[3])
    if wrong:
        yield f"{fields[0]}: {wrong}"


def lines(name: str) -> str:
    """Return a file's text without comments, with continued lines joined.

    Return "" if there is no such file.
    """
    path = PROJECT / name
    text = path.read_text() if path.is_file() else ""
    return re.sub(r"^#.*\n", "", text, flags=re.M).replace("\\\n", " ")


def modules() -> Iterator[tuple[str, str, str]]:
    """Yield (area, name, symbol) of each module in the Kconfig files."""
    for path in sorted(PROJECT.glob("modules/*/Kconfig")):
        area = path.parent.name
        built = dict(BUILT.findall(lines(f"modules/{area}/Kbuild")))
        for symbol, entry in ENTRY.findall(lines(f"modules/{area}/Kconfig")):
            if not re.search(r"^\ttristate\b", entry, re.M):
                continue
            called = CALLED.search(entry)
            usual = symbol.removeprefix("MODPROOF_").lower()
            name = called[1] if called else usual
            yield area, built.get(symbol, name).removesuffix(".o"), symbol


def build_line(name: str, symbol: str) -> str:
    """Return the line of Kbuild that builds a module."""
    return f"obj-$(CONFIG_{symbol}) += {name}.o"


def unnamed_sources(area: str) -> Iterator[str]:
    """Yield each source of an area that its Kbuild does not name."""
    kbuild = f"modules/{area}/Kbuild"
    words = lines(kbuild).split()
    # Do not report these modules again: missing() reports that Kbuild has no
    # line for them.
    unbuilt = [
        name
        for of, name, symbol in modules()
        if of == area
        and build_line(name, symbol) not in lines(kbuild).splitlines()
    ]
    for path in sorted((PROJECT / "modules" / area).glob("*.c")):
        name = f"modules/{area}/{path.stem}"
        if name in words or f"{name}.o" in words or path.stem in unbuilt:
            continue
        symbol = "MODPROOF_" + path.stem.replace("-", "_").upper()
        yield (
            f"{name}.c: no line of {kbuild} names it: write "
            f'"{build_line(path.stem, symbol)}" and "{path.stem}-y := '
            f'{name}.o", or add it to the objects of the module that it is a '
            "part of"
        )


def strays() -> Iterator[str]:
    """Yield an error for each file in modules/ that no module includes.

    Report also the lines that Kbuild and Kconfig lack.
    """
    for path in sorted(PROJECT.glob("modules/*/")):
        area = path.name
        kconfig = f"modules/{area}/Kconfig"
        known = dict(ENTRY.findall(lines(kconfig)))
        yield from unnamed_sources(area)
        for symbol, built in BUILT.findall(lines(f"modules/{area}/Kbuild")):
            if symbol not in known:
                yield (
                    f'modules/{area}/Kbuild: {kconfig} lacks "config '
                    f'{symbol}", so {built} is never built: write the entry'
                )
        for name, line in (
            ("Kbuild", f"include $(src)/modules/{area}/Kbuild"),
            ("Kconfig", f'source "modproof/{kconfig}"'),
        ):
            if line not in lines(name).splitlines():
                yield f'{name} lacks a line "{line}"'


def mentions(path: Path, word: str) -> bool:
    """Return true if a file exists and contains a word."""
    pattern = rf"(?<![\w-]){re.escape(word)}(?![\w-])"
    return path.is_file() and bool(re.search(pattern, path.read_text()))


def missing(area: str, name: str, symbol: str) -> Iterator[str]:
    """Yield an error for each thing that a module lacks."""
    kconfig, kbuild = f"modules/{area}/Kconfig", f"modules/{area}/Kbuild"
    entry = dict(ENTRY.findall(lines(kconfig)))[symbol]
    if name not in CALLED.findall(entry):
        yield f'{kconfig}: end the help of {symbol} with "{SENTENCE} {name}."'
    if build_line(name, symbol) not in lines(kbuild).splitlines():
        yield f'{kbuild} lacks a line "{build_line(name, symbol)}"'
    tests = PROJECT / "selftests" / area
    description = tests / f"{name}_module.h"
    if not description.is_file():
        yield f"describe it in {description.relative_to(PROJECT)}"
    elif not mentions(description, "IN_SOAK"):
        yield f"{description.relative_to(PROJECT)} lacks a line IN_SOAK()"
    if not any(mentions(test, name) for test in tests.glob("*_test.c")):
        yield f"write selftests/{area}/{name}_test.c"
    if not mentions(tests / "config", f"CONFIG_{symbol}=m"):
        yield f"selftests/{area}/config lacks CONFIG_{symbol}=m"
    if area not in WITHOUT_SESSION and name not in WITHOUT_SESSION:
        session = PROJECT / f"modules/{area}/{name}.session"
        if not session.is_file():
            yield f"write {session.relative_to(PROJECT)}"
    for page in "index", area:
        if not mentions(PROJECT / f"Documentation/{page}.rst", name):
            yield f"Documentation/{page}.rst does not mention it"


def read_rows() -> dict[str, list[str]]:
    """Return the fields of each row of the table, by the row's id."""
    rows = [row.split("\t") for row in TABLE.read_text().splitlines()[1:]]
    return {row[0]: row for row in rows}


def reported(where: str, errors: Iterator[str]) -> bool:
    """Print @errors of a row or a module; return true if there is one."""
    failed = False
    for error in errors:
        failed = True
        print(f"{where}: {error}", file=sys.stderr)
    return failed


def main() -> int:
    """Check the table and the modules, and print the errors."""
    seen: set[str] = set()
    failed = [
        reported(
            f"Documentation/errata.tsv:{number}", wrong_with_row(row, seen)
        )
        for number, row in enumerate(TABLE.read_text().splitlines()[1:], 2)
    ]
    found = list(modules())
    rows = len(failed)
    failed += [
        reported(f"modules/{area}/{name}", missing(area, name, symbol))
        for area, name, symbol in found
    ]
    passed = failed.count(False)
    for stray in strays():
        failed.append(True)
        print(stray, file=sys.stderr)
    print(f"{passed} passed, {failed.count(True)} failed, 0 skipped")
    return 1 if any(failed) or not rows or not found else 0


if __name__ == "__main__":
    sys.exit(main())
