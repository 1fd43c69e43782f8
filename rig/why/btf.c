// SPDX-License-Identifier: GPL-2.0
/*
 * BTF - the types of a kernel
 *
 * The form is described in Documentation/bpf/btf.rst of Linux.
 */

#include <linux/btf.h>
#include <string.h>

#include "btf.h"

/* BTF_KIND_ENUM64 of Linux 6.0, which older headers do not have. */
#define KIND_ENUM64	19

/* Return how many bytes follow a type; -1 if its kind is not known. */
static long long extra_size(const struct btf_type *type)
{
	__u32 nr = BTF_INFO_VLEN(type->info);

	switch (type->info >> 24 & 0x1f) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return 4;
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return (long long)nr * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
	case BTF_KIND_FUNC_PROTO:
		return (long long)nr * 8;
	case BTF_KIND_DATASEC:
	case KIND_ENUM64:
		return (long long)nr * 12;
	case BTF_KIND_PTR:
	case BTF_KIND_FWD:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPE_TAG:
		return 0;
	default:
		return -1;
	}
}

static bool is_named(struct buffer strings, __u32 offset, const char *name)
{
	struct buffer part = buffer_part(strings, offset, strlen(name) + 1);

	return part.size && !memcmp(part.data, name, part.size);
}

/**
 * btf_module_size() - Return sizeof(struct module).
 * @btf: the contents of a section .BTF, which may be hostile
 *
 * Return: the size; 0 if it is not known, because there is no such structure or
 * there are several of different sizes.
 */
unsigned int btf_module_size(struct buffer btf)
{
	struct btf_header header;
	struct buffer strings;
	struct buffer types;
	struct btf_type type;
	unsigned int size = 0;
	__u64 offset = 0;

	if (!buffer_read(btf, 0, &header, sizeof(header)) ||
	    header.magic != BTF_MAGIC)
		return 0;
	types = buffer_part(btf, (__u64)header.hdr_len + header.type_off,
			    header.type_len);
	strings = buffer_part(btf, (__u64)header.hdr_len + header.str_off,
			      header.str_len);
	while (buffer_read(types, offset, &type, sizeof(type))) {
		long long extra = extra_size(&type);

		if (extra < 0)
			return 0;
		if ((type.info >> 24 & 0x1f) == BTF_KIND_STRUCT &&
		    is_named(strings, type.name_off, "module")) {
			if (size && size != type.size)
				return 0;
			size = type.size;
		}
		offset += sizeof(type) + (__u64)extra;
	}
	return size;
}

/**
 * btf_names_size() - Return how many bytes of names there are.
 * @btf: the contents of a section .BTF, which may be hostile
 *
 * Return: the size; 0 if it is not known.
 */
unsigned int btf_names_size(struct buffer btf)
{
	struct btf_header header;

	if (!buffer_read(btf, 0, &header, sizeof(header)) ||
	    header.magic != BTF_MAGIC)
		return 0;
	return header.str_len;
}
