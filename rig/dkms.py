# SPDX-License-Identifier: GPL-2.0
"""DKMS - read a dkms.conf, which describes how a project's modules are built

The file is a shell script that sets variables, so bash evaluates it, with the
variables that dkms sets for it.  An element of an array has the number of its
module; element 0 of BUILD_EXCLUSIVE_* is for all modules.
"""

import os
import platform
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from common import die

VARIABLES = (
    "PACKAGE_NAME PACKAGE_VERSION MAKE MAKE_MATCH PRE_BUILD PATCH PATCH_MATCH "
    "BUILT_MODULE_NAME BUILT_MODULE_LOCATION DEST_MODULE_NAME "
    "DEST_MODULE_LOCATION BUILD_EXCLUSIVE_KERNEL BUILD_EXCLUSIVE_KERNEL_MIN "
    "BUILD_EXCLUSIVE_KERNEL_MAX BUILD_EXCLUSIVE_ARCH BUILD_EXCLUSIVE_CONFIG "
    "OBSOLETE_BY"
)
# Print each element of the variables as its name, its index and its value, and
# a last word if the file did not end the shell.
SCRIPT = rf"""
exec 3>&1 >/dev/null
. ./dkms.conf
for name in {VARIABLES}; do
    declare -n array=$name
    for index in "${{!array[@]}}"; do
        printf '%s\0%s\0%s\0' "$name" "$index" "${{array[$index]%$'\r'}}" >&3
    done
done
printf 'end\0' >&3
"""


@dataclass
class Target:
    """The kernel for which a dkms.conf is evaluated, and dkms' own tree."""

    release: str
    headers: Path
    config: dict[str, str] = field(default_factory=dict)
    tree: Path = Path("/var/lib/dkms")

    def variables(self) -> dict[str, str]:
        """Return the variables that dkms sets for a dkms.conf."""
        return {
            "kernelver": self.release,
            "arch": platform.machine(),
            "kernel_source_dir": str(self.headers),
            "kernel_config": f"{self.headers}/.config",
            "dkms_tree": str(self.tree),
            "source_tree": "/usr/src",
        }


def host() -> Target:
    """Return the kernel of this machine, until another one is known."""
    release = os.uname().release
    return Target(release, Path(f"/lib/modules/{release}/build"))


