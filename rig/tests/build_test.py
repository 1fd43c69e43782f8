# SPDX-License-Identifier: GPL-2.0
"""Tests of how the rig builds the modules of any project

make is a script here: it runs the file make.sh of the project's copy, if there
is one.  A module is what modinfo prints of it.
"""

import contextlib
import io
import os
import shutil
import subprocess
import time
import unittest.mock

import build
import headers
import project
from tests.base import Scratch

RELEASE = "6.12.0-demo"
MAKE = """
[ "$1" = -C ] && { cd "${3#M=}" || cd "${4#M=}"; export by_kbuild=1; }
[ ! -e make.sh ] || . ./make.sh
"""
SYMVERS = "0x0\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n"


class Builds(Scratch):
    """A project with one module, and a kernel without one."""

    def setUp(self):
        super().setUp()
        self.root = self.scratch / "my project"
        self.kernel = self.scratch / "kernel"
        self.work = self.scratch / "work"
        self.path = self.fake("make", MAKE)
        self.fake("modinfo", 'cat "$1"')
        self.make_kernel()
        self.write("Makefile", "obj-m := demo.o\n")
        self.write("demo.c", "int demo(void)\n{\n\treturn typo(1);\n}\n")
        self.write("make.sh", "touch demo.ko")

    def write(self, name, text=""):
        """Write a file of the project, or elsewhere."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def make_kernel(self):
        """Create the files of a kernel that a build reads."""
        where = self.kernel / "headers"
        modules = self.kernel / "lib/modules" / RELEASE
        for path, text in {
            self.kernel / "release": f"{RELEASE}\n",
            self.kernel
            / "config": "CONFIG_NET=y\nCONFIG_USB=m\nCONFIG_HZ=9\n",
            where / "Makefile": "",
            where / "Module.symvers": SYMVERS,
            where / "include/linux/crc.h": "u32 crc32c(u32 crc);\n",
            where / "include/config/auto.conf": "",
            modules / "modules.dep": "kernel/a/usb-core.ko.xz: b/uses.ko.xz\n",
            modules / "modules.builtin": "kernel/b/built_in.ko\n",
        }.items():
            self.write(path, text)

    def build(self, **environment):
        """Build the project; return what came of it."""
        found = project.find(self.root)
        changed = {"PATH": self.path, "CC": "", "LLVM": ""} | environment
        with unittest.mock.patch.dict(os.environ, changed):
            return build.build(found, self.kernel, self.work, 2)

    def check(self, status, reason="", *lines):
        """Build, and check what came of it."""
        done = self.build()
        log = (self.work / "build.log").read_text()
        self.assertEqual((done.status, done.reason), (status, reason), log)
        if lines:
            self.assertEqual(done.lines, list(lines))
        return done

    def check_dies(self, said):
        """Check that the build exits with one line that has @said."""
        error = io.StringIO()
        with self.assertRaises(SystemExit) as ended:
            with contextlib.redirect_stderr(error):
                self.build()
        text = error.getvalue() or f"{ended.exception.code}\n"
        self.assertRegex(text, r"\Amodproof: [^\n]*\n\Z")
        self.assertIn(said, text)


class Ok(Builds):
    """Builds that make modules."""

    def test_project_is_not_changed(self):
        self.write("make.sh", "touch demo.ko demo.o ../outside; echo >demo.c")
        before = {
            path: path.stat().st_mtime_ns for path in self.root.rglob("*")
        }
        done = self.check("ok")
        after = {
            path: path.stat().st_mtime_ns for path in self.root.rglob("*")
        }
        self.assertEqual(before, after)
        self.assertEqual([m.name for m in done.modules], ["demo"])
        self.assertEqual(done.modules[0].path, self.work / "src/demo.ko")
        self.assertFalse((self.root.parent / "outside").exists())
        self.assertEqual(done.lines, [])

    def test_modules_are_in_the_order_of_their_dependencies(self):
        self.write(
            "make.sh",
            "echo 'depends:        c-d,usb_core,built-in' >a.ko\n"
            "echo 'softdep:        pre: a none post: e' >b.ko\n"
            "echo 'depends:        ' >c-d.ko\n",
        )
        done = self.check("ok")
        self.assertEqual([m.name for m in done.modules], ["c_d", "a", "b"])
        needs = ["c_d", "usb_core", "built_in"]
        self.assertEqual(done.modules[1].depends, needs)
        self.assertEqual(done.modules[2].softdeps, ["a", "none"])

    def test_dependencies_in_a_circle_end(self):
        self.write(
            "make.sh",
            "echo 'softdep: pre: b' >a.ko; echo 'softdep: pre: a' >b.ko",
        )
        self.assertEqual(len(self.check("ok").modules), 2)

    def test_newest_of_equal_names_is_taken(self):
        self.write(
            "make.sh", "mkdir x; touch -d 2020-01-01 demo.ko; >x/demo.ko"
        )
        self.assertEqual(
            self.build().modules[0].path, self.work / "src/x/demo.ko"
        )

    def test_configuration_goes_to_the_modules(self):
        self.write(
            "modproof.toml",
            '[modules.demo]\nparameters = "x=1"\nuse = "true"\nloads = 3\n'
            "[modules.demmo]\nloads = 1\n",
        )
        done = self.build()
        module = done.modules[0]
        self.assertEqual(
            (module.parameters, module.use, module.loads), ("x=1", "true", 3)
        )
        self.assertEqual(
            done.lines,
            [
                "modproof.toml: [modules.demmo] is not used: the project "
                "builds demo"
            ],
        )

    def test_command_gets_the_kernel(self):
        self.write("modproof.toml", '[build]\ncommand = "sh ./build $KDIR"\n')
        self.write("build", '[ -d "$1" ] && uname -r >name && touch x.ko\n')
        self.check("ok")
        self.assertEqual((self.work / "src/name").read_text(), f"{RELEASE}\n")

    def test_environment_is_that_of_no_other_make(self):
        self.write(
            "make.sh",
            '[ -z "$KERNELRELEASE$M$O$srctree$KBUILD_ARGS$MAKELEVEL" ] && '
            "! read line && ! git rev-parse && touch demo.ko",
        )
        names = "KERNELRELEASE M O srctree KBUILD_ARGS MAKELEVEL".split()
        reader, writer = os.pipe()
        os.write(writer, b"typed\n")
        with_terminal = os.dup(0)
        os.dup2(reader, 0)
        try:
            done = self.build(**dict.fromkeys(names, "1"))
        finally:
            os.dup2(with_terminal, 0)
            for number in reader, writer, with_terminal:
                os.close(number)
        self.assertEqual(done.status, "ok", done.log.read_text())

    def test_build_waits_for_another_one(self):
        self.work.mkdir()
        ready = self.scratch / "ready"
        other = subprocess.Popen(
            ["flock", self.work / "lock", "sh", "-c", f">{ready}; sleep 1"]
        )
        while not ready.exists():
            time.sleep(0.01)
        with contextlib.redirect_stderr(io.StringIO()) as said:
            self.check("ok")
        self.assertEqual(other.wait(), 0)
        self.assertIn("waiting for another run", said.getvalue())

    def test_this_machine_stays_as_it_is(self):
        self.write("make.sh", "sudo insmod demo.ko && depmod && >demo.ko")
        self.check("ok")
        self.assertIn(
            "not run here: sudo insmod demo.ko", self.build().log.read_text()
        )

    def test_headers_of_an_installed_kernel_are_those_at_hand(self):
        self.write(
            "make.sh",
            'if [ -n "$by_kbuild" ]; then exit 1; fi\n'
            'case "$*" in K=*/kernel/headers) >demo.ko ;; \n'
            '*) exec make "K=/lib/modules/$(uname -r)/build" ;; esac\n',
        )
        self.write("Makefile", "obj-m := x.o\nall:\n\tmake -C x M=.\n")
        self.check("ok")


class Incremental(Builds):
    """A build after another one."""

    def objects(self):
        """Build, and return what the copy has besides the sources."""
        self.build()
        return sorted(
            path.name for path in (self.work / "src").glob("*.[0-9o]")
        )

    def setUp(self):
        super().setUp()
        self.write("make.sh", "touch demo.ko $(ls *.o 2>/dev/null | wc -l).o")

    def test_objects_are_kept(self):
        self.objects()
        self.assertEqual(self.objects(), ["0.o", "1.o"])

    def test_module_that_is_built_no_more_is_no_module(self):
        self.objects()
        self.write("make.sh", "touch other.ko")
        self.assertEqual([m.name for m in self.build().modules], ["other"])

    def test_other_kernel_starts_anew(self):
        self.objects()
        (self.kernel / "release").write_text("6.12.1\n")
        self.assertEqual(self.objects(), ["0.o"])

    def test_other_configuration_starts_anew(self):
        self.objects()
        os.utime(self.kernel / "headers/include/config/auto.conf", (1, 1))
        self.assertEqual(self.objects(), ["0.o"])

    def test_other_project_starts_anew(self):
        self.objects()
        self.root = self.root.rename(self.scratch / "moved")
        self.assertEqual(self.objects(), ["0.o"])

    def test_warnings_are_counted_each_time(self):
        self.write(
            "make.sh",
            "[ -e x.o ] || echo 'demo.c:1:1: warning: x'\n"
            "echo 'make: warning: jobserver unavailable'\n"
            "echo 'warning: the compiler differs from the one used'\n"
            "touch x.o demo.ko\n",
        )
        self.assertEqual(self.build().warnings, 1)
        self.assertEqual(self.build().warnings, 1)


class Failures(Builds):
    """Builds that fail by a mistake of the project."""

    def test_compile_error_has_the_path_in_the_project(self):
        self.write(
            "make.sh",
            "echo \"$PWD/demo.c:3:9: error: no 'typo'\"\n"
            "echo '    3 |   return typo(1);'; exit 2\n",
        )
        self.check(
            "failed",
            "demo.c:3:9: error: no 'typo'",
            "demo.c:3:9: error: no 'typo'",
            "    3 |   return typo(1);",
        )

    def test_path_below_the_directory_that_is_built(self):
        (self.root / "src").mkdir()
        for name in "Makefile", "demo.c", "make.sh":
            (self.root / name).rename(self.root / "src" / name)
        self.write("src/make.sh", 'echo "$PWD/../demo.h:1: error: x"; exit 2')
        self.write("demo.h")
        self.check("failed", "demo.h:1: error: x")

    def test_symbol_that_nothing_defines(self):
        self.write(
            "make.sh",
            "echo 'ERROR: modpost: \"typo\" [demo.ko] undefined!'; exit 2",
        )
        self.check(
            "failed",
            "demo.c:3: error: nothing defines typo()",
            "demo.c:3: error: nothing defines typo()",
            "    return typo(1);",
            "if a module of another project exports it, name the directory of "
            'that in modproof.toml: needs = ["../other"] in [modules.demo]',
        )

    def test_missing_symbol_that_the_kernel_exports(self):
        self.write(self.kernel / "headers/include/linux/p.h", "int printk();")
        self.write(
            "make.sh",
            "echo 'ERROR: modpost: \"printk\" [demo.ko] undefined!'; exit 2",
        )
        self.check("failed", "demo.ko: error: nothing defines printk()")

    def test_no_module(self):
        self.write("make.sh", "touch demo.o")
        self.check("failed", "make succeeded but made no .ko")

    def test_no_module_because_a_symbol_is_not_set(self):
        self.write("make.sh")
        self.write("Makefile", "obj-$(CONFIG_DEMO) := demo.o\n")
        self.check(
            "failed", "make succeeded but made no .ko: CONFIG_DEMO is not set"
        )

    def test_no_module_because_its_object_is_built_in(self):
        self.write("make.sh", "touch demo.o")
        self.write("Makefile", "obj-y += demo.o\n")
        self.check(
            "failed",
            "make succeeded but made no .ko: obj-y is for objects of the "
            'kernel itself: write "obj-m += demo.o"',
        )

    def test_unknown_error(self):
        self.write("make.sh", "echo something; exit 3")
        self.check("failed", "the build fails with status 3", "something")

    def test_module_that_modinfo_cannot_read(self):
        self.fake("modinfo", "exit 1")
        self.check("failed", "modinfo cannot read demo.ko")

    def test_full_disk_is_no_mistake_of_the_project(self):
        self.write("make.sh", "echo 'x: No space left on device'; exit 1")
        self.check_dies("cannot build in")

    def test_errors_of_the_system_are_one_line(self):
        with unittest.mock.patch(
            "mirror.update", side_effect=OSError(28, "No space", "file")
        ):
            self.check_dies("cannot build my project: No space: file")
        with unittest.mock.patch(
            "mirror.shutil.copy2", side_effect=PermissionError(13, "No", "x.c")
        ):
            self.check_dies("cannot build my project: No: x.c")

    def test_make_is_missing(self):
        which = shutil.which
        with unittest.mock.patch(
            "build.shutil.which",
            lambda name, path=None: None if name == "make" else which(name),
        ):
            self.check_dies("make is missing")

    def test_place_that_kbuild_cannot_use(self):
        self.work = self.scratch / "a place"
        self.check_dies("with a space or a colon")

    def test_project_in_the_build_directory(self):
        self.work = self.root.parent
        self.check_dies("is in the build directory")
        self.work = self.root
        self.check_dies("is in the build directory")

    def test_build_directory_in_the_project(self):
        self.root = self.root.rename(self.scratch / "demo")
        self.work = self.root / "out"
        self.check("ok")
        self.check("ok")
        self.assertFalse((self.work / "src/out").exists())


class NotForThisKernel(Builds):
    """Builds for a kernel that lacks something."""

    STATUS = "not for this kernel"

    def test_symbol_that_a_header_declares_is_not_exported(self):
        for error in (
            '"crc32c" [demo.ko] undefined!',
            # As Linux 7.3 prints it.
            "demo.ko: symbol 'crc32c' undefined!",
        ):
            with self.subTest(error):
                told = f"ERROR: modpost: {error}"
                self.write("make.sh", f"cat <<'END'\n{told}\nEND\nexit 2\n")
                self.check(self.STATUS, "it does not export crc32c")

    def check_undeclared(self, header, status, reason):
        """Build with a header that declares a function which is not known."""
        self.write(self.kernel / "headers/include/linux/i2c.h", header)
        self.write(
            "make.sh",
            "echo 'demo.c:3:9: error: implicit declaration of function"
            " ‘typo’; did you mean ‘type’?'; exit 2",
        )
        done = self.build()
        self.assertEqual(done.status, status)
        self.assertIn(reason, done.reason)

    def test_function_of_a_symbol_that_is_not_set(self):
        for guard in ("if IS_ENABLED(CONFIG_I2C)", "ifdef CONFIG_I2C"):
            self.check_undeclared(
                f"#ifndef I_H\n#define I_H\nint a(void);\n#{guard}\n#if 1\n"
                "int\ntypo(int a,\n int b);\n#endif\n#else\n#endif\n"
                "/* See typo(). */\n#endif\n",
                self.STATUS,
                "it lacks CONFIG_I2C, with which it has typo()",
            )

    def test_function_that_a_header_declares_in_this_kernel(self):
        """The source lacks an #include."""
        for header in (
            "extern int typo(int a);\n",
            "#ifdef CONFIG_I2C\n#endif\nint typo(int a);\n",
            "#ifdef CONFIG_NET\nint typo(int a);\n#endif\n",
            "#ifndef CONFIG_I2C\nint typo(int a);\n#endif\n",
            "#ifdef CONFIG_I2C\nint typo(int a);\n#else\n"
            "static inline int typo(int a) { return 0; }\n#endif\n",
            "#ifdef CONFIG_I2C\nint typo(int a);\n#else\n"
            "#define typo(a) 0\n#endif\n",
        ):
            self.check_undeclared(header, "failed", "implicit declaration")

    def check_header_in(self, tree, makefile=""):
        """Check that a header in another tree declares the symbol."""
        where = self.kernel / "headers"
        tree.mkdir(parents=True)
        (where / "include/linux").rename(tree / "linux")
        (where / "Makefile").write_text(makefile)
        self.test_symbol_that_a_header_declares_is_not_exported()

    def test_header_in_a_tree_that_the_makefile_includes(self):
        self.check_header_in(
            self.kernel / "common/include",
            "include $(dir $(lastword $(MAKEFILE_LIST)))../common/Makefile\n",
        )

    def test_header_in_the_source(self):
        (self.kernel / "headers/source").symlink_to("../common")
        self.check_header_in(self.kernel / "common/include")

    def test_symbols_of_the_configuration(self):
        for symbols, reason in (
            ('"NET", "USB=m", "HZ=9", "CAN=n", "!CAN", "NET=m"', ""),
            ('"NET", "CAN", "MTD=m"', "it lacks CONFIG_CAN and CONFIG_MTD=m"),
            ('"USB=y"', "it lacks CONFIG_USB=y"),
            ('"!NET"', "it lacks !CONFIG_NET"),
            ('"NET=n"', "it lacks CONFIG_NET=n"),
        ):
            with self.subTest(symbols=symbols):
                text = f"[kernel]\nsymbols = [{symbols}]\n"
                self.write("modproof.toml", text)
                self.check(self.STATUS if reason else "ok", reason)

    def test_module_that_another_one_needs(self):
        self.write("make.sh", "echo 'depends: usb-core,videodev' >demo.ko")
        self.check(self.STATUS, "module videodev is not there")

    def test_modules_without_an_index(self):
        directory = self.kernel / "lib/modules" / RELEASE
        (directory / "modules.dep").unlink()
        self.write("make.sh", "echo 'depends: usb-core' >demo.ko")
        self.check(self.STATUS, "module usb_core is not there")
        self.write(directory / "kernel/usb-core.ko.xz")
        self.check("ok")


