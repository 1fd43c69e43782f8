# SPDX-License-Identifier: GPL-2.0
"""Patch series - the patches of a module: their messages, files and edits"""

import functools
import os
import re
import textwrap
from collections.abc import Iterator

import patch_files
import patch_text
import series_text
from patch_files import Layout, Module, text_of
from series import Patch

# A page's section, from its title to the next one.
SECTION = re.compile(r"^(\S.*)\n=+\n((?:(?!\S.*\n=+\n).*\n)*)", re.M)
SESSION = re.compile(
    r"^\.\. literalinclude:: (\S+\.session)\n(?:   :.*\n)*", re.M
)
SOURCE = re.compile(r"^\.\. literalinclude:: \.\./(\S+)\n", re.M)
KERNEL_DOC = re.compile(r"^\.\. kernel-doc:: modproof/(\S+)\n\n?", re.M)
ABOUT_THE_PROJECT = re.compile(
    r"(?:(?<=[.:;])\s+|^)[^.;\n]*``make [^.;]*[.;]", re.M
)
SUITE_HELP = """\
	  {what}

	  For more information on KUnit and unit tests in general, please refer
	  to the KUnit documentation in Documentation/dev-tools/kunit/.

	  If unsure, say N.
"""


def symbol_of(part: str) -> str:
    """Return the symbol of a part or suite."""
    return os.path.basename(part).upper()


def subject(first: str, what: str) -> str:
    """Return a subject with as much of @what as fits."""
    whole = f"{first}, {what}"
    return whole if len(whole) <= series_text.COLUMNS else first


def part_patch(part: str, module: Module, layout: Layout) -> Patch:
    """Return the patch that adds a part of the module to lib/."""
    name = os.path.basename(part)
    noun, what, about = series_text.top(text_of(f"{part}.h"))
    users = f"The module {module.name} of a later patch uses it."
    patch = Patch(
        f"lib: add {name}",
        "\n\n".join(
            filter(
                None,
                [
                    textwrap.fill(f"{noun}: {what}.", 72),
                    series_text.prose(about),
                    users,
                ],
            )
        ),
    )
    source = patch_text.exported(moved(f"{part}.c", module, layout))
    patch.files = {
        f"include/linux/{name}.h": moved(f"{part}.h", module, layout),
        f"lib/{name}.c": patch_text.described(source, f"{noun}: {what}"),
    }
    symbol = symbol_of(part)
    selects = "".join(
        f"\tselect {symbol_of(other)}\n"
        for other in patch_files.includes_of_part(part)
    )
    entry = f"config {symbol}\n\ttristate\n{selects}"
    line = f"obj-$(CONFIG_{symbol}) += {name}.o\n"
    patch.edit("lib/Kconfig", patch_text.with_hidden, entry, symbol)
    patch.edit("lib/Makefile", series_text.with_object, line)
    return patch


moved = functools.partial(patch_files.moved)


def suite_patch(
    name: str, module: Module, layout: Layout, of: Module | None
) -> Patch:
    """Return the patch that adds the suite of a part, or of the module @of."""
    paths = patch_files.suite(name)
    _, what, _ = series_text.top(text_of(paths[0]))
    symbol = of.config if of else symbol_of(name)
    test = f"{symbol}_KUNIT_TEST"
    patch = Patch(
        f"{of.place[3] if of else 'lib: '}add KUnit tests of {name}",
        f"{textwrap.fill(f'The cases: {what}.', 72)}\n\nTo run them under "
        "UML, type\n\n  ./tools/testing/kunit/kunit.py run \\\n"
        f"\t--kconfig_add CONFIG_{test}=y {name}",
    )
    for path in paths:
        patch.files[layout.of(path, module)] = moved(path, module, layout)
    place = layout.of(paths[0], module)
    patch.files[place] = patch_text.described(
        patch.files[place], f"KUnit tests of {name}"
    )
    entry = (
        f"config {test}\n"
        f'\ttristate "KUnit tests of {name}" if !KUNIT_ALL_TESTS\n'
        f"\tdepends on KUNIT && MMU{f' && {symbol}' if of else ''}\n"
        "\tdefault KUNIT_ALL_TESTS\n"
        + ("" if of else f"\tselect {symbol}\n")
        + "\thelp\n"
        + SUITE_HELP.format(
            what=textwrap.fill(
                f"The KUnit tests of {name}: {what}.",
                70,
                subsequent_indent="\t  ",
            )
        )
    )
    where = os.path.dirname(place)
    line = f"obj-$(CONFIG_{test}) += {name}_kunit.o\n"
    if of:
        kconfig = kconfig_of(of)
        patch.edit(kconfig, series_text.with_entry, entry, test)
    else:
        patch.edit("lib/Kconfig.debug", patch_text.with_suite, entry, test)
    patch.edit(f"{where}/Makefile", series_text.with_object, line)
    return patch


def kconfig_of(module: Module) -> str:
    """Return the Kconfig with the module's entry."""
    where = module.place[0]
    return f"{'samples' if where.startswith('samples') else where}/Kconfig"


