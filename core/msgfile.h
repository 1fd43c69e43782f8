/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Message file - a message buffer behind the reads and writes of a file
 *
 * Adds to lib/msgbuf.h what that must not have: the lock, the memory that a
 * write is copied to before it changes anything, and the user's pointers.  So a
 * reader sees one message whole, never two mixed, and a write that fails leaves
 * the message as it was.
 *
 * The functions lock; whoever looks at @msg itself holds @lock.
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
