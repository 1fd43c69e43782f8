#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Patches - turn a module of a project into patches for a kernel tree

    rig/patches.py DIR [MODULE] [--base TREE]

The series is written below the project's build directory, and nothing in the
project's own: a patch for the module, one each for its KUnit suites, its
kselftests and its document, and one for MAINTAINERS.
"""

import argparse
import os
import re
import subprocess
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import common
import programs
import results
import series
import series_text
import upstream
from common import die
from project import DRIVERS
from series import Base, Patch, Series
from upstream import ENTRY, SELFTESTS, Module, moved

# The kernel whose source is the base, if the user names none.
SOURCE = "6.12"
HERE = Path(__file__).resolve().parent
HEAD = "# SPDX-License-Identifier: GPL-2.0\n"
HELP = """\
	help
{what}

	  To compile this driver as a module, choose M here: the module
	  will be called {name}.

	  If unsure, say N.
"""
# An object of the module in a suite, and its rule: two makefiles must not make
# one file.
OF_MODULE = re.compile(r"(?<=\s)((?:\.\./)+[\w./-]+)\.o\b")
RULE = """
# The module has the same source in an object of its own.
$(obj)/{name}.o: $(src)/{source} FORCE
	$(call if_changed_rule,cc_o_c)
"""
# Where the makefile of kselftests looks for the kernel's files.
OF_KSELFTEST = re.compile(r"^(\w+)\s*[:?]?=\s*.*\$[({]KSRC\b.*\n", re.M)
LIB_MK = re.compile(r"^(-?include\s+)\S*\blib\.mk$", re.M)
PREAMBLE = re.compile(r"(?:^#.*\n)+\n?", re.M)


def area(module: Module) -> str:
    """Return the beginning of the subjects."""
    return f"{os.path.basename(module.into)}: "


def title(module: Module) -> str:
    """Return the subject of the letter, and of the patch with the module."""
    what = module.what
    if not what[:2].isupper():
        what = what[0].lower() + what[1:]
    whole = f"{area(module)}add {module.name}, {what}"
    return whole if len(whole) <= series_text.COLUMNS else whole.split(",")[0]


def about(module: Module, verb: str) -> str:
    """Return the paragraphs of a message, which begins with a verb."""
    text = upstream.text_of(module, module.main)
    # Only the comment above the includes is about the whole module.
    head = text.partition("#include")[0]
    more = series_text.top(head)[2][1:] if series_text.TOP.search(head) else []
    first = f"{verb} the module {module.name}: {module.what}."
    return series_text.prose([first, *more])


def entry_of(module: Module) -> str:
    """Return the module's Kconfig entry, the project's or a new one."""
    for found in ENTRY.finditer(module.kconfig):
        if found[1] == module.symbol:
            return found[0]
    needs = " && ".join(
        ("!" if symbol.startswith("!") or symbol.endswith("=n") else "")
        + symbol.strip("!").partition("=")[0]
        for symbol in module.config.symbols
    )
    depends = f"\tdepends on {needs}\n" if needs else ""
    what = textwrap.fill(f"{module.what}.", 64)
    return (
        f'config {module.symbol}\n\ttristate "{module.what}"\n{depends}'
        + HELP.format(what=textwrap.indent(what, "\t  "), name=module.name)
    )


def kconfig(module: Module) -> str:
    """Return the Kconfig of a module's own directory."""
    others = [
        found[0].rstrip() + "\n"
        for found in ENTRY.finditer(module.kconfig)
        if found[1] != module.symbol
    ]
    return "\n".join([HEAD, entry_of(module).rstrip() + "\n", *others])


def objects(module: Module) -> str:
    """Return the lines of a Makefile for the module."""
    found = module.kbuild.objects(module.name)
    lines: dict[str, list[str]] = {}
    for one in found:
        place = module.places[upstream.source_of(module, one.stem)]
        stem = os.path.splitext(os.path.relpath(place, module.where))[0]
        lines.setdefault(one.when, []).append(f"{stem}.o")
    text = f"obj-$(CONFIG_{module.symbol}) += {module.name}.o\n"
    if lines != {"y": [f"{module.name}.o"]}:
        for when, names in sorted(lines.items(), reverse=True):
            sign = ":=" if when == "y" else "+="
            text += f"{module.name}-{when} {sign} {' '.join(names)}\n"
    flags = [f for f in module.kbuild.flags() if not f.startswith("-I$(src)")]
    if flags:
        name = "ccflags-y" if module.has_own else f"CFLAGS_{module.name}.o"
        text += f"{name} += {' '.join(flags)}\n"
    for name, value in module.kbuild.flags_of(found).items():
        text += f"{name} += {value}\n"
    return text


