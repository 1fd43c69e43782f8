/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Message file - a file whose reads and writes access a message buffer
 *
 * Adds the lock, the copies and the user's pointers to lib/msgbuf.h, which must
 * not have them.  A read returns bytes of one message, never of two, and a write
 * that fails leaves the message as it was.
 *
 * The lock is not held while user memory is accessed, because a page fault may
 * block forever: the memory may be a mapping of a file whose FUSE server does
 * not answer.  A read therefore copies the message under the lock and then
 * copies that to the user, and a write does it the other way round.  Copying
 * directly to the user with page faults disabled, and faulting the pages in
 * after a failure, would save the copy, but a read into several pages could be
 * short, or return parts of two messages.
 *
 * simple_read_from_buffer() and simple_write_to_buffer() copy directly, so they
 * would need the lock during the copy, and the latter does not follow the rules of
 * lib/msgbuf.h.
 *
 * The functions take @lock.  A caller that accesses @msg itself holds @lock, and
 * does not access user memory while it does.
 */
#ifndef _MODPROOF_MSGFILE_H
#define _MODPROOF_MSGFILE_H

#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/types.h>

#include "msgbuf.h"

/**
 * struct msgfile - what all opens of a message file share
 * @lock: protects @msg
 * @msg: the message
 * @written: called with the bytes that a write has added, with @lock held; may
 *	be NULL
 */
struct msgfile {
	struct mutex lock;	/* protects @msg */
	struct msgbuf_message msg;
	void (*written)(const char *bytes, size_t len);
};

void msgfile_init(struct msgfile *mf, char *data, size_t capacity,
		  void (*written)(const char *bytes, size_t len));
ssize_t msgfile_read(struct msgfile *mf, char __user *buf, size_t count,
		     loff_t *ppos);
ssize_t msgfile_write(struct msgfile *mf, struct file *file,
		      const char __user *buf, size_t count, loff_t *ppos);

#endif /* _MODPROOF_MSGFILE_H */
