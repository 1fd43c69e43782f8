# SPDX-License-Identifier: GPL-2.0
"""Tests of modproof fuzz and modproof soak, on modules with a planted mistake"""

import os
import re
import shutil
import subprocess

from tests.base import HERE, KERNEL, PROJECT, Scratch
from tests.slow.example_test import debug_headers

# A module with a node; the placeholders are its write, its ioctl and its owner.
TRAP = """// SPDX-License-Identifier: GPL-2.0
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

static char *bytes;

static ssize_t trap_read(struct file *file, char __user *buf, size_t len,
			 loff_t *pos)
{
	READ
	return simple_read_from_buffer(buf, len, pos, bytes, 100);
}

static ssize_t trap_write(struct file *file, const char __user *buf,
			  size_t len, loff_t *pos)
{
	if (len > 64 || *pos > MOST - len)
		return -EINVAL;
	if (copy_from_user(bytes + *pos, buf, len))
		return -EFAULT;
	*pos += len;
	return len;
}

static long trap_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	IOCTL
	return -ENOTTY;
}

static const struct file_operations trap_fops = {
	OWNER
	.read = trap_read,
	.write = trap_write,
	.unlocked_ioctl = trap_ioctl,
	.llseek = default_llseek,
};

static struct miscdevice trap_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "trap",
	.fops = &trap_fops,
};

static int __init trap_init(void)
{
	bytes = kzalloc(100, GFP_KERNEL);
	return bytes ? misc_register(&trap_device) : -ENOMEM;
}

static void __exit trap_exit(void)
{
	misc_deregister(&trap_device);
	kfree(bytes);
}

module_init(trap_init);
module_exit(trap_exit);
MODULE_DESCRIPTION("trap");
MODULE_LICENSE("GPL");
"""
WHOLE = {
    "READ": "",
    "MOST": "100",
    "IOCTL": "",
    "OWNER": ".owner = THIS_MODULE,",
}


class Random(Scratch):
    """Tasks that make random calls on the files of a module."""

    def setUp(self):
        super().setUp()
        self.root = self.scratch / "trap"
        self.root.mkdir()
        (self.root / "Makefile").write_text("obj-m := trap.o\n")
        kernels = self.scratch / "cache/kernels"
        kernels.mkdir(parents=True)
        (kernels / KERNEL.path.name).symlink_to(KERNEL.path)

    def write(self, **mistake):
        """Write the module with a mistake."""
        text = TRAP
        for name, code in (WHOLE | mistake).items():
            text = re.sub(rf"\b{name}\b", code, text)
        (self.root / "trap.c").write_text(text)

    def modproof(self, verb, *words, kernel=KERNEL.path.name, root=None):
        """Run modproof; return its exit status and its output."""
        done = subprocess.run(
            [HERE / "modproof", verb, root or self.root]
            + ["--kernel", kernel, "--seed", "1", *words],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.scratch),
                "MODPROOF_CACHE": str(self.scratch / "cache"),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def counter(self):
        """Return a copy of examples/counter without its mistake."""
        root = self.scratch / "counter"
        shutil.copytree(PROJECT / "examples/counter", root)
        source = root / "counter.c"
        text = source.read_text()
        source.write_text(text.replace("GFP_KERNEL", "GFP_ATOMIC"))
        return root

    def last_call(self, said):
        """Return the line with the call after which there is none."""
        calls = re.search(r"newest at the end:\n((?:    .*\n)+)", said)
        self.assertTrue(calls, said)
        return calls[1].splitlines()[-1]

    def check_overflow(self, most, kernel):
        """Check that a fuzz finds the overflow, and the call that did it."""
        self.write(MOST=most)
        status, said = self.modproof("fuzz", "--time", "60", kernel=kernel)
        self.assertEqual(status, 1, said)
        self.assertIn("--seed 1\n", said)
        self.assertRegex(said, r"trap\.c:\d+ in trap_write\+")
        last = said.rpartition("\n  log: ")[0].splitlines()[-1]
        self.assertRegex(
            last,
            r"^    task \d, step \d+: (p?write|writev|splice to|sendfile)\(",
        )
        return said

    def test_fuzz_finds_an_overflow_on_the_debug_kernel(self):
        """Its slab object has 128 bytes, of which 100 are allocated."""
        said = self.check_overflow("128", debug_headers())
        self.assertIn("BUG: KASAN: slab-out-of-bounds in ", said)

    def test_fuzz_finds_an_overflow_on_a_stock_kernel(self):
        """It finds only one that crosses the border of a slab object."""
        self.check_overflow("4096", KERNEL.path.name)

    def test_fuzz_tries_an_ioctl_that_the_code_compares_with(self):
        self.write(IOCTL="if (cmd == _IOW('t', 77, int)) BUG();")
        status, said = self.modproof("fuzz", "--time", "60")
        self.assertEqual(status, 1, said)
        self.assertRegex(said, r"\n  at: +trap\.c:\d+ in trap_ioctl\+")
        self.assertIn(
            "ioctl(/dev/trap, request 0x4004744d", self.last_call(said)
        )

    def test_fuzz_names_a_call_that_hangs(self):
        self.write(READ="for (;;) msleep(1000);")
        status, said = self.modproof("fuzz", "--time", "60")
        self.assertEqual(status, 1, said)
        self.assertRegex(
            said,
            r"fuzz: task \d, step \d+: p?read.*\(/dev/trap.*\) has not returned "
            r"after \d+ s\n",
        )
        self.assertIn("trap_read+", said)

    def test_module_without_a_mistake_passes(self):
        for kernel in KERNEL.path.name, debug_headers():
            for verb, words in (
                ("fuzz", ["--time", "10"]),
                ("soak", ["--loads", "20"]),
            ):
                with self.subTest(verb, kernel=kernel):
                    status, said = self.modproof(
                        verb, *words, kernel=kernel, root=self.counter_once()
                    )
                    self.assertEqual(status, 0, said)
                    self.assertRegex(
                        said, r"\ncounter +\S+ +(ok +){6}(ok|-)\n"
                    )

    def counter_once(self):
        """Return the copy of examples/counter; make it at first."""
        root = self.scratch / "counter"
        return root if root.exists() else self.counter()

    def test_soak_finds_a_file_that_is_used_after_the_unload(self):
        self.write(OWNER="")
        status, said = self.modproof("soak", "--loads", "300")
        self.assertEqual(status, 1, said)
        self.assertRegex(said, r"\ntrap +\S+ +ok +ok +FAILED +-")
        self.assertIn("the last calls, the newest at the end:\n", said)
