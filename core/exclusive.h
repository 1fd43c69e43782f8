/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Exclusive - a file that can have only one opener at a time; others wait
 *
 * Adds the lock and the waiting to lib/opener.h, which must not lock or sleep.
 * A task that has to wait sleeps until the file is free.  Waiters are woken in
 * FIFO order.  A signal or exclusive_shut() ends the wait.
 *
 * A mutex must be unlocked by the task that has locked it, but the last close may
 * be in another task.  A semaphore cannot be shut: its waiters would wait until
 * the file is closed, even if it is being removed.
 */
#ifndef _MODPROOF_EXCLUSIVE_H
#define _MODPROOF_EXCLUSIVE_H

#include <linux/fs.h>
#include <linux/wait.h>

#include "opener.h"

/**
 * struct exclusive - what all opens of an exclusive file share
 * @wait: the tasks that wait; its lock protects @opener
 * @opener: whether the file is open or shut
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
