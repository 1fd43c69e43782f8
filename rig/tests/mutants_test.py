# SPDX-License-Identifier: GPL-2.0
"""Tests of replay_mutants.guards_of(), which finds the tests for a mutant"""

import unittest

import errata
import mutate
import replay_mutants
from tests.base import KERNEL, PROJECT


class Guards(unittest.TestCase):
    """The mutants of this project, and their rows of the errata."""

    def guards(self, name):
        """Return the guards of the mutant @name on the kernel of this run."""
        path = next(PROJECT.glob(f"selftests/*/mutants/{name}.patch"))
        row = errata.read_rows()[name]
        mutant = replay_mutants.Mutant(path, row)
        return replay_mutants.guards_of(KERNEL, mutant)

    def test_suite_stands_for_the_program_that_includes_it(self):
        self.assertEqual(
            self.guards("PROCFS1-1"),
            {
                "selftests/proc/procfs1_test " f"{name}\n"
                for name in (
                    "writes_no_more_than_it_was_asked_for",
                    "gives_the_same_bytes_in_chunks_of_every_size",
                )
            },
        )

    def test_mutant_of_a_stock_kernel_has_a_guard_in_a_guest(self):
        rows = errata.read_rows()
        for path in PROJECT.glob("selftests/*/mutants/*.patch"):
            row = rows[path.stem]
            if row[3] == KERNEL.path.name and not row[2].startswith("tools/"):
                self.assertTrue(self.guards(path.stem), path.stem)


class Equivalent(unittest.TestCase):
    """tools/mutate.equivalent, which lists mutants that change nothing."""

    def test_each_row_matches_a_mutant(self):
        parts = sorted(path.stem for path in PROJECT.glob("lib/*.c"))
        mutants = [
            mutant for part in parts for mutant in mutate.mutants_of(part)
        ]
        self.assertLess(len(mutate.without_equivalent(mutants)), len(mutants))
