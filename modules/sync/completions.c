// SPDX-License-Identifier: GPL-2.0
/*
 * Completions - a thread that waits until another one completes its work
 *
 *	# insmod completions.ko
 *	# dmesg -t | tail -3
 *	completions example
 *	Turn the crank
 *	Flywheel spins up
 *
 * The init function wakes the flywheel thread first, but that thread waits for
 * the crank thread.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/task.h>

static DECLARE_COMPLETION(completions_crank_turned);
static DECLARE_COMPLETION(completions_flywheel_spins);
static struct task_struct *completions_crank;
static struct task_struct *completions_flywheel;

static int turn_crank(void *data)
{
	pr_info("Turn the crank\n");
	complete_all(&completions_crank_turned);
	return 0;
}

static int spin_flywheel(void *data)
{
	wait_for_completion(&completions_crank_turned);
	pr_info("Flywheel spins up\n");
	complete_all(&completions_flywheel_spins);
	return 0;
}

/*
 * Creates a thread that sleeps until it is woken, and takes a reference to its
 * task, so that the pointer stays valid after the thread has ended.
 */
static struct task_struct *create_thread(int (*fn)(void *data),
					 const char *name)
{
	struct task_struct *thread = kthread_create(fn, NULL, "%s", name);

	return IS_ERR(thread) ? thread : get_task_struct(thread);
}

/* Returns after the thread has left the code of this module. */
static void stop_thread(struct task_struct *thread)
{
	kthread_stop(thread);
	put_task_struct(thread);
}

static int __init completions_init(void)
{
	pr_info("completions example\n");

	completions_crank = create_thread(turn_crank, "crank");
	if (IS_ERR(completions_crank))
		return PTR_ERR(completions_crank);
	completions_flywheel = create_thread(spin_flywheel, "flywheel");
	if (IS_ERR(completions_flywheel)) {
		stop_thread(completions_crank);
		return PTR_ERR(completions_flywheel);
	}

	wake_up_process(completions_flywheel);
	wake_up_process(completions_crank);
	return 0;
}
module_init(completions_init);

/*
 * If kthread_stop() is called before a thread has run, the thread never calls
 * its function.  So this first waits until both threads have run.
 */
static void __exit completions_exit(void)
{
	wait_for_completion(&completions_flywheel_spins);
	stop_thread(completions_flywheel);
	stop_thread(completions_crank);
	pr_info("completions exit\n");
}
module_exit(completions_exit);

MODULE_DESCRIPTION("Example of completions between two threads");
MODULE_LICENSE("GPL");
