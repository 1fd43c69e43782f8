# SPDX-License-Identifier: GPL-2.0
"""Tests of what a guest needs of a kernel to boot, for a user's own kernel"""

import os
import shutil
import subprocess
from unittest import mock

import vm
from tests.base import HERE, Scratch

PACKERS = {".ko.gz": "gzip", ".ko.xz": "xz", ".ko.zst": "zstd", ".ko": "cat"}
RELEASE = "6.6.6-fake"


class Fakes(Scratch):
    """Directories that stand in for kernels."""

    def module(self, path, needs=""):
        """Make a .ko file with the information that modinfo reads."""
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["gcc", "-x", "c", "-c", "-", "-o", path],
            input='const char i[] __attribute__((section(".modinfo"))) = '
            f'"license=GPL\\0depends={needs}";',
            text=True,
            check=True,
        )

    def kernel(self, name="fake", modular=(), suffix=".ko", lacking=""):
        """Make the directory of a kernel with the symbols for booting.

        The symbols in @modular are "m", and those in @lacking are not set.
        """
        path = self.scratch / "kernels" / name
        config = vm.BOOT_CONFIG.read_text()
        for symbol in lacking.split():
            config = config.replace(f"CONFIG_{symbol}=y\n", "")
        for symbol in modular:
            config = config.replace(f"CONFIG_{symbol}=y", f"CONFIG_{symbol}=m")
        (path / "lib/modules" / RELEASE).mkdir(parents=True)
        (path / "config").write_text(config)
        (path / "release").write_text(f"{RELEASE}\n")
        for symbol in modular:
            self.boot_module(path, vm.BOOT_MODULES[symbol], suffix)
        return path

    def boot_module(self, kernel, name, suffix, needs=""):
        """Add a module to a kernel, compressed as @suffix says."""
        directory = kernel / "lib/modules" / RELEASE / "kernel"
        plain = self.scratch / f"{name}.ko"
        self.module(plain, needs)
        directory.mkdir(exist_ok=True)
        with open(directory / f"{name}{suffix}", "wb") as out:
            command = [PACKERS[suffix], "-c"][: 1 + (suffix != ".ko")]
            subprocess.run([*command, plain], stdout=out, check=True)


class BootModules(Fakes):
    """The modules in the initramfs of a guest."""

    def boot_modules(self, kernel):
        """Return the names and contents of the modules in the initramfs."""
        where = self.scratch / "initramfs"
        where.mkdir(exist_ok=True)
        names = vm.Kernel(kernel).boot_modules(where)
        return {name: (where / name).read_bytes() for name in names}

    def test_each_compression_of_kmod_is_undone(self):
        for suffix in PACKERS:
            kernel = self.kernel(suffix, modular=["9P_FS"], suffix=suffix)
            plain = (self.scratch / "9p.ko").read_bytes()
            self.assertEqual(self.boot_modules(kernel), {"9p.ko": plain})

    def test_what_a_module_needs_is_in_front_of_it(self):
        kernel = self.kernel(modular=["9P_FS", "OVERLAY_FS"])
        self.boot_module(kernel, "9p", ".ko.xz", "netfs,fs-cache")
        self.boot_module(kernel, "netfs", ".ko.xz", "fs_cache")
        self.boot_module(kernel, "fs-cache", ".ko.xz")
        (kernel / "lib/modules" / RELEASE / "kernel/9p.ko").unlink()
        self.assertEqual(
            list(self.boot_modules(kernel)),
            ["fs_cache.ko", "netfs.ko", "9p.ko", "overlay.ko"],
        )

    def test_what_is_built_in_is_not_looked_for(self):
        self.assertEqual(self.boot_modules(self.kernel()), {})

    def test_module_that_is_not_there_is_one_line(self):
        kernel = self.kernel(modular=["OVERLAY_FS"])
        shutil.rmtree(kernel / "lib/modules" / RELEASE / "kernel")
        with self.assertRaises(SystemExit) as ended:
            self.boot_modules(kernel)
        self.assertRegex(
            str(ended.exception.code),
            f"^modproof: the module overlay, .*{RELEASE}.* modules_install",
        )

    def test_configuration_of_this_machine_plays_no_part(self):
        """MODPROBE_OPTIONS has no effect, and neither has /etc/modprobe.d."""
        hostile = self.scratch / "hostile.conf"
        hostile.write_text("install overlay /bin/false\n")
        kernel = self.kernel(modular=["OVERLAY_FS"])
        index = ["depmod", "-b", kernel, RELEASE]
        subprocess.run(index, check=True, capture_output=True)
        options = {"MODPROBE_OPTIONS": f"-C {hostile}"}
        with mock.patch.dict(os.environ, options):
            self.assertEqual(list(self.boot_modules(kernel)), ["overlay.ko"])


class BootSymbols(Fakes):
    """The error message for a kernel that cannot boot a guest."""

    def said(self, kernel):
        """Return the error message with which vm.py refuses a kernel."""
        done = subprocess.run(
            [HERE / "vm.py", "run", kernel, self.scratch / "run", "true"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 1)
        return done.stderr

    def test_kernel_without_9p_is_one_line(self):
        kernel = self.kernel(lacking="NET_9P NET_9P_VIRTIO 9P_FS")
        said = self.said(kernel)
        self.assertRegex(said, f"^modproof: the kernel {RELEASE} cannot boot")
        self.assertIn("it lacks 9P_FS NET_9P NET_9P_VIRTIO: use", said)
        self.assertEqual(said.count("\n"), 1)

    def test_each_symbol_is_asked_for(self):
        for symbol in "DEVTMPFS", "OVERLAY_FS", "SERIAL_8250_CONSOLE", "TMPFS":
            said = self.said(self.kernel(symbol, lacking=symbol))
            self.assertIn(f"lacks {symbol}: ", said)


class Builds(Scratch):
    """The error message for a kernel that cannot be built."""

    def test_next_command_is_the_users_own(self):
        source = self.scratch / "kernels/source-6.12"
        config = source / "scripts/kconfig/merge_config.sh"
        config.parent.mkdir(parents=True)
        config.write_text("#!/bin/sh\necho 'bad: error: no'\nexit 1\n")
        config.chmod(0o755)
        (source / "Makefile").touch()
        for cache, again in (
            ({"RIG_CACHE": str(self.scratch)}, "modproof check --kernel"),
            ({"O": str(self.scratch)}, "make kernel KERNEL="),
        ):
            env = dict(os.environ)
            env.pop("KDIR", None)
            env.pop("RIG_CACHE", None)
            done = subprocess.run(
                [HERE / "kernel", "get", "debug-6.12"],
                env=env | cache,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            self.assertEqual(done.returncode, 1)
            self.assertIn("cannot configure the kernel", done.stderr)
            self.assertRegex(done.stderr, f"again: +{again} ?debug-6.12")
