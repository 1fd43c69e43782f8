#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Run the fuzz target of each part, all at once, and say what came of it."""

import argparse
import os
import pathlib
import re
import select
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT / "tools"))

from common import die

# A slower input than this is an endless loop; no target needs a second.
INPUT_SECONDS = 10
# What a corpus that begins empty takes to meet every branch, three times over:
# a busy machine must not leave it with less.
FIRST_RUNS = 30000
# What counts as the reason for a crash, in the order of preference.
REASONS = (
    r"DIFFERENCE: (?:(?P<at>\S+:\d+): )?"
    r"(?P<what>.* is (?P<seen>-?\d+), the model's is (?P<expected>-?\d+)|.*)",
    r"(?P<at>[^ ]+:\d+):\d+: (?P<what>runtime error: .*)",
    r"ERROR: (?P<what>(?:Address|Leak)Sanitizer: [\w-]+|libFuzzer: .*)",
)
# The first line of ours in a stack of calls.
FRAME = re.compile(r"^\s+#\d+ .* ((?:\S*/)?(?:lib|host)/\w+\.[ch]:\d+)", re.M)


def near(path: str | pathlib.Path) -> pathlib.Path:
    """A path as one types it from the project's directory."""
    path = pathlib.Path(path)
    return path.relative_to(PROJECT) if PROJECT in path.parents else path


class Run:
    """A fuzz target at work; it begins with its corpus and old crashes."""

    def __init__(
        self, part: str, output: pathlib.Path, seconds: int, seed: int
    ) -> None:
        self.part = part
        self.binary = output / f"{part}_fuzz"
        self.log = output / "log" / f"{part}.log"
        self.found = output / "found" / part
        self.corpus = output / "corpus" / part
        for directory in (self.log.parent, self.found, self.corpus):
            directory.mkdir(parents=True, exist_ok=True)
        self.seed = seed
        self.is_first = not any(self.corpus.iterdir())
        self.start(f"-max_total_time={seconds}")
        self.end = os.pidfd_open(self.process.pid)

    def fileno(self) -> int:
        """What to wait for."""
        return self.end

    def start(self, limit: str) -> None:
        """Set the target to work, up to a limit as libFuzzer takes it."""
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [
                    self.binary,
                    f"-seed={self.seed}",
                    limit,
                    f"-timeout={INPUT_SECONDS}",
                    "-max_len=1024",
                    "-print_final_stats=1",
                    f"-artifact_prefix={self.found}/",
                    self.corpus,
                    self.found,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait(self) -> tuple[int, str, re.Match[str] | None]:
        """Wait; return the exit status, the log, and its last line if good."""
        status = self.process.wait()
        text = self.log.read_text(encoding="utf-8", errors="replace")
        done = re.search(
            r"^Done (\d+) runs in (\d+) second", text, re.MULTILINE
        )
        return status, text, done

    def finish(self) -> bool:
        """Print the result; return whether it is good."""
        status, text, done = self.wait()
        if done and self.is_first and int(done[1]) < FIRST_RUNS:
            self.start(f"-runs={FIRST_RUNS}")
            status, text, done = self.wait()
        if status == 0 and done and int(done[1]):
            rate = int(done[1]) // max(1, int(done[2]))
            count = len(list(self.corpus.iterdir()))
            print(
                f"{self.part:<16} PASS {rate:>9} runs/s, {done[2]} s,"
                f" corpus of {count}"
            )
            return True
        reason = self.reason(text, status)
        print(f"{self.part:<16} FAIL {reason.pop('what')}")
        written = re.search(r"Test unit written to (.*)", text)
        if written:
            reason["again"] = f"{near(self.binary)} {near(written[1])}"
        reason["all of it"] = str(near(self.log))
        for label, told in reason.items():
            print(f"  {label + ':':<10} {told}")
        return False

    @staticmethod
    def reason(text: str, status: int) -> dict[str, str]:
        """What happened, where, and what was expected and seen, if known."""
        for pattern in REASONS:
            match = re.search(pattern, text)
            if not match:
                continue
            reason = {
                name: told for name, told in match.groupdict().items() if told
            }
            if pattern.startswith("DIFF"):
                reason["what"] = f"DIFFERENCE: {reason['what']}"
            frame = FRAME.search(text, match.end())
            if frame and "at" not in reason:
                reason["at"] = frame[1]
            if "at" in reason:
                reason["at"] = re.sub(
                    r"^.*?((lib|host)/\w+\.)", r"\1", reason["at"]
                )
            labels = ("what", "at", "expected", "seen")
            return {
                label: reason[label] for label in labels if label in reason
            }
        return {"what": f"exit status {status} without a reason"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--time", type=int, default=60, help="seconds, 60 unless told"
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="seed, 1 unless told"
    )
    parser.add_argument(
        "--output",
        type=pathlib.Path,
        required=True,
        help="directory of the targets, the corpus and the logs",
    )
    parser.add_argument("parts", nargs="+", metavar="part")
    args = parser.parse_args()
    if args.time < 1:
        parser.error(
            "--time must be 1 second or more: libFuzzer takes 0 for ever"
        )

    print(f"fuzzing for {args.time} s, seed {args.seed}", flush=True)
    output = args.output.resolve()
    running = [Run(part, output, args.time, args.seed) for part in args.parts]
    failed = []
    try:
        while running:
            ended, _, _ = select.select(running, [], [])
            for run in ended:
                if not run.finish():
                    failed.append(run.part)
                # Show a crash while the others run.
                sys.stdout.flush()
                running.remove(run)
    finally:
        for run in running:
            run.process.kill()
            run.process.wait()
    if failed:
        count = len(args.parts)
        print(f"{len(failed)} of {count} parts failed: {' '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        die("interrupted")
