#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""First error - find the error that stopped a build in its log, and print it

    rig/first_error.py WHAT LOG [--again COMMAND]

The program prints WHAT, then the first error in the log and the source line of
the error.  A build runs in a copy of the project, but the program prints the
name that the file has in the project.  Then it prints the number of errors,
the path of the log, and the COMMAND that repeats only this build.  It finds
the errors of compilers, linkers, modpost, Kconfig and make.
"""

import argparse
import os
import re
from pathlib import Path

from project import walk

PROJECT = Path(
    os.environ.get("srctree") or Path(__file__).resolve().parent.parent
)
ENTERED = re.compile(r"Entering directory '(.*)'")
LEFT = re.compile(r"Leaving directory ")
# A source line that a compiler quotes below an error, or the "^" below that
# line.
QUOTED = re.compile(r"^\s+(\d+ )?\||^\s+\S|^\s*\^")
FILE = re.compile(r"[\w./+-]*\w\.(?:ko|mod|[choS])\b")
# The error messages of each tool.  Those of a compiler name the line and the
# column.
COMPILER = re.compile(r"^(\S+?):(\d+)(:\d+)?: ((?:fatal )?error: .*)", re.I)
UNDEFINED = re.compile(r"undefined reference to [`'](\w+)'")
# The second form is that of Linux 7.3.
MODPOST = re.compile(
    r'ERROR: modpost: (?:"(\w+)" \[(\S+)\]|(\S+): symbol \'(\w+)\') undefined!'
)
OTHERS = re.compile(
    r"^(\S+?):(\d+):((?! warning| note).*)|^ERROR: modpost: (.*)|"
    r"^(Missing: .*)|(\*\*\* (?!\[|Waiting).*)|^.*multiple definition of .*|"
    r"^modproof: .*"
)
KCONFIG = re.compile(r"(?:^|/)(Kconfig[^/]*|\.?kunitconfig|\S+\.config)$")
MAKE = re.compile(r"\*\*\* \[|^make|^\s*$|^\[|warning: (jobserver|Clock)")


def undefined_symbols(text: str) -> list[tuple[str, str]]:
    """Return the symbols that modpost found undefined, with their modules."""
    return [
        (found[1] or found[4], found[2] or found[3])
        for found in MODPOST.finditer(text)
    ]


class Tree:
    """A project whose build failed, and the copy in which the build ran.

    If @copy is None, @root is this project, whose builds may run in a copy or
    below a symbolic link at any path.
    """

    def __init__(self, root: Path, copy: Path | None = None) -> None:
        self.root = root
        self.copies = [copy, copy.resolve()] if copy else []
        self.start = copy or root

    def known(self, path: str, directory: str | Path | None = None) -> str:
        """Return the name of a file of the copy in the project.

        Return @path itself if the project has neither this file nor, for an
        object, its source.  A relative @path is below @directory.
        """
        whole = os.path.normpath(os.path.join(directory or self.start, path))
        for copy in self.copies:
            for real in (Path(whole), Path(whole).resolve()):
                if copy in real.parents:
                    name = real.relative_to(copy)
                    return self.source_name(name) or str(name)
        if self.copies:
            return path
        parts = Path(whole).parts
        for start in range(len(parts) - 1, 0, -1):
            name = Path(*parts[start:])
            if start < len(parts) - 1 or self.root == Path(*parts[:start]):
                found = self.source_name(name)
                if found:
                    return found
        return path

    def source_name(self, name: Path) -> str | None:
        """Return @name if the project has this file or its source, or None."""
        for suffix in (name.suffix, ".c"):
            if (self.root / name.with_suffix(suffix)).is_file():
                return str(name)
        return None

    def rename(self, text: str, directory: str | Path | None = None) -> str:
        """Replace each file's path in @text by its name in the project."""
        return FILE.sub(lambda found: self.known(found[0], directory), text)

    def user_of(self, symbol: str, path: str) -> tuple[str, str | None]:
        """Find a call of @symbol; return its place as file:line, and the line.

        @path is that of a source, or of a module, which may have several
        sources.  Without a call, return @path and None.
        """
        sources = [self.root / path]
        if not sources[0].with_suffix(".c").is_file():
            name = f"{Path(path).stem}.c"
            sources = [
                directory / file
                for directory, files in walk(self.root)
                for file in sorted(files)
                if file.endswith(".c")
            ]
            # A module often has the name of its source.
            sources.sort(key=lambda source: source.name != name)
        for source in sources:
            source = source.with_suffix(".c")
            lines = source.read_text(errors="replace").splitlines()
            for number, line in enumerate(lines, 1):
                if re.search(rf"^[^*]*\b{symbol}\(", line):
                    return f"{source.relative_to(self.root)}:{number}", line
        return path, None

    def undefined(self, symbol: str, path: str) -> list[str]:
        """Return a message that nothing defines @symbol, which @path uses."""
        where, line = self.user_of(symbol, path)
        told = [f"{where}: error: nothing defines {symbol}()"]
        return told + ([f"    {line.strip()}"] if line else [])

    def errors(self, text: str) -> list[list[str]]:
        """Find all errors in the text of a log.

        Return a list of lines, to be printed, for each error.
        """
        # kunit.py writes "ERROR:root:" before the output of make.
        lines = text.replace("ERROR:root:", "").splitlines()
        directories = [str(self.start)]
        found = []
        linked = ""
        for number, line in enumerate(lines):
            entered = ENTERED.search(line)
            if entered:
                directories.append(entered[1])
            elif LEFT.search(line) and len(directories) > 1:
                directories.pop()
            of_file = re.search(
                r"([\w./+-]+\.c):\(\.text|([\w./+-]+\.c):\d+:", line
            )
            if of_file:
                linked = self.known(of_file[1] or of_file[2], directories[-1])
            told = self.error_at(lines, number, directories[-1], linked)
            if told and told not in found:
                found.append(told)
        return found

    def error_at(
        self, lines: list[str], number: int, directory: str, linked: str
    ) -> list[str] | None:
        """Return the message, as lines, of the error in the line @number.

        Return None if this line has no error.  @directory is the one in which
        make ran, @linked the source that the log named last.
        """
        line = lines[number]
        compiler = COMPILER.match(line)
        if compiler:
            where = self.known(compiler[1], directory)
            told = [f"{where}:{compiler[2]}{compiler[3] or ''}: {compiler[4]}"]
            for quoted in lines[number + 1 : number + 4]:
                if not QUOTED.match(quoted):
                    break
                told.append(quoted.replace("\t", " " * 8))
            return told
        for symbol, module in undefined_symbols(line):
            return self.undefined(symbol, self.known(module, directory))
        reference = UNDEFINED.search(line)
        if reference:
            return self.undefined(reference[1], linked)
        other = OTHERS.match(line) or OTHERS.search(line)
        if other and other[1]:
            if not KCONFIG.search(other[1]) and "***" not in other[3]:
                return None
            where = self.known(other[1], directory)
            if lines[number + 1 :] and lines[number + 1].startswith(
                f"{other[1]}:{other[2]}: "
            ):
                return None  # the next line of the log has the error itself
            return [f"{where}:{other[2]}: {other[3].strip()}"]
        return [self.rename(other[0].strip(), directory)] if other else None

    def last_words(self, text: str) -> list[str]:
        """Return the last lines of a log in which no error was found."""
        lines = [line for line in text.splitlines() if not MAKE.search(line)]
        return [self.rename(line) for line in lines[-8:]]


OWN = Tree(PROJECT)
known = OWN.known
rename = OWN.rename


def near(path: str | Path) -> str:
    """Return a path relative to the project, if the file is in the project."""
    return os.path.relpath(path, PROJECT) if inside(path) else str(path)


def inside(path: str | Path) -> bool:
    """Return true if a file is below the project."""
    return PROJECT in Path(os.path.abspath(path)).parents


def screen(
    what: str, text: str, log: str | Path, again: str | None = None
) -> list[str]:
    """Return the lines that main() prints about a build that failed."""
    found = OWN.errors(text)
    number = f"{len(found)} errors in " if len(found) > 1 else ""
    return [
        f"{what}:",
        *(found[0] if found else OWN.last_words(text)),
        f"  more:     {number}{near(log)}",
        *([f"  again:    {again}"] if again else []),
    ]


def main() -> None:
    """Print the first error in the log that the arguments name."""
    parser = argparse.ArgumentParser(description="Print what stopped a build.")
    parser.add_argument("what")
    parser.add_argument("log")
    parser.add_argument("--again")
    args = parser.parse_args()
    text = Path(args.log).read_text(errors="replace")
    print("\n".join(screen(args.what, text, args.log, args.again)))


if __name__ == "__main__":
    main()
