// SPDX-License-Identifier: GPL-2.0
/*
 * Virtual input tests - types that fail, return wrong lengths, or unregister
 *
 * The real types, vkbd and vmouse, do none of that, so the tests register a
 * fake type.  Its operations return what a test has set, and record their
 * calls.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/input.h>
#include <linux/kdev_t.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#include "../modules/input/vinput.h"

#define NAME	"kunit"
#define POISON	0x5a

/* What the operations of the fake type return, and a record of their calls. */
static struct fake {
	int init;
	int send;
	int read;
	int nr_kills;
	bool had_input;
	char sent[VINPUT_MAX_LEN + 1];
} fake;

struct vinput_context {
	struct inode inode;
	struct file file;
	char __user *user;
};

static int fake_init(struct vinput *vinput)
{
	if (fake.init)
		return fake.init;

	input_set_capability(vinput->input, EV_KEY, KEY_G);
	return input_register_device(vinput->input);
}

static int fake_kill(struct vinput *vinput)
{
	fake.nr_kills++;
	fake.had_input = device_is_registered(&vinput->input->dev);
	return 0;
}

static int fake_send(struct vinput *vinput, char *buf, int len)
{
	memcpy(fake.sent, buf, len + 1);
	return fake.send ? fake.send : len;
}

static int fake_read(struct vinput *vinput, char *buf, int size)
{
	memset(buf, 'x', size);
	return fake.read;
}

static const struct vinput_ops fake_ops = {
	.init = fake_init,
	.kill = fake_kill,
	.send = fake_send,
	.read = fake_read,
};

static struct vinput_device fake_type = {
	.name = NAME,
	.ops = &fake_ops,
};

static int vinput_test_init(struct kunit *test)
{
	struct vinput_context *ctx;

	ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ctx);
	ctx->user = (char __user *)kunit_vm_mmap(test, NULL, 0, PAGE_SIZE,
						 PROT_READ | PROT_WRITE,
						 MAP_ANONYMOUS | MAP_PRIVATE,
						 0);
	KUNIT_ASSERT_NOT_NULL(test, ctx->user);
	test->priv = ctx;

	memset(&fake, 0, sizeof(fake));
	return vinput_register(&fake_type);
}

static void vinput_test_exit(struct kunit *test)
{
	vinput_unregister(&fake_type);
}

static int open_id(struct vinput_context *ctx, int id)
{
	ctx->inode.i_rdev = MKDEV(0, id);
	return vinput_fops.open(&ctx->inode, &ctx->file);
}

static void close_id(struct vinput_context *ctx)
{
	vinput_fops.release(&ctx->inode, &ctx->file);
}

static ssize_t read_at(struct vinput_context *ctx, loff_t pos, size_t count)
{
	return vinput_fops.read(&ctx->file, ctx->user, count, &pos);
}

static ssize_t write_text(struct vinput_context *ctx, const char *text)
{
	loff_t pos = 0;

	if (copy_to_user(ctx->user, text, strlen(text)))
		return -EFAULT;
	return vinput_fops.write(&ctx->file, ctx->user, strlen(text), &pos);
}

/* VINPUT-4, VINPUT-6: a failed export frees its device and its number once. */
static void vinput_test_failing_init_leaves_the_id_free(struct kunit *test)
{
	int i;

	fake.init = -EIO;
	for (i = 0; i < 2 * MAX_VINPUT; i++)
		KUNIT_ASSERT_EQ(test, vinput_export(NAME), -EIO);
	KUNIT_EXPECT_EQ(test, open_id(test->priv, 0), -ENODEV);
	KUNIT_EXPECT_EQ(test, vinput_unexport(0), -ENODEV);
	KUNIT_EXPECT_EQ(test, fake.nr_kills, 0);

	fake.init = 0;
	KUNIT_EXPECT_EQ(test, vinput_export(NAME), 0);
}

/* VINPUT-9: an error of .read is returned to the reader. */
static void vinput_test_error_of_read_is_returned(struct kunit *test)
{
	struct vinput_context *ctx = test->priv;

	KUNIT_ASSERT_EQ(test, vinput_export(NAME), 0);
	KUNIT_ASSERT_EQ(test, open_id(ctx, 0), 0);
	fake.read = -EIO;
	KUNIT_EXPECT_EQ(test, read_at(ctx, 0, 10), -EIO);
	KUNIT_EXPECT_EQ(test, read_at(ctx, 200, 10), -EIO);
	close_id(ctx);
}

