/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Message buffer model - one bounded message that is copied byte by byte
 *
 * All bytes after the message are NUL.  So the model needs no special case for
 * a byte past the end of the message, nor for the end of the string in it.
 */
#ifndef _MODPROOF_MSGBUF_MODEL_H
#define _MODPROOF_MSGBUF_MODEL_H

#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#define MSGBUF_MODEL_MAX_CAPACITY	32

/**
 * struct msgbuf_model - a message
 * @bytes: the message and NULs after it
 * @length: bytes the message has, 0..@capacity
 * @capacity: largest length of the message, 1..MSGBUF_MODEL_MAX_CAPACITY
 */
struct msgbuf_model {
	char bytes[MSGBUF_MODEL_MAX_CAPACITY + 1];
	size_t length;
	size_t capacity;
};

/* Cuts the message after its first @length bytes. */
static inline void msgbuf_model_cut(struct msgbuf_model *model, size_t length)
{
	model->length = length;
	memset(&model->bytes[length], 0, sizeof(model->bytes) - length);
}

static inline int msgbuf_model_write(struct msgbuf_model *model, const char *src,
				     size_t len, u64 offset)
{
	size_t i;

	if (offset != 0 && offset != model->length)
		return -EINVAL;
	if (len == 0)
		return 0;
	if (offset == model->capacity)
		return -ENOSPC;

	msgbuf_model_cut(model, offset);
	for (i = 0; i < len && model->length < model->capacity; i++)
		model->bytes[model->length++] = src[i];
	return i;
}

static inline void msgbuf_model_set(struct msgbuf_model *model, const char *src,
				    size_t len)
{
	msgbuf_model_cut(model, 0);
	msgbuf_model_write(model, src, len, 0);
}

static inline int msgbuf_model_byte(const struct msgbuf_model *model,
				    unsigned long index)
{
	return index > model->capacity ? -EINVAL : (u8)model->bytes[index];
}

#endif /* _MODPROOF_MSGBUF_MODEL_H */
