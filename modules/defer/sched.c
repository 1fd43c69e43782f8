// SPDX-License-Identifier: GPL-2.0
/*
 * Sched - one work item on a workqueue of its own
 *
 *	# insmod sched.ko
 *	# rmmod sched
 *	# dmesg -t | tail -1
 *	work handler function.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/workqueue.h>

static struct workqueue_struct *queue;

static void work_handler(struct work_struct *unused)
{
	pr_info("work handler function.\n");
}

static DECLARE_WORK(work, work_handler);

static int __init sched_init(void)
{
	queue = alloc_workqueue("HELLOWORLD", WQ_UNBOUND, 1);
	if (!queue)
		return -ENOMEM;

	queue_work(queue, &work);
	return 0;
}
module_init(sched_init);

/*
 * destroy_workqueue() runs the work item if it is still queued, and returns
 * when it has ended.
 */
static void __exit sched_exit(void)
{
	destroy_workqueue(queue);
}
module_exit(sched_exit);

MODULE_DESCRIPTION("Example of a work item on its own workqueue");
MODULE_LICENSE("GPL");
