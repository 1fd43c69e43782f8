# SPDX-License-Identifier: GPL-2.0
"""Tests of the copy in which the modules of any project are built"""

import os
import subprocess
import time

import mirror
from tests.base import Scratch


class Mirror(Scratch):
    """A project with a source, and its copy."""

    def setUp(self):
        super().setUp()
        self.root = self.scratch / "a project"
        self.work = self.scratch / "work"
        self.copy = self.work / "src"
        self.state = mirror.State({"project": "x"})
        self.write("demo.c", "int demo;\n")

    def write(self, name, text=""):
        """Write a file of the project, or elsewhere; return its path."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def git(self, *words, where="."):
        """Run git in the project."""
        name = ["-c", "user.name=x", "-c", "user.email=x"]
        protocol = ["-c", "protocol.file.allow=always"]
        subprocess.run(
            ["git", *name, *protocol, *words],
            cwd=self.root / where,
            check=True,
            capture_output=True,
        )

    def update(self, needed=()):
        """Update the copy; return the names of its files and links."""
        sources = mirror.Sources(self.root, self.work, needed)
        mirror.update(sources, self.copy, self.state)
        return sorted(
            str(path.relative_to(self.copy))
            for path in self.copy.rglob("*")
            if path.is_symlink() or not path.is_dir()
        )

    def test_products_and_builds_are_not_copied(self):
        for name in (
            "demo.o demo.ko demo.mod demo.mod.c .demo.o.cmd modules.order "
            "Module.symvers .git/config build/.modproof build/x.c "
            ".tmp_versions/demo.mod linux/include/config/auto.conf linux/x.c"
        ).split():
            self.write(name)
        self.assertEqual(self.update(), ["demo.c"])

    def test_build_directory_in_the_project_is_not_copied(self):
        self.work = self.root / "out"
        self.copy = self.work / "src"
        self.update()
        self.assertEqual(self.update(), ["demo.c"])
        self.git("init")
        self.assertEqual(self.update(), ["demo.c"])

    def test_git_lists_what_is_copied(self):
        self.git("init")
        self.write(".gitignore", "*.log\n/dkms.conf\n")
        self.write("blob.o")
        self.git("add", ".")
        for name in "new.c", "new.o", "x.log", "dkms.conf", "other/x.c":
            self.write(name)
        self.write("build/.modproof")
        self.write("build/deep/x.c")
        self.git("init", where="other")
        self.assertEqual(
            self.update(["dkms.conf", "Kbuild"]),
            [".gitignore", "blob.o", "demo.c", "dkms.conf", "new.c"],
        )

    def test_submodule_is_copied_and_removed_file_is_not(self):
        part = self.scratch / "part"
        self.write(part / "part.c")
        self.git("init", where=part)
        self.git("add", ".", where=part)
        self.git("commit", "-m", "x", where=part)
        self.git("init")
        self.git("submodule", "add", str(part), "part")
        self.git("add", ".")
        (self.root / "demo.c").unlink()
        self.assertEqual(self.update(), [".gitmodules", "part/part.c"])

    def test_project_that_an_outer_repository_ignores_is_copied(self):
        self.git("init", where="..")
        self.write("../.gitignore", "a project\n")
        self.assertEqual(self.update(), ["demo.c"])

    def test_links(self):
        self.write(self.scratch / "outside/far.c", "int far;\n")
        (self.scratch / "outside/loop").symlink_to(self.scratch / "outside")
        (self.root / "near.c").symlink_to(self.root / "demo.c")
        (self.root / "far.c").symlink_to("../outside/far.c")
        (self.root / "far").symlink_to("../outside")
        (self.root / "gone.c").symlink_to("nowhere.c")
        self.update()
        self.assertEqual(os.readlink(self.copy / "near.c"), "demo.c")
        self.assertEqual(os.readlink(self.copy / "gone.c"), "nowhere.c")
        for name in "far.c", "far/far.c":
            self.assertFalse((self.copy / name).is_symlink())
            self.assertEqual((self.copy / name).read_text(), "int far;\n")

    def test_link_to_a_kernel_stays_a_link(self):
        kernel = self.scratch / "kernel"
        self.write(kernel / "Makefile", "KERNELRELEASE = 6.12\n")
        for name in "arch", "include", "scripts":
            (kernel / name).mkdir()
        (self.root / "linux").symlink_to(kernel)
        self.write(self.scratch / "built/vmlinux.o")
        (self.root / "built").symlink_to(self.scratch / "built")
        self.update()
        self.assertTrue((self.copy / "linux").is_symlink())
        self.assertTrue((self.copy / "built").is_symlink())

    def test_removed_file_is_removed_and_products_stay(self):
        self.write("dir/gone.c")
        self.update()
        for name in "demo.o", "dir/gone.o":
            (self.copy / name).touch()
        (self.root / "dir/gone.c").unlink()
        self.assertEqual(self.update(), ["demo.c", "demo.o", "dir/gone.o"])

    def test_file_may_take_the_place_of_a_directory_and_back(self):
        self.write("x/y.c")
        self.update()
        (self.root / "x/y.c").unlink()
        (self.root / "x").rmdir()
        self.write("x")
        self.assertEqual(self.update(), ["demo.c", "x"])
        (self.root / "x").unlink()
        self.write("x/y.c")
        self.assertEqual(self.update(), ["demo.c", "x/y.c"])

    def test_times_are_kept(self):
        os.utime(self.root / "demo.c", (1000, 1000))
        self.update()
        self.assertEqual((self.copy / "demo.c").stat().st_mtime, 1000)
        (self.root / "demo.c").touch()
        self.update()
        self.assertEqual((self.copy / "demo.c").stat().st_mtime, 1000)

    def test_changed_file_is_new_even_if_its_time_is_old(self):
        self.update()
        self.write("demo.c", "int changed;\n")
        os.utime(self.root / "demo.c", (1000, 1000))
        before = time.time() - 5
        self.update()
        self.assertGreater((self.copy / "demo.c").stat().st_mtime, before)
        self.assertEqual((self.copy / "demo.c").read_text(), "int changed;\n")

    def test_mode_is_kept_and_copy_can_be_written(self):
        self.write("configure").chmod(0o555)
        self.update()
        self.assertEqual((self.copy / "configure").stat().st_mode, 0o100755)

    def test_state_survives_and_bad_state_is_empty(self):
        path = self.scratch / "state.json"
        self.update()
        self.state.save(path)
        self.assertEqual(mirror.State.load(path), self.state)
        for text in "", "{", '{"other": 1}', "[]":
            path.write_text(text)
            self.assertEqual(mirror.State.load(path), mirror.State())
