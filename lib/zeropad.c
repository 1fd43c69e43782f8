// SPDX-License-Identifier: GPL-2.0
/*
 * Zero padding - a text as a block of a certain size, with zeros behind it
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/string.h>

#include "zeropad.h"

/**
 * zeropad_copy() - Fill a block with a text, and the rest of it with zeros.
 * @block: room for @size bytes, which are left alone on error
 * @size: may be 0
 * @text: terminated; the terminator need not fit
 *
 * Return: 0, or -EMSGSIZE if the text is longer than the block.
 */
int zeropad_copy(void *block, size_t size, const char *text)
{
	const size_t len = strlen(text);

	if (len > size)
		return -EMSGSIZE;

	memcpy(block, text, len);
	memset((char *)block + len, 0, size - len);
	return 0;
}
EXPORT_SYMBOL_GPL(zeropad_copy);
