#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Libinput events - print what libinput makes of an input device

    libinput_events.py /dev/input/eventN

The first line has what the device can do, each other line is an event, until
the device is removed.  libinput writes its own errors to stderr.
"""

import ctypes
import os
import select
import sys
from collections.abc import Iterator
from ctypes import c_char_p, c_double, c_int, c_uint32, c_void_p
from typing import Any

CAPABILITIES = (
    "keyboard",
    "pointer",
    "touch",
    "tablet_tool",
    "tablet_pad",
    "gesture",
    "switch",
)
DEVICE_ADDED, DEVICE_REMOVED = 1, 2
KEYBOARD_KEY = 300
POINTER_MOTION, POINTER_BUTTON = 400, 402

# What each function of the library returns and takes.
FUNCTIONS = {
    "path_create_context": (c_void_p, c_void_p, c_void_p),
    "path_add_device": (c_void_p, c_void_p, c_char_p),
    "device_has_capability": (c_int, c_void_p, c_int),
    "unref": (c_void_p, c_void_p),
    "get_fd": (c_int, c_void_p),
    "dispatch": (c_int, c_void_p),
    "get_event": (c_void_p, c_void_p),
    "event_destroy": (None, c_void_p),
    "event_get_type": (c_int, c_void_p),
    "event_get_keyboard_event": (c_void_p, c_void_p),
    "event_keyboard_get_key": (c_uint32, c_void_p),
    "event_keyboard_get_key_state": (c_int, c_void_p),
    "event_get_pointer_event": (c_void_p, c_void_p),
    "event_pointer_get_dx_unaccelerated": (c_double, c_void_p),
    "event_pointer_get_dy_unaccelerated": (c_double, c_void_p),
    "event_pointer_get_button": (c_uint32, c_void_p),
    "event_pointer_get_button_state": (c_int, c_void_p),
}

OpenRestricted = ctypes.CFUNCTYPE(c_int, c_char_p, c_int, c_void_p)
CloseRestricted = ctypes.CFUNCTYPE(None, c_int, c_void_p)


class Interface(ctypes.Structure):
    """The functions with which libinput opens and closes files."""

    _fields_ = (("open", OpenRestricted), ("close", CloseRestricted))


def open_restricted(path: bytes, flags: int, _: int) -> int:
    """Open a file; return its descriptor or a negative errno."""
    try:
        return os.open(path, flags)
    except OSError as error:
        return -error.errno


def close_restricted(fd: int, _: int) -> None:
    """Close a file."""
    os.close(fd)


class Libinput:
    """The functions of the library, by their names without the prefix."""

    def __init__(self) -> None:
        self.library = ctypes.CDLL("libinput.so.10")

    def __getattr__(self, name: str) -> Any:
        function = getattr(self.library, f"libinput_{name}")
        function.restype, *function.argtypes = FUNCTIONS[name]
        return function


def describe(lib: Libinput, event: int) -> str | None:
    """Return the line for an event, or None if the first line has it."""
    kind = lib.event_get_type(event)
    if kind == DEVICE_ADDED:
        return None
    if kind == DEVICE_REMOVED:
        return "removed"
    if kind == KEYBOARD_KEY:
        key = lib.event_get_keyboard_event(event)
        code = lib.event_keyboard_get_key(key)
        return f"key {code} {lib.event_keyboard_get_key_state(key)}"
    pointer = lib.event_get_pointer_event(event)
    if kind == POINTER_MOTION:
        dx = lib.event_pointer_get_dx_unaccelerated(pointer)
        dy = lib.event_pointer_get_dy_unaccelerated(pointer)
        return f"motion {dx:g} {dy:g}"
    if kind == POINTER_BUTTON:
        code = lib.event_pointer_get_button(pointer)
        return f"button {code} {lib.event_pointer_get_button_state(pointer)}"
    return f"event of type {kind}"


def events(lib: Libinput, context: int) -> Iterator[str]:
    """Yield the line for each event when it happens."""
    while True:
        select.select([lib.get_fd(context)], [], [])
        lib.dispatch(context)
        while event := lib.get_event(context):
            line = describe(lib, event)
            lib.event_destroy(event)
            if line:
                yield line


def main() -> None:
    """Watch one device to its end."""
    lib = Libinput()
    interface = Interface(
        OpenRestricted(open_restricted), CloseRestricted(close_restricted)
    )
    context = lib.path_create_context(ctypes.byref(interface), None)
    device = lib.path_add_device(context, os.fsencode(sys.argv[1]))
    if not device:
        sys.exit(
            f"libinput does not accept {sys.argv[1]}: name an input device, such "
            "as /dev/input/event0"
        )
    abilities = [
        name
        for number, name in enumerate(CAPABILITIES)
        if lib.device_has_capability(device, number)
    ]
    print("can be", *abilities, flush=True)
    for line in events(lib, context):
        print(line, flush=True)
        if line == "removed":
            break
    lib.unref(context)


if __name__ == "__main__":
    main()
