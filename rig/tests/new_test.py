# SPDX-License-Identifier: GPL-2.0
"""Tests of make new, which adds a module: names, files, and what it refuses"""

import contextlib
import io
import os
import re
import shutil
import stat
import unittest.mock

import errata
import new
from tests.base import KERNEL, PROJECT, Scratch, make

PARTS = ("Documentation", "core", "kunit", "lib", "modules", "selftests")
FORM = (
    "it begins with a letter and has lower-case letters, digits, and single "
    "- or _ between them: type NAME="
)
# Names that are refused, and what the error must have in it.
REFUSED = {
    "": "NAME= is missing: type make new NAME=foo AREA=char KIND=misc",
    "Foo": FORM + "foo",
    "foo bar": FORM + "foo_bar",
    "1foo": FORM + "foo",
    "foo__bar": FORM + "foo_bar",
    "../foo": FORM + "foo",
    "ü": FORM + "foo",
    "foo\n": FORM + "foo",
    "a" * 21: "has 21 characters, and 20 are allowed",
    "foo_test": 'ends with "_test", as files of tests do: type NAME=foo',
    "foo-kunit": 'ends with "_kunit", as files of tests do: type NAME=foo',
    "procfs1": "modules/proc/Kconfig has a module with the symbol "
    "MODPROOF_PROCFS1",
    "hello_1": "modules/hello/Kconfig has a module with the symbol "
    "MODPROOF_HELLO_1",
    "static-key": "has a module with the symbol MODPROOF_STATIC_KEY",
    "deque": "lib/deque.c is there",
    "exclusive": "core/exclusive.c is there",
    "held": "selftests/suites/module_ref.h has a FIXTURE(held)",
    "hello": "modules/hello/ is an area",
    "while": "it is a word of C",
    "linux": "it is a macro of the compiler",
    "kmsg": "selftests/lib/kmsg.h is there",
    "urandom": "a device of the kernel has this name",
    "uptime": "a file of /proc has this name",
    "oops-count": "a file of /sys/kernel has this name",
    "seq": "the functions of the kernel begin with it",
}


def project(where):
    """Copy what make new reads and writes to a directory."""
    where.mkdir()
    for name in PARTS:
        shutil.copytree(PROJECT / name, where / name)
    for name in "Kbuild", "Kconfig":
        shutil.copy(PROJECT / name, where)


def contents(root):
    """Return the mode and the content of each file, by its path."""
    return {
        str(path.relative_to(root)): (
            stat.S_IMODE(path.stat().st_mode),
            path.read_bytes(),
        )
        for path in root.rglob("*")
        if path.is_file()
    }


