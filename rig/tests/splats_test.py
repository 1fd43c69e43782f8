# SPDX-License-Identifier: GPL-2.0
"""Tests of which lines of a kernel's log report a bug

Such a line is called a splat.  rig/tests/splats.txt, the table, has messages
from the kernel's sources that are splats, and functions whose messages are
not.  If a module itself prints one of the kernel's words for a bug, such as
"WARNING:", this line is a splat too.
"""

import re
import unittest
from pathlib import Path

import results
import splat
from tests.base import KSRC
from tests.ktap_test import VERSIONS, version_of

CALL = re.compile(
    r"\b((?:pr_(?:warn|err|alert|crit|emerg)|printk|WARN|panic"
    r"|kmemleak_(?:warn|stop)|warn_or_seq_printf|CHECK_DATA_CORRUPTION"
    r"|(?:dev|netdev)_(?:warn|err|crit|alert|emerg))"
    r"(?:_once|_ONCE|_ratelimited|_deferred)?|__die)\s*\("
)
COMMENT = re.compile(r"/\*(?:.|\n)*?\*/")
ATTRIBUTE = re.compile(r"__(?:printf|acquires|releases)\([^)]*\)")
FUNCTION = re.compile(r"^(?:[a-z_][\w *]*[ *])?(\w+)\(", re.M)
TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
TEXTS = re.compile(r'"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*')
CONVERSION = re.compile(
    r"%[-#0 +]*[\d*]*(?:\.[\d*]+)?(?:hh?|ll?|z|t|L)?(?:p[A-Za-z]*|[a-z]|X)"
)
# The beginnings of the names of functions that print another line, which is a
# splat, before the message.
HEADED = ("WARN", "CHECK_DATA", "panic", "__die")
# Messages with these words are not splats: the kernel reports a bug at a
# higher level, or in the line that KERN_CONT continues.
QUIET = ("KERN_CONT", "KERN_INFO", "KERN_DEBUG")


def end_of_call(text, start):
    """Return the position of the ")" that ends a call's arguments.

    The arguments begin at @start.
    """
    depth = 1
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[()]', text[start:]):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if not depth:
            return start + token.start()
    return len(text)


def messages(source):
    """Yield (function, call, message) of each message that a source prints.

    The call is the function that prints it, such as pr_warn.
    """
    text = COMMENT.sub(lambda match: "\n" * match[0].count("\n"), source)
    text = ATTRIBUTE.sub("", text)
    functions = [
        (found.start(), found[1]) for found in FUNCTION.finditer(text)
    ]
    for call in CALL.finditer(text):
        args = text[call.end() : end_of_call(text, call.end())]
        found = TEXTS.search(args)
        if not found or args.startswith(QUIET):
            continue
        message = "".join(TEXT.findall(found[0]))
        for escape, character in (("\\n", " "), ("\\t", " "), ('\\"', '"')):
            message = message.replace(escape, character)
        names = [name for start, name in functions if start < call.start()]
        yield names[-1] if names else "", call[1], message.strip()


def printed(message):
    """Return a message with values instead of its conversions such as %d."""
    line = message.replace("%%", "%")
    return CONVERSION.sub(
        lambda found: "1" if found[0][-1] in "dux" else "rcu_1", line
    )


def is_splat(message):
    """Return true if results.splats() regards a message as a splat."""
    return bool(results.splats(printed(message)))


TABLE = Path(__file__).with_name("splats.txt").read_text()
SECTIONS = TABLE.split("\n\n")
SPLATS = [row.split("\t") for row in SECTIONS[1].splitlines()]
OTHERS = dict(row.split("\t") for row in SECTIONS[2].splitlines())


def unknown(path):
    """Return a source's messages that are neither splats nor in the table."""
    said: dict[str, list[str]] = {}
    for function, call, message in messages(path.read_text()):
        if message and not call.startswith(HEADED):
            said.setdefault(function, []).append(message)
    known = OTHERS[str(path.relative_to(KSRC))].split()
    return [
        f"{function}(): {found[0]}"
        for function, found in said.items()
        if function not in known and not any(map(is_splat, found))
    ]


def is_newer(one, other):
    """Return true if a version is newer than another one."""
    numbers = [list(map(int, version.split("."))) for version in (one, other)]
    return numbers[0] > numbers[1]


