# SPDX-License-Identifier: GPL-2.0
"""Tests that the commands of Documentation/signing.rst print what it shows"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.base import HERE, KERNEL, PROJECT, WORK, Scratch

SESSIONS = PROJECT / "Documentation/signing"
HEADERS = (KERNEL.path / "headers").resolve()
# The commands of the guest's root before a session: what a user's machine has.
SETUP = """
ln -sfn {headers} /lib/modules/$(uname -r)/build
mount -t securityfs none /sys/kernel/security
[ ! -e /sys/firmware/efi ] ||
	mount -t efivarfs none /sys/firmware/efi/efivars
exec "$@"
"""


def make_files(directory: Path) -> None:
    """Make the module of the sessions, the key, and the signed module.

    The key is made by the commands of the session that the page shows.
    """
    shutil.copy(PROJECT / "modules/hello/hello-1.c", directory)
    shutil.copy(SESSIONS / "x509.genkey", directory)
    (directory / "Kbuild").write_text("obj-m := hello-1.o\n")
    text = (SESSIONS / "key.session").read_text()
    text = text.replace("/lib/modules/$(uname -r)/build", str(HEADERS))
    commands = [f"make -C {HEADERS} M=$PWD modules"]
    commands += re.findall(r"^# (.*)", text, re.M)
    script = "\n".join(["set -e", *commands])
    subprocess.run(
        ["sh", "-c", script],
        cwd=directory,
        env=os.environ | {"MAKEFLAGS": ""},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )


class Sessions(Scratch):
    """The sessions of the page, in guests that differ in what they trust."""

    output: Path
    certificate: Path

    @classmethod
    def setUpClass(cls):
        cls.output = Path(tempfile.mkdtemp(prefix="rig-", dir=WORK))
        cls.addClassCleanup(shutil.rmtree, cls.output)
        made = cls.output / "made"
        made.mkdir()
        make_files(made)
        command = made / "modproof"
        command.write_text(
            f"#!/bin/sh\nMODPROOF_CACHE={cls.output} exec {HERE}/modproof"
            ' "$@"\n'
        )
        command.chmod(0o755)
        environment = os.environ | {"O": str(cls.output)}
        staged = shutil.copytree(made, cls.output / "staged")
        subprocess.run(
            [HERE / "stage", KERNEL.path, staged], env=environment, check=True
        )
        modules = cls.output / "vm" / KERNEL.path.name / "ko"
        shutil.copytree(made, modules, dirs_exist_ok=True)
        cls.certificate = made / "modules.der"
        subprocess.run(
            [HERE / "why/run", "--help"],
            env=environment | {"MODPROOF_CACHE": str(cls.output)},
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def play(self, *names, machine=()):
        """Type sessions in a guest; check that each answer is as expected."""
        sessions = [SESSIONS / f"{name}.session" for name in names]
        setup = SETUP.format(headers=HEADERS)
        job = ["sh", "-ec", setup, "sh", HERE / "guest/session.py", *sessions]
        run = self.scratch / "run"
        status, said = self.run_tool(
            *(HERE / "vm.py", "run", KERNEL.path, run, "--show"),
            *("--cpus", "1", *machine, "--", *job),
            O=str(self.output),
            RIG_BOOT="1",
        )
        self.assertEqual(status, 0, said)
        for name in names:
            self.assertRegex(said, rf"\n.* ok {name} ")

    def test_key_that_the_kernel_does_not_trust(self):
        self.play("key", "sign", "version")

    def test_module_sig_enforce(self):
        self.play("enforced", machine=["--word=module.sig_enforce=1"])

    def test_lockdown(self):
        self.play("lockdown", machine=["--word=lockdown=integrity"])

    def test_secure_boot(self):
        firmware = self.scratch / "firmware"
        status, said = self.run_tool(
            *(HERE / "secure-boot", KERNEL.path, self.certificate, firmware)
        )
        self.assertEqual(status, 0, said)
        self.play("secure-boot", "changed", machine=["--firmware", firmware])


class WrongArguments(Scratch):
    """Arguments that rig/secure-boot and rig/vm.py cannot use."""

    def check(self, status, message, *command):
        """Check the exit status and the only line that a tool prints."""
        self.assertEqual(self.run_tool(*command), (status, f"{message}\n"))

    def test_secure_boot(self):
        tool = HERE / "secure-boot"
        usage = "usage: rig/secure-boot KERNEL CERTIFICATE DIR"
        self.check(2, usage, tool, KERNEL.path)
        new = self.scratch / "new"
        unread = (
            f"{new}/vmlinuz cannot be read: name the directory of a kernel"
        )
        self.check(1, f"modproof: {unread}", tool, new, new, new)
        exists = f"{self.scratch} exists: name a new directory"
        self.check(
            1, f"modproof: {exists}", tool, KERNEL.path, new, self.scratch
        )
        status, said = self.run_tool(tool, KERNEL.path, SESSIONS, new)
        self.assertEqual(status, 1)
        self.assertRegex(
            said, r"\Amodproof: .* is not a certificate in DER: .*"
        )
        self.assertFalse(new.exists())

    def test_directory_without_firmware(self):
        self.check(
            1,
            f"modproof: --firmware {self.scratch} has no vars.fd: make the"
            " directory with rig/secure-boot",
            *(HERE / "vm.py", "run", KERNEL.path, self.scratch / "run"),
            *("--firmware", self.scratch, "--", "true"),
        )
