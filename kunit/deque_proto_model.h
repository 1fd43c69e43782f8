/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Deque protocol model - messages that fill a file's deque, and its answers
 *
 * The values are in a deque model.  The lengths and limits are those that the
 * documentation of /proc/full_ex states, not the macros of lib/deque_proto.h.
 */
#ifndef _MODPROOF_DEQUE_PROTO_MODEL_H
#define _MODPROOF_DEQUE_PROTO_MODEL_H

#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "deque_model.h"

static inline int deque_proto_model_write(struct deque_model *model,
					  const u8 *msg, size_t len)
{
	s32 value;

	if (!model->capacity) {
		if (len != 1 || msg[0] < 1 || msg[0] > 100)
			return -EINVAL;
		model->capacity = msg[0];
		return 0;
	}
	if (len != 4)
		return -EINVAL;

	memcpy(&value, msg, 4);
	return deque_model_push(model, value % 2 != 0, value) ? -EACCES : 0;
}

static inline int deque_proto_model_peek(const struct deque_model *model,
					 size_t len, s32 *value)
{
	if (len < 4)
		return -EINVAL;
	return deque_model_peek(model, true, value) ? -EACCES : 0;
}

static inline void deque_proto_model_pop(struct deque_model *model)
{
	s32 value;

	deque_model_pop(model, true, &value);
}

#endif /* _MODPROOF_DEQUE_PROTO_MODEL_H */
