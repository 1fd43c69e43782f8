// SPDX-License-Identifier: GPL-2.0
/*
 * Example mutex - take a mutex with mutex_trylock(), or fail if it is held
 *
 *	# insmod example_mutex.ko
 *	# dmesg -t | tail -3
 *	example_mutex init
 *	mutex is locked
 *	mutex is unlocked
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>

#include "example_mutex.h"

static DEFINE_MUTEX(example_mutex_lock);

/**
 * example_mutex_try() - Try to take a mutex, release it again, and log both.
 * @lock: the mutex
 *
 * Return: 0, or -EBUSY if the mutex is already held.
 */
int example_mutex_try(struct mutex *lock)
{
	if (!mutex_trylock(lock)) {
		pr_info("Failed to lock\n");
		return -EBUSY;
	}

	lockdep_assert_held(lock);
	pr_info("mutex is locked\n");
	mutex_unlock(lock);
	pr_info("mutex is unlocked\n");
	return 0;
}
EXPORT_SYMBOL_GPL(example_mutex_try);

static int __init example_mutex_init(void)
{
	pr_info("example_mutex init\n");
	return example_mutex_try(&example_mutex_lock);
}
module_init(example_mutex_init);

static void __exit example_mutex_exit(void)
{
	pr_info("example_mutex exit\n");
}
module_exit(example_mutex_exit);

MODULE_DESCRIPTION("Example of a mutex");
MODULE_LICENSE("GPL");