/* VINPUT-1: a read returns only the text of the type, not bytes after it. */
static void vinput_test_read_gives_what_the_type_gave(struct kunit *test)
{
	struct vinput_context *ctx = test->priv;
	char bytes[8];

	KUNIT_ASSERT_EQ(test, vinput_export(NAME), 0);
	KUNIT_ASSERT_EQ(test, open_id(ctx, 0), 0);
	KUNIT_ASSERT_EQ(test, clear_user(ctx->user, sizeof(bytes)), 0);
	fake.read = 5;
	KUNIT_EXPECT_EQ(test, read_at(ctx, 0, 100), 5);
	KUNIT_EXPECT_EQ(test, read_at(ctx, 3, 100), 2);
	KUNIT_EXPECT_EQ(test, read_at(ctx, 5, 100), 0);
	KUNIT_EXPECT_EQ(test, read_at(ctx, 6, 100), 0);

	KUNIT_ASSERT_EQ(test, copy_from_user(bytes, ctx->user, sizeof(bytes)), 0);
	KUNIT_EXPECT_MEMEQ(test, bytes, "xxxxx\0\0", sizeof(bytes));
	close_id(ctx);
}

/*
 * VINPUT-8: a read returns at most VINPUT_MAX_LEN bytes, even if the type
 * returns a larger length.
 */
static void vinput_test_read_gives_no_more_than_there_is_room_for(struct kunit *test)
{
	struct vinput_context *ctx = test->priv;

	KUNIT_ASSERT_EQ(test, vinput_export(NAME), 0);
	KUNIT_ASSERT_EQ(test, open_id(ctx, 0), 0);
	fake.read = VINPUT_MAX_LEN + 100;
	KUNIT_EXPECT_EQ(test, read_at(ctx, 0, PAGE_SIZE), VINPUT_MAX_LEN);
	close_id(ctx);
}

static void vinput_test_write_is_what_the_type_gets(struct kunit *test)
{
	struct vinput_context *ctx = test->priv;

	KUNIT_ASSERT_EQ(test, vinput_export(NAME), 0);
	KUNIT_ASSERT_EQ(test, open_id(ctx, 0), 0);
	KUNIT_EXPECT_EQ(test, write_text(ctx, "12345"), 5);
	KUNIT_EXPECT_STREQ(test, fake.sent, "12345");
	KUNIT_EXPECT_EQ(test, write_text(ctx, "67"), 2);
	KUNIT_EXPECT_STREQ(test, fake.sent, "67");

	fake.send = -ENOSPC;
	KUNIT_EXPECT_EQ(test, write_text(ctx, "8"), -ENOSPC);
	close_id(ctx);
}

static void vinput_test_write_of_nothing_does_nothing(struct kunit *test)
{
	struct vinput_context *ctx = test->priv;

	KUNIT_ASSERT_EQ(test, vinput_export(NAME), 0);
	KUNIT_ASSERT_EQ(test, open_id(ctx, 0), 0);
	fake.sent[0] = POISON;
	KUNIT_EXPECT_EQ(test, write_text(ctx, ""), 0);
	KUNIT_EXPECT_EQ(test, fake.sent[0], POISON);
	close_id(ctx);
}

/*
 * VINPUT-2, VINPUT-13: an open file stays valid after its device is unexported,
 * and .kill is called before the input device is unregistered.
 */
static void vinput_test_open_file_outlives_its_device(struct kunit *test)
{
	struct vinput_context *ctx = test->priv;

	KUNIT_ASSERT_EQ(test, vinput_export(NAME), 0);
	KUNIT_ASSERT_EQ(test, open_id(ctx, 0), 0);
	KUNIT_EXPECT_EQ(test, vinput_unexport(0), 0);
	KUNIT_EXPECT_EQ(test, fake.nr_kills, 1);
	KUNIT_EXPECT_TRUE(test, fake.had_input);

	KUNIT_ASSERT_EQ(test, vinput_export(NAME), 0);
	fake.sent[0] = POISON;
	KUNIT_EXPECT_EQ(test, read_at(ctx, 0, 10), -ENODEV);
	KUNIT_EXPECT_EQ(test, write_text(ctx, "1"), -ENODEV);
	KUNIT_EXPECT_EQ(test, fake.sent[0], POISON);
	close_id(ctx);
}