# Lines that are not splats: from guests without a bug, and from tests that
# make the kernel print them.
QUIET_LINES = (
    "FAULT_INJECTION: forcing a failure.",
    "name failslab, interval 1, probability 0, space 0, times 0",
    "CPU: 0 PID: 42 Comm: cat Tainted: G           O       6.12.117 #1",
    "Call Trace:",
    "cat: page allocation failure: order:0, mode:0xcc0(GFP_KERNEL)",
    "SLUB: Unable to allocate memory on CPU 0 (of node 0) on node -1",
    "kobject: can not set name properly!",
    "kobject: kobject_add_internal failed for x (error: -12 parent: module)",
    "kmemleak: Kernel memory leak detector initialized",
    "kmemleak: 1 new suspected memory leaks (see /sys/kernel/debug/kmemleak)",
    "hello: loading out-of-tree module taints kernel.",
    "hello: module verification failed: signature and/or required key missing",
    "cat[42]: segfault at 0 ip 0000000000401000 sp 00007ffd error 4 in cat",
    "INFO: NMI handler (perf_event_nmi_handler) took too long to run",
    "INFO: lockdep is turned off.",
    "workqueue: work hogged CPU for >10000us 4 times, consider switching",
    "clocksource: Marking clocksource 'tsc' as unstable",
    "rcu: Hierarchical RCU implementation.",
    "genirq: Flags mismatch irq 24. 00000003 (led) vs. 00000003 (button)",
    "demo: there is a debug level, and a warning of it",
)


class Splats(unittest.TestCase):
    """Tests of results.splats()."""

    def test_each_message_of_the_table_is_a_splat(self):
        for _, _, message in SPLATS:
            with self.subTest(message):
                self.assertTrue(is_splat(message))

    def test_each_message_is_in_the_sources_of_its_versions(self):
        version = version_of(KSRC)
        for name, versions, message in SPLATS:
            path = Path(KSRC) / name
            if version not in versions.split():
                continue
            with self.subTest(message):
                found = {text for _, _, text in messages(path.read_text())}
                self.assertIn(message, found)

    def test_no_source_says_what_is_not_in_the_table(self):
        """Check a source whose version is in the table, or is newer."""
        version = version_of(KSRC)
        if version not in VERSIONS and is_newer(VERSIONS[-1], version):
            return
        for name in OTHERS:
            path = Path(KSRC) / name
            if not path.exists():
                continue
            with self.subTest(name):
                self.assertEqual(
                    unknown(path),
                    [],
                    "add what means a bug to SPLAT in rig/results.py, and "
                    "other functions to rig/tests/splats.txt",
                )

    def test_other_kinds_of_lines_are_no_splats(self):
        for line in QUIET_LINES:
            with self.subTest(line):
                self.assertEqual(results.splats(f"[    1.0] {line}\n"), [])

    def test_a_splat_is_found_wherever_it_stands(self):
        line = "<4>[    1.0][    T9] BUG: scheduling while atomic: cat/9/0x2"
        self.assertEqual(results.splats(f"fine\n{line}\r\nfine\n"), [line])


WARNING = """\
[ 1.0] ------------[ cut here ]------------
[ 1.1] {}
[ 1.2] WARNING: CPU: 0 PID: 7 at init/main.c:1 do_one_initcall+0x283/0x320
[ 1.3] Call Trace:
"""


class Warnings(unittest.TestCase):
    """What the kernel says between "cut here" and the place of a warning."""

    def found(self, text):
        return splat.find(text, results.SPLAT.search)

    def test_message_is_in_the_report(self):
        said = "initcall x+0x0 [x] returned with preemption imbalance"
        (found,) = self.found(WARNING.format(said))
        self.assertEqual(
            found.kind,
            "WARNING: at init/main.c:1 do_one_initcall+0x283/0x320: " + said,
        )

    def test_message_that_is_a_splat_is_the_same_one(self):
        said = "refcount_t: underflow; use-after-free."
        (found,) = self.found(WARNING.format(said))
        self.assertEqual(found.kind, said)
        self.assertEqual(found.place()[0]["name"], "do_one_initcall")

    def test_warning_without_a_message_has_none(self):
        text = WARNING.replace("[ 1.1] {}\n", "")
        first, second = self.found(text + "[ 1.4] other\n" + text)
        self.assertEqual([first.message, second.message], ["", ""])
        self.assertEqual(first.lines[1:], ["Call Trace:", "other"])

    def test_message_of_an_earlier_warning_is_its_own(self):
        said = "list_add corruption. prev is wrong"
        text = WARNING.format(said) + WARNING.replace("[ 1.1] {}\n", "")
        self.assertEqual(len(self.found(text)), 2)

    def test_other_reports_after_a_cut_keep_their_lines(self):
        text = (
            "[ 1.0] ------------[ cut here ]------------\n"
            "[ 1.1] kernel BUG at trap.c:7!\n"
            "[ 1.2] Oops: invalid opcode: 0000 [#1] PREEMPT SMP\n"
            "[ 1.3] CPU: 1 UID: 0 PID: 190 Comm: 1#62 Not tainted\n"
        )
        (found,) = self.found(text)
        self.assertEqual(found.task(), "1#62, pid 190")
        held = "[ 2.0] WARNING: lock held when returning to user space!\n"
        first, second = self.found(text + "[ 1.4] x\n" * 5 + held)
        self.assertEqual(len(first.lines), 8)
        self.assertEqual(second.message, "")
