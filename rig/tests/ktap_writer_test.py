# SPDX-License-Identifier: GPL-2.0
"""Tests of the writers of KTAP documents: ktap_writer.py and guest/ktap.sh"""

import io
import shutil
import subprocess
import unittest

import ktap
from ktap_writer import Writer
from tests.base import HERE

# A script that writes, with guest/ktap.sh, the same document as
# written_by_python().
SCRIPT = """
. "$1"
bb=$2
ktap_line 0 "KTAP version 1"
ktap_line 0 1..1
ktap_head 1 area 3
ktap_result 1 ok 1 passes
echo "# one" | ktap_indent 1
ktap_result 1 "not ok" 2 fails "a reason"
ktap_result 1 ok 3 skips "SKIP needs more"
ktap_result 0 "not ok" 1 area
"""


def written_by_python():
    """Return a document with a result of each kind."""
    out = io.StringIO()
    document = Writer(out, 1)
    group = document.begin(3, "area")
    group.result(True, "passes")
    group.comment("one")
    group.result(False, "fails", "a reason")
    group.result(True, "skips", "SKIP needs more")
    document.result(group.is_good, "area")
    return out.getvalue()


class KtapWriter(unittest.TestCase):
    """Each writer writes the same document."""

    def test_reader_finds_all_results_and_no_fault(self):
        root = ktap.read(written_by_python())
        self.assertEqual(root.faults, [])
        self.assertEqual(
            [
                (names[-1], status, test.reason)
                for names, test, status in ktap.outcomes(root)
            ],
            [
                ("passes", "pass", ""),
                ("fails", "fail", "a reason"),
                ("skips", "skip", "needs more"),
            ],
        )

    def test_guest_scripts_write_the_same(self):
        busybox = shutil.which("busybox")
        written = subprocess.run(
            [
                busybox,
                "sh",
                "-c",
                SCRIPT,
                "sh",
                HERE / "guest/ktap.sh",
                busybox,
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        self.assertEqual(written.stdout, written_by_python())
