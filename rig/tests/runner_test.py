# SPDX-License-Identifier: GPL-2.0
"""Tests of rig/guest/kselftest and rig/guest/kunit"""

import os
import shutil
import subprocess

import ktap
from tests.base import HERE, KSRC, Scratch

HEADER = "KTAP version 1\n1..1\n"
PASS = "echo TAP version 13; echo 1..1; echo ok 1 one"
# By the name of a program: its script, the status and the reason of its
# result, and the statuses of its outcomes.
PROGRAMS = {
    "passes": (PASS, "pass", "", ["pass"]),
    "exits": (f"{PASS}; exit 1", "fail", "exit status 1", ["fail", "pass"]),
    "exits_255": ("exit 255", "fail", "exit status 255", ["fail"]),
    "exits_2": ("exit 2", "fail", "exit status 2", ["fail"]),
    "dies": (
        f"{PASS}; kill -SEGV $$",
        "fail",
        "killed by signal 11",
        ["fail", "pass"],
    ),
    "is_killed": ("kill -KILL $$", "fail", "killed by signal 9", ["fail"]),
    "is_terminated": ("kill $$", "fail", "killed by signal 15", ["fail"]),
    "skips": (
        "echo 1..0 '# SKIP' needs CONFIG_FOO; exit 4",
        "skip",
        "needs CONFIG_FOO",
        ["skip"],
    ),
    "skips_the_rest": (
        "echo 1..3; echo ok 1 one; echo 'ok 2 # SKIP why'; exit 4",
        "skip",
        "",
        ["pass", "skip"],
    ),
    "fails_a_test": (
        "echo 1..1; echo not ok 1 one; exit 1",
        "fail",
        "exit status 1",
        ["fail"],
    ),
}
HANGS = {
    "hangs": "while :; do :; done",
    "catches_the_end": f"trap 'exit 0' TERM; {PASS}; while :; do :; done",
}


PROGRAM = """
#include <signal.h>
#include <string.h>
#include "kselftest.h"

static void crash(void)
{
	raise(SIGSEGV);
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/') + 1;

	setvbuf(stdout, NULL, _IOLBF, 0);
	ksft_print_header();
	if (strcmp(name, "skips_all")) {
		ksft_set_plan(2);
		ksft_test_result_pass("one\\n");
	}
	%s
}
"""
# By the name of a program: the code that PROGRAM runs after its first of two
# tests has passed, and the outcomes.
ENDS = {
    "passes": (
        'ksft_test_result_pass("two words\\n"); ksft_finished();',
        [("pass", "one", ""), ("pass", "two words", "")],
    ),
    "crashes_late": (
        'ksft_test_result_pass("two\\n"); atexit(crash); ksft_finished();',
        [
            ("fail", "crashes_late", "killed by signal 11"),
            ("pass", "one", ""),
            ("pass", "two", ""),
        ],
    ),
    "fails_late": (
        'ksft_test_result_pass("two\\n"); ksft_exit_fail();',
        [
            ("fail", "fails_late", "exit status 1"),
            ("pass", "one", ""),
            ("pass", "two", ""),
        ],
    ),
    "fails": (
        'ksft_test_result_fail("two\\n"); ksft_finished();',
        [("pass", "one", ""), ("fail", "two", "")],
    ),
    "errs": (
        'ksft_test_result_error("two\\n"); ksft_finished();',
        [("pass", "one", ""), ("fail", "test 2", "error two")],
    ),
    "gives_up": (
        'ksft_exit_fail_msg("no memory\\n");',
        [
            (
                "fail",
                "gives_up",
                "exit status 1; bail out: no memory; "
                "1 of 2 results are missing",
            ),
            ("pass", "one", ""),
        ],
    ),
    "skips": (
        'ksft_test_result_skip("why\\n"); ksft_finished();',
        [("pass", "one", ""), ("skip", "test 2", "why")],
    ),
    "expects_a_failure": (
        'ksft_test_result_xfail("two\\n"); ksft_finished();',
        [("pass", "one", ""), ("xfail", "test 2", "two")],
    ),
    "skips_the_rest": (
        'ksft_exit_skip("why\\n");',
        [("pass", "one", ""), ("skip", "test 2", "why")],
    ),
    "skips_all": ('ksft_exit_skip("why\\n");', [("skip", "skips_all", "why")]),
}


