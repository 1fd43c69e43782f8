// SPDX-License-Identifier: GPL-2.0
/*
 * Virtual mouse - a mouse that a program moves
 *
 *	# echo vmouse > /sys/class/vinput/export
 *	# echo 5 -3 1 > /dev/vinput0
 *	# cat /dev/vinput0
 *	5 -3 1
 *
 * A line has the fields of a packet of a PS/2 mouse: the movement to the right,
 * the movement down, and the sum of the buttons that are held down, 1 for the
 * left, 2 for the right and 4 for the middle button.  A write may have several
 * lines.
 */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/input.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#include "int_rows.h"
#include "vinput.h"

/* The most lines of one write: the shortest line is "0 0 0" and a newline. */
#define VMOUSE_MAX_PACKETS	(VINPUT_MAX_LEN / 6 + 1)

enum { PACKET_DX, PACKET_DY, PACKET_BUTTONS, PACKET_WIDTH };

static const struct int_range packet_ranges[PACKET_WIDTH] = {
	[PACKET_DX] = { .min = S16_MIN, .max = S16_MAX },
	[PACKET_DY] = { .min = S16_MIN, .max = S16_MAX },
	[PACKET_BUTTONS] = { .min = 0, .max = 7 },
};

static int vmouse_init(struct vinput *vinput)
{
	struct input_dev *input = vinput->input;
	int err;

	vinput->priv_data = kcalloc(PACKET_WIDTH, sizeof(s32), GFP_KERNEL);
	if (!vinput->priv_data)
		return -ENOMEM;

	input_set_capability(input, EV_REL, REL_X);
	input_set_capability(input, EV_REL, REL_Y);
	input_set_capability(input, EV_KEY, BTN_LEFT);
	input_set_capability(input, EV_KEY, BTN_RIGHT);
	input_set_capability(input, EV_KEY, BTN_MIDDLE);
	err = input_register_device(input);
	if (err)
		kfree(vinput->priv_data);
	return err;
}

static int vmouse_kill(struct vinput *vinput)
{
	kfree(vinput->priv_data);
	return 0;
}

static int vmouse_read(struct vinput *vinput, char *buf, int size)
{
	const s32 *last = vinput->priv_data;

	return scnprintf(buf, size, "%d %d %d\n", last[PACKET_DX],
			 last[PACKET_DY], last[PACKET_BUTTONS]);
}

static void report(struct input_dev *input, const s32 *packet)
{
	input_report_rel(input, REL_X, packet[PACKET_DX]);
	input_report_rel(input, REL_Y, packet[PACKET_DY]);
	input_report_key(input, BTN_LEFT, packet[PACKET_BUTTONS] & BIT(0));
	input_report_key(input, BTN_RIGHT, packet[PACKET_BUTTONS] & BIT(1));
	input_report_key(input, BTN_MIDDLE, packet[PACKET_BUTTONS] & BIT(2));
	input_sync(input);
}

static int vmouse_send(struct vinput *vinput, char *buf, int len)
{
	s32 packets[VMOUSE_MAX_PACKETS][PACKET_WIDTH];
	int nr;
	int i;

	nr = int_rows_parse(buf, len, packet_ranges, PACKET_WIDTH, packets[0],
			    VMOUSE_MAX_PACKETS);
	if (nr < 0)
		return nr;

	for (i = 0; i < nr; i++)
		report(vinput->input, packets[i]);
	memcpy(vinput->priv_data, packets[nr - 1], sizeof(packets[0]));
	return len;
}

static const struct vinput_ops vmouse_ops = {
	.init = vmouse_init,
	.kill = vmouse_kill,
	.send = vmouse_send,
	.read = vmouse_read,
};

static struct vinput_device vmouse_type = {
	.name = "vmouse",
	.ops = &vmouse_ops,
};

static int __init vmouse_module_init(void)
{
	return vinput_register(&vmouse_type);
}
module_init(vmouse_module_init);

static void __exit vmouse_module_exit(void)
{
	vinput_unregister(&vmouse_type);
}
module_exit(vmouse_module_exit);

MODULE_DESCRIPTION("Virtual mouse for vinput");
MODULE_LICENSE("GPL");
