# SPDX-License-Identifier: GPL-2.0
"""Gdb init - stop a guest where a module's init begins, with its symbols

gdb runs this with its own Python, for rig/gdb.py.  MODPROOF_GDB is a file with
what it needs to know.  The kernel calls do_init_module(), whose first argument
is the module.  At that time the kernel's copy of the module's symbols is there,
to whose values the kernel has added the addresses of the sections; so nothing
but the address of this function must be known of the kernel.
"""

import importlib
import json
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

gdb: Any = importlib.import_module("gdb")

KNOWN = json.loads(Path(os.environ["MODPROOF_GDB"]).read_text())
sys.path.insert(0, KNOWN["rig"])
elf = importlib.import_module("elf")

NAME_SIZE = 56


class Failed(Exception):
    """The module's init cannot be reached."""


def register(name: str) -> int:
    """Return the value of a register."""
    return int(gdb.parse_and_eval(f"${name}")) & 2**64 - 1


def memory(address: int, size: int) -> bytes:
    """Return the guest's memory at an address."""
    return bytes(gdb.selected_inferior().read_memory(address, size))


def number(address: int, form: str = "<Q") -> int:
    """Return a number in the guest's memory."""
    return int(struct.unpack(form, memory(address, struct.calcsize(form)))[0])


def go(place: str) -> None:
    """Let the guest run until it is at an address, as gdb understands it."""
    gdb.execute(f"tbreak {place}", to_string=True)
    gdb.execute("continue", to_string=True)


def wait_for_module() -> int:
    """Run until the module's init is to be called; return its address."""
    address = KNOWN["address"]
    name = b""
    while name != KNOWN["module"].encode():
        go(f"*{address:#x}")
        if register("pc") != address:
            said = Path(KNOWN["said"]).read_text().strip()
            raise Failed(said or "the guest stopped somewhere else")
        module = register("rdi")
        name = memory(module + KNOWN["offsets"]["name"], NAME_SIZE)
        name = name.split(b"\0")[0]
    return module


def link(sections: dict[str, int]) -> str:
    """Link the module's object to the addresses of its sections.

    gdb 13 finds no lines outside of .text in an object that is not linked.
    """
    linked = str(Path(KNOWN["said"]).parent / f"{KNOWN['module']}.elf")
    places = [
        f"--section-start={name}={at:#x}" for name, at in sections.items()
    ]
    options = [
        "--unresolved-symbols=ignore-all",
        "--noinhibit-exec",
        "-e",
        "0",
    ]
    done = subprocess.run(
        ["ld", "-o", linked, *options, *places, KNOWN["object"]],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if not Path(linked).exists():
        raise Failed(f"ld does not link the module: {done.stderr}")
    return linked


def add_symbols(module: int) -> None:
    """Let gdb know where the sections of the module are."""
    offsets = KNOWN["offsets"]
    known = number(module + offsets["kallsyms"])
    count = number(known + offsets["num_symtab"], "<I")
    symtab = memory(number(known + offsets["symtab"]), 24 * count)
    found = elf.read(Path(KNOWN["loaded"])).addresses(symtab)
    gdb.execute(f"add-symbol-file {link(found)}", to_string=True)


def stop_in_init() -> None:
    """Stop at the first line of the module's init."""
    gdb.execute(f"target remote {KNOWN['socket']}", to_string=True)
    os.write(KNOWN["port"], b"go\n")
    module = wait_for_module()
    add_symbols(module)
    init = number(module + KNOWN["offsets"]["init"])
    if init:
        go(f"*{init:#x}")
    for function in KNOWN["breaks"]:
        gdb.execute(f"break {function}")
    gdb.execute("set suppress-cli-notifications off")
    gdb.execute("frame")


for setting in KNOWN["settings"]:
    gdb.execute(f"set {setting}", to_string=True)
try:
    stop_in_init()
except (Failed, gdb.error) as error:
    print(f"modproof: {error}", file=sys.stderr)
    if KNOWN["is_batch"]:
        gdb.execute("quit 1")
