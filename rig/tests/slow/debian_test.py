# SPDX-License-Identifier: GPL-2.0
"""Tests of how rig/kernel fetches and unpacks Debian's kernel packages"""

import os
import shutil
import subprocess
from pathlib import Path

from tests.base import HERE, Scratch

RELEASE = "9.9.1+deb99-amd64"
# A release whose headers can be fetched, but whose signed image cannot yet.
UNSIGNED = "9.9.2+deb99-amd64"
HEADERS = f"usr/src/linux-headers-{RELEASE}"
COMMON = "linux-headers-9.9.1+deb99-common"
KBUILD = "linux-kbuild-9.9.1+deb99"
UNMET = "Depends: libc6 (>= 9.9) but 2.36 is to be installed"
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


class Packages(Scratch):
    """A test that makes packages."""

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


class Stock(Packages):
    """Tests that get a stock kernel from packages that the tests make."""

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
        kernel, said = self.get("x", f" {KBUILD} : {UNMET}")
        self.assertRegex(
            said, "^modproof: KERNEL=stock-9.9: .*cannot be built"
        )
        self.assertIn(f"({UNMET}): use ", said)
        self.assertEqual(said.count("\n"), 1)
        self.assertFalse((self.scratch / "fetched").exists())
        self.assertFalse(kernel.exists())


class Flavour(Packages):
    """Tests of the names of stock kernels."""

    FOUND = [
        *("9.9.3-amd64", "9.9.10-7-amd64", "9.9.11-cloud-amd64"),
        *("9.9.10-rt-amd64", "9.9.9-7-rt-amd64", "9.9.99-common-rt"),
    ]

    def release(self, name):
        """Return the release that a name selects, or the message."""
        names = "".join(f"echo linux-headers-{f};" for f in self.FOUND)
        self.fake(
            "apt-cache",
            f"""case "$*" in
            *pkgnames*) {names} ;;
            *madison*) echo "x | 1 | deb" ;;
            *" linux-headers-"*) echo '  Depends: {KBUILD}' ;;
            esac""",
        )
        path = self.fake("apt-get", f'echo " {KBUILD} : {UNMET}"')
        status, said = self.run_tool(
            HERE / "kernel",
            *("get", name),
            PATH=path,
            O=str(self.scratch / "build"),
            KDIR="",
        )
        self.assertEqual(status, 1)
        return said.partition(" modules for ")[2].partition(" ")[0] or said

    def test_plain_name_is_the_kernel_without_a_flavour(self):
        self.assertEqual(self.release("stock-9.9"), "9.9.10-7-amd64")

    def test_rt_is_the_kernel_with_preempt_rt(self):
        self.assertEqual(self.release("stock-9.9-rt"), "9.9.10-rt-amd64")

    def test_cloud_is_that_for_virtual_machines(self):
        self.assertEqual(self.release("stock-9.9-cloud"), "9.9.11-cloud-amd64")

    def test_another_word_is_not_known(self):
        self.assertIn(
            "stock-9.9-rx is not known", self.release("stock-9.9-rx")
        )


# Record the architecture of the package lists with each download.
FOREIGN_GET = """case "$*" in
*--simulate*) ;;
*download*)
	what=$(echo "$*" | sed 's/.*download //')
	echo "$(sed -n 's/^APT::Architecture "\\(.*\\)";/\\1/p' "$2") $what" >>{log}
	for name in $what; do
		cp "{debs}/${{name%%[-_]*}}"_*.deb "./$name.deb" 2>/dev/null
	done
	ls *.deb >/dev/null ;;
esac"""


class Architecture(Packages):
    """A test that gets a kernel of the architecture @arch of Debian."""

    arch = "arm64"

    def setUp(self):
        super().setUp()
        self.release = RELEASE.replace("amd64", self.arch)
        self.headers = f"usr/src/linux-headers-{self.release}"
        where = f"include /usr/src/{COMMON}/Makefile\n"
        self.package(
            "linux",
            **{
                f"boot/vmlinuz-{self.release}": "image",
                f"boot/config-{self.release}": "CONFIG_X=y",
                f"lib/modules/{self.release}/modules.order": "",
                f"{self.headers}/Makefile": where,
            },
        )
        self.package("kmod", **{"bin/kmod": "foreign", "etc/x": "foreign"})
        self.fake(
            "apt-cache", CACHE.format(parts="").replace("amd64", self.arch)
        )
        self.path = self.fake(
            "apt-get",
            FOREIGN_GET.format(
                log=self.scratch / "fetched", debs=self.scratch / "debs"
            ),
        )
        self.build = self.scratch / "build"
        for lists, arch in (
            (self.arch, self.arch),
            ("trixie", "amd64"),
            (".", "amd64"),
        ):
            place = self.build / "apt" / lists
            place.mkdir(exist_ok=True)
            (place / "updated").touch()
            (place / "apt.conf").write_text(f'APT::Architecture "{arch}";\n')

    def get(self, name):
        """Run rig/kernel; return its exit status, stdout and stderr."""
        done = subprocess.run(
            [HERE / "kernel", "get", name],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ
            | {"PATH": self.path, "O": str(self.build), "KDIR": ""},
        )
        return done.returncode, done.stdout.strip(), done.stderr


