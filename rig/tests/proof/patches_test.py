# SPDX-License-Identifier: GPL-2.0
"""Tests of make patches: series are checked and built in a kernel tree"""

import os
import re
import shutil
import subprocess
import unittest.mock
from pathlib import Path

import make_patches
import patch_files
from review import CHECKPATCH, CODE
from tests.base import KSRC, Scratch
from tests.patches_test import OWNER, git, kernel_tree, start

# What checkpatch may say: the entry in MAINTAINERS is in the last patch.
ALLOWED = {"FILE_PATH_CHANGES"}
CONFIG = """\
CONFIG_BLK_DEV=y
CONFIG_KUNIT=y
CONFIG_PROC_FS=y
CONFIG_RUNTIME_TESTING_MENU=y
CONFIG_SAMPLES=y
"""
TYPE = re.compile(r"^\S+: (?:ERROR|WARNING|CHECK):(\w+): ", re.M)


class Tree(Scratch):
    """A tree with links to the kernel's files, in which series are built.

    It is built for UML, whose build needs no tools but the compiler.
    """

    LIMIT = 1800

    def setUp(self):
        super().setUp()
        self.tree = self.scratch / "tree"
        self.built = self.scratch / "obj"
        self.built.mkdir()
        subprocess.run(["cp", "-as", KSRC, self.tree], check=True)
        patched = unittest.mock.patch.dict(os.environ, OWNER)
        patched.start()
        self.addCleanup(patched.stop)

    def make(self, *words, where=None):
        """Run make in the tree; return its output, which has no warning."""
        done = subprocess.run(
            ["make", "-s", "-C", where or self.tree, *words],
            env={
                name: value
                for name, value in os.environ.items()
                if name in ("HOME", "PATH", "CCACHE_DIR")
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertNotRegex(done.stdout, "(?i)warning:|error:")

    def checkpatch(self, patch):
        """Return the types of what checkpatch says about a patch."""
        script = Path(KSRC, "scripts/checkpatch.pl")
        done = subprocess.run(
            [script, *CHECKPATCH, KSRC, patch],
            cwd=self.scratch,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        return {*TYPE.findall(done.stdout)}

    def copied(self, repository, paths):
        """Replace links of the tree by the files of the repository."""
        for path in paths:
            target = self.tree / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            shutil.copy(repository / path, target)


class Series(Tree):
    """The series of modules."""

    def build(self, repository, commit, symbols, objects):
        """Build the objects that a commit adds, with those before it."""
        git(repository, "checkout", "--quiet", commit)
        diff = git(repository, "show", "--format=", commit)
        paths = re.findall(r"^\+\+\+ b/(\S+)$", diff, re.M)
        self.copied(repository, paths)
        objects += [f"{p[:-1]}o" for p in paths if CODE.fullmatch(p)]
        symbols |= {*re.findall(r"^\+config (\w+)$", diff, re.M)}
        on = "".join(f"CONFIG_{symbol}=y\n" for symbol in sorted(symbols))
        (self.built / ".config").write_text(CONFIG + on)
        for words in (["olddefconfig"], ["W=1", *objects]):
            if words[-1] != "W=1":
                self.make(f"O={self.built}", "ARCH=um", *words)

    def check(self, name):
        """Check and build each patch of a series, then its selftests."""
        output = self.scratch / "patches"
        module = make_patches.chosen(name)
        names = make_patches.made(module, Path(KSRC), output)
        for patch in names[1:]:
            allowed = ALLOWED if patch != names[-1] else set()
            self.assertEqual(
                self.checkpatch(output / name / patch) - allowed, set(), patch
            )
        repository = self.scratch / f"{name}-linux"
        kernel_tree(repository)
        start(repository)
        files = [output / name / patch for patch in names]
        git(repository, "am", "--quiet", "--empty=drop", *files)
        commits = git(repository, "log", "--format=%H", "--reverse").split()
        symbols: set[str] = set()
        objects: list[str] = []
        for commit in commits[1:]:
            self.build(repository, commit, symbols, objects)
        self.assertIn(module.config, symbols)
        on = (self.built / ".config").read_text()
        for symbol in symbols:
            self.assertIn(f"CONFIG_{symbol}=y\n", on)
        where = self.tree / "tools/testing/selftests" / module.tests_directory
        made = self.scratch / f"{name}-tests"
        made.mkdir()
        self.make(f"OUTPUT={made}", "all", where=where)
        programs = {path.name for path in made.iterdir()}
        tests = {Path(p).stem for p in patch_files.tests(module)}
        self.assertTrue(programs)
        self.assertLessEqual(programs, tests)

    def test_series_build_after_each_patch(self):
        for name in "blkram", "procfs2", "startstop":
            with self.subTest(name):
                self.check(name)
