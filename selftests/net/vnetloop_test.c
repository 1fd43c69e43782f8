// SPDX-License-Identifier: GPL-2.0
/*
 * Vnetloop - a network device that receives what it sends
 */
#include <arpa/inet.h>
#include <errno.h>
#include <kselftest_harness.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/tcp.h>
#include <linux/virtio_net.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "frame.h"
#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/timeout.h"
#include "link.h"

#define MODULE		"vnetloop"
#define LINK		"vnetloop0"
#define OWN_IP		"10.99.0.1"
#define OTHER_IP	"10.99.0.2"
#define PORT		9999
#define NR_FRAMES	50
#define PAYLOAD		100
#define NR_SEGMENTS	10
#define MAX_BACKLOG	"/proc/sys/net/core/netdev_max_backlog"

static const unsigned char everybody[ETH_ALEN] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
};

static const unsigned char somebody[ETH_ALEN] = { 2, 3, 4, 5, 6, 7 };

/* A device that has just been registered. */
FIXTURE(new)
{
	struct kmsg log;
	unsigned char own[ETH_ALEN];
};

FIXTURE_SETUP(new)
{
	link_be_quiet();
	ASSERT_EQ(0, kmsg_open(&self->log));
	ASSERT_EQ(0, module_reload(MODULE, ""));
	ASSERT_EQ(ARPHRD_ETHER, link_address(LINK, self->own));
}

FIXTURE_TEARDOWN(new)
{
	module_unload(MODULE);
	kmsg_close(&self->log);
}

TEST_F(new, is_down_and_has_no_arp)
{
	EXPECT_EQ(IFF_BROADCAST | IFF_MULTICAST | IFF_NOARP, link_flags(LINK));
}

TEST_F(new, has_an_address_of_its_own)
{
	unsigned char next[ETH_ALEN] = {};

	/* A unicast address, which is locally administered. */
	EXPECT_EQ(2, self->own[0] & 3);

	ASSERT_EQ(0, module_reload(MODULE, ""));
	ASSERT_EQ(ARPHRD_ETHER, link_address(LINK, next));
	EXPECT_NE(0, memcmp(self->own, next, ETH_ALEN));
}

TEST_F(new, logs_its_coming_and_nothing_else)
{
	ASSERT_EQ(0, link_up(LINK));
	ASSERT_EQ(0, link_down(LINK));
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_LOG(&self->log, "vnetloop: registered vnetloop0");
}

TEST_F(new, unload_takes_it_away)
{
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_EQ(-ENODEV, link_index(LINK));
	EXPECT_EQ(-ENOENT, sysret(access("/sys/class/net/" LINK, F_OK)));
}

TEST_F(new, sends_nothing_until_it_is_up)
{
	int sock = frame_socket(LINK, FRAME_KIND);
	struct frame sent;

	ASSERT_LE(0, sock);
	frame_init(&sent, self->own, somebody, 0);
	EXPECT_EQ(-ENETDOWN, frame_send(sock, &sent, PAYLOAD));
	EXPECT_EQ(0, link_counter(LINK, "tx_packets"));
	close(sock);
}

TEST_F(new, has_the_packets_of_ethernet)
{
	EXPECT_EQ(0, link_set_mtu(LINK, ETH_DATA_LEN));
	EXPECT_EQ(0, link_set_mtu(LINK, ETH_MIN_MTU));
	EXPECT_EQ(-EINVAL, link_set_mtu(LINK, ETH_DATA_LEN + 1));
	EXPECT_EQ(-EINVAL, link_set_mtu(LINK, ETH_MIN_MTU - 1));
	EXPECT_EQ(-EINVAL, link_set_mtu(LINK, 0));
	EXPECT_EQ(-EINVAL, link_set_mtu(LINK, -1));
}

/* A device that is up, and a socket that receives the frames of a test. */
FIXTURE(loop)
{
	unsigned char own[ETH_ALEN];
	char backlog[32];
	struct frame sent;
	struct frame got;
	int sock;
};

FIXTURE_SETUP(loop)
{
	link_be_quiet();
	ASSERT_LT(0, file_read(MAX_BACKLOG, self->backlog,
			       sizeof(self->backlog)));
	ASSERT_EQ(0, module_reload(MODULE, ""));
	ASSERT_EQ(0, link_up(LINK));
	ASSERT_EQ(ARPHRD_ETHER, link_address(LINK, self->own));
	self->sock = frame_socket(LINK, FRAME_KIND);
	ASSERT_LE(0, self->sock);
	frame_init(&self->sent, self->own, somebody, 0);
}

FIXTURE_TEARDOWN(loop)
{
	file_write(MAX_BACKLOG, self->backlog);
	close(self->sock);
	EXPECT_EQ(0, module_unload(MODULE));
}

/*
 * Sends frames from the shortest to the longest, and must receive them
 * unchanged.
 */
