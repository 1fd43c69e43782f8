# SPDX-License-Identifier: GPL-2.0
"""Trial - what the guests do with each module, and how long it takes

A check, a soak and a fuzz share everything but a few steps, which rig/guest/prove
does in the guest.  A soak and a fuzz have tasks that make random calls.
"""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import build
import verdict
from project import Project

# The constants with which the code of a function compares, in the disassembly.
COMPARES = re.compile(r"\t(?:cmp|sub)[lq]? +\$0x([0-9a-f]{3,8}),%")
FUNCTION = re.compile(r"^[0-9a-f]+ <(\S+)>:$")
# A text of an object's section, in the output of readelf.
TEXT = re.compile(r"^ +\[ *[0-9a-f]+\] +(?:<\w+>)?([ -~]{1,24})$", re.M)
MOST_IOCTLS, MOST_TEXTS = 200, 64
# The size of an argument whose ioctl does not have it in its number.
NO_SIZE = 64


@dataclass
class Trial:
    """A verb, with the options that the user gave it."""

    verb: str = "check"
    columns: tuple[str, ...] = verdict.STEPS
    loads: int = 0
    seconds: int = 0
    seed: int = 0

    @property
    def has_ring(self) -> bool:
        """Return true if tasks write their calls to a ring."""
        return self.verb != "check"

    def lines(self, project: Project, module: build.Module) -> list[str]:
        """Return the lines that the plan of a module has for this trial."""
        if not self.has_ring:
            return []
        lines = [f"seed {self.seed}\n", f"seconds {self.seconds}\n"]
        if self.verb == "soak":
            return [*lines, f"loads {self.loads}\n"]
        known = dict(project.config.fuzz.ioctls)
        found = known | {
            request: size
            for request, size in ioctls_of(module.path).items()
            if request not in known
        }
        for request, size in list(found.items())[:MOST_IOCTLS]:
            lines.append(f"ioctl {request:#x} {size}\n")
        return lines + [f"text {text}\n" for text in texts_of(module.path)]


def tool(*command: str | Path) -> str:
    """Run a command; return its output, or nothing if it fails."""
    return subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        errors="replace",
        check=False,
    ).stdout


def size_of(request: int) -> int:
    """Return the size that the number of an ioctl has, as _IOC_SIZE() does."""
    return request >> 16 & 0x3FFF or NO_SIZE


def ioctls_of(path: Path) -> dict[int, int]:
    """Return numbers of ioctls, and the size of each one's argument.

    They are the constants with which functions compare that have "ioctl" in
    their names.
    """
    found: dict[int, int] = {}
    is_handler = False
    for line in tool("objdump", "-d", "--no-show-raw-insn", path).splitlines():
        begins = FUNCTION.match(line)
        if begins:
            is_handler = "ioctl" in begins[1]
        compares = COMPARES.search(line) if is_handler else None
        if compares:
            request = int(compares[1], 16)
            found[request] = size_of(request)
    return found


def texts_of(path: Path) -> list[str]:
    """Return short texts of a module, which its write functions may accept."""
    shown = tool(
        *("readelf", "-p", ".rodata.str1.1", "-p", ".rodata.str1.8", path)
    )
    texts = [text.strip() for text in TEXT.findall(shown)]
    fit = [text for text in texts if text and "%" not in text]
    return list(dict.fromkeys(fit))[:MOST_TEXTS]
