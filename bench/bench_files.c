// SPDX-License-Identifier: GPL-2.0
/*
 * Bench files - files and a device that do no more than the least that is needed
 *
 *	/proc/bench_bytes	a read or write copies the bytes, and nothing else
 *	/proc/bench_four	the same, but always four bytes
 *	/dev/bench_base		as bench_bytes, and the ioctls of bench_base.h
 *	/proc/bench_alloc	each open file has one allocation
 *	/proc/bench_log		a write logs the bytes
 *	/proc/bench_seq		a million lines by seq_printf()
 *
 * The benchmark compares the modules with them.  Only one program uses them at
 * a time, so there are no locks.
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/minmax.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#include "bench_base.h"
#include "bench_parts.h"

/* The size of the allocation of an open file. */
#define ALLOC_SIZE	64
#define FOUR		4
#define LOG_SIZE	128
#define SEQ_FIRST	1000000
#define SEQ_LINES	1000000

static int plain = 1;
module_param(plain, int, 0644);
MODULE_PARM_DESC(plain, "A parameter that does nothing");

static char bytes[BENCH_BASE_SIZE];
static size_t length;

static ssize_t bytes_read(struct file *file, char __user *buf, size_t count,
			  loff_t *ppos)
{
	count = min(count, sizeof(bytes));
	return copy_to_user(buf, bytes, count) ? -EFAULT : count;
}

static ssize_t bytes_write(struct file *file, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	count = min(count, sizeof(bytes));
	return copy_from_user(bytes, buf, count) ? -EFAULT : count;
}

static const struct proc_ops bytes_ops = {
	.proc_lseek = default_llseek,
	.proc_read = bytes_read,
	.proc_write = bytes_write,
};

/* The length is a constant, so the copy is a single move. */
static ssize_t four_read(struct file *file, char __user *buf, size_t count,
			 loff_t *ppos)
{
	if (count != FOUR)
		return -EINVAL;
	return copy_to_user(buf, bytes, FOUR) ? -EFAULT : FOUR;
}

static ssize_t four_write(struct file *file, const char __user *buf,
			  size_t count, loff_t *ppos)
{
	if (count != FOUR)
		return -EINVAL;
	return copy_from_user(bytes, buf, FOUR) ? -EFAULT : FOUR;
}

static const struct proc_ops four_ops = {
	.proc_read = four_read,
	.proc_write = four_write,
};

static long set_length(unsigned long len)
{
	if (len > sizeof(bytes))
		return -EINVAL;
	length = len;
	return 0;
}

static long base_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	char __user *user = (char __user *)arg;

	switch (cmd) {
	case BENCH_BASE_SET_LENGTH:
		return set_length(arg);
	case BENCH_BASE_COPY_OUT:
		return copy_to_user(user, bytes, length) ? -EFAULT : 0;
	case BENCH_BASE_COPY_IN:
		return copy_from_user(bytes, user, length) ? -EFAULT : 0;
	case BENCH_BASE_DEQUE:
		return bench_parts_deque(arg);
	case BENCH_BASE_KFIFO:
		return bench_parts_kfifo(arg);
	case BENCH_BASE_OWNERS_MANY:
		return bench_parts_owners_many(arg);
	case BENCH_BASE_OWNERS_ONE:
		return bench_parts_owners_one(arg);
	case BENCH_BASE_OWNERS_BYTES:
		return bench_parts_owners_bytes();
	default:
		return -ENOTTY;
	}
}

static const struct file_operations base_fops = {
	.owner = THIS_MODULE,
	.llseek = default_llseek,
	.read = bytes_read,
	.write = bytes_write,
	.unlocked_ioctl = base_ioctl,
};

static struct miscdevice base_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "bench_base",
	.fops = &base_fops,
};

static int alloc_open(struct inode *inode, struct file *file)
{
	file->private_data = kmalloc(ALLOC_SIZE, GFP_KERNEL_ACCOUNT);
	return file->private_data ? 0 : -ENOMEM;
}

static int alloc_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static const struct proc_ops alloc_ops = {
	.proc_open = alloc_open,
	.proc_release = alloc_release,
	.proc_read = bytes_read,
};

static ssize_t log_write(struct file *file, const char __user *buf,
			 size_t count, loff_t *ppos)
{
	char text[LOG_SIZE];

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, count))
		return -EFAULT;
	text[count] = '\0';
	pr_info("procfile write %s", text);
	return count;
}

static const struct proc_ops log_ops = {
	.proc_lseek = default_llseek,
	.proc_write = log_write,
};

static void *seq_number(struct seq_file *m, loff_t pos)
{
	u64 *number = m->private;

	if (pos >= SEQ_LINES)
		return NULL;
	*number = SEQ_FIRST + pos;
	return number;
}

static void *base_seq_start(struct seq_file *m, loff_t *pos)
{
	return seq_number(m, *pos);
}

static void *base_seq_next(struct seq_file *m, void *v, loff_t *pos)
{
	return seq_number(m, ++*pos);
}

static void base_seq_stop(struct seq_file *m, void *v)
{
}

static int base_seq_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%lld\n", *(u64 *)v);
	return 0;
}

static const struct seq_operations seq_ops = {
	.start = base_seq_start,
	.next = base_seq_next,
	.stop = base_seq_stop,
	.show = base_seq_show,
};

static void remove_files(void)
{
	remove_proc_subtree("bench_bytes", NULL);
	remove_proc_subtree("bench_four", NULL);
	remove_proc_subtree("bench_alloc", NULL);
	remove_proc_subtree("bench_log", NULL);
	remove_proc_subtree("bench_seq", NULL);
}

static int __init bench_base_init(void)
{
	int err = bench_parts_init();

	if (err)
		return err;
	if (!proc_create("bench_bytes", 0600, NULL, &bytes_ops) ||
	    !proc_create("bench_four", 0600, NULL, &four_ops) ||
	    !proc_create("bench_alloc", 0600, NULL, &alloc_ops) ||
	    !proc_create("bench_log", 0600, NULL, &log_ops) ||
	    !proc_create_seq_private("bench_seq", 0400, NULL, &seq_ops,
				     sizeof(u64), NULL))
		err = -ENOMEM;
	else
		err = misc_register(&base_device);
	if (err)
		remove_files();
	return err;
}
module_init(bench_base_init);

static void __exit bench_base_exit(void)
{
	misc_deregister(&base_device);
	remove_files();
	bench_parts_destroy();
}
module_exit(bench_base_exit);

MODULE_DESCRIPTION("Files that the benchmark compares the modules with");
MODULE_LICENSE("GPL");
