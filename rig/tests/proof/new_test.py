# SPDX-License-Identifier: GPL-2.0
"""Tests of the modules that make new adds: of each kind, one is built and run"""

import re
import shutil
import subprocess

import new
from tests.base import KERNEL, KSRC, PROJECT, Scratch, make

# An area with only one module; its programs with the shared suites are
# copied from other areas.
AREA = "mm"
SHARED = ("char/call_fault_test.c", "proc/read_all_test.c")


class New(Scratch):
    """A copy of the project without most of its modules, for a short build."""

    # It builds modules and programs, and boots guests.
    LIMIT = 1800

    def setUp(self):
        super().setUp()
        self.root = self.house()
        for name in "Documentation", "core", "include", "kunit", "lib":
            shutil.copytree(PROJECT / name, self.root / name)
        shutil.copytree(PROJECT / f"modules/{AREA}", self.area("modules"))
        shutil.copytree(PROJECT / "selftests", self.root / "selftests")
        for name in "Kbuild", "Kconfig":
            lines = (PROJECT / name).read_text().splitlines(keepends=True)
            (self.root / name).write_text(
                "".join(line for line in lines if self.is_kept(line))
            )
        for name in SHARED:
            source = self.root / "selftests" / name
            shutil.copy(source, self.area("selftests"))
        kernels = self.root / "build/kernels"
        kernels.mkdir(parents=True)
        (self.root / "build/.modproof").touch()
        (kernels / "stock-6.12").symlink_to(KERNEL.path)
        (kernels / "source-6.12").symlink_to(KSRC)

    def area(self, below):
        """Return the directory of the area below modules/ or selftests/."""
        return self.root / below / AREA

    def is_kept(self, line):
        """Return true if a line does not include another area's file."""
        found = re.search(r"\bmodules/(\w+)/K", line)
        return not found or found[1] == AREA

    def add(self):
        """Add a module of each kind; return their names."""
        names = [f"a-{kind}" for kind in new.kinds()]
        for name in names:
            words = f"NAME={name}", f"AREA={AREA}", f"KIND={name[2:]}"
            done = make(self.root, "new", *words)
            self.assertEqual(done.returncode, 0, done.stderr)
        return names

    def check_style(self, names):
        """Check that checkpatch finds nothing in the files of the modules."""
        files = [
            path
            for name in names
            for path in self.root.glob(f"*/{AREA}/{name}[._]*[ch]")
        ]
        self.assertEqual(len(files), 3 * len(names))
        done = subprocess.run(
            [
                f"{KSRC}/scripts/checkpatch.pl",
                *("--no-tree", "--strict", "--quiet", "--terse"),
                *("--show-types", "--file"),
                *map(str, files),
            ],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_module_of_each_kind_passes_its_tests_but_one(self):
        names = self.add()
        self.check_style(names)
        done = make(self.root, "kselftest", f"TARGETS={AREA}")
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        failed = re.findall(rf"^{AREA}\.(\S+)\n", done.stdout, re.M)
        self.assertEqual(
            sorted(failed),
            [
                f"{name}_test.{name.replace('-', '_')}.does_its_work"
                for name in names
            ],
            done.stdout + done.stderr,
        )
        self.assertEqual(
            done.stdout.count("none yet: write this test as its comment says"),
            len(names),
            done.stdout,
        )
