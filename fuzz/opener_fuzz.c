// SPDX-License-Identifier: GPL-2.0
/*
 * Opener target - claims and releases by several tasks, compared with a model
 */
#include "fuzz.h"
#include "opener.h"
#include "opener_model.h"

static void try_claim(struct opener *opener, struct opener_model *model, u32 task)
{
	const struct opener before = *opener;
	const int err = opener_claim(opener);

	expect_eq(err, opener_model_claim(model, task), "result of claim");
	if (err)
		expect_eq(memcmp(opener, &before, sizeof(before)), 0, "change by an error");
}

static void try_release(struct opener *opener, struct opener_model *model, u32 task)
{
	if (!model->has_open[task])
		return;
	opener_release(opener);
	model->has_open[task] = false;
}

static void operate(struct opener *opener, struct opener_model *model,
		    struct input *in)
{
	const u8 op = input_u8(in);
	const u32 task = op % OPENER_MODEL_NR_TASKS;

	if (op >= 0xf8) {
		opener_shut(opener);
		model->is_shut = true;
	} else if (op & 0x80) {
		try_release(opener, model, task);
	} else {
		try_claim(opener, model, task);
	}
}

static void compare(const struct opener *opener, const struct opener_model *model)
{
	expect_eq(opener->is_held, opener_model_count(model), "is_held");
	expect_eq(opener->is_shut, model->is_shut, "is_shut");
}

int fuzz_target(const u8 *data, size_t size)
{
	struct input in = { .next = data, .left = size };
	struct opener_model model = {};
	struct opener opener;

	memset(&opener, 0x5a, sizeof(opener));
	opener_init(&opener);
	compare(&opener, &model);
	while (in.left) {
		operate(&opener, &model, &in);
		compare(&opener, &model);
	}
	return 0;
}
