#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Session - type recorded commands in a guest, compare the answers

    tools/guest/session.py FILE.session...

A session is a terminal's text.  A line with "# " in front is a command of
root's, one with "$ " a command of user nobody's; what follows is the answer, in
which "..." stands for any text, or on a line of its own for any lines.  All of
it goes out as a KTAP document, with the terminal's text as comments.
"""

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
NOBODY = 65534
LIMIT = 30
# What a job in the background has to say may come after its command has ended.
LATE = 5
# How many times as long everything takes on the host; see tools/guest/main.
PULSE = Path("/run/pulse/now")
END = "modproof-end-of-answer"


def slow(seconds):
    """How long a limit is on this kernel and this host."""
    kernel = int(os.environ.get("SLOW") or 1)
    try:
        return seconds * kernel * int(PULSE.read_text().split()[0])
    except (OSError, IndexError):
        return seconds * kernel


class Shell:
    """An interactive bash on a terminal of its own."""

    def __init__(self, uid):
        self.terminal, theirs = pty.openpty()
        attributes = termios.tcgetattr(theirs)
        attributes[1] &= ~termios.OPOST
        attributes[3] &= ~termios.ECHO
        termios.tcsetattr(theirs, termios.TCSANOW, attributes)
        environment = dict(
            os.environ, PS1="", PS2="", TERM="dumb", HISTFILE=""
        )
        self.bash = subprocess.Popen(
            ["setsid", "--ctty", "bash", "--norc", "--noediting", "-i"],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            user=uid,
            group=uid,
            extra_groups=[],
        )
        os.close(theirs)
        self.run("PS1= PS2=; set -o notify")

    def read(self, answer, seconds, is_complete):
        """Read on until the answer is complete, or for so many seconds."""
        deadline = time.monotonic() + slow(seconds)
        while not is_complete(answer):
            left = max(deadline - time.monotonic(), 0)
            if not select.select([self.terminal], [], [], left)[0]:
                break
            answer += os.read(self.terminal, 4096).decode(errors="replace")
            # The shell sets up its terminal anew where a job was killed.
            answer = answer.replace("\r\n", "\n")
        return answer

    def run(self, command, expected=re.compile(".*", re.DOTALL)):
        """Type a command; return what the terminal shows, and is expected."""
        text = f"{command}\nprintf '\\n%s\\n' {END}\n"
        os.write(self.terminal, text.encode())
        answer = self.read("", LIMIT, lambda text: f"\n{END}\n" in text)
        if f"\n{END}\n" not in answer:
            return answer + f"(no end after {slow(LIMIT)} s)"
        answer = answer.replace(f"\n{END}\n", "", 1)
        return self.read(answer, LATE, expected.fullmatch)

    def close(self):
        """Hang up."""
        os.close(self.terminal)
        self.bash.wait()


def steps(text):
    """A session's steps, as (prompt, command, expected answer, line number)."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line[:2] in ("# ", "$ "):
            found.append((line[0], line[2:], [], number))
        elif found:
            found[-1][2].append(line)
        else:
            sys.exit(f"a session starts with a command, not with: {line}")
    return found


def line_pattern(line):
    """The part of it for a line, or for the lines that a line of dots stands for."""
    if line == "...":
        return ".*(?:\n.*)*?"
    return ".*".join(re.escape(piece) for piece in line.split("..."))


def pattern(expected):
    """A regular expression for an answer."""
    return re.compile("\n".join(map(line_pattern, expected)) + "\n?")


def play(path):
    """Type a session's commands; return how many answers were wrong."""
    # If the kernel stops, the last of these lines names the session.
    with open("/dev/kmsg", "w", encoding="utf-8") as log:
        log.write(f"<4>modproof: {path.parent.name} {path.stem} begins")
    known = path.relative_to(PROJECT) if PROJECT in path.parents else path
    shells = {"#": Shell(0), "$": Shell(NOBODY)}
    commands = steps(path.read_text())
    wrong = 0 if commands else 1
    for prompt, command, expected, number in commands:
        answer = shells[prompt].run(command, pattern(expected))
        print(f"    # {prompt} {command}")
        for line in answer.splitlines():
            print(f"    # {line}")
        if not pattern(expected).fullmatch(answer):
            wrong += 1
            print(f"    # WRONG {known}:{number}, expected:")
            for line in expected or ["(nothing)"]:
                print(f"    #   {line}")
    for shell in shells.values():
        shell.close()
    return wrong


def main():
    """Play the sessions, grouped by the directory they lie in."""
    areas = {}
    for name in sys.argv[1:]:
        areas.setdefault(Path(name).parent.name, []).append(Path(name))
    print(f"KTAP version 1\n1..{len(areas)}")
    for number, (area, paths) in enumerate(areas.items(), 1):
        print(
            f"    KTAP version 1\n    # Subtest: {area}\n    1..{len(paths)}"
        )
        failed = 0
        for count, path in enumerate(paths, 1):
            wrong = play(path)
            failed += bool(wrong)
            print(
                f"    {'not ok' if wrong else 'ok'} {count} {path.stem}",
                flush=True,
            )
        print(f"{'not ok' if failed else 'ok'} {number} {area}", flush=True)


if __name__ == "__main__":
    main()
