# SPDX-License-Identifier: GPL-2.0
#
# The common part of the targets' Makefiles.  The kernel's part of kselftest is
# taken from KSRC=, or from the kernel tree around this directory if the
# directory has been copied below tools/testing/selftests.

modproof-dir := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
kselftest-dir := $(if $(KSRC),$(KSRC)/tools/testing/selftests,$(modproof-dir)/..)

ifeq ($(wildcard $(kselftest-dir)/lib.mk),)
$(error no kselftest in $(kselftest-dir): say KSRC=<a kernel source tree>)
endif

# lib.mk sets OUTPUT only if it is included by the top level make.
OUTPUT ?= $(CURDIR)
$(shell mkdir -p $(OUTPUT))

CFLAGS += -O2 -Wall -Wextra -Wno-unused-parameter -Werror -pthread
LDFLAGS += -static
CFLAGS += -I$(modproof-dir) -I$(modproof-dir)/../include/uapi -isystem $(kselftest-dir)
LOCAL_HDRS += $(wildcard *.h $(modproof-dir)/*/*.h)

# The descriptions of the area's modules, unless the area names others.
DESCRIPTIONS ?= $(wildcard $(CURDIR)/*_module.h)
CFLAGS += -I$(OUTPUT)
LOCAL_HDRS += $(OUTPUT)/modules.h

# TESTS_32 lists the tests that are built a second time as 32-bit programs, to
# test compat calls.  They must be static, since the guest has no 32-bit
# library.  The headers of asm/ are those for 64 bits, which have both.  The
# compiler depends on that of the 64-bit programs, CROSS_COMPILE=; for another one,
# as that for s390x, Debian has no C library of 32 bits, and they are not built.
cc-32- = $(CC) -m32 -idirafter /usr/include/x86_64-linux-gnu
cc-32-aarch64-linux-gnu- := arm-linux-gnueabihf-gcc
CC_32 = $(cc-32-$(CROSS_COMPILE))
ifneq ($(filter aarch64-linux-gnu- native,$(or $(CROSS_COMPILE),native)),)
TEST_GEN_PROGS += $(TESTS_32:%_test=%_32_test)
endif

include $(kselftest-dir)/lib.mk

$(OUTPUT)/modules.h: $(DESCRIPTIONS)
	$(Q)printf '#include "%s"\n' $(sort $^) >$@

$(OUTPUT)/%_32_test: %_test.c $(LOCAL_HDRS)
	$(call msg,CC,,$@)
	$(Q)$(CC_32) $(CFLAGS) $(CPPFLAGS) $(LDFLAGS) -static $< $(LDLIBS) -o $@
