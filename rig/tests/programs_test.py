# SPDX-License-Identifier: GPL-2.0
"""Tests of how modproof test finds, builds and judges a project's own tests"""

import contextlib
import io
import shutil
import types
import unittest.mock
from pathlib import Path
from typing import Any

import build
import check
import ktap
import programs
import project
import ran
import suites
import test
from tests.base import HERE, KERNEL, KSRC, PASS, PROJECT, Scratch
from tests.runner_test import Runner

MAKEFILE = "TEST_GEN_PROGS := a_test\nTEST_PROGS := b.sh\ninclude ../lib.mk\n"
SOURCE = """
#include "../kselftest_harness.h"

TEST(fact)
{
	ASSERT_TRUE(BODY);
}

TEST_HARNESS_MAIN
"""
DOCUMENT = """KTAP version 1
1..3
    TAP version 13
    1..2
    # a_test.c:6:fact:Expected 0 (0) != false (0)
    not ok 1 fact
    ok 2 other
not ok 1 a_test # exit status 1
    about to end
not ok 2 b.sh # the guest ended before its job was done
ok 3 c.sh # SKIP
"""


def no_suites(root):
    """Return the KUnit suites of a project without any."""
    return suites.Suites(root, "demo")


def begins(name):
    """Return the line of the kernel's log with which a program begins."""
    return f"[    1.000000] modproof: tests {name} begins\n"


