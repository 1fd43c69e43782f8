# SPDX-License-Identifier: GPL-2.0
"""Tests of the machines that QEMU emulates for kernels of all architectures"""

import os
import re

import boards
import vm
from tests.base import KERNEL, Scratch


class Bootable(vm.Kernel):
    """A kernel whose initramfs is not made."""

    def initramfs(self):
        return self.work / "initramfs"


class Boards(Scratch):
    """A kernel's directory that names its architecture."""

    def kernel(self, name):
        """Return the kernel of this architecture."""
        (self.scratch / "arch").write_text(f"{name}\n")
        (self.scratch / "release").write_text("9.9\n")
        (self.scratch / "config").write_text("CONFIG_MODULES=y\n")
        (self.scratch / "vmlinuz").touch()
        return Bootable(self.scratch)

    def command(self, name):
        """Return QEMU's command line and its words for the kernel."""
        command = vm.command_line(self.kernel(name), "tcg", [], 2)
        return command, command[command.index("-append") + 1].split()

    def test_each_board_has_a_line_in_the_table_and_its_name_in_debian(self):
        lines = re.findall(r"^\w.*", boards.TABLE.read_text(), re.M)
        named = {line.split()[0] for line in lines if line.split()[4] != "-"}
        self.assertEqual(named, set(boards.BOARDS))

    def test_host_has_two_uarts_and_its_own_root(self):
        command = vm.command_line(KERNEL, "tcg", [], 2)
        words = command[command.index("-append") + 1].split()
        self.assertEqual(command[0], "qemu-system-x86_64")
        self.assertIn("console=ttyS0", words)
        self.assertIn("no_timer_check", words)
        for word in words:
            self.assertNotRegex(word, r"^rig\.(over|port=|console=)")
        self.assertEqual(
            KERNEL.board.serial("file:x"),
            ["-serial", "file:x", "-serial", "stdio"],
        )

    def test_arm64_talks_by_virtio_and_has_a_root_of_its_own(self):
        command, words = self.command("arm64")
        self.assertEqual(command[0], "qemu-system-aarch64")
        for word in ("console=ttyAMA0", "rig.port=hvc0", "rig.over"):
            self.assertIn(word, words)
        self.assertFalse([word for word in words if word.startswith("tsc")])
        self.assertIn("virtio-9p-pci,fsdev=root,mount_tag=host", command)

    def test_s390_has_channels_and_no_pci(self):
        command, words = self.command("s390")
        self.assertEqual(command[0], "qemu-system-s390x")
        self.assertIn("console=ttysclp0", words)
        board = self.kernel("s390").board
        every = " ".join([*command, *board.serial("file:x")])
        self.assertIn("virtio-9p-ccw", every)
        self.assertIn("virtio-serial-ccw", every)
        self.assertNotIn("-pci", every)

    def test_kernel_may_have_a_newer_qemu(self):
        newer = self.scratch / "emulator/usr/bin/qemu-system-s390x"
        newer.parent.mkdir(parents=True)
        newer.touch()
        self.assertEqual(self.command("s390")[0][0], str(newer))
        self.assertEqual(self.command("arm64")[0][0], "qemu-system-aarch64")

    def test_another_architecture_is_emulated(self):
        os.environ["ACCEL"] = "kvm"
        self.addCleanup(os.environ.pop, "ACCEL")
        self.assertEqual(
            vm.accelerator(self.kernel("arm64")),
            ("tcg", "the host is not arm64"),
        )

    def test_guest_of_another_architecture_is_not_restored(self):
        self.assertFalse(vm.can_restore(self.kernel("arm64"), "tcg"))

    def test_architecture_without_a_board(self):
        for name in "alpha", "vax", "":
            with self.subTest(name), self.assertRaises(SystemExit) as ended:
                self.kernel(name)
            said = str(ended.exception.code)
            self.assertIn("for which no guest is known: use one of", said)