def kconfig_entry(module: Module) -> str:
    """Return the module's entry in the tree."""
    entry = module.entry.replace(
        f"config {module.symbol}\n", f"config {module.config}\n"
    )
    entry = patch_text.PROMPT.sub(
        lambda found: f'\ttristate "{found[1].upper()}', entry
    )
    for other in patch_files.needed(module):
        entry = re.sub(rf"\b{other.symbol}\b", other.config, entry)
    selects = "".join(
        f"\tselect {symbol_of(part)}\n" for part in patch_files.parts(module)
    )
    return entry.replace("\thelp\n", f"{selects}\thelp\n", 1)


def object_lines(module: Module) -> str:
    """Return the lines of the module in a Makefile."""
    objects = [
        patch_files.object_of(path, module)
        for path in module.sources
        if path.endswith(".c")
    ]
    line = f"obj-$(CONFIG_{module.config}) += {module.name}.o\n"
    if objects == [module.name]:
        return line
    return f"{line}{module.name}-y := {' '.join(f'{o}.o' for o in objects)}\n"


def module_patch(module: Module, layout: Layout) -> Patch:
    """Return the patch that adds the module itself."""
    where, _, _, area = module.place
    _, _, about = series_text.top(text_of(module.main))
    prompt = re.search(r"\thelp\n((?:.*\n)*?)\n", module.entry)
    assert prompt
    about = [" ".join(prompt[1].split()), *about]
    patch = Patch(
        subject(f"{area}add {module.name}", module.what),
        series_text.prose(about),
    )
    for path in module.sources:
        patch.files[layout.of(path, module)] = moved(path, module, layout)
    lines = object_lines(module)
    if where.startswith("samples/"):
        patch.files[
            f"{where}/Makefile"
        ] = f"# SPDX-License-Identifier: GPL-2.0\n{lines}"
        into = f"obj-$(CONFIG_{module.config}) += {module.name}/\n"
        patch.edit("samples/Makefile", series_text.with_object, into)
    else:
        patch.edit(f"{where}/Makefile", series_text.with_object, lines)
    entry = kconfig_entry(module)
    patch.edit(
        kconfig_of(module), series_text.with_entry, entry, module.config
    )
    return patch


def tests_makefile(module: Module, files: dict[str, str]) -> str:
    """Return the Makefile of the module's target of kselftest."""
    names = sorted(os.path.basename(path) for path in files)
    programs = [name[:-2] for name in names if name.endswith("_test.c")]
    blobs = [name[:-4] for name in names if name.endswith(".dts")]
    scripts = [name for name in names if name.endswith(".py")]
    lines = [
        "# SPDX-License-Identifier: GPL-2.0",
        "CFLAGS += -O2 -Wall -pthread",
        "CFLAGS += $(KHDR_INCLUDES)",
        "LOCAL_HDRS := $(wildcard *.h)",
        *(f"TEST_GEN_PROGS += {name}" for name in programs),
        *(f"TEST_GEN_FILES += {name}.dtbo" for name in blobs),
        *(f"TEST_FILES += {name}" for name in scripts),
        "",
        "include ../../lib.mk",
    ]
    if blobs:
        rule = "dtc -q -I dts -O dtb -@ -o $@ $<"
        lines += ["", "$(OUTPUT)/%.dtbo: %.dts", f"\t{rule}"]
    return "\n".join(lines) + "\n"


def tests_config(module: Module) -> str:
    """Return the symbols that the module's tests need."""
    known = {
        f"CONFIG_{m.symbol}=m": f"CONFIG_{m.config}=m"
        for m in patch_files.needed(module)
    }
    lines = set(known.values())
    if module.place[0].startswith("samples/"):
        lines.add("CONFIG_SAMPLES=y")
    for line in text_of(f"selftests/{module.area}/config").splitlines():
        if "MODPROOF" not in line:
            lines.add(line)
    return "\n".join(sorted(lines)) + "\n"


def tests_patch(module: Module, layout: Layout) -> Patch:
    """Return the patch that adds the module's kselftests."""
    target = module.tests_directory
    where = f"tools/testing/selftests/{target}"
    patch = Patch(
        f"selftests: {module.area}: add tests of {module.name}",
        "The tests load and unload the module, and use it as programs do.\n\n"
        f"To build and run them, type\n\n"
        f"  make -C tools/testing/selftests TARGETS={target} run_tests",
    )
    paths = patch_files.tests(module)
    for path in paths:
        place = layout.of(path, module)
        assert place not in patch.files, f"two tests have a file {place}"
        patch.files[place] = moved(path, module, layout)
    patch.files[f"{where}/Makefile"] = tests_makefile(module, patch.files)
    patch.files[f"{where}/config"] = tests_config(module)
    settings = patch_files.ROOT / f"selftests/{module.area}/settings"
    if settings.is_file():
        limit = re.search(r"^timeout=.*\n", settings.read_text(), re.M)
        if limit:
            patch.files[f"{where}/settings"] = limit[0]
    patch.edit(
        "tools/testing/selftests/Makefile", series_text.with_target, target
    )
    return patch


