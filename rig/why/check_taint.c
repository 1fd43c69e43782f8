// SPDX-License-Identifier: GPL-2.0
/*
 * Check the taints - what Linux accepts, but says in the log and remembers
 *
 * Most of these lines are printed once after a boot.  They are left out if a
 * loaded module, or a file before this one, shows that they were printed.
 */

#include <string.h>

#include "checks.h"
#include "provided.h"

const struct message messages_taint[] = {
	{ "out-of-tree", 0, 0, 0, true,
	  "%1: loading out-of-tree module taints kernel.",
	  "The module is not a part of the source of Linux (no intree= in .modinfo): the kernel has the taint O now.",
	  NULL },
	{ "spectre", 0, 0, 0, false,
	  "Spectre V2 : System may be vulnerable to spectre v2",
	  "A module was loaded that is not compiled with retpolines.",
	  "Build it again with the headers of the kernel." },
	{ "retpoline", 0, 0, 0, false,
	  "%1: loading module not compiled with retpoline compiler.",
	  "The module has no retpoline= in .modinfo, but the kernel is compiled with retpolines.\n"
	  "The kernel does not say so if it was booted with spectre_v2=off or if the processor needs none.",
	  "Build it again with the headers of the kernel." },
	{ "staging", 0, 0, 0, false,
	  "%1: module is from the staging directory, the quality is unknown, you have been warned.",
	  "The module has staging= in .modinfo: the kernel has the taint C now.",
	  NULL },
	{ "livepatch-taint", 0, 0, 0, true,
	  "%1: tainting kernel with TAINT_LIVEPATCH",
	  "The module is a live patch: the kernel has the taint K now.",
	  NULL },
	{ "licence", 0, 0, 0, true,
	  "%1: module license '%2' taints kernel.",
	  "The licence '%2' is not compatible with the GPL: the kernel has the taint P now, and the module cannot use GPL-only symbols.",
	  "If the module may be under the GPL: MODULE_LICENSE(\"GPL\");" },
	{ "proprietary", LINUX(6, 4), 0, 0, true,
	  "%1: module license taints kernel.",
	  "The module is proprietary by its licence, or Linux takes it for proprietary because it is called %1: the kernel has the taint P now.",
	  NULL },
	{ "proprietary", 0, LINUX(6, 4), 0, true,
	  "%1: module license taints kernel.",
	  "Linux takes a module called %1 for proprietary, whatever its licence is: the kernel has the taint P now.",
	  "Give the module another name." },
	{ "lock-debugging", 0, 0, 0, true,
	  "Disabling lock debugging due to kernel taint",
	  "After a proprietary module, or one that was loaded by force, lockdep reports nothing any more.",
	  NULL },
	{ "test-module", 0, 0, 0, true,
	  "%1: loading test module taints kernel.",
	  "The module has tests (test= in .modinfo): the kernel has the taint N now.",
	  NULL },
	{ "unverified", 0, 0, 0, true,
	  "%1: module verification failed: signature and/or required key missing - tainting kernel",
	  "The module is not signed, or not with a key that the kernel knows: the kernel has the taint E now.\n"
	  "It is loaded all the same.",
	  NULL },
	{ "forced-load", 0, 0, 0, true, "%1: %2: kernel tainted.",
	  "The module is loaded although it does not have what Linux would check (%2), because of MODULE_FORCE_LOAD: the kernel has the taint F now.",
	  "Build it again with the headers of the kernel, and load it without force." },
	{}
};

static const char *module_name(const struct attempt *attempt)
{
	return attempt->object->name ? attempt->object->name : "";
}

static bool is_tainted(const struct state *state, char taint)
{
	unsigned int i;

	for (i = 0; i < state->nr_loaded; i++)
		if (state->loaded_taints && state->loaded_taints[i] &&
		    strchr(state->loaded_taints[i], taint))
			return true;
	return false;
}

/**
 * has_found() - Return true if an attempt has found something by now.
 * @attempt: the attempt
 * @message: the name of the message
 *
 * Return: true if the kernel has come as far as this message.
 */
bool has_found(const struct attempt *attempt, const char *message)
{
	const struct finding *finding = attempt->findings;

	for (; finding; finding = finding->next) {
		if (finding->message && !strcmp(finding->message->name, message))
			return true;
		if (finding->kind == FINDING_REFUSED)
			return false;
	}
	return false;
}

/* Return true if this attempt or one before it has printed a line. */
static bool was_printed(const struct attempt *attempt, const char *message)
{
	return has_found(attempt, message) ||
	       provided_has_said(attempt->provided, message);
}

/* Return true if a line that is printed once a boot is printed now. */
static bool is_new(const struct attempt *attempt, const char *message,
		   char taint)
{
	return !is_tainted(attempt->state, taint) &&
	       !was_printed(attempt, message);
}

/* Linux switches lockdep off at the first taint P or F. */
static void disable_lock_debugging(struct attempt *attempt)
{
	if (is_new(attempt, "lock-debugging", 'P') &&
	    !is_tainted(attempt->state, 'F'))
		remark(attempt, "lock-debugging", NULL);
}

/**
 * force_load() - Do what try_to_force_load() does.
 * @attempt: the attempt
 * @reason: what the module lacks, as in the log
 *
 * Return: false if the kernel refuses the module, which the caller reports.
 */
