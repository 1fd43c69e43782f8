# SPDX-License-Identifier: GPL-2.0
"""Tests of what modproof check makes of what a guest and its kernel printed"""

import contextlib
import io
import re
import types
import unittest.mock
from pathlib import Path

import build
import check
import ktap
import page
import project
import results
import splat
import verdict
from first_error import Tree
from tests.base import PROJECT, Scratch
from tests.page_reader import Page
from verdict import FAILED, NOT_FOR, OK, SKIPPED, Step, Tested

AREA = """KTAP version 1
1..1
    KTAP version 1
    # Subtest: foo
    1..7
    ok 1 load
    # /dev/foo: read 3 bytes
    ok 2 use
"""
DIED = AREA + "not ok 1 foo # the guest ended before its job was done\n"
WHOLE = (
    AREA
    + """    not ok 3 taint # W: kernel issued warning
    ok 4 unload
    ok 5 left
    ok 6 reload
    ok 7 leak # SKIP the kernel has no kmemleak
not ok 1 foo
"""
)


def begins(step):
    """Return the line of the kernel's log with which a step begins."""
    return f"[    1.000000] modproof: foo {step} begins\n"


def fake(**attributes):
    """Return an object with these attributes, in place of one with more."""
    return types.SimpleNamespace(**attributes)


BUG = (
    "[    1.100000] BUG: sleeping function called from invalid context at a.c:1\n"
    "[    1.100000] in_atomic(): 1, irqs_disabled(): 0, pid: 86, name: prove\n"
)
HELD = (
    "[    1.1] WARNING: lock held when returning to user space!\n"
    "[    1.1] 6.12.0 #1 Tainted: G           O\n"
    "[    1.1] prove/87 is leaving the kernel with locks still held!\n"
    "[    1.1] 1 lock held by prove/87:\n"
    "[    1.1]  #0: ffffffffa0008068 (&foo_mutex){+.+.}-{3:3}, at: "
    "foo_open+0xc/0x30 [foo]\n"
)


