// SPDX-License-Identifier: GPL-2.0
/*
 * Config - the configuration of a kernel, and what follows from it
 */

#include <linux/elf.h>
#include <string.h>

#include "config.h"

/* Add a symbol that is set, or known as not set. */
static void add_symbol(struct draft *draft, const char *name, size_t length,
		       bool is_set)
{
	struct facts_entry entry = { .flags = is_set ? 0 : ENTRY_IS_NOT };

	entry.name = draft_string(draft, name, length);
	draft_add(draft, FACTS_CONFIG, &entry);
}

/**
 * config_add() - Add a symbol of the configuration.
 * @draft: the draft
 * @symbol: the symbol, without CONFIG_
 * @is_set: whether it is set
 */
void config_add(struct draft *draft, const char *symbol, bool is_set)
{
	add_symbol(draft, symbol, strlen(symbol), is_set);
}

/* Take the version of the comment "# Linux/x86 6.1.192 Kernel Configuration". */
static void read_comment(struct draft *draft, const char *line, size_t length)
{
	static const char begin[] = "# Linux/";
	const char *space;
	char version[16] = {};

	if (length < sizeof(begin) || memcmp(line, begin, sizeof(begin) - 1) ||
	    draft->version)
		return;
	line += sizeof(begin) - 1;
	length -= sizeof(begin) - 1;
	space = memchr(line, ' ', length);
	if (!space)
		return;
	length -= space + 1 - line;
	memcpy(version, space + 1, length < 15 ? length : 15);
	draft->version = release_version(version);
}

/**
 * config_parse() - Read the configuration of a kernel.
 * @file: the contents of .config or of a copy, which may be hostile
 * @draft: what the symbols that are y, m or have a value are added to
 *
 * A file without a symbol is no configuration.
 */
void config_parse(struct buffer file, struct draft *draft)
{
	static const char prefix[] = "CONFIG_";
	const char *line = (const char *)file.data;
	const char *end = line + file.size;

	while (line < end) {
		const char *stop = memchr(line, '\n', end - line);
		const char *next = stop ? stop + 1 : end;
		size_t length = (stop ? stop : end) - line;
		const char *equal = memchr(line, '=', length);

		if (length && line[0] == '#') {
			read_comment(draft, line, length);
		} else if (equal && length > sizeof(prefix) &&
			   !memcmp(line, prefix, sizeof(prefix) - 1) &&
			   !memchr(line, '\0', length) &&
			   equal + 1 < line + length && equal[1] != 'n') {
			line += sizeof(prefix) - 1;
			if (equal > line)
				add_symbol(draft, line, equal - line, true);
			draft->knows |= KNOWS_CONFIG;
		}
		line = next;
	}
}

/* Return whether a word is in the version magic. */
static bool has_word(const char *vermagic, const char *word)
{
	size_t length = strlen(word);
	const char *at = vermagic;

	while ((at = strstr(at, word))) {
		if (at > vermagic && at[-1] == ' ' &&
		    (!at[length] || at[length] == ' '))
			return true;
		at += length;
	}
	return false;
}

/**
 * config_infer() - Add the symbols of the configuration that vermagic tells.
 * @draft: the draft, whose configuration is not known
 */
void config_infer(struct draft *draft)
{
	static const struct {
		const char *word;
		const char *symbol;
	} words[] = {
		{ "SMP", "SMP" },
		{ "preempt_rt", "PREEMPT_RT" },
		{ "mod_unload", "MODULE_UNLOAD" },
		{ "modversions", "MODVERSIONS" },
	};
	size_t i;

	if (!draft->vermagic)
		return;
	for (i = 0; i < ARRAY_SIZE(words); i++)
		config_add(draft, words[i].symbol,
			   has_word(draft->vermagic, words[i].word));
	if (has_word(draft->vermagic, "preempt"))
		config_add(draft, "PREEMPT_BUILD", true);
	config_add(draft, "MODULES", true);
}

/* Machines whose part of the version magic is known; NULL if it is not. */
static const struct {
	const char *symbol;
	unsigned int machine;
	const char *vermagic;
} machines[] = {
	{ "X86_64", EM_X86_64, "" },
	{ "ARM64", EM_AARCH64, "aarch64" },
	{ "X86_32", EM_386, NULL },
	{ "ARM", EM_ARM, NULL },
	{ "RISCV", EM_RISCV, NULL },
	{ "PPC64", EM_PPC64, NULL },
	{ "PPC32", EM_PPC, NULL },
	{ "S390", EM_S390, NULL },
	{ "LOONGARCH", EM_LOONGARCH, NULL },
	{ "MIPS", EM_MIPS, NULL },
	{ "SPARC64", EM_SPARCV9, NULL },
	{ "PARISC", EM_PARISC, NULL },
};

/* The symbols that are asked below, as bits. */
enum {
	SMP, PREEMPT_RT, PREEMPT_BUILD, PREEMPT, MODULE_UNLOAD, MODVERSIONS,
	RANDSTRUCT, NR_ASKED
};

static const char * const asked[NR_ASKED] = {
	"SMP", "PREEMPT_RT", "PREEMPT_BUILD", "PREEMPT", "MODULE_UNLOAD",
	"MODVERSIONS", "RANDSTRUCT",
};

/* Look at all symbols once; set what is asked, and return the machine's index. */
static size_t ask(const struct draft *draft, bool has[NR_ASKED])
{
	size_t machine = ARRAY_SIZE(machines);
	size_t i;
	size_t j;

	for (i = 0; i < draft->nr_entries[FACTS_CONFIG]; i++) {
		const char *name = draft->strings +
			draft->entries[FACTS_CONFIG][i].name;

		for (j = 0; j < NR_ASKED; j++)
			if (!strcmp(name, asked[j]))
				has[j] = true;
		for (j = 0; j < machine; j++)
			if (!strcmp(name, machines[j].symbol))
				machine = j;
	}
	return machine;
}

/**
 * config_vermagic() - Work out the machine and the version magic.
 * @draft: the draft, with a configuration; without a release only the machine
 *	is known
 * @seed: RANDSTRUCT_HASHED_SEED; NULL if it is unknown
 *
 * The string is made as in include/linux/vermagic.h of Linux.
 */
void config_vermagic(struct draft *draft, const char *seed)
{
	bool has[NR_ASKED] = {};
	size_t machine = ask(draft, has);
	const char *preempt = "";
	char *vermagic;

	if (machine == ARRAY_SIZE(machines))
		return;
	if (!draft->machine)
		draft->machine = machines[machine].machine;
	if (!draft->release || draft->vermagic || !machines[machine].vermagic ||
	    (has[RANDSTRUCT] && !seed))
		return;
	if (has[PREEMPT_RT])
		preempt = "preempt_rt ";
	else if (has[PREEMPT_BUILD] || has[PREEMPT])
		preempt = "preempt ";
	vermagic = arena_print(&draft->arena, "%s %s%s%s%s%s%s%s", draft->release,
			       has[SMP] ? "SMP " : "", preempt,
			       has[MODULE_UNLOAD] ? "mod_unload " : "",
			       has[MODVERSIONS] ? "modversions " : "",
			       machines[machine].vermagic,
			       has[RANDSTRUCT] ? "RANDSTRUCT_" : "",
			       has[RANDSTRUCT] ? seed : "");
	draft->vermagic = vermagic;
}