@dataclass
class Conf:
    """The values of a dkms.conf for one kernel."""

    target: Target
    values: dict[str, dict[int, str]]

    def get(self, variable: str, index: int = 0) -> str:
        """Return an element of a variable, or an empty string."""
        return self.values.get(variable, {}).get(index, "")

    @property
    def name(self) -> str:
        """Return the name of the package, usable in a path."""
        return re.sub(r"[^\w.+~-]", "", self.get("PACKAGE_NAME"))

    @property
    def version(self) -> str:
        """Return the version, usable in a path; templates have no real one."""
        version = re.sub(r"[^\w.+~-]", "", self.get("PACKAGE_VERSION"))
        return version or "0"

    def variables(self) -> dict[str, str]:
        """Return the variables that the commands of the file may use."""
        return self.target.variables() | {
            "PACKAGE_NAME": self.name,
            "PACKAGE_VERSION": self.version,
            "module": self.name,
            "module_version": self.version,
        }

    def matched(self, variable: str, needs_match: bool) -> list[str]:
        """Return the elements whose _MATCH is empty or matches the kernel."""
        found = []
        for index, value in sorted(self.values.get(variable, {}).items()):
            pattern = self.get(f"{variable}_MATCH", index)
            if pattern or not needs_match:
                if not pattern or matches(self.target.release, pattern):
                    found.append(value)
        return [value for value in found if value]

    def command(self, build: Path, jobs: int) -> str:
        """Return the command that builds the modules in @build.

        As dkms does, it tells make the kernel's release.
        """
        command = (
            ""
            if self.get("MAKE_MATCH")
            else self.get("MAKE").replace("\n", " ")
        )
        command = (self.matched("MAKE", True) or [command])[-1]
        target = self.target
        if not command.strip():
            command = f"make -C {target.headers} M={build}"
        for name in ("build", "source"):
            command = command.replace(
                f"/lib/modules/{target.release}/{name}", str(target.headers)
            )
        if command.startswith("make"):
            words = f"make -j{jobs} KERNELRELEASE={target.release}"
            command = words + command.removeprefix("make")
        return command

    def patches(self) -> list[str]:
        """Return the names of the patches for the kernel."""
        return self.matched("PATCH", False)

    def modules(self) -> dict[int, str]:
        """Return the paths of the modules that the build must make."""
        indices = {
            index
            for variable in (
                "BUILT_MODULE_NAME",
                "BUILT_MODULE_LOCATION",
                "DEST_MODULE_NAME",
                "DEST_MODULE_LOCATION",
            )
            for index in self.values.get(variable, {})
        }
        paths = {}
        for index in sorted(indices):
            name = self.get("BUILT_MODULE_NAME", index)
            if not name and len(indices) == 1:
                name = self.name
            if name:
                where = self.get("BUILT_MODULE_LOCATION", index)
                paths[index] = os.path.normpath(f"{where or '.'}/{name}.ko")
        return paths

    def excluded(self, index: int) -> str:
        """Return why a module is not for the kernel, or an empty string."""
        for number in dict.fromkeys((0, index)):
            for variable, is_met in (
                ("KERNEL", matches),
                ("KERNEL_MIN", is_at_least),
                ("KERNEL_MAX", is_at_most),
                ("ARCH", matches),
            ):
                name = f"BUILD_EXCLUSIVE_{variable}"
                value = self.get(name, number)
                if variable == "KERNEL_MAX" and not value and not number:
                    value = self.get("OBSOLETE_BY")
                is_arch = variable == "ARCH"
                ours = platform.machine() if is_arch else self.target.release
                if value and not is_met(ours, value):
                    return f'dkms.conf has {name}="{value}"'
            name = "BUILD_EXCLUSIVE_CONFIG"
            for symbol in self.get(name, number).split():
                if self.lacks(symbol):
                    return f'dkms.conf has {name}="{symbol}"'
        return ""

    def lacks(self, word: str) -> bool:
        """Return true if the kernel does not have, or has !, a symbol."""
        symbol = word.removeprefix("!").removeprefix("CONFIG_")
        is_set = self.target.config.get(symbol) in ("y", "m")
        return is_set == word.startswith("!")


def matches(text: str, pattern: str) -> bool:
    """Return true if a text matches a pattern of bash."""
    command = ["bash", "-c", "[[ $1 =~ $2 ]]", "bash", text, pattern]
    done = subprocess.run(command, capture_output=True, check=False)
    return done.returncode == 0


def padded(version: str) -> str:
    """Return a version whose numbers have the same length, to be compared."""
    return re.sub(r"\d+", lambda number: number[0].zfill(6), version)


def is_at_least(release: str, least: str) -> bool:
    """Return true if a release is not older than @least."""
    return padded(release) >= padded(least)


def is_at_most(release: str, most: str) -> bool:
    """Return true if a release is not newer than @most."""
    return padded(release) <= padded(most)


def evaluate(directory: Path, shown: str, target: Target) -> Conf:
    """Evaluate the dkms.conf in a directory; @shown is the name for errors."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in VARIABLES.split()
    }

    def bash(*words: str) -> subprocess.CompletedProcess[str]:
        """Run bash in the directory, and return what it printed."""
        try:
            return subprocess.run(
                ["bash", *words],
                cwd=directory,
                env=environment | target.variables(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
            )
        except FileNotFoundError:
            die(f"bash, which evaluates {shown}, is missing: install it")

    parsed = bash("-n", "dkms.conf")
    complaint = parsed.stderr.strip().splitlines()
    if parsed.returncode:
        reason = complaint[0].removeprefix("dkms.conf: ") if complaint else ""
        die(f"{shown}: {reason or 'bash cannot read it'}", 2)
    words = bash("-c", SCRIPT).stdout.split("\0")
    if words[-2:] != ["end", ""]:
        die(f"{shown} ends the shell that evaluates it: remove its exit", 2)
    values: dict[str, dict[int, str]] = {}
    for start in range(0, len(words) - 2, 3):
        name, index, value = words[start : start + 3]
        values.setdefault(name, {})[int(index)] = value
    conf = Conf(target, values)
    if not conf.name:
        die(f"{shown} sets no PACKAGE_NAME: add one", 2)
    return conf
