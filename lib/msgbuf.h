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
 * The message has no terminator and may contain bytes of any value.  To read
 * it, call memory_read_from_buffer() with @data and @length.  The kernel has no
 * such function for writing: simple_write_to_buffer() takes a pointer to user
 * memory, does not know the length of the message, allows overwriting and
 * holes, and returns 0 if no byte fits.
 *
 * Nothing here allocates, locks or sleeps.  The caller serialises the calls for
 * a message:
 *
 *		     |  set, write  |  byte, copy_string, read @data and @length
 *   set, write      |      L       |                     L
 *   byte, ...       |              |                     -
 *
 * "L" means that the caller holds one lock during both calls; "-" means that no
 * lock is needed.  A function that returns an error has changed nothing.
 */
#ifndef _MODPROOF_MSGBUF_H
#define _MODPROOF_MSGBUF_H

#include <linux/types.h>

/*
 * This struct is not named msgbuf, because the kernel has a struct msgbuf
 * already, for System V messages.
 */

/**
 * struct msgbuf_message - a message and the memory for it
 * @data: the bytes, owned by the caller
 * @capacity: size of @data in bytes, 1 or more
 * @length: length of the message in bytes, 0..@capacity
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
