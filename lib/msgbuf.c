// SPDX-License-Identifier: GPL-2.0
/*
 * Message buffer - one bounded message, and what a write at an offset does
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "msgbuf.h"

/**
 * msgbuf_init() - Make an empty message.
 * @msg: the message
 * @data: memory for the message, which must outlive @msg
 * @capacity: size of @data in bytes, 1..INT_MAX
 */
void msgbuf_init(struct msgbuf_message *msg, char *data, size_t capacity)
{
	*msg = (struct msgbuf_message){ .data = data, .capacity = capacity };
}

/**
 * msgbuf_set() - Replace the message.
 * @msg: the message
 * @src: bytes of the new message, which do not overlap the old one
 * @len: number of bytes in @src, 0..capacity
 */
void msgbuf_set(struct msgbuf_message *msg, const void *src, size_t len)
{
	memcpy(msg->data, src, len);
	msg->length = len;
}

/**
 * msgbuf_write() - Start a new message, or append to the message.
 * @msg: the message
 * @src: bytes to write, which do not overlap the message
 * @len: number of bytes in @src
 * @offset: offset to write at: 0 for a new message, or the length of the
 *	message to append to it
 *
 * Return: the number of bytes written, 0..@len, -EINVAL if @offset is neither 0
 * nor the length of the message, or -ENOSPC if no byte fits.
 */
int msgbuf_write(struct msgbuf_message *msg, const void *src, size_t len,
		 u64 offset)
{
	size_t room;

	if (offset && offset != msg->length)
		return -EINVAL;
	if (!len)
		return 0;

	room = msg->capacity - offset;
	if (!room)
		return -ENOSPC;
	len = min(len, room);

	memcpy(msg->data + offset, src, len);
	msg->length = offset + len;
	return len;
}

/**
 * msgbuf_byte() - Get one byte of a message.
 * @msg: the message
 * @index: index of the byte, 0..capacity
 *
 * Return: the byte, 0..255, 0 if @index is past the end of the message, or
 * -EINVAL if @index is more than the capacity.
 */
int msgbuf_byte(const struct msgbuf_message *msg, unsigned long index)
{
	if (index > msg->capacity)
		return -EINVAL;
	if (index >= msg->length)
		return 0;
	return (unsigned char)msg->data[index];
}

/**
 * msgbuf_copy_string() - Copy a message, up to its first NUL, as a string.
 * @msg: the message
 * @text: room for capacity + 1 bytes, which do not overlap the message
 *
 * Return: the length of @text without its terminator, 0..capacity.
 */
size_t msgbuf_copy_string(const struct msgbuf_message *msg, char *text)
{
	size_t len = strnlen(msg->data, msg->length);

	memcpy(text, msg->data, len);
	text[len] = '\0';
	return len;
}

/**
 * msgbuf_line_length() - Compute how much of a text to log as one line.
 * @text: the text, without a terminator
 * @len: its length in bytes
 *
 * A text that echo writes ends with a newline.  This newline is not logged,
 * because each line of the log already ends with a newline.
 *
 * Return: @len, or @len - 1 if the last byte is a newline.
 */
size_t msgbuf_line_length(const char *text, size_t len)
{
	return len && text[len - 1] == '\n' ? len - 1 : len;
}
