// SPDX-License-Identifier: GPL-2.0
/*
 * Check the signature - as far as it can be without the keys of the kernel
 *
 * Whether the signature fits to the contents is told by the file of the same name
 * that came with the kernel.
 */

#include <errno.h>
#include <string.h>

#include "checks.h"
#include "enrolled.h"

/* What a signed file ends with. */
#define MARKER		"~Module signature appended~\n"
#define MARKER_SIZE	(sizeof(MARKER) - 1)

/* struct module_signature of include/linux/module_signature.h */
#define INFO_SIZE	12
#define INFO_TYPE	2
#define TYPE_PKCS7	2

#define SIGN_AGAIN \
	"Sign the module again, after the last change to it:\n" \
	"/lib/modules/$(uname -r)/build/scripts/sign-file sha256 KEY.priv KEY.der FILE"
#define ENROL \
	"Sign the module with a key that the kernel knows:\n" \
	"/lib/modules/$(uname -r)/build/scripts/sign-file sha256 KEY.priv KEY.der FILE\n" \
	"Make the key known to a kernel that boots with Secure Boot: mokutil --import KEY.der"

#define IS_DAMAGED	"The signature at the end of the file is damaged.\n"

const struct message messages_signature[] = {
	{ "signature-length", 0, 0, EBADMSG, false, NULL,
	  "The file ends with the marker of a signature, but the length of the signature is impossible.\n"
	  "It is %1 bytes, and the file has %2.",
	  SIGN_AGAIN },
	{ "signature-type", 0, 0, 0, false,
	  "module: not signed with expected PKCS#7 message",
	  "The file ends with a signature of a type that the kernel does not take: it is not PKCS#7.\n"
	  "The type is %1.",
	  SIGN_AGAIN },
	{ "signature-fields", 0, 0, EBADMSG, false,
	  "module: PKCS#7 signature info has unexpected non-zero params",
	  IS_DAMAGED "Fields that must be zero are not.",
	  SIGN_AGAIN },
	{ "signature-size", 0, 0, EMSGSIZE, false, NULL,
	  "The signature has %1 bytes, and the kernel takes at most 65535.",
	  SIGN_AGAIN },
	{ "signature-damaged", 0, 0, EBADMSG, false, NULL,
	  IS_DAMAGED "It is not a PKCS#7 message in DER.",
	  SIGN_AGAIN },
	{ "signature-content", 0, 0, EINVAL, false,
	  "PKCS7: Only support pkcs7_signedData type",
	  IS_DAMAGED "It is a PKCS#7 message, but not one with signed data.",
	  SIGN_AGAIN },
	{ "signature-version", 0, 0, EINVAL, false,
	  "PKCS7: Unsupported SignedData version",
	  IS_DAMAGED "The version of the PKCS#7 message is neither 1 nor 3.",
	  SIGN_AGAIN },
	{ "signature-signer-version", 0, 0, EINVAL, false,
	  "PKCS7: Unsupported SignerInfo version",
	  IS_DAMAGED "The version of the signer in it is neither 1 nor 3.",
	  SIGN_AGAIN },
	{ "signature-versions", 0, 0, EBADMSG, false,
	  "PKCS7: SignedData-SignerInfo version mismatch",
	  IS_DAMAGED "The versions in it contradict each other.",
	  SIGN_AGAIN },
	{ "signature-data-type", 0, 0, EINVAL, false,
	  "PKCS7: Unsupported data type %1",
	  IS_DAMAGED "The kind of data that is signed is not known to the kernel.",
	  SIGN_AGAIN },
	{ "signature-identifier", 0, 0, 0, false,
	  "PKCS7: Unknown OID: [%1] %2",
	  "The signature has an identifier, %2, that the kernel does not know: it may be that of a digest or of a kind of key.",
	  NULL },
	{ "signature-capabilities", 0, 0, EKEYREJECTED, false,
	  "PKCS7: S/MIME Caps only allowed with Authenticode",
	  "The signature has signed attributes of S/MIME; that of a module must not.",
	  "Sign the module with sign-file, or with: openssl cms -sign -noattr -nosmimecap -binary ..."
	},
	{ "signature-no-signer", 0, 0, EINVAL, false,
	  "PKCS7: Inconsistently supplied authAttrs",
	  IS_DAMAGED "It has no signer, or signers that differ in kind.",
	  SIGN_AGAIN },
	{ "signature-digest", 0, 0, 0, false, "Unsupported digest algo: %1",
	  "The signature was made with a digest that the kernel does not know.",
	  SIGN_AGAIN },
	{ "signature-algorithm", 0, 0, 0, false, "Unsupported pkey algo: %1",
	  "The signature was made with a kind of key that the kernel does not know.",
	  SIGN_AGAIN },
	{ "signature-with-data", 0, 0, EBADMSG, false,
	  "PKCS#7 signature with non-detached data",
	  "The PKCS#7 message has the signed data in it; that of a module must not.",
	  SIGN_AGAIN },
	{ "signature-authenticode", 0, 0, EKEYREJECTED, false,
	  "PKCS7: Invalid module sig (not pkcs7-data)",
	  "The signature is not one for a module, but one for a program of UEFI.",
	  SIGN_AGAIN },
	{ "signature-attributes", 0, 0, EKEYREJECTED, false,
	  "PKCS7: Invalid module sig (has authattrs)",
	  "The signature has signed attributes; that of a module must not.",
	  "Sign the module with sign-file, or with: openssl cms -sign -noattr -nosmimecap -binary ..."
	},
	{ "signature-wrong", 0, 0, EKEYREJECTED, false, NULL,
	  "The signature does not fit to the contents: the file was changed after it was signed.\n"
	  "The file that came with the kernel is not like this: %1",
	  "Use the file that came with the kernel, or remove the signature with: strip -g FILE" },
	{ "signature-untrusted", 0, 0, 0, false,
	  "PKCS#7 signature not signed with a trusted key",
	  "A module is signed, but not with a key that the kernel knows. Without Secure Boot and module.sig_enforce=1 it is loaded all the same.",
	  ENROL },
	{ "signature-no-key", 0, LINUX(5, 4), ENOKEY, false, NULL,
	  "The kernel takes only modules with a signature that it can verify, and this one has none, or one of a key that the kernel does not know.",
	  ENROL },
	{ "signature-revoked", 0, 0, EKEYREJECTED, false, NULL,
	  "The key of the signature is revoked: its certificate is in a variable of UEFI, %1.\n"
	  "Linux refuses the module even if it takes unsigned ones.",
	  "Sign the module with another key, or remove the signature with: strip -g FILE" },
	{ "signature-enforced", 0, 0, EKEYREJECTED, false,
	  "Loading of %1 is rejected",
	  "The kernel takes only modules with a signature that it can verify, because of %2.\n"
	  "This one is: %1.\n"
	  "It takes them because of MODULE_SIG_FORCE, module.sig_enforce=1 or Secure Boot.",
	  ENROL },
	{ "signature-lockdown", 0, 0, EPERM, false,
	  "Lockdown: %1: unsigned module loading is restricted; see man kernel_lockdown.7",
	  "The kernel is locked down (lockdown= or Secure Boot): it takes only modules with a signature that it can verify.\n"
	  "This one is: %2.",
	  ENROL },
	{ "signature-good", 0, 0, 0, false, NULL,
	  "The file is signed, and is the same as the one that came with the kernel.",
	  NULL },
	{ "signature-unchecked", 0, 0, 0, false, NULL,
	  "The signature names the key of the modules that came with the kernel.\n"
	  "Whether it fits to the contents is not checked here; the kernel refuses the module (EKEYREJECTED) if it does not.",
	  NULL },
	{ "signature-unknown", 0, 0, 0, false, NULL,
	  "The file is signed; whether the kernel knows the key, and whether the signature fits to the contents, is not checked here.",
	  NULL },
	{ "signature-unknown-key", 0, 0, 0, false, NULL,
	  "The signature was made with another key than that of the modules that came with the kernel.",
	  NULL },
	{ "signature-enrolled", 0, 0, 0, false, NULL,
	  "The signature names a key that the firmware or the boot loader has given to the kernel.\n"
	  "Debian's kernels use such a key for modules; Linux of kernel.org uses it only from the keyring .machine.\n"
	  "Whether the signature fits to the contents is not checked here; the kernel refuses the module (EKEYREJECTED) if it does not.",
	  NULL },
	{}
};

