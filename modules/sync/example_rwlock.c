// SPDX-License-Identifier: GPL-2.0
/*
 * Example rwlock - take an rwlock for reading, then for writing
 *
 *	# insmod example_rwlock.ko
 *	# dmesg -t | tail -5
 *	example_rwlock started
 *	Read Locked
 *	Read Unlocked
 *	Write Locked
 *	Write Unlocked
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/spinlock.h>

static DEFINE_RWLOCK(example_rwlock_lock);

static void show_read(void)
{
	unsigned long flags;

	read_lock_irqsave(&example_rwlock_lock, flags);
	pr_info("Read Locked\n");
	read_unlock_irqrestore(&example_rwlock_lock, flags);
	pr_info("Read Unlocked\n");
}

static void show_write(void)
{
	unsigned long flags;

	write_lock_irqsave(&example_rwlock_lock, flags);
	pr_info("Write Locked\n");
	write_unlock_irqrestore(&example_rwlock_lock, flags);
	pr_info("Write Unlocked\n");
}

static int __init example_rwlock_init(void)
{
	pr_info("example_rwlock started\n");
	show_read();
	show_write();
	return 0;
}
module_init(example_rwlock_init);

static void __exit example_rwlock_exit(void)
{
	pr_info("example_rwlock exit\n");
}
module_exit(example_rwlock_exit);

MODULE_DESCRIPTION("Example of a reader-writer lock");
MODULE_LICENSE("GPL");
