# SPDX-License-Identifier: GPL-2.0
"""Others - build the other projects whose modules a project's modules need

A directory in "needs" of modproof.toml is that of another project.  It is built
first, in a directory of its own, and modpost is told of what it exports.
"""

from __future__ import annotations

import os
import re
import zlib
from pathlib import Path

import build
from project import MAKEFILES, ModuleConfig, find, read

# What modpost prints if a file with exports is not there.
LACKING = re.compile(r"^(\S*/Module\.symvers): No such file", re.M)
# How a makefile names the directory of another project.
SYMVERS = re.compile(r"((?:\.\./)+[\w./-]+?)/+Module\.symvers")


class Others:
    """The other projects that a project needs, and their modules.

    @copies are the directories in which they were built, by their names in
    modproof.toml.
    """

    def __init__(self, builder: build.Builder) -> None:
        self.builder = builder
        # What is needed leads back here if a directory is among these.
        self.chain = [builder.project.root / builder.project.below]
        self.modules: list[build.Module] = []
        self.by_place: dict[Path, list[str]] = {}
        self.symvers: list[Path] = []
        self.copies: dict[str, Path] = {}

    def wanted(self) -> dict[str, Path]:
        """Return the directories that modproof.toml names, as it does."""
        configs = self.builder.project.config.modules.values()
        return {k: v for c in configs for k, v in c.projects.items()}

    def build(self) -> None:
        """Build the other projects; end the build if one cannot be built."""
        for name, place in self.wanted().items():
            if place not in self.by_place:
                self.add(name, place)

    def add(self, name: str, place: Path) -> None:
        """Build the project in @place, which modproof.toml names @name."""
        named = f"{name}, which needs in modproof.toml names"
        if place in self.chain:
            reason = f"{named}, needs this project in its turn"
            raise build.Stopped(build.FAILED, reason)
        mine = self.builder
        sum_of_place = zlib.crc32(os.fsencode(place))
        work = mine.work / "needs" / f"{place.name}-{sum_of_place:08x}"
        work.mkdir(parents=True, exist_ok=True)
        other = build.Builder(
            find(place), mine.headers.kernel, work, mine.jobs
        )
        other.others.chain = [*self.chain, place]
        built = other.run()
        if built.status != build.OK:
            reason = f"{named}: {built.reason}"
            raise build.Stopped(
                built.status, reason, [reason, *built.lines[1:]]
            )
        known = {module.name for module in self.modules}
        added = [*built.others, *built.modules]
        self.modules += [one for one in added if one.name not in known]
        self.by_place[place] = [module.name for module in built.modules]
        self.symvers += sorted(other.copy.rglob("Module.symvers"))
        self.copies[name] = other.where

    def names(self, config: ModuleConfig) -> list[str]:
        """Return the modules of the projects that a module needs."""
        return [
            name
            for place in config.projects.values()
            for name in self.by_place[place]
        ]

    def sum(self) -> str:
        """Return a text that changes if what the others export does."""
        texts = [path.read_bytes() for path in self.symvers]
        return f"{zlib.crc32(b''.join(texts)):08x}" if texts else ""

    def words(self) -> list[str]:
        """Return the variable that tells modpost what the others export.

        It replaces that of a makefile, whose path is not that of the copy.
        """
        if not self.symvers:
            return []
        return [f"KBUILD_EXTRA_SYMBOLS={' '.join(map(str, self.symvers))}"]

    def link(self) -> None:
        """Let a source include headers of the others, as "../other/x.h".

        Without a link, the path would lead from the copy to nothing.
        """
        work = self.builder.work
        for name, copy in self.copies.items():
            link = Path(os.path.normpath(self.builder.where / name))
            if link.parent != work or link == self.builder.copy:
                continue
            if link.is_symlink():
                link.unlink()
            if not link.exists():
                link.symlink_to(copy)

    def lacking(self, text: str) -> list[str]:
        """Return why a build failed that has the text, if others lack."""
        found = LACKING.search(text)
        if not found:
            return []
        name = os.path.relpath(found[1], self.builder.where)
        built = sorted(self.builder.where.glob("*.mod"))
        module = built[0].name if built else self.builder.project.name
        reason = f"the makefile names {name}, which no build here has made"
        return [reason, self.hint(module)]

    def hint(self, module: str) -> str:
        """Return what to write if another project defines a symbol."""
        module = Path(module).stem.replace("-", "_")
        where = self.builder.where
        texts = "".join(read(where / name) for name in MAKEFILES)
        found = SYMVERS.search(texts)
        directory = found[1] if found else "../other"
        return (
            "if a module of another project exports it, name the directory of "
            f'that in modproof.toml: needs = ["{directory}"] in '
            f"[modules.{module}]"
        )