def section_of(module: Module) -> str:
    """Return the text of the page's section about a module."""
    page = text_of(f"Documentation/{module.area}.rst")
    sections = SECTION.findall(page)
    session = f"../modules/{module.area}/{module.name}.session\n"
    own = [text for title, text in sections if title == module.name]
    own += [text for _, text in sections if session in text]
    assert own, f"no section of the page is about {module.name}"
    return str(own[0])


def page(module: Module, layout: Layout) -> str:
    """Return the page about a module in the tree."""

    def session(found: re.Match[str]) -> str:
        path = f"modules/{module.area}/{os.path.basename(found[1])}"
        if not path.endswith(f"/{module.name}.session"):
            return ""
        return f"::\n\n{textwrap.indent(text_of(path), '  ')}"

    def source(found: re.Match[str]) -> str:
        place = os.path.relpath(
            layout.of(found[1], module), f"Documentation/{module.place[2]}"
        )
        return f".. literalinclude:: {place}\n"

    text = KERNEL_DOC.sub("", section_of(module))
    text = SOURCE.sub(source, SESSION.sub(session, text))
    text = ABOUT_THE_PROJECT.sub("", text)
    text = re.sub(r":doc:`(?:([^`<]*?) <[^`]*>|([^`]*))`", r"\1\2", text)
    text = re.sub(r"`([^`\n]+)`_\b", r'"\1"', text)
    title = f"{module.name}: {module.what}"
    rule = "=" * len(title)
    head = f".. SPDX-License-Identifier: GPL-2.0\n\n{rule}\n{title}\n{rule}"
    text = f"{head}\n\n{text.strip()}\n{functions(module, layout)}"
    text = re.sub(r"``modules/\w+/", "``", text)
    return renamed_page(series_text.without_empty_group(text), module)


def renamed_page(text: str, module: Module) -> str:
    """Return a page that names no path of this project."""
    text = re.sub(r"``selftests/\w+/", "``", text)
    return patch_files.renamed(text, "Documentation", module)


def functions(module: Module, layout: Layout) -> str:
    """Return the section of a page with the kernel-doc comments."""
    paths = [path for path in module.sources if "uapi" not in path]
    for part in patch_files.parts(module):
        paths += [f"{part}.h", f"{part}.c"]
    directives = [
        f"\n.. kernel-doc:: {layout.of(path, module)}\n"
        for path in paths
        if re.search(r"^/\*\*$", text_of(path), re.M)
    ]
    if not directives:
        return ""
    return f"\nFunctions\n=========\n{''.join(directives)}"


def maintainers(
    module: Module, owner: str, mailing_list: str, files: list[str]
) -> str:
    """Return the module's section of MAINTAINERS."""
    kind = "SAMPLE" if module.place[1] == "SAMPLE_" else "DRIVER"
    own = (
        f"samples/{module.name}/",
        f"tools/testing/selftests/{module.tests_directory}/",
    )
    names = {next((d for d in own if f.startswith(d)), f) for f in files}
    title = f"{module.name.upper()} {kind}"
    return series_text.section(title, owner, mailing_list, names)


def page_patch(
    module: Module, layout: Layout, owner: str, mailing_list: str
) -> Patch:
    """Return the patch that adds the page; see also with_owner()."""
    where = f"Documentation/{module.place[2]}"
    patch = Patch(
        f"Documentation: describe {module.name}",
        f"The page is for the users of {module.name} and for those who change "
        "it.\nThe entry in MAINTAINERS names all files of the series.",
    )
    for one in patch_files.needed(module):
        path = f"{where}/{one.name}.rst"
        patch.files[path] = page(one, layout)
        patch.edit(f"{where}/index.rst", series_text.with_page, one.name)
    return patch


def series(
    module: Module, layout: Layout, owner: str, mailing_list: str
) -> list[Patch]:
    """Return the patches of a module, in their order."""
    found = list(patches_of_code(module, layout))
    last = page_patch(module, layout, owner, mailing_list)
    files = [path for patch in [*found, last] for path in patch.files]
    section = maintainers(module, owner, mailing_list, files)
    last.edit("MAINTAINERS", series_text.with_maintainers, section)
    return [*found, last]


def patches_of_code(module: Module, layout: Layout) -> Iterator[Patch]:
    """Yield all patches of a series but the last one."""
    seen: list[str] = []
    for one in patch_files.needed(module):
        for part in patch_files.parts(one):
            if part in seen:
                continue
            seen.append(part)
            yield part_patch(part, one, layout)
            name = os.path.basename(part)
            if patch_files.suite(name):
                yield suite_patch(name, one, layout, None)
        yield module_patch(one, layout)
        if patch_files.suite(one.name):
            yield suite_patch(one.name, one, layout, one)
        if patch_files.tests(one):
            yield tests_patch(one, layout)
