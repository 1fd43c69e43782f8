# SPDX-License-Identifier: GPL-2.0
"""Tests of make patches, which turns a module into a series for a kernel"""

import contextlib
import io
import os
import re
import shutil
import subprocess
import unittest.mock
from pathlib import Path

import make_patches
import patch_files
import patch_text
import series_text
from tests.base import KSRC, PROJECT, Scratch, make

# The files of a kernel tree that the series change, or that are asked.
TREE = (
    "Kbuild",
    "MAINTAINERS",
    "Makefile",
    "drivers/block/Kconfig",
    "drivers/block/Makefile",
    "drivers/iio/humidity/Makefile",
    "drivers/input/misc/Kconfig",
    "drivers/input/misc/Makefile",
    "drivers/misc/Kconfig",
    "drivers/misc/Makefile",
    "drivers/net/Kconfig",
    "drivers/net/Makefile",
    "include/linux/blk-mq.h",
    "include/linux/blkdev.h",
    "include/linux/device/class.h",
    "include/linux/netdev_features.h",
    "include/linux/netdevice.h",
    "lib/Kconfig",
    "lib/Kconfig.debug",
    "lib/Makefile",
    "samples/Kconfig",
    "samples/Makefile",
    "scripts/get_maintainer.pl",
    "tools/testing/selftests/Makefile",
    "tools/testing/selftests/kselftest_harness.h",
    "tools/testing/selftests/lib.mk",
)
OWNER = {
    "GIT_AUTHOR_NAME": "ignored",
    "GIT_CONFIG_COUNT": "2",
    "GIT_CONFIG_KEY_0": "user.name",
    "GIT_CONFIG_VALUE_0": "A Person",
    "GIT_CONFIG_KEY_1": "user.email",
    "GIT_CONFIG_VALUE_1": "person@example.org",
}
# What no file of a series may have: versions, and words of this project.
OURS = re.compile(
    r'compat\.h"|LINUX_VERSION_CODE|modproof|errata'
    r"|\b(?:core|kunit|lib|modules|rig|suites)/\w+\.h\b(?<!kunit/test\.h)"
    r"(?<!kunit/test-bug\.h)(?<!kunit/resource\.h)|\bmodules/\w+/|``make ",
    re.I,
)
IDS = re.compile(r"\b[A-Z][A-Z0-9]+-\d+\b")
MODULE_OF_IIO = "drivers/iio/humidity/Makefile:"


def kernel_tree(where):
    """Copy the files of the kernel that series change to a directory."""
    pages = {f"Documentation/{p}" for p in patch_files.PAGES.values()}
    pages |= {f"Documentation/{d[2]}" for d in patch_files.DRIVERS.values()}
    pages |= {"Documentation/driver-api", "Documentation/misc-devices"}
    for name in [*TREE, *(f"{page}/index.rst" for page in pages)]:
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(KSRC, name), path)