class New(Scratch):
    """A copy of the project."""

    def setUp(self):
        super().setUp()
        self.root = self.scratch / "project"
        project(self.root)
        # The tests of the kernel's names bring a kernel of their own.
        patched = unittest.mock.patch.dict(
            os.environ, {"O": str(self.scratch), "KSRC": ""}
        )
        patched.start()
        self.addCleanup(patched.stop)

    def refused(self, *words):
        """Check that nothing is made; return the error, which is one line."""
        before = contents(self.root)
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            with self.assertRaises(SystemExit) as ended:
                new.make(self.root, *words)
        self.assertEqual(contents(self.root), before)
        text = said.getvalue() or f"{ended.exception.code}\n"
        self.assertEqual(text.count("\n"), 1, text)
        return text

    def test_name_is_refused(self):
        for name, why in REFUSED.items():
            with self.subTest(name):
                self.assertIn(why, self.refused(name, "char", "misc"))

    def test_name_of_a_module_of_the_kernel_is_refused(self):
        lists = self.scratch / "kernels/k/lib/modules/6.12-x"
        lists.mkdir(parents=True)
        (lists / "modules.builtin").write_text(
            "kernel/drivers/a/snd-zaphod.ko\n"
        )
        said = self.refused("snd_zaphod", "char", "misc")
        self.assertIn("the kernel 6.12-x has kernel/drivers/a/snd-zaph", said)
        self.assertIn("type another name, as NAME=my_snd_zaphod", said)

    def test_name_of_which_the_kernel_has_a_function_is_refused(self):
        headers = self.scratch / "kernels/source-1/include/linux"
        headers.mkdir(parents=True)
        (headers / "zaphod.h").write_text("int zaphod_read(int beeblebrox);\n")
        said = self.refused("zaphod", "char", "misc")
        self.assertIn("linux/zaphod.h of the kernel has zaphod_read", said)

    def test_area_and_kind_are_checked(self):
        said = self.refused("foo", "chr", "misc")
        self.assertIn('AREA="chr" is not known: type AREA= with one', said)
        self.assertIn("block, char, ", said)
        said = self.refused("foo", "char", "")
        self.assertIn("KIND= is missing: type KIND= with one of input,", said)

    def test_each_kind_is_complete(self):
        for kind in new.kinds():
            name = f"a-{kind}"
            with self.subTest(kind):
                written = new.make(self.root, name, "mm", kind)
                self.assertIn(f"modules/mm/{name}.c", written)
                with unittest.mock.patch("errata.PROJECT", self.root):
                    found = list(errata.modules())
                    module = ("mm", name, f"MODPROOF_A_{kind.upper()}")
                    self.assertIn(module, found)
                    self.assertEqual(list(errata.missing(*module)), [])
                    self.assertEqual(list(errata.strays()), [])

    def test_lines_of_the_longest_name_are_short_and_filled(self):
        before = contents(self.root)
        name = "o" * new.MAX_NAME
        for kind in new.kinds():
            with self.subTest(kind):
                for text in new.new_files(name, "crypto", kind).values():
                    self.assertNotRegex(text, r"@[A-Z]+@")
                    long = [
                        line
                        for line in text.splitlines()
                        if new.columns(line) > 100
                    ]
                    self.assertEqual(long, [])
        self.assertEqual(contents(self.root), before)

    def test_entries_are_sorted_and_others_stay(self):
        before = contents(self.root)
        new.make(self.root, "example_m", "sync", "misc")
        after = contents(self.root)
        kbuild = (self.root / "modules/sync/Kbuild").read_text()
        names = re.findall(r"^obj-\S+ \+= (\S+)\.o", kbuild, re.M)
        self.assertEqual(names, sorted(names))
        for path, (mode, old) in before.items():
            self.assertEqual(after[path][0], mode)
            lines = after[path][1].splitlines()
            lost = [line for line in old.splitlines() if line not in lines]
            self.assertEqual(lost, [], path)

    def test_second_time_is_refused(self):
        new.make(self.root, "foo", "char", "misc")
        self.assertIn("NAME=foo is taken", self.refused("foo", "mm", "proc"))

    def test_no_file_is_overwritten(self):
        mine = self.root / "selftests/char/foo_test.c"
        mine.write_text("mine\n")
        said = self.refused("foo", "char", "misc")
        self.assertIn(f"{mine} is there: type another NAME=", said)

    def test_failure_leaves_all_as_it_was(self):
        replace = os.replace
        for failing in range(1, 6):
            calls: list[str] = []

            def full(old, target, calls=calls, failing=failing):
                calls.append(target)
                if len(calls) == failing:
                    raise OSError(28, "No space left on device", str(target))
                replace(old, target)

            with self.subTest(failing):
                with unittest.mock.patch("new.os.replace", full):
                    said = self.refused("foo", "char", "misc")
                self.assertIn("No space left on device; all files are", said)


class Makefile(Scratch):
    """The command, in a copy of the project."""

    def setUp(self):
        super().setUp()
        self.root = self.house()
        for name in PARTS:
            shutil.copytree(PROJECT / name, self.root / name)
        for name in "Kbuild", "Kconfig":
            shutil.copy(PROJECT / name, self.root)

    def test_module_is_added(self):
        words = ("new", "NAME=zaphod", "AREA=char", "KIND=misc")
        done = make(self.root, *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("selftests/char/zaphod_test.c\n", done.stdout)
        self.assertIn(
            "make kselftest TARGETS=char TEST=zaphod_test", done.stdout
        )
        done = make(self.root, *words)
        self.assertEqual(done.returncode, 2)
        self.assertIn("NAME=zaphod is taken", done.stderr)

    def test_manual_page_of_each_kind_fits_the_module(self):
        shutil.copytree(PROJECT / "include", self.root / "include")
        for kind in new.kinds():
            words = f"NAME=a-{kind}", "AREA=mm", f"KIND={kind}"
            done = make(self.root, "new", *words)
            self.assertEqual(done.returncode, 0, done.stderr)
        status, said = self.run_tool(
            *(self.root / "rig/run_tests.py", KERNEL.path, "man_test"),
            srctree=str(self.root),
        )
        self.assertEqual(status, 0, said)

    def test_name_is_not_taken_from_the_environment(self):
        done = make(
            self.root, "new", "AREA=char", "KIND=misc", env={"NAME": "zaphod"}
        )
        self.assertEqual(done.returncode, 2)
        self.assertIn("NAME= is missing", done.stderr)
