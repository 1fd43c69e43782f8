/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Table - the verdicts of several kernels, a line for each
 */

#ifndef _WHY_TABLE_H
#define _WHY_TABLE_H

#include "attempt.h"

struct table_row;

/**
 * struct table - the rows; all zero is an empty table
 * @arena: what the rows are in
 * @first: the first row
 * @last: the last row
 */
struct table {
	struct arena arena;
	struct table_row *first;
	struct table_row *last;
};

void table_add(struct table *table, const struct attempt *attempt);
void table_add_unread(struct table *table, const char *kernel,
		      const char *error);
void table_print(struct table *table);

#endif
