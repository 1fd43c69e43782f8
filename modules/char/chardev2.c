// SPDX-License-Identifier: GPL-2.0
/*
 * Chardev 2 - a device whose message can also be set and read with ioctls
 *
 *	# insmod chardev2.ko
 *	# userspace_ioctl
 *	get_nth_byte message:Message passed by ioctl
 *	get_msg message:Message passed by ioctl
 *	# cat /dev/char_dev
 *	Message passed by ioctl
 */
#include <linux/compat.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#include "chardev.h"
#include "chrdev.h"
#include "msgbuf.h"
#include "msgfile.h"

static char chardev2_room[MSGBUF_ROOM(BUF_LEN)];
static struct msgfile chardev2_file;
static struct chrdev chardev2_device;

static ssize_t chardev2_read(struct file *file, char __user *buf, size_t count,
			     loff_t *ppos)
{
	return msgfile_read(&chardev2_file, buf, count, ppos);
}

static ssize_t chardev2_write(struct file *file, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	return msgfile_write(&chardev2_file, file, buf, count, ppos);
}

/*
 * Replaces the message by a string of the user.  The string is copied as
 * msgfile_write() copies bytes: while the lock is held, with page faults
 * disabled.
 */
static long copy_string_from_user(const char __user *text)
{
	struct msgbuf_message *msg = &chardev2_file.msg;
	long len;

	lockdep_assert_held(&chardev2_file.lock);
	pagefault_disable();
	len = strncpy_from_user(msg->spare, text, BUF_LEN);
	pagefault_enable();
	if (len < 0)
		return len;

	msgbuf_end(msg, msg->spare, len);
	return 0;
}

/* strnlen_user() faults in the pages of the string, or returns 0. */
static long set_message(const char __user *text)
{
	long err;

	do {
		if (mutex_lock_killable(&chardev2_file.lock))
			return -EINTR;
		err = copy_string_from_user(text);
		mutex_unlock(&chardev2_file.lock);
	} while (err == -EFAULT && !fatal_signal_pending(current) &&
		 strnlen_user(text, BUF_LEN));
	return err;
}

static long get_message(char __user *text)
{
	size_t size, missed;

	do {
		if (mutex_lock_killable(&chardev2_file.lock))
			return -EINTR;
		size = msgbuf_string_length(&chardev2_file.msg) + 1;
		pagefault_disable();
		missed = copy_to_user(text, chardev2_file.msg.data, size);
		pagefault_enable();
		mutex_unlock(&chardev2_file.lock);
	} while (missed && !fatal_signal_pending(current) &&
		 !fault_in_safe_writeable(text, size));
	return missed ? -EFAULT : 0;
}

static long get_byte(unsigned long index)
{
	long byte;

	if (mutex_lock_killable(&chardev2_file.lock))
		return -EINTR;
	byte = msgbuf_byte(&chardev2_file.msg, index);
	mutex_unlock(&chardev2_file.lock);
	return byte;
}

static long chardev2_ioctl(struct file *file, unsigned int cmd,
			   unsigned long arg)
{
	switch (cmd) {
	case IOCTL_SET_MSG:
		return set_message((const char __user *)arg);
	case IOCTL_GET_MSG:
		return get_message((char __user *)arg);
	case IOCTL_GET_NTH_BYTE:
		return get_byte(arg);
	default:
		return -ENOTTY;
	}
}

#ifdef CONFIG_COMPAT
/* A 32-bit program uses these ioctl numbers, which encode its pointer size. */
#define IOCTL_SET_MSG32		_IOW(MAJOR_NUM, 0, compat_uptr_t)
#define IOCTL_GET_MSG32		_IOR(MAJOR_NUM, 1, compat_uptr_t)

static long chardev2_compat_ioctl(struct file *file, unsigned int cmd,
				  unsigned long arg)
{
	switch (cmd) {
	case IOCTL_SET_MSG32:
		return set_message(compat_ptr(arg));
	case IOCTL_GET_MSG32:
		return get_message(compat_ptr(arg));
	case IOCTL_GET_NTH_BYTE:
		return get_byte(arg);
	default:
		return -ENOTTY;
	}
}
#endif

static const struct file_operations chardev2_fops = {
	.owner = THIS_MODULE,
	.llseek = default_llseek,
	.read = chardev2_read,
	.write = chardev2_write,
	.unlocked_ioctl = chardev2_ioctl,
#ifdef CONFIG_COMPAT
	.compat_ioctl = chardev2_compat_ioctl,
#endif
};

static int __init chardev2_init(void)
{
	int err;

	msgfile_init(&chardev2_file, chardev2_room, BUF_LEN, NULL);
	err = chrdev_add(&chardev2_device, DEVICE_FILE_NAME, MAJOR_NUM,
			 &chardev2_fops);
	if (err)
		return err;

	pr_info("Device created on " DEVICE_PATH "\n");
	return 0;
}
module_init(chardev2_init);

static void __exit chardev2_exit(void)
{
	chrdev_remove(&chardev2_device);
}
module_exit(chardev2_exit);

MODULE_DESCRIPTION("Character device with a message that ioctls set and get");
MODULE_LICENSE("GPL");
