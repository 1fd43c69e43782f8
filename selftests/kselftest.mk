# SPDX-License-Identifier: GPL-2.0
#
# What each target's Makefile includes.  The kernel's part of kselftest comes
# from KSRC=, or from the tree around this directory if that has been put below
# tools/testing/selftests.

modproof-dir := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
kselftest-dir := $(if $(KSRC),$(KSRC)/tools/testing/selftests,$(modproof-dir)/..)

ifeq ($(wildcard $(kselftest-dir)/lib.mk),)
$(error no kselftest in $(kselftest-dir): say KSRC=<a kernel source tree>)
endif

# lib.mk knows where to build only if it belongs to the make that was typed.
OUTPUT ?= $(CURDIR)
$(shell mkdir -p $(OUTPUT))

CFLAGS += -O2 -Wall -Wextra -Wno-unused-parameter -Werror -pthread
LDFLAGS += -static
CFLAGS += -I$(modproof-dir) -I$(modproof-dir)/../include/uapi -isystem $(kselftest-dir)
LOCAL_HDRS += $(wildcard *.h $(modproof-dir)/*.h)

# Tests that are built once more as programs of 32 bits, for what has a compat
# side.  Without a library of 32 bits in the guest they must be static.
TEST_GEN_PROGS += $(TESTS_32:%_test=%_32_test)

include $(kselftest-dir)/lib.mk

$(OUTPUT)/%_32_test: %_test.c $(LOCAL_HDRS)
	$(call msg,CC,,$@)
	$(Q)$(LINK.c) -m32 -static $< $(LDLIBS) -o $@
