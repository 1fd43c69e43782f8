# SPDX-License-Identifier: GPL-2.0
"""Tests of modproof patches, which makes a series of a user's module"""

import contextlib
import io
import os
import re
import shutil
import unittest.mock
from pathlib import Path

import patches
import review
import series
from tests.base import HERE, KSRC, PROJECT, Scratch
from tests.patches_test import OWNER, contents, git, kernel_tree, start

ANSWER = PROJECT / "examples/answer"
# A module of several files, with all that a project may have.
TALLY = {
    "Makefile": """\
ifneq ($(KERNELRELEASE),)
obj-$(CONFIG_TALLY) += tally.o
tally-y := main.o sum.o
tally-$(CONFIG_TALLY_LOG) += log.o
ccflags-y := -I$(src)/include -DTALLY_MAX=9
else
all:
	$(MAKE) -C $(KDIR) M=$(CURDIR) CONFIG_TALLY=m
endif
""",
    "Kconfig": """\
# SPDX-License-Identifier: GPL-2.0
config TALLY
	tristate "Tally of numbers"
	depends on PROC_FS
	help
	  A file in /proc that has the sum of two numbers.

	  To compile this driver as a module, choose M here: the module
	  will be called tally.

	  If unsure, say N.

config TALLY_LOG
	bool "Log each number"
	depends on TALLY
	help
	  Print the first number to the log of the kernel each time
	  that the file is read.

	  It is of use while you look for a mistake, and it is slow.
	  If unsure, say N.

source "kunit/Kconfig"
""",
    "main.c": """\
// SPDX-License-Identifier: GPL-2.0
/*
 * Tally - adds numbers, which are read
 * from a file
 *
 * The sum is in /proc/tally.
 */

#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

#include <tally_uapi.h>
#include "sum.h"

static int tally_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%d\\n", tally_sum(TALLY_FIRST, TALLY_MAX));
	tally_log(TALLY_FIRST);
	return 0;
}

static int __init tally_init(void)
{
	if (!proc_create_single("tally", 0444, NULL, tally_show))
		return -ENOMEM;
	return 0;
}

static void __exit tally_exit(void)
{
	remove_proc_entry("tally", NULL);
}

module_init(tally_init);
module_exit(tally_exit);

MODULE_DESCRIPTION("Tally of numbers.");
MODULE_LICENSE("GPL");
""",
    "sum.h": """\
/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SUM_H
#define _SUM_H

int tally_sum(int a, int b);

#ifdef CONFIG_TALLY_LOG
void tally_log(int a);
#else
static inline void tally_log(int a)
{
}
#endif

#endif
""",
    "sum.c": """\
// SPDX-License-Identifier: GPL-2.0
#include "sum.h"

int tally_sum(int a, int b)
{
	return a + b;
}
""",
    "log.c": """\
// SPDX-License-Identifier: GPL-2.0
#include <linux/printk.h>

#include "sum.h"

void tally_log(int a)
{
	pr_info("%d\\n", a);
}
""",
    "include/tally_uapi.h": """\
/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
#ifndef _UAPI_TALLY_H
#define _UAPI_TALLY_H

#define TALLY_FIRST 3

#endif
""",
    "kunit/.kunitconfig": """\
CONFIG_KUNIT=y
CONFIG_TALLY_SUM_KUNIT_TEST=y
""",
    "kunit/Kconfig": """\
# SPDX-License-Identifier: GPL-2.0

config TALLY_SUM_KUNIT_TEST
	tristate "KUnit suite for sum.c" if !KUNIT_ALL_TESTS
	depends on KUNIT
	default KUNIT_ALL_TESTS
	help
	  Tests of the functions in sum.c.

	  For more information on KUnit and unit tests in general, please
	  refer to the KUnit documentation in Documentation/dev-tools/kunit/.

	  If unsure, say N.
""",
    "kunit/Kbuild": """\
# SPDX-License-Identifier: GPL-2.0
obj-$(CONFIG_TALLY_SUM_KUNIT_TEST) += tally_sum_suite.o
tally_sum_suite-y := sum_kunit.o ../sum.o
""",
    "kunit/sum_kunit.c": """\
// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>
#include <linux/module.h>

#include "../sum.h"

static void adds(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, tally_sum(1, 2), 3);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(adds),
	{}
};

static struct kunit_suite suite = {
	.name = "tally_sum",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit suite for sum.c");
MODULE_LICENSE("GPL");
""",
    "tests/Makefile": """\
# SPDX-License-Identifier: GPL-2.0
TEST_GEN_PROGS := tally_test
TEST_PROGS := tally.sh

include $(KSRC)/tools/testing/selftests/lib.mk
""",
    "tests/tally.sh": """\
#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
modprobe tally && grep -qx 12 /proc/tally
""",
    "tests/tally_test.c": """\
// SPDX-License-Identifier: GPL-2.0
#include "../include/tally_uapi.h"
#include "kselftest_harness.h"

TEST(first)
{
	EXPECT_EQ(3, TALLY_FIRST);
}

TEST_HARNESS_MAIN
""",
    "Documentation/tally.rst": """\
.. SPDX-License-Identifier: GPL-2.0

=====
Tally
=====

Read /proc/tally.
""",
}


