#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Results - what a run's output means, and the summary of all runs

    tools/results.py collect RUN KTAP [--ksrc DIR]    a document made elsewhere
    tools/results.py summary RUN...                   table and closing line

A run is a directory below build/results: its KTAP document, the same as JSON
(by kunit.py, in its form) and as JUnit XML, the guest's console, and run.json
with the seconds of each area and the run's own errors.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

# A stack alone is no splat: an allocation that fails on purpose leaves one.
SPLAT = re.compile(
    r"BUG:|kernel BUG at|WARNING:|Oops|general protection fault|UBSAN:|"
    r"Kernel panic|INFO: (task|rcu|trying)|possible .* detected|"
    r"unreferenced object|detected stall|refcount_t:|"
    r"cannot create duplicate"
)
SKIP = re.compile(r"^\s*ok \d+ (?:- )?(\S+)\s*# SKIP\s*(.*)$")
NEEDS = re.compile(r"\bneeds CONFIG_(\w+)")


def build_dir():
    """The build directory, from make or from where this file lies."""
    default = Path(__file__).resolve().parent.parent / "build"
    return Path(os.environ.get("O") or default)


def fresh_run(run):
    """Make a run's directory, without what an earlier run has left there."""
    left = set(os.listdir(run)) if run.is_dir() else set()
    if left and not left & {"job", "ktap"}:
        sys.exit(
            f"modproof: {run} has files that modproof did not make: name a "
            "new or an empty directory"
        )
    shutil.rmtree(run, ignore_errors=True)
    run.mkdir(parents=True)


def splats(console):
    """The lines of a kernel's log that no test may leave there."""
    return [
        line.strip() for line in console.splitlines() if SPLAT.search(line)
    ]


def unexpected_skips(ktap, missing):
    """Skipped tests whose reason is not a symbol in @missing."""
    found = []
    for line in ktap.splitlines():
        skip = SKIP.match(line)
        if not skip:
            continue
        needs = NEEDS.search(skip[2])
        if not needs or needs[1] not in missing:
            found.append(f"{skip[1]}: {skip[2] or 'no reason given'}")
    return found


