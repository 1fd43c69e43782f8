// SPDX-License-Identifier: GPL-2.0
/*
 * Blkram - a disk in memory
 *
 *	# insmod blkram.ko blkram_mb=16
 *	# mkfs.ext4 -q /dev/blkram0
 *	# mount /dev/blkram0 /mnt
 *
 * A page of memory is allocated when a part of it is written for the first time,
 * so an unused disk needs no memory, and loading takes as long for a large disk
 * as for a small one.  The pages belong to the module, which cannot be unloaded
 * while the disk is open or mounted.  When a write request ends, its data is in
 * the pages, so there is nothing to flush.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/bvec.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/vmalloc.h>

#include "compat.h"
#include "diskspan.h"

#define BLKRAM_NAME		"blkram0"
#define BLKRAM_QUEUE_DEPTH	64
/*
 * The largest number of sectors that one request may zero.  It is limited
 * because a request does not yield the CPU.
 */
#define BLKRAM_ZERO_SECTORS	(SZ_1M >> SECTOR_SHIFT)
/*
 * How memory is allocated for a write.  GFP_NOIO, because a write may have been
 * made to free memory.  If there is too little memory, the write fails rather
 * than invoke the OOM killer.
 */
#define BLKRAM_GFP		(GFP_NOIO | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

static unsigned long blkram_mb = 8;
module_param(blkram_mb, ulong, 0444);
MODULE_PARM_DESC(blkram_mb, "Size of the disk in MiB");

static u64 blkram_bytes;
static struct gendisk *blkram_disk;
/*
 * The pages of the disk by their number: NULL until a part of the page is
 * written for the first time.
 */
static u8 **blkram_pages;

static u8 *find_page(u64 offset)
{
	return READ_ONCE(blkram_pages[offset >> PAGE_SHIFT]);
}

/*
 * Adds a page of zeroes.  If another request adds the same page at the same
 * time, both get the one that was added first.
 */
static u8 *add_page(u64 offset)
{
	u8 *page = (u8 *)__get_free_page(BLKRAM_GFP | __GFP_ZERO);
	u8 *first;

	if (!page)
		return NULL;

	first = cmpxchg(&blkram_pages[offset >> PAGE_SHIFT], NULL, page);
	if (!first)
		return page;

	free_page((unsigned long)page);
	return first;
}

static void free_data(void)
{
	const u64 nr = blkram_bytes >> PAGE_SHIFT;
	u64 i;

	for (i = 0; i < nr; i++) {
		free_page((unsigned long)blkram_pages[i]);
		cond_resched();
	}
	vfree(blkram_pages);
}

static blk_status_t read_part(struct bio_vec *to, u64 offset)
{
	const u8 *page = find_page(offset);

	if (page)
		memcpy_to_bvec(to, page + offset_in_page(offset));
	else
		memzero_bvec(to);
	return BLK_STS_OK;
}

static blk_status_t write_part(struct bio_vec *from, u64 offset)
{
	u8 *page = find_page(offset) ?: add_page(offset);

	if (!page)
		return BLK_STS_RESOURCE;

	memcpy_from_bvec(page + offset_in_page(offset), from);
	return BLK_STS_OK;
}

/* Transfers a segment, which may be in two pages of the disk. */
static blk_status_t transfer_segment(enum req_op op, struct bio_vec segment,
				     u64 offset)
{
	struct bio_vec part = segment;
	blk_status_t status = BLK_STS_OK;

	while (segment.bv_len && !status) {
		part.bv_len = diskspan_in_block(offset, segment.bv_len,
						PAGE_SIZE);
		status = op == REQ_OP_READ ? read_part(&part, offset) :
					     write_part(&part, offset);
		part.bv_offset += part.bv_len;
		segment.bv_len -= part.bv_len;
		offset += part.bv_len;
	}
	return status;
}

static blk_status_t transfer_segments(struct request *rq, u64 offset)
{
	struct req_iterator iter;
	blk_status_t status;
	struct bio_vec bvec;

	rq_for_each_segment(bvec, rq, iter) {
		status = transfer_segment(req_op(rq), bvec, offset);
		if (status)
			return status;
		offset += bvec.bv_len;
	}
	return BLK_STS_OK;
}

