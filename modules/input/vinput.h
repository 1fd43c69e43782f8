/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Virtual input - an API for input devices whose events programs write
 *
 * A module registers a type of device.  Writing the name of the type to
 * /sys/class/vinput/export adds a device of that type: an input device of the
 * kernel, and /dev/vinputN, to which a program writes the events to report.
 *
 *	type	vinput_register()   export   write, read   unexport
 *	  .init ----------------------^
 *	  .send, .read --------------------------^
 *	  .kill ----------------------------------------------^
 *
 * The operations of one device never run at the same time, and none of them is
 * called after .kill.  vinput_unregister() removes the devices of the type,
 * even if they are open.  After it has returned, vinput neither calls nor
 * accesses the type, so vinput needs no reference to the type's module.
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

/* The longest write and read, in bytes, and the largest number of devices. */
#define VINPUT_MAX_LEN	128
#define MAX_VINPUT	32

struct vinput_device;

/**
 * struct vinput - a device
 * @id: the N of /dev/vinputN, 0..MAX_VINPUT - 1
 * @last_entry: for use by the type, initially 0
 * @lock: for use by the type
 * @priv_data: for use by the type, initially NULL
 * @dev: the device of the node /dev/vinputN, for log messages
 * @input: the input device, which .init registers
 * @type: the type of the device, or NULL after the device has been unexported
 * @mutex: private to vinput, which holds the mutex around .send and .read
 * @kref: private to vinput: one reference for each open file, and one until the
 *	device is unexported
 */
struct vinput {
	long id;
	long last_entry;
	spinlock_t lock;		/* for .last_entry and .priv_data */
	void *priv_data;
	struct device *dev;
	struct input_dev *input;
	const struct vinput_device *type;
	struct mutex mutex;		/* held around .send and .read */
	struct kref kref;
};

/**
 * struct vinput_ops - the operations of a type of device
 * @init: Fill in the input device and register it; or undo everything and
 *	return an error.  Name, phys and bus type are already set.
 * @kill: Free what @init allocated.  It is called before the input device is
 *	unregistered, and is optional.
 * @send: Report the events that a program wrote: 1..VINPUT_MAX_LEN bytes, which
 *	a NUL follows.  Return the number of bytes; or report nothing and return
 *	an error.
 * @read: Fill the buffer with the text that a program reads.  Return the number
 *	of bytes, 0..VINPUT_MAX_LEN, or an error.
 *
 * All operations may sleep.
 */
struct vinput_ops {
	int (*init)(struct vinput *vinput);
	int (*kill)(struct vinput *vinput);
	int (*send)(struct vinput *vinput, char *buf, int len);
	int (*read)(struct vinput *vinput, char *buf, int size);
};

/**
 * struct vinput_device - a type of device
 * @name: the text that is written to export to add a device, and the name of
 *	its input device
 * @list: private to vinput
 * @ops: the operations of each device
 */
struct vinput_device {
	char name[16];
	struct list_head list;
	const struct vinput_ops *ops;
};

int vinput_register(struct vinput_device *type);
void vinput_unregister(struct vinput_device *type);

/*
 * Exported for the KUnit tests: the operations of /dev/vinputN, and the
 * functions behind export and unexport.
 */
extern const struct file_operations vinput_fops;
int vinput_export(const char *name);
int vinput_unexport(unsigned int id);

#endif /* _MODPROOF_VINPUT_H */
