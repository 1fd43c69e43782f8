# SPDX-License-Identifier: GPL-2.0
"""Tests of what make errata says of a module that lacks something"""

import unittest.mock

import errata
from tests.base import Scratch

KCONFIG = """# SPDX-License-Identifier: GPL-2.0

config MODPROOF_ROT13
	tristate "rot13: a text with each letter replaced, /dev/rot13"
	help
	  A character device.

	  To compile this as a module, choose M here: the module will be called
	  rot13.

config MODPROOF_PROGRAM
	bool "a program"
	help
	  A program.
"""
WHOLE = {
    "modules/char/Kconfig": KCONFIG,
    "modules/char/rot13.session": "$ cat /dev/rot13\n",
    "selftests/char/config": "CONFIG_MODPROOF_ROT13=m\n",
    "selftests/char/rot13_module.h": "IN_SOAK(rot13);\n",
    "selftests/char/rot13_test.c": 'module_load("rot13", "");\n',
    "Documentation/index.rst": ":doc:`rot13 <char>`\n",
    "Documentation/char.rst": "rot13\n=====\n",
}
NAMED = {
    "modules/char/rot13.session": "write modules/char/rot13.session",
    "selftests/char/config": "selftests/char/config lacks "
    "CONFIG_MODPROOF_ROT13=m",
    "selftests/char/rot13_module.h": "describe it in "
    "selftests/char/rot13_module.h",
    "selftests/char/rot13_test.c": "write selftests/char/rot13_test.c",
    "Documentation/index.rst": "Documentation/index.rst does not mention it",
    "Documentation/char.rst": "Documentation/char.rst does not mention it",
}


class Modules(Scratch):
    """A project with one module."""

    def missing(self, files):
        """Return what its module lacks if the project has these files."""
        for name, text in files.items():
            path = self.scratch / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        with unittest.mock.patch("errata.PROJECT", self.scratch):
            modules = list(errata.modules())
            self.assertEqual(modules, [("char", "rot13", "MODPROOF_ROT13")])
            return list(errata.missing(*modules[0]))

    def test_module_that_has_all_lacks_nothing(self):
        self.assertEqual(self.missing(WHOLE), [])

    def test_file_that_is_missing_or_empty_is_named(self):
        self.missing(WHOLE)
        for name, named in NAMED.items():
            with self.subTest(name):
                (self.scratch / name).unlink()
                self.assertEqual(self.missing({}), [named])
                self.missing({name: WHOLE[name]})

    def test_description_without_a_soak_is_named(self):
        empty = {"selftests/char/rot13_module.h": "/* rot13 */\n"}
        self.assertEqual(
            self.missing(WHOLE | empty),
            ["selftests/char/rot13_module.h lacks a line IN_SOAK()"],
        )
