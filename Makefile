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
vars-check-world := $(vars-check-all)
vars-shell := $(guest-vars)
vars-kernel := $(kernel-vars) $(build-vars)
vars-modules := $(kernel-vars) $(build-vars) ARCH CROSS_COMPILE
vars-programs := $(vars-modules) INSTALL_PATH
vars-modules_install := $(vars-modules) INSTALL_MOD_PATH INSTALL_MOD_DIR \
	INSTALL_MOD_STRIP
vars-kunit := $(guest-vars) SUITE ARCH
vars-kselftest := $(guest-vars) TARGETS TEST
vars-soak := $(guest-vars) LOADS TIME SEED MODULE CPUS
vars-fuzz := KSRC TIME SEED V
vars-bench := $(kernel-vars) $(build-vars) KSRC PAIRS SHORT STORE PROFILE
vars-mutate := KSRC CC V
vars-mutants := $(guest-vars) ID
vars-coverage := $(guest-vars)
vars-tree := KSRC TREE
vars-style := $(kernel-vars) KSRC CC FILES
vars-docs := KSRC
vars-new := NAME AREA KIND KSRC
vars-patches := MODULE BASE KSRC
vars-review := MODULE KSRC
vars-errata :=
vars-deps :=
vars-install := PREFIX DESTDIR
vars-deb := KSRC
vars-why := $(kernel-vars) KO
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
export NAME := $(call typed-only,NAME)
export AREA := $(call typed-only,AREA)
export KIND := $(call typed-only,KIND)
export BASE := $(call typed-only,BASE)
export KUNIT_ARCH := $(call typed-only,ARCH)
export INSTALL_MOD_DIR := $(call typed-only,INSTALL_MOD_DIR)
escaped = $(subst $(space),$(backslash)$(space),$(subst $(backslash),$(backslash)$(backslash),$1))
export KBUILD_ARGS := $(strip $(foreach v,V W C CF CHECK LLVM CC ARCH \
	CROSS_COMPILE INSTALL_MOD_DIR INSTALL_MOD_STRIP,\
	$(if $(filter $(v),$(typed)),$(v)=$(call escaped,$($(v))))))
MAKEOVERRIDES :=
# make exports what the user typed, and rig/supervise would take these for
# variables of the environment, and say that it does not use them.
in-args := $(filter ARCH CROSS_COMPILE V W C,$(typed))
ifneq ($(in-args),)
unexport $(in-args)
endif

export MODPROOF_VARIABLES := srctree O KERNEL KDIR KSRC TREE SUITE TARGETS TEST \
	FILES TIME ACCEL ID LOADS MODULE SEED CPUS PAIRS SHORT STORE PROFILE \
	INSTALL_MOD_PATH INSTALL_PATH \
	INSTALL_MOD_DIR KO BASE PREFIX DESTDIR NAMED_KERNEL CC LLVM KCFLAGS KBUILD_ARGS \
	NAME AREA KIND KUNIT_ARCH
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
check: ## Run all the tests, on this machine and in guests
	$(run) check
check-all: ## Run them on every kernel: Debian's, newest, debugging
	$(run) check-all
check-world: ## Run those of modules and lib/ on all kernels; resumable
	$(run) check-world
shell: ## Open a shell in a guest with the modules at hand
	$(run) shell-ready
	$(alone) $(srctree)/tools/run shell

why: ## Say whether KERNEL= loads KO="FILE.ko [PARAMETER=VALUE]", or why not
	$(alone) $(srctree)/tools/run why
kernel: ## Build or fetch the kernel KERNEL=, as debug-6.12
	$(run) kernel
modules: ## Build the modules for KERNEL=, KDIR= or KVERSION=
	$(run) modules
programs: ## Build the guide's user programs; INSTALL_PATH=
	$(run) programs
modules_install: ## Install them where that kernel looks for modules
	$(run) modules_install
# ARCH= may be "all", so rig/kunit sets the ARCH= of the kernel's build.
kunit: KBUILD_ARGS := $(filter-out ARCH=%,$(KBUILD_ARGS))
kunit: ## Test lib/ in a kernel (KUnit); SUITE=glob, KERNEL=, ARCH=
	$(run) kunit
kselftest: ## Test modules in a guest; TARGETS=, TEST=program[.case], KERNEL=
	$(run) kselftest
soak: ## Load, use, unload; LOADS=, TIME=, SEED=, MODULE=, CPUS=, KERNEL=
	$(run) soak
fuzz: ## Call lib/ with random input for TIME= seconds
	$(run) fuzz
bench: ## Compare with the kernel's own; PAIRS=, SHORT=, PROFILE=, STORE=
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
docs: ## Build the pages in Documentation/ as HTML, and for man; KSRC=
	$(run) docs
new: ## Add a module with its tests; NAME=foo, AREA=char, KIND=misc
	$(run) new
patches: ## Make patches for a kernel tree of MODULE=blkram; BASE=
	$(run) patches
review: ## Run a reviewer's checkers on the patches of MODULE=blkram
	$(run) review
errata: ## Check that known defects have tests, and modules all they need
	$(run) errata

install: ## Install the rig, so that modproof is a command; PREFIX=, DESTDIR=
	$(run) install
deb: ## Build Debian packages of rig, modules (DKMS) and pages; KSRC=
	$(run) deb
deps: ## Install what is missing from Debian
	$(run) deps
clean: ## Remove what was built; keep kernels and sources
	$(run) clean
distclean: ## Remove everything below the build directory
	$(run) distclean

.PHONY: help demo check check-all shell kernel modules programs \
	modules_install kunit kselftest soak fuzz bench mutate mutants coverage \
	tree style docs new patches review errata deps install clean distclean
