// SPDX-License-Identifier: GPL-2.0
/*
 * Procfs 1 - a file below /proc that contains a greeting
 *
 *	# insmod procfs1.ko
 *	$ cat /proc/helloworld
 *	HelloWorld!
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/proc_fs.h>
#include <linux/ratelimit.h>
#include <linux/string.h>
#include <linux/types.h>

#define PROCFS1_NAME	"helloworld"
#define PROCFS1_TEXT	"HelloWorld!\n"

/*
 * The message is rate-limited, because any user may read the file as often as
 * they like.
 */
static ssize_t procfs1_read(struct file *file, char __user *buf, size_t count,
			    loff_t *ppos)
{
	ssize_t ret;

	ret = simple_read_from_buffer(buf, count, ppos, PROCFS1_TEXT,
				      strlen(PROCFS1_TEXT));
	if (ret > 0)
		pr_info_ratelimited("procfile read " PROCFS1_NAME "\n");
	return ret;
}

static const struct proc_ops procfs1_ops = {
	.proc_lseek = default_llseek,
	.proc_read = procfs1_read,
};

static int __init procfs1_init(void)
{
	if (!proc_create(PROCFS1_NAME, 0644, NULL, &procfs1_ops))
		return -ENOMEM;

	pr_info("/proc/" PROCFS1_NAME " created\n");
	return 0;
}
module_init(procfs1_init);

static void __exit procfs1_exit(void)
{
	remove_proc_entry(PROCFS1_NAME, NULL);
	pr_info("/proc/" PROCFS1_NAME " removed\n");
}
module_exit(procfs1_exit);

MODULE_DESCRIPTION("File in /proc with a fixed text");
MODULE_LICENSE("GPL");
