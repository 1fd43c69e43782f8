// SPDX-License-Identifier: GPL-2.0
/*
 * Log name target - names that are escaped, decoded again and compared
 */
#include <ctype.h>
#include <stdbool.h>

#include "fuzz.h"
#include "logname.h"

#define MIN_SIZE	4
#define CUT		3

/* Decodes one byte or escape of a name, and advances *@text past it. */
static unsigned char read_back(const char **text)
{
	unsigned int byte = (unsigned char)**text;

	expect_eq(byte >= 0x20 && byte < 0x7f, true, "a printable byte");
	if (byte != '\\') {
		++*text;
		return byte;
	}
	expect_eq(sscanf(*text, "\\x%2x", &byte), 1, "an escape");
	expect_eq(byte < 0x20 || byte >= 0x7f || byte == '\\', true,
		  "a byte that needs its escape");
	*text += 4;
	return byte;
}

/* Returns the length of the whole name after it is escaped. */
static size_t whole_length(const char *name, size_t name_len)
{
	size_t len = 0;

	for (; name_len; name++, name_len--)
		len += isprint((unsigned char)*name) && *name != '\\' ? 1 : 4;
	return len;
}

static void expect_start(const char *text, const char *end, const char *name)
{
	while (text < end)
		expect_eq(read_back(&text), (unsigned char)*name++, "a byte");
	expect_eq(text - end, 0, "bytes after the last escape");
}

/*
 * Formats a name.  Allocates exactly @size bytes for the text, which must be
 * enough.
 */
static void format(size_t size, const char *name, size_t name_len)
{
	char *text = exactly(size);
	const size_t len = logname_format(text, size, name, name_len);
	const size_t whole = whole_length(name, name_len);

	expect_eq(len, strlen(text), "length");
	if (whole < size) {
		expect_eq(len, whole, "length of a whole name");
		expect_start(text, text + len, name);
	} else {
		expect_eq(strcmp(text + len - CUT, "..."), 0, "end");
		expect_eq(len + 4 > size - 1 && len < size, true,
			  "as much as fits");
		expect_start(text, text + len - CUT, name);
	}
	free(text);
}

int fuzz_target(const u8 *data, size_t size)
{
	struct input in = { .next = data, .left = size };
	const size_t room = MIN_SIZE + input_u32(&in) % LOGNAME_SIZE;
	const size_t name_len = in.left;
	char *name = exactly(name_len);

	input_bytes(&in, name, name_len);
	format(room, name, name_len);
	format(MIN_SIZE + name_len, name, name_len);
	free(name);
	return 0;
}