def module_patch(module: Module) -> Patch:
    """Return the patch that adds the module itself."""
    patch = Patch(title(module), about(module, "Add"))
    for path in module.code:
        patch.files[module.places[path]] = moved(module, path)
    into, where, symbol = module.into, module.where, module.symbol
    if not module.has_own:
        patch.edit(
            f"{into}/Kconfig", series_text.with_entry, entry_of(module), symbol
        )
        patch.edit(
            f"{into}/Makefile", series_text.with_object, objects(module)
        )
        return patch
    patch.files[f"{where}/Kconfig"] = kconfig(module)
    patch.files[f"{where}/Makefile"] = f"{HEAD}\n{objects(module)}"
    # The suites are built without the module as well.
    when = "y" if module.suites else f"$(CONFIG_{symbol})"
    line = f"obj-{when} += {module.name}/\n"
    source = f'source "{where}/Kconfig"\n'
    patch.edit(f"{into}/Kconfig", series_text.with_entry, source, symbol)
    patch.edit(f"{into}/Makefile", series_text.with_object, line)
    return patch


def suite_makefile(module: Module, path: Path) -> tuple[str, bool]:
    """Return the makefile of a suite, and whether it has the module's objects."""
    text = moved(module, path)
    where = os.path.dirname(module.places[path])
    rules = ""
    for stem in dict.fromkeys(OF_MODULE.findall(text)):
        below = os.path.relpath(path.parent / stem, module.directory)
        place = module.places[upstream.source_of(module, below)]
        source = os.path.relpath(place, where)
        name = os.path.basename(stem)
        text = re.sub(rf"(?<=\s){re.escape(stem)}\.o\b", f"{name}.o", text)
        rules += RULE.format(name=name, source=source)
    return text.rstrip() + "\n" + rules, bool(rules)


def suite_patch(module: Module, suite: Path) -> Patch:
    """Return the patch that adds the KUnit suites of a directory."""
    where = f"{module.where}/{upstream.inside(module, suite)}"
    patch = Patch(
        f"{area(module)}add KUnit tests of {module.name}",
        f"To run them under UML, type\n\n  ./tools/testing/kunit/kunit.py run "
        f"\\\n\t--kunitconfig={where}",
    )
    shares = False
    for path, place in module.places.items():
        if suite not in path.parents:
            continue
        patch.files[place] = moved(module, path)
        if os.path.basename(place) == "Makefile":
            patch.files[place], shares = suite_makefile(module, path)
    if shares:
        # The kernel itself cannot have the same functions twice.
        text = patch.files[f"{where}/Kconfig"]
        patch.files[f"{where}/Kconfig"] = re.sub(
            r"^(\ttristate .*\n)",
            rf"\1\tdepends on {module.symbol}!=y || m" + "\n",
            text,
            flags=re.M,
        )
    name = os.path.relpath(where, module.where)
    line = f"obj-$(CONFIG_KUNIT) += {name}/\n"
    patch.edit(f"{module.where}/Makefile", series_text.with_object, line)
    source = f'source "{where}/Kconfig"\n'
    patch.edit(
        f"{module.where}/Kconfig", series_text.with_entry, source, where
    )
    return patch


def tests_makefile(module: Module, text: str) -> str:
    """Return the Makefile of the kselftests in the tree."""
    for name in OF_KSELFTEST.findall(text):
        text = re.sub(
            rf"-(?:isystem\s+|I\s*)\$[({{]{name}[)}}]",
            "$(KHDR_INCLUDES)",
            text,
        )
        text = re.sub(rf"\$[({{]{name}[)}}]", "..", text)
    text = PREAMBLE.sub(
        lambda found: (f"{HEAD}\n" if "SPDX" in found[0] else "")
        if re.search(r"modproof|In a kernel tree", found[0])
        else found[0],
        text,
    )
    text = OF_KSELFTEST.sub("", text)
    if "KHDR_INCLUDES" not in text and any(
        place.startswith("include/uapi/") for place in module.places.values()
    ):
        text = LIB_MK.sub(r"CFLAGS += $(KHDR_INCLUDES)\n\n\g<0>", text)
    return series_text.without_empty_group(LIB_MK.sub(r"\1../lib.mk", text))


def scripts_makefile(module: Module) -> str:
    """Return a Makefile for tests that are scripts, and for what they read."""
    directory = module.tests_dir or module.home
    names = sorted(os.path.relpath(path, directory) for path in module.tests)
    known = programs.executables(directory)
    lists = {
        "TEST_PROGS": [name for name in names if name in known],
        "TEST_FILES": [name for name in names if name not in known],
    }
    lines = "".join(
        f"{kind} := {' '.join(found)}\n"
        for kind, found in lists.items()
        if found
    )
    return f"{HEAD}\n{lines}\ninclude ../lib.mk\n"


