#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Review - say what a reviewer's programs find in the series of a module

    tools/review.py MODULE KSRC OUTPUT

It makes the series as make patches does, puts its files into a tree of links
to the kernel source KSRC, and runs the checkers on them.  The tree is built
for UML, whose build needs no tools but the compiler.  The exit status is 1 if
a checker finds something.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "rig"))

import patch_files
import patch_series
import patches
from common import die
from patch_files import Layout, Module

# The symbols that the series' own ones depend on, as far as UML has them.
CONFIG = """\
BLK_DEV CRYPTO CRYPTO_AES CRYPTO_CBC CRYPTO_SHA256 DEBUG_FS DEBUG_KERNEL
GPIOLIB INPUT KUNIT NET NETDEVICES OF OF_OVERLAY PROC_FS
RUNTIME_TESTING_MENU SAMPLES SYSFS"""
# The headers of the kernel's interface that gcc-multilib would have in the place
# where gcc -m32 looks.  Debian removes that package if a compiler for another
# processor is installed.  What the kernel includes is found before them.
OF_32_BITS = (
    "SUBARCH=i386",
    "KCFLAGS=-idirafter /usr/include/x86_64-linux-gnu",
)
CODE = re.compile(r"(?:drivers|lib|samples)/\S+\.c")
COMPILED = re.compile(r"^.*(?:warning|error):.*$", re.M)
FOUND_BY_COCCI = re.compile(r"^[^ :]+:\d+:.*$", re.M)
# What checkpatch says of all patches but the last, which has MAINTAINERS.
IN_THE_LAST = "FILE_PATH_CHANGES"
CHECKPATCH = "--strict --show-types --terse --quiet --root".split()


