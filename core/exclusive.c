// SPDX-License-Identifier: GPL-2.0
/*
 * Exclusive - a file that one opener at a time can have
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "exclusive.h"
#include "opener.h"

/**
 * exclusive_init() - Make a file that is free.
 * @ex: the exclusive file
 */
void exclusive_init(struct exclusive *ex)
{
	init_waitqueue_head(&ex->wait);
	opener_init(&ex->opener);
}
EXPORT_SYMBOL_GPL(exclusive_init);

/**
 * exclusive_try_open() - Open the file if it is free.
 * @ex: the exclusive file
 *
 * Return: 0, -EBUSY where somebody else has it, or -ENOENT where it is shut.
 */
int exclusive_try_open(struct exclusive *ex)
{
	int err;

	spin_lock(&ex->wait.lock);
	err = opener_claim(&ex->opener);
	spin_unlock(&ex->wait.lock);
	return err;
}
EXPORT_SYMBOL_GPL(exclusive_try_open);

/* Whether there is an end to the waiting, with the lock held. */
static bool has_answer(struct exclusive *ex, int *err)
{
	*err = opener_claim(&ex->opener);
	return *err != -EBUSY;
}

/**
 * exclusive_open() - Open the file, when it is free.
 * @ex: the exclusive file
 * @file: what is being opened, for O_NONBLOCK
 *
 * Context: Sleeps until the file is free, unless @file has O_NONBLOCK.
 *
 * Return: 0, -EAGAIN where it would have to wait and must not, -ERESTARTSYS
 * where a signal came first, or -ENOENT where the file is shut.
 */
int exclusive_open(struct exclusive *ex, const struct file *file)
{
	int ret;
	int err;

	if (file->f_flags & O_NONBLOCK) {
		err = exclusive_try_open(ex);
		return err == -EBUSY ? -EAGAIN : err;
	}

	spin_lock(&ex->wait.lock);
	ret = wait_event_interruptible_exclusive_locked(ex->wait,
							has_answer(ex, &err));
	spin_unlock(&ex->wait.lock);
	return ret ? ret : err;
}
EXPORT_SYMBOL_GPL(exclusive_open);

/**
 * exclusive_release() - Let the next one in.
 * @ex: the exclusive file, which the caller has open
 */
void exclusive_release(struct exclusive *ex)
{
	spin_lock(&ex->wait.lock);
	opener_release(&ex->opener);
	wake_up_locked(&ex->wait);
	spin_unlock(&ex->wait.lock);
}
EXPORT_SYMBOL_GPL(exclusive_release);

/**
 * exclusive_shut() - Send everybody away who waits, and who comes later.
 * @ex: the exclusive file, which is about to go
 *
 * For a file that does not hold its module: what waits in an open would hold up
 * the removal of the file for as long as somebody has it open.
 */
void exclusive_shut(struct exclusive *ex)
{
	spin_lock(&ex->wait.lock);
	opener_shut(&ex->opener);
	wake_up_all_locked(&ex->wait);
	spin_unlock(&ex->wait.lock);
}
EXPORT_SYMBOL_GPL(exclusive_shut);
