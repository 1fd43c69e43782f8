// SPDX-License-Identifier: GPL-2.0
/*
 * Push button target - debounce readings of a line, compared with a model
 */
#include "fuzz.h"
#include "pushbutton.h"
#include "pushbutton_model.h"

int fuzz_target(const u8 *data, size_t size)
{
	struct input in = { .next = data, .left = size };
	const bool is_high = input_u8(&in) & 1;
	const u64 bounce = input_u8(&in) % 8;
	struct pushbutton_model model;
	struct pushbutton button;
	u64 at = input_u32(&in) - 1000ULL;
	u8 op;

	pushbutton_init(&button, bounce, is_high);
	pushbutton_model_init(&model, bounce, is_high, at);
	while (in.left && model.nr < PUSHBUTTON_MODEL_MAX_LOOKS) {
		op = input_u8(&in);
		at += op >> 1 & 15;
		expect_eq(pushbutton_look(&button, op & 1, at),
			  pushbutton_model_look(&model, op & 1, at), "press");
	}
	return 0;
}
