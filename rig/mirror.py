# SPDX-License-Identifier: GPL-2.0
"""Mirror - copy a project's sources to where they are built

The project itself is only read.  The copy keeps what was built from it, so a
state file records which files were copied: a file that was removed from the
project is removed from the copy, and no other file of the copy is touched.
"""

import json
import os
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from project import is_build_dir, is_kernel_tree

# What a build of modules makes.
PRODUCTS = (
    ".*.cmd",
    ".*.d",
    "*.ko",
    "*.mod",
    "*.mod.c",
    "*.o",
    "Module.symvers",
    "modules.order",
)
# The directories of builds and of version control, which may also be links.
LEFT_OUT = (".git", ".hg", ".svn", ".tmp_versions")


@dataclass
class State:
    """What is known of a copy: for which build it is, and what it contains.

    A file has its size and its time in the project, and a link its target.
    @way and @warnings belong to the last build.
    """

    identity: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[int] | str] = field(default_factory=dict)
    way: str = ""
    warnings: int = 0

    @classmethod
    def load(cls, path: Path) -> "State":
        """Read the state; it is empty if there is no valid file."""
        try:
            return cls(**json.loads(path.read_text()))
        except (FileNotFoundError, TypeError, ValueError):
            return cls()

    def save(self, path: Path) -> None:
        """Write the state in one step."""
        new = path.with_suffix(".new")
        new.write_text(json.dumps(asdict(self)))
        new.rename(path)


def is_product(name: str) -> bool:
    """Return true if a build makes files of this name."""
    return any(fnmatch(name, pattern) for pattern in PRODUCTS)


class Sources:
    """The sources of a project: the files and links to copy, by their names."""

    def __init__(self, root: Path, work: Path, needed: list[str]) -> None:
        self.root = root
        self.work = work
        self.checked: dict[Path, bool] = {}
        self.files: dict[str, Path] = {}
        self.links: dict[str, str] = {}
        self.add_directory(root, "", (root,))
        # git may ignore a file that decides how the modules are built.
        for name in needed:
            if name not in self.files and (root / name).is_file():
                self.files[name] = root / name

    def is_left_out(self, directory: Path) -> bool:
        """Return true if a directory of the project is not copied."""
        if directory == self.root:
            return False
        if directory not in self.checked:
            self.checked[directory] = (
                self.is_left_out(directory.parent)
                or directory.name in LEFT_OUT
                or directory.resolve() == self.work
                or is_build_dir(directory)
            )
        return self.checked[directory]

    def add_directory(
        self, directory: Path, prefix: str, seen: tuple[Path, ...]
    ) -> None:
        """Add what a directory contains, below @prefix in the copy."""
        names = tracked(directory) if len(seen) == 1 else None
        for name in names or walked(directory, self):
            path = directory / name
            if len(seen) == 1 and self.is_left_out(path.parent):
                continue
            self.add(path, os.path.join(prefix, name), seen)

    def add(self, path: Path, name: str, seen: tuple[Path, ...]) -> None:
        """Add a file, a link, or a directory that another repository has."""
        if path.is_symlink():
            self.add_link(path, name, seen)
        elif path.is_dir():
            if not is_kernel_tree(path):
                self.add_directory(path, name, seen)
        elif path.is_file():
            self.files[name] = path

    def add_link(self, path: Path, name: str, seen: tuple[Path, ...]) -> None:
        """Add a link, or what it points to if that is not in the project."""
        target = path.resolve()
        text = os.readlink(path)
        if target == self.root or self.root in target.parents:
            if os.path.isabs(text):
                text = os.path.relpath(target, path.parent.resolve())
            self.links[name] = text
        elif target.is_file():
            self.files[name] = target
        elif (
            target.is_dir()
            and target not in seen
            and not is_build_dir(target)
            and not is_kernel_tree(target)
        ):
            self.add_directory(target, name, (*seen, target))
        else:
            self.links[name] = str(target) if target.exists() else text


def tracked(directory: Path) -> list[str] | None:
    """Return the files that git tracks or does not ignore, without products.

    Return None if git does not know the directory.
    """

    def listed(*options: str) -> list[str]:
        """Return the files that git lists."""
        command = ["git", "-c", "safe.directory=*", "ls-files", "-z", *options]
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("GIT_")
        }
        done = subprocess.run(
            command,
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return os.fsdecode(done.stdout).split("\0")[:-1]

    if not shutil.which("git"):
        return None
    others = [
        name
        for name in listed("--others", "--exclude-standard")
        if not is_product(os.path.basename(name)) and not name.endswith("/")
    ]
    return sorted({*listed("--cached"), *others}) or None


def walked(directory: Path, sources: Sources) -> Iterator[str]:
    """Yield the files and links below a directory, without products."""

    def fail(error: OSError) -> None:
        raise error

    for where, names, files in os.walk(directory, onerror=fail):
        links = [name for name in names if Path(where, name).is_symlink()]
        names[:] = sorted(
            name
            for name in set(names) - set(links)
            if name not in LEFT_OUT
            and not is_build_dir(Path(where, name))
            and Path(where, name).resolve() != sources.work
        )
        for name in sorted(links + files):
            if not is_product(name) and name not in LEFT_OUT:
                yield os.path.relpath(os.path.join(where, name), directory)


def remove(path: Path) -> None:
    """Remove a file, a link or a directory, if there is one."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def make_room(copy: Path, name: str) -> None:
    """Make the directory of a file in the copy; remove what is in its place."""
    parent = copy
    for part in Path(name).parts[:-1]:
        parent /= part
        if parent.is_symlink() or not parent.is_dir():
            remove(parent)
            parent.mkdir()
    if (copy / name).is_symlink() or (copy / name).is_dir():
        remove(copy / name)


def copy_file(source: Path, path: Path) -> None:
    """Copy a file, unless the copy has the same content.

    A file that differs gets the time of the copy: its own time may be older
    than an object that was made from the last copy.
    """
    is_new = not path.exists()
    if is_new or path.read_bytes() != source.read_bytes():
        shutil.copy2(source, path)
        path.chmod(stat.S_IMODE(path.stat().st_mode) | 0o600)
        if not is_new:
            now = time.time_ns()
            os.utime(path, ns=(now, now))


def update(sources: Sources, copy: Path, state: State) -> bool:
    """Make the copy contain the sources; return true if it has changed."""
    old = state.files
    new: dict[str, list[int] | str] = dict(sources.links)
    for name, source in sources.files.items():
        status = source.stat()
        new[name] = [status.st_size, status.st_mtime_ns, status.st_mode]
    copy.mkdir(parents=True, exist_ok=True)
    for name in old.keys() - new.keys():
        if not (copy / name).is_dir() or (copy / name).is_symlink():
            (copy / name).unlink(missing_ok=True)
    for name, what in new.items():
        if old.get(name) == what and os.path.lexists(copy / name):
            continue
        make_room(copy, name)
        if isinstance(what, str):
            os.symlink(what, copy / name)
        else:
            copy_file(sources.files[name], copy / name)
    state.files = new
    return old != new
