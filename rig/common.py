# SPDX-License-Identifier: GPL-2.0
"""Common - what the Python tools share; the shell tools have common.sh"""

import sys
from typing import NoReturn


def die(text: str, status: int = 1) -> NoReturn:
    """Print one line with the error and what to type instead, and exit.

    The status is 2 if the user typed or configured something wrong.
    """
    if status == 1:
        sys.exit(f"modproof: {text}")
    print(f"modproof: {text}", file=sys.stderr)
    sys.exit(status)
