#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Results - judge the output of a run

    rig/results.py collect RUN KTAP [--ksrc DIR]

To judge a run is to find its failures and errors and to write its results.
"collect" judges a KTAP document that no guest wrote, as the run RUN.  A run is
a directory below build/results/ with these files: the KTAP document; the same
results as JUnit XML and as JSON, which kunit.py writes; the log of each
guest's kernel; and run.json, which has the seconds of areas and tests and the
run's own errors, those that no test in the document reports.  rig/ktap.py reads
the document.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TypedDict
from xml.etree import ElementTree

import diagnostics
import ktap
from common import die

# The messages with which the kernel reports a bug.  Such a report is called a
# splat.  rig/tests/splats.txt has the kernel sources of the messages.  A stack
# trace alone is not a splat, because the kernel also prints one for an
# allocation that a test makes fail.
SPLAT = re.compile(
    # The first words of most splats.
    r"BUG:|kernel BUG at|WARNING:|Oops|\[#\d+\]|general protection fault|"
    r"UBSAN:|Kernel panic|PANIC:|\bBUG .+ \(.*\): |"
    # Reports on locks, on stalls, and on the use of RCU.
    r"INFO: (task|rcu|trying)|possible .* detected|detected stall|"
    r"detected hard LOCKUP|Maximum lock depth|left hardirqs enabled|"
    r"Double-freed CB|"
    # Reports on memory.
    r"unreferenced object|refcount_t:|list_(add|del) corruption|"
    r"Kernel memory \w+ attempt|Unexpected gfp|overlaps existing|"
    r"Corrupted page table|tree is corrupted|integrity check failed|"
    r"from the module still alive|"
    # Reports on wrong calls of the kernel's functions, and on wrong values
    # that a module's functions return.
    r"cannot create duplicate|register things with the same name|"
    r"with parent '.*' already present|in directory '.*' already present|"
    r"'.*' already exists in '|tried to (init|add) an |"
    r"must have a ktype|unknown attr grp name|"
    r"init suspiciously returned|returned bad count|wrong timeout value|"
    r"huh, entered|nobody cared|bogus return value|"
    r"is an active IRQ thread|handler=NULL and !ONESHOT|"
    r"sysctl table check failed|sysctl duplicate entry|"
    r"isn't complete after \d+ tries|hw csum failure|"
    r"unregister_netdevice: waiting for|dev_remove_pack: .* not found|"
    r"but napi is not scheduled|Budget exhausted after napi|"
    r"exceeding its budget of|invalid kobject pointer|"
    r"device with zero (RX )?queues"
)
NEEDS = re.compile(r"\bneeds CONFIG_(\w+)")
NOT_IN_XML = re.compile(
    "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


# The most lines of a failed test's output in JUnit XML.
MOST_LINES = 100


class Meta(TypedDict):
    """The content of run.json.

    @seconds has the names of an area or a test, with dots between them.
    """

    errors: list[str]
    seconds: dict[str, float]


def build_dir() -> Path:
    """Return the build directory: $O, or build/ in the project."""
    default = Path(__file__).resolve().parent.parent / "build"
    return Path(os.environ.get("O") or default)


def fresh_run(run: Path) -> None:
    """Make an empty directory for a run.

    Remove the results of an earlier run from it; exit with an error if it has
    other files.
    """
    left = set(os.listdir(run)) if run.is_dir() else set()
    if left and not left & {"job", "ktap"}:
        die(
            f"{run} has files that modproof did not make: name a new or an "
            "empty directory"
        )
    shutil.rmtree(run, ignore_errors=True)
    run.mkdir(parents=True)


def splats(console: str) -> list[str]:
    """Return the lines of a kernel's log that report a bug."""
    return [
        line.strip() for line in console.splitlines() if SPLAT.search(line)
    ]


def unexpected_skips(root: ktap.Test, missing: Collection[str]) -> list[str]:
    """Return the skipped tests whose reason is not a symbol in @missing."""
    found = []
    for names, test, status in ktap.outcomes(root):
        needs = NEEDS.search(test.reason)
        if status == "skip" and (not needs or needs[1] not in missing):
            reason = test.reason or "no reason given"
            found.append(f"{'.'.join(names)}: {reason}")
    return found


def write_json(run: Path, ksrc: str | Path | None, seconds: int = 10) -> None:
    """Have kunit.py write a run's document as JSON, if there is a @ksrc.

    A failure of kunit.py is ignored.  It may raise an exception if the
    document is wrong, and with some documents the one of Linux 6.12 does not
    end.  Therefore limit it to @seconds of CPU time and 1 GB of memory.
    """
    kunit = Path(ksrc or "/", "tools/testing/kunit/kunit.py")
    if not kunit.exists():
        return
    limits = f'ulimit -t {seconds}; ulimit -v 1000000; exec "$0" "$@"'
    subprocess.run(
        [
            *("sh", "-c", limits),
            *(sys.executable, "-B", str(kunit), "parse"),
            *(f"--json={run}/kunit.json", f"{run}/ktap"),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def read(run: Path) -> ktap.Test:
    """Return a run's document, as rig/ktap.py reads it."""
    path = run / "ktap"
    return ktap.read_file(path) if path.exists() else ktap.Test()


def all_outcomes(root: ktap.Test) -> list[ktap.Outcome]:
    """Return (names, test, status) of all tests that count; see outcomes()."""
    return [outcome for _, found in areas(root) for outcome in found]


def areas(root: ktap.Test) -> list[tuple[str, list[ktap.Outcome]]]:
    """Return (name, outcomes) of each area of a document, in order.

    An area is a result with children.  The area "tests" has all others.
    """
    groups = [child for child in root.children if child.children]
    loose = [child for child in root.children if not child.children]
    found = [
        (group.label, list(ktap.outcomes(group, (group.label,))))
        for group in groups
    ]
    tests = [
        outcome
        for child in loose
        for outcome in ktap.outcomes(child, ("tests", child.label))
    ]
    return found + ([("tests", tests)] if tests else [])


def add_suite(
    suites: ElementTree.Element,
    name: str,
    count: tuple[int, int, int],
    seconds: float = 0,
) -> ElementTree.Element:
    """Add a suite to JUnit XML; @count are passed, failed and skipped tests.

    Jenkins requires the attribute "errors".
    """
    _, failed, skipped = count
    return ElementTree.SubElement(
        suites,
        "testsuite",
        name=printable(name),
        tests=str(sum(count)),
        failures=str(failed),
        errors="0",
        skipped=str(skipped),
        time=f"{seconds:.1f}",
    )


def add_errors(
    suites: ElementTree.Element, errors: list[str], prefix: str
) -> None:
    """Add the run's own errors to JUnit XML as failed test cases.

    Programs that read JUnit XML count only test cases.
    """
    name = "the run itself"
    suite = add_suite(suites, name, (0, len(errors), 0))
    for number, error in enumerate(errors, 1):
        case = ElementTree.SubElement(
            suite,
            "testcase",
            name=f"error {number}",
            classname=printable(prefix + name),
        )
        told = printable(error)
        ElementTree.SubElement(case, "failure", message=told).text = told


def add_failure(
    case: ElementTree.Element, names: ktap.Names, test: ktap.Test
) -> None:
    """Add to a test case why the test failed, and what it printed.

    GitLab and GitHub's actions link to the attributes "file" and "line".
    Jenkins ignores them, except for its plugin xUnit, which refuses them.
    """
    where, expected, seen = diagnostics.told(names, test)
    if where:
        file, _, line = where.rpartition(":")
        case.set("file", printable(file))
        case.set("line", line)
    message = f"expected {expected}, seen {seen}" if expected else seen
    told = ElementTree.SubElement(
        case, "failure", message=printable(test.why or message)
    )
    told.text = printable("\n".join(diagnostics.failure(names, test)))
    lines = test.diagnostics[-MOST_LINES:]
    if lines:
        out = ElementTree.SubElement(case, "system-out")
        out.text = printable(textwrap.dedent("\n".join(lines)))


def write_junit(
    path: Path,
    root: ktap.Test,
    seconds: dict[str, float],
    errors: list[str],
    prefix: str = "",
) -> None:
    """Write the results of the document @root as JUnit XML.

    The class of each test begins with @prefix, which differs between the runs
    of a check, because GitLab ignores a second test with the same names.
    kunit.py of Linux 6.12 has no option for JUnit XML, and that of 7.3 writes
    neither a class nor a place, and XML that no parser accepts if a test has
    printed an escape character.
    """
    suites = ElementTree.Element("testsuites")
    if errors:
        add_errors(suites, errors, prefix)
    for area, found in areas(root):
        took = seconds.get(area, 0)
        suite = add_suite(suites, area, ktap.count(found), took)
        for names, test, status in found:
            case = ElementTree.SubElement(
                suite,
                "testcase",
                name=printable(".".join(names[1:] or names)),
                classname=printable(prefix + area),
            )
            if ".".join(names) in seconds:
                case.set("time", f"{seconds['.'.join(names)]:.2f}")
            if status == "skip":
                why = printable(test.why)
                ElementTree.SubElement(case, "skipped", message=why)
            elif status == "fail":
                add_failure(case, names, test)
    ElementTree.ElementTree(suites).write(
        path, encoding="utf-8", xml_declaration=True
    )


def printable(text: str) -> str:
    """Return @text with the characters replaced that XML does not allow."""
    return NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def judge(
    run: Path,
    ksrc: str | Path | None,
    seconds: dict[str, float] | None = None,
    errors: Iterable[str] = (),
    missing: Collection[str] = (),
) -> list[str]:
    """Judge a run: write its JSON, XML and run.json; return its own errors.

    @run is a directory with the KTAP document and the kernels' logs, ktap and
    console*.log.  @seconds has the duration of each area.  @errors are errors
    that the caller has found.  @missing are the symbols that the kernel lacks:
    a test may be skipped only because it needs one of them.
    """
    seconds = seconds or {}
    write_json(run, ksrc)
    root = read(run)

    errors = list(errors) + [
        f"list of results (KTAP): {fault}" for fault in root.faults
    ]
    if not all_outcomes(root):
        errors.append("no test ran")
    errors += [
        f"unexpected SKIP: {skip}" for skip in unexpected_skips(root, missing)
    ]
    for log in sorted(run.glob("console*.log")):
        console = log.read_text(errors="replace")
        errors += [f"kernel log: {line}" for line in splats(console)[:5]]

    write_junit(run / "junit.xml", root, seconds, errors, f"{run.name}.")
    (run / "run.json").write_text(
        json.dumps({"errors": errors, "seconds": seconds}, indent=1) + "\n"
    )
    return errors


def failures(run: Path) -> list[str]:
    """Return the names of a run's failed tests."""
    return [
        ".".join(names)
        for names, _, status in all_outcomes(read(run))
        if status == "fail"
    ]


def load_meta(run: Path) -> Meta:
    """Return the content of run.json; without it, return one error."""
    path = run / "run.json"
    if not path.exists():
        return {"errors": ["it ended without results"], "seconds": {}}
    meta: Meta = json.loads(path.read_text())
    return meta


def collect(args: argparse.Namespace) -> int:
    """Judge a KTAP document that was not made by a guest."""
    run = build_dir() / "results" / args.run
    fresh_run(run)
    shutil.copy(args.ktap, run / "ktap")
    seconds = dict(pair.split("=") for pair in args.seconds)
    seconds = {area: float(took) for area, took in seconds.items()}
    errors = judge(run, args.ksrc, seconds, args.error)
    if args.if_green and not errors and not failures(run):
        errors = judge(run, args.ksrc, seconds, args.if_green)
    return 1 if errors or failures(run) else 0


def main() -> int:
    """Run the verb in the arguments."""
    parser = argparse.ArgumentParser(description="Judge a run.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("collect")
    verb.add_argument("run")
    verb.add_argument("ktap")
    verb.add_argument("--ksrc", default=os.environ.get("KSRC"))
    verb.add_argument(
        "--seconds", action="append", default=[], metavar="AREA=SECONDS"
    )
    verb.add_argument("--error", action="append", default=[])
    # An error to add only if the document has no failure and no other error.
    verb.add_argument("--if-green", action="append", default=[])
    return collect(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
