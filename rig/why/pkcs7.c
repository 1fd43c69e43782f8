// SPDX-License-Identifier: GPL-2.0
/*
 * PKCS#7 - the message that is the signature of a module
 *
 * It is read as pkcs7_parse_message() of crypto/asymmetric_keys reads it.
 */

#include <string.h>

#include "pkcs7.h"

/* Tags of ASN.1. */
enum {
	TAG_BOOLEAN = 0x01,
	TAG_INTEGER = 0x02,
	TAG_OCTETS = 0x04,
	TAG_OID = 0x06,
	TAG_SEQUENCE = 0x30,
	TAG_SET = 0x31,
	TAG_KEY_ID = 0x80,
	TAG_UNIQUE_1 = 0x81,
	TAG_UNIQUE_2 = 0x82,
	TAG_0 = 0xa0,
	TAG_1 = 0xa1,
	TAG_2 = 0xa2,
	TAG_3 = 0xa3,
};

/* Prefixes of object identifiers. */
static const __u8 oid_signed_data[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
static const __u8 oid_data[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
static const __u8 oid_key_id[] = "\x55\x1d\x0e";
static const __u8 oid_indirect[] = "\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x04";

static const __u8 oid_capabilities[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0f";

/* The digests that the kernel has, and in which versions. */
static const struct {
	unsigned int since;
	unsigned int before;
	const char *oid;
} digests[] = {
	{ 0, LINUX(6, 7), "\x2a\x86\x48\x86\xf7\x0d\x02\x04" },	/* MD4 */
	{ 0, LINUX(6, 7), "\x2a\x86\x48\x86\xf7\x0d\x02\x05" },	/* MD5 */
	{ 0, 0, "\x2b\x0e\x03\x02\x1a" },				/* SHA-1 */
	{ 0, 0, "\x60\x86\x48\x01\x65\x03\x04\x02\x01" },	/* SHA-256 */
	{ 0, 0, "\x60\x86\x48\x01\x65\x03\x04\x02\x02" },	/* SHA-384 */
	{ 0, 0, "\x60\x86\x48\x01\x65\x03\x04\x02\x03" },	/* SHA-512 */
	{ 0, 0, "\x60\x86\x48\x01\x65\x03\x04\x02\x04" },	/* SHA-224 */
	{ LINUX(6, 7), 0, "\x60\x86\x48\x01\x65\x03\x04\x02\x08" }, /* SHA3-256 */
	{ LINUX(6, 7), 0, "\x60\x86\x48\x01\x65\x03\x04\x02\x09" }, /* SHA3-384 */
	{ LINUX(6, 7), 0, "\x60\x86\x48\x01\x65\x03\x04\x02\x0a" }, /* SHA3-512 */
	{ 0, 0, "\x2a\x81\x1c\xcf\x55\x01\x83\x11" },		/* SM3 */
	{ 0, 0, "\x2a\x85\x03\x07\x01\x01\x02\x02" },		/* Streebog-256 */
	{ 0, 0, "\x2a\x85\x03\x07\x01\x01\x02\x03" },		/* Streebog-512 */
};

/* The kinds of keys that any version of the kernel has. */
static const char * const keys[] = {
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01",		/* RSA */
	"\x2a\x86\x48\xce\x3d\x04\x01",			/* ECDSA, SHA-1 */
	"\x2a\x86\x48\xce\x3d\x04\x03\x01",		/* ECDSA, SHA-224 */
	"\x2a\x86\x48\xce\x3d\x04\x03\x02",		/* ECDSA, SHA-256 */
	"\x2a\x86\x48\xce\x3d\x04\x03\x03",		/* ECDSA, SHA-384 */
	"\x2a\x86\x48\xce\x3d\x04\x03\x04",		/* ECDSA, SHA-512 */
	"\x60\x86\x48\x01\x65\x03\x04\x03\x0a",		/* ECDSA, SHA3-256 */
	"\x60\x86\x48\x01\x65\x03\x04\x03\x0b",		/* ECDSA, SHA3-384 */
	"\x60\x86\x48\x01\x65\x03\x04\x03\x0c",		/* ECDSA, SHA3-512 */
	"\x2a\x85\x03\x07\x01\x01\x01\x01",		/* GOST-256 */
	"\x2a\x85\x03\x07\x01\x01\x01\x02",		/* GOST-512 */
	"\x60\x86\x48\x01\x65\x03\x04\x03\x11",		/* ML-DSA-44 */
	"\x60\x86\x48\x01\x65\x03\x04\x03\x12",		/* ML-DSA-65 */
	"\x60\x86\x48\x01\x65\x03\x04\x03\x13",		/* ML-DSA-87 */
	NULL
};

/* Other identifiers that the kernel knows, but does not take for these. */
static const char * const others[] = {
	"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01",	/* data */
	"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",	/* signed data */
	"\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x04",	/* Authenticode */
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05",	/* RSA with SHA-1 */
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b",	/* RSA with SHA-256 */
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c",	/* RSA with SHA-384 */
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d",	/* RSA with SHA-512 */
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e",	/* RSA with SHA-224 */
	"\x2a\x86\x48\xce\x38\x04\x01",			/* DSA */
	"\x2a\x86\x48\xce\x38\x04\x03",			/* DSA with SHA-1 */
	"\x2a\x86\x48\xce\x3d\x02\x01",			/* a key on a curve */
	NULL
};

static bool is_oid(struct buffer value, const void *oid, size_t size)
{
	return value.size == size && !memcmp(value.data, oid, size);
}

static bool is_among(struct buffer value, const char * const *oids)
{
	for (; *oids; oids++)
		if (is_oid(value, *oids, strlen(*oids)))
			return true;
	return false;
}

/* A version that is not known is taken for the newest. */
static bool is_digest(struct buffer value, unsigned int version)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(digests); i++)
		if (is_oid(value, digests[i].oid, strlen(digests[i].oid)))
			return version ? version >= digests[i].since &&
					 (!digests[i].before ||
					  version < digests[i].before)
				       : !digests[i].before;
	return false;
}

/* Note an identifier that the kernel does not know: pkcs7_note_OID(). */
static void note_oid(struct message_parts *parts, struct buffer value)
{
	if (is_digest(value, parts->kernel) || is_among(value, keys) ||
	    is_among(value, others) || parts->nr_unknown == OIDS_LIMIT)
		return;
	parts->unknown[parts->nr_unknown++] = value;
}

/* Take the next element off @rest; the kernel takes lengths of two bytes. */
static bool take_any(struct buffer *rest, __u8 *tag, struct buffer *value)
{
	__u64 header = 2;
	__u64 length;
	__u8 byte[4];

	if (!buffer_read(*rest, 0, byte, 2) || (byte[0] & 0x1f) == 0x1f)
		return false;
	*tag = byte[0];
	length = byte[1];
	if (length > 0x7f) {
		unsigned int nr = length - 0x80;

		if (!nr || nr > 2 || !buffer_read(*rest, 2, byte, nr))
			return false;
		length = nr == 1 ? byte[0] : byte[0] << 8 | byte[1];
		header += nr;
	}
	if (length > rest->size - header)
		return false;
	*value = buffer_part(*rest, header, length);
	*rest = buffer_part(*rest, header + length,
			    rest->size - header - length);
	return true;
}

/* Like the kernel, do not look at the bit for constructed if it must be set. */
static bool is_tag(__u8 tag, __u8 wanted)
{
	return !((tag ^ wanted) & ~(wanted & 0x20));
}

/* Take the next element off @rest if it has this tag. */
static bool take(struct buffer *rest, __u8 wanted, struct buffer *value)
{
	struct buffer before = *rest;
	__u8 tag;

	if (take_any(rest, &tag, value) && is_tag(tag, wanted))
		return true;
	*rest = before;
	return false;
}

/* Take an algorithm off @rest: its identifier, and any parameters. */
static bool take_algorithm(struct buffer *rest, struct message_parts *parts,
			   struct buffer *oid)
{
	struct buffer algorithm;
	struct buffer value;
	__u8 tag;

	if (!take(rest, TAG_SEQUENCE, &algorithm) ||
	    !take(&algorithm, TAG_OID, oid))
		return false;
	note_oid(parts, *oid);
	return !algorithm.size || (take_any(&algorithm, &tag, &value) &&
				   !algorithm.size);
}

/* Return true if signed attributes have those of S/MIME. */
static bool has_capabilities(struct buffer attributes)
{
	struct buffer attribute;
	struct buffer value;

	while (take(&attributes, TAG_SEQUENCE, &attribute))
		if (take(&attribute, TAG_OID, &value) &&
		    is_oid(value, oid_capabilities, sizeof(oid_capabilities) - 1))
			return true;
	return false;
}

/* Return true if a part of a name, as "CN=...", can be read. */
static bool is_name_part(struct buffer part)
{
	struct buffer pair;
	struct buffer value;
	__u8 tag;

	while (part.size)
		if (!take(&part, TAG_SEQUENCE, &pair) ||
		    !take(&pair, TAG_OID, &value) ||
		    !take_any(&pair, &tag, &value) || pair.size)
			return false;
	return true;
}

/* Take who has signed off @rest: an issuer and a number, or an identifier. */
static bool take_signer_id(struct buffer *rest, struct buffer *id,
			   bool *is_key_id)
{
	struct buffer whole;
	struct buffer name;
	struct buffer part;
	struct buffer serial;

	*is_key_id = take(rest, TAG_KEY_ID, id);
	if (*is_key_id)
		return true;
	if (!take(rest, TAG_SEQUENCE, &whole))
		return false;
	*id = whole;
	if (!take(&whole, TAG_SEQUENCE, &name))
		return false;
	while (name.size)
		if (!take(&name, TAG_SET, &part) || !is_name_part(part))
			return false;
	return take(&whole, TAG_INTEGER, &serial) && !whole.size;
}

/* Check the version of a signer; it has to fit to that of the whole. */
static const char *signer_version(struct buffer value, unsigned int version)
{
	if (value.size != 1 || (value.data[0] != 1 && value.data[0] != 3))
		return "signature-signer-version";
	if (value.data[0] != version)
		return "signature-versions";
	return NULL;
}

/* Read one signer; return the name of the message if something is wrong. */
static const char *read_signer(struct buffer signer, struct message_parts *parts)
{
	const char *error;
	struct buffer value;
	struct buffer id;
	bool is_key_id;

	if (!take(&signer, TAG_INTEGER, &value))
		return "signature-damaged";
	error = signer_version(value, parts->version);
	if (error)
		return error;
	if (!take_signer_id(&signer, &id, &is_key_id) ||
	    !take_algorithm(&signer, parts, &value))
		return "signature-damaged";
	if (!is_digest(value, parts->kernel))
		return "signature-digest";
	if (take(&signer, TAG_0, &value) || take(&signer, TAG_2, &value)) {
		parts->has_attributes = true;
		if (parts->is_data && has_capabilities(value))
			return "signature-capabilities";
	}
	if (!take_algorithm(&signer, parts, &value))
		return "signature-damaged";
	if (!is_among(value, keys))
		return "signature-algorithm";
	if (!take(&signer, TAG_OCTETS, &value))
		return "signature-damaged";
	if (!take(&signer, TAG_1, &value))
		take(&signer, TAG_3, &value);
	if (signer.size)
		return "signature-damaged";
	if (!parts->nr_signers++) {
		parts->signer = id;
		parts->is_key_id = is_key_id;
	}
	return NULL;
}

/* Read what is signed: plain data, which is not in the message. */
static const char *read_content(struct buffer content, struct message_parts *parts)
{
	struct buffer value;
	struct buffer data;
	__u8 tag;

	if (!take(&content, TAG_OID, &value))
		return "signature-damaged";
	/* The kernel notes it when it reads it, and when it checks the type. */
	note_oid(parts, value);
	note_oid(parts, value);
	if (take(&content, TAG_0, &data)) {
		parts->has_data = true;
		if (!take_any(&data, &tag, &data))
			return "signature-damaged";
	}
	if (content.size)
		return "signature-damaged";
	parts->is_data = is_oid(value, oid_data, sizeof(oid_data) - 1);
	if (!parts->is_data &&
	    !is_oid(value, oid_indirect, sizeof(oid_indirect) - 1))
		return "signature-data-type";
	return NULL;
}

/* Read all signers. */
static const char *read_signers(struct buffer data, struct message_parts *parts)
{
	struct buffer signers;
	struct buffer signer;

	if (!take(&data, TAG_SET, &signers) &&
	    !take(&data, TAG_SEQUENCE, &signers))
		return "signature-damaged";
	while (signers.size) {
		const char *error;

		if (!take(&signers, TAG_SEQUENCE, &signer))
			return "signature-damaged";
		error = read_signer(signer, parts);
		if (error)
			return error;
	}
	return data.size ? "signature-damaged" : NULL;
}

/* Read SignedData of RFC 5652. */
static const char *read_signed_data(struct buffer data,
				    struct message_parts *parts)
{
	const char *error;
	struct buffer value;
	struct buffer list;

	if (!take(&data, TAG_INTEGER, &value))
		return "signature-damaged";
	if (value.size != 1 || (value.data[0] != 1 && value.data[0] != 3))
		return "signature-version";
	parts->version = value.data[0];
	if (!take(&data, TAG_SET, &list) && !take(&data, TAG_SEQUENCE, &list))
		return "signature-damaged";
	while (list.size)
		if (!take_algorithm(&list, parts, &value))
			return "signature-damaged";
	if (!take(&data, TAG_SEQUENCE, &value))
		return "signature-damaged";
	error = read_content(value, parts);
	if (error)
		return error;
	if (!take(&data, TAG_0, &value))
		take(&data, TAG_2, &value);
	if (!take(&data, TAG_1, &value))
		take(&data, TAG_3, &value);
	return read_signers(data, parts);
}

/**
 * pkcs7_read() - Read the whole message.
 * @message: the message, which may be hostile
 * @parts: set to what is of interest in it; all zero before but @kernel
 *
 * Return: NULL, or the name of the message of modproof about what the kernel
 * would find wrong.
 */
const char *pkcs7_read(struct buffer message, struct message_parts *parts)
{
	const char *error = NULL;
	struct buffer whole;
	struct buffer value;
	struct buffer data;

	if (message.size > PKCS7_LIMIT)
		return "signature-size";
	if (!take(&message, TAG_SEQUENCE, &whole) ||
	    !take(&whole, TAG_OID, &value))
		return "signature-damaged";
	if (!is_oid(value, oid_signed_data, sizeof(oid_signed_data) - 1))
		return "signature-content";
	if (take(&whole, TAG_0, &value)) {
		if (!take(&value, TAG_SEQUENCE, &data))
			return "signature-damaged";
		error = read_signed_data(data, parts);
		if (!error && value.size)
			error = "signature-damaged";
	}
	if (!error && whole.size)
		error = "signature-damaged";
	if (!error && !parts->nr_signers)
		error = "signature-no-signer";
	if (!error && parts->has_data)
		error = "signature-with-data";
	if (!error && !parts->is_data)
		error = "signature-authenticode";
	if (!error && parts->has_attributes)
		error = "signature-attributes";
	return error;
}

/* Return true if the extensions of a certificate have this key identifier. */
static bool has_key_id(struct buffer extensions, struct buffer id)
{
	struct buffer extension;
	struct buffer value;
	struct buffer list;

	if (!take(&extensions, TAG_SEQUENCE, &list))
		return false;
	while (take(&list, TAG_SEQUENCE, &extension)) {
		if (!take(&extension, TAG_OID, &value) ||
		    !is_oid(value, oid_key_id, sizeof(oid_key_id) - 1))
			continue;
		/* An extension may be marked as critical. */
		take(&extension, TAG_BOOLEAN, &value);
		return take(&extension, TAG_OCTETS, &value) &&
		       take(&value, TAG_OCTETS, &extension) && id.size &&
		       is_oid(extension, id.data, id.size);
	}
	return false;
}

/* Return true if @id, an issuer and a number, begins with @whole; take it off. */
static bool take_same(struct buffer *id, struct buffer whole, struct buffer rest)
{
	size_t size = whole.size - rest.size;

	if (id->size < size || memcmp(id->data, whole.data, size))
		return false;
	*id = buffer_part(*id, size, id->size - size);
	return true;
}

/**
 * pkcs7_is_signer() - Return true if a certificate is that of the signer.
 * @parts: what pkcs7_read() has set
 * @certificate: an X.509 certificate in DER, which may be hostile
 */
bool pkcs7_is_signer(const struct message_parts *parts, struct buffer certificate)
{
	struct buffer id = parts->signer;
	struct buffer serial;
	struct buffer issuer;
	struct buffer after;
	struct buffer value;
	struct buffer whole;

	if (!take(&certificate, TAG_SEQUENCE, &whole) ||
	    !take(&whole, TAG_SEQUENCE, &value))
		return false;
	whole = value;
	take(&whole, TAG_0, &value);
	serial = whole;
	if (!take(&whole, TAG_INTEGER, &value) ||
	    !take(&whole, TAG_SEQUENCE, &value))
		return false;
	issuer = whole;
	if (!take(&whole, TAG_SEQUENCE, &value))
		return false;
	if (!parts->is_key_id) {
		after = serial;
		take(&after, TAG_INTEGER, &value);
		return take_same(&id, issuer, whole) &&
		       take_same(&id, serial, after) && !id.size;
	}
	/* The validity, the subject and the public key precede the extensions. */
	if (!take(&whole, TAG_SEQUENCE, &value) ||
	    !take(&whole, TAG_SEQUENCE, &value) ||
	    !take(&whole, TAG_SEQUENCE, &value))
		return false;
	/* Between them, a certificate may have two unique identifiers. */
	take(&whole, TAG_UNIQUE_1, &value);
	take(&whole, TAG_UNIQUE_2, &value);
	return take(&whole, TAG_3, &value) && has_key_id(value, id);
}
