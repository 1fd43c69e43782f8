# SPDX-License-Identifier: GPL-2.0
"""Profile table - say in which functions of the kernel a pair's instructions are

The plugin profile_plugin.c writes how many instructions ran at each address,
/proc/kallsyms has the functions.  It is read once, with all modules loaded that
stay loaded, so the functions of a module that a load-* pair loads have no names.  A block of instructions at a "call" or a jump
begins within a function, so its address belongs to the function before it.
"""

import bisect
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import ktap

# The addresses of user space are smaller.
KERNEL = 1 << 63
# The rows of a pair's table, and the form of a row.
MOST = 12
FORM = "  {:<40} {:>10} {:>10} {:>10}"
PROFILE = re.compile(r"profile (\S+) (\d+)$")
# The instructions of each function, for one operation.
Profile = Counter[str]


class Symbols:
    """The functions in the text of /proc/kallsyms."""

    def __init__(self, text: str) -> None:
        found = re.findall(
            r"^([0-9a-f]+) [tTwW] (\S+)(?:\t\[(\w+)\])?", text, re.M
        )
        functions = sorted(
            (int(address, 16), f"{name} [{module}]" if module else name)
            for address, name, module in found
        )
        self.addresses = [address for address, _ in functions]
        self.names = [name for _, name in functions]

    def name(self, address: int) -> str:
        """Return the name of the function that has this address."""
        if address < KERNEL:
            return "(user space)"
        index = bisect.bisect(self.addresses, address) - 1
        return str(self.names[index]) if index >= 0 else "(unknown)"


def read_counts(text: str, symbols: Symbols) -> Iterator[Profile]:
    """Yield the sums for each function of each profile in the plugin's file."""
    for part in text.split("\n\n"):
        profile: Profile = Counter()
        for line in part.splitlines():
            address, count = line.split()
            profile[symbols.name(int(address, 16))] += int(count)
        if profile:
            yield profile


def rounds(document: ktap.Test) -> Iterator[tuple[str, int]]:
    """Yield the pair's name and number of operations of each profile."""
    for test in document.children:
        for text in test.diagnostics:
            found = PROFILE.match(text.removeprefix("# "))
            if found:
                yield found[1], int(found[2])


def table(name: str, ours: Profile, other: Profile) -> list[str]:
    """Return the lines about a pair: the functions that differ most first."""
    lines = [FORM.format(name, "ours", "other", "more").removeprefix("  ")]

    def weight(function: str) -> tuple[int, int]:
        """Return the key by which the functions are sorted."""
        return abs(ours[function] - other[function]), ours[function]

    def row(title: str, functions: Iterable[str]) -> str:
        """Return the sums of some functions."""
        names = list(functions)
        figures = [sum(side[n] for n in names) for side in (ours, other)]
        return FORM.format(title, *figures, figures[0] - figures[1])

    ranked = sorted({*ours, *other}, key=weight, reverse=True)
    shown = [function for function in ranked[:MOST] if weight(function)[0]]
    lines += [row(function, [function]) for function in shown]
    rest = ranked[len(shown) :]
    return [*lines, row("(all others)", rest), row("(all)", ranked)]


def unnamed(profile: Profile) -> Profile:
    """Return a profile with one sum for the code of all modules."""
    sums: Profile = Counter()
    for function, count in profile.items():
        sums["(code of modules)" if " [" in function else function] += count
    return sums


def text(document: ktap.Test, counts: str, symbols: Symbols) -> str:
    """Return the tables of all profiles."""
    profiles = list(read_counts(counts, symbols))
    lines = []
    names = list(rounds(document))
    for index in range(0, min(len(names), len(profiles)) - 1, 2):
        name, number = names[index]
        ours, other = (
            Counter({f: round(n / number) for f, n in profile.items()})
            for profile in profiles[index : index + 2]
        )
        if name.startswith("load-"):
            ours, other = unnamed(ours), unnamed(other)
        lines += [*table(name, ours, other), ""]
    return "\n".join(lines)


def read(directory: Path, counts: Path, document: ktap.Test) -> str:
    """Return the tables; @directory has the guest's kallsyms."""
    symbols = Symbols((directory / "kallsyms").read_text())
    return text(document, counts.read_text(), symbols)