class Steps(Scratch):
    """The steps of a module, from its document and the kernel's log."""

    def proved(self, document, log=""):
        """Return what was found out about the module foo."""
        (self.scratch / "ktap").write_text(document)
        (self.scratch / "console.log").write_text(log)
        one = Tested("stock", "foo", [Step("build")])
        check.add_steps(one, results.read(self.scratch).children[0])

        project = fake(root=self.scratch, config=fake(ignore=[]))
        kernel = fake(path=self.scratch / "kernel")
        check.add_splats([one], project, kernel, self.scratch)
        return one

    def statuses(self, one):
        """Return the status of each step."""
        return {step.name: step.status for step in one.steps}

    def test_module_that_ended_its_guest_failed_in_that_step(self):
        one = self.proved(DIED)
        self.assertEqual(
            self.statuses(one),
            {"build": OK, "load": OK, "use": OK, "taint": FAILED}
            | {s: SKIPPED for s in ("unload", "left", "reload", "leak")},
        )
        self.assertEqual(one.reason, "the guest ended before its job was done")

    def test_device_that_no_guest_has(self):
        for reason, device, status in (
            ("ENODEV: No such device", "a tuner card", NOT_FOR),
            ("ENXIO: No such device or address", "a tuner card", NOT_FOR),
            ("ENODEV: No such device", "", FAILED),
            ("EINVAL: Invalid argument", "a tuner card", FAILED),
        ):
            with self.subTest(reason, device=device):
                load = Step("load", FAILED, reason)
                one = Tested("stock", "foo", [Step("build"), load])
                check.excuse(one, device)
                self.assertEqual(one.status, status)
                hint = 'device = "..." in [modules.foo]'
                self.assertEqual(
                    any(hint in line for line in load.lines),
                    status == FAILED and not device,
                )

    def test_module_that_needs_parameters(self):
        for reason, given, names, hint in (
            ("EINVAL: Invalid argument", "", ["name"], 'parameters = "name='),
            ("EINVAL: Invalid argument", "name=a", ["name"], ""),
            ("EINVAL: Invalid argument", "", [], ""),
            ("ENOMEM: Cannot allocate memory", "", ["name"], ""),
        ):
            with self.subTest(reason, given=given, names=names):
                load = Step("load", FAILED, reason)
                one = Tested("stock", "foo", [Step("build"), load])
                module = fake(parameters=given, path=Path("foo.ko"))
                with unittest.mock.patch("vm.parameters", lambda _: names):
                    check.hint_at_parameters(one, module)
                self.assertEqual(len(load.lines), bool(hint))
                self.assertIn(hint, "".join(load.lines))

    def test_report_of_the_kernel_fails_the_step_in_which_it_appeared(self):
        log = begins("load") + begins("use") + BUG + begins("taint")
        one = self.proved(WHOLE, log)
        found = self.statuses(one)
        self.assertEqual((found["load"], found["use"]), (OK, FAILED))
        self.assertIn("sleeping function", one.step("use").reason)

    def test_taint_by_a_report_counts_once(self):
        self.assertEqual(self.statuses(self.proved(WHOLE))["taint"], FAILED)
        for reason, status in (
            ("W: kernel issued warning", SKIPPED),
            ("B: bad page referenced; W: kernel issued warning", SKIPPED),
            ("W: kernel issued warning; F: module was forced", FAILED),
        ):
            with self.subTest(reason):
                document = WHOLE.replace("W: kernel issued warning", reason)
                one = self.proved(document, begins("use") + BUG)
                self.assertEqual(self.statuses(one)["taint"], status)

    def test_oops_is_the_reason_why_the_guest_ended(self):
        log = begins("taint") + "[    1.2] kernel BUG at foo.c:7!\n"
        one = self.proved(DIED, log)
        self.assertEqual(one.reason, "kernel BUG at foo.c:7!")

    def test_equal_reports_are_told_once(self):
        """They differ in addresses, and in the task."""
        other = BUG.replace("pid: 86", "pid: 87")
        log = begins("use") + HELD + BUG * 3 + other + HELD.replace("87", "88")
        self.assertEqual(
            self.proved(WHOLE, log).step("use").lines[1:],
            [
                "WARNING: lock held when returning to user space!",
                "task:     prove, pid 87",
                "holds:    foo_open+0xc [foo]",
                "the same 2 times in all",
                "BUG: sleeping function called from invalid context at a.c:1",
                "the same 4 times in all",
            ],
        )

    def test_known_line_or_message_is_ignored(self):
        bug = splat.Splat("WARNING: at a.c:1", (), ["returned imbalanced"])
        for pattern, is_known in (
            ("^WARNING", True),
            ("^returned", True),
            ("^$", False),
            ("BUG", False),
        ):
            known = fake(line=re.compile(pattern))
            project = fake(config=fake(ignore=[known]))
            self.assertEqual(check.is_ignored(project, bug), is_known)

    def test_lockups_are_told_once(self):
        """They differ in the time for which the processor has been stuck."""
        log = begins("use") + "".join(
            f"[    1.1] watchdog: BUG: soft lockup - CPU#0 stuck for {took}s! "
            "[prove:176]\n"
            for took in (26, 53, 79)
        )
        lines = self.proved(WHOLE, log).step("use").lines
        self.assertEqual(lines[-1], "the same 3 times in all")

    def test_report_before_any_module_is_no_failure_of_one(self):
        with self.assertRaisesRegex(check.RigError, "BUG: sleeping"):
            self.proved(WHOLE, BUG)


class Plans(unittest.TestCase):
    """The plan of a module."""

    def test_module_gets_what_its_needs_need(self):
        modules = (
            build.Module("lib", Path("lib.ko"), ["crc32c"], ["probe"]),
            build.Module("other", Path("other.ko"), []),
            build.Module("tracer", Path("tracer.ko"), ["lib"]),
            build.Module("probe", Path("probe.ko"), ["usbcore"], ["tracer"]),
        )
        own = {module.name: module for module in modules}
        self.assertEqual(
            "".join(check.plan(own["probe"], own, Path("/run/ko"))),
            "file /run/ko/probe.ko\nneeds lib\nneeds tracer\n"
            "modprobe usbcore\nloads 20\n",
        )


class Places(Scratch):
    """Where a function of a module is in its source."""

    def test_header_of_the_kernel_is_no_place(self):
        """An inline function of one is in a function of the module."""
        header = self.scratch / "kernels/source/slab.h"
        for path in (header, self.scratch / "project/foo.c"):
            path.parent.mkdir(parents=True)
            path.touch()
        (self.scratch / "src").mkdir()
        (self.scratch / "foo.ko").touch()
        tree = Tree(self.scratch / "project", self.scratch / "src")
        objects = splat.Objects(self.scratch, tree)
        lines = f"{header}:891\n{self.scratch}/src/foo.c:38\n"
        out = self.scratch / "out"
        with (
            unittest.mock.patch("results.build_dir", lambda: out),
            unittest.mock.patch("splat.find_symbol", lambda *_: (".text", 0)),
            unittest.mock.patch("splat.tool", lambda *_: lines),
        ):
            function = splat.FUNCTION.search("foo_init+0xf0/0x100 [foo]")
            self.assertEqual(objects.place(function, True), "foo.c:38")


