# SPDX-License-Identifier: GPL-2.0
"""Tests that build the Debian packages, install them in a fresh Debian 12, load
what DKMS has built in a guest, and remove the packages
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.base import HERE, KSRC, PROJECT, WORK, Scratch, make
from tests.deb_test import MODULES

# What mmdebstrap runs with the new system's directory as its argument; $1 is
# the directory of the packages, which also gets the results.  depmod writes its
# index first, which a system with an image has already.
HOOK = r"""
set -eu
out=$1 root=$2
files()
{
	(cd "$root" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev \
		-o -name dpkg.log -o -path ./root/debs \) -prune -o -print | sort)
}
inside() { chroot "$root" "$@"; }

inside depmod RELEASE 2>/dev/null
mkdir "$root/root/debs"
cp "$out"/*.deb "$root/root/debs"
files >"$out/before"
inside sh -c 'dpkg -i --force-depends /root/debs/*.deb'
inside dkms status >"$out/status"
inside modinfo -k RELEASE -n chardev vkbd >"$out/paths"
inside modprobe -S RELEASE --show-depends vkbd >"$out/depends"
inside modproof --help >"$out/help"
inside sh -c 'ls -d PATHS' >"$out/there"
inside find /usr/lib/modproof -name '*.pyc' >"$out/compiled"
cp -r "$root/lib/modules/RELEASE/updates/dkms" "$out/built"
mv "$root/lib/modules/RELEASE/build" "$root/root/debs/headers"
inside dpkg -P modproof modproof-dkms modproof-doc
mv "$root/root/debs/headers" "$root/lib/modules/RELEASE/build"
files >"$out/after"
"""
# The paths in the table of the page.
PATH = re.compile(r"^``(/(?:usr|lib|var)/\S+)`` ", re.M)
# What the guest runs: a module with a node, and one that needs another module.
JOB = r"""
set -eu
printf 'KTAP version 1\n1..1\n'
modprobe chardev
[ "$(cat /dev/chardev)" = "I already told you 0 times Hello world!" ]
modprobe -r chardev
[ ! -e /dev/chardev ]
modprobe vkbd
echo vkbd >/sys/class/vinput/export
echo +34 >/dev/vinput0
[ "$(cat /dev/vinput0)" = +34 ]
echo 0 >/sys/class/vinput/unexport
modprobe -r vkbd
[ ! -e /sys/module/vinput ]
printf 'ok 1 loaded\n'
"""


def files(directory):
    """Return the path and the time of each file in a directory.

    Leave out what Python keeps of the tools that it runs.
    """
    return {
        path: path.lstat().st_mtime_ns
        for path in directory.rglob("*")
        if "__pycache__" not in path.parts and not path.is_dir()
    }


def sources():
    """Return the lines of sources.list of the Debian suites of this system."""
    form = "$(CREATED_BY) $(REPO_URI) $(RELEASE)"
    found = subprocess.run(
        ["apt-get", "indextargets", "--no-release-info", "--format", form],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    lines = [line.split() for line in found.splitlines()]
    return sorted(
        {
            f"deb {uri} {suite} main"
            for by, uri, suite in lines
            if by == "Packages" and suite.startswith("bookworm")
        }
    )


class Packages(Scratch):
    """The packages, from the build to the removal."""

    LIMIT = 1800

    def setUp(self):
        super().setUp()
        # Unlike those of newer kernels, the headers of Debian 12's own kernel
        # do not depend on its image.
        self.kernel = Path(
            subprocess.run(
                [HERE / "kernel", "get", "stock-6.1"],
                env=os.environ | {"O": str(WORK), "KDIR": ""},
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            ).stdout.strip()
        )
        self.release = (self.kernel / "release").read_text().strip()

    def check_guest(self, built):
        """Load modules of DKMS in a guest of the kernel they are built for."""
        environment = os.environ | {"O": str(self.scratch / "guest")}
        subprocess.run(
            [HERE / "stage", self.kernel, built], env=environment, check=True
        )
        done = subprocess.run(
            [str(HERE / "vm.py"), "run", str(self.kernel)]
            + [str(self.scratch / "run"), "--", "sh", "-c", JOB],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def install(self, out):
        """Run HOOK in a new Debian 12 with the kernel's headers."""
        hook = self.scratch / "hook"
        page = (PROJECT / "Documentation/packages.rst").read_text()
        paths = " ".join(PATH.findall(page)).replace("VERSION", "*")
        words = HOOK.replace("PATHS", paths).replace("RELEASE", self.release)
        hook.write_text(words)
        include = f"dkms,linux-headers-{self.release},python3"
        done = subprocess.run(
            ["mmdebstrap", "--quiet", "--variant=minbase"]
            + ['--aptopt=APT::Install-Recommends "false"']
            + [f"--include={include}", "--format=null"]
            + [f'--customize-hook=sh {hook} {out} "$1"', "bookworm", "-", "-"],
            input="\n".join(sources()),
            env=os.environ | {"TMPDIR": str(self.scratch)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_packages_work_and_leave_nothing(self):
        project = self.scratch / "project"
        skipped = shutil.ignore_patterns(".git", "__pycache__", "build")
        shutil.copytree(PROJECT, project, symlinks=True, ignore=skipped)
        before = files(project)
        build = self.scratch / "build"
        done = make(project, "deb", f"O={build}", f"KSRC={KSRC}")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(files(project), before)

        out = build / "deb"
        self.install(out)
        said = {
            name: (out / name).read_text()
            for name in "status paths depends help compiled".split()
        }
        self.assertRegex(said["status"], r"^modproof/[\d.]+, .*: installed\n$")
        where = f"/lib/modules/{self.release}/updates/dkms"
        self.assertEqual(said["paths"].count(where), 2, said["paths"])
        self.assertIn("/vinput.ko", said["depends"])
        self.assertIn("usage: modproof", said["help"])
        self.assertIn(".pyc", said["compiled"])
        built = {
            path.name.split(".ko")[0] for path in (out / "built").iterdir()
        }
        # Debian's kernels for PCs have no device tree.
        self.assertEqual(MODULES - built, {"devicetree", "dtoverlay"})
        self.assertEqual(
            (out / "after").read_text(), (out / "before").read_text()
        )
        self.check_guest(out / "built")
