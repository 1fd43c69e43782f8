// SPDX-License-Identifier: GPL-2.0
/*
 * Sequence iterator target - start and next, compared with first + position
 */
#include <stdint.h>

#include "fuzz.h"
#include "seq_iter.h"

static u64 input_u64(struct input *in)
{
	u64 word;

	input_bytes(in, &word, sizeof(word));
	return word;
}

/* Returns mostly a small number, to reach the end, and sometimes any number. */
static u64 input_number(struct input *in)
{
	const u8 byte = input_u8(in);

	return byte < 0xe0 ? byte % 8 : input_u64(in);
}

static void compare(const u64 *got, u64 first, u64 length, long long pos)
{
	const bool is_there = pos >= 0 && (u64)pos < length;

	expect_eq(!!got, is_there, "whether there is a value");
	if (got)
		expect_eq(*got, first + pos, "value");
}

int fuzz_target(const u8 *data, size_t size)
{
	struct input in = { .next = data, .left = size };
	const u64 first = input_number(&in);
	const u64 length = input_number(&in) & INT64_MAX;
	struct seq_iter iter;
	long long pos = 0, before;
	u64 *got;

	seq_iter_init(&iter, first, length);
	while (in.left) {
		if (input_u8(&in) % 4 == 0 || pos == INT64_MAX) {
			pos = input_number(&in);
			got = seq_iter_start(&iter, pos);
		} else {
			before = pos;
			got = seq_iter_next(&iter, &pos);
			expect_eq(pos, before + 1, "position");
		}
		compare(got, first, length, pos);
	}
	return 0;
}
