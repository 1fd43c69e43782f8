# SPDX-License-Identifier: GPL-2.0
"""Project - find out how the modules in a directory are built

The directory may belong to any project.  What is found there decides: a command
in its modproof.toml, a dkms.conf, or a Makefile or Kbuild that lists modules.
"""

import difflib
import glob
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import kernels
from common import die
from dkms import Conf, evaluate, host

CONFIG = "modproof.toml"
TEXT = "a string"
TEXTS = "a list of strings"
NUMBER = "a whole number above 0"
LIST = "a list of tables"
# The tables of modproof.toml: for each key its type and an example.
MODULE = {
    "parameters": (TEXT, '"devices=2"'),
    "use": (TEXT, '"v4l2-ctl --all"'),
    "loads": (NUMBER, "20"),
    "needs": (TEXTS, '["videodev", "../other"]'),
    "device": (TEXT, '"a keyboard with LEDs"'),
}
IOCTL = {"request": (TEXT, '"0x40044301"'), "size": (NUMBER, "4")}
IGNORE = {
    "line": (TEXT, '"a regular expression"'),
    "reason": (TEXT, '"why this line of the log is no error"'),
}
TABLES = {
    "build": {"command": (TEXT, '"make KERNEL_DIR=$KDIR"')},
    "fuzz": {"ioctls": (LIST, '[{request = "0x40044301", size = 4}]')},
    "guest": {
        "memory": (TEXT, '"2G"'),
        "words": (TEXTS, '["acpi=off"]'),
        "devices": (TEXTS, '["usb-ehci"]'),
        "packages": (TEXTS, '["v4l-utils"]'),
        "firmware": (TEXT, '"firmware"'),
        "hints": (TEXT, '"scripts/hints"'),
    },
    "ignore": IGNORE,
    "kernel": {
        "symbols": (TEXTS, '["MEDIA_SUPPORT", "VIDEO_DEV=m"]'),
        "config": (TEXTS, '["tests/kernel.config"]'),
        "kernels": (TEXTS, '["stock-6.12"]'),
    },
    "kunit": {"tree": (TEXT, '"drivers/misc/counter"')},
    "modules": MODULE,
    "patches": {"directory": (TEXT, '"drivers/hwmon"')},
    "tests": {
        "directory": (TEXT, '"tests/guest"'),
        "defects": (TEXT, '"tests/defects.tsv"'),
    },
}
# The makefiles that kbuild reads, and then those that only make reads.
KBUILDS = ("Kbuild", "Makefile")
MAKEFILES = (*KBUILDS, "makefile", "GNUmakefile")
# How a makefile lists modules, and how it asks kbuild to build a directory.
OBJECTS = re.compile(r"\bobj-(?:m\b|\$|y\s*[:+?]*=)")
ASKS = re.compile(r"\b(?:M|SUBDIRS|KBUILD_EXTMOD)\s*=")
# The files that the top of a project has.
ABOUT = ("README*", "COPYING*", "LICENSE*")
# Where the tests of a project may be.
PLACES = ("selftests", "tests/selftests", "tests")
# The directory of a kernel tree that gets modules.
DRIVERS = "drivers/misc"
# How many levels of directories are searched for modules.
DEPTH = 4
# The MiB without which a guest cannot boot.
LEAST_MEMORY = 256


class ConfigError(Exception):
    """Something in modproof.toml is wrong."""


@dataclass
class ModuleConfig:
    """What modproof.toml says about one module.

    @needs are modules of the kernel, and @projects the directories of other
    projects, as they are written and as they are.
    """

    parameters: str = ""
    use: str = ""
    loads: int | None = None
    needs: list[str] = field(default_factory=list)
    device: str = ""
    projects: dict[str, Path] = field(default_factory=dict)


@dataclass
class Guest:
    """What modproof.toml says about the guest."""

    memory: str = ""
    words: list[str] = field(default_factory=list)
    devices: list[str] = field(default_factory=list)
    packages: list[str] = field(default_factory=list)
    firmware: str = ""
    hints: str = ""


@dataclass
class Fuzz:
    """What modproof.toml says about fuzzing.

    @ioctls are numbers of ioctls, with the size of each one's argument.
    """

    ioctls: dict[int, int] = field(default_factory=dict)


@dataclass
class Ignore:
    """A line of the kernel's log that is known, and why it is no error."""

    line: re.Pattern[str]
    reason: str


