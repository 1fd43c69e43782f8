// SPDX-License-Identifier: GPL-2.0
/*
 * Check BTF - the types of a module, which refer to those of the kernel
 *
 * The names in .BTF of a module are numbered on from those of the kernel.  How
 * many bytes of names the kernel has is found in any module of its own, so that
 * a module which was built against another vmlinux is seen.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"

#define BTF_MAGIC		0xeb9f
#define BTF_VERSION		1
/* ENOTSUPP is an errno of the kernel that user space has no name for. */
#define ERROR_ENOTSUPP		524
/* The most that an offset of a name can be. */
#define NAME_LIMIT		0xffffff

struct btf_part {
	__u32 offset;
	__u32 length;
};

/* The header of .BTF; include/uapi/linux/btf.h. */
struct btf_header {
	__u16 magic;
	__u8 version;
	__u8 flags;
	__u32 header_length;
	struct btf_part types;
	struct btf_part strings;
	struct btf_part layout;
};

/* The header up to header_length. */
#define LEAST_SIZE		8U

/* What every type begins with. */
struct btf_type {
	__u32 name;
	__u32 info;
	__u32 size;
};

/* What follows a type: some bytes, or for each of its parts some bytes. */
static const struct {
	unsigned int bytes;
	unsigned int bytes_each;
	bool has_names;
	bool is_checked;
} kinds[] = {
	[1] = { 4, 0, false, false },		/* integer */
	[2] = { 0, 0, false, false },		/* pointer */
	[3] = { 12, 0, false, false },		/* array */
	[4] = { 0, 12, true, true },		/* structure */
	[5] = { 0, 12, true, true },		/* union */
	[6] = { 0, 8, true, true },		/* enumeration */
	[7] = { 0, 0, false, false },		/* forward declaration */
	[8] = { 0, 0, false, false },		/* typedef */
	[9] = { 0, 0, false, false },		/* volatile */
	[10] = { 0, 0, false, false },		/* const */
	[11] = { 0, 0, false, false },		/* restrict */
	[12] = { 0, 0, false, false },		/* function */
	[13] = { 0, 8, true, false },		/* prototype */
	[14] = { 4, 0, false, false },		/* variable */
	[15] = { 0, 12, false, false },		/* section */
	[16] = { 0, 0, false, false },		/* floating point */
	[17] = { 4, 0, false, false },		/* tag of a declaration */
	[18] = { 0, 0, false, false },		/* tag of a type */
	[19] = { 0, 12, true, true },		/* enumeration of 64 bits */
};

/**
 * struct btf_names - the names of a section .BTF
 * @strings: the names that it has itself
 * @limit: the first offset after all names; 0 if unknown
 * @largest: the largest offset of a name that is used
 * @largest_checked: the same, of those that Linux looks at
 */
struct btf_names {
	struct buffer strings;
	__u64 limit;
	__u32 largest;
	__u32 largest_checked;
};

/**
 * struct section - a section .BTF or .BTF.base, and what is wrong with it
 * @attempt: the attempt
 * @name: the name of the section
 * @data: its contents
 * @is_base: whether it is .BTF.base
 * @base_names: how many bytes of names come before its own; 0 if unknown
 * @header: its header
 * @names: its names
 * @error: the errno; 0 if nothing is wrong
 * @log: what the line about the fault says after "BPF: "; NULL if there is none
 * @type_log: the same, if it begins with the number of a type
 * @type: the number of the type, counted from 1
 * @reason: what is wrong, as a part of a sentence
 */
struct section {
	struct attempt *attempt;
	const char *name;
	struct buffer data;
	bool is_base;
	__u32 base_names;
	struct btf_header header;
	struct btf_names names;
	int error;
	const char *log;
	const char *type_log;
	__u32 type;
	const char *reason;
};

/* Note what is wrong.  Always returns false. */
static bool fail(struct section *section, int error, const char *log,
		 const char *reason)
{
	section->error = error;
	section->log = log;
	section->reason = reason;
	return false;
}

/* Check the header, as btf_parse_hdr() does. */
static bool read_header(struct section *section)
{
	static const char reason[] = "the header is damaged";
	struct btf_header *header = &section->header;
	struct buffer btf = section->data;
	size_t size;

	if (btf.size < LEAST_SIZE)
		return fail(section, EINVAL, "hdr_len not found", reason);
	buffer_read(btf, 0, header, LEAST_SIZE);
	if (header->header_length > btf.size)
		return fail(section, EINVAL, "btf_header not found", reason);
	size = header->header_length < sizeof(*header) ? header->header_length
						       : sizeof(*header);
	buffer_read(btf, 0, header, size);
	for (; size < header->header_length; size++)
		if (btf.data[size])
			return fail(section, E2BIG, "Unsupported btf_header",
				    reason);
	if (header->magic != BTF_MAGIC)
		return fail(section, EINVAL, "Invalid magic", reason);
	if (header->version != BTF_VERSION)
		return fail(section, ERROR_ENOTSUPP, "Unsupported version",
			    reason);
	if (header->flags)
		return fail(section, ERROR_ENOTSUPP, "Unsupported flags",
			    reason);
	if (section->is_base && header->header_length == btf.size)
		return fail(section, EINVAL, "No data", reason);
	return true;
}

