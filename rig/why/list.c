// SPDX-License-Identifier: GPL-2.0
/*
 * List - print all that is known, as a page of the documentation
 *
 * Documentation/why-checks.txt and why-messages.txt are what this prints.
 */

#include <stdio.h>
#include <string.h>

#include "checks.h"
#include "list.h"
#include "report.h"

static void print_versions(unsigned int since, unsigned int before)
{
	if (since && before)
		printf("%u.%u to before %u.%u", since >> 8, since & 255,
		       before >> 8, before & 255);
	else if (since)
		printf("since %u.%u", since >> 8, since & 255);
	else if (before)
		printf("before %u.%u", before >> 8, before & 255);
	else
		printf("all");
}

/**
 * list_checks() - Print a list of the checks, in the kernel's order.
 */
void list_checks(void)
{
	unsigned int i;

	for (i = 0; i < nr_checks; i++) {
		printf("%u. %s (", i + 1, checks[i].name);
		print_versions(checks[i].since, checks[i].before);
		printf("): ``%s``\n", checks[i].source);
	}
}

/*
 * Print a text of a message, with "..." for the arguments that vary.  Outside of
 * a literal block, the characters that mean something in a page have a "\\".
 */
static void print_text(const char *text, const char *indent, bool is_literal)
{
	for (; *text; text++) {
		if (*text == '%' && text[1] >= '1' && text[1] <= '9') {
			printf("...");
			text++;
		} else if (*text == '\n') {
			printf("\n%s", indent);
		} else {
			if (!is_literal && strchr("\\*`|_", *text))
				putchar('\\');
			putchar(*text);
		}
	}
	putchar('\n');
}

/* Print the lines that begin a message: its versions, errno and log. */
static void print_row(const struct message *message)
{
	printf("  ");
	print_versions(message->since, message->before);
	if (message->error)
		printf("; %s", report_errno(message->error));
	if (message->is_once)
		printf("; only once after each boot");
	if (!message->line) {
		printf("; no line in the log\n\n");
		return;
	}
	printf("::\n\n    ");
	print_text(message->line, "    ", true);
	putchar('\n');
}

/**
 * list_messages() - Print all messages: when, which line, what it means, what to do.
 */
void list_messages(void)
{
	const struct message *message = NULL;
	const char *before = "";

	while ((message = message_next(message))) {
		if (strcmp(message->name, before))
			printf("%s\n", message->name);
		before = message->name;
		print_row(message);
		if (message->why) {
			printf("  ");
			print_text(message->why, "  ", false);
			putchar('\n');
		}
		if (message->todo) {
			printf("  *What to do:* ");
			print_text(message->todo, "  ", false);
			putchar('\n');
		}
	}
}
