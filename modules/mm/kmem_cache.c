// SPDX-License-Identifier: GPL-2.0
/*
 * Kmem cache - two objects from a slab cache of their own
 *
 *	# insmod kmem_cache.ko
 *	# dmesg -t | tail -2
 *	kmem_cache_example: Allocated obj1 at 00000000c2b46f2c (id: 1)
 *	kmem_cache_example: Allocated obj2 at 00000000ae5c1d10 (id: 2)
 *	# grep my_custom_cache /proc/slabinfo
 *
 * The constructor clears an object when its slab is allocated, not when the
 * object is allocated.  So an object must be cleared again before it is freed.
 * The kernel never merges a cache that has a constructor with another cache.
 */
#define pr_fmt(fmt) "kmem_cache_example: " fmt

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/slab.h>

#define MY_CUSTOM_NAME_SIZE	32

struct my_custom_struct {
	int id;
	char name[MY_CUSTOM_NAME_SIZE];
};

static struct kmem_cache *my_custom_cache;
static struct my_custom_struct *obj1;
static struct my_custom_struct *obj2;

static void construct(void *object)
{
	*(struct my_custom_struct *)object = (struct my_custom_struct){};
}

static struct my_custom_struct *__init alloc_object(int id)
{
	struct my_custom_struct *object;

	object = kmem_cache_alloc(my_custom_cache, GFP_KERNEL);
	if (!object)
		return NULL;

	object->id = id;
	snprintf(object->name, sizeof(object->name), "obj%d", id);
	pr_info("Allocated %s at %p (id: %d)\n", object->name, object,
		object->id);
	return object;
}

static void free_object(struct my_custom_struct *object)
{
	construct(object);
	kmem_cache_free(my_custom_cache, object);
}

static int __init kmem_cache_example_init(void)
{
	pr_info("Initializing module\n");

	my_custom_cache = kmem_cache_create("my_custom_cache",
					    sizeof(struct my_custom_struct), 0,
					    SLAB_HWCACHE_ALIGN, construct);
	if (!my_custom_cache)
		return -ENOMEM;
	obj1 = alloc_object(1);
	if (!obj1)
		goto err_destroy_cache;
	obj2 = alloc_object(2);
	if (!obj2)
		goto err_free_obj1;
	return 0;

err_free_obj1:
	free_object(obj1);
err_destroy_cache:
	kmem_cache_destroy(my_custom_cache);
	return -ENOMEM;
}
module_init(kmem_cache_example_init);

static void __exit kmem_cache_example_exit(void)
{
	free_object(obj2);
	free_object(obj1);
	kmem_cache_destroy(my_custom_cache);
	pr_info("Cleaned up and exited\n");
}
module_exit(kmem_cache_example_exit);

MODULE_DESCRIPTION("Example of a slab cache");
MODULE_LICENSE("GPL");
