// SPDX-License-Identifier: GPL-2.0
/*
 * Character device - one device with its number, its class and its node in /dev
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/kobject.h>
#include <linux/types.h>

#include "chrdev.h"
#include "compat.h"

static int get_number(struct chrdev *chrdev, const char *name,
		      unsigned int major)
{
	if (!major)
		return alloc_chrdev_region(&chrdev->devt, 0, 1, name);

	chrdev->devt = MKDEV(major, 0);
	return register_chrdev_region(chrdev->devt, 1, name);
}

/*
 * The cdev is allocated separately, because it may outlive the module.  An
 * open() that looks up the cdev while it is being removed holds a reference to
 * the cdev, and drops the reference only later.
 */
static int add_cdev(struct chrdev *chrdev, const struct file_operations *fops)
{
	int err;

	chrdev->cdev = cdev_alloc();
	if (!chrdev->cdev)
		return -ENOMEM;

	chrdev->cdev->owner = fops->owner;
	chrdev->cdev->ops = fops;
	err = cdev_add(chrdev->cdev, chrdev->devt, 1);
	if (err)
		kobject_put(&chrdev->cdev->kobj);
	return err;
}

/**
 * chrdev_add() - Create a character device and its node in /dev.
 * @chrdev: the device
 * @name: name of the device's number in /proc/devices, of its class and of its
 *	node in /dev
 * @major: the major number, or 0 for any major number that is free; the minor
 *	number is 0
 * @fops: the file operations; an open file holds a reference to the module that
 *	.owner points to
 *
 * Context: Sleeps.  The device may be opened before this returns.
 *
 * Return: 0, -EBUSY if @major is in use, -EEXIST if a class with this name
 * exists, or -ENOMEM.  After an error there is nothing to remove.
 */
int chrdev_add(struct chrdev *chrdev, const char *name, unsigned int major,
	       const struct file_operations *fops)
{
	struct device *dev;
	int err;

	err = get_number(chrdev, name, major);
	if (err)
		return err;

	chrdev->class = class_create(name);
	if (IS_ERR(chrdev->class)) {
		err = PTR_ERR(chrdev->class);
		goto err_put_number;
	}
	err = add_cdev(chrdev, fops);
	if (err)
		goto err_destroy_class;

	dev = device_create(chrdev->class, NULL, chrdev->devt, NULL, "%s", name);
	if (IS_ERR(dev)) {
		err = PTR_ERR(dev);
		goto err_del_cdev;
	}
	return 0;

err_del_cdev:
	cdev_del(chrdev->cdev);
err_destroy_class:
	class_destroy(chrdev->class);
err_put_number:
	unregister_chrdev_region(chrdev->devt, 1);
	return err;
}

/**
 * chrdev_remove() - Remove a character device.
 * @chrdev: the device
 *
 * Context: Sleeps.  The device is not open, because an open file holds a
 * reference to the module.
 */
void chrdev_remove(struct chrdev *chrdev)
{
	device_destroy(chrdev->class, chrdev->devt);
	cdev_del(chrdev->cdev);
	class_destroy(chrdev->class);
	unregister_chrdev_region(chrdev->devt, 1);
}
