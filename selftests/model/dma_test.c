// SPDX-License-Identifier: GPL-2.0
/*
 * DMA - buffers that a device with 32 address bits can access
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "platform.h"
#include "suites/refused_load.h"

#define MODULE		"dma"
#define DRIVER		"lkmpg_dma_demo"
#define DEVICE		"lkmpg_dma_demo"
#define PREFIX		DRIVER " " DEVICE ": "
#define REMOVED		PREFIX "DMA demo removed"
#define NR_LOADS	20
/* The first address that does not fit into 32 bits. */
#define END		0x100000000ULL

/* The values that the driver logs about its buffers. */
struct buffers {
	unsigned long long handle;
	unsigned int coherent;
	unsigned int streaming;
	unsigned long long mask;
};

static struct buffers buffers_parse(const char *line)
{
	struct buffers buffers = {};

	if (sscanf(line, PREFIX "coherent=0x%llx/%u streaming=%u DMA mask=0x%llx",
		   &buffers.handle, &buffers.coherent, &buffers.streaming,
		   &buffers.mask) != 4)
		memset(&buffers, 0, sizeof(buffers));
	return buffers;
}

/* Loads that allocate buffers of several sizes. */
FIXTURE(dma)
{
	struct kmsg log;
	int file;
};

FIXTURE_VARIANT(dma)
{
	const char *params;
	unsigned int coherent;
	unsigned int streaming;
};

FIXTURE_VARIANT_ADD(dma, page) { "", 4096, 4096 };
FIXTURE_VARIANT_ADD(dma, byte) { "coherent_size=1 streaming_size=1", 1, 1 };
FIXTURE_VARIANT_ADD(dma, odd)
{
	"coherent_size=8192 streaming_size=12345", 8192, 12345
};

FIXTURE_VARIANT_ADD(dma, largest)
{
	"coherent_size=1048576 streaming_size=1048576", 1048576, 1048576
};

FIXTURE_SETUP(dma)
{
	ASSERT_EQ(0, kmsg_open(&self->log));
	self->file = module_open(MODULE);
	ASSERT_LE(0, self->file);
	ASSERT_EQ(0, module_insert(self->file, variant->params));
}

FIXTURE_TEARDOWN(dma)
{
	module_unload(MODULE);
	close(self->file);
	kmsg_close(&self->log);
}

TEST_F(dma, buffers_are_within_reach)
{
	const struct buffers buffers = buffers_parse(kmsg_next(&self->log));

	EXPECT_EQ(LOG_INFO, self->log.level);
	EXPECT_EQ(variant->coherent, buffers.coherent);
	EXPECT_EQ(variant->streaming, buffers.streaming);
	EXPECT_EQ(END - 1, buffers.mask);
	EXPECT_GE(END, buffers.handle + buffers.coherent);
	EXPECT_NO_LOG(&self->log);
}

TEST_F(dma, unload_removes_device_and_driver)
{
	kmsg_skip(&self->log);
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_LOG(&self->log, REMOVED);
	EXPECT_EQ(-ENOENT, sysret(access(PLATFORM_DEVICES DEVICE, F_OK)));
	EXPECT_EQ(-ENOENT, sysret(access(PLATFORM_DRIVERS DRIVER, F_OK)));
}

/* DMA-1 */
TEST_F(dma, can_be_unbound_and_bound)
{
	struct buffers buffers;

	kmsg_skip(&self->log);
	EXPECT_EQ(0, platform_unbind(DEVICE, DRIVER));
	EXPECT_LOG(&self->log, REMOVED);

	EXPECT_EQ(0, platform_bind(DEVICE, DRIVER));
	buffers = buffers_parse(kmsg_next(&self->log));
	EXPECT_EQ(variant->coherent, buffers.coherent);
	EXPECT_NO_LOG(&self->log);
}

FIXTURE(loaded)
{
	int file;
};

FIXTURE_SETUP(loaded)
{
	self->file = module_open(MODULE);
	ASSERT_LE(0, self->file);
}

FIXTURE_TEARDOWN(loaded)
{
	close(self->file);
}

/*
 * DMA-2: if the device were probed asynchronously, the probe could fail after
 * the load has returned 0.
 */
TEST_F(loaded, device_is_bound_each_time)
{
	int i;

	for (i = 0; i < NR_LOADS; i++) {
		ASSERT_EQ(0, module_insert(self->file, "async_probe"));
		ASSERT_TRUE(platform_is_bound(DEVICE, DRIVER));
		ASSERT_EQ(0, module_unload(MODULE));
	}
}

/* Invalid sizes, and the error that loading returns for each. */
#define REFUSED(variant, params, err)					\
	DESCRIBED(refused, variant, MODULE, PLATFORM_DEVICES DEVICE, params, err)

REFUSED(no_coherent, "coherent_size=0", -EINVAL);
REFUSED(no_streaming, "streaming_size=0", -EINVAL);
REFUSED(more_coherent, "coherent_size=1048577", -EINVAL);
REFUSED(more_streaming, "streaming_size=1048577", -EINVAL);
REFUSED(all_coherent, "coherent_size=4294967295", -EINVAL);
REFUSED(all_streaming, "streaming_size=4294967295", -EINVAL);
REFUSED(2_to_32, "coherent_size=4294967296", -ERANGE);
REFUSED(less_than_none, "streaming_size=-1", -EINVAL);
REFUSED(word, "streaming_size=page", -EINVAL);

TEST_HARNESS_MAIN