@dataclass
class Config:
    """The optional file modproof.toml of a project."""

    command: str = ""
    modules: dict[str, ModuleConfig] = field(default_factory=dict)
    symbols: list[str] = field(default_factory=list)
    fragments: list[Path] = field(default_factory=list)
    kernels: list[str] = field(default_factory=list)
    guest: Guest = field(default_factory=Guest)
    ignore: list[Ignore] = field(default_factory=list)
    tests: str = ""
    defects: Path | None = None
    tree: str = ""
    drivers: str = DRIVERS
    fuzz: Fuzz = field(default_factory=Fuzz)

    @classmethod
    def read(cls, directory: Path) -> "Config":
        """Read the file in a directory; exit if something in it is wrong."""
        path = directory / CONFIG
        try:
            return parse(tomllib.loads(path.read_text("utf-8")), directory)
        except FileNotFoundError as error:
            if not path.is_symlink():
                return cls()
            die(f"{path}: {error.strerror}", 2)
        except OSError as error:
            die(f"{path}: {error.strerror}", 2)
        except UnicodeDecodeError:
            die(f"{path}: the file is not UTF-8: save it as UTF-8", 2)
        except tomllib.TOMLDecodeError as error:
            die(f"{path}{place(str(error))}", 2)
        except ConfigError as error:
            die(f"{path}: {error}", 2)


def place(error: str) -> str:
    """Return an error of the TOML parser in the form of a compiler's."""
    found = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", error, re.S)
    return f":{found[2]}:{found[3]}: {found[1]}" if found else f": {error}"


def hint(where: str) -> str:
    """Return what to type for a table that was written as a key, if known."""
    name = where.strip("[]")
    if name.startswith("modules."):
        key = name.removeprefix("modules.")
        if key in MODULE:
            return (
                f": write [modules.NAME], with the name of a module, in the "
                f"line above {key}"
            )
        return f": write [{name}], and loads = 20 in the next line"
    if name in TABLES and name not in ("ignore", "modules"):
        key, (_, example) = next(iter(TABLES[name].items()))
        return f": write [{name}], and {key} = {example} in the next line"
    return ""


def need_table(given: object, where: str) -> dict[str, Any]:
    """Return @given; raise an error if it is no table."""
    if not isinstance(given, dict):
        raise ConfigError(f"{where} must be a table{hint(where)}")
    return given


def check_keys(given: dict[str, Any], keys: Iterable[str], where: str) -> None:
    """Raise an error if a table has an unknown key."""
    known = sorted(keys)
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            perhaps = f' (did you mean "{near[0]}"?)' if near else ""
            of_table = f" in {where}" if where else ""
            raise ConfigError(
                f'"{key}" is not known{of_table}: use some of '
                f"{', '.join(known)}{perhaps}"
            )


def check_table(
    given: Any, keys: dict[str, tuple[str, str]], where: str
) -> dict[str, Any]:
    """Return a table of the file; raise an error if a value is wrong."""
    check_keys(need_table(given, where), keys, where)
    for key, value in given.items():
        kind, example = keys[key]
        is_good = {
            TEXT: isinstance(value, str),
            TEXTS: isinstance(value, list)
            and all(isinstance(item, str) for item in value),
            NUMBER: type(value) is int and value > 0,
            LIST: isinstance(value, list)
            and all(isinstance(item, dict) for item in value),
        }[kind]
        if not is_good:
            raise ConfigError(
                f"{key} in {where} must be {kind}: write {key} = {example}"
            )
    return dict(given)


