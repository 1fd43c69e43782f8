// SPDX-License-Identifier: GPL-2.0
/*
 * Procfs 3 - a file below /proc with an owner and a size
 *
 *	# insmod procfs3.ko
 *	$ ls -l /proc/buffer2k
 *	-rw-r--r-- 1 root root 80 ... /proc/buffer2k
 *	# echo hi there > /proc/buffer2k
 *	$ cat /proc/buffer2k
 *	hi there
 *
 * The size is fixed, as in the guide (the Linux Kernel Module Programming
 * Guide); it is not the length of the message.
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/proc_fs.h>
#include <linux/ratelimit.h>
#include <linux/types.h>
#include <linux/uidgid.h>

#include "msgbuf.h"
#include "msgfile.h"

#define PROCFS3_NAME		"buffer2k"
#define PROCFS3_CAPACITY	2048
#define PROCFS3_SIZE		80

static char procfs3_room[MSGBUF_ROOM(PROCFS3_CAPACITY)];
static struct msgfile procfs3_file;

static ssize_t procfs3_read(struct file *file, char __user *buf, size_t count,
			    loff_t *ppos)
{
	ssize_t ret = msgfile_read(&procfs3_file, buf, count, ppos);

	pr_debug_ratelimited("procfs_read: %zd of %zu bytes\n", ret, count);
	return ret;
}

static ssize_t procfs3_write(struct file *file, const char __user *buf,
			     size_t count, loff_t *ppos)
{
	ssize_t ret = msgfile_write(&procfs3_file, file, buf, count, ppos);

	pr_debug_ratelimited("procfs_write: %zd of %zu bytes\n", ret, count);
	return ret;
}

static const struct proc_ops procfs3_ops = {
	.proc_lseek = default_llseek,
	.proc_read = procfs3_read,
	.proc_write = procfs3_write,
};

static int __init procfs3_init(void)
{
	struct proc_dir_entry *entry;

	msgfile_init(&procfs3_file, procfs3_room, PROCFS3_CAPACITY, NULL);
	entry = proc_create(PROCFS3_NAME, 0644, NULL, &procfs3_ops);
	if (!entry)
		return -ENOMEM;

	proc_set_size(entry, PROCFS3_SIZE);
	proc_set_user(entry, GLOBAL_ROOT_UID, GLOBAL_ROOT_GID);
	pr_debug("/proc/" PROCFS3_NAME " created\n");
	return 0;
}
module_init(procfs3_init);

static void __exit procfs3_exit(void)
{
	remove_proc_entry(PROCFS3_NAME, NULL);
	pr_debug("/proc/" PROCFS3_NAME " removed\n");
}
module_exit(procfs3_exit);

MODULE_DESCRIPTION("File in /proc with a message, an owner and a size");
MODULE_LICENSE("GPL");