class Packages(Scratch):
    """The packages that the project's tests need."""

    def test_package_that_is_missing(self):
        project = fake(config=fake(guest=fake(packages=["no-such-package"])))
        with self.assertRaisesRegex(
            check.RigError, "no-such-package is not installed.*apt-get install"
        ):
            check.need_packages(project)

    def test_package_that_is_there(self):
        project = fake(config=fake(guest=fake(packages=["make"])))
        check.need_packages(project)


class Boots(Scratch):
    """The guests that are booted until each module has been proved."""

    def serve(self, names, *rounds):
        """Serve with guests that do @rounds; return how many there were."""
        kernel = fake(path=Path("stock"), slowness=lambda: 1)
        guest = fake(is_excused=False, errors=["the guest ended"])
        left = list(rounds)
        with unittest.mock.patch("vm.accelerator", lambda _: ("tcg", "")):
            guests = check.Guests(kernel, self.scratch, [], names.split)
        with unittest.mock.patch(
            "check.Guests.new", lambda *_: guest
        ), unittest.mock.patch(
            "check.serve", lambda *_: left.pop(0)(guests.document)
        ):
            guests.serve()
        return len(rounds) - len(left)

    def test_guest_that_dies_at_boot_is_no_failure_of_a_later_one(self):
        def dies(_):
            """End before an area is taken."""

        def takes(document):
            document.next_area(True)

        self.assertEqual(self.serve("a b", takes, takes), 2)
        self.assertEqual(self.serve("a b", dies, takes, takes), 3)
        self.assertEqual(self.serve("a", dies, takes), 2)
        for names, *rounds in (("a", dies, dies), ("a b", takes, dies, dies)):
            with self.assertRaisesRegex(check.RigError, "no guest came up"):
                self.serve(names, *rounds)


class Space(Scratch):
    """Whether the disk has space for a run."""

    def test_full_disk_is_one_line_before_anything_is_fetched(self):
        usage = types.SimpleNamespace(free=7 << 20)
        with (
            unittest.mock.patch("shutil.disk_usage", return_value=usage),
            unittest.mock.patch("check.get_kernel") as get,
            self.assertRaisesRegex(
                check.RigError,
                "250 MiB in .*, and only 7 MiB are free: remove",
            ) as ended,
        ):
            check.prepare(fake(config=project.Config()), "stock-6.1")
        get.assert_not_called()
        self.assertNotIn("\n", str(ended.exception))


class Kernels(Scratch):
    """The kernel on which a module is checked."""

    def test_kernel_of_a_directory_is_called_by_its_release(self):
        path = self.scratch / "6.12.1-demo"
        kernel = unittest.mock.Mock(path=path, work=self.scratch / "work")
        kernel.board.is_foreign.return_value = False
        project = unittest.mock.MagicMock()
        built = build.Build("failed", "a.c:1: error: b", self.scratch / "log")
        with (
            unittest.mock.patch("check.get_kernel", lambda name: kernel),
            unittest.mock.patch("check.build_for", lambda *_: built),
            unittest.mock.patch("check.prover"),
            unittest.mock.patch("check.Guests"),
            unittest.mock.patch("results.build_dir", lambda: self.scratch),
            contextlib.redirect_stdout(io.StringIO()),
        ):
            one = check.check_on(project, f"{path}/")[0]
        self.assertEqual(one.kernel, "6.12.1-demo")


