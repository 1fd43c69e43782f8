# SPDX-License-Identifier: GPL-2.0
"""Tests of how guests share a run's areas, and of guests that end early"""

import contextlib
import fcntl
import io
import os
import select
import signal
import subprocess

import check
import guest_pool
import snapshot
import vm
from tests.base import HERE, PASS, Scratch


class Guests(Scratch):
    """Guests that are shell scripts instead of QEMU."""

    SHARE = (
        'while echo modproof: next; read -r area && [ "$area" ]; do '
        'echo "ok 1 $area"; done; echo modproof: verdict 0'
    )

    def serve(self, *scripts, areas=(), patience=60):
        """Run scripts as guests; return their errors and the document."""
        document = guest_pool.Document(self.scratch, areas)
        served = [
            guest_pool.Guest(["sh", "-c", script], document, front=number == 0)
            for number, script in enumerate(scripts)
        ]
        with contextlib.redirect_stdout(io.StringIO()):
            guest_pool.serve(served, patience)
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
        self.assertIn(
            "the guest hung: it has printed nothing for 1 s", *errors
        )
        self.assertEqual(ktap, ["ok 1 fact"])

    def test_truncated_log_is_red(self):
        errors, _ = self.serve("echo ok 1 fact")
        self.assertEqual(errors, ["the guest ended before its job was done"])

    def test_log_that_goes_on_behind_its_verdict_is_red(self):
        errors, _ = self.serve("echo modproof: verdict 0; echo ok 1 fact")
        self.assertEqual(errors, ["the guest ended before its job was done"])

    ASKS = (
        "echo modproof: words; echo modproof: words; read -r words; "
        'echo "$words"; read -r -t 1 more; echo "more:$more"; '
        "echo modproof: verdict 0"
    )

    def check_answer(self, script):
        """Check that a guest with this script gets its words once."""
        document = guest_pool.Document(self.scratch)
        handshake = snapshot.Handshake(
            ["rig.job=/job"], None, self.scratch / "console"
        )
        guest = guest_pool.Guest(
            ["bash", "-c", script], document, handshake=handshake
        )
        with contextlib.redirect_stdout(io.StringIO()):
            guest_pool.serve([guest], 5)
        self.assertEqual(guest.errors, [])
        words, more = (self.scratch / "ktap").read_text().splitlines()
        self.assertRegex(
            words, r"^rig\.job=/job rig\.now=\d{10} rig\.seed=[0-9a-f]{64}$"
        )
        self.assertEqual(more, "more:")

    def test_words_are_sent_once(self):
        self.check_answer(self.ASKS)

    def test_guest_that_was_saved_while_it_asked_gets_its_words(self):
        self.check_answer(f"echo oof: words; {self.ASKS}")

    def test_guest_that_only_asks_for_words_hangs(self):
        errors, ktap = self.serve(
            "while echo modproof: words; do sleep 0.1; done", patience=1
        )
        self.assertIn(
            "the guest hung: it has printed nothing for 1 s", *errors
        )
        self.assertEqual(ktap, [])

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

    def test_seconds_of_programs_and_tests_are_known(self):
        script = (
            "echo modproof: next; read -r area; sleep 0.2; "
            "echo '        ok 1 slow.one # SKIP x'; echo '    not ok 1 prog'; "
            'echo "ok 1 $area"; echo modproof: verdict 0'
        )
        document = guest_pool.Document(self.scratch, ["a"])
        with contextlib.redirect_stdout(io.StringIO()):
            guest = guest_pool.Guest(["sh", "-c", script], document)
            guest_pool.serve([guest], 60)
        self.assertEqual(
            set(document.seconds), {"a", "a.prog", "a.prog.slow.one"}
        )
        self.assertGreaterEqual(document.seconds["a.prog.slow.one"], 0.2)

    def test_areas_may_be_known_after_the_guest_has_booted(self):
        asked = []

        def later():
            asked.append((self.scratch / "booted").exists())
            return ["one", "two"]

        document = check.Quiet(self.scratch, [], later)
        script = f": >{self.scratch}/booted; {self.SHARE}"
        guest = guest_pool.Guest(["sh", "-c", script], document)
        guest_pool.serve([guest], 60)
        self.assertEqual(asked, [True])
        self.assertEqual(
            (self.scratch / "ktap").read_text().splitlines(),
            ["KTAP version 1", "1..2", "ok 1 one", "ok 2 two"],
        )

    def test_first_guest_takes_from_the_front(self):
        """The second guest takes from the back; each takes one area."""
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
        """The guest gets the whole name of its area.

        This is so even if a child of the guest's shell ends when only half of
        the name has arrived.
        """
        self.fake("job", 'echo "ok 1 $1"')
        areas = ["busybox", "sh", str(HERE / "guest/areas"), "busybox"]
        with subprocess.Popen(
            [*areas, self.scratch / "job"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        ) as guest:
            pipe = guest.stdin.fileno()
            # With the size of a page, the pipe is writable only after the
            # guest has read its data.
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 4096)
            # The signal could do harm only at a moment when the guest waits,
            # so try ten times.
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
        self.assertEqual(errors, ["the guest ended before its job was done"])
        self.assertEqual(
            ktap[2:],
            [
                "    ok 1 program",
                "not ok 1 first # the guest ended before its job was done",
                "ok 2 second",
            ],
        )


