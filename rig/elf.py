# SPDX-License-Identifier: GPL-2.0
"""Elf - read the sections and symbols of a 64-bit object, as a .ko file

This runs in gdb's Python, too.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

# The headers of ELF-64 in little-endian: the file's from e_shoff on, a
# section's, and a symbol.
FILE = struct.Struct("<40xQ10xHHH")
SECTION = struct.Struct("<IIQQQQIIQQ")
SYMBOL = struct.Struct("<IBBHQQ")
SHT_SYMTAB = 2
SHF_ALLOC = 2
PARTS = (".text", ".init.", ".exit.", ".data", ".rodata", ".bss")


@dataclass
class Object:
    """The names of sections with code or data, by their numbers, and symbols.

    @symbols has the section and the value of each symbol, in their order.
    """

    sections: dict[int, str]
    symbols: list[tuple[int, int]]

    def addresses(self, symtab: bytes) -> dict[str, int]:
        """Return the addresses of the sections in a running kernel.

        @symtab is its copy of the symbols, to whose values it has added the
        addresses.
        """
        found = {}
        loaded = [entry[4] for entry in SYMBOL.iter_unpack(symtab)]
        for (section, value), address in zip(self.symbols, loaded):
            if section in self.sections:
                found[self.sections[section]] = address - value
        return found


def text(data: bytes, start: int) -> str:
    """Return the text in a table of strings."""
    return data[start : data.index(b"\0", start)].decode()


def read(path: Path) -> Object:
    """Read an object."""
    data = path.read_bytes()
    offset, size, count, names = FILE.unpack_from(data)
    headers = [
        SECTION.unpack_from(data, offset + size * i) for i in range(count)
    ]
    strings = data[headers[names][4] :]
    sections = {
        number: text(strings, header[0])
        for number, header in enumerate(headers)
        if header[2] & SHF_ALLOC and header[5]
    }
    # Of what the kernel loads, gdb needs only this.  A section for each processor
    # has several addresses.
    sections = {
        number: name
        for number, name in sections.items()
        if name.startswith(PARTS) and "percpu" not in name
    }
    symbols = []
    for header in headers:
        if header[1] == SHT_SYMTAB:
            table = data[header[4] : header[4] + header[5]]
            symbols = [(e[3], e[4]) for e in SYMBOL.iter_unpack(table)]
    return Object(sections, symbols)
