# SPDX-License-Identifier: GPL-2.0
"""Tests of vm.unpack_image(), which unpacks the image of a kernel"""

import gzip
import lzma
import unittest

import vm

ELF = b"\x7fELF" + bytes(range(256)) * 40
# The code before the compressed kernel may contain the first bytes of a
# compressed stream by chance.
BEFORE = b"MZ\x1f\x8b\x08\0setup" + b"\xfd7zXZ\0"
AFTER = b"\0\1\2after the stream"


class Image(unittest.TestCase):
    """Images with code before and after the compressed kernel."""

    def test_gzip(self):
        image = BEFORE + gzip.compress(ELF) + AFTER
        self.assertEqual(vm.unpack_image(image), ELF)

    def test_xz(self):
        image = BEFORE + lzma.compress(ELF, check=lzma.CHECK_CRC32) + AFTER
        self.assertEqual(vm.unpack_image(image), ELF)

    def test_image_without_a_kernel(self):
        image = BEFORE + gzip.compress(b"no kernel") + AFTER
        self.assertIsNone(vm.unpack_image(image))
