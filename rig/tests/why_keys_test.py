# SPDX-License-Identifier: GPL-2.0
"""Tests of which keys of UEFI modproof why takes for the signer's"""

import os
import shlex
import shutil
import struct
import subprocess
import tempfile
import unittest
import uuid
from pathlib import Path

from tests.base import HERE, WORK, Scratch
from tests.why_test import build

X509 = uuid.UUID("a5c059a1-94e4-4aa7-87b5-ab155c2bf072").bytes_le
SHA256 = uuid.UUID("c1c41626-504c-4092-aca9-41f936934328").bytes_le
UEFI = "8be4df61-93ca-11d2-aa0d-00e098032b8c"
SECURITY = "d719b2cb-3d3a-4596-a3bc-dad00e67656f"
SHIM = "605dab50-e046-4300-abb6-3dd810dd8b23"
OWNERS = {
    "SecureBoot": UEFI,
    "SetupMode": UEFI,
    "db": SECURITY,
    "dbx": SECURITY,
    "MokIgnoreDB": SHIM,
    "MokListRT": SHIM,
    "MokListXRT": SHIM,
    "MokSBStateRT": SHIM,
}
# The attributes of a variable: it is kept, and it can be read after the boot.
KEPT, READABLE = 1, 6
ON, OFF = b"\1", b"\0"


def signature_list(*entries, kind=X509, head=b"", add=0, size=None):
    """Return an EFI_SIGNATURE_LIST; all entries have one size.

    @add is added to the size of the whole, and @size is that of an entry.
    """
    size = 16 + len(entries[0]) if size is None else size
    body = b"".join(bytes(16) + entry for entry in entries)
    whole = 28 + len(head) + len(body) + add
    return kind + struct.pack("<III", whole, len(head), size) + head + body


