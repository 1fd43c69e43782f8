// SPDX-License-Identifier: GPL-2.0
/*
 * Disk span tests - every limit, and numbers of more than 32 bits
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/prandom.h>
#include <linux/sizes.h>
#include <linux/types.h>

#include "diskspan.h"
#include "diskspan_model.h"

#define POISON		0x5a5a5a5a5a5a5a5aULL
#define SECTOR		512ULL
#define GIB		((u64)SZ_1G)
#define RANDOM_SEED	20240310
#define RANDOM_OPS	20000

static const struct size_case {
	const char *desc;
	u64 mib;
	u64 max;
	int ret;
	u64 bytes;
} size_cases[] = {
	{ "none", 0, GIB, -EINVAL, POISON },
	{ "none where there may be none", 0, 0, -EINVAL, POISON },
	{ "one", 1, GIB, 0, SZ_1M },
	{ "eight", 8, GIB, 0, 8 * SZ_1M },
	{ "as many as there may be", 1024, GIB, 0, GIB },
	{ "one more than there may be", 1025, GIB, -EINVAL, POISON },
	{ "one where a byte is missing", 1, SZ_1M - 1, -EINVAL, POISON },
	{ "one where a byte is left", 1, SZ_1M + 1, 0, SZ_1M },
	{ "4 GiB", 4096, 8 * GIB, 0, 4 * GIB },
	{ "4 GiB and a bit", 4097, 8 * GIB, 0, 4 * GIB + SZ_1M },
	{ "more than 32 bits of them", 1ULL << 32, U64_MAX, 0, 1ULL << 52 },
	{ "as many as 64 bits count", (1ULL << 44) - 1, U64_MAX, 0,
	  ((1ULL << 44) - 1) << 20 },
	{ "so many that they wrap to none", 1ULL << 44, U64_MAX, -EINVAL,
	  POISON },
	{ "so many that they wrap to one", (1ULL << 44) + 1, U64_MAX, -EINVAL,
	  POISON },
	{ "all that a number can say", U64_MAX, U64_MAX, -EINVAL, POISON },
};

KUNIT_ARRAY_PARAM_DESC(size, size_cases, desc);

static const struct find_case {
	const char *desc;
	u64 bytes;
	u64 sector;
	u64 len;
	int ret;
	u64 offset;
} find_cases[] = {
	{ "the first sector", SZ_1M, 0, SECTOR, 0, 0 },
	{ "the second sector", SZ_1M, 1, SECTOR, 0, SECTOR },
	{ "the last sector", SZ_1M, 2047, SECTOR, 0, SZ_1M - SECTOR },
	{ "the sector behind the last", SZ_1M, 2048, SECTOR, -EIO, POISON },
	{ "the whole disk", SZ_1M, 0, SZ_1M, 0, 0 },
	{ "the whole disk and a byte", SZ_1M, 0, SZ_1M + 1, -EIO, POISON },
	{ "the whole disk from the second", SZ_1M, 1, SZ_1M, -EIO, POISON },
	{ "half behind the end", SZ_1M, 2047, 2 * SECTOR, -EIO, POISON },
	{ "nothing at the end", SZ_1M, 2048, 0, 0, SZ_1M },
	{ "nothing behind the end", SZ_1M, 2049, 0, -EIO, POISON },
	{ "the first of no disk", 0, 0, SECTOR, -EIO, POISON },
	{ "a sector at 4 GiB", 8 * GIB, 1 << 23, SECTOR, 0, 4 * GIB },
	{ "a sector behind 4 GiB", 8 * GIB, (1 << 23) + 1, SECTOR, 0,
	  4 * GIB + SECTOR },
	{ "4 GiB on a small disk", SZ_1M, 1 << 23, SECTOR, -EIO, POISON },
	{ "a span across 4 GiB", 8 * GIB, (1 << 23) - 1, 2 * SECTOR, 0,
	  4 * GIB - SECTOR },
	{ "a span of more than 32 bits", 8 * GIB, 1, 5 * GIB, 0, SECTOR },
	{ "a number of more than 32 bits", 1ULL << 43, 1ULL << 33, SECTOR, 0,
	  1ULL << 42 },
	{ "a number that wraps to the first", SZ_1M, 1ULL << 55, SECTOR, -EIO,
	  POISON },
	{ "a number that wraps to the second", SZ_1M, (1ULL << 55) + 1, SECTOR,
	  -EIO, POISON },
	{ "a length that wraps", SZ_1M, 1, U64_MAX - SECTOR + 1, -EIO, POISON },
	{ "all that numbers can say", SZ_1M, U64_MAX, U64_MAX, -EIO, POISON },
};

KUNIT_ARRAY_PARAM_DESC(find, find_cases, desc);

static const struct in_block_case {
	const char *desc;
	u64 offset;
	u64 len;
	u64 block;
	u64 ret;
} in_block_cases[] = {
	{ "nothing", 0, 0, SZ_4K, 0 },
	{ "nothing in the middle of a block", 100, 0, SZ_4K, 0 },
	{ "a byte", 0, 1, SZ_4K, 1 },
	{ "a block", 0, SZ_4K, SZ_4K, SZ_4K },
	{ "a block and a byte", 0, SZ_4K + 1, SZ_4K, SZ_4K },
	{ "the last byte of a block", SZ_4K - 1, 1, SZ_4K, 1 },
	{ "from the last byte of a block", SZ_4K - 1, SZ_4K, SZ_4K, 1 },
	{ "up to the end of a block", 512, SZ_4K - 512, SZ_4K, SZ_4K - 512 },
	{ "past the end of a block", 512, SZ_4K, SZ_4K, SZ_4K - 512 },
	{ "less than is left in a block", 512, 1024, SZ_4K, 1024 },
	{ "the second block", SZ_4K, SZ_8K, SZ_4K, SZ_4K },
	{ "from the middle of a block at 4 GiB", 4 * GIB + 512, GIB, SZ_4K,
	  SZ_4K - 512 },
	{ "more than 32 bits from the start", 0, 5 * GIB, SZ_4K, SZ_4K },
	{ "a block of more than 32 bits", GIB, 16 * GIB, 8 * GIB, 7 * GIB },
	{ "a block of one byte", 7, 7, 1, 1 },
	{ "all that numbers can say", U64_MAX, U64_MAX, SZ_4K, 1 },
};

KUNIT_ARRAY_PARAM_DESC(in_block, in_block_cases, desc);

/* BLKRAM-2, BLKRAM-3: a size of 0 is an error, and so is one that wraps. */
static void diskspan_test_size_of_mebibytes(struct kunit *test)
{
	const struct size_case *param = test->param_value;
	u64 bytes = POISON;

	KUNIT_EXPECT_EQ(test, diskspan_size(param->mib, param->max, &bytes),
			param->ret);
	KUNIT_EXPECT_EQ(test, bytes, param->bytes);
}

