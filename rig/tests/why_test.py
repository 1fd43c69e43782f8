# SPDX-License-Identifier: GPL-2.0
"""Tests of what modproof why prints and returns, without a guest"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import vm
from tests.base import HERE, KERNEL, WORK, Scratch

sys.path.append(str(Path(__file__).resolve().parent / "why"))

import edit

# The type of each member of the JSON of a module.
MEMBERS: dict[str, Any] = {
    "file": str,
    "name": str,
    "kernel": str,
    "verdict": str,
    "errno": (str, type(None)),
    "insmod": (str, type(None)),
    "log": list,
    "why": list,
    "do": list,
    "later": list,
    "notes": list,
    "unsure": list,
}
LATER = {"check", "errno", "log", "why", "do"}
PAGES = HERE.parent / "Documentation"
MARKER = b"~Module signature appended~\n"


def build(output: Path) -> Path:
    """Build the program; return its path."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "HOME", "CC") and value
    }
    subprocess.run(
        ["make", "-s", "-C", str(HERE / "why"), f"OUTPUT={output}"],
        env=kept,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return output / "why"


class Why(Scratch):
    """The program, and a module of the kernel that needs no other one."""

    output: Path
    program: Path
    module: Path

    @classmethod
    def setUpClass(cls):
        cls.output = Path(tempfile.mkdtemp(prefix="rig-", dir=WORK))
        cls.addClassCleanup(shutil.rmtree, cls.output)
        cls.program = build(cls.output)
        for path in sorted(KERNEL.modules.joinpath("kernel").rglob("*.ko*")):
            cls.module = vm.unpack(path, cls.output)
            if not vm.depends(cls.module):
                return
        raise AssertionError(f"{KERNEL.modules} has no module")

    def run_why(self, *args, kernel=KERNEL.path):
        """Run the program; return its status, stdout and stderr."""
        done = subprocess.run(
            [self.program, "--kernel", kernel, *args],
            env=os.environ | {"MODPROOF_CACHE": str(self.output)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    def edited(self, *edits):
        """Write an edited copy of the module without its signature."""
        data = self.module.read_bytes()
        if data.endswith(MARKER):
            at = len(data) - len(MARKER)
            size = int.from_bytes(data[at - 4 : at], "big")
            data = data[: at - 12 - size]
        path = self.scratch / self.module.name
        path.write_bytes(edit.edited(data, *edits))
        return path

    def json(self, *args):
        """Return the status, and what JSON says of the last module."""
        status, out, err = self.run_why("--json", *args)
        self.assertEqual(err, "")
        return status, json.loads(out)["modules"][-1]

    def check_complaint(self, pattern, *args, **options):
        """Check that the program prints one line and returns 2."""
        status, out, err = self.run_why(*args, **options)
        self.assertEqual((status, out), (2, ""), err)
        self.assertRegex(err, rf"\Amodproof: {pattern}[^\n]*\n\Z")

    def test_bad_input(self):
        empty = self.scratch / "empty"
        empty.mkdir()
        no_file = "no-such-file.ko"
        self.check_complaint(f"{no_file}: No such file", no_file)
        self.check_complaint(f"{empty} has no file that ends in .ko", empty)
        self.check_complaint("no file is named")
        self.check_complaint('the parameter "num=5" is before', "num=5")
        self.check_complaint(
            '--flags "x" is not a number', "--flags", "x", self.module
        )
        self.check_complaint(
            "--loaded no-such-file: ", "--loaded", "no-such-file", self.module
        )
        for kernel, pattern in (
            ("/no/such/kernel", "there is no kernel /no/such/kernel"),
            (empty, f"{empty} has no headers, modules or image"),
            (__file__, f"{__file__} is not the image of a kernel"),
        ):
            self.check_complaint(pattern, self.module, kernel=kernel)

    def test_module_that_is_loaded(self):
        status, found = self.json(self.module)
        self.assertEqual((status, found["verdict"]), (0, "loads"), found)
        self.assertIsNone(found["errno"])
        self.assertIsNone(found["insmod"])
        status, out, _ = self.run_why(self.module)
        self.assertEqual(status, 0)
        self.assertIn(str(self.module), out)

    def test_json(self):
        path = self.edited(edit.vermagic(" SMP ", " SMQ "))
        for file in self.module, path:
            _, found = self.json(file)
            for member, kind in MEMBERS.items():
                self.assertIsInstance(found[member], kind, member)
            for later in found["later"]:
                self.assertLessEqual(LATER, later.keys())
            for lines in found["log"], found["why"], found["do"]:
                self.assertTrue(all(isinstance(x, str) for x in lines))
            self.assertEqual(found["file"], str(file))

    def test_refused_module(self):
        path = self.edited(edit.vermagic(" SMP ", " SMQ "))
        status, found = self.json(path)
        self.assertEqual((status, found["verdict"]), (1, "refused"), found)
        self.assertEqual(found["errno"], "ENOEXEC")
        self.assertEqual(
            found["insmod"],
            f"insmod: ERROR: could not insert module {path}: "
            "Invalid module format",
        )
        name = path.stem
        self.assertRegex(
            found["log"][-1],
            f"^{name}: version magic '.* SMQ .*' should be '.* SMP .*'$",
        )
        self.assertTrue(found["why"] and found["do"])
        status, out, _ = self.run_why(path)
        self.assertEqual(status, 1)
        for line in found["log"][-1], *found["why"], *found["do"]:
            self.assertIn(line, out)

    def test_all_kernels_with_one_that_cannot_be_read(self):
        kernels = self.scratch / "kernels"
        broken = kernels / "broken"
        broken.mkdir(parents=True)
        (broken / "release").write_text("6.12.0-broken\n")
        (broken / "vmlinuz").symlink_to(KERNEL.path / "vmlinuz")
        generated = broken / "headers/include/generated"
        generated.mkdir(parents=True)
        (broken / "headers/Makefile").write_text("")
        (generated / "utsrelease.h").write_text(
            '#define UTS_RELEASE "6.12.0-broken"\n'
        )
        (kernels / "good").symlink_to(KERNEL.path)

        def run(*args):
            return subprocess.run(
                [self.program, "--all", *args, self.module],
                env=os.environ
                | {
                    "MODPROOF_CACHE": str(self.output),
                    "MODPROOF_KERNELS": str(kernels),
                },
                capture_output=True,
                text=True,
                check=False,
            )

        done = run()
        self.assertEqual((done.returncode, done.stderr), (2, ""), done.stdout)
        self.assertRegex(
            done.stdout, r"(?m)^- +broken +cannot tell +.*two kernels"
        )
        self.assertRegex(done.stdout, r"(?m)^\S+ +\S+ \(good\) +loads\b")
        done = run("--json")
        self.assertRegex(done.stderr, r"\Amodproof: .*broken.*\n\Z")
        self.assertEqual(len(json.loads(done.stdout)["modules"]), 1)

    def test_worst_answer_is_the_status(self):
        path = self.edited(edit.vermagic(" SMP ", " SMQ "))
        self.assertEqual(self.run_why("--json", self.module, path)[0], 1)

    def test_other_files(self):
        text = self.scratch / "text.ko"
        text.write_text("a text of more than sixty-four bytes\n" * 3)
        _, found = self.json(text)
        self.assertEqual(found["errno"], "ENOEXEC")
        self.assertEqual(
            found["log"], ["Invalid ELF header magic: != \\x7fELF"]
        )
        path = self.edited(edit.header("machine", 183))
        status, found = self.json(path)
        self.assertEqual((status, found["errno"]), (1, "ENOEXEC"))
        self.assertEqual(
            found["log"], ["Invalid architecture in ELF header: 183"]
        )

    def test_text_and_json_agree_on_the_name(self):
        path = self.edited(edit.rename("another"))
        _, found = self.json(path)
        self.assertEqual(found["name"], "another")

    def test_pages_are_what_it_lists(self):
        for what in "checks", "messages":
            status, out, _ = self.run_why("--list", what)
            page = PAGES / f"why-{what}.txt"
            self.assertEqual(status, 0)
            self.assertEqual(
                out,
                page.read_text(),
                f'write what "why --list {what}" prints to {page}',
            )

    def test_manual_page_has_each_option(self):
        _, out, _ = self.run_why("--help")
        page = (HERE / "why/modproof-why.1").read_text().replace("\\-", "-")
        options = re.findall(r"--[a-z-]+", out)
        self.assertIn("--kernel", options)
        for option in options:
            self.assertIn(option, page)

    def test_order_of_several_files(self):
        path = self.edited(edit.vermagic(" SMP ", " SMQ "))
        status, out, _ = self.run_why(path, self.module)
        self.assertEqual(status, 1)
        self.assertLess(out.index(f"{path}:"), out.index(f"{self.module}:"))

    def test_module_twice(self):
        status, found = self.json(self.module, self.module)
        self.assertEqual((status, found["errno"]), (1, "EEXIST"))

    def test_words_after_the_file_are_parameters(self):
        for words in ["--", "num=5"], ["-x"], ["---"]:
            status, found = self.json(self.module, *words)
            self.assertEqual((status, found["verdict"]), (0, "loads"))
        _, found = self.json(self.module, "--", "num=5")
        self.assertIn("num=5", "".join(found["log"]))
        for words in ["-xh"], ["debug"]:
            _, found = self.json(self.module, *words)
            self.assertIn(f"'{words[0]}'", found["log"][-1])
        for first in (), (self.module,):
            self.check_complaint("--jsom is not an option", *first, "--jsom")
            self.check_complaint("--flags: this option has", *first, "--flags")

    def explain(self, text):
        """Return the status, stdout and stderr for lines of a log."""
        done = subprocess.run(
            [self.program, "--from-log"],
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    def test_line_of_the_log(self):
        line = "x: version magic '6.0 SMP ' should be '6.1 SMP preempt '"
        for prefix in (
            *("", "[   12.345678] ", "[Sun Nov 29 11:32:27 2026] ", "<4>"),
            *("Nov 29 11:00:00 host kernel: ", "host kernel[12]: "),
            *("6,1234,12345678,-;", "kern  :err   : [    1.2] "),
        ):
            status, out, _ = self.explain(f"{prefix}{line}\n")
            self.assertEqual(status, 0)
            self.assertIn("ENOEXEC", out)
            self.assertIn("'6.1 SMP preempt '", out.partition("why:")[2])
            # The prefix is not taken for a part of the module's name.
            _, out, _ = self.explain(f"{prefix}x: Unknown symbol y (err -2)\n")
            self.assertIn("sudo modprobe x\n", out)

    def test_lines_of_tools(self):
        why_unload = "modproof why --unload x"
        for line, words in (
            ("rmmod: ERROR: Module x is in use by: y z", "use symbols of x"),
            ("rmmod: ERROR: Module x is in use", why_unload),
            ("modprobe: FATAL: Module x is in use.", why_unload),
            ("modprobe: FATAL: Module x is builtin.", "x is a part of the"),
            ("rmmod: ERROR: Module x is builtin.", "x is a part of the"),
            ("rmmod: ERROR: Module x is not currently loaded", "No module"),
            ("rmmod: ERROR: could not remove module x: Bad", why_unload),
            ("rmmod: can't unload module 'x': Bad", why_unload),
            (
                "rmmod: ERROR: ../libkmod/libkmod-module.c:799 "
                "kmod_module_remove_module() could not remove 'x': Bad",
                why_unload,
            ),
            (
                "modprobe: ERROR: ../libkmod/libkmod-module.c:979 "
                "kmod_module_insert_module() could not find module "
                "by name='x'",
                "no file for the module x",
            ),
            (
                "modprobe: ERROR: could not insert 'x': "
                "Required key not available",
                "ENOKEY",
            ),
            ("x: Unknown symbol y (err 0)", "sudo modprobe x"),
            ("x: Unknown symbol y (err -22)", "its CRC is another one"),
            ("PKCS#7 signature not signed with a trusted key", "not with a"),
        ):
            status, out, err = self.explain(f"{line}\n")
            self.assertEqual((status, err), (0, ""), line)
            self.assertIn(words, out, line)

    def test_lines_of_the_journal(self):
        text = "x: Unknown symbol y (err -2)"
        for line in (
            f"MESSAGE={text}",
            f'{{"PRIORITY":"4","MESSAGE":"{text}","_TRANSPORT":"kernel"}}',
            f'{{"MESSAGE": "[ 1.2] {text}"}}',
        ):
            status, out, _ = self.explain(f"{line}\n")
            self.assertEqual(status, 0, line)
            self.assertIn("sudo modprobe x\n", out, line)
        quoted = "x: version magic 'a \\\"b ' should be 'c '"
        _, out, _ = self.explain(f'{{"MESSAGE":"{quoted}"}}\n')
        self.assertIn("""'a "b '""", out)
        self.assertEqual(self.explain('{"MESSAGE":[120,58]}\n')[0], 2)

    def test_names_of_a_log_do_not_become_commands(self):
        _, out, _ = self.explain("x: Unknown symbol $(reboot);y (err -2)\n")
        self.assertIn("exports $(reboot);y", out)
        self.assertNotIn("$(reboot)", out.partition("do:")[2])

    def test_json_of_a_log(self):
        done = subprocess.run(
            [self.program, "--from-log", "--json"],
            input="insmod: ERROR: could not insert module x.ko: File exists\n"
            "x: Unknown symbol y (err -2)\n",
            capture_output=True,
            text=True,
            check=False,
        )
        first, second = json.loads(done.stdout)["lines"]
        self.assertEqual(
            (first["errno"], second["errno"]), ("EEXIST", "ENOENT")
        )
        self.assertIn("already-loaded", first["reasons"])

    def test_lists_of_loaded_modules(self):
        path = self.scratch / "loaded"
        name = self.module.stem.replace("-", "_")
        for text in f"{name}\n", f"  {name} 1 0\r\n", f"{name}.ko":
            path.write_text("x 1 0 - Live 0x0\n" * 100000 + text)
            _, found = self.json("--loaded", path, self.module)
            self.assertEqual(found["errno"], "EEXIST", text)
        for file in "/", "/dev/zero":
            self.check_complaint(
                f"--loaded {file}: ", "--loaded", file, self.module
            )

    def test_line_of_insmod(self):
        status, out, _ = self.explain(
            "insmod: ERROR: could not insert module x.ko: File exists\n"
        )
        self.assertEqual(status, 0)
        self.assertIn("EEXIST", out)

    def test_line_of_something_else(self):
        status, out, err = self.explain("usb 1-1: new device\n")
        self.assertEqual((status, out), (2, ""))
        self.assertRegex(err, r"\Amodproof: no line [^\n]*\n\Z")

    def test_unload(self):
        status, out, _ = self.run_why("--unload", "no_such_module")
        self.assertEqual(status, 1)
        self.assertIn("ENOENT", out)
        for name in "", "../../etc", "a" * 5000:
            self.check_complaint(
                '".*" cannot be the name of a module', "--unload", name
            )
