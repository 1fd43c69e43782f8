// SPDX-License-Identifier: GPL-2.0
/*
 * Message file - a file whose reads and writes access a message buffer
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#include "msgbuf.h"
#include "msgfile.h"

/* The longest copy that is kept on the stack.  A longer copy is allocated. */
#define MSGFILE_MAX_SMALL	128

/*
 * Returns memory for a copy of @len bytes: @small, or allocated memory, or
 * NULL.  The caller frees it with free_copy().
 */
static char *alloc_copy(char *small, size_t len)
{
	return len <= MSGFILE_MAX_SMALL ? small : kmalloc(len, GFP_KERNEL);
}

static void free_copy(char *copy, const char *small)
{
	if (copy != small)
		kfree(copy);
}

/**
 * msgfile_init() - Initialise a message file, whose message is then empty.
 * @mf: the message file
 * @data: memory for the message, which must outlive @mf
 * @capacity: size of @data in bytes, 1..INT_MAX
 * @written: function that is called with the bytes that a write has added,
 *	while the lock is held; or NULL
 */
void msgfile_init(struct msgfile *mf, char *data, size_t capacity,
		  void (*written)(const char *bytes, size_t len))
{
	mutex_init(&mf->lock);
	msgbuf_init(&mf->msg, data, capacity);
	mf->written = written;
}

/*
 * Copies up to @len bytes of the message, from offset @pos on.  Returns the
 * number of bytes copied, or a negative errno.
 */
static ssize_t copy_message(struct msgfile *mf, char *copy, size_t len,
			    loff_t pos)
{
	ssize_t ret;

	if (mutex_lock_killable(&mf->lock))
		return -EINTR;
	ret = memory_read_from_buffer(copy, len, &pos, mf->msg.data,
				      mf->msg.length);
	mutex_unlock(&mf->lock);
	return ret;
}

/**
 * msgfile_read() - Read a message as the bytes of a file.
 * @mf: the message file
 * @buf: the user's buffer
 * @count: bytes wanted
 * @ppos: offset to read from, which is advanced by the number of bytes read
 *
 * Context: Sleeps to allocate memory, to take the lock and to access the user's
 * pages.
 *
 * Return: bytes read, 0 at the end and past it, -EINVAL if the offset is
 * negative, -EFAULT if no byte could be copied to the user, -ENOMEM, or -EINTR
 * if a fatal signal was pending.
 */
ssize_t msgfile_read(struct msgfile *mf, char __user *buf, size_t count,
		     loff_t *ppos)
{
	const size_t len = min(count, mf->msg.capacity);
	char small[MSGFILE_MAX_SMALL];
	loff_t copied = 0;
	ssize_t ret;
	char *copy;

	copy = alloc_copy(small, len);
	if (!copy)
		return -ENOMEM;

	ret = copy_message(mf, copy, len, *ppos);
	if (ret > 0)
		ret = simple_read_from_buffer(buf, ret, &copied, copy, ret);
	free_copy(copy, small);
	*ppos += copied;
	return ret;
}

/*
 * Writes @copy, a copy of the user's bytes, to the message.  Returns the number
 * of bytes written, or a negative errno.
 */
static ssize_t write_message(struct msgfile *mf, const struct file *file,
			     const char *copy, size_t len, loff_t *ppos)
{
	int ret;

	if (mutex_lock_killable(&mf->lock))
		return -EINTR;
	if (file->f_flags & O_APPEND)
		*ppos = mf->msg.length;
	ret = msgbuf_write(&mf->msg, copy, len, *ppos);
	if (ret > 0 && mf->written)
		mf->written(copy, ret);
	mutex_unlock(&mf->lock);

	if (ret > 0)
		*ppos += ret;
	return ret;
}

/**
 * msgfile_write() - Write a message, or a part of it, as the bytes of a file.
 * @mf: the message file
 * @file: the open file; if it has O_APPEND, the bytes are appended
 * @buf: the user's buffer
 * @count: bytes to write
 * @ppos: offset to write at, which is advanced by the number of bytes written
 *
 * Context: Sleeps to allocate memory, to access the user's pages and to take
 * the lock.
 *
 * Return: bytes written, an error of msgbuf_write(), -EFAULT if not all bytes
 * could be copied from the user, -ENOMEM, or -EINTR if a fatal signal was
 * pending.
 */
ssize_t msgfile_write(struct msgfile *mf, struct file *file,
		      const char __user *buf, size_t count, loff_t *ppos)
{
	const size_t len = min(count, mf->msg.capacity);
	char small[MSGFILE_MAX_SMALL];
	ssize_t ret = -EFAULT;
	char *copy;

	copy = alloc_copy(small, len);
	if (!copy)
		return -ENOMEM;

	if (!copy_from_user(copy, buf, len))
		ret = write_message(mf, file, copy, len, ppos);
	free_copy(copy, small);
	return ret;
}
