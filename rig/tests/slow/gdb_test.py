# SPDX-License-Identifier: GPL-2.0
"""Tests of modproof gdb, with commands from a file and at a terminal"""

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import time

from tests.base import HERE, KERNEL, PROJECT, Scratch, take_all
from tests.slow.example_test import debug_headers

COMMANDS = """bt
list
info locals
print counter_device.name
info breakpoints
"""
LIMIT = 300


class Debugger(Scratch):
    """A copy of examples/counter."""

    def setUp(self):
        super().setUp()
        self.root = self.scratch / "counter"
        shutil.copytree(PROJECT / "examples/counter", self.root)
        self.commands = self.scratch / "commands"
        self.commands.write_text(COMMANDS)
        kernels = self.scratch / "cache/kernels"
        kernels.mkdir(parents=True)
        (kernels / KERNEL.path.name).symlink_to(KERNEL.path)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.scratch),
            "MODPROOF_CACHE": str(self.scratch / "cache"),
            "TERM": "dumb",
        }

    def batch(self, kernel, *words):
        """Run the commands; return the exit status and the output."""
        done = subprocess.run(
            [HERE / "modproof", "gdb", self.root, "--kernel", kernel]
            + ["--batch", self.commands, *words],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        return done.returncode, done.stdout

    def check_init(self, said):
        """Check that gdb stopped in the module's init, and knows its lines."""
        source = (self.root / "counter.c").read_text().splitlines()
        line = 1 + source.index("module_misc_device(counter_device);")
        frame = rf"#0 +counter_device_init \(\) at \S*/counter\.c:{line}\n"
        self.assertRegex(said, frame)
        self.assertIn(f"\n{line}\tmodule_misc_device(counter_device);\n", said)
        self.assertIn("\nNo locals.\n", said)
        self.assertRegex(said, r'\n\$1 = 0x\w+ "counter"\n')

    def test_init_on_a_stock_kernel(self):
        status, said = self.batch(KERNEL.path.name, "--break", "counter_open")
        self.assertEqual(status, 0, said)
        self.check_init(said)
        self.assertIn("has no vmlinux with symbols, so", said)
        self.assertRegex(
            said, r"breakpoint +keep y .* in counter_open at \S+:\d"
        )

    def test_init_on_the_debug_kernel(self):
        status, said = self.batch(debug_headers())
        self.assertEqual(status, 0, said)
        self.check_init(said)
        self.assertRegex(said, r"\n#1 +0x\w+ in do_one_initcall ")

    def test_command_that_fails_is_a_failure(self):
        self.commands.write_text("print no_such_variable\n")
        status, said = self.batch(KERNEL.path.name)
        self.assertEqual(status, 1, said)

    def test_module_that_does_not_load_is_told(self):
        with open(self.root / "counter.c", "a", encoding="utf-8") as out:
            out.write("static int n;\nmodule_param(n, int, 0);\n")
        (self.root / "modproof.toml").write_text(
            '[modules.counter]\nparameters = "n=many"\n'
        )
        status, said = self.batch(KERNEL.path.name)
        self.assertEqual(status, 1, said)
        self.assertRegex(said, r"\nmodproof: insmod failed: .*counter\.ko")

    def test_module_that_is_not_there(self):
        status, said = self.batch(KERNEL.path.name, "--module", "other")
        self.assertEqual(status, 2, said)
        self.assertIn('no module "other": name one with --module, of c', said)

    def start(self, *words):
        """Start modproof gdb at a terminal of its own."""
        terminal, theirs = pty.openpty()
        self.addCleanup(os.close, terminal)
        process = subprocess.Popen(
            ["setsid", "--ctty", HERE / "modproof", "gdb", self.root, *words],
            env=self.environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            preexec_fn=take_all,
        )
        os.close(theirs)
        return process, terminal

    def read(self, terminal, end):
        """Read what a terminal shows until it matches @end; return it."""
        shown = ""
        deadline = time.monotonic() + LIMIT
        while not re.search(end, shown):
            left = max(0, deadline - time.monotonic())
            if not select.select([terminal], [], [], left)[0]:
                raise TimeoutError(f"{end} does not come:\n{shown}")
            shown += os.read(terminal, 4096).decode(errors="replace")
        return shown

    def test_terminal_has_gdb_and_another_one_the_shell(self):
        kernel = ("--kernel", KERNEL.path.name)
        gdb, terminal = self.start(*kernel, "--break", "counter_open")
        said = self.read(terminal, r"\(gdb\) $")
        self.assertIn(f'"modproof gdb {self.root} --shell"', said)
        os.write(terminal, b"continue\n")
        self.read(terminal, r"Continuing\.")
        shell, other = self.start("--shell")
        self.read(other, r"guest:ko# ")
        os.write(other, b"cat /dev/counter\n")
        said = self.read(terminal, r"\(gdb\) $")
        self.assertRegex(said, r"Breakpoint \d+, counter_open \(")
        os.write(terminal, b"delete\ncontinue\n")
        self.read(other, r"[\r\n]1\r?\n.*guest:ko# ")
        # Ctrl-C stops the guest, Ctrl-] leaves the shell.
        os.write(terminal, b"\x03")
        self.read(terminal, r"SIGINT.*[\s\S]*\(gdb\) $")
        os.write(other, b"\x1d")
        self.assertEqual(shell.wait(LIMIT), 0)
        os.write(terminal, b"quit\n")
        self.assertEqual(gdb.wait(LIMIT), 0)
        self.assertEqual(list(self.scratch.rglob("gdb/shell")), [])

    def test_signal_ends_the_guest(self):
        gdb, terminal = self.start("--kernel", KERNEL.path.name)
        self.read(terminal, r"\(gdb\) $")
        gdb.send_signal(signal.SIGTERM)
        self.assertEqual(gdb.wait(LIMIT), -signal.SIGTERM)
        self.assertEqual(list(self.scratch.rglob("gdb/gdb")), [])
        with self.assertRaises(OSError):
            while os.read(terminal, 4096):
                pass
