/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Opener - who may come in where there is room for one
 *
 *	open --claim--> held --release--> open --shut--> shut
 *
 * A file that only one may have open at a time is open or held; when it is about
 * to go it is shut for good, which it may also be while somebody still holds it.
 *
 * Nothing here allocates, locks or sleeps.  Whoever calls serialises:
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
 * struct opener - whether somebody is in, and whether anybody else can get in
 * @is_held: somebody has claimed it and not released it
 * @is_shut: nobody can claim it any more
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