static int compare_parts(const void *a, const void *b)
{
	const struct btf_part *one = a;
	const struct btf_part *other = b;

	if (one->offset != other->offset)
		return one->offset < other->offset ? -1 : 1;
	return (one->length > other->length) - (one->length < other->length);
}

/* Check that the parts follow one another, as btf_check_sec_info() does. */
static bool check_parts(struct section *section)
{
	const struct btf_header *header = &section->header;
	__u32 size = section->data.size - header->header_length;
	struct btf_part parts[] = {
		header->types, header->strings, header->layout,
	};
	unsigned int nr = header->layout.length ? 3 : 2;
	const char *log = NULL;
	__u32 total = 0;
	unsigned int i;

	qsort(parts, nr, sizeof(parts[0]), compare_parts);
	for (i = 0; i < nr && !log; i++) {
		if (size < parts[i].offset)
			log = "Invalid section offset";
		else if (total < parts[i].offset)
			log = "Unsupported section found";
		else if (total > parts[i].offset)
			log = "Section overlap found";
		else if (size - total < parts[i].length)
			log = "Total section length too long";
		else
			total += parts[i].length;
	}
	if (!log && total != size)
		log = "Unsupported section found";
	return !log || fail(section, EINVAL, log,
			    "the parts are not one after the other");
}

/* Check the names, as btf_parse_str_sec() does. */
static bool check_strings(struct section *section)
{
	static const char reason[] = "the names are damaged";
	const struct btf_header *header = &section->header;
	struct buffer strings = section->names.strings;
	__u64 end = (__u64)header->header_length + header->strings.offset +
		    header->strings.length;

	if (header->header_length < sizeof(*header) && end != section->data.size)
		return fail(section, EINVAL, "String section is not at the end",
			    reason);
	if (!strings.size && !section->is_base)
		return true;
	if (!strings.size || strings.size - 1 > NAME_LIMIT ||
	    strings.data[strings.size - 1] ||
	    (section->is_base && strings.data[0]))
		return fail(section, EINVAL, "Invalid string section", reason);
	return true;
}

/* Note that a name is used, and what Linux logs if it is the first wrong one. */
static void note_name(struct section *section, __u32 name, bool is_checked,
		      bool is_of_type)
{
	struct btf_names *names = &section->names;
	bool is_wrong = names->limit && name >= names->limit;

	if (is_wrong && is_of_type && names->largest_checked < names->limit)
		section->type_log = attempt_print(section->attempt,
						  "Invalid name_offset:%u", name);
	if (name > names->largest)
		names->largest = name;
	if (is_checked && name > names->largest_checked)
		names->largest_checked = name;
}

/* Read the names in a type; return false if the type is not complete. */
static bool read_parts(struct section *section, struct buffer types, __u64 at,
		       const struct btf_type *type)
{
	unsigned int kind = type->info >> 24 & 0x1f;
	__u64 nr = type->info & 0xffff;
	__u64 i;

	for (i = 0; kinds[kind].has_names && i < nr; i++) {
		__u32 name;

		if (!buffer_read(types, at + i * kinds[kind].bytes_each, &name,
				 sizeof(name)))
			return false;
		note_name(section, name, kinds[kind].is_checked, false);
	}
	return true;
}

/* Go through all types, as btf_check_all_metas() does. */
static bool read_types(struct section *section, struct buffer types)
{
	static const char reason[] = "the types are damaged";
	struct attempt *attempt = section->attempt;
	struct btf_type type;
	__u64 at = 0;

	while (at < types.size) {
		unsigned int kind;

		if (!section->type_log)
			section->type++;
		if (!buffer_read(types, at, &type, sizeof(type))) {
			section->type_log =
				attempt_print(attempt, "meta_left:%llu meta_needed:12",
					      types.size - at);
			return fail(section, EINVAL, NULL, reason);
		}
		at += sizeof(type);
		kind = type.info >> 24 & 0x1f;
		if (!kind || kind >= ARRAY_SIZE(kinds)) {
			section->type_log = attempt_print(attempt,
							  "Invalid kind:%u", kind);
			return fail(section, EINVAL, NULL, reason);
		}
		note_name(section, type.name, true, true);
		if (!read_parts(section, types, at, &type))
			return fail(section, EINVAL, NULL, reason);
		at += kinds[kind].bytes +
		      (type.info & 0xffff) * (__u64)kinds[kind].bytes_each;
	}
	return at == types.size || fail(section, EINVAL, NULL, reason);
}

