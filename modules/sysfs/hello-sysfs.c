// SPDX-License-Identifier: GPL-2.0
/*
 * Hello sysfs - a variable as a file below /sys
 *
 *	# insmod hello-sysfs.ko
 *	# echo 32 > /sys/kernel/mymodule/myvariable
 *	# cat /sys/kernel/mymodule/myvariable
 *	32
 */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kobject.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sysfs.h>
#include <linux/types.h>

#define HELLO_SYSFS_NAME	"mymodule"

static struct kobject *hello_sysfs_kobj;
static int myvariable;

static ssize_t myvariable_show(struct kobject *kobj,
			       struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(myvariable));
}

static ssize_t myvariable_store(struct kobject *kobj,
				struct kobj_attribute *attr, const char *buf,
				size_t count)
{
	int value;
	int err;

	err = kstrtoint(buf, 10, &value);
	if (err)
		return err;

	WRITE_ONCE(myvariable, value);
	return count;
}

static struct kobj_attribute myvariable_attr =
	__ATTR(myvariable, 0660, myvariable_show, myvariable_store);

static int __init hello_sysfs_init(void)
{
	int err;

	hello_sysfs_kobj = kobject_create_and_add(HELLO_SYSFS_NAME,
						  kernel_kobj);
	if (!hello_sysfs_kobj)
		return -ENOMEM;

	err = sysfs_create_file(hello_sysfs_kobj, &myvariable_attr.attr);
	if (err) {
		kobject_put(hello_sysfs_kobj);
		return err;
	}

	pr_info(HELLO_SYSFS_NAME ": initialised\n");
	return 0;
}
module_init(hello_sysfs_init);

static void __exit hello_sysfs_exit(void)
{
	kobject_put(hello_sysfs_kobj);
	pr_info(HELLO_SYSFS_NAME ": Exit success\n");
}
module_exit(hello_sysfs_exit);

MODULE_DESCRIPTION("Variable in sysfs");
MODULE_LICENSE("GPL");
