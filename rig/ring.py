# SPDX-License-Identifier: GPL-2.0
"""Ring - read the last calls of a guest's tasks, which survive the guest

A ring is a file that QEMU gives a guest as the memory of a device.  The tasks of
rig/guest/prove write each call to it before they make the call; its layout is
that of rig/guest/prove/ring.c.
"""

import re
import struct
from dataclasses import dataclass
from pathlib import Path

MAGIC = b"modproof ring 1\0"
# The magic, the size of a record, the number of the last call, true if the tasks
# have not ended, and the module.
HEAD = struct.Struct("<16sQQI220s")
# The number, the step and the task of a call, and what it is.
RECORD = struct.Struct("<QQI236s")
SIZE = 1 << 20
# The number of calls to tell.
MOST = 8
# The name of a task, as "1#7": its number, and that of its step; and how
# rig/guest/prove writes it in a reason.
TASK = re.compile(r"(\d+)#(\d+)|task (\d+), step (\d+): ")
# The number of the task that loads and unloads the module.
LOADER = 4


def options(path: Path) -> list[str]:
    """Return QEMU's options for a guest with a ring in this file."""
    backend = (
        f"memory-backend-file,id=ring,share=on,mem-path={path},size={SIZE}"
    )
    return ["-object", backend, "-device", "ivshmem-plain,memdev=ring"]


@dataclass
class Call:
    """A system call that a task made, or was about to make."""

    number: int
    task: int
    step: int
    text: str

    def told(self) -> str:
        """Return a line about the call."""
        who = "the loader" if self.task == LOADER else f"task {self.task}"
        return f"{who}, step {self.step}: {self.text}"


@dataclass
class Ring:
    """The last calls on the files of a module, in the order of their numbers."""

    module: str
    is_running: bool
    calls: list[Call]

    def last(self, name: str = "") -> list[Call]:
        """Return the last calls, the newest at the end.

        If @name begins with a task, they are those of this task up to its step.
        """
        found = TASK.match(name)
        if not found:
            return self.calls[-MOST:]
        task, step = int(found[1] or found[3]), int(found[2] or found[4])
        own = [c for c in self.calls if c.task == task and c.step <= step]
        return own[-MOST:]


def text(data: bytes) -> str:
    """Return the text in a field, which ends at the first zero."""
    return data.split(b"\0", 1)[0].decode(errors="replace")


def read(path: Path) -> Ring | None:
    """Return the ring in a file, or None if no task has begun."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    if len(data) < HEAD.size or not data.startswith(MAGIC):
        return None
    _, _, _, running, module = HEAD.unpack_from(data)
    records = (
        RECORD.unpack_from(data, start)
        for start in range(HEAD.size, len(data) - RECORD.size + 1, RECORD.size)
    )
    calls = [
        Call(number, task, step, text(what))
        for number, step, task, what in records
        if number
    ]
    calls.sort(key=lambda call: call.number)
    return Ring(text(module), bool(running), calls)