/**
 * struct appended - a signature at the end of a file
 * @body: what is signed
 * @message: the PKCS#7 message
 * @info: struct module_signature, with the length of @message last
 */
struct appended {
	struct buffer body;
	struct buffer message;
	__u8 info[INFO_SIZE];
};

static bool is_same(struct buffer one, struct buffer other)
{
	return one.size == other.size &&
	       (!one.size || !memcmp(one.data, other.data, one.size));
}

/* The length of the message, as struct module_signature has it. */
static __u32 length_in_info(const __u8 info[INFO_SIZE])
{
	return (__u32)info[8] << 24 | (__u32)info[9] << 16 |
	       (__u32)info[10] << 8 | info[11];
}

/* Return true if a file ends with the marker. */
static bool has_marker(struct buffer file)
{
	return file.size > MARKER_SIZE &&
	       !memcmp(file.data + file.size - MARKER_SIZE, MARKER, MARKER_SIZE);
}

/* Cut a file with the marker; return false if the lengths are impossible. */
static bool cut_file(struct buffer file, struct appended *appended)
{
	__u64 size = file.size - MARKER_SIZE;
	__u64 length;

	if (size <= INFO_SIZE)
		return false;
	size -= INFO_SIZE;
	buffer_read(file, size, appended->info, INFO_SIZE);
	length = length_in_info(appended->info);
	if (length >= size)
		return false;
	appended->message = buffer_part(file, size - length, length);
	appended->body = buffer_part(file, 0, size - length);
	return true;
}

