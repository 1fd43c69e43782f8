# SPDX-License-Identifier: GPL-2.0
"""Edit - change the bytes of a module, so that the kernel finds a fault in it

An edit is a function that changes an Elf; edited() applies several of them.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass

# The offset and the format of the fields that an edit may change.
HEADER = {
    "magic": (0, "I"),
    "class": (4, "B"),
    "data": (5, "B"),
    "ident_version": (6, "B"),
    "abi": (7, "B"),
    "abi_version": (8, "B"),
    "pad": (9, "B"),
    "type": (16, "H"),
    "machine": (18, "H"),
    "version": (20, "I"),
    "entry": (24, "Q"),
    "phoff": (32, "Q"),
    "shoff": (40, "Q"),
    "flags": (48, "I"),
    "ehsize": (52, "H"),
    "phentsize": (54, "H"),
    "phnum": (56, "H"),
    "shentsize": (58, "H"),
    "shnum": (60, "H"),
    "shstrndx": (62, "H"),
}
SECTION = {
    "name": (0, "I"),
    "type": (4, "I"),
    "flags": (8, "Q"),
    "addr": (16, "Q"),
    "offset": (24, "Q"),
    "size": (32, "Q"),
    "link": (40, "I"),
    "info": (44, "I"),
    "addralign": (48, "Q"),
    "entsize": (56, "Q"),
}
SYMBOL = {
    "name": (0, "I"),
    "info": (4, "B"),
    "other": (5, "B"),
    "shndx": (6, "H"),
    "value": (8, "Q"),
    "size": (16, "Q"),
}
SECTION_SIZE = 64
SYMBOL_SIZE = 24
RELA_SIZE = 24

# A new value, or a function of the old one.
Value = int | Callable[[int], int]


class Elf:
    """The bytes of a module in @data, which edits change in place."""

    def __init__(self, data: bytes) -> None:
        self.data = bytearray(data)

    def field(self, at: int, field: tuple[int, str]) -> int:
        """Return a field of the structure at the offset @at."""
        number: int = struct.unpack_from(
            "<" + field[1], self.data, at + field[0]
        )[0]
        return number

    def set(self, at: int, field: tuple[int, str], value: Value) -> None:
        """Set a field of the structure at the offset @at."""
        if callable(value):
            value = value(self.field(at, field))
        size = struct.calcsize(field[1])
        number = value % (1 << 8 * size)
        struct.pack_into("<" + field[1], self.data, at + field[0], number)

    def nr_sections(self) -> int:
        """Return the number of sections."""
        return self.field(0, HEADER["shnum"])

    def place(self, index: int) -> int:
        """Return the offset of a section's header."""
        return self.field(0, HEADER["shoff"]) + SECTION_SIZE * index

    def get(self, index: int, name: str) -> int:
        """Return a field of a section's header."""
        return self.field(self.place(index), SECTION[name])

    def string(self, at: int) -> str:
        """Return the string at the offset @at."""
        return self.data[at : self.data.index(0, at)].decode("latin-1")

    def name(self, index: int) -> str:
        """Return the name of a section."""
        names = self.get(self.field(0, HEADER["shstrndx"]), "offset")
        return self.string(names + self.get(index, "name"))

    def find(self, name: str) -> int:
        """Return the index of the section with this name."""
        for index in range(1, self.nr_sections()):
            if self.name(index) == name:
                return index
        raise KeyError(name)

    def has(self, name: str) -> bool:
        """Return true if there is a section with this name."""
        names = (self.name(index) for index in range(1, self.nr_sections()))
        return name in names

    def span(self, index: int) -> tuple[int, int]:
        """Return the offsets of a section's begin and end in the file."""
        begin = self.get(index, "offset")
        return begin, begin + self.get(index, "size")

    def contents(self, name: str) -> bytes:
        """Return the contents of a section."""
        begin, end = self.span(self.find(name))
        return bytes(self.data[begin:end])

    def replace(self, name: str, contents: bytes) -> None:
        """Give a section other contents, at the end of the file."""
        at = self.place(self.find(name))
        self.data += bytes(-len(self.data) % 64)
        self.set(at, SECTION["offset"], len(self.data))
        self.set(at, SECTION["size"], len(contents))
        self.data += contents

    def append_section(self, name: str, contents: bytes, **fields: int) -> int:
        """Append a section to the file and its table; return its index."""
        names = self.name(self.field(0, HEADER["shstrndx"]))
        strings = self.contents(names)
        self.replace(names, strings + name.encode() + b"\0")
        table = self.data[self.place(0) : self.place(self.nr_sections())]
        begin = len(self.data) + -len(self.data) % 64
        self.data += bytes(begin - len(self.data)) + contents
        self.data += bytes(-len(self.data) % 64)
        number = self.nr_sections()
        self.set(0, HEADER["shoff"], len(self.data))
        self.set(0, HEADER["shnum"], number + 1)
        self.data += table + bytes(SECTION_SIZE)
        fields = {
            "name": len(strings),
            "type": 1,
            "offset": begin,
            "size": len(contents),
            "addralign": 1,
        } | fields
        for field, value in fields.items():
            self.set(self.place(number), SECTION[field], value)
        return number

    def symbol(self, name: str) -> int:
        """Return the offset of the symbol with this name."""
        symtab = self.find(".symtab")
        names, _ = self.span(self.get(symtab, "link"))
        begin, end = self.span(symtab)
        for at in range(begin, end, SYMBOL_SIZE):
            if self.string(names + self.field(at, SYMBOL["name"])) == name:
                return at
        raise KeyError(name)


