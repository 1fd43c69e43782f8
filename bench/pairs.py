# SPDX-License-Identifier: GPL-2.0
"""Pairs - the pairs of the benchmark: their targets, figures and verdicts

bench/pairs.tsv has a row for each pair, with tabs between the columns: the name,
the target, the stored ratio, what the module does, and what it is compared
with.  A target is the largest ratio of the two figures, or a number of bytes,
as "922 B", which the module's own figure must not exceed.  A "-" means that
there is no target, or that no ratio has been stored yet.
"""

import math
import statistics
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

import ktap

# A figure whose spread is larger is noise.
NOISE = 0.05
# How much worse than the stored ratio a ratio may be.
TOLERANCE = 0.10
LEAST_REPETITIONS = 5
NONE = "-"
BYTES = " B"
HEAD = ("pair", "ours", "other", "ratio", "spread", "target", "")
FORM = "{:<24} {:>10} {:>10} {:>7} {:>7} {:>7}  {}"
FIGURES = "figures "


@dataclass
class Pair:
    """A row of bench/pairs.tsv."""

    name: str
    target: str
    stored: float | None
    ours: str
    other: str

    def is_load(self) -> bool:
        """Return true if a module is loaded and unloaded."""
        return self.name.startswith("load-")


class Json(TypedDict, total=False):
    """What bench.json has about a pair."""

    ours: list[float]
    other: list[float]
    ratio: float
    spread: float
    target: str
    verdict: str


def spread(figures: list[float]) -> float:
    """Return the difference of the extremes as a share of the median."""
    return (max(figures) - min(figures)) / statistics.median(figures)


@dataclass
class Row:
    """A pair, and what has been measured.

    @ours and @other are the figures of the repetitions.  @skip is the reason
    for which the pair was not measured, and @errors are what went wrong.
    """

    pair: Pair
    ours: list[float] = field(default_factory=list)
    other: list[float] = field(default_factory=list)
    skip: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def is_measured(self) -> bool:
        """Return true if there are figures."""
        return not self.skip and not self.errors

    @property
    def ratio(self) -> float:
        """Return the ratio of the medians."""
        return statistics.median(self.ours) / statistics.median(self.other)

    @property
    def spread(self) -> float:
        """Return the larger spread of the two sides."""
        return max(spread(self.ours), spread(self.other))

    def is_met(self) -> bool:
        """Return true if the target is met, as precisely as it is written."""
        target = self.pair.target
        if target.endswith(BYTES):
            most = int(target.removesuffix(BYTES))
            return round(statistics.median(self.ours)) <= most
        return round(self.ratio, 2) <= float(target)

    def verdict(self) -> str:
        """Return the last column of the table."""
        if self.errors:
            return "ERROR"
        if self.skip:
            return f"not measured: {self.skip}"
        words = [] if self.spread <= NOISE else ["noise"]
        if self.pair.target != NONE:
            words.insert(0, "met" if self.is_met() else "missed")
        return ", ".join(words)

    def most(self) -> float:
        """Return the largest ratio that is not worse than the stored one.

        If the figures are noise, they may differ by their spread.
        """
        return (self.pair.stored or 0) * (1 + max(TOLERANCE, self.spread))

    def is_good(self) -> bool:
        """Return true if the ratio is not worse than the stored one."""
        if self.errors or self.skip:
            return not self.errors
        return self.pair.stored is not None and self.ratio <= self.most()

    def is_worse(self) -> bool:
        """Return true if there is a ratio, and it is worse than the stored."""
        return self.is_measured and not self.is_good()

    def complaint(self) -> list[str]:
        """Return the lines that explain why the pair is not good."""
        if self.is_good() or self.errors:
            return self.errors
        if self.pair.stored is None:
            return ["no ratio is stored: type make bench STORE=1"]
        return [
            f"the stored ratio is {self.pair.stored:.3f}, the measured one "
            f"{self.ratio:.3f}, and the limit {self.most():.3f}",
            f"type make bench PAIRS={self.pair.name} PROFILE=1 to see more, or "
            f"STORE=1 instead to store the new ratio",
        ]

    def cells(self) -> tuple[str, ...]:
        """Return the columns of the table."""
        if not self.is_measured:
            blank = [""] * 4
            return (self.pair.name, *blank, self.pair.target, self.verdict())
        return (
            self.pair.name,
            f"{statistics.median(self.ours):.1f}",
            f"{statistics.median(self.other):.1f}",
            f"{self.ratio:.3f}",
            f"{100 * self.spread:.1f} %",
            self.pair.target,
            self.verdict(),
        )

    def as_json(self) -> Json:
        """Return the figures for bench.json."""
        if not self.is_measured:
            return {"target": self.pair.target, "verdict": self.verdict()}
        return {
            "ours": self.ours,
            "other": self.other,
            "ratio": round(self.ratio, 4),
            "spread": round(self.spread, 4),
            "target": self.pair.target,
            "verdict": self.verdict(),
        }


def read_pairs(path: Path) -> list[Pair]:
    """Return the pairs of a file in the form of bench/pairs.tsv."""
    pairs = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != 5:
            raise ValueError(f"{path.name}:{number}: there are not 5 columns")
        name, target, stored, ours, other = cells
        ratio = None if stored == NONE else float(stored)
        pairs.append(Pair(name, target, ratio, ours, other))
    return pairs


def need_figures(row: Row) -> None:
    """Record an error unless both sides of a pair have enough figures."""
    for figures in (row.ours, row.other):
        if len(figures) < LEAST_REPETITIONS:
            row.errors.append(f"only {len(figures)} figures were measured")
        elif not all(math.isfinite(f) and f > 0 for f in figures):
            row.errors.append("a figure is not a positive number")


def read_row(pair: Pair, test: ktap.Test | None) -> Row:
    """Return the row of a pair from its result in the guest's document."""
    row = Row(pair)
    if not test:
        row.errors.append("the guest did not measure this pair")
        return row
    said = [text.removeprefix("# ") for text in test.diagnostics]
    for text in said:
        if text.startswith(FIGURES):
            _, _, side, *figures = text.split()
            (row.ours if side == "ours" else row.other)[:] = map(
                float, figures
            )
    if test.status == "skip":
        row.skip = test.reason
    elif test.status == "fail":
        row.errors.append(test.reason or "it failed without a reason")
    else:
        need_figures(row)
    return row


def read_rows(document: ktap.Test, pairs: list[Pair]) -> list[Row]:
    """Return the rows of the pairs from a guest's document."""
    tests = {test.name: test for test in document.children}
    return [read_row(pair, tests.get(pair.name)) for pair in pairs]


def table(rows: list[Row]) -> str:
    """Return the table of the rows."""
    lines = [FORM.format(*HEAD), *(FORM.format(*row.cells()) for row in rows)]
    errors = [f"{row.pair.name}: {e}" for row in rows for e in row.errors]
    return "".join(f"{line.rstrip()}\n" for line in [*lines, *errors])


def store(path: Path, rows: list[Row]) -> None:
    """Write the ratios of the rows to a file such as bench/pairs.tsv."""
    ratios = {row.pair.name: row.ratio for row in rows if row.is_measured}
    lines = []
    for line in path.read_text().splitlines():
        cells = line.split("\t")
        if cells[0] in ratios:
            cells[2] = f"{ratios[cells[0]]:.3f}"
        lines.append("\t".join(cells))
    path.write_text("".join(f"{line}\n" for line in lines))