/* What is known of a signature that can be read. */
enum trust {
	TRUST_UNKNOWN,		/* nothing can be compared */
	TRUST_OTHER_KEY,	/* it is not the key of the kernel's own modules */
	TRUST_OWN_KEY,		/* it is, but the contents are not compared */
	TRUST_ENROLLED,		/* it is a key that the firmware has given */
	TRUST_GOOD,		/* it is the same file */
	TRUST_WRONG,		/* it is the same file, but for some changes */
};

/* Compare a signed file with one that came with the kernel. */
static enum trust compare_files(const struct appended *file,
				const struct message_parts *parts,
				struct buffer own_file, bool is_same_module)
{
	struct message_parts own_parts = { .kernel = parts->kernel };
	struct appended own = {};
	bool is_same_body;
	bool is_same_message;

	if (!has_marker(own_file) || !cut_file(own_file, &own) ||
	    pkcs7_read(own.message, &own_parts))
		return TRUST_UNKNOWN;
	is_same_body = is_same(file->body, own.body);
	is_same_message = is_same(file->message, own.message);
	if (is_same_body && is_same_message)
		return TRUST_GOOD;
	if (parts->is_key_id != own_parts.is_key_id)
		return TRUST_UNKNOWN;
	if (!is_same(parts->signer, own_parts.signer))
		return TRUST_OTHER_KEY;
	if (is_same_module && (is_same_body || is_same_message))
		return TRUST_WRONG;
	return TRUST_OWN_KEY;
}

/*
 * Look for the signer among the keys that the firmware has given to the kernel.
 * If not all of them can be read, nothing is known of another key.
 */
static enum trust trust_of_firmware(const struct attempt *attempt,
				    const struct message_parts *parts,
				    enum trust trust)
{
	const struct state *state = attempt->state;
	size_t i;

	if (kernel_config(attempt->kernel, "LOAD_UEFI_KEYS") == FACT_NO)
		return trust;

	for (i = 0; i < ARRAY_SIZE(state->enrolled); i++)
		if (enrolled_has_signer(state->enrolled[i], parts))
			return TRUST_ENROLLED;
	return state->has_enrolled == FACT_UNKNOWN ? TRUST_UNKNOWN : trust;
}

/*
 * Check whether the key is revoked, as is_key_on_revocation_list() does.  Return
 * true if it is.
 */
static bool check_revoked(struct attempt *attempt,
			  const struct message_parts *parts)
{
	static const char * const names[] = { "dbx", "MokListXRT" };
	const struct state *state = attempt->state;
	size_t i = 0;

	while (i < ARRAY_SIZE(names) &&
	       !enrolled_has_signer(state->revoked[i], parts))
		i++;
	if (i == ARRAY_SIZE(names) ||
	    kernel_config(attempt->kernel, "LOAD_UEFI_KEYS") == FACT_NO)
		return false;
	switch (kernel_config(attempt->kernel, "SYSTEM_REVOCATION_LIST")) {
	case FACT_YES:
		refuse(attempt, "signature-revoked", names[i], NULL);
		return true;
	case FACT_UNKNOWN:
		unsure(attempt,
		       "The key of the signature is revoked (%s); whether the kernel looks at this is not known: SYSTEM_REVOCATION_LIST in its configuration would tell.",
		       names[i]);
		break;
	case FACT_NO:
		break;
	}
	return false;
}

