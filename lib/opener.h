/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Opener - state of a file that can have only one opener at a time
 *
 *	free --claim--> held --release--> free --shut--> shut
 *
 * The file is free, or held by its one opener.  Before the file is removed it is
 * shut and stays so; this may also happen while it is still held.
 *
 * Nothing here allocates, locks or sleeps.  The caller serialises:
 *
 *			     |  claim, release, shut
 *   claim, release, shut    |           L
 *
 * "L" needs a lock around both.  A function that returns an error has changed
 * nothing.
 */
#ifndef _MODPROOF_OPENER_H
#define _MODPROOF_OPENER_H

#include <linux/types.h>

/**
 * struct opener - the state of a file with only one opener at a time
 * @is_held: it has been claimed and not released
 * @is_shut: it can no longer be claimed
 */
struct opener {
	bool is_held;
	bool is_shut;
};

void opener_init(struct opener *opener);
int opener_claim(struct opener *opener);
void opener_release(struct opener *opener);
void opener_shut(struct opener *opener);

#endif /* _MODPROOF_OPENER_H */
