# SPDX-License-Identifier: GPL-2.0
"""Tests of the variables that a user types after make, or exports"""

import re
import shutil
from pathlib import Path

from tests.base import KSRC, PROJECT, Scratch, make

UNFIT = " \t#'\"()$&;|*,=:%?[]{}<>!\\`^"


def make_form(text):
    """Return a path as a user types it in a variable of make."""
    return text.replace("$", "$$").replace("#", "\\#")


def targets():
    """Return the targets that "make help" lists."""
    done = make(PROJECT, "help")
    return re.findall(r"^  (\w[\w-]*) {2,}[A-Z]", done.stdout, re.M)


class Variables(Scratch):
    """Tests that make either uses or refuses each variable."""

    def setUp(self):
        super().setUp()
        self.project = self.house(run='env >"$O/env"')

    def environment(self, target, *args, env=None):
        """Run make; return the environment that tools/run gets, and stderr."""
        done = make(self.project, target, *args, env=env)
        self.assertEqual(done.returncode, 0, done.stderr)
        text = (self.project / "build/env").read_text()
        return (
            dict(
                line.split("=", 1) for line in text.splitlines() if "=" in line
            ),
            done.stderr,
        )

    def check_refused(self, target, word, said):
        """Check that @word is refused, in one line that contains @said."""
        done = make(self.project, target, word)
        self.assertEqual(done.returncode, 2)
        self.assertIn(said, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_help_lists_every_target(self):
        text = (PROJECT / "Makefile").read_text()
        self.assertEqual(
            set(targets()), set(re.findall(r"^vars-([\w-]+) :=", text, re.M))
        )

    def test_misspelt_ones_are_refused(self):
        for target, word, right in (
            ("kselftest", "TARGET=proc", "TARGETS="),
            ("kunit", "SUITES=deque", "SUITE="),
            ("check", "KERNELS=stock-6.1", "KERNEL="),
            ("soak", "LOAD=1", "LOADS="),
        ):
            self.check_refused(target, word, f"{word.split('=')[0]}= means")
            self.check_refused(target, word, right)

    def test_those_of_other_targets_are_refused(self):
        for target, word in (
            ("kunit", "TARGETS=proc"),
            ("kselftest", "SKIP_TARGETS=proc"),
            ("modules", "SUITE=deque"),
            ("clean", "KERNEL=latest"),
        ):
            self.check_refused(target, word, "means nothing to")

    def test_all_targets_refuse_what_they_do_not_know(self):
        for target in targets():
            self.check_refused(target, "FROB=1", f'to "make {target}"')

    def test_two_targets_take_what_either_takes(self):
        done = make(self.project, "style", "errata", "FILES=lib/deque.c")
        self.assertEqual(done.returncode, 0, done.stderr)

    def names_of(self, target):
        """Return the variables that a target takes, from its error message."""
        said = make(self.project, target, "FROB=1").stderr
        return re.findall(r"(\w+)=", said.partition("type one of")[2])

    def test_what_tools_read_is_passed_on(self):
        """Each variable that a target takes reaches a tool under some name."""
        other = {"KERNELDIR": "KDIR", "KVERSION": "KDIR"}
        taken = {target: self.names_of(target) for target in targets()}
        del taken["help"]
        left = set().union(*taken.values()) - {"O", *other}
        self.assertGreater(len(left), 20)
        while left:
            target = max(taken, key=lambda name: len(left & set(taken[name])))
            names = left & set(taken[target])
            seen, _ = self.environment(
                target, *(f"{name}={name}17" for name in names)
            )
            args = seen["KBUILD_ARGS"].split()
            for name in names:
                self.assertIn(
                    f"{name}17",
                    (seen.get(name), *(arg.split("=")[1] for arg in args)),
                    target,
                )
            left -= names
        for name, passed_on in other.items():
            seen, _ = self.environment("modules", f"{name}=x17")
            self.assertIn("x17", seen[passed_on])

    def test_compiler_is_what_was_typed(self):
        for typed, compiler in (
            ("CC=clang-14", "clang-14"),
            ("LLVM=1", "clang"),
            ("LLVM=-14", "clang-14"),
            ("LLVM=/opt/llvm/bin/", "/opt/llvm/bin/clang"),
        ):
            script = '. "$(dirname "$0")/../rig/common.sh"; compiler >"$O/env"'
            house = self.house(f"house{len(typed)}", run=script)
            self.assertEqual(make(house, "kunit", typed).returncode, 0)
            said = (house / "build/env").read_text().split()
            self.assertEqual(said[-1], compiler)

    def test_values_with_spaces_reach_kbuild_whole(self):
        (self.scratch / "Makefile").write_text(
            "all:\n\t@printf '<%s> ' '$(CF)' '$(origin CF)' '$(V)'\n"
        )
        script = (
            '. "$(dirname "$0")/../rig/common.sh"; '
            f'typed_make -s -C "{self.scratch}" >"$O/env"'
        )
        house = self.house("spaces", run=script)
        done = make(house, "modules", "V=1", "CF=-a  b\\c -d")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(
            (house / "build/env").read_text(),
            "<-a  b\\c -d> <command line> <1> ",
        )

    def kbuild_names(self):
        """Return the variables that the kernel's documentation names."""
        names = set()
        for page in "kbuild", "kconfig":
            text = Path(KSRC, f"Documentation/kbuild/{page}.rst").read_text()
            names |= set(re.findall(r"^([A-Z][A-Z_]+)\n-+$", text, re.M))
            names |= set(re.findall(r"``(K[A-Z_]+)``", text))
        self.assertIn("KCFLAGS", names)
        self.assertIn("ARCH", names)
        self.assertGreater(len(names), 40)
        return names

    def test_environment_does_not_reach_kbuild(self):
        names = self.kbuild_names() | {
            *("ARCH", "SUBARCH", "CROSS_COMPILE", "CFLAGS", "LDFLAGS", "M"),
            *("CPPFLAGS", "CPATH", "C_INCLUDE_PATH", "LIBRARY_PATH", "HOSTCC"),
            *("BASH_ENV", "ENV", "CDPATH", "GREP_OPTIONS", "TAR_OPTIONS"),
            *("PYTHONPATH", "PYTHONHOME", "POSIXLY_CORRECT", "RSYNC_RSH"),
            *("MAKEFILES", "V", "W", "C", "CF", "CHECK", "CC", "LLVM"),
        }
        ours = {"INSTALL_MOD_PATH", "INSTALL_PATH"}
        strange = {name: "strange" for name in names - ours - {"MAKEFILES"}}
        seen, said = self.environment("modules", env=strange)
        self.assertEqual(
            [name for name, value in seen.items() if "strange" in value], []
        )
        self.assertIn("ARCH", said)
        self.assertIn("not used", said)
        self.assertEqual(len(said.splitlines()), 1)

    def test_variables_of_the_project_may_be_exported(self):
        seen, said = self.environment("modules", env={"KERNEL": "stock-6.1"})
        self.assertEqual(seen["KERNEL"], "stock-6.1")
        self.assertEqual(said, "")

    def test_makefile_is_found_from_elsewhere(self):
        elsewhere = self.scratch / "elsewhere"
        elsewhere.mkdir()
        makefile = self.project / "Makefile"
        done = make(elsewhere, "-f", makefile, "modules")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((self.project / "build/env").exists())
        self.assertEqual(list(elsewhere.iterdir()), [])
        self.assertIn("Targets:", make(elsewhere, "-f", makefile).stdout)


class Paths(Scratch):
    """Tests of paths with characters that are special for make or a shell."""

    def setUp(self):
        super().setUp()
        self.project = self.house(run=":")

    def check_refused(self, done, character):
        """Check that make names @character in one line, and creates no file."""
        name = "space" if character.isspace() else character
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn(f"has a {name} in it", done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertFalse((self.project / "build").exists())

    def test_in_what_is_typed(self):
        names = {
            "modules_install": ("O", "KDIR", "KERNELDIR", "INSTALL_MOD_PATH"),
            "programs": ("INSTALL_PATH",),
            "tree": ("KSRC", "TREE"),
        }
        for target, variables in names.items():
            for variable in variables:
                for character in UNFIT if variable == "O" else "'$& ":
                    path = make_form(f"{self.scratch}/a{character}b")
                    done = make(self.project, target, f"{variable}={path}")
                    self.check_refused(done, character)
                    self.assertIn(f"{variable}=", done.stderr)

    def test_in_the_path_of_the_checkout(self):
        for character in UNFIT:
            place = self.scratch / f"a{character}touch hurt{character}b"
            shutil.move(self.project, place)
            done = make(place, "modules")
            shutil.move(place, self.project)
            self.check_refused(done, character if character != "\t" else " ")
        self.assertEqual(list(self.scratch.rglob("hurt*")), [])

    def test_other_characters_are_taken(self):
        place = self.scratch / "a_b-c+d~e@f.g/ä/日本"
        place.parent.mkdir(parents=True)
        shutil.move(self.project, place)
        done = make(place, "modules", f"O={place}/ö")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_empty_build_directory(self):
        done = make(self.project, "modules", "O=")
        self.assertEqual(done.returncode, 2)
        self.assertIn("O= is empty", done.stderr)
