// SPDX-License-Identifier: GPL-2.0
/*
 * Exclusive - a file that can have only one opener at a time; others wait
 */
#include <linux/errno.h>
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

/**
 * exclusive_try_open() - Open the file if it is free.
 * @ex: the exclusive file
 *
 * Return: 0, -EBUSY if the file is open already, or -ENOENT if it is shut.
 */
int exclusive_try_open(struct exclusive *ex)
{
	int err;

	spin_lock(&ex->wait.lock);
	err = opener_claim(&ex->opener);
	spin_unlock(&ex->wait.lock);
	return err;
}

/*
 * Tries to claim the file.  Returns false only if the file is still busy.  The
 * caller holds ex->wait.lock.
 */
static bool try_claim(struct exclusive *ex, int *err)
{
	*err = opener_claim(&ex->opener);
	return *err != -EBUSY;
}

/**
 * exclusive_open() - Open the file, after waiting until it is free.
 * @ex: the exclusive file
 * @file: the struct file that is being opened, for O_NONBLOCK
 *
 * Context: Sleeps until the file is free, unless @file has O_NONBLOCK.
 *
 * Return: 0, -EAGAIN if the file is busy and @file has O_NONBLOCK, -ERESTARTSYS
 * if a signal interrupts the wait, or -ENOENT if the file is shut.
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
							try_claim(ex, &err));
	spin_unlock(&ex->wait.lock);
	return ret ? ret : err;
}

/**
 * exclusive_release() - Release the file and wake the next waiter.
 * @ex: the exclusive file, which the caller has open
 */
void exclusive_release(struct exclusive *ex)
{
	spin_lock(&ex->wait.lock);
	opener_release(&ex->opener);
	wake_up_locked(&ex->wait);
	spin_unlock(&ex->wait.lock);
}

/**
 * exclusive_shut() - Make all waiting and all later opens fail.
 * @ex: the exclusive file, which is about to be removed
 *
 * For a file whose opens do not take a module reference, such as one in procfs:
 * an open() that still waits would block the removal of the file until the
 * current opener closes it.
 */
void exclusive_shut(struct exclusive *ex)
{
	spin_lock(&ex->wait.lock);
	opener_shut(&ex->opener);
	wake_up_all_locked(&ex->wait);
	spin_unlock(&ex->wait.lock);
}