/* Keeps the pages, because another request may be using them. */
static void zero(u64 offset, u64 len)
{
	u64 part;
	u8 *page;

	for (; len; offset += part, len -= part) {
		part = diskspan_in_block(offset, len, PAGE_SIZE);
		page = find_page(offset);
		if (page)
			memset(page + offset_in_page(offset), 0, part);
	}
}

static blk_status_t transfer(struct request *rq)
{
	u64 offset;

	if (diskspan_find(blkram_bytes, blk_rq_pos(rq), blk_rq_bytes(rq),
			  &offset))
		return BLK_STS_IOERR;

	switch (req_op(rq)) {
	case REQ_OP_READ:
	case REQ_OP_WRITE:
		return transfer_segments(rq, offset);
	case REQ_OP_DISCARD:
	case REQ_OP_WRITE_ZEROES:
		zero(offset, blk_rq_bytes(rq));
		return BLK_STS_OK;
	default:
		return BLK_STS_NOTSUPP;
	}
}

static blk_status_t blkram_queue_rq(struct blk_mq_hw_ctx *hctx,
				    const struct blk_mq_queue_data *bd)
{
	blk_mq_start_request(bd->rq);
	blk_mq_end_request(bd->rq, transfer(bd->rq));
	return BLK_STS_OK;
}

static const struct blk_mq_ops blkram_mq_ops = {
	.queue_rq = blkram_queue_rq,
};

/*
 * A disk in memory gains nothing from an I/O scheduler, which reorders requests
 * for a head that moves, so none is the default.  A request may block because a
 * write allocates memory.
 */
static struct blk_mq_tag_set blkram_tags = {
	.ops = &blkram_mq_ops,
	.flags = BLK_MQ_F_SHOULD_MERGE | BLK_MQ_F_NO_SCHED_BY_DEFAULT |
		 BLK_MQ_F_BLOCKING,
	.nr_hw_queues = 1,
	.numa_node = NUMA_NO_NODE,
	.queue_depth = BLKRAM_QUEUE_DEPTH,
};

static const struct block_device_operations blkram_fops = {
	.owner = THIS_MODULE,
};

static int __init add_blkram_disk(void)
{
	struct queue_limits limits = {
		.logical_block_size = SECTOR_SIZE,
		.discard_granularity = SECTOR_SIZE,
		.max_hw_discard_sectors = BLKRAM_ZERO_SECTORS,
		.max_write_zeroes_sectors = BLKRAM_ZERO_SECTORS,
	};
	int err;

	blkram_disk = blk_mq_alloc_disk(&blkram_tags, &limits, NULL);
	if (IS_ERR(blkram_disk))
		return PTR_ERR(blkram_disk);

	strscpy(blkram_disk->disk_name, BLKRAM_NAME, DISK_NAME_LEN);
	blkram_disk->fops = &blkram_fops;
	set_capacity(blkram_disk, blkram_bytes >> SECTOR_SHIFT);
	err = add_disk(blkram_disk);
	if (err)
		put_disk(blkram_disk);
	return err;
}

static int __init blkram_init(void)
{
	const u64 max = (u64)totalram_pages() << PAGE_SHIFT;
	int err;

	err = diskspan_size(blkram_mb, max, &blkram_bytes);
	if (err)
		return err;
	blkram_pages = vcalloc(blkram_bytes >> PAGE_SHIFT,
			       sizeof(*blkram_pages));
	if (!blkram_pages)
		return -ENOMEM;
	err = blk_mq_alloc_tag_set(&blkram_tags);
	if (err)
		goto err_free_data;
	err = add_blkram_disk();
	if (err)
		goto err_free_tags;

	pr_info("registered /dev/" BLKRAM_NAME " (%lu MiB)\n", blkram_mb);
	return 0;

err_free_tags:
	blk_mq_free_tag_set(&blkram_tags);
err_free_data:
	free_data();
	return err;
}
module_init(blkram_init);

static void __exit blkram_exit(void)
{
	del_gendisk(blkram_disk);
	put_disk(blkram_disk);
	blk_mq_free_tag_set(&blkram_tags);
	free_data();
}
module_exit(blkram_exit);

MODULE_DESCRIPTION("RAM disk");
MODULE_LICENSE("GPL");
