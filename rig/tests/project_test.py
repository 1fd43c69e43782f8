# SPDX-License-Identifier: GPL-2.0
"""Tests of how the rig finds the modules of any project"""

import contextlib
import io
import os
import subprocess
from pathlib import Path

import dkms
import project
from tests.base import Scratch


class Projects(Scratch):
    """A directory that is looked at as a user types it."""

    def setUp(self):
        super().setUp()
        self.root = self.scratch / "demo"
        self.root.mkdir()

    def write(self, name, text):
        """Write a file of the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def find(self):
        """Return the project in the directory."""
        with contextlib.chdir(self.root):
            return project.find(".")

    def check_refused(self, *said, status=2):
        """Check that the directory is refused with one line that has @said."""
        error = io.StringIO()
        with self.assertRaises(SystemExit) as ended:
            with contextlib.redirect_stderr(error):
                self.find()
        code = ended.exception.code
        text = error.getvalue() or f"{code}\n"
        self.assertEqual(code if error.getvalue() else 1, status, text)
        self.assertRegex(text, r"\Amodproof: [^\n]*\n\Z")
        for part in said:
            self.assertIn(part, text)


class Config(Projects):
    """The file modproof.toml."""

    def config(self, text):
        """Return what a file with this text configures."""
        self.write("Makefile", "obj-m := demo.o\n")
        self.write("modproof.toml", text)
        return self.find().config

    def check_wrong(self, text, *said):
        """Check that a file with this text is refused."""
        self.write("Makefile", "obj-m := demo.o\n")
        self.write("modproof.toml", text)
        self.check_refused("modproof: modproof.toml", *said)

    def test_no_file_is_the_default(self):
        self.write("Makefile", "obj-m := demo.o\n")
        self.assertEqual(self.find().config, project.Config())

    def test_all_keys(self):
        self.write("tests/a.config", "CONFIG_CRC32=y\n")
        config = self.config(
            '[build]\ncommand = "make all"\n'
            "[modules.my-demo]\n"
            'parameters = "devices=2"\nuse = "true"\nloads = 3\n'
            'needs = ["video-dev"]\ndevice = "a tuner"\n'
            '[kernel]\nsymbols = ["CONFIG_VIDEO_DEV=m", "CRC32"]\n'
            'config = ["tests/a.config"]\nkernels = ["stock-6.12"]\n'
            '[guest]\nmemory = "2G"\nwords = ["acpi=off"]\n'
            'devices = ["usb-ehci"]\npackages = ["v4l-utils"]\n'
            '[tests]\ndirectory = "t"\n[fuzz]\n'
            'ioctls = [{request = "0x40044301"}, {request = "7", size = 8}]\n'
            '[[ignore]]\nline = "^demo: "\nreason = "says hello"\n'
        )
        module = project.ModuleConfig(
            "devices=2", "true", 3, ["video-dev"], "a tuner"
        )
        self.assertEqual(config.command, "make all")
        self.assertEqual(config.fuzz.ioctls, {0x40044301: 4, 7: 8})
        self.assertEqual(config.modules, {"my_demo": module})
        self.assertEqual(config.symbols, ["VIDEO_DEV=m", "CRC32"])
        self.assertEqual(config.fragments, [self.root / "tests/a.config"])
        self.assertEqual(config.kernels, ["stock-6.12"])
        self.assertEqual(
            config.guest,
            project.Guest("2G", ["acpi=off"], ["usb-ehci"], ["v4l-utils"]),
        )
        self.assertEqual(config.tests, "t")
        self.assertTrue(config.ignore[0].line.search("demo: hello"))

    def test_unknown_table(self):
        self.check_wrong(
            "[kernl]\n",
            '"kernl" is not known: use some of build, fuzz, guest, ignore, kernel, '
            'kunit, modules, patches, tests (did you mean "kernel"?)',
        )

    def test_defects_are_a_file_of_the_project(self):
        wrong = '[tests]\ndefects = "d.tsv"\n'
        self.check_wrong(wrong, 'defects = "d.tsv" in [tests] is no file')
        self.write("d.tsv", "")
        self.write("modproof.toml", wrong)
        config = project.Config.read(self.root)
        self.assertEqual(config.defects, self.root / "d.tsv")

    def test_directory_of_another_project(self):
        (self.root / "other").mkdir()
        text = '[modules.x]\nneeds = ["./other", "videodev"]\n'
        config = self.config(text).modules["x"]
        self.assertEqual(config.needs, ["videodev"])
        self.assertEqual(config.projects, {"./other": self.root / "other"})

    def test_firmware_is_a_directory_of_the_project(self):
        wrong = '[guest]\nfirmware = "fw"\n'
        self.check_wrong(wrong, 'firmware = "fw" in [guest] is no directory')
        (self.root / "fw").mkdir()
        self.write("modproof.toml", wrong)
        config = project.Config.read(self.root)
        self.assertEqual(config.guest.firmware, str(self.root / "fw"))

    def test_tree_is_below_the_top_of_a_kernel_tree(self):
        for name in "/a", "../a", "a/../b", "a b", "a/":
            with self.subTest(name):
                self.check_wrong(
                    f'[kunit]\ntree = "{name}"\n',
                    f'tree = "{name}" in [kunit] is not below the top',
                )
        self.write("modproof.toml", '[kunit]\ntree = "drivers/misc/a"\n')
        self.assertEqual(project.Config.read(self.root).tree, "drivers/misc/a")

    def test_unknown_keys(self):
        for text, key, where in (
            ('[guest]\nmemroy = "2G"\n', "memory", "[guest]"),
            ("[modules.demo]\nload = 3\n", "loads", "[modules.demo]"),
            ('[[ignore]]\nlines = "x"\n', "line", "[[ignore]] number 1"),
        ):
            with self.subTest(key=key):
                self.check_wrong(text, f'you mean "{key}"', where)

    def test_wrong_types(self):
        for text, said in (
            ("[build]\ncommand = 1\n", "command in [build] must be a string"),
            ("build = 1\n", "[build] must be a table"),
            ("modules = 1\n", "[modules] must be a table"),
            (
                "[modules]\nloads = 1\n",
                "[modules.loads] must be a table: write [modules.NAME], with "
                "the name of a module, in the line above loads",
            ),
            ("build = 1\n", 'table: write [build], and command = "make'),
            ("[modules.x]\nloads = true\n", "must be a whole number above 0"),
            ("[modules.x]\nloads = 0\n", "must be a whole number above 0"),
            ('[kernel]\nsymbols = "A"\n', "must be a list of strings"),
            ("[guest]\nwords = [1]\n", 'write words = ["acpi=off"]'),
            (
                "[fuzz]\nioctls = [1]\n",
                "must be a list of tables: write ioctls",
            ),
            (
                '[fuzz]\nioctls = [{request = "7", size = 0}]\n',
                "size in number 1 of ioctls in [fuzz] must be a whole number",
            ),
            ('ignore = "x"\n', "must be written as [[ignore]]"),
            ("ignore = [1]\n", "[[ignore]] number 1 must be a table"),
        ):
            with self.subTest(text=text):
                self.check_wrong(text, said)

    def test_wrong_values(self):
        for text, said in (
            (
                '[fuzz]\nioctls = [{request = "TCGETS"}]\n',
                'request = "TCGETS" in number 1 of ioctls in [fuzz] is no number',
            ),
            (
                '[modules.x]\nneeds = ["../other"]\n',
                '"../other" of needs in [modules.x] is not a directory: name',
            ),
            ('[guest]\nmemory = "2 GB"\n', '"2 GB" in [guest] is no size'),
            ('[guest]\nmemory = "1M"\n', '"1M" in [guest] is too little'),
            ('[kernel]\nsymbols = ["A B"]\n', '"A B" in symbols'),
            ('[kernel]\nconfig = ["gone"]\n', 'there is no file "gone"'),
            ('[tests]\ndirectory = "../t"\n', '"../t" in [tests] is not in'),
            ('[[ignore]]\nline = "("\nreason = "x"\n', 'line = "(" in'),
            ('[[ignore]]\nline = "x"\n', "number 1 has no reason"),
        ):
            with self.subTest(text=text):
                self.check_wrong(text, said)

    def test_invalid_toml_has_its_line(self):
        self.check_wrong("[build]\ncommand\n", "modproof.toml:2:8: Expected")
        self.check_wrong("[build\n", "modproof.toml")

    def test_file_that_cannot_be_read(self):
        (self.root / "modproof.toml").mkdir()
        self.check_refused("modproof.toml: Is a directory")
        (self.root / "modproof.toml").rmdir()
        (self.root / "modproof.toml").symlink_to("gone")
        self.check_refused("modproof.toml: No such file")

    def test_file_that_is_not_utf8(self):
        (self.root / "modproof.toml").write_bytes(b"# \xff\n")
        self.check_refused("modproof.toml: the file is not UTF-8")


class Find(Projects):
    """What decides how a project is built."""

    def check_way(self, how, below="."):
        """Check how the project is built, and where."""
        found = self.find()
        self.assertEqual((found.how, found.below), (how, Path(below)))

    def test_makefile_with_modules(self):
        for text in (
            "obj-m := demo.o",
            "obj-m+=demo.o",
            "ifneq ($(KERNELRELEASE),)\n  obj-m = demo.o\nendif",
            "all: $(obj-m)",
            "obj-$(CONFIG_DEMO) += demo.o",
            "obj-y += src/",
        ):
            with self.subTest(text=text):
                self.write("Makefile", f"{text}\n")
                self.check_way("kbuild")

    def test_kbuild_with_modules(self):
        self.write("Makefile", "all:\n\techo\n")
        self.write("Kbuild", "obj-m := demo.o\n")
        self.check_way("kbuild")

    def test_makefile_that_asks_kbuild_to_build_another_directory(self):
        self.write("Makefile", "all:\n\t$(MAKE) -C $(KDIR) M=$(PWD)/src\n")
        self.write("src/Kbuild", "obj-m := demo.o\n")
        self.check_way("make")

    def test_comment_is_no_module(self):
        self.write("Makefile", "# obj-m := demo.o\nall: # obj-m\n")
        self.check_refused("no module found in .")

    def test_command_comes_first(self):
        self.write("modproof.toml", '[build]\ncommand = "true"\n')
        self.write("dkms.conf", "PACKAGE_NAME=demo\n")
        self.check_way("command")

    def test_dkms_comes_before_a_makefile(self):
        self.write("dkms.conf", "PACKAGE_NAME=demo\n")
        self.write("Makefile", "obj-m := demo.o\n")
        self.check_way("dkms")

    def test_sources_that_need_others_of_their_repository(self):
        subprocess.run(
            ["git", "init", "-q", str(self.scratch)],
            check=True,
            capture_output=True,
        )
        self.write("Makefile", "obj-m := demo.o\n")
        self.assertEqual(self.find().root, self.root)
        makefile = "obj-m := demo.o\nccflags-y := -I$(src)/../include\n"
        self.write("Makefile", makefile)
        self.assertEqual(self.find().root, self.scratch)
        self.assertEqual(self.find().name, "demo")
        self.check_way("kbuild", "demo")
        self.write("Makefile", "obj-m := demo.o\n")
        self.write("demo.c", '#include "../include/demo.h"\n')
        self.check_way("kbuild", "demo")
        self.write("../.gitignore", "demo\n")
        self.check_way("kbuild", ".")

    def test_sources_that_need_others_of_an_unpacked_release(self):
        makefile = "obj-m := demo.o\nccflags-y := -I$(src)/../include\n"
        self.write("Makefile", makefile)
        self.check_way("kbuild", ".")
        self.write("../README.md", "")
        self.check_way("kbuild", "demo")
        self.assertEqual(self.find().root, self.scratch)
        self.write("Makefile", "obj-m := demo.o\n")
        self.check_way("kbuild", ".")

    def test_only_directory_below_is_used(self):
        self.write("src/Makefile", "obj-m := demo.o\nobj-y += part/\n")
        self.write("src/part/Makefile", "obj-m := part.o\n")
        self.check_way("kbuild", "src")

    def test_several_directories_below_are_listed(self):
        for name in "driver", "src", "src/deeper", ".hidden":
            self.write(f"{name}/Makefile", "obj-m := demo.o\n")
        self.write("build/.modproof", "")
        self.write("build/x/Makefile", "obj-m := demo.o\n")
        self.check_refused("no obj-m in ., but in driver/ and src/: go there")

    def test_empty_directory(self):
        self.check_refused(
            "no module found in .: expected a dkms.conf, or a Makefile or "
            "Kbuild with obj-m\n"
        )

    def test_template_of_dkms_conf_is_named(self):
        self.write("dkms.conf.in", "PACKAGE_NAME=demo\n")
        self.check_refused("make dkms.conf from dkms.conf.in")

    def test_source_without_makefile_gets_one(self):
        self.write("demo.c", "module_init(demo_init);\n")
        self.check_refused(
            "has no Makefile or Kbuild", 'with the line "obj-m := demo.o"'
        )
        self.write("Makefile", "all:\n\tgcc demo.c\n")
        self.check_refused("has a Makefile without obj-m")

    def test_what_is_no_directory(self):
        with self.assertRaises(SystemExit) as ended:
            with contextlib.redirect_stderr(io.StringIO()) as error:
                project.find(self.root / "gone")
        self.assertEqual(ended.exception.code, 2)
        self.assertIn("gone is not a directory", error.getvalue())

    def test_build_directory_and_kernel_are_refused(self):
        self.write("Makefile", "obj-m := demo.o\n")
        self.write(".modproof", "")
        self.check_refused("is a build directory")
        for name in "arch", "include", "scripts":
            (self.root / name).mkdir()
        self.write("Makefile", "KERNELRELEASE = 6.12\n")
        self.check_refused("is the source of a kernel")

    def test_name_is_that_of_the_directory_or_the_package(self):
        self.write("Makefile", "obj-m := x.o\n")
        self.assertEqual(self.find().name, "demo")
        self.write("dkms.conf", 'PACKAGE_NAME="a-b"\n')
        self.assertEqual(self.find().name, "a-b")


class Dkms(Projects):
    """The file dkms.conf, which bash evaluates."""

    RELEASE = "6.12.117-amd64"
    HEADERS = Path("/headers")

    def conf(self, text, release=RELEASE, **config):
        """Return the values of a file with this text."""
        self.write("dkms.conf", f"PACKAGE_NAME=demo\n{text}\n")
        target = dkms.Target(release, self.HEADERS, config)
        return dkms.evaluate(self.root, "dkms.conf", target)

    def test_command_uses_the_variables_of_dkms(self):
        conf = self.conf('MAKE[0]="make KDIR=$kernel_source_dir K=$kernelver"')
        self.assertEqual(
            conf.command(Path("/b"), 4),
            f"make -j4 KERNELRELEASE={self.RELEASE} KDIR=/headers "
            f"K={self.RELEASE}",
        )

    def test_command_uses_the_headers_that_are_not_installed(self):
        conf = self.conf(
            'MAKE="cd src; make -C /lib/modules/$kernelver/build"'
        )
        self.assertEqual(
            conf.command(Path("/b"), 1), "cd src; make -C /headers"
        )

    def test_command_is_made_if_there_is_none(self):
        self.assertTrue(
            self.conf("").command(Path("/b"), 1).endswith("-C /headers M=/b")
        )

    def test_command_for_the_kernel_is_taken(self):
        text = "MAKE[0]=a\nMAKE[1]=b\nMAKE_MATCH[1]='^6\\.'\n"
        self.assertEqual(self.conf(text).command(Path("/b"), 1), "b")
        conf = self.conf(text, "5.10")
        self.assertEqual(conf.command(Path("/b"), 1), "a")

    def test_patches_for_the_kernel_are_taken(self):
        text = "PATCH[0]=a\nPATCH[1]=b\nPATCH_MATCH[1]='^5'\nPATCH[2]=c"
        self.assertEqual(self.conf(text).patches(), ["a", "c"])

    def test_modules(self):
        conf = self.conf(
            "BUILT_MODULE_NAME[0]=a\nBUILT_MODULE_NAME[2]=b\n"
            "BUILT_MODULE_LOCATION[2]=src/"
        )
        self.assertEqual(conf.modules(), {0: "a.ko", 2: "src/b.ko"})

    def test_only_module_has_the_name_of_the_package(self):
        conf = self.conf("DEST_MODULE_LOCATION=/extra")
        self.assertEqual(conf.modules(), {0: "demo.ko"})

    def test_file_may_read_its_directory_and_have_dos_lines(self):
        self.write("VERSION", "1.2\n")
        conf = self.conf('MAKE="make V=$(cat VERSION)"\r\n')
        self.assertTrue(conf.command(Path("/b"), 1).endswith(" V=1.2"))

    def test_kernels_that_are_excluded(self):
        for text, excluded in (
            ('BUILD_EXCLUSIVE_KERNEL="^5"', True),
            ('BUILD_EXCLUSIVE_KERNEL="^6"', False),
            ('BUILD_EXCLUSIVE_KERNEL_MIN="6.13"', True),
            ('BUILD_EXCLUSIVE_KERNEL_MIN="6.9"', False),
            ('BUILD_EXCLUSIVE_KERNEL_MAX="6.9"', True),
            ('BUILD_EXCLUSIVE_KERNEL_MAX="6.13"', False),
            ('BUILD_EXCLUSIVE_ARCH="no-arch"', True),
            (f'BUILD_EXCLUSIVE_ARCH="{os.uname().machine}"', False),
            ('BUILD_EXCLUSIVE_CONFIG="CONFIG_HAS !CONFIG_LACKS"', False),
            ('BUILD_EXCLUSIVE_CONFIG="CONFIG_LACKS"', True),
            ('BUILD_EXCLUSIVE_CONFIG="!CONFIG_HAS"', True),
        ):
            with self.subTest(text=text):
                reason = self.conf(text, HAS="m").excluded(0)
                self.assertEqual(bool(reason), excluded)
                self.assertIn(text.split("=")[0] if excluded else "", reason)

    def test_directive_of_one_module_is_not_for_the_others(self):
        conf = self.conf("BUILD_EXCLUSIVE_KERNEL_MIN[1]=7")
        self.assertFalse(conf.excluded(0))
        self.assertTrue(conf.excluded(1))
        self.assertFalse(conf.excluded(2))

    def test_errors_are_one_line(self):
        self.write("dkms.conf", "if\n")
        self.check_refused("dkms.conf: line 2: syntax error")
        self.write("dkms.conf", "exit 0\n")
        self.check_refused("dkms.conf ends the shell")
        self.write("dkms.conf", "MAKE=make\n")
        self.check_refused("dkms.conf sets no PACKAGE_NAME")
