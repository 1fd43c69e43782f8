/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Deque protocol - messages that fill the deque of a file, and answers from it
 *
 * A program writes messages to the file and reads answers from it:
 *
 *	first message	1 byte	the capacity, 1..DEQUE_PROTO_MAX_CAPACITY
 *	later messages	4 bytes	a value: an odd one is pushed left, an even one is
 *				pushed right
 *	each answer	4 bytes	the leftmost value
 *
 * A value has the CPU's byte order, as an int of the program has.  So the bytes
 * 1 0 0 0 are an odd value on a little-endian CPU, and an even one on a big-endian
 * CPU, and the bytes of an answer are always those of the message.
 *
 * The deque is zeroed at first, so it has no capacity.  The first message takes
 * two calls, because the ring depends on the capacity: deque_proto_write()
 * returns the capacity, and the caller then calls deque_init() with a ring of
 * roundup_pow_of_two() slots, which the caller owns.
 *
 * An answer takes two calls too, so that a value stays in the deque if it cannot
 * be copied to the reader: the caller calls deque_proto_peek(), copies the value,
 * and then calls deque_proto_pop().
 *
 * Nothing here allocates, locks or sleeps.  The caller holds one lock for all
 * calls on a deque, and does not release it between two such calls.  A function
 * that returns an error or a capacity has changed nothing.
 */
#ifndef _MODPROOF_DEQUE_PROTO_H
#define _MODPROOF_DEQUE_PROTO_H

#include <linux/types.h>

#include "deque.h"

#define DEQUE_PROTO_MAX_CAPACITY	100
#define DEQUE_PROTO_MAX_LEN		sizeof(s32)

int deque_proto_write(struct deque *dq, const void *msg, size_t len);
int deque_proto_peek(const struct deque *dq, size_t len, s32 *value);
void deque_proto_pop(struct deque *dq);

#endif /* _MODPROOF_DEQUE_PROTO_H */
