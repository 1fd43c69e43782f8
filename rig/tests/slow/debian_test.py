# SPDX-License-Identifier: GPL-2.0
"""Tests of how rig/kernel fetches and unpacks Debian's kernel packages"""

import os
import subprocess

from tests.base import HERE, Scratch

RELEASE = "9.9.1+deb99-amd64"
# A release whose headers can be fetched, but whose signed image cannot yet.
UNSIGNED = "9.9.2+deb99-amd64"
HEADERS = f"usr/src/linux-headers-{RELEASE}"
COMMON = "linux-headers-9.9.1+deb99-common"
KBUILD = "linux-kbuild-9.9.1+deb99"
CACHE = f"""case "$*" in
*pkgnames*) echo linux-headers-{RELEASE}; echo linux-headers-{UNSIGNED} ;;
*madison*{UNSIGNED}) ;;
*madison*) echo "x | 1 | deb" ;;
*" linux-headers-{RELEASE}") printf '  Depends: %s\\n' {COMMON} {KBUILD} ;;
*" linux-image-{RELEASE}") printf '  Depends: %s\\n' {{parts}} ;;
esac"""
GET = """case "$*" in
*--simulate*) echo "{unmet}" ;;
*download*) echo "$*" >{log}; cp {debs}/*.deb . ;;
esac"""


class Stock(Scratch):
    """Tests that get a stock kernel from packages that the tests make."""

    def setUp(self):
        super().setUp()
        (self.scratch / "debs").mkdir()
        (self.scratch / "build/apt").mkdir(parents=True)
        (self.scratch / "build/apt/updated").touch()

    def package(self, name, **files):
        """Make a Debian package; @files has the text of each path in it."""
        root = self.scratch / name
        for path, text in files.items():
            file = root / path.format(release=RELEASE)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        (root / "DEBIAN").mkdir()
        (root / "DEBIAN/control").write_text(
            f"Package: {name.lower()}\nVersion: 1\nArchitecture: all\n"
            "Maintainer: none <none@localhost>\nDescription: fake\n"
        )
        subprocess.run(
            ["dpkg-deb", "-b", root, self.scratch / "debs"],
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def get(self, parts="", unmet=""):
        """Run rig/kernel; return the kernel's directory and the messages.

        @parts are the packages on which the image depends; @unmet is what apt
        prints about the packages that cannot be installed.
        """
        self.fake("apt-cache", CACHE.format(parts=parts))
        path = self.fake(
            "apt-get",
            GET.format(
                unmet=unmet,
                log=self.scratch / "fetched",
                debs=self.scratch / "debs",
            ),
        )
        build = self.scratch / "build"
        done = subprocess.run(
            [HERE / "kernel", "get", "stock-9.9"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"PATH": path, "O": str(build), "KDIR": ""},
        )
        return build / "kernels/stock-9.9", done.stderr

    def check(self, kernel):
        """Check that a kernel's directory has all of its files."""
        self.assertEqual((kernel / "vmlinuz").read_text(), "image")
        self.assertEqual((kernel / "config").read_text(), "CONFIG_X=y")
        self.assertEqual((kernel / "release").read_text(), f"{RELEASE}\n")
        modules = kernel / "lib/modules" / RELEASE
        self.assertTrue((modules / "modules.dep").exists())
        self.assertFalse((modules / "build").exists())
        asked = ["make", "-s", "-C", kernel / "headers", "where"]
        said = subprocess.run(
            asked, capture_output=True, text=True, check=True
        ).stdout
        self.assertEqual(said.strip(), str((kernel / HEADERS).resolve()))

    def headers(self, makefile):
        """Make the packages of headers; @makefile begins their Makefile."""
        where = f"include /usr/src/{COMMON}/Makefile\n"
        self.package("headers", **{f"{HEADERS}/Makefile": makefile + where})
        said = "where:\n\t@echo $(or $(KBUILD_OUTPUT),$(CURDIR))\n"
        self.package("common", **{f"usr/src/{COMMON}/Makefile": said})

    def test_image_in_one_package(self):
        self.headers("")
        self.package(
            "image",
            **{
                f"boot/vmlinuz-{RELEASE}": "image",
                f"boot/config-{RELEASE}": "CONFIG_X=y",
                f"lib/modules/{RELEASE}/modules.order": "",
            },
        )
        kernel, _ = self.get("initramfs-tools")
        self.check(kernel)

    def test_image_in_parts(self):
        modules = f"usr/lib/modules/{RELEASE}"
        self.headers(f"KBUILD_OUTPUT=/{HEADERS}\n")
        self.package("base", **{f"{modules}/config": "CONFIG_X=y"})
        self.package("binary", **{f"{modules}/vmlinuz": "image"})
        self.package("modules", **{f"{modules}/modules.order": ""})
        parts = [f"linux-{p}-{RELEASE}" for p in ("base", "binary", "modules")]
        kernel, _ = self.get(f"initramfs-tools {' '.join(parts)}")
        self.check(kernel)
        fetched = (self.scratch / "fetched").read_text()
        for part in parts:
            self.assertIn(f" {part} ", fetched)

    def test_what_cannot_be_built_here_is_not_fetched(self):
        unmet = "Depends: libc6 (>= 9.9) but 2.36 is to be installed"
        kernel, said = self.get("x", f" {KBUILD} : {unmet}")
        self.assertRegex(
            said, "^modproof: KERNEL=stock-9.9: .*cannot be built"
        )
        self.assertIn(f"({unmet}): use ", said)
        self.assertEqual(said.count("\n"), 1)
        self.assertFalse((self.scratch / "fetched").exists())
        self.assertFalse(kernel.exists())
