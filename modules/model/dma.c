// SPDX-License-Identifier: GPL-2.0
/*
 * DMA - memory that a device with 32-bit addresses could access
 *
 *	# insmod dma.ko coherent_size=8192
 *	# dmesg -t | tail -1 | cut -d: -f2-
 *	coherent=0x0000000003c1e000/8192 streaming=4096 DMA mask=0xffffffff
 *
 * There is no hardware.  The module shows what a driver does around a transfer.
 * It allocates coherent memory, which the CPU and the device can access at any
 * time, and a streaming buffer, which the device can access only while the
 * buffer is mapped.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/platform_device.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/types.h>

#include "probed.h"

#define DMA_DEMO_NAME		"lkmpg_dma_demo"
#define DMA_DEMO_PATTERN	0x5a
#define DMA_DEMO_MAX_SIZE	SZ_1M

static unsigned int coherent_size = PAGE_SIZE;
module_param(coherent_size, uint, 0444);
MODULE_PARM_DESC(coherent_size, "Size of the coherent buffer, up to 1 MiB");

static unsigned int streaming_size = PAGE_SIZE;
module_param(streaming_size, uint, 0444);
MODULE_PARM_DESC(streaming_size, "Size of the streaming buffer, up to 1 MiB");

static struct platform_device *dma_demo_device;

/* Maps the buffer for a transfer to the device, and unmaps it again. */
static int transfer(struct device *dev, void *buf)
{
	dma_addr_t handle;

	handle = dma_map_single(dev, buf, streaming_size, DMA_TO_DEVICE);
	if (dma_mapping_error(dev, handle))
		return -EIO;

	dma_unmap_single(dev, handle, streaming_size, DMA_TO_DEVICE);
	return 0;
}

static void log_removal(void *dev)
{
	dev_info(dev, "DMA demo removed\n");
}

static int dma_demo_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	dma_addr_t handle;
	void *buf;
	int err;

	err = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(32));
	if (err)
		return err;

	if (!dmam_alloc_coherent(dev, coherent_size, &handle, GFP_KERNEL))
		return -ENOMEM;
	buf = (void *)devm_get_free_pages(dev, GFP_KERNEL | GFP_DMA32,
					  get_order(streaming_size));
	if (!buf)
		return -ENOMEM;

	memset(buf, DMA_DEMO_PATTERN, streaming_size);
	err = transfer(dev, buf);
	if (err)
		return err;
	err = devm_add_action(dev, log_removal, dev);
	if (err)
		return err;

	dev_info(dev, "coherent=%pad/%u streaming=%u DMA mask=0x%llx\n",
		 &handle, coherent_size, streaming_size, dma_get_mask(dev));
	return 0;
}

static struct platform_driver dma_demo_driver = {
	.driver = {
		.name = DMA_DEMO_NAME,
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
	.probe = dma_demo_probe,
};

static bool __init is_size(unsigned int size)
{
	return size && size <= DMA_DEMO_MAX_SIZE;
}

static int __init dma_demo_init(void)
{
	if (!is_size(coherent_size) || !is_size(streaming_size))
		return -EINVAL;

	dma_demo_device = probed_register(&dma_demo_driver, NULL, 0);
	return PTR_ERR_OR_ZERO(dma_demo_device);
}
module_init(dma_demo_init);

static void __exit dma_demo_exit(void)
{
	probed_unregister(dma_demo_device, &dma_demo_driver);
}
module_exit(dma_demo_exit);

MODULE_ALIAS("platform:" DMA_DEMO_NAME);
MODULE_DESCRIPTION("Example of coherent and streaming DMA mappings");
MODULE_LICENSE("GPL");
