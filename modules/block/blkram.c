// SPDX-License-Identifier: GPL-2.0
/*
 * Blkram - a disk in memory
 *
 *	# insmod blkram.ko blkram_mb=16
 *	# mkfs.ext4 -q /dev/blkram0
 *	# mount /dev/blkram0 /mnt
 *
 * The memory belongs to the module, which cannot be unloaded while the disk is
 * open or mounted.  When a write request ends, its data is in that memory, so
 * there is nothing to flush.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/bvec.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
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

static unsigned long blkram_mb = 8;
module_param(blkram_mb, ulong, 0444);
MODULE_PARM_DESC(blkram_mb, "Size of the disk in MiB");

static u64 blkram_bytes;
static u8 *blkram_data;
static struct gendisk *blkram_disk;

static void copy_from_disk(struct request *rq, const u8 *at)
{
	struct req_iterator iter;
	struct bio_vec bvec;

	rq_for_each_segment(bvec, rq, iter) {
		memcpy_to_bvec(&bvec, at);
		at += bvec.bv_len;
	}
}

static void copy_to_disk(struct request *rq, u8 *at)
{
	struct req_iterator iter;
	struct bio_vec bvec;

	rq_for_each_segment(bvec, rq, iter) {
		memcpy_from_bvec(at, &bvec);
		at += bvec.bv_len;
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
		copy_from_disk(rq, blkram_data + offset);
		return BLK_STS_OK;
	case REQ_OP_WRITE:
		copy_to_disk(rq, blkram_data + offset);
		return BLK_STS_OK;
	case REQ_OP_DISCARD:
	case REQ_OP_WRITE_ZEROES:
		memset(blkram_data + offset, 0, blk_rq_bytes(rq));
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

static struct blk_mq_tag_set blkram_tags = {
	.ops = &blkram_mq_ops,
	.flags = BLK_MQ_F_SHOULD_MERGE,
	.nr_hw_queues = 1,
	.numa_node = NUMA_NO_NODE,
	.queue_depth = BLKRAM_QUEUE_DEPTH,
};

static const struct block_device_operations blkram_fops = {
	.owner = THIS_MODULE,
};

/*
 * Allocates the memory of the disk.  If there is too little memory, this fails
 * rather than invoke the OOM killer.
 */
static int __init alloc_data(void)
{
	const u64 max = (u64)totalram_pages() << PAGE_SHIFT;
	int err;

	err = diskspan_size(blkram_mb, max, &blkram_bytes);
	if (err)
		return err;

	blkram_data = __vmalloc(blkram_bytes, GFP_KERNEL | __GFP_ZERO |
				__GFP_RETRY_MAYFAIL | __GFP_NOWARN);
	return blkram_data ? 0 : -ENOMEM;
}

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
	int err;

	err = alloc_data();
	if (err)
		return err;
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
	vfree(blkram_data);
	return err;
}
module_init(blkram_init);

static void __exit blkram_exit(void)
{
	del_gendisk(blkram_disk);
	put_disk(blkram_disk);
	blk_mq_free_tag_set(&blkram_tags);
	vfree(blkram_data);
}
module_exit(blkram_exit);

MODULE_DESCRIPTION("RAM disk");
MODULE_LICENSE("GPL");
