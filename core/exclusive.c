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
 * exclusive_init() - Initialise an exclusive file, which is then free.
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
 * Return: 0, -EBUSY if the file is open already, or -ENOENT after
 * exclusive_shut().
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
 * Tries to claim the file.  Returns true if the wait is over: the file was
 * claimed, or is shut.  Returns false if the file is still busy.  The caller
 * holds ex->wait.lock.
 */
static bool try_claim(struct exclusive *ex, int *err)
{
	*err = opener_claim(&ex->opener);
	return *err != -EBUSY;
}

/**
 * exclusive_open() - Open the file, after waiting until it is free.
 * @ex: the exclusive file
 * @file: the struct file that is being opened; O_NONBLOCK is read from it
 *
 * Context: Sleeps until the file is free, unless @file has O_NONBLOCK.
 *
 * Return: 0, -EAGAIN if the file is busy and @file has O_NONBLOCK, -ERESTARTSYS
 * if a signal interrupts the wait, or -ENOENT after exclusive_shut().
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
 * exclusive_shut() - Make all opens that wait and all later opens fail.
 * @ex: the exclusive file, which is about to be removed
 *
 * Call this before a file is removed whose opens do not hold a reference to the
 * module, such as a file in procfs.  Otherwise an open() that waits would block
 * the removal until the current opener closes the file.
 */
void exclusive_shut(struct exclusive *ex)
{
	spin_lock(&ex->wait.lock);
	opener_shut(&ex->opener);
	wake_up_all_locked(&ex->wait);
	spin_unlock(&ex->wait.lock);
}
