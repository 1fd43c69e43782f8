#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Session - type the commands of a session in a guest, and compare the answers

    rig/guest/session.py FILE.session...

A session is a file with the text of a terminal.  A line that begins with "# "
is a command that root types; a line that begins with "$ " is a command that an
unprivileged user types.  The lines after a command are the expected answer.
In an answer, "..." stands for any text; a line that has only "..." stands for
any number of lines.  The output is a KTAP document with a result for each
session; the commands and their real answers are comments in it.
"""

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "rig"))

from common import die
from ktap_writer import Writer

NOBODY = 65534
LIMIT = 30
# For this number of seconds after a command has ended, its jobs in the
# background may still print a part of the answer.
LATE = 5
# This file has the factor by which everything takes longer because the host is
# busy; see pulse() in rig/guest/main.
PULSE = Path("/run/pulse/now")
END = "modproof-end-of-answer"
# A step of a session: the prompt, the command, the lines of the expected
# answer, and the line number of the command.
Step = tuple[str, str, list[str], int]


def slow(seconds: int) -> int:
    """Return @seconds times the factors by which kernel and host are slow."""
    kernel = int(os.environ.get("SLOW") or 1)
    try:
        return seconds * kernel * int(PULSE.read_text().split()[0])
    except (OSError, IndexError):
        return seconds * kernel


class Shell:
    """An interactive bash of a user, on a pseudo-terminal."""

    def __init__(self, uid: int) -> None:
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

    def read(
        self, answer: str, seconds: int, is_complete: Callable[[str], object]
    ) -> str:
        """Append what the shell prints to @answer; return the result.

        Stop when the answer is complete, or after @seconds.
        """
        deadline = time.monotonic() + slow(seconds)
        while not is_complete(answer):
            left = max(deadline - time.monotonic(), 0)
            if not select.select([self.terminal], [], [], left)[0]:
                break
            answer += os.read(self.terminal, 4096).decode(errors="replace")
            # After a job was killed, the shell resets the terminal's modes,
            # and the terminal writes "\r\n" again.
            answer = answer.replace("\r\n", "\n")
        return answer

    def run(
        self,
        command: str,
        expected: re.Pattern[str] = re.compile(".*", re.DOTALL),
    ) -> str:
        """Type a command; return its output.

        If the output does not match @expected, wait up to LATE seconds for
        output of jobs in the background.
        """
        text = f"{command}\nprintf '\\n%s\\n' {END}\n"
        os.write(self.terminal, text.encode())
        answer = self.read("", LIMIT, lambda text: f"\n{END}\n" in text)
        if f"\n{END}\n" not in answer:
            return answer + f"(no end after {slow(LIMIT)} s)"
        answer = answer.replace(f"\n{END}\n", "", 1)
        return self.read(answer, LATE, expected.fullmatch)

    def close(self) -> None:
        """Close the terminal, which hangs up the shell."""
        os.close(self.terminal)
        self.bash.wait()


def steps(path: Path) -> list[Step]:
    """Return the steps of a session."""
    found: list[Step] = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line[:2] in ("# ", "$ "):
            found.append((line[0], line[2:], [], number))
        elif found:
            found[-1][2].append(line)
        else:
            die(
                f'{path}:{number}: "{line}" is not a command: begin the session '
                'with a line that begins with "# " or "$ "'
            )
    return found


def line_pattern(line: str) -> str:
    """Return the pattern for a line of an answer; "..." matches any lines."""
    if line == "...":
        return ".*(?:\n.*)*?"
    return ".*".join(re.escape(piece) for piece in line.split("..."))


def pattern(expected: list[str]) -> re.Pattern[str]:
    """Return the regular expression for the lines of an expected answer."""
    return re.compile("\n".join(map(line_pattern, expected)) + "\n?")


def play(path: Path, document: Writer) -> None:
    """Type a session's commands, and write its result to the document."""
    # If the kernel crashes or hangs, the last such line in its log names the
    # session that was running.
    with open("/dev/kmsg", "w", encoding="utf-8") as log:
        log.write(f"<4>modproof: {path.parent.name} {path.stem} begins")
    known = path.relative_to(PROJECT) if PROJECT in path.parents else path
    shells = {"#": Shell(0), "$": Shell(NOBODY)}
    commands = steps(path)
    wrong = 0 if commands else 1
    for prompt, command, expected, number in commands:
        answer = shells[prompt].run(command, pattern(expected))
        document.comment(f"{prompt} {command}")
        for line in answer.splitlines():
            document.comment(line)
        if not pattern(expected).fullmatch(answer):
            wrong += 1
            document.comment(f"WRONG {known}:{number}, expected:")
            for line in expected or ["(nothing)"]:
                document.comment(f"  {line}")
    for shell in shells.values():
        shell.close()
    document.result(not wrong, path.stem)


def main() -> None:
    """Play the sessions that the arguments name, grouped by directory."""
    areas: dict[str, list[Path]] = {}
    for name in sys.argv[1:]:
        areas.setdefault(Path(name).parent.name, []).append(Path(name))
    document = Writer(sys.stdout, len(areas))
    for area, paths in areas.items():
        group = document.begin(len(paths), area)
        for path in paths:
            play(path, group)
        document.result(group.is_good, area)


if __name__ == "__main__":
    main()
