/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Message file - a file whose reads and writes access a message buffer
 *
 * This adds a lock and the access to user memory to lib/msgbuf.h, which has
 * neither.  A read returns bytes of one message, never of two.  A write that
 * fails leaves the message as it was.
 *
 * The lock is not held while user memory is accessed, because a page fault may
 * block forever: the memory may be a mapping of a file whose FUSE server does
 * not answer.  So a read copies the message to a kernel buffer while it holds
 * the lock, and then copies that buffer to the user.  A write copies the user's
 * bytes to a kernel buffer first, and then takes the lock.
 *
 * A read could save this extra copy: it could disable page faults, copy
 * directly to the user, and fault the pages in after a failure.  But then a
 * read into several pages could be short, or return parts of two messages.
 *
 * simple_read_from_buffer() and simple_write_to_buffer() access user memory
 * directly, so the lock would have to be held meanwhile.  Besides,
 * simple_write_to_buffer() does not follow the rules of lib/msgbuf.h.
 *
 * The functions take @lock.  A caller that accesses @msg itself holds @lock,
 * and does not access user memory while it holds @lock.
 */
#ifndef _MODPROOF_MSGFILE_H
#define _MODPROOF_MSGFILE_H

#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/types.h>

#include "msgbuf.h"

/**
 * struct msgfile - the state that all opens of a message file share
 * @lock: protects @msg
 * @msg: the message
 * @written: function that is called with the bytes that a write has added,
 *	while @lock is held; may be NULL
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