class Runner(Scratch):
    """A test that runs a guest's script on the host.

    self.run_dir stands for the guest's /run; self.area has the programs.
    """

    def setUp(self):
        super().setUp()
        self.run_dir = self.scratch / "run"
        self.area = self.scratch / "area"
        self.run_dir.mkdir()
        self.area.mkdir()
        (self.run_dir / "busybox").symlink_to(shutil.which("busybox"))
        (self.run_dir / "pulse").mkdir()
        os.mkfifo(self.run_dir / "pulse/never")

    def replace_busybox(self, script):
        """Replace busybox by @script, in which $bb is the real busybox."""
        busybox = self.run_dir / "busybox"
        busybox.unlink()
        busybox.write_text(f"#!/bin/sh\nbb=busybox\n{script}\n")
        busybox.chmod(0o755)

    def guest(self, tool, *args, **environment):
        """Run a script of rig/guest/ as a guest does; return its document."""
        done = subprocess.run(
            ["busybox", "sh", str(HERE / "guest" / tool), *args],
            env=os.environ | {"RUN": str(self.run_dir)} | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=False,
        )
        return ktap.read(HEADER + done.stdout)


class Kselftest(Runner):
    """Tests of rig/guest/kselftest"""

    def run_programs(self, programs, settings=None, **environment):
        """Run scripts as the programs of an area; return the area's result."""
        for name, script in programs.items():
            path = self.area / name
            path.write_text(f"#!/bin/sh\n{script}\n")
            path.chmod(0o755)
        names = "".join(f"{name}\n" for name in programs)
        (self.area / "programs").write_text(names)
        if settings is not None:
            (self.area / "settings").write_text(settings)
        root = self.guest(
            "kselftest", str(self.scratch), "area", **environment
        )
        self.assertEqual(root.faults, [])
        return root.children[0]

    def test_each_end_has_its_result(self):
        area = self.run_programs(
            {name: row[0] for name, row in PROGRAMS.items()}
        )
        self.assertEqual(area.status, "fail")
        for test, name in zip(area.children, PROGRAMS, strict=True):
            found = [status for _, _, status in ktap.outcomes(test)]
            row = (test.status, test.reason, sorted(found))
            with self.subTest(name):
                self.assertEqual(test.name, name)
                self.assertEqual(row, PROGRAMS[name][1:])

    def test_program_that_ends_in_time_passes(self):
        area = self.run_programs({"passes": PASS}, "timeout=20\n")
        self.assertEqual((area.status, area.faults), ("pass", []))

    def test_program_that_takes_too_long_fails(self):
        """A program fails even if it catches SIGTERM and reports a pass."""
        area = self.run_programs(HANGS, "timeout=0.2\n")
        for test in area.children:
            with self.subTest(test.name):
                self.assertEqual(test.status, "fail")
                self.assertEqual(test.reason, "timed out after 0.2 s")

    def test_settings_are_taken_as_the_kernels_runner_takes_them(self):
        self.replace_busybox('[ "$1" != sh ] || echo "# $3"; exec $bb "$@"')
        for settings, limit in (
            (None, "45"),
            ("", "45"),
            ("timeout=300\n", "300"),
            ("timeout=300", "300"),
            ("# timeout=1\n\ntimeout=20\ntimeout=30\n", "30"),
            ('timeout="30" # for slow ones\n', "30"),
            ("timeouts=7\ntime=8\n", "45"),
            ("timeout=2m\n", "120"),
            ("timeout=1.5s\n", "1.5"),
            ("timeout=.5\n", "0.5"),
            ("timeout=0\n", "0"),
        ):
            with self.subTest(settings):
                area = self.run_programs({"passes": ":"}, settings)
                said = f"        # {limit}"
                self.assertEqual(area.children[0].status, "pass")
                self.assertEqual(area.children[0].diagnostics, [said])

    def test_limit_is_that_of_the_job_on_a_slow_kernel(self):
        self.replace_busybox('[ "$1" != sh ] || echo "# $3"; exec $bb "$@"')
        area = self.run_programs({"passes": ":"}, SLOW="10", TIMEOUT="70")
        self.assertEqual(area.children[0].diagnostics, ["        # 700"])

    def test_settings_that_say_nothing_are_refused(self):
        for value in ("", "soon", "-1", "1 2", "5x"):
            with self.subTest(value):
                area = self.run_programs({"a": PASS}, f"timeout={value}\n")
                self.assertEqual(area.status, "fail")
                self.assertIn("settings: ", area.reason)

    def test_area_that_is_not_there_fails(self):
        root = self.guest("kselftest", str(self.scratch), "none")
        self.assertEqual(root.children[0].status, "fail")
        self.assertIn("none is not there", root.children[0].reason)

    def test_area_without_programs_fails(self):
        self.assertEqual(self.run_programs({}).faults, ["no test ran"])


