# SPDX-License-Identifier: GPL-2.0
"""Tests of the errors of make errata for a module that is incomplete"""

import contextlib
import io
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
KBUILD = """# SPDX-License-Identifier: GPL-2.0

obj-$(CONFIG_MODPROOF_ROT13) += rot13.o
rot13-y := modules/char/rot13.o lib/part.o \\
	modules/char/shift.o

userprogs-always-$(CONFIG_MODPROOF_PROGRAM) += modules/char/program
"""
SENTENCE = "choose M here: the module will be called\n\t  rot13."
WHOLE = {
    "Kbuild": "include $(src)/modules/char/Kbuild\n",
    "Kconfig": 'source "modproof/modules/char/Kconfig"\n',
    "modules/char/Kbuild": KBUILD,
    "modules/char/Kconfig": KCONFIG,
    "modules/char/program.c": "",
    "modules/char/rot13.c": "",
    "modules/char/shift.c": "",
    "modules/char/rot13.session": "$ cat /dev/rot13\n",
    "selftests/char/config": "CONFIG_MODPROOF_ROT13=m\n",
    "selftests/char/rot13_module.h": "IN_SOAK(rot13);\n",
    "selftests/char/rot13_test.c": 'module_load("rot13", "");\n',
    "Documentation/index.rst": ":doc:`rot13 <char>`\n",
    "Documentation/char.rst": "rot13\n=====\n",
}
NAMED = {
    "modules/char/Kbuild": "modules/char/Kbuild lacks a line "
    '"obj-$(CONFIG_MODPROOF_ROT13) += rot13.o"',
    "modules/char/rot13.session": "write modules/char/rot13.session",
    "selftests/char/config": "selftests/char/config lacks "
    "CONFIG_MODPROOF_ROT13=m",
    "selftests/char/rot13_module.h": "describe it in "
    "selftests/char/rot13_module.h",
    "selftests/char/rot13_test.c": "write selftests/char/rot13_test.c",
    "Documentation/index.rst": "Documentation/index.rst does not mention it",
    "Documentation/char.rst": "Documentation/char.rst does not mention it",
}


class Project(Scratch):
    """A project with one module and one program."""

    def setUp(self):
        super().setUp()
        self.write(WHOLE)
        patched = unittest.mock.patch("errata.PROJECT", self.scratch)
        patched.start()
        self.addCleanup(patched.stop)

    def write(self, files):
        """Write these files of the project."""
        for name, text in files.items():
            path = self.scratch / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def replace(self, name, old, new):
        """Replace a text in a file."""
        text = (self.scratch / name).read_text()
        self.assertIn(old, text)
        self.write({name: text.replace(old, new)})


class Modules(Project):
    """Tests of errata.missing(), which reports what a module lacks."""

    def missing(self):
        """Return the errors about the only module of the project."""
        modules = list(errata.modules())
        self.assertEqual(modules, [("char", "rot13", "MODPROOF_ROT13")])
        return list(errata.missing(*modules[0]))

    def test_module_that_has_all_lacks_nothing(self):
        self.assertEqual(self.missing(), [])

    def test_file_that_is_missing_is_named(self):
        for name, named in NAMED.items():
            with self.subTest(name):
                (self.scratch / name).unlink()
                self.assertEqual(self.missing(), [named])
                self.write({name: WHOLE[name]})

    def test_description_without_a_soak_is_named(self):
        self.write({"selftests/char/rot13_module.h": "/* rot13 */\n"})
        self.assertEqual(
            self.missing(),
            ["selftests/char/rot13_module.h lacks a line IN_SOAK()"],
        )

    def test_help_without_the_sentence_is_named(self):
        lacks = (
            "modules/char/Kconfig: end the help of MODPROOF_ROT13 with "
            '"To compile this as a module, choose M here: the module will be '
            'called rot13."'
        )
        for other in "choose M here.", SENTENCE.replace("rot13", "chardev"):
            with self.subTest(other):
                self.write({"modules/char/Kconfig": KCONFIG})
                self.replace("modules/char/Kconfig", SENTENCE, other)
                self.assertEqual(self.missing(), [lacks])

    def test_module_that_no_kbuild_line_builds_is_named(self):
        lacks = (
            "modules/char/Kbuild lacks a line "
            '"obj-$(CONFIG_MODPROOF_ROT13) += rot13.o"'
        )
        line = "obj-$(CONFIG_MODPROOF_ROT13) += rot13.o\n"
        for other in "", f"# {line}":
            with self.subTest(other):
                self.write({"modules/char/Kbuild": KBUILD})
                self.replace("modules/char/Kbuild", line, other)
                self.assertEqual(self.missing(), [lacks])


class Strays(Project):
    """Tests of errata.strays(): files that no module includes."""

    def strays(self):
        """Return the errors about the project."""
        return list(errata.strays())

    def test_project_that_has_all_has_none(self):
        self.assertEqual(self.strays(), [])

    def test_source_that_kbuild_does_not_name(self):
        self.write({"modules/char/rot14.c": ""})
        self.assertEqual(
            self.strays(),
            [
                "modules/char/rot14.c: no line of modules/char/Kbuild names it: "
                'write "obj-$(CONFIG_MODPROOF_ROT14) += rot14.o" and "rot14-y '
                ':= modules/char/rot14.o", or add it to the objects of the '
                "module that it is a part of"
            ],
        )

    def test_part_that_is_only_in_a_comment(self):
        self.replace("modules/char/Kbuild", "\tmodules", "\n# modules")
        errors = self.strays()
        self.assertEqual(len(errors), 1)
        self.assertIn("modules/char/shift.c: no line of", errors[0])

    def test_program_that_kbuild_does_not_name(self):
        self.replace("modules/char/Kbuild", "userprogs", "# userprogs")
        errors = self.strays()
        self.assertEqual(len(errors), 1)
        self.assertIn("modules/char/program.c: no line of", errors[0])

    def test_area_without_a_kbuild(self):
        (self.scratch / "modules/char/Kbuild").unlink()
        errors = [error.partition(":")[0] for error in self.strays()]
        self.assertEqual(
            errors, ["modules/char/program.c", "modules/char/shift.c"]
        )

    def test_kbuild_line_of_a_symbol_that_kconfig_lacks(self):
        lacks = (
            'modules/char/Kbuild: modules/char/Kconfig lacks "config '
            'MODPROOF_ROT13", so rot13.o is never built: write the entry'
        )
        self.replace("modules/char/Kconfig", "_ROT13", "_ROT14")
        self.assertEqual(self.strays(), [lacks])

    def test_area_that_the_top_files_do_not_include(self):
        self.write({"Kbuild": "# include $(src)/modules/char/Kbuild\n"})
        self.write({"Kconfig": 'source "modproof/modules/block/Kconfig"\n'})
        self.assertEqual(
            self.strays(),
            [
                'Kbuild lacks a line "include $(src)/modules/char/Kbuild"',
                'Kconfig lacks a line "source "modproof/modules/char/Kconfig""',
            ],
        )


class Counts(Project):
    """The numbers in the last line of make errata."""

    def test_stray_file_is_a_failure_and_hides_no_pass(self):
        table = self.scratch / "errata.tsv"
        table.write_text("id\twrong\tguards\tkilled on\n")
        said = io.StringIO()
        self.write({"modules/char/rot14.c": ""})
        with unittest.mock.patch("errata.TABLE", table):
            with contextlib.redirect_stderr(io.StringIO()):
                with contextlib.redirect_stdout(said):
                    self.assertEqual(errata.main(), 1)
        self.assertEqual(said.getvalue(), "1 passed, 1 failed, 0 skipped\n")
