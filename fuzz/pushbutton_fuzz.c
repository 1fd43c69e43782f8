// SPDX-License-Identifier: GPL-2.0
/*
 * Push button target - looks at a line, compared with a model that keeps all
 */
#include "fuzz.h"
#include "pushbutton.h"

#define MAX_LOOKS	64

struct look {
	u64 at;
	bool is_high;
	bool is_press;
};

/* All looks at the line; the first one is the level at pushbutton_init(). */
struct model {
	u64 bounce;
	struct look looks[MAX_LOOKS];
	int nr;
};

static int model_find_burst(const struct model *model)
{
	int i = model->nr - 1;

	while (i > 0 && model->looks[i].at - model->looks[i - 1].at <
	       model->bounce)
		i--;
	return i;
}

/* A press is the first high level of a burst, if the line was low before it. */
static bool model_last_is_press(const struct model *model)
{
	const int begin = model_find_burst(model);
	const struct look *before = &model->looks[begin ? begin - 1 : 0];
	int i;

	for (i = begin ? begin : 1; i < model->nr - 1; i++) {
		if (model->looks[i].is_high)
			return false;
	}
	return !before->is_high && model->looks[model->nr - 1].is_high;
}

static void look(struct pushbutton *button, struct model *model, u64 at,
		 bool is_high)
{
	model->looks[model->nr++] = (struct look){ .at = at, .is_high = is_high };
	expect_eq(pushbutton_look(button, is_high, at),
		  model_last_is_press(model), "press");
}

int fuzz_target(const u8 *data, size_t size)
{
	struct input in = { .next = data, .left = size };
	const bool is_high = input_u8(&in) & 1;
	struct model model = { .bounce = input_u8(&in) % 8, .nr = 1 };
	struct pushbutton button;
	u64 at = input_u32(&in) - 1000ULL;
	u8 op;

	model.looks[0] = (struct look){ .at = at, .is_high = is_high };
	pushbutton_init(&button, model.bounce, is_high);
	while (in.left && model.nr < MAX_LOOKS) {
		op = input_u8(&in);
		at += op >> 1 & 15;
		look(&button, &model, at, op & 1);
	}
	return 0;
}
