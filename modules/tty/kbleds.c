// SPDX-License-Identifier: GPL-2.0
/*
 * Kbleds - blink the LEDs of the keyboard
 *
 *	# insmod kbleds.ko
 *	# dmesg -t | tail -3
 *	kbleds: loading
 *	kbleds: fgconsole is 0
 *	kbleds: finished scanning consoles
 *
 * The LEDs alternate between all lit and the state that the keyboard had.  That
 * state belongs to a virtual console, so the console in the foreground must be
 * open.  This module lights the LEDs of at most one console at a time.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kd.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/tty.h>
#include <linux/tty_driver.h>
#include <linux/tty_port.h>
#include <linux/vt_kern.h>
#include <linux/workqueue.h>

#define BLINK_DELAY	(HZ / 5)
#define ALL_LEDS_ON	0x07
#define RESTORE_LEDS	0xff

/*
 * The tty of the console whose LEDs are lit, or NULL.  The module holds a
 * reference to this tty, which keeps the console from being deallocated
 * (VT_DISALLOCATE) after it is closed.  Only work items use this pointer, and
 * they never run at the same time.
 */
static struct tty_struct *lit;

/*
 * Returns the tty of the foreground console, with a reference, or NULL if that
 * console is not open.
 */
static struct tty_struct *get_foreground(void)
{
	struct tty_struct *tty = NULL;

	console_lock();
	if (vc_cons[fg_console].d)
		tty = tty_port_tty_get(&vc_cons[fg_console].d->port);
	console_unlock();
	return tty;
}

/* This runs in a kernel thread, which has the privilege that KDSETLED needs. */
static int set_leds(struct tty_struct *tty, unsigned long leds)
{
	return tty->ops->ioctl(tty, KDSETLED, leds);
}

static void light(void)
{
	struct tty_struct *tty = get_foreground();

	if (tty && !set_leds(tty, ALL_LEDS_ON))
		lit = tty;
	else
		tty_kref_put(tty);
}

static void restore(struct work_struct *unused)
{
	if (!lit)
		return;

	WARN_ON_ONCE(set_leds(lit, RESTORE_LEDS));
	tty_kref_put(lit);
	lit = NULL;
}

static DECLARE_WORK(restore_work, restore);

/*
 * If the LEDs of a console are lit, restores that console's LEDs, even if
 * another console is now in the foreground.
 */
static void blink(struct work_struct *work)
{
	if (lit)
		restore(work);
	else
		light();
	schedule_delayed_work(to_delayed_work(work), BLINK_DELAY);
}

static DECLARE_DELAYED_WORK(blink_work, blink);

static int __init kbleds_init(void)
{
	struct tty_struct *tty;

	pr_info("loading\n");
	pr_info("fgconsole is %x\n", READ_ONCE(fg_console));
	tty = get_foreground();
	if (!tty)
		return -ENODEV;

	tty_kref_put(tty);
	pr_info("finished scanning consoles\n");
	schedule_delayed_work(&blink_work, 0);
	return 0;
}
module_init(kbleds_init);

/*
 * A work item restores the LEDs, because the task that unloads the module may
 * lack the privilege to do so.
 */
static void __exit kbleds_exit(void)
{
	pr_info("unloading...\n");
	cancel_delayed_work_sync(&blink_work);
	schedule_work(&restore_work);
	flush_work(&restore_work);
}
module_exit(kbleds_exit);

MODULE_DESCRIPTION("Blinking keyboard LEDs");
MODULE_LICENSE("GPL");
