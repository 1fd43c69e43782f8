# SPDX-License-Identifier: GPL-2.0
"""Tests of "make kunit ARCH=", with fake compilers, kernels and QEMUs"""

import shutil
from pathlib import Path

from tests.base import KSRC, Scratch, make, replace_tools

# A kernel source as far as rig/tree and kunit.py need it.
SOURCE = {
    "Kbuild": "",
    "Kconfig": "",
    "Makefile": "VERSION = 6\nPATCHLEVEL = 12\n",
    "tools/testing/selftests/lib.mk": "",
}
PROJECT = {
    ".kunitconfig": "CONFIG_KUNIT=y\n",
    "Kbuild": "",
    "Kconfig": "",
    "a_kunit.c": 'struct kunit_suite a = {\n\t.name = "demo",\n};\n',
}
# Of these, "vax" has no compiler and "pdp" is unknown to rig/architectures.
ARCHITECTURES = """# comment
i386	-	qemu-system-i386	qemu-system-x86
s390	s390x-linux-gnu-	qemu-system-s390x	qemu-system-misc
vax	vax-linux-gnu-	qemu-system-vax	qemu-system-misc
"""
CONFIG = """from ..qemu_config import QemuArchParams
QEMU_ARCH = QemuArchParams(linux_arch='{0}', kconfig='', qemu_arch='{0}',
    kernel_path='vmlinux', kernel_command_line='', extra_qemu_params=[])
"""
# As the kernel prints it on a serial port, after what the firmware prints.
GREEN = """cat <<END
SeaBIOS
[    0.1] KTAP version 1
[    0.1] 1..1
[    0.1]     KTAP version 1
[    0.1]     # Subtest: demo
[    0.1]     1..1
[    0.1]     ok 1 fact
[    0.1] ok 1 demo
END"""
RED = GREEN.replace("ok 1", "not ok 1")
# make for the builds of a kernel, which it only records.
MAKE = 'echo "$* $MAKEFLAGS" >>{log}'


class Arch(Scratch):
    """A project, a kernel source, and what runs instead of the tools."""

    def setUp(self):
        super().setUp()
        self.project = self.house("house")
        self.write(self.project, PROJECT)
        (self.project / "rig/architectures").write_text(ARCHITECTURES)
        self.source = self.scratch / "source"
        self.write(self.source, SOURCE)
        kunit = "tools/testing/kunit"
        shutil.copytree(
            Path(KSRC) / kunit,
            self.source / kunit,
            ignore=shutil.ignore_patterns("test_data", "__pycache__"),
        )
        configs = self.source / kunit / "qemu_configs"
        shutil.rmtree(configs)
        names = ("i386", "pdp", "s390", "vax")
        self.write(configs, {f"{n}.py": CONFIG.format(n) for n in names})
        self.made = self.scratch / "made"
        self.fake("apt-get", "exit 1")
        self.fake("s390x-linux-gnu-gcc", "exit 1")
        self.fake("qemu-system-i386", GREEN)
        self.path = self.fake("qemu-system-s390x", GREEN)
        # The fake configuration names the fake QEMU as it names the kernel.
        shutil.copy(
            self.scratch / "qemu-system-s390x",
            self.scratch / "qemu-system-s390",
        )

    def write(self, directory, files):
        """Write these files in @directory."""
        for name, text in files.items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def make(self, *words):
        """Run "make kunit"; return its exit status and its errors."""
        source = f"KSRC={self.source}"
        done = make(
            self.project, "kunit", source, *words, env={"PATH": self.path}
        )
        return done.returncode, done.stderr

    def check_refused(self, line, *words):
        """Check that these words are refused, with one line."""
        status, error = self.make(*words)
        self.assertEqual(status, 2)
        said, makes = error.splitlines()
        self.assertEqual(said, f"modproof: {line}")
        self.assertTrue(makes.startswith("make: ***"), makes)


class Words(Arch):
    """What the user types."""

    def test_unknown_architecture_is_told_with_those_that_are_known(self):
        for name in "z80", "pdp":
            self.check_refused(
                f"ARCH={name} is not an architecture that kunit.py runs in "
                "QEMU and Debian compiles for: use all or one of "
                "i386 s390 vax",
                f"ARCH={name}",
            )
        self.assertFalse(self.made.exists())

    def test_architecture_is_not_passed_to_the_kernels_build(self):
        """rig/kunit sets the build's ARCH=, because it may be "all" here."""
        replace_tools(
            self.project, {"run": 'echo "$KUNIT_ARCH, $KBUILD_ARGS"'}
        )
        done = make(self.project, "kunit", "ARCH=all", "V=1")
        self.assertEqual(done.stdout, "all, V=1\n", done.stderr)

    def test_two_architectures_are_refused(self):
        self.check_refused(
            'ARCH="i386 s390" has several names: type one of them, or all',
            "ARCH=i386 s390",
        )

    def test_architecture_that_the_source_lacks_is_unknown(self):
        configs = self.source / "tools/testing/kunit/qemu_configs"
        (configs / "s390.py").unlink()
        status, error = self.make("ARCH=s390")
        self.assertEqual(status, 2)
        self.assertIn("use all or one of i386 vax\n", error)

    def test_kernel_has_its_own_architecture(self):
        self.check_refused(
            "KERNEL=latest has its own architecture: leave out KERNEL= or "
            "ARCH=",
            *("ARCH=s390", "KERNEL=latest"),
        )

    def test_architecture_selects_the_compiler(self):
        self.check_refused(
            "ARCH= selects the compiler: leave out CC= and LLVM=, or ARCH=",
            *("ARCH=s390", "CC=clang"),
        )