def write_files(root, files):
    """Write the files of a project; a script can be executed."""
    for name, text in files.items():
        series.write(root / name, text)


class User(Scratch):
    """A user's project, and a kernel tree with the files that series change."""

    def setUp(self):
        super().setUp()
        self.base = self.scratch / "linux"
        kernel_tree(self.base)
        start(self.base)
        self.root = self.scratch / "project"
        self.output = self.scratch / "patches"
        patched = unittest.mock.patch.dict(os.environ, OWNER)
        patched.start()
        self.addCleanup(patched.stop)

    def made(self, name=""):
        """Make the series of a module; return the texts of its files."""
        base = series.Base(self.base, "--base linux")
        module, _, names = patches.made(self.root, name, base, self.output)
        where = self.output / module.name
        return [(where / file).read_text() for file in names]

    def applied(self, name=""):
        """Apply the series of a module; return the new files of the tree."""
        before = contents(self.base)
        self.made(name)
        files = sorted(self.output.glob("*/*.patch"))
        git(self.base, "am", "--quiet", "--empty=drop", *files)
        after = contents(self.base)
        return {
            path: text.decode()
            for path, text in after.items()
            if before.get(path) != text
        }

    def refused(self, wrong, name=""):
        """Check that a series is refused with one line, which has a text."""
        said = io.StringIO()
        with self.assertRaises(SystemExit) as ended:
            with contextlib.redirect_stderr(said):
                self.made(name)
        code = ended.exception.code
        text = said.getvalue() if code == 2 else f"{code}\n"
        self.assertEqual(text.count("\n"), 1, text)
        self.assertIn(wrong, text)
        self.assertFalse(list(self.output.glob("*/*")))


