#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""List - print what modproof finds in the directory of a project"""

import sys
from pathlib import Path

import common
import project


def main() -> None:
    """Print the project's name, how it is built, and where its root is."""
    found = project.find(Path(sys.argv[1]))
    print(f"{found.name}: built by {found.how}, in {found.root}")


if __name__ == "__main__":
    common.run(main)