def tests_patch(module: Module) -> Patch:
    """Return the patch that adds the kselftests."""
    where = f"{SELFTESTS}/{module.name}"
    patch = Patch(
        f"selftests: add tests of {module.name}",
        "To build and run them, type\n\n"
        f"  make -C tools/testing/selftests TARGETS={module.name} run_tests",
    )
    for path in module.tests:
        patch.files[module.places[path]] = moved(module, path)
    makefile = f"{where}/Makefile"
    if makefile in patch.files:
        patch.files[makefile] = tests_makefile(module, patch.files[makefile])
    else:
        patch.files[makefile] = scripts_makefile(module)
    config = patch.files.get(f"{where}/config", "")
    line = f"CONFIG_{module.symbol}=m\n"
    if line not in config:
        patch.files[f"{where}/config"] = line + config
    targets = f"{SELFTESTS}/Makefile"
    patch.edit(targets, series_text.with_target, module.name)
    return patch


def page_patch(module: Module, page: Path) -> Patch:
    """Return the patch that adds the document."""
    patch = Patch(
        f"Documentation: describe {module.name}",
        f"The page is for the users of {module.name}.",
    )
    place = module.places[page]
    patch.files[place] = upstream.text_of(module, page)
    index = f"{os.path.dirname(place)}/index.rst"
    patch.edit(index, series_text.with_page, module.name)
    return patch


def owner_patch(
    module: Module, owner: str, mail: str, files: list[str]
) -> Patch:
    """Return the patch that adds the entry in MAINTAINERS."""
    patch = Patch(
        f"MAINTAINERS: add an entry for {module.name}",
        "The entry names all files of the series.",
    )
    own = [f"{SELFTESTS}/{module.name}/"]
    own += [f"{module.where}/"] if module.has_own else []
    names = [next((d for d in own if f.startswith(d)), f) for f in files]
    section = series_text.section(
        f"{module.name.upper()} DRIVER", owner, mail, names
    )
    patch.edit("MAINTAINERS", series_text.with_maintainers, section)
    return patch


def patches_of(module: Module) -> Iterator[Patch]:
    """Yield all patches of a series but that for MAINTAINERS."""
    yield module_patch(module)
    for suite in module.suites:
        yield suite_patch(module, suite)
    if module.tests:
        yield tests_patch(module)
    if module.page:
        yield page_patch(module, module.page)


def need_free(module: Module, patches: list[Patch]) -> None:
    """Exit if the tree lacks the place of the module, or has a name of it."""
    base = module.base
    for name in "Kconfig", "Makefile":
        if not (base.path / module.into / name).is_file():
            die(
                f"{base.shown} has no {module.into}/{name}: name a directory of "
                f'drivers with directory = "{DRIVERS}" in [patches] '
                "of modproof.toml",
                2,
            )
    text = "\n".join(
        text
        for patch in patches
        for path, text in patch.files.items()
        if os.path.basename(path) == "Kconfig"
    )
    symbols = {module.symbol, *ENTRY.findall(text)}
    for line in series.clashes(base, module.name, symbols):
        die(
            f"{base.shown} has a name of this series, at {line}: rename the "
            "module, or its symbol in Kconfig and the makefile",
            2,
        )


def prepared(module: Module, owner: str) -> Series:
    """Return the series of a module."""
    patches = list(patches_of(module))
    need_free(module, patches)
    files = [path for patch in patches for path in patch.files]
    mail = series.mailing_list(module.base, module.into)
    patches.append(owner_patch(module, owner, mail, files))
    letter = about(module, "This series adds")
    return Series(module.name, owner, title(module), [letter], patches)


def default_base() -> Path:
    """Fetch the kernel's source, and return its directory."""
    done = subprocess.run(
        [HERE / "kernel", "source", SOURCE],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        die("there is no kernel source: see above", common.EXIT_RIG)
    return Path(done.stdout.strip().splitlines()[-1])


def made(
    directory: Path, name: str, base: Base, output: Path
) -> tuple[Module, Series, list[str]]:
    """Write the series of a module below @output; return the names of files."""
    owner = series.identity(directory)
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".copy-", dir=output) as scratch:
        module = upstream.find(directory, name, base, Path(scratch, "src"))
        series.need_place(output / module.name)
        whole = prepared(module, owner)
        return module, whole, series.made(whole, base, output)


def parse() -> argparse.Namespace:
    """Return the arguments, those of modproof patches and of review."""
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("module", nargs="?", default="")
    parser.add_argument("--base", type=Path)
    return parser.parse_args()


def need_programs(*purposes: str) -> None:
    """Install what is missing for these purposes; exit if that fails."""
    done = subprocess.run([HERE / "install-deps", *purposes], check=False)
    if done.returncode:
        die("programs are missing: see above", common.EXIT_RIG)


def main() -> None:
    """Make the series in the arguments, and say what to do next."""
    args = parse()
    need_programs("build", "patches")
    path = args.base or default_base()
    output = results.build_dir() / "patches"
    base = Base(path, f"--base {path}")
    module, _, names = made(args.directory, args.module, base, output)
    then = "Read it first: the messages are made from the sources."
    series.show(output / module.name, names, then)


if __name__ == "__main__":
    common.run(main)
