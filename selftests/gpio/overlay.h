/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Overlay - the device tree overlay that the tests of all areas load
 */
#ifndef _SELFTESTS_GPIO_OVERLAY_H
#define _SELFTESTS_GPIO_OVERLAY_H

/* A file below /lib/firmware or beside the program. */
#define DTOVERLAY_PARAMS	"file=lkmpg.dtbo"

#endif /* _SELFTESTS_GPIO_OVERLAY_H */
