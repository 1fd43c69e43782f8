# SPDX-License-Identifier: GPL-2.0
"""Diagnostics - find where a test failed, what it expected and what it saw

The functions parse the lines that KUnit, the kselftest harness, a session, a
fuzz target or a Python test prints before the result of a test.
"""

import re
from pathlib import Path

from first_error import PROJECT, known
from ktap import Names, Test
from project import PLACES

HARNESS = re.compile(r"^# (\S+\.[ch]):(\d+):([^:]*):(.*)")
COMPARED = re.compile(
    r"^Expected (.*) \(([^()]*)\) ([=!<>]=?|&|!&) (.*) \(([^()]*)\)$"
)
STRINGS = re.compile(r"^Expected ('.*') ([=!<>]=) ('.*')\.$", re.S)
# A line in which a test gives the reason why a module cannot be loaded with
# -ENOENT.
NOT_FOUND = re.compile(r"^# (\S+ is not in modules\.dep: .*)")
ENDED = re.compile(r"^# [\w.]+: (Test (?:terminated|exited).*)")
KUNIT = re.compile(r"# (\S+): (EXPECTATION|ASSERTION) FAILED at (\S+):(\d+)")
SESSION = re.compile(r"^# WRONG (\S+:\d+), expected:$")
LABEL = re.compile(r"^#\s+(at|expected|seen|again): +(.*)")
TRACEBACK = re.compile(r'File "([^"]+)", line (\d+)')
# A file and a line number.
Place = tuple[str, str]
# Where a test failed, what it expected and what it saw.  The first two are
# None if the lines do not have them.
Told = tuple[Place | None, str | None, str]


def place_in(text: str) -> Place:
    """Split a text like file:line into the file and the line number."""
    file, _, number = text.rpartition(":")
    return file, number


def harness(lines: list[str]) -> Told | None:
    """Parse what a kselftest printed; return place, expected and seen.

    Return None if no line of the harness reports a failure.
    """
    for number, line in enumerate(lines):
        found = HARNESS.match(line)
        if not found:
            continue
        text = "\n".join([found[4].strip()] + continued(lines[number + 1 :]))
        expected, seen = compared(text)
        said = [why[1] for why in map(NOT_FOUND.match, lines[:number]) if why]
        seen = "; it said: ".join([seen, *said[-1:]])
        return (found[1], found[2]), expected, seen
    for number, line in enumerate(lines):
        ended = ENDED.match(line)
        if ended:
            # If a library ends the program by abort(), it has printed a
            # message before, which does not begin with "#".
            said = [
                more for more in lines[:number] if more[:1] not in ("", "#")
            ]
            seen = "; it said: ".join([ended[1], *said[-1:]])
            return None, "the test to end by itself", seen
    return None


def continued(lines: list[str]) -> list[str]:
    """Return the lines before the first that begins with "#".

    They continue a message of several lines.
    """
    for number, line in enumerate(lines):
        if line.startswith("#"):
            return lines[:number]
    return []


def compared(text: str) -> tuple[str | None, str]:
    """Return the expected and the seen value in a message of the harness."""
    strings = STRINGS.match(text)
    if strings:
        other = "" if strings[2] == "==" else f"{strings[2]} "
        return other + strings[1], strings[3]
    found = COMPARED.match(text)
    if not found:
        return None, text
    left, left_value, operator, right, right_value = found.groups()
    wanted = left if left == left_value else f"{left} ({left_value})"
    if right == right_value != left_value:
        return f"{left} {operator} {right}", left_value
    return f"{wanted} {operator} {right}", right_value


def kunit(lines: list[str]) -> Told | None:
    """Parse what a KUnit case printed; return place, expected and seen."""
    for number, line in enumerate(lines):
        found = KUNIT.search(line)
        if not found:
            continue
        said = []
        for more in lines[number + 1 :]:
            if not more.strip() or more.lstrip().startswith("#"):
                break
            said.append(more.strip())
        expected, _, seen = (said or [""])[0].partition(", but")
        seen = ", ".join([seen.strip()] * bool(seen.strip()) + said[1:3])
        expected = expected.removeprefix("Expected ")
        return (found[3], found[4]), expected, seen
    return None