class OwnMake(Builds):
    """A project whose own makefile is needed."""

    def setUp(self):
        super().setUp()
        rule = "all: version.h\n\t$(MAKE) -C $(KDIR) M=$(CURDIR)\n"
        self.write("Makefile", f"obj-m := demo.o\n{rule}")

    def own(self, script, kbuild="exit 2"):
        """Make kbuild run @kbuild, and the project's own make @script."""
        self.write(
            "make.sh",
            f'if [ -n "$by_kbuild" ]; then {kbuild}; else {script}; fi\n',
        )

    def test_own_make_follows_and_is_remembered(self):
        self.own("touch demo.ko")
        self.check("ok")
        self.check("ok")
        runs = (self.work / "build.log").read_text()
        self.assertNotIn("headers", runs)

    def test_own_make_follows_if_kbuild_makes_nothing(self):
        self.own("touch demo.ko", kbuild="true")
        self.check("ok")

    def test_own_make_gets_the_kernel_by_any_name(self):
        self.own(
            'case "$MAKEFLAGS" in *"KDIR=$KERNEL_SRC "*) >demo.ko ;; esac'
        )
        self.check("ok")

    def test_error_of_the_compiler_is_shown(self):
        error = "echo demo.c:1: error: x; exit 2"
        self.own("echo no; exit 1", kbuild=error)
        self.check("failed", "demo.c:1: error: x")
        self.own(error, kbuild="echo demo.c:2: error: no version.h; exit 2")
        self.check("failed", "demo.c:1: error: x")

    def test_own_make_does_not_follow_a_missing_symbol(self):
        error = 'ERROR: modpost: "crc32c" [demo.ko] undefined!'
        self.own("touch demo.ko", kbuild=f"echo '{error}'; exit 2")
        self.check("not for this kernel", "it does not export crc32c")


