#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Review - say what a reviewer's programs find in a series of patches

    rig/review.py DIR [MODULE] [--base TREE]

The series of a project's module is made as rig/patches.py does it.  Its files
are put into a tree of links to a kernel source, and the checkers run on them.
The tree is built for UML, whose build needs no tools but the compiler.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import common
import fragment
import patches
import results
import series
import upstream
from series import Base, Patch

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
# What is compiled, and what else is code of the kernel.
CODE = re.compile(r"(?!tools/|Documentation/)\S+\.c")
OF_KERNEL = r"(?!tools/|Documentation/)\S+\.[ch]"
CONFIG_LINE = re.compile(r"^(?:menu)?config (\w+)$", re.M)
OWN = re.compile(r"\bmodproof\b|/run/ko\b")
COMPILED = re.compile(r"^.*(?:warning|error):.*$", re.M)
FOUND_BY_COCCI = re.compile(r"^[^ :]+:\d+:.*$", re.M)
# What checkpatch says of all patches but the last, which has MAINTAINERS.
IN_THE_LAST = "FILE_PATH_CHANGES"
CHECKPATCH = "--strict --show-types --terse --quiet --root".split()


@dataclass
class Tree:
    """A kernel tree with the files of a series.

    @config is the symbol of the module, and @needs are those that it depends on.
    @origins has, for a file of the series, the one in @home of which it is made.
    """

    ksrc: Path
    output: Path
    name: str
    config: str
    needs: list[str] = field(default_factory=list)
    home: Path = Path(".")
    origins: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    symbols: list[str] = field(default_factory=list)

    @property
    def path(self) -> Path:
        """Return the directory of the tree."""
        return self.output / "tree"

    @property
    def series(self) -> list[Path]:
        """Return the patches, without the cover letter."""
        where = self.output / "patches" / self.name
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


def write_tree(tree: Tree, base: Base, changes: list[Patch]) -> None:
    """Make the tree of links, with the files of the series."""
    shutil.rmtree(tree.path, ignore_errors=True)
    tree.output.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-as", tree.ksrc, tree.path], check=True)
    for patch in changes:
        for path, text in patch.files.items():
            series.write(tree.path / path, text)
            tree.files.append(path)
            if os.path.basename(path).startswith("Kconfig"):
                tree.symbols += CONFIG_LINE.findall(text)
        for path, change in patch.edits:
            old = (tree.path / path).read_text()
            new = series.changed(base, path, change, old)
            series.write(tree.path / path, new)
            added = set(CONFIG_LINE.findall(new))
            tree.symbols += added - set(CONFIG_LINE.findall(old))


def of_user(tree: Tree, line: str) -> str:
    """Return what a checker says, with the path and line of the user's file."""
    line = line.removeprefix(f"{tree.path}/")
    path, _, rest = line.partition(":")
    if path not in tree.origins:
        return line
    number = re.match(r"\d+(?=:)", rest)
    if not number:
        return f"{tree.origins[path]}:{rest}"
    old = (tree.home / tree.origins[path]).read_text().splitlines()
    new = (tree.path / path).read_text().splitlines()
    found = line_in(old, new, int(number[0]))
    if not found:
        return line
    return f"{tree.origins[path]}:{found}{rest[number.end():]}"


def line_in(old: list[str], new: list[str], number: int) -> int:
    """Return the line of the user's file from which a line was made, or 0."""
    if len(old) == len(new):
        return number
    same = [
        at
        for at, text in enumerate(old, 1)
        if number <= len(new) and text == new[number - 1]
    ]
    return min(same, key=lambda at: abs(at - number), default=0)


def compiled(tree: Tree, name: str, *options: str) -> list[str]:
    """Compile the files of the series; return the lines with warnings."""
    built = tree.output / name
    built.mkdir(exist_ok=True)
    on = [*CONFIG.split(), *tree.needs, *tree.symbols]
    (built / ".config").write_text("".join(f"CONFIG_{s}=y\n" for s in on))
    words = ("make", "-s", f"O={built}", "ARCH=um", *options)
    said = tree.run(*words, "olddefconfig")
    config = (built / ".config").read_text()
    if f"CONFIG_{tree.config}=y" not in config:
        said += f"error: UML cannot have {tree.config}\n"
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
        said = tree.run(script, "--showfile", *CHECKPATCH, tree.ksrc, path)
        found += [
            # Before the first file, the line is one of the message.
            re.sub(r"^(:\d+)?(?=:|[A-Z]+:)", path.name, line)
            for line in said.splitlines()
            if not line.startswith("total: ")
            and (path == tree.series[-1] or IN_THE_LAST not in line)
        ]
    return found


def kernel_doc(tree: Tree) -> list[str]:
    """Return what kernel-doc says of the comments."""
    files = tree.sources(OF_KERNEL)
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


def own_names(tree: Tree) -> list[str]:
    """Return the lines that name what only modproof has."""
    return [
        f"{path}:{number}: a kernel tree has no {found[0]}"
        for path in tree.files
        for number, line in enumerate(
            (tree.path / path).read_text().splitlines(), 1
        )
        if (found := OWN.search(line))
    ]


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
    "names of modproof": ("sh", own_names),
}


def rows(tree: Tree) -> Iterator[tuple[str, list[str] | None]]:
    """Yield each checker with what it found; None if it is not there."""
    for name, (program, check) in CHECKS.items():
        there = shutil.which(program) or Path(program).is_file()
        yield name, check(tree) if there else None


def table(tree: Tree, found: Iterator[tuple[str, list[str] | None]]) -> int:
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
        print("\n".join(f"  {of_user(tree, line)}" for line in lines))
    return len(bad)


def review(tree: Tree, base: Base, changes: list[Patch]) -> int:
    """Run all checkers on a series that was written; return 1 if one found
    something."""
    write_tree(tree, base, changes)
    return 1 if table(tree, rows(tree)) else 0


def main() -> int:
    """Review the module of the project in the arguments."""
    args = patches.parse()
    patches.need_programs("build", "patches", "review")
    path = args.base or patches.default_base()
    base = Base(path, f"--base {path}")
    output = results.build_dir() / "review"
    module, whole, _ = patches.made(
        args.directory, args.module, base, output / "patches"
    )
    tree = Tree(path.resolve(), output, module.name, module.symbol)
    wanted = [f"CONFIG_{s}=y" for s in module.config.symbols]
    for line in [*wanted, *fragment.fragment(args.directory)]:
        setting = re.fullmatch(r"CONFIG_(\w+)=[ym]", line)
        tree.needs += [setting[1]] if setting else []
    tree.home = args.directory
    tree.origins = upstream.origins(module)
    return review(tree, base, whole.patches)


if __name__ == "__main__":
    common.run(main)
