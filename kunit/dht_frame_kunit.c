// SPDX-License-Identifier: GPL-2.0
/*
 * DHT frame tests - whole frames, and frames with missing or extra edges
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <linux/types.h>

#include "dht_frame.h"
#include "dht_frame_model.h"

#define NR_BYTES	5
#define ANSWER		160
#define ZERO		77
#define ONE		120
#define POISON		0xa5
#define RANDOM_SEED	20240501
#define RANDOM_OPS	5000

static const struct dht_frame_timing timing = {
	.zero = 60,
	.one = 100,
	.end = 150,
};

/*
 * The times of the falling edges of a frame, with room for two edges more than
 * a frame can have.
 */
struct falls {
	u64 at[DHT_FRAME_MAX_FALLS + 2];
	u32 nr;
};

static void add_fall(struct falls *falls, u64 after)
{
	falls->at[falls->nr] = falls->at[falls->nr - 1] + after;
	falls->nr++;
}

/* Sets the falling edges to those of a frame that begins at time @start. */
static void send_bytes(struct falls *falls, const u8 *bytes, u64 start)
{
	int i;

	falls->at[0] = start;
	falls->nr = 1;
	add_fall(falls, ANSWER);
	for (i = 0; i < 8 * NR_BYTES; i++)
		add_fall(falls, bytes[i / 8] & 0x80 >> i % 8 ? ONE : ZERO);
}

/* Sets the length of bit @bit, and moves all falling edges after that bit. */
static void set_length(struct falls *falls, int bit, u64 length)
{
	const u64 old = falls->at[bit + 2] - falls->at[bit + 1];
	u32 i;

	for (i = bit + 2; i < falls->nr; i++)
		falls->at[i] += length - old;
}

static void drop_fall(struct falls *falls, u32 nr)
{
	memmove(falls->at + nr, falls->at + nr + 1,
		(falls->nr - nr - 1) * sizeof(*falls->at));
	falls->nr--;
}

/* Inserts a falling edge halfway between edge @nr and the edge after it. */
static void insert_fall(struct falls *falls, u32 nr)
{
	memmove(falls->at + nr + 1, falls->at + nr,
		(falls->nr - nr) * sizeof(*falls->at));
	falls->at[nr + 1] = (falls->at[nr] + falls->at[nr + 2]) / 2;
	falls->nr++;
}

static void expect_decoded(struct kunit *test, const struct falls *falls,
			   int ret, u8 humidity, u8 temperature)
{
	struct dht_frame frame = { POISON, POISON };

	KUNIT_EXPECT_EQ(test, dht_frame_decode(falls->at, falls->nr, &timing,
					       &frame), ret);
	KUNIT_EXPECT_EQ(test, frame.humidity, ret ? POISON : humidity);
	KUNIT_EXPECT_EQ(test, frame.temperature, ret ? POISON : temperature);
}

static const struct bytes_case {
	const char *desc;
	u8 bytes[NR_BYTES];
	int ret;
} bytes_cases[] = {
	{ "53 % and 24 degrees", { 53, 0, 24, 0, 77 }, 0 },
	{ "with fractions, which are left out", { 45, 5, 21, 9, 80 }, 0 },
	{ "nothing but zeros", { 0, 0, 0, 0, 0 }, 0 },
	{ "nothing but ones, but for the sum", { 255, 255, 255, 255, 252 }, 0 },
	{ "a sum that wraps", { 200, 0, 100, 0, 44 }, 0 },
	{ "a sum that wraps to zero", { 128, 0, 128, 0, 0 }, 0 },
	{ "the highest bit only", { 128, 0, 0, 0, 128 }, 0 },
	{ "the lowest bit only", { 1, 0, 0, 0, 1 }, 0 },
	{ "a sum that is one too large", { 53, 0, 24, 0, 78 }, -EIO },
	{ "a sum that is one too small", { 53, 0, 24, 0, 76 }, -EIO },
	{ "a sum without the fractions", { 45, 5, 21, 9, 66 }, -EIO },
	{ "no sum", { 53, 0, 24, 0, 0 }, -EIO },
	{ "nothing but ones", { 255, 255, 255, 255, 255 }, -EIO },
};

KUNIT_ARRAY_PARAM_DESC(bytes, bytes_cases, desc);