/* Find out what the kernel will think of a signature that can be read. */
static enum trust trust_of(struct attempt *attempt, const struct appended *file,
			   const struct message_parts *parts, const char **path)
{
	bool is_same_module = true;
	struct object own = {};
	enum trust trust = TRUST_UNKNOWN;
	const char *error;

	*path = attempt->object->path;
	if (own_file(attempt->kernel, *path))
		return TRUST_GOOD;
	*path = own_module(attempt, attempt_name(attempt));
	if (!*path) {
		is_same_module = false;
		*path = own_module(attempt, NULL);
	}
	if (*path && object_open(&own, *path, &error))
		trust = compare_files(file, parts, own.file, is_same_module);
	object_close(&own);
	if (trust <= TRUST_OTHER_KEY)
		trust = trust_of_firmware(attempt, parts, trust);
	return trust;
}

/* Return whether the kernel takes only modules that it can verify. */
static enum fact is_enforced(struct attempt *attempt, const char **reason)
{
	enum fact force = kernel_config(attempt->kernel, "MODULE_SIG_FORCE");

	*reason = "MODULE_SIG_FORCE in its configuration";
	if (force == FACT_YES)
		return FACT_YES;
	*reason = "module.sig_enforce=1";
	if (attempt->state->sig_enforce == FACT_YES ||
	    boot_switch(attempt, "module.sig_enforce"))
		return FACT_YES;
	return force;
}

/**
 * is_locked_down() - Return whether lockdown restricts the loading of modules.
 * @attempt: the attempt
 */
enum fact is_locked_down(struct attempt *attempt)
{
	const struct kernel *kernel = attempt->kernel;
	const char *level = boot_parameter(attempt, "lockdown");

	if (kernel_config(kernel, "SECURITY_LOCKDOWN_LSM") == FACT_NO)
		return FACT_NO;
	if (attempt->state->lockdown == FACT_YES ||
	    kernel_config(kernel, "LOCK_DOWN_KERNEL_FORCE_INTEGRITY") == FACT_YES ||
	    kernel_config(kernel, "LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY") ==
	    FACT_YES ||
	    (level && (!strcmp(level, "integrity") ||
		       !strcmp(level, "confidentiality"))))
		return FACT_YES;
	/* A kernel that does not run is taken to be booted without it. */
	if (kernel->is_running && attempt->state->lockdown == FACT_UNKNOWN)
		return FACT_UNKNOWN;
	return FACT_NO;
}

/* Do what the kernel does with a module that it cannot verify. */
static void accept_or_refuse(struct attempt *attempt, const char *what)
{
	const char *reason;

	switch (is_enforced(attempt, &reason)) {
	case FACT_YES:
		refuse(attempt, "signature-enforced", what, reason, NULL);
		return;
	case FACT_UNKNOWN:
		unsure(attempt,
		       "This is an %s; whether the kernel takes it is not known: MODULE_SIG_FORCE in its configuration would tell.",
		       what);
		break;
	case FACT_NO:
		break;
	}
	switch (is_locked_down(attempt)) {
	case FACT_YES:
		refuse(attempt, "signature-lockdown", "insmod", what, NULL);
		break;
	case FACT_UNKNOWN:
		unsure(attempt,
		       "This is an %s; whether the kernel takes it is not known: /sys/kernel/security/lockdown would tell.",
		       what);
		break;
	case FACT_NO:
		break;
	}
}

/* Say what a signature is worth that can be read. */
static void judge(struct attempt *attempt, enum trust trust, const char *path)
{
	const char *reason;
	bool is_strict = is_enforced(attempt, &reason) != FACT_NO ||
			 is_locked_down(attempt) != FACT_NO;

	switch (trust) {
	case TRUST_GOOD:
		remark(attempt, "signature-good", NULL);
		break;
	case TRUST_WRONG:
		refuse(attempt, "signature-wrong", path, NULL);
		break;
	case TRUST_OTHER_KEY:
		remark(attempt, "signature-unknown-key", NULL);
		accept_or_refuse(attempt, "module with unavailable key");
		break;
	case TRUST_OWN_KEY:
		remark(attempt, "signature-unchecked", NULL);
		if (is_strict)
			unsure(attempt,
			       "Whether the signature fits to the contents is not known: only the keys of the kernel would tell.");
		break;
	case TRUST_ENROLLED:
		remark(attempt, "signature-enrolled", NULL);
		if (is_strict)
			unsure(attempt,
			       "Whether the signature fits to the contents is not known: only the keys of the kernel would tell.");
		break;
	case TRUST_UNKNOWN:
		remark(attempt, "signature-unknown", NULL);
		if (is_strict)
			unsure(attempt,
			       "Whether the kernel knows the key of the signature is not known: a module of its own (modules.dep) and /sys/firmware/efi/efivars would tell.");
		break;
	}
}

