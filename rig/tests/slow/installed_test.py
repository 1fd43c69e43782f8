# SPDX-License-Identifier: GPL-2.0
"""Tests of how an installed test program finds the module that it loads"""

import os
import shutil
import subprocess

from tests.base import PROJECT, Scratch

# A program that opens the module that its argument names, and prints the file.
PROGRAM = """
#include <sys/mman.h>
#include "lib/module.h"

int main(int argc, char **argv)
{
	int fd = module_open(argv[1]);
	char text[64];
	long len = fd < 0 ? 0 : read(fd, text, sizeof(text));

	(void)argc;
	printf("%.*s", (int)len, text);
	return fd < 0;
}
"""
PACKERS = {"": "cat", ".gz": "gzip", ".xz": "xz", ".zst": "zstd"}


class Installed(Scratch):
    """Tests with PROGRAM, and a directory of modules for it."""

    def setUp(self):
        super().setUp()
        self.modules = self.scratch / os.uname().release
        (self.modules / "updates").mkdir(parents=True)
        (self.modules / "modules.dep").touch()
        (self.modules / "modules.builtin").touch()
        subprocess.run(
            ["gcc", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror"]
            + [f'-DMODULE_DIR="{self.scratch}"', "-x", "c", "-"]
            + ["-I", PROJECT / "selftests", "-o", self.scratch / "program"],
            input=PROGRAM,
            text=True,
            check=True,
        )

    def program(self, name, module):
        """Run the program under this name; return its status and output."""
        shutil.copy(self.scratch / "program", self.scratch / name)
        done = subprocess.run(
            [self.scratch / name, module], capture_output=True, check=False
        )
        return done.returncode, done.stdout.decode()

    def test_each_compression_of_kmod_is_undone(self):
        for suffix, packer in PACKERS.items():
            path = f"updates/some{suffix.replace('.', '-')}.ko{suffix}"
            with open(self.modules / path, "wb") as out:
                subprocess.run(
                    [packer], input=b"a module", stdout=out, check=True
                )
            with open(self.modules / "modules.dep", "a") as index:
                index.write(f"{path}:\n")
            name = path.split("/")[1].split(".")[0]
            self.assertEqual(self.program("some_test", name), (0, "a module"))

    def test_file_that_is_not_what_its_name_says_is_an_error(self):
        (self.modules / "modules.dep").write_text("updates/some.ko.xz:\n")
        (self.modules / "updates/some.ko.xz").write_text("a module")
        self.assertEqual(self.program("some_test", "some"), (1, ""))

    def test_program_of_what_is_built_in_is_skipped_with_the_reason(self):
        (self.modules / "modules.dep").write_text("kernel/y.ko: kernel/x.ko\n")
        (self.modules / "modules.builtin").write_text(
            "kernel/full.ko\nkernel/a/hello-1.ko\nkernel/full_ex.ko\n"
        )
        for name in "full_ex_owner_test", "full_ex_32_test", "full-ex_test":
            symbol = "CONFIG_MODPROOF_FULL_EX=m"
            self.assertEqual(
                self.program(name, "x"),
                (
                    4,
                    "TAP version 13\n1..0 # SKIP "
                    f"needs {symbol}, and it is built in\n",
                ),
            )
        status, said = self.program("some_test", "hello_1")
        self.assertEqual(status, 1)
        self.assertIn("CONFIG_MODPROOF_HELLO_1=m, and it is built in", said)

    def test_module_that_is_not_installed_is_told_of(self):
        status, said = self.program("some_test", "some")
        self.assertEqual(status, 1)
        self.assertIn("some is not in modules.dep: add it to Kbuild", said)
