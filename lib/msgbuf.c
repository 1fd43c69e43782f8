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
 * @room: MSGBUF_ROOM(@capacity) bytes, which must outlive @msg
 * @capacity: the largest length of the message in bytes, 1..INT_MAX
 */
void msgbuf_init(struct msgbuf_message *msg, char *room, size_t capacity)
{
	*msg = (struct msgbuf_message){
		.data = room,
		.spare = room + capacity + 1,
		.capacity = capacity,
	};
}

/**
 * msgbuf_begin() - Find the place for bytes of a new message or of an append.
 * @msg: the message
 * @len: number of bytes to write
 * @offset: offset to write at: 0 for a new message, or the length of the
 *	message to append to it
 * @place: set to the place, if the result is more than 0
 *
 * The caller puts bytes there and calls msgbuf_end(), or it calls neither that
 * nor any other function, if it has no bytes: the message has not changed.
 *
 * Return: the number of bytes that fit, 0..@len, -EINVAL if @offset is neither 0
 * nor the length of the message, or -ENOSPC if no byte fits.
 */
ssize_t msgbuf_begin(const struct msgbuf_message *msg, size_t len, u64 offset,
		     char **place)
{
	size_t room;

	if (offset && offset != msg->length)
		return -EINVAL;
	if (!len)
		return 0;

	room = msg->capacity - offset;
	if (!room)
		return -ENOSPC;

	*place = offset ? msg->data + offset : msg->spare;
	return min(len, room);
}

/**
 * msgbuf_end() - Make bytes a new message, or a part of the message.
 * @msg: the message
 * @place: @spare for a new message, or where msgbuf_begin() has said
 * @len: number of bytes at @place, 0..capacity or as many as msgbuf_begin() has
 *	said
 */
void msgbuf_end(struct msgbuf_message *msg, char *place, size_t len)
{
	if (place == msg->spare) {
		msg->spare = msg->data;
		msg->data = place;
	}
	msg->length = place + len - msg->data;
	msg->string_length = -1;
}

/**
 * msgbuf_set() - Replace the message.
 * @msg: the message
 * @src: bytes of the new message
 * @len: number of bytes in @src, 0..capacity
 */
void msgbuf_set(struct msgbuf_message *msg, const void *src, size_t len)
{
	memcpy(msg->spare, src, len);
	msgbuf_end(msg, msg->spare, len);
}

/**
 * msgbuf_write() - Start a new message, or append to the message.
 * @msg: the message
 * @src: bytes to write
 * @len: number of bytes in @src
 * @offset: offset to write at, as in msgbuf_begin()
 *
 * Return: the number of bytes written, 0..@len, or an error of msgbuf_begin().
 */
ssize_t msgbuf_write(struct msgbuf_message *msg, const void *src, size_t len,
		     u64 offset)
{
	char *place;
	ssize_t ret;

	ret = msgbuf_begin(msg, len, offset, &place);
	if (ret > 0) {
		memcpy(place, src, ret);
		msgbuf_end(msg, place, ret);
	}
	return ret;
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
 * msgbuf_string_length() - Get the length of a message up to its first NUL.
 * @msg: the message
 *
 * Puts a NUL after the message, so @data is a string of this length until the
 * next write begins.  The length is computed once for each message.
 *
 * Return: the length, 0..the length of the message.
 */
size_t msgbuf_string_length(struct msgbuf_message *msg)
{
	msg->data[msg->length] = '\0';
	if (msg->string_length < 0)
		msg->string_length = strlen(msg->data);
	return msg->string_length;
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
