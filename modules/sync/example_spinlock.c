// SPDX-License-Identifier: GPL-2.0
/*
 * Example spinlock - take a spinlock with interrupts off
 *
 *	# insmod example_spinlock.ko
 *	# dmesg -t | tail -5
 *	example spinlock started
 *	Locked static spinlock
 *	Unlocked static spinlock
 *	Locked dynamic spinlock
 *	Unlocked dynamic spinlock
 *
 * The critical section must end within microseconds: interrupts are disabled on
 * this CPU, and another CPU may be spinning for the lock.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(example_spinlock_static);
static spinlock_t example_spinlock_dynamic;

static void show_static(void)
{
	unsigned long flags;

	spin_lock_irqsave(&example_spinlock_static, flags);
	pr_info("Locked static spinlock\n");
	spin_unlock_irqrestore(&example_spinlock_static, flags);
	pr_info("Unlocked static spinlock\n");
}

static void show_dynamic(void)
{
	unsigned long flags;

	spin_lock_init(&example_spinlock_dynamic);
	spin_lock_irqsave(&example_spinlock_dynamic, flags);
	pr_info("Locked dynamic spinlock\n");
	spin_unlock_irqrestore(&example_spinlock_dynamic, flags);
	pr_info("Unlocked dynamic spinlock\n");
}

static int __init example_spinlock_init(void)
{
	pr_info("example spinlock started\n");
	show_static();
	show_dynamic();
	return 0;
}
module_init(example_spinlock_init);

static void __exit example_spinlock_exit(void)
{
	pr_info("example spinlock exit\n");
}
module_exit(example_spinlock_exit);

MODULE_DESCRIPTION("Example of a spinlock with interrupts off");
MODULE_LICENSE("GPL");
