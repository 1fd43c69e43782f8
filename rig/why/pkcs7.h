/* SPDX-License-Identifier: GPL-2.0 */
/*
 * PKCS#7 - the message that is the signature of a module
 */

#ifndef _WHY_PKCS7_H
#define _WHY_PKCS7_H

#include "buffer.h"
#include "kernel.h"

/* The most bytes that the decoder of the kernel takes. */
#define PKCS7_LIMIT	65535

/* How many identifiers that Linux does not know are kept. */
#define OIDS_LIMIT	8

/**
 * struct message_parts - what is of interest in a PKCS#7 message
 * @kernel: the version of Linux that reads it; 0 if unknown
 * @error: the name of the message with what is wrong; NULL if nothing is
 * @version: the version of the whole
 * @is_data: whether plain data is signed
 * @has_data: whether the data is in the message
 * @has_attributes: whether there are signed attributes
 * @nr_signers: how many signers there are
 * @signer: the issuer and serial number, or the identifier, of the first one
 * @is_key_id: whether it is the identifier
 * @nr_unknown: how many identifiers of objects Linux does not know
 * @unknown: these, in their order
 */
struct message_parts {
	unsigned int kernel;
	const char *error;
	unsigned int version;
	bool is_data;
	bool has_data;
	bool has_attributes;
	unsigned int nr_signers;
	struct buffer signer;
	bool is_key_id;
	unsigned int nr_unknown;
	struct buffer unknown[OIDS_LIMIT];
};

const char *pkcs7_read(struct buffer message, struct message_parts *parts);
bool pkcs7_is_signer(const struct message_parts *parts, struct buffer certificate);

#endif
