/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keyword - find the command word that was written to a file
 *
 * A text must match a word as a whole.  The beginning of a word is not a match,
 * nor is a word that other bytes follow.  One newline after the word is
 * allowed, because echo adds one.  match_string() and sysfs_match_string() need
 * a NUL-terminated text, so they would ignore a NUL in the text and all bytes
 * after that NUL.
 *
 * Nothing here allocates, locks, sleeps or writes, so any number of calls may
 * run at the same time.
 */
#ifndef _MODPROOF_KEYWORD_H
#define _MODPROOF_KEYWORD_H

#include <linux/types.h>

int keyword_find(const char *const *words, int nr_words, const char *text,
		 size_t len);

#endif /* _MODPROOF_KEYWORD_H */
