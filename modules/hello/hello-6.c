// SPDX-License-Identifier: GPL-2.0
/*
 * Hello 6 - a parameter that logs when it is set or read
 *
 *	# insmod hello-6.ko
 *	# echo 7 > /sys/module/hello_6/parameters/watched
 *	# dmesg -t | tail -1
 *	watched updated to 7
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>

static int watched = 42;

static int watched_set(const char *val, const struct kernel_param *kp)
{
	int err;

	err = param_set_int(val, kp);
	if (!err)
		pr_info_ratelimited("watched updated to %d\n", watched);
	return err;
}

/*
 * The message is rate-limited, because any user may read the parameter as often
 * as they like.
 */
static int watched_get(char *buffer, const struct kernel_param *kp)
{
	pr_info_ratelimited("watched was read\n");
	return param_get_int(buffer, kp);
}

static const struct kernel_param_ops watched_ops = {
	.set = watched_set,
	.get = watched_get,
};

module_param_cb(watched, &watched_ops, &watched, 0644);
MODULE_PARM_DESC(watched, "An integer that logs every update");

static int __init hello_6_init(void)
{
	pr_info("Hello, world 6\n");
	pr_info("watched starts at %d\n", watched);
	return 0;
}
module_init(hello_6_init);

static void __exit hello_6_exit(void)
{
	pr_info("Goodbye, world 6\n");
}
module_exit(hello_6_exit);

MODULE_DESCRIPTION("Example of a module parameter with callbacks");
MODULE_LICENSE("GPL");
