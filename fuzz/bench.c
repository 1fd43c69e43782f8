// SPDX-License-Identifier: GPL-2.0
/*
 * Owner table benchmark - time of a claim in a table of 1 to 1000000 claims
 *
 * A guest is an owner that has no claim yet.  Each round makes a claim for a
 * guest, finds it and releases it, as opening and closing one more file does.
 * If the rounds use few guests, the data stays in the processor's cache, so the
 * time shows the work of the table.  If they use many guests, the time also
 * includes cache misses.  Times depend on the machine; compare the ratios.
 *
 * The benchmark also counts the instructions that a module executes under its
 * lock: those of one claim or release, including its steps of a move, and
 * nothing else.  Only the calls with the longest chains are counted, because
 * these calls take the longest.
 */
#include <linux/hash.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "owner_table.h"
#include "owner_table_chains.h"
#include "steps.h"

#define FIRST_BITS	6
#define NR_ROUNDS	1000000
#define FEW		256
#define MANY		1000000

static void *zeroed(size_t nr, size_t size)
{
	void *memory = calloc(nr, size);

	if (!memory) {
		fprintf(stderr, "bench: no memory for %zu bytes\n", nr * size);
		exit(1);
	}
	return memory;
}

static void grow(struct owner_table *table)
{
	const unsigned int bits = table->bits + 1;

	owner_table_grow(table, zeroed(1u << bits, sizeof(struct hlist_head)), bits);
}

static void fill(struct owner_table *table, struct owner_table_entry *entries,
		 u32 nr_owners, bool may_grow)
{
	u32 i;

	owner_table_init(table, zeroed(1u << FIRST_BITS, sizeof(struct hlist_head)),
			 FIRST_BITS);
	for (i = 0; i < nr_owners; i++) {
		owner_table_claim(table, &entries[i], scattered(i));
		if (may_grow && owner_table_is_crowded(table))
			grow(table);
		free(owner_table_retire(table));
	}
}

static double measure(struct owner_table *table, u32 nr_owners, u32 nr_guests,
		      u32 nr_rounds)
{
	struct owner_table_entry guest = {};
	struct timespec begin, end;
	const void *owner;
	u32 i, nr_found = 0;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (i = 0; i < nr_rounds; i++) {
		owner = scattered(nr_owners + i % nr_guests);
		owner_table_claim(table, &guest, owner);
		nr_found += owner_table_find(table, owner) == &guest;
		owner_table_release(table, &guest);
	}
	clock_gettime(CLOCK_MONOTONIC, &end);

	if (nr_found != nr_rounds) {
		fprintf(stderr, "bench: %u of %u claims found\n", nr_found, nr_rounds);
		exit(1);
	}
	return ((end.tv_sec - begin.tv_sec) * 1e9 +
		(end.tv_nsec - begin.tv_nsec)) / nr_rounds;
}

/*
 * Stores the nanoseconds of a round in @ns: with few guests in the first
 * element, and with many guests in the second one.
 */
static void bench(u32 nr_owners, bool may_grow, u32 nr_rounds, double ns[2])
{
	struct owner_table_entry *entries = zeroed(nr_owners, sizeof(*entries));
	struct owner_table table;

	fill(&table, entries, nr_owners, may_grow);
	measure(&table, nr_owners, FEW, nr_rounds / 10);
	ns[0] = measure(&table, nr_owners, FEW, nr_rounds);
	ns[1] = measure(&table, nr_owners, MANY, nr_rounds);

	free(table.old_buckets);
	free(table.buckets);
	free(entries);
}

static void report(const char *what, const double ns[2], const double one[2])
{
	printf("%-28s %8.1f ns %7.2f x %8.1f ns %7.2f x\n", what, ns[0],
	       ns[0] / one[0], ns[1], ns[1] / one[1]);
}

/*
 * Estimates the work of a claim or release.  Counts the entries of the chains
 * that are searched for @owner, and the entries and buckets that the call may
 * move.
 */
