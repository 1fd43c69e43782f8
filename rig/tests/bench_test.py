# SPDX-License-Identifier: GPL-2.0
"""Tests of the benchmark: its arithmetic, its table, and its short form"""

import contextlib
import io
import re
import sys
import unittest
from pathlib import Path

import ktap
import report
import results
import vm
from tests.base import KERNEL, PROJECT, Scratch

BENCH = PROJECT / "bench"
sys.path.append(str(BENCH))

import bench
import pairs
import profile_table
from pairs import Pair, Row

TABLE = PROJECT / "Documentation/performance-table.txt"
PROFILE = PROJECT / "Documentation/performance-profile.txt"


def pair(target="1.10", stored=1.0):
    """Return a pair with this target and this stored ratio."""
    return Pair("a-pair", target, stored, "ours", "other")


def row(ours, other, target="1.10", stored=1.0):
    """Return the row of a pair with these figures."""
    return Row(pair(target, stored), ours, other)


def steady(figure):
    """Return the figures of repetitions that do not differ."""
    return [figure] * pairs.LEAST_REPETITIONS


def read(text):
    """Return the row that the lines of a guest's document give a-pair."""
    document = ktap.read(f"KTAP version 1\n1..1\n{text}\n")
    return pairs.read_rows(document, [pair()])[0]


def figures(side, *values):
    """Return the comment with the figures of a side."""
    return f"# figures a-pair {side} {' '.join(map(str, values))}\n"


class Arithmetic(unittest.TestCase):
    """The ratio, the spread and the verdict of a pair."""

    def test_ratio_is_that_of_the_medians(self):
        self.assertEqual(row([1, 2, 3, 4, 90], [1, 1, 4, 9, 9]).ratio, 0.75)

    def test_spread_is_the_larger_one_of_both_sides(self):
        one = row([100, 101, 102, 103, 104], [10, 10, 10, 10, 20])
        self.assertEqual(one.spread, 1)

    def test_spread_is_a_share_of_the_median(self):
        self.assertEqual(pairs.spread([90, 95, 100, 105, 110]), 0.2)

    def test_ratio_at_the_target_meets_it(self):
        self.assertEqual(row(steady(1.104), steady(1)).verdict(), "met")

    def test_ratio_above_the_target_misses_it(self):
        self.assertEqual(row(steady(1.106), steady(1)).verdict(), "missed")

    def test_target_in_bytes_is_compared_with_our_figure(self):
        self.assertEqual(row(steady(32.4), steady(8), "32 B").verdict(), "met")
        self.assertEqual(
            row(steady(32.6), steady(99), "32 B").verdict(), "missed"
        )

    def test_pair_without_a_target_has_no_verdict(self):
        self.assertEqual(row(steady(9), steady(1), "-").verdict(), "")

    def test_figure_with_a_large_spread_is_called_noise(self):
        one = row([1.0, 1.0, 1.0, 1.0, 1.06], steady(1))
        self.assertEqual(one.verdict(), "met, noise")


class Comparison(unittest.TestCase):
    """The comparison with the stored ratio."""

    def test_ratio_within_the_tolerance_is_good(self):
        self.assertTrue(row(steady(1.09), steady(1)).is_good())

    def test_better_ratio_is_good(self):
        self.assertTrue(row(steady(0.5), steady(1)).is_good())

    def test_worse_ratio_is_not_good(self):
        self.assertFalse(row(steady(1.11), steady(1)).is_good())

    def test_noise_may_differ_by_its_spread(self):
        noisy = [1.0, 1.1, 1.15, 1.2, 1.3]
        self.assertTrue(row(noisy, steady(1)).is_good())

    def test_pair_without_a_stored_ratio_is_not_good(self):
        one = row(steady(1), steady(1), stored=None)
        self.assertFalse(one.is_good())
        self.assertIn("STORE=1", one.complaint()[0])

    def test_complaint_has_both_ratios_and_the_next_command(self):
        said = "\n".join(row(steady(1.2), steady(1)).complaint())
        self.assertIn("the stored ratio is 1.000, the measured one 1.2", said)
        self.assertIn("make bench PAIRS=a-pair", said)

    def test_good_pair_has_no_complaint(self):
        self.assertEqual(row(steady(1), steady(1)).complaint(), [])


