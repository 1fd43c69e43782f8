// SPDX-License-Identifier: GPL-2.0
/*
 * Minimal proc module - a file below /proc that logs what is written to it
 *
 *	# insmod minimal_proc_lkm.ko
 *	$ echo hi there > /proc/minimal_proc_lkm
 *	# dmesg -t | tail -1
 *	hi there
 *
 * Any user may write to the file.  So bytes that cannot be printed are escaped,
 * only the first bytes of a long text are logged, and messages are
 * rate-limited.
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/proc_fs.h>
#include <linux/ratelimit.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#include "logname.h"
#include "msgbuf.h"

#define MINIMAL_PROC_NAME	"minimal_proc_lkm"
/* The size of the longest line that is logged, including its terminator. */
#define MINIMAL_PROC_MAX_LINE	256

static ssize_t minimal_proc_write(struct file *file, const char __user *buf,
				  size_t count, loff_t *ppos)
{
	char bytes[MINIMAL_PROC_MAX_LINE + 1];
	const size_t len = min(count, sizeof(bytes));
	char text[MINIMAL_PROC_MAX_LINE];

	if (copy_from_user(bytes, buf, len))
		return -EFAULT;

	logname_format(text, sizeof(text), bytes,
		       msgbuf_line_length(bytes, len));
	pr_info_ratelimited("%s\n", text);
	return count;
}

static const struct proc_ops minimal_proc_ops = {
	.proc_write = minimal_proc_write,
};

static int __init minimal_proc_init(void)
{
	if (!proc_create(MINIMAL_PROC_NAME, 0666, NULL, &minimal_proc_ops))
		return -ENOMEM;

	pr_info("minimal_proc_lkm: Hello procfile is created\n");
	return 0;
}
module_init(minimal_proc_init);

static void __exit minimal_proc_exit(void)
{
	remove_proc_entry(MINIMAL_PROC_NAME, NULL);
	pr_info("minimal_proc_lkm: goodbye\n");
}
module_exit(minimal_proc_exit);

MODULE_DESCRIPTION("File in /proc that logs what is written to it");
MODULE_LICENSE("GPL");
