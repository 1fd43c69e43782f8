// SPDX-License-Identifier: GPL-2.0
/*
 * Log name - escape and cut a file name or a text, so that it fits a log line
 */
#include <linux/string.h>
#include <linux/types.h>

#include "logname.h"

#define LOGNAME_CUT	"..."
#define LOGNAME_ESCAPE	4

static bool is_plain(unsigned char c)
{
	return c >= ' ' && c <= '~' && c != '\\';
}

static size_t escaped_length(unsigned char c)
{
	return is_plain(c) ? 1 : LOGNAME_ESCAPE;
}

static void put_escaped(char *text, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";

	if (is_plain(c)) {
		text[0] = c;
		return;
	}
	text[0] = '\\';
	text[1] = 'x';
	text[2] = digits[c >> 4];
	text[3] = digits[c & 15];
}

/**
 * logname_format() - Escape a name and cut it to fit one line of the log.
 * @text: room for @size bytes
 * @size: size of @text in bytes, 4 or more
 * @name: the bytes of the name
 * @name_len: number of bytes in @name
 *
 * Return: the length of @text without its terminator, less than @size.
 */
size_t logname_format(char *text, size_t size, const char *name,
		      size_t name_len)
{
	const size_t cut_length = strlen(LOGNAME_CUT);
	size_t len = 0;
	size_t cut = 0;

	for (; name_len; name++, name_len--) {
		if (len + escaped_length(*name) >= size) {
			memcpy(text + cut, LOGNAME_CUT, cut_length + 1);
			return cut + cut_length;
		}
		put_escaped(text + len, *name);
		len += escaped_length(*name);
		if (len + cut_length < size)
			cut = len;
	}
	text[len] = '\0';
	return len;
}
