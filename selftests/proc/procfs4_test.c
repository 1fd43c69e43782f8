// SPDX-License-Identifier: GPL-2.0
/*
 * Procfs 4 - /proc/iter, which shows how many opens have read it before
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "suites/readable_file.h"
#include "suites/unload_open.h"

#include "procfs4_module.h"

#define ITER		"/proc/iter"
#define NR_THREADS	4
#define NR_CATS		500

FIXTURE_VARIANT_ADD(readable, iter)
{
	.module = "procfs4",
	.path = ITER,
	.content = "0\n",
};

FIXTURE_VARIANT_ADD(readable, iter_of_3_lines)
{
	.module = "procfs4",
	.params = "lines=3",
	.path = ITER,
};

FIXTURE_VARIANT_ADD(readable, iter_of_100_lines)
{
	.module = "procfs4",
	.params = "lines=100",
	.path = ITER,
};

/*
 * Returns the number in the line at *@text, and advances *@text past the line.
 */
static long long next_line(const char **text)
{
	char line[32];
	long long number;
	int len = 0;

	if (sscanf(*text, "%lld\n%n", &number, &len) != 1)
		return -ENODATA;

	len = snprintf(line, sizeof(line), "%lld\n", number);
	if (strncmp(*text, line, len))
		return -EBADMSG;
	*text += len;
	return number;
}

/* Reads the file as cat does.  Returns the number in its only line. */
static long long cat(void)
{
	char buf[64];
	const char *text = buf;
	long len = file_read(ITER, buf, sizeof(buf));
	long long number = len < 0 ? len : next_line(&text);

	return number < 0 || !*text ? number : -EMSGSIZE;
}

/* Counts how often threads that begin at the same time read each number. */
struct census {
	pthread_barrier_t begin;
	int seen[NR_THREADS * NR_CATS];
	int nr_others;
};

static void *cat_many_times(void *arg)
{
	struct census *census = arg;
	long long number;
	int i;

	pthread_barrier_wait(&census->begin);
	for (i = 0; i < NR_CATS; i++) {
		number = cat();
		if (number < 0 || number >= NR_THREADS * NR_CATS)
			__atomic_add_fetch(&census->nr_others, 1,
					   __ATOMIC_RELAXED);
		else
			__atomic_add_fetch(&census->seen[number], 1,
					   __ATOMIC_RELAXED);
	}
	return NULL;
}

static int open_for_writing_as_nobody(void *arg)
{
	int err = task_become_nobody();

	return err ? err : sysret(open(ITER, O_WRONLY | O_CLOEXEC));
}

FIXTURE(procfs4)
{
	struct census census;
	char buf[64];
	int fd;
};