class Dkms(Builds):
    """A project with a dkms.conf."""

    def conf(self, *lines):
        """Write the dkms.conf."""
        text = "\n".join(("PACKAGE_NAME=demo", "PACKAGE_VERSION=1", *lines))
        self.write("dkms.conf", f"{text}\n")

    def test_default_command_builds_in_the_copy(self):
        self.conf()
        self.fake("make", 'echo "$*"; cd "${5#M=}" && touch demo.ko')
        done = self.check("ok")
        self.assertIn(
            f"KERNELRELEASE={RELEASE} -C {self.kernel}/headers M=",
            done.log.read_text(),
        )

    def test_only_named_modules_are_tested(self):
        self.conf("MAKE='touch demo.ko tests.ko'", "BUILT_MODULE_NAME=demo")
        self.assertEqual([m.name for m in self.check("ok").modules], ["demo"])

    def test_module_that_is_not_made(self):
        self.conf(
            "MAKE='mkdir src; touch src/demo.ko'", "BUILT_MODULE_NAME=demo"
        )
        self.check(
            "failed",
            "dkms.conf names demo.ko, which the build did not make: it made "
            "src/demo.ko",
        )

    def test_kernel_that_is_excluded(self):
        self.conf("MAKE='touch demo.ko'", "BUILD_EXCLUSIVE_KERNEL_MIN=7.0")
        self.check(
            "not for this kernel",
            'dkms.conf has BUILD_EXCLUSIVE_KERNEL_MIN="7.0"',
        )

    def test_module_that_is_excluded_is_not_tested(self):
        self.conf(
            "MAKE='touch a.ko b.ko'",
            "BUILT_MODULE_NAME[0]=a",
            "BUILT_MODULE_NAME[1]=b",
            "BUILD_EXCLUSIVE_KERNEL_MAX[1]=5.0",
        )
        self.assertEqual([m.name for m in self.check("ok").modules], ["a"])

    def test_error_has_the_path_in_the_project(self):
        self.conf(
            "MAKE='echo \"$dkms_tree/demo/1/build/demo.c:3: error: x\"; false'"
        )
        self.check("failed", "demo.c:3: error: x")

    def test_pre_build_decides(self):
        self.conf("PRE_BUILD='pre.sh x'", "MAKE='touch demo.ko'")
        for status, result, reason in (
            (0, "ok", ""),
            (
                77,
                "not for this kernel",
                "PRE_BUILD of dkms.conf exits with 77: too old",
            ),
            (1, "failed", "PRE_BUILD of dkms.conf fails with status 1"),
        ):
            with self.subTest(status=status):
                self.write("pre.sh", f"#!/bin/sh\necho too old\nexit {status}")
                (self.root / "pre.sh").chmod(0o755)
                self.check(result, reason)

    def test_pre_build_that_cannot_be_executed_is_left_out(self):
        self.conf("PRE_BUILD=pre.sh", "MAKE='touch demo.ko'")
        self.write("pre.sh", "#!/bin/sh\nexit 1\n")
        self.check("ok")

    def test_patch_is_applied_to_each_build(self):
        self.conf("PATCH[0]=a.patch", "MAKE='grep int.demo2 demo.c && >x.ko'")
        self.write(
            "patches/a.patch",
            "--- a/demo.c\n+++ b/demo.c\n@@ -1 +1 @@\n-int demo;\n+int demo2;\n",
        )
        self.write("demo.c", "int demo;\n")
        self.check("ok")
        self.check("ok")
        self.write("demo.c", "int other;\n")
        self.check("failed", "the patch a.patch of dkms.conf does not apply")


