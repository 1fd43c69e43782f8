# SPDX-License-Identifier: GPL-2.0
"""Tests of the manual pages: they have what the modules have, and no more

The files of a module are those in its description, and its parameters those in
its source.  A page has one or more modules, which its synopsis names.
"""

import functools
import re
import subprocess
import unittest
from pathlib import Path

from tests.base import KSRC, PROJECT

MAN = PROJECT / "Documentation/man"
SECTION = re.compile(
    r"^([A-Z][A-Za-z ]+)\n=+\n\n(.*?)(?=^[A-Z].*\n=+\n|\Z)", re.M | re.S
)
# An entry of a list of definitions: one line with a term, then its text.
ENTRY = re.compile(r"^``(\S+?)``(.*)\n((?:    .*\n?)+)", re.M)
PARAMETER = re.compile(
    r"^module_param(?P<kind>_named|_array|_cb|)\(\s*(?P<arguments>[^;]*?)\);",
    re.M,
)
# Paths in a description that belong to the kernel's own devices.
OTHERS = ("/dev/null", "/sys/devices/platform/gpio-sim", "/run/")


@functools.cache
def pages():
    """Return the sections of each page, by their titles."""
    found = {}
    for path in sorted(MAN.glob("*.rst")):
        text = path.read_text()
        for name in re.findall(r"^\.\. include:: (\S+)$", text, re.M):
            text = text.replace(
                f".. include:: {name}", (MAN / name).read_text()
            )
        found[path.stem] = dict(SECTION.findall(text))
    return found


def modules_of(page):
    """Return the modules that the synopsis of a page names."""
    synopsis = pages()[page]["Synopsis"]
    return re.findall(r"^\tmodprobe ([\w-]+)", synopsis, re.M)


def entries(page, section):
    """Yield the term, the rest of its line, and the text of each entry."""
    for term, rest, text in ENTRY.findall(pages()[page].get(section, "")):
        yield term, rest, " ".join(text.split())


def descriptions():
    """Return the path of the description of each module."""
    return {
        path.name.removesuffix("_module.h"): path
        for path in sorted(PROJECT.glob("selftests/*/*_module.h"))
        if path.parent.name != "lib"
    }


