# SPDX-License-Identifier: GPL-2.0
"""Series text - what a series changes in the text of sources and of a tree's files

Every function takes a text and returns the new one.
"""

import re
import textwrap
from collections.abc import Iterable

# A line that includes a header of the kernel, or one of the project.
OF_KERNEL = re.compile(r"^#include <([^>]+)>\n", re.M)
OF_PROJECT = re.compile(r'^#include "([^"]+)"\n', re.M)
# The first comment of a file: "Noun - what it is", then paragraphs.
TOP = re.compile(r"^/\*\n \* ([^\n]+?) - ([^\n]+)\n(.*?)^ \*/\n", re.M | re.S)
# The lines of Kconfig files.
ENTRY = r"^config {}\n(?:(?!config |if |endif|menu|source ).*\n)*"
# A section of a MAINTAINERS file begins with its title, after an empty line.
TITLE = re.compile(r"(?<=\n\n)(?![A-Z]:)(\S.*)\n(?=[A-Z]:\t)")
COLUMNS = 72


def with_include(text: str, header: str) -> str:
    """Return a source that includes a header of the kernel, in its order."""
    found = list(OF_KERNEL.finditer(text))
    if any(line[1] == header for line in found):
        return text
    at = next((line.start() for line in found if line[1] > header), None)
    line = f"#include <{header}>\n"
    if at is None and found:
        at = found[-1].end()
    elif at is None:
        # The first include is below the first comment.
        at = text.index("\n */\n") + len("\n */\n")
        line += "" if text[at] == "\n" else "\n"
    return text[:at] + line + text[at:]


def without_empty_group(text: str) -> str:
    """Return a text without the empty lines of a removed group of lines."""
    return re.sub(r"\n{3,}", "\n\n", text)


def with_own(text: str, header: str) -> str:
    """Return a source that includes "header" first in the last group."""
    line = f'#include "{header}"\n'
    own = OF_PROJECT.search(text)
    if own:
        return text[: own.start()] + line + text[own.start() :]
    last = list(OF_KERNEL.finditer(text))[-1]
    return f"{text[:last.end()]}\n{line}{text[last.end():]}"


def top(text: str) -> tuple[str, str, list[str]]:
    """Return the noun, what it is, and the paragraphs of the first comment."""
    found = TOP.search(text)
    assert found, text
    lines = [line[2:].removeprefix(" ") for line in found[3].splitlines()]
    return found[1], found[2], "\n".join(lines).strip("\n").split("\n\n")


def prose(paragraphs: list[str]) -> str:
    """Return the paragraphs that are sentences, filled for a message."""
    return "\n\n".join(
        textwrap.fill(" ".join(paragraph.split()), COLUMNS)
        for paragraph in paragraphs
        if "\t" not in paragraph and "  " not in paragraph.replace(".  ", "")
    )


def with_entry(text: str, entry: str, symbol: str) -> str:
    """Return a Kconfig with an entry before its last "endif" or "endmenu".

    If the file has neither, the entry is the last.  A file that has the entry
    stays as it is.
    """
    if re.search(rf"^config {symbol}$", text, re.M):
        return text
    ends = list(re.finditer(r"^(?:endif|endmenu)\b", text, re.M))
    if not ends:
        return f"{text.rstrip()}\n\n{entry}"
    at = ends[-1].start()
    before = text[:at]
    if before.endswith("\n\n") or entry.startswith("source "):
        return f"{before}{entry}\n{text[at:]}"
    return f"{before}\n{entry}\n{text[at:]}"


def with_object(text: str, line: str) -> str:
    """Return a Makefile with lines for an object, after its last ones.

    The line of a suite comes before the last one of another suite.
    """
    if line in text:
        return text
    if "_kunit.o" in line:
        suites = list(re.finditer(r"^obj-\S+\s\+= \w+_kunit\.o\n", text, re.M))
        if suites:
            at = suites[-1].start()
            return text[:at] + line + text[at:]
    others = list(re.finditer(r"^obj-.*(?<!\\)\n", text, re.M))
    at = others[-1].end() if others else len(text)
    return text[:at] + line + text[at:]


def with_target(text: str, target: str) -> str:
    """Return the Makefile of kselftest with a target, in its order."""
    line = f"TARGETS += {target}\n"
    if line in text:
        return text
    found = list(re.finditer(r"^TARGETS \+= (\S+)\n", text, re.M))
    at = next((old.start() for old in found if old[1] > target), None)
    if at is None:
        at = found[-1].end()
    return text[:at] + line + text[at:]


def with_page(text: str, page: str) -> str:
    """Return an index with a page in its first list, in its order.

    A list of all files stays as it is.
    """
    tree = re.search(
        r"^\.\. toctree::\n(?: +:.*\n)*\n((?:( +)\S.*\n)+)", text, re.M
    )
    assert tree, "the index has no list"
    pages = tree[1].splitlines(keepends=True)
    line = f"{tree[2]}{page}\n"
    if f"{tree[2]}*\n" in pages or line in pages:
        return text
    later = (at for at, old in enumerate(pages) if old > line)
    pages.insert(next(later, len(pages)), line)
    return text[: tree.start(1)] + "".join(pages) + text[tree.end(1) :]


def with_maintainers(text: str, section: str) -> str:
    """Return MAINTAINERS with a section, in the order of the titles."""
    title = section.partition("\n")[0]
    if f"\n{section}" in text:
        return text
    titles = list(TITLE.finditer(text))
    assert titles, "MAINTAINERS has no sections"
    # Some sections are not in their order, so look for the nearest title.
    before = max((old[1] for old in titles if old[1] <= title), default="")
    names = [old[1] for old in titles]
    after = names.index(before) + 1 if before else 0
    if after == len(titles):
        return f"{text.rstrip()}\n\n{section}"
    at = titles[after].start()
    return f"{text[:at]}{section}\n{text[at:]}"


def section(
    title: str, owner: str, mailing_list: str, files: Iterable[str]
) -> str:
    """Return a section of MAINTAINERS."""
    lines = "".join(f"F:\t{name}\n" for name in sorted(set(files)))
    return f"{title}\nM:\t{owner}\nL:\t{mailing_list}\nS:\tMaintained\n{lines}"