class Compiler(Builds):
    """The compiler, which must be the kernel's."""

    def words(self, config, *names, **environment):
        """Return the options for a kernel, with only these compilers."""
        (self.kernel / "config").write_text(config)
        kernel = headers.Headers(self.kernel)
        changed = {"CC": "", "LLVM": ""} | environment
        with unittest.mock.patch.dict(os.environ, changed):
            with unittest.mock.patch(
                "headers.shutil.which",
                lambda name: name if name in names else None,
            ):
                return headers.compiler_words(kernel)

    GCC = "CONFIG_CC_IS_GCC=y\nCONFIG_GCC_VERSION=990200\n"
    CLANG = "CONFIG_CC_IS_CLANG=y\nCONFIG_CLANG_VERSION=990102\n"
    LLD = f"{CLANG}CONFIG_LD_IS_LLD=y\n"

    def test_gcc(self):
        self.assertEqual(self.words(self.GCC, "gcc"), [])
        words = self.words(self.GCC, "gcc", "gcc-99")
        self.assertEqual(words, ["CC=gcc-99"])

    def test_clang(self):
        clang = "clang-99", "ld.lld-99"
        self.assertEqual(self.words(self.LLD, *clang), ["LLVM=-99"])
        self.assertEqual(self.words(self.LLD, "clang", "ld.lld"), ["LLVM=1"])
        self.assertEqual(self.words(self.CLANG, *clang), ["CC=clang-99"])
        with self.assertRaises(SystemExit) as ended:
            self.words(self.LLD, "clang")
        self.assertIn("was built with clang 99", str(ended.exception.code))

    def test_compiler_that_the_user_names(self):
        self.assertEqual(self.words(self.GCC, CC="my-cc"), ["CC=my-cc"])
        self.assertEqual(self.words(self.GCC, LLVM="1"), ["LLVM=1"])
