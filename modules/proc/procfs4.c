// SPDX-License-Identifier: GPL-2.0
/*
 * Procfs 4 - a seq_file below /proc that counts its readers
 *
 *	# insmod procfs4.ko
 *	$ cat /proc/iter
 *	0
 *	$ cat /proc/iter
 *	1
 *
 * An open file gets its numbers at its first read and keeps them, even if it is
 * read again after a seek.  With the parameter lines=3, an open file gets three
 * numbers, and the next open file gets the three numbers after those.
 */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/types.h>

#include "seq_iter.h"

#define PROCFS4_NAME	"iter"

/**
 * struct procfs4_reader - an open file, whose calls seq_file serialises
 * @iter: the numbers that the file shows
 * @has_numbers: true after the first read of the file
 */
struct procfs4_reader {
	struct seq_iter iter;
	bool has_numbers;
};

static unsigned int lines = 1;
module_param(lines, uint, 0444);
MODULE_PARM_DESC(lines, "Lines that each open of the file reads");

static atomic64_t next_number = ATOMIC64_INIT(0);

static void *procfs4_start(struct seq_file *m, loff_t *pos)
{
	struct procfs4_reader *reader = m->private;

	if (!reader->has_numbers) {
		seq_iter_init(&reader->iter,
			      atomic64_fetch_add(lines, &next_number), lines);
		reader->has_numbers = true;
	}
	return seq_iter_start(&reader->iter, *pos);
}

static void *procfs4_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct procfs4_reader *reader = m->private;

	return seq_iter_next(&reader->iter, pos);
}

static void procfs4_stop(struct seq_file *m, void *v)
{
}

static int procfs4_show(struct seq_file *m, void *v)
{
	seq_put_decimal_ull(m, "", *(u64 *)v);
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations procfs4_ops = {
	.start = procfs4_start,
	.next = procfs4_next,
	.stop = procfs4_stop,
	.show = procfs4_show,
};

static int __init procfs4_init(void)
{
	if (!lines)
		return -EINVAL;
	if (!proc_create_seq_private(PROCFS4_NAME, 0444, NULL, &procfs4_ops,
				     sizeof(struct procfs4_reader), NULL))
		return -ENOMEM;
	return 0;
}
module_init(procfs4_init);

static void __exit procfs4_exit(void)
{
	remove_proc_entry(PROCFS4_NAME, NULL);
}
module_exit(procfs4_exit);

MODULE_DESCRIPTION("seq_file in /proc that counts its readers");
MODULE_LICENSE("GPL");
