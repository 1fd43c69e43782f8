// SPDX-License-Identifier: GPL-2.0
/*
 * Opener - state of a file that can have only one opener at a time
 */
#include <linux/errno.h>
#include <linux/types.h>

#include "opener.h"

/**
 * opener_init() - Set the state of a file to free.
 * @opener: the state of the file
 */
void opener_init(struct opener *opener)
{
	*opener = (struct opener){ .is_held = false };
}

/**
 * opener_claim() - Claim a file for one opener, if the file is free.
 * @opener: the state of the file
 *
 * Return: 0, -EBUSY if the file is held, or -ENOENT if it is shut.
 */
int opener_claim(struct opener *opener)
{
	if (opener->is_shut)
		return -ENOENT;
	if (opener->is_held)
		return -EBUSY;

	opener->is_held = true;
	return 0;
}

/**
 * opener_release() - Release a file, so that it can be claimed again.
 * @opener: the state of the file, which the caller holds
 */
void opener_release(struct opener *opener)
{
	opener->is_held = false;
}

/**
 * opener_shut() - Make all later claims fail; a claim that exists stays valid.
 * @opener: the state of the file
 */
void opener_shut(struct opener *opener)
{
	opener->is_shut = true;
}
