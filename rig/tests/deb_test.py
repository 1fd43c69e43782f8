# SPDX-License-Identifier: GPL-2.0
"""Tests of the files of the Debian packages: dkms.conf, udev rules, control"""

import os
import re
import subprocess
import unittest

import dkms
from tests.base import HERE, PROJECT, TOOLS, Scratch

DEBIAN = PROJECT / "debian"
VERSION = "1.2"
RELEASE = "6.1.0-57-amd64"
# The purposes of rig/install-deps whose packages modproof cannot do without,
# and those that only some of its verbs need.
NEEDED = "build guest"
USEFUL = "coverage gdb patches why"


def found(pattern, *globs):
    """Return what a regular expression finds in files of the project."""
    return {
        word
        for glob in globs
        for path in PROJECT.glob(glob)
        for word in re.findall(pattern, path.read_text(), re.M)
    }


MODULES = found(r"^obj-\$\(CONFIG_\w+\) \+= (.*)\.o$", "modules/*/Kbuild")
PROGRAMS = found(
    r"^userprogs-always-\$\((CONFIG_\w+)\) \+=", "modules/*/Kbuild"
)
# The symbols of the kernel on which a module depends, without those that it must
# not have.
SYMBOLS = {
    word
    for line in found(r"^\s+depends on (.*)", "modules/*/Kconfig")
    for word in re.findall(r"(?<![!\w])\w+", line)
    if not word.startswith("MODPROOF")
}