static const struct length_case {
	const char *desc;
	u64 length;
	int bit;
} length_cases[] = {
	{ "none", 0, -EIO },
	{ "a bit less than a zero", 59, -EIO },
	{ "the shortest zero", 60, 0 },
	{ "the longest zero", 99, 0 },
	{ "the shortest one", 100, 1 },
	{ "the longest one", 149, 1 },
	{ "a bit more than a one", 150, -EIO },
	{ "two bits", 2 * ONE, -EIO },
	{ "more than 32 bits", (1ULL << 32) + ZERO, -EIO },
	{ "back in time", -1ULL, -EIO },
};

KUNIT_ARRAY_PARAM_DESC(length, length_cases, desc);

static const u8 sample[] = { 53, 0, 24, 0, 77 };

static void dht_frame_test_decode_bytes(struct kunit *test)
{
	const struct bytes_case *param = test->param_value;
	struct falls falls;

	send_bytes(&falls, param->bytes, 0);
	expect_decoded(test, &falls, param->ret, param->bytes[0],
		       param->bytes[2]);
	send_bytes(&falls, param->bytes, U64_MAX - 2000);
	expect_decoded(test, &falls, param->ret, param->bytes[0],
		       param->bytes[2]);
}

/* Decodes a frame of zeros in which the last bit of byte 0 has @length. */
static int decode_length(u64 length, u8 sum, struct dht_frame *frame)
{
	const u8 bytes[] = { 0, 0, 0, 0, sum };
	struct falls falls;

	send_bytes(&falls, bytes, 1000);
	set_length(&falls, 7, length);
	return dht_frame_decode(falls.at, falls.nr, &timing, frame);
}

/*
 * Tries every checksum.  Only the checksum of the expected bit is valid.  If
 * the length is not that of a bit, no checksum is valid.
 */
static void dht_frame_test_decode_length_of_a_bit(struct kunit *test)
{
	const struct length_case *param = test->param_value;
	struct dht_frame frame = {};
	int sum;

	for (sum = 0; sum <= U8_MAX; sum++) {
		KUNIT_EXPECT_EQ_MSG(test,
				    decode_length(param->length, sum, &frame),
				    sum == param->bit ? 0 : -EIO, "sum %d",
				    sum);
	}
	KUNIT_EXPECT_EQ(test, frame.humidity, param->bit == 1);
	KUNIT_EXPECT_EQ(test, frame.temperature, 0);
}

static void dht_frame_test_decode_length_of_the_last_bit(struct kunit *test)
{
	const struct length_case *param = test->param_value;
	const u8 bytes[] = { 0, 0, 0, 0, 0 };
	struct falls falls;

	send_bytes(&falls, bytes, 1000);
	set_length(&falls, 39, param->length);
	expect_decoded(test, &falls, param->bit ? -EIO : 0, 0, 0);
}

static void dht_frame_test_decode_without_the_first_fall(struct kunit *test)
{
	struct falls falls;

	send_bytes(&falls, sample, 1000);
	drop_fall(&falls, 0);
	expect_decoded(test, &falls, 0, 53, 24);
}

static void dht_frame_test_decode_answer_of_any_length(struct kunit *test)
{
	struct falls falls;

	send_bytes(&falls, sample, 1000);
	falls.at[0] = falls.at[1];
	expect_decoded(test, &falls, 0, 53, 24);
	falls.at[0] = 0;
	expect_decoded(test, &falls, 0, 53, 24);
}

/*
 * With fewer than DHT_FRAME_MIN_FALLS edges, decoding fails and does not set
 * the frame.
 */
static void dht_frame_test_decode_too_few_falls(struct kunit *test)
{
	struct falls falls;
	u32 nr;

	send_bytes(&falls, sample, 1000);
	for (nr = 0; nr < DHT_FRAME_MIN_FALLS; nr++) {
		falls.nr = nr;
		expect_decoded(test, &falls, -ETIMEDOUT, 0, 0);
	}
	KUNIT_EXPECT_EQ(test, dht_frame_decode(NULL, 0, &timing, NULL),
			-ETIMEDOUT);
}