def parse(given: dict[str, Any], directory: Path) -> Config:
    """Return the configuration that a parsed file contains."""
    check_keys(given, TABLES, "")
    tables = {
        name: check_table(given.get(name, {}), TABLES[name], f"[{name}]")
        for name in TABLES
        if name not in ("ignore", "modules")
    }
    kernel = tables["kernel"]
    for symbol in kernel.get("symbols", []):
        if not re.fullmatch(r"!?\w+(=\S+)?", symbol):
            raise ConfigError(
                f'"{symbol}" in symbols is not the name of a kernel symbol: '
                'write "VIDEO_DEV" or "VIDEO_DEV=m"'
            )
    guest = Guest(**tables["guest"])
    check_memory(guest.memory)
    if guest.firmware and not (directory / guest.firmware).is_dir():
        raise ConfigError(
            f'firmware = "{guest.firmware}" in [guest] is no directory: name '
            "the one that has the firmware's files"
        )
    if guest.firmware:
        guest.firmware = str((directory / guest.firmware).resolve())
    return Config(
        command=tables["build"].get("command", ""),
        modules=parse_modules(given.get("modules", {}), directory),
        symbols=[
            symbol.removeprefix("CONFIG_")
            for symbol in kernel.get("symbols", [])
        ],
        fragments=parse_fragments(kernel.get("config", []), directory),
        kernels=parse_kernels(kernel.get("kernels", []), directory),
        guest=guest,
        ignore=parse_ignore(given.get("ignore", [])),
        tests=parse_place(tables["tests"].get("directory", "")),
        defects=parse_defects(tables["tests"].get("defects", ""), directory),
        tree=parse_tree(tables["kunit"].get("tree", "")),
        drivers=parse_drivers(tables["patches"].get("directory", DRIVERS)),
        fuzz=Fuzz(parse_ioctls(tables["fuzz"].get("ioctls", []))),
    )


def parse_modules(given: Any, directory: Path) -> dict[str, ModuleConfig]:
    """Return the configuration of each module, by the name in the kernel."""
    found = {}
    for name, table in need_table(given, "[modules]").items():
        where = f"[modules.{name}]"
        config = ModuleConfig(**check_table(table, MODULE, where))
        config.projects = {
            need: (directory / need).resolve()
            for need in config.needs
            if "/" in need
        }
        for need, path in config.projects.items():
            if not path.is_dir():
                raise ConfigError(
                    f'"{need}" of needs in {where} is not a directory: name '
                    'that of another project, as "../other", or a module of '
                    'the kernel, as "videodev"'
                )
        config.needs = [need for need in config.needs if "/" not in need]
        found[name.replace("-", "_")] = config
    return found


def parse_ioctls(given: list[Any]) -> dict[int, int]:
    """Return the numbers of the ioctls, and the sizes of their arguments.

    Without a size, it is the one that _IOR() and the like put into the number.
    """
    found = {}
    for place, item in enumerate(given, 1):
        where = f"number {place} of ioctls in [fuzz]"
        table = check_table(item, IOCTL, where)
        text = table.get("request", "")
        if not re.fullmatch(r"0[xX][0-9a-fA-F]{1,8}|\d{1,9}", text):
            raise ConfigError(
                f'request = "{text}" in {where} is no number of an ioctl: '
                'write request = "0x40044301"'
            )
        request = int(text, 0)
        found[request] = table.get("size", request >> 16 & 0x3FFF)
    return found


def parse_place(name: str) -> str:
    """Return the directory of the tests, which must be in the project."""
    if name.startswith("/") or ".." in Path(name).parts:
        raise ConfigError(
            f'directory = "{name}" in [tests] is not in the project: write '
            'directory = "tests/guest"'
        )
    return name


def parse_defects(name: str, directory: Path) -> Path | None:
    """Return the path of the table of known defects, if there is one."""
    if name and not (directory / name).is_file():
        raise ConfigError(
            f'defects = "{name}" in [tests] is no file: name a table with the '
            "columns id, what was wrong, guarded by, and tabs between them"
        )
    return directory / name if name else None


def parse_tree(name: str) -> str:
    """Return the directory of the project in a kernel tree."""
    if name and not re.fullmatch(r"(?!\.)[\w.-]+(/(?!\.)[\w.-]+)*", name):
        raise ConfigError(
            f'tree = "{name}" in [kunit] is not below the top of a kernel '
            'tree: write tree = "drivers/misc/counter"'
        )
    return name


def parse_drivers(name: str) -> str:
    """Return the directory of a kernel tree that is to get the modules."""
    if not re.fullmatch(r"\w[\w-]*(/\w[\w-]*)+", name):
        raise ConfigError(
            f'directory = "{name}" in [patches] is no directory of drivers '
            f'below the top of a kernel tree: write directory = "{DRIVERS}"'
        )
    return name


def parse_kernels(names: list[str], directory: Path) -> list[str]:
    """Return the names of the kernels, or the paths of their directories."""
    found = []
    for name in names:
        try:
            found.append(kernels.named(name, directory))
        except ValueError as error:
            raise ConfigError(
                f'"{name}" in kernels in [kernel] {error}'
            ) from error
    return found