Edit = Callable[[Elf], None]


def edited(data: bytes, *edits: Edit) -> bytes:
    """Return the bytes of a module after some edits."""
    elf = Elf(data)
    for edit in edits:
        edit(elf)
    return bytes(elf.data)


def header(name: str, value: Value) -> Edit:
    """Set a field of the ELF header."""
    return lambda elf: elf.set(0, HEADER[name], value)


def section(which: str | int, name: str, value: Value) -> Edit:
    """Set a field of the header of a section."""

    def edit(elf: Elf) -> None:
        index = which if isinstance(which, int) else elf.find(which)
        elf.set(elf.place(index), SECTION[name], value)

    return edit


def last_section(name: str, value: Value) -> Edit:
    """Set a field of the header of the last section in the table."""
    return lambda elf: section(elf.nr_sections() - 1, name, value)(elf)


def link(which: str, name: str, to: str) -> Edit:
    """Set a field of the header of a section to the index of another."""
    return lambda elf: section(which, name, elf.find(to))(elf)


def symbol(which: str, name: str, value: Value) -> Edit:
    """Set a field of a symbol."""
    return lambda elf: elf.set(elf.symbol(which), SYMBOL[name], value)


def rename_section(old: str, new: str) -> Edit:
    """Change the name of a section into another one, not longer."""

    def edit(elf: Elf) -> None:
        names, _ = elf.span(elf.field(0, HEADER["shstrndx"]))
        at = names + elf.get(elf.find(old), "name")
        text = new.encode().ljust(len(old), b"\0")
        elf.data[at : at + len(old)] = text

    return edit


def add_section(name: str, contents: bytes = b"", **fields: int) -> Edit:
    """Append a section."""

    def edit(elf: Elf) -> None:
        elf.append_section(name, contents, **fields)

    return edit


def patch(which: str, old: bytes, new: bytes) -> Edit:
    """Replace bytes in a section by others, not longer, all of them."""

    def edit(elf: Elf) -> None:
        begin, end = elf.span(elf.find(which))
        contents = elf.data[begin:end]
        if old not in contents:
            raise KeyError(f"{which} has no {old!r}")
        elf.data[begin:end] = contents.replace(old, new.ljust(len(old), b"\0"))

    return edit


def poke(which: str, at: int, new: bytes) -> Edit:
    """Overwrite bytes of a section at an offset."""

    def edit(elf: Elf) -> None:
        begin, _ = elf.span(elf.find(which))
        elf.data[begin + at : begin + at + len(new)] = new

    return edit


def contents(which: str, change: Callable[[bytes], bytes]) -> Edit:
    """Give a section other contents: a function of the old ones."""
    return lambda elf: elf.replace(which, change(elf.contents(which)))