def session(lines: list[str]) -> Told | None:
    """Parse what a session printed; return place, expected and seen."""
    for number, line in enumerate(lines):
        found = SESSION.match(line)
        if not found:
            continue
        expected = [
            more[1:].strip()
            for more in lines[number + 1 :]
            if more.startswith("#   ")
        ]
        seen: list[str] = []
        for before in reversed(lines[:number]):
            if re.match(r"# [#$] ", before):
                break
            seen.insert(0, before[1:].strip())
        return (
            place_in(found[1]),
            " / ".join(expected[:3]),
            " / ".join(seen[:3]) or "(nothing)",
        )
    return None


def traceback(lines: list[str]) -> Told | None:
    """Parse a Python test's traceback; return the place and the exception."""
    ours = [
        (found[1], found[2])
        for found in map(TRACEBACK.search, lines)
        if found and known(found[1]) != found[1]
    ]
    said = [
        line for line in lines if re.match(r"^# \w*(Error|Exception)", line)
    ]
    return (ours[0], None, said[-1][2:]) if ours and said else None


def area_directory(name: str) -> Path | None:
    """Return the directory of an area of kselftests, or None."""
    for place in PLACES:
        if (PROJECT / place / name).is_dir():
            return PROJECT / place / name
    return None


def definition(names: Names) -> Place | None:
    """Find where a kselftest is defined; return (file, line), or None.

    @names are those of the area, the program and the test.
    """
    area = area_directory(names[0])
    if not area:
        return None
    test = names[-1].rpartition(".")[2]
    sources = [area / f"{names[1]}.c"] if len(names) > 1 else []
    sources += sorted(area.glob("*.h"))
    sources += sorted(area.parent.glob("*/*.h"))
    for source in sources:
        if not source.exists():
            continue
        text = source.read_text(errors="replace").splitlines()
        for number, line in enumerate(text, 1):
            if re.match(rf"TEST\w*\((.*, *)?{re.escape(test)}\b", line):
                return str(source.relative_to(PROJECT)), str(number)
    return None


def labelled(lines: list[str]) -> Told | None:
    """Parse a fuzz target's labelled lines; return place, expected, seen."""
    labels = {m[1]: m[2] for m in map(LABEL.match, lines) if m}
    failed = [line for line in lines if " FAIL " in line]
    if not labels or not failed:
        return None
    place = place_in(labels["at"]) if "at" in labels else None
    seen = failed[0].partition(" FAIL ")[2]
    return place, labels.get("expected"), seen


def told(names: Names, test: Test) -> tuple[str | None, str | None, str]:
    """Return where a test failed, what it expected and what it saw."""
    lines = [line.strip() for line in test.diagnostics]
    readers = (harness, kunit, session, labelled, traceback)
    found = next(filter(None, (reader(lines) for reader in readers)), None)
    if not found:
        said = [line.lstrip("# ") for line in lines if line.strip("# ")]
        found = None, None, test.why or " / ".join(said[-2:]) or "not ok"
    place, expected, seen = found
    directory = area_directory(names[0])
    if directory:
        place = place or definition(names)
    where = f"{known(place[0], directory)}:{place[1]}" if place else None
    return where, expected, seen


def replays(test: Test) -> list[str]:
    """Return the commands that repeat the failure of a fuzz target."""
    lines = [line.strip() for line in test.diagnostics]
    found = map(LABEL.match, lines) if labelled(lines) else []
    return [label[2] for label in found if label and label[1] == "again"]


def failure(names: Names, test: Test) -> list[str]:
    """Return the lines that report a failed test."""
    where, expected, seen = told(names, test)
    first = f"{where}: " if where else ""
    first += f"expected {' '.join(expected.split())}" if expected else ""
    return [
        ".".join(names),
        *([f"  {first.strip(': ')}"] if first else []),
        f"  seen {' '.join(seen.split())}",
        *(f"  again:    {replay}" for replay in replays(test)),
    ]
