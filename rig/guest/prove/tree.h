/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tree - the files that a kernel shows, and which of them are new or removed
 */
#ifndef PROVE_TREE_H
#define PROVE_TREE_H

#include <stddef.h>

/*
 * @next: the next entry with the same place in the table
 * @hash: the hash of the path
 * @round: the last walk that met the entry
 * @type: its type, as DT_DIR
 * @path: its path
 */
struct entry {
	struct entry *next;
	unsigned int hash;
	unsigned int round;
	unsigned char type;
	char path[];
};

struct entries {
	struct entry **list;
	size_t count;
};

void entries_add(struct entries *entries, struct entry *entry);
void tree_remember(void);
void tree_compare(struct entries *added, struct entries *removed);

#endif
