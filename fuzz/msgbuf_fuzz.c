// SPDX-License-Identifier: GPL-2.0
/*
 * Message buffer target - writes, compared with a model that copies each byte
 */
#include <errno.h>
#include <stdint.h>

#include "fuzz.h"
#include "msgbuf.h"

#define MAX_CAPACITY	32
#define MAX_LEN		(2 * MAX_CAPACITY)

struct model {
	char bytes[MAX_CAPACITY];
	size_t length;
	size_t capacity;
};

static int model_write(struct model *model, const char *src, size_t len,
		       u64 offset)
{
	size_t i;

	if (offset != 0 && offset != model->length)
		return -EINVAL;
	if (len == 0)
		return 0;
	if (offset == model->capacity)
		return -ENOSPC;

	for (i = 0; i < len && offset + i < model->capacity; i++)
		model->bytes[offset + i] = src[i];
	model->length = offset + i;
	return i;
}

/* Returns mostly an offset in or near the message, sometimes a huge one. */
static u64 input_offset(struct input *in, const struct model *model)
{
	const u8 byte = input_u8(in);

	if (byte < 0x60)
		return 0;
	if (byte < 0xc0)
		return model->length;
	if (byte < 0xf0)
		return byte % (MAX_CAPACITY + 2);
	return UINT64_MAX - (byte & 7) * (UINT64_MAX / 7);
}

static void write_message(struct msgbuf_message *msg, struct model *model,
			  struct input *in)
{
	const u64 offset = input_offset(in, model);
	const size_t len = input_u8(in) % (MAX_LEN + 1);
	char *src = exactly(len + 1);
	int ret;

	input_bytes(in, src, len);
	ret = msgbuf_write(msg, src, len, offset);
	expect_eq(ret, model_write(model, src, len, offset), "result of write");
	free(src);
}

static void set_message(struct msgbuf_message *msg, struct model *model,
			struct input *in)
{
	const size_t len = input_u8(in) % (model->capacity + 1);
	char *src = exactly(len + 1);

	input_bytes(in, src, len);
	msgbuf_set(msg, src, len);
	model->length = 0;
	model_write(model, src, len, 0);
	free(src);
}

static int model_byte(const struct model *model, unsigned long index)
{
	if (index > model->capacity)
		return -EINVAL;
	return index < model->length ? (u8)model->bytes[index] : 0;
}

static void look_at_byte(const struct msgbuf_message *msg,
			 const struct model *model, struct input *in)
{
	const unsigned long index = input_u8(in) & 1 ?
		input_offset(in, model) : input_u8(in) % (MAX_CAPACITY + 2);

	expect_eq(msgbuf_byte(msg, index), model_byte(model, index), "byte");
}

static void copy_string(const struct msgbuf_message *msg,
			const struct model *model)
{
	char *text = exactly(model->capacity + 1);
	size_t len = 0;

	while (len < model->length && model->bytes[len])
		len++;
	expect_eq(msgbuf_copy_string(msg, text), len, "length of the string");
	expect_eq(memcmp(text, model->bytes, len), 0, "string");
	expect_eq(text[len], 0, "terminator");
	free(text);
}

static void measure_line(struct input *in)
{
	const size_t len = input_u8(in) * 2;
	char *text = exactly(len + 1);
	size_t want = len;

	input_bytes(in, text, len);
	text[len] = '\n';
	if (want > 0 && text[want - 1] == '\n')
		want = len - 1;
	expect_eq(msgbuf_line_length(text, len), want, "length of a line");
	free(text);
}

static void operate(struct msgbuf_message *msg, struct model *model,
		    struct input *in)
{
	switch (input_u8(in) % 8) {
	case 0:
		measure_line(in);
		break;
	case 1:
		set_message(msg, model, in);
		break;
	case 2:
		look_at_byte(msg, model, in);
		break;
	case 3:
		copy_string(msg, model);
		break;
	default:
		write_message(msg, model, in);
		break;
	}
}

int fuzz_target(const u8 *data, size_t size)
{
	struct input in = { .next = data, .left = size };
	struct model model = { .capacity = input_u8(&in) % MAX_CAPACITY + 1 };
	char *room = exactly(model.capacity);
	struct msgbuf_message msg;

	msgbuf_init(&msg, room, model.capacity);
	while (in.left) {
		operate(&msg, &model, &in);
		expect_eq(msg.length, model.length, "length");
		expect_eq(memcmp(msg.data, model.bytes, msg.length), 0, "bytes");
	}
	free(room);
	return 0;
}