def info(key: str, value: str | None, again: bool = False) -> Edit:
    """Set the value of a key of .modinfo, remove it, or add it once more."""

    def change(old: bytes) -> bytes:
        begin = key.encode() + b"="
        rows = [row for row in old.split(b"\0") if row]
        if not again:
            rows = [row for row in rows if not row.startswith(begin)]
        if value is not None:
            rows.append(begin + value.encode())
        return b"".join(row + b"\0" for row in rows)

    return contents(".modinfo", change)


def vermagic(old: str, new: str) -> Edit:
    """Replace a part of the version magic."""

    def edit(elf: Elf) -> None:
        rows = elf.contents(".modinfo").decode("latin-1").split("\0")
        found = next(row for row in rows if row.startswith("vermagic="))
        info("vermagic", found.split("=", 1)[1].replace(old, new))(elf)

    return edit


def this_name(new: bytes) -> Edit:
    """Set the name in struct module; it is at the offset 24."""
    return poke(".gnu.linkonce.this_module", 24, new.ljust(56, b"\0"))


def rename(new: str) -> Edit:
    """Give the module another name, in both places."""

    def edit(elf: Elf) -> None:
        info("name", new)(elf)
        this_name(new.encode())(elf)

    return edit


# An entry of __versions: a CRC and a name.
VERSION_SIZE = 64


def versions(change: Callable[[dict[bytes, int]], dict[bytes, int]]) -> Edit:
    """Change the CRCs in __versions: a dictionary by name."""

    def edit(elf: Elf) -> None:
        old = elf.contents("__versions")
        rows = {}
        for at in range(0, len(old), VERSION_SIZE):
            crc, name = struct.unpack_from("<Q56s", old, at)
            rows[name.rstrip(b"\0")] = crc
        new = b"".join(
            struct.pack("<Q56s", crc, name)
            for name, crc in change(rows).items()
        )
        elf.replace("__versions", new)

    return edit


def crc(name: str, value: Value) -> Edit:
    """Change the CRC of a symbol in __versions."""

    def change(rows: dict[bytes, int]) -> dict[bytes, int]:
        key = name.encode()
        rows[key] = value(rows[key]) if callable(value) else value
        return rows

    return versions(change)


def no_crc(name: str) -> Edit:
    """Remove a symbol from __versions."""
    return versions(
        lambda rows: {k: v for k, v in rows.items() if k != name.encode()}
    )


@dataclass(frozen=True)
class Rela:
    """A relocation: where it is in the file, and what it says."""

    at: int
    offset: int
    symbol: int
    type: int
    addend: int


def relas(elf: Elf, which: str) -> list[Rela]:
    """Return the relocations in a section."""
    begin, end = elf.span(elf.find(which))
    found = []
    for at in range(begin, end, RELA_SIZE):
        offset, what, addend = struct.unpack_from("<QQq", elf.data, at)
        found.append(Rela(at, offset, what >> 32, what & 0xFFFFFFFF, addend))
    return found


def rela(which: str, number: int, **fields: Value) -> Edit:
    """Change a relocation: its offset, symbol, type or addend."""

    def edit(elf: Elf) -> None:
        old = relas(elf, which)[number]
        new = {}
        for name in ("offset", "symbol", "type", "addend"):
            value = fields.get(name, getattr(old, name))
            new[name] = value(getattr(old, name)) if callable(value) else value
        struct.pack_into(
            "<QQq",
            elf.data,
            old.at,
            new["offset"],
            new["symbol"] << 32 | new["type"],
            new["addend"],
        )

    return edit


def fill_target(which: str, target: str, number: int) -> Edit:
    """Make the place of a relocation not zero."""
    return lambda elf: poke(
        target, relas(elf, which)[number].offset, b"\x5a\x5a"
    )(elf)


def truncate(size: Value) -> Edit:
    """Cut the file; a negative size counts from the end."""

    def edit(elf: Elf) -> None:
        keep = size(len(elf.data)) if callable(size) else size
        del elf.data[keep:]

    return edit


def append(tail: bytes) -> Edit:
    """Append bytes to the file."""

    def edit(elf: Elf) -> None:
        elf.data += tail

    return edit
