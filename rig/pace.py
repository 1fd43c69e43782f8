# SPDX-License-Identifier: GPL-2.0
"""Pace - measure how much CPU time a process gets on a busy host

An emulated guest is a process whose clock is the host's.  On a busy host the
guest does less in a second, so a timeout by that clock would expire too early.
Therefore timeouts count the guest's own time.  For example, if the threads of
the process waited for a processor three times as long as they ran, a second of
the clock is a quarter of a second of own time.  The kernel counts how long
each thread ran and waited; see Documentation/scheduler/sched-stats.rst.  If it
does not, the host is regarded as not busy.
"""

from pathlib import Path

# A measurement loses its weight over about this number of seconds.
MEMORY = 10
# If more seconds than this pass between two calls of look(), only this number
# counts.
LATE = 2
PROC = Path("/proc")


class Pace:
    """The pace of a process, measured from one call of look() to the next."""

    def __init__(self, pid: int, now: float, proc: Path = PROC) -> None:
        self.tasks = proc / str(pid) / "task"
        self.seen: dict[Path, tuple[int, ...]] = {}
        self.last = now
        self.ran = self.waited = 0.0
        # The process's own time in seconds, and the factor by which it takes
        # longer for everything because the host is busy.
        self.own = 0.0
        self.busy = 1.0

    def spent(self) -> tuple[int, int]:
        """Return how long the process ran and waited since the last call.

        Both are the sums over its threads, in nanoseconds.
        """
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
        """Update the own time and the factor; @now is the time in seconds."""
        # If more time than LATE has passed, Ctrl-Z probably stopped both this
        # process and the measured one.
        took, self.last = min(now - self.last, LATE), now
        ran, waited = self.spent()
        # If the process neither ran nor waited for a processor, it slept: then
        # all of the time counts.
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