def check_memory(memory: str) -> None:
    """Raise an error unless a guest can have this size of memory."""
    if not memory:
        return
    found = re.fullmatch(r"([1-9]\d*)([MG])", memory)
    if not found:
        raise ConfigError(
            f'memory = "{memory}" in [guest] is no size: write memory = "2G"'
        )
    if int(found[1]) * (1 if found[2] == "M" else 1024) < LEAST_MEMORY:
        raise ConfigError(
            f'memory = "{memory}" in [guest] is too little for a kernel: write '
            f'"{LEAST_MEMORY}M" or more'
        )


def parse_fragments(names: list[str], directory: Path) -> list[Path]:
    """Return the paths of the configuration fragments; a name may be a glob."""
    found: list[Path] = []
    for name in names:
        paths = sorted(
            Path(path) for path in glob.glob(str(directory.joinpath(name)))
        )
        if not any(path.is_file() for path in paths):
            raise ConfigError(f'config in [kernel]: there is no file "{name}"')
        found += [path.resolve() for path in paths if path.is_file()]
    return found


def parse_ignore(given: Any) -> list[Ignore]:
    """Return the lines of the kernel's log that are known."""
    if not isinstance(given, list):
        raise ConfigError('ignore must be written as [[ignore]], line = "..."')
    found = []
    for number, item in enumerate(given, 1):
        where = f"[[ignore]] number {number}"
        table = check_table(item, IGNORE, where)
        for key, (_, example) in IGNORE.items():
            if not table.get(key):
                raise ConfigError(
                    f"{where} has no {key}: add {key} = {example}"
                )
        try:
            found.append(Ignore(re.compile(table["line"]), table["reason"]))
        except re.error as error:
            raise ConfigError(
                f'line = "{table["line"]}" in {where} is no regular '
                f"expression: {error}"
            ) from error
    return found


@dataclass
class Project:
    """A directory with the sources of modules, and how they are built.

    The modules are built in @below, a directory relative to @root.  The root is
    the repository if the sources need files of it that are not below the
    directory that the user named.
    """

    root: Path
    name: str
    config: Config
    how: str
    below: Path = Path(".")
    dkms: Conf | None = None


