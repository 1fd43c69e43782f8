// SPDX-License-Identifier: GPL-2.0
/*
 * Vnetloop - a network device that receives what it sends
 *
 *	# insmod vnetloop.ko
 *	# ip link set vnetloop0 up
 *	# ip -s link show vnetloop0
 *
 * A frame is looped back without a copy.  The device does no checksum offload:
 * the network stack computes checksums before it sends, and checks them when it
 * receives.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/printk.h>
#include <linux/skbuff.h>
#include <linux/string.h>

#include "compat.h"

static struct net_device *vnetloop_dev;

static int vnetloop_dev_init(struct net_device *dev)
{
	dev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	return dev->tstats ? 0 : -ENOMEM;
}

static void vnetloop_dev_uninit(struct net_device *dev)
{
	free_percpu(dev->tstats);
}

/* A frame that the device cannot receive counts as dropped, not as sent. */
static netdev_tx_t vnetloop_xmit(struct sk_buff *skb, struct net_device *dev)
{
	const unsigned int len = skb->len;

	skb_tx_timestamp(skb);
	if (dev_forward_skb(dev, skb) != NET_RX_SUCCESS) {
		dev_core_stats_tx_dropped_inc(dev);
		return NETDEV_TX_OK;
	}
	dev_sw_netstats_tx_add(dev, 1, len);
	dev_sw_netstats_rx_add(dev, len);
	return NETDEV_TX_OK;
}

/*
 * Does nothing, because the device receives every frame, not only frames to the
 * addresses in its lists.
 */
static void vnetloop_set_rx_mode(struct net_device *dev)
{
}

static const struct net_device_ops vnetloop_ops = {
	.ndo_init = vnetloop_dev_init,
	.ndo_uninit = vnetloop_dev_uninit,
	.ndo_start_xmit = vnetloop_xmit,
	.ndo_get_stats64 = dev_get_tstats64,
	.ndo_set_rx_mode = vnetloop_set_rx_mode,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
};

static void vnetloop_get_drvinfo(struct net_device *dev,
				 struct ethtool_drvinfo *info)
{
	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
}

static const struct ethtool_ops vnetloop_ethtool_ops = {
	.get_drvinfo = vnetloop_get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_ts_info = ethtool_op_get_ts_info,
};

/*
 * Looping a frame back modifies it, so IFF_TX_SKB_SHARING is cleared: senders
 * must not share a frame that they pass to the device.
 *
 * The device can always send at once, so IFF_NO_QUEUE is set: it has no queue
 * for frames that wait to be sent.  Several CPUs may send at the same time,
 * because each has its own counters and its own receive queue.
 */
static void vnetloop_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &vnetloop_ops;
	dev->ethtool_ops = &vnetloop_ethtool_ops;
	dev->flags |= IFF_NOARP;
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE | IFF_NO_QUEUE;
	netdev_set_lltx(dev);
	eth_hw_addr_random(dev);
}

static int __init vnetloop_init(void)
{
	int err;

	vnetloop_dev = alloc_netdev(0, "vnetloop%d", NET_NAME_ENUM,
				    vnetloop_setup);
	if (!vnetloop_dev)
		return -ENOMEM;

	err = register_netdev(vnetloop_dev);
	if (err) {
		free_netdev(vnetloop_dev);
		return err;
	}

	pr_info("registered %s\n", vnetloop_dev->name);
	return 0;
}
module_init(vnetloop_init);

static void __exit vnetloop_exit(void)
{
	unregister_netdev(vnetloop_dev);
	free_netdev(vnetloop_dev);
}
module_exit(vnetloop_exit);

MODULE_DESCRIPTION("Loopback network device");
MODULE_LICENSE("GPL");
