// SPDX-License-Identifier: GPL-2.0
/*
 * Deque protocol target - messages and answers, compared with a model
 */
#include <linux/log2.h>
#include <stdint.h>

#include "deque.h"
#include "deque_model.h"
#include "deque_proto.h"
#include "deque_proto_model.h"
#include "fuzz.h"

/* Returns mostly the length of a value, sometimes more than all of memory. */
static size_t input_length(struct input *in)
{
	const u8 byte = input_u8(in);

	if (byte >= 0xf0)
		return SIZE_MAX / 2 + byte;
	return byte >= 0x20 ? 4 : byte;
}

/*
 * deque_proto_write() must reject a huge message before it reads the message,
 * so this allocates no memory for a huge message.
 */
static void write_message(struct deque *dq, struct deque_model *model,
			  s32 **slots, struct input *in)
{
	const size_t len = input_length(in);
	const size_t room = len > 0x20 ? 0 : len;
	const struct deque before = *dq;
	u8 *memory = exactly(room + 1);
	u8 *msg = memory + 1;
	int ret;

	input_bytes(in, msg, room);
	ret = deque_proto_write(dq, msg, len);
	if (ret)
		expect_eq(memcmp(dq, &before, sizeof(before)), 0, "change by no value");
	if (ret > 0) {
		*slots = exactly(roundup_pow_of_two(ret) * sizeof(**slots));
		ret = deque_init(dq, *slots, roundup_pow_of_two(ret), ret);
	}
	expect_eq(ret, deque_proto_model_write(model, msg, len), "result of write");
	free(memory);
}

static void read_answer(struct deque *dq, struct deque_model *model,
			struct input *in)
{
	const bool deliver = input_u8(in) & 1;
	const size_t len = input_length(in);
	const struct deque before = *dq;
	s32 got = 42, want = 42;
	const int err = deque_proto_peek(dq, len, &got);

	expect_eq(err, deque_proto_model_peek(model, len, &want), "result of peek");
	expect_eq(got, want, "answer");
	expect_eq(memcmp(dq, &before, sizeof(before)), 0, "change by peek");
	if (!err && deliver) {
		deque_proto_pop(dq);
		deque_proto_model_pop(model);
	}
}

int fuzz_target(const u8 *data, size_t size)
{
	struct input in = { .next = data, .left = size };
	struct deque_model model = {};
	struct deque dq = {};
	s32 *slots = NULL;

	while (in.left) {
		if (input_u8(&in) % 4)
			write_message(&dq, &model, &slots, &in);
		else
			read_answer(&dq, &model, &in);
		expect_eq(dq.capacity, model.capacity, "capacity");
		expect_eq(deque_length(&dq), model.length, "length");
	}
	free(slots);
	return 0;
}
