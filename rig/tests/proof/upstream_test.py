# SPDX-License-Identifier: GPL-2.0
"""Tests of modproof patches: series of users' modules are built in a tree"""

import contextlib
import io
import os
import re
import shutil
import subprocess
from pathlib import Path

import patches
import series
from tests.base import KSRC, PROJECT
from tests.patches_test import git, kernel_tree, start
from tests.proof.patches_test import ALLOWED, Tree
from tests.upstream_test import TALLY, write_files

COUNTER = PROJECT / "examples/counter"
SUITE = "drivers/misc/tally/kunit"


class Series(Tree):
    """The series of two projects; each patch is built, with modules."""

    # A build of UML takes a quarter of an hour on a busy host.
    LIMIT = 3600

    def made(self, root):
        """Make the series of a project; return its patches."""
        output = self.scratch / "patches"
        base = series.Base(Path(KSRC), "--base linux")
        module, _, names = patches.made(root, "", base, output)
        return [output / module.name / name for name in names[1:]]

    def build(self, repository, commit, symbols):
        """Build drivers/misc after a commit, with all that it adds as modules."""
        git(repository, "checkout", "--quiet", commit)
        diff = git(repository, "show", "--format=", commit)
        self.copied(repository, re.findall(r"^\+\+\+ b/(\S+)$", diff, re.M))
        for symbol, kind in re.findall(
            r"^\+config (\w+)\n\+\t(\w+)", diff, re.M
        ):
            symbols[symbol] = "y" if kind == "bool" else "m"
        on = "".join(f"CONFIG_{s}={value}\n" for s, value in symbols.items())
        config = self.built / ".config"
        config.write_text(
            f"CONFIG_MODULES=y\nCONFIG_KUNIT=y\nCONFIG_PROC_FS=y\n{on}"
        )
        words = (f"O={self.built}", "ARCH=um")
        self.make(*words, "olddefconfig")
        self.assertLessEqual({*on.split()}, {*config.read_text().split()})
        self.make(*words, "W=1", "drivers/misc/")

    def check(self, root):
        """Check and build each patch of a project, then its kselftests."""
        files = self.made(root)
        for patch in files:
            allowed = ALLOWED if patch != files[-1] else set()
            self.assertEqual(self.checkpatch(patch) - allowed, set(), patch)
        repository = self.scratch / f"{root.name}-linux"
        kernel_tree(repository)
        start(repository)
        git(repository, "am", "--quiet", *files)
        commits = git(repository, "log", "--format=%H", "--reverse").split()
        symbols: dict[str, str] = {}
        for commit in commits[1:]:
            self.build(repository, commit, symbols)

    def test_example_builds_after_each_patch(self):
        # The kernel has a module counter, so the user must rename this one.
        root = self.scratch / "opens"
        shutil.copytree(COUNTER, root)
        with self.assertRaises(SystemExit):
            with contextlib.redirect_stderr(io.StringIO()):
                self.made(root)
        (root / "counter.c").rename(root / "opens.c")
        (root / "Makefile").write_text("obj-m := opens.o\n")
        self.check(root)
        self.assertTrue((self.built / "drivers/misc/opens.o").is_file())

    def test_module_with_a_suite_builds_and_the_suite_passes(self):
        root = self.scratch / "tally"
        write_files(root, TALLY)
        self.check(root)
        for name in "tally.o", "log.o", "kunit/tally_sum_suite.o":
            path = self.built / "drivers/misc/tally" / name
            self.assertTrue(path.is_file(), path)
        tests = self.scratch / "tests"
        tests.mkdir()
        self.make(
            f"OUTPUT={tests}",
            f"KHDR_INCLUDES=-I{self.tree}/include/uapi",
            *("all", "KSFT_KHDR_INSTALL_DONE=1"),
            where=self.tree / "tools/testing/selftests/tally",
        )
        self.assertTrue((tests / "tally_test").is_file())
        # The tool finds the tree by its own path.
        kunit = self.tree / "tools/testing/kunit"
        shutil.rmtree(kunit)
        shutil.copytree(Path(KSRC, "tools/testing/kunit"), kunit)
        done = subprocess.run(
            [
                *(kunit / "kunit.py", "run", f"--kunitconfig={SUITE}"),
                *(f"--build_dir={self.built}", f"--jobs={os.cpu_count()}"),
                "--kconfig_add=CONFIG_MODULES=y",
                "--kconfig_add=CONFIG_TALLY=m",
            ],
            cwd=self.tree,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout[-2000:])
        self.assertIn("[PASSED] adds", done.stdout)
        built = self.built / "drivers/misc/tally/tally.ko"
        self.assertTrue(built.is_file())
