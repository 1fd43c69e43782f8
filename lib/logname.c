// SPDX-License-Identifier: GPL-2.0
/*
 * Log name - escape and cut a file name or a text, so that it fits a log line
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "logname.h"

#define LOGNAME_CUT	"..."
#define LOGNAME_ESCAPE	4

/* The bytes that are copied as they are. */
static const bool is_plain[256] = {
	[' ' ... '\\' - 1] = true,
	['\\' + 1 ... '~'] = true,
};

/* Returns how many bytes are plain before the first one that is not. */
static size_t plain_length(const char *name, size_t name_len)
{
	size_t len = 0;

	while (len < name_len && is_plain[(unsigned char)name[len]])
		len++;
	return len;
}

static void put_escaped(char *text, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";

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
	const size_t last_cut = size - sizeof(LOGNAME_CUT);
	size_t cut = 0;
	size_t len = 0;
	size_t run;

	for (; name_len; name += run, name_len -= run) {
		run = plain_length(name, min(name_len, size - 1 - len));
		if (run) {
			memcpy(text + len, name, run);
			if (len < last_cut)
				cut = min(len + run, last_cut);
			len += run;
		} else if (len + LOGNAME_ESCAPE < size) {
			put_escaped(text + len, *name);
			run = 1;
			len += LOGNAME_ESCAPE;
			if (len <= last_cut)
				cut = len;
		} else {
			memcpy(text + cut, LOGNAME_CUT, sizeof(LOGNAME_CUT));
			return cut + strlen(LOGNAME_CUT);
		}
	}
	text[len] = '\0';
	return len;
}
