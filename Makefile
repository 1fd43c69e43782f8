# SPDX-License-Identifier: GPL-2.0
#
# The targets of the project; "make help" lists them.

# The Makefile's own directory, since it may be run with -f from elsewhere.
srctree := $(patsubst %/,%,$(dir $(realpath $(lastword $(MAKEFILE_LIST)))))
ifeq ($(srctree),)
$(error the path of the Makefile has a space in it, which the kernel's build \
	cannot have: move the project)
endif
ifeq ($(origin O),undefined)
O := $(srctree)/build
endif

# Characters that a path cannot have, because make, a shell, the kernel's build,
# its command line or QEMU's command line takes them for something else.
hash := \#
comma := ,
open := (
close := )
dollar := $$
space := $(subst x,,x x)
tab := $(subst x,,x	x)
backslash := $(subst x,,\x)
unfit := $(hash) $(comma) $(open) $(close) $(dollar) $(backslash) ' " & ; | * = \
	: % ? [ ] { } < > ! ` ^
unfit-in = $(strip $(foreach c,$(unfit),$(findstring $(c),$1)) \
	$(if $(findstring $(space),$1)$(findstring $(tab),$1),space))
check-path = $(if $(call unfit-in,$2),$(error the path $1"$2" has a \
	$(firstword $(call unfit-in,$2)) in it, which the kernel's build cannot \
	have: $3))

$(call check-path,,$(CURDIR),move the project)
$(call check-path,,$(srctree),move the project)
$(foreach v,O KDIR KERNELDIR KSRC TREE INSTALL_MOD_PATH INSTALL_PATH PREFIX DESTDIR,\
	$(call check-path,$(v)=,$($(v)),choose another directory))
ifeq ($(strip $(O)),)
$(error O= is empty: name a directory, or leave O= out)
endif
override O := $(abspath $(O))

# The variables that each target accepts on make's command line.
kernel-vars := KERNEL KDIR KERNELDIR KVERSION
build-vars := V W C CF CHECK CC LLVM KCFLAGS
guest-vars := $(kernel-vars) $(build-vars) KSRC ACCEL
vars-help :=
vars-demo := $(guest-vars) TARGETS
vars-check := $(guest-vars)
vars-check-all := $(build-vars) KSRC ACCEL
vars-shell := $(guest-vars)
vars-kernel := $(kernel-vars) $(build-vars)
vars-modules := $(kernel-vars) $(build-vars) ARCH CROSS_COMPILE
vars-programs := $(vars-modules) INSTALL_PATH
vars-modules_install := $(vars-modules) INSTALL_MOD_PATH INSTALL_MOD_DIR \
	INSTALL_MOD_STRIP
vars-kunit := $(guest-vars) SUITE
vars-kselftest := $(guest-vars) TARGETS TEST
vars-soak := $(guest-vars) LOADS TIME SEED MODULE CPUS
vars-fuzz := KSRC TIME SEED V
vars-bench := KSRC V
vars-mutate := KSRC CC V
vars-mutants := $(guest-vars) ID
vars-coverage := $(guest-vars)
vars-tree := KSRC TREE
vars-style := $(kernel-vars) KSRC CC FILES
vars-docs := KSRC
vars-errata :=
vars-deps :=
vars-install := PREFIX DESTDIR
vars-clean :=
vars-distclean :=

goals := $(or $(MAKECMDGOALS),help)
taken := O $(sort $(foreach goal,$(goals),$(vars-$(goal))))
typed := $(foreach v,$(.VARIABLES),$(if $(filter command%,$(origin $(v))),$(v)))
unknown := $(filter-out $(taken),$(filter-out MAKEFLAGS,$(typed)))
ifneq ($(unknown),)
$(error $(firstword $(unknown))= means nothing to "make $(goals)": leave it \
	out, or type one of $(taken:%=%=))
endif

export NAMED_KERNEL := $(if $(filter command,$(origin KERNEL)),$(KERNEL))
KERNEL ?= stock-6.12
KDIR ?= $(or $(KERNELDIR),$(if $(KVERSION),/lib/modules/$(KVERSION)/build))

# Variables of kbuild are passed on if the user typed them, and never from the
# environment; see rig/supervise.
typed-only = $(if $(filter command%,$(origin $1)),$($1))
export CC := $(call typed-only,CC)
export LLVM := $(call typed-only,LLVM)
export KCFLAGS := $(call typed-only,KCFLAGS)
export INSTALL_MOD_DIR := $(call typed-only,INSTALL_MOD_DIR)
escaped = $(subst $(space),$(backslash)$(space),$(subst $(backslash),$(backslash)$(backslash),$1))
export KBUILD_ARGS := $(strip $(foreach v,V W C CF CHECK LLVM CC ARCH \
	CROSS_COMPILE INSTALL_MOD_DIR INSTALL_MOD_STRIP,\
	$(if $(filter $(v),$(typed)),$(v)=$(call escaped,$($(v))))))
MAKEOVERRIDES :=

export MODPROOF_VARIABLES := srctree O KERNEL KDIR KSRC TREE SUITE TARGETS TEST \
	FILES TIME ACCEL ID LOADS MODULE SEED CPUS INSTALL_MOD_PATH INSTALL_PATH \
	INSTALL_MOD_DIR PREFIX DESTDIR NAMED_KERNEL CC LLVM KCFLAGS KBUILD_ARGS
export $(MODPROOF_VARIABLES)

# On a bare machine, install the interpreter first.  Its log is outside O=,
# because supervise creates that directory.
alone := @command -v python3 >/dev/null || \
	O=$$(mktemp -d) $(srctree)/rig/install-deps build && \
	exec python3 -I $(srctree)/rig/supervise
run := $(alone) $(srctree)/rig/progress.py $(srctree)/tools/run

.DEFAULT_GOAL := help
.NOTPARALLEL:

help: ## Show this help
	@awk -f $(srctree)/tools/help.awk $(MAKEFILE_LIST)

demo: ## Run the guide's commands in a guest; TARGETS="hello procfs1"
	$(run) demo
check: ## Run all the tests: KUnit, sanitizers, kselftest, the rig's own
	$(run) check
check-all: ## Run them on every kernel: stock, debug, kcsan and latest
	$(run) check-all
shell: ## Open a shell in a guest with the modules at hand
	$(run) shell-ready
	$(alone) $(srctree)/tools/run shell

kernel: ## Build or fetch the kernel KERNEL=, as debug-6.12
	$(run) kernel
modules: ## Build the modules for KERNEL=, KDIR= or KVERSION=
	$(run) modules
programs: ## Build the guide's user programs; INSTALL_PATH=
	$(run) programs
modules_install: ## Install them where that kernel looks for modules
	$(run) modules_install
kunit: ## Run the KUnit suites under UML, or on KERNEL=; SUITE=glob, KSRC=
	$(run) kunit
kselftest: ## Run kselftests in a guest; TARGETS=, TEST=program[.case], KERNEL=
	$(run) kselftest
soak: ## Load, use, unload; LOADS=, TIME=, SEED=, MODULE=, CPUS=, KERNEL=
	$(run) soak
fuzz: ## Fuzz each part of lib/ for TIME= seconds
	$(run) fuzz
bench: ## Measure the parts whose speed is promised
	$(run) bench
mutate: ## Change lib/ operator by operator; the suites must notice
	$(run) mutate
mutants: ## Bring known defects back; the tests must notice; ID=, KERNEL=
	$(run) mutants
coverage: ## Report which lines the tests run; KERNEL=debug-6.12
	$(run) coverage
tree: ## Link a kernel tree at TREE= from KSRC=, with modproof/ in it
	$(run) tree

style: ## Run checkpatch, coccicheck, sparse, shellcheck and more; FILES=
	$(run) style
docs: ## Build the pages in Documentation/ as HTML; KSRC=
	$(run) docs
errata: ## Check that known defects have tests, and modules all they need
	$(run) errata

install: ## Install the rig, so that modproof is a command; PREFIX=, DESTDIR=
	$(run) install
deps: ## Install what is missing from Debian
	$(run) deps
clean: ## Remove what was built; keep kernels and sources
	$(run) clean
distclean: ## Remove everything below the build directory
	$(run) distclean

.PHONY: help demo check check-all shell kernel modules programs \
	modules_install kunit kselftest soak fuzz bench mutate mutants coverage \
	tree style docs errata deps install clean distclean
