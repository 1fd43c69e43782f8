# SPDX-License-Identifier: GPL-2.0
"""Tests of rig/install-deps: apt-get is a script"""

import shutil

from tests.base import HERE, Scratch

# What install-deps runs itself; nothing else is on the path.
TOOLS = "cat dirname env gcc grep mkdir nproc realpath sed sh".split()


class Install(Scratch):
    """A user's machine lacks some packages."""

    def said(self, apt, wanted, *purposes):
        """Install what these purposes need with an apt-get that runs @apt;
        check that the messages have the pattern @wanted.
        """
        path = self.scratch / "bin"
        path.mkdir()
        for tool in TOOLS:
            (path / tool).symlink_to(shutil.which(tool))
        self.fake("bin/apt-get", f'echo "$*" >>{self.scratch}/apt; {apt}')
        self.fake("bin/id", "echo 0")
        status, said = self.run_tool(
            *(HERE / "install-deps", *purposes), PATH=str(path)
        )
        self.assertEqual(status, 1, said)
        self.assertRegex(said, wanted)

    def install(self, *purposes):
        """Install what these purposes need; return the commands of apt-get."""
        self.said("", "still missing after the installation: gdb", *purposes)
        return (self.scratch / "apt").read_text().splitlines()

    def test_nothing_of_the_user_is_removed(self):
        update, install = self.install("gdb")
        self.assertIn(" update", update)
        self.assertRegex(install, r"install .*--no-remove .* gdb$")

    def test_other_apt_get_is_awaited_and_named_if_it_does_not_end(self):
        lock = "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held"
        self.said(
            f'case "$*" in *" install "*) echo "{lock} by process 7"; exit 1; esac',
            r"could not install gdb \(see .*: another program is installing "
            "packages: wait until it has ended, then try again",
            "gdb",
        )
        _, install = (self.scratch / "apt").read_text().splitlines()
        self.assertIn("-o DPkg::Lock::Timeout=", install)

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
