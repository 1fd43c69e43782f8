#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Plots - draw the ratios of a benchmark as SVG

    bench/plots.py DIR

DIR has the bench.json of a run; the plots are written beside it.  A bar is the
ratio of a pair, and the line across it is the target.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

# A plot of the same figures must not differ from run to run.
os.environ["SOURCE_DATE_EPOCH"] = "0"

import matplotlib

MET, MISSED, SHOWN = "#4c9a6a", "#c8693e", "#8a94a3"
# The names of the plots, and the beginnings of the names of their pairs.
LOAD = "load-"
INCH_PER_BAR = 0.24
WIDTH = 8


def colour(pair: dict[str, Any]) -> str:
    """Return the colour of a bar."""
    if pair["verdict"].startswith("met"):
        return MET
    return MISSED if pair["verdict"].startswith("missed") else SHOWN


def is_ratio(target: str) -> bool:
    """Return true if a target is a ratio, and so can be shown in the plot."""
    return target.replace(".", "", 1).isdigit()


def draw(path: Path, title: str, pairs: dict[str, dict[str, Any]]) -> None:
    """Draw the bars of some pairs, the first one at the top."""
    from matplotlib import pyplot

    height = 1.2 + INCH_PER_BAR * len(pairs)
    figure, axes = pyplot.subplots(figsize=(WIDTH, height))
    for y, (name, pair) in enumerate(pairs.items()):
        axes.barh(y, pair["ratio"], color=colour(pair), height=0.7)
        axes.text(pair["ratio"], y, f" {pair['ratio']:.2f}", va="center")
        if is_ratio(pair["target"]):
            target = float(pair["target"])
            axes.plot([target] * 2, [y - 0.45, y + 0.45], color="black")
    axes.set_yticks(range(len(pairs)), list(pairs))
    axes.invert_yaxis()
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.axvline(1, color="grey", linewidth=0.5)
    axes.margins(x=0.15, y=0.01)
    axes.set_xlabel("ratio, ours / other; black: target")
    axes.set_title(title)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def draw_all(directory: Path) -> list[Path]:
    """Draw the plots of a run; return their paths."""
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "modproof"
    matplotlib.rcParams["svg.fonttype"] = "none"
    matplotlib.rcParams["font.size"] = 8
    figures = json.loads((directory / "bench.json").read_text())
    measured = {n: p for n, p in figures.items() if "ratio" in p}
    loads = {n: p for n, p in measured.items() if n.startswith(LOAD)}
    others = {n: p for n, p in measured.items() if n not in loads}
    drawn = []
    for name, title, pairs in (
        ("pairs", "Calls and memory", others),
        (
            "loads",
            "Loading and unloading a module, against an empty one",
            loads,
        ),
    ):
        if pairs:
            drawn.append(directory / f"{name}.svg")
            draw(drawn[-1], title, pairs)
    return drawn


if __name__ == "__main__":
    for plot in draw_all(Path(sys.argv[1])):
        print(plot)
