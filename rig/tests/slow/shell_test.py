# SPDX-License-Identifier: GPL-2.0
"""Tests of the shell in a guest, with commands of the guide

The guest has a stock kernel, which cannot simulate GPIO lines.
"""

import os
import pty
import re
import select
import subprocess
import time
import unittest

from tests.base import HERE, KERNEL

# Commands that write, build and load a module of the user, with a makefile as
# in the guide.
OWN = r"""mkdir /tmp/own && cd /tmp/own
printf '#include <linux/module.h>\nint init_module(void)\n{\n' >own.c
printf 'pr_info("mine\\n");\nreturn 0;\n}\n' >>own.c
printf 'MODULE_LICENSE("GPL");\nMODULE_DESCRIPTION("mine");\n' >>own.c
printf 'obj-m += own.o\nPWD := $(CURDIR)\nall:\n\t$(MAKE) -C ' >Makefile
printf '/lib/modules/$(shell uname -r)/build M=$(PWD) modules\n' >>Makefile
make >log 2>&1 || tail log
sudo insmod own.ko && sudo dmesg | tail -1; cd /run/ko"""
# The commands that the tests type, by a name for each.
TYPED = {
    "load": "sudo insmod hello-1.ko && lsmod | grep hello",
    "journal": "sudo journalctl --since '1 hour ago' | grep kernel | tail -1",
    "gpio": "insmod intrpt.ko",
    "unknown": "nothing-of-the-kind",
    "write": "touch /lib/modules/$(uname -r)/mine hello-1.mine && echo yes",
    "change": "sudo rmmod hello_1; sed -i s/world/again/ "
    "src/modules/hello/hello-1.c && make >/tmp/log 2>&1 || tail /tmp/log; "
    "insmod hello-1.ko && dmesg | tail -1",
    "index": "modprobe -r hello-1; depmod && modprobe -n -v hello-1",
    "own": OWN,
    "config": "ls /etc/modprobe.d /lib/modprobe.d",
}
# A timeout in seconds that is long enough for any command on a busy machine.
LIMIT = 900


class Terminal:
    """A user at a terminal with a guest's shell."""

    def __init__(self):
        self.fd, theirs = pty.openpty()
        self.qemu = subprocess.Popen(
            [HERE / "vm.py", "shell", KERNEL.path],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=os.environ | {"TERM": "dumb"},
        )
        os.close(theirs)

    def read(self, end):
        """Read the output until it matches @end; return it."""
        shown = ""
        deadline = time.monotonic() + LIMIT
        while not re.search(end, shown):
            left = max(0, deadline - time.monotonic())
            if not select.select([self.fd], [], [], left)[0]:
                raise TimeoutError(f"{end} does not come:\n{shown}")
            shown += os.read(self.fd, 4096).decode(errors="replace")
            shown = shown.replace("\r", "")
        return shown

    def type(self, text):
        """Type commands; return their output."""
        shown = ""
        for line in text.splitlines():
            os.write(self.fd, f"{line}; echo END$?\n".encode())
            shown += self.read(r"\nEND\d+\n")
        return shown

    def leave(self):
        """Type exit; return the exit status of QEMU."""
        os.write(self.fd, b"exit\n")
        return self.qemu.wait(timeout=LIMIT)


class Shell(unittest.TestCase):
    """Tests of one guest; all commands are typed before the first test."""

    banner: str
    shown: dict[str, str]
    status: int

    @classmethod
    def setUpClass(cls):
        terminal = Terminal()
        cls.banner = terminal.read(r"guest:ko# ")
        cls.shown = {name: terminal.type(t) for name, t in TYPED.items()}
        cls.status = terminal.leave()

    def test_banner_says_what_is_where_in_five_lines(self):
        lines = self.banner.strip().splitlines()[-6:-1]
        self.assertRegex(lines[0], r"^Linux \d.* is lost when you exit")
        self.assertIn("insmod NAME.ko", lines[1])
        self.assertIn("src/", lines[2])
        self.assertRegex(lines[4], r"\bintrpt\b.* need KERNEL=latest, for its")
        for line in lines:
            self.assertLess(len(line), 80)

    def test_sudo_passes_on(self):
        self.assertRegex(self.shown["load"], r"\nhello_1 +\d+ +0\n")

    def test_journalctl_has_what_the_kernel_logs(self):
        self.assertRegex(self.shown["journal"], "guest kernel: .*Hello world")

    def test_module_without_its_hardware_has_a_hint(self):
        self.assertIn("intrpt needs GPIO lines, which", self.shown["gpio"])

    def test_command_that_is_not_there_has_a_reason(self):
        self.assertIn("the host, whose programs", self.shown["unknown"])

    def test_what_is_there_can_be_written(self):
        self.assertIn("\nyes\n", self.shown["write"])
        self.assertRegex(self.shown["index"], r"\ninsmod .*/hello-1\.ko")

    def test_changed_source_is_built_and_loaded(self):
        self.assertIn("Hello again 1.", self.shown["change"])

    def test_makefile_of_the_guide_builds(self):
        self.assertRegex(self.shown["own"], r"\] mine\n")

    def test_configuration_of_the_host_plays_no_part(self):
        self.assertNotRegex(self.shown["config"], r"\.conf")

    def test_exit_powers_off(self):
        self.assertEqual(self.status, 0)
