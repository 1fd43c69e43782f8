# SPDX-License-Identifier: GPL-2.0
"""Pace - measure how much CPU time a busy host leaves to a process

The clock of an emulated guest is the host's.  A timeout by that clock expires
too early on a busy host, so timeouts count the guest's own time: if its
threads waited for a processor three times as long as they ran, a second counts
as a quarter.  The kernel's run queues have both numbers, see
Documentation/scheduler/sched-stats.rst; without them, the host counts as not
busy.
"""

from pathlib import Path

# The number of seconds over which older measurements fade.
MEMORY = 10
# The longest time in seconds that counts between two calls of look().
LATE = 2
PROC = Path("/proc")


class Pace:
    """The pace of a process, measured from one call of look() to the next."""

    def __init__(self, pid: int, now: float, proc: Path = PROC) -> None:
        self.tasks = proc / str(pid) / "task"
        self.seen: dict[Path, tuple[int, ...]] = {}
        self.last = now
        self.ran = self.waited = 0.0
        # Its own time in seconds, and the factor by which everything takes
        # longer.
        self.own = 0.0
        self.busy = 1.0

    def spent(self) -> tuple[int, int]:
        """Return the nanoseconds it ran and waited since the last call."""
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

    def look(self, now: float) -> None:
        """Update the own time and the pace."""
        # A longer time means that Ctrl-Z has stopped both processes.
        took, self.last = min(now - self.last, LATE), now
        ran, waited = self.spent()
        # A process that sleeps loses no time, because it waits for a clock.
        self.own += took * (ran / (ran + waited) if ran + waited else 1)
        kept = 1 - took / MEMORY
        self.ran = self.ran * kept + ran
        self.waited = self.waited * kept + waited
        if self.ran:
            self.busy = 1 + self.waited / self.ran

    def __str__(self) -> str:
        if self.busy < 1.5:
            return "the host was not busy"
        return f"the host was busy: all took {self.busy:.1f} times as long"
