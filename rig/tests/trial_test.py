# SPDX-License-Identifier: GPL-2.0
"""Tests of what a soak and a fuzz know about a module, and of their last calls"""

import struct
import subprocess
import types
from pathlib import Path

import check
import fuzz
import ring
import trial
import verdict
from tests.base import Scratch
from verdict import FAILED, OK, Step, Tested

SOURCE = """
int foo_ioctl(unsigned int request)
{
	if (request == 0x40044301)
		return 1;
	return request == 0x4302 ? 2 : 3;
}

int other(unsigned int number)
{
	return number == 0x1234567;
}

const char *text(int number)
{
	return number ? "start" : "no %d";
}
"""


def record(number, task, step, what):
    """Return a record of a ring."""
    return struct.pack("<QQI236s", number, step, task, what.encode())


def write_ring(path, *records, module="foo"):
    """Write a ring as a guest leaves it."""
    head = struct.pack("<16sQQI220s", ring.MAGIC, 256, 9, 1, module.encode())
    path.write_bytes(head + b"".join(records) + bytes(512))


def fake(**attributes):
    """Return an object with these attributes."""
    return types.SimpleNamespace(**attributes)


class Known(Scratch):
    """What the object of a module tells about it."""

    def setUp(self):
        super().setUp()
        source = self.scratch / "foo.c"
        source.write_text(SOURCE)
        self.object = self.scratch / "foo.o"
        subprocess.run(
            ["gcc", "-O1", "-c", "-o", self.object, source], check=True
        )
        self.project = fake(config=fake(fuzz=fake(ioctls={0x40044301: 9})))
        self.module = fake(path=self.object)

    def test_constants_of_an_ioctl_function_are_ioctls(self):
        self.assertEqual(
            {0x40044301: 4, 0x4302: trial.NO_SIZE},
            trial.ioctls_of(self.object),
        )

    def test_texts_without_a_format_are_texts(self):
        self.assertEqual(["start"], trial.texts_of(self.object))

    def test_configuration_is_believed_more_than_the_object(self):
        one = trial.Trial("fuzz", fuzz.COLUMNS, 0, 60, 7)
        self.assertEqual(
            [
                *("seed 7\n", "seconds 60\n", "ioctl 0x40044301 9\n"),
                *("ioctl 0x4302 64\n", "text start\n"),
            ],
            one.lines(self.project, self.module),
        )

    def test_check_has_no_more_lines(self):
        self.assertEqual([], trial.Trial().lines(self.project, self.module))


class Last(Scratch):
    """The last calls of the tasks of a guest."""

    def setUp(self):
        super().setUp()
        self.ring = self.scratch / "ring"
        write_ring(
            self.ring,
            record(3, 1, 7, "read"),
            record(1, 1, 6, "open"),
            record(4, 1, 8, "close"),
            record(2, 0, 9, "write"),
        )

    def told(self, task=""):
        """Return the lines about the last calls."""
        return [call.told() for call in ring.read(self.ring).last(task)]

    def test_calls_are_in_their_order(self):
        self.assertEqual(
            [
                *("task 1, step 6: open", "task 0, step 9: write"),
                *("task 1, step 7: read", "task 1, step 8: close"),
            ],
            self.told(),
        )

    def test_calls_of_the_task_in_a_report_end_at_its_step(self):
        for name in ("1#7, pid 83", "task 1, step 7: read hangs"):
            self.assertEqual(
                ["task 1, step 6: open", "task 1, step 7: read"],
                self.told(name),
            )

    def test_file_that_no_task_has_written_is_no_ring(self):
        self.ring.write_bytes(bytes(4096))
        self.assertIsNone(ring.read(self.ring))
        self.assertIsNone(ring.read(self.scratch / "none"))

    def test_failure_has_the_last_calls(self):
        (self.scratch / "console-1.log").touch()
        self.ring.rename(self.scratch / "ring-1")
        for status, count in (OK, 0), (FAILED, 3):
            steps = [Step("build"), Step("load"), Step("fuzz", status)]
            one = Tested("stock", "foo", steps, columns=fuzz.COLUMNS)
            check.add_calls({"foo": one}, {"foo": "1#7"}, self.scratch)
            self.assertEqual(count, len(one.step("fuzz").lines))

    def test_console_and_ring_of_a_guest_have_the_same_number(self):
        for console, name in (
            ("console.log", "ring"),
            ("console-2.log", "ring-2"),
        ):
            self.assertEqual(Path(name), check.ring_of(Path(console)))


class Table(Scratch):
    """The table of another verb."""

    def test_columns_are_those_of_the_verb(self):
        one = Tested("stock", "foo", [Step("build"), Step("fuzz", FAILED)])
        one.columns = fuzz.COLUMNS
        head, line = verdict.table([one])
        self.assertEqual(head.split()[2:], list(fuzz.COLUMNS))
        self.assertEqual(line.split()[2:5], ["ok", "-", "FAILED"])
