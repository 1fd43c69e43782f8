# SPDX-License-Identifier: GPL-2.0
"""Tests that the tools do not delete, move or overwrite a user's files"""

import importlib.util
import os
import shutil
import subprocess
import unittest.mock
from importlib.machinery import SourceFileLoader
from pathlib import Path

from tests.base import HERE, KERNEL, TOOLS, Scratch, make

# Files of a user whose names are like those that the tools use in the build
# directory.
USERS = (
    *("host/file", "kernels/x", "kunit-mine/x", "modules/x", "my.log"),
    *("results/x", "tree.tmp/x", "treehouse/x", "vm/x", "lock", "notes"),
)


def supervise():
    """Import rig/supervise, and return it as a Python module."""
    loader = SourceFileLoader("supervise", str(HERE / "supervise"))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader("supervise", loader)
    )
    loader.exec_module(module)
    return module


def snapshot(top):
    """Return the contents of all files below a directory, by their paths."""
    return {
        str(path.relative_to(top)): (
            path.is_dir() or path.is_symlink() or path.read_bytes()
        )
        for path in sorted(top.rglob("*"))
        if "__pycache__" not in path.parts
    }


class Place(Scratch):
    """Tests with O=DIR, where DIR or files in it belong to the user."""

    def setUp(self):
        super().setUp()
        self.top = self.scratch / "top"
        self.top.mkdir()
        self.project = self.house("top/house")
        (self.project / "lib").mkdir()
        (self.project / "lib/part.c").touch()
        self.fill(self.project)

    def fill(self, directory, names=USERS):
        """Create a user's files in a directory."""
        for name in names:
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("the user's\n")

    def check_refused(self, out, *targets, said="O="):
        """Check that no target accepts @out or changes anything."""
        before = snapshot(self.scratch)
        for target in targets or ("clean", "distclean", "modules"):
            done = make(self.project, target, f"O={out}")
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertIn(said, done.stderr.splitlines()[0])
            self.assertLessEqual(len(done.stderr.splitlines()), 2)
        self.assertEqual(snapshot(self.scratch), before)

    def test_checkout(self):
        for out in ".", self.project, "lib/..", f"{self.project}/":
            self.check_refused(out, said="has the sources in it")

    def test_ancestor_of_the_checkout(self):
        for out in "..", self.scratch:
            self.check_refused(out, said="has the sources in it")
        # Test "/" without make: if the check were broken, make clean could
        # delete the system's files.
        with self.assertRaises(SystemExit):
            supervise().check_place(Path("/"))

    def test_link_to_the_checkout(self):
        (self.scratch / "link").symlink_to(self.project)
        self.check_refused(self.scratch / "link", said="the sources in it")

    def test_directory_of_sources(self):
        self.check_refused("lib", said="did not make")
        self.check_refused("lib/new", said="is among the sources")

    def test_directory_with_things_in_it(self):
        home = self.scratch / "home"
        self.fill(home)
        self.check_refused(home, said="did not make")
        (self.scratch / "link").symlink_to(home)
        self.check_refused(self.scratch / "link", said="did not make")

    def test_file(self):
        (self.scratch / "file").write_text("the user's\n")
        self.check_refused(self.scratch / "file", said="cannot make")

    def build_directory(self):
        """Make a build directory, and put a user's files into it."""
        out = self.scratch / "out"
        self.assertEqual(make(self.project, "clean", f"O={out}").returncode, 0)
        for name in "kunit", "tree-latest", "vm", "kernels/stock-6.12":
            (out / name).mkdir(parents=True)
        names = ("kunit-mine/x", "my.log", "tree.tmp/x", "notes/x")
        self.fill(out, names)
        return out, names

    def test_clean_leaves_what_it_did_not_make(self):
        out, names = self.build_directory()
        self.assertEqual(make(self.project, "clean", f"O={out}").returncode, 0)
        self.assertEqual(
            sorted(path.name for path in out.iterdir()),
            sorted(
                {Path(name).parts[0] for name in names}
                | {".modproof", "kernels", "lock"}
            ),
        )

    def test_distclean_leaves_what_it_did_not_make(self):
        out, names = self.build_directory()
        done = make(self.project, "distclean", f"O={out}")
        self.assertEqual(done.returncode, 0)
        self.assertIn(f"{out}/notes", done.stdout)
        left = {name for name in snapshot(out) if (out / name).is_file()}
        self.assertEqual(left, set(names))

    def test_distclean_removes_a_directory_that_is_all_its_own(self):
        out = self.scratch / "out"
        for target in "clean", "distclean":
            done = make(self.project, target, f"O={out}")
            self.assertEqual(done.returncode, 0)
        self.assertFalse(out.exists())

    def test_clean_does_not_follow_links(self):
        out, _ = self.build_directory()
        home = self.scratch / "home"
        self.fill(home)
        shutil.rmtree(out / "vm")
        (out / "vm").symlink_to(home)
        before = snapshot(home)
        for target in "clean", "distclean":
            make(self.project, target, f"O={out}")
        self.assertEqual(snapshot(home), before)

    def test_clean_does_not_enter_what_is_mounted(self):
        out, _ = self.build_directory()
        home = self.scratch / "home"
        self.fill(home)
        before = snapshot(home)
        done = subprocess.run(
            [
                *("unshare", "-m" if os.geteuid() == 0 else "-rm", "sh", "-c"),
                f"mount --bind {home} {out}/vm && "
                f"make -C {self.project} clean O={out}",
            ],
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertIn(f"{out}/vm is mounted below", done.stderr)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(snapshot(home), before)

    def test_names_that_clean_removes_are_all_that_are_made(self):
        """Check the names in the build directory of this run."""
        text = (TOOLS / "run").read_text()
        known = {".modproof", "lock"}
        for name in "built", "fetched":
            known |= set(text.split(f'\n{name}="')[1].split('"')[0].split())
        found = {
            path.name
            for path in self.scratch.parent.iterdir()
            if not path.name.startswith("rig-")
        }
        self.assertLessEqual(found - known, set())

    def test_tree_leaves_what_it_did_not_make(self):
        source = self.scratch / "linux"
        for name in "Kbuild", "Kconfig", "Makefile", "tools/testing/kunit/x":
            self.fill(source, [name])
        self.fill(source, ["tools/testing/selftests/lib.mk"])
        self.fill(self.scratch / "tree.tmp", ["x"])
        tree = self.scratch / "tree"
        args = ("tree", f"KSRC={source}", f"TREE={tree}")
        done = make(self.project, *args)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.fill(tree, ["x"])
        (source / "Makefile").write_text("another\n")
        before = snapshot(self.scratch)
        done = make(self.project, *args)
        self.assertEqual(done.returncode, 2)
        self.assertIn("made from another source", done.stderr)
        build = "top/house/build/"
        self.assertEqual(
            {
                k: v
                for k, v in snapshot(self.scratch).items()
                if build not in k
            },
            {k: v for k, v in before.items() if build not in k},
        )

    def test_results_are_not_put_over_something_else(self):
        home = self.scratch / "home"
        self.fill(home)
        before = snapshot(home)
        done = subprocess.run(
            [HERE / "vm.py", "run", KERNEL.path, home, "--", "true"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 1)
        self.assertIn("has files that modproof did not make", done.stderr)
        self.assertEqual(snapshot(home), before)


class Owner(Scratch):
    """Tests of root who runs make in another user's checkout."""

    USER = 65534

    @unittest.skipIf(os.geteuid(), "needs root")
    def test_what_root_makes_belongs_to_the_owner_of_the_checkout(self):
        house = self.house(run='mkdir -p "$O/a/b"; : >"$O/a/b/c"; false')
        for path in house, house / "rig":
            os.chown(path, self.USER, self.USER)
        (house / "rooted").touch()
        self.assertEqual(make(house, "modules").returncode, 2)
        built = [house / "build", *(house / "build").rglob("*")]
        self.assertIn(house / "build/a/b/c", built)
        self.assertEqual({path.stat().st_uid for path in built}, {self.USER})
        self.assertEqual((house / "rooted").stat().st_uid, 0)

    def test_what_is_left_to_root_is_named(self):
        (self.scratch / "modules").mkdir()
        with (
            unittest.mock.patch("os.geteuid", lambda: self.USER),
            unittest.mock.patch("os.access", lambda *_: False),
            unittest.mock.patch.object(
                Path, "lstat", lambda _: unittest.mock.Mock(st_uid=0)
            ),
            self.assertRaises(SystemExit) as ended,
        ):
            supervise().check_owners(self.scratch)
        self.assertIn("belongs to root: type", str(ended.exception))


class Installed(Scratch):
    """Tests of rig/installed.py, which protects a user's files."""

    def installed(self, verb, *names):
        """Run rig/installed.py; return its error message."""
        return subprocess.run(
            [HERE / "installed.py", verb, self.scratch, *names],
            capture_output=True,
            text=True,
            check=False,
        ).stderr

    def test_own_files_are_replaced(self):
        for text in "one", "two":
            self.assertEqual(self.installed("check", "a/b.ko", "c"), "")
            (self.scratch / "a").mkdir(exist_ok=True)
            for name in "a/b.ko.xz", "c":
                (self.scratch / name).write_text(text)
            self.assertEqual(self.installed("record", "a/b.ko", "c"), "")

    def test_other_files_are_not_replaced(self):
        (self.scratch / "c").write_text("the user's")
        said = self.installed("check", "a", "c")
        self.assertIn(f"{self.scratch}/c is there, and modproof did", said)
        self.assertEqual(len(said.splitlines()), 1)

    def test_files_that_were_changed_since_are_not_replaced(self):
        (self.scratch / "c.zst").write_text("one")
        self.installed("record", "c")
        (self.scratch / "c.zst").write_text("the user's")
        self.assertIn("c.zst is there", self.installed("check", "c"))
