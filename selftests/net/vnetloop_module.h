/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Vnetloop - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_NET_VNETLOOP_MODULE_H
#define _SELFTESTS_NET_VNETLOOP_MODULE_H

#include <errno.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "frame.h"
#include "lib/description.h"
#include "link.h"

#define VNETLOOP		"vnetloop0"
#define VNETLOOP_PAYLOAD		100

static const unsigned char vnetloop_everybody[ETH_ALEN] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
};

static const unsigned char vnetloop_somebody[ETH_ALEN] = { 2, 3, 4, 5, 6, 7 };
static struct frame vnetloop_sent;
static long vnetloop_nr_sent;
static long vnetloop_nr_received;

/*
 * Opens a socket that ignores outgoing frames, so that it receives only frames
 * that the device has looped back.
 */
static int vnetloop_prepare_frame(struct call_fault_file *file)
{
	const int yes = 1;
	int err;

	call_fault_close(file);
	err = link_up(VNETLOOP);
	if (err)
		return err;
	file->fd = frame_socket(VNETLOOP, FRAME_KIND);
	if (file->fd < 0)
		return file->fd;
	frame_init(&vnetloop_sent, vnetloop_everybody, vnetloop_somebody, 0);
	vnetloop_nr_sent = link_counter(VNETLOOP, "tx_packets");
	vnetloop_nr_received = link_counter(VNETLOOP, "rx_packets");
	return sysret(setsockopt(file->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING,
				 &yes, sizeof(yes)));
}

static long vnetloop_make_send(struct call_fault_file *file)
{
	return frame_send(file->fd, &vnetloop_sent, VNETLOOP_PAYLOAD);
}

/*
 * Returns a text with the counts of frames, and with the frame that has
 * arrived.  A frame must arrive if it was counted as received, and no other.
 */
static const char *vnetloop_look_at_frames(struct call_fault_file *file)
{
	const long out = link_counter(VNETLOOP, "tx_packets") - vnetloop_nr_sent;
	const long in = link_counter(VNETLOOP, "rx_packets") - vnetloop_nr_received;
	static char seen[128];
	struct frame got;
	long len = 0;
	int type;

	if (in > 0)
		len = frame_receive(file->fd, &got, &type);
	snprintf(seen, sizeof(seen),
		 "%ld out, %ld in, %ld dropped, %ld bytes %s, then %ld", out,
		 in, link_counter(VNETLOOP, "tx_dropped"), len,
		 len > 0 && !memcmp(&got, &vnetloop_sent, len) ? "came round" : "came",
		 sysret(recv(file->fd, &got, sizeof(got), MSG_DONTWAIT)));
	return seen;
}

static int vnetloop_prepare_down(struct call_fault_file *file)
{
	int err;

	call_fault_close(file);
	err = link_down(VNETLOOP);
	file->fd = sysret(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	return err || file->fd >= 0 ? err : file->fd;
}

static long vnetloop_make_up(struct call_fault_file *file)
{
	struct ifreq ifr = { .ifr_name = VNETLOOP, .ifr_flags = IFF_UP };

	return sysret(ioctl(file->fd, SIOCSIFFLAGS, &ifr));
}

static const char *vnetloop_look_at_state(struct call_fault_file *file)
{
	const int flags = link_flags(VNETLOOP);

	if (flags < 0)
		return strerror(-flags);
	return flags & IFF_UP ? "up" : "down";
}

/* The network stack returns -ENOBUFS if it has no memory for a frame. */
static const struct call_fault_call vnetloop_send_call = {
	.name = "send",
	.prepare = vnetloop_prepare_frame,
	.make = vnetloop_make_send,
	.look = vnetloop_look_at_frames,
	.errs = { -ENOBUFS },
};

static const struct call_fault_call vnetloop_up_call = {
	.name = "up",
	.prepare = vnetloop_prepare_down,
	.make = vnetloop_make_up,
	.look = vnetloop_look_at_state,
	.errs = { -ENOBUFS },
};

static const char *vnetloop_be_quiet(void)
{
	link_be_quiet();
	return NULL;
}

static const struct module_description vnetloop_module = {
	.module = "vnetloop",
	.prepare = vnetloop_be_quiet,
	.path = "/sys/class/net/vnetloop0",
	.load_errs = { -ENOBUFS, -EINVAL },
	.files = (const struct described_file[]) {
		{
			.calls = { &vnetloop_up_call, &vnetloop_send_call },
		},
	},
	.soak.nodes = {
		{ "/sys/class/net/vnetloop0/flags", { "0x1003", "0x1002" } },
		{ "/sys/class/net/vnetloop0/mtu", { "1400", "68" } },
		{ "/sys/class/net/vnetloop0/statistics/tx_packets", {} },
		{ "/sys/class/net/vnetloop0/address", {} },
	},
};

IN_LOAD_FAULT(vnetloop);
IN_CALL_FAULT(vnetloop, vnetloop, 0);
IN_SOAK(vnetloop);

#endif /* _SELFTESTS_NET_VNETLOOP_MODULE_H */
