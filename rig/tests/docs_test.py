# SPDX-License-Identifier: GPL-2.0
"""Tests of tools/docs: what is built again; sphinx-build is a script"""

from tests.base import PROJECT, Scratch

# Fail if there is a file "bad"; else keep what an earlier run has read.
SPHINX = """
[ "$1" != --version ] || exit 0
[ ! -e bad ] || exit 1
while [ "$1" != -b ]; do shift; done
builder=$2
echo "$builder" >>{0}/built
while [ $# -gt 1 ]; do shift; done
mkdir -p "$1" "$1/../doctrees"
echo "<p>a</p>" >"$1/a.html"
echo .TH A 4 >"$1/a.4"
"""


class Docs(Scratch):
    """A project with one page and one manual page."""

    def setUp(self):
        super().setUp()
        self.tree = self.scratch / "project"
        for name in ("core", "include", "lib", "modules", "Documentation/man"):
            (self.tree / name).mkdir(parents=True)
        for name in ("conf.py", "a.rst", "man/a.4.rst"):
            (self.tree / "Documentation" / name).touch()
        self.path = self.fake("sphinx-build", SPHINX.format(self.scratch))

    def built(self, status=0):
        """Run tools/docs; return the builders that ran, and whether what an
        earlier run had read was there.
        """
        log = self.scratch / "built"
        log.write_text("")
        mark = self.scratch / "docs/doctrees/mark"
        done, said = self.run_tool(
            PROJECT / "tools/docs",
            PATH=self.path,
            srctree=str(self.tree),
            KSRC="/kernel",
        )
        self.assertEqual(done, status, said)
        warm = mark.exists()
        if done == 0:
            mark.touch()
        return log.read_text().split(), warm

    def test_page_that_changed_is_built_and_the_rest_is_kept(self):
        self.assertEqual(self.built(), (["html", "man"], False))
        self.assertEqual(self.built(), (["html"], True))
        (self.tree / "Documentation/man/a.4.rst").write_text("new\n")
        self.assertEqual(self.built(), (["html", "man"], True))

    def test_all_is_built_after_a_failure(self):
        self.built()
        bad = self.tree / "bad"
        bad.touch()
        self.built(status=1)
        bad.unlink()
        self.assertEqual(self.built(), (["html", "man"], False))

    def test_all_is_built_if_there_is_another_list_of_pages(self):
        self.built()
        (self.tree / "Documentation/b.rst").touch()
        self.assertEqual(self.built(), (["html", "man"], False))