static void dht_frame_test_decode_missing_fall(struct kunit *test)
{
	struct falls falls;
	u32 nr;

	for (nr = 2; nr < DHT_FRAME_MAX_FALLS - 1; nr++) {
		send_bytes(&falls, sample, 1000);
		drop_fall(&falls, nr);
		expect_decoded(test, &falls, -EIO, 0, 0);
	}
}

static void dht_frame_test_decode_fall_too_many(struct kunit *test)
{
	struct falls falls;
	u32 nr;

	for (nr = 0; nr < DHT_FRAME_MAX_FALLS - 1; nr++) {
		send_bytes(&falls, sample, 1000);
		insert_fall(&falls, nr);
		expect_decoded(test, &falls, -EIO, 0, 0);

		/*
		 * Without edge 0, the number of edges is valid, but the edges
		 * are not a frame, unless the inserted edge has replaced edge
		 * 0.
		 */
		drop_fall(&falls, 0);
		if (nr)
			expect_decoded(test, &falls, -EIO, 0, 0);
	}
	falls.nr = U32_MAX;
	expect_decoded(test, &falls, -EIO, 0, 0);
}

/*
 * Frames of random bytes are decoded.  A frame with one wrong bit has a wrong
 * checksum.
 */
static void dht_frame_test_random_bytes(struct kunit *test)
{
	struct rnd_state rnd;
	struct falls falls;
	u8 bytes[NR_BYTES];
	u32 op;

	prandom_seed_state(&rnd, RANDOM_SEED);
	for (op = 0; op < RANDOM_OPS; op++) {
		prandom_bytes_state(&rnd, bytes, sizeof(bytes));
		bytes[4] = bytes[0] + bytes[1] + bytes[2] + bytes[3];
		send_bytes(&falls, bytes, prandom_u32_state(&rnd));
		expect_decoded(test, &falls, 0, bytes[0], bytes[2]);

		bytes[op % NR_BYTES] ^= 1 << op % 8;
		send_bytes(&falls, bytes, prandom_u32_state(&rnd));
		expect_decoded(test, &falls, -EIO, 0, 0);
	}
}

/*
 * A frame may have a wrong checksum, a bit of a random length, a missing edge,
 * or several of these.
 */
static void dht_frame_test_random_against_model(struct kunit *test)
{
	struct dht_frame model = {};
	struct rnd_state rnd;
	struct falls falls;
	u8 bytes[NR_BYTES];
	u32 op;
	int ret;

	prandom_seed_state(&rnd, RANDOM_SEED);
	for (op = 0; op < RANDOM_OPS; op++) {
		prandom_bytes_state(&rnd, bytes, sizeof(bytes));
		if (op % 8)
			bytes[4] = bytes[0] + bytes[1] + bytes[2] + bytes[3];
		send_bytes(&falls, bytes, prandom_u32_state(&rnd));
		if (op % 2)
			set_length(&falls, prandom_u32_state(&rnd) % 40,
				   prandom_u32_state(&rnd) % 160);
		if (prandom_u32_state(&rnd) % 2)
			drop_fall(&falls, prandom_u32_state(&rnd) % falls.nr);

		ret = dht_frame_model_decode(falls.at, falls.nr, &timing, &model);
		expect_decoded(test, &falls, ret, model.humidity, model.temperature);
	}
}

static struct kunit_case dht_frame_test_cases[] = {
	KUNIT_CASE_PARAM(dht_frame_test_decode_bytes, bytes_gen_params),
	KUNIT_CASE_PARAM(dht_frame_test_decode_length_of_a_bit, length_gen_params),
	KUNIT_CASE_PARAM(dht_frame_test_decode_length_of_the_last_bit,
			 length_gen_params),
	KUNIT_CASE(dht_frame_test_decode_without_the_first_fall),
	KUNIT_CASE(dht_frame_test_decode_answer_of_any_length),
	KUNIT_CASE(dht_frame_test_decode_too_few_falls),
	KUNIT_CASE(dht_frame_test_decode_missing_fall),
	KUNIT_CASE(dht_frame_test_decode_fall_too_many),
	KUNIT_CASE(dht_frame_test_random_bytes),
	KUNIT_CASE(dht_frame_test_random_against_model),
	{}
};

static struct kunit_suite dht_frame_test_suite = {
	.name = "dht_frame",
	.test_cases = dht_frame_test_cases,
};

kunit_test_suite(dht_frame_test_suite);
