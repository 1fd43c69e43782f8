# SPDX-License-Identifier: GPL-2.0
"""Page reader - read an HTML page of results, for the tests"""

from html.parser import HTMLParser
from pathlib import Path

# The elements that have no end.
VOID = {"meta", "input", "img", "br"}
Element = tuple[str, dict[str, str | None]]


def matches(element: Element, wanted: str) -> bool:
    """Return true if an element is TAG, TAG.CLASS or TAG#ID."""
    tag, attributes = element
    if "#" in wanted:
        return wanted == f"{tag}#{attributes.get('id')}"
    name, _, css = wanted.partition(".")
    classes = (attributes.get("class") or "").split()
    return name == tag and (not css or css in classes)


class Page(HTMLParser):
    """A page: @found has each element with those around it, and its text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.open: list[Element] = []
        self.texts: list[list[str]] = []
        self.found: list[tuple[list[Element], list[str]]] = []
        self.feed(path.read_text(encoding="utf-8"))
        assert not self.open, f"elements without an end: {self.open}"

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        """Record an element."""
        words: list[str] = []
        self.found.append(([*self.open, (tag, dict(attrs))], words))
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))
            self.texts.append(words)

    def handle_endtag(self, tag: str) -> None:
        """End the innermost element, which must be a @tag."""
        name, _ = self.open.pop()
        assert name == tag, f"</{tag}> ends <{name}>"
        self.texts.pop()

    def handle_data(self, data: str) -> None:
        """Add text to all elements that it is in."""
        for words in self.texts:
            words += data.split()

    def elements(self, selector: str) -> list[tuple[Element, str]]:
        """Return the elements of "TAG" or "TAG TAG" and their texts."""
        *outer, wanted = selector.split()
        return [
            (path[-1], " ".join(words))
            for path, words in self.found
            if matches(path[-1], wanted)
            and all(any(matches(one, part) for one in path) for part in outer)
        ]

    def all(self, selector: str) -> list[str]:
        """Return the texts of all elements that a selector selects."""
        return [words for _, words in self.elements(selector)]