class DkmsConf(Scratch):
    """Tests of which modules dkms.conf names for a kernel."""

    def setUp(self):
        super().setUp()
        self.source = self.scratch / "source"
        self.source.mkdir()
        for name in "Kbuild", "Kconfig", "kunit", "modules", "tools":
            (self.source / name).symlink_to(PROJECT / name)
        text = (DEBIAN / "modproof-dkms.dkms").read_text()
        (self.source / "dkms.conf").write_text(
            text.replace("#MODULE_VERSION#", VERSION)
        )
        self.target = dkms.Target(
            RELEASE, self.scratch / "headers", tree=self.scratch / "dkms"
        )

    def configure(self, symbols):
        """Make the headers of a kernel that has these symbols."""
        where = self.scratch / "headers/include/config"
        where.mkdir(parents=True, exist_ok=True)
        (where / "auto.conf").write_text(
            "".join(f"CONFIG_{symbol}=y\n" for symbol in sorted(symbols))
        )

    def conf(self):
        return dkms.evaluate(self.source, "dkms.conf", self.target)

    def modules(self):
        """Return the names of the modules that dkms.conf has."""
        return [
            path.removesuffix(".ko") for path in self.conf().modules().values()
        ]

    def test_kernel_with_everything_gets_every_module(self):
        self.configure(SYMBOLS)
        self.assertEqual(self.modules(), sorted(MODULES))

    def test_kernel_without_headers_gets_every_module(self):
        self.assertEqual(self.modules(), sorted(MODULES))

    def test_module_that_the_kernel_cannot_have_is_left_out(self):
        self.configure(SYMBOLS - {"DEBUG_FS", "OF_OVERLAY"})
        self.assertEqual(
            MODULES - set(self.modules()),
            {"dtoverlay", "hello-debugfs", "hello-debugfs-file"},
        )

    def test_module_that_an_architecture_cannot_have_is_left_out(self):
        self.configure(SYMBOLS | {"S390"})
        self.assertEqual(MODULES - set(self.modules()), {"syscall-steal"})

    def test_modules_of_a_kernel_whose_headers_are_gone_are_those_built(self):
        built = self.target.tree / f"modproof/{VERSION}/{RELEASE}"
        built = built / self.target.variables()["arch"] / "module"
        built.mkdir(parents=True)
        for name in (
            "sleep.ko.xz",
            "hello-1.ko.zst",
            "led.ko",
            "Module.symvers",
        ):
            (built / name).touch()
        self.assertEqual(self.modules(), ["hello-1", "led", "sleep"])
        self.configure(SYMBOLS)
        self.assertEqual(self.modules(), ["hello-1", "led", "sleep"])

    def test_each_module_has_a_place(self):
        conf = self.conf()
        for index in conf.modules():
            self.assertEqual(
                conf.get("DEST_MODULE_LOCATION", index), "/updates/dkms"
            )

    def test_neither_programs_nor_suites_are_built(self):
        self.configure(SYMBOLS | {"KUNIT", "CC_CAN_LINK"})
        command = self.conf().command(self.scratch, 1)
        for symbol in PROGRAMS | {"CONFIG_MODPROOF_KUNIT_TEST"}:
            self.assertIn(f" {symbol}=n", command)
        done = subprocess.run(
            ["bash", "-n", "-c", command], capture_output=True, check=False
        )
        self.assertEqual(done.stderr, b"")

    def test_kernel_older_than_6_1_is_excluded(self):
        for release, is_excluded in (
            ("4.19.0-27-amd64", True),
            ("5.10.0-40-amd64", True),
            ("6.0.0-6-amd64", True),
            ("6.1.0-57-amd64", False),
            ("6.12.117+deb12-amd64", False),
            ("7.0.1", False),
            ("10.2.3-custom", False),
        ):
            self.target.release = release
            self.assertEqual(
                bool(self.conf().excluded(0)), is_excluded, release
            )

    def test_dkms_of_debian_13_may_evaluate_it_without_variables(self):
        done = subprocess.run(
            ["bash", "-c", ". source/dkms.conf; echo $AUTOINSTALL"],
            cwd=self.scratch,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual((done.stdout, done.stderr), ("yes\n", ""))

    def test_dh_dkms_finds_the_name_and_the_version(self):
        lines = (DEBIAN / "modproof-dkms.dkms").read_text().splitlines()
        self.assertIn('PACKAGE_NAME="modproof"', lines)
        self.assertIn('PACKAGE_VERSION="#MODULE_VERSION#"', lines)


class Rules(unittest.TestCase):
    """Tests of the udev rules."""

    def test_each_rule_is_for_the_class_of_a_module(self):
        classes = found(
            r'^#define \w+_NAME\s+"(.*)"', "modules/char/*.c", "include/uapi/*"
        )
        text = (DEBIAN / "modproof-dkms.udev").read_text()
        rules = [
            line
            for line in text.splitlines()
            if line and not line.startswith("#")
        ]
        self.assertTrue(rules)
        for rule in rules:
            match = re.fullmatch(
                r'SUBSYSTEM=="([\w|]+)", TAG\+="uaccess"', rule
            )
            self.assertTrue(match, rule)
            self.assertLessEqual(set(match[1].split("|")), classes)


class Control(Scratch):
    """Tests of which packages are made, and what they depend on."""

    def test_there_are_three_packages(self):
        text = (DEBIAN / "control").read_text()
        self.assertEqual(
            re.findall(r"^Package: (.*)$", text, re.M),
            ["modproof", "modproof-dkms", "modproof-doc"],
        )

    def test_dependencies_are_those_of_the_rig(self):
        rules = (DEBIAN / "rules").read_text()
        for field, purposes in ("Depends", NEEDED), ("Recommends", USEFUL):
            self.assertIn(
                f"-Vmodproof:{field}=$(call packages,{purposes})", rules
            )

    def test_packages_of_purposes_are_listed_once_each(self):
        status, said = self.run_tool(
            HERE / "install-deps", "--list", *NEEDED.split(), "why"
        )
        self.assertEqual(status, 0, said)
        packages = said.split()
        self.assertEqual(packages, sorted(set(packages)))
        for package in "make", "libkmod-dev", "qemu-system-x86":
            self.assertIn(package, packages)

    def test_purpose_that_is_not_one_is_refused(self):
        status, said = self.run_tool(HERE / "install-deps", "--list", "debs")
        self.assertEqual(status, 1)
        self.assertRegex(
            said, '^modproof: "debs" is not a purpose .*\\bdeb\\b'
        )
        self.assertEqual(said.count("\n"), 1)


class Deb(Scratch):
    """Tests of tools/deb, in a house whose package tools are fake."""

    def test_what_fails_is_told_in_one_line(self):
        for tool, said in (
            ("dpkg-buildpackage", "the packages do not build"),
            ("lintian", "lintian found the mistakes above"),
        ):
            for name in "dpkg-buildpackage", "lintian":
                status = 2 if name == tool else 0
                path = self.fake(name, f"echo {name} spoke; exit {status}")
            status, text = self.run_tool(
                TOOLS / "deb", PATH=path, KSRC="/nowhere"
            )
            self.assertEqual(status, 1)
            self.assertEqual(
                re.findall(r"^modproof: ([\w ]+)", text, re.M), [said], text
            )

    def test_copy_has_what_git_tracks_as_it_is_now(self):
        house = self.house()
        (house / "debian").mkdir()
        (house / "debian/rules").write_text("old")
        (house / "gone").touch()
        for words in ["init", "-q"], ["add", "-A"]:
            subprocess.run(["git", "-C", str(house), *words], check=True)
        (house / "debian/rules").write_text("new")
        (house / "mine").touch()
        (house / "gone").unlink()
        before = self.times(house)
        for name in "dpkg-buildpackage", "lintian":
            path = self.fake(name, "exit 0")
        out = self.scratch / "out"
        status, said = self.run_tool(
            house / "tools/deb",
            PATH=path,
            KSRC="/nowhere",
            srctree=str(house),
            O=str(out),
        )
        self.assertEqual(status, 0, said)
        copy = out / "deb/source"
        self.assertEqual((copy / "debian/rules").read_text(), "new")
        self.assertTrue((copy / "Makefile").exists())
        for name in "mine", "gone", ".git":
            self.assertFalse((copy / name).exists(), name)
        self.assertEqual(self.times(house), before)

    def times(self, directory):
        """Return the path and the time of each file in a directory."""
        return {
            path: path.lstat().st_mtime_ns
            for path in directory.rglob("*")
            if ".git" not in path.parts
        }
