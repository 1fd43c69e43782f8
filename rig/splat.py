# SPDX-License-Identifier: GPL-2.0
"""Splat - parse a kernel's report of a bug: its place, task and call trace

Such a report is called a splat.  It begins with a line that matches
results.SPLAT, and ends before the next such line.  To find the source line of
a module's function, this file looks the function up in the .ko files that were
built, which have debug information.
"""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import results
from first_error import OWN, Tree, rename

STAMP = re.compile(r"^(<\d+>)?\[ *\d+\.\d+\](\[ *[TC]\d+\])? ?")
FUNCTION = re.compile(
    r"(?P<name>[\w.]+)\+0x(?P<offset>[0-9a-f]+)/0x(?P<size>[0-9a-f]+)"
    r"(?: \[(?P<module>\w+)[^\]]*\])?"
)
# A line of a call trace.  A line with a "?" does not match: the "?" marks an
# address that was found on the stack and may not be a call.
FRAME = re.compile(rf"^ *(?:\[<[0-9a-fx]+>\] )?{FUNCTION.pattern}")
# The line before a warning.  Between the two is the warning's message, if it has
# one.
CUT = "------------[ cut here ]"
# Lines that look like a new splat, but that the kernel prints because of the
# splat before.
CONSEQUENCE = re.compile(
    r"Oops|Kernel panic|invalid opcode|KASAN: (null|maybe)"
)
# Functions that are omitted from a call trace: those that report the bug, and
# the first functions of each system call.
NOISE = re.compile(
    r"_*(dump_stack|show_stack|warn|die|kasan|asan|ubsan|tsan|kcsan|lock_acquire|"
    r"might_)|print_|report_bug|handle_bug|exc_|asm_|page_fault_oops|check_|panic|"
    r"end_report|do_syscall_64|do_fast|x64_sys_call|(__\w+_)?(se|do)_sys_|__x64_sys|"
    r"entry_|ret_from_fork|kmemleak_|lockdep_|mark_lock|validate_chain|kmalloc|"
    r"kmem_cache|_*kmalloc|kv?free|__kmem_cache|slab_post|stack_trace|kunit_|kthread$"
)
TASKS = (
    re.compile(r"PID: (?P<pid>\d+) .*?Comm: (?P<name>\S+)"),
    re.compile(r"by task (?P<name>\S+)/(?P<pid>\d+)"),
    re.compile(r"^(?P<name>\S+)/(?P<pid>\d+) is trying to acquire lock"),
    re.compile(r"^(?P<name>\S+)/(?P<pid>\d+) is leaving the kernel"),
    re.compile(r"INFO: task (?P<name>\S+):(?P<pid>\d+)"),
    re.compile(r'comm "(?P<name>[^"]+)", pid (?P<pid>\d+)'),
)
# The patterns of the lines before other call traces and locks in a splat, and
# the label of each in the report.
OTHERS = (
    (re.compile(r"^Allocated by task"), "alloc"),
    (re.compile(r"^Freed by task"), "freed"),
    (re.compile(r"is trying to acquire lock:"), "wants"),
    (re.compile(r"already holding lock:|with locks still held!"), "holds"),
)
BEGINS = re.compile(r"modproof: (\S+) (\S+) begins$")
# An address in a call trace without a name, as for an unloaded module.
ADDRESS = re.compile(r"^ +(0x[0-9a-f]{16})$")
PAGE = 4096
READELF = ("readelf", "--wide", "--symbols", "--section-headers")
MOST_CALLS = 6
# The most lines of a warning's message.
MOST_LINES = 5