class Foreign(Architecture):
    """Tests of a kernel of another architecture than this system's."""

    def test_kernel_comes_with_the_programs_of_its_guests(self):
        status, where, said = self.get("stock-9.9-arm64")
        self.assertEqual(status, 0, said)
        kernel = Path(where)
        self.assertEqual((kernel / "arch").read_text(), "arm64\n")
        self.assertEqual((kernel / "vmlinuz").read_text(), "image")
        variables = kernel / self.headers / ".kernelvariables"
        self.assertEqual(
            variables.read_text(),
            "override CROSS_COMPILE = aarch64-linux-gnu-\n",
        )
        self.assertEqual((kernel / "root/usr/bin/kmod").read_text(), "foreign")
        # A directory would hide the link of this name in the host's root.
        self.assertEqual(os.listdir(kernel / "root"), ["usr"])
        self.assertFalse((kernel / "emulator").exists())

    def test_programs_of_kbuild_are_those_of_this_system(self):
        status, _, said = self.get("stock-9.9-arm64")
        self.assertEqual(status, 0, said)
        fetched = (self.scratch / "fetched").read_text().splitlines()
        kbuild = [line for line in fetched if KBUILD in line]
        self.assertEqual(kbuild, [f"amd64 {KBUILD}"])
        self.assertEqual(
            fetched[0].split()[:2], ["arm64", f"linux-image-{self.release}"]
        )
        self.assertRegex("\n".join(fetched), r"\narm64 busybox-static\b")

    def test_architecture_without_this_kernel(self):
        status, _, said = self.get("stock-8.8-arm64")
        self.assertEqual(status, 1)
        self.assertIn("has no kernel 8.8 for arm64: use another", said)
        self.assertEqual(said.count("\n"), 1, said)

    def test_architecture_that_is_not_known(self):
        for name in "stock-9.9-vax", "stock-9.9-amd64":
            with self.subTest(name):
                status, _, said = self.get(name)
                self.assertEqual(status, 1)
                self.assertIn(f"KERNEL={name} is not known", said)


class Emulator(Architecture):
    """Tests of a kernel for s390x, which needs QEMU 10.0 or newer."""

    arch = "s390x"

    def get_with(self, version):
        """Get the kernel where this version of QEMU is; return its directory."""
        self.fake("s390x-linux-gnu-gcc", ":")
        self.fake(
            "qemu-system-s390x", f"echo 'QEMU emulator version {version}'"
        )
        program = self.scratch / "qemu/usr/bin/qemu-system-s390x"
        program.parent.mkdir(parents=True)
        shutil.copy("/bin/true", program)
        self.package("qemu")
        status, where, said = self.get("stock-9.9-s390x")
        self.assertEqual(status, 0, said)
        return Path(where)

    def test_newer_qemu_comes_with_its_libraries(self):
        usr = self.get_with("7.2.22 (Debian 1:7.2+dfsg)") / "emulator/usr"
        command = ["patchelf", "--print-interpreter"]
        self.assertEqual(
            subprocess.check_output(
                [*command, usr / "bin/qemu-system-s390x"], text=True
            ).strip(),
            f"{usr}/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
        )
        fetched = (self.scratch / "fetched").read_text().splitlines()
        self.assertRegex(fetched[-1], r"^amd64 qemu-system-s390x\b")

    def test_qemu_that_is_new_enough_is_used(self):
        kernel = self.get_with("10.0.0 (Debian 1:10.0.0+ds)")
        self.assertTrue((kernel / "root").exists())
        self.assertFalse((kernel / "emulator").exists())


# A kernel of Debian 13, whose kbuild needs a newer libc than Debian 12 has.
NEW = "9.9.1+deb13-amd64"
NEW_HEADERS = f"usr/src/linux-headers-{NEW}"
NEW_CACHE = f"""case "$*" in
*pkgnames*) echo linux-headers-{NEW} ;;
*madison*) echo "x | 1 | deb" ;;
*--recurse*) echo "$*" >{{log}}
	printf '%s\\n' debconf gcc-9 libc6 '  Depends: libc6' libtsan2 ;;
*" linux-headers-{NEW}") printf '  Depends: %s\\n' gcc-9-for-host \\
	linux-headers-9.9.1+deb13-common linux-kbuild-9.9.1+deb13 ;;
esac"""


