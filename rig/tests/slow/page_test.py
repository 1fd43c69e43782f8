# SPDX-License-Identifier: GPL-2.0
"""Tests of the page of results in a browser, with 12,000 tests"""

import json
import re
import subprocess

import page
from tests.base import Scratch

# A script that is added to the page.  When the page is shown, it sends what
# the tests ask for to the page around it.
PROBE = """
window.addEventListener("load", () => {
	const began = performance.now();
	const wide = document.documentElement.scrollWidth;
	const seen = {load: began, layout: performance.now() - began,
		wide: wide - window.innerWidth, width: window.innerWidth,
		back: getComputedStyle(document.body).backgroundColor};
	const form = document.querySelector("form");
	const shown = (what) => [...document.querySelectorAll(what)]
		.filter((one) => one.checkVisibility()).length;
	const search = (word, state) => {
		[form.elements[0].value, form.elements[1].value] = [word, state];
		const start = performance.now();
		form.dispatchEvent(new Event("input"));
		seen.took = performance.now() - start;
		return [shown("details.area tbody tr"), shown("article")];
	};
	seen.form = form.getClientRects().length;
	seen.word = search("area_3 TEST_7 ", "");
	seen.failed = search("", "fail");
	seen.none = search("", "");
	seen.ran = Boolean(window.ran);
	parent.postMessage(JSON.stringify(seen), "*");
});
"""
# The page around it, as a window of Chromium has at least 500 pixels.
FRAME = """<!DOCTYPE html>
<meta name="color-scheme" content="light dark">
<script>addEventListener("message", (one) => { document.title = one.data; })
</script><iframe src="index.html" width="400" height="900"></iframe>
"""
KERNELS = ("stock-6.1", "stock-6.12", "latest", "debug-6.12", "kcsan-6.12")
AREAS = 16
TESTS = 154
HOSTILE = "<script>window.ran=1</script><img src=x onerror=window.ran=1>"


def large_page():
    """Return a page with as many tests as make check-all has."""
    content = page.Page("a large run")
    for kernel in KERNELS:
        for area in range(AREAS):
            name = f"area_{area}"
            for test in range(TESTS):
                title = f"program_test.fixture.does_what_it_should_test_{test}"
                status = "fail" if (area, test) == (3, 7) else "pass"
                content.results.append(
                    page.Result("Modules", name, kernel, title, status)
                )
            failed = int(area == 3)
            content.cells["Modules", name, kernel] = page.Cell(
                TESTS - failed, failed, 0, 10.0
            )
        content.failures.append(
            page.Failure(
                f"area_3.{title}{HOSTILE}",
                kernel,
                [("at", "file.c:1"), ("seen", "x" * 500)],
                [HOSTILE, "y" * 500],
            )
        )
    return content


class Browser(Scratch):
    """The page in Chromium."""

    def seen(self, scheme):
        """Show the page in a color scheme; return what PROBE sends."""
        path = self.scratch / "index.html"
        page.write(path, large_page())
        self.assertLess(path.stat().st_size, 2 << 20)
        text = path.read_text(encoding="utf-8")
        # The page itself forbids a script of others.
        text = re.sub(r"<meta http-equiv[^>]*>", "", text)
        path.write_text(
            text.replace("</body>", f"<script>{PROBE}</script></body>"),
            encoding="utf-8",
        )
        frame = self.scratch / "frame.html"
        frame.write_text(FRAME)
        done = subprocess.run(
            [
                *("chromium", "--headless", "--no-sandbox", "--disable-gpu"),
                f"--user-data-dir={self.scratch}/profile",
                f"--blink-settings=preferredColorScheme={scheme}",
                *("--virtual-time-budget=5000", "--dump-dom"),
                frame.as_uri(),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return json.loads(re.search(r"<title>(.*?)</title>", done.stdout)[1])

    def test_large_page_fits_a_small_screen_and_is_searched(self):
        dark, light = self.seen(0), self.seen(1)
        for seen in light, dark:
            self.assertEqual(seen["width"], 400)
            self.assertLessEqual(seen["wide"], 0)
            self.assertEqual(seen["form"], 1)
            # The names of test_7 and of test_70 to test_79 match.
            self.assertEqual(seen["word"], [11, 0])
            self.assertEqual(seen["failed"], [1, 1])
            self.assertEqual(seen["none"], [0, 1])
            self.assertFalse(seen["ran"])
        self.assertEqual(light["back"], "rgb(255, 255, 255)")
        self.assertNotEqual(dark["back"], light["back"])
