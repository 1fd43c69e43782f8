// SPDX-License-Identifier: GPL-2.0
/*
 * Message buffer target - writes and reads of a message, compared with a model
 */
#include <stdint.h>

#include "fuzz.h"
#include "msgbuf.h"
#include "msgbuf_model.h"

#define MAX_LEN		(2 * MSGBUF_MODEL_MAX_CAPACITY)

/* Returns mostly an offset in or near the message, sometimes a huge offset. */
static u64 input_offset(struct input *in, const struct msgbuf_model *model)
{
	const u8 byte = input_u8(in);

	if (byte < 0x60)
		return 0;
	if (byte < 0xc0)
		return model->length;
	if (byte < 0xf0)
		return byte % (MSGBUF_MODEL_MAX_CAPACITY + 2);
	return UINT64_MAX - (byte & 7) * (UINT64_MAX / 7);
}

static void write_message(struct msgbuf_message *msg, struct msgbuf_model *model,
			  struct input *in)
{
	const u64 offset = input_offset(in, model);
	const size_t len = input_u8(in) % (MAX_LEN + 1);
	char *src = exactly(len + 1);
	int ret;

	input_bytes(in, src, len);
	ret = msgbuf_write(msg, src, len, offset);
	expect_eq(ret, msgbuf_model_write(model, src, len, offset), "result of write");
	free(src);
}

static void set_message(struct msgbuf_message *msg, struct msgbuf_model *model,
			struct input *in)
{
	const size_t len = input_u8(in) % (model->capacity + 1);
	char *src = exactly(len + 1);

	input_bytes(in, src, len);
	msgbuf_set(msg, src, len);
	msgbuf_model_set(model, src, len);
	free(src);
}

static void look_at_byte(const struct msgbuf_message *msg,
			 const struct msgbuf_model *model, struct input *in)
{
	const unsigned long index = input_u8(in) & 1 ?
		input_offset(in, model) : input_u8(in) % (MSGBUF_MODEL_MAX_CAPACITY + 2);

	expect_eq(msgbuf_byte(msg, index), msgbuf_model_byte(model, index), "byte");
}

static void measure_string(struct msgbuf_message *msg,
			   const struct msgbuf_model *model)
{
	const size_t len = strlen(model->bytes);

	expect_eq(msgbuf_string_length(msg), len, "length of the string");
	expect_eq(memcmp(msg->data, model->bytes, len + 1), 0, "string");
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

static void operate(struct msgbuf_message *msg, struct msgbuf_model *model,
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
		measure_string(msg, model);
		break;
	default:
		write_message(msg, model, in);
		break;
	}
}

int fuzz_target(const u8 *data, size_t size)
{
	struct input in = { .next = data, .left = size };
	struct msgbuf_model model = { .capacity = input_u8(&in) % MSGBUF_MODEL_MAX_CAPACITY + 1 };
	char *room = exactly(MSGBUF_ROOM(model.capacity));
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
