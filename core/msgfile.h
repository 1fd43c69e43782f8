/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Message file - a file whose reads and writes access a message buffer
 *
 * This adds a lock and the access to user memory to lib/msgbuf.h, which has
 * neither.  A read returns bytes of one message, never of two.  A write that
 * fails leaves the message as it was.
 *
 * The lock is not held while a page of the user's memory is faulted in, because
 * that may block forever: the memory may be a mapping of a file whose FUSE
 * server does not answer.  So the bytes are copied with page faults disabled,
 * directly between the message and the user.  If a page is missing, the lock is
 * released, the pages are faulted in, and the read or write starts again from
 * its first byte.  A read that starts again copies the whole message again, so
 * it never returns parts of two messages.  A write has changed nothing until
 * all bytes have been copied, see lib/msgbuf.h.
 *
 * simple_read_from_buffer() and simple_write_to_buffer() fault pages in, so the
 * lock would have to be held meanwhile.  Besides, simple_write_to_buffer() does
 * not follow the rules of lib/msgbuf.h.
 *
 * The functions take @lock.  A caller that accesses @msg itself holds @lock,
 * and does not fault in user memory while it holds @lock.
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

void msgfile_init(struct msgfile *mf, char *room, size_t capacity,
		  void (*written)(const char *bytes, size_t len));
ssize_t msgfile_read(struct msgfile *mf, char __user *buf, size_t count,
		     loff_t *ppos);
ssize_t msgfile_write(struct msgfile *mf, struct file *file,
		      const char __user *buf, size_t count, loff_t *ppos);

#endif /* _MODPROOF_MSGFILE_H */
