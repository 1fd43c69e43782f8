# SPDX-License-Identifier: GPL-2.0
"""Common - functions of the Python tools, as common.sh for the shell tools"""

import sys
import traceback
from collections.abc import Callable
from typing import NoReturn

# The exit status of a verb of modproof if the rig failed.
EXIT_RIG = 3


def die(text: str, status: int = 1) -> NoReturn:
    """Print @text, one line with the error and what to do, and exit.

    A caller passes the status 2 if the user typed or configured something
    wrong.
    """
    if status == 1:
        sys.exit(f"modproof: {text}")
    print(f"modproof: {text}", file=sys.stderr)
    sys.exit(status)


def run(main: Callable[[], int | None]) -> NoReturn:
    """Run the main function of a verb of modproof, and exit.

    The exit status 1 says that a module failed, so an error of the rig must
    not have it, nor an exception, with which Python exits with 1.
    """
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        die("interrupted", EXIT_RIG)
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
            sys.exit(EXIT_RIG)
        raise
    except Exception:
        traceback.print_exc()
        sys.exit(EXIT_RIG)