def read(path: Path) -> str:
    """Return the text of a makefile without its comments, or nothing."""
    try:
        text = path.read_text(errors="replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        die(f"cannot read {path}: {error.strerror}", 2)
    return re.sub(r"(?m)^\s*#.*|\s#.*", "", text)


def way(directory: Path) -> str:
    """Return how the modules in a directory are built, or nothing."""
    if (directory / "dkms.conf").is_file():
        return "dkms"
    names = {name: directory / name for name in MAKEFILES}
    texts = {
        name: read(path) for name, path in names.items() if path.is_file()
    }
    if any(OBJECTS.search(texts.get(name, "")) for name in KBUILDS):
        return "kbuild"
    return "make" if any(map(ASKS.search, texts.values())) else ""


def is_build_dir(directory: Path) -> bool:
    """Return true if a directory has what the rig or a kernel's build made."""
    return any(
        (directory / name).exists()
        for name in (".modproof", "vmlinux.o", "include/config/auto.conf")
    )


def is_kernel_tree(directory: Path) -> bool:
    """Return true if a directory has the sources or headers of a kernel."""
    return all(
        (directory / name).exists()
        for name in ("Makefile", "arch", "include", "scripts")
    ) and bool(re.search(r"\bKERNELRELEASE\b", read(directory / "Makefile")))


def walk(root: Path) -> Iterator[tuple[Path, list[str]]]:
    """Yield the directories of a project, and the names of their files.

    Hidden ones, builds and kernel trees below @root are left out.
    """
    for where, names, files in os.walk(root):
        directory = Path(where)
        names[:] = sorted(
            name
            for name in names
            if not name.startswith(".")
            and not is_build_dir(directory / name)
            and not is_kernel_tree(directory / name)
        )
        yield directory, files


def directories(root: Path) -> Iterator[tuple[Path, list[str]]]:
    """Yield the directories to search, and the names of their files."""
    for where, names, files in os.walk(root):
        directory = Path(where)
        names[:] = sorted(
            name
            for name in names
            if not name.startswith(".")
            and not is_build_dir(directory / name)
            and len((directory / name).relative_to(root).parts) <= DEPTH
        )
        yield directory, files
        if directory != root and way(directory):
            names.clear()


def below_of(root: Path) -> list[Path]:
    """Return the directories below one in which modules are built."""
    return [
        directory.relative_to(root)
        for directory, _ in directories(root)
        if directory != root and way(directory)
    ]


def climbs(directory: Path) -> int:
    """Return how many levels above a directory a build uses files."""
    texts = [
        read(directory / name)
        for name in MAKEFILES
        if (directory / name).is_file()
    ]
    for path in directory.glob("*.[ch]"):
        text = path.read_text(errors="replace")
        texts += re.findall(r'^\s*#\s*include\s*"(\.\./.*)', text, re.M)
    ups = [up for text in texts for up in re.findall(r"(?:\.\./)+", text)]
    return max((len(up) // len("../") for up in ups), default=0)


def repository_of(directory: Path) -> Path:
    """Return the top of the repository that has a directory, or itself."""
    for top in (directory, *directory.parents):
        if (top / ".git").exists():
            break
    else:
        return directory
    ignored = ["git", "-C", str(top), "check-ignore", "-q", str(directory)]
    if is_kernel_tree(top) or not shutil.which("git"):
        return directory
    done = subprocess.run(ignored, capture_output=True, check=False)
    return directory if done.returncode == 0 else top


def release_of(directory: Path, levels: int) -> Path:
    """Return the top of the unpacked release that has a directory, or itself.

    It is at most @levels above, and has a text about the project: any other
    directory above may have all of the user's files.
    """
    for top in list(directory.parents)[:levels]:
        if is_kernel_tree(top):
            break
        if any(path for name in ABOUT for path in top.glob(name)):
            return top
    return directory


def sources_of_modules(root: Path) -> list[str]:
    """Return the sources in a directory that have a module's init function."""
    return [
        path.name
        for path in sorted(root.glob("*.c"))
        if re.search(
            r"\bmodule_init\s*\(|\binit_module\s*\(",
            path.read_text(errors="replace"),
        )
    ]


def nothing_found(shown: Path, root: Path) -> str:
    """Return the error for a directory in which no module is found."""
    sources = sources_of_modules(root)
    if sources:
        objects = " ".join(f"{Path(name).stem}.o" for name in sources)
        lacks = "has no Makefile or Kbuild, but"
        if any((root / name).exists() for name in MAKEFILES):
            lacks = "has a Makefile without obj-m, but"
        return (
            f"{shown} {lacks} {sources[0]} has module_init(): write a Makefile "
            f'with the line "obj-m := {objects}"'
        )
    template = root / "dkms.conf.in"
    hint = ": make dkms.conf from dkms.conf.in" if template.exists() else ""
    return (
        f"no module found in {shown}: expected a dkms.conf, or a Makefile or "
        f"Kbuild with obj-m{hint}"
    )


def several_found(shown: Path, below: list[Path]) -> str:
    """Return the error for a directory with several ones to choose from."""
    names = [f"{name}/" for name in below[:6]]
    if len(below) > 6:
        names.append(f"{len(below) - 6} more")
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    return f"no obj-m in {shown}, but in {listed}: go there"


def find(directory: str | Path) -> Project:
    """Return the project in a directory; exit if there is none."""
    shown = Path(directory)
    if not shown.is_dir():
        die(f"{shown} is not a directory: name one with sources", 2)
    try:
        return found_in(shown, shown.resolve())
    except OSError as error:
        die(f"cannot read {error.filename or shown}: {error.strerror}", 2)


def found_in(shown: Path, root: Path) -> Project:
    """Return the project in @root, which the user typed as @shown."""
    config = Config.read(shown)
    if config.command:
        return Project(root, root.name, config, "command")
    if is_kernel_tree(root):
        die(f"{shown} is the source of a kernel: name a module's directory", 2)
    if is_build_dir(root):
        die(f"{shown} is a build directory: name one with sources", 2)
    how, below = way(root), Path(".")
    if not how:
        others = below_of(root)
        if not others:
            die(nothing_found(shown, root), 2)
        if len(others) > 1:
            die(several_found(shown, others), 2)
        below = others[0]
        how = way(root / below)
    elif levels := climbs(root):
        top = repository_of(root)
        if top == root and not (root / ".git").exists():
            top = release_of(root, levels)
        below = root.relative_to(top)
        root = top
    directory = shown.resolve()
    if how != "dkms":
        return Project(root, directory.name, config, how, below)
    conf_dir = shown if root / below == directory else shown / below
    name = str(conf_dir / "dkms.conf")
    conf = evaluate(root / below, name, host())
    return Project(root, conf.name, config, how, below, conf)
