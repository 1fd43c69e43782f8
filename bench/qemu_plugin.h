/* SPDX-License-Identifier: GPL-2.0 */
/*
 * QEMU plugin - the part of the interface of QEMU's plugins that is used here
 *
 * Debian has no package with QEMU's own header, qemu-plugin.h.
 */
#ifndef QEMU_PLUGIN_H
#define QEMU_PLUGIN_H

#include <linux/types.h>
#include <stddef.h>

/* QEMU_PLUGIN_CB_NO_REGS: a function that does not use the registers. */
#define NO_REGS	0

struct qemu_plugin_tb;
struct qemu_info_t;

/* What the plugin has: the version of the interface, and its entry. */
extern int qemu_plugin_version;
int qemu_plugin_install(__u64 id, const struct qemu_info_t *info, int argc,
			char **argv);

/* What QEMU has.  A "tb" is a block of instructions that QEMU translates. */
void qemu_plugin_register_vcpu_tb_trans_cb(__u64 id,
					   void (*run)(__u64 id,
						       struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb,
					  void (*run)(unsigned int cpu,
						      void *data),
					  int flags, void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
__u64 qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);

#endif /* QEMU_PLUGIN_H */