@functools.cache
def described(module):
    """Return the paths in the description of a module, as gcc sees it."""
    header = descriptions()[module]
    selftests = PROJECT / "selftests"
    includes = [
        selftests,
        header.parent,
        PROJECT / "include/uapi",
        Path(KSRC) / "tools/testing/selftests",
    ]
    text = subprocess.run(
        ["gcc", "-E", "-P", "-D_GNU_SOURCE", "-x", "c"]
        + [f"-I{path}" for path in includes]
        + ["-include", "stdbool.h", str(header)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    begin = text.index(
        f"module_description {module.replace('-', '_')}_module ="
    )
    block = re.sub(r'"\s*"', "", text[begin : text.index("\n};", begin)])
    paths = set(re.findall(r'"(/(?:dev|proc|sys)/[^"]+)"', block))
    for key, where in (("device", "/dev/"), ("class", "/sys/class/")):
        paths |= {where + n for n in re.findall(rf'\.{key} = "(\w+)"', block)}
    return {p for p in paths if not p.startswith(OTHERS)}


def source_of(module):
    """Return the source of a module, with its area's headers."""
    if module == "startstop":
        return ""
    path = next(PROJECT.glob(f"modules/*/{module}.c"))
    headers = [
        header.read_text()
        for header in path.parent.glob("*.h")
        if f'"{header.name}"' in path.read_text()
    ]
    return "\n".join([*headers, path.read_text()]).replace("\\\n", "\n")


def expanded(source, word):
    """Return what a macro of the source stands for, or the word itself."""
    found = re.search(rf"^#define {word}\s+(\S.*)$", source, re.M)
    return expanded(source, found[1]) if found else word


def default_of(source, name, variable):
    """Return the default of a parameter as a page writes it."""
    if "chip_hwnum" in variable:
        index = re.search(r"\[(\w+)\]", variable)[1]
        entry = rf"\[{index}\] =\s+GPIO_LOOKUP\(NULL, (\d+)"
        found = re.search(entry, source) or re.search(
            r"GPIO_LOOKUP\(NULL, (\d+)", source
        )
        return found[1]
    found = re.search(
        rf"^static [\w ]+\W{name}(?:\[\d+\])? = ([^;]+);", source, re.M
    )
    if not found:
        return None
    value = expanded(source, found[1]).strip('{ }"').replace(", ", ",")
    special = {"true": "Y", "PAGE_SIZE": "4096", "((uid_t)-1)": "-1"}
    return special.get(value, value)


@functools.cache
def parameters(module):
    """Return type, mode and default of each parameter of a module."""
    source = source_of(module)
    if "DEFINE_BUTTONS_LINES(" not in source.split("#endif")[-1]:
        source = re.sub(
            r"#define DEFINE_BUTTONS_LINES.*?\"\)\n", "", source, flags=re.S
        )
    found = {}
    for parameter in PARAMETER.finditer(source):
        words = [w.strip() for w in parameter["arguments"].split(",")]
        name, kind, mode = words[0], words[-2], words[-1]
        if parameter["kind"] == "_cb":
            kind = "int"
        elif parameter["kind"] == "_array":
            kind = words[1]
        variable = words[1] if parameter["kind"] == "_named" else name
        found[name] = kind, mode, default_of(source, name, variable)
    return found


def is_below(path, entry):
    """Return whether an entry of FILES stands for a path."""
    entry = re.sub(r"(?<=vinput)N$", r"[0-9]+", re.escape(entry))
    return bool(
        re.fullmatch(entry + (".*" if entry.endswith("/") else ""), path)
    )


def parameter_files(module):
    """Return the directory with the files of a module's parameters, if any."""
    modes = [mode for _, mode, _ in parameters(module).values()]
    if all(mode == "0000" for mode in modes):
        return set()
    return {f"/sys/module/{module.replace('-', '_')}/parameters/"}


def is_directory(path, found):
    """Return whether a path is the directory of a path in FILES."""
    return any(entry.startswith(path.rstrip("/") + "/") for entry in found)


class Files(unittest.TestCase):
    """The section FILES of the pages."""

    def setUp(self):
        self.entries = {
            term: page
            for page in pages()
            for term, _, _ in entries(page, "Files")
        }
        self.paths = {
            path: module
            for module in descriptions()
            for path in described(module) | parameter_files(module)
        }

    def test_each_module_is_in_one_page(self):
        found = [m for page in pages() for m in modules_of(page)]
        for module in {*found, *descriptions()}:
            with self.subTest(module=module):
                self.assertIn(module, descriptions(), "is not a module")
                self.assertEqual(
                    found.count(module),
                    1,
                    f"{module} must be in the synopsis of one page: write "
                    f"Documentation/man/{module}.4.rst with "
                    f'"modprobe {module}"',
                )

    def test_each_path_of_a_module_is_there(self):
        for path, module in self.paths.items():
            with self.subTest(module=module, path=path):
                self.assertTrue(
                    any(is_below(path, entry) for entry in self.entries)
                    or is_directory(path, self.entries),
                    f"no page has {path} in FILES",
                )

    def test_each_entry_is_a_path_of_a_module(self):
        for entry, page in self.entries.items():
            with self.subTest(page=page, entry=entry):
                self.assertTrue(
                    any(is_below(path, entry) for path in self.paths),
                    f"no module has {entry}",
                )


class Parameters(unittest.TestCase):
    """The section PARAMETERS of each page."""

    def test_modules_have_parameters(self):
        found = {m: set(parameters(m)) for m in descriptions()}
        self.assertGreater(sum(map(len, found.values())), 30)
        self.assertEqual(
            parameters("blkram"), {"blkram_mb": ("ulong", "0444", "8")}
        )

    def test_each_is_there_with_type_mode_and_default(self):
        for page in pages():
            texts = {
                term.partition("=")[0]: text
                for term, _, text in entries(page, "Parameters")
            }
            for module in modules_of(page):
                for name, (kind, mode, default) in parameters(module).items():
                    with self.subTest(page=page, module=module, name=name):
                        self.assertIn(name, texts)
                        words = texts[name].replace("``", "")
                        self.assertRegex(words, rf"\b{kind}\b")
                        self.assertIn(f"mode {mode}", words)
                        self.assertIn(
                            f"default {default}" if default else "no default",
                            words,
                        )

    def test_each_entry_and_synopsis_is_of_a_module(self):
        for page in pages():
            known = {n for m in modules_of(page) for n in parameters(m)}
            named = {
                term.partition("=")[0]
                for term, _, _ in entries(page, "Parameters")
            }
            synopsis = pages()[page]["Synopsis"]
            with self.subTest(page=page):
                self.assertEqual(named, known)
                shown = set(re.findall(r"(\w+)=", synopsis))
                self.assertEqual(shown, known)


class Form(unittest.TestCase):
    """The sections of each page."""

    def test_pages_of_devices_have_all_sections(self):
        for page, sections in pages().items():
            wanted = {"Synopsis", "Description", "Example", "See also"}
            if page.endswith(".4"):
                wanted |= {"Files", "Errors"}
            with self.subTest(page=page):
                self.assertLessEqual(wanted, set(sections))
                if any(parameters(m) for m in modules_of(page)):
                    self.assertIn("Parameters", sections)

    def test_each_page_that_a_page_names_is_there_or_elsewhere(self):
        for page, sections in pages().items():
            for name, number in re.findall(
                r"\b([\w-]+)\(([14])\)", " ".join(sections.values())
            ):
                with self.subTest(page=page, name=name):
                    self.assertTrue(
                        f"{name}.{number}" in pages()
                        or f"{name}({number})" in ELSEWHERE
                    )


# Pages of other projects, and the one that is written by hand.
ELSEWHERE = {"cat(1)", "dtc(1)", "gpiodetect(1)", "modproof-why(1)"}