/* Read a whole section; return false if something is wrong with it. */
static bool read_section(struct section *section)
{
	const struct btf_header *header = &section->header;
	struct buffer btf;

	if (!read_header(section) || !check_parts(section))
		return false;
	btf = buffer_part(section->data, header->header_length,
			  section->data.size - header->header_length);
	section->names.strings = buffer_part(btf, header->strings.offset,
					     header->strings.length);
	if (section->is_base || section->base_names)
		section->names.limit = (__u64)section->base_names +
				       header->strings.length;
	return check_strings(section) &&
	       read_types(section, buffer_part(btf, header->types.offset,
					       header->types.length));
}

/* Find out how many bytes of names the kernel had that this was made for. */
static __u32 base_of(const struct btf_names *names)
{
	struct buffer strings = names->strings;
	const __u8 *before;
	__u32 last = 0;

	/* The last name is always used, and has the largest offset. */
	if (strings.size < 2)
		return 0;
	before = memrchr(strings.data, '\0', strings.size - 1);
	if (before)
		last = before - strings.data + 1;
	return names->largest > last ? names->largest - last : 0;
}

/* Report that the section is wrong for certain. */
static void report_wrong(const struct section *section, int error,
			 const char *reason)
{
	struct attempt *attempt = section->attempt;
	const char *name = attempt->object->name ? attempt->object->name : "";
	const char *number = attempt_print(attempt, "%d", error);

	if (section->log)
		remark(attempt, "btf-fault", section->log, NULL);
	if (section->type_log)
		remark(attempt, "btf-type", section->is_base ?
		       attempt_print(attempt, "%u", section->type) : not_known,
		       section->type_log, NULL);
	reason = attempt_print(attempt, "In %s, %s.", section->name, reason);
	switch (kernel_config(attempt->kernel, "MODULE_ALLOW_BTF_MISMATCH")) {
	case FACT_YES:
		remark(attempt, "btf", name, number, reason, NULL);
		break;
	case FACT_NO:
		refuse_with(attempt, error, "btf-invalid", name, number, reason,
			    NULL);
		break;
	case FACT_UNKNOWN:
		unsure(attempt,
		       "The section %s is wrong; whether the kernel takes it is not known: MODULE_ALLOW_BTF_MISMATCH in its configuration would tell.",
		       section->name);
		break;
	}
}

/* Compare the names with those that they refer to. */
static void compare_names(const struct section *section)
{
	const struct btf_names *names = &section->names;
	struct attempt *attempt = section->attempt;
	__u32 base = base_of(names);

	if (!names->limit || base == section->base_names)
		return;
	if (names->largest_checked >= names->limit)
		report_wrong(section, EINVAL,
			     "names are used that do not exist: it was made for another build of the kernel, with more types");
	else if (base && kernel_config(attempt->kernel,
				       "MODULE_ALLOW_BTF_MISMATCH") != FACT_YES)
		unsure(attempt,
		       "The section .BTF was made for another build of the kernel; whether it fits by chance is not known. Remove it: strip -R .BTF FILE");
}

/* Set @section to a section; return false if there is none. */
static bool find_section(struct attempt *attempt, const char *name,
			 struct section *section)
{
	unsigned int index = object_find_section(attempt->object, name);

	*section = (struct section){
		.attempt = attempt,
		.name = name,
		.data = object_section(attempt->object, index),
	};
	return index;
}

/* Check .BTF, whose names follow those of another one, of @base_names bytes. */
static void check_own(struct section *section, __u32 base_names)
{
	section->base_names = base_names;
	if (read_section(section))
		compare_names(section);
	else
		report_wrong(section, section->error, section->reason);
}

/* Return true if the kernel looks at a section .BTF, and the module has one. */
static bool has_types(struct attempt *attempt, struct section *section)
{
	enum fact fact = kernel_config(attempt->kernel, "DEBUG_INFO_BTF_MODULES");

	if (!find_section(attempt, ".BTF", section) || !section->data.size ||
	    fact == FACT_NO)
		return false;
	if (fact == FACT_YES)
		return true;
	if (!read_section(section))
		unsure(attempt,
		       "The section .BTF is wrong; whether the kernel looks at it is not known: DEBUG_INFO_BTF_MODULES in its configuration would tell.");
	return false;
}

/**
 * check_early_btf() - Check the section .BTF, before Linux 6.11.
 * @attempt: the attempt
 */
void check_early_btf(struct attempt *attempt)
{
	struct section section;

	if (has_types(attempt, &section))
		check_own(&section, attempt->kernel->btf_names);
}

/**
 * check_btf() - Check the sections .BTF and .BTF.base.
 * @attempt: the attempt
 *
 * .BTF.base has what the types of the module refer to; whether these are the
 * types of the kernel is not looked at.
 */
void check_btf(struct attempt *attempt)
{
	struct section section;
	struct section base;

	if (!has_types(attempt, &section))
		return;
	if (!find_section(attempt, ".BTF.base", &base)) {
		check_own(&section, attempt->kernel->btf_names);
		return;
	}
	base.is_base = true;
	if (!read_section(&base))
		report_wrong(&base, base.error, base.reason);
	else if (base.names.largest_checked >= base.names.limit)
		report_wrong(&base, EINVAL, "names are used that do not exist");
	else
		check_own(&section, base.header.strings.length);
}