class Document(unittest.TestCase):
    """What the program in the guest has printed."""

    def test_figures_of_both_sides_are_read(self):
        one = read(
            figures("ours", 1, 2, 3, 4, 5)
            + figures("other", 6, 7, 8, 9, 10)
            + "ok 1 a-pair"
        )
        self.assertEqual(one.ours, [1, 2, 3, 4, 5])
        self.assertEqual(one.other, [6, 7, 8, 9, 10])
        self.assertTrue(one.is_measured)

    def test_failed_call_is_an_error_and_not_a_figure(self):
        one = read(
            figures("ours", 1, 2, 3, 4, 5) + "not ok 1 a-pair # read returns 3"
        )
        self.assertEqual(one.errors, ["read returns 3"])
        self.assertEqual(one.verdict(), "ERROR")
        self.assertFalse(one.is_good())

    def test_pair_without_a_result_is_an_error(self):
        one = read("ok 1 another")
        self.assertEqual(one.errors, ["the guest did not measure this pair"])

    def test_too_few_figures_are_an_error(self):
        one = read(
            figures("ours", 1, 2)
            + figures("other", 6, 7, 8, 9, 10)
            + "ok 1 a-pair"
        )
        self.assertEqual(one.errors, ["only 2 figures were measured"])

    def test_zero_is_an_error(self):
        one = read(
            figures("ours", 0, 0, 0, 0, 0)
            + figures("other", 1, 1, 1, 1, 1)
            + "ok 1 a-pair"
        )
        self.assertEqual(one.errors, ["a figure is not a positive number"])

    def test_skipped_pair_is_not_measured_and_has_its_reason(self):
        one = read("ok 1 a-pair # SKIP needs CONFIG_BLK_DEV_RAM")
        self.assertEqual(
            one.verdict(), "not measured: needs CONFIG_BLK_DEV_RAM"
        )
        self.assertTrue(one.is_good())


class Guest(unittest.TestCase):
    """The options of QEMU for a guest that counts instructions."""

    def words(self, machine):
        """Return QEMU's command line for this machine."""
        kernel = vm.Kernel(KERNEL.path)
        kernel.machine = machine
        return vm.command_line(kernel, "tcg", [], 1)

    def test_counter_has_the_frequency_of_the_instructions(self):
        words = self.words(vm.Machine(icount=True))
        self.assertIn("shift=0,sleep=off", words)
        self.assertIn("tcg,thread=single", words)
        self.assertIn("tsc_early_khz=1000000", words[-1].split())

    def test_other_guests_have_the_time_of_the_host(self):
        words = self.words(vm.Machine())
        self.assertNotIn("-icount", words)
        self.assertNotIn("tsc_early_khz=1000000", words[-1].split())

    def test_plugin_is_passed_on(self):
        words = self.words(vm.Machine(icount=True, plugin="a.so,b=c"))
        self.assertIn("a.so,b=c", words)


class ShortForm(Scratch):
    """The results of the short form."""

    def judged(self, *rows):
        """Judge these rows; return the failed tests, and the run's errors."""
        run = self.scratch / "bench-x"
        bench.judge(run, list(rows), [], 1)
        return results.failures(run), results.load_meta(run)["errors"]

    def test_worse_pair_fails(self):
        self.assertEqual(
            self.judged(row(steady(1.2), steady(1))), (["pairs.a-pair"], [])
        )

    def test_pair_that_misses_its_target_passes_if_it_is_not_worse(self):
        self.assertEqual(
            self.judged(row(steady(3), steady(1), stored=3)), ([], [])
        )

    def test_pair_that_was_not_measured_fails(self):
        failed, _ = self.judged(read("ok 1 another"))
        self.assertEqual(failed, ["pairs.a-pair"])


class Guests(bench.Bench):
    """A benchmark whose guests return these rows, one list after another."""

    def __init__(self, *guests):
        super().__init__(Path(bench.STORED))
        self.guests = list(guests)
        self.asked = []

    def rows(self, pairs, *options):
        """Return the rows of the next guest, and an error with its number."""
        self.asked.append([pair.name for pair in pairs])
        return self.guests.pop(0), [f"guest {len(self.asked)}"]


class Again(unittest.TestCase):
    """A pair that is worse is measured once more."""

    def test_figures_of_the_second_guest_count(self):
        rows = [row(steady(1.5), steady(1)), row(steady(1), steady(1))]
        rows[1].pair.name = "b-pair"
        second = row(steady(1), steady(1))
        guests = Guests([second])
        with contextlib.redirect_stdout(io.StringIO()) as out:
            found = guests.rows_again(rows)
        self.assertEqual(found, ([second, rows[1]], ["guest 1"]))
        self.assertIn("measured again: a-pair\n", out.getvalue())
        self.assertEqual(guests.asked, [["a-pair"]])

    def test_no_guest_is_needed_if_no_pair_is_worse(self):
        rows = [row(steady(1), steady(1)), Row(pair(), errors=["it failed"])]
        self.assertEqual(Guests().rows_again(rows), (rows, []))


