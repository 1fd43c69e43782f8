// SPDX-License-Identifier: GPL-2.0
/*
 * Virtual keyboard - a keyboard whose keys a program presses and releases
 *
 *	# echo vkbd > /sys/class/vinput/export
 *	# echo +34 > /dev/vinput0
 *	# cat /dev/vinput0
 *	+34
 *	# echo -34 > /dev/vinput0
 *
 * 34 is KEY_G of linux/input-event-codes.h.  A write may have several lines.
 */
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/input.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/ratelimit.h>
#include <linux/types.h>

#include "key_event.h"
#include "vinput.h"

/*
 * The most events of one write: the shortest event has a digit and a newline.
 */
#define VKBD_MAX_EVENTS	(VINPUT_MAX_LEN / 2)

/**
 * struct vkbd - a keyboard, the .priv_data of its device
 * @log_limit: how many events the device may log in which time
 * @keymap: the key of each scan code, which programs may change
 */
struct vkbd {
	struct ratelimit_state log_limit;
	unsigned short keymap[KEY_CNT];
};

/* Allocates a keyboard, which is freed with the input device. */
static struct vkbd *alloc_vkbd(struct input_dev *input)
{
	struct vkbd *vkbd;
	int i;

	vkbd = devm_kzalloc(&input->dev, sizeof(*vkbd), GFP_KERNEL);
	if (!vkbd)
		return NULL;

	ratelimit_default_init(&vkbd->log_limit);
	for (i = 0; i < KEY_CNT; i++)
		vkbd->keymap[i] = i;
	return vkbd;
}

/* The keyboard has all keys except 0, which is KEY_RESERVED. */
static int vkbd_init(struct vinput *vinput)
{
	struct input_dev *input = vinput->input;
	struct vkbd *vkbd = alloc_vkbd(input);
	int code;

	if (!vkbd)
		return -ENOMEM;

	vinput->priv_data = vkbd;
	input->keycode = vkbd->keymap;
	input->keycodesize = sizeof(unsigned short);
	input->keycodemax = KEY_CNT;
	__set_bit(EV_REP, input->evbit);
	for (code = KEY_RESERVED + 1; code <= KEY_MAX; code++)
		input_set_capability(input, EV_KEY, code);
	return input_register_device(input);
}

static int vkbd_read(struct vinput *vinput, char *buf, int size)
{
	return scnprintf(buf, size, "%+ld\n", vinput->last_entry);
}

/*
 * A line of the log takes longer than the event itself, and a program may write
 * thousands of events, so the number of lines is limited.  The limit is one of
 * the device, so that the events of one device do not keep those of another out
 * of the log.
 */
static void log_event(struct vinput *vinput, const struct key_event *event)
{
	struct vkbd *vkbd = vinput->priv_data;

	if (__ratelimit(&vkbd->log_limit))
		dev_info(vinput->dev, "Event %s code %u\n",
			 event->is_press ? "VINPUT_PRESS" : "VINPUT_RELEASE",
			 event->code);
}

static void report(struct vinput *vinput, const struct key_event *event)
{
	log_event(vinput, event);
	input_report_key(vinput->input, event->code, event->is_press);
	input_sync(vinput->input);
	vinput->last_entry = event->is_press ? event->code : -event->code;
}

static int vkbd_send(struct vinput *vinput, char *buf, int len)
{
	struct key_event events[VKBD_MAX_EVENTS];
	int nr;
	int i;

	nr = key_event_parse(buf, len, KEY_MAX, events, VKBD_MAX_EVENTS);
	for (i = 0; i < nr; i++)
		report(vinput, &events[i]);
	return nr < 0 ? nr : len;
}

static const struct vinput_ops vkbd_ops = {
	.init = vkbd_init,
	.send = vkbd_send,
	.read = vkbd_read,
};

static struct vinput_device vkbd_type = {
	.name = "vkbd",
	.ops = &vkbd_ops,
};

static int __init vkbd_module_init(void)
{
	return vinput_register(&vkbd_type);
}
module_init(vkbd_module_init);

static void __exit vkbd_module_exit(void)
{
	vinput_unregister(&vkbd_type);
}
module_exit(vkbd_module_exit);

MODULE_DESCRIPTION("Virtual keyboard for vinput");
MODULE_LICENSE("GPL");
