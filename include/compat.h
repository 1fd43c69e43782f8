/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Compat - APIs of the newest kernel, defined for older kernels
 *
 * The modules are written for the newest kernel.  Only this file handles older
 * ones.  Remove an entry when no supported kernel needs it.  An entry tests for
 * a macro of the kernel or, if it cannot, for one that include/Kbuild defines
 * after a search in the headers.  It does not test the version.
 */
#ifndef _MODPROOF_COMPAT_H
#define _MODPROOF_COMPAT_H

#include <linux/device/class.h>
#include <linux/err.h>
#include <linux/export.h>

/*
 * Before 6.4, class_create() was a macro that also took the owner, a module
 * (1aaba11da9aa).
 */
#ifdef class_create
static inline struct class *modproof_class_create(const char *name)
{
	return class_create(THIS_MODULE, name);
}

#undef class_create
#define class_create(name)	modproof_class_create(name)
#endif

/*
 * In 6.4, the parameters of the functions of class attributes became const
 * (75cff725d956).
 */
#ifdef MODPROOF_HAS_CONST_CLASS
#define CLASS_ATTR_CONST	const
#else
#define CLASS_ATTR_CONST
#endif

/*
 * This entry is for files that include <linux/blk-mq.h> before this header.
 * Before 6.14, a driver had to set BLK_MQ_F_SHOULD_MERGE to have its requests
 * merged.
 */
#if defined(blk_mq_alloc_disk) && !defined(MODPROOF_HAS_SHOULD_MERGE)
#define BLK_MQ_F_SHOULD_MERGE	0
#endif

/*
 * This entry is for files that include <linux/blk-mq.h> before this header.
 * Before 6.9, a driver set the limits of a disk one by one.  Before 6.11, it
 * also had to set a flag for a disk that does not rotate; that flag is a macro.
 */
#if defined(blk_mq_alloc_disk) && defined(QUEUE_FLAG_NONROT)
static inline struct gendisk *
modproof_blk_mq_alloc_disk(struct blk_mq_tag_set *set,
			   struct queue_limits *lim, void *queuedata,
			   struct lock_class_key *key)
{
#ifdef MODPROOF_HAS_DISK_LIMITS
	struct gendisk *disk = __blk_mq_alloc_disk(set, lim, queuedata, key);
#else
	struct gendisk *disk = __blk_mq_alloc_disk(set, queuedata, key);
#endif
	struct request_queue *q;

	if (IS_ERR(disk))
		return disk;

	q = disk->queue;
#ifndef MODPROOF_HAS_DISK_LIMITS
	q->limits.discard_granularity = lim->discard_granularity;
	blk_queue_logical_block_size(q, lim->logical_block_size);
	blk_queue_max_discard_sectors(q, lim->max_hw_discard_sectors);
	blk_queue_max_write_zeroes_sectors(q, lim->max_write_zeroes_sectors);
#endif
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

/*
 * This entry is for files that include <linux/netdevice.h> before this header.
 * A device that sends without a lock of the kernel has dev->lltx set.  Before
 * 6.12, it had a feature instead.
 */
#if defined(NETIF_F_LLTX)
#define netdev_set_lltx(dev)	((dev)->features |= NETIF_F_LLTX)
#elif defined(SET_NETDEV_DEV)
#define netdev_set_lltx(dev)	((dev)->lltx = true)
#endif

#endif /* _MODPROOF_COMPAT_H */
