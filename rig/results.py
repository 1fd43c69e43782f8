#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Results - judge the output of a run

    rig/results.py collect RUN KTAP [--ksrc DIR]    a document made elsewhere

A run is a directory below build/results: its KTAP document, the same as JUnit
XML and as JSON (which kunit.py writes, in its form), the guest's console, and
run.json with the seconds of each area and the run's own errors.  The document
is judged as rig/ktap.py reads it.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TypedDict
from xml.etree import ElementTree

import diagnostics
import ktap
from common import die

# The messages with which the kernel reports a bug; rig/tests/splats.txt has
# their sources.  A stack trace alone is not a splat: an allocation that fails
# on purpose prints one.
SPLAT = re.compile(
    # The beginnings of most kinds.
    r"BUG:|kernel BUG at|WARNING:|Oops|\[#\d+\]|general protection fault|"
    r"UBSAN:|Kernel panic|PANIC:|\bBUG .+ \(.*\): |"
    # Locks, stalls and the reports of RCU.
    r"INFO: (task|rcu|trying)|possible .* detected|detected stall|"
    r"detected hard LOCKUP|Maximum lock depth|left hardirqs enabled|"
    r"Double-freed CB|"
    # Memory.
    r"unreferenced object|refcount_t:|list_(add|del) corruption|"
    r"Kernel memory \w+ attempt|Unexpected gfp|overlaps existing|"
    r"Corrupted page table|tree is corrupted|integrity check failed|"
    r"from the module still alive|"
    # Wrong calls, and wrong return values.
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


class Meta(TypedDict):
    """What run.json has: a run's own errors, and the seconds of each area."""

    errors: list[str]
    seconds: dict[str, float]


def build_dir() -> Path:
    """Return the build directory: that of make, or the one in the project."""
    default = Path(__file__).resolve().parent.parent / "build"
    return Path(os.environ.get("O") or default)


def fresh_run(run: Path) -> None:
    """Make a run's directory, and remove the results of an earlier run."""
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


def write_json(run: Path, ksrc: str | Path, seconds: int = 10) -> None:
    """Have kunit.py write a run's document as JSON, which is not judged.

    It may raise an exception on a wrong document, and 6.12's does not end on
    some, so it may use only @seconds of CPU time and 1 GB of memory.
    """
    kunit = Path(ksrc) / "tools/testing/kunit/kunit.py"
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
    """Return each test of a document that counts, as (names, test, status)."""
    return [outcome for _, found in areas(root) for outcome in found]


def areas(root: ktap.Test) -> list[tuple[str, list[ktap.Outcome]]]:
    """Return the document's areas in order, as (name, outcomes)."""
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


def add_errors(suites: ElementTree.Element, errors: list[str]) -> None:
    """Add the run's own errors as failures, which JUnit's readers count."""
    figures = {"tests": str(len(errors)), "failures": str(len(errors))}
    name = "the run itself"
    suite = ElementTree.SubElement(
        suites, "testsuite", figures, name=name, skipped="0"
    )
    for number, error in enumerate(errors, 1):
        case = ElementTree.SubElement(
            suite, "testcase", name=f"error {number}", classname=name
        )
        ElementTree.SubElement(case, "failure", message=printable(error))


def write_junit(
    path: Path, root: ktap.Test, seconds: dict[str, float], errors: list[str]
) -> None:
    """Write the same results as JUnit XML."""
    suites = ElementTree.Element("testsuites")
    if errors:
        add_errors(suites, errors)
    for area, found in areas(root):
        passed, failed, skipped = ktap.count(found)
        suite = ElementTree.SubElement(
            suites,
            "testsuite",
            name=printable(area),
            failures=str(failed),
            tests=str(passed + failed + skipped),
            skipped=str(skipped),
            time=f"{seconds.get(area, 0):.1f}",
        )
        for names, test, status in found:
            case = ElementTree.SubElement(
                suite,
                "testcase",
                name=printable(".".join(names[1:] or names)),
                classname=printable(area),
            )
            tag = {"skip": "skipped", "fail": "failure"}.get(status)
            if not tag:
                continue
            told = ElementTree.SubElement(
                case, tag, message=printable(test.why)
            )
            if status == "fail":
                lines = diagnostics.failure(names, test)
                told.text = printable("\n".join(lines))
    ElementTree.ElementTree(suites).write(
        path, encoding="utf-8", xml_declaration=True
    )


def printable(text: str) -> str:
    """Replace the characters of a text that XML does not allow."""
    return NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def judge(
    run: Path,
    ksrc: str | Path,
    seconds: dict[str, float] | None = None,
    errors: Iterable[str] = (),
    missing: Collection[str] = (),
) -> list[str]:
    """Write a run's JSON, XML and errors beside its KTAP; return the errors.

    @run has the files ktap and, for each kernel, console*.log; @seconds is the
    duration of each area; @errors are those outside the document; @missing are
    the symbols whose lack excuses a skip.
    """
    seconds = seconds or {}
    write_json(run, ksrc)
    root = read(run)

    errors = list(errors) + [f"KTAP: {fault}" for fault in root.faults]
    if not all_outcomes(root):
        errors.append("no test ran")
    errors += [
        f"unexpected SKIP: {skip}" for skip in unexpected_skips(root, missing)
    ]
    for log in sorted(run.glob("console*.log")):
        console = log.read_text(errors="replace")
        errors += [f"kernel log: {line}" for line in splats(console)[:5]]

    write_junit(run / "junit.xml", root, seconds, errors)
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
    """Return a run's seconds and errors; a run without results is an error."""
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
    # An error that counts only if nothing in the document has failed.
    verb.add_argument("--if-green", action="append", default=[])
    return collect(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
