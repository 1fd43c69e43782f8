/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Exclusive - a file that one opener at a time can have
 *
 * Adds to lib/opener.h what that must not have: the lock and the waiting.  Who
 * must wait sleeps until the file is free, in the order of coming; a signal
 * ends the wait, and so does exclusive_shut().
 */
#ifndef _MODPROOF_EXCLUSIVE_H
#define _MODPROOF_EXCLUSIVE_H

#include <linux/fs.h>
#include <linux/wait.h>

#include "opener.h"

/**
 * struct exclusive - what all opens of an exclusive file share
 * @wait: who waits; its lock protects @opener
 * @opener: whether somebody is in
 */
struct exclusive {
	wait_queue_head_t wait;
	struct opener opener;
};

void exclusive_init(struct exclusive *ex);
int exclusive_try_open(struct exclusive *ex);
int exclusive_open(struct exclusive *ex, const struct file *file);
void exclusive_release(struct exclusive *ex);
void exclusive_shut(struct exclusive *ex);

#endif /* _MODPROOF_EXCLUSIVE_H */
