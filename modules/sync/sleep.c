// SPDX-License-Identifier: GPL-2.0
/*
 * Sleep - a file that can have only one opener at a time; other opens wait
 *
 *	# insmod sleep.ko
 *	$ cat_nonblock /proc/sleep
 *	Last input:
 *	$ tail -f /proc/sleep &
 *	Last input:
 *	$ cat_nonblock /proc/sleep
 *	Open would block
 *
 * A write starts a new message or appends to the message, see lib/msgbuf.h.  A
 * read returns the message between SLEEP_BEFORE and a newline.  The offset of a
 * write counts only the bytes of the message.  The offset of a read counts
 * all bytes that a read returns.
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/string.h>
#include <linux/types.h>

#include "exclusive.h"
#include "msgbuf.h"
#include "msgfile.h"

#define SLEEP_NAME		"sleep"
#define SLEEP_CAPACITY		79
#define SLEEP_SIZE		80
#define SLEEP_BEFORE		"Last input:"
#define SLEEP_BEFORE_LEN	(sizeof(SLEEP_BEFORE) - 1)

static char sleep_room[MSGBUF_ROOM(SLEEP_CAPACITY)];
static struct msgfile sleep_file;
static struct exclusive sleep_exclusive;

static int sleep_open(struct inode *inode, struct file *file)
{
	return exclusive_open(&sleep_exclusive, file);
}

static int sleep_release(struct inode *inode, struct file *file)
{
	exclusive_release(&sleep_exclusive);
	return 0;
}

static ssize_t sleep_read(struct file *file, char __user *buf, size_t count,
			  loff_t *ppos)
{
	char text[SLEEP_BEFORE_LEN + SLEEP_CAPACITY + 1] = SLEEP_BEFORE;
	size_t len = SLEEP_BEFORE_LEN;

	if (mutex_lock_killable(&sleep_file.lock))
		return -EINTR;
	memcpy(text + len, sleep_file.msg.data, sleep_file.msg.length);
	len += sleep_file.msg.length;
	mutex_unlock(&sleep_file.lock);

	text[len++] = '\n';
	return simple_read_from_buffer(buf, count, ppos, text, len);
}

static ssize_t sleep_write(struct file *file, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	return msgfile_write(&sleep_file, file, buf, count, ppos);
}

static const struct proc_ops sleep_ops = {
	.proc_open = sleep_open,
	.proc_read = sleep_read,
	.proc_write = sleep_write,
	.proc_lseek = default_llseek,
	.proc_release = sleep_release,
};

static int __init sleep_init(void)
{
	struct proc_dir_entry *entry;

	msgfile_init(&sleep_file, sleep_room, SLEEP_CAPACITY, NULL);
	exclusive_init(&sleep_exclusive);
	entry = proc_create(SLEEP_NAME, 0644, NULL, &sleep_ops);
	if (!entry)
		return -ENOMEM;

	proc_set_size(entry, SLEEP_SIZE);
	return 0;
}
module_init(sleep_init);

static void __exit sleep_exit(void)
{
	exclusive_shut(&sleep_exclusive);
	remove_proc_entry(SLEEP_NAME, NULL);
}
module_exit(sleep_exit);

MODULE_DESCRIPTION("File in /proc that only one task at a time can open");
MODULE_LICENSE("GPL");
