/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Message buffer - one bounded message, and what a write at an offset does
 *
 *	offset 0		starts a new message
 *	offset at the end	appends to the message
 *	any other offset	is an error: it would overwrite a part, or
 *				leave a hole
 *
 * So a program that writes its message in pieces, as stdio and dd do, writes
 * one message.  If only some of the bytes fit, the write is short; if no byte
 * fits, it returns -ENOSPC.  A write of zero bytes changes nothing.
 *
 * There is room for two messages.  The bytes of a new message are put into
 * @spare, and the bytes of an append after the end of the message.  So they can
 * be copied from a source that fails half-way, such as user memory, directly to
 * their place: the message is as before until msgbuf_end() makes them a part of
 * it.
 *
 *	write at 0	data  | h e l l o . |	spare | H I . . . . |
 *	msgbuf_end()	data  | H I . . . . |	spare | h e l l o . |
 *
 * The message may contain bytes of any value.  It has no terminator, but there
 * is room for one, see msgbuf_string_length().  To read it, access @data and
 * @length.  The kernel has no such function for writing:
 * simple_write_to_buffer() takes a pointer to user memory, does not know the
 * length of the message, allows overwriting and holes, and returns 0 if no byte
 * fits.
 *
 * Nothing here allocates, locks or sleeps.  The caller serialises the calls for
 * a message:
 *
 *		     |  set, write, begin to end, string_length  |  byte, read
 *   set, write, ... |                    L                      |      L
 *   byte, read      |                                           |      -
 *
 * "read" is to read @data and @length.  "L" means that the caller holds one lock
 * during both calls; "-" means that no lock is needed.  A function that returns
 * an error has changed nothing.
 */
#ifndef _MODPROOF_MSGBUF_H
#define _MODPROOF_MSGBUF_H

#include <linux/types.h>

/* The size of the memory for a message of at most @capacity bytes. */
#define MSGBUF_ROOM(capacity)	(2 * ((capacity) + 1))

/*
 * This struct is not named msgbuf, because the kernel has a struct msgbuf
 * already, for System V messages.
 */

/**
 * struct msgbuf_message - a message and the memory for it
 * @data: the message and one byte more, in memory that the caller owns
 * @spare: room for the next message, in memory that the caller owns
 * @capacity: the largest length of the message in bytes, 1 or more
 * @length: length of the message in bytes, 0..@capacity
 * @string_length: length of the message up to its first NUL, or -1 if
 *	msgbuf_string_length() has not computed it yet
 */
struct msgbuf_message {
	char *data;
	char *spare;
	size_t capacity;
	size_t length;
	ssize_t string_length;
};

void msgbuf_init(struct msgbuf_message *msg, char *room, size_t capacity);
ssize_t msgbuf_begin(const struct msgbuf_message *msg, size_t len, u64 offset,
		     char **place);
void msgbuf_end(struct msgbuf_message *msg, char *place, size_t len);
void msgbuf_set(struct msgbuf_message *msg, const void *src, size_t len);
ssize_t msgbuf_write(struct msgbuf_message *msg, const void *src, size_t len,
		     u64 offset);
int msgbuf_byte(const struct msgbuf_message *msg, unsigned long index);
size_t msgbuf_string_length(struct msgbuf_message *msg);
size_t msgbuf_line_length(const char *text, size_t len);

#endif /* _MODPROOF_MSGBUF_H */