/* BLKRAM-4: an offset of 4 GiB or more does not wrap to the start. */
static void diskspan_test_find_a_span(struct kunit *test)
{
	const struct find_case *param = test->param_value;
	u64 offset = POISON;

	KUNIT_EXPECT_EQ(test, diskspan_find(param->bytes, param->sector,
					    param->len, &offset), param->ret);
	KUNIT_EXPECT_EQ(test, offset, param->offset);
}

static void diskspan_test_in_block(struct kunit *test)
{
	const struct in_block_case *param = test->param_value;

	KUNIT_EXPECT_EQ(test, diskspan_in_block(param->offset, param->len,
						param->block), param->ret);
}

static void assert_like_model(struct kunit *test, u64 bytes, u64 sector, u64 len)
{
	u64 got = POISON, want = POISON;

	KUNIT_ASSERT_EQ(test, diskspan_find(bytes, sector, len, &got),
			diskspan_model_find(bytes, sector, len, &want));
	KUNIT_ASSERT_EQ(test, got, want);
	KUNIT_ASSERT_EQ(test, diskspan_size(sector, bytes, &got),
			diskspan_model_size(sector, bytes, &want));
	KUNIT_ASSERT_EQ(test, got, want);
	KUNIT_ASSERT_EQ(test, diskspan_in_block(sector, len, SZ_4K),
			diskspan_model_in_block(sector, len, SZ_4K));
}

static u64 near_a_power_of_two(struct rnd_state *rnd)
{
	return (1ULL << prandom_u32_state(rnd) % 64) - 1 +
	       prandom_u32_state(rnd) % 3;
}

static void diskspan_test_random_against_model(struct kunit *test)
{
	struct rnd_state rnd;
	u64 bytes, sector, len;
	u32 op;

	prandom_seed_state(&rnd, RANDOM_SEED);
	for (op = 0; op < RANDOM_OPS; op++) {
		bytes = prandom_u32_state(&rnd) % (20 * SECTOR);
		sector = prandom_u32_state(&rnd) % 22;
		len = prandom_u32_state(&rnd) % (20 * SECTOR);
		assert_like_model(test, bytes, sector, len);

		bytes = near_a_power_of_two(&rnd);
		sector = near_a_power_of_two(&rnd);
		len = near_a_power_of_two(&rnd);
		assert_like_model(test, bytes, sector, len);
	}
}

static struct kunit_case diskspan_test_cases[] = {
	KUNIT_CASE_PARAM(diskspan_test_size_of_mebibytes, size_gen_params),
	KUNIT_CASE_PARAM(diskspan_test_find_a_span, find_gen_params),
	KUNIT_CASE_PARAM(diskspan_test_in_block, in_block_gen_params),
	KUNIT_CASE(diskspan_test_random_against_model),
	{}
};

static struct kunit_suite diskspan_test_suite = {
	.name = "diskspan",
	.test_cases = diskspan_test_cases,
};

kunit_test_suite(diskspan_test_suite);
