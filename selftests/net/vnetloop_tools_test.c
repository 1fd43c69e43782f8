// SPDX-License-Identifier: GPL-2.0
/*
 * Vnetloop - the requests that ip, ethtool and a bridge make to a device
 *
 * The replies must be those of the kernel's own devices that have no hardware.
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frame.h"
#include "lib/module.h"
#include "link.h"

#define MODULE		"vnetloop"
#define LINK		"vnetloop0"
#define PAYLOAD		100

FIXTURE(tools)
{
	unsigned char own[ETH_ALEN];
};

FIXTURE_SETUP(tools)
{
	link_be_quiet();
	ASSERT_EQ(0, module_reload(MODULE, ""));
	ASSERT_EQ(0, link_up(LINK));
	ASSERT_EQ(ARPHRD_ETHER, link_address(LINK, self->own));
}

FIXTURE_TEARDOWN(tools)
{
	EXPECT_EQ(0, module_unload(MODULE));
}

/*
 * Returns 1 if ethtool would report a detected link, 0 if not, or a negative
 * errno.
 */
static int detected(void)
{
	struct ethtool_value value = { .cmd = ETHTOOL_GLINK };
	int err = link_ethtool(LINK, &value);

	return err ? err : (int)value.data;
}

TEST_F(tools, see_a_link_while_it_is_up)
{
	EXPECT_EQ(1, detected());
	ASSERT_EQ(0, link_down(LINK));
	EXPECT_EQ(0, detected());
}

/* A frame is never put into a queue before the device sends it. */
TEST_F(tools, see_no_queue)
{
	EXPECT_STREQ("noqueue", link_qdisc(LINK));
}

TEST_F(tools, see_the_name_of_its_driver)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };

	ASSERT_EQ(0, link_ethtool(LINK, &info));
	EXPECT_STREQ(MODULE, info.driver);
	EXPECT_STREQ("", info.bus_info);
}

TEST_F(tools, see_its_time_stamps)
{
	struct ethtool_ts_info info = { .cmd = ETHTOOL_GET_TS_INFO };

	ASSERT_EQ(0, link_ethtool(LINK, &info));
	EXPECT_EQ(SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE |
		  SOF_TIMESTAMPING_SOFTWARE, (int)info.so_timestamping);
	EXPECT_EQ(-1, info.phc_index);
}

/*
 * The device has no such hardware.  It returns -EOPNOTSUPP, which tools expect.
 */
TEST_F(tools, see_no_hardware)
{
	struct ethtool_eeprom eeprom = { .cmd = ETHTOOL_GEEPROM };
	struct ethtool_regs regs = { .cmd = ETHTOOL_GREGS };
	struct ethtool_wolinfo wol = { .cmd = ETHTOOL_GWOL };

	EXPECT_EQ(-EOPNOTSUPP, link_ethtool(LINK, &eeprom));
	EXPECT_EQ(-EOPNOTSUPP, link_ethtool(LINK, &regs));
	EXPECT_EQ(-EOPNOTSUPP, link_ethtool(LINK, &wol));
}

TEST_F(tools, set_its_address_while_it_is_up)
{
	static const unsigned char other[ETH_ALEN] = { 2, 3, 4, 5, 6, 7 };
	static const unsigned char group[ETH_ALEN] = { 3, 3, 4, 5, 6, 7 };
	unsigned char now[ETH_ALEN] = {};

	EXPECT_EQ(0, link_set_address(LINK, other));
	EXPECT_EQ(-EADDRNOTAVAIL, link_set_address(LINK, group));
	ASSERT_EQ(ARPHRD_ETHER, link_address(LINK, now));
	EXPECT_EQ(0, memcmp(other, now, ETH_ALEN));
}

TEST_F(tools, add_an_address_of_many)
{
	static const unsigned char group[ETH_ALEN] = {
		0x33, 0x33, 0, 0, 0, 5,
	};
	int sock = frame_socket(LINK, FRAME_KIND);
	struct frame sent, got;
	int type;

	ASSERT_LE(0, sock);
	EXPECT_EQ(0, link_change_multicast(LINK, SIOCADDMULTI, group));
	frame_init(&sent, group, self->own, 0);
	ASSERT_LT(0, frame_send(sock, &sent, PAYLOAD));
	ASSERT_LT(0, frame_receive(sock, &got, &type));
	EXPECT_EQ(PACKET_MULTICAST, type);
	EXPECT_EQ(0, link_change_multicast(LINK, SIOCDELMULTI, group));
	EXPECT_EQ(-ENOENT, link_change_multicast(LINK, SIOCDELMULTI, group));
	close(sock);
}

TEST_HARNESS_MAIN
