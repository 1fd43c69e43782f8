/* SPDX-License-Identifier: GPL-2.0 */
#undef CONFIG_PREEMPT_BUILD
#undef CONFIG_PREEMPTION
