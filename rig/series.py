# SPDX-License-Identifier: GPL-2.0
"""Series - write a series of patches for a kernel tree

The kernel tree is only read.  The series is made in a repository that has
nothing but the files of the tree that it changes, and is written to a
directory: a cover letter and numbered patches for "git am".  A series in that
place is replaced only if it was made here and no file was changed since.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

import series_text
from common import die

# Files that every kernel tree has, and that a series may change.
OF_A_TREE = (
    "Kbuild",
    "MAINTAINERS",
    "lib/Kconfig.debug",
    "samples/Kconfig",
    "scripts/get_maintainer.pl",
    "tools/testing/selftests/lib.mk",
)
# What was made, with the checksum of each file, in a series.
MADE = ".modproof"
# The variables that name the files with the user's settings of git.
OF_USER = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM")
DEFAULT_LIST = "linux-kernel@vger.kernel.org"


@dataclass
class Patch:
    """A patch: its subject, its message, new files, and changes of files."""

    subject: str
    body: str
    files: dict[str, str] = field(default_factory=dict)
    edits: list[tuple[str, Callable[[str], str]]] = field(default_factory=list)

    def edit(self, path: str, change: Callable[..., str], *args: str) -> None:
        """Add a change of a file, a function and its further arguments."""
        self.edits.append((path, lambda text: change(text, *args)))


@dataclass
class Base:
    """A kernel tree for which a series is made.

    @shown is how the user names it, for errors.
    """

    path: Path
    shown: str
    version: str = field(init=False)

    def __post_init__(self) -> None:
        lacking = [n for n in OF_A_TREE if not (self.path / n).is_file()]
        makefile = self.path / "Makefile"
        text = makefile.read_text() if makefile.is_file() else ""
        found = re.search(r"^VERSION = (\d+)\nPATCHLEVEL = (\d+)$", text, re.M)
        if lacking or not found:
            die(
                f"{self.shown} is not a kernel tree, because it has no "
                f"{lacking[0] if lacking else 'Makefile with a VERSION'}: name "
                "the top directory of a clone of linux.git",
                2,
            )
        self.version = f"{found[1]}.{found[2]}"


@dataclass
class Series:
    """The patches of a module, and what the cover letter says.

    @title is the letter's subject, and @about has its first paragraphs.
    """

    name: str
    owner: str
    title: str
    about: list[str]
    patches: list[Patch]


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


def identity(where: Path) -> str:
    """Return the user's name and address in git, or exit with an error."""
    name = git(where, "config", "user.name", is_ours=False)
    mail = git(where, "config", "user.email", is_ours=False)
    if not name or not mail:
        key = "email you@example.org" if name else 'name "Your Name"'
        die(
            "git does not know who signs the patches off: type git config "
            f"--global user.{key}"
        )
    return f"{name} <{mail}>"


def mailing_list(base: Base, where: str) -> str:
    """Return the list that get_maintainer.pl names first for a directory."""
    path = where if (base.path / where).is_dir() else os.path.dirname(where)
    flags = "--no-tree --no-git --no-git-fallback --no-rolestats"
    only = "--no-m --no-r --no-n"
    command = ["scripts/get_maintainer.pl", *f"{flags} {only}".split()]
    done = subprocess.run(
        [*command, "-f", f"{path}/Kconfig"],
        cwd=base.path,
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


def need_clean(base: Base, paths: list[str]) -> None:
    """Exit if files of a git tree are not those of its commit."""
    changed = git(
        base.path, "status", "--porcelain", "--", *paths, is_ours=False
    )
    if changed:
        die(
            f"{base.shown} has changes that are not committed, as in "
            f"{changed.splitlines()[0][2:].strip()}: commit or stash them"
        )


def begin(repository: Path, base: Base, patches: list[Patch]) -> list[str]:
    """Make a repository with the files of @base that the series is about.

    Return their paths.  Exit if a new file is there with another text.
    """
    paths = [path for patch in patches for path, _ in patch.edits]
    new = {p: text for patch in patches for p, text in patch.files.items()}
    for path in sorted({*paths, *new}):
        old = base.path / path
        if not old.is_file():
            continue
        if path in new and old.read_text() != new[path]:
            die(
                f"{base.shown} has a file {path} already: rename yours, or "
                "choose another tree"
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


def write(path: Path, text: str) -> None:
    """Write a file, in the place of a link; a script can be executed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text)
    if text.startswith("#!"):
        path.chmod(0o755)


def changed(
    base: Base, path: str, change: Callable[[str], str], old: str
) -> str:
    """Return the new text of a file of the tree; exit if it has another form."""
    try:
        return change(old)
    except (AssertionError, IndexError):
        die(
            f"{base.shown} has no {path}, or one that has another form than "
            "in Linux 6.12: choose a newer tree"
        )


def apply(repository: Path, base: Base, series: Series) -> int:
    """Commit each patch that changes something; return their number.

    A part that the base has already needs no patch.
    """
    done = 0
    for patch in series.patches:
        for path, text in patch.files.items():
            write(repository / path, text)
        for path, change in patch.edits:
            target = repository / path
            old = target.read_text() if target.is_file() else ""
            write(target, changed(base, path, change, old))
        if git(repository, "status", "--porcelain"):
            commit(repository, series.owner, patch.subject, patch.body)
            done += 1
    return done


def clashes(base: Base, name: str, symbols: Collection[str]) -> list[str]:
    """Return what a tree has with the name of a module, or with a symbol."""
    name = re.sub("[-_]", "[-_]", name)
    pattern = (
        rf"^(menu)?config ({'|'.join(sorted(symbols))})$|"
        rf"^obj-.*\s{name}\.o\b"
    )
    command = ["grep", "-rnE", pattern, "--include=Kconfig*"]
    found = subprocess.run(
        [*command, "--include=Makefile", "--include=Kbuild", "."],
        cwd=base.path,
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


def cover(series: Series, version: str, base_commit: str) -> str:
    """Return the subject and the text of the cover letter."""
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
    paragraphs = [*series.about, how_to_test(series.patches), known, basis]
    texts = [
        p if "\n" in p else series_text.prose([p]) for p in paragraphs if p
    ]
    return "\n\n".join([series.title, *filter(None, texts)])


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
            f"{where} has files that are not of a series made here, or that "
            "were changed since: move it away"
        )


def made(series: Series, base: Base, output: Path) -> list[str]:
    """Write a series below @output; return the names of its files."""
    where = output / series.name
    need_place(where)
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=output) as scratch:
        repository, fresh = Path(scratch, "tree"), Path(scratch, "series")
        repository.mkdir()
        paths = begin(repository, base, series.patches)
        base_commit = commit_of(base.path)
        if base_commit:
            need_clean(base, paths)
        commit(repository, series.owner, "Base", "")
        git(repository, "tag", "base")
        if not apply(repository, base, series):
            die(f"{base.shown} has all of {series.name} already")
        letter = cover(series, base.version, base_commit)
        names = export(repository, fresh, series.owner, letter, base_commit)
        (fresh / MADE).write_text(sums(fresh))
        shutil.rmtree(where, ignore_errors=True)
        fresh.rename(where)
    return names


def show(where: Path, names: list[str], then: str) -> None:
    """Print the files of a series, and what to do with them."""
    print(f"{where}:")
    for name in names:
        print(f"  {name}")
    print()
    print(
        f"In a clone of the kernel, type git am --empty=drop {where}/*.patch"
    )
    print(then)
