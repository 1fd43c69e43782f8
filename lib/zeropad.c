// SPDX-License-Identifier: GPL-2.0
/*
 * Zero padding - copy a text to a block of fixed size and pad it with zeros
 */
#include <linux/errno.h>
#include <linux/string.h>

#include "zeropad.h"

/**
 * zeropad_copy() - Copy a text to a block and fill the rest with zeros.
 * @block: room for @size bytes, which are not changed on error
 * @size: size of the block in bytes, may be 0
 * @text: the text, NUL-terminated; the NUL need not fit into the block
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