class Keys(Scratch):
    """Certificates, messages that were signed with them, and a program."""

    output: Path
    program: Path
    certificates: dict[str, bytes]

    @classmethod
    def setUpClass(cls):
        cls.output = Path(tempfile.mkdtemp(prefix="rig-", dir=WORK))
        cls.addClassCleanup(shutil.rmtree, cls.output)
        build(cls.output)
        cls.program = cls.output / "signer"
        objects = set(cls.output.glob("*.o"))
        objects -= {cls.output / "main.o", cls.output / "unload.o"}
        cls.run_command(
            *shlex.split(os.environ.get("CC") or "gcc"),
            *("-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror"),
            *("-I", HERE / "why", "-static", "-o", cls.program),
            *(HERE / "tests/why/signer.c", *sorted(objects)),
            *("-llzma", "-lzstd", "-lz", "-lpthread"),
        )
        cls.certificates = {name: cls.make_key(name) for name in "ab"}

    @staticmethod
    def run_command(*command):
        """Run a command, and return what it prints."""
        done = subprocess.run(
            list(map(str, command)),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise AssertionError(done.stderr.decode(errors="replace"))
        return done.stdout.decode()

    @classmethod
    def make_key(cls, name):
        """Make a key; sign a message in two ways; return the certificate."""
        key, der = cls.output / f"{name}.pem", cls.output / f"{name}.der"
        cls.run_command(
            *("openssl", "req", "-new", "-x509", "-newkey", "rsa:2048"),
            *("-nodes", "-days", "36500", "-subj", f"/CN={name}"),
            *("-outform", "DER", "-out", der, "-keyout", key),
        )
        for kind, option in ("issuer", ()), ("id", ("-keyid",)):
            cls.run_command(
                *("openssl", "cms", "-sign", "-binary", "-in", der),
                *("-signer", der, "-inkey", key, "-nocerts", "-noattr"),
                *("-outform", "DER", "-out", cls.output / f"{name}.{kind}"),
                *option,
            )
        return der.read_bytes()

    def find(self, message, attributes=READABLE, **variables):
        """Return the variables in which the signer is found."""
        efi = self.scratch / "efi"
        shutil.rmtree(efi, ignore_errors=True)
        (efi / "efivars").mkdir(parents=True)
        for name, value in variables.items():
            path = efi / "efivars" / f"{name}-{OWNERS[name]}"
            path.write_bytes(struct.pack("<I", attributes) + value)
        text = self.run_command(self.program, efi, self.output / message)
        return " ".join(text.split())

    def test_lists(self):
        a, b = self.certificates["a"], self.certificates["b"]
        longer = b"\0" * (len(a) - len(b)) if len(b) < len(a) else b""
        mine, other = signature_list(a), signature_list(b)
        hashes = signature_list(bytes(32), bytes(32), kind=SHA256)
        for number, (lists, is_found) in enumerate(
            (
                (b"", False),
                (mine, True),
                (other, False),
                (other + mine, True),
                (hashes + mine, True),
                (signature_list(b + longer, a), len(b) <= len(a)),
                (signature_list(a, head=b"head"), True),
                (signature_list(a, kind=SHA256), False),
                (signature_list(a[:-1]), False),
                (signature_list(b"\x30" + a[1:]), True),
                (signature_list(b"\x31" + a[1:]), False),
                (mine[:-1], False),
                (signature_list(a, add=1), False),
                (signature_list(a, add=1) + b"x", False),
                (signature_list(a, size=0), False),
                (signature_list(a, size=15), False),
                (signature_list(a, size=17 + len(a)), False),
                (signature_list(b"", size=16) + mine, True),
                (signature_list(a, size=4) + mine, False),
                (X509 + struct.pack("<III", 27, 0, 16) + mine, False),
                (X509 + struct.pack("<III", 28, 1, 16) + mine, False),
                (mine + X509, True),
            )
        ):
            for message in "a.issuer", "a.id":
                with self.subTest(number=number, message=message):
                    self.assertEqual(
                        self.find(message, db=lists), "db" if is_found else ""
                    )

    def test_damaged_certificates(self):
        whole = self.certificates["a"]
        for at in range(0, len(whole), 7):
            for message in "a.issuer", "a.id":
                cut = signature_list(whole[:at] + bytes(len(whole) - at))
                self.assertIn(self.find(message, db=cut), ("", "db"))

    def test_variables(self):
        all_four = {
            name: signature_list(self.certificates["a"])
            for name in ("db", "dbx", "MokListRT", "MokListXRT")
        }
        secure = all_four | {"SecureBoot": ON}
        everything = "db MokListRT dbx MokListXRT"
        for variables, found in (
            (all_four, "db dbx"),
            (all_four | {"SecureBoot": OFF}, "db dbx"),
            (secure, everything),
            (secure | {"SetupMode": OFF}, everything),
            (secure | {"SetupMode": ON}, "db dbx"),
            (secure | {"MokIgnoreDB": ON}, "MokListRT dbx MokListXRT"),
            (secure | {"MokIgnoreDB": OFF}, "MokListRT dbx MokListXRT"),
            (secure | {"MokSBStateRT": OFF}, everything),
            (secure | {"MokSBStateRT": ON}, "db dbx"),
        ):
            with self.subTest(variables=list(variables)):
                self.assertEqual(self.find("a.issuer", **variables), found)
                self.assertEqual(self.find("b.issuer", **variables), "")
        kept = self.find("a.id", READABLE | KEPT, **secure, MokSBStateRT=ON)
        self.assertEqual(kept, everything)

    def test_variables_that_cannot_be_read(self):
        efi = self.scratch / "efi"
        message = self.output / "a.issuer"
        self.assertEqual(self.run_command(self.program, efi, message), "")
        efi.mkdir()
        self.assertEqual(
            self.run_command(self.program, efi, message), "unknown\n"
        )
        (efi / f"efivars/dbx-{SECURITY}").mkdir(parents=True)
        self.assertEqual(
            self.run_command(self.program, efi, message), "unknown\n"
        )


if __name__ == "__main__":
    unittest.main()
