#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Change lib/ operator by operator, and check that the KUnit suites notice.

A part is a file of lib/, with its header.  A mutant is a part with one change:
another operator, integer constant or error code, or a statement removed.  The
program builds each mutant into a UML kernel, in a copy of the project, and
runs the KUnit suites that use the part.  A case that fails, a crash or an
endless loop kills the mutant.  If every suite passes, the mutant has survived.

If no suite uses two parts, a mutant of each may share a build.  The file
mutate.equivalent lists mutants that behave as the original does, with reasons.
"""

import argparse
import collections
import difflib
import os
import queue
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "rig"))

from common import die

PROJECT = Path(__file__).resolve().parent.parent
EQUIVALENT = Path(__file__).resolve().with_suffix(".equivalent")
NEEDED_PERCENT = 95
# The ways in which a suite ends that kill a mutant, and their names in the
# report.
KILLED = {
    "failed": "a case that failed",
    "crashed": "a crash",
    "hung": "an endless loop",
}
# A suite has hung if it takes this many times as long as without a mutant, but
# at least this number of seconds.
TIMEOUT_FACTOR, TIMEOUT_MIN_SECONDS = 20, 10

OPERATORS = {
    "==": ["!="],
    "!=": ["=="],
    "<": ["<=", ">="],
    ">": [">=", "<="],
    "<=": ["<", ">"],
    ">=": [">", "<"],
    "&&": ["||"],
    "||": ["&&"],
    "++": ["--"],
    "--": ["++"],
    "<<": [">>"],
    ">>": ["<<"],
    "+=": ["-="],
    "-=": ["+="],
    "|=": ["&="],
    "&=": ["|="],
    "<<=": [">>="],
    ">>=": ["<<="],
    "!": [""],
    "|": ["&"],
    "^": ["&"],
    "/": ["*"],
    "%": ["/"],
}
# These operators are also unary operators.  A unary operator is not followed
# by a space, and is not changed.
BINARY_OPERATORS = {"+": ["-"], "-": ["+"], "&": ["|"], "*": ["+"]}
TOKEN = re.compile(
    r"(?P<number>\b(?:0[xX][0-9a-fA-F]+|\d+)[uUlL]*\b)|(?P<name>[A-Za-z_]\w*)|"
    r"(?P<op><<=|>>=|->|\+\+|--|&&|\|\||<<|>>|[-+*/%&|^=!<>]=|"
    r"[-+*/%&|^!<>=?:;,.~(){}\[\]])"
)
DEFINE = re.compile(r"^#define[ \t]+\w+[ \t]+(\d+)$", re.MULTILINE)
# A statement at the beginning of a line, up to the semicolon.
STATEMENT = re.compile(r"^\t+(?=(?P<text>[^\s;{}][^;{}]*;))", re.MULTILINE)
CONTROL = re.compile(r"(if|else|for|while|do|switch|case|default)\b")
DECLARATION = re.compile(
    r"(const|static|struct|unsigned|[a-z]\w* \**\w+( =|,|;|\[))"
)


# The start and the end of a piece of a file, and the text that replaces it.
Change = tuple[int, int, str]


class Mutant:
    """One change to a file: @text replaces the text from @start to @end."""

    def __init__(
        self,
        part: str,
        path: Path,
        source: str,
        start: int,
        end: int,
        text: str,
    ) -> None:
        self.part, self.path, self.source = part, path, source
        self.mutated = source[:start] + text + source[end:]
        self.line = source.count("\n", 0, start) + 1
        diff = difflib.unified_diff(
            source.splitlines(), self.mutated.splitlines(), lineterm="", n=0
        )
        self.diff = [row for row in list(diff)[2:] if row[0] in "+-"]
        self.before, self.after = (
            self.squeeze(" ".join(row[1:] for row in self.diff if row[0] == c))
            for c in "-+"
        )
        old, new = self.squeeze(source[start:end]), self.squeeze(text)
        self.change = f"{old} -> {new or 'nothing'}"

    @staticmethod
    def squeeze(text: str) -> str:
        return " ".join(text.split())

    def place(self) -> str:
        return f"lib/{self.path.name}:{self.line}"

    def key(self) -> tuple[str, str, str]:
        return f"lib/{self.path.name}", self.before, self.after


def blank(source: str) -> str:
    """Replace comments, strings and preprocessor lines by spaces.

    The length of the text and its lines do not change.
    """
    pattern = (
        r"/\*.*?\*/|//[^\n]*|^#(?:\\\n|[^\n])*|"
        r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])+'"
    )
    return re.sub(
        pattern,
        lambda match: re.sub(r"[^\n]", " ", match[0]),
        source,
        flags=re.DOTALL | re.MULTILINE,
    )


def bodies(code: str) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each function's body."""
    depth = start = 0
    for match in re.finditer(r"[{}]", code):
        if match[0] == "{":
            if depth == 0:
                start = (
                    match.start()
                    if code[: match.start()].rstrip().endswith(")")
                    else 0
                )
            depth += 1
        else:
            depth -= 1
            if depth == 0 and start:
                yield start, match.end()