class Series(User):
    """What is in a series."""

    def test_module_of_one_file(self):
        shutil.copytree(ANSWER, self.root)
        before = contents(self.root)
        texts = self.made()
        self.assertEqual(contents(self.root), before)
        subjects = [
            re.search(r"^Subject: (.*)$", text, re.M)[1] for text in texts
        ]
        what = "misc: add answer, character device that contains 42"
        self.assertEqual(
            subjects,
            [
                f"[PATCH 0/3] {what}",
                f"[PATCH 1/3] {what}",
                "[PATCH 2/3] selftests: add tests of answer",
                "[PATCH 3/3] MAINTAINERS: add an entry for answer",
            ],
        )
        head = git(self.base, "rev-parse", "HEAD").strip()
        self.assertIn(f"\nbase-commit: {head}\n", texts[0])
        for text in texts[1:]:
            self.assertIn("Signed-off-by: A Person <person@example.", text)
        what = "the module answer: Character device that contains 42.\n"
        self.assertIn(f"\nThis series adds {what}", texts[0])
        self.assertIn(f"\nAdd {what}", texts[1])
        self.assertIn("+obj-$(CONFIG_ANSWER) += answer.o\n", texts[1])
        entry = (
            "config ANSWER\n\ttristate",
            "\thelp\n\t  Character device that contains 42.\n",
            "\t  will be called answer.\n",
        )
        for lines in entry:
            self.assertIn(lines, texts[1].replace("\n+", "\n"))
        self.assertIn("+TARGETS += answer\n", texts[2])
        self.assertIn("+CONFIG_ANSWER=m\n", texts[2])
        self.assertIn("+include ../lib.mk\n", texts[2])
        self.assertIn('+#include "../kselftest_harness.h"\n', texts[2])
        self.assertNotIn("KSRC", texts[2])
        self.assertIn("+ANSWER DRIVER\n+M:\tA Person <person@exam", texts[3])
        self.assertIn("+L:\tlinux-kernel@vger.kernel.org\n", texts[3])

    def test_module_with_all_that_a_project_may_have(self):
        write_files(self.root, TALLY)
        found = self.applied()
        where = "drivers/misc/tally"
        tests = "tools/testing/selftests/tally"
        for path, text in (
            ("drivers/misc/Kconfig", f'\nsource "{where}/Kconfig"\n'),
            ("drivers/misc/Makefile", "\nobj-y += tally/\n"),
            (f"{where}/Kconfig", "\tdepends on PROC_FS\n"),
            (f"{where}/Kconfig", "\nconfig TALLY_LOG\n"),
            (f"{where}/Kconfig", f'\nsource "{where}/kunit/Kconfig"\n'),
            (f"{where}/Makefile", "\ntally-y := main.o sum.o\n"),
            (f"{where}/Makefile", "\ntally-$(CONFIG_TALLY_LOG) += log.o\n"),
            (f"{where}/Makefile", "\nccflags-y += -DTALLY_MAX=9\n"),
            (f"{where}/Makefile", "\nobj-$(CONFIG_KUNIT) += kunit/\n"),
            (f"{where}/main.c", "\n#include <linux/tally_uapi.h>\n"),
            (f"{where}/kunit/Makefile", "-y := sum_kunit.o sum.o\n"),
            (f"{where}/kunit/Makefile", "$(obj)/sum.o: $(src)/../sum.c F"),
            (f"{where}/kunit/Kconfig", "\n\tdepends on TALLY!=y || m\n"),
            (f"{where}/kunit/sum_kunit.c", '\n#include "../sum.h"\n'),
            (f"{where}/kunit/.kunitconfig", "\nCONFIG_TALLY_SUM_KUNIT"),
            ("include/uapi/linux/tally_uapi.h", "#define TALLY_FIRST 3\n"),
            (f"{tests}/tally_test.c", "\n#include <linux/tally_uapi.h>\n"),
            (f"{tests}/Makefile", "\nCFLAGS += $(KHDR_INCLUDES)\n\ninclude "),
            (f"{tests}/config", "CONFIG_TALLY=m\n"),
            ("Documentation/misc-devices/index.rst", "\n   tally\n"),
            ("Documentation/misc-devices/tally.rst", "\nRead /proc/tally."),
            ("MAINTAINERS", f"\nF:\t{where}/\n"),
        ):
            with self.subTest(path):
                self.assertIn(text, found[path])
        self.assertTrue(os.access(self.base / tests / "tally.sh", os.X_OK))
        letter = (self.output / "tally/0000-cover-letter.patch").read_text()
        self.assertIn("\nThe sum is in /proc/tally.\n", letter)
        self.assertIn("KUnit tests and kselftests", letter)
        self.assertNotIn("from a file", letter)

    def test_configuration_chooses_the_directory_and_what_is_needed(self):
        write_files(
            self.root,
            {
                "Makefile": "obj-m := one.o two.o\none-objs := 1.o x/2.o\n",
                "1.c": 'MODULE_DESCRIPTION("DMA of " "one");\n',
                "x/2.c": "int two;\n",
                "two.c": "int one;\n",
                "modproof.toml": '[kernel]\nsymbols = ["PCI=m", "!X86"]\n'
                '[patches]\ndirectory = "drivers/block"\n',
            },
        )
        found = self.applied("one")
        where = "drivers/block/one"
        self.assertIn("\tdepends on PCI && !X86\n", found[f"{where}/Kconfig"])
        self.assertIn("one-y := 1.o x/2.o\n", found[f"{where}/Makefile"])
        self.assertIn("int two;\n", found[f"{where}/x/2.c"])
        self.assertIn("\nL:\tlinux-block@vger.", found["MAINTAINERS"])
        log = git(self.base, "log", "--format=%s", "-2")
        self.assertIn("block: add one, DMA of one\n", log)
        self.assertNotIn(f"{where}/two.c", found)

    def test_sources_are_in_a_directory_of_the_project(self):
        files = {
            name if "/" in name else f"src/{name}": text
            for name, text in TALLY.items()
            if not name.startswith("kunit/")
        }
        files["src/Makefile"] = TALLY["Makefile"].replace(
            "$(src)/include", "$(src)/../include"
        )
        write_files(self.root, files)
        found = self.applied()
        tests = "tools/testing/selftests/tally"
        text = found[f"{tests}/tally_test.c"]
        self.assertIn("\n#include <linux/tally_uapi.h>\n", text)
        self.assertIn("drivers/misc/tally/main.c", found)
        self.assertIn("include/uapi/linux/tally_uapi.h", found)
        self.assertIn("Documentation/misc-devices/tally.rst", found)

    def test_makefile_is_below_that_of_the_user(self):
        files = {f"src/{name}": text for name, text in TALLY.items()}
        files["Makefile"] = "all:\n\tmake -C $(KDIR) M=$(CURDIR)/src\n"
        kunit = [name for name in files if "kunit" in name]
        write_files(self.root, {n: files[n] for n in files if n not in kunit})
        self.assertIn("drivers/misc/tally/main.c", self.applied())

    def test_scripts_are_tests_too(self):
        shutil.copytree(ANSWER, self.root)
        shutil.rmtree(self.root / "selftests")
        write_files(
            self.root,
            {
                "tests/read": "#!/bin/sh\ncmp /dev/answer answer.txt\n",
                "tests/answer.txt": "42\n",
                "tests/Makefile": "all: tool\n",
                "tests/tool.c": "int tool;\n",
            },
        )
        found = self.applied()
        where = "tools/testing/selftests/answer"
        self.assertIn(
            "\nTEST_PROGS := read\nTEST_FILES := answer.txt\n\ninclude ../lib",
            found[f"{where}/Makefile"],
        )
        self.assertNotIn(f"{where}/tool.c", found)

    def test_series_is_replaced_only_if_nothing_was_changed(self):
        shutil.copytree(ANSWER, self.root)
        self.made()
        self.made()
        letter = self.output / "answer/0000-cover-letter.patch"
        letter.write_text("mine\n")
        with self.assertRaisesRegex(SystemExit, "changed since: move it away"):
            self.made()
        self.assertEqual(letter.read_text(), "mine\n")


