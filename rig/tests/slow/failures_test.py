# SPDX-License-Identifier: GPL-2.0
"""Tests that cause each kind of failure once, and check what the user sees

Each test puts a defect into a copy of the project, and runs the command that
fails because of it.  The last screen is the end of the command's output, as
much as a terminal shows.  The expected screens are
rig/tests/screens/real-NAME.txt.
"""

import re
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.base import KSRC, PROJECT, WORK, make
from tests.screen_test import LINES, Screens, first_screen

DEQUE = "lib/deque.c"
PROTO = "lib/deque_proto.c"
HELLO = "modules/hello/hello-2.c"
SAYS = '	pr_info("Hello, world 2\\n");\n'
LEAVES = '	pr_info("Goodbye, world 2\\n");\n'
HELLO_TEST = "selftests/hello/hello-1_test.c"
MUTANT = "selftests/hello/mutants/HELLO1-2.patch"
# A limit on the size of a file: less than the gibibyte of UML's memory, and
# more than any file of the build.
UML_FILE = 900 << 20
# The lines of progress, which are not compared: how many there are depends on
# the time that the build takes.
PROGRESS = re.compile(
    r"^(\[ *\d+ s\] .*|modproof: .* from the environment.*)\n", re.M
)
# The line of a part of lib/ whose fuzz target has passed.  The targets run at the
# same time, so any of them may end last.
FUZZED = re.compile(r"^\w+ +PASS +\d+ runs/s, .*\n", re.M)


def last_screen(text):
    """Return the end of a text, as a terminal shows it above the prompt."""
    lines = first_screen(text, None).splitlines()
    return (
        "\n".join(["(above)"] * (len(lines) > LINES) + lines[-LINES:]) + "\n"
    )


