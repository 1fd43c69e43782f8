/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Push button model - find the edges of a bouncing line that are presses
 *
 * A look is one reading of the line: its time, and the level that was read.
 * The model keeps all looks and searches them for the beginning of a burst.
 * lib/pushbutton.c keeps only the last look and a flag.
 */
#ifndef _MODPROOF_PUSHBUTTON_MODEL_H
#define _MODPROOF_PUSHBUTTON_MODEL_H

#include <linux/types.h>

#define PUSHBUTTON_MODEL_MAX_LOOKS	64

/**
 * struct pushbutton_model - all readings of a line
 * @bounce: debounce time
 * @nr: number of looks, 1..PUSHBUTTON_MODEL_MAX_LOOKS
 * @looks: the looks; the first look is the level when debouncing starts
 * @looks.at: time of the look
 * @looks.is_high: true if the line was read as high
 */
struct pushbutton_model {
	u64 bounce;
	int nr;
	struct {
		u64 at;
		bool is_high;
	} looks[PUSHBUTTON_MODEL_MAX_LOOKS];
};

static inline void pushbutton_model_add(struct pushbutton_model *model,
					bool is_high, u64 now)
{
	model->looks[model->nr].at = now;
	model->looks[model->nr].is_high = is_high;
	model->nr++;
}

static inline void pushbutton_model_init(struct pushbutton_model *model,
					 u64 bounce, bool is_high, u64 now)
{
	model->bounce = bounce;
	model->nr = 0;
	pushbutton_model_add(model, is_high, now);
}

/*
 * Returns the index of the first look of the burst to which the last look
 * belongs.
 */
static inline int pushbutton_model_find_burst(const struct pushbutton_model *model)
{
	int i = model->nr - 1;

	while (i > 1 && model->looks[i].at - model->looks[i - 1].at < model->bounce)
		i--;
	return i;
}

/*
 * Adds a look.  It is a press if it is the first look of its burst that reads
 * high, and the line was low before the burst.
 */
static inline bool pushbutton_model_look(struct pushbutton_model *model,
					 bool is_high, u64 now)
{
	int i;

	pushbutton_model_add(model, is_high, now);
	i = pushbutton_model_find_burst(model);
	if (model->looks[i - 1].is_high)
		return false;
	while (i < model->nr - 1 && !model->looks[i].is_high)
		i++;
	return i == model->nr - 1 && is_high;
}

#endif /* _MODPROOF_PUSHBUTTON_MODEL_H */
