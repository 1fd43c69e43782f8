# SPDX-License-Identifier: GPL-2.0
"""Tests of how modules are built, installed and indexed for any kernel"""

import os
import re
import shutil
import subprocess
import tempfile

from tests.base import HERE, PROJECT
from tests.slow.kernels_test import PACKERS, RELEASE, Fakes


class Compiler(Fakes):
    """The compiler of the modules, which must be that of the kernel."""

    SAYS = 'CC = cc\nmodules:\n\t@echo "CC=$(CC) LLVM=$(LLVM)"; false\n'

    def build(self, *symbols, **environment):
        """Run a build for a kernel with these symbols; return the output.

        The kernel's makefile prints the compiler and fails.
        """
        headers = self.kernel(f"fake{len(symbols)}") / "headers"
        (headers / "include/config").mkdir(parents=True)
        (headers / "include/config/auto.conf").write_text(
            "".join(f"CONFIG_{symbol}\n" for symbol in symbols)
        )
        (headers / "Makefile").write_text(self.SAYS)
        inherited = {"O": str(self.scratch / "build"), "KBUILD_ARGS": ""}
        done = subprocess.run(
            [PROJECT / "tools/modules", "build", headers.parent],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | inherited | environment,
        )
        self.assertNotEqual(done.returncode, 0)
        return done.stdout + done.stderr

    def path(self, *names, alone=False):
        """Create fake compilers; return a PATH that finds them.

        If @alone is true, the PATH has no other version of clang.
        """
        for name in names:
            self.fake(name, "echo 12")
        if not alone:
            return f"{self.scratch}:{os.environ['PATH']}"
        for tool in "awk cp df dirname find flock make mkdir nproc rm".split():
            (self.scratch / tool).symlink_to(shutil.which(tool))
        for tool in "date gcc grep rsync sed sh tee touch tr".split():
            if tool not in names:
                (self.scratch / tool).symlink_to(shutil.which(tool))
        return str(self.scratch)

    CLANG = ("CC_IS_CLANG=y", "CLANG_VERSION=990102")
    LLD = (*CLANG, "LD_IS_LLD=y")

    def test_clang_of_the_kernel_is_taken(self):
        path = self.path("clang-99", "ld.lld-99")
        self.assertIn("LLVM=-99\n", self.build(*self.LLD, PATH=path))

    def test_clang_of_another_version_is_taken_where_there_is_no_other(self):
        path = self.path("clang", "ld.lld", alone=True)
        self.assertIn("LLVM=1\n", self.build(*self.LLD, PATH=path))

    def test_linker_of_the_kernel_stays(self):
        path = self.path("clang-99")
        said = self.build(*self.CLANG, PATH=path)
        self.assertIn("CC=clang-99 LLVM=\n", said)

    def test_compiler_that_the_user_names_is_taken(self):
        path = self.path("clang-99", "ld.lld-99")
        said = self.build(*self.LLD, PATH=path, KBUILD_ARGS="CC=my\\ cc")
        self.assertIn("CC=my cc LLVM=\n", said)
        said = self.build(*self.CLANG, PATH=path, KBUILD_ARGS="LLVM=-7")
        self.assertIn("LLVM=-7\n", said)

    def test_lack_of_clang_is_one_line(self):
        path = self.path("clang-99", alone=True)
        self.assertEqual(
            self.build(*self.LLD, PATH=path),
            "modproof: the kernel fake3 was built with "
            "clang 99, and there is no clang with its linker "
            "here: install clang and lld, or type CC=gcc\n",
        )

    def test_gcc_of_the_kernel_is_taken(self):
        path = self.path("gcc-99")
        said = self.build("CC_IS_GCC=y", "GCC_VERSION=990200", PATH=path)
        self.assertIn("CC=gcc-99 LLVM=\n", said)

    def test_other_gcc_is_named_if_nothing_builds(self):
        version = 'CC_VERSION_TEXT="gcc-98 98.2"'
        self.SAYS = "modules:\n\t@echo '  You are using:   gcc 12'; false\n"
        said = self.build("CC_IS_GCC=y", "GCC_VERSION=980200", version)
        self.assertIn('another compiler, "gcc-98 98.2", than "gcc 12"', said)