def git(where, *args):
    """Run git in a directory; return its output."""
    done = subprocess.run(
        ["git", "-c", "user.name=T", "-c", "user.email=t@t", *args],
        cwd=where,
        env=os.environ | {"GIT_CONFIG_GLOBAL": "/dev/null"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def start(where):
    """Make a repository with all files of a directory."""
    git(where, "init", "--quiet", "--initial-branch=linux")
    git(where, "add", "--all")
    git(where, "commit", "--quiet", "-m", "Linux")


def without_dates(text):
    """Return a patch without the times at which it was made."""
    return re.sub(r"^(From|Date:|index) .*$", "", text, flags=re.M)


def contents(root):
    """Return the content of each file, by its path."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


class Tree(Scratch):
    """A kernel tree with the files that series change."""

    def setUp(self):
        super().setUp()
        self.base = self.scratch / "linux"
        kernel_tree(self.base)
        self.output = self.scratch / "patches"
        patched = unittest.mock.patch.dict(os.environ, OWNER)
        patched.start()
        self.addCleanup(patched.stop)

    def made(self, name):
        """Make the series of a module; return the texts of its files."""
        module = make_patches.chosen(name)
        self.said = io.StringIO()
        with contextlib.redirect_stderr(self.said):
            names = make_patches.made(module, self.base, self.output)
        return [(self.output / name / file).read_text() for file in names]

    def refused(self, name):
        """Check that a series is refused; return the error, one line."""
        with self.assertRaises(SystemExit) as ended:
            self.made(name)
        code = ended.exception.code
        text = self.said.getvalue() if code == 2 else f"{code}\n"
        self.assertEqual(text.count("\n"), 1, text)
        return text


class Series(Tree):
    """The series of modules."""

    def test_each_module_applies_and_names_nothing_of_the_project(self):
        before = contents(self.base)
        start(self.base)
        ids = {line.split("\t")[0] for line in errata_rows()}
        for name in patch_files.modules():
            with self.subTest(name):
                texts = self.made(name)
                self.assertGreaterEqual(len(texts), 3)
                git(self.base, "checkout", "--quiet", "-B", name, "linux")
                files = sorted((self.output / name).glob("*.patch"))
                git(self.base, "am", "--quiet", "--empty=drop", *files)
                after = contents(self.base)
                for path in set(after) - set(before):
                    text = after[path].decode()
                    self.assertIsNone(OURS.search(text), path)
                    self.assertEqual(ids & {*IDS.findall(text)}, set(), path)
                self.assertIn(f"{name}: ", texts[0])
                git(self.base, "checkout", "--quiet", "linux")
        self.assertEqual(contents(self.base), before)

    def test_patches_of_blkram_are_one_change_each(self):
        texts = self.made("blkram")
        subjects = [
            re.search(r"^Subject: (.*)$", text, re.M)[1] for text in texts
        ]
        self.assertEqual(
            subjects,
            [
                "[PATCH 0/5] block: add blkram, a disk in memory",
                "[PATCH 1/5] lib: add diskspan",
                "[PATCH 2/5] lib: add KUnit tests of diskspan",
                "[PATCH 3/5] block: add blkram, a disk in memory",
                "[PATCH 4/5] selftests: block: add tests of blkram",
                "[PATCH 5/5] Documentation: describe blkram",
            ],
        )
        for text in texts:
            self.assertIn("\nFrom: A Person <person@example.org>\n", text)
        for text in texts[1:]:
            self.assertIn("Signed-off-by: A Person <person@example.", text)
        self.assertIn("is not a git repository", " ".join(texts[0].split()))
        self.assertIn("+EXPORT_SYMBOL_GPL(diskspan_find);", texts[1])
        self.assertIn("+config DISKSPAN_KUNIT_TEST\n", texts[2])
        self.assertIn("+config BLK_DEV_BLKRAM\n", texts[3])
        self.assertIn("+\tselect DISKSPAN\n", texts[3])
        self.assertIn("+TARGETS += block/blkram\n", texts[4])
        self.assertIn("+CONFIG_BLK_DEV_BLKRAM=m\n", texts[4])
        self.assertIn("+L:\tlinux-block@vger.kernel.org\n", texts[5])
        self.assertIn("+   blkram\n", texts[5])

    def test_letter_names_only_the_tests_that_are_there(self):
        for name, said in (
            ("blkram", "The patches that add KUnit tests and kselftests say"),
            ("hello-1", "The patches that add kselftests say"),
            ("dtoverlay", ""),
        ):
            with self.subTest(name):
                letter = " ".join(self.made(name)[0].split())
                found = re.search(r"The patches that add .*? say", letter)
                self.assertEqual(found[0] if found else "", said)
                self.assertNotIn("The parts in lib/", letter)

    def test_base_commit_is_that_of_a_git_tree(self):
        start(self.base)
        head = git(self.base, "rev-parse", "HEAD").strip()
        texts = self.made("hello-1")
        self.assertIn(f"\nbase-commit: {head}\n", texts[0])
        self.assertNotIn("not a git repository", " ".join(texts[0].split()))

    def test_change_in_a_git_tree_is_refused(self):
        start(self.base)
        with open(self.base / "samples/Makefile", "a", encoding="utf-8") as f:
            f.write("# mine\n")
        said = self.refused("hello-1")
        self.assertIn("samples/Makefile: commit or stash them", said)

    def test_part_that_the_tree_has_is_not_added_again(self):
        start(self.base)
        self.made("procfs3")
        files = sorted((self.output / "procfs3").glob("*.patch"))
        git(self.base, "am", "--quiet", "--empty=drop", *files)
        texts = self.made("hello-debugfs-file")
        self.assertIn("[PATCH 0/3]", texts[0])
        self.assertNotIn("msgbuf.c |", "".join(texts))

    def test_other_file_of_the_same_name_is_refused(self):
        (self.base / "lib/diskspan.c").write_text("int theirs;\n")
        self.assertIn("has a file lib/diskspan.c", self.refused("blkram"))

    def test_module_that_the_kernel_has_is_noted(self):
        texts = self.made("dht11")
        self.assertIn(MODULE_OF_IIO, self.said.getvalue())
        self.assertEqual(self.said.getvalue().count("\n"), 1)
        self.assertIn(": rename yours, or do not", self.said.getvalue())
        self.assertIn(MODULE_OF_IIO, " ".join(texts[0].split()))

    def test_series_is_replaced_only_if_nothing_was_changed(self):
        first = self.made("hello-1")
        self.assertEqual(len(self.made("hello-1")), len(first))
        letter = self.output / "hello-1/0000-cover-letter.patch"
        letter.write_text("mine\n")
        self.assertIn("changed since: move it away", self.refused("hello-1"))
        self.assertEqual(letter.read_text(), "mine\n")
        shutil.rmtree(self.output / "hello-1")
        (self.output / "hello-1").mkdir()
        self.assertIn("move it away", self.refused("hello-1"))

    def test_settings_of_the_user_do_not_change_the_form(self):
        wanted = self.made("hello-1")
        shutil.rmtree(self.output / "hello-1")
        settings = {
            "commit.gpgSign": "true",
            "diff.noprefix": "true",
            "format.suffix": ".txt",
            "tag.gpgSign": "true",
        }
        home = self.scratch / "gitconfig"
        for name, value in settings.items():
            git(self.scratch, "config", "--file", str(home), name, value)
        with unittest.mock.patch.dict(
            os.environ, {"GIT_CONFIG_GLOBAL": str(home)}
        ):
            texts = self.made("hello-1")
        self.assertEqual(
            [without_dates(text) for text in texts],
            [without_dates(text) for text in wanted],
        )

    def test_directory_in_a_series_is_a_change(self):
        self.made("hello-1")
        (self.output / "hello-1/notes").mkdir()
        self.assertIn("changed since: move it away", self.refused("hello-1"))

    def test_kernel_without_a_file_to_edit_is_refused(self):
        for path in (self.base / "Documentation").rglob("index.rst"):
            path.unlink()
        said = self.refused("kmem_cache")
        self.assertIn(" has no Documentation/mm/index.rst, or one", said)

    def test_kernel_too_old_for_a_module_is_refused(self):
        header = self.base / "include/linux/blkdev.h"
        # Kernels before 6.11 have this flag; see include/compat.h.
        flag = "#define QUEUE_FLAG_NONROT 6\n"
        header.write_text(header.read_text() + flag)
        said = self.refused("blkram")
        self.assertIn("needs a function in place of blk_mq_alloc_disk", said)

    def test_directory_that_is_not_a_kernel_is_refused(self):
        (self.base / "MAINTAINERS").unlink()
        said = self.refused("blkram")
        self.assertIn("is not a kernel tree, because it has no MAINTAIN", said)

    def test_git_without_a_name_is_refused(self):
        with unittest.mock.patch.dict(os.environ, {"GIT_CONFIG_VALUE_0": ""}):
            said = self.refused("blkram")
        self.assertIn("type git config --global user.name", said)


class Tests(unittest.TestCase):
    """Which selftests are in a series, and what is left of them."""

    def moved(self, name, program):
        module = patch_files.modules()[name]
        layout = patch_files.Layout(Path(KSRC), "")
        path = f"selftests/{module.area}/{program}"
        self.assertIn(path, patch_files.tests(module))
        return patch_files.moved(path, module, layout)

    def test_test_of_another_module_is_left_out(self):
        text = self.moved("procfs2", "call_fault_test.c")
        self.assertNotIn("full_ex", text)
        self.assertIn('#include "page_fault.h"', text)
        self.assertTrue(text.endswith("TEST_HARNESS_MAIN\n"))
        text = self.moved("cryptosha256", "load_fault_test.c")
        self.assertIn("keeps_no_algorithm", text)

    def test_variant_of_another_module_is_left_out(self):
        text = self.moved("example_mutex", "example_test.c")
        self.assertIn("FIXTURE_VARIANT_ADD(example, mutex)", text)
        self.assertEqual(text.count("FIXTURE_VARIANT_ADD("), 1)

    def test_module_without_a_program_gets_no_target(self):
        dtoverlay = patch_files.modules()["dtoverlay"]
        self.assertEqual(patch_files.tests(dtoverlay), [])


class Text(unittest.TestCase):
    """What changes in a text."""

    def test_branch_of_the_kernel_is_taken(self):
        new = (
            "#define CLASS_ATTR_CONST\tconst\n"
            "#define MERGE\t0\n"
            "#define set_lltx(dev)\t((dev)->lltx = true)\n"
        )
        text = "f(CLASS_ATTR_CONST x);\n.a = MERGE | B;\n\tset_lltx(d);\n"
        self.assertEqual(
            patch_text.inlined(text, new),
            "f(const x);\n.a = B;\n\td->lltx = true;\n",
        )

    def test_include_is_added_in_its_order(self):
        text = (
            "/*\n * A - b\n */\n#include <linux/b.h>\n#include <linux/d.h>\n"
        )
        for name, at in (("a", 0), ("c", 1), ("e", 2)):
            lines = series_text.with_include(text, f"linux/{name}.h")
            found = series_text.OF_KERNEL.findall(lines)
            self.assertEqual(found[at], f"linux/{name}.h")

    def test_ids_of_errata_are_left_out(self):
        text = (
            "/* AB-1, B1-22 */\n/*\n * AB-1,\n * AB-2\n */\n/* AB-3: text "
            "*/\n/*\n * UTF-8.  AB-1,\n * AB-2: more\n */\n"
        )
        self.assertEqual(
            patch_text.without_ids(text),
            "/* Text */\n/*\n * UTF-8.  More\n */\n",
        )

    def test_section_of_maintainers_is_put_beside_the_nearest(self):
        text = "List\n----\n\n" + "\n".join(
            f"{title}\nM:\tx\n" for title in ("A", "Z ODD", "B", "D")
        )
        new = series_text.with_maintainers(text, "C\nM:\ty\n")
        titles = [found[1] for found in series_text.TITLE.finditer(new)]
        self.assertEqual(titles, ["A", "Z ODD", "B", "C", "D"])


class Command(Scratch):
    """The command, in a copy of the project."""

    def test_bad_words_are_refused_in_one_line(self):
        house = self.house(**{"install-deps": "exit 0"})
        shutil.copytree(PROJECT / "modules", house / "modules")
        for words, wrong in (
            ("", "MODULE= is missing: type make patches MODULE=blkram"),
            ("MODULE=x", 'MODULE="x" is not a module of modules/: type'),
            ("MODULE=led BASE=/none", "BASE=/none is not a kernel tree"),
        ):
            with self.subTest(words):
                typed = [*words.split(), f"KSRC={KSRC}"]
                done = make(house, "patches", *typed)
                said = done.stderr.partition("make: ***")[0]
                self.assertEqual(done.returncode, 2)
                self.assertIn(wrong, said)
                self.assertEqual(said.count("\n"), 1, said)


def errata_rows():
    """Return the rows of the project's list of errata."""
    return (PROJECT / "Documentation/errata.tsv").read_text().splitlines()
