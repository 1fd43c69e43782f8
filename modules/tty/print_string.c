// SPDX-License-Identifier: GPL-2.0
/*
 * Print string - a greeting on the terminal of the task that loads the module
 *
 *	# insmod print_string.ko
 *	The module has been inserted.  Hello world!
 *	# rmmod print_string
 *	The module has been removed.  Farewell world!
 *
 * If the task has no terminal, nothing is printed, and loading still succeeds.
 */
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kdev_t.h>
#include <linux/major.h>
#include <linux/module.h>
#include <linux/stat.h>
#include <linux/string.h>

/* Returns true if the file is the tty device, not another file at /dev/tty. */
static bool is_terminal(const struct file *file)
{
	const struct inode *inode = file_inode(file);

	return S_ISCHR(inode->i_mode) &&
	       inode->i_rdev == MKDEV(TTYAUX_MAJOR, 0);
}

/*
 * Opens the terminal and writes to it, as a program does.  Only if the terminal
 * is an open file does the tty layer serialise writers, turn a newline into CR
 * LF, wait for room in the buffer, and detect a hangup.
 */
static void print_string(const char *str)
{
	struct file *file = filp_open("/dev/tty", O_WRONLY | O_NOCTTY, 0);

	if (IS_ERR(file))
		return;

	if (is_terminal(file))
		kernel_write(file, str, strlen(str), NULL);
	filp_close(file, NULL);
}

static int __init print_string_init(void)
{
	print_string("The module has been inserted.  Hello world!\n");
	return 0;
}
module_init(print_string_init);

static void __exit print_string_exit(void)
{
	print_string("The module has been removed.  Farewell world!\n");
}
module_exit(print_string_exit);

MODULE_DESCRIPTION("Message on the terminal of the task that loads the module");
MODULE_LICENSE("GPL");
