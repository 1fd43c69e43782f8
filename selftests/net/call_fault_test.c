// SPDX-License-Identifier: GPL-2.0
/*
 * Call fault - send a frame and set the device up, with fault injection
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "frame.h"
#include "link.h"
#include "suites/call_fault.h"

#define LINK		"vnetloop0"
#define PAYLOAD		100

static const unsigned char everybody[ETH_ALEN] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
};

static const unsigned char somebody[ETH_ALEN] = { 2, 3, 4, 5, 6, 7 };
static struct frame sent;
static long nr_sent;
static long nr_received;

/* The socket ignores outgoing frames, and so receives only looped-back ones. */
static int prepare_frame(struct call_fault_file *file)
{
	const int yes = 1;
	int err;

	call_fault_close(file);
	err = link_up(LINK);
	if (err)
		return err;
	file->fd = frame_socket(LINK, FRAME_KIND);
	if (file->fd < 0)
		return file->fd;
	frame_init(&sent, everybody, somebody, 0);
	nr_sent = link_counter(LINK, "tx_packets");
	nr_received = link_counter(LINK, "rx_packets");
	return sysret(setsockopt(file->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING,
				 &yes, sizeof(yes)));
}

static long make_send(struct call_fault_file *file)
{
	return frame_send(file->fd, &sent, PAYLOAD);
}

/* A frame that was counted as received arrives, and no other. */
static const char *look_at_frames(struct call_fault_file *file)
{
	const long out = link_counter(LINK, "tx_packets") - nr_sent;
	const long in = link_counter(LINK, "rx_packets") - nr_received;
	static char seen[128];
	struct frame got;
	long len = 0;
	int type;

	if (in > 0)
		len = frame_receive(file->fd, &got, &type);
	snprintf(seen, sizeof(seen),
		 "%ld out, %ld in, %ld dropped, %ld bytes %s, then %ld", out,
		 in, link_counter(LINK, "tx_dropped"), len,
		 len > 0 && !memcmp(&got, &sent, len) ? "came round" : "came",
		 sysret(recv(file->fd, &got, sizeof(got), MSG_DONTWAIT)));
	return seen;
}

static int prepare_down(struct call_fault_file *file)
{
	int err;

	call_fault_close(file);
	err = link_down(LINK);
	file->fd = sysret(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	return err || file->fd >= 0 ? err : file->fd;
}

static long make_up(struct call_fault_file *file)
{
	struct ifreq ifr = { .ifr_name = LINK, .ifr_flags = IFF_UP };

	return sysret(ioctl(file->fd, SIOCSIFFLAGS, &ifr));
}

static const char *look_at_state(struct call_fault_file *file)
{
	const int flags = link_flags(LINK);

	if (flags < 0)
		return strerror(-flags);
	return flags & IFF_UP ? "up" : "down";
}

/* The network stack returns -ENOBUFS if it has no memory for a frame. */
static const struct call_fault_call send_call = {
	.name = "send",
	.prepare = prepare_frame,
	.make = make_send,
	.look = look_at_frames,
	.errs = { -ENOBUFS },
};

static const struct call_fault_call up_call = {
	.name = "up",
	.prepare = prepare_down,
	.make = make_up,
	.look = look_at_state,
	.errs = { -ENOBUFS },
};

static const char *be_quiet(void)
{
	link_be_quiet();
	return NULL;
}

FIXTURE_VARIANT_ADD(call_fault, vnetloop)
{
	.file.module = "vnetloop",
	.calls = { &up_call, &send_call },
	.prepare = be_quiet,
};

TEST_HARNESS_MAIN
