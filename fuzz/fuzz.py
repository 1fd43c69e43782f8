#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Run the fuzz targets of all parts at the same time, and print their results."""

import argparse
import os
import pathlib
import re
import select
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT / "rig"))

from common import die

# If an input takes this number of seconds, it counts as an endless loop.
# Normally no input takes a second.
INPUT_SECONDS = 10
# If the corpus of a part is empty, run the part with at least this number of
# inputs, however long it takes on a busy machine.  A third of the number is
# enough to reach every branch.
FIRST_RUNS = 30000
# The patterns of the messages that explain a crash.  The first one that
# matches is used.
REASONS = (
    r"DIFFERENCE: (?:(?P<at>\S+:\d+): )?"
    r"(?P<what>.* is (?P<seen>-?\d+), the model's is (?P<expected>-?\d+)|.*)",
    r"(?P<at>[^ ]+:\d+):\d+: (?P<what>runtime error: .*)",
    r"ERROR: (?P<what>(?:Address|Leak)Sanitizer: [\w-]+|libFuzzer: .*)",
)
# A line of a stack trace that names a source line of this project.
FRAME = re.compile(
    r"^\s+#\d+ .* ((?:\S*/)?(?:lib|fuzz|kunit)/\w+\.[ch]:\d+)", re.M
)


def near(path: str | pathlib.Path) -> pathlib.Path:
    """Return a path relative to the project, if the file is in the project."""
    path = pathlib.Path(path)
    return path.relative_to(PROJECT) if PROJECT in path.parents else path


class Run:
    """A fuzz target that runs.

    It first runs the inputs of its corpus, and those that made it crash
    before.
    """

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
        """Return a descriptor that is readable when the target has ended."""
        return self.end

    def start(self, limit: str) -> None:
        """Start the target; @limit is the option of libFuzzer that ends it."""
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
        """Wait for the end of the target.

        Return the exit status, the log, and the match of the log's "Done"
        line, which is None if the target did not finish.
        """
        status = self.process.wait()
        text = self.log.read_text(encoding="utf-8", errors="replace")
        done = re.search(
            r"^Done (\d+) runs in (\d+) second", text, re.MULTILINE
        )
        return status, text, done

    def finish(self) -> bool:
        """Wait for the end and print the result; return true if it passed.

        If the corpus was empty and the runs were too few, run it again.
        """
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
        """Return what failed in a dictionary, by the labels of the report.

        "what" is always in it.  "at", "expected" and "seen" are in it if the
        log
        @text has them.
        """
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
                    r"^.*?((lib|fuzz|kunit)/\w+\.)", r"\1", reason["at"]
                )
            labels = ("what", "at", "expected", "seen")
            return {
                label: reason[label] for label in labels if label in reason
            }
        return {"what": f"exit status {status} without a reason"}


def main() -> int:
    """Run the fuzz targets of the parts that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--time", type=int, default=60, help="seconds to run; 60 by default"
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=1,
        help="seed of the random inputs; 1 by default",
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
            f"--time={args.time} is too short: type --time=1 or more, because "
            "libFuzzer does not end with 0"
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
                # Print this result now, while the other targets still run.
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