def number_changes(text: str) -> list[str]:
    digits = text.rstrip("uUlL")
    suffix = text[len(digits) :]
    value = int(digits, 0)
    return [f"{value + 1}{suffix}", f"{value - 1}{suffix}"]


def token_changes(code: str, start: int, end: int) -> Iterator[Change]:
    """Yield the changes to each operator, constant and error code."""
    previous = ""
    for match in TOKEN.finditer(code, start, end):
        text, place = match[0], match.span()
        changes: list[str] = []
        if match["number"]:
            changes = number_changes(text)
        elif match["op"] and text in BINARY_OPERATORS:
            changes = (
                BINARY_OPERATORS[text] if code[match.end()].isspace() else []
            )
        elif match["op"] and text in OPERATORS:
            changes = OPERATORS[text]
        elif previous == "-" and re.fullmatch(r"E[A-Z0-9]+", text):
            place = (code.rindex("-", start, match.start()), match.end())
            changes = ["0", "-EIO" if text != "EIO" else "-EINVAL"]
        for change in changes:
            yield (*place, change)
        previous = text


def order_changes(code: str, start: int, end: int) -> Iterator[Change]:
    """Yield the changes from ++x to x++, from x++ to ++x, and so for --.

    Skip those whose value is not used.
    """
    operand = r"(\w+(?:(?:->|\.)\w+)*)"
    for match in re.finditer(
        rf"(\+\+|--){operand}(?!\s*[;)])", code[start:end]
    ):
        yield start + match.start(), start + match.end(), match[2] + match[1]
    for match in re.finditer(
        rf"{operand}(\+\+|--)(?!\s*[;)])", code[start:end]
    ):
        yield start + match.start(), start + match.end(), match[2] + match[1]


def statement_changes(code: str, start: int, end: int) -> Iterator[Change]:
    """Yield the changes that delete an assignment, a call or a return.

    A return is deleted only if it is the body of an if, an else or a loop.
    """
    for match in STATEMENT.finditer(code, start, end):
        text = match["text"]
        before = code[start : match.start()].rstrip()
        guarded = before.endswith((")", "else"))
        if text.startswith("return"):
            deletable = guarded
        else:
            deletable = (
                (guarded or before[-1] in ";{}")
                and not CONTROL.match(text)
                and not DECLARATION.match(text)
            )
        if deletable:
            yield (*match.span("text"), ";")


def mutants_of(part: str) -> list[Mutant]:
    """Return the mutants of a part's functions and of its constants."""
    seen: set[str] = set()
    mutants = []
    for path in (PROJECT / "lib" / f"{part}.c", PROJECT / "lib" / f"{part}.h"):
        if not path.exists():
            continue
        source = path.read_text(encoding="utf-8")
        code = blank(source)
        changes = [
            (*match.span(1), change)
            for match in DEFINE.finditer(source)
            for change in number_changes(match[1])
        ]
        for start, end in bodies(code):
            for kind in (token_changes, order_changes, statement_changes):
                changes += kind(code, start, end)
        for change in sorted(changes):
            mutant = Mutant(part, path, source, *change)
            if mutant.mutated not in seen:
                seen.add(mutant.mutated)
                mutants.append(mutant)
    return mutants


def included(path: Path) -> set[str]:
    """Return the parts whose headers a file includes, directly or not."""
    names: set[str] = set()
    todo = [path]
    while todo:
        for name in re.findall(
            r'^#include "(\w+)\.h"',
            todo.pop().read_text(encoding="utf-8"),
            re.MULTILINE,
        ):
            files = [
                PROJECT / "lib" / f"{name}{suffix}" for suffix in (".h", ".c")
            ]
            if name not in names and files[0].exists():
                names.add(name)
                todo += [file for file in files if file.exists()]
    return names