bool force_load(struct attempt *attempt, const char *reason)
{
	switch (kernel_config(attempt->kernel, "MODULE_FORCE_LOAD")) {
	case FACT_NO:
		return false;
	case FACT_YES:
		break;
	case FACT_UNKNOWN:
		unsure(attempt,
		       "Whether the kernel takes a module by force (%s) is not known: MODULE_FORCE_LOAD in its configuration would tell.",
		       reason);
		return true;
	}
	if (is_new(attempt, "forced-load", 'F'))
		remark(attempt, "forced-load", module_name(attempt), reason,
		       NULL);
	disable_lock_debugging(attempt);
	return true;
}

/* Report a module without retpolines, as check_modinfo_retpoline() does. */
static void check_retpoline(struct attempt *attempt)
{
	const struct kernel *kernel = attempt->kernel;
	const char *choice = boot_parameter(attempt, "spectre_v2");
	const char *all = boot_parameter(attempt, "mitigations");

	if (object_modinfo(attempt->object, "retpoline", NULL) ||
	    (kernel_config(kernel, "RETPOLINE") != FACT_YES &&
	     kernel_config(kernel, "MITIGATION_RETPOLINE") != FACT_YES) ||
	    (choice && !strcmp(choice, "off")) || (all && !strcmp(all, "off")) ||
	    boot_parameter(attempt, "nospectre_v2"))
		return;
	remark(attempt, "spectre", NULL);
	remark(attempt, "retpoline", module_name(attempt), NULL);
}

/**
 * check_origin() - Report where the module comes from and how it was compiled.
 * @attempt: the attempt
 */
void check_origin(struct attempt *attempt)
{
	const struct object *object = attempt->object;

	if (!object_modinfo(object, "intree", NULL) &&
	    is_new(attempt, "out-of-tree", 'O'))
		remark(attempt, "out-of-tree", module_name(attempt), NULL);
	check_retpoline(attempt);
	if (object_modinfo(object, "staging", NULL))
		remark(attempt, "staging", module_name(attempt), NULL);
}

/**
 * check_livepatch_taint() - Report a live patch that is accepted.
 * @attempt: the attempt
 */
void check_livepatch_taint(struct attempt *attempt)
{
	if (object_modinfo(attempt->object, "livepatch", NULL) &&
	    kernel_config(attempt->kernel, "LIVEPATCH") == FACT_YES &&
	    is_new(attempt, "livepatch-taint", 'K'))
		remark(attempt, "livepatch-taint", module_name(attempt), NULL);
}

/**
 * check_licence() - Report a licence that taints the kernel, and a test module.
 * @attempt: the attempt
 */
void check_licence(struct attempt *attempt)
{
	const struct object *object = attempt->object;
	const char *licence = object_modinfo(object, "license", NULL);

	if (!object_is_gpl(object)) {
		if (is_new(attempt, "licence", 'P') &&
		    !was_printed(attempt, "proprietary"))
			remark(attempt, "licence", module_name(attempt),
			       licence ? licence : "unspecified", NULL);
		disable_lock_debugging(attempt);
	}
	if (object_modinfo(object, "test", NULL) &&
	    is_new(attempt, "test-module", 'N'))
		remark(attempt, "test-module", module_name(attempt), NULL);
}

/**
 * check_verification() - Report that the signature was not verified.
 * @attempt: the attempt
 */
void check_verification(struct attempt *attempt)
{
	if (kernel_config(attempt->kernel, "MODULE_SIG") == FACT_YES &&
	    !has_found(attempt, "signature-good") &&
	    !has_found(attempt, "signature-unchecked") &&
	    !has_found(attempt, "signature-unknown") &&
	    is_new(attempt, "unverified", 'E'))
		remark(attempt, "unverified", module_name(attempt), NULL);
}

/* Return true if Linux takes the module for proprietary because of its name. */
static bool is_offender(const struct attempt *attempt)
{
	static const char * const names[] = { "ndiswrapper", "driverloader", "lve" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(module_name(attempt), names[i]))
			return true;
	return false;
}

/**
 * check_early_offenders() - Report a proprietary name, before Linux 6.4.
 * @attempt: the attempt
 */
void check_early_offenders(struct attempt *attempt)
{
	if (!is_offender(attempt))
		return;
	disable_lock_debugging(attempt);
	if (object_is_gpl(attempt->object) && is_new(attempt, "licence", 'P') &&
	    !was_printed(attempt, "proprietary"))
		remark(attempt, "proprietary", module_name(attempt), NULL);
}

/**
 * check_offenders() - Report a proprietary name, or the first proprietary module.
 * @attempt: the attempt
 *
 * Since Linux 6.4, the line is printed in addition to the one with the licence.
 */
void check_offenders(struct attempt *attempt)
{
	if (is_offender(attempt))
		disable_lock_debugging(attempt);
	else if (object_is_gpl(attempt->object))
		return;
	if (!is_tainted(attempt->state, 'P') &&
	    !provided_has_said(attempt->provided, "licence") &&
	    !provided_has_said(attempt->provided, "proprietary"))
		remark(attempt, "proprietary", module_name(attempt), NULL);
}