class Boot(Scratch):
    """A guest that ends early because of a mistake of the emulator."""

    def boots(self, *outcomes, accel="tcg", areas=()):
        """Boot a guest; return the number of boots, and the errors.

        An outcome is a script: the first boot runs the first one, and so on.
        """
        left = self.scratch / "left"
        left.write_text("".join(f"{outcome}\n" for outcome in outcomes))
        self.console = self.scratch / "console.log"
        self.console.touch()
        script = (
            f"read -r outcome <{left}; sed -i 1d {left}; touch "
            f'{self.console}; eval "$outcome"'
        )
        document = guest_pool.Document(self.scratch, areas)
        with contextlib.redirect_stdout(io.StringIO()):
            errors = vm.boot(
                [vm.Start(["sh", "-c", script])], accel, document, 60
            )
        return len(outcomes) - len(left.read_text().splitlines()), errors

    DIES = "exit 1"
    DIES_LATE = "echo ok 1 fact"
    LIVES = "echo modproof: verdict 0"
    # This guest finishes an area, and dies by an int3 in the middle of the
    # next.
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
        """Return an outcome: a guest that dies by an int3.

        According to its oops, the memory has @byte at the place of the int3.
        @first is the result of its first area, @half a result in the next one,
        and @before a line of its log before the oops.
        """
        return self.MEETS_INT3.format(
            log=self.scratch / "console.log",
            byte=byte,
            first=first,
            half=half,
            before=before,
        )

    def ktap(self):
        """Return the lines of the document after its head."""
        return (self.scratch / "ktap").read_text().splitlines()[2:]

    def test_is_booted_again(self):
        self.assertEqual(self.boots(self.DIES, self.LIVES), (2, []))

    def test_is_booted_no_third_time(self):
        booted, errors = self.boots(self.DIES, self.DIES, self.LIVES)
        self.assertEqual((booted, errors), (2, ["QEMU ended with status 1"]))

    def test_is_not_booted_again_once_its_job_has_begun(self):
        booted, errors = self.boots(self.DIES_LATE, self.LIVES)
        self.assertEqual(
            (booted, errors), (1, ["the guest ended before its job was done"])
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

    def check_red(
        self, *outcomes, accel="tcg", text="before its job was done"
    ):
        """Check that the run fails at the last outcome, and boots no more."""
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
        document = guest_pool.Document(self.scratch, self.AREAS)
        one, other = (guest_pool.Guest([], document) for _ in range(2))
        for guest in one, other:
            name = document.next_area(True)
            document.add(guest, ["    ok 1 program", f"ok 1 {name}"], 1)
        document.forget(one)
        self.assertEqual(self.ktap(), ["    ok 1 program", "ok 1 second"])
        self.assertEqual(sorted(document.left), ["first", "third"])