class Wrong(User):
    """Projects of which no series is made: an error of one line."""

    def project(self, **files):
        """Write a project with the module f; @files change its files."""
        texts = {
            "Makefile": "obj-m := f.o\n",
            "f.c": '#include <linux/module.h>\nMODULE_DESCRIPTION("F");\n',
        }
        write_files(self.root, texts | files)

    def test_several_modules(self):
        self.project(Makefile="obj-m := f.o g.o\n")
        self.refused(
            "has the modules f, g: name one, as in modproof patches f"
        )
        self.refused('"h" is not a module of the project: name one of f', "h")

    def test_directory_without_a_module(self):
        self.root.mkdir()
        self.refused(
            "expected a dkms.conf, or a Makefile or Kbuild with obj-m"
        )

    def test_several_makefiles_below(self):
        make = "all:\n\tmake -C $(KDIR) M=$(CURDIR)/a\n"
        objects = "obj-m := f.o\n"
        self.project(
            **{"Makefile": make, "a/Kbuild": objects, "b/Kbuild": objects}
        )
        self.refused("in this directory, but a/Kbuild, b/Kbuild below it: go")

    def test_file_that_the_project_does_not_have(self):
        for line in '#include "../g.h"', '#include "g.h"':
            with self.subTest(line):
                self.project(**{"f.c": f"int f;\n{line}\n"})
                name = line.split('"')[1]
                self.refused(f'f.c:2 includes "{name}", which is not in the')
        self.project(Makefile="obj-m := f.o\nf-y := f.o ../g.o\n")
        self.refused("is made of ../g.o, but the project has no ../g.c: write")

    def test_module_without_a_description(self):
        self.project(**{"f.c": "int f;\n"})
        self.refused("f.c has no MODULE_DESCRIPTION(), from which the messa")

    def test_names_that_the_tree_has(self):
        self.project()
        kconfig = self.base / "samples/Kconfig"
        with open(kconfig, "a", encoding="utf-8") as file:
            file.write("config F\n\tbool\n")
        self.refused(
            "--base linux has a name of this series, at samples/Kconfig:"
        )
        git(self.base, "checkout", "--quiet", "samples/Kconfig")
        (self.base / "drivers/misc/f.c").write_text("int theirs;\n")
        self.refused("--base linux has a file drivers/misc/f.c already: rena")

    def test_directory_that_the_tree_does_not_have(self):
        self.project(
            **{"modproof.toml": '[patches]\ndirectory = "drivers/none"\n'}
        )
        self.refused("--base linux has no drivers/none/Kconfig: name a dire")

    def test_configuration_that_is_wrong(self):
        for text, wrong in (
            ('directory = "/etc"', '"/etc" in [patches] is no directory of '),
            ('place = "x"', '"place" is not known in [patches]: use some of'),
        ):
            with self.subTest(text):
                self.project(**{"modproof.toml": f"[patches]\n{text}\n"})
                self.refused(wrong)

    def test_kconfig_with_more_than_entries(self):
        self.project(Kconfig="if NET\nconfig F\n\ttristate\nendif\n")
        self.refused('Kconfig:1 has "if NET", but a series takes only entr')

    def test_suite_beside_the_module(self):
        self.project(
            **{".kunitconfig": "CONFIG_KUNIT=y\n", "Kconfig": "config F\n"}
        )
        self.refused("the KUnit suite is in the directory of the module: mov")

    def test_base_that_is_no_kernel(self):
        self.project()
        (self.base / "MAINTAINERS").unlink()
        self.refused("--base linux is not a kernel tree, because it has no M")

    def test_git_without_a_name(self):
        self.project()
        with unittest.mock.patch.dict(os.environ, {"GIT_CONFIG_VALUE_0": ""}):
            self.refused("type git config --global user.name")


