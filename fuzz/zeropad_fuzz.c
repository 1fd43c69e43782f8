// SPDX-License-Identifier: GPL-2.0
/*
 * Zero padding target - blocks and texts of exact sizes, checked byte by byte
 */
#include <errno.h>

#include "fuzz.h"
#include "zeropad.h"

#define POISON	0x5a

static void copy(size_t size, const char *text)
{
	const size_t len = strlen(text);
	u8 *block = exactly(size);
	int err;
	size_t i;

	memset(block, POISON, size);
	err = zeropad_copy(block, size, text);
	expect_eq(err, len > size ? -EMSGSIZE : 0, "error");
	for (i = 0; i < size; i++) {
		expect_eq(block[i], err ? POISON : i < len ? (u8)text[i] : 0,
			  "a byte");
	}
	free(block);
}

int fuzz_target(const u8 *data, size_t size)
{
	struct input in = { .next = data, .left = size };

	while (in.left) {
		const size_t block_size = input_u8(&in) % 64;
		const size_t text_size = input_u8(&in) % 64;
		char *text = exactly(text_size + 1);

		input_bytes(&in, text, text_size);
		text[text_size] = '\0';
		copy(block_size, text);
		free(text);
	}
	return 0;
}
