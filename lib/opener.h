/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Opener - state of a file that can have only one opener at a time
 *
 *	free --claim--> held --release--> free --shut--> shut
 *
 * A file is either free, or held by one opener.  opener_shut() shuts the file
 * for ever before it is removed, even if it is still held.
 *
 * Nothing here allocates, locks or sleeps.  The caller serialises the calls for
 * a file:
 *
 *			     |  claim, release, shut
 *   claim, release, shut    |           L
 *
 * "L" means that the caller holds one lock during both calls.  A function that
 * returns an error has changed nothing.
 */
#ifndef _MODPROOF_OPENER_H
#define _MODPROOF_OPENER_H

#include <linux/types.h>

/**
 * struct opener - the state of a file with only one opener at a time
 * @is_held: true if the file has been claimed and not yet released
 * @is_shut: true if the file can no longer be claimed
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
