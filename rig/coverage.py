#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Coverage - report which lines of a project's modules its tests run

    rig/coverage.py DIR [--kernel NAME]

The modules are built with counters, in a directory of their own, and proved as
modproof check does.  If the project has tests, these run as well.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import check
import common
import gcov
import programs
import results
import verdict
from common import die
from project import Project, find

KERNEL = "debug-6.12"


def prove(project: Project, name: str) -> Path:
    """Prove the modules with counters; return the directory of the run."""
    kernel = check.get_kernel(name)
    if "GCOV_KERNEL" not in kernel.symbols():
        die(
            f"the kernel {kernel.path.name} has no GCOV_KERNEL: use --kernel "
            f"{KERNEL}",
            2,
        )
    tested = check.check_on(project, name)
    failed = [one for one in tested if one.status != verdict.OK]
    if failed:
        print("\n".join(verdict.failures(failed)), file=sys.stderr)
    if not any(one.step("load").status == verdict.OK for one in tested):
        told = "modproof: no module could be loaded, so nothing is counted"
        print(told, file=sys.stderr)
        sys.exit(check.EXIT_FAILED)
    return results.build_dir() / "results" / kernel.path.name


def main() -> int:
    """Measure the coverage of the project in the arguments."""
    parser = argparse.ArgumentParser(prog="modproof coverage")
    parser.add_argument("directory")
    parser.add_argument("--kernel", default=KERNEL)
    args = parser.parse_args()
    project = find(Path(args.directory))
    out = results.build_dir() / "coverage"
    out.mkdir(parents=True, exist_ok=True)
    os.environ |= {"O": str(out), "RIG_COUNTS": "y"}
    try:
        check.need_programs("coverage")
        run = prove(project, args.kernel)
    except check.RigError as error:
        die(f"the rig failed: {error}", check.EXIT_RIG)
    runs = [run]
    if programs.find(project.root, project.config.tests):
        subprocess.run(
            [check.HERE / "test.py", args.directory, "--kernel", args.kernel],
            check=False,
        )
        runs.append(run.parent / "tests" / run.name)
    objects = out / "modules" / run.name / "src"
    summary, lines = gcov.merge(objects, runs, out, [f"{objects}/"])
    print("\n".join(gcov.table(summary)))
    for file, number, text in gcov.unreached(lines, project.root):
        print(f"{file}:{number}: nothing runs this: {text}")
    print(f"page: {out / 'html/index.html'}")
    return 0


if __name__ == "__main__":
    common.run(main)
