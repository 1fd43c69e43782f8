#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Fuzz - make random system calls on the files of modules

    rig/fuzz.py DIR [--kernel NAME]... [--time SECONDS] [--seed N]

rig/modproof runs this.  Tasks of rig/guest/prove make the calls.  The calls of a
task depend only on the seed, but how those of several tasks mix does not.  The
exit status is that of rig/check.py.
"""

import argparse
import os
import secrets
import sys
from pathlib import Path

import check
import common
from kernels import KERNELS
from project import find
from trial import Trial

# The kernel that finds most, and the one to use as long as it is not there.
DEBUG, STOCK = "debug-6.12", "stock-6.12"
COLUMNS = ("build", "load", "fuzz", "taint", "unload", "left", "leak")
SECONDS = 60
SEEDS = 10**6


def best_kernel() -> str:
    """Return the kernel to use if none is named."""
    kernels = Path(os.environ["RIG_CACHE"]) / "kernels"
    if (kernels / DEBUG / "release").exists():
        return DEBUG
    check.say(
        f"{STOCK} shows only crashes: --kernel {DEBUG} finds more, with "
        f"{KERNELS[DEBUG][0]}"
    )
    return STOCK


def main() -> int:
    """Fuzz the modules of the project in the arguments."""
    parser = argparse.ArgumentParser(prog="modproof fuzz")
    parser.add_argument("directory")
    parser.add_argument("--kernel", action="append", default=[])
    parser.add_argument("--time", type=int, default=SECONDS)
    parser.add_argument("--seed", type=int)
    args = parser.parse_args()
    project = find(Path(args.directory))
    check.need_all_programs()
    seed = secrets.randbelow(SEEDS) if args.seed is None else args.seed
    trial = Trial("fuzz", COLUMNS, 0, args.time, seed)
    names = args.kernel or [best_kernel()]
    check.say(f"each module: {args.time} s, --seed {seed}")
    return check.check_all(project, names, trial)


if __name__ == "__main__":
    common.run(main)
