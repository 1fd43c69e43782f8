// SPDX-License-Identifier: GPL-2.0
/*
 * Order - the order in which several modules can be loaded
 *
 * A module comes after those whose exports it needs.  Otherwise the files keep
 * the order in which they were named.
 */

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "order.h"

/* The most files of one run. */
#define FILES_LIMIT	100000

/* A symbol that one of the files exports. */
struct offer {
	const char *name;
	unsigned int file;
};

/**
 * struct node - a file
 * @nr_needed: entries in @needed
 * @needed: the names that the file imports
 * @is_placed: whether it has its place in the order
 * @is_waiting: whether it was put on the stack, to be placed
 */
struct node {
	unsigned int nr_needed;
	const char **needed;
	bool is_placed;
	bool is_waiting;
};

struct order {
	struct arena arena;
	struct node *nodes;
	struct offer *offers;
	size_t nr_offers;
	size_t room;
	unsigned int *placed;
	unsigned int nr_placed;
	unsigned int *stack;
};

static int compare_offers(const void *a, const void *b)
{
	const struct offer *one = a;
	const struct offer *other = b;
	int order = strcmp(one->name, other->name);

	if (order)
		return order;
	return (one->file > other->file) - (one->file < other->file);
}

static int compare_names(const void *a, const void *b)
{
	const struct offer *one = a;
	const struct offer *other = b;

	return strcmp(one->name, other->name);
}

static void add_offers(struct order *order, const struct object *object,
		       unsigned int file)
{
	unsigned int i;

	for (i = 0; i < object->nr_exports; i++) {
		struct offer *offer;

		if (order->nr_offers == order->room) {
			struct offer *old = order->offers;

			order->room = order->room ? order->room * 2 : 1024;
			order->offers = arena_alloc(&order->arena, order->room *
						    sizeof(*old));
			if (old)
				memcpy(order->offers, old,
				       order->nr_offers * sizeof(*old));
		}
		offer = &order->offers[order->nr_offers++];
		offer->file = file;
		offer->name = arena_copy(&order->arena, object->exports[i].name,
					 strlen(object->exports[i].name));
	}
}

static bool is_import(const struct object_symbol *symbol)
{
	return symbol->raw.st_shndx == SHN_UNDEF && symbol->name[0];
}

static void add_node(struct order *order, const char *path, unsigned int file)
{
	struct node *node = &order->nodes[file];
	struct object object = {};
	const char *error;
	unsigned int i;
	unsigned int nr = 0;

	if (object_open(&object, path, &error)) {
		add_offers(order, &object, file);
		for (i = 1; i < object.nr_symbols; i++)
			nr += is_import(&object.symbols[i]);
		node->needed = arena_alloc(&order->arena,
					   nr * sizeof(node->needed[0]));
		for (i = 1; i < object.nr_symbols; i++) {
			const char *name = object.symbols[i].name;

			if (is_import(&object.symbols[i]))
				node->needed[node->nr_needed++] =
					arena_copy(&order->arena, name, strlen(name));
		}
	}
	object_close(&object);
}

/* Return a file that @file needs and that has no place yet, or @file if none. */
static unsigned int next_needed(struct order *order, unsigned int file)
{
	struct node *node = &order->nodes[file];

	while (node->nr_needed) {
		struct offer key = { .name = node->needed[--node->nr_needed] };
		struct offer *found;

		found = bsearch(&key, order->offers, order->nr_offers,
				sizeof(key), compare_names);
		if (found && found->file != file &&
		    !order->nodes[found->file].is_placed)
			return found->file;
	}
	return file;
}

/*
 * Place a file after all that it needs.  Each file is pushed once: in a cycle,
 * the file that waits already is passed over.
 */
static void place(struct order *order, unsigned int file)
{
	unsigned int depth = 0;

	order->stack[depth++] = file;
	while (depth) {
		unsigned int top = order->stack[depth - 1];
		unsigned int next = next_needed(order, top);

		if (next != top && !order->nodes[next].is_waiting) {
			order->nodes[next].is_waiting = true;
			order->stack[depth++] = next;
		} else if (next == top) {
			depth--;
			if (!order->nodes[top].is_placed)
				order->placed[order->nr_placed++] = top;
			order->nodes[top].is_placed = true;
		}
	}
}

/**
 * order_files() - Find an order in which each file comes after those it needs.
 * @arena: what the result is allocated in
 * @kernel: the kernel, whose own modules keep their order, because it knows what
 *	they export
 * @paths: the files
 * @nr: how many there are
 *
 * Return: the indices of the files, in this order.
 */
unsigned int *order_files(struct arena *arena, const struct kernel *kernel,
			  const char *const *paths, unsigned int nr)
{
	struct order order = {};
	unsigned int i;

	order.placed = arena_alloc(arena, nr * sizeof(order.placed[0]));
	if (nr < 2)
		return order.placed;
	order.nodes = arena_alloc(&order.arena, nr * sizeof(order.nodes[0]));
	order.stack = arena_alloc(&order.arena, nr * sizeof(order.stack[0]));
	for (i = 0; i < nr; i++)
		if (!kernel->knows_module_exports || !own_file(kernel, paths[i]))
			add_node(&order, paths[i], i);
	if (order.nr_offers)
		qsort(order.offers, order.nr_offers, sizeof(order.offers[0]),
		      compare_offers);
	for (i = 0; i < nr; i++) {
		if (order.nodes[i].is_placed)
			continue;
		order.nodes[i].is_waiting = true;
		place(&order, i);
	}
	arena_free(&order.arena);
	return order.placed;
}

/* nftw() has no argument for its function. */
static struct {
	struct arena *arena;
	const char **paths;
	unsigned int nr;
	unsigned int room;
} found;

/**
 * order_is_module() - Return true if a path ends like that of a module.
 * @path: the path
 */
bool order_is_module(const char *path)
{
	static const char * const ends[] = {
		".ko", ".ko.xz", ".ko.zst", ".ko.gz"
	};
	size_t length = strlen(path);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		size_t end = strlen(ends[i]);

		if (length > end && !strcmp(path + length - end, ends[i]))
			return true;
	}
	return false;
}

static int add_file(const char *path, const struct stat *stat, int type,
		    struct FTW *where)
{
	const char **old = found.paths;

	(void)stat;
	(void)where;
	if ((type != FTW_F && type != FTW_SL) || !order_is_module(path))
		return 0;
	if (found.nr == FILES_LIMIT)
		die("there are more than %u modules: name a smaller directory",
		    FILES_LIMIT);
	if (found.nr == found.room) {
		found.room = found.room ? found.room * 2 : 64;
		found.paths = arena_alloc(found.arena,
					  found.room * sizeof(*old));
		if (old)
			memcpy(found.paths, old, found.nr * sizeof(*old));
	}
	found.paths[found.nr++] = arena_copy(found.arena, path, strlen(path));
	return 0;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(const char * const *)a, *(const char * const *)b);
}

/**
 * order_directory() - Find the modules in a directory and those below it.
 * @arena: what the paths are allocated in
 * @path: the directory
 * @paths: set to the paths, sorted by name
 *
 * Return: how many there are.
 */
unsigned int order_directory(struct arena *arena, const char *path,
			     const char ***paths)
{
	memset(&found, 0, sizeof(found));
	found.arena = arena;
	if (nftw(path, add_file, 32, FTW_PHYS) < 0)
		die("%s: %s: name a directory that can be read", path,
		    strerror(errno));
	if (found.nr)
		qsort(found.paths, found.nr, sizeof(found.paths[0]),
		      compare_paths);
	*paths = found.paths;
	return found.nr;
}
