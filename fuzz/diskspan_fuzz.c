// SPDX-License-Identifier: GPL-2.0
/*
 * Disk span target - spans, compared with 128-bit arithmetic without overflow
 */
#include <errno.h>

#include "diskspan.h"
#include "fuzz.h"

#define POISON	0x5a5a5a5a5a5a5a5aULL
#define MIB	1048576
#define SECTOR	512

static unsigned __int128 wide(u64 number)
{
	return number;
}

/* Returns any number, and often one near a power of two. */
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
	const int err = mib && wide(mib) * MIB <= max ? 0 : -EINVAL;
	u64 bytes = POISON;

	expect_eq(diskspan_size(mib, max, &bytes), err, "result of size");
	expect_eq(bytes, err ? POISON : mib * MIB, "bytes");
}

static void compare_find(u64 bytes, u64 sector, u64 len)
{
	const int err = wide(sector) * SECTOR + len <= bytes ? 0 : -EIO;
	u64 offset = POISON;

	expect_eq(diskspan_find(bytes, sector, len, &offset), err,
		  "result of find");
	expect_eq(offset, err ? POISON : sector * SECTOR, "offset");
}

int fuzz_target(const u8 *data, size_t nr)
{
	struct input in = { .next = data, .left = nr };

	while (in.left) {
		const u64 first = input_number(&in);
		const u64 second = input_number(&in);

		compare_size(first, second);
		compare_find(first, second, input_number(&in));
	}
	return 0;
}
