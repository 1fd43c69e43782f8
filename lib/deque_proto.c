// SPDX-License-Identifier: GPL-2.0
/*
 * Deque protocol - messages that fill the deque of a file, and answers from it
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "deque.h"
#include "deque_proto.h"

static int parse_capacity(const u8 *msg, size_t len)
{
	if (len != sizeof(*msg) || !*msg || *msg > DEQUE_PROTO_MAX_CAPACITY)
		return -EINVAL;

	return *msg;
}

static int write_value(struct deque *dq, const void *msg, size_t len)
{
	s32 value;
	int err;

	if (len != sizeof(value))
		return -EINVAL;

	memcpy(&value, msg, sizeof(value));
	if (value & 1)
		err = deque_push_left(dq, value);
	else
		err = deque_push_right(dq, value);
	return err ? -EACCES : 0;
}

/**
 * deque_proto_write() - Process one message that was written to the file.
 * @dq: the deque
 * @msg: the message, which may have any alignment
 * @len: its length in bytes
 *
 * The errors are those that the documentation of /proc/full_ex states.
 *
 * Return: 0, the capacity, 1..DEQUE_PROTO_MAX_CAPACITY, if the message sets it
 * and the caller is to call deque_init(), -EINVAL if the length or the capacity
 * is wrong, or -EACCES if the deque is full.
 */
int deque_proto_write(struct deque *dq, const void *msg, size_t len)
{
	if (!dq->capacity)
		return parse_capacity(msg, len);

	return write_value(dq, msg, len);
}

/**
 * deque_proto_peek() - Read the next answer and leave it in the deque.
 * @dq: the deque
 * @len: size of the reader's buffer, in bytes
 * @value: set to the answer
 *
 * Return: 0, -EINVAL if @len is too small for an answer, or -EACCES if the
 * deque is empty or has no capacity yet.
 */
int deque_proto_peek(const struct deque *dq, size_t len, s32 *value)
{
	if (len < sizeof(*value))
		return -EINVAL;

	return deque_peek_left(dq, value) ? -EACCES : 0;
}

/**
 * deque_proto_pop() - Remove the answer that was read last.
 * @dq: the deque, on which deque_proto_peek() has just succeeded
 */
void deque_proto_pop(struct deque *dq)
{
	s32 delivered;

	deque_pop_left(dq, &delivered);
}
