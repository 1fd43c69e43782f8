# SPDX-License-Identifier: GPL-2.0
"""Tests of how modules of any project are built against a real kernel"""

import os
import shutil
import unittest.mock

import build
import project
from tests.base import KERNEL, Scratch

SOURCE = """
#include <linux/kallsyms.h>
#include <linux/module.h>
#include "demo.h"

static int __init demo_init(void)
{
	return BODY;
}
module_init(demo_init);
MODULE_DESCRIPTION("demo");
MODULE_LICENSE("GPL");
"""


class Foreign(Scratch):
    """A project with one small module."""

    def setUp(self):
        super().setUp()
        self.kernel = KERNEL.path
        self.root = self.scratch / "a project"
        self.root.mkdir()
        self.write("Makefile", "obj-m := demo.o\n")
        self.write("demo.h", "int typo(int number);\n")
        self.write_body("0")

    def write(self, name, text):
        """Write a file of the project."""
        (self.root / name).write_text(text)

    def write_body(self, body):
        """Write a source whose init function returns this."""
        self.write("demo.c", SOURCE.replace("BODY", body))

    def build(self, status, reason=None):
        """Build the module, and check what came of it."""
        with unittest.mock.patch.dict(os.environ, CC="", LLVM=""):
            done = build.build(
                project.find(self.root), self.kernel, self.scratch / "work", 2
            )
        said = (done.status, done.reason if reason else None)
        self.assertEqual(said, (status, reason), done.reason)
        return done

    def check_built(self):
        """Check that the module is built for the kernel."""
        done = self.build("ok")
        self.assertEqual([m.name for m in done.modules], ["demo"])
        path = done.modules[0].path
        self.assertIn(KERNEL.release.encode(), path.read_bytes())
        return done

    def test_module_is_built_and_only_changes_are_compiled_again(self):
        self.check_built()
        again = self.check_built()
        self.assertNotIn("CC [M]  ", again.log.read_text().split("MODPOST")[0])
        self.write_body("-1")
        again = self.check_built()
        self.assertIn("CC [M]  ", again.log.read_text().split("MODPOST")[0])

    def test_kernel_whose_own_warnings_are_errors(self):
        self.kernel = self.scratch / "kernel"
        shutil.copytree(
            KERNEL.path / "usr", self.kernel / "usr", symlinks=True
        )
        (self.kernel / "headers").symlink_to(
            os.readlink(KERNEL.path / "headers")
        )
        for name in "release", "config":
            shutil.copy(KERNEL.path / name, self.kernel / name)
        auto = self.kernel / "headers/include/config/auto.conf"
        auto.write_text(f"{auto.read_text()}CONFIG_WERROR=y\n")
        self.write("demo.h", "static int unused;\n")
        self.assertEqual(self.build("ok").warnings, 1)

    def test_errors(self):
        self.write_body("none")
        done = self.build("failed")
        self.assertRegex(done.reason, "^demo.c:8:16: error: .none. undeclared")
        self.assertEqual(done.lines[1], "    8 |         return none;")
        self.write_body("typo(1)")
        self.build("failed", "demo.c:8: error: nothing defines typo()")
        self.write_body('kallsyms_lookup_name("demo")')
        self.build(
            "not for this kernel", "it does not export kallsyms_lookup_name"
        )

    def test_makefile_of_its_own(self):
        self.write(
            "Makefile",
            "obj-m := demo.o\n"
            "all: more.h\n"
            "\t$(MAKE) -C /lib/modules/$(shell uname -r)/build M=$(PWD)\n"
            "more.h:\n\techo >$@\n",
        )
        self.write("demo.h", '#include "more.h"\n')
        self.check_built()
        self.check_built()

    def test_directory_that_make_has_from_the_environment(self):
        (self.root / "include").mkdir()
        (self.root / "demo.h").rename(self.root / "include/demo.h")
        self.write(
            "Makefile",
            "ccflags-y := -I$(PWD)/include\n"
            "obj-m := demo.o\n"
            "all: more.h\n"
            "\t$(MAKE) -C $(KERNELDIR) M=$(PWD) modules\n"
            "more.h:\n\techo >$@\n",
        )
        self.write("include/demo.h", '#include "../more.h"\n')
        self.check_built()

    def test_dkms(self):
        self.write(
            "dkms.conf",
            "PACKAGE_NAME=demo\nPACKAGE_VERSION=1.0\nBUILT_MODULE_NAME=demo\n"
            'MAKE="make -C ${kernel_source_dir} '
            'M=${dkms_tree}/${PACKAGE_NAME}/${PACKAGE_VERSION}/build"\n',
        )
        self.check_built()

    def test_command_with_a_warning(self):
        self.write(
            "modproof.toml",
            '[build]\ncommand = "make -C $KDIR M=$PWD modules"\n',
        )
        self.write("demo.h", "static int unused;\n")
        self.assertEqual(self.check_built().warnings, 1)
        self.assertEqual(self.check_built().warnings, 1)
