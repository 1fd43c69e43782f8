// SPDX-License-Identifier: GPL-2.0
/*
 * Syscall steal - a kretprobe that logs which files a user opens
 *
 *	# insmod syscall-steal.ko uid=1000
 *	$ cat /etc/hostname		# as that user
 *	# dmesg -t | tail -1
 *	Opened file by 1000: /etc/hostname
 *	# echo -1 > /sys/module/syscall_steal/parameters/uid
 *
 * The probe is at the VFS function that opens a file by name.  All system calls
 * that open a file by name call this function, and so does io_uring.  The probe
 * only observes: a task that sleeps in an open does not sleep in this module's
 * code.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/namei.h>
#include <linux/printk.h>
#include <linux/ptrace.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/uidgid.h>

#include "logname.h"

#define SYSCALL_STEAL_NOBODY	((uid_t)-1)

/*
 * The number of kretprobe instances.  It must be larger than the number of
 * LOOKUP_CACHED opens that run at the same time.
 */
#define SYSCALL_STEAL_TRIES	256

/*
 * A copy of struct open_flags from the kernel's fs/internal.h.  If the kernel
 * changes its struct, an open through io_uring may be logged twice or not at
 * all.  Other opens are not affected.
 */
struct syscall_steal_how {
	int open_flag;
	umode_t mode;
	int acc_mode;
	int intent;
	int lookup_flags;
};

/* The names of the probed function, from the newest kernel to the oldest. */
static const char * const syscall_steal_functions[] = {
	"do_file_open",
	"do_filp_open",
};

static uid_t uid = SYSCALL_STEAL_NOBODY;

static void log_open(const struct filename *name)
{
	char text[LOGNAME_SIZE];

	logname_format(text, sizeof(text), name->name, strlen(name->name));
	pr_info("Opened file by %u: %s\n",
		from_kuid(&init_user_ns, current_uid()), text);
}

NOKPROBE_SYMBOL(log_open);

/*
 * io_uring first tries an open with LOOKUP_CACHED.  If that try returns
 * -EAGAIN, a worker repeats the open without LOOKUP_CACHED.  Each open must be
 * logged once, so a try is logged when it returns, and only if it does not
 * return -EAGAIN.  A try does not sleep, so it returns soon.  Every other open
 * is logged on entry.  Returns 0 if the kernel must call on_return() for this
 * open, and 1 otherwise.
 */
static int on_entry(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	const struct filename *name = (void *)regs_get_kernel_argument(regs, 1);
	const struct syscall_steal_how *how =
		(void *)regs_get_kernel_argument(regs, 2);

	/* If the name could not be copied from the user, it is an ERR_PTR(). */
	if (__kuid_val(current_uid()) != READ_ONCE(uid) || IS_ERR(name))
		return 1;

	*(const struct filename **)instance->data = name;
	if (how->lookup_flags & LOOKUP_CACHED)
		return 0;
	log_open(name);
	return 1;
}

NOKPROBE_SYMBOL(on_entry);

static int on_return(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	const struct filename *name =
		*(const struct filename **)instance->data;

	if (regs_return_value(regs) != -EAGAIN)
		log_open(name);
	return 0;
}

NOKPROBE_SYMBOL(on_return);

static struct kretprobe syscall_steal_probe = {
	.entry_handler = on_entry,
	.handler = on_return,
	.maxactive = SYSCALL_STEAL_TRIES,
	.data_size = sizeof(const struct filename *),
};

/* The lock of the module's parameters protects both. */
static bool is_loaded;
static bool is_registered;

/* Clears the probe, because a registration leaves its results there. */
static int register_probe(void)
{
	int err = -ENOENT;
	int i;

	for (i = 0; i < ARRAY_SIZE(syscall_steal_functions); i++) {
		syscall_steal_probe.kp = (struct kprobe){
			.symbol_name = syscall_steal_functions[i],
		};
		err = register_kretprobe(&syscall_steal_probe);
		if (err != -ENOENT)
			break;
	}
	return err;
}

/*
 * Registers the probe if @whom is a user, and unregisters it if @whom is nobody.
 * So the module slows down neither its load nor any open until its parameter is
 * set.  Before init() runs and after exit() has begun, there is no probe.
 */
static int spy_on(uid_t whom)
{
	const bool is_wanted = is_loaded && whom != SYSCALL_STEAL_NOBODY;
	int err;

	if (is_wanted == is_registered)
		return 0;
	if (is_wanted) {
		err = register_probe();
		if (err)
			return err;
	} else {
		unregister_kretprobe(&syscall_steal_probe);
	}
	is_registered = is_wanted;
	return 0;
}

/* Accepts every valid user ID, and -1 for no user. */
static int uid_set(const char *val, const struct kernel_param *kp)
{
	long long number;
	int err;

	err = kstrtoll(val, 0, &number);
	if (err)
		return err;
	if (number < -1 || number >= SYSCALL_STEAL_NOBODY)
		return -ERANGE;
	err = spy_on(number);
	if (err)
		return err;

	WRITE_ONCE(uid, number);
	return 0;
}

/* Returns -1 for no user, or the user ID, which is 0 or more. */
static long long uid_number(void)
{
	return (long long)(uid_t)(READ_ONCE(uid) + 1) - 1;
}

static int uid_get(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE, "%lld\n", uid_number());
}

static const struct kernel_param_ops uid_ops = {
	.set = uid_set,
	.get = uid_get,
};

module_param_cb(uid, &uid_ops, NULL, 0644);
__MODULE_PARM_TYPE(uid, "int");
MODULE_PARM_DESC(uid, "The user to spy on, -1 for nobody");

static int __init syscall_steal_init(void)
{
	int err;

	kernel_param_lock(THIS_MODULE);
	is_loaded = true;
	err = spy_on(uid);
	is_loaded = !err;
	kernel_param_unlock(THIS_MODULE);
	if (err)
		return err;

	pr_info("Spying on UID:%lld\n", uid_number());
	return 0;
}
module_init(syscall_steal_init);

static void __exit syscall_steal_exit(void)
{
	kernel_param_lock(THIS_MODULE);
	is_loaded = false;
	spy_on(SYSCALL_STEAL_NOBODY);
	kernel_param_unlock(THIS_MODULE);
}
module_exit(syscall_steal_exit);

MODULE_DESCRIPTION("Kretprobe that logs which files a user opens");
MODULE_LICENSE("GPL");
