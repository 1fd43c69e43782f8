// SPDX-License-Identifier: GPL-2.0
/*
 * Static key - a branch that is turned on and off by patching the code
 *
 *	# insmod static_key.ko
 *	# cat /dev/key_state
 *	disabled
 *	# echo enable > /dev/key_state
 *	# cat /dev/key_state
 *	enabled
 *
 * Each open runs the code with the branch, and logs whether the branch is
 * taken, if the rate limit allows a message.  There is at most one open file at
 * a time; another open returns EBUSY.
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/jump_label.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#include "chrdev.h"
#include "exclusive.h"
#include "keyword.h"

#define STATIC_KEY_NAME		"key_state"
/* The longest command, in bytes. */
#define STATIC_KEY_MAX_COMMAND	10

enum { STATIC_KEY_DISABLE, STATIC_KEY_ENABLE };

static const char *const static_key_commands[] = {
	[STATIC_KEY_DISABLE] = "disable",
	[STATIC_KEY_ENABLE] = "enable",
};

static DEFINE_STATIC_KEY_FALSE(static_key_branch);
/*
 * Serialises enable and disable: disabling a key while it is being enabled
 * triggers a WARN.
 */
static DEFINE_MUTEX(static_key_lock);
static struct chrdev static_key_device;
static struct exclusive static_key_exclusive;

/*
 * One check of the rate limit covers all lines of an open, so either all of
 * them or none are logged.
 */
static void take_branch(void)
{
	static DEFINE_RATELIMIT_STATE(limit, DEFAULT_RATELIMIT_INTERVAL,
				      DEFAULT_RATELIMIT_BURST);

	if (!__ratelimit(&limit))
		return;

	pr_info("fastpath 1\n");
	if (static_branch_unlikely(&static_key_branch))
		pr_info("do unlikely thing\n");
	pr_info("fastpath 2\n");
}

static int static_key_open(struct inode *inode, struct file *file)
{
	int err;

	err = exclusive_try_open(&static_key_exclusive);
	if (err)
		return err;

	take_branch();
	return 0;
}

static int static_key_release(struct inode *inode, struct file *file)
{
	exclusive_release(&static_key_exclusive);
	return 0;
}

static ssize_t static_key_read(struct file *file, char __user *buf,
			       size_t count, loff_t *ppos)
{
	const char *state = static_key_enabled(&static_key_branch) ?
			    "enabled\n" : "disabled\n";

	return simple_read_from_buffer(buf, count, ppos, state, strlen(state));
}

/* A write is a command.  It neither uses nor moves the file offset. */
static ssize_t static_key_write(struct file *file, const char __user *buf,
				size_t count, loff_t *ppos)
{
	char text[STATIC_KEY_MAX_COMMAND];
	int command;

	if (count > sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, count))
		return -EFAULT;

	command = keyword_find(static_key_commands,
			       ARRAY_SIZE(static_key_commands), text, count);
	if (command < 0)
		return command;

	mutex_lock(&static_key_lock);
	if (command == STATIC_KEY_ENABLE)
		static_branch_enable(&static_key_branch);
	else
		static_branch_disable(&static_key_branch);
	mutex_unlock(&static_key_lock);
	return count;
}

static const struct file_operations static_key_fops = {
	.owner = THIS_MODULE,
	.llseek = default_llseek,
	.read = static_key_read,
	.write = static_key_write,
	.open = static_key_open,
	.release = static_key_release,
};

static int __init static_key_example_init(void)
{
	exclusive_init(&static_key_exclusive);
	return chrdev_add(&static_key_device, STATIC_KEY_NAME, 0,
			  &static_key_fops);
}
module_init(static_key_example_init);

static void __exit static_key_example_exit(void)
{
	chrdev_remove(&static_key_device);
}
module_exit(static_key_example_exit);

MODULE_DESCRIPTION("Static key that is enabled and disabled through a device");
MODULE_LICENSE("GPL");