TEST_F(loop, gives_back_what_was_sent)
{
	static const long sizes[] = { 1, 46, PAYLOAD, ETH_DATA_LEN };
	size_t i;
	int type;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		const long len = ETH_HLEN + sizes[i];

		frame_init(&self->sent, self->own, somebody, i);
		ASSERT_EQ(len, frame_send(self->sock, &self->sent, sizes[i]));
		ASSERT_EQ(len, frame_receive(self->sock, &self->got, &type));
		EXPECT_EQ(0, memcmp(&self->sent, &self->got, len));
		EXPECT_EQ(PACKET_HOST, type);
	}
}

TEST_F(loop, gives_back_frames_in_their_order)
{
	int i, type;

	for (i = 0; i < NR_FRAMES; i++) {
		self->sent.payload[0] = i;
		ASSERT_EQ(ETH_HLEN + PAYLOAD,
			  frame_send(self->sock, &self->sent, PAYLOAD));
	}
	for (i = 0; i < NR_FRAMES; i++) {
		ASSERT_EQ(ETH_HLEN + PAYLOAD,
			  frame_receive(self->sock, &self->got, &type));
		EXPECT_EQ(i, self->got.payload[0]);
	}
}

TEST_F(loop, knows_whom_a_frame_is_for)
{
	int type;

	frame_init(&self->sent, everybody, self->own, 0);
	ASSERT_LT(0, frame_send(self->sock, &self->sent, PAYLOAD));
	ASSERT_LT(0, frame_receive(self->sock, &self->got, &type));
	EXPECT_EQ(PACKET_BROADCAST, type);

	frame_init(&self->sent, somebody, self->own, 0);
	ASSERT_LT(0, frame_send(self->sock, &self->sent, PAYLOAD));
	ASSERT_LT(0, frame_receive(self->sock, &self->got, &type));
	EXPECT_EQ(PACKET_OTHERHOST, type);
}

TEST_F(loop, sends_no_frame_that_is_longer_than_it_may_be)
{
	int type;

	ASSERT_EQ(0, link_set_mtu(LINK, PAYLOAD));
	EXPECT_EQ(-EMSGSIZE, frame_send(self->sock, &self->sent,
					PAYLOAD + 1));
	ASSERT_EQ(ETH_HLEN + PAYLOAD,
		  frame_send(self->sock, &self->sent, PAYLOAD));
	EXPECT_EQ(ETH_HLEN + PAYLOAD,
		  frame_receive(self->sock, &self->got, &type));
	EXPECT_EQ(1, link_counter(LINK, "tx_packets"));
}

/* VNETLOOP-1 */
TEST_F(loop, counts_every_frame_and_byte)
{
	int i, type;

	for (i = 0; i < NR_FRAMES; i++) {
		ASSERT_LT(0, frame_send(self->sock, &self->sent, PAYLOAD));
		ASSERT_LT(0, frame_receive(self->sock, &self->got, &type));
	}

	EXPECT_EQ(NR_FRAMES, link_counter(LINK, "tx_packets"));
	EXPECT_EQ(NR_FRAMES, link_counter(LINK, "rx_packets"));
	EXPECT_EQ(NR_FRAMES * (ETH_HLEN + PAYLOAD),
		  link_counter(LINK, "tx_bytes"));
	EXPECT_EQ(NR_FRAMES * (ETH_HLEN + PAYLOAD),
		  link_counter(LINK, "rx_bytes"));
	EXPECT_EQ(0, link_counter(LINK, "tx_dropped"));
	EXPECT_EQ(0, link_counter(LINK, "rx_dropped"));
	EXPECT_EQ(0, link_counter(LINK, "tx_errors"));
	EXPECT_EQ(0, link_counter(LINK, "rx_errors"));
}

TEST_F(loop, goes_on_counting_after_it_was_down)
{
	int type;

	ASSERT_LT(0, frame_send(self->sock, &self->sent, PAYLOAD));
	ASSERT_LT(0, frame_receive(self->sock, &self->got, &type));
	ASSERT_EQ(0, link_down(LINK));
	EXPECT_EQ(-ENETDOWN, frame_receive(self->sock, &self->got, &type));
	EXPECT_EQ(-ENETDOWN, frame_send(self->sock, &self->sent, PAYLOAD));

	ASSERT_EQ(0, link_up(LINK));
	ASSERT_LT(0, frame_send(self->sock, &self->sent, PAYLOAD));
	ASSERT_LT(0, frame_receive(self->sock, &self->got, &type));
	EXPECT_EQ(2, link_counter(LINK, "tx_packets"));
	EXPECT_EQ(2, link_counter(LINK, "rx_packets"));
}

