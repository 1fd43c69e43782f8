/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Compat - what older kernels spell differently
 *
 * The modules are written for the newest kernel.  This file is the only one that
 * knows others; an entry goes when the last kernel that needs it goes.
 */
#ifndef _MODPROOF_COMPAT_H
#define _MODPROOF_COMPAT_H

#include <linux/device/class.h>
#include <linux/err.h>
#include <linux/export.h>

/*
 * Until 6.4 a macro, which also took the owner (1aaba11da9aa); the attributes of
 * classes got their const in the same release (75cff725d956).
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
 * For whoever has included <linux/blk-mq.h>.  Until 6.14 a driver that wanted
 * its requests merged had to say so; the macro that tells went with the flag.
 */
#if defined(blk_mq_alloc_disk) && !defined(BLK_ALLOC_POLICY_TO_MQ_FLAG)
#define BLK_MQ_F_SHOULD_MERGE	0
#endif

/*
 * Until 6.9 a disk got its limits one by one.  The macro that tells is there
 * from 6.11 on, so 6.9 and 6.10 are not known here.
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
