# SPDX-License-Identifier: GPL-2.0
"""Tests of requests for one test, one session, or the style of one file"""

from tests.base import HERE, KERNEL, PROJECT, Scratch, TOOLS

# A script that prints what a program with the kselftest harness prints for -l:
# the program has one fixture with two tests.
LISTS = (
    "printf '%-20s %-25s %s\\n' '# FIXTURE' VARIANT TEST file '' opens "
    "'' '' reads >&2; exit 4"
)
# What nm prints for a program with these tests, and for one without a fixture.
SYMBOLS = """\
0000000000400e40 t _register_file_data
0000000000400e60 t _register_file_opens
0000000000400e80 t _register_file_reads
                 U wrapper_
0000000000401f34 t wrapper_file_opens
0000000000401f90 t wrapper_file_reads
0000000000401f90 t wrapper_file_reads.cold
0000000000402f90 t wrapper_alone
0000000000400ea0 T main"""


class Alone(Scratch):
    """A user requests a single test, session or file."""

    def kselftest(self, test, *targets, kernel=KERNEL.path):
        """Run tools/kselftest with TEST=@test and these targets.

        A fake make builds a shell script as the area's only program.
        """
        self.fake("program", LISTS)
        path = self.fake(
            "make",
            "for word; do case $word in INSTALL_PATH=*) to=${word#*=}; esac; done\n"
            f"case $* in *emit_tests*) echo hello:x_test ;; *) "
            f'cp {self.scratch}/program "$to/x_test" ;; esac',
        )
        return self.run_tool(
            str(PROJECT / "tools/kselftest"),
            str(kernel),
            *targets,
            TEST=test,
            PATH=path,
        )

    def test_unknown_program(self):
        self.assertEqual(
            self.kselftest("y_test.reads", "hello"),
            (
                1,
                'modproof: TEST=y_test.reads: hello has no program "y_test": '
                "use one of x_test\n",
            ),
        )

    def test_unknown_test_of_a_program(self):
        self.assertEqual(
            self.kselftest("x_test.file.writes", "hello"),
            (
                1,
                'modproof: TEST=x_test.file.writes: x_test has no test "writes": '
                "use one of opens reads\n",
            ),
        )

    def test_unknown_test_for_another_architecture(self):
        self.fake("aarch64-linux-gnu-nm", f"echo '{SYMBOLS}'")
        (self.scratch / "arch").write_text("arm64\n")
        for test in "writes", "file_opens":
            self.assertEqual(
                self.kselftest(f"x_test.{test}", "hello", kernel=self.scratch),
                (
                    1,
                    f"modproof: TEST=x_test.{test}: x_test has no test "
                    f'"{test}": use one of alone opens reads\n',
                ),
            )

    def test_test_without_its_area(self):
        for targets in ((), ("hello", "proc")):
            status, said = self.kselftest("x_test", *targets)
            self.assertEqual(status, 1)
            self.assertIn("TEST=x_test needs the one area that it is in", said)

    def test_unknown_session(self):
        status, said = self.run_tool(
            str(TOOLS / "run"), "demo", TARGETS="hello-1 nothing"
        )
        self.assertEqual(status, 1)
        self.assertRegex(
            said,
            r"\Amodproof: TARGETS=nothing is neither an area, a directory in "
            r"modules/, nor a session, a file there: use some of: block .*\n\Z",
        )

    def test_style_of_one_file_has_its_gates_alone(self):
        self.fake("black", ":")
        self.fake("mypy", ":")
        path = self.fake("codespell", ":")
        status, said = self.run_tool(
            str(TOOLS / "style"),
            str(KERNEL.path),
            FILES="rig/tests/base.py",
            PATH=path,
        )
        self.assertEqual(status, 0)
        self.assertRegex(
            said,
            r"(?s)codespell: .*black: .*mypy: .*length of Python functions: .*"
            r"\n4 passed, 0 failed, 0 skipped",
        )

    def test_style_of_a_session_compiles_nothing(self):
        status, said = self.run_tool(
            str(TOOLS / "style"),
            str(KERNEL.path),
            FILES="modules/proc/procfs1.session",
            PATH=self.fake("codespell", ":"),
        )
        self.assertEqual(status, 0)
        self.assertRegex(said, r"(?s)codespell: .*\n1 passed, 0 failed")

    def test_soak_of_an_unknown_module(self):
        status, said = self.run_tool(
            str(PROJECT / "tools/kselftest"),
            "--soak",
            str(KERNEL.path),
            MODULE="x",
        )
        self.assertEqual(status, 1)
        self.assertRegex(
            said,
            r"\Amodproof: MODULE=x is not known: use some of blkram .*, or "
            r"describe it in selftests/<area>/x_module\.h, with IN_SOAK\(\)\n\Z",
        )

    def test_style_of_a_file_that_is_not_there(self):
        status, said = self.run_tool(
            str(TOOLS / "style"), str(KERNEL.path), FILES="lib/nothing.c"
        )
        self.assertEqual(status, 1)
        self.assertIn("FILES=lib/nothing.c is not there", said)
