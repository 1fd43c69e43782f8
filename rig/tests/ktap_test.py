# SPDX-License-Identifier: GPL-2.0
"""Tests of rig/ktap.py, and of how the kernel's kunit.py differs from it

The documents are rows of a table, ktap_documents.txt, with their results.
"""

import importlib
import inspect
import io
import re
import sys
from pathlib import Path
from typing import NamedTuple

import ktap
import results
from tests.base import KSRC, Scratch

# The versions of Linux whose kunit.py has a column in the table.
VERSIONS = ("6.1", "6.12", "7.3")


class Row(NamedTuple):
    """A document of the table, and its expected results.

    @counts are how many tests passed, failed and were skipped; @failed are the
    failed tests; @kunit are the verdicts of kunit.py.
    """

    name: str
    counts: tuple
    failed: list
    kunit: list
    text: str


def read_row(text):
    """Parse a row of the table."""
    name, verdicts, *lines = text.splitlines(keepends=True)
    failed = [line[3:].strip() for line in lines if line.startswith("-- ")]
    counts, *kunit = verdicts.removeprefix("== ").strip().split(" | ")
    return Row(
        name.strip(),
        tuple(map(int, counts.split())),
        failed,
        kunit,
        "".join(lines[len(failed) :]),
    )


TABLE = Path(__file__).with_name("ktap_documents.txt").read_text()
ROWS = [read_row(text) for text in re.split(r"\n\n== ", TABLE)[1:]]


def described(found):
    """Return the names of the failed tests, each with the reason."""
    return [
        f"{'.'.join(names)}: {test.why}".strip()
        for names, test, status in found
        if status == "fail"
    ]


def fails(text):
    """Return true if a document is wrong, or has a failed test."""
    root = ktap.read(text)
    return bool(root.faults or described(results.all_outcomes(root)))


def is_green(row):
    """Return true if a run with a row's document must pass."""
    return bool(row.counts[0] + row.counts[2]) and not row.failed


def version_of(source):
    """Return the version of a kernel's source, as "6.12"."""
    text = (Path(source) / "Makefile").read_text()
    return ".".join(
        re.search(rf"^{part} = (\d+)$", text, re.M)[1]
        for part in ("VERSION", "PATCHLEVEL")
    )


class Kunit:
    """The kernel's own parser, which prints nothing here."""

    def __init__(self, source):
        self.path = f"{source}/tools/testing/kunit"

    def __enter__(self):
        """Import the parser, and write no .pyc file to the kernel source."""
        self.flag, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        sys.path.insert(0, self.path)
        self.parser = importlib.import_module("kunit_parser")
        printer = importlib.import_module("kunit_printer")
        self.args = []
        parameters = inspect.signature(self.parser.parse_run_tests).parameters
        if len(parameters) > 1:
            self.args.append(printer.Printer(print=False))
        else:
            printer.stdout._output = io.StringIO()
        return self

    def __exit__(self, *_):
        sys.path.remove(self.path)
        for name in ("kunit_parser", "kunit_printer"):
            del sys.modules[name]
        sys.dont_write_bytecode = self.flag

    def verdict(self, text):
        """Return the parser's verdict on a document, as in the table."""
        try:
            test = self.parser.parse_run_tests(text.splitlines(), *self.args)
        except ValueError:
            return "raises"
        color = "green" if test.ok_status() else "red"
        counts = test.counts
        failed = counts.failed + counts.crashed
        return f"{color} {counts.passed} {failed} {counts.skipped}"


