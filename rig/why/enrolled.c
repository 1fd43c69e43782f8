// SPDX-License-Identifier: GPL-2.0
/*
 * Enrolled - the certificates in a variable of UEFI
 *
 * The variable has lists, and a list has entries of one type and one size, as
 * parse_efi_signature_list() of the kernel reads them.
 */

#include <string.h>

#include "enrolled.h"

/* EFI_SIGNATURE_LIST: a type, and the sizes of the list, its header, an entry. */
#define LIST_SIZE	28
/* The owner in front of each entry. */
#define OWNER_SIZE	16

/* The type of X.509 certificates, EFI_CERT_X509_GUID. */
static const __u8 x509[16] = {
	0xa1, 0x59, 0xc0, 0xa5, 0xe4, 0x94, 0xa7, 0x4a,
	0x87, 0xb5, 0xab, 0x15, 0x5c, 0x2b, 0xf0, 0x72
};

static __u32 number_at(struct buffer buffer, size_t offset)
{
	const __u8 *at = buffer.data + offset;

	return at[0] | at[1] << 8 | at[2] << 16 | (__u32)at[3] << 24;
}

/* Return true if one of the entries of a list is the signer's certificate. */
static bool has_entry(struct buffer entries, __u32 size,
		      const struct message_parts *parts)
{
	while (entries.size >= size) {
		if (pkcs7_is_signer(parts, buffer_part(entries, OWNER_SIZE,
						       size - OWNER_SIZE)))
			return true;
		entries = buffer_part(entries, size, entries.size - size);
	}
	return false;
}

/**
 * enrolled_has_signer() - Return true if a variable has a signer's certificate.
 * @lists: the value of the variable, which may be hostile
 * @parts: the signature
 *
 * What follows a list that is damaged is not read.
 */
bool enrolled_has_signer(struct buffer lists, const struct message_parts *parts)
{
	while (lists.size >= LIST_SIZE) {
		__u32 whole = number_at(lists, 16);
		__u32 header = number_at(lists, 20);
		__u32 size = number_at(lists, 24);

		if (whole < LIST_SIZE || whole > lists.size ||
		    header > whole - LIST_SIZE || size < OWNER_SIZE)
			return false;
		header += LIST_SIZE;
		if (whole - header < size || (whole - header) % size)
			return false;
		if (!memcmp(lists.data, x509, sizeof(x509)) &&
		    has_entry(buffer_part(lists, header, whole - header), size,
			      parts))
			return true;
		lists = buffer_part(lists, whole, lists.size - whole);
	}
	return false;
}
