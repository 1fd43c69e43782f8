// SPDX-License-Identifier: GPL-2.0
/*
 * Answer - a read of /dev/answer returns 42
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

static ssize_t answer_read(struct file *file, char __user *buf, size_t count,
			   loff_t *ppos)
{
	return simple_read_from_buffer(buf, count, ppos, "42\n", 3);
}

static const struct file_operations answer_fops = {
	.owner = THIS_MODULE,
	.llseek = default_llseek,
	.read = answer_read,
};

static struct miscdevice answer_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "answer",
	.fops = &answer_fops,
};
module_misc_device(answer_device);

MODULE_DESCRIPTION("Character device that contains 42");
MODULE_LICENSE("GPL");
