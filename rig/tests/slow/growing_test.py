# SPDX-License-Identifier: GPL-2.0
"""Tests of modproof init and modproof test, as a user types them"""

import os
import re
import shutil
import subprocess

from tests.base import HERE, KERNEL, KSRC, PROJECT, Scratch

# What a user writes in place of the assertion that fails.
WRITTEN = """
	char text[8] = "";
	int fd = open("/dev/counter", O_RDONLY);

	ASSERT_LE(0, fd);
	EXPECT_EQ(2, read(fd, text, sizeof(text)));
	EXPECT_STREQ("1\\\\n", text);
	close(fd);
}
"""


class Growing(Scratch):
    """A copy of examples/counter, which has no test."""

    def setUp(self):
        super().setUp()
        self.root = self.scratch / "counter"
        shutil.copytree(PROJECT / "examples/counter", self.root)
        kernels = self.scratch / "cache/kernels"
        kernels.mkdir(parents=True)
        (kernels / "stock-6.12").symlink_to(KERNEL.path)
        (kernels / "source-6.12").symlink_to(KSRC)

    def modproof(self, *words):
        """Run modproof; return its exit status and its output."""
        done = subprocess.run(
            [HERE / "modproof", *words],
            cwd=self.root,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.scratch),
                "MODPROOF_CACHE": str(self.scratch / "cache"),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def run_tests(self):
        """Run the tests on the stock kernel."""
        return self.modproof("test", ".", "*_test", "--kernel", "stock-6.12")

    def test_first_test_fails_until_it_is_written(self):
        status, said = self.modproof("test")
        self.assertEqual(status, 2, said)
        self.assertIn('"modproof init" writes a first test', said)

        status, said = self.modproof("init")
        self.assertEqual(status, 0, said)
        self.assertIn("selftests/counter_test.c", said)

        status, said = self.run_tests()
        self.assertEqual(status, 1, said)
        self.assertRegex(said, r"counter_test +stock-6.12 +FAILED")
        self.assertIn("this test is yet to be written", said)
        self.assertRegex(said, r"\n  selftests/counter_test\.c:\d+:")
        self.assertIn("0 passed, 1 failed, 0 skipped", said)

        path = self.root / "selftests/counter_test.c"
        body = r"(?s)\n\t/\*\n\t \* Replace this.*?\n}\n"
        text, count = re.subn(body, WRITTEN, path.read_text())
        self.assertEqual(count, 1)
        path.write_text(text)
        status, said = self.run_tests()
        self.assertEqual(status, 0, said)
        self.assertIn("1 passed, 0 failed, 0 skipped", said)

    def test_first_suite_fails_until_it_is_written(self):
        source = (
            '#include "sum.h"\nint sum(int a, int b)\n{\n\treturn a + b;\n}\n'
        )
        (self.root / "sum.c").write_text(source)
        (self.root / "sum.h").write_text("int sum(int a, int b);\n")
        status, said = self.modproof("init")
        self.assertEqual(status, 0, said)
        self.assertIn("kunit/sum_kunit.c", said)
        # kbuild must not take this for an object of UML.
        (self.root / "sum.o").write_text("no object")

        words = ("test", ".", "sum", "--kernel", "uml")
        status, said = self.modproof(*words)
        self.assertEqual(status, 1, said)
        self.assertRegex(said, r"\nsum +uml +FAILED")
        self.assertRegex(said, r"FAILED at kunit/sum_kunit\.c:\d+\n")

        path = self.root / "kunit/sum_kunit.c"
        text = path.read_text()
        failing = re.search(r"KUNIT_FAIL\(.*\);", text)[0]
        path.write_text(
            text.replace(failing, "KUNIT_EXPECT_EQ(test, 3, sum(1, 2));")
        )
        status, said = self.modproof(*words)
        self.assertEqual(status, 0, said)
        self.assertIn("1 passed, 0 failed, 0 skipped", said)

        path.write_text(text.replace(failing, "nonsense();"))
        status, said = self.modproof(*words)
        self.assertEqual(status, 1, said)
        self.assertRegex(
            said, r"kunit/sum_kunit\.c:\d+:\d+: error: .*nonsense"
        )
        self.assertNotIn("make kunit", said)
