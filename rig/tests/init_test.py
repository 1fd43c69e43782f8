# SPDX-License-Identifier: GPL-2.0
"""Tests of the files that modproof init writes"""

import contextlib
import importlib.util
import io
import re
import shlex
import subprocess
import tomllib
from fnmatch import fnmatch
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

import check
import init
import programs
import project
import results
import suites
import vm
from tests.base import HERE, KERNEL, KSRC, Scratch
from trial import Trial

FILES = (
    "modproof.toml",
    "selftests/Makefile",
    "selftests/my-demo_test.c",
    ".github/workflows/modproof.yml",
    ".gitlab-ci.yml",
)
APT = "apt-get install -y git make python3 ca-certificates"


def parsed(text: str) -> Any:
    """Return what a YAML file contains, or None if there is no parser."""
    if not importlib.util.find_spec("yaml"):
        return None
    return importlib.import_module("yaml").safe_load(text)


class Written(Scratch):
    """A project for which the files are written."""

    def setUp(self):
        super().setUp()
        self.root = self.scratch / "demo"
        self.root.mkdir()
        self.write("Makefile", "obj-m := my-demo.o\n")

    def write(self, name, text):
        """Write a file of the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def begin(self, is_dry=False):
        """Write the files; return the path and the text of each line."""
        lines = init.begin(self.root, is_dry)
        return dict(re.split(r"  +", line, maxsplit=1) for line in lines)

    def files(self, root=None):
        """Return the files of a directory, with their content."""
        root = root or self.root
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file() and ".git" not in path.parts
        }


class Begin(Written):
    """Which files are written, and what is printed."""

    def test_each_file_is_written_and_told_of(self):
        told = self.begin()
        self.assertEqual(tuple(told), FILES)
        self.assertEqual(set(self.files()), {*FILES, "Makefile"})
        self.assertIn("fails until you write it", told[FILES[2]])
        for name in FILES[3:]:
            self.assertIn("MODPROOF_URL", told[name])

    def test_what_is_there_is_left(self):
        self.write(".gitlab-ci.yml", "mine: true\n")
        self.assertEqual(self.begin()[".gitlab-ci.yml"], init.IS_THERE)
        before = self.files()
        self.assertEqual(before[".gitlab-ci.yml"], b"mine: true\n")
        self.assertEqual(set(self.begin().values()), {init.IS_THERE})
        self.assertEqual(self.files(), before)

    def test_dangling_link_is_left(self):
        (self.root / "modproof.toml").symlink_to("gone")
        with contextlib.redirect_stderr(io.StringIO()):
            with self.assertRaises(SystemExit):
                self.begin()
        self.assertTrue((self.root / "modproof.toml").is_symlink())

    def test_source_without_a_module_gets_a_suite(self):
        self.write("my-demo.c", "int f(void)\n{\n}\nmodule_init(f);\n")
        self.write("sum-up.c", "int sum_up(int a)\n{\n\treturn a;\n}\n")
        self.write("sum-up.h", "int sum_up(int a);\n")
        told = self.begin()
        names = (".kunitconfig", "Kconfig", "Kbuild", "sum-up_kunit.c")
        for name in names:
            self.assertIn(f"kunit/{name}", told)
        self.assertIn("fails until you write it", told[f"kunit/{names[3]}"])
        text = self.files()[f"kunit/{names[3]}"].decode()
        self.assertIn('#include "../sum-up.h"\n', text)
        self.assertIn('.name = "sum_up",', text)
        found = suites.find(self.root, project.Config())
        self.assertEqual(found.names(), ["sum_up"])
        self.assertEqual(found.words(), {"SUM_UP_KUNIT_TEST": "m"})
        self.assertEqual(set(self.begin().values()), {init.IS_THERE})

    def test_project_with_suites_gets_no_other(self):
        self.write("sum-up.c", "int sum_up(int a)\n{\n\treturn a;\n}\n")
        for name in ".kunitconfig", "Kconfig", "Kbuild":
            self.write(f"t/{name}", "")
        self.assertFalse([n for n in self.begin() if n.startswith("kunit")])

    def test_dry_run_writes_nothing(self):
        self.assertEqual(tuple(self.begin(is_dry=True)), FILES)
        self.assertEqual(set(self.files()), {"Makefile"})

    def test_project_with_tests_gets_no_others(self):
        self.write("tests/a.sh", "#!/bin/sh\n")
        (self.root / "tests/a.sh").chmod(0o755)
        told = self.begin()
        for name in FILES[1:3]:
            self.assertEqual(told[name], "not written, since tests/ has tests")
        self.assertFalse((self.root / "selftests").exists())

    def test_tests_are_written_where_the_configuration_says(self):
        self.write("modproof.toml", '[tests]\ndirectory = "t"\n')
        self.assertIn("t/my-demo_test.c", self.begin())
        self.assertTrue(programs.need(self.root, "t").areas)

    def test_jobs_are_written_where_the_repository_begins(self):
        subprocess.run(["git", "init", "-q", self.scratch], check=True)
        told = self.begin()
        self.assertIn("../.gitlab-ci.yml", told)
        for name in FILES[3:]:
            text = (self.scratch / name).read_text()
            self.assertIn("modproof check demo --kernel $KERNEL\n", text)
            self.assertIn("modproof test demo --kernel $KERNEL\n", text)

    def test_directory_that_cannot_be_written(self):
        self.write("selftests", "a file")
        with self.assertRaises(SystemExit) as ended:
            self.begin()
        self.assertRegex(
            str(ended.exception.code), "^modproof: cannot write .*/selftests/"
        )


class Module(Written):
    """Which module the test loads."""

    def test_module_of_the_makefile(self):
        for text, name in (
            ("obj-m := a.o b.o", "a"),
            ("obj-m += \\\n\ta.o", "a"),
            ("obj-$(CONFIG_B) += b-c.o\nobj-m += d.o", "b-c"),
            ("obj-m := a.o demo.o", "demo"),
            ("obj-m := $(names) src/ a.o", "a"),
            ("obj-m := $(names)", "demo"),
        ):
            with self.subTest(text):
                self.write("Makefile", f"{text}\n")
                found = project.find(self.root)
                self.assertEqual(init.module_of(found), name)

    def test_module_of_dkms(self):
        self.write(
            "dkms.conf",
            "PACKAGE_NAME=x\nPACKAGE_VERSION=1\nBUILT_MODULE_NAME=my-y\n",
        )
        self.assertEqual(init.module_of(project.find(self.root)), "my-y")


class Content(Written):
    """What is in the files."""

    def setUp(self):
        super().setUp()
        self.begin()

    def read(self, name):
        """Return the text of a file."""
        return (self.root / name).read_text()

    def test_configuration_sets_nothing(self):
        self.assertEqual(project.find(self.root).config, project.Config())

    def test_configuration_has_each_key_at_its_default(self):
        text = re.sub(r"(?m)^#(?! )", "", self.read("modproof.toml"))
        tables = tomllib.loads(text)
        self.assertEqual(tables["modules"].keys(), {"my_demo"})
        tables["modules"] = tables["modules"]["my_demo"]
        ignored = tables["ignore"] = tables["ignore"][0]
        for name, keys in project.TABLES.items():
            self.assertEqual(tables[name].keys(), keys.keys(), name)
        config = project.parse(tomllib.loads(text), self.root)
        self.assertTrue(ignored["reason"] and config.ignore)
        self.assertEqual(config.kernels, list(check.KERNELS))
        self.assertEqual(config.guest.memory, vm.Machine.memory)
        self.assertEqual(
            config.modules["my_demo"], project.ModuleConfig(loads=check.LOADS)
        )
        config.ignore, config.modules, config.kernels = [], {}, []
        config.guest.memory = ""
        self.assertEqual(config, project.Config())

    def test_test_is_built_by_kselftest_as_it_is(self):
        where, names = programs.Builder(
            project.find(self.root),
            programs.need(self.root),
            self.scratch / "work",
            Path(KSRC),
            KERNEL.path / "headers",
        ).run()
        self.assertEqual(names, ["my-demo_test"])
        self.assertTrue((where / names[0]).exists())
        log = (self.scratch / "work/tests/build.log").read_text()
        self.assertNotIn("warning", log)

    def test_test_is_self_contained(self):
        text = self.read("selftests/my-demo_test.c")
        self.assertIn('"/run/ko/my-demo.ko"', text)
        self.assertIn('"my_demo"', text)
        self.assertTrue(text.startswith("// SPDX-License-Identifier: GPL-2.0"))
        own = re.findall(r'#include "(.*)"', text)
        self.assertEqual(own, ["kselftest_harness.h"])
        self.assertNotIn("@", text)

    def check_commands(self, text):
        """Check that modproof takes each of its commands in a text."""
        loader = SourceFileLoader("modproof", str(HERE / "modproof"))
        spec = importlib.util.spec_from_loader("modproof", loader)
        modproof = importlib.util.module_from_spec(spec)
        loader.exec_module(modproof)
        commands = re.findall(r"(?m)^ *- (?:run: )?modproof (.*)", text)
        self.assertEqual(
            [line.split()[0] for line in commands], ["check", "test"]
        )
        for kernel in check.KERNELS:
            for line in commands:
                words = shlex.split(line.replace("$KERNEL", kernel))
                args = modproof.make_parser().parse_args(words)
                self.assertEqual(args.directory, ".")
                self.assertEqual(
                    modproof.kernel_name(args.kernel[0], args.verb), kernel
                )

    def check_results(self, patterns):
        """Check that these patterns find the reports of check and test."""
        trial = Trial()
        found = check.results_of(trial).relative_to(results.build_dir())
        for name in "index.html", "junit.xml":
            for run in found, found / "tests":
                path = Path("projects/my-demo-0/") / run / name
                self.assertTrue(
                    any(
                        fnmatch(f"{path}", pattern.replace("**/", "*"))
                        for pattern in patterns
                    ),
                    path,
                )

    def test_jobs_at_github(self):
        text = self.read(".github/workflows/modproof.yml")
        self.assertIn(APT, text)
        self.check_commands(text)
        found = parsed(text)
        if found is None:
            return
        job = found["jobs"]["check"]
        self.assertEqual(found["env"]["MODPROOF_URL"], "")
        self.assertEqual(job["container"], "debian:12")
        kernels = job["strategy"]["matrix"]["kernel"]
        self.assertEqual(kernels, list(check.KERNELS))
        place = found["env"]["MODPROOF_CACHE"]
        used = {
            step["uses"].split("@")[0]: step
            for step in job["steps"]
            if "uses" in step
        }
        for name in "actions/cache/restore", "actions/cache/save":
            self.assertEqual(used[name]["with"]["path"], f"{place}/kernels")
        key = used["actions/cache/restore"]["with"]["key"]
        self.assertIn("${{ matrix.kernel }}", key)
        self.assertIn("hashFiles('**/modproof.toml'", key)
        kept = used["actions/upload-artifact"]
        paths = kept["with"]["path"].split()
        self.check_results([p.removeprefix(f"{place}/") for p in paths])
        for name in "actions/cache/save", "actions/upload-artifact":
            self.assertRegex(used[name]["if"], r"^always\(\)")

    def test_key_of_github_changes_with_the_kernels_configuration(self):
        text = self.read(".github/workflows/modproof.yml")
        where = re.search(r"git -C /opt/modproof rev-parse (.*)\)", text)[1]
        self.assertTrue((HERE.parent / where.split("HEAD:")[1]).is_dir())

    def test_jobs_at_gitlab(self):
        text = self.read(".gitlab-ci.yml")
        self.assertIn(APT, text)
        self.check_commands(text)
        found = parsed(text)
        if found is None:
            return
        job = found["modproof"]
        self.assertEqual(found["variables"]["MODPROOF_URL"], "")
        self.assertEqual(job["image"], "debian:12")
        kernels = job["parallel"]["matrix"][0]["KERNEL"]
        self.assertEqual(kernels, list(check.KERNELS))
        self.assertEqual(job["cache"]["paths"], ["kernels.tar"])
        self.assertEqual(job["cache"]["key"]["files"], ["modproof.toml"])
        self.assertIn("$KERNEL", job["cache"]["key"]["prefix"])
        self.assertEqual(job["artifacts"]["when"], "always")
        paths = job["artifacts"]["paths"]
        self.assertIn(job["artifacts"]["reports"]["junit"], paths)
        copied = job["after_script"][-1].split()
        self.assertEqual(copied[:2], ["cp", "-r"])
        self.assertEqual(copied[2], "$MODPROOF_CACHE/projects/*/results/.")
        top = "projects/*/results"
        self.check_results([p.replace(copied[3], top) for p in paths])
        for line in job["before_script"] + job["after_script"]:
            self.assertIsInstance(line, str)