class Own(Scratch):
    """A project with tests of its own."""

    def setUp(self):
        super().setUp()
        self.root = self.scratch / "a demo"
        self.root.mkdir()

    def write(self, name, text="", mode=0o644):
        """Write a file of the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)

    def check_refused(self, *said, named=""):
        """Check that no test is found, with one line that has @said."""
        error = io.StringIO()
        with self.assertRaises(SystemExit) as ended:
            with contextlib.redirect_stderr(error):
                programs.need(self.root, named)
        self.assertEqual(ended.exception.code, 2)
        self.assertRegex(error.getvalue(), r"\Amodproof: [^\n]*\n\Z")
        for part in said:
            self.assertIn(part, error.getvalue())


class Find(Own):
    """Where tests are found."""

    def found(self, named=""):
        """Return the places of kselftest, and the executables."""
        tests = programs.need(self.root, named)
        return [str(a.relative_to(self.root)) for a in tests.areas], (
            tests.programs
        )

    def test_kselftest_in_each_place(self):
        for place in "selftests", "tests", "tests/selftests":
            with self.subTest(place):
                self.write(f"{place}/Makefile", MAKEFILE)
                self.assertEqual(self.found(), ([place], []))
                (self.root / place / "Makefile").unlink()

    def test_directories_of_several_areas(self):
        self.write("selftests/net/Makefile", MAKEFILE)
        self.write("selftests/char/Makefile", "-include ../../lib.mk # x\n")
        self.write("selftests/lib/Makefile", "# include ../lib.mk\n")
        self.write("selftests/net/Makefile", "include ../common.mk\n")
        self.write("selftests/common.mk", "include $(KSRC)/lib.mk\n")
        areas = ["selftests/char", "selftests/net"]
        self.assertEqual(self.found(), (areas, []))

    def test_pattern_selects_areas(self):
        for name in "net", "char":
            self.write(f"selftests/{name}/Makefile", MAKEFILE)
        for pattern, names in (
            ("*", ["char", "net"]),
            ("a_test", ["char", "net"]),
            ("net/*", ["net"]),
            ("no/*", ["char", "net"]),
        ):
            with self.subTest(pattern):
                tests = programs.need(self.root)
                tests.select(pattern)
                self.assertEqual([a.name for a in tests.areas], names)

    def test_executables(self):
        self.write("tests/b.sh", "#!/bin/sh\n", 0o755)
        self.write("tests/a.py", "#!/usr/bin/env python3\n", 0o755)
        self.write("tests/binary", "\x7fELF", 0o755)
        self.write("tests/lib.sh", "#!/bin/sh\n")
        self.write("tests/.hidden", "#!/bin/sh\n", 0o755)
        self.write("tests/data", "text", 0o755)
        (self.root / "tests/sub").mkdir()
        self.assertEqual(self.found(), ([], ["a.py", "b.sh", "binary"]))

    def test_kselftest_comes_before_executables(self):
        self.write("tests/b.sh", "#!/bin/sh\n", 0o755)
        self.write("selftests/Makefile", MAKEFILE)
        self.assertEqual(self.found(), (["selftests"], []))

    def test_directory_of_the_configuration(self):
        self.write("selftests/Makefile", MAKEFILE)
        self.write("t/b.sh", "#!/bin/sh\n", 0o755)
        self.assertEqual(self.found("t"), ([], ["b.sh"]))
        self.check_refused('directory = "none" in [tests]', named="none")

    def test_no_test(self):
        self.check_refused('"modproof init" writes a first test')
        self.write("tests/a.sh", "#!/bin/sh\n")
        self.check_refused('type "chmod +x tests/a.sh"')

    def test_name_that_a_document_cannot_have(self):
        self.write("tests/a b.sh", "#!/bin/sh\n", 0o755)
        self.check_refused('a b.sh" has a space')

    def test_longest_timeout(self):
        self.write("tests/b.sh", "#!/bin/sh\n", 0o755)
        self.assertEqual(programs.need(self.root).timeout(), 0)
        for text, seconds in (
            ("timeout=7\n", 7),
            ('timeout="2m" # long\n', 120),
            ("timeout=0\n", programs.ENDLESS),
        ):
            with self.subTest(text):
                self.write("tests/settings", text)
                self.assertEqual(programs.need(self.root).timeout(), seconds)


class Kselftest(Own):
    """Tests in the kernel's layout, built by its lib.mk."""

    def setUp(self):
        super().setUp()
        self.write("selftests/Makefile", MAKEFILE)
        self.write("selftests/b.sh", "#!/bin/sh\n", 0o755)
        self.write("selftests/config", "CONFIG_CRC32=y\nCONFIG_NET=y\n")
        self.write("selftests/a_test.c", SOURCE.replace("BODY", "true"))

    def build(self):
        """Build the tests; return their directory and names."""
        where = project.Project(self.root, "demo", project.Config(), "kbuild")
        tests = programs.need(self.root)
        self.work = self.scratch / "work"
        return programs.Builder(
            where, tests, self.work, Path(KSRC), KERNEL.path / "headers"
        ).run()

    def check_stopped(self, *lines):
        """Check that the build fails, and with which lines."""
        with self.assertRaises(build.Stopped) as stopped:
            self.build()
        found = [stopped.exception.reason, *stopped.exception.lines]
        self.assertEqual(found[: len(lines)], list(lines))

    def test_programs_are_installed_and_nothing_is_written_in_the_project(
        self,
    ):
        before = sorted(self.root.rglob("*"))
        where, names = self.build()
        self.assertEqual(names, ["a_test", "b.sh"])
        for name in names:
            self.assertTrue((where / name).exists())
        self.assertEqual(sorted(self.root.rglob("*")), before)
        self.assertEqual(programs.need(self.root).symbols(), ["CRC32", "NET"])

    def test_programs_of_areas_have_their_names(self):
        (self.root / "selftests").rename(self.root / "x")
        (self.root / "selftests").mkdir()
        (self.root / "x").rename(self.root / "selftests/x")
        where, names = self.build()
        self.assertEqual(names, ["x/a_test", "x/b.sh"])
        self.assertTrue((where / names[0]).exists())

    def test_error_has_its_place_in_the_project(self):
        copy = self.scratch / "work/src/selftests"
        copy.mkdir(parents=True)
        self.write("selftests/a_test.c", SOURCE.replace("BODY", "none"))
        for path in (self.root / "selftests").iterdir():
            (copy / path.name).write_bytes(path.read_bytes())
        with self.assertRaises(build.Stopped) as stopped:
            self.build()
        self.assertRegex(
            stopped.exception.reason,
            r"^selftests/a_test.c:6:\d+: error: .none. undeclared",
        )

    def test_makefile_without_programs(self):
        self.write("selftests/Makefile", "include ../lib.mk\n")
        self.check_stopped(
            "selftests/Makefile names no program: add TEST_GEN_PROGS := NAME, "
            "which is built from NAME.c"
        )


