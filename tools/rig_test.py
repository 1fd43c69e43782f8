#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Rig test - prove that the rig turns red when it should, and says why

    tools/rig_test.py KERNEL

KERNEL is a directory as tools/kernel makes it.  The results go to
build/results/rig, as a KTAP document like any other run's.
"""

import contextlib
import fcntl
import io
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import guests
import results
import vm

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
PASS = "KTAP version 1\\n1..1\\nok 1 fact"
# What a guest is told to do.
JOBS = {
    "panic": f"printf '{PASS}\\n'; echo c >/proc/sysrq-trigger",
    "end": f"printf '{PASS}\\n'; echo '<4>WARNING: x' >/dev/kmsg; exit 3",
    "alone": (
        f"printf '{PASS}\\n'; echo 0 >/sys/devices/system/cpu/cpu1/online"
    ),
}
CPUS = {"alone": "2"}
KERNEL = None
KSRC = os.environ["KSRC"]


def run_guest(name, scratch):
    """Run one of JOBS; return the exit status and what was said."""
    done = subprocess.run(
        [
            str(HERE / "vm.py"),
            "run",
            str(KERNEL.path),
            str(scratch / name),
            "--cpus",
            CPUS.get(name, "1"),
            "--",
            "sh",
            "-c",
            JOBS[name],
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


WORK = results.build_dir()


class Scratch(unittest.TestCase):
    """A test with a directory of its own."""

    def setUp(self):
        self.scratch = Path(tempfile.mkdtemp(prefix="rig-", dir=WORK))

    def tearDown(self):
        shutil.rmtree(self.scratch)

    def fake(self, name, script):
        """A PATH on which @name is @script."""
        path = self.scratch / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return f"{self.scratch}:{os.environ['PATH']}"


class Guest(unittest.TestCase):
    """What real guests do, two of them at a time."""

    @classmethod
    def setUpClass(cls):
        scratch = Path(tempfile.mkdtemp(prefix="rig-", dir=WORK))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            ended = pool.map(lambda name: run_guest(name, scratch), JOBS)
        cls.ended = dict(zip(JOBS, ended))
        shutil.rmtree(scratch)

    def check_red(self, name, reason):
        """The run of @name failed, and said @reason."""
        status, said = self.ended[name]
        self.assertNotEqual(status, 0)
        self.assertIn(reason, said)

    def test_panic_is_red(self):
        self.check_red("panic", "Kernel panic")
        self.check_red("panic", "without its verdict")

    def test_warning_in_the_log_is_red(self):
        self.check_red("end", "kernel log: ")

    def test_failed_job_is_red(self):
        self.check_red("end", "ended with status 3")

    def test_lack_of_a_processor_is_red(self):
        self.check_red("alone", "has found 1 of 2 processors")


class Judge(Scratch):
    """What KTAP documents mean."""

    def judge(self, *lines, missing=()):
        """Judge a document; return the errors and the failed tests."""
        (self.scratch / "ktap").write_text(
            "".join(f"{line}\n" for line in ("KTAP version 1",) + lines)
        )
        errors = results.judge(self.scratch, KSRC, missing=missing)
        return errors, results.failures(self.scratch)

    def test_pass_is_green(self):
        self.assertEqual(self.judge("1..1", "ok 1 fact"), ([], []))

    def test_failure_is_red(self):
        self.assertEqual(
            self.judge("1..1", "not ok 1 fact"), ([], ["tests.fact"])
        )

    def test_zero_tests_are_red(self):
        errors, _ = self.judge("1..0")
        self.assertIn("no test ran", errors)

    def test_no_document_is_red(self):
        (self.scratch / "ktap").write_text("")
        self.assertIn("no test ran", results.judge(self.scratch, KSRC))

    def test_missing_result_is_red(self):
        errors, failed = self.judge("1..2", "ok 1 fact")
        self.assertTrue(errors or failed)

    def test_unexpected_skip_is_red(self):
        errors, _ = self.judge("1..2", "ok 1 fact", "ok 2 gpio # SKIP no chip")
        self.assertEqual(errors, ["unexpected SKIP: gpio: no chip"])

    def test_skip_for_a_present_symbol_is_red(self):
        errors, _ = self.judge(
            "1..1", "ok 1 gpio # SKIP needs CONFIG_GPIO_SIM", missing={"KCOV"}
        )
        self.assertEqual(len(errors), 1)

    def test_skip_for_a_missing_symbol_is_allowed(self):
        self.assertEqual(
            self.judge(
                "1..2",
                "ok 1 fact",
                "ok 2 gpio # SKIP needs CONFIG_GPIO_SIM",
                missing={"GPIO_SIM"},
            ),
            ([], []),
        )

    def test_splats_are_found(self):
        for line in (
            "BUG: KASAN: slab-use-after-free in f+0x1/0x2",
            "WARNING: possible circular locking dependency detected",
            "INFO: task cat:42 blocked for more than 120 seconds.",
            "unreferenced object 0xffff888003e8d000 (size 32):",
        ):
            self.assertEqual(
                results.splats(f"[    1.0] fine\n{line}\n"), [line]
            )


class BadInput(Scratch):
    """What is said to a person who asks for what cannot be."""

    def refused(self, *command, said, cwd=PROJECT, **environment):
        """@command fails, and its first line of stderr contains @said.

        It has a build directory of its own, lest it harm the results.
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
        """The least that passes for a kernel source."""
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
            said="KSRC=/nowhere is no kernel source",
        )

    def test_ksrc_older_than_kunit_needs(self):
        self.refused(
            "make",
            "kunit",
            self.kernel_source(6, 1),
            said="is Linux 6.1: the suites need 6.12",
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
            said="was not made by tools/tree",
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
            str(HERE / "kselftest"),
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
                    said=f"{words} is no whole number from ",
                )
        for words in "LOADS=0", "LOADS=1e3", "CPUS=0", "CPUS=two":
            self.refused(
                "make",
                "soak",
                f"KSRC={KSRC}",
                words,
                said=f"{words} is no whole number from ",
            )

    def test_no_qemu(self):
        self.refused(
            sys.executable,
            str(HERE / "vm.py"),
            "run",
            str(KERNEL.path),
            str(self.scratch / "run"),
            "true",
            said='run "make deps"',
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
            said="MiB below",
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
        """A build directory whose package lists know @package alone."""
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
            [str(HERE / "deps"), "style"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env=dict(os.environ, PATH=str(self.scratch / "bin")),
        )
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("codespell", done.stdout)
        self.assertIn('sparse" as root', done.stderr)

    def test_space_in_the_path(self):
        place = self.scratch / "a path"
        place.mkdir()
        shutil.copy(PROJECT / "Makefile", place)
        self.refused("make", "check", cwd=place, said="has a space in it")

    def test_space_in_the_build_directory(self):
        self.refused("make", "check", "O=a path", said="has a space in it")

    def test_second_run(self):
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
            str(HERE / "lock"),
            "false",
            said="cannot make",
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


class Guests(Scratch):
    """Guests that are shells, served as QEMU is."""

    SHARE = (
        'while echo modproof: next; read -r area && [ "$area" ]; do '
        'echo "ok 1 $area"; done; echo modproof: verdict 0'
    )

    def serve(self, *scripts, areas=(), patience=60):
        """Serve guests; return their errors and the document."""
        document = guests.Document(self.scratch, areas)
        served = [
            guests.Guest(["sh", "-c", script], document, front=number == 0)
            for number, script in enumerate(scripts)
        ]
        with contextlib.redirect_stdout(io.StringIO()):
            guests.serve(served, patience)
        return (
            [error for guest in served for error in guest.errors],
            (self.scratch / "ktap").read_text().splitlines(),
        )

    def test_verdict_is_no_result(self):
        errors, ktap = self.serve(f"printf '{PASS}\\nmodproof: verdict 0\\n'")
        self.assertEqual(errors, [])
        self.assertEqual(ktap, PASS.split("\\n"))

    def test_hang_is_red(self):
        errors, ktap = self.serve(
            "echo ok 1 fact; exec sleep 1000", patience=1
        )
        self.assertEqual(
            errors, ["the guest hung: it has said nothing for 1 s"]
        )
        self.assertEqual(ktap, ["ok 1 fact"])

    def test_truncated_log_is_red(self):
        errors, _ = self.serve("echo ok 1 fact")
        self.assertEqual(errors, ["the guest ended without its verdict"])

    def test_log_that_goes_on_behind_its_verdict_is_red(self):
        errors, _ = self.serve("echo modproof: verdict 0; echo ok 1 fact")
        self.assertEqual(errors, ["the guest ended without its verdict"])

    def test_areas_are_shared(self):
        areas = [f"area{number}" for number in range(20)]
        errors, ktap = self.serve(self.SHARE, self.SHARE, areas=areas)
        self.assertEqual(errors, [])
        self.assertEqual(ktap[:2], ["KTAP version 1", "1..20"])
        self.assertEqual(
            [line.split()[1] for line in ktap[2:]],
            [str(number) for number in range(1, 21)],
        )
        self.assertEqual({line.split()[2] for line in ktap[2:]}, set(areas))

    def test_first_guest_takes_from_the_front(self):
        """And the second from the back, each waiting for the other's first."""
        os.mkfifo(self.scratch / "met")
        script = (
            "echo modproof: next; read -r area; echo ok 1 $area.%s; "
            f"echo >{self.scratch}/met; echo modproof: verdict 0"
        )
        met = os.open(self.scratch / "met", os.O_RDWR)
        _, ktap = self.serve(
            script % "first", script % "second", areas=["front", "x", "back"]
        )
        os.close(met)
        self.assertEqual(
            {line.split()[2] for line in ktap[2:]},
            {"front.first", "back.second"},
        )

    def test_end_of_a_child_loses_nothing_of_an_area(self):
        """Not even if, as over a serial port, half of it is there."""
        self.fake("job", 'echo "ok 1 $1"')
        areas = ["busybox", "sh", HERE / "guest/areas", "busybox"]
        with subprocess.Popen(
            [*areas, self.scratch / "job"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        ) as guest:
            pipe = guest.stdin.fileno()
            # If it has one page, it can be written to when that has been read.
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 4096)
            # Between a byte and the wait for the next no signal does harm.
            for _ in range(10):
                self.assertEqual(guest.stdout.readline(), b"modproof: next\n")
                os.write(pipe, b"fr")
                select.select([], [pipe], [], 10)
                guest.send_signal(signal.SIGSTOP)
                os.waitpid(guest.pid, os.WUNTRACED)
                guest.send_signal(signal.SIGCHLD)
                guest.send_signal(signal.SIGCONT)
                os.write(pipe, b"ont\n")
                self.assertEqual(guest.stdout.readline(), b"ok 1 front\n")

    def test_what_a_dead_guest_leaves_is_done_by_another(self):
        os.mkfifo(self.scratch / "dead")
        dies = (
            "echo modproof: next; read -r area; echo '    ok 1 program'; "
            f"exec 1>&-; exec sleep 0 >{self.scratch}/dead"
        )
        waits = f"read -r _ <{self.scratch}/dead; {self.SHARE}"
        errors, ktap = self.serve(dies, waits, areas=["first", "second"])
        self.assertEqual(errors, ["the guest ended without its verdict"])
        self.assertEqual(
            ktap[2:],
            [
                "    ok 1 program",
                "not ok 1 first # the guest ended without its verdict",
                "ok 2 second",
            ],
        )


class Boot(Scratch):
    """A guest that ends early, for a reason that lies in the emulator."""

    def boots(self, *outcomes, accel="tcg", areas=()):
        """How often a guest is booted that ends so; and the errors."""
        left = self.scratch / "left"
        left.write_text("".join(f"{outcome}\n" for outcome in outcomes))
        self.console = self.scratch / "console.log"
        self.console.touch()
        script = (
            f"read -r outcome <{left}; sed -i 1d {left}; touch "
            f'{self.console}; eval "$outcome"'
        )
        document = guests.Document(self.scratch, areas)
        with contextlib.redirect_stdout(io.StringIO()):
            errors = vm.boot([["sh", "-c", script]], accel, document, 60)
        return len(outcomes) - len(left.read_text().splitlines()), errors

    DIES = "exit 1"
    DIES_LATE = "echo ok 1 fact"
    LIVES = "echo modproof: verdict 0"
    # It does an area, and meets an int3 in the middle of the next.
    MEETS_INT3 = (
        "echo modproof: next; read -r area; echo {first} 1 $area; "
        "echo modproof: next; read -r area; echo '    {half} 1 half'; "
        "echo '{before}' >>{log}; "
        "echo '[    1.2] Oops: int3: 0000 [#1] PREEMPT SMP NOPTI' >>{log}; "
        "echo '[    1.3] Code: 00 00 00 {byte} <5a> 48 8b' >>{log}; "
        "echo '[    1.4] Code: e8 cc <41> f6 45' >>{log}"
    )
    AREAS = ("first", "second", "third")

    def meets_int3(self, byte="eb", first="ok", half="ok", before=""):
        """An outcome: an int3, where the memory then has @byte.

        @first and @half are the results before, @before is in the log.
        """
        return self.MEETS_INT3.format(
            log=self.scratch / "console.log",
            byte=byte,
            first=first,
            half=half,
            before=before,
        )

    def ktap(self):
        """The results in the document."""
        return (self.scratch / "ktap").read_text().splitlines()[2:]

    def test_is_booted_again(self):
        self.assertEqual(self.boots(self.DIES, self.LIVES), (2, []))

    def test_is_booted_no_third_time(self):
        booted, errors = self.boots(self.DIES, self.DIES, self.LIVES)
        self.assertEqual((booted, errors), (2, ["QEMU ended with status 1"]))

    def test_is_not_booted_again_once_its_job_has_begun(self):
        booted, errors = self.boots(self.DIES_LATE, self.LIVES)
        self.assertEqual(
            (booted, errors), (1, ["the guest ended without its verdict"])
        )

    def test_is_not_booted_again_by_real_processors(self):
        booted, errors = self.boots(self.DIES, self.LIVES, accel="kvm")
        self.assertEqual((booted, errors), (1, ["QEMU ended with status 1"]))

    def test_int3_that_was_not_there_begins_all_again(self):
        booted, errors = self.boots(
            self.meets_int3(), Guests.SHARE, areas=self.AREAS
        )
        self.assertEqual((booted, errors), (2, []))
        self.assertEqual(
            self.ktap(), ["ok 1 third", "ok 2 first", "ok 3 second"]
        )
        self.assertEqual(self.console.read_text(), "")

    def test_failure_before_an_int3_stays(self):
        booted, errors = self.boots(
            self.meets_int3(first="not ok"), Guests.SHARE, areas=self.AREAS
        )
        self.assertEqual((booted, errors), (2, []))
        self.assertEqual(self.ktap()[0], "not ok 1 first")
        self.assertEqual(len(self.ktap()), 3)

    def check_red(self, *outcomes, accel="tcg", text="without its verdict"):
        """Outcomes of which the last is red, and no other guest comes."""
        booted, errors = self.boots(
            *outcomes, Guests.SHARE, accel=accel, areas=self.AREAS
        )
        self.assertEqual(booted, len(outcomes))
        self.assertIn(text, *errors)
        self.assertRegex(self.ktap()[-1], f"^not ok .*{text}")

    def test_second_int3_that_was_not_there_is_red(self):
        self.check_red(*[self.meets_int3()] * 2, text="use QEMU 8.1 or newer")

    def test_int3_that_is_there_is_red(self):
        self.check_red(self.meets_int3(byte="cc"))

    def test_int3_of_real_processors_is_red(self):
        self.check_red(self.meets_int3(), accel="kvm")

    def test_int3_after_a_failure_is_red(self):
        self.check_red(self.meets_int3(half="not ok"))

    def test_int3_after_a_splat_is_red(self):
        self.check_red(self.meets_int3(before="[    1.1] WARNING: x"))

    def test_verdict_is_not_excused_by_an_int3(self):
        booted, errors = self.boots(
            f"{self.meets_int3()}; echo modproof: verdict 3",
            Guests.SHARE,
            areas=self.AREAS,
        )
        self.assertEqual(booted, 1)
        self.assertEqual(errors, ["the job ended with status 3"])

    def test_other_guests_need_not_do_theirs_again(self):
        document = guests.Document(self.scratch, self.AREAS)
        one, other = (guests.Guest([], document) for _ in range(2))
        for guest in one, other:
            name = document.next_area(True)
            document.add(guest, ["    ok 1 program", f"ok 1 {name}"], 1)
        document.forget(one)
        self.assertEqual(self.ktap(), ["    ok 1 program", "ok 1 second"])
        self.assertEqual(sorted(document.left), ["first", "third"])


class Areas(Scratch):
    """The order in which areas are handed out."""

    MEETS = "gate_open(gate);\npthread_join(thread, NULL);\n"

    def area(self, name, lines, meets="", **files):
        """An area with a test of so many lines, in which tasks may meet."""
        area = self.scratch / "selftests" / name
        area.mkdir(parents=True)
        (area / "Makefile").touch()
        (area / "x_test.c").write_text(meets + "\n" * lines)
        for file, text in files.items():
            (area / file).write_text(text)

    def test_tasks_meet_in_the_longest_first_and_not_in_the_soak(self):
        self.area("alone", 900)
        self.area("large", 90, self.MEETS)
        self.area("once", 90, "task_start(&task, NULL, NULL);\n")
        self.area("patient", 10, self.MEETS, settings="timeout=90\n")
        self.area("small", 9, self.MEETS)
        self.area("soak", 900, self.MEETS)
        said = subprocess.run(
            [HERE / "kselftest", "--meeting"],
            env=os.environ | {"srctree": str(self.scratch)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        self.assertEqual(said.split(), ["patient", "large", "small"])


class Fuzz(Scratch):
    """Fuzz targets that are shells."""

    def fuzz(self, **scripts):
        """Have host/fuzz.py run them."""
        for part, script in scripts.items():
            self.fake(f"{part}_fuzz", script)
        return subprocess.Popen(
            [PROJECT / "host/fuzz.py", "--output", self.scratch, *scripts],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def waits(self):
        """A script that runs until the test writes to what is returned."""
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
            told, _, _ = select.select([run.stdout], [], [], 10)
            os.write(go, b"\n")
            said = run.stdout.read()
        os.close(go)
        self.assertTrue(told, "nothing is told of the crash")
        self.assertEqual(run.returncode, 1)
        self.assertRegex(said, r"^bad +FAIL DIFFERENCE: 1 and 2\n")
        self.assertRegex(said, r"(?m)^good +PASS +25000 runs/s, 2 s")

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
    """Stages that want the same thing at the same time."""

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
                waits, _, _ = select.select([other.stderr], [], [], 10)
                (kernel / "release").touch()
                fcntl.flock(lock, fcntl.LOCK_UN)
                self.assertEqual(other.stdout.read(), f"{kernel}\n")
                self.assertIn("waiting for", other.stderr.readline())
        self.assertTrue(waits, "nobody waits for the lock")


class Interrupt(Scratch):
    """Ctrl-C, which reaches every process of the foreground."""

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
            # A shell's background jobs ignore it, and so would their children.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        ) as guest:
            guest.stdout.readline()
            os.killpg(guest.pid, signal.SIGINT)
            self.assertNotEqual(guest.wait(timeout=10), 0)
        with self.assertRaises(ProcessLookupError):
            os.killpg(guest.pid, 0)

    def house(self):
        """A project whose tools do nothing, or nothing but take long."""
        tools = self.scratch / "house" / "tools"
        tools.mkdir(parents=True)
        os.mkfifo(self.scratch / "started")
        long = f"echo >{self.scratch}/started; exec sleep 1000"
        does = {"kernel": f"echo {KERNEL.path}", "kunit": long}
        does["kselftest"] = long
        for tool in ("deps", "host", "modules", "results.py", "rig_test.py"):
            does[tool] = ":"
        for tool, script in does.items():
            (tools / tool).write_text(f"#!/bin/sh\n{script}\n")
            (tools / tool).chmod(0o755)
        for tool in ("common.sh", "run"):
            shutil.copy(HERE / tool, tools / tool)
        return tools.parent

    def test_interrupt_ends_all_stages_of_a_check(self):
        house = self.house()
        started = os.open(self.scratch / "started", os.O_RDWR)
        # At its end when nobody is left who inherited the other.
        alive, inherited = os.pipe()
        with subprocess.Popen(
            [str(house / "tools/run"), "check"],
            env=os.environ | {"srctree": str(house), "O": str(self.scratch)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
            pass_fds=[inherited],
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        ) as check:
            os.close(inherited)
            for _ in range(2):
                os.read(started, 1)
            os.killpg(check.pid, signal.SIGINT)
            self.assertNotEqual(check.wait(timeout=10), 0)
        ended, _, _ = select.select([alive], [], [], 10)
        os.close(alive)
        os.close(started)
        self.assertTrue(ended, "a stage goes on")


class Ktap(unittest.TestResult):
    """Results as a KTAP document."""

    def __init__(self, out):
        super().__init__()
        self.out = out

    def say(self, test, status, text=""):
        """Write one result, and what there is to say of it."""
        name = test.id().split(".", 1)[-1]
        for line in text.splitlines():
            print(f"# {line}", file=self.out)
        print(f"{status} {self.testsRun} {name}", file=self.out)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.say(test, "ok")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.say(test, "not ok", self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self.say(test, "not ok", self.errors[-1][1])


def main():
    """Run all tests and judge them like any run."""
    global KERNEL
    KERNEL = vm.Kernel(sys.argv[1])
    run = WORK / "results/rig"
    shutil.rmtree(run, ignore_errors=True)
    run.mkdir(parents=True)
    start = time.monotonic()
    suite = unittest.defaultTestLoader.loadTestsFromModule(
        sys.modules["__main__"]
    )
    with open(run / "ktap", "w", encoding="utf-8") as out:
        print(
            "KTAP version 1\n1..1\nKTAP version 1\n# Subtest: rig\n"
            f"1..{suite.countTestCases()}",
            file=out,
        )
        ended = Ktap(out)
        suite.run(ended)
        print(f"{'ok' if ended.wasSuccessful() else 'not ok'} 1 rig", file=out)
    errors = results.judge(run, KSRC, {"rig": time.monotonic() - start})
    for line in errors + results.failures(run):
        print(f"rig: {line} (see {run}/ktap)", file=sys.stderr)
    return 1 if errors or not ended.wasSuccessful() else 0


if __name__ == "__main__":
    sys.exit(main())