static u32 weight(const struct owner_table *table, const void *owner)
{
	const struct hlist_head *old = table->old_buckets;
	u32 length = chain_length(&table->buckets[hash_ptr(owner, table->bits)],
				  NULL);
	u32 i;

	if (!old)
		return length;
	length += chain_length(&old[hash_ptr(owner, table->old_bits)], NULL);
	for (i = 0; i < 4 && !((table->nr_moved + i) >> table->old_bits); i++)
		length += 1 + chain_length(&old[table->nr_moved + i], NULL);
	return length;
}

/*
 * The most work so far, as estimated and in instructions, of a claim (index 0)
 * and of a release (index 1).
 */
struct longest {
	u32 weight[2];
	long steps[2];
};

/*
 * Claims or releases @entry, and retires the old array, as a module does under
 * its lock.  Counts the instructions if weight() is not smaller than in all
 * earlier calls.
 */
static void count(struct longest *longest, bool is_release,
		  struct owner_table *table, struct owner_table_entry *entry,
		  const void *owner)
{
	const u32 nr = weight(table, owner);
	const bool is_heavy = nr >= longest->weight[is_release];
	struct hlist_head *retired;
	long steps = 0;

	if (is_heavy) {
		longest->weight[is_release] = nr;
		steps_begin();
	}
	if (is_release)
		owner_table_release(table, entry);
	else
		owner_table_claim(table, entry, owner);
	retired = owner_table_retire(table);
	if (is_heavy)
		steps = steps_end();
	free(retired);
	if (steps > longest->steps[is_release])
		longest->steps[is_release] = steps;
}

/*
 * Makes a claim for each owner, and then releases all claims.  The table does
 * not grow during the first @nr_late claims.  Returns the largest numbers of
 * instructions.
 */
static struct longest count_all(u32 nr_owners, u32 nr_late)
{
	struct owner_table_entry *entries = zeroed(nr_owners, sizeof(*entries));
	struct longest longest = {};
	struct owner_table table;
	u32 i;

	owner_table_init(&table, zeroed(1u << FIRST_BITS, sizeof(struct hlist_head)),
			 FIRST_BITS);
	for (i = 0; i < nr_owners; i++) {
		count(&longest, false, &table, &entries[i], scattered(i));
		if (i >= nr_late && owner_table_is_crowded(&table))
			grow(&table);
	}
	for (i = 0; i < nr_owners; i++)
		count(&longest, true, &table, &entries[i], scattered(i));

	free(table.old_buckets);
	free(table.buckets);
	free(entries);
	return longest;
}

static void report_longest(const char *what, struct longest longest)
{
	printf("%-28s %8ld %19ld\n", what, longest.steps[0], longest.steps[1]);
}

static void bench_longest(void)
{
	signal(SIGTRAP, steps_count);
	printf("\n%-28s %8s %19s\n", "longest hold, instructions", "claim",
	       "release");
	report_longest("1000 owners", count_all(1000, 0));
	report_longest("30000 owners", count_all(30000, 0));
	report_longest("100000 owners", count_all(100000, 0));
	report_longest("1000000 owners", count_all(1000000, 0));
	report_longest("10000, grown late", count_all(10000, 9999));
}

int main(void)
{
	double one[2], ns[2];

	printf("%-28s %11s %9s %11s %9s\n", "claim + find + release beside",
	       "few guests", "ratio", "many", "ratio");
	bench(1, true, NR_ROUNDS, one);
	report("1 owner", one, one);
	bench(1000, true, NR_ROUNDS, ns);
	report("1000 owners", ns, one);
	bench(1000000, true, NR_ROUNDS, ns);
	report("1000000 owners", ns, one);
	bench(10000, false, NR_ROUNDS / 10, ns);
	report("10000, if it never grew", ns, one);
	bench_longest();
	return 0;
}
