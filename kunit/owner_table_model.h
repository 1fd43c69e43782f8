/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Owner table model - which owners have a claim, and how long a move takes
 *
 * The model has a flag for each owner, and no buckets.  Of a move, it has only
 * the number of steps that remain.  That number depends on the chains of the
 * table, so the caller counts the steps with owner_table_chains.h.
 */
#ifndef _MODPROOF_OWNER_TABLE_MODEL_H
#define _MODPROOF_OWNER_TABLE_MODEL_H

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/types.h>

#define OWNER_TABLE_MODEL_NR_OWNERS	32

/**
 * struct owner_table_model - the claims of a table and its move
 * @is_held: for each owner, whether it has a claim
 * @is_moving: true if a move has begun and its old array has not been retired
 * @nr_steps: number of steps that remain of the move; 0 if there is none
 * @bits: log2 of the number of buckets, 1..22
 */
struct owner_table_model {
	bool is_held[OWNER_TABLE_MODEL_NR_OWNERS];
	bool is_moving;
	u32 nr_steps;
	unsigned int bits;
};

static inline u32 owner_table_model_count(const struct owner_table_model *model)
{
	u32 i, nr = 0;

	for (i = 0; i < OWNER_TABLE_MODEL_NR_OWNERS; i++)
		nr += model->is_held[i];
	return nr;
}

/* A claim or a release makes up to four steps of a move. */
static inline void owner_table_model_step(struct owner_table_model *model)
{
	model->nr_steps -= min(model->nr_steps, 4U);
}

static inline int owner_table_model_claim(struct owner_table_model *model, u32 owner)
{
	if (model->is_held[owner])
		return -EBUSY;

	model->is_held[owner] = true;
	owner_table_model_step(model);
	return 0;
}

/* @nr_steps is the number of steps that remain of a move without this claim. */
static inline void owner_table_model_release(struct owner_table_model *model,
					     u32 owner, u32 nr_steps)
{
	model->is_held[owner] = false;
	model->nr_steps = nr_steps;
	owner_table_model_step(model);
}

/* @nr_steps is the number of steps that the new move needs. */
static inline int owner_table_model_grow(struct owner_table_model *model,
					 unsigned int bits, u32 nr_steps)
{
	if (bits < 1 || bits > 22 || bits <= model->bits)
		return -EINVAL;
	if (model->is_moving)
		return -EBUSY;

	model->bits = bits;
	model->is_moving = true;
	model->nr_steps = nr_steps;
	return 0;
}

/* Returns true if there is an old array and all of its entries have moved. */
static inline bool owner_table_model_retire(struct owner_table_model *model)
{
	if (!model->is_moving || model->nr_steps)
		return false;

	model->is_moving = false;
	return true;
}

static inline bool owner_table_model_is_crowded(const struct owner_table_model *model)
{
	return owner_table_model_count(model) > 1U << model->bits &&
	       !model->is_moving && model->bits != 22;
}

#endif /* _MODPROOF_OWNER_TABLE_MODEL_H */
