#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Bench - compare the modules with what the kernel has, in one guest

    bench/bench.py KERNEL [--short | --profile] [--store] [PATTERN...]

KERNEL is a directory as rig/kernel makes it, for which the modules have been
built.  The program boots it in a guest whose clock counts instructions, and
measures the pairs of bench/pairs.tsv whose names match a PATTERN, or all.  It
prints a table, and writes it below build/bench/KERNEL/, with the figures as
JSON and plots as SVG.

--short takes less than a minute, and compares the ratios with the stored ones;
it draws no plots.  --profile does not measure, but prints in which functions the
instructions are.  --store writes the measured ratios to bench/pairs.tsv.  If all
pairs are measured or profiled, it also writes the files performance-* in
Documentation/, which the page about the performance includes.
"""

import argparse
import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "rig"))

import pairs as pair_table
import profile_table
import report
import results
import vm
from common import die
from ktap_writer import Writer
from pairs import Pair, Row

SOURCE = HERE.parent
PAIRS = HERE / "pairs.tsv"
PAGES = SOURCE / "Documentation"
# The kernel for which bench/pairs.tsv stores ratios.
STORED = "stock-6.12"
# How many seconds a guest may print nothing, because it measures.
LIMIT = 300
AREA = "pairs"
# The option of the program in the guest, for profile_plugin.c.
PROFILE = "-p"
PROFILE_TEXT = "profile.txt"


class Bench:
    """One run of the benchmark on a kernel."""

    def __init__(self, kernel: Path) -> None:
        self.kernel = kernel.resolve()
        self.name = kernel.name
        self.work = results.build_dir() / "bench" / kernel.name
        self.modules = self.work / "modules"
        self.program = self.work / "measure"
        self.log = self.work / "build.log"
        self.counts = self.work / "counts"

    def build(self) -> None:
        """Build the benchmark's modules and the program for the guest."""
        self.modules.mkdir(parents=True, exist_ok=True)
        with open(self.log, "w", encoding="utf-8") as log:
            for command in (
                self.copy(),
                self.make(),
                ["strip", "--strip-debug", *map(str, self.objects())],
                self.compile(),
            ):
                done = subprocess.run(
                    command, stdout=log, stderr=log, check=False
                )
                if done.returncode:
                    die(f"the benchmark does not build: see {self.log}")

    def copy(self) -> list[str]:
        """Return the command that copies the sources of the modules."""
        return [
            *("rsync", "-rc", "--include=*/", "--include=*.[ch]"),
            *("--include=Kbuild", "--exclude=*"),
            *(f"{HERE}/", str(SOURCE / "lib"), str(SOURCE / "kunit")),
            str(self.modules),
        ]

    def make(self) -> list[str]:
        """Return the command that builds the modules."""
        return [
            *("make", "-C", str((self.kernel / "headers").resolve())),
            *(f"M={self.modules}", "KCFLAGS=-Werror"),
            *shlex.split(os.environ.get("KBUILD_ARGS", "")),
            "modules",
        ]

    def objects(self) -> list[Path]:
        """Return the paths of the modules."""
        names = ("bench_base", "bench_empty")
        return [self.modules / f"{name}.ko" for name in names]

    def compile(self) -> list[str]:
        """Return the command that compiles the program."""
        return [
            *shlex.split(os.environ.get("CC") or "gcc"),
            *("-O2", "-static", "-Wall", "-Wextra", "-Werror"),
            f"-I{SOURCE / 'include/uapi'}",
            *("-o", str(self.program)),
            *map(str, sorted((HERE / "measure").glob("*.c"))),
        ]

    def plot(self) -> None:
        """Draw the plots, by the Python that has Debian's matplotlib."""
        command = ["/usr/bin/python3", str(HERE / "plots.py"), str(self.work)]
        if subprocess.run(
            command, stdout=subprocess.DEVNULL, check=False
        ).returncode:
            die('the plots cannot be drawn: see above, or run "make deps"')

    def measure(self, pairs: list[Pair], *options: str) -> Path:
        """Measure the pairs in a guest; return the directory of the run."""
        run = results.build_dir() / "results" / f"measure-{self.name}"
        # A module can be loaded and unloaded only while no other pair uses it.
        order = sorted(pairs, key=lambda pair: not pair.is_load())
        command = [
            *(str(SOURCE / "rig/vm.py"), "run", str(self.kernel), str(run)),
            *("--icount", "--cpus", "1", "--memory", "2G"),
            *("--word", "nokaslr", "--limit", str(LIMIT)),
            *(self.plugin_options() if PROFILE in options else []),
            *("--", str(self.program), *options, str(self.modules)),
            *(pair.name for pair in order),
        ]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, check=False)
        if done.returncode < 0:
            die(f"rig/vm.py was killed by signal {-done.returncode}")
        return run

    def rows(
        self, pairs: list[Pair], *options: str
    ) -> tuple[list[Row], list[str]]:
        """Measure the pairs in a guest; return their rows, and its errors."""
        guest = self.measure(pairs, *options)
        rows = pair_table.read_rows(results.read(guest), pairs)
        return rows, errors_of(guest)

    def rows_again(
        self, rows: list[Row], *options: str
    ) -> tuple[list[Row], list[str]]:
        """Measure the pairs that are worse than stored once more.

        Return all rows, with the new ones of these pairs, and the errors of
        the guest.  A pair that is really worse is so in each guest, but what
        else the kernel did in one of them is not.
        """
        worse = [row.pair for row in rows if row.is_worse()]
        if not worse:
            return rows, []
        names = ", ".join(pair.name for pair in worse)
        print(f"These pairs are worse and are measured again: {names}")
        again, errors = self.rows(worse, *options)
        new = {row.pair.name: row for row in again}
        return [new.get(row.pair.name, row) for row in rows], errors

    def plugin_options(self) -> list[str]:
        """Build QEMU's plugin; return the options of rig/vm.py for it."""
        self.counts.unlink(missing_ok=True)
        plugin = self.work / "profile_plugin.so"
        done = subprocess.run(
            [
                *shlex.split(os.environ.get("CC") or "gcc"),
                *("-shared", "-fPIC", "-O2", f"-DPLUGIN_VERSION={api()}"),
                *("-o", str(plugin), str(HERE / "profile_plugin.c")),
            ],
            check=False,
        )
        if done.returncode:
            die("profile_plugin.c does not compile: see above")
        names = {"profile_begin": "begin", "profile_end": "end"}
        symbols = subprocess.run(
            ["nm", self.program], capture_output=True, text=True, check=True
        )
        found = [
            f"{names[line.split()[2]]}={line.split()[0]}"
            for line in symbols.stdout.splitlines()
            if line.split()[-1] in names
        ]
        where = ",".join([str(plugin), *found, f"out={self.counts}"])
        return ["--plugin", where]

    def profile(self, pairs: list[Pair]) -> None:
        """Print where the instructions go."""
        guest = self.measure(pairs, PROFILE)
        symbols = guest / "pulse-1"
        if not self.counts.exists() or not (symbols / "kallsyms").exists():
            die(f"nothing was profiled: see {guest}/ktap")
        document = results.read(guest)
        text = profile_table.read(symbols, self.counts, document)
        (self.work / PROFILE_TEXT).write_text(text)
        print(text)
        print(f"The profile is in {self.work}/{PROFILE_TEXT}.")