class Command(Scratch):
    """The verbs, as the user types them."""

    def modproof(self, *words):
        """Run a verb in examples/answer; return its status and output."""
        home = self.scratch / "home"
        home.mkdir(exist_ok=True)
        return self.run_tool(
            *("env", "-C", ANSWER, HERE / "modproof", *words),
            HOME=str(home),
            MODPROOF_CACHE=str(self.scratch / "cache"),
            MODPROOF_LOCKED="",
        )

    def test_series_is_in_the_cache(self):
        (self.scratch / "home").mkdir()
        settings = "[user]\n\tname = A Person\n\temail = p@example.org\n"
        (self.scratch / "home/.gitconfig").write_text(settings)
        status, said = self.modproof("patches", "answer", "--base", KSRC)
        self.assertEqual(status, 0, said)
        where = re.match(r"(/\S+/cache/\S+/answer):\n  0000-cover", said)
        self.assertTrue(Path(where[1]).is_dir())
        self.assertIn(f"type git am --empty=drop {where[1]}/*.patch\n", said)

    def test_base_that_is_no_kernel(self):
        for verb in "patches", "review":
            with self.subTest(verb):
                status, said = self.modproof(verb, "--base", self.scratch)
                self.assertEqual(status, 2, said)
                wrong = f"modproof: --base {self.scratch} is not a kernel tree"
                self.assertIn(wrong, said)
                self.assertEqual(said.count("\n"), 1, said)


class Review(Scratch):
    """What a review says of the user's files."""

    def test_finding_has_the_path_of_the_user(self):
        place = "tools/testing/selftests/f/f.c"
        tree = review.Tree(Path(KSRC), self.scratch, "f", "F")
        tree.home = self.scratch / "home"
        tree.origins = {place: "tests/f.c"}
        tree.files = [place]
        text = 'int f;\nopen("/run/ko/f.ko");\n'
        series.write(tree.path / place, text)
        series.write(tree.home / "tests/f.c", text)
        said = [review.of_user(tree, x) for x in review.own_names(tree)]
        self.assertEqual(said, ["tests/f.c:2: a kernel tree has no /run/ko"])
        self.assertEqual(
            review.of_user(tree, f"{tree.path}/{place}:1:5: warning: x"),
            "tests/f.c:1:5: warning: x",
        )
        self.assertEqual(review.of_user(tree, "lib/g.c:1: y"), "lib/g.c:1: y")

    def test_finding_has_the_line_of_the_user(self):
        old = "a b b c".split()
        for new, number, expected in (
            ("x b b c", 1, 1),
            ("x a b b c", 2, 1),
            ("x a b b c", 4, 3),
            ("x a b b c", 1, 0),
            ("x a b b c", 9, 0),
        ):
            with self.subTest(new, number=number):
                self.assertEqual(
                    review.line_in(old, new.split(), number), expected
                )
