// SPDX-License-Identifier: GPL-2.0
/*
 * Opener target - claims and releases by visitors, compared with a model
 */
#include <errno.h>

#include "fuzz.h"
#include "opener.h"

#define NR_VISITORS	8

struct model {
	bool in[NR_VISITORS];
	bool shut;
};

static int model_claim(struct model *model, u32 visitor)
{
	u32 i;

	if (model->shut)
		return -ENOENT;
	for (i = 0; i < NR_VISITORS; i++) {
		if (model->in[i])
			return -EBUSY;
	}
	model->in[visitor] = true;
	return 0;
}

static void come(struct opener *opener, struct model *model, u32 visitor)
{
	const struct opener before = *opener;
	const int err = opener_claim(opener);

	expect_eq(err, model_claim(model, visitor), "result of claim");
	if (err)
		expect_eq(memcmp(opener, &before, sizeof(before)), 0, "change by an error");
}

static void go(struct opener *opener, struct model *model, u32 visitor)
{
	if (!model->in[visitor])
		return;
	opener_release(opener);
	model->in[visitor] = false;
}

static void operate(struct opener *opener, struct model *model,
		    struct input *in)
{
	const u8 op = input_u8(in);
	const u32 visitor = op % NR_VISITORS;

	if (op >= 0xf8) {
		opener_shut(opener);
		model->shut = true;
	} else if (op & 0x80) {
		go(opener, model, visitor);
	} else {
		come(opener, model, visitor);
	}
}

static void compare(const struct opener *opener, const struct model *model)
{
	u32 i, nr_in = 0;

	for (i = 0; i < NR_VISITORS; i++)
		nr_in += model->in[i];
	expect_eq(opener->is_held, nr_in, "visitors in");
	expect_eq(opener->is_shut, model->shut, "is_shut");
}

int fuzz_target(const u8 *data, size_t size)
{
	struct input in = { .next = data, .left = size };
	struct model model = {};
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
