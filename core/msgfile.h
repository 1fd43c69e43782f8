/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Message file - a message buffer behind the reads and writes of a file
 *
 * Adds to lib/msgbuf.h what that must not have: the lock, the copies and the
 * user's pointers.  A reader sees one message whole, never two mixed, and a
 * write that fails leaves the message as it was.
 *
 * The lock is not held while the memory of the user is touched, because a page
 * fault there may take for ever: the memory may be a mapping of a file whose
 * FUSE server does not answer.  A read therefore copies the message under the
 * lock and then copies that to the user, and a write does it the other way
 * round.  To copy straight to the user with page faults disabled, and to fault
 * the pages in after a failure, would save the copy, but a read into several
 * pages could come back short, or see two messages.
 *
 * The functions lock; a caller that accesses @msg itself holds @lock, and does
 * not touch the memory of the user meanwhile.
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
 * @written: told what each write has added, with @lock held; may be NULL
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
