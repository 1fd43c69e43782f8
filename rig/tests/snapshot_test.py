# SPDX-License-Identifier: GPL-2.0
"""Tests of what a snapshot of a guest depends on"""

import json
import os
import socket
import threading
import unittest
import unittest.mock

import snapshot
from tests.base import Scratch


class Identity(Scratch):
    """The identity of a snapshot."""

    def setUp(self):
        super().setUp()
        self.file = self.scratch / "vmlinux"
        self.file.write_text("one")
        self.command = ["sh", "-m", "1G"]

    def identity(self):
        place = self.scratch / "snapshot-1"
        return snapshot.Snapshot(place, self.command, [self.file]).identity

    def test_same(self):
        self.assertEqual(self.identity(), self.identity())

    def test_other_option(self):
        known = self.identity()
        self.command[-1] = "2G"
        self.assertNotEqual(self.identity(), known)

    def test_words_are_not_joined(self):
        known = self.identity()
        self.command[1:] = ["-m1G"]
        self.assertNotEqual(self.identity(), known)

    def test_other_file(self):
        known = self.identity()
        self.file.write_text("three")
        self.assertNotEqual(self.identity(), known)

    def test_other_time(self):
        known = self.identity()
        os.utime(self.file, ns=(0, 1))
        self.assertNotEqual(self.identity(), known)


class Saved(Scratch):
    """Guests that cannot be saved: QEMU is a script."""

    def test_qemu_without_a_monitor(self):
        place = self.scratch / "snapshot-1"
        unsaved = snapshot.Snapshot(place, ["sh"], [])
        handshake = snapshot.Handshake([], unsaved, self.scratch / "console")
        # $1 is the value of -chardev, "socket,id=monitor,fd=NUMBER".  If the
        # script kept the socket open, the host would wait for an answer.
        script = 'eval "exec ${1##*=}>&-"; read -r words; echo "$words"'
        with handshake.start(["bash", "-c", script]) as qemu:
            handshake.answer(qemu.stdin)
            self.assertRegex(qemu.stdout.read(), rb"^rig\.now=\d+ rig\.seed=")
        self.assertFalse(unsaved.exists())
        self.assertEqual(list(self.scratch.glob("*napshot*")), [])


class Resumed(unittest.TestCase):
    """A guest that goes on after it was saved: QEMU is a thread."""

    def setUp(self):
        # QEMU's answers to query-status, in turn.
        self.states = []
        # The state in which it got the command cont.
        self.continued_in = None

    def qemu(self, end):
        """Be QEMU's monitor, which refuses cont before it has finalized."""
        with end, end.makefile("rw") as monitor:
            state = "running"
            print('{"QMP": {}}\n{"return": {}}', file=monitor, flush=True)
            decoder, text = json.JSONDecoder(), ""
            while more := end.recv(4096).decode():
                text += more
                while text:
                    call, length = decoder.raw_decode(text)
                    text = text[length:]
                    result = {}
                    if call["execute"] == "query-status":
                        state = self.states.pop(0)
                        result["status"] = state
                    if call["execute"] == "cont":
                        self.continued_in = state
                    if call["execute"] != "qmp_capabilities":
                        answer = json.dumps({"return": result})
                        print(answer, file=monitor, flush=True)

    def resume(self, *states):
        """Resume a guest with these states; return the one at cont."""
        self.states = list(states)
        ours, theirs = socket.socketpair()
        thread = threading.Thread(target=self.qemu, args=(theirs,))
        thread.start()
        self.addCleanup(thread.join)
        with ours:
            monitor = snapshot.Monitor(ours)
            with monitor.lines:
                monitor.resume()
        thread.join()
        return self.continued_in

    def test_it_goes_on_after_the_migration_is_finalized(self):
        states = "finish-migrate", "finish-migrate", "postmigrate"
        self.assertEqual(self.resume(*states), "postmigrate")
        self.assertEqual(self.states, [])

    def test_it_goes_on_if_it_could_not_be_saved(self):
        self.assertEqual(self.resume("running"), "running")

    def test_it_is_given_up_if_the_migration_does_not_end(self):
        with unittest.mock.patch.object(snapshot, "LIMIT", 0.2):
            with self.assertRaisesRegex(OSError, "does not end the migration"):
                self.resume(*["finish-migrate"] * 1000)
        self.assertIsNone(self.continued_in)
