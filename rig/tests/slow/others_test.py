# SPDX-License-Identifier: GPL-2.0
"""Tests of a module that needs one of another project, on a real kernel"""

import build
import project
from tests.base import HERE, KERNEL, Scratch

OTHER = """
#include <linux/module.h>
#include "other.h"

int other_number(void)
{
	return NUMBER;
}
EXPORT_SYMBOL_GPL(other_number);
MODULE_DESCRIPTION("other");
MODULE_LICENSE("GPL");
"""
MINE = """
#include <linux/module.h>
#include "../other/other.h"

static int __init mine_init(void)
{
	return other_number() == NUMBER ? 0 : -EINVAL;
}
module_init(mine_init);

static void __exit mine_exit(void)
{
}
module_exit(mine_exit);
MODULE_DESCRIPTION("mine");
MODULE_LICENSE("GPL");
"""
SYMVERS = "KBUILD_EXTRA_SYMBOLS := $(src)/../other/Module.symvers\n"
NEEDS = '[modules.mine]\nneeds = ["../other"]\n'


class Others(Scratch):
    """Two projects side by side, of which one needs the other."""

    def setUp(self):
        super().setUp()
        self.write("other/Makefile", "obj-m := other.o\n")
        self.write(
            "other/other.h", "#define NUMBER 1\nint other_number(void);\n"
        )
        self.write("other/other.c", OTHER)
        self.write("mine/Makefile", f"obj-m := mine.o\n{SYMVERS}")
        self.write("mine/mine.c", MINE)
        self.write("mine/modproof.toml", NEEDS)

    def write(self, name, text):
        """Write a file of the projects."""
        path = self.scratch / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def build(self, status="ok"):
        """Build the project that needs the other; check how that ends."""
        done = build.build(
            project.find(self.scratch / "mine"),
            KERNEL.path,
            self.scratch / "work",
            2,
        )
        self.assertEqual(done.status, status, done.log.read_text())
        return done

    def test_other_project_is_built_first(self):
        for _ in range(2):
            done = self.build()
            self.assertEqual([m.name for m in done.modules], ["mine"])
            self.assertEqual([m.name for m in done.others], ["other"])
            self.assertEqual(done.modules[0].depends, ["other"])
        names = {p.name for p in (self.scratch / "other").iterdir()}
        self.assertEqual(names, {"Makefile", "other.c", "other.h"})

    def test_change_of_the_other_project_is_seen(self):
        self.build()
        header = "#define NUMBER 2\nint other_number(int unused);\n"
        self.write("other/other.h", header)
        self.write("other/other.c", OTHER.replace("(void)", "(int unused)"))
        done = self.build("failed")
        self.assertRegex(done.reason, "^mine.c:7:16: error: too few arguments")

    def test_without_the_key_it_is_named(self):
        self.write("mine/modproof.toml", "")
        self.write("mine/mine.c", MINE.replace("../other/", ""))
        self.write("mine/other.h", "#define NUMBER 1\nint other_number(void);")
        for line, reason in (
            ("", "nothing defines other_number()"),
            (SYMVERS, "the makefile names ../other/Module.symvers, which"),
        ):
            self.write("mine/Makefile", f"obj-m := mine.o\n{line}")
            done = self.build("failed")
            self.assertIn(reason, done.reason)
            self.assertIn(
                'modproof.toml: needs = ["../other"] in [modules.mine]',
                done.lines[-1],
            )

    def test_other_project_that_fails_is_named(self):
        self.write("other/other.c", "int broken")
        done = self.build("failed")
        self.assertRegex(
            done.reason, "^../other, which needs in .*: other.c:1:1: error"
        )

    def test_circle_is_told(self):
        self.write(
            "other/modproof.toml", '[modules.other]\nneeds = ["../mine"]\n'
        )
        self.assertIn("in its turn", self.build("failed").reason)

    def test_other_module_is_loaded_first(self):
        kernels = self.scratch / "cache/kernels"
        kernels.mkdir(parents=True)
        (kernels / KERNEL.path.name).symlink_to(KERNEL.path)
        status, said = self.run_tool(
            *(HERE / "modproof", "check", self.scratch / "mine"),
            *("--kernel", KERNEL.path.name),
            MODPROOF_CACHE=str(self.scratch / "cache"),
            MODPROOF_LOCKED="",
        )
        self.assertEqual(status, 0, said)
        self.assertRegex(said, r"mine +\S+ +ok +ok +ok +ok +ok +ok +ok +-")
        self.assertNotRegex(said, "(?m)^other ")