class Objects:
    """The .ko files that were built for a kernel, below @directory."""

    def __init__(self, directory: str | Path, tree: Tree = OWN) -> None:
        self.directory = Path(directory)
        self.tree = tree

    def path(self, module: str) -> Path | None:
        """Return the path of a module's .ko file, or None."""
        for path in self.directory.rglob("*.ko"):
            if path.stem.replace("-", "_") == module:
                return path
        return None

    def place(self, function: re.Match[str], is_return: bool) -> str | None:
        """Return the file:line of an address in a module's function, or None.

        @is_return is true if the address is a return address.
        """
        path = self.path(function["module"]) if function["module"] else None
        symbol = find_symbol(path, function) if path else None
        if not path or not symbol:
            return None
        section, value = symbol
        # A call's return address may belong to the line after the call, so
        # look one byte before it.
        address = value + int(function["offset"], 16) - is_return
        lines = tool(
            "addr2line", "-i", "-j", section, "-e", path, hex(address)
        )
        for file, number in re.findall(r"^(\S+):(\d+)", lines, re.M):
            # The kernel's headers have no name in the project, or one below
            # the build directory.
            name = self.tree.known(file)
            path = self.tree.root / name
            if (
                not os.path.isabs(name)
                and path.is_file()
                and results.build_dir() not in path.parents
            ):
                return f"{name}:{number}"
        return None

    def named(self, function: re.Match[str], is_return: bool = True) -> str:
        """Return a function's name, after its place if the project has it."""
        name = f"{function['name']}+0x{function['offset']}"
        if function["module"]:
            name += f" [{function['module']}]"
        place = self.place(function, is_return)
        return f"{place} in {name}" if place else name

    def unloaded(self, address: int, callee: str) -> str | None:
        """Find the function at @address, of a module that was unloaded.

        The kernel no longer knows the function's name.  It is a function that
        calls @callee, and the call returns to the same offset in a page as
        @address has.  Return the function in the form of a call trace, or None
        if no call or more than one matches.
        """
        found = []
        for path in self.directory.rglob("*.ko"):
            text = tool(*READELF, "--relocs", path)
            for section, offset in calls_of(text, callee):
                if (offset - address) % PAGE == 0:
                    found.append((path, text, section, offset))
        if len(found) != 1:
            return None
        path, text, section, offset = found[0]
        module = path.stem.replace("-", "_")
        for name, number, value, size in symbols(text):
            if sections(text).get(number) == section and (
                value < offset <= value + size
            ):
                return f"{name}+{offset - value:#x}/{size:#x} [{module}]"
        return None


def calls_of(text: str, callee: str) -> Iterator[tuple[str, int]]:
    """Yield (section, offset) of each address to which a call returns.

    @text is the output of readelf for an object, @callee the called function.
    """
    section = ""
    for line in text.splitlines():
        begins = re.match(r"Relocation section '\.rela(\S+)'", line)
        section = begins[1] if begins else section
        call = re.match(r"^([0-9a-f]+) .*_PLT32 +[0-9a-f]+ (\S+) - 4$", line)
        if call and call[2] == callee:
            yield section, int(call[1], 16) + 4


def sections(text: str) -> dict[str, str]:
    """Return the names of an object's sections, by their numbers.

    @text is the output of readelf.
    """
    return dict(re.findall(r"^ *\[ *(\d+)\] (\S+) ", text, re.M))