/* Sends one TCP packet, which the kernel splits into NR_SEGMENTS frames. */
static long send_segments(int sock, struct frame *frame)
{
	const int tcp_at = ETH_HLEN + sizeof(struct iphdr);
	const long len = sizeof(struct iphdr) + sizeof(struct tcphdr) +
			 NR_SEGMENTS * PAYLOAD;
	struct virtio_net_hdr header = {
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.gso_type = VIRTIO_NET_HDR_GSO_TCPV4,
		.hdr_len = tcp_at + sizeof(struct tcphdr),
		.gso_size = PAYLOAD,
		.csum_start = tcp_at,
		.csum_offset = offsetof(struct tcphdr, check),
	};
	struct iovec parts[] = {
		{ .iov_base = &header, .iov_len = sizeof(header) },
		{ .iov_base = frame, .iov_len = ETH_HLEN + len },
	};
	struct tcphdr tcp = { .doff = sizeof(tcp) / 4, .ack = 1 };

	frame->eth.h_proto = htons(ETH_P_IP);
	frame_init_ip(frame->payload, IPPROTO_TCP, len, OTHER_IP, OWN_IP);
	memcpy(frame->payload + sizeof(struct iphdr), &tcp, sizeof(tcp));
	return sysret(writev(sock, parts, ARRAY_SIZE(parts)));
}

/*
 * VNETLOOP-2: the kernel sends the segments in one batch.  Because of the
 * backlog limit of 0, it receives only the first of them.
 */
TEST_F(loop, counts_what_does_not_come_round_as_dropped)
{
	int sock = frame_socket(LINK, ETH_P_IP);
	const int on = 1;

	ASSERT_EQ(0, sysret(setsockopt(sock, SOL_PACKET, PACKET_VNET_HDR, &on,
				       sizeof(on))));
	ASSERT_LT(0, file_write(MAX_BACKLOG, "0"));
	ASSERT_LT(0, send_segments(sock, &self->sent));
	EXPECT_EQ(0, close(sock));

	EXPECT_EQ(NR_SEGMENTS - 1, link_counter(LINK, "tx_dropped"));
	EXPECT_EQ(1, link_counter(LINK, "tx_packets"));
	EXPECT_EQ(1, link_counter(LINK, "rx_packets"));
}

/* A device with an IP address, and a socket that receives datagrams there. */
FIXTURE(datagram)
{
	unsigned char own[ETH_ALEN];
	struct frame sent;
	char text[64];
	int frames;
	int sock;
};

static int datagram_socket(void)
{
	const struct timeval limit = { .tv_sec = slow(FRAME_TIMEOUT_S) };
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
	};
	int sock = sysret(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	if (sock < 0)
		return sock;
	inet_pton(AF_INET, OWN_IP, &address.sin_addr);
	setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (bind(sock, (struct sockaddr *)&address, sizeof(address))) {
		close(sock);
		return -errno;
	}
	return sock;
}

FIXTURE_SETUP(datagram)
{
	link_be_quiet();
	ASSERT_EQ(0, module_reload(MODULE, ""));
	ASSERT_EQ(0, link_set_ip(LINK, OWN_IP));
	ASSERT_EQ(0, link_up(LINK));
	ASSERT_EQ(ARPHRD_ETHER, link_address(LINK, self->own));
	self->frames = frame_socket(LINK, ETH_P_IP);
	ASSERT_LE(0, self->frames);
	self->sock = datagram_socket();
	ASSERT_LE(0, self->sock);
	frame_init(&self->sent, self->own, somebody, 0);
}

FIXTURE_TEARDOWN(datagram)
{
	close(self->sock);
	close(self->frames);
	EXPECT_EQ(0, module_unload(MODULE));
}

/*
 * The datagram has the address of another host, so the kernel sends it as a
 * frame through the device.
 */
TEST_F(datagram, goes_out_and_comes_round)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(PORT),
	};
	struct frame_udp *got = (struct frame_udp *)self->sent.payload;
	int type;

	inet_pton(AF_INET, OTHER_IP, &to.sin_addr);
	ASSERT_EQ(5, sysret(sendto(self->sock, "hello", 5, 0,
				   (struct sockaddr *)&to, sizeof(to))));

	ASSERT_EQ(ETH_HLEN + 28 + 5,
		  frame_receive(self->frames, &self->sent, &type));
	EXPECT_EQ(to.sin_addr.s_addr, got->ip.daddr);
	EXPECT_EQ(0, memcmp("hello", got->text, 5));
}

/* VNETLOOP-3 */
TEST_F(datagram, with_a_wrong_checksum_is_not_received)
{
	struct frame_udp *packet = (struct frame_udp *)self->sent.payload;
	size_t len = frame_init_udp(&self->sent, OTHER_IP, OWN_IP, PORT,
				    "wrong");

	packet->udp.check ^= htons(1);
	ASSERT_LT(0, frame_send(self->frames, &self->sent, len));
	len = frame_init_udp(&self->sent, OTHER_IP, OWN_IP, PORT, "right");
	ASSERT_LT(0, frame_send(self->frames, &self->sent, len));

	EXPECT_EQ(5, sysret(recv(self->sock, self->text, sizeof(self->text),
				 0)));
	EXPECT_STREQ("right", self->text);
	EXPECT_EQ(-EAGAIN, sysret(recv(self->sock, self->text,
				       sizeof(self->text), MSG_DONTWAIT)));
}

TEST_HARNESS_MAIN
