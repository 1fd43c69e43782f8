/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Opener model - which tasks have a file open that only one task can open
 *
 * The model has a flag for each task, and lib/opener.c has one flag for the
 * file.  So if two tasks had the file open at a time, the model would count
 * two.
 */
#ifndef _MODPROOF_OPENER_MODEL_H
#define _MODPROOF_OPENER_MODEL_H

#include <linux/errno.h>
#include <linux/types.h>

#define OPENER_MODEL_NR_TASKS	4

/**
 * struct opener_model - the tasks that have a file open
 * @has_open: for each task, whether it has the file open
 * @is_shut: true if the file can no longer be opened
 */
struct opener_model {
	bool has_open[OPENER_MODEL_NR_TASKS];
	bool is_shut;
};

static inline u32 opener_model_count(const struct opener_model *model)
{
	u32 i, nr = 0;

	for (i = 0; i < OPENER_MODEL_NR_TASKS; i++)
		nr += model->has_open[i];
	return nr;
}

static inline int opener_model_claim(struct opener_model *model, u32 task)
{
	if (model->is_shut)
		return -ENOENT;
	if (opener_model_count(model))
		return -EBUSY;

	model->has_open[task] = true;
	return 0;
}

#endif /* _MODPROOF_OPENER_MODEL_H */
