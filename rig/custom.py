#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Custom - lay out a kernel that the user names, as rig/kernel does its own

    rig/custom.py NAMED PLACE

NAMED is the build directory of a kernel, the headers of one, its directory in
/lib/modules, or its image.  The other parts of an installed kernel are looked
for at their usual places.  This program makes the directory PLACE/RELEASE with
links to the kernel's files, and prints its path.  Nothing is written in NAMED.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import mirror
from common import die
from kernels import is_laid_out, is_tree

# How a user names a kernel: to rig/modproof, which sets RIG_CACHE, or to make.
OPTION = "--kernel " if os.environ.get("RIG_CACHE") else "KDIR="
# Where the header of a bzImage has its magic number, and the offset of the
# kernel's version; see Documentation/arch/x86/boot.rst of the kernel.
MAGIC, VERSION = 0x202, 0x20E
# The files of a kernel's build directory that depmod reads.
LISTS = ("modules.builtin", "modules.builtin.modinfo")
IMAGE = "arch/x86/boot/bzImage"


@dataclass
class Parts:
    """Where the parts of a kernel are.

    @image and @modules may be missing; @built has the modules of a build
    directory by their paths in an installed kernel.
    """

    release: str
    headers: Path
    image: Path | None = None
    modules: Path | None = None
    built: dict[str, Path] = field(default_factory=dict)

    def stamp(self) -> str:
        """Return a text that changes if a part does."""
        files = [self.headers / ".config", *self.built.values()]
        files += [self.image] if self.image else []
        newest = max(path.stat().st_mtime_ns for path in files)
        return (
            f"{self.headers} {self.image} {self.modules} "
            f"{len(self.built)} {newest}"
        )


def release_in(image: Path) -> str:
    """Return the release that the image of a kernel names, or nothing."""
    data = image.read_bytes()
    text = b""
    if data[MAGIC : MAGIC + 4] == b"HdrS":
        at = int.from_bytes(data[VERSION : VERSION + 2], "little") + 0x200
        text = data[at : at + 256]
    elif found := re.search(rb"Linux version (\S+) \(", data):
        text = found[1]
    found = re.match(rb"[\w.+~-]+", text)
    return found[0].decode() if found else ""


def is_build(headers: Path) -> bool:
    """Return true if headers are a build directory, and not a package's."""
    names = ("source", "MAINTAINERS", "modules.order", "vmlinux")
    return any((headers / name).exists() for name in names)