class Reports(Scratch):
    """The table, the documents, and the exit status."""

    GOOD = Tested("stock-6.12", "foo", [Step("build"), Step("load")])
    BAD = Tested(
        "stock-6.1",
        "foo",
        [
            Step("build"),
            Step("load", FAILED, "ENODEV", ["a line"]),
            Step("use", SKIPPED, "the module is not loaded"),
        ],
    )
    NOT = Tested("latest", "foo", [Step("build", NOT_FOR, "no CONFIG_X")])

    def report(self, *tested, broken=()):
        """Return the exit status of a check, and what it printed."""
        out = io.StringIO()
        project = unittest.mock.Mock()
        with (
            unittest.mock.patch("results.build_dir", lambda: self.scratch),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(out),
        ):
            status = check.report(
                fake(name="project"), list(tested), list(broken)
            )
        return status, out.getvalue()

    def test_exit_status(self):
        cases: list[tuple[list[Tested], list[str], int]] = [
            ([self.GOOD], [], 0),
            ([self.GOOD, self.NOT], [], 0),
            ([self.GOOD, self.BAD], [], 1),
            ([self.BAD], ["no kernel"], 1),
            ([self.GOOD], ["no kernel"], 3),
            ([], ["no kernel"], 3),
            ([self.NOT], [], 4),
        ]
        for tested, broken, status in cases:
            with self.subTest(status=status):
                self.assertEqual(
                    self.report(*tested, broken=broken)[0], status
                )

    def test_tool_that_ends_is_a_failure_of_the_rig(self):
        lacks = SystemExit("modproof: the kernel lacks 9P_FS")
        words = ["check", str(PROJECT / "examples/counter"), "--kernel", "x"]
        out = io.StringIO()
        with (
            unittest.mock.patch("check.check_on", side_effect=lacks),
            unittest.mock.patch("check.need_programs"),
            unittest.mock.patch("results.build_dir", lambda: self.scratch),
            unittest.mock.patch("sys.argv", words),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(out),
        ):
            self.assertEqual(check.main(), 3)
        self.assertIn(
            "modproof: the rig failed: the kernel lacks 9P_FS\n",
            out.getvalue(),
        )

    def test_wrong_use_ends_the_check(self):
        words = ["check", str(PROJECT / "examples/counter"), "--kernel", "x"]
        with (
            unittest.mock.patch("check.check_on", side_effect=SystemExit(2)),
            unittest.mock.patch("check.need_programs"),
            unittest.mock.patch("sys.argv", words),
            self.assertRaises(SystemExit) as ended,
        ):
            check.main()
        self.assertEqual(ended.exception.code, 2)

    def test_table_has_a_line_for_each_module_and_kernel(self):
        _, said = self.report(self.GOOD, self.BAD, self.NOT)
        lines = said.splitlines()
        self.assertRegex(lines[1], r"^module  kernel      build    load ")
        self.assertRegex(lines[2], r"^foo     stock-6.12  ok +ok +- ")
        self.assertRegex(lines[3], r"^foo     stock-6.1   ok +FAILED +- ")
        self.assertEqual(
            lines[4], "foo     latest      not for this kernel: no CONFIG_X"
        )
        self.assertIn("\nfoo on stock-6.1, load: ENODEV\n  a line\n", said)

    def test_documents_have_the_same_results(self):
        self.report(self.GOOD, self.BAD, self.NOT)
        out = self.scratch / "results"
        root = ktap.read_file(out / "ktap")
        self.assertEqual(root.faults, [])
        self.assertEqual(ktap.count(ktap.outcomes(root)), (3, 1, 2))
        self.assertIn('failures="1"', (out / "junit.xml").read_text())
        page = Page(out / "index.html")
        self.assertEqual(
            page.all("section#kernels tr"),
            [
                "stock-6.12 stock-6.1 latest",
                "foo 2 ok load FAILED not for this kernel",
            ],
        )
        self.assertEqual(page.all("span.pass"), [])

    def test_page_marks_only_the_numbers_that_are_not_0(self):
        path = self.scratch / "page"
        steps = [Step("load", FAILED, "BUG: bad", [])]
        page.write(path, verdict.page_of([Tested("k", "foo", steps)], "t"))
        told = Page(path)
        self.assertEqual(told.all("b.fail"), ["1 failed"])
        self.assertEqual(told.all("b.none"), ["0 passed", "0 skipped"])

    def test_page_tells_a_failure_with_its_place_and_log(self):
        log = self.scratch / "console.log"
        log.write_text(begins("load") + "here\n" + begins("use") + "there\n")
        lines = ["at:       foo.c:7 in foo_init+0x3 [foo]"]
        bad = Tested("k", "foo", [Step("load", FAILED, "BUG: bad", lines)])
        bad.log = log
        path = self.scratch / "page"
        page.write(path, verdict.page_of([bad], "t"))
        told = Page(path)
        self.assertEqual(
            told.all("dd"), ["k", "foo.c:7", "the module loads", "BUG: bad"]
        )
        self.assertIn("here", told.all("pre")[0])
        self.assertNotIn("there", told.all("pre")[0])
