// SPDX-License-Identifier: GPL-2.0
/*
 * Procfs 2 - a file below /proc that is written and read back
 *
 *	# insmod procfs2.ko
 *	$ cat /proc/buffer1k
 *	HelloWorld!
 *	# echo hi there > /proc/buffer1k
 *	$ cat /proc/buffer1k
 *	hi there
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/proc_fs.h>
#include <linux/ratelimit.h>
#include <linux/string.h>
#include <linux/types.h>

#include "logname.h"
#include "msgbuf.h"
#include "msgfile.h"

#define PROCFS2_NAME		"buffer1k"
#define PROCFS2_CAPACITY	1024
#define PROCFS2_FIRST		"HelloWorld!\n"

static char procfs2_room[MSGBUF_ROOM(PROCFS2_CAPACITY)];
static struct msgfile procfs2_file;

static void log_text(const char *bytes, size_t len)
{
	char text[LOGNAME_SIZE];

	logname_format(text, sizeof(text), bytes, len);
	pr_info("procfile write %s\n", text);
}

/* A text that the rate limit drops is not formatted. */
static void log_written(const char *bytes, size_t len)
{
	static DEFINE_RATELIMIT_STATE(limit, DEFAULT_RATELIMIT_INTERVAL,
				      DEFAULT_RATELIMIT_BURST);

	if (__ratelimit(&limit))
		log_text(bytes, msgbuf_line_length(bytes, len));
}

static ssize_t procfs2_read(struct file *file, char __user *buf, size_t count,
			    loff_t *ppos)
{
	return msgfile_read(&procfs2_file, buf, count, ppos);
}

static ssize_t procfs2_write(struct file *file, const char __user *buf,
			     size_t count, loff_t *ppos)
{
	return msgfile_write(&procfs2_file, file, buf, count, ppos);
}

static const struct proc_ops procfs2_ops = {
	.proc_lseek = default_llseek,
	.proc_read = procfs2_read,
	.proc_write = procfs2_write,
};

static int __init procfs2_init(void)
{
	msgfile_init(&procfs2_file, procfs2_room, PROCFS2_CAPACITY,
		     log_written);
	msgbuf_write(&procfs2_file.msg, PROCFS2_FIRST, strlen(PROCFS2_FIRST),
		     0);
	if (!proc_create(PROCFS2_NAME, 0644, NULL, &procfs2_ops))
		return -ENOMEM;

	pr_info("/proc/" PROCFS2_NAME " created\n");
	return 0;
}
module_init(procfs2_init);

static void __exit procfs2_exit(void)
{
	remove_proc_entry(PROCFS2_NAME, NULL);
	pr_info("/proc/" PROCFS2_NAME " removed\n");
}
module_exit(procfs2_exit);

MODULE_DESCRIPTION("File in /proc that keeps a message");
MODULE_LICENSE("GPL");