def release_of(headers: Path) -> str:
    """Return the release for which modules are built against the headers."""
    known = headers / "include/config/kernel.release"
    if known.exists():
        return known.read_text().strip()
    done = subprocess.run(
        ["make", "-s", "-C", str(headers), "kernelrelease"],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        die(
            f'"make -C {headers} kernelrelease" fails: correct that kernel\'s '
            "build first"
        )
    return done.stdout.strip()


def check_headers(headers: Path) -> None:
    """Exit if no modules can be built against a directory."""
    if not is_tree(headers):
        die(
            f"{OPTION}{headers} has no Makefile and .config: it is neither a "
            "built kernel nor its headers: name one of them"
        )
    text = (headers / ".config").read_text(errors="replace")
    if re.search(r"^# CONFIG_MODULES is not set", text, re.M):
        die(
            f"{OPTION}{headers} has no CONFIG_MODULES, so that it loads no "
            "module: set it, and build that kernel again"
        )
    if not (headers / "Module.symvers").exists():
        die(
            f"{OPTION}{headers} has no Module.symvers: build that kernel "
            f'first: type "make -C {headers}", or install its headers'
        )


def built_modules(tree: Path) -> Iterator[tuple[str, Path]]:
    """Yield the modules of a build directory, with their installed paths.

    Before Linux 6.3, the list in it has the installed paths.
    """
    order = tree / "modules.order"
    for line in order.read_text().split() if order.exists() else ():
        name = line.removeprefix("kernel/")
        if line.endswith(".o"):
            name = f"{line[:-2]}.ko"
        path = tree / name
        if not path.exists():
            die(
                f"{OPTION}{tree}: its modules.order names {name}, which is "
                f'not there: type "make -C {tree}"'
            )
        yield f"kernel/{name}", path


def roots(path: Path) -> list[Path]:
    """Return what may be the root of the system that has a kernel's file."""
    text = str(path)
    found = re.match(
        r"(.*?)(?:/usr)?/(?:lib/modules|boot|src/linux-headers)\b", text
    )
    return [*([Path(f"{found[1]}/")] if found else []), Path("/")]


def first(tops: list[Path], *names: str) -> Path | None:
    """Return the first file of these names below the roots."""
    paths = (top / name for top in tops for name in names)
    return next((path for path in paths if os.access(path, os.R_OK)), None)


def installed(release: str, tops: list[Path], headers: Path | None) -> Parts:
    """Return the parts of a kernel that is installed below the roots."""
    link = f"lib/modules/{release}/build"
    package = f"usr/src/linux-headers-{release}"
    found = headers or first(tops, link, package)
    if not found:
        top = tops[0]
        die(
            f"{OPTION}names the kernel {release}, whose headers are neither "
            f"{top / link} nor {top / package}: install the package "
            f"linux-headers-{release}, or name the kernel's build directory"
        )
    return Parts(
        release,
        found.resolve(),
        first(
            tops, f"boot/vmlinuz-{release}", f"lib/modules/{release}/vmlinuz"
        ),
        first(tops, f"lib/modules/{release}", f"usr/lib/modules/{release}"),
    )


def parts_of_tree(tree: Path) -> Parts:
    """Return the parts of a kernel by its build directory or its headers."""
    check_headers(tree)
    release = release_of(tree)
    parts = installed(release, roots(tree), tree)
    image = tree / IMAGE
    if os.access(image, os.R_OK):
        parts.image = image
        theirs = release_in(image)
        if theirs != release:
            die(
                f"{OPTION}{tree} has the image of {theirs or 'no kernel'}, "
                f"but modules are built for {release}: type "
                f'"make -C {tree}"'
            )
    parts.built = dict(built_modules(tree))
    return parts


def parts_of_image(image: Path) -> Parts:
    """Return the parts of a kernel by its image."""
    for top in image.parents:
        if is_tree(top):
            return parts_of_tree(top)
    release = release_in(image)
    if not release:
        die(
            f"{OPTION}{image} is not the image of a kernel: name a vmlinuz, "
            "or a directory with a kernel's build or headers"
        )
    parts = installed(release, roots(image), None)
    check_headers(parts.headers)
    parts.image = image
    return parts


def parts_of(named: Path) -> Parts:
    """Return the parts of the kernel that the user named."""
    if named.is_file():
        return parts_of_image(named)
    is_installed = (named / "kernel").is_dir() and not is_tree(named)
    if is_installed and (named / "modules.order").exists() | (
        named.parent.name == "modules"
    ):
        parts = installed(named.name, roots(named), None)
        check_headers(parts.headers)
        if is_build(parts.headers):
            return parts_of_tree(parts.headers)
        parts.modules = named
        return parts
    return parts_of_tree(named)


def link_modules(parts: Parts, place: Path) -> None:
    """Link the modules of a build directory, and index them for modprobe."""
    for name, path in parts.built.items():
        link = place / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(path)
    for name in LISTS:
        if (parts.headers / name).exists():
            (place / name).symlink_to(parts.headers / name)
        else:
            # depmod reads it, but it may be empty.
            (place / name).touch()
    order = "".join(f"{name}\n" for name in parts.built)
    (place / "modules.order").write_text(order)
    top = place.parents[2]
    subprocess.run(
        ["depmod", "-C", "/dev/null", "-b", top, parts.release], check=True
    )


def why_no_image(parts: Parts) -> str:
    """Return what the user can do if a kernel has no image."""
    if is_build(parts.headers):
        return (
            f"it is not in {parts.headers / IMAGE}: type "
            f'"make -C {parts.headers}"'
        )
    return (
        f"there is no /boot/vmlinuz-{parts.release}: install the package "
        f"linux-image-{parts.release}"
    )


def lay_out(named: Path, place: Path) -> Path:
    """Return a kernel's directory; make it unless it is up to date."""
    if not named.exists():
        die(
            f"{OPTION}{named} is not there: name a directory with a kernel's "
            "build or headers, or an image"
        )
    named = named.resolve()
    if is_laid_out(named):
        return named
    parts = parts_of(named)
    kernel = place / parts.release
    stamp = parts.stamp()
    known = kernel / "stamp"
    if known.exists() and known.read_text() == stamp:
        return kernel
    mirror.remove(kernel)
    modules = kernel / "lib/modules" / parts.release
    modules.parent.mkdir(parents=True)
    (kernel / "headers").symlink_to(parts.headers)
    (kernel / "config").symlink_to("headers/.config")
    if parts.modules and not parts.built:
        modules.symlink_to(parts.modules)
    else:
        modules.mkdir()
        link_modules(parts, modules)
    if parts.image:
        (kernel / "vmlinuz").symlink_to(parts.image)
    else:
        (kernel / "no-image").write_text(why_no_image(parts))
    (kernel / "release").write_text(f"{parts.release}\n")
    known.write_text(stamp)
    return kernel


def main() -> None:
    """Lay out the kernel in the arguments; print its directory."""
    try:
        print(lay_out(Path(sys.argv[1]), Path(sys.argv[2])))
    except OSError as error:
        die(f"{OPTION}{sys.argv[1]}: {error.filename}: {error.strerror}")


if __name__ == "__main__":
    main()