FIXTURE_SETUP(procfs4)
{
	ASSERT_EQ(0, module_reload("procfs4", ""));
	self->fd = open(ITER, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(procfs4)
{
	close(self->fd);
	module_unload("procfs4");
}

TEST_F(procfs4, file_has_the_mode_of_the_listing)
{
	EXPECT_FILE_OF_ROOT(S_IFREG | 0444, ITER);
}

TEST_F(procfs4, file_cannot_be_written)
{
	int fd = open(ITER, O_WRONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EIO, sysret(write(fd, "7", 1)));
	close(fd);
	EXPECT_EQ(-EACCES, task_run(open_for_writing_as_nobody, NULL));
	EXPECT_EQ(0, cat());
}

TEST_F(procfs4, counts_from_0)
{
	int i;

	for (i = 0; i < 12; i++)
		EXPECT_EQ(i, cat());
}

TEST_F(procfs4, counts_from_0_again_after_the_next_load)
{
	EXPECT_EQ(0, cat());
	EXPECT_EQ(1, cat());
	ASSERT_EQ(0, module_reload("procfs4", ""));
	EXPECT_EQ(0, cat());
}

/* PROCFS4-1 */
TEST_F(procfs4, ends_after_its_line_for_good)
{
	int i;

	EXPECT_EQ(2, sysret(read(self->fd, self->buf, sizeof(self->buf))));
	for (i = 0; i < 5; i++)
		EXPECT_EQ(0, sysret(read(self->fd, self->buf,
					 sizeof(self->buf))));
	EXPECT_EQ(1, cat());
}

/* PROCFS4-2 */
TEST_F(procfs4, counts_an_open_once_however_it_reads)
{
	EXPECT_EQ(1, sysret(pread(self->fd, self->buf, 1, 1)));
	EXPECT_EQ('\n', self->buf[0]);
	EXPECT_EQ(2, sysret(pread(self->fd, self->buf, 8, 0)));
	EXPECT_EQ(0, memcmp("0\n", self->buf, 2));
	EXPECT_EQ(2, file_read_chunks(self->fd, self->buf, 8, 1));
	EXPECT_EQ(0, lseek(self->fd, 0, SEEK_SET));
	EXPECT_EQ(2, file_read_chunks(self->fd, self->buf, 8, 1));
	EXPECT_EQ(0, memcmp("0\n", self->buf, 2));

	EXPECT_EQ(1, cat());
	EXPECT_EQ(2, cat());
}

/* PROCFS4-2 */
TEST_F(procfs4, counts_an_open_once_however_it_seeks)
{
	EXPECT_EQ(1, lseek(self->fd, 1, SEEK_SET));
	EXPECT_EQ(0, sysret(pread(self->fd, self->buf, 8, 1000)));
	EXPECT_EQ(1, sysret(read(self->fd, self->buf, 8)));
	EXPECT_EQ(0, lseek(self->fd, 0, SEEK_SET));
	EXPECT_EQ(2, sysret(read(self->fd, self->buf, 8)));
	EXPECT_EQ(0, memcmp("0\n", self->buf, 2));

	EXPECT_EQ(1, cat());
}

/* PROCFS4-3 */
TEST_F(procfs4, gives_each_number_once_to_many_threads)
{
	pthread_t thread[NR_THREADS];
	int i;

	ASSERT_EQ(0, pthread_barrier_init(&self->census.begin, NULL,
					  NR_THREADS));
	for (i = 0; i < NR_THREADS; i++)
		ASSERT_EQ(0, pthread_create(&thread[i], NULL, cat_many_times,
					    &self->census));
	for (i = 0; i < NR_THREADS; i++)
		ASSERT_EQ(0, pthread_join(thread[i], NULL));

	EXPECT_EQ(0, self->census.nr_others);
	for (i = 0; i < NR_THREADS * NR_CATS; i++)
		EXPECT_EQ(1, self->census.seen[i]) TH_LOG("the number %d", i);
	EXPECT_EQ(NR_THREADS * NR_CATS, cat());
}

TEST_F(procfs4, logs_nothing)
{
	struct kmsg log;

	ASSERT_EQ(0, kmsg_open(&log));
	EXPECT_EQ(0, cat());
	ASSERT_EQ(0, module_reload("procfs4", ""));
	EXPECT_NO_LOG(&log);
	kmsg_close(&log);
}

/*
 * If the module has the parameter lines=, an open may read more than one line.
 */
FIXTURE(procfs4_lines)
{
	char params[32];
	char buf[32768];
};

FIXTURE_VARIANT(procfs4_lines)
{
	int nr;
};

FIXTURE_VARIANT_ADD(procfs4_lines, of_1) { 1 };
FIXTURE_VARIANT_ADD(procfs4_lines, of_3) { 3 };

/* Longer than the page that a seq_file allocates at first. */
FIXTURE_VARIANT_ADD(procfs4_lines, of_3000) { 3000 };

FIXTURE_SETUP(procfs4_lines)
{
	snprintf(self->params, sizeof(self->params), "lines=%d", variant->nr);
	ASSERT_EQ(0, module_reload("procfs4", self->params));
}

FIXTURE_TEARDOWN(procfs4_lines)
{
	module_unload("procfs4");
}

TEST_F(procfs4_lines, are_consecutive_numbers)
{
	const char *text = self->buf;
	long long first;
	int round;
	int i;

	for (round = 0; round < 2; round++) {
		ASSERT_LT(0, file_read(ITER, self->buf, sizeof(self->buf)));
		text = self->buf;
		first = next_line(&text);
		ASSERT_LE(0, first);
		for (i = 1; i < variant->nr; i++)
			ASSERT_EQ(first + i, next_line(&text));
		EXPECT_STREQ("", text);
	}
}

/* PROCFS4-2 */
TEST_F(procfs4_lines, are_the_same_in_small_chunks)
{
	static char again[sizeof(self->buf)];
	int fd = open(ITER, O_RDONLY | O_CLOEXEC);
	long len;

	ASSERT_LE(0, fd);
	len = file_read_chunks(fd, self->buf, sizeof(self->buf), 4096);
	ASSERT_LT(0, len);
	ASSERT_EQ(0, lseek(fd, 0, SEEK_SET));
	EXPECT_EQ(len, file_read_chunks(fd, again, sizeof(again), 7));
	EXPECT_EQ(0, memcmp(self->buf, again, len));
	EXPECT_EQ(2, sysret(pread(fd, again, 2, len - 2)));
	EXPECT_EQ(0, memcmp(self->buf + len - 2, again, 2));
	close(fd);
}

TEST_HARNESS_MAIN