def symbols(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield (name, section number, value, size) of an object's functions.

    @text is the output of readelf.
    """
    for value, size, number, name in re.findall(
        r"^ *\d+: ([0-9a-f]+) +(\w+) FUNC +\w+ +\w+ +(\d+) (\S+)", text, re.M
    ):
        yield name, number, int(value, 16), int(size, 0)


def tool(*command: str | Path) -> str:
    """Run a command; return its output."""
    return subprocess.run(
        command, capture_output=True, text=True, check=False
    ).stdout


def find_symbol(path: Path, function: re.Match[str]) -> tuple[str, int] | None:
    """Return the section and the value of a function's symbol, or None.

    If several functions have this name, take the one with the nearest size.
    """
    text = tool(*READELF, path)
    found = [
        (abs(size - int(function["size"], 16)), number, value)
        for name, number, value, size in symbols(text)
        if name == function["name"] and number in sections(text)
    ]
    if not found:
        return None
    _, number, value = min(found)
    return sections(text)[number], value


class Splat:
    """A splat: the lines that the kernel printed about one bug.

    @kind is its first line; @program are the area and the program that ran;
    @message has the lines between CUT and a warning.
    """

    def __init__(
        self, kind: str, program: tuple[str, ...], message: list[str]
    ) -> None:
        self.lines = [kind]
        self.program = program
        self.message = " ".join(message)

    @property
    def is_leak(self) -> bool:
        """Return true if kmemleak reported it.

        kmemleak knows only where the memory was allocated.
        """
        return self.lines[0].startswith("unreferenced object")

    @property
    def kind(self) -> str:
        """Return the first line, which names the kind of bug, and the message."""
        kind = re.sub(r"CPU: \d+ PID: \d+ at ", "at ", self.lines[0])
        if self.is_leak:
            kind = re.sub(r" 0x[0-9a-f]+|:$", "", f"memory leak: {kind}")
        kind = rename(re.sub(r" \[#1\].*", "", kind))
        return f"{kind}: {self.message}" if self.message else kind

    def place(self) -> tuple[re.Match[str] | None, bool]:
        """Find the function in which the bug occurred.

        Return its match, or None, and true if its address is a return address.
        """
        for start in ("RIP: 0010", "WARNING: CPU", "BUG: K", "kernel BUG"):
            for line in self.lines:
                function = line.startswith(start) and FUNCTION.search(line)
                if function:
                    return function, False
        calls = self.calls()
        ours = [function for function in calls if function["module"]]
        return next(iter(ours or calls), None), True

    def task(self) -> str | None:
        """Return the name and the PID of the task that ran, or None."""
        for pattern in TASKS:
            for line in self.lines:
                task = pattern.search(line)
                if task:
                    return f"{task['name']}, pid {task['pid']}"
        return None

    def calls(self) -> list[re.Match[str]]:
        """Return the functions of the call trace, the innermost first."""
        found = []
        is_trace = False
        for line in self.lines:
            if re.match(r"Call Trace:|\s*backtrace", line):
                is_trace = True
            elif is_trace and re.match(r" *</TASK>|RIP: |---\[|$", line):
                break
            elif is_trace:
                found.append(FRAME.match(line))
        return [
            call for call in found if call and not NOISE.match(call["name"])
        ]

    def others(self) -> Iterator[tuple[str, re.Match[str]]]:
        """Yield (label, function) of the other call traces and locks.

        Such a trace shows, for example, where the memory was freed.
        """
        for number, line in enumerate(self.lines):
            labels = [label for start, label in OTHERS if start.search(line)]
            if not labels:
                continue
            for more in self.lines[number + 1 :]:
                function = FUNCTION.search(more.rpartition(" at: ")[2])
                if not more.strip():
                    break
                if function and not NOISE.match(function["name"]):
                    yield labels[0], function
                    break

    def name_unloaded(self, objects: Objects) -> None:
        """Replace addresses in the call trace by functions of @objects."""
        callee = None
        for number, line in enumerate(self.lines):
            address = ADDRESS.match(line)
            if address and callee:
                name = objects.unloaded(int(address[1], 16), callee["name"])
                self.lines[number] = name or line
            callee = FRAME.match(self.lines[number])

    def screen(self, objects: Objects) -> Iterator[tuple[str, str]]:
        """Yield (label, text) of each line of the report on this splat."""
        self.name_unloaded(objects)
        function, is_return = self.place()
        if function:
            label = "alloc" if self.is_leak else "at"
            yield label, objects.named(function, is_return)
        task = self.task()
        if task:
            yield "task", task
        for label, other in self.others():
            yield label, objects.named(other)
        at = function and function.group("name", "offset")
        calls = [
            call for call in self.calls() if call.group("name", "offset") != at
        ]
        for number, call in enumerate(calls[:MOST_CALLS]):
            yield "" if number else "calls", objects.named(call)


def last_program(text: str) -> tuple[str, ...]:
    """Return the area and the program that began last according to a log."""
    begins = re.findall(r"modproof: (\S+) (\S+) begins$", text, re.M)
    return tuple(begins[-1]) if begins else ()


def find(text: str, is_splat: Callable[[str], object]) -> list[Splat]:
    """Return the splats in the text of a kernel's log.

    @is_splat returns true for the first line of a splat.
    """
    found: list[Splat] = []
    program: tuple[str, ...] = ()
    # The lines since CUT, as long as they may be the message of a warning.
    head: list[str] | None = None
    for line in text.splitlines():
        line = STAMP.sub("", line).rstrip()
        begins = BEGINS.match(line)
        is_warning = line.startswith("WARNING: ")
        # The last splat began after CUT.
        is_new = bool(found and head and found[-1].lines[0] in head)
        if begins:
            program = begins.groups()
            continue
        if line.startswith(CUT):
            head = []
            continue
        if is_warning and is_new:
            # The message was taken for a splat of its own.
            found[-1].lines.append(line)
        elif is_splat(line) and not (found and CONSEQUENCE.search(line)):
            found.append(
                Splat(line, program, head or [] if is_warning else [])
            )
        elif found and (head is None or is_new):
            found[-1].lines.append(line)
        if is_warning or (head and len(head) == MOST_LINES):
            head = None
        elif head is not None:
            head.append(line)
    return found
