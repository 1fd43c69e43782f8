# SPDX-License-Identifier: GPL-2.0
"""Tests of rig/install-deps: apt-get is a script"""

import shutil

from tests.base import HERE, Scratch

# What install-deps runs itself; nothing else is on the path.
TOOLS = "cat dirname env gcc grep mkdir nproc realpath sed sh".split()


class Install(Scratch):
    """A user's machine lacks some packages."""

    def install(self, *purposes, **environment):
        """Install what these purposes need; return the commands of apt-get."""
        path = self.scratch / "bin"
        path.mkdir()
        for tool in TOOLS:
            (path / tool).symlink_to(shutil.which(tool))
        self.fake("bin/apt-get", f'echo "$*" >>{self.scratch}/apt')
        self.fake("bin/id", "echo 0")
        status, said = self.run_tool(
            *(HERE / "install-deps", *purposes), PATH=str(path), **environment
        )
        self.assertEqual(status, 1, said)
        self.assertIn("still missing after the installation: gdb", said)
        return (self.scratch / "apt").read_text().splitlines()

    def test_nothing_of_the_user_is_removed(self):
        update, install = self.install("gdb")
        self.assertIn(" update", update)
        self.assertRegex(install, r"install .*--no-remove .* gdb$")

    def test_purpose_that_is_not_known(self):
        for purpose, wrong in (
            ("tets", '"tets" is not a purpose of rig/install-deps: use'),
            ("arch-x", "rig/architectures has no line for x: use one of"),
        ):
            with self.subTest(purpose):
                status, said = self.run_tool(
                    HERE / "install-deps", "build", purpose
                )
                self.assertEqual(status, 1, said)
                self.assertIn(wrong, said)
                self.assertEqual(len(said.splitlines()), 1, said)
