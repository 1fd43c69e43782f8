// SPDX-License-Identifier: GPL-2.0
/*
 * Example tasklet - two tasklets, and an init function that waits for both
 *
 *	# insmod example_tasklet.ko
 *	# dmesg -t | tail -4
 *	tasklet example init
 *	Example tasklet starts
 *	Example tasklet init continues...
 *	Example tasklet ends
 *
 * A tasklet cannot sleep, and a tasklet that busy-waits blocks all other tasks
 * of its CPU.  So the first tasklet does not wait before the last message: a
 * second tasklet logs it.  The init function can sleep: it waits for the first
 * tasklet, and then schedules the second one.
 */
#include <linux/completion.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/printk.h>

static DECLARE_COMPLETION(started);
static DECLARE_COMPLETION(ended);

static void say_start(struct tasklet_struct *unused)
{
	pr_info("Example tasklet starts\n");
	complete(&started);
}

static DECLARE_TASKLET(start_tasklet, say_start);

static void say_end(struct tasklet_struct *unused)
{
	pr_info("Example tasklet ends\n");
	complete(&ended);
}

static DECLARE_TASKLET(end_tasklet, say_end);

static int __init example_tasklet_init(void)
{
	pr_info("tasklet example init\n");
	tasklet_schedule(&start_tasklet);
	wait_for_completion(&started);

	pr_info("Example tasklet init continues...\n");
	tasklet_schedule(&end_tasklet);
	wait_for_completion(&ended);
	return 0;
}
module_init(example_tasklet_init);

/*
 * A tasklet may still be running for a moment after it has called complete(),
 * so this waits until both tasklets have ended.
 */
static void __exit example_tasklet_exit(void)
{
	tasklet_kill(&end_tasklet);
	tasklet_kill(&start_tasklet);
	pr_info("tasklet example exit\n");
}
module_exit(example_tasklet_exit);

MODULE_DESCRIPTION("Example of tasklets");
MODULE_LICENSE("GPL");
