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
CFLAGS += -I$(modproof-dir) -isystem $(kselftest-dir)
LOCAL_HDRS += $(wildcard *.h $(modproof-dir)/*.h)

include $(kselftest-dir)/lib.mk
