// SPDX-License-Identifier: GPL-2.0
/*
 * Message file - a file whose reads and writes access a message buffer
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#include "msgbuf.h"
#include "msgfile.h"

/**
 * msgfile_init() - Initialise a message file, whose message is then empty.
 * @mf: the message file
 * @room: MSGBUF_ROOM(@capacity) bytes, which must outlive @mf
 * @capacity: the largest length of the message in bytes, 1..INT_MAX
 * @written: function that is called with the bytes that a write has added,
 *	while the lock is held; or NULL
 */
void msgfile_init(struct msgfile *mf, char *room, size_t capacity,
		  void (*written)(const char *bytes, size_t len))
{
	mutex_init(&mf->lock);
	msgbuf_init(&mf->msg, room, capacity);
	mf->written = written;
}

/*
 * Copies up to @count bytes of the message from offset @ppos on to the user, if
 * the pages are present.  Sets @len to the number of bytes to copy.
 */
static ssize_t read_message(struct msgfile *mf, char __user *buf, size_t count,
			    loff_t *ppos, size_t *len)
{
	const struct msgbuf_message *msg = &mf->msg;
	size_t missed;

	lockdep_assert_held(&mf->lock);
	if (*ppos < 0)
		return -EINVAL;
	if (*ppos >= msg->length || !count)
		return 0;

	*len = min_t(size_t, count, msg->length - *ppos);
	pagefault_disable();
	missed = copy_to_user(buf, msg->data + *ppos, *len);
	pagefault_enable();
	if (missed)
		return -EFAULT;
	*ppos += *len;
	return *len;
}

/**
 * msgfile_read() - Read a message as the bytes of a file.
 * @mf: the message file
 * @buf: the user's buffer
 * @count: bytes wanted
 * @ppos: offset to read from, which is advanced by the number of bytes read
 *
 * Context: Sleeps to take the lock and to fault in the user's pages.
 *
 * Return: bytes read, 0 at the end and past it, -EINVAL if the offset is
 * negative, -EFAULT if no byte could be copied to the user, or -EINTR if a fatal
 * signal was pending.
 */
ssize_t msgfile_read(struct msgfile *mf, char __user *buf, size_t count,
		     loff_t *ppos)
{
	size_t len, missing;
	ssize_t ret;

	for (;;) {
		if (mutex_lock_killable(&mf->lock))
			return -EINTR;
		ret = read_message(mf, buf, count, ppos, &len);
		mutex_unlock(&mf->lock);
		if (ret != -EFAULT)
			return ret;

		/* Meanwhile the message may become longer, and @len with it. */
		missing = fault_in_safe_writeable(buf, len);
		if (missing == len || fatal_signal_pending(current))
			return -EFAULT;
		if (missing)
			count = len - missing;
	}
}

/*
 * Copies up to @count of the user's bytes to their place in the message, if the
 * pages are present.  Sets @len to the number of bytes to copy.
 */
static ssize_t write_message(struct msgfile *mf, const struct file *file,
			     const char __user *buf, size_t count, loff_t *ppos,
			     size_t *len)
{
	struct msgbuf_message *msg = &mf->msg;
	loff_t pos = file->f_flags & O_APPEND ? msg->length : *ppos;
	size_t missed;
	char *place;
	ssize_t ret;

	lockdep_assert_held(&mf->lock);
	ret = msgbuf_begin(msg, count, pos, &place);
	if (ret <= 0)
		return ret;

	*len = ret;
	pagefault_disable();
	missed = copy_from_user(place, buf, *len);
	pagefault_enable();
	if (missed)
		return -EFAULT;
	msgbuf_end(msg, place, *len);
	if (mf->written)
		mf->written(place, *len);
	*ppos = pos + ret;
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
 * Context: Sleeps to take the lock and to fault in the user's pages.
 *
 * Return: bytes written, an error of msgbuf_begin(), -EFAULT if not all bytes
 * that fit could be copied from the user, or -EINTR if a fatal signal was
 * pending.
 */
ssize_t msgfile_write(struct msgfile *mf, struct file *file,
		      const char __user *buf, size_t count, loff_t *ppos)
{
	size_t len;
	ssize_t ret;

	for (;;) {
		if (mutex_lock_killable(&mf->lock))
			return -EINTR;
		ret = write_message(mf, file, buf, count, ppos, &len);
		mutex_unlock(&mf->lock);
		if (ret != -EFAULT)
			return ret;

		/* Meanwhile there may be room for more bytes. */
		if (fault_in_readable(buf, len) || fatal_signal_pending(current))
			return -EFAULT;
	}
}