class Profile(unittest.TestCase):
    """The functions that have a pair's instructions."""

    SYMBOLS = profile_table.Symbols(
        "ffffffff81000000 T first\n"
        "ffffffff81000100 t second\n"
        "ffffffff81000180 d data\n"
        "ffffffffc0000000 t third\t[module]\n"
    )

    def test_address_belongs_to_the_function_before_it(self):
        for address, name in (
            (0xFFFFFFFF81000000, "first"),
            (0xFFFFFFFF810000FF, "first"),
            (0xFFFFFFFF81000190, "second"),
            (0xFFFFFFFFC0000004, "third [module]"),
            (0x401000, "(user space)"),
        ):
            self.assertEqual(self.SYMBOLS.name(address), name)

    def test_counts_are_divided_by_the_operations(self):
        document = ktap.read(
            "KTAP version 1\n1..1\n# profile a-pair 10\n"
            "# profile a-pair 10\nok 1 a-pair\n"
        )
        counts = (
            "ffffffff81000000 50\nffffffff81000010 30\n\n"
            "ffffffff81000100 20\n\n"
        )
        text = profile_table.text(document, counts, self.SYMBOLS)
        rows = [line.split() for line in text.splitlines()]
        self.assertIn(["first", "8", "0", "8"], rows)
        self.assertIn(["second", "0", "2", "-2"], rows)
        self.assertIn(["(all)", "8", "2", "6"], rows)

    def test_module_that_is_loaded_has_no_names(self):
        """Its addresses may be those of a function that is gone."""
        document = ktap.read(
            "KTAP version 1\n1..1\n# profile load-x 1\n"
            "# profile load-x 1\nok 1 load-x\n"
        )
        counts = "ffffffffc0000000 50\n\nffffffff81000100 20\n\n"
        text = profile_table.text(document, counts, self.SYMBOLS)
        rows = [line.split() for line in text.splitlines()]
        self.assertIn(["(code", "of", "modules)", "50", "0", "50"], rows)
        self.assertNotIn("third", text)


class Files(Scratch):
    """The file with the pairs, and the places that name them."""

    def test_stored_ratio_replaces_the_old_one_only(self):
        path = self.scratch / "pairs.tsv"
        path.write_text("# head\na-pair\t1.10\t-\tx\ty\nb\t-\t2.000\tx\ty\n")
        pairs.store(path, [row(steady(3), steady(2))])
        self.assertEqual(
            path.read_text(),
            "# head\na-pair\t1.10\t1.500\tx\ty\nb\t-\t2.000\tx\ty\n",
        )

    def test_row_with_too_few_columns_is_named(self):
        path = self.scratch / "pairs.tsv"
        path.write_text("# head\na-pair\t1.10\n")
        with self.assertRaisesRegex(ValueError, "pairs.tsv:2: "):
            pairs.read_pairs(path)

    def test_each_pair_is_in_the_program_for_the_guest(self):
        sources = (BENCH / "measure").glob("*.c")
        text = "".join(path.read_text() for path in sources)
        known = set(re.findall(r'^\t\{ "([\w-]+)"', text, re.M))
        for one in pairs.read_pairs(BENCH / "pairs.tsv"):
            rest = re.match(r"(load-|memory-)?(.+)", one.name)
            with self.subTest(one.name):
                self.assertTrue({rest[1], rest[2]} & known)

    def test_page_has_a_row_for_each_pair(self):
        wanted = [one.name for one in pairs.read_pairs(BENCH / "pairs.tsv")]
        _, *lines = TABLE.read_text().splitlines()
        self.assertEqual([line.split()[0] for line in lines], wanted)

    def test_module_that_needs_no_hardware_has_a_row(self):
        names = {
            one.name.removeprefix("load-")
            for one in pairs.read_pairs(BENCH / "pairs.tsv")
            if one.is_load()
        }
        for path in (PROJECT / "modules").glob("*/Kbuild"):
            if path.parent.name == "gpio":
                continue
            built = re.findall(
                r"^obj-\S+ \+= (.+)\.o$", path.read_text(), re.M
            )
            with self.subTest(path.parent.name):
                self.assertEqual(set(built) - names - {"kbleds"}, set())