def parse(ktap_path, json_path, ksrc):
    """Have kunit.py read a KTAP document; return it and kunit.py's errors."""
    kunit = Path(ksrc) / "tools/testing/kunit/kunit.py"
    done = subprocess.run(
        [
            sys.executable,
            str(kunit),
            "parse",
            f"--json={json_path}",
            str(ktap_path),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    errors = [
        line.split("[ERROR]")[1].strip()
        for line in done.stdout.splitlines()
        if "[ERROR]" in line
    ]
    if not json_path.exists():
        return {"sub_groups": [], "test_cases": []}, errors or [done.stderr]
    return json.loads(json_path.read_text()), errors


def cases(group):
    """All test cases below a group, as (name, status)."""
    for case in group["test_cases"]:
        yield case["name"], case["status"]
    for sub in group["sub_groups"]:
        for name, status in cases(sub):
            yield f"{sub['name']}.{name}", status


def areas(document):
    """The document's areas in order, as (name, cases)."""
    found = [(sub["name"], list(cases(sub))) for sub in document["sub_groups"]]
    loose = [(case["name"], case["status"]) for case in document["test_cases"]]
    return found + ([("tests", loose)] if loose else [])


def count(tests):
    """How many of @tests passed, failed and were skipped."""
    statuses = [status for _, status in tests]
    passed = statuses.count("PASS")
    skipped = statuses.count("SKIP")
    return passed, len(statuses) - passed - skipped, skipped


def write_junit(path, document, seconds):
    """The same results as JUnit XML."""
    root = ElementTree.Element("testsuites")
    for area, tests in areas(document):
        passed, failed, skipped = count(tests)
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=area,
            failures=str(failed),
            tests=str(passed + failed + skipped),
            skipped=str(skipped),
            time=f"{seconds.get(area, 0):.1f}",
        )
        for name, status in tests:
            case = ElementTree.SubElement(
                suite, "testcase", name=name, classname=area
            )
            if status == "SKIP":
                ElementTree.SubElement(case, "skipped")
            elif status != "PASS":
                ElementTree.SubElement(case, "failure", message=status)
    ElementTree.ElementTree(root).write(
        path, encoding="utf-8", xml_declaration=True
    )


def judge(run, ksrc, seconds=None, errors=(), missing=()):
    """Write a run's JSON, XML and errors beside its KTAP; return the errors.

    @run has the files ktap and, for each kernel there was, console*.log; @seconds
    the duration of each area; @errors what went wrong outside the document;
    @missing the symbols whose lack excuses a skip.
    """
    errors = list(errors)
    seconds = seconds or {}
    document, parse_errors = parse(run / "ktap", run / "kunit.json", ksrc)
    tests = [case for _, found in areas(document) for case in found]
    ktap = (run / "ktap").read_text(errors="replace")

    errors += [f"KTAP: {error}" for error in parse_errors]
    if not tests:
        errors.append("no test ran")
    errors += [
        f"unexpected SKIP: {skip}" for skip in unexpected_skips(ktap, missing)
    ]
    for log in sorted(run.glob("console*.log")):
        console = log.read_text(errors="replace")
        errors += [f"kernel log: {line}" for line in splats(console)[:5]]

    write_junit(run / "junit.xml", document, seconds)
    (run / "run.json").write_text(
        json.dumps({"errors": errors, "seconds": seconds}, indent=1) + "\n"
    )
    return errors


def failures(run):
    """Names of a run's failed tests."""
    if not (run / "kunit.json").exists():
        return []
    document = json.loads((run / "kunit.json").read_text())
    return [
        f"{area}.{name}"
        for area, tests in areas(document)
        for name, status in tests
        if status not in ("PASS", "SKIP")
    ]


def rows(run):
    """A run's rows of the table: run, area, passed, failed, skipped, s."""
    meta = load_meta(run)
    if (run / "kunit.json").exists():
        document = json.loads((run / "kunit.json").read_text())
        for area, tests in areas(document):
            yield (run.name, area, *count(tests), meta["seconds"].get(area))
    if meta["errors"]:
        yield run.name, "the run itself", 0, len(meta["errors"]), 0, None


def load_meta(run):
    """A run's seconds and errors; a run that left nothing is an error."""
    path = run / "run.json"
    if not path.exists():
        return {"errors": ["it ended without results"], "seconds": {}}
    return json.loads(path.read_text())


def summary(runs):
    """Print the table, what failed, and the closing line."""
    table = [row for run in runs for row in rows(run)]
    form = "{:<24} {:<20} {:>6} {:>6} {:>7} {:>7}"
    print(
        "\n"
        + form.format("run", "area", "passed", "failed", "skipped", "seconds")
    )
    for name, area, passed, failed, skipped, took in table:
        print(
            form.format(
                name,
                area,
                passed,
                failed,
                skipped,
                "" if took is None else f"{took:.1f}",
            )
        )
    for run in runs:
        for error in load_meta(run)["errors"]:
            print(f"{run.name}: {error}")
        for name in failures(run):
            print(f"{run.name}: failed: {name} (see {run}/ktap)")
    totals = [sum(row[i] for row in table) for i in (2, 3, 4)]
    print("{} passed, {} failed, {} skipped".format(*totals))
    return 0 if totals[0] and not totals[1] else 1


def collect(args):
    """Judge a KTAP document that something else than a guest has made."""
    run = build_dir() / "results" / args.run
    fresh_run(run)
    shutil.copy(args.ktap, run / "ktap")
    seconds = dict(pair.split("=") for pair in args.seconds)
    errors = judge(
        run,
        args.ksrc,
        {area: float(took) for area, took in seconds.items()},
        args.error,
    )
    for error in errors:
        print(f"{args.run}: {error}", file=sys.stderr)
    return 1 if errors or failures(run) else 0


def main():
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description="Judge and summarise runs.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("collect")
    verb.add_argument("run")
    verb.add_argument("ktap")
    verb.add_argument("--ksrc", default=os.environ.get("KSRC"))
    verb.add_argument(
        "--seconds", action="append", default=[], metavar="AREA=SECONDS"
    )
    verb.add_argument("--error", action="append", default=[])
    verb = verbs.add_parser("summary")
    verb.add_argument("runs", nargs="+")
    args = parser.parse_args()
    if args.verb == "collect":
        return collect(args)
    return summary([build_dir() / "results" / run for run in args.runs])


if __name__ == "__main__":
    sys.exit(main())
