/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Deque model - a double-ended queue as an array whose values shift
 *
 * The leftmost value is always the first value of the array.  So a push or a
 * pop at the left moves all other values.  Unlike lib/deque.h, the model has
 * neither indices that wrap nor a mask.
 */
#ifndef _MODPROOF_DEQUE_MODEL_H
#define _MODPROOF_DEQUE_MODEL_H

#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#define DEQUE_MODEL_MAX_CAPACITY	128

/**
 * struct deque_model - the values of a deque
 * @values: the values, the leftmost one first
 * @length: number of values, 0..@capacity
 * @capacity: largest number of values, 0..DEQUE_MODEL_MAX_CAPACITY
 */
struct deque_model {
	s32 values[DEQUE_MODEL_MAX_CAPACITY];
	u32 length;
	u32 capacity;
};

static inline int deque_model_push(struct deque_model *model, bool is_left,
				   s32 value)
{
	const u32 i = is_left ? 0 : model->length;

	if (model->length == model->capacity)
		return -ENOSPC;

	memmove(&model->values[i + 1], &model->values[i],
		(model->length - i) * sizeof(value));
	model->values[i] = value;
	model->length++;
	return 0;
}

static inline int deque_model_peek(const struct deque_model *model, bool is_left,
				   s32 *value)
{
	if (!model->length)
		return -ENODATA;

	*value = model->values[is_left ? 0 : model->length - 1];
	return 0;
}

static inline int deque_model_pop(struct deque_model *model, bool is_left,
				  s32 *value)
{
	const int err = deque_model_peek(model, is_left, value);

	if (err)
		return err;

	model->length--;
	if (is_left)
		memmove(&model->values[0], &model->values[1],
			model->length * sizeof(*value));
	return 0;
}

#endif /* _MODPROOF_DEQUE_MODEL_H */
