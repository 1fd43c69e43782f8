#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Patches - turn a module of this project into a series of patches

    tools/patches.py MODULE BASE OUTPUT

BASE is a kernel tree, which this program only reads.  The series is made in a
repository that has nothing but the files of BASE that it changes, and is
written to OUTPUT/MODULE/: a cover letter and numbered patches for "git am".
Each file is put where the kernel keeps its kind.  A series in that place is
replaced only if this program made it and no file was changed since.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "rig"))

import patch_files
import patch_series
import patch_text
from common import die
from patch_files import Layout, Module
from patch_series import Patch

EXAMPLE = "make patches MODULE=blkram"
# Files that every kernel tree has, and that a series may change.
OF_A_TREE = (
    "Kbuild",
    "MAINTAINERS",
    "lib/Kconfig.debug",
    "samples/Kconfig",
    "scripts/get_maintainer.pl",
    "tools/testing/selftests/lib.mk",
)
# What the program made, with the checksum of each file, in a series.
MADE = ".modproof"
# The variables that name the files with the user's settings of git.
OF_USER = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM")
DEFAULT_LIST = "linux-kernel@vger.kernel.org"


def git(where: Path, *args: str, is_ours: bool = True) -> str:
    """Run git in a directory without the user's hooks; return its output.

    In a repository of ours, the user's settings do not count, since they can
    change the form of patches; exit if git fails.  In one of the user's, return
    "" then.
    """
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_")
        or (name.startswith("GIT_CONFIG") and not is_ours)
    }
    if is_ours:
        clean |= dict.fromkeys(OF_USER, "/dev/null")
    done = subprocess.run(
        ["git", "-c", "core.hooksPath=/dev/null", *args],
        cwd=where,
        env=clean | {"GIT_OPTIONAL_LOCKS": "0"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=None if is_ours else subprocess.PIPE,
        text=True,
        check=False,
    )
    if is_ours and done.returncode:
        die(f"git {args[0]} failed in {where}: see above")
    return done.stdout.strip() if done.returncode == 0 else ""


def chosen(name: str) -> Module:
    """Return the module that the user named, or exit with an error."""
    known = patch_files.modules()
    if not name:
        die(f"MODULE= is missing: type {EXAMPLE}", 2)
    if name not in known:
        die(
            f'MODULE="{name}" is not a module of modules/: type one of '
            f"{', '.join(sorted(known))}",
            2,
        )
    return known[name]


def checked(base: Path) -> str:
    """Return the version of a kernel tree, or exit if it is not one."""
    lacking = [name for name in OF_A_TREE if not (base / name).is_file()]
    makefile = base / "Makefile"
    text = makefile.read_text() if makefile.is_file() else ""
    found = re.search(r"^VERSION = (\d+)\nPATCHLEVEL = (\d+)$", text, re.M)
    if lacking or not found:
        die(
            f"BASE={base} is not a kernel tree, because it has no "
            f"{lacking[0] if lacking else 'Makefile with a VERSION'}: name "
            "the top directory of a clone of linux.git",
            2,
        )
    return f"{found[1]}.{found[2]}"


def identity() -> str:
    """Return the user's name and address in git, or exit with an error."""
    name = git(patch_files.ROOT, "config", "user.name", is_ours=False)
    mail = git(patch_files.ROOT, "config", "user.email", is_ours=False)
    if not name or not mail:
        key = "email you@example.org" if name else 'name "Your Name"'
        die(
            "git does not know who signs the patches off: type git config "
            f"--global user.{key}"
        )
    return f"{name} <{mail}>"


def mailing_list(module: Module, base: Path) -> str:
    """Return the list that get_maintainer.pl names first for the module."""
    where = module.place[0]
    path = where if (base / where).is_dir() else os.path.dirname(where)
    flags = "--no-tree --no-git --no-git-fallback --no-rolestats"
    only = "--no-m --no-r --no-n"
    command = ["scripts/get_maintainer.pl", *f"{flags} {only}".split()]
    done = subprocess.run(
        [*command, "-f", f"{path}/Kconfig"],
        cwd=base,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    return next(iter(done.stdout.split()), DEFAULT_LIST)


def commit_of(base: Path) -> str:
    """Return the commit of a git tree, or "" if @base is not one."""
    top = git(base, "rev-parse", "--show-toplevel", is_ours=False)
    if not top or Path(top).resolve() != base.resolve():
        return ""
    return git(base, "rev-parse", "HEAD", is_ours=False)


def need_clean(base: Path, paths: list[str]) -> None:
    """Exit if files of a git tree are not those of its commit."""
    changed = git(base, "status", "--porcelain", "--", *paths, is_ours=False)
    if changed:
        die(
            f"BASE={base} has changes that are not committed, as in "
            f"{changed.splitlines()[0][2:].strip()}: commit or stash them"
        )


def begin(repository: Path, base: Path, patches: list[Patch]) -> list[str]:
    """Make a repository with the files of @base that the series is about.

    Return their paths.  Exit if a new file is there with another text.
    """
    paths = [path for patch in patches for path, _ in patch.edits]
    new = {p: text for patch in patches for p, text in patch.files.items()}
    for path in sorted({*paths, *new}):
        old = base / path
        if not old.is_file():
            continue
        if path in new and old.read_text() != new[path]:
            die(
                f"BASE={base} has a file {path} already: rename the module or "
                "part, or choose another BASE="
            )
        target = repository / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(old, target)
    git(repository, "init", "--quiet", "--initial-branch=series")
    return sorted({*paths, *new})


def settings(owner: str) -> list[str]:
    """Return options of git: whose commits these are."""
    name, _, mail = owner.partition(" <")
    return [
        option
        for setting in (f"user.name={name}", f"user.email={mail.rstrip('>')}")
        for option in ("-c", setting)
    ]


def commit(repository: Path, owner: str, subject: str, body: str) -> None:
    """Commit all files with a message."""
    git(repository, "add", "--all", "--force")
    options = "--quiet --signoff --allow-empty --cleanup=whitespace"
    message = f"{subject}\n\n{body}"
    words = [*settings(owner), "commit", *options.split(), "-m", message]
    git(repository, *words)


def apply(repository: Path, patches: list[Patch], owner: str) -> int:
    """Commit each patch that changes something; return their number.

    A part that the base has already needs no patch.
    """
    done = 0
    for patch in patches:
        for path, text in patch.files.items():
            target = repository / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        for path, change in patch.edits:
            target = repository / path
            old = target.read_text() if target.is_file() else ""
            try:
                target.write_text(change(old))
            except (AssertionError, IndexError):
                die(
                    f"BASE= has no {path}, or one that has another form than "
                    "in Linux 6.12: choose a newer tree"
                )
        if git(repository, "status", "--porcelain"):
            commit(repository, owner, patch.subject, patch.body)
            done += 1
    return done


def clashes(module: Module, base: Path, patches: list[Patch]) -> list[str]:
    """Return what the kernel has with a name of the series."""
    text = "".join(
        change("") if path.endswith("lib/Kconfig") else ""
        for patch in patches
        for path, change in patch.edits
    )
    symbols = {*re.findall(r"^config (\w+)", text, re.M)}
    symbols |= {one.config for one in patch_files.needed(module)}
    name = re.sub("[-_]", "[-_]", module.name)
    pattern = rf"^config ({'|'.join(sorted(symbols))})$|^obj-.*\s{name}\.o\b"
    command = ["grep", "-rnE", pattern, "--include=Kconfig*"]
    found = subprocess.run(
        [*command, "--include=Makefile", "--include=Kbuild", "."],
        cwd=base,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return [
        " ".join(line.removeprefix("./").split())
        for line in found.stdout.splitlines()
    ]


def how_to_test(patches: list[Patch]) -> str:
    """Return the sentence of the cover letter about the tests, or ""."""
    kinds = [
        kind
        for kind in ("KUnit tests", "kselftests")
        if any(kind.lstrip("k") in patch.subject for patch in patches)
    ]
    if not kinds:
        return ""
    return f"The patches that add {' and '.join(kinds)} say how to run them."


def cover(
    module: Module,
    version: str,
    base_commit: str,
    notes: list[str],
    patches: list[Patch],
) -> str:
    """Return the subject and the text of the cover letter."""
    _, _, about = patch_text.top(patch_files.text_of(module.main))
    area = module.place[3]
    first = patch_series.subject(f"{area}add {module.name}", module.what)
    basis = (
        f"The series is based on commit {base_commit[:12]} (Linux {version})."
        if base_commit
        else f"The series is based on an unpacked source of Linux {version}, "
        "which is not a git repository.  So there is no base-commit."
    )
    known = (
        "The entry in MAINTAINERS is in the last patch, and checkpatch asks "
        "for it in the others (FILE_PATH_CHANGES)."
    )
    paragraphs = [
        f"This series adds {module.name}: {module.what}.",
        patch_text.prose(about),
        *notes,
        how_to_test(patches),
        known,
        basis,
    ]
    texts = [p if "\n" in p else patch_text.prose([p]) for p in paragraphs]
    return "\n\n".join([first, *filter(None, texts)])


def export(
    repository: Path, where: Path, owner: str, letter: str, base_commit: str
) -> list[str]:
    """Write the patches and the cover letter; return the names of files."""
    subject, _, body = letter.partition("\n\n")
    git(repository, "config", "branch.series.description", letter)
    git(
        repository, *settings(owner), "format-patch", "--quiet", "--cover-letter",
        "--cover-from-description=subject", "--zero-commit", "--no-signature",
        "--stat=76",
        "-o", str(where), "base..series",
    )  # fmt: skip
    first = where / "0000-cover-letter.patch"
    text = first.read_text()
    assert subject[:40] in text and body[:40] in text
    if base_commit:
        first.write_text(f"{text.rstrip()}\n\nbase-commit: {base_commit}\n")
    return sorted(path.name for path in where.iterdir())


def sums(where: Path) -> str:
    """Return a line with the checksum and the name of each file."""
    return "".join(
        f"{sum_of(path)}  {path.name}\n"
        for path in sorted(where.iterdir())
        if path.name != MADE
    )


def sum_of(path: Path) -> str:
    """Return the checksum of a file, or what is there instead of one."""
    if not path.is_file():
        return "no file"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def need_place(where: Path) -> None:
    """Exit unless the series at @where is as this program made it."""
    if not where.exists():
        return
    made = where / MADE
    if not made.is_file() or made.read_text() != sums(where):
        die(
            f"{where} has files that make patches did not make, or that were "
            "changed since: move it away"
        )


def made(module: Module, base: Path, output: Path) -> list[str]:
    """Write the series of a module; return the names of its files."""
    version = checked(base)
    owner = identity()
    where = output / module.name
    need_place(where)
    layout = Layout(base, patch_files.compat_for(base))
    try:
        patches = patch_series.series(
            module, layout, owner, mailing_list(module, base)
        )
    except ValueError as found:
        die(
            f"BASE={base} is Linux {version}, for which {module.name} needs a "
            f"function in place of {found}: choose a newer one"
        )
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=output) as scratch:
        repository, fresh = Path(scratch, "tree"), Path(scratch, "series")
        repository.mkdir()
        paths = begin(repository, base, patches)
        base_commit = commit_of(base)
        if base_commit:
            need_clean(base, paths)
        commit(repository, owner, "Base", "")
        git(repository, "tag", "base")
        notes = notes_on(module, base, patches)
        if not apply(repository, patches, owner):
            die(f"BASE={base} has all of {module.name} already")
        letter = cover(module, version, base_commit, notes, patches)
        names = export(repository, fresh, owner, letter, base_commit)
        (fresh / MADE).write_text(sums(fresh))
        shutil.rmtree(where, ignore_errors=True)
        fresh.rename(where)
    return names


def notes_on(module: Module, base: Path, patches: list[Patch]) -> list[str]:
    """Return paragraphs about names that are taken, and print them."""
    found = clashes(module, base, patches)
    for line in found:
        print(
            f"modproof: note: the kernel has a name of this series, at {line}"
            ": rename yours, or do not enable both",
            file=sys.stderr,
        )
    return [f"The kernel has a name of this series, at {x}." for x in found]


def main() -> None:
    """Make the series in the arguments, and say what to do next."""
    name, base, output = (sys.argv[1:] + ["", "", ""])[:3]
    module = chosen(name)
    names = made(module, Path(base).resolve(), Path(output))
    where = Path(output) / module.name
    print("\n".join(f"{where}/{file}" for file in names))
    print()
    print(
        f"In a clone of the kernel, type git am --empty=drop {where}/*.patch, "
        "and read\nDocumentation/upstream.rst before you send it."
    )


if __name__ == "__main__":
    main()
