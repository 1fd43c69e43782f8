// SPDX-License-Identifier: GPL-2.0
/*
 * DHT frame target - falling edges, decoded by lib/dht_frame.c and by a model
 */
#include "dht_frame.h"
#include "dht_frame_model.h"
#include "fuzz.h"

#define POISON		0xa5
#define MAX_FALLS	(DHT_FRAME_MAX_FALLS + 3)
#define NR_BITS		40

static const struct dht_frame_timing timing = {
	.zero = 6,
	.one = 10,
	.end = 15,
};

static void compare(const u64 *falls, u32 nr)
{
	struct dht_frame frame = { POISON, POISON };
	struct dht_frame model = { POISON, POISON };
	/* One more byte, so that there is memory even without an edge. */
	u64 *memory = exactly(nr * sizeof(*falls) + 1);

	memcpy(memory, falls, nr * sizeof(*falls));
	expect_eq(dht_frame_decode(memory, nr, &timing, &frame),
		  dht_frame_model_decode(falls, nr, &timing, &model), "result");
	expect_eq(frame.humidity, model.humidity, "humidity");
	expect_eq(frame.temperature, model.temperature, "temperature");
	free(memory);
}

/* Makes a valid frame, which the caller may then change. */
static u32 input_frame(struct input *in, u64 *falls)
{
	u8 bytes[5];
	u32 i;

	input_bytes(in, bytes, 4);
	bytes[4] = bytes[0] + bytes[1] + bytes[2] + bytes[3];
	falls[0] = input_u32(in) - 500ULL;
	falls[1] = falls[0] + 16;
	for (i = 0; i < NR_BITS; i++)
		falls[i + 2] = falls[i + 1] +
			       (bytes[i / 8] & 0x80 >> i % 8 ? 12 : 8);
	return NR_BITS + 2;
}

/* Moves a falling edge and all edges after it. */
static void move_falls(struct input *in, u64 *falls, u32 nr)
{
	const u32 from = input_u8(in) % nr;
	const int by = input_u8(in) % 16 - 8;
	u32 i;

	for (i = from; i < nr; i++)
		falls[i] += by;
}

int fuzz_target(const u8 *data, size_t size)
{
	struct input in = { .next = data, .left = size };
	u64 falls[MAX_FALLS] = {};
	u32 skip, nr;
	u8 op;

	while (in.left) {
		nr = input_frame(&in, falls);
		op = input_u8(&in);
		if (op & 0x80)
			move_falls(&in, falls, nr);
		if (op & 0x40)
			move_falls(&in, falls, nr);
		skip = op & 0x20 ? op % 4 : 0;
		if (op & 0x10)
			nr = input_u8(&in) % (MAX_FALLS + 1);
		if (skip > nr)
			skip = nr;
		compare(falls + skip, nr - skip);
	}
	return 0;
}
