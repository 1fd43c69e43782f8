/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Exclusive - a file that can have only one opener at a time; others wait
 *
 * This adds a lock and a wait queue to lib/opener.h, which has neither.  A task
 * that has to wait sleeps until the file is free.  Waiters are woken in FIFO
 * order.  A signal or exclusive_shut() ends the wait.
 *
 * A mutex or a semaphore could not replace this.  A mutex must be unlocked by
 * the task that has locked it, but another task may close the file last.  A
 * semaphore cannot be shut: its waiters would wait until the file is closed,
 * even if the file is being removed.
 */
#ifndef _MODPROOF_EXCLUSIVE_H
#define _MODPROOF_EXCLUSIVE_H

#include <linux/fs.h>
#include <linux/wait.h>

#include "opener.h"

/**
 * struct exclusive - the state that all opens of an exclusive file share
 * @wait: the tasks that wait to open the file; the lock of @wait protects
 *	@opener
 * @opener: the state of the file: free, held or shut
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
