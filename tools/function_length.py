#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Function length - find the Python functions that are too long to read at once

    tools/function_length.py FILE...

The length of a function is the number of lines from its "def" to its end.  The
docstring and blank lines count.
"""

import ast
import sys
from pathlib import Path

LIMIT = 50


def long_functions(path: str) -> list[str]:
    """Return a message for each function of a file that is over the limit."""
    found = []
    for node in ast.walk(ast.parse(Path(path).read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LIMIT:
                found.append(
                    f"{path}:{node.lineno}: {node.name}() has {lines} lines: "
                    f"split it into functions of {LIMIT} lines or fewer"
                )
    return found


def main() -> int:
    """Check the files that the arguments name."""
    found = [text for path in sys.argv[1:] for text in long_functions(path)]
    print("".join(f"{text}\n" for text in found), end="")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
