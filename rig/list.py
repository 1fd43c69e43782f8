#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""List - print what was found in the directory of a project"""

import sys
from pathlib import Path

import project


def main() -> None:
    """Print what there is to build, and how."""
    found = project.find(Path(sys.argv[1]))
    print(f"{found.name}: built by {found.how}, in {found.root}")


if __name__ == "__main__":
    main()
