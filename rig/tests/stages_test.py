# SPDX-License-Identifier: GPL-2.0
"""Tests of stages, the parts of a check: their order, ends and locks"""

import fcntl
import os
import select
import signal
import subprocess
import time
from pathlib import Path

from tests.base import (
    HERE,
    KERNEL,
    KSRC,
    PROJECT,
    Scratch,
    copy_tools,
    replace_tools,
    take_all,
)


class Areas(Scratch):
    """The order in which tools/kselftest lists the areas."""

    def area(self, name, lines, settings=None):
        """Make an area of tests with a source of @lines lines."""
        area = self.scratch / "selftests" / name
        area.mkdir(parents=True)
        (area / "Makefile").touch()
        (area / "x_test.c").write_text("\n" * lines)
        if settings:
            (area / "settings").write_text(settings)

    def test_tasks_meet_in_the_longest_first_and_not_in_the_soak(self):
        self.area("alone", 900)
        self.area("large", 90, "cpus=2\n")
        self.area("one", 90, "timeout=90\ncpus=1\n")
        self.area("patient", 10, "timeout=90\ncpus=2\n")
        self.area("small", 9, "cpus=2\n")
        self.area("soak", 900, "cpus=2\n")
        said = subprocess.run(
            [PROJECT / "tools/kselftest", "--meeting"],
            env=os.environ | {"srctree": str(self.scratch)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        self.assertEqual(said.split(), ["patient", "large", "small"])


class Fuzz(Scratch):
    """Fuzz targets that are shell scripts."""

    def fuzz(self, **scripts):
        """Start fuzz/fuzz.py with these scripts as the targets."""
        for part, script in scripts.items():
            self.fake(f"{part}_fuzz", script)
        return subprocess.Popen(
            [PROJECT / "fuzz/fuzz.py", "--output", self.scratch, *scripts],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
            preexec_fn=take_all,
        )

    def waits(self):
        """Return a script that waits for a line from a pipe, and the pipe."""
        os.mkfifo(self.scratch / "go")
        script = (
            f"read -r _ <{self.scratch}/go; "
            "echo 'Done 50000 runs in 2 second(s)'"
        )
        return script, os.open(self.scratch / "go", os.O_RDWR)

    def test_crash_is_told_while_others_run(self):
        script, go = self.waits()
        crash = "echo 'DIFFERENCE: 1 and 2' >&2; exit 77"
        with self.fuzz(good=script, bad=crash) as run:
            run.stdout.readline()
            told, _, _ = select.select([run.stdout], [], [], 300)
            os.write(go, b"\n")
            said = run.stdout.read()
        os.close(go)
        self.assertTrue(told, "nothing is told of the crash")
        self.assertEqual(run.returncode, 1)
        self.assertRegex(said, r"^bad +FAIL DIFFERENCE: 1 and 2\n")
        self.assertRegex(said, r"(?m)^good +PASS +25000 runs/s, 2 s")
        self.assertTrue(said.endswith("\n1 of 2 parts failed: bad\n"))

    def test_interrupt_is_one_line(self):
        script, go = self.waits()
        with self.fuzz(good=script, other=script) as run:
            run.stdout.readline()
            os.killpg(run.pid, signal.SIGINT)
            said = run.stderr.read()
        os.close(go)
        self.assertEqual(run.returncode, 1)
        self.assertEqual(said, "modproof: interrupted\n")


class Wait(Scratch):
    """Stages that need the same kernel at the same time."""

    def test_kernel_that_another_stage_gets_is_awaited(self):
        kernel = self.scratch / "kernels/stock-6.12"
        kernel.mkdir(parents=True)
        path = self.fake("apt-get", "exit 1")
        with open(f"{kernel}.lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with subprocess.Popen(
                [str(HERE / "kernel"), "get", kernel.name],
                env=os.environ
                | {"PATH": path, "O": str(self.scratch), "KDIR": ""},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            ) as other:
                waits, _, _ = select.select([other.stderr], [], [], 300)
                (kernel / "release").touch()
                fcntl.flock(lock, fcntl.LOCK_UN)
                self.assertEqual(other.stdout.read(), f"{kernel}\n")
                self.assertIn("waiting for", other.stderr.readline())
        self.assertTrue(waits, "no process waits for the lock")

    def test_settings_of_a_build_are_kept_until_it_ends(self):
        kernel = self.scratch / "kernels/debug-6.12"
        kernel.mkdir(parents=True)
        settings = kernel / "project.config"
        settings.write_text("as the other stage has them\n")
        with open(f"{kernel}.lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with subprocess.Popen(
                [str(HERE / "kernel"), "get", kernel.name],
                env=os.environ | {"O": str(self.scratch), "KDIR": ""},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            ) as other:
                self.assertIn("waiting for", other.stderr.readline())
                other.kill()
        self.assertEqual(settings.read_text(), "as the other stage has them\n")


class Interrupt(Scratch):
    """The user types Ctrl-C: all processes in the foreground get SIGINT."""

    def test_interrupt_ends_the_guest(self):
        run = self.scratch / "run"
        with subprocess.Popen(
            [
                str(HERE / "vm.py"),
                "run",
                str(KERNEL.path),
                str(run),
                "--cpus",
                "1",
                "sleep",
                "1000",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            process_group=0,
            # These tests may run in the background of a shell, where processes
            # ignore SIGINT, so reset it.
            preexec_fn=take_all,
        ) as guest:
            guest.stdout.readline()
            os.killpg(guest.pid, signal.SIGINT)
            self.assertNotEqual(guest.wait(), 0)
        # QEMU got the signal too.  If it was just starting, it may end a
        # little later.
        with self.assertRaises(ProcessLookupError):
            for _ in range(200):
                os.killpg(guest.pid, 0)
                time.sleep(0.05)

    def house(self):
        """Make a project with fake tools: two wait, the others do nothing."""
        house = self.scratch / "house"
        os.mkfifo(self.scratch / "started")
        long = f"echo >{self.scratch}/started; exec sleep 1000"
        does = {"kernel": f"echo {KERNEL.path}", "kunit": long}
        does["kselftest"] = long
        for tool in (
            "install-deps",
            "fuzz",
            "modules",
            "report.py",
            "run_tests.py",
        ):
            does[tool] = ":"
        replace_tools(house, does)
        copy_tools(house, "common.sh", "run")
        return house

    def test_kernel_that_cannot_be_had_leaves_the_reason(self):
        house = self.house()
        script = f'[ $1 = get ] || exec echo {KSRC}\necho "no $2" >&2; exit 1'
        replace_tools(
            house, {"kernel": script, "kselftest": ":", "kunit": ":"}
        )
        (self.scratch / "log").mkdir()
        subprocess.run(
            [str(house / "tools/run"), "check-all"],
            env=os.environ | {"srctree": str(house), "O": str(self.scratch)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        said = self.scratch / "log/stock-6.1-said.log"
        self.assertEqual(said.read_text(), "no stock-6.1\n")

    def world(self, house):
        """Run check-world; return the kernels that were tested."""
        asked = self.scratch / "asked"
        asked.write_text("")
        subprocess.run(
            [str(house / "tools/run"), "check-world"],
            env=os.environ
            | {"srctree": str(house), "O": str(self.scratch), "KSRC": KSRC},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        return sorted(Path(line).name for line in asked.read_text().split())

    def test_world_leaves_out_what_has_passed_with_the_same_sources(self):
        house = self.house()
        (house / "modules").mkdir()
        (house / "modules/x.c").touch()
        results = self.scratch / "results"
        fails = self.scratch / "fails"
        tested = (
            'case $1 in "" | --meeting) exit ;; '
            "--all) printf 'proc\\ntrace\\nchar\\n'; exit ;; esac\n"
            f"name=$(basename $1)\necho $1 >>{self.scratch}/asked\n"
            f'echo "$*" >{self.scratch}/asked-$name\n'
            f"mkdir -p {results}/kselftest-$name\n"
            f'[ "$name" != "$(cat {fails})" ]'
        )
        kernel = f"[ $1 = get ] || exec echo {KSRC}\necho /kernels/$2"
        quiet = {"kunit": ":", "kunit_guest": ":"}
        replace_tools(house, {"kernel": kernel, "kselftest": tested} | quiet)
        fails.write_text("latest")
        names = self.world(house)
        self.assertIn("stock-6.12-rt", names)
        for name, areas in (
            ("stock-6.12-arm64", ""),
            ("stock-6.1-s390x", " proc char"),
        ):
            asked = (self.scratch / f"asked-{name}").read_text()
            self.assertEqual(asked, f"/kernels/{name}{areas}\n")
        self.assertEqual(self.world(house), ["latest"])
        fails.write_text("")
        self.assertEqual(self.world(house), ["latest"])
        self.assertEqual(self.world(house), [])
        (house / "modules/x.c").write_text("int x;")
        self.assertEqual(self.world(house), names)

    def test_interrupt_ends_all_stages_of_a_check(self):
        house = self.house()
        started = os.open(self.scratch / "started", os.O_RDWR)
        # A read from "alive" reports the end of the file when no process of
        # the check has "inherited" open, so when all of them have ended.
        alive, inherited = os.pipe()
        with subprocess.Popen(
            [str(house / "tools/run"), "check"],
            env=os.environ | {"srctree": str(house), "O": str(self.scratch)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
            pass_fds=[inherited],
            preexec_fn=take_all,
        ) as check:
            os.close(inherited)
            for _ in range(2):
                os.read(started, 1)
            os.killpg(check.pid, signal.SIGINT)
            self.assertNotEqual(check.wait(), 0)
        ended, _, _ = select.select([alive], [], [], 300)
        os.close(alive)
        os.close(started)
        self.assertTrue(ended, "a stage goes on")