def api() -> int:
    """Return the version of the plugins' interface that QEMU has."""
    said = subprocess.run(
        ["qemu-system-x86_64", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"version (\d+)", said.stdout)
    return 2 if found and int(found[1]) >= 9 else 1


def judge(
    run: Path, rows: list[Row], errors: list[str], seconds: float
) -> None:
    """Write the results of the short form, a test for each pair."""
    results.fresh_run(run)
    with open(run / "ktap", "w", encoding="utf-8") as out:
        document = Writer(out, 1)
        area = document.begin(len(rows), AREA)
        for row in rows:
            for text in row.complaint():
                area.comment(text)
            reason = f"SKIP {row.skip}" if row.skip else ""
            area.result(row.is_good(), row.pair.name, reason)
        document.result(area.is_good, AREA)
    results.judge(run, os.environ["KSRC"], {AREA: seconds}, errors)


def errors_of(guest: Path) -> list[str]:
    """Return the errors of a guest, but not that it lacks a kernel module.

    The table has the reason why a pair was not measured.
    """
    errors = results.load_meta(guest)["errors"]
    return [e for e in errors if not e.startswith("unexpected SKIP: ")]


def write(work: Path, text: str, rows: list[Row]) -> None:
    """Write the table and the figures."""
    (work / "table.txt").write_text(text)
    figures = {row.pair.name: row.as_json() for row in rows}
    (work / "bench.json").write_text(json.dumps(figures, indent=1) + "\n")


def chosen(patterns: list[str]) -> list[Pair]:
    """Return the pairs that the patterns select; exit if one selects none."""
    pairs = pair_table.read_pairs(PAIRS)
    for pattern in patterns:
        if not any(fnmatch.fnmatch(p.name, pattern) for p in pairs):
            die(
                f"PAIRS={pattern} selects no pair: the names are in "
                f"{PAIRS.relative_to(SOURCE)}"
            )
    return [
        pair
        for pair in pairs
        if not patterns
        or any(fnmatch.fnmatch(pair.name, pattern) for pattern in patterns)
    ]


def parse() -> argparse.Namespace:
    """Return the arguments; exit if they do not fit together."""
    parser = argparse.ArgumentParser(description="Compare the modules.")
    parser.add_argument("kernel", type=Path)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--store", action="store_true")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("patterns", nargs="*", metavar="PATTERN")
    args = parser.parse_args()
    if (args.short or args.store) and args.kernel.name != STORED:
        die(
            f"the ratios are stored for {STORED}: type KERNEL={STORED}, or "
            "leave out SHORT= and STORE="
        )
    if args.short and args.store:
        die("SHORT= and STORE= do not fit together: leave one out")
    return args


def store(work: Path, rows: list[Row], is_all: bool) -> None:
    """Store the ratios and, if all pairs were measured, the page's files."""
    pair_table.store(PAIRS, rows)
    print(f"The ratios are stored in {PAIRS.relative_to(SOURCE)}.")
    for name in ("table.txt", "pairs.svg", "loads.svg") if is_all else ():
        shutil.copyfile(work / name, PAGES / f"performance-{name}")


def main() -> int:
    """Measure what the arguments name."""
    args = parse()
    pairs = chosen(args.patterns)
    start = time.monotonic()
    bench = Bench(args.kernel)
    bench.build()
    if args.profile:
        bench.profile(pairs)
        if args.store and not args.patterns:
            text = (bench.work / PROFILE_TEXT).read_text()
            (PAGES / f"performance-{PROFILE_TEXT}").write_text(text)
        return 0
    is_slow = vm.Kernel(args.kernel).slowness() > 1
    if is_slow:
        print("The kernel's checkers make it slow: fewer operations.")
    options = ["-s"] * (args.short or is_slow)
    rows, errors = bench.rows(pairs, *options)
    if args.short:
        rows, more = bench.rows_again(rows, *options)
        errors += more
    text = pair_table.table(rows)
    print(text, end="")
    write(bench.work, text, rows)
    if args.short:
        run = results.build_dir() / "results" / f"bench-{bench.name}"
        judge(run, rows, errors, time.monotonic() - start)
        return report.summary([run])
    for error in errors:
        print(f"modproof: {error}", file=sys.stderr)
    if errors or any(row.errors for row in rows):
        return 1
    bench.plot()
    print(f"The table, figures and plots are in {bench.work}/.")
    if args.store:
        store(bench.work, rows, not args.patterns)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        die("interrupted")
