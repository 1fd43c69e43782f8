# SPDX-License-Identifier: GPL-2.0
"""Pace - how much of its time a process gets from a host that has other work

The clock of an emulated guest is the host's.  A limit by that clock comes too
early on a busy host, so limits count the guest's own time: of a second in which
its threads waited for a processor three times as long as they ran, they had a
quarter.  The kernel's run queues have both numbers, see
Documentation/scheduler/sched-stats.rst; where there are none, no host is busy.
"""

from pathlib import Path

# For how many seconds what was measured counts, before it fades.
MEMORY = 10
# How many seconds there are between two looks, at most.
LATE = 2
PROC = Path("/proc")


class Pace:
    """The pace of a process, as seen from one look at it to the next."""

    def __init__(self, pid, now, proc=PROC):
        self.tasks = proc / str(pid) / "task"
        self.seen = {}
        self.last = now
        self.ran = self.waited = 0.0
        # Its own time in seconds, and how many times as long all takes.
        self.own = 0.0
        self.busy = 1.0

    def spent(self):
        """Nanoseconds on a processor and in wait for one since the last look."""
        ran = waited = 0
        seen = {}
        for path in self.tasks.glob("*/schedstat"):
            try:
                now = tuple(map(int, path.read_text().split()[:2]))
            except OSError:
                continue
            before = self.seen.get(path, (0, 0))
            seen[path] = now
            ran += now[0] - before[0]
            waited += now[1] - before[1]
        self.seen = seen
        return ran, waited

    def look(self, now):
        """Bring own time and pace up to date."""
        # Whoever looks late has been stopped, and so was the process: Ctrl-Z.
        took, self.last = min(now - self.last, LATE), now
        ran, waited = self.spent()
        # A process that sleeps has all its time, for a clock is what it awaits.
        self.own += took * (ran / (ran + waited) if ran + waited else 1)
        kept = 1 - took / MEMORY
        self.ran = self.ran * kept + ran
        self.waited = self.waited * kept + waited
        if self.ran:
            self.busy = 1 + self.waited / self.ran

    def __str__(self):
        if self.busy < 1.5:
            return "the host was not busy"
        return f"the host was busy: all took {self.busy:.1f} times as long"