class Run(Arch):
    """Runs of kernels."""

    def setUp(self):
        super().setUp()
        self.path = self.fake("make", MAKE.format(log=self.made))

    def kunit(self, arch, **environment):
        """Run what "make kunit" runs; return its exit status and its output.

        make would put the directory of the interpreter before the fake tools.
        """
        return self.run_tool(
            *(self.project / "tools/run", "kunit"),
            **{"KSRC": str(self.source), "srctree": str(self.project)},
            **{"KUNIT_ARCH": arch, "SUITE": "", "PATH": self.path},
            **environment,
        )

    def test_suites_run_in_a_kernel_of_the_architecture(self):
        status, said = self.kunit("s390", KBUILD_ARGS="V=1")
        self.assertEqual(status, 0, said)
        self.assertRegex(said, r"(?m)^kunit-s390 +demo +1 +0 +0")
        made = self.made.read_text()
        for line in made.splitlines():
            self.assertIn("ARCH=s390", line)
            self.assertIn("CROSS_COMPILE=s390x-linux-gnu-", line)
            self.assertRegex(line, "CC=.*s390x-linux-gnu-gcc")
        self.assertIn(f"O={self.scratch}/kunit-arch/s390 ", made)
        self.assertIn("olddefconfig", made)
        junit = self.scratch / "results/kunit-s390/junit.xml"
        self.assertIn('name="fact"', junit.read_text())

    def test_second_build_makes_no_configuration(self):
        _, said = self.kunit("s390")
        self.assertIn("building the kernel for s390\n", said)
        self.made.unlink()
        status, said = self.kunit("s390")
        self.assertEqual(status, 0, said)
        self.assertNotIn("building", said)
        made = self.made.read_text()
        self.assertEqual(made.count("\n"), 1)
        self.assertIn("ARCH=s390", made)
        self.assertIn("CROSS_COMPILE=s390x-linux-gnu-", made)
        self.assertRegex(made, "CC=.*s390x-linux-gnu-gcc")

    def test_compiler_of_the_host_has_no_prefix(self):
        status, said = self.kunit("i386")
        self.assertEqual(status, 0, said)
        self.assertRegex(self.made.read_text(), r"CC=(ccache )?gcc\b")

    def test_report_of_a_bug_in_the_kernels_log_is_a_failure(self):
        bug = "echo '[    0.2] BUG: sleeping function called'"
        self.fake("qemu-system-s390", f"{GREEN}\n{bug}")
        status, said = self.kunit("s390")
        self.assertEqual(status, 1)
        self.assertIn("kunit-s390: BUG: sleeping function called", said)

    def test_all_architectures_have_a_line_each_though_some_fail(self):
        """One fails by a test, and one because Debian lacks its compiler."""
        self.fake("qemu-system-s390", RED)
        status, said = self.kunit("all")
        self.assertEqual(status, 1)
        table = said[said.index("\nrun ") :]
        self.assertRegex(table, r"(?m)^kunit-i386 +all +1 +0 +0 +\d")
        self.assertRegex(table, r"(?m)^kunit-s390 +all +0 +1 +0 +\d")
        self.assertRegex(table, r"(?m)^kunit-vax +all +0 +1 +0 *$")
        self.assertIn("make kunit SUITE=demo.fact ARCH=s390\n", table)
        self.assertRegex(table, r"apt-get could\s+not\s+install.*gcc-vax")
        self.assertTrue(said.endswith("\n1 passed, 2 failed, 0 skipped\n"))

    def test_guest_that_does_not_end_is_ended_and_fails(self):
        started = "echo 'KTAP version 1'; echo 1..1"
        self.fake("qemu-system-s390", f"{started}; exec sleep 1000")
        status, said = self.run_tool(
            *(self.project / "rig/kunit", "s390", "kunit-s390"),
            PATH=self.path,
            KSRC=str(self.source),
            RIG_QEMU_TIMEOUT="1",
            srctree=str(self.project),
        )
        self.assertEqual(status, 1, said)
        run = self.scratch / "results/kunit-s390/run.json"
        self.assertIn(
            "the kernel for s390 did not end within 1 seconds, so kunit.py "
            "ended it",
            run.read_text(),
        )
