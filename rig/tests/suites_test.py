# SPDX-License-Identifier: GPL-2.0
"""Tests of how a project's KUnit suites are found"""

import contextlib
import io
import os
import subprocess
from pathlib import Path

import build
import ktap
import programs
import project
import suites
import test
from tests.base import HERE, KERNEL, PROJECT, Scratch

KCONFIG = """
config DEMO
	bool "a demo"

config DEMO_KUNIT_TEST
	# a remark
	tristate "tests" if !KUNIT_ALL_TESTS
	depends on KUNIT
"""
KUNITCONFIG = """
CONFIG_KUNIT=y
CONFIG_DEMO=y
CONFIG_DEMO_KUNIT_TEST=y
# CONFIG_PCI is not set
"""
# Two suites in one section, as kunit_test_suites() puts their addresses there:
# relative to a section, and to a symbol that readelf lists.
OBJECT = """
struct kunit_suite { char name[256]; int more; };
static struct kunit_suite one = { .name = "one" };
struct kunit_suite two = { .name = "two-2" };
static struct kunit_suite *all[]
__attribute__((used, section(".kunit_test_suites"))) = { &one, &two };
"""


class Own(Scratch):
    """A project with suites of its own."""

    def setUp(self):
        super().setUp()
        self.root = self.scratch / "a demo"
        self.root.mkdir()

    def write(self, name, text=""):
        """Write a file of the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def write_suite(self, where):
        """Write a directory with a suite."""
        self.write(f"{where}/.kunitconfig", KUNITCONFIG)
        self.write(f"{where}/Kconfig", KCONFIG)
        self.write(f"{where}/Kbuild")
        self.write(
            f"{where}/demo_kunit.c",
            'static struct kunit_suite demo = {\n\t.name = "demo",\n};\n',
        )

    def find(self, **config):
        """Return the suites of the project."""
        return suites.find(self.root, project.Config(**config))


class Find(Own):
    """Which suites a project has."""

    def test_directories_with_suites(self):
        self.write_suite("lib/kunit")
        self.write_suite("build/kunit")
        self.write("build/.modproof")
        found = self.find()
        self.assertEqual(found.directories, [Path("lib/kunit")])
        self.assertEqual(found.names(), ["demo"])
        self.assertEqual(found.tree, "a-demo")
        self.assertEqual(self.find(tree="drivers/a").tree, "drivers/a")

    def test_project_without_suites(self):
        self.assertFalse(self.find())

    def test_symbols(self):
        self.write_suite(".")
        found = self.find()
        words = {"DEMO": "y", "DEMO_KUNIT_TEST": "m"}
        self.assertEqual(found.words(), words)
        self.assertEqual(found.kernel_symbols(), ["KUNIT"])

    def test_file_that_is_missing(self):
        for name in "Kconfig", "Kbuild":
            self.write_suite("kunit")
            (self.root / "kunit" / name).unlink()
            error = io.StringIO()
            with (
                self.subTest(name),
                self.assertRaises(SystemExit),
                contextlib.redirect_stderr(error),
            ):
                self.find()
            self.assertRegex(error.getvalue(), r"\Amodproof: [^\n]*\n\Z")
            said = f"kunit/.kunitconfig has no {name}"
            self.assertIn(said, error.getvalue())

    def test_suites_alone_are_tests(self):
        self.write_suite("kunit")
        self.assertFalse(programs.need(self.root, has_suites=True))

    def test_suites_run_under_uml_first(self):
        self.write_suite("kunit")
        config = project.Config()
        for tests, pattern, kernels in (
            (programs.Tests(self.root), "*", ["uml"]),
            (programs.Tests(self.root), "demo.a*", ["uml"]),
            (
                programs.Tests(self.root, programs=["a"]),
                "*",
                ["uml", "stock-6.12"],
            ),
            (programs.Tests(self.root, programs=["a"]), "a", ["stock-6.12"]),
        ):
            with self.subTest(pattern=pattern, kernels=kernels):
                found = test.kernels(config, tests, self.find(), pattern)
                self.assertEqual(found, kernels)


class Modules(Own):
    """Which suites a module has."""

    def compile(self, source):
        """Compile a source; return the module that it stands for."""
        path = self.scratch / "demo.ko"
        subprocess.run(
            ["gcc", "-g", "-c", "-o", path, "-x", "c", "-"],
            input=source,
            text=True,
            check=True,
        )
        return build.Module("demo", path, [])

    def test_names_in_a_module(self):
        module = self.compile(OBJECT)
        names = {"one": "demo", "two-2": "demo"}
        self.assertEqual(suites.modules_of([module]), names)
        self.assertEqual(suites.modules_of([self.compile("int x;")]), {})

    def test_name_that_two_modules_have(self):
        module = self.compile(OBJECT)
        with self.assertRaisesRegex(build.Stopped, 'both have a suite "one"'):
            suites.modules_of([module, module])

    def test_name_that_cannot_be_selected(self):
        module = self.compile(OBJECT.replace("two-2", "a * b"))
        with self.assertRaisesRegex(build.Stopped, r'"a \* b" of demo.ko'):
            suites.modules_of([module])


class Places(Own):
    """The paths in what KUnit prints."""

    def test_path_is_that_in_the_project(self):
        inner = ktap.Test("case")
        for printed in "a-demo/kunit/x.c:7", "../kunit-src/kunit/x.c:7":
            inner.diagnostics = [f"# case: EXPECTATION FAILED at {printed}"]
            suites.set_places(ktap.Test(children=[inner]), "a-demo")
            self.assertEqual(
                inner.diagnostics,
                ["# case: EXPECTATION FAILED at kunit/x.c:7"],
            )


class Here(Scratch):
    """The suites of this project, as the shell tools read them."""

    def run_kunit(self, *words):
        """Run rig/kunit; return its exit status and its output."""
        done = subprocess.run(
            [HERE / "kunit", *words],
            env=os.environ | {"srctree": str(PROJECT), "O": str(self.scratch)},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout.split(), done.stderr

    def test_all_suites_are_listed(self):
        status, names, _ = self.run_kunit("suites")
        self.assertEqual(status, 0)
        sources = (PROJECT / "kunit").glob("*_kunit.c")
        stems = {path.name.removesuffix("_kunit.c") for path in sources}
        self.assertEqual(set(names), stems)

    def test_glob_selects_suites(self):
        status, names, _ = self.run_kunit("suites", "deque*")
        self.assertEqual((status, names), (0, ["deque", "deque_proto"]))
        status, names, error = self.run_kunit("suites", "dequeue")
        self.assertEqual((status, names), (1, []))
        self.assertIn("dequeue matches no suite: use one of", error)


class Build(Own):
    """Building suites as modules."""

    def test_kernel_without_kunit_cannot_have_them(self):
        if "CONFIG_KUNIT=" in (KERNEL.path / "config").read_text():
            self.skipTest("the kernel has KUnit")
        self.write_suite("kunit")
        found = project.Project(self.root, "demo", project.Config(), "kbuild")
        work = self.scratch / "work/kunit"
        builder = suites.Builder(found, self.find(), KERNEL.path, work, [])
        built = builder.build_alone()
        self.assertEqual(built.status, build.NOT_FOR_THIS_KERNEL)
        self.assertEqual(built.reason, "it lacks CONFIG_KUNIT")
