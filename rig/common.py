# SPDX-License-Identifier: GPL-2.0
"""Common - functions of the Python tools, as common.sh for the shell tools"""

import sys
from typing import NoReturn


def die(text: str, status: int = 1) -> NoReturn:
    """Print @text, one line with the error and what to do, and exit.

    A caller passes the status 2 if the user typed or configured something
    wrong.
    """
    if status == 1:
        sys.exit(f"modproof: {text}")
    print(f"modproof: {text}", file=sys.stderr)
    sys.exit(status)
