# SPDX-License-Identifier: GPL-2.0
"""Make - build the modules of the proof, and files that are made of them"""

import gzip
import lzma
import os
import shlex
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import edit
import vm

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "modules"
# What openssl is to make a key of.
KEYS = {
    "rsa": ("rsa:2048",),
    "ec": ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
}
MARKER = b"~Module signature appended~\n"


def run(*command: str | Path, log: Path | None = None, **options: str) -> None:
    """Run a command; raise an exception with its output if it fails."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env=os.environ | options,
    )
    if log:
        log.write_text(done.stdout)
    if done.returncode:
        raise RuntimeError(f"{shlex.join(map(str, command))}: {done.stdout}")


def is_newer(path: Path, sources: list[Path]) -> bool:
    """Return true if @path is there and newer than all sources."""
    return path.exists() and all(
        source.stat().st_mtime <= path.stat().st_mtime for source in sources
    )


class Maker:
    """Makes the files of the cases for one kernel below the directory @work.

    @other is the maker for another kernel, or None.
    """

    def __init__(self, kernel: vm.Kernel, work: Path) -> None:
        self.kernel = kernel
        self.work = work / kernel.path.name
        self.modules = self.work / "modules"
        self.other: Maker | None = None

    def build(self) -> None:
        """Build the modules with the headers of the kernel."""
        stamp = self.work / "built"
        sources = [*SOURCES.iterdir(), self.kernel.path / "release"]
        if is_newer(stamp, sources):
            return
        shutil.rmtree(self.modules, ignore_errors=True)
        shutil.copytree(SOURCES, self.modules)
        run(
            *("make", "-C", self.kernel.path / "headers"),
            *(f"M={self.modules}", "KBUILD_MODPOST_WARN=1", "modules"),
            log=self.work / "build.log",
            MAKEFLAGS="",
        )
        stamp.touch()

    def ko(self, name: str) -> bytes:
        """Return a module that is built for the kernel."""
        return (self.modules / f"{name}.ko").read_bytes()

    def object(self, name: str) -> bytes:
        """Return another file of the build, as wp_ok.mod.o."""
        return (self.modules / name).read_bytes()

    def foreign(self, name: str) -> bytes:
        """Return a module that is built for the other kernel."""
        if not self.other:
            raise RuntimeError("there is no other kernel")
        return self.other.ko(name)

    def packed(self, name: str) -> bytes:
        """Return a module of the kernel's package, as it is there."""
        path = next(self.kernel.modules.rglob(f"{name}.ko*"))
        return path.read_bytes()

    def package(self, name: str) -> bytes:
        """Return a module of the kernel's package, decompressed."""
        path = next(self.kernel.modules.rglob(f"{name}.ko*"))
        return vm.unpack(path, self.scratch()).read_bytes()

    def scratch(self) -> Path:
        """Return a directory for files that are needed only for a moment."""
        where = self.work / "scratch"
        where.mkdir(exist_ok=True)
        return where

    def filter(self, data: bytes, *command: str) -> bytes:
        """Return what a command makes of a file: IN and OUT are its names."""
        names = {name: self.scratch() / name for name in ("IN", "OUT")}
        names["IN"].write_bytes(data)
        names["OUT"].unlink(missing_ok=True)
        run(*(str(names.get(word, word)) for word in command))
        return names["OUT"].read_bytes()

    def key(self, kind: str = "rsa") -> tuple[Path, Path]:
        """Return the paths of a key of this kind and of its certificate."""
        pem, der = self.work / f"{kind}.pem", self.work / f"{kind}.der"
        if not der.exists():
            run(
                *("openssl", "req", "-new", "-x509", "-newkey", *KEYS[kind]),
                *("-nodes", "-days", "36500", "-subj", "/CN=unknown key"),
                *("-outform", "DER", "-out", der, "-keyout", pem),
            )
        return pem, der

    def sign(self, data: bytes, digest: str = "sha256") -> bytes:
        """Return a module with a signature by a key of our own."""
        pem, der = map(str, self.key())
        tool = str(self.sign_file())
        return self.filter(data, tool, digest, pem, der, "IN", "OUT")

    def sign_file(self) -> Path:
        """Return the kernel's program that signs modules, or another's."""
        path = self.kernel.path
        tools = [*(path / "usr").rglob("scripts/sign-file")]
        tools += [path / "headers/scripts/sign-file"]
        if not tools[0].exists() and self.other:
            return self.other.sign_file()
        return tools[0]


# Makes the bytes of a file.
Source = Callable[[Maker], bytes]


def of(name: str, *edits: edit.Edit) -> Source:
    """Make an edited copy of a module that is built for the kernel."""
    return lambda maker: edit.edited(maker.ko(name), *edits)


def foreign(name: str, *edits: edit.Edit) -> Source:
    """Make an edited copy of a module that is built for another kernel."""
    return lambda maker: edit.edited(maker.foreign(name), *edits)


def package(name: str, *edits: edit.Edit) -> Source:
    """Make an edited copy of a module of the kernel's package."""
    return lambda maker: edit.edited(maker.package(name), *edits)


def filtered(source: Source, *command: str) -> Source:
    """Make a file by a command from another one."""
    return lambda maker: maker.filter(source(maker), *command)


def signed(
    source: Source, *edits: edit.Edit, digest: str = "sha256"
) -> Source:
    """Sign a file with a key of our own, and edit the result."""
    return lambda maker: edit.edited(maker.sign(source(maker), digest), *edits)


def signature(
    body: bytes = b"\x30\x00",
    length: int | None = None,
    kind: int = 2,
    head: bytes = b"\0\0",
    tail: bytes = bytes(5),
) -> bytes:
    """Return the bytes of a signature that is made by hand.

    @kind is the type of the identifier; 2 is PKCS#7.  The bytes around it must
    be zero.
    """
    size = len(body) if length is None else length
    trailer = head + bytes([kind]) + tail + struct.pack(">I", size)
    return body + trailer + MARKER


def text(contents: bytes) -> Source:
    """Make a file with these contents."""
    return lambda _maker: contents


def xz(source: Source, check: int) -> Source:
    """Compress a file with xz, with one of the checks of lzma."""
    return lambda maker: lzma.compress(source(maker), check=check)


def gz(source: Source) -> Source:
    """Compress a file with gzip."""
    return lambda maker: gzip.compress(source(maker), mtime=0)


def i386(maker: Maker) -> bytes:
    """Make an object for another processor."""
    source = maker.work / "i386.c"
    source.write_text("int number = 1;\n")
    compiler = shlex.split(os.environ.get("CC") or "gcc")
    return maker.filter(b"", *compiler, "-m32", "-c", "-o", "OUT", str(source))


def linked_again(maker: Maker) -> bytes:
    """Link a module once more."""
    return maker.filter(maker.ko("wp_ok"), "ld", "-r", "-o", "OUT", "IN")
