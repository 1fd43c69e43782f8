# SPDX-License-Identifier: GPL-2.0
#
# What can be done here; "make help" lists it.

ifneq ($(words $(CURDIR)),1)
$(error the path "$(CURDIR)" has a space in it, which the kernel's build cannot have: move the project)
endif
O ?= build
ifneq ($(words $(O)),1)
$(error O="$(O)" has a space in it, which the kernel's build cannot have: choose another directory)
endif

srctree := $(CURDIR)
override O := $(abspath $(O))
export NAMED_KERNEL := $(if $(filter command,$(origin KERNEL)),$(KERNEL))
KERNEL ?= stock-6.12
KDIR ?= $(or $(KERNELDIR),$(if $(KVERSION),/lib/modules/$(KVERSION)/build))
export srctree O KERNEL KDIR KSRC TREE SUITE TARGETS TIME ACCEL ID
export LOADS MODULE SEED CPUS
export INSTALL_MOD_PATH INSTALL_PATH
export CC := $(if $(filter-out default,$(origin CC)),$(CC))

# What kbuild understands goes to kbuild, and nothing else does.
export KBUILD_ARGS := $(strip $(foreach v,V W C CF CHECK LLVM,\
	$(if $(filter command,$(origin $(v))),$(v)=$($(v)))))
MAKEOVERRIDES :=

run := @tools/lock tools/run

.DEFAULT_GOAL := help
.NOTPARALLEL:

help: ## Show this help
	@awk -f tools/help.awk $(MAKEFILE_LIST)

demo: ## Boot a kernel, run the guide's commands, show the answers
	$(run) demo
check: ## Run all the tests: KUnit, sanitizers, kselftest, the rig's own
	$(run) check
check-all: ## Run them on every kernel: stock, debug, kcsan and latest
	$(run) check-all
shell: ## Open a shell in a guest with the modules at hand
	$(run) shell

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
kselftest: ## Run the kselftests in a guest; TARGETS="hello proc", KERNEL=
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

style: ## Run checkpatch, kernel-doc, sparse, W=1, shellcheck and more
	$(run) style
errata: ## Check that each known defect has a test that guards it
	$(run) errata

deps: ## Install what is missing from Debian
	$(run) deps
clean: ## Remove what was built; keep kernels and sources
	$(run) clean
distclean: ## Remove everything below the build directory
	$(run) distclean

.PHONY: help demo check check-all shell kernel modules programs \
	modules_install kunit kselftest soak fuzz bench mutate mutants coverage \
	tree style errata deps clean distclean
