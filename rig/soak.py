#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Soak - load and unload modules many times, while tasks use their files

    rig/soak.py DIR [--kernel NAME]... [--loads N] [--time SECONDS] [--seed N]

rig/modproof runs this.  Tasks open, read and poll the files of each module while
it is unloaded and loaded; rig/guest/prove has them.  The exit status is that of
rig/check.py.
"""

import argparse
import secrets
import sys
from pathlib import Path

import check
import common
from project import find
from trial import Trial

KERNEL = "stock-6.12"
COLUMNS = ("build", "load", "soak", "taint", "unload", "left", "leak")
LOADS = 1000
# More loads than any time has.
ENDLESS = 10**9
SEEDS = 10**6


def main() -> int:
    """Soak the modules of the project in the arguments."""
    parser = argparse.ArgumentParser(prog="modproof soak")
    parser.add_argument("directory")
    parser.add_argument("--kernel", action="append", default=[])
    parser.add_argument("--loads", type=int)
    parser.add_argument("--time", type=int)
    parser.add_argument("--seed", type=int)
    args = parser.parse_args()
    project = find(Path(args.directory))
    check.need_all_programs()
    loads = args.loads or (ENDLESS if args.time else LOADS)
    seed = secrets.randbelow(SEEDS) if args.seed is None else args.seed
    trial = Trial("soak", COLUMNS, loads, args.time or 0, seed)
    lasts = f"{args.time} s" if args.time else f"{loads} loads"
    check.say(f"each module: {lasts}, --seed {seed}")
    names = args.kernel or project.config.kernels or [KERNEL]
    return check.check_all(project, names, trial)


if __name__ == "__main__":
    common.run(main)
