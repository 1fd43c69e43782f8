# SPDX-License-Identifier: GPL-2.0
"""Tests of rig/fragment.py, which lists the symbols that a project needs"""

import fragment
from tests.base import Scratch


class Fragment(Scratch):
    """A project with a modproof.toml and with its own Kconfig files."""

    def write(self, name, text):
        """Write a file of the project."""
        path = self.scratch / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def test_project_without_a_configuration_needs_nothing(self):
        self.assertEqual(fragment.fragment(self.scratch), [])

    def test_symbols(self):
        self.write(
            "modproof.toml",
            '[kernel]\nsymbols = ["MEDIA", "CONFIG_VIDEO=m", "!SMP", "HZ=100"]',
        )
        self.assertEqual(
            fragment.fragment(self.scratch),
            [
                "# CONFIG_SMP is not set",
                "CONFIG_HZ=100",
                "CONFIG_MEDIA=y",
                "CONFIG_VIDEO=m",
            ],
        )

    def test_files_without_the_symbols_of_the_project(self):
        self.write("modproof.toml", '[kernel]\nconfig = ["*/config"]')
        self.write("a/config", "CONFIG_NET=y\n# a comment\nCONFIG_OURS=m\n")
        self.write("b/config", "CONFIG_NET=y\nCONFIG_GPIO=m\n")
        self.write("drivers/Kconfig", "\tconfig OURS\n\ttristate\n")
        self.assertEqual(
            fragment.fragment(self.scratch), ["CONFIG_GPIO=m", "CONFIG_NET=y"]
        )

    def test_kselftests_and_suites(self):
        self.write("tests/Makefile", "include ../lib.mk\n")
        self.write("tests/config", "CONFIG_NET=y\n")
        self.write("t/Kconfig", "config OURS\n\ttristate\n")
        self.write(
            "t/.kunitconfig",
            "CONFIG_KUNIT=y\nCONFIG_UML_PCI=y\nCONFIG_OURS=y\nCONFIG_PCI=y\n"
            "# CONFIG_HID is not set\n",
        )
        self.assertEqual(
            fragment.fragment(self.scratch), ["CONFIG_NET=y", "CONFIG_PCI=y"]
        )

    def test_kconfig_of_what_is_built_is_not_the_project_s(self):
        self.write("modproof.toml", '[kernel]\nconfig = ["config"]')
        self.write("config", "CONFIG_NET=y\n")
        self.write("build/.modproof", "")
        self.write("build/source/Kconfig", "config NET\n\tbool\n")
        self.assertEqual(fragment.fragment(self.scratch), ["CONFIG_NET=y"])
