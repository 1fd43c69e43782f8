# SPDX-License-Identifier: GPL-2.0
"""Boards - the machines that QEMU emulates for guests, by their architecture

rig/architectures has the architectures, and names the QEMU of each.  The file
"arch" in a kernel's directory has the architecture's name, if it is not the
host's.  The directory "emulator" there has a QEMU, if the host's is too old.
Guests are emulated on x86-64 only, so this is the default.
"""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from common import die

TABLE = Path(__file__).resolve().parent / "architectures"
HOST = "x86_64"


@dataclass(frozen=True)
class Board:
    """A machine that QEMU emulates.

    @machine and @cpu are the values of QEMU's options.  @bus is the suffix of
    the names of virtio devices.  @console is the device of the first serial
    port, which is the kernel's console, and @port that of the second one, by
    which the host and the job talk.  Only a PC has a second UART; on another
    machine it is a port of a virtio device.  @instead has the symbols that a
    kernel for this machine needs instead of those in configs/boot.config.
    """

    machine: str
    cpu: str
    bus: str = "pci"
    console: str = "ttyS0"
    port: str = "hvc0"
    instead: dict[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    name: str = HOST
    qemu: str = ""
    package: str = ""

    def is_foreign(self) -> bool:
        """Return true if the host's processor cannot run the programs."""
        return self.name != HOST

    def serial(self, console: str) -> list[str]:
        """Return QEMU's options for the serial ports.

        @console is where the first one writes; the second one is QEMU's stdin
        and stdout.
        """
        if not self.is_foreign():
            return ["-serial", console, "-serial", "stdio"]
        return [
            *("-serial", console),
            *("-device", f"virtio-serial-{self.bus}"),
            *("-chardev", "stdio,id=port,signal=off"),
            *("-device", "virtconsole,chardev=port"),
        ]

    def boot_words(self) -> list[str]:
        """Return the words by which a guest's init knows the machine."""
        if not self.is_foreign():
            return []
        return [f"rig.console={self.console}", f"rig.port={self.port}"]


BOARDS = {
    # Five-level page tables are slow under emulation, and find no further
    # mistakes.  With ERMS or FSRM, the kernel copies memory by an instruction
    # that the emulator executes byte by byte.  The kernel checks at boot whether
    # the timer works, and panics if not.  Skip the check, because an emulated
    # timer may be late.
    "x86_64": Board(
        machine="pc",
        cpu="max,la57=off,erms=off,fsrm=off",
        port="ttyS1",
        words=("no_timer_check",),
    ),
    # To sign a pointer by the architecture's algorithm takes an emulator as long
    # as hundreds of instructions.  SVE makes each switch of tasks slow.
    "arm64": Board(
        machine="virt",
        cpu="max,pauth-impdef=on,sve=off",
        console="ttyAMA0",
        instead={
            "SERIAL_8250": "SERIAL_AMBA_PL011",
            "SERIAL_8250_CONSOLE": "SERIAL_AMBA_PL011_CONSOLE",
        },
    ),
    "s390": Board(
        machine="s390-ccw-virtio",
        cpu="max",
        bus="ccw",
        console="ttysclp0",
        instead={
            "SERIAL_8250": "SCLP_VT220_TTY",
            "SERIAL_8250_CONSOLE": "SCLP_VT220_CONSOLE",
            "VIRTIO_PCI": "S390_GUEST",
        },
    ),
}


def board_of(kernel: Path) -> Board:
    """Return the machine for a kernel, a directory as rig/kernel makes it."""
    path = kernel / "arch"
    name = path.read_text().strip() if path.exists() else HOST
    line = re.search(rf"^{re.escape(name)}\t.*", TABLE.read_text(), re.M)
    if not line or name not in BOARDS:
        die(
            f"{path} names the architecture {name}, for which no guest is "
            f"known: use one of {' '.join(BOARDS)}"
        )
    qemu, package = line[0].split()[2:4]
    newer = kernel / "emulator/usr/bin" / qemu
    if newer.exists():
        qemu = str(newer)
    return replace(BOARDS[name], name=name, qemu=qemu, package=package)
