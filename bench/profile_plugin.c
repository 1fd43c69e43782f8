// SPDX-License-Identifier: GPL-2.0
/*
 * Profile plugin - a plugin of QEMU that counts where a guest's instructions go
 *
 *	-plugin profile_plugin.so,begin=ADDRESS,end=ADDRESS,out=FILE
 *
 * The program measure calls an empty function before the operation to profile
 * and another one after it.  At the address of the first one, the plugin sets
 * all counts to zero.  At that of the second one, it appends the counts to FILE:
 * a line for each executed block of instructions, with its address and how many
 * instructions ran there, and an empty line at the end.
 *
 * The guest has one processor.
 */
#include <linux/types.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qemu_plugin.h"

int qemu_plugin_version = PLUGIN_VERSION;

/**
 * struct block - a block of instructions that QEMU has translated
 * @next: the block that was translated before this one, or NULL
 * @address: where it begins
 * @length: the number of its instructions
 * @runs: how often it has run since the beginning of the profile
 */
struct block {
	struct block *next;
	__u64 address;
	__u64 length;
	__u64 runs;
};

static struct block *blocks;
static __u64 begin, end;
static const char *out;
static bool is_counting;

static void start(void)
{
	struct block *block;

	for (block = blocks; block; block = block->next)
		block->runs = 0;
	is_counting = true;
}

static void stop(void)
{
	FILE *file = fopen(out, "a");
	struct block *block;

	is_counting = false;
	if (!file)
		return;
	for (block = blocks; block; block = block->next) {
		if (block->runs)
			fprintf(file, "%llx %llu\n",
				(unsigned long long)block->address,
				(unsigned long long)(block->runs *
						     block->length));
	}
	fprintf(file, "\n");
	fclose(file);
}

static void run_block(unsigned int cpu, void *data)
{
	struct block *block = data;

	(void)cpu;
	if (block->address == begin)
		start();
	else if (block->address == end && is_counting)
		stop();
	else
		block->runs++;
}

static void translate_block(__u64 id, struct qemu_plugin_tb *tb)
{
	struct block *block = calloc(1, sizeof(*block));

	(void)id;
	if (!block)
		abort();
	block->address = qemu_plugin_tb_vaddr(tb);
	block->length = qemu_plugin_tb_n_insns(tb);
	block->next = blocks;
	blocks = block;
	qemu_plugin_register_vcpu_tb_exec_cb(tb, run_block, NO_REGS, block);
}

int qemu_plugin_install(__u64 id, const struct qemu_info_t *info, int argc,
			char **argv)
{
	int i;

	(void)info;
	for (i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "begin=", 6))
			begin = strtoull(argv[i] + 6, NULL, 16);
		else if (!strncmp(argv[i], "end=", 4))
			end = strtoull(argv[i] + 4, NULL, 16);
		else if (!strncmp(argv[i], "out=", 4))
			out = strdup(argv[i] + 4);
	}
	if (!begin || !end || !out) {
		fprintf(stderr, "profile_plugin: begin=, end= and out= are needed\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate_block);
	return 0;
}