class Program(Runner):
    """rig/guest/program"""

    def program(self, name, script):
        """Run a program of a directory; return its result."""
        path = self.area / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        root = self.guest("program", str(self.area), name)
        self.assertEqual(root.faults, [])
        return root.children[0]

    def test_each_end_has_its_result(self):
        for script, *row in (
            (f"printf '{PASS}\\n'", "pass", ""),
            ("echo text", "pass", ""),
            ("exit 4", "skip", ""),
            ("exit 1", "fail", "exit status 1"),
            ("kill -9 $$", "fail", "killed by signal 9"),
        ):
            with self.subTest(script):
                ended = self.program("a.sh", script)
                self.assertEqual(ended.name, "a.sh")
                self.assertEqual([ended.status, ended.reason], row)

    def test_program_runs_in_its_own_directory(self):
        ended = self.program("sub/a.sh", "basename $PWD")
        self.assertEqual(ended.name, "sub/a.sh")
        self.assertEqual(ended.diagnostics, ["    sub"])

    def test_wrong_settings(self):
        (self.area / "settings").write_text("timeout=soon\n")
        self.assertIn("settings: ", self.program("a.sh", "exit 0").reason)


class Judge(Own):
    """What is made of a document and of the kernel's log."""

    NAMES = ("a_test", "b.sh", "c.sh")

    def judged(self, document=DOCUMENT, log="", served=()):
        """Return what came of three programs."""
        tests = programs.Tests(self.root / "selftests")
        found = project.Project(self.root, "demo", project.Config(), "kbuild")
        with unittest.mock.patch("check.get_kernel", return_value=KERNEL):
            run = test.Run(found, tests, no_suites(self.root), "*", "stock")
        run.run = self.scratch
        run.work = self.scratch
        (self.scratch / "ktap").write_text(document)
        (self.scratch / "console.log").write_text(log)
        guests: Any = types.SimpleNamespace(
            document=types.SimpleNamespace(seconds={"a_test": 1.5}),
            served=served,
        )
        return run.judge(list(self.NAMES), guests)

    def test_table(self):
        self.assertEqual(
            [" ".join(line.split()) for line in ran.table(self.judged())][1:],
            [
                f"a_test {KERNEL.path.name} FAILED 1.5 1 passed, 1 failed",
                f"b.sh {KERNEL.path.name} FAILED - "
                "the guest ended before its job was done",
                f"c.sh {KERNEL.path.name} skip -",
            ],
        )

    def test_failures(self):
        text = "\n".join(ran.failures(self.judged()))
        name = KERNEL.path.name
        self.assertIn(
            f"\na_test on {name}, fact: Expected 0 (0) != false (0)\n"
            "  selftests/a_test.c:6:fact:Expected 0 (0) != false (0)\n",
            text,
        )
        self.assertIn(
            f"\nb.sh on {name}: the guest ended before its job was done\n"
            "  about to end\n",
            text,
        )
        self.assertNotIn("c.sh", text)

    def test_complaint_of_the_kernel_fails_the_program_that_ran(self):
        log = begins("b.sh") + begins("c.sh") + "WARNING: odd\n"
        one = self.judged(log=log)[2]
        self.assertEqual(one.status, ran.FAILED)
        self.assertEqual(one.told(), "1 failed")
        text = "\n".join(ran.failures([one]))
        self.assertIn(
            f"c.sh on {KERNEL.path.name}, kernel-log: WARNING: odd", text
        )

    def test_panic_is_told_with_what_the_program_said(self):
        log = begins("b.sh") + "Kernel panic - not syncing: x\n"
        text = "\n".join(ran.failures(self.judged(log=log)[1:2]))
        self.assertIn("kernel-log: Kernel panic - not syncing: x\n", text)
        self.assertIn("  about to end\n", text)

    def test_complaint_before_the_first_program_is_of_the_rig(self):
        with self.assertRaises(check.RigError):
            self.judged(log="WARNING: odd\n")

    def test_leak_and_end_of_a_guest_have_lines_of_their_own(self):
        log = begins("c.sh") + "unreferenced object 0x1 (size 8):\n"
        guest = types.SimpleNamespace(
            errors=["it hung"], area=None, has_begun=True, is_excused=False
        )
        found = self.judged(log=log, served=[guest])
        names = [(one.name, one.status) for one in found[3:]]
        self.assertEqual(
            names, [("the guest", ran.FAILED), ("memory", ran.FAILED)]
        )

    def test_program_that_is_not_in_the_document_fails(self):
        self.assertEqual(self.judged("")[0].told(), "it did not run")

    def test_reports_have_the_same_results(self):
        found = self.judged(log=begins("c.sh") + "WARNING: odd\n")
        ran.write(self.scratch / "out", found)
        root = ktap.read_file(self.scratch / "out/ktap")
        self.assertEqual(root.faults, [])
        for group in root.children[0].children:
            self.assertEqual(group.faults, [])
        counted = ktap.count(ktap.outcomes(root))
        ours = ktap.count(o for one in found for o in one.outcomes)
        self.assertEqual(counted, ours)
        xml = (self.scratch / "out/junit.xml").read_text()
        self.assertIn('tests="4" failures="3"', xml)


