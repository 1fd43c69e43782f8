// SPDX-License-Identifier: GPL-2.0
/*
 * Ioctl - reads of /dev/ioctltest, and the other calls that are not ioctls
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include "device_tests.h"
#include "ioctl.h"
#include "lib/elf_module.h"
#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/node.h"
#include "lib/sysret.h"
#include "lib/usermem.h"
#include "suites/load_race.h"
#include "suites/module_ref.h"

#include "ioctl_module.h"

#define MIB		(1024 * 1024L)
#define GIB		(1024 * MIB)
/* A length of more bytes than the driver copies at a time. */
#define LONG		4096
#define NR_READS	300
#define TICK_US		20000

FIXTURE_VARIANT_ADD(device, ioctltest)
{
	.module = "ioctl",
	.name = "ioctltest",
	.len = -1,
};

/*
 * Returns how many bytes at the start of @buf were written, or -EPROTO if one
 * of them is not @val.
 */
static long count_of(const char *buf, long size, char val)
{
	long len = file_unpoisoned(buf, size);
	long i;

	for (i = 0; i < len; i++) {
		if (buf[i] != val)
			return -EPROTO;
	}
	return len;
}

/*
 * Returns the address that a variable of the module has in the kernel, or NULL.
 * The test tries to overwrite this variable, because the kernel is not damaged
 * if the variable has another value.
 */
static void *kernel_address(const char *name)
{
	int fd = module_open("ioctl");
	const struct elf64_sym *sym;
	unsigned long start;
	char text[32] = "";
	struct ko ko;

	if (fd < 0 || ko_map(&ko, fd))
		return NULL;
	close(fd);

	file_read("/sys/module/ioctl/sections/.bss", text, sizeof(text));
	sym = ko_symbol(&ko, name);
	start = strtoul(text, NULL, 16);
	if (sym && start)
		start += sym->st_value;
	ko_unmap(&ko);
	return (void *)start;
}

/* Maps one GiB of addresses, all to the same two MiB of memory. */
static char *map_gib(void)
{
	int fd = memfd_create("gib", MFD_CLOEXEC);
	void *part;
	char *gib;
	long at;

	if (fd < 0 || ftruncate(fd, 2 * MIB))
		return NULL;

	gib = mmap(NULL, GIB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (at = 0; gib != MAP_FAILED && at < GIB; at += 2 * MIB) {
		part = mmap(gib + at, 2 * MIB, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_FIXED, fd, 0);
		if (part == MAP_FAILED)
			return NULL;
	}
	close(fd);
	return gib == MAP_FAILED ? NULL : gib;
}

static void do_nothing(int signal)
{
}

/*
 * Starts a periodic signal.  A single signal could arrive before the read
 * starts.
 */
static int start_ticking(void)
{
	struct sigaction action = { .sa_handler = do_nothing };
	const struct itimerval timer = {
		.it_interval = { .tv_usec = TICK_US },
		.it_value = { .tv_usec = TICK_US },
	};

	action.sa_flags = SA_RESTART;
	if (sigaction(SIGALRM, &action, NULL))
		return -errno;
	return sysret(setitimer(ITIMER_REAL, &timer, NULL));
}

/*
 * The argument of a thread that sets all values in turn, until .is_over is set.
 */
struct setter {
	int fd;
	bool is_over;
};

static void *set_until_over(void *arg)
{
	struct setter *setter = arg;
	unsigned char val = 0;

	while (!__atomic_load_n(&setter->is_over, __ATOMIC_RELAXED))
		ioctl_set_val(setter->fd, val++);
	return NULL;
}

FIXTURE(reads)
{
	struct usermem mem;
	struct kmsg log;
	char buf[LONG];
	int fd;
};

FIXTURE_SETUP(reads)
{
	ASSERT_EQ(0, usermem_init(&self->mem));
	ASSERT_EQ(0, module_reload("ioctl", ""));
	ASSERT_EQ(0, kmsg_open(&self->log));
	self->fd = ioctl_open();
	ASSERT_LE(0, self->fd);
	memset(self->buf, FILE_POISON, LONG);
}

FIXTURE_TEARDOWN(reads)
{
	close(self->fd);
	kmsg_close(&self->log);
	usermem_destroy(&self->mem);
	EXPECT_EQ(0, module_unload("ioctl"));
}

/* IOCTL-6 */
TEST_F(reads, fill_as_much_as_was_asked_for)
{
	static const long counts[] = { 0, 1, 2, 16, 255, 256, 257, 1000, LONG };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		EXPECT_EQ(counts[i],
			  sysret(read(self->fd, self->buf, counts[i])));
		EXPECT_EQ(counts[i], count_of(self->buf, LONG, 0xff));
	}
}

TEST_F(reads, have_the_val_that_was_set)
{
	EXPECT_EQ(0, ioctl_set_val(self->fd, 'x'));

	EXPECT_EQ(16, sysret(read(self->fd, self->buf, 16)));
	EXPECT_EQ(16, count_of(self->buf, LONG, 'x'));
}

