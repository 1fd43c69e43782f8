#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Make patches - turn a module of this project into a series of patches

    tools/make_patches.py MODULE BASE OUTPUT

BASE is a kernel tree, which this program only reads.  The series is written to
OUTPUT/MODULE/, as rig/series.py does it.  Each file is put where the kernel
keeps its kind.
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "rig"))

import patch_files
import patch_series
import series
import series_text
from common import die
from patch_files import Layout, Module
from series import Base, Patch

EXAMPLE = "make patches MODULE=blkram"


def chosen(name: str) -> Module:
    """Return the module that the user named, or exit with an error."""
    known = patch_files.modules()
    if not name:
        die(f"MODULE= is missing: type {EXAMPLE}", 2)
    if name not in known:
        die(
            f'MODULE="{name}" is not a module of modules/: type one of '
            f"{', '.join(sorted(known))}",
            2,
        )
    return known[name]


def clashes(module: Module, base: Base, patches: list[Patch]) -> list[str]:
    """Return what the kernel has with a name of the series."""
    text = "".join(
        change("") if path.endswith("lib/Kconfig") else ""
        for patch in patches
        for path, change in patch.edits
    )
    symbols = {*re.findall(r"^config (\w+)", text, re.M)}
    symbols |= {one.config for one in patch_files.needed(module)}
    return series.clashes(base, module.name, symbols)


def notes_on(module: Module, base: Base, patches: list[Patch]) -> list[str]:
    """Return paragraphs about names that are taken, and print them."""
    found = clashes(module, base, patches)
    for line in found:
        print(
            f"modproof: note: the kernel has a name of this series, at {line}"
            ": rename yours, or do not enable both",
            file=sys.stderr,
        )
    return [f"The kernel has a name of this series, at {x}." for x in found]


def patches_of(module: Module, base: Base, owner: str) -> list[Patch]:
    """Return the patches of a module; exit if the base is too old for it."""
    layout = Layout(base.path, patch_files.compat_for(base.path))
    mail = series.mailing_list(base, module.place[0])
    try:
        return patch_series.series(module, layout, owner, mail)
    except ValueError as found:
        die(
            f"{base.shown} is Linux {base.version}, for which {module.name} "
            f"needs a function in place of {found}: choose a newer one"
        )


def made(module: Module, base_dir: Path, output: Path) -> list[str]:
    """Write the series of a module; return the names of its files."""
    base = Base(base_dir, f"BASE={base_dir}")
    owner = series.identity(patch_files.ROOT)
    series.need_place(output / module.name)
    patches = patches_of(module, base, owner)
    _, _, about = series_text.top(patch_files.text_of(module.main))
    title = patch_series.subject(
        f"{module.place[3]}add {module.name}", module.what
    )
    paragraphs = [
        f"This series adds {module.name}: {module.what}.",
        series_text.prose(about),
        *notes_on(module, base, patches),
    ]
    whole = series.Series(module.name, owner, title, paragraphs, patches)
    return series.made(whole, base, output)


def main() -> None:
    """Make the series in the arguments, and say what to do next."""
    name, base, output = (sys.argv[1:] + ["", "", ""])[:3]
    module = chosen(name)
    names = made(module, Path(base).resolve(), Path(output))
    then = "Read Documentation/upstream.rst before you send it."
    series.show(Path(output) / name, names, then)


if __name__ == "__main__":
    main()
