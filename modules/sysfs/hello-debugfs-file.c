// SPDX-License-Identifier: GPL-2.0
/*
 * Hello debugfs file - a message and a blob as files of debugfs
 *
 *	# insmod hello-debugfs-file.ko
 *	# cat /sys/kernel/debug/lkmpg_debugfs_file/message
 *	debugfs says hello
 *	# echo hi there > /sys/kernel/debug/lkmpg_debugfs_file/message
 *	# cat /sys/kernel/debug/lkmpg_debugfs_file/message
 *	hi there
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/types.h>

#include "msgbuf.h"
#include "msgfile.h"

#define HELLO_DEBUGFS_FILE_NAME		"lkmpg_debugfs_file"
#define HELLO_DEBUGFS_FILE_CAPACITY	128
#define HELLO_DEBUGFS_FILE_FIRST	"debugfs says hello\n"

static char hello_debugfs_file_room[MSGBUF_ROOM(HELLO_DEBUGFS_FILE_CAPACITY)];
static struct msgfile hello_debugfs_file_message;
static char hello_debugfs_file_text[] =
	"This blob is read-only and exported with debugfs_create_blob().\n";
static struct debugfs_blob_wrapper hello_debugfs_file_blob = {
	.data = hello_debugfs_file_text,
	.size = sizeof(hello_debugfs_file_text) - 1,
};

static struct dentry *hello_debugfs_file_dir;

static ssize_t message_read(struct file *file, char __user *buf, size_t count,
			    loff_t *ppos)
{
	return msgfile_read(&hello_debugfs_file_message, buf, count, ppos);
}

static ssize_t message_write(struct file *file, const char __user *buf,
			     size_t count, loff_t *ppos)
{
	return msgfile_write(&hello_debugfs_file_message, file, buf, count,
			     ppos);
}

static const struct file_operations message_fops = {
	.owner = THIS_MODULE,
	.llseek = default_llseek,
	.read = message_read,
	.write = message_write,
};

static int __init hello_debugfs_file_init(void)
{
	msgfile_init(&hello_debugfs_file_message, hello_debugfs_file_room,
		     HELLO_DEBUGFS_FILE_CAPACITY, NULL);
	msgbuf_write(&hello_debugfs_file_message.msg, HELLO_DEBUGFS_FILE_FIRST,
		     strlen(HELLO_DEBUGFS_FILE_FIRST), 0);

	hello_debugfs_file_dir = debugfs_create_dir(HELLO_DEBUGFS_FILE_NAME,
						    NULL);
	debugfs_create_file("message", 0600, hello_debugfs_file_dir, NULL,
			    &message_fops);
	debugfs_create_blob("blob", 0400, hello_debugfs_file_dir,
			    &hello_debugfs_file_blob);

	pr_info("debugfs file example registered under /sys/kernel/debug/"
		HELLO_DEBUGFS_FILE_NAME "\n");
	return 0;
}
module_init(hello_debugfs_file_init);

static void __exit hello_debugfs_file_exit(void)
{
	debugfs_remove(hello_debugfs_file_dir);
	pr_info("debugfs file example removed\n");
}
module_exit(hello_debugfs_file_exit);

MODULE_DESCRIPTION("Message and blob in debugfs");
MODULE_LICENSE("GPL");
