// SPDX-License-Identifier: GPL-2.0
/*
 * Disk span target - sizes and spans, compared with those of a model
 */
#include "diskspan.h"
#include "diskspan_model.h"
#include "fuzz.h"

#define POISON	0x5a5a5a5a5a5a5a5aULL

/* Returns any number, but often a number near a power of two. */
static u64 input_number(struct input *in)
{
	const u8 kind = input_u8(in);
	u64 number = 0;

	if (kind < 128)
		return (1ULL << kind % 64) - 1 + input_u8(in) % 3;
	input_bytes(in, &number, sizeof(number));
	return number;
}

static void compare_size(u64 mib, u64 max)
{
	u64 got = POISON, want = POISON;

	expect_eq(diskspan_size(mib, max, &got),
		  diskspan_model_size(mib, max, &want), "result of size");
	expect_eq(got, want, "bytes");
}

static void compare_find(u64 bytes, u64 sector, u64 len)
{
	u64 got = POISON, want = POISON;

	expect_eq(diskspan_find(bytes, sector, len, &got),
		  diskspan_model_find(bytes, sector, len, &want), "result of find");
	expect_eq(got, want, "offset");
}

static void compare_in_block(u64 offset, u64 len, u8 shift)
{
	const u64 block = 1ULL << shift % 64;

	expect_eq(diskspan_in_block(offset, len, block),
		  diskspan_model_in_block(offset, len, block), "part");
}

int fuzz_target(const u8 *data, size_t nr)
{
	struct input in = { .next = data, .left = nr };

	while (in.left) {
		const u64 first = input_number(&in);
		const u64 second = input_number(&in);

		compare_size(first, second);
		compare_find(first, second, input_number(&in));
		compare_in_block(first, second, input_u8(&in));
	}
	return 0;
}
