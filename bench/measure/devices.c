// SPDX-License-Identifier: GPL-2.0
/*
 * Devices - the virtual keyboard, the disk in memory and the network device
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/uinput.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measure.h"

/* The time in which the workers of the input core become idle. */
#define PAUSE_US	100000
#define NR_EVENTS	50
#define BLOCK_SIZE	4096
#define DISK_SIZE	(8 << 20)
#define FRAME_LEN	60
/* The protocol for experiments of IEEE 802, to which nothing else listens. */
#define PROTOCOL	0x88b5

static int ours_fd, other_fd;
static void *block;

static void init_uinput(void)
{
	struct uinput_setup setup = { .name = "bench" };
	int code;

	need_kernel_module("uinput", "INPUT_UINPUT");
	other_fd = open_file("/dev/uinput", O_WRONLY);
	do_ioctl(other_fd, UI_SET_EVBIT, EV_KEY);
	do_ioctl(other_fd, UI_SET_EVBIT, EV_REP);
	for (code = 1; code <= KEY_MAX; code++)
		do_ioctl(other_fd, UI_SET_KEYBIT, code);
	do_ioctl(other_fd, UI_DEV_SETUP, (unsigned long)&setup);
	do_ioctl(other_fd, UI_DEV_CREATE, 0);
}

static void init_keyboards(void)
{
	init_uinput();
	need_module("vinput", "");
	need_module("vkbd", "");
	write_file("/sys/class/vinput/export", "vkbd");
	ours_fd = open_file("/dev/vinput0", O_WRONLY);
}

static void pause_input(void)
{
	usleep(PAUSE_US);
}

static void set_event(struct input_event event[2], int code, int value)
{
	event[0].type = EV_KEY;
	event[0].code = code;
	event[0].value = value;
	event[1].type = EV_SYN;
	event[1].code = SYN_REPORT;
}

/* Presses or releases the key in turn: an event a write. */
static void ours_event(long nr)
{
	while (nr--) {
		if (nr % 2)
			write_all(ours_fd, "2\n", 2);
		else
			write_all(ours_fd, "-2\n", 3);
	}
}

static void other_event(long nr)
{
	struct input_event event[2] = {};

	while (nr--) {
		set_event(event, KEY_1, nr % 2);
		write_all(other_fd, event, sizeof(event));
	}
}

static void ours_events(long nr)
{
	char lines[NR_EVENTS / 2 * 5 + 1] = "";
	int i;

	for (i = 0; i < NR_EVENTS / 2; i++)
		strcat(lines, "2\n-2\n");
	while (nr--)
		write_all(ours_fd, lines, strlen(lines));
}

static void other_events(long nr)
{
	struct input_event events[2 * NR_EVENTS] = {};
	int i;

	for (i = 0; i < NR_EVENTS; i++)
		set_event(events + 2 * i, KEY_1, !(i % 2));
	while (nr--)
		write_all(other_fd, events, sizeof(events));
}

/* Opens a disk past the page cache, and writes each block once. */
static int open_disk(const char *path)
{
	const int fd = open_file(path, O_RDWR | O_DIRECT);
	long offset;

	for (offset = 0; offset < DISK_SIZE; offset += BLOCK_SIZE)
		write_at(fd, block, BLOCK_SIZE, offset);
	return fd;
}

static void init_blkram(void)
{
	block = aligned_alloc(BLOCK_SIZE, BLOCK_SIZE);
	if (!block)
		fail("no memory");
	memset(block, 'b', BLOCK_SIZE);
	need_module("blkram", "");
	ours_fd = open_disk("/dev/blkram0");
}

static void init_brd(void)
{
	init_blkram();
	need_kernel_module("brd rd_nr=1 rd_size=8192", "BLK_DEV_RAM");
	other_fd = open_disk("/dev/ram0");
}

static void init_null_blk(void)
{
	init_blkram();
	need_kernel_module("null_blk gb=1 memory_backed=1 bs=512",
			   "BLK_DEV_NULL_BLK");
	other_fd = open_disk("/dev/nullb0");
}

/* Returns the offset of a block; each repetition uses the same ones. */
static long random_offset(long nr)
{
	return nr * 2654435761UL % (DISK_SIZE / BLOCK_SIZE) * BLOCK_SIZE;
}

static void read_blocks(int fd, long nr)
{
	while (nr--)
		read_at(fd, block, BLOCK_SIZE, random_offset(nr));
}

static void write_blocks(int fd, long nr)
{
	while (nr--)
		write_at(fd, block, BLOCK_SIZE, random_offset(nr));
}

static void ours_block_read(long nr) { read_blocks(ours_fd, nr); }
static void other_block_read(long nr) { read_blocks(other_fd, nr); }
static void ours_block_write(long nr) { write_blocks(ours_fd, nr); }
static void other_block_write(long nr) { write_blocks(other_fd, nr); }

/* Returns a socket for the frames of a device, which is set up. */
static int open_device(const char *name)
{
	const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC,
			      htons(PROTOCOL));
	struct sockaddr_ll address = { .sll_family = AF_PACKET };
	struct ifreq request = {};

	snprintf(request.ifr_name, IFNAMSIZ, "%s", name);
	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request))
		fail("%s: %s", name, strerror(errno));
	request.ifr_flags |= IFF_UP;
	do_ioctl(fd, SIOCSIFFLAGS, (unsigned long)&request);
	address.sll_protocol = htons(PROTOCOL);
	address.sll_ifindex = if_nametoindex(name);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		fail("bind to %s: %s", name, strerror(errno));
	return fd;
}

static void init_vnetloop(void)
{
	need_module("vnetloop", "");
	ours_fd = open_device("vnetloop0");
	other_fd = open_device("lo");
}

/* Sends a frame, and receives it. */
static void echo(int fd, long nr)
{
	const struct ether_header header = { .ether_type = htons(PROTOCOL) };
	char frame[FRAME_LEN] = "";

	memcpy(frame, &header, sizeof(header));
	while (nr--) {
		if (send(fd, frame, FRAME_LEN, 0) != FRAME_LEN)
			fail("send: %s", strerror(errno));
		if (recv(fd, frame, FRAME_LEN, MSG_DONTWAIT) != FRAME_LEN)
			fail("recv: %s", strerror(errno));
	}
}

static void ours_echo(long nr) { echo(ours_fd, nr); }
static void other_echo(long nr) { echo(other_fd, nr); }

const struct pair device_pairs[] = {
	{ "vkbd-1-event", init_keyboards, ours_event, other_event, pause_input,
	  .rounds = 2000 },
	{ "vkbd-50-events", init_keyboards, ours_events, other_events,
	  pause_input, .rounds = 80, .per = NR_EVENTS },
	{ "blkram-read-brd", init_brd, ours_block_read, other_block_read,
	  .rounds = 1000 },
	{ "blkram-write-brd", init_brd, ours_block_write, other_block_write,
	  .rounds = 1000 },
	{ "blkram-read-null_blk", init_null_blk, ours_block_read,
	  other_block_read, .rounds = 1000 },
	{ "blkram-write-null_blk", init_null_blk, ours_block_write,
	  other_block_write, .rounds = 1000 },
	{ "vnetloop-60", init_vnetloop, ours_echo, other_echo, .rounds = 2000 },
	{ NULL },
};
