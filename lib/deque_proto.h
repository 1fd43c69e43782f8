/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Deque protocol - messages that fill the deque of a file, and answers from it
 *
 * A program writes messages to the file and reads answers from it:
 *
 *	first message	1 byte	the capacity, 1..DEQUE_PROTO_MAX_CAPACITY
 *	later messages	4 bytes	a value, in the CPU's byte order: an odd one is
 *				pushed left, an even one is pushed right
 *	each answer	4 bytes	the leftmost value
 *
 * An answer takes two calls, so that a value stays in the deque if it cannot be
 * copied to the reader: the caller calls deque_proto_peek(), copies the value,
 * and then calls deque_proto_pop().
 *
 * Nothing here allocates, because the ring is part of struct deque_proto.
 * Nothing locks either: the caller holds one lock for all calls on a deque.
 * A function that returns an error has changed nothing.
 */
#ifndef _MODPROOF_DEQUE_PROTO_H
#define _MODPROOF_DEQUE_PROTO_H

#include <linux/types.h>

#include "deque.h"

#define DEQUE_PROTO_MAX_CAPACITY	100
#define DEQUE_PROTO_NR_SLOTS		128
#define DEQUE_PROTO_MAX_LEN		sizeof(s32)

/**
 * struct deque_proto - a deque and its ring
 * @dq: the deque, with capacity 0 until the first message sets the capacity
 * @slots: its ring
 */
struct deque_proto {
	struct deque dq;
	s32 slots[DEQUE_PROTO_NR_SLOTS];
};

void deque_proto_init(struct deque_proto *proto);
int deque_proto_write(struct deque_proto *proto, const void *msg, size_t len);
int deque_proto_peek(const struct deque_proto *proto, size_t len, s32 *value);
void deque_proto_pop(struct deque_proto *proto);

#endif /* _MODPROOF_DEQUE_PROTO_H */