class Program(Runner):
    """Programs that use the kernel's kselftest.h."""

    def test_each_end_of_kselftest_h_has_its_result(self):
        source = "".join(
            f'if (!strcmp(name, "{name}")) {{ {does} }}\n'
            for name, (does, _) in ENDS.items()
        )
        (self.scratch / "ends.c").write_text(PROGRAM % source)
        first, *others = ENDS
        subprocess.run(
            [
                *(os.environ.get("CC") or "gcc", "-o", self.area / first),
                f"-I{KSRC}/tools/testing/selftests",
                self.scratch / "ends.c",
            ],
            check=True,
        )
        for name in others:
            (self.area / name).hardlink_to(self.area / first)
        names = "".join(f"{name}\n" for name in ENDS)
        (self.area / "programs").write_text(names)
        root = self.guest("kselftest", str(self.scratch), "area")
        for test in root.children[0].children:
            with self.subTest(test.name):
                found = [
                    (status, said.label, said.why)
                    for _, said, status in ktap.outcomes(test)
                ]
                self.assertEqual(found, ENDS[test.name][1])


class Suite(Runner):
    """Tests of rig/guest/kunit"""

    def results(self, suite, result, *lines):
        """Write a suite's results to a file like that in debugfs."""
        path = self.scratch / "debugfs/kunit" / suite
        path.mkdir(parents=True)
        nested = ("KTAP version 1", f"# Subtest: {suite}", *lines)
        text = "".join(f"    {line}\n" for line in nested)
        (path / "results").write_text(f"{HEADER}{text}{result} 1 {suite}\n")

    def run_suite(self, modprobe="true", rmmod="true"):
        """Run the suite "part"; return its result and its outcomes.

        @modprobe and @rmmod are scripts that stand for these commands.
        """
        self.replace_busybox(
            f"case $1 in modprobe) {modprobe} ;; rmmod) {rmmod} ;;"
            ' *) exec $bb "$@" ;; esac'
        )
        parameters = self.scratch / "parameters"
        parameters.mkdir()
        root = self.guest(
            "kunit",
            "part_suite",
            "part",
            DEBUGFS=str(self.scratch / "debugfs"),
            PARAMETERS=str(parameters),
        )
        self.assertEqual(len(root.children), 1)
        return root.children[0], list(ktap.outcomes(root.children[0]))

    def check_fails(self, suite, count, why):
        """Check that a suite failed once, and @count of its cases passed."""
        test, found = suite
        self.assertEqual(ktap.count(found), (count, 1, 0))
        self.assertIn(why, test.why)

    def test_suite_passes(self):
        self.results("part", "ok", "1..2", "ok 1 one", "ok 2 two")
        test, found = self.run_suite()
        self.assertEqual((test.name, test.why), ("part", ""))
        glob = self.scratch / "parameters/filter_glob"
        self.assertEqual(glob.read_text(), "part")
        self.assertEqual(ktap.count(found), (2, 0, 0))

    def test_suite_that_fails_over_cases_that_pass_fails(self):
        self.results("part", "not ok", "1..1", "ok 1 one")
        self.check_fails(self.run_suite(), 1, "")

    def test_suite_that_is_not_initialized_fails(self):
        self.results("part", "not ok", "1..1", "# failed to initialize (-12)")
        self.check_fails(self.run_suite(), 0, "1 of 1 results are missing")

    def test_module_that_does_not_load_fails(self):
        suite = self.run_suite(modprobe="false")
        self.check_fails(suite, 0, "the module does not load")

    def test_module_that_cannot_be_unloaded_fails(self):
        self.results("part", "ok", "1..1", "ok 1 one")
        suite = self.run_suite(rmmod="false")
        self.check_fails(suite, 1, "the module cannot be unloaded")

    def test_module_with_another_suite_fails(self):
        self.results("part", "ok", "1..1", "ok 1 one")
        self.results("other", "not ok", "1..1", "not ok 1 one")
        self.check_fails(self.run_suite(), 1, "and runs: other part")

    def test_module_without_its_suite_fails(self):
        self.check_fails(self.run_suite(), 0, "and runs:")