def suites_by_part(parts: list[str]) -> dict[str, set[str]]:
    """Return the names of the suites that use each part, by the part."""
    suites: dict[str, set[str]] = {part: set() for part in parts}
    for path in sorted((PROJECT / "kunit").glob("*_kunit.c")):
        name = re.search(r'\.name = "(\w+)"', path.read_text(encoding="utf-8"))
        if not name:
            die(f'kunit/{path.name} has no suite: it needs .name = "..."')
        for part in included(path) & set(parts):
            suites[part].add(name[1])
    for part, names in suites.items():
        if not names:
            die(f"no suite in kunit/ includes lib/{part}.h: add one")
    return suites


def without_equivalent(mutants: list[Mutant]) -> list[Mutant]:
    """Return the mutants that are not listed as equivalent."""
    keys = {mutant.key() for mutant in mutants}
    listed = set()
    rows = (
        EQUIVALENT.read_text(encoding="utf-8").splitlines()
        if EQUIVALENT.exists()
        else []
    )
    for number, row in enumerate(rows, 1):
        fields = row.split("\t")
        if len(fields) != 4 or not fields[3].strip():
            die(
                f"{EQUIVALENT.name}:{number}: needs the file, the line, the "
                "mutated line and the reason, with a tab between them"
            )
        if tuple(fields[:3]) not in keys:
            die(
                f"{EQUIVALENT.name}:{number}: matches no mutant; "
                "delete or correct it"
            )
        listed.add(tuple(fields[:3]))
    return [mutant for mutant in mutants if mutant.key() not in listed]


