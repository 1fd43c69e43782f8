# SPDX-License-Identifier: GPL-2.0
"""Tests of include/compat.h with small headers in the forms of each kernel

A program that uses the newest form of each interface is compiled with these
headers and is run.
"""

import subprocess

from tests.base import PROJECT, Scratch

CLASS = """#pragma once
#define THIS_MODULE 7
struct class {{ const char *name; int owner; }};
struct class_attribute {{
	int (*show)({const}struct class *class, {const}struct class_attribute *attr,
		    char *buf);
}};
"""
CLASS_CREATE = {
    "one": """
static struct class *class_create(const char *name)
{
	static struct class new;
	new.name = name;
	return &new;
}
""",
    "two": """
static struct class *__class_create(int owner, const char *name)
{
	static struct class new;
	new.name = name;
	new.owner = owner;
	return &new;
}
#define class_create(owner, name) __class_create(owner, name)
""",
}
# The flags of a queue were macros up to 6.10.
ROTATES = """
#define QUEUE_FLAG_NONROT 6
static void blk_queue_flag_set(int flag, struct request_queue *q)
{
	q->flags |= 1 << flag;
}
"""
BLK_MQ = """#pragma once
struct lock_class_key { int key; };
struct blk_mq_tag_set { int flags; };
struct queue_limits {
	int discard_granularity, logical_block_size, max_hw_discard_sectors;
	int max_write_zeroes_sectors;
};
struct request_queue { struct queue_limits limits; int flags; };
struct gendisk { struct request_queue *queue; };
static struct request_queue queue;
static struct gendisk disk = { &queue };
"""
MERGE = "enum { BLK_MQ_F_SHOULD_MERGE = 1 };\n"
ONE_BY_ONE = """
static void blk_queue_logical_block_size(struct request_queue *q, int size)
{
	q->limits.logical_block_size = size;
}
static void blk_queue_max_discard_sectors(struct request_queue *q, int max)
{
	q->limits.max_hw_discard_sectors = max;
}
static void blk_queue_max_write_zeroes_sectors(struct request_queue *q,
					       int max)
{
	q->limits.max_write_zeroes_sectors = max;
}
static struct gendisk *__blk_mq_alloc_disk(struct blk_mq_tag_set *set,
					   void *data,
					   struct lock_class_key *key)
{
	return &disk;
}
#define blk_mq_alloc_disk(set, queuedata) \\
	({ __blk_mq_alloc_disk(set, queuedata, 0); })
"""
TOGETHER = """
static struct gendisk *
__blk_mq_alloc_disk(struct blk_mq_tag_set *set, struct queue_limits *lim,
		    void *data, struct lock_class_key *key)
{
	queue.limits = *lim;
	return &disk;
}
#define blk_mq_alloc_disk(set, lim, queuedata) \\
	({ __blk_mq_alloc_disk(set, lim, queuedata, 0); })
"""
LLTX = {
    "feature": "#define NETIF_F_LLTX 1\nstruct net_device { int features; };",
    "member": "#include <stdbool.h>\nstruct net_device { int lltx; };",
}
# The program prints the owner and the name of a class, if the requests of a
# disk are merged, its limits, its flags and if a device sends without a lock.
PROGRAM = """#include <stddef.h>
#include <stdio.h>
#include <linux/blk-mq.h>
#include <linux/netdevice.h>
#include "compat.h"

static int show(CLASS_ATTR_CONST struct class *class,
		CLASS_ATTR_CONST struct class_attribute *attr, char *buf)
{
	return 0;
}

int main(void)
{
	struct blk_mq_tag_set set = { .flags = BLK_MQ_F_SHOULD_MERGE };
	struct queue_limits lim = { 1, 2, 3, 4 };
	struct class_attribute attr = { show };
	struct class *class = class_create("x");
	struct net_device dev = { 0 };
	struct gendisk *made = blk_mq_alloc_disk(&set, &lim, NULL);
	struct queue_limits *got = &made->queue->limits;

	netdev_set_lltx(&dev);
	printf("%d %s %d %d%d%d%d %d %d", class->owner, class->name, set.flags,
	       got->discard_granularity, got->logical_block_size,
	       got->max_hw_discard_sectors, got->max_write_zeroes_sectors,
	       made->queue->flags, *(int *)&dev);
	return attr.show(class, &attr, NULL);
}
"""
MAKEFILE = """include {project}/include/Kbuild
$(info $(ccflags-y))
all: ;
"""


class Compat(Scratch):
    """A tree of headers, in one form for each interface."""

    def headers(self, const="", create="one", blk="", lltx="member"):
        """Write the headers of a kernel."""
        linux = self.scratch / "include/linux"
        (linux / "device").mkdir(parents=True)
        (linux / "err.h").write_text("#define IS_ERR(x) (!(x))\n")
        (linux / "export.h").touch()
        text = CLASS.format(const=const) + CLASS_CREATE[create]
        (linux / "device/class.h").write_text(text)
        (linux / "blk-mq.h").write_text(BLK_MQ + blk)
        shown = LLTX[lltx] + "\n#define SET_NETDEV_DEV\n"
        (linux / "netdevice.h").write_text(shown)

    def flags(self):
        """Return the options that include/Kbuild gets from the headers."""
        (self.scratch / "Makefile").write_text(
            MAKEFILE.format(project=PROJECT)
        )
        done = subprocess.run(
            ["make", "-s", "-C", self.scratch, f"srctree={self.scratch}"],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.split()

    def said(self):
        """Compile the program with the headers; return what it prints."""
        source = self.scratch / "program.c"
        source.write_text(PROGRAM)
        program = self.scratch / "program"
        warnings = ["-Wall", "-Werror", "-Wno-unused-function"]
        include = [f"-I{self.scratch}/include", f"-I{PROJECT}/include"]
        subprocess.run(
            ["gcc", *warnings, *self.flags(), *include, source, "-o", program],
            check=True,
        )
        return subprocess.check_output([program], text=True)

    def test_limits_one_by_one_before_6_9(self):
        old = ROTATES + MERGE + ONE_BY_ONE
        self.headers(create="two", blk=old, lltx="feature")
        self.assertEqual(self.said(), "7 x 1 1234 64 1")

    def test_limits_together_and_a_flag_in_6_9_and_6_10(self):
        middle = ROTATES + MERGE + TOGETHER
        self.headers(const="const ", blk=middle, lltx="feature")
        self.assertEqual(self.said(), "0 x 1 1234 64 1")

    def test_limits_together_and_no_flag_since_6_11(self):
        self.headers(const="const ", blk=MERGE + TOGETHER)
        self.assertEqual(self.said(), "0 x 1 1234 0 1")

    def test_newest(self):
        self.headers(const="const ", blk=TOGETHER)
        self.assertEqual(self.said(), "0 x 0 1234 0 1")

    def test_a_kernel_may_have_taken_one_change_without_another(self):
        self.headers(create="one", blk=ROTATES + TOGETHER)
        self.assertEqual(self.said(), "0 x 0 1234 64 1")

    def test_headers_that_are_not_there_are_the_oldest(self):
        self.assertEqual(self.flags(), [])
