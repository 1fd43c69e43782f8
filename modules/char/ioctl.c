// SPDX-License-Identifier: GPL-2.0
/*
 * Ioctl - a device that returns bytes of one value, which ioctls set and get
 *
 *	# insmod ioctl.ko
 *	# head -c 2 /dev/ioctltest | od -An -tx1
 *	 ff ff
 *
 * Each open file has a value of its own.  All open files share one number,
 * which IOCTL_VALSET_NUM sets and IOCTL_VALGET_NUM returns.
 */
#include <linux/compat.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kdev_t.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#include "chrdev.h"
#include "ioctltest.h"

#define IOCTL_NAME	"ioctltest"
#define IOCTL_FIRST_VAL	0xff
/* The number of bytes that a read copies to the user at a time. */
#define IOCTL_CHUNK	256

/**
 * struct ioctl_file - the state of an open file
 * @val: the value of every byte that a read of the file returns
 */
struct ioctl_file {
	u8 val;
};

static struct chrdev ioctl_device;
static int ioctl_num;

static int ioctl_open(struct inode *inode, struct file *file)
{
	struct ioctl_file *open;

	open = kmalloc(sizeof(*open), GFP_KERNEL);
	if (!open)
		return -ENOMEM;

	open->val = IOCTL_FIRST_VAL;
	file->private_data = open;
	return 0;
}

static int ioctl_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

/*
 * All bytes of one read have the same value, even if an ioctl sets another
 * value during the read.
 */
static ssize_t ioctl_read(struct file *file, char __user *buf, size_t count,
			  loff_t *ppos)
{
	const struct ioctl_file *open = file->private_data;
	u8 chunk[IOCTL_CHUNK];
	size_t done = 0;
	size_t left = 0;

	memset(chunk, READ_ONCE(open->val), sizeof(chunk));
	while (done < count && !left && !signal_pending(current)) {
		size_t len = min(count - done, sizeof(chunk));

		left = copy_to_user(buf + done, chunk, len);
		done += len - left;
		cond_resched();
	}

	if (done || !count)
		return done;
	return left ? -EFAULT : -ERESTARTSYS;
}

static long set_val(struct ioctl_file *open,
		    const struct ioctl_arg __user *user)
{
	struct ioctl_arg arg;

	if (copy_from_user(&arg, user, sizeof(arg)))
		return -EFAULT;
	if (arg.val > U8_MAX)
		return -EINVAL;

	WRITE_ONCE(open->val, arg.val);
	pr_info_ratelimited("IOCTL set val:%x .\n", arg.val);
	return 0;
}

static long get_val(const struct ioctl_file *open,
		    struct ioctl_arg __user *user)
{
	struct ioctl_arg arg = { .val = READ_ONCE(open->val) };

	return copy_to_user(user, &arg, sizeof(arg)) ? -EFAULT : 0;
}

/* @number and @ptr are the same argument.  Each command uses one of the two. */
static long do_ioctl(struct ioctl_file *open, unsigned int cmd,
		     unsigned long number, void __user *ptr)
{
	switch (cmd) {
	case IOCTL_VALSET:
		return set_val(open, ptr);
	case IOCTL_VALGET:
		return get_val(open, ptr);
	case IOCTL_VALGET_NUM:
		return put_user(READ_ONCE(ioctl_num), (int __user *)ptr);
	case IOCTL_VALSET_NUM:
	case IOCTL_VALSET_NUM_IO:
		WRITE_ONCE(ioctl_num, number);
		return 0;
	default:
		return -ENOTTY;
	}
}

static long ioctl_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return do_ioctl(file->private_data, cmd, arg, (void __user *)arg);
}

#ifdef CONFIG_COMPAT
/*
 * compat_ptr_ioctl() cannot be used, because it also converts arguments that
 * are numbers, not pointers.  Besides, IOCTL_VALGET has the same number as
 * FS_IOC32_GETFLAGS.  For a 32-bit program, the kernel translates that number
 * to FS_IOC_GETFLAGS.  If the kernel does not handle FS_IOC_GETFLAGS itself, it
 * calls this function with it.
 */
static long ioctl_compat_ioctl(struct file *file, unsigned int cmd,
			       unsigned long arg)
{
	if (cmd == FS_IOC_GETFLAGS)
		cmd = IOCTL_VALGET;
	return do_ioctl(file->private_data, cmd, arg, compat_ptr(arg));
}
#endif

static const struct file_operations ioctl_fops = {
	.owner = THIS_MODULE,
	.llseek = noop_llseek,
	.read = ioctl_read,
	.unlocked_ioctl = ioctl_ioctl,
#ifdef CONFIG_COMPAT
	.compat_ioctl = ioctl_compat_ioctl,
#endif
	.open = ioctl_open,
	.release = ioctl_release,
};

static int __init ioctl_init(void)
{
	int err;

	err = chrdev_add(&ioctl_device, IOCTL_NAME, 0, &ioctl_fops);
	if (err)
		return err;

	pr_info(IOCTL_NAME " driver(major: %d) installed.\n",
		MAJOR(ioctl_device.devt));
	return 0;
}
module_init(ioctl_init);

static void __exit ioctl_exit(void)
{
	chrdev_remove(&ioctl_device);
	pr_info(IOCTL_NAME " driver removed.\n");
}
module_exit(ioctl_exit);

MODULE_DESCRIPTION("Character device with a value that ioctls set and get");
MODULE_LICENSE("GPL");