class Toolchain(Packages):
    """Tests of a kernel that another release of Debian has built."""

    def program(self, package, path):
        """Add a program, which is dynamically linked, to a package."""
        file = self.scratch / package / path
        file.parent.mkdir(parents=True)
        shutil.copy("/bin/true", file)

    def packages(self):
        """Make the packages of a kernel, and of the compiler that built it."""
        where = "include /usr/src/linux-headers-9.9.1+deb13-common/Makefile\n"
        cross = "override CROSS_COMPILE = x86_64-linux-gnu-\n"
        self.package(
            "headers",
            **{
                f"{NEW_HEADERS}/Makefile": where,
                f"{NEW_HEADERS}/.kernelvariables": cross,
            },
        )
        self.package("image", **{f"boot/vmlinuz-{NEW}": "image"})
        modules = f"lib/modules/{NEW}/modules.order"
        self.package("modules", **{modules: ""})
        self.program("kbuild", "usr/lib/linux-kbuild-9.9.1+deb13/modpost")
        self.package("kbuild")
        self.program("gcc-9", "usr/bin/x86_64-linux-gnu-gcc-9")
        self.package("gcc-9")

    def get_new(self, name):
        """Run rig/kernel; return its result, the kernel and its path."""
        unmet = f" linux-kbuild-9.9.1+deb13 : {UNMET}"
        self.fake("apt-cache", NEW_CACHE.format(log=self.scratch / "asked"))
        path = self.fake(
            "apt-get",
            GET.format(
                unmet=unmet,
                log=self.scratch / "fetched",
                debs=self.scratch / "debs",
            ).replace('echo "$*" >', 'echo "$*" >>'),
        )
        build = self.scratch / "build"
        (build / "apt/trixie").mkdir()
        (build / "apt/trixie/updated").touch()
        done = subprocess.run(
            [HERE / "kernel", "get", name],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"PATH": path, "O": str(build), "KDIR": ""},
        )
        return done, build / "kernels" / name

    def interpreter(self, program):
        """Return the path of the dynamic linker that a program names."""
        command = ["patchelf", "--print-interpreter", program]
        return subprocess.check_output(command, text=True).strip()

    def check_tools(self, kernel):
        """Check that kbuild and its compiler use the libraries with them."""
        libraries = kernel / "toolchain/usr/lib/x86_64-linux-gnu"
        loader = str(libraries / "ld-linux-x86-64.so.2")
        kbuild = kernel / "usr/lib/linux-kbuild-9.9.1+deb13/modpost"
        gcc = kernel / "toolchain/usr/bin/x86_64-linux-gnu-gcc-9"
        for program in kbuild, gcc:
            self.assertEqual(self.interpreter(program), loader)
        # The packages have no linker, so gcc uses that of this system.
        linker = kernel / "toolchain/usr/x86_64-linux-gnu/bin/ld"
        self.assertEqual(
            linker.resolve(), Path(shutil.which("ld") or "").resolve()
        )
        prefix = str(gcc).removesuffix("gcc-9")
        self.assertEqual(
            (kernel / NEW_HEADERS / ".kernelvariables").read_text(),
            f"override CROSS_COMPILE = {prefix}\n",
        )

    def test_compiler_of_its_release_is_fetched_with_a_newer_kernel(self):
        self.packages()
        for name in "stock-9.9", "stock-9.9-trixie":
            with self.subTest(name):
                done, kernel = self.get_new(name)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.check_tools(kernel)
                shutil.rmtree(Path(self.scratch / "build/apt/trixie"))

    def test_linker_of_an_older_release_is_not_fetched(self):
        found = {"bullseye": ["gcc-9", "libc6"]}
        found["trixie"] = ["binutils", "gcc-9", "libbinutils", "libc6"]
        path = self.fake(
            "apt-cache", "printf '%s\\n' " + " ".join(found["trixie"])
        )
        for suite, names in found.items():
            (self.scratch / "apt" / suite).mkdir(parents=True)
            (self.scratch / "apt" / suite / "updated").touch()
            said = self.run_tool(
                HERE / "debian", "tools", "gcc-9", suite=suite, PATH=path
            )
            self.assertEqual(said, (0, "\n".join(names) + "\n"))

    def test_libraries_of_sanitizers_are_not_fetched(self):
        self.packages()
        done, _ = self.get_new("stock-9.9")
        self.assertEqual(done.returncode, 0, done.stderr)
        fetched = (self.scratch / "fetched").read_text().splitlines()
        self.assertRegex(fetched[-1], " download gcc-9 libc6$")
        self.assertIn(
            " gcc-9 linux-kbuild-9.9.1+deb13\n",
            (self.scratch / "asked").read_text(),
        )
