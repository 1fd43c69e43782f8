# SPDX-License-Identifier: GPL-2.0
"""Tests of the kernels that a user names by a directory or an image"""

import os
from pathlib import Path

import custom
import vm
from headers import Headers
from tests.base import HERE, KERNEL, Scratch

RELEASE = "6.12.0-mine"


def image(release):
    """Return the head of a bzImage that names a release."""
    head = bytearray(0x400)
    head[0x202:0x206] = b"HdrS"
    head[0x20E:0x210] = (0x100).to_bytes(2, "little")
    text = f"{release} (user@host) #1 SMP\0".encode()
    head[0x300 : 0x300 + len(text)] = text
    return bytes(head)


BOOT = "CONFIG_MODULES=y\n" + vm.BOOT_CONFIG.read_text()


class Custom(Scratch):
    """A kernel that is laid out below self.scratch/kernels."""

    def setUp(self):
        super().setUp()
        self.tree = self.scratch / "linux"
        self.place = self.scratch / "kernels"

    def write(self, name, text="", top=None):
        """Write a file below the tree, or below another directory."""
        path = (top or self.tree) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text)
        return path

    def headers(self, top, release=RELEASE):
        """Write what modules are built against."""
        for name in "Makefile", "Module.symvers":
            self.write(name, "", top)
        self.write(".config", BOOT, top)
        self.write("include/config/kernel.release", f"{release}\n", top)

    def build(self, release=RELEASE):
        """Write what make leaves in a kernel's build directory."""
        self.headers(self.tree, release)
        self.write("arch/x86/boot/bzImage", image(release))
        self.write("modules.order", "fs/9p/9p.o\nkernel/time/t_t.o\n")
        self.write("modules.builtin", "kernel/fs/fuse/fuse.ko\n")
        ko = next(KERNEL.modules.rglob("9p.ko*"))
        copy = vm.unpack(ko, self.scratch)
        for name in "fs/9p/9p.ko", "kernel/time/t_t.ko":
            self.write(name, copy.read_bytes())

    def lay(self, named=None):
        """Lay the kernel out; return its directory."""
        return custom.lay_out(Path(named or self.tree), self.place)

    def refused(self, *said, named=None):
        """Check that the kernel is refused, with one line that has @said."""
        with self.assertRaises(SystemExit) as ended:
            self.lay(named)
        for text in said:
            self.assertIn(text, str(ended.exception.code))
        self.assertNotIn("\n", str(ended.exception.code))

    def names(self):
        """Return the files of the tree with their times."""
        return {p: p.stat().st_mtime_ns for p in self.tree.rglob("*")}


class Build(Custom):
    """The build directory of a kernel whose modules are not installed."""

    def test_its_modules_are_at_hand(self):
        self.build()
        before = self.names()
        kernel = self.lay()
        self.assertEqual((kernel / "release").read_text(), f"{RELEASE}\n")
        self.assertEqual(Headers(kernel).modules(), {"9p", "t_t", "fuse"})
        place = kernel / "lib/modules" / RELEASE / "kernel"
        for name in "fs/9p/9p.ko", "kernel/time/t_t.ko":
            self.assertEqual(
                (place / name).resolve(), (self.tree / name).resolve()
            )
        self.assertEqual(
            (kernel / "vmlinuz").resolve(),
            (self.tree / "arch/x86/boot/bzImage").resolve(),
        )
        self.assertEqual(self.names(), before)

    def test_list_of_a_kernel_before_6_3(self):
        self.build()
        old = "kernel/fs/9p/9p.ko\nkernel/kernel/time/t_t.ko\n"
        self.write("modules.order", old)
        kernel = self.lay()
        self.assertEqual(Headers(kernel).modules(), {"9p", "t_t", "fuse"})

    def test_guest_is_kept_until_the_kernel_is_built_again(self):
        self.build()
        release = self.lay() / "release"
        before = release.stat().st_mtime_ns
        self.lay()
        self.assertEqual(release.stat().st_mtime_ns, before)
        for name in "fs/9p/9p.ko", "arch/x86/boot/bzImage", ".config":
            os.utime(self.tree / name, ns=(before, before + 10**9))
            self.lay()
            self.assertNotEqual(release.stat().st_mtime_ns, before, name)
            before = release.stat().st_mtime_ns

    def test_image_in_it_stands_for_it(self):
        self.build()
        self.write("vmlinux", b"\x7fELF")
        for name in "vmlinux", "arch/x86/boot/bzImage":
            kernel = self.lay(self.tree / name)
            self.assertEqual(Headers(kernel).modules(), {"9p", "t_t", "fuse"})

    def test_what_is_missing_is_told(self):
        self.tree.mkdir()
        self.refused("has no Makefile and .config")
        self.write("Makefile")
        self.write(".config", "CONFIG_MODULES=y\n")
        self.refused("no Module.symvers", f'"make -C {self.tree}"')
        self.build()
        (self.tree / "fs/9p/9p.ko").unlink()
        self.refused("names fs/9p/9p.ko", f'"make -C {self.tree}"')
        self.write(".config", "# CONFIG_MODULES is not set\n")
        self.refused("CONFIG_MODULES")

    def test_image_of_an_earlier_build(self):
        self.build()
        self.write("arch/x86/boot/bzImage", image("6.12.0-old"))
        self.refused("6.12.0-old", RELEASE, f'"make -C {self.tree}"')

    def test_without_an_image_modules_are_built_but_not_proved(self):
        self.build()
        (self.tree / "arch/x86/boot/bzImage").unlink()
        kernel = vm.Kernel(self.lay())
        self.assertEqual(kernel.release, RELEASE)
        with self.assertRaises(SystemExit) as ended:
            kernel.need_boot_symbols()
        said = str(ended.exception.code)
        self.assertIn(f"kernel {RELEASE} has no image", said)
        self.assertIn(f'"make -C {self.tree}"', said)


