/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Overlay - the device tree overlay that the tests of all areas load
 */
#ifndef _SELFTESTS_GPIO_OVERLAY_H
#define _SELFTESTS_GPIO_OVERLAY_H

/* The file is below /lib/firmware, or in the directory of the test program. */
#define DTOVERLAY_PARAMS	"file=lkmpg.dtbo"

#endif /* _SELFTESTS_GPIO_OVERLAY_H */