TEST_F(reads, never_come_to_an_end)
{
	EXPECT_EQ(8, sysret(read(self->fd, self->buf, 8)));
	EXPECT_EQ(8, sysret(pread(self->fd, self->buf, 8, 1L << 40)));
	EXPECT_EQ(16, sysret(read(self->fd, self->buf, 16)));
	EXPECT_EQ(16, count_of(self->buf, LONG, 0xff));
}

/* IOCTL-6 */
TEST_F(reads, fill_only_the_start_of_half_a_buffer)
{
	static const long goods[] = { 1, 8, 255, 256, 257, 1000 };
	char *start;
	long last;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(goods); i++) {
		start = self->mem.border - goods[i];
		memset(start, FILE_POISON, goods[i]);
		EXPECT_EQ(goods[i], usermem_read_on(self->fd, start,
						    goods[i] + 8, &last));
		EXPECT_EQ(-EFAULT, last);
		EXPECT_EQ(goods[i], count_of(start, goods[i], 0xff));
	}
}

TEST_F(reads, fail_with_a_buffer_that_cannot_be_used)
{
	int kind;

	for (kind = 0; kind < USERMEM_HALF; kind++)
		EXPECT_EQ(-EFAULT,
			  sysret(read(self->fd, usermem_addr(&self->mem, kind),
				      16)));
	EXPECT_EQ(0, sysret(read(self->fd, NULL, 0)));
}

/* IOCTL-6: a long read could not be interrupted, not even by SIGKILL. */
TEST_F(reads, end_with_a_part_when_a_signal_comes)
{
	char *gib = map_gib();
	long len;

	ASSERT_NE(NULL, gib);
	ASSERT_EQ(0, start_ticking());
	len = sysret(read(self->fd, gib, GIB));

	EXPECT_LT(0, len);
	EXPECT_GT(GIB, len);
	EXPECT_EQ('\xff', gib[0]);
	EXPECT_EQ('\xff', gib[len - 1]);
	munmap(gib, GIB);
}

/* IOCTL-8 */
TEST_F(reads, have_one_val_whatever_is_set_meanwhile)
{
	struct setter setter = { .fd = self->fd };
	pthread_t thread;
	int i;

	ASSERT_EQ(0, pthread_create(&thread, NULL, set_until_over, &setter));
	for (i = 0; i < NR_READS; i++) {
		ASSERT_EQ(LONG, sysret(read(self->fd, self->buf, LONG)));
		ASSERT_EQ(0, memcmp(self->buf, self->buf + 1, LONG - 1));
	}
	__atomic_store_n(&setter.is_over, true, __ATOMIC_RELAXED);
	EXPECT_EQ(0, pthread_join(thread, NULL));
}

TEST_F(reads, are_all_there_is)
{
	EXPECT_EQ(-EINVAL, sysret(write(self->fd, "x", 1)));
	EXPECT_EQ(-ENODEV, (long)mmap(NULL, LONG, PROT_READ, MAP_PRIVATE,
				      self->fd, 0) < 0 ? -errno : 0);
}

/*
 * IOCTL-1: a user could overwrite any memory of the kernel.  Only a 64-bit
 * program can pass an address of the kernel.  If the architecture has separate
 * address spaces for users and for the kernel, the address is one of the user,
 * who must have no memory there.
 */
TEST_F(reads, and_ioctls_do_not_take_an_address_of_the_kernel)
{
	static const unsigned int commands[] = {
		IOCTL_VALGET_NUM, IOCTL_VALGET, IOCTL_VALSET,
	};
	const long page_size = sysconf(_SC_PAGESIZE);
	char *addr = kernel_address("ioctl_num");
	int num = 0;
	size_t i;

	ASSERT_NE(NULL, addr);
	munmap(addr - (uintptr_t)addr % page_size, page_size);
	EXPECT_EQ(0, ioctl_set_num(self->fd, 7));
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		EXPECT_EQ(-EFAULT, sysret(ioctl(self->fd, commands[i], addr)))
			TH_LOG("command %#x", commands[i]);
	EXPECT_EQ(-EFAULT, sysret(read(self->fd, addr, 4)));

	EXPECT_EQ(0, sysret(ioctl(self->fd, IOCTL_VALGET_NUM, &num)));
	EXPECT_EQ(7, num);
}

TEST_F(reads, and_opens_are_not_logged)
{
	EXPECT_EQ(16, sysret(read(self->fd, self->buf, 16)));
	close(self->fd);
	self->fd = ioctl_open();
	EXPECT_LE(0, self->fd);

	EXPECT_NO_LOG(&self->log);
}

TEST_F(reads, begin_and_end_with_a_line_in_the_log)
{
	char line[64];

	close(self->fd);
	ASSERT_EQ(0, module_unload("ioctl"));
	EXPECT_LOG(&self->log, "ioctltest driver removed.");

	ASSERT_EQ(0, module_load("ioctl", ""));
	snprintf(line, sizeof(line), "ioctltest driver(major: %d) installed.",
		 node_major("ioctltest"));
	EXPECT_LOG(&self->log, line);
}

TEST_HARNESS_MAIN