/* VINPUT-3, VINPUT-12: unregistering a type removes its open devices, too. */
static void vinput_test_type_takes_its_devices_away(struct kunit *test)
{
	struct vinput_context *ctx = test->priv;

	KUNIT_ASSERT_EQ(test, vinput_export(NAME), 0);
	KUNIT_ASSERT_EQ(test, vinput_export(NAME), 1);
	KUNIT_ASSERT_EQ(test, open_id(ctx, 1), 0);
	vinput_unregister(&fake_type);
	KUNIT_EXPECT_EQ(test, fake.nr_kills, 2);
	KUNIT_EXPECT_EQ(test, vinput_export(NAME), -ENODEV);
	KUNIT_EXPECT_EQ(test, read_at(ctx, 0, 10), -ENODEV);
	close_id(ctx);

	KUNIT_ASSERT_EQ(test, vinput_register(&fake_type), 0);
	KUNIT_EXPECT_EQ(test, open_id(ctx, 1), -ENODEV);
}

static void vinput_test_lowest_free_id_is_used(struct kunit *test)
{
	int i;

	for (i = 0; i < MAX_VINPUT; i++)
		KUNIT_ASSERT_EQ(test, vinput_export(NAME), i);
	KUNIT_EXPECT_EQ(test, vinput_export(NAME), -ENOBUFS);

	KUNIT_EXPECT_EQ(test, vinput_unexport(MAX_VINPUT - 1), 0);
	KUNIT_EXPECT_EQ(test, vinput_unexport(3), 0);
	KUNIT_EXPECT_EQ(test, vinput_export(NAME), 3);
	KUNIT_EXPECT_EQ(test, vinput_export(NAME), MAX_VINPUT - 1);
	KUNIT_EXPECT_EQ(test, vinput_unexport(MAX_VINPUT), -ENODEV);
}

/* VINPUT-11: a type is found only by its whole name. */
static void vinput_test_name_counts_whole(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, vinput_export(NAME "X"), -ENODEV);
	KUNIT_EXPECT_EQ(test, vinput_export("kuni"), -ENODEV);
	KUNIT_EXPECT_EQ(test, vinput_export(""), -ENODEV);
	KUNIT_EXPECT_EQ(test, vinput_export("\n"), -ENODEV);
	KUNIT_EXPECT_EQ(test, vinput_export(NAME "\n\n"), -ENODEV);
	KUNIT_EXPECT_EQ(test, vinput_export(NAME "\n"), 0);
}

static void vinput_test_type_must_be_whole_and_new(struct kunit *test)
{
	static const struct vinput_ops no_read = {
		.init = fake_init,
		.send = fake_send,
	};
	struct vinput_device type = { .name = NAME, .ops = &fake_ops };

	KUNIT_EXPECT_EQ(test, vinput_register(&type), -EEXIST);
	type.name[0] = '\0';
	KUNIT_EXPECT_EQ(test, vinput_register(&type), -EINVAL);
	strscpy(type.name, "other");
	type.ops = &no_read;
	KUNIT_EXPECT_EQ(test, vinput_register(&type), -EINVAL);
	type.ops = NULL;
	KUNIT_EXPECT_EQ(test, vinput_register(&type), -EINVAL);
}

static struct kunit_case vinput_test_cases[] = {
	KUNIT_CASE(vinput_test_failing_init_leaves_the_id_free),
	KUNIT_CASE(vinput_test_error_of_read_is_returned),
	KUNIT_CASE(vinput_test_read_gives_what_the_type_gave),
	KUNIT_CASE(vinput_test_read_gives_no_more_than_there_is_room_for),
	KUNIT_CASE(vinput_test_write_is_what_the_type_gets),
	KUNIT_CASE(vinput_test_write_of_nothing_does_nothing),
	KUNIT_CASE(vinput_test_open_file_outlives_its_device),
	KUNIT_CASE(vinput_test_type_takes_its_devices_away),
	KUNIT_CASE(vinput_test_lowest_free_id_is_used),
	KUNIT_CASE(vinput_test_name_counts_whole),
	KUNIT_CASE(vinput_test_type_must_be_whole_and_new),
	{}
};

static struct kunit_suite vinput_test_suite = {
	.name = "vinput",
	.init = vinput_test_init,
	.exit = vinput_test_exit,
	.test_cases = vinput_test_cases,
};

kunit_test_suite(vinput_test_suite);