class Documents(Scratch):
    """Tests of the results of each document in the table."""

    def test_each_row_is_read_right(self):
        for row in ROWS:
            with self.subTest(row.name):
                root = ktap.read(row.text)
                found = results.all_outcomes(root)
                failed = described(found)
                if root.faults:
                    failed.append(f": {'; '.join(root.faults)}")
                self.assertEqual(ktap.count(found), row.counts)
                self.assertEqual(failed, row.failed)

    def test_each_row_is_judged_right(self):
        for row in ROWS:
            with self.subTest(row.name):
                (self.scratch / "ktap").write_text(row.text)
                errors = results.judge(
                    self.scratch, self.scratch, missing={"FOO"}
                )
                failed = results.failures(self.scratch)
                self.assertEqual(not errors + failed, is_green(row))

    def test_a_lack_of_final_newline_or_a_return_changes_nothing(self):
        for row in ROWS:
            with self.subTest(row.name):
                right = ktap.read(row.text)
                for text in (
                    row.text.removesuffix("\n"),
                    row.text.replace("\n", "\r\n"),
                    row.text.replace("\n", "\r"),
                ):
                    self.assertEqual(ktap.read(text), right)

    def test_no_document_without_its_last_line_is_green(self):
        """The plan shows that a result is missing."""
        for row in filter(is_green, ROWS):
            lines = row.text.splitlines()
            with self.subTest(row.name):
                self.assertTrue(fails("\n".join(lines[:-1])))

    def test_failure_anywhere_in_a_green_document_turns_it_red(self):
        """Replace each result, and insert one at each line and indentation."""
        for row in filter(is_green, ROWS):
            lines = row.text.splitlines()
            indents = {re.match(r"\s*", line)[0] for line in lines}
            broken = [
                lines[:at]
                + [line.replace("ok ", "not ok ", 1)]
                + lines[at + 1 :]
                for at, line in enumerate(lines)
                if re.match(r"\s*ok (?!.*# skip)", line, re.I)
            ] + [
                lines[:at] + [f"{indent}not ok 1 broken"] + lines[at:]
                for at in range(1, len(lines) + 1)
                for indent in indents
            ]
            for document in broken:
                with self.subTest(row.name, document=document):
                    self.assertTrue(fails("\n".join(document)))

    def test_kunit_py_is_as_the_table_says(self):
        """Check kunit.py of KSRC, if the table has a column for it."""
        version = version_of(KSRC)
        self.assertIn("6.12", VERSIONS)
        if version not in VERSIONS:
            return
        column = VERSIONS.index(version)
        with Kunit(KSRC) as kunit:
            for row in ROWS:
                recorded = row.kunit[column]
                with self.subTest(row.name):
                    verdict = kunit.verdict(row.text)
                    self.assertEqual(verdict, recorded)


class Parts(Scratch):
    """Tests of the fields of a result other than its status."""

    def test_diagnostics_are_those_of_their_test(self):
        root = ktap.read(
            "KTAP version 1\n1..1\n# area\n    TAP version 13\n    1..2\n"
            "    # x.c:3: seen 4\n    not ok 1 one\n    # fine\n    ok 2 two\n"
            "    # Totals\n# after\nnot ok 1 program\n# last\n"
        )
        program = root.children[0]
        one, two = program.children
        self.assertEqual(one.diagnostics, ["    # x.c:3: seen 4"])
        self.assertEqual(two.diagnostics, ["    # fine"])
        self.assertEqual(
            program.diagnostics, ["# area", "    # Totals", "# after"]
        )
        self.assertEqual(root.diagnostics, ["# last"])

    def test_a_plan_and_a_skip_are_kept(self):
        root = ktap.read(
            "KTAP version 1\n1..1\n    1..0 # SKIP not root\nok 1 program\n"
        )
        self.assertEqual(root.plan, 1)
        self.assertEqual(root.children[0].status, "skip")
        self.assertEqual(root.children[0].reason, "not root")

    def test_bytes_that_are_no_text_are_read(self):
        path = self.scratch / "ktap"
        path.write_bytes(
            b"KTAP version 1\n1..1\n\xff\x00\nnot ok 1 \xfe\x1b\n"
        )
        root = ktap.read_file(path)
        self.assertEqual(root.children[0].status, "fail")
        self.assertEqual(root.children[0].name, "\ufffd\x1b")
