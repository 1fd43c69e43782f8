# SPDX-License-Identifier: GPL-2.0
"""Tests of the kernel trees that rig/tree makes from a git repository"""

import os
import subprocess

from tests.base import HERE, PROJECT, Scratch

# The environment of a user of git who has no settings except a name.
GIT = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    **{
        f"GIT_{role}_{what}": "user@example.org"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    },
}
PROJECT_LINES = [" M Kbuild", " M Kconfig"]


class Tree(Scratch):
    """A small kernel source with two commits, and the tree made from it."""

    def setUp(self):
        super().setUp()
        self.ksrc = self.scratch / "linux"
        self.tree = self.scratch / "tree"
        (self.ksrc / "tools/testing/kunit").mkdir(parents=True)
        for file in "Makefile", "Kbuild", "Kconfig", "tools/testing/kunit/x":
            (self.ksrc / file).write_text("one\n")
        self.git(self.ksrc, "init", "--quiet", "--initial-branch=topic")
        self.git(self.ksrc, "add", ".")
        self.commit(self.ksrc, "Kbuild", "one")
        self.commit(self.ksrc, "Makefile", "two")

    def run_in(self, where, *command, status=0):
        """Run a command; return its output."""
        done = subprocess.run(
            command,
            cwd=where,
            # If the tree has no repository, git must not use that of this
            # project, which may be in a directory above.
            env=os.environ
            | GIT
            | {"GIT_CEILING_DIRECTORIES": str(self.scratch)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, status, done.stdout)
        return done.stdout

    def git(self, where, *command):
        """Run git; return its output."""
        return self.run_in(where, "git", *command)

    def commit(self, where, file, text):
        """Change a file and commit the change."""
        (where / file).write_text(f"{text}\n")
        self.git(where, "add", file)
        self.git(where, "commit", "--quiet", "-m", text)

    def make(self, verb="work", ksrc=None, status=0):
        """Run rig/tree; return its output."""
        return self.run_in(
            PROJECT,
            HERE / "tree",
            verb,
            ksrc or self.ksrc,
            self.tree,
            status=status,
        )

    def state(self):
        """Return what git prints about the state of the source."""
        return [
            self.git(self.ksrc, *command)
            for command in (
                ("rev-parse", "HEAD"),
                ("status", "--porcelain", "--branch"),
                ("for-each-ref",),
                ("reflog",),
                ("config", "--list", "--local"),
            )
        ]

    def check_work(self, ksrc=None):
        """Use git in the tree, and check that the source does not change."""
        before = self.state()
        self.make(ksrc=ksrc)
        status = self.git(self.tree, "status", "--porcelain")
        self.assertEqual(status.splitlines(), PROJECT_LINES)
        self.commit(self.tree, "new", "three")
        patch = self.git(self.tree, "format-patch", "-1", "--stdout")
        self.assertIn("+three", patch)
        self.git(self.tree, "reset", "--quiet", "--keep", "HEAD^")
        (self.scratch / "patch").write_text(patch)
        self.git(self.tree, "am", "--quiet", self.scratch / "patch")
        self.assertEqual((self.tree / "new").read_text(), "three\n")
        self.git(self.tree, "gc", "--quiet")
        self.assertEqual(self.git(self.tree, "remote"), "")
        self.assertEqual(self.state(), before)
        self.assertFalse((self.ksrc / "new").exists())

    def test_git_works_there(self):
        self.check_work()

    def test_source_that_is_named_by_a_link_is_not_written_to(self):
        link = self.scratch / "link"
        link.symlink_to(self.ksrc)
        before = self.state()
        self.make("build", ksrc=link)
        self.assertEqual(self.state(), before)
        added = (self.tree / "Kbuild").read_text()
        self.assertEqual(added, "one\nobj-y += modproof/\n")

    def test_git_works_there_from_a_worktree(self):
        worktree = self.scratch / "worktree"
        self.git(self.ksrc, "worktree", "add", "--quiet", worktree, "HEAD^")
        self.check_work(worktree)
        self.assertEqual(
            self.git(self.tree, "rev-parse", "HEAD^"),
            self.git(worktree, "rev-parse", "HEAD"),
        )

    def test_git_works_there_from_a_shallow_clone(self):
        clone = self.scratch / "clone"
        self.git(
            self.scratch,
            *("clone", "--quiet", "--depth=1", f"file://{self.ksrc}", clone),
        )
        self.check_work(clone)

    def test_change_in_the_source_is_a_change_in_the_tree(self):
        (self.ksrc / "Makefile").write_text("changed\n")
        self.make()
        status = self.git(self.tree, "status", "--porcelain")
        self.assertEqual(status.splitlines(), [*PROJECT_LINES, " M Makefile"])

    def test_commits_in_the_tree_stay(self):
        self.make()
        self.commit(self.tree, "new", "three")
        self.make()
        self.commit(self.ksrc, "Makefile", "three")
        for verb in "work", "build":
            said = self.make(verb, status=1)
            self.assertIn("another state of it", said)
        self.assertTrue((self.tree / "new").exists())

    def test_tree_to_build_in_has_no_repository(self):
        self.make("build")
        self.assertFalse((self.tree / ".git").exists())
        self.assertTrue((self.tree / "Makefile").is_symlink())
        # "work" does not replace the tree of links by one of copies.
        self.assertIn("name another", self.make("work", status=1))

    def test_tree_of_a_repository_has_a_named_place(self):
        lib_mk = self.ksrc / "tools/testing/selftests/lib.mk"
        lib_mk.parent.mkdir()
        lib_mk.touch()
        words = [f"O={self.scratch}/build", f"KSRC={self.ksrc}"]
        said = self.run_in(PROJECT, "make", "tree", *words, status=2)
        self.assertIn("name a place for it with TREE=", said)
