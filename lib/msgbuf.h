/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Message buffer - one bounded message, and what a write at an offset does to it
 *
 *	offset 0		starts a new message
 *	offset at the end	appends to the message
 *	any other offset	is an error: no overwriting inside it, no holes
 *
 * So a program that writes its message in pieces, as stdio and dd do, writes one
 * message.  If only a part fits, the write is short; if nothing fits, the error
 * is -ENOSPC.  A write of zero bytes changes nothing.
 *
 * The message is bytes: it has no terminator and may hold any value.  Reading
 * is memory_read_from_buffer() over @data and @length.  The kernel has no such
 * function for writing: simple_write_to_buffer() takes a user's pointer, has no
 * length of the message, allows overwriting and holes, and returns 0 if nothing
 * fits.
 *
 * Nothing here allocates, locks or sleeps.  The caller serialises:
 *
 *		     |  set, write  |  byte, copy_string, read @data and @length
 *   set, write      |      L       |                     L
 *   byte, ...       |              |                     -
 *
 * "L" needs a lock around both, "-" needs none.  A function that returns an
 * error has changed nothing.
 */
#ifndef _MODPROOF_MSGBUF_H
#define _MODPROOF_MSGBUF_H

#include <linux/types.h>

/* The kernel has a struct msgbuf already, which is a System V message. */

/**
 * struct msgbuf_message - a message and the room for it
 * @data: the bytes, owned by the caller
 * @capacity: most bytes the message can have, 1 or more
 * @length: bytes it has, 0..@capacity
 */
struct msgbuf_message {
	char *data;
	size_t capacity;
	size_t length;
};

void msgbuf_init(struct msgbuf_message *msg, char *data, size_t capacity);
void msgbuf_set(struct msgbuf_message *msg, const void *src, size_t len);
int msgbuf_write(struct msgbuf_message *msg, const void *src, size_t len,
		 u64 offset);
int msgbuf_byte(const struct msgbuf_message *msg, unsigned long index);
size_t msgbuf_copy_string(const struct msgbuf_message *msg, char *text);
size_t msgbuf_line_length(const char *text, size_t len);

#endif /* _MODPROOF_MSGBUF_H */