class Installed(Custom):
    """A kernel that is installed, below a directory in place of /."""

    def setUp(self):
        super().setUp()
        self.modules = self.scratch / "root/lib/modules" / RELEASE
        self.source = self.scratch / f"root/usr/src/linux-headers-{RELEASE}"
        self.boot = self.scratch / f"root/boot/vmlinuz-{RELEASE}"

    def install(self):
        """Write what the packages of a kernel have."""
        self.headers(self.source)
        self.write(self.boot.name, image(RELEASE), self.boot.parent)
        self.write("kernel/a.ko", "", self.modules)
        self.write("modules.dep", "kernel/a.ko:\n", self.modules)
        (self.modules / "build").symlink_to(self.source)

    def check(self, named):
        """Check that all of the kernel is found by one part of it."""
        kernel = self.lay(named)
        self.assertEqual(Headers(kernel).modules(), {"a"})
        self.assertEqual((kernel / "vmlinuz").resolve(), self.boot.resolve())
        self.assertEqual((kernel / "headers").resolve(), self.source.resolve())

    def test_each_part_stands_for_all(self):
        self.install()
        for named in self.modules, self.source, self.boot:
            with self.subTest(named=named):
                self.check(named)

    def test_headers_are_found_without_a_link(self):
        self.install()
        (self.modules / "build").unlink()
        self.check(self.modules)

    def test_what_is_missing_is_told(self):
        self.write("kernel/a.ko", "", self.modules)
        self.refused(
            f"{RELEASE}, whose headers are neither",
            f"linux-headers-{RELEASE}",
            named=self.modules,
        )
        self.write(self.boot.name, image(RELEASE), self.boot.parent)
        self.refused(f"linux-headers-{RELEASE}", named=self.boot)
        self.write(self.boot.name, "text", self.boot.parent)
        self.refused("is not the image of a kernel", named=self.boot)

    def test_headers_without_an_image(self):
        self.headers(self.source)
        with self.assertRaises(SystemExit) as ended:
            vm.Kernel(self.lay(self.source)).need_boot_symbols()
        said = str(ended.exception.code)
        self.assertIn("has no image", said)
        self.assertIn(f"linux-image-{RELEASE}", said)

    def test_kernel_of_the_rig_stands_for_itself(self):
        self.assertEqual(self.lay(KERNEL.path), KERNEL.path)
        kernel = self.lay((KERNEL.path / "headers").resolve())
        self.assertEqual(Headers(kernel).release, KERNEL.release)
        self.assertTrue(Headers(kernel).modules() > {"9p", "overlay"})
        self.assertEqual(
            vm.Kernel(kernel).path.joinpath("vmlinuz").read_bytes(),
            (KERNEL.path / "vmlinuz").read_bytes(),
        )


class Command(Custom):
    """The program as rig/kernel runs it."""

    def test_kernel_prints_the_directory_last(self):
        self.build()
        status, said = self.run_tool(
            HERE / "kernel", "get", KDIR=f"{self.tree}"
        )
        self.assertEqual(status, 0, said)
        self.assertEqual(said, f"{self.place / RELEASE}\n")

    def test_option_is_named_as_the_user_typed_it(self):
        for cache, option in ("", "KDIR="), (f"{self.scratch}", "--kernel "):
            status, said = self.run_tool(
                HERE / "kernel", "get", KDIR="/nowhere", RIG_CACHE=cache
            )
            self.assertEqual(status, 1)
            self.assertRegex(said, f"^modproof: {option}/nowhere is not there")
