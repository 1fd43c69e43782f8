/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frame - sends and receives whole Ethernet frames through a packet socket
 */
#ifndef _SELFTESTS_NET_FRAME_H
#define _SELFTESTS_NET_FRAME_H

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/ip.h>
#include <linux/types.h>
#include <linux/udp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/sysret.h"
#include "lib/timeout.h"
#include "link.h"

/* The EtherType for local experiments, which only the tests send. */
#define FRAME_KIND		0x88b5
#define FRAME_MAX		1600
#define FRAME_TIMEOUT_S		3

struct frame {
	struct ethhdr eth;
	unsigned char payload[FRAME_MAX - ETH_HLEN];
};

/* The payload of a frame that contains a UDP datagram. */
struct frame_udp {
	struct iphdr ip;
	struct udphdr udp;
	char text[32];
};

/* Opens a socket for the frames of one EtherType on one device. */
static inline int frame_socket(const char *link, int kind)
{
	const struct timeval limit = { .tv_sec = slow(FRAME_TIMEOUT_S) };
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(kind),
		.sll_ifindex = link_index(link),
	};
	int sock = sysret(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));

	if (sock < 0)
		return sock;
	setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (bind(sock, (struct sockaddr *)&address, sizeof(address))) {
		close(sock);
		return -errno;
	}
	return sock;
}

/* Fills @frame with a frame of FRAME_KIND.  The payload depends on @number. */
static inline void frame_init(struct frame *frame, const unsigned char *to,
			      const unsigned char *from, unsigned int number)
{
	size_t i;

	memcpy(frame->eth.h_dest, to, ETH_ALEN);
	memcpy(frame->eth.h_source, from, ETH_ALEN);
	frame->eth.h_proto = htons(FRAME_KIND);
	for (i = 0; i < sizeof(frame->payload); i++)
		frame->payload[i] = number + i * 7;
}

static inline long frame_send(int sock, const struct frame *frame,
			      size_t payload)
{
	return sysret(send(sock, frame, ETH_HLEN + payload, 0));
}

/*
 * Receives the next frame and returns its length.  Stores PACKET_HOST or
 * another packet type in @type.
 */
static inline long frame_receive(int sock, struct frame *frame, int *type)
{
	struct sockaddr_ll from = {};
	socklen_t len = sizeof(from);
	long ret;

	memset(frame, 0xcc, sizeof(*frame));
	ret = sysret(recvfrom(sock, frame, sizeof(*frame), 0,
			      (struct sockaddr *)&from, &len));
	*type = from.sll_pkttype;
	return ret;
}

/* Sums up 16-bit words, as the checksums of IP and UDP require. */
static inline __u32 frame_sum(__u32 sum, const void *data, size_t len)
{
	const unsigned char *at = data;
	size_t i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? at[i] : at[i] << 8;
	return sum;
}

static inline __u16 frame_checksum(__u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

static inline void frame_init_ip(void *header, int protocol, size_t len,
				 const char *from, const char *to)
{
	struct iphdr ip = {
		.version = 4,
		.ihl = sizeof(ip) / 4,
		.ttl = 64,
		.protocol = protocol,
		.tot_len = htons(len),
	};

	inet_pton(AF_INET, from, &ip.saddr);
	inet_pton(AF_INET, to, &ip.daddr);
	ip.check = frame_checksum(frame_sum(0, &ip, sizeof(ip)));
	memcpy(header, &ip, sizeof(ip));
}

/* Fills the payload of a frame with a UDP datagram; returns its length. */
static inline size_t frame_init_udp(struct frame *frame, const char *from,
				    const char *to, int port, const char *text)
{
	struct frame_udp *packet = (struct frame_udp *)frame->payload;
	const size_t udp_len = sizeof(packet->udp) + strlen(text);
	const size_t len = sizeof(packet->ip) + udp_len;
	__u32 sum;

	frame->eth.h_proto = htons(ETH_P_IP);
	frame_init_ip(&packet->ip, IPPROTO_UDP, len, from, to);
	packet->udp = (struct udphdr){
		.source = htons(port),
		.dest = htons(port),
		.len = htons(udp_len),
	};
	memcpy(packet->text, text, strlen(text));
	sum = frame_sum(IPPROTO_UDP + udp_len, &packet->ip.saddr,
			2 * sizeof(packet->ip.saddr));
	packet->udp.check = frame_checksum(frame_sum(sum, &packet->udp,
						     udp_len));
	return len;
}

#endif /* _SELFTESTS_NET_FRAME_H */