class Failures(Screens):
    """Tests that share one copy of the project and its build directory."""

    LIMIT = 3600
    place: Path
    project: Path

    @classmethod
    def setUpClass(cls):
        cls.place = Path(tempfile.mkdtemp(prefix="rig-", dir=WORK))
        cls.project = cls.place / "project"
        shutil.copytree(
            PROJECT,
            cls.project,
            ignore=lambda at, names: {".git", "build"} & set(names)
            if Path(at) == PROJECT
            else {"__pycache__"},
        )
        build = cls.project / "build"
        build.mkdir()
        (build / ".modproof").touch()
        (build / "kernels").symlink_to(WORK / "kernels")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.place)

    def fails(self, screen, target, *variables, defects=(), **options):
        """Check that a target fails, and that its last screen is @screen.

        A defect is a file's name, a text in it, and the text that replaces it.
        """
        whole: dict[Path, str] = {}
        for name, old, new in defects:
            path = self.project / name
            whole.setdefault(path, path.read_text())
            self.assertIn(old, path.read_text())
            path.write_text(path.read_text().replace(old, new, 1))
        try:
            done = make(
                self.project,
                target,
                *variables,
                f"KSRC={KSRC}",
                **options,
                stderr=subprocess.STDOUT,
            )
        finally:
            for path, text in whole.items():
                path.write_text(text)
        said = FUZZED.sub("", PROGRESS.sub("", done.stdout))
        self.assertNotEqual(done.returncode, 0, said)
        self.check_screen(f"real-{screen}", last_screen(said), None)

    def hello(
        self, screen, *defects, program="hello-2_test", kernel="stock-6.12"
    ):
        """Check the screen of a kselftest of hello, with these defects."""
        self.fails(
            screen,
            "kselftest",
            "TARGETS=hello",
            f"TEST={program}",
            f"KERNEL={kernel}",
            defects=defects,
        )

    def test_compile_error_in_lib(self):
        defect = (PROTO, "if (!dq->capacity)", "if (!dq->limit)")
        self.hello("build-lib", defect)

    def test_compile_error_in_a_module(self):
        self.hello("build-module", (HELLO, "pr_info(", "pr_inform("))

    def test_compile_error_in_a_selftest(self):
        defect = (HELLO_TEST, "&self->log", "&self->lag")
        self.hello("build-selftest", defect)

    def test_kunit_case(self):
        defect = (
            DEQUE,
            "|| capacity > nr_slots",
            "|| capacity > 2 * nr_slots",
        )
        self.fails("kunit", "kunit", "SUITE=deque", defects=[defect])

    def test_kselftest(self):
        defect = (HELLO, '("Hello, world 2', '("Hello, word 2')
        self.hello("kselftest", defect)

    def test_session(self):
        defect = (
            "modules/hello/hello-4.c",
            'pr_info("Hello',
            'pr_info("Hullo',
        )
        self.fails("session", "demo", "TARGETS=hello-4", defects=[defect])

    def test_fuzz_target(self):
        defect = ("lib/zeropad.c", "if (len > size)", "if (len >= size)")
        self.fails("fuzz", "fuzz", "TIME=1", defects=[defect])

    def test_mutant(self):
        says = 'MODULE_DESCRIPTION("Module with init and exit functions of any name");\n'
        defects = [
            (MUTANT, "+26,4", "+26,5"),
            (MUTANT, says, says + '+MODULE_DESCRIPTION("A module");\n'),
        ]
        self.fails("mutant", "mutants", "ID=HELLO1-2", defects=defects)

    def test_oops(self):
        defect = (HELLO, SAYS, f"	WRITE_ONCE(*(int *)8, 1);\n{SAYS}")
        self.hello("oops", defect)

    def test_warn(self):
        defect = (HELLO, SAYS, f"	WARN_ON(1);\n{SAYS}")
        self.hello("warn", defect)

    def test_kasan(self):
        defects = [
            (
                HELLO,
                "<linux/printk.h>\n",
                "<linux/printk.h>\n#include <linux/slab.h>\n\nstatic int *number;\n",
            ),
            (
                HELLO,
                SAYS,
                f"	number = kzalloc(sizeof(*number), GFP_KERNEL);\n	kfree(number);\n	WRITE_ONCE(*number, 1);\n{SAYS}",
            ),
        ]
        self.hello("kasan", *defects, kernel="debug-6.12")

    def test_lockdep(self):
        defects = [
            (
                HELLO,
                "<linux/printk.h>\n",
                "<linux/printk.h>\n#include <linux/mutex.h>\n\nstatic DEFINE_MUTEX(first);\nstatic DEFINE_MUTEX(second);\n",
            ),
            (
                HELLO,
                SAYS,
                f"	mutex_lock(&first);\n	mutex_lock(&second);\n	mutex_unlock(&second);\n	mutex_unlock(&first);\n{SAYS}",
            ),
            (
                HELLO,
                LEAVES,
                f"	mutex_lock(&second);\n	mutex_lock(&first);\n	mutex_unlock(&first);\n	mutex_unlock(&second);\n{LEAVES}",
            ),
        ]
        self.hello("lockdep", *defects, kernel="debug-6.12")

    def test_leak(self):
        defects = [
            (
                HELLO,
                "<linux/printk.h>\n",
                "<linux/printk.h>\n#include <linux/slab.h>\n",
            ),
            (HELLO, SAYS, f"	kzalloc(8, GFP_KERNEL);\n{SAYS}"),
        ]
        self.hello("leak", *defects, kernel="debug-6.12")

    def test_hang(self):
        defect = (
            HELLO,
            SAYS,
            f"	local_irq_disable();\n	while (1)\n		cpu_relax();\n{SAYS}",
        )
        self.hello("hang", defect)

    def test_guest_that_does_not_start(self):
        qemu = shutil.which("qemu-system-x86_64")
        path = self.fake(
            "qemu-system-x86_64", f'exec {qemu} "$@" -kernel nothing'
        )
        self.fails(
            "no-guest", "kselftest", "TARGETS=hello", env={"PATH": path}
        )

    def test_uml_that_does_not_start(self):
        """The limit on a file's size is below the size of UML's memory."""
        limit = (resource.RLIMIT_FSIZE, (UML_FILE, UML_FILE))
        self.fails(
            "no-uml",
            "kunit",
            "SUITE=deque",
            preexec_fn=lambda: resource.setrlimit(*limit),
        )

    def test_no_test_is_matched(self):
        self.fails("no-suite", "kunit", "SUITE=dequeue")
        self.fails(
            "no-program", "kselftest", "TARGETS=hello", "TEST=hello_1_test"
        )
        self.fails(
            "no-case",
            "kselftest",
            "TARGETS=hello",
            "TEST=hello-1_test.nothing",
        )