@dataclass
class Tree:
    """A kernel tree with the files of a series."""

    ksrc: Path
    output: Path
    module: Module
    files: list[str] = field(default_factory=list)
    symbols: list[str] = field(default_factory=list)

    @property
    def path(self) -> Path:
        """Return the directory of the tree."""
        return self.output / "tree"

    @property
    def series(self) -> list[Path]:
        """Return the patches, without the cover letter."""
        where = self.output / "patches" / self.module.name
        return sorted(where.glob("*.patch"))[1:]

    def sources(self, pattern: str) -> list[str]:
        """Return the files of the series that match a pattern."""
        return [path for path in self.files if re.fullmatch(pattern, path)]

    def run(self, *words: str | Path, **variables: str) -> str:
        """Run a command in the tree; return its output."""
        taken = ("CCACHE_DIR", "HOME", "PATH")
        known = {name: os.environ.get(name, "") for name in taken}
        done = subprocess.run(
            words,
            cwd=self.path,
            env={k: v for k, v in known.items() if v} | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.stdout


def write_tree(tree: Tree) -> None:
    """Make the tree of links, with the files of the series."""
    shutil.rmtree(tree.path, ignore_errors=True)
    tree.output.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-as", tree.ksrc, tree.path], check=True)
    layout = Layout(tree.ksrc, patch_files.compat_for(tree.ksrc))
    for patch in patch_series.series(tree.module, layout, "", ""):
        for path, text in patch.files.items():
            write(tree.path / path, text)
            tree.files.append(path)
        for path, change in patch.edits:
            old = (tree.path / path).read_text()
            new = change(old)
            write(tree.path / path, new)
            added = set(re.findall(r"^config (\w+)$", new, re.M))
            tree.symbols += added - set(
                re.findall(r"^config (\w+)$", old, re.M)
            )


def write(path: Path, text: str) -> None:
    """Write a file in the place of a link."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text)


def compiled(tree: Tree, name: str, *options: str) -> list[str]:
    """Compile the files of the series; return the lines with warnings."""
    built = tree.output / name
    built.mkdir(exist_ok=True)
    on = [*CONFIG.split(), *tree.symbols]
    (built / ".config").write_text("".join(f"CONFIG_{s}=y\n" for s in on))
    words = ("make", "-s", f"O={built}", "ARCH=um", *options)
    said = tree.run(*words, "olddefconfig")
    config = (built / ".config").read_text()
    if f"CONFIG_{tree.module.config}=y" not in config:
        said += f"error: UML cannot have {tree.module.config}\n"
    objects = [f"{path[:-1]}o" for path in tree.files if CODE.fullmatch(path)]
    for path in objects:
        (built / path).unlink(missing_ok=True)
    said += tree.run(*words, f"-j{os.cpu_count()}", *objects)
    # Other lines are about the kernel's own files.
    found = [
        line
        for line in COMPILED.findall(said)
        if "error:" in line or any(path in line for path in tree.files)
    ]
    missing = [path for path in objects if not (built / path).is_file()]
    return found + [f"{path}: error: not built" for path in missing]


def checkpatch(tree: Tree) -> list[str]:
    """Return what checkpatch says of the patches."""
    found = []
    for path in tree.series:
        script = tree.ksrc / "scripts/checkpatch.pl"
        said = tree.run(script, *CHECKPATCH, tree.ksrc, path)
        found += [
            line
            for line in said.splitlines()
            if not line.startswith("total: ")
            and (path == tree.series[-1] or IN_THE_LAST not in line)
        ]
    return found


def kernel_doc(tree: Tree) -> list[str]:
    """Return what kernel-doc says of the comments."""
    files = tree.sources(r"(?:drivers|include|lib|samples)/\S+\.[ch]")
    said = tree.run("scripts/kernel-doc", "-none", "-Wall", *files)
    return said.splitlines()


def coccicheck(tree: Tree) -> list[str]:
    """Return what the kernel's semantic patches find."""
    scripts = tree.run(
        "grep",
        *("-rL", "--include=*.cocci", "script:ocaml"),
        tree.ksrc / "scripts/coccinelle",
    )
    files = tree.sources(CODE.pattern)
    paths = " ".join(str(tree.path / name) for name in files)
    command = (
        f"xargs -P {os.cpu_count()} -I@ env COCCI=@ scripts/coccicheck 2>&1"
        " || echo scripts/coccicheck:0: ended with an error"
    )
    said = tree.run(
        *("sh", "-c", f'echo "$SCRIPTS" | {command}'),
        **{"SCRIPTS": scripts.strip(), "KBUILD_EXTMOD": paths, "J": "1"},
        **{"MODE": "report", "srctree": str(tree.ksrc)},
    )
    return FOUND_BY_COCCI.findall(said)


def includes(tree: Tree) -> list[str]:
    """Return headers that a file includes twice."""
    files = tree.sources(r"\S+\.[ch]")
    said = tree.run("scripts/checkincludes.pl", *files)
    return [line for line in said.splitlines() if "more than once" in line]


def codespell(tree: Tree) -> list[str]:
    """Return misspelt words."""
    return tree.run("codespell", *tree.files).splitlines()


def receivers(tree: Tree) -> list[str]:
    """Return an error if get_maintainer.pl names no list for a patch."""
    command = ("scripts/get_maintainer.pl", "--no-git", "--no-rolestats")
    return [
        f"{path.name}: nobody receives it"
        for path in tree.series
        if "@" not in tree.run(*command, path)
    ]


def smatch(tree: Tree) -> list[str]:
    """Return what smatch finds."""
    found = compiled(tree, "smatch", "C=2", "CHECK=smatch -p=kernel")
    return [line for line in found if "smatch" not in line]


CHECKS: dict[str, tuple[str, Callable[[Tree], list[str]]]] = {
    "checkpatch --strict": ("perl", checkpatch),
    "gcc, W=1": ("gcc", lambda tree: compiled(tree, "gcc", "W=1")),
    "gcc, W=1, 32 bits": (
        "/usr/lib32/libc.a",
        lambda tree: compiled(tree, "gcc-32", "W=1", *OF_32_BITS),
    ),
    "clang, W=1": (
        "clang",
        lambda tree: compiled(tree, "clang", "W=1", "CC=clang"),
    ),
    "sparse, endian": (
        "sparse",
        lambda tree: compiled(
            tree, "gcc", "C=2", "CF=-D__CHECK_ENDIAN__ -fdiagnostic-prefix"
        ),
    ),
    "smatch": ("smatch", smatch),
    "coccicheck": ("spatch", coccicheck),
    "kernel-doc -Wall": ("perl", kernel_doc),
    "checkincludes": ("perl", includes),
    "codespell": ("codespell", codespell),
    "get_maintainer": ("perl", receivers),
}


def rows(tree: Tree) -> Iterator[tuple[str, list[str] | None]]:
    """Yield each checker with what it found; None if it is not there."""
    for name, (program, check) in CHECKS.items():
        there = shutil.which(program) or Path(program).is_file()
        yield name, check(tree) if there else None


def table(found: Iterator[tuple[str, list[str] | None]]) -> int:
    """Print a row for each checker, then what they found; return how many
    found something."""
    bad: dict[str, list[str]] = {}
    print(f"{'checker':<20} result")
    for name, lines in found:
        result = "nothing found"
        if lines is None:
            result = "not run: it is not installed"
        elif lines:
            bad[name] = lines
            result = f"{len(lines)} found"
        print(f"{name:<20} {result}", flush=True)
    for name, lines in bad.items():
        print(f"\n{name}:")
        print("\n".join(f"  {line}" for line in lines))
    return len(bad)


def main() -> None:
    """Review the module in the arguments."""
    name, ksrc, output = (sys.argv[1:] + ["", "", ""])[:3]
    if not name:
        die("MODULE= is missing: type make review MODULE=blkram", 2)
    tree = Tree(Path(ksrc).resolve(), Path(output), patches.chosen(name))
    patches.made(tree.module, tree.ksrc, tree.output / "patches")
    write_tree(tree)
    sys.exit(1 if table(rows(tree)) else 0)


if __name__ == "__main__":
    main()
