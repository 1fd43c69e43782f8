// SPDX-License-Identifier: GPL-2.0
/*
 * Deque protocol - messages that fill the deque of a file, and answers from it
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "deque.h"
#include "deque_proto.h"

static int write_capacity(struct deque_proto *proto, const u8 *msg, size_t len)
{
	if (len != sizeof(*msg) || *msg > DEQUE_PROTO_MAX_CAPACITY)
		return -EINVAL;

	return deque_init(&proto->dq, proto->slots, DEQUE_PROTO_NR_SLOTS, *msg);
}

static int write_value(struct deque_proto *proto, const void *msg, size_t len)
{
	s32 value;
	int err;

	if (len != sizeof(value))
		return -EINVAL;

	memcpy(&value, msg, sizeof(value));
	if (value & 1)
		err = deque_push_left(&proto->dq, value);
	else
		err = deque_push_right(&proto->dq, value);
	return err ? -EACCES : 0;
}

/**
 * deque_proto_init() - Make a deque that has no capacity yet.
 * @proto: the deque
 */
void deque_proto_init(struct deque_proto *proto)
{
	memset(proto, 0, sizeof(*proto));
}

/**
 * deque_proto_write() - Process one message that was written to the file.
 * @proto: the deque
 * @msg: the message, which may have any alignment
 * @len: its length in bytes
 *
 * The errors are those that the documentation of /proc/full_ex states.
 *
 * Return: 0, -EINVAL if the length or the capacity is wrong, or -EACCES if the
 * deque is full.
 */
int deque_proto_write(struct deque_proto *proto, const void *msg, size_t len)
{
	if (!proto->dq.capacity)
		return write_capacity(proto, msg, len);

	return write_value(proto, msg, len);
}

/**
 * deque_proto_peek() - Read the next answer and leave it in the deque.
 * @proto: the deque
 * @len: size of the reader's buffer, in bytes
 * @value: set to the answer
 *
 * Return: 0, -EINVAL if @len is too small for an answer, or -EACCES if the
 * deque is empty or has no capacity yet.
 */
int deque_proto_peek(const struct deque_proto *proto, size_t len, s32 *value)
{
	if (len < sizeof(*value))
		return -EINVAL;

	return deque_peek_left(&proto->dq, value) ? -EACCES : 0;
}

/**
 * deque_proto_pop() - Remove the answer that was read last.
 * @proto: the deque, on which deque_proto_peek() has just succeeded
 */
void deque_proto_pop(struct deque_proto *proto)
{
	s32 delivered;

	deque_pop_left(&proto->dq, &delivered);
}
