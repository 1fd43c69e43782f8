// SPDX-License-Identifier: GPL-2.0
/*
 * Message file - a message buffer behind the reads and writes of a file
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#include "msgbuf.h"
#include "msgfile.h"

/**
 * msgfile_init() - Make a message file that is empty.
 * @mf: the message file
 * @data: room for the message, which must outlive @mf
 * @capacity: bytes of room, 1..INT_MAX
 * @written: told what each write has added, with the lock held, or NULL
 */
void msgfile_init(struct msgfile *mf, char *data, size_t capacity,
		  void (*written)(const char *bytes, size_t len))
{
	mutex_init(&mf->lock);
	msgbuf_init(&mf->msg, data, capacity);
	mf->written = written;
}
EXPORT_SYMBOL_GPL(msgfile_init);

/**
 * msgfile_read() - Read a message as the bytes of a file.
 * @mf: the message file
 * @buf: the user's buffer
 * @count: bytes wanted
 * @ppos: offset to read from, advanced by what was read
 *
 * Context: Sleeps, for the lock and for the user's pages.
 *
 * Return: bytes read, 0 at the end and behind it, -EFAULT where nothing could
 * be copied, or -EINTR where a fatal signal came first.
 */
ssize_t msgfile_read(struct msgfile *mf, char __user *buf, size_t count,
		     loff_t *ppos)
{
	ssize_t ret;

	if (mutex_lock_killable(&mf->lock))
		return -EINTR;
	ret = simple_read_from_buffer(buf, count, ppos, mf->msg.data,
				      mf->msg.length);
	mutex_unlock(&mf->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(msgfile_read);

/**
 * msgfile_write() - Write to a file that is a message.
 * @mf: the message file
 * @file: the open file, for O_APPEND
 * @buf: the user's buffer
 * @count: bytes to write
 * @ppos: offset to write at, advanced by what was written
 *
 * Context: Sleeps, for memory, for the user's pages and for the lock.
 *
 * Return: bytes written, an error of msgbuf_write(), -EFAULT where not all
 * could be copied, -ENOMEM, or -EINTR where a fatal signal came first.
 */
ssize_t msgfile_write(struct msgfile *mf, struct file *file,
		      const char __user *buf, size_t count, loff_t *ppos)
{
	size_t len = min(count, mf->msg.capacity);
	char *data;
	int ret;

	data = memdup_user(buf, len);
	if (IS_ERR(data))
		return PTR_ERR(data);

	ret = -EINTR;
	if (mutex_lock_killable(&mf->lock))
		goto out_free;
	if (file->f_flags & O_APPEND)
		*ppos = mf->msg.length;
	ret = msgbuf_write(&mf->msg, data, len, *ppos);
	if (ret > 0 && mf->written)
		mf->written(data, ret);
	mutex_unlock(&mf->lock);

	if (ret > 0)
		*ppos += ret;
out_free:
	kfree(data);
	return ret;
}
EXPORT_SYMBOL_GPL(msgfile_write);
