// SPDX-License-Identifier: GPL-2.0
/*
 * Counter - each open of /dev/counter counts one further, and a read returns the
 * count
 *
 * This module has a mistake on purpose: counter_open() allocates memory while it
 * holds a spinlock, with flags that allow it to sleep.  A kernel of a distribution
 * does not notice; "modproof check --kernel debug-6.12" shows the line.
 */

#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(counter_lock);
static unsigned long counter;

static int counter_open(struct inode *inode, struct file *file)
{
	char *text;

	spin_lock(&counter_lock);
	text = kasprintf(GFP_KERNEL, "%lu\n", ++counter);
	spin_unlock(&counter_lock);
	if (!text)
		return -ENOMEM;
	file->private_data = text;
	return 0;
}

static ssize_t counter_read(struct file *file, char __user *buf, size_t len,
			    loff_t *pos)
{
	char *text = file->private_data;

	return simple_read_from_buffer(buf, len, pos, text, strlen(text));
}

static int counter_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static const struct file_operations counter_fops = {
	.owner = THIS_MODULE,
	.open = counter_open,
	.read = counter_read,
	.release = counter_release,
	.llseek = default_llseek,
};

static struct miscdevice counter_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "counter",
	.fops = &counter_fops,
};
module_misc_device(counter_device);

MODULE_DESCRIPTION("Counts how often it is opened");
MODULE_LICENSE("GPL");
