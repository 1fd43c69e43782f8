// SPDX-License-Identifier: GPL-2.0
/*
 * Chardev - a device that reports how often it has been opened
 *
 *	# insmod chardev.ko
 *	# cat /dev/chardev
 *	I already told you 0 times Hello world!
 *	# echo hi > /dev/chardev
 *	bash: echo: write error: Invalid argument
 *
 * There is at most one open file at a time; another open returns EBUSY.
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/string.h>
#include <linux/types.h>

#include "chrdev.h"
#include "exclusive.h"

#define CHARDEV_NAME	"chardev"
#define CHARDEV_SIZE	80

static struct chrdev chardev_device;
static struct exclusive chardev_exclusive;
/*
 * chardev_exclusive protects the two variables below: it allows only one open
 * file, and only that file's operations access them.
 */
static unsigned int chardev_nr_opens;
static char chardev_text[CHARDEV_SIZE];

static int chardev_open(struct inode *inode, struct file *file)
{
	int err;

	err = exclusive_try_open(&chardev_exclusive);
	if (err)
		return err;

	scnprintf(chardev_text, sizeof(chardev_text),
		  "I already told you %u times Hello world!\n",
		  chardev_nr_opens++);
	return 0;
}

static int chardev_release(struct inode *inode, struct file *file)
{
	exclusive_release(&chardev_exclusive);
	return 0;
}

static ssize_t chardev_read(struct file *file, char __user *buf, size_t count,
			    loff_t *ppos)
{
	return simple_read_from_buffer(buf, count, ppos, chardev_text,
				       strlen(chardev_text));
}

static ssize_t chardev_write(struct file *file, const char __user *buf,
			     size_t count, loff_t *ppos)
{
	pr_info_ratelimited("Sorry, this operation is not supported.\n");
	return -EINVAL;
}

static const struct file_operations chardev_fops = {
	.owner = THIS_MODULE,
	.llseek = default_llseek,
	.read = chardev_read,
	.write = chardev_write,
	.open = chardev_open,
	.release = chardev_release,
};

static int __init chardev_init(void)
{
	int err;

	exclusive_init(&chardev_exclusive);
	err = chrdev_add(&chardev_device, CHARDEV_NAME, 0, &chardev_fops);
	if (err)
		return err;

	pr_info("I was assigned major number %d.\n",
		MAJOR(chardev_device.devt));
	pr_info("Device created on /dev/" CHARDEV_NAME "\n");
	return 0;
}
module_init(chardev_init);

static void __exit chardev_exit(void)
{
	chrdev_remove(&chardev_device);
}
module_exit(chardev_exit);

MODULE_DESCRIPTION("Character device that counts how often it has been opened");
MODULE_LICENSE("GPL");
