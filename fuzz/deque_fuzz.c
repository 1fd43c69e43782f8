// SPDX-License-Identifier: GPL-2.0
/*
 * Deque target - pushes and pops at both ends, compared with a model
 */
#include <errno.h>

#include "deque.h"
#include "deque_model.h"
#include "fuzz.h"

#define MAX_SLOTS	64

/* Returns mostly a small number, sometimes any number. */
static u32 input_size(struct input *in)
{
	const u8 byte = input_u8(in);

	return byte > 2 * MAX_SLOTS ? input_u32(in) : byte;
}

static bool size_is_valid(u32 nr_slots, u32 capacity)
{
	return __builtin_popcount(nr_slots) == 1 && capacity >= 1 &&
	       capacity <= nr_slots;
}

/*
 * Initialises a deque with a size from the input.  If the size is invalid or
 * too large to allocate, the deque stays zeroed.
 */
static s32 *begin(struct deque *dq, struct deque_model *model, struct input *in)
{
	const u32 nr_slots = input_size(in);
	const u32 capacity = input_size(in);
	const bool valid = size_is_valid(nr_slots, capacity);
	struct deque tried = {};
	s32 *slots = NULL;

	if (valid && nr_slots <= MAX_SLOTS)
		slots = exactly(nr_slots * sizeof(*slots));
	expect_eq(deque_init(&tried, slots, nr_slots, capacity),
		  valid ? 0 : -EINVAL, "result of init");
	if (slots) {
		model->capacity = capacity;
		*dq = tried;
		dq->left = input_u32(in);
		dq->right = dq->left;
	} else if (!valid) {
		expect_eq(memcmp(&tried, dq, sizeof(tried)), 0, "change by a refused init");
	}
	return slots;
}

static void operate(struct deque *dq, struct deque_model *model, struct input *in)
{
	const u8 op = input_u8(in);
	const bool left = op & 1;
	const bool push = op & 2;
	const s32 value = push ? (s32)input_u32(in) : 42;
	const struct deque before = *dq;
	s32 got = value, want = value;
	int err;

	if (push) {
		err = left ? deque_push_left(dq, value) : deque_push_right(dq, value);
		expect_eq(err, deque_model_push(model, left, value), "result of push");
	} else {
		err = left ? deque_pop_left(dq, &got) : deque_pop_right(dq, &got);
		expect_eq(err, deque_model_pop(model, left, &want), "result of pop");
		expect_eq(got, want, "value popped");
	}
	if (err)
		expect_eq(memcmp(dq, &before, sizeof(before)), 0, "change by an error");
}

static void compare(const struct deque *dq, const struct deque_model *model)
{
	s32 got = 42, want = 42;

	expect_eq(deque_length(dq), model->length, "length");
	expect_eq(deque_is_empty(dq), model->length == 0, "is_empty");
	expect_eq(deque_is_full(dq), model->length == model->capacity, "is_full");
	expect_eq(deque_peek_left(dq, &got), deque_model_peek(model, true, &want),
		  "result of peek_left");
	expect_eq(got, want, "leftmost value");
	expect_eq(deque_peek_right(dq, &got), deque_model_peek(model, false, &want),
		  "result of peek_right");
	expect_eq(got, want, "rightmost value");
}

int fuzz_target(const u8 *data, size_t size)
{
	struct input in = { .next = data, .left = size };
	struct deque_model model = {};
	struct deque dq = {};
	s32 *slots = begin(&dq, &model, &in);

	compare(&dq, &model);
	while (in.left) {
		operate(&dq, &model, &in);
		compare(&dq, &model);
	}
	free(slots);
	return 0;
}
