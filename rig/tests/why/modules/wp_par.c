// SPDX-License-Identifier: GPL-2.0
/*
 * A module with a parameter of each type
 */

#include "wp.h"

static signed char wp_byte_min;
static unsigned char by;
module_param(by, byte, 0644);
static short sh;
module_param(sh, short, 0644);
static unsigned short ush;
module_param(ush, ushort, 0644);
static int num;
module_param(num, int, 0644);
static unsigned int unum;
module_param(unum, uint, 0644);
static long lo;
module_param(lo, long, 0644);
static unsigned long ulo;
module_param(ulo, ulong, 0644);
static unsigned long long ull;
module_param(ull, ullong, 0644);
static unsigned int hex;
module_param(hex, hexint, 0644);
static char *str = "x";
module_param(str, charp, 0644);
static bool flag;
module_param(flag, bool, 0644);
static bool inv;
module_param(inv, invbool, 0644);
static int bint;
module_param_named(bint, bint, bint, 0644);
static int arr[3];
static int nr_arr;
module_param_array(arr, int, &nr_arr, 0644);
static bool flags[2];
module_param_array(flags, bool, NULL, 0644);
static char *words[2];
module_param_array(words, charp, NULL, 0644);
static char cp[8];
module_param_string(cp, cp, sizeof(cp), 0644);
static int long_name;
module_param(long_name, int, 0644);
static int uns;
module_param_unsafe(uns, int, 0644);
static int port;
module_param_hw(port, int, ioport, 0444);

/* Parameters with their own functions: one for each errno with a message. */
static int set_error(const char *value, const struct kernel_param *kp)
{
	return *(int *)kp->arg;
}

static const struct kernel_param_ops error_ops = {
	.set = set_error,
};

static const struct kernel_param_ops noarg_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = set_error,
};

static int enoent = -ENOENT;
module_param_cb(gone, &error_ops, &enoent, 0);
static int enospc = -ENOSPC;
module_param_cb(full, &error_ops, &enospc, 0);
static int eperm = -EPERM;
module_param_cb(perm, &error_ops, &eperm, 0);
static int none;
module_param_cb(noarg, &noarg_ops, &none, 0);

static void __init wp_begin(void)
{
	wp_byte_min = by;
}
