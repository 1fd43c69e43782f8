#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""First error - print what stopped a build, from its log

    rig/first_error.py WHAT LOG [--again COMMAND]

Prints WHAT, then the log's first error with its source line, under the file's
name in the project; then the number of errors, the path of the log, and the
COMMAND that repeats only this build.  It knows the messages of compilers,
linkers, modpost, Kconfig and make.
"""

import argparse
import os
import re
from pathlib import Path

PROJECT = Path(
    os.environ.get("srctree") or Path(__file__).resolve().parent.parent
)
ENTERED = re.compile(r"Entering directory '(.*)'")
LEFT = re.compile(r"Leaving directory ")
# A source line that a compiler quotes, and the mark below it.
QUOTED = re.compile(r"^\s+(\d+ )?\||^\s+\S|^\s*\^")
FILE = re.compile(r"[\w./+-]*\w\.(?:ko|mod|[choS])\b")
# The errors of each kind; those of a compiler name the line.
COMPILER = re.compile(r"^(\S+?):(\d+)(:\d+)?: ((?:fatal )?error: .*)", re.I)
UNDEFINED = re.compile(r"undefined reference to [`'](\w+)'")
MODPOST = re.compile(r'ERROR: modpost: "(\w+)" \[(\S+)\] undefined!')
OTHERS = re.compile(
    r"^(\S+?):(\d+):((?! warning| note).*)|^ERROR: modpost: (.*)|"
    r"^(Missing: .*)|(\*\*\* (?!\[|Waiting).*)|^.*multiple definition of .*|"
    r"^modproof: .*"
)
KCONFIG = re.compile(r"(?:^|/)(Kconfig[^/]*|\.?kunitconfig|\S+\.config)$")
MAKE = re.compile(r"\*\*\* \[|^make|^\s*$|^\[|warning: (jobserver|Clock)")


class Tree:
    """A project whose build failed, and the copy of it that was built.

    A tree without a known copy is this project: a build of it may use a copy at
    any place, or a link to it.
    """

    def __init__(
        self,
        root: Path,
        copy: Path | None = None,
        sources: tuple[str, ...] = ("**/{stem}.c", "**/*.c"),
    ) -> None:
        self.root = root
        self.copies = [copy, copy.resolve()] if copy else []
        self.start = copy or root
        # Where a module's sources are looked for, given the module's name.
        self.sources = sources

    def known(self, path: str, directory: str | Path | None = None) -> str:
        """Return a file's name in the project, or @path if it has none.

        An object gets the name of its source.
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
        """Return @name if the project has this file or its source."""
        for suffix in (name.suffix, ".c"):
            if (self.root / name.with_suffix(suffix)).is_file():
                return str(name)
        return None

    def rename(self, text: str, directory: str | Path | None = None) -> str:
        """Return @text with the names that its files have in the project."""
        return FILE.sub(lambda found: self.known(found[0], directory), text)

    def user_of(self, symbol: str, path: str) -> tuple[str, str | None]:
        """Return where a source uses a symbol, as file:line, and that line.

        The path is that of a source, or of a module, which has the objects of
        several sources.
        """
        sources = [self.root / path]
        if not sources[0].with_suffix(".c").is_file():
            stem = Path(path).stem
            sources = [
                source
                for names in self.sources
                for source in sorted(self.root.glob(names.format(stem=stem)))
            ]
        for source in sources:
            source = source.with_suffix(".c")
            lines = source.read_text(errors="replace").splitlines()
            for number, line in enumerate(lines, 1):
                if re.search(rf"^[^*]*\b{symbol}\(", line):
                    return f"{source.relative_to(self.root)}:{number}", line
        return path, None

    def undefined(self, symbol: str, path: str) -> list[str]:
        """Return the lines that report an undefined symbol."""
        where, line = self.user_of(symbol, path)
        told = [f"{where}: error: nothing defines {symbol}()"]
        return told + ([f"    {line.strip()}"] if line else [])

    def errors(self, text: str) -> list[list[str]]:
        """Return each error of a log, as the lines that report it."""
        # kunit.py logs the output of make as an error of its own.
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
        """Return the lines that report the error at a line, or None."""
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
        modpost = MODPOST.search(line)
        if modpost:
            path = self.known(modpost[2], directory)
            return self.undefined(modpost[1], path)
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
                return None  # the next line has the error itself
            return [f"{where}:{other[2]}: {other[3].strip()}"]
        return [self.rename(other[0].strip(), directory)] if other else None

    def last_words(self, text: str) -> list[str]:
        """Return the end of a log that has no known error."""
        lines = [line for line in text.splitlines() if not MAKE.search(line)]
        return [self.rename(line) for line in lines[-8:]]


OWN = Tree(
    PROJECT,
    sources=("modules/*/{stem}.c", "core/*.c", "lib/*.c", "modules/*/*.c"),
)
known = OWN.known
rename = OWN.rename


def near(path: str | Path) -> str:
    """Return a path as a user types it in the project's directory."""
    return os.path.relpath(path, PROJECT) if inside(path) else str(path)


def inside(path: str | Path) -> bool:
    """Return true if a file is below the project."""
    return PROJECT in Path(os.path.abspath(path)).parents


def screen(
    what: str, text: str, log: str | Path, again: str | None = None
) -> list[str]:
    """Return the lines that are printed for a build that failed."""
    found = OWN.errors(text)
    number = f"{len(found)} errors in " if len(found) > 1 else ""
    return [
        f"{what}:",
        *(found[0] if found else OWN.last_words(text)),
        f"  more:     {number}{near(log)}",
        *([f"  again:    {again}"] if again else []),
    ]


def main() -> None:
    """Print the error of the log in the arguments."""
    parser = argparse.ArgumentParser(description="Print what stopped a build.")
    parser.add_argument("what")
    parser.add_argument("log")
    parser.add_argument("--again")
    args = parser.parse_args()
    text = Path(args.log).read_text(errors="replace")
    print("\n".join(screen(args.what, text, args.log, args.again)))


if __name__ == "__main__":
    main()
