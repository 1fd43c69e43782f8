/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Compat - APIs of the newest kernel, defined for older kernels
 *
 * The modules are written for the newest kernel.  Only this file handles older
 * ones.  Remove an entry when no supported kernel needs it.
 */
#ifndef _MODPROOF_COMPAT_H
#define _MODPROOF_COMPAT_H

#include <linux/device/class.h>
#include <linux/err.h>
#include <linux/export.h>

/*
 * Before 6.4, class_create() was a macro that also took the owner, a module
 * (1aaba11da9aa).  In 6.4, the parameters of the functions of class attributes
 * became const (75cff725d956).
 */
#ifdef class_create
#define CLASS_ATTR_CONST

static inline struct class *modproof_class_create(const char *name)
{
	return class_create(THIS_MODULE, name);
}

#undef class_create
#define class_create(name)	modproof_class_create(name)
#else
#define CLASS_ATTR_CONST	const
#endif

/*
 * This entry is for files that include <linux/blk-mq.h> before this header.
 * Before 6.14, a driver had to set BLK_MQ_F_SHOULD_MERGE to have its requests
 * merged.  That flag is not a macro, so this tests for the macro
 * BLK_ALLOC_POLICY_TO_MQ_FLAG, which was removed together with the flag.
 */
#if defined(blk_mq_alloc_disk) && !defined(BLK_ALLOC_POLICY_TO_MQ_FLAG)
#define BLK_MQ_F_SHOULD_MERGE	0
#endif

/*
 * Before 6.9, a driver set the limits of a disk one by one.
 * BLK_FEAT_WRITE_CACHE, which is tested here, exists only since 6.11, so 6.9
 * and 6.10 are not supported.
 */
#if defined(blk_mq_alloc_disk) && !defined(BLK_FEAT_WRITE_CACHE)
static inline struct gendisk *
modproof_blk_mq_alloc_disk(struct blk_mq_tag_set *set,
			   const struct queue_limits *lim, void *queuedata,
			   struct lock_class_key *key)
{
	struct gendisk *disk = __blk_mq_alloc_disk(set, queuedata, key);
	struct request_queue *q;

	if (IS_ERR(disk))
		return disk;

	q = disk->queue;
	q->limits.discard_granularity = lim->discard_granularity;
	blk_queue_logical_block_size(q, lim->logical_block_size);
	blk_queue_max_discard_sectors(q, lim->max_hw_discard_sectors);
	blk_queue_max_write_zeroes_sectors(q, lim->max_write_zeroes_sectors);
	blk_queue_flag_set(QUEUE_FLAG_NONROT, q);
	return disk;
}

#undef blk_mq_alloc_disk
#define blk_mq_alloc_disk(set, lim, queuedata)				\
({									\
	static struct lock_class_key __key;				\
									\
	modproof_blk_mq_alloc_disk(set, lim, queuedata, &__key);	\
})
#endif

#endif /* _MODPROOF_COMPAT_H */