static const char *number(struct attempt *attempt, __u64 value)
{
	return attempt_print(attempt, "%llu", value);
}

/* Return an identifier of ASN.1 as "1.2.840". */
static const char *print_oid(struct attempt *attempt, struct buffer oid)
{
	unsigned int first = oid.size ? oid.data[0] : 0;
	const char *text = attempt_print(attempt, "%u.%u", first / 40, first % 40);
	unsigned long long number = 0;
	size_t i;

	for (i = 1; i < oid.size && i < 64; i++) {
		number = number << 7 | (oid.data[i] & 0x7f);
		if (oid.data[i] & 0x80)
			continue;
		text = attempt_print(attempt, "%s.%llu", text, number);
		number = 0;
	}
	return text;
}

/* Report the identifiers that Linux does not know. */
static void report_unknown(struct attempt *attempt, struct buffer message,
			   const struct message_parts *parts)
{
	unsigned int i;

	for (i = 0; i < parts->nr_unknown; i++)
		remark(attempt, "signature-identifier",
		       number(attempt, parts->unknown[i].data - message.data),
		       print_oid(attempt, parts->unknown[i]), NULL);
}

/* Check a file with the marker, as mod_verify_sig() does. */
static void check_appended(struct attempt *attempt)
{
	static const __u8 zeros[INFO_SIZE];
	struct buffer file = attempt->object->file;
	struct appended appended = {};
	struct message_parts parts = { .kernel = attempt->kernel->version };
	const char *error;
	const char *path;

	if (!cut_file(file, &appended)) {
		refuse(attempt, "signature-length",
		       number(attempt, length_in_info(appended.info)),
		       number(attempt, file.size), NULL);
		return;
	}
	if (appended.info[INFO_TYPE] != TYPE_PKCS7) {
		remark(attempt, "signature-type",
		       number(attempt, appended.info[INFO_TYPE]), NULL);
		accept_or_refuse(attempt, "module with unsupported crypto");
		return;
	}
	if (memcmp(appended.info, zeros, INFO_TYPE) ||
	    memcmp(appended.info + INFO_TYPE + 1, zeros, 5)) {
		refuse(attempt, "signature-fields", NULL);
		return;
	}
	error = pkcs7_read(appended.message, &parts);
	report_unknown(attempt, appended.message, &parts);
	if (!error && check_revoked(attempt, &parts))
		return;
	if (!error) {
		enum trust trust = trust_of(attempt, &appended, &parts, &path);

		judge(attempt, trust, path);
	} else if (!message_find(error, attempt->kernel->version)->error) {
		remark(attempt, error, not_known, NULL);
		accept_or_refuse(attempt, "module with unsupported crypto");
	} else {
		refuse(attempt, error, appended.message.size > PKCS7_LIMIT ?
		       number(attempt, appended.message.size) : not_known, NULL);
	}
}

/* Return whether the kernel looks at signatures at all. */
static enum fact has_signatures(struct attempt *attempt)
{
	enum fact fact = kernel_config(attempt->kernel, "MODULE_SIG");

	/* Only a kernel that does has this setting. */
	if (fact == FACT_UNKNOWN &&
	    (attempt->state->sig_enforce == FACT_YES ||
	     boot_switch(attempt, "module.sig_enforce")))
		fact = FACT_YES;
	return fact;
}

/* With these flags, Linux does not look for a signature. */
static bool is_mangled(const struct attempt *attempt)
{
	return attempt->flags & (MODULE_INIT_IGNORE_MODVERSIONS |
				 MODULE_INIT_IGNORE_VERMAGIC);
}

/**
 * keeps_signature() - Return true if Linux takes no signature off the file.
 * @attempt: the attempt, whose file may not be open yet
 */
bool keeps_signature(struct attempt *attempt)
{
	return is_mangled(attempt) || has_signatures(attempt) == FACT_NO;
}

/**
 * check_signature() - Check the signature, as module_sig_check() does.
 * @attempt: the attempt
 */
void check_signature(struct attempt *attempt)
{
	switch (has_signatures(attempt)) {
	case FACT_NO:
		return;
	case FACT_UNKNOWN:
		unsure(attempt,
		       "Whether the kernel looks at signatures is not known: MODULE_SIG in its configuration would tell.");
		return;
	case FACT_YES:
		break;
	}
	if (!is_mangled(attempt) && has_marker(attempt->object->file))
		check_appended(attempt);
	else
		accept_or_refuse(attempt, "unsigned module");
}
