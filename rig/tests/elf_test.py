# SPDX-License-Identifier: GPL-2.0
"""Tests of how the addresses of a module's sections are found for gdb"""

import subprocess

import elf
from tests.base import Scratch

SOURCE = """
__attribute__((section(".init.text"))) int begin(void) { return 1; }
int later(void) { return begin() + 1; }
int number = 7;
__attribute__((section(".data..percpu"))) int each = 1;
__attribute__((section(".other"))) int other = 1;
"""
PLACES = {".text": 0xC0300000, ".init.text": 0xC0310000, ".data": 0xC0320000}


class Addresses(Scratch):
    """An object, and the symbols that a kernel has relocated."""

    def test_sections_are_where_their_symbols_are(self):
        source = self.scratch / "foo.c"
        source.write_text(SOURCE)
        path = self.scratch / "foo.o"
        subprocess.run(["gcc", "-c", "-o", path, source], check=True)
        known = elf.read(path)
        self.assertIn(".text", known.sections.values())
        self.assertNotIn(".data..percpu", known.sections.values())
        symtab = b"".join(
            elf.SYMBOL.pack(
                *(0, 0, 0, section),
                value + PLACES.get(known.sections.get(section, ""), 0),
                0,
            )
            for section, value in known.symbols
        )
        self.assertEqual(
            PLACES,
            {
                name: address
                for name, address in known.addresses(symtab).items()
                if name in PLACES
            },
        )
