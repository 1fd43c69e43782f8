/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Push button model - which edges of a line that bounces are presses
 *
 * It keeps all looks at the line and searches them for the beginning of the
 * burst, where the part keeps only what it derived from them.
 */
#ifndef _MODPROOF_PUSHBUTTON_MODEL_H
#define _MODPROOF_PUSHBUTTON_MODEL_H

#include <linux/types.h>

#define PUSHBUTTON_MODEL_MAX_LOOKS	64

/**
 * struct pushbutton_model - all looks at a line
 * @bounce: debounce time
 * @nr: number of looks, 1..PUSHBUTTON_MODEL_MAX_LOOKS
 * @looks: the looks; the first one is the level when debouncing starts
 * @looks.at: time of a look
 * @looks.is_high: level of the line
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

/* Returns the first look of the burst that the last look belongs to. */
static inline int pushbutton_model_find_burst(const struct pushbutton_model *model)
{
	int i = model->nr - 1;

	while (i > 1 && model->looks[i].at - model->looks[i - 1].at < model->bounce)
		i--;
	return i;
}

/* A press is the first high level of a burst, if the line was low before it. */
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
