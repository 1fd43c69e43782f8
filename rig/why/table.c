// SPDX-License-Identifier: GPL-2.0
/*
 * Table - the verdicts of several kernels, a line for each
 */

#include <stdio.h>
#include <string.h>

#include "report.h"
#include "table.h"
#include "text.h"

struct table_row {
	struct table_row *next;
	const char *file;
	const char *kernel;
	const char *verdict;
	const char *why;
};

static const char *verdict_of(const struct attempt *attempt)
{
	switch (report_verdict(attempt)) {
	case VERDICT_LOADS:
		return "loads";
	case VERDICT_REFUSED:
		return report_errno(attempt_error(attempt));
	default:
		return "cannot tell";
	}
}

/* Return the first sentence of the reason, or what is not known. */
static const char *why_of(struct table *table, const struct attempt *attempt)
{
	const struct finding *finding = attempt_refusal(attempt);
	const char *why = "";

	if (finding) {
		why = message_fill(&table->arena, finding->message->why,
				   finding->args);
	} else {
		for (finding = attempt->findings; finding; finding = finding->next)
			if (finding->kind == FINDING_UNSURE)
				why = finding->text;
	}
	return why ? arena_copy(&table->arena, why, strcspn(why, "\n")) : "";
}

static void append(struct table *table, struct table_row *row)
{
	if (table->last)
		table->last->next = row;
	else
		table->first = row;
	table->last = row;
}

/**
 * table_add() - Add a row for an attempt.
 * @table: the table
 * @attempt: an attempt that was run
 */
void table_add(struct table *table, const struct attempt *attempt)
{
	struct table_row *row = arena_alloc(&table->arena, sizeof(*row));
	const struct kernel *kernel = attempt->kernel;
	const char *release = kernel->release ? kernel->release : "?";

	row->file = text_printable(&table->arena, attempt->object->path);
	row->kernel = strcmp(kernel->title, release) ?
		      arena_print(&table->arena, "%s (%s)", release,
				  kernel->title) :
		      arena_copy(&table->arena, release, strlen(release));
	row->verdict = verdict_of(attempt);
	row->why = why_of(table, attempt);
	append(table, row);
}

/**
 * table_add_unread() - Add a row for a kernel that cannot be read.
 * @table: the table
 * @kernel: its name, which outlives @table
 * @error: the reason, which outlives @table
 */
void table_add_unread(struct table *table, const char *kernel,
		      const char *error)
{
	struct table_row *row = arena_alloc(&table->arena, sizeof(*row));

	row->file = "-";
	row->kernel = text_printable(&table->arena, kernel);
	row->verdict = "cannot tell";
	row->why = error;
	append(table, row);
}

static int wider(int width, const char *text)
{
	int length = (int)strlen(text);

	return length > width ? length : width;
}

/**
 * table_print() - Print the rows to stdout, and free them.
 * @table: the table, which is empty afterwards
 */
void table_print(struct table *table)
{
	struct table_row *row;
	int file = 6;
	int kernel = 6;
	int verdict = 7;

	for (row = table->first; row; row = row->next) {
		file = wider(file, row->file);
		kernel = wider(kernel, row->kernel);
		verdict = wider(verdict, row->verdict);
	}
	if (table->first)
		printf("%-*s  %-*s  %-*s  why\n", file, "module", kernel, "kernel",
		       verdict, "verdict");
	for (row = table->first; row; row = row->next) {
		printf("%-*s  %-*s  %-*s  ", file, row->file, kernel, row->kernel,
		       verdict, row->verdict);
		text_plain(row->why, "");
	}
	arena_free(&table->arena);
}
