# SPDX-License-Identifier: GPL-2.0
"""Common - what the Python tools share; the shell tools have common.sh"""

import sys
from typing import NoReturn


def die(text: str) -> NoReturn:
    """Print one line with the error and what to type instead, and exit."""
    sys.exit(f"modproof: {text}")