class Kernel:
    """A kernel tree, a copy of the project in it, and a build directory.

    Each job has its own, so that jobs do not disturb each other.
    """

    def __init__(self, directory: Path, args: argparse.Namespace) -> None:
        self.tree, self.out = directory / "tree", directory / "out"
        self.log = directory / "build.log"
        self.options = [f"CC={args.cc}", *args.make_options]
        self.make_jobs = max(1, (os.cpu_count() or 1) // args.jobs)
        self.seconds: dict[str, float] = {}
        self.output: list[str] = []
        if self.tree.exists() and not (self.tree / "modproof").is_dir():
            die(f"{self.tree} was not made here: name another --build-dir")
        shutil.rmtree(self.tree, ignore_errors=True)
        self.tree.mkdir(parents=True)
        self.out.mkdir(exist_ok=True)
        for path in args.tree.iterdir():
            if path.name in ("Kbuild", "Kconfig"):
                shutil.copy2(path, self.tree)
            elif path.name != "modproof":
                (self.tree / path.name).symlink_to(path)
        for name in ("Kbuild", "Kconfig"):
            shutil.copy2(PROJECT / name, self.project(name))
        for name in ("core", "include", "kunit", "lib", "modules", "tools"):
            if (PROJECT / name).is_dir():
                # Give the copies the current time, so that make replaces the
                # objects of mutants of an earlier run.
                shutil.copytree(
                    PROJECT / name,
                    self.project(name),
                    copy_function=shutil.copy,
                    ignore=shutil.ignore_patterns(
                        "*.o", "*.cmd", "*.mod*", "*.a"
                    ),
                )

    def project(self, name: str) -> Path:
        path = self.tree / "modproof" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def make(self, *targets: str) -> bool:
        with open(self.log, "w", encoding="utf-8") as log:
            command = [
                "make",
                "-s",
                f"-j{self.make_jobs}",
                "-C",
                self.tree,
                "ARCH=um",
                f"O={self.out}",
                *self.options,
                *targets,
            ]
            return (
                subprocess.run(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    check=False,
                ).returncode
                == 0
            )

    def prepare(self, suites: set[str]) -> None:
        """Configure and build the kernel without a mutant; see confirm()."""
        # Join the files in the order of kunit.py, because the last setting of
        # a symbol counts.
        config = (
            self.tree / "tools/testing/kunit/configs/arch_uml.config"
        ).read_text(encoding="utf-8")
        config += (PROJECT / ".kunitconfig").read_text(encoding="utf-8")
        (self.out / ".config").write_text(config, encoding="utf-8")
        if not self.make("olddefconfig"):
            die(f"the kernel cannot be configured: see {self.log}")
        self.confirm(suites)

    def confirm(self, suites: set[str]) -> None:
        """Check that every suite passes without a mutant; time each suite."""
        if not self.make():
            die(f"the kernel does not build without a mutant: see {self.log}")
        for suite in sorted(suites):
            start = time.monotonic()
            verdict = self.run(suite)
            self.seconds[suite] = time.monotonic() - start
            if verdict != "passed":
                print("".join(self.output[-20:]), file=sys.stderr)
                die(
                    f"suite {suite} {verdict} without a mutant; "
                    "its last lines are above"
                )

    def boot(self, suite: str) -> subprocess.Popen[str]:
        """Start the kernel, which runs a suite and halts."""
        return subprocess.Popen(
            [
                self.out / "linux",
                "mem=1G",
                "console=tty",
                f"uml_dir={self.out}/",
                "kunit_shutdown=halt",
                "kunit.enable=1",
                f"kunit.filter_glob={suite}.*",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )

    def run(self, suite: str) -> str:
        """Run a suite up to its first failure, and return how it ended."""
        limit = max(
            TIMEOUT_MIN_SECONDS, TIMEOUT_FACTOR * self.seconds.get(suite, 1)
        )
        process = self.boot(suite)
        hung = threading.Event()
        self.output = []

        def kill() -> None:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

        def stop() -> None:
            hung.set()
            kill()

        timer = threading.Timer(limit, stop)
        timer.start()
        verdict = "crashed"
        assert process.stdout
        for line in process.stdout:
            self.output.append(line)
            if re.match(r"\s*not ok ", line):
                verdict = "failed"
                break
            if re.match(rf"ok \d+ {suite}$", line):
                verdict = "passed"
        timer.cancel()
        kill()
        process.wait()
        process.stdout.close()
        return "hung" if hung.is_set() else verdict

    def judge(
        self, batch: list[Mutant], suites: dict[str, set[str]]
    ) -> dict[Mutant, str]:
        """Build all mutants of a batch together; return their verdicts.

        If the build fails, build each mutant alone.
        """
        for mutant in batch:
            self.project(f"lib/{mutant.path.name}").write_text(
                mutant.mutated, encoding="utf-8"
            )
        verdicts = {}
        built = self.make()
        for mutant in batch if built else ():
            runs = (self.run(suite) for suite in sorted(suites[mutant.part]))
            verdicts[mutant] = next(
                (verdict for verdict in runs if verdict != "passed"),
                "survived",
            )
        for mutant in batch:
            self.project(f"lib/{mutant.path.name}").write_text(
                mutant.source, encoding="utf-8"
            )
        if not built and len(batch) == 1:
            verdicts[batch[0]] = "invalid"
        elif not built:
            for mutant in batch:
                verdicts.update(self.judge([mutant], suites))
        return verdicts


def batches(
    mutants: list[Mutant], suites: dict[str, set[str]]
) -> Iterator[list[Mutant]]:
    """Yield lists of mutants; no suite uses the parts of two in a list."""
    waiting: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        waiting.setdefault(mutant.part, []).append(mutant)
    while waiting:
        batch: list[Mutant] = []
        used: set[str] = set()
        for part in sorted(waiting, key=lambda part: -len(waiting[part])):
            if not used & suites[part]:
                used |= suites[part]
                batch.append(waiting[part].pop(0))
        waiting = {part: rest for part, rest in waiting.items() if rest}
        yield batch


class Score:
    """The number of mutants with each verdict so far."""

    def __init__(self, total: int) -> None:
        self.total, self.start = total, time.monotonic()
        self.lock = threading.Lock()
        self.verdicts: collections.Counter[str] = collections.Counter()

    def add(self, verdicts: dict[Mutant, str]) -> None:
        with self.lock:
            for mutant, verdict in verdicts.items():
                self.verdicts[verdict] += 1
                if verdict == "survived":
                    print(
                        f"{mutant.place()}: {mutant.change} survived: no suite fails"
                    )
                    print("\n".join(f"\t{row}" for row in mutant.diff))
                    sys.stdout.flush()
                if sum(self.verdicts.values()) % 20 == 0:
                    self.progress()

    def progress(self) -> None:
        print(
            f"{sum(self.verdicts.values())} of {self.total} mutants,"
            f" {self.verdicts['survived']} survived,"
            f" {time.monotonic() - self.start:.0f} s",
            file=sys.stderr,
            flush=True,
        )

    def finish(self) -> bool:
        """Print the totals; return true if enough were killed."""
        survived = self.verdicts["survived"]
        killed = sum(self.verdicts[kind] for kind in KILLED)
        if self.verdicts["invalid"]:
            print(f"{self.verdicts['invalid']} did not compile: not counted")
        for kind, cause in KILLED.items():
            print(f"{self.verdicts[kind]} killed by {cause}")
        print(
            f"{killed + survived} changes (mutants): the tests noticed {killed},"
            f" {survived} survived"
        )
        if not killed + survived:
            die("no mutant was judged: select more of them")
        return 100 * killed >= NEEDED_PERCENT * (killed + survived)


def work(
    kernel: Kernel,
    todo: queue.Queue[list[Mutant]],
    suites: dict[str, set[str]],
    score: Score,
) -> None:
    """Take batches from the queue and judge them until it is empty."""
    while True:
        try:
            batch = todo.get_nowait()
        except queue.Empty:
            return
        score.add(kernel.judge(batch, suites))


def argument_parser(parts: list[str]) -> argparse.ArgumentParser:
    """Return the parser for the arguments of this program."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--tree",
        type=Path,
        metavar="DIR",
        help="kernel tree made by rig/tree; it is only read",
    )
    parser.add_argument(
        "--build-dir",
        type=Path,
        metavar="DIR",
        help="directory for the private trees and builds",
    )
    parser.add_argument(
        "--part", action="append", choices=parts, help="only this part"
    )
    parser.add_argument(
        "--sample", type=int, metavar="N", help="only N mutants, at random"
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="seed of the sample; 1 by default"
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=1,
        metavar="N",
        help="builds at once, each in a directory of its own",
    )
    parser.add_argument(
        "--list", action="store_true", help="print the mutants and stop"
    )
    parser.add_argument(
        "make_options", nargs="*", metavar="X=Y", help="passed to make"
    )
    return parser


def parse_args(parts: list[str]) -> argparse.Namespace:
    """Parse the arguments, and exit if one of them is wrong."""
    args = argument_parser(parts).parse_args()
    args.cc = os.environ.get("CC", "gcc")
    if shutil.which("ccache"):
        args.cc = f"ccache {args.cc}"
    if args.list:
        return args
    if (
        not args.tree
        or not (args.tree / "tools/testing/kunit/kunit.py").exists()
    ):
        die(
            f"--tree={args.tree or ''} is not a kernel tree: make one with "
            '"rig/tree build KSRC DIR"'
        )
    if not args.build_dir:
        die("--build-dir is missing: name a directory for the builds")
    if args.jobs < 1:
        die(f"--jobs={args.jobs} is too small: type --jobs=1, for example")
    args.tree, args.build_dir = args.tree.resolve(), args.build_dir.resolve()
    return args


def chosen_mutants(parts: list[str], args: argparse.Namespace) -> list[Mutant]:
    """Return the mutants that the arguments select; by default, all."""
    mutants = without_equivalent(
        [mutant for part in parts for mutant in mutants_of(part)]
    )
    mutants = [
        mutant
        for mutant in mutants
        if not args.part or mutant.part in args.part
    ]
    if args.sample:
        mutants = random.Random(args.seed).sample(
            mutants, min(args.sample, len(mutants))
        )
    return mutants


def judge_all(
    mutants: list[Mutant],
    suites: dict[str, set[str]],
    args: argparse.Namespace,
) -> Score:
    """Build and judge the mutants in args.jobs threads; return the score."""
    todo: queue.Queue[list[Mutant]] = queue.Queue()
    for batch in batches(mutants, suites):
        todo.put(batch)
    print(
        f"{len(mutants)} mutants in {todo.qsize()} builds",
        file=sys.stderr,
        flush=True,
    )

    kernels = [
        Kernel(args.build_dir / str(job), args) for job in range(args.jobs)
    ]
    used = set().union(*suites.values())
    for kernel in kernels:
        kernel.prepare(used)
    score = Score(len(mutants))
    workers = [
        threading.Thread(target=work, args=(kernel, todo, suites, score))
        for kernel in kernels
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for kernel in kernels:
        kernel.confirm(used)
    return score


def main() -> int:
    """Judge or list the mutants that the arguments select."""
    parts = sorted(
        path.stem
        for path in (PROJECT / "lib").glob("*.c")
        if not path.stem.endswith(".mod")
    )
    args = parse_args(parts)
    suites = suites_by_part(parts)
    mutants = chosen_mutants(parts, args)
    if args.list:
        for mutant in mutants:
            print(f"{mutant.place()}: {mutant.before}  ->  {mutant.after}")
        return 0
    return 0 if judge_all(mutants, suites, args).finish() else 1


if __name__ == "__main__":
    sys.exit(main())
