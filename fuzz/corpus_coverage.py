#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Measure which lines and branches of lib/ the corpus of each part reaches.

A part is a file of lib/ and its header.  Its corpus is the set of inputs that
fuzzing has kept.  The file coverage.justified, in the directory of this script,
may list lines that no input can reach.  A row has the part, the text of the
line and the reason, separated by tabs.  The script counts neither such a line
nor its branches.
"""

import argparse
import pathlib
import subprocess
import sys
from collections.abc import Iterator

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parent
sys.path.insert(0, str(PROJECT / "rig"))

from common import die

LIB = PROJECT / "lib"
JUSTIFIED = HERE / "coverage.justified"


def run(
    command: list[str | pathlib.Path], env: dict[str, str] | None = None
) -> str:
    """Run a command; return its output, or exit if it fails."""
    try:
        result = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env=env,
        )
    except FileNotFoundError:
        die(f'{command[0]} is missing: run "make deps"')
    if result.returncode:
        die(f"{command[0]} failed: {result.stderr.strip()[-500:]}")
    return result.stdout


def records_of(part: str, text: str) -> dict[pathlib.Path, list[str]]:
    """Return the lcov records of a part's source file and of its header."""
    sources = [LIB / f"{part}{suffix}" for suffix in (".c", ".h")]
    records = (record.splitlines() for record in text.split("end_of_record\n"))
    by_file = {
        pathlib.Path(record[0].removeprefix("SF:")).resolve(): record
        for record in records
        if record
    }
    return {path: by_file[path] for path in sources if path in by_file}


def replay(
    part: str, args: argparse.Namespace
) -> dict[pathlib.Path, list[str]]:
    """Run a part with all inputs of its corpus; return its lcov records."""
    binary = args.output / f"{part}_cov"
    corpus = args.output / "corpus" / part
    raw, profile = (
        args.output / f"{part}.profraw",
        args.output / f"{part}.profdata",
    )
    if not corpus.is_dir() or not any(corpus.iterdir()):
        die(f'{corpus} has no inputs: run "make fuzz" first')
    raw.unlink(missing_ok=True)
    run([binary, "-runs=0", corpus], env={"LLVM_PROFILE_FILE": str(raw)})
    run([args.profdata, "merge", "-sparse", raw, "-o", profile])
    text = run(
        [
            args.cov,
            "export",
            "-format=lcov",
            binary,
            f"-instr-profile={profile}",
        ]
    )
    records = records_of(part, text)
    if not records:
        die(
            f"{binary} counted no line of lib/{part}.c: remove {binary}, so "
            "that it is built again"
        )
    return records


def counts_of(records: list[str], kind: str) -> Iterator[tuple[int, int]]:
    """Yield (line, number of executions) of each record of this kind.

    The kind is "DA" for a line, or "BRDA" for one outcome of a branch.
    """
    for record in records:
        name, _, values = record.partition(":")
        if name == kind:
            fields = values.split(",")
            count = fields[1] if kind == "DA" else fields[3]
            yield int(fields[0]), 0 if count == "-" else int(count)


def justified_lines(part: str) -> set[str]:
    """Return the text of the lines of a part in coverage.justified."""
    if not JUSTIFIED.exists():
        return set()
    rows = (
        row.split("\t")
        for row in JUSTIFIED.read_text(encoding="utf-8").splitlines()
    )
    return {row[1].strip() for row in rows if len(row) == 3 and row[0] == part}


def report(part: str, args: argparse.Namespace) -> bool:
    """Print the coverage of a part.

    Return true if its corpus reaches all lines and branches.
    """
    justified = justified_lines(part)
    counted: dict[str, list[int]] = {"line": [], "branch": []}
    missed = set()
    for path, records in replay(part, args).items():
        source = path.read_text(encoding="utf-8").splitlines()
        kinds = [("line", "DA"), ("branch", "BRDA")]
        if path.suffix == ".h":
            # Each file that includes the header has branches of its own, and
            # the program links files that the target does not call.
            kinds.pop()
        for what, kind in kinds:
            for line, count in counts_of(records, kind):
                text = source[line - 1].strip()
                if text in justified:
                    continue
                counted[what].append(count)
                if not count:
                    missed.add((path.name, line, what, text))
    shares = [
        100 * sum(map(bool, counts)) / len(counts) if counts else 100
        for counts in counted.values()
    ]
    print(
        f'{part:<16} {"FAIL" if missed else "PASS"} '
        f"{shares[0]:5.1f}% of lines, {shares[1]:5.1f}% of branches"
    )
    for name, line, what, text in sorted(missed):
        print(f"  lib/{name}:{line}: {what} missed: {text}")
    return not missed


def main() -> int:
    """Measure the coverage of the parts that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--output",
        type=pathlib.Path,
        required=True,
        help="directory of the targets and the corpus",
    )
    parser.add_argument(
        "--profdata", default="llvm-profdata", help="command to use"
    )
    parser.add_argument("--cov", default="llvm-cov", help="command to use")
    parser.add_argument("parts", nargs="+", metavar="part")
    args = parser.parse_args()
    args.output = args.output.resolve()

    return 0 if all([report(part, args) for part in args.parts]) else 1


if __name__ == "__main__":
    sys.exit(main())
