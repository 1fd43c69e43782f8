/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Character device - one device with its number, its class and its node in /dev
 *
 * The number, the class and the node have the same name, as in the guide (the
 * Linux Kernel Module Programming Guide).  If this is not required, a
 * miscdevice is simpler: all miscdevices have the major number 10 and the class
 * "misc".
 */
#ifndef _MODPROOF_CHRDEV_H
#define _MODPROOF_CHRDEV_H

#include <linux/cdev.h>
#include <linux/device/class.h>
#include <linux/fs.h>
#include <linux/types.h>

/**
 * struct chrdev - a character device
 * @cdev: the cdev that open() looks up by @devt
 * @class: the class, to which no other device belongs
 * @devt: the device's number
 */
struct chrdev {
	struct cdev *cdev;
	struct class *class;
	dev_t devt;
};

int chrdev_add(struct chrdev *chrdev, const char *name, unsigned int major,
	       const struct file_operations *fops);
void chrdev_remove(struct chrdev *chrdev);

#endif /* _MODPROOF_CHRDEV_H */
