// SPDX-License-Identifier: GPL-2.0
/*
 * Opener - who may come in where there is room for one
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/types.h>

#include "opener.h"

/**
 * opener_init() - Let anybody in.
 * @opener: the opener
 */
void opener_init(struct opener *opener)
{
	*opener = (struct opener){ .is_held = false };
}
EXPORT_SYMBOL_GPL(opener_init);

/**
 * opener_claim() - Come in, if nobody else is.
 * @opener: the opener
 *
 * Return: 0, -EBUSY where somebody holds it, or -ENOENT where it is shut.
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
EXPORT_SYMBOL_GPL(opener_claim);

/**
 * opener_release() - Go, so that somebody else may come in.
 * @opener: the opener, which the caller holds
 */
void opener_release(struct opener *opener)
{
	opener->is_held = false;
}
EXPORT_SYMBOL_GPL(opener_release);

/**
 * opener_shut() - Let nobody in any more; whoever is in may stay.
 * @opener: the opener
 */
void opener_shut(struct opener *opener)
{
	opener->is_shut = true;
}
EXPORT_SYMBOL_GPL(opener_shut);
