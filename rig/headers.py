# SPDX-License-Identifier: GPL-2.0
"""Headers - what a kernel offers to the modules that are built against it

A kernel is a directory as rig/kernel makes it.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from common import die

# The beginning of a conditional part of a header, and the one symbol that it
# needs, if no other condition can replace it.
IF = re.compile(
    r"\s*#\s*if(?:def\s+CONFIG_(\w+)|"
    r"\s+(?:defined|IS_\w+)\s*\(\s*CONFIG_(\w+)\s*\)(?![^\n]*\|)|)"
)


class Headers:
    """The kernel for which modules are built."""

    def __init__(self, kernel: Path) -> None:
        self.kernel = kernel.absolute()
        self.path = self.kernel / "headers"
        self.release = (kernel / "release").read_text().strip()
        text = (kernel / "config").read_text(errors="replace")
        self.config = dict(re.findall(r"^CONFIG_(\w+)=(.*)$", text, re.M))

    def lacking(self, wanted: list[str]) -> list[str]:
        """Return which symbols the kernel lacks.

        SYMBOL and SYMBOL=m accept y and m, SYMBOL=VALUE only that value, and
        SYMBOL=n and !SYMBOL only that it is not set.
        """
        lacking = []
        for word in wanted:
            symbol, _, value = word.removeprefix("!").partition("=")
            ours = self.config.get(symbol, "n")
            if word.startswith("!") or value == "n":
                is_met = ours == "n"
            elif value in ("", "m"):
                is_met = ours in ("y", "m")
            else:
                is_met = ours.strip('"') == value.strip('"')
            if not is_met:
                lacking.append(word)
        return lacking

    def exports(self) -> set[str]:
        """Return the symbols that the kernel and its modules export."""
        text = (self.path / "Module.symvers").read_text()
        return {line.split("\t")[1] for line in text.splitlines() if line}

    def includes(self) -> list[Path]:
        """Return the directories of the headers; they may be in two trees."""
        headers = self.path.resolve()
        trees = [headers, headers / "source"]
        text = (headers / "Makefile").read_text(errors="replace")
        text = re.sub(r"\$\(dir \$\(lastword [^)]*\)+", f"{headers}/", text)
        for path in re.findall(r"^include\s+(\S+)/Makefile$", text, re.M):
            trees.append(headers / path)
        below = ("include", "arch/x86/include")
        return [
            tree / name
            for tree in trees
            for name in below
            if (tree / name).is_dir()
        ]

    def declares(self, symbol: str) -> bool:
        """Return true if a header declares a function or a variable."""
        pattern = rf"\b{symbol}\s*\(|\bextern\b[^();]*\b{symbol}\b"
        command = ["grep", "-rqsP", "--include=*.h", "-e", pattern]
        done = subprocess.run(
            [*command, *map(str, self.includes())], check=False
        )
        return done.returncode == 0

    def lacks_for(self, function: str) -> str:
        """Return the unset symbol without which no header declares a function.

        Return an empty string if one declares it in this kernel, or none does.
        """
        command = ["grep", "-rlsw", "--include=*.h", "-e", function]
        done = subprocess.run(
            [*command, *map(str, self.includes())],
            capture_output=True,
            text=True,
            check=False,
        )
        found = [
            symbol
            for path in done.stdout.splitlines()
            for symbol in self.guards(Path(path), function)
        ]
        return found[0] if found and all(found) else ""

    def guards(self, path: Path, function: str) -> Iterator[str]:
        """Yield the unset symbol for each place where a header has a function.

        It is empty if the compiler sees the place.
        """
        declared = re.compile(
            rf"(?:[a-z_][\w\s*]*[\s*])?{function}\s*\(|"
            rf"\s*#\s*define\s+{function}\b"
        )
        stack: list[str] = []
        for line in path.read_text(errors="replace").splitlines():
            begins = IF.match(line)
            if begins:
                name = begins[1] or begins[2]
                is_set = self.config.get(name, "n") in ("y", "m")
                stack.append("" if not name or is_set else name)
            elif re.match(r"\s*#\s*el", line) and stack:
                stack[-1] = ""
            elif re.match(r"\s*#\s*endif", line) and stack:
                stack.pop()
            elif declared.match(line):
                yield next(filter(None, stack), "")

    def modules(self) -> set[str]:
        """Return the names of the kernel's modules, loadable or built in."""
        directory = self.kernel / "lib/modules" / self.release
        names: set[str] = set()
        for name in ("modules.dep", "modules.builtin"):
            if (directory / name).is_file():
                text = (directory / name).read_text(errors="replace")
                # A line of modules.dep continues with what the module needs.
                names |= set(re.findall(r"^[^:]*?([\w-]+)\.ko", text, re.M))
        if not (directory / "modules.dep").is_file():
            names |= {path.name.split(".")[0] for path in ko_below(directory)}
        return {name.replace("-", "_") for name in names}


def ko_below(directory: Path) -> list[Path]:
    """Return the modules below a directory, also compressed ones."""
    return [
        path
        for path in sorted(directory.rglob("*.ko*"))
        if path.is_file() and not path.is_symlink()
    ]


def compiler_words(headers: Headers) -> list[str]:
    """Return the options that make kbuild use the kernel's own compiler.

    There are none if it is the default.  The user may name another one.
    """
    typed = [
        f"{name}={os.environ[name]}"
        for name in ("CC", "LLVM")
        if os.environ.get(name)
    ]
    config = headers.config
    if typed:
        return typed
    # The headers for another architecture name the cross compiler themselves.
    if (headers.kernel / "arch").exists():
        return []
    if "CC_IS_CLANG" in config:
        return [clang_word(headers, config.get("CLANG_VERSION", "")[:-4])]
    version = config.get("GCC_VERSION", "")[:-4]
    if not shutil.which("gcc"):
        die("gcc, which builds modules, is missing: install it")
    done = subprocess.run(
        ["gcc", "-dumpversion"], capture_output=True, text=True, check=False
    )
    if done.stdout.strip() != version and shutil.which(f"gcc-{version}"):
        return [f"CC=gcc-{version}"]
    return []


def clang_word(headers: Headers, version: str) -> str:
    """Return the option that makes kbuild use a clang of this version.

    If there is none, it is the one without a version in its name.
    """
    for suffix in (f"-{version}", ""):
        if not shutil.which(f"clang{suffix}"):
            continue
        if "LD_IS_LLD" not in headers.config:
            return f"CC=clang{suffix}"
        if shutil.which(f"ld.lld{suffix}"):
            return f"LLVM={suffix or 1}"
    die(
        f"the kernel {headers.release} was built with clang {version}, and "
        "there is no clang with its linker here: install clang and lld, or "
        "type CC=gcc"
    )
