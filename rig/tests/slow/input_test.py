# SPDX-License-Identifier: GPL-2.0
"""Tests of the error messages for requests that cannot be fulfilled"""

import fcntl
import os
import shutil
import subprocess
import sys

import vm
from tests.base import HERE, KERNEL, KSRC, PROJECT, Scratch


class BadInput(Scratch):
    """Tests of the first line of the error message for each request."""

    def refused(self, *command, said, cwd=PROJECT, **environment):
        """Check that @command fails, with @said in its first line of stderr.

        The command gets a separate build directory, so that it cannot damage
        the results of this run.
        """
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name not in ("MAKEFLAGS", "MAKELEVEL", "KDIR")
        }
        inherited["O"] = str(self.scratch / "build")
        done = subprocess.run(
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env=dict(inherited, **environment),
        )
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(said, done.stderr.splitlines()[0])

    def kernel_source(self, version, patchlevel):
        """Make the files by which tools/run recognises a kernel source.

        Return the KSRC= that names it.
        """
        lib_mk = self.scratch / "tools/testing/selftests/lib.mk"
        lib_mk.parent.mkdir(parents=True)
        lib_mk.touch()
        (self.scratch / "Makefile").write_text(
            f"VERSION = {version}\nPATCHLEVEL = {patchlevel}\n"
        )
        return f"KSRC={self.scratch}"

    def test_kdir_that_is_not_there(self):
        self.refused(
            "make",
            "modules",
            "KDIR=/nowhere",
            said="KDIR=/nowhere is not there",
        )

    def test_kerneldir_and_kversion_mean_kdir(self):
        self.refused(
            "make",
            "modules",
            "KERNELDIR=/nowhere",
            said="KDIR=/nowhere is not there",
        )
        self.refused(
            "make",
            "modules",
            "KVERSION=0.1",
            said="KDIR=/lib/modules/0.1/build is not there",
        )

    def test_kdir_without_module_symvers(self):
        (self.scratch / "Makefile").touch()
        (self.scratch / ".config").touch()
        self.refused(
            "make",
            "modules",
            f"KDIR={self.scratch}",
            said="has no Module.symvers",
        )

    def test_ksrc_that_is_no_source(self):
        self.refused(
            "make",
            "kunit",
            "KSRC=/nowhere",
            said="KSRC=/nowhere is not a kernel source",
        )

    def test_ksrc_older_than_kunit_needs(self):
        self.refused(
            "make",
            "kunit",
            self.kernel_source(6, 1),
            said="is Linux 6.1: the suites need the source of 6.12",
        )

    def test_ksrc_that_is_not_clean(self):
        ksrc = self.kernel_source(6, 12)
        (self.scratch / ".config").touch()
        self.refused("make", "kunit", ksrc, said="has been built in")

    def test_tree_over_something_else(self):
        (self.scratch / "file").touch()
        self.refused(
            "make",
            "tree",
            self.kernel_source(6, 12),
            f"TREE={self.scratch}",
            said="exists, and rig/tree did not make it",
        )

    def test_unknown_kernel(self):
        self.refused(
            "make",
            "kselftest",
            "KERNEL=linux",
            said="KERNEL=linux is not known: use stock-6.1",
        )

    def test_unknown_target(self):
        self.refused(
            str(PROJECT / "tools/kselftest"),
            str(KERNEL.path),
            "nothing",
            said="TARGETS=nothing is not known: use some of: ",
        )

    def test_unknown_suite(self):
        self.refused(
            "make",
            "kunit",
            "SUITE=nothing",
            said="SUITE=nothing matches no suite: use one of ",
        )

    def test_what_is_no_number(self):
        for target in "soak", "fuzz":
            for words in "TIME=0", "TIME=ten", "SEED=-1", "SEED=4294967296":
                self.refused(
                    "make",
                    target,
                    f"KSRC={KSRC}",
                    words,
                    said=f"{words} is not a whole number from ",
                )
        for words in "LOADS=0", "LOADS=1e3", "CPUS=0", "CPUS=two":
            self.refused(
                "make",
                "soak",
                f"KSRC={KSRC}",
                words,
                said=f"{words} is not a whole number from ",
            )

    def test_no_qemu(self):
        self.refused(
            sys.executable,
            str(HERE / "vm.py"),
            "run",
            str(KERNEL.path),
            str(self.scratch / "run"),
            "true",
            said="install Debian's package qemu-system-x86",
            PATH=str(self.scratch),
        )

    def test_no_compiler(self):
        self.refused(
            str(HERE / "vm.py"),
            "run",
            str(KERNEL.path),
            str(self.scratch / "run"),
            "true",
            said="nothing-of-the-kind does not compile tsc_khz.c",
            CC="nothing-of-the-kind",
        )

    def test_no_space(self):
        path = self.fake("df", "printf 'x\\nx 9 9 9\\n'")
        self.refused(
            str(HERE / "kernel"),
            "get",
            "stock-6.0",
            said="MiB in ",
            PATH=path,
            O=str(self.offline("linux-headers-6.0.1-amd64")),
        )

    def test_no_network(self):
        path = self.fake(
            "apt-get",
            '[ "$1" = indextargets ] && '
            "echo Packages http://localhost:9/ here; exit 1",
        )
        self.refused(
            str(HERE / "kernel"),
            "get",
            "stock-6.0",
            said="cannot be fetched",
            PATH=path,
            O=str(self.scratch / "build"),
        )

    def offline(self, package):
        """Make a build directory in which rig/debian finds only @package.

        A fake apt-cache lists the package.
        """
        apt = self.scratch / "build/apt"
        apt.mkdir(parents=True)
        (apt / "updated").touch()
        self.fake("apt-cache", f"echo {package}")
        return apt.parent

    def test_missing_package_without_root(self):
        (self.scratch / "bin").mkdir()
        for name in ("sh", "dirname", "nproc", "cat", "mkdir", "tr"):
            (self.scratch / "bin" / name).symlink_to(shutil.which(name))
        self.fake("bin/id", "echo 1000")
        self.fake("bin/apt-get", "exit 1")
        done = subprocess.run(
            [str(HERE / "install-deps"), "style"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env=dict(os.environ, PATH=str(self.scratch / "bin")),
        )
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("codespell", done.stdout)
        self.assertRegex(done.stderr, '"apt-get install .*sparse.*" as root')

    def test_space_in_the_path(self):
        place = self.scratch / "a path"
        place.mkdir()
        shutil.copy(PROJECT / "Makefile", place)
        self.refused("make", "check", cwd=place, said="has a space in it")

    def test_space_in_the_build_directory(self):
        self.refused("make", "check", "O=a path", said="has a space in it")

    def test_second_run(self):
        (self.scratch / ".modproof").touch()
        with open(self.scratch / "lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.refused(
                "make",
                "kunit",
                f"O={self.scratch}",
                said="another run is using",
                MODPROOF_LOCKED="",
            )

    def test_second_run_does_not_need_a_name(self):
        self.refused(
            str(HERE / "supervise"),
            "false",
            said="cannot make a build directory",
            MODPROOF_LOCKED="",
            O="/proc/nowhere",
        )

    def test_dead_kvm(self):
        asked = vm.has_virtualisation
        vm.has_virtualisation = lambda: True
        try:
            accel, why = vm.accelerator(KERNEL)
        finally:
            vm.has_virtualisation = asked
        self.assertIn(accel, ("kvm", "tcg"))
        if not asked():
            self.assertEqual(accel, "tcg")
            self.assertIn("/dev/kvm", why)
