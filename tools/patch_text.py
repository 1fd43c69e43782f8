# SPDX-License-Identifier: GPL-2.0
"""Patch text - what changes in a file's text on its way into a kernel tree

Every function takes a text and returns the new one.
"""

import functools
import re

from series_text import with_include

# A function that other files can call, from its first line to its last.
FUNCTION = re.compile(
    r"^(?!static\b|struct \w+ \{|union |enum |typedef )[a-z][\w *]*?\n?"
    r"\b(\w+)\([^;{}]*\)\n\{\n.*?^\}\n",
    re.M | re.S,
)
# A suite or a program names the errata that it guards, which only this project
# has: "VINPUT-4, VINPUT-6: text", or in a comment of their own.
ID = r"\b(?!AES-|GPL-|SHA-|UTF-)[A-Z][A-Z0-9]+-\d+"
IDS = rf"{ID}(?:,\s+(?:\* )?{ID})*"
ONLY_IDS = re.compile(rf"^/\*(?:\n \*)? {IDS}(?:\n)? \*/\n", re.M)
IDS_FIRST = re.compile(rf"{IDS}:\s+(?:\* )?(\w)")
# A macro of include/compat.h, on one line.
MACRO = re.compile(r"^#define\s+(\w+)(\((\w+)\))?[ \t]*(.*)$", re.M)
PROMPT = re.compile(r'^\ttristate "[\w-]+: (.)', re.M)


def exported(text: str) -> str:
    """Return a part with an EXPORT_SYMBOL_GPL() after each function."""
    text = FUNCTION.sub(
        lambda found: f"{found[0]}EXPORT_SYMBOL_GPL({found[1]});\n", text
    )
    return with_include(text, "linux/export.h")


def described(text: str, what: str) -> str:
    """Return a source with the description and the license of a module."""
    text = with_include(text, "linux/module.h")
    return f'{text}\nMODULE_DESCRIPTION("{what}");\nMODULE_LICENSE("GPL");\n'


def without_ids(text: str) -> str:
    """Return a source that does not name the errata of this project."""
    text = ONLY_IDS.sub("", text)
    return IDS_FIRST.sub(lambda found: found[1].upper(), text)


def inlined(text: str, macros: str) -> str:
    """Return a source in which the macros of @macros are replaced.

    @macros is what is left of include/compat.h for one kernel.  Raise
    ValueError if the source uses more of it than macros on one line.
    """
    for name, _, arg, body in MACRO.findall(macros):
        used = re.compile(rf"\b{name}\b" + (r"\((\w+)\)" if arg else ""))
        if not body or not used.search(text):
            continue
        if body.endswith("\\") or "modproof_" in body:
            raise ValueError(name)
        text = used.sub(functools.partial(_expanded, arg, body), text)
    return re.sub(r"\b0 \| ", "", text)


def _expanded(arg: str, body: str, found: re.Match[str]) -> str:
    """Return the body of a macro for one use, without needless brackets."""
    if arg:
        body = re.sub(rf"\({arg}\)", found[1], body)
    return re.sub(r"^\((.*)\)$", r"\1", body)


def with_hidden(text: str, entry: str, symbol: str) -> str:
    """Return lib/Kconfig with an entry without a prompt, at its end."""
    if re.search(rf"^config {symbol}$", text, re.M):
        return text
    return f"{text.rstrip()}\n\n{entry}"


def with_suite(text: str, entry: str, symbol: str) -> str:
    """Return lib/Kconfig.debug with the entry of a suite before the first."""
    if re.search(rf"^config {symbol}$", text, re.M):
        return text
    menu = re.search(r"^(?:menuconfig|menu) .*RUNTIME_TESTING", text, re.M)
    others = re.compile(r"^config \w+_KUNIT_TEST$", re.M)
    first = others.search(text, menu.end() if menu else 0)
    assert first, "lib/Kconfig.debug has no suites"
    return f"{text[:first.start()]}{entry}\n{text[first.start():]}"
