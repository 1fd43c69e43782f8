/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ko - a 64-bit module's ELF file: its modinfo tags and its symbols
 */
#ifndef _SELFTESTS_LIB_ELF_MODULE_H
#define _SELFTESTS_LIB_ELF_MODULE_H

#include <errno.h>
#include <linux/elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

struct ko {
	const char *map;
	size_t size;
};

/* A section; .link is the index of another one, such as that of its names. */
struct ko_section {
	const void *data;
	size_t size;
	unsigned int link;
};

/* Maps the file that is open at @fd.  The caller may close @fd afterwards. */
static inline int ko_map(struct ko *ko, int fd)
{
	struct stat st;
	void *map;

	if (fstat(fd, &st))
		return -errno;

	map = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return -errno;

	*ko = (struct ko){ .map = map, .size = st.st_size };
	return memcmp(map, ELFMAG, SELFMAG) ? -ENOEXEC : 0;
}

static inline void ko_unmap(struct ko *ko)
{
	munmap((void *)ko->map, ko->size);
}

static inline struct ko_section ko_section_at(const struct ko *ko,
					      unsigned int i)
{
	const struct elf64_hdr *elf = (const void *)ko->map;
	const struct elf64_shdr *header = (const void *)(ko->map + elf->e_shoff);

	return (struct ko_section){
		.data = ko->map + header[i].sh_offset,
		.size = header[i].sh_size,
		.link = header[i].sh_link,
	};
}

/* Returns the section @name, or an empty section if the file has none. */
static inline struct ko_section ko_section(const struct ko *ko,
					   const char *name)
{
	const struct elf64_hdr *elf = (const void *)ko->map;
	const struct elf64_shdr *header = (const void *)(ko->map + elf->e_shoff);
	const char *names = ko_section_at(ko, elf->e_shstrndx).data;
	unsigned int i;

	for (i = 0; i < elf->e_shnum; i++) {
		if (!strcmp(names + header[i].sh_name, name))
			return ko_section_at(ko, i);
	}
	return (struct ko_section){ .data = NULL };
}

/* Returns the value of the @n-th modinfo entry @tag, from 0, or NULL. */
static inline const char *ko_tag(const struct ko *ko, const char *tag, int n)
{
	struct ko_section info = ko_section(ko, ".modinfo");
	const char *end = (const char *)info.data + info.size;
	size_t len = strlen(tag);
	const char *entry;

	for (entry = info.data; entry < end; entry += strlen(entry) + 1) {
		if (!strncmp(entry, tag, len) && entry[len] == '=' && !n--)
			return entry + len + 1;
	}
	return NULL;
}

static inline int ko_count_tag(const struct ko *ko, const char *tag)
{
	int n = 0;

	while (ko_tag(ko, tag, n))
		n++;
	return n;
}

/*
 * Returns the symbol after @last, the first symbol if @last is NULL, or NULL if
 * there are no more.
 */
static inline const struct elf64_sym *
ko_next_symbol(const struct ko *ko, const struct elf64_sym *last)
{
	struct ko_section table = ko_section(ko, ".symtab");
	const struct elf64_sym *first = table.data;
	const struct elf64_sym *next = last ? last + 1 : first;

	return next < first + table.size / sizeof(*next) ? next : NULL;
}

/*
 * Finds the symbol @name: if @is_defined is true, one that the module defines,
 * and otherwise one that it uses but does not define.
 */
static inline const struct elf64_sym *
ko_find_symbol(const struct ko *ko, const char *name, bool is_defined)
{
	struct ko_section table = ko_section(ko, ".symtab");
	const char *names = ko_section_at(ko, table.link).data;
	const struct elf64_sym *sym = NULL;

	while ((sym = ko_next_symbol(ko, sym))) {
		if (!strcmp(names + sym->st_name, name) &&
		    !!sym->st_shndx == is_defined)
			return sym;
	}
	return NULL;
}

static inline const struct elf64_sym *ko_symbol(const struct ko *ko,
						const char *name)
{
	return ko_find_symbol(ko, name, true);
}

static inline bool ko_needs(const struct ko *ko, const char *name)
{
	return ko_find_symbol(ko, name, false);
}

/*
 * Returns true if a static function has the same address as the global function
 * @name.
 */
static inline bool ko_is_alias(const struct ko *ko, const char *name)
{
	const struct elf64_sym *global = ko_symbol(ko, name);
	const struct elf64_sym *sym = NULL;

	while (global && (sym = ko_next_symbol(ko, sym))) {
		if (ELF_ST_TYPE(sym->st_info) == STT_FUNC &&
		    ELF_ST_BIND(sym->st_info) == STB_LOCAL &&
		    sym->st_shndx == global->st_shndx &&
		    sym->st_value == global->st_value)
			return true;
	}
	return false;
}

#endif /* _SELFTESTS_LIB_ELF_MODULE_H */
