#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Make review - say what a reviewer's programs find in a module's series

    tools/make_review.py MODULE KSRC OUTPUT

It makes the series as make patches does, for the kernel source KSRC, and runs
the checkers of rig/review.py on it.  The exit status is 1 if one of them finds
something.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "rig"))

import make_patches
import review
from common import die
from series import Base


def main() -> None:
    """Review the module in the arguments."""
    name, ksrc, output = (sys.argv[1:] + ["", "", ""])[:3]
    if not name:
        die("MODULE= is missing: type make review MODULE=blkram", 2)
    module = make_patches.chosen(name)
    base = Base(Path(ksrc).resolve(), f"KSRC={ksrc}")
    tree = review.Tree(base.path, Path(output), name, module.config)
    make_patches.made(module, base.path, tree.output / "patches")
    patches = make_patches.patches_of(module, base, "")
    sys.exit(review.review(tree, base, patches))


if __name__ == "__main__":
    main()
