#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Shell - build a project's modules, and open a shell in a guest that has them

    rig/shell.py DIR [--kernel NAME]
"""

import argparse
import os
import sys
from pathlib import Path

import build
import check
import common
import project
from common import die

KERNEL = "stock-6.12"


def main() -> int:
    """Build the modules of the project, and become a guest's shell.

    Return the exit status if the modules do not build.
    """
    parser = argparse.ArgumentParser(prog="modproof shell")
    parser.add_argument("directory")
    parser.add_argument("--kernel", default=KERNEL)
    args = parser.parse_args()
    if not sys.stdin.isatty():
        die('the shell needs a terminal: type "modproof shell" in one', 2)
    found = project.find(Path(args.directory))
    try:
        check.need_programs()
        kernel = check.prepare(found, args.kernel)
        built = check.build_for(found, kernel)
        if built.status == build.OK:
            check.stage(kernel, built.staged())
    except check.RigError as error:
        die(f"the rig failed: {error}", check.EXIT_RIG)
    if built.status != "ok":
        print("\n".join([built.reason, *built.lines]), file=sys.stderr)
        return check.EXIT_FAILED
    program = str(check.HERE / "vm.py")
    machine = kernel.machine
    os.execv(
        program,
        [
            *(program, "shell", str(kernel.path), "--memory", machine.memory),
            f"--sources={check.work_dir(kernel) / 'src' / found.below}",
            *(f"--word={word}" for word in machine.words),
            *(f"--device={device}" for device in machine.devices),
        ],
    )


if __name__ == "__main__":
    common.run(main)