class Built(Fakes):
    """A kernel whose headers build and install one module."""

    INSTALLS = (
        "to = $(INSTALL_MOD_PATH)/lib/modules/{release}/updates\n"
        "modules:\n\techo x/some.o >$(M)/modules.order\n"
        "\tcd $(M) && awk '/^userprogs/ {{ print $$NF }}' modules/*/Kbuild |"
        " xargs touch\n"
        "modules_install:\n\tmkdir -p $(to)\n\tcp {module} $(to)/some.ko\n"
        '\t[ "$(DEPMOD)" = true ] || echo Skipping depmod\n'
    )

    def run_modules(self, verb, kernel, path=os.environ["PATH"]):
        """Run tools/modules; return the status and the error message."""
        module = self.scratch / "some.ko"
        self.module(module)
        (kernel / "headers/include/config").mkdir(parents=True)
        (kernel / "headers/include/config/auto.conf").touch()
        (kernel / "headers/Makefile").write_text(
            self.INSTALLS.format(release=RELEASE, module=module)
        )
        done = subprocess.run(
            [PROJECT / "tools/modules", verb, kernel],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ
            | {
                "O": str(self.scratch / "build"),
                "INSTALL_MOD_PATH": str(self.scratch / "root"),
                "PATH": path,
                "KBUILD_ARGS": "",
            },
        )
        complaint = [
            line
            for line in done.stderr.splitlines()
            if line.startswith("modproof: ")
        ]
        return done.returncode, complaint


class Install(Built):
    """Tests that install modules; the kernel's headers lack System.map."""

    def install(self, config="", path=os.environ["PATH"]):
        """Install a module; return the status and the error message."""
        kernel = self.kernel()
        (kernel / "config").write_text(config)
        return self.run_modules("install", kernel, path)

    def test_modprobe_finds_what_is_installed(self):
        self.assertEqual(self.install(), (0, []))
        found = subprocess.run(
            ["modprobe", "-d", str(self.scratch / "root"), "-S", RELEASE]
            + ["--show-depends", "some"],
            capture_output=True,
            text=True,
            check=True,
        )
        self.assertRegex(found.stdout, "^insmod .*/updates/some.ko")

    def test_failure_of_depmod_is_one(self):
        status, complaint = self.install(path=self.fake("depmod", "exit 1"))
        self.assertEqual(status, 1)
        self.assertIn("depmod fails for ", *complaint)

    def test_module_that_depmod_does_not_list_is_a_failure(self):
        dep = self.scratch / "root/lib/modules" / RELEASE / "modules.dep"
        path = self.fake("depmod", f"echo updates/other.ko: >{dep}")
        status, complaint = self.install(path=path)
        self.assertEqual(status, 1)
        self.assertIn("depmod does not list what is installed", *complaint)
        self.assertIn("(some)", *complaint)

    def test_module_that_the_kernel_would_refuse_is_a_failure(self):
        status, complaint = self.install("CONFIG_MODULE_SIG_FORCE=y\n")
        self.assertEqual(status, 1)
        self.assertIn("the modules are not signed", *complaint)


class Guest(Built):
    """Tests of the index of a guest's modules and its kernel's modules."""

    def index(self, kernel):
        """Make the modules for a guest; return those in their index."""
        self.assertEqual(self.run_modules("guest", kernel), (0, []))
        ours = self.scratch / "build/vm" / kernel.name / "modules"
        dep = (ours / "modules.dep").read_text()
        return sorted(re.findall(r"^(.*?):", dep, re.M))

    def test_kernel_may_lie_on_another_file_system(self):
        kernel = self.kernel(modular=["OVERLAY_FS"])
        theirs = kernel / "lib/modules" / RELEASE
        with tempfile.TemporaryDirectory(dir="/dev/shm") as elsewhere:
            shutil.move(theirs, elsewhere)
            theirs.symlink_to(f"{elsewhere}/{RELEASE}")
            self.assertEqual(
                self.index(kernel), ["kernel/overlay.ko", "updates/some.ko"]
            )

    def test_kernel_may_have_no_modules(self):
        self.assertEqual(self.index(self.kernel()), ["updates/some.ko"])

    def test_each_compression_of_kmod_is_in_the_index(self):
        """The index has all of the kernel's modules.

        A module that modprobe on this host cannot read is in it uncompressed.
        """
        for suffix in PACKERS:
            kernel = self.kernel(suffix, ["OVERLAY_FS"], suffix)
            found = self.index(kernel)
            self.assertIn("updates/some.ko", found)
            self.assertTrue(
                {"kernel/overlay.ko", f"kernel/overlay{suffix}"} & set(found)
            )
