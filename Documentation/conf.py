# SPDX-License-Identifier: GPL-2.0
"""Configuration of Sphinx, which tools/docs runs

Each page man/NAME.SECTION.rst becomes a page of HTML and a manual page.
"""

import re
from pathlib import Path

project = "modproof"
extensions = ["kerneldoc"]
c_id_attributes = ["__user"]
exclude_patterns = ["man/*.inc"]
# Wide enough for the output of the commands, which has 90 columns.
html_theme_options = {"page_width": "1120px"}

# The line of a page that only the HTML has, since a manual page gets it from
# here: its name and what it is about.
BRIEF = re.compile(r"^   (\S+) - (.+)$", re.M)


def manual_page(path: Path) -> tuple[str, str, str, list[str], str]:
    """Return what the man builder needs to know of a page."""
    name, section = path.stem.rsplit(".", 1)
    brief = BRIEF.search(path.read_text())
    if not brief or brief[1] != name:
        raise ValueError(f'{path} lacks the line "   {name} - what it is"')
    return f"man/{path.stem}", name, brief[2], [], section


man_pages = [
    manual_page(path)
    for path in sorted(Path(__file__).parent.glob("man/*.rst"))
]
