/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Link - reads and sets the state, limits and counters of a network device
 *
 * The functions return a negative errno if they fail.
 */
#ifndef _SELFTESTS_NET_LINK_H
#define _SELFTESTS_NET_LINK_H

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/sysret.h"

/* A netlink request with one attribute, and the reply. */
struct link_message {
	struct nlmsghdr header;
	struct ifinfomsg info;
	struct rtattr attr;
	char data[IFNAMSIZ];
};

struct link_answer {
	struct nlmsghdr header;
	union {
		struct ifinfomsg info;
		struct nlmsgerr error;
	};
	char attributes[8192];
};

/*
 * Completes the header of a request, sends it and receives the reply.  Returns
 * 0 or a negative errno.
 */
static inline int link_ask(struct link_message *message,
			   struct link_answer *answer)
{
	int sock = sysret(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
				 NETLINK_ROUTE));
	int ret;

	if (sock < 0)
		return sock;
	message->header.nlmsg_len = NLMSG_LENGTH(sizeof(message->info)) +
				    RTA_ALIGN(message->attr.rta_len);
	message->header.nlmsg_flags |= NLM_F_REQUEST;
	ret = sysret(send(sock, message, message->header.nlmsg_len, 0));
	if (ret > 0)
		ret = sysret(recv(sock, answer, sizeof(*answer), 0));
	close(sock);
	if (ret < 0 || answer->header.nlmsg_type != NLMSG_ERROR)
		return ret < 0 ? ret : 0;
	return answer->error.error;
}

/*
 * Returns the index of a device, which is never 0, or a negative errno.  Uses
 * netlink, because an ioctl() for a missing device would start modprobe.
 */
static inline int link_index(const char *name)
{
	struct link_message message = {
		.header.nlmsg_type = RTM_GETLINK,
		.attr = {
			.rta_len = RTA_LENGTH(sizeof(message.data)),
			.rta_type = IFLA_IFNAME,
		},
	};
	struct link_answer answer;
	int err;

	snprintf(message.data, sizeof(message.data), "%s", name);
	err = link_ask(&message, &answer);
	return err ? err : answer.info.ifi_index;
}

/*
 * Returns the name of the queueing discipline of a device, "noqueue" if the
 * device has none, or an error message.
 */
static inline const char *link_qdisc(const char *name)
{
	static char qdisc[32];
	struct link_message message = {
		.header.nlmsg_type = RTM_GETLINK,
		.info.ifi_index = link_index(name),
	};
	struct link_answer answer;
	int err = link_ask(&message, &answer);
	struct rtattr *attr = IFLA_RTA(&answer.info);
	int left;

	if (err)
		return strerror(-err);
	left = IFLA_PAYLOAD(&answer.header);
	for (; RTA_OK(attr, left); attr = RTA_NEXT(attr, left)) {
		if (attr->rta_type != IFLA_QDISC)
			continue;
		snprintf(qdisc, sizeof(qdisc), "%s", (char *)RTA_DATA(attr));
		return qdisc;
	}
	return "no IFLA_QDISC";
}

/* Moves a device to the network namespace of the process @pid. */
static inline int link_move(const char *name, pid_t pid)
{
	struct link_message message = {
		.header = {
			.nlmsg_type = RTM_SETLINK,
			.nlmsg_flags = NLM_F_ACK,
		},
		.info.ifi_index = link_index(name),
		.attr = {
			.rta_len = RTA_LENGTH(sizeof(pid)),
			.rta_type = IFLA_NET_NS_PID,
		},
	};
	struct link_answer answer;

	memcpy(message.data, &pid, sizeof(pid));
	return link_ask(&message, &answer);
}

/* Writes the name of the device to @ifr, and then makes the ioctl. */
static inline int link_request(const char *name, unsigned long request,
			       struct ifreq *ifr)
{
	int sock = sysret(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	int ret;

	if (sock < 0)
		return sock;
	snprintf(ifr->ifr_name, sizeof(ifr->ifr_name), "%s", name);
	ret = sysret(ioctl(sock, request, ifr));
	close(sock);
	return ret;
}

static inline int link_flags(const char *name)
{
	struct ifreq ifr = {};
	int ret = link_request(name, SIOCGIFFLAGS, &ifr);

	return ret < 0 ? ret : (unsigned short)ifr.ifr_flags;
}

static inline int link_set_flags(const char *name, int flags)
{
	struct ifreq ifr = { .ifr_flags = flags };

	return link_request(name, SIOCSIFFLAGS, &ifr);
}

static inline int link_up(const char *name)
{
	int flags = link_flags(name);

	return flags < 0 ? flags : link_set_flags(name, flags | IFF_UP);
}

static inline int link_down(const char *name)
{
	int flags = link_flags(name);

	return flags < 0 ? flags : link_set_flags(name, flags & ~IFF_UP);
}

static inline int link_set_mtu(const char *name, int mtu)
{
	struct ifreq ifr = { .ifr_mtu = mtu };

	return link_request(name, SIOCSIFMTU, &ifr);
}

/*
 * Reads the hardware address of a device.  Returns the type of the address,
 * such as ARPHRD_ETHER.
 */
static inline int link_address(const char *name, unsigned char *address)
{
	struct ifreq ifr = {};
	int ret = link_request(name, SIOCGIFHWADDR, &ifr);

	if (ret < 0)
		return ret;
	memcpy(address, ifr.ifr_hwaddr.sa_data, ETH_ALEN);
	return ifr.ifr_hwaddr.sa_family;
}

static inline int link_set_address(const char *name,
				   const unsigned char *address)
{
	struct ifreq ifr = { .ifr_hwaddr.sa_family = ARPHRD_ETHER };

	memcpy(ifr.ifr_hwaddr.sa_data, address, ETH_ALEN);
	return link_request(name, SIOCSIFHWADDR, &ifr);
}

/* Adds or deletes a multicast address whose frames the device receives. */
static inline int link_change_multicast(const char *name, unsigned long request,
					const unsigned char *address)
{
	struct ifreq ifr = { .ifr_hwaddr.sa_family = AF_UNSPEC };

	memcpy(ifr.ifr_hwaddr.sa_data, address, ETH_ALEN);
	return link_request(name, request, &ifr);
}

/* Makes an ethtool request; @command begins with the number of the command. */
static inline int link_ethtool(const char *name, void *command)
{
	struct ifreq ifr = { .ifr_data = command };

	return link_request(name, SIOCETHTOOL, &ifr);
}

static inline int link_set_ip(const char *name, const char *ip)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	struct ifreq ifr = {};

	inet_pton(AF_INET, ip, &address.sin_addr);
	memcpy(&ifr.ifr_addr, &address, sizeof(address));
	return link_request(name, SIOCSIFADDR, &ifr);
}

static inline long link_counter(const char *name, const char *counter)
{
	char path[128];
	char text[32];
	long ret;

	snprintf(path, sizeof(path), "/sys/class/net/%s/statistics/%s", name,
		 counter);
	ret = file_read(path, text, sizeof(text));
	return ret < 0 ? ret : atol(text);
}

/* Disables IPv6 on new devices, so that the kernel sends nothing of its own. */
static inline void link_be_quiet(void)
{
	file_write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
}

#endif /* _SELFTESTS_NET_LINK_H */
