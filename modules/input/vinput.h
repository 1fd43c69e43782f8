/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Virtual input - an API for input devices that programs play
 *
 * A module registers a type of device.  Whoever writes the type's name to
 * /sys/class/vinput/export gets a device of it: an input device of the kernel,
 * and /dev/vinputN, by which a program says what is to happen on it.
 *
 *	type	vinput_register()   export   write, read   unexport
 *	  .init ----------------------^
 *	  .send, .read --------------------------^
 *	  .kill ----------------------------------------------^
 *
 * No two calls of a device's operations run at the same time, and after .kill
 * there are none.  Nothing of a type is called or looked at once
 * vinput_unregister() has returned, so a type needs no reference to its module,
 * and its devices go with it, open or not.
 */
#ifndef _MODPROOF_VINPUT_H
#define _MODPROOF_VINPUT_H

#include <linux/device.h>
#include <linux/fs.h>
#include <linux/input.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/* The bytes of a write and of what is read, and how many devices there are. */
#define VINPUT_MAX_LEN	128
#define MAX_VINPUT	32

struct vinput_device;

/**
 * struct vinput - a device
 * @id: the N of /dev/vinputN, 0..MAX_VINPUT - 1
 * @last_entry: for the type, which begins with 0
 * @lock: for the type
 * @priv_data: for the type, which begins with NULL
 * @dev: for messages
 * @input: the input device, which .init registers
 * @type: what it was exported as, or NULL once it has been unexported
 * @mutex: for vinput, which holds it around .send and .read
 * @kref: for vinput: a reference for each open file and for being exported
 */
struct vinput {
	long id;
	long last_entry;
	spinlock_t lock;		/* of .last_entry and .priv_data */
	void *priv_data;
	struct device *dev;
	struct input_dev *input;
	const struct vinput_device *type;
	struct mutex mutex;		/* held around .send and .read */
	struct kref kref;
};

/**
 * struct vinput_ops - what a type of device does
 * @init: Fill in the input device and register it, or undo all and return an
 *	error.  Name, place and bus are there already.
 * @kill: Free what @init has got, before the input device goes.  Optional.
 * @send: Do what the bytes say, 1..VINPUT_MAX_LEN of them with a terminator
 *	behind; return their number, or do nothing and return an error.
 * @read: Fill a buffer with what a program reads; return how many bytes these
 *	are, 0..VINPUT_MAX_LEN, or an error.
 *
 * All of them may sleep.
 */
struct vinput_ops {
	int (*init)(struct vinput *vinput);
	int (*kill)(struct vinput *vinput);
	int (*send)(struct vinput *vinput, char *buf, int len);
	int (*read)(struct vinput *vinput, char *buf, int size);
};

/**
 * struct vinput_device - a type of devices
 * @name: what is written to export, and the name of the input devices
 * @list: for vinput
 * @ops: what they do
 */
struct vinput_device {
	char name[16];
	struct list_head list;
	const struct vinput_ops *ops;
};

int vinput_register(struct vinput_device *type);
void vinput_unregister(struct vinput_device *type);

/* What the files do, for the tests. */
extern const struct file_operations vinput_fops;
int vinput_export(const char *name);
int vinput_unexport(unsigned int id);

#endif /* _MODPROOF_VINPUT_H */
