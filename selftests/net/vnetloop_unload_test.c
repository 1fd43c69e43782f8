// SPDX-License-Identifier: GPL-2.0
/*
 * Vnetloop - unload while the device is up, in use, or in another namespace
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <linux/if_ether.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "frame.h"
#include "lib/gate.h"
#include "lib/module.h"
#include "lib/shared.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "lib/timeout.h"
#include "link.h"

#define MODULE		"vnetloop"
#define LINK		"vnetloop0"
#define PAYLOAD		100
#define NR_LOADS	20
#define LIMIT_S		10

/* What the other task shares with the test. */
struct use {
	struct gate arrived;
	struct gate leave;
	long nr_sent;
	bool is_over;
};

FIXTURE(unload)
{
	struct use *use;
	int file;
};

FIXTURE_SETUP(unload)
{
	self->use = shared_alloc(sizeof(*self->use));
	ASSERT_NE(NULL, self->use);
	ASSERT_EQ(0, gate_init(&self->use->arrived));
	ASSERT_EQ(0, gate_init(&self->use->leave));

	link_be_quiet();
	self->file = module_open(MODULE);
	ASSERT_LE(0, self->file);
	ASSERT_EQ(0, module_insert(self->file, ""));
}

FIXTURE_TEARDOWN(unload)
{
	module_unload(MODULE);
	close(self->file);
	gate_destroy(&self->use->arrived);
	gate_destroy(&self->use->leave);
	shared_free(self->use, sizeof(*self->use));
}

TEST_F(unload, is_possible_while_the_device_is_up)
{
	ASSERT_EQ(0, link_up(LINK));
	EXPECT_EQ(0, module_refcount(MODULE));
	EXPECT_EQ(0, module_unload(MODULE));
	EXPECT_EQ(-ENODEV, link_index(LINK));
}

TEST_F(unload, leaves_a_socket_without_a_device)
{
	unsigned char own[ETH_ALEN] = {};
	struct frame frame;
	int sock, type;

	ASSERT_EQ(0, link_up(LINK));
	sock = frame_socket(LINK, FRAME_KIND);
	ASSERT_LE(0, sock);
	frame_init(&frame, own, own, 0);
	ASSERT_LT(0, frame_send(sock, &frame, PAYLOAD));
	ASSERT_LT(0, frame_receive(sock, &frame, &type));

	EXPECT_EQ(0, module_unload(MODULE));
	EXPECT_EQ(-ENETDOWN, frame_receive(sock, &frame, &type));
	EXPECT_EQ(-ENXIO, frame_send(sock, &frame, PAYLOAD));
	EXPECT_EQ(0, close(sock));
}

static bool is_of_a_device_that_goes(long err)
{
	return err == -ENODEV || err == -ENXIO || err == -ENETDOWN;
}

/* Broadcasts a frame through the device, which may be removed at any moment. */
static long send_once(int sock, const struct frame *frame)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(FRAME_KIND),
		.sll_ifindex = link_index(LINK),
	};

	if (to.sll_ifindex < 0)
		return to.sll_ifindex;
	return sysret(sendto(sock, frame, ETH_HLEN + PAYLOAD, 0,
			     (struct sockaddr *)&to, sizeof(to)));
}

static int send_until_over(void *arg)
{
	struct use *use = arg;
	unsigned char everybody[ETH_ALEN];
	struct frame frame;
	int sock = sysret(socket(AF_PACKET, SOCK_RAW, 0));
	long ret = sock;

	memset(everybody, 0xff, sizeof(everybody));
	frame_init(&frame, everybody, everybody, 0);
	gate_open(&use->arrived);
	while (!__atomic_load_n(&use->is_over, __ATOMIC_RELAXED)) {
		if (ret < 0 && !is_of_a_device_that_goes(ret))
			return ret;
		ret = send_once(sock, &frame);
		if (ret > 0)
			__atomic_fetch_add(&use->nr_sent, 1, __ATOMIC_RELAXED);
	}
	return 0;
}

/*
 * Waits until the other task has sent another frame.  Returns false on timeout.
 */
static bool await_frame(const struct use *use)
{
	const long before = __atomic_load_n(&use->nr_sent, __ATOMIC_RELAXED);
	const time_t end = time(NULL) + slow(LIMIT_S);

	while (__atomic_load_n(&use->nr_sent, __ATOMIC_RELAXED) == before) {
		if (time(NULL) > end)
			return false;
		sched_yield();
	}
	return true;
}

/* Each unload happens while another task sends frames. */
TEST_F(unload, and_load_again_and_again_while_in_use)
{
	pid_t task = task_start(send_until_over, self->use);
	int i;

	ASSERT_LT(0, task);
	ASSERT_EQ(1, gate_wait(&self->use->arrived));
	for (i = 0; i < NR_LOADS; i++) {
		ASSERT_EQ(0, link_up(LINK));
		ASSERT_TRUE(await_frame(self->use));
		ASSERT_EQ(0, module_unload(MODULE));
		ASSERT_EQ(0, module_insert(self->file, ""));
	}
	__atomic_store_n(&self->use->is_over, true, __ATOMIC_RELAXED);
	EXPECT_EQ(0, task_wait(task));
}

/*
 * Runs in a network namespace of its own.  Returns 0 if the device is in that
 * namespace when the test tells this task to end.
 */
static int live_elsewhere(void *arg)
{
	struct use *use = arg;

	if (unshare(CLONE_NEWNET))
		return -errno;
	gate_open(&use->arrived);
	if (gate_wait(&use->leave) != 1)
		return -EIO;
	return link_index(LINK) > 0 ? 0 : -ENODEV;
}

static pid_t start_elsewhere(struct __test_metadata *_metadata,
			     struct use *use)
{
	pid_t task = task_start(live_elsewhere, use);

	ASSERT_LT(0, task);
	ASSERT_EQ(1, gate_wait(&use->arrived));
	return task;
}

TEST_F(unload, finds_the_device_in_another_network)
{
	pid_t task = start_elsewhere(_metadata, self->use);

	ASSERT_EQ(0, link_move(LINK, task));
	EXPECT_EQ(-ENODEV, link_index(LINK));
	EXPECT_EQ(0, module_unload(MODULE));

	gate_open(&self->use->leave);
	EXPECT_EQ(-ENODEV, task_wait(task));
}

/* Opens a netlink socket that reports added and removed devices. */
static int listen_to_links(void)
{
	const struct timeval limit = { .tv_sec = slow(LIMIT_S) };
	struct sockaddr_nl address = {
		.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK,
	};
	int sock = sysret(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
				 NETLINK_ROUTE));

	if (sock < 0)
		return sock;
	setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (bind(sock, (struct sockaddr *)&address, sizeof(address)))
		return -errno;
	return sock;
}

TEST_F(unload, is_clean_after_another_network_with_the_device_has_died)
{
	pid_t task = start_elsewhere(_metadata, self->use);
	char message[4096];
	int sock;

	ASSERT_EQ(0, link_move(LINK, task));
	EXPECT_EQ(-ENODEV, link_index(LINK));
	sock = listen_to_links();
	ASSERT_LE(0, sock);

	gate_open(&self->use->leave);
	EXPECT_EQ(0, task_wait(task));
	while (link_index(LINK) < 0)
		ASSERT_LT(0, sysret(recv(sock, message, sizeof(message), 0)));
	EXPECT_EQ(0, close(sock));

	EXPECT_EQ(0, link_up(LINK));
	EXPECT_EQ(0, module_unload(MODULE));
}

TEST_HARNESS_MAIN