class Verb(Own):
    """Arguments and exit status."""

    def test_pattern(self):
        names = ["net/a_test", "b.sh"]
        self.assertEqual(test.chosen(names, "*"), names)
        self.assertEqual(test.chosen(names, "a_*"), ["net/a_test"])
        self.assertEqual(test.chosen(names, "net/*"), ["net/a_test"])
        error = io.StringIO()
        with self.assertRaises(SystemExit) as ended:
            with contextlib.redirect_stderr(error):
                test.need_chosen(names, "c*")
        self.assertEqual(ended.exception.code, 2)
        self.assertIn("use one of net/a_test, b.sh", error.getvalue())

    def test_pattern_alone_is_for_the_current_directory(self):
        shutil.copytree(PROJECT / "examples/counter", self.scratch / "counter")
        (self.scratch / "counter/tests").mkdir()
        program = self.scratch / "counter/tests/b.sh"
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        modproof = str(HERE / "modproof")
        where = ("env", "-C", str(self.scratch / "counter"))
        cache = str(self.scratch / "cache")
        status, said = self.run_tool(
            *where, modproof, "test", "a_*", MODPROOF_CACHE=cache
        )
        self.assertEqual(status, 2)
        self.assertIn("use one of b.sh", said)

    def ended(self, status):
        """Return what came of modules whose build ended with this status."""
        found = project.Project(self.root, "demo", project.Config(), "kbuild")
        with (
            unittest.mock.patch("check.get_kernel", return_value=KERNEL),
            unittest.mock.patch("check.build_for") as build_for,
            contextlib.redirect_stdout(io.StringIO()),
        ):
            lines = ["a.c:1: error: x", "    1 | x"]
            build_for.return_value = build.Build(
                status, lines[0], self.scratch / "log", lines=lines
            )
            run = test.Run(
                found,
                programs.Tests(self.root),
                no_suites(self.root),
                "*",
                "stock",
            )
            (one,) = run.all()
        return one, run.can_have

    def test_modules_that_do_not_build(self):
        one, can_have = self.ended(build.FAILED)
        self.assertTrue(can_have)
        self.assertEqual((one.name, one.status), ("the modules", ran.FAILED))
        self.assertEqual(
            list(ran.failures([one]))[1:3],
            [
                f"the modules on {KERNEL.path.name}: a.c:1: error: x",
                "      1 | x",
            ],
        )

    def test_kernel_that_cannot_have_the_modules(self):
        one, can_have = self.ended(build.NOT_FOR_THIS_KERNEL)
        self.assertFalse(can_have)
        self.assertEqual(one.status, ran.SKIPPED)
        self.assertEqual(one.told(), "not for this kernel: a.c:1: error: x")

    def status(self, *statuses, broken=(), can_have=True):
        """Return the exit status of a run with these results."""
        found = [
            ran.Ran("stock", ktap.Test("x", 1, status)) for status in statuses
        ]
        with contextlib.redirect_stdout(io.StringIO()):
            with contextlib.redirect_stderr(io.StringIO()):
                return test.report(found, list(broken), can_have, self.scratch)

    def test_exit_status(self):
        self.assertEqual(self.status("pass", "skip"), 0)
        self.assertEqual(self.status("pass", "fail", broken=["x"]), 1)
        self.assertEqual(self.status("pass", broken=["x"]), 3)
        self.assertEqual(self.status("skip", can_have=False), 4)
