# SPDX-License-Identifier: GPL-2.0-only
# Delegates; each folder knows how to build itself. Everything built is under build/:
# build/RELEASE/*.ko, build/bin, build/lib, build/tests, build/vm (kernels to boot).
#
# Variables: KVER (kernel release to build for), PREFIX and DESTDIR (install), V=1 (show commands),
# K (name in tests/vm/kernels) and T (pattern) for check, demo and vm-shell.

KVER ?= $(shell uname -r)
PREFIX ?= /usr/local
O := $(CURDIR)/build
export PREFIX DESTDIR

MAKEFLAGS += --no-print-directory
has_headers := $(wildcard /lib/modules/$(KVER)/build/Makefile)

.PHONY: all
all: user $(if $(has_headers),modules,no-headers)	## build library, tool and modules for the running kernel (KVER=RELEASE for another)

.PHONY: no-headers
no-headers: user
	@echo "Built user space only: no headers of the kernel $(KVER) (package linux-headers-$(KVER)), so no modules."

.PHONY: modules
modules:	## build the modules for one kernel into build/RELEASE (KVER=RELEASE)
	+@$(MAKE) -C kernel KVER=$(KVER) O=$(O)/$(KVER)

.PHONY: libipvs ipvsadm user
libipvs:
	+@$(MAKE) -C libipvs O=$(O)
ipvsadm: libipvs
	+@$(MAKE) -C ipvsadm O=$(O)
user: ipvsadm	## build libipvs and ipvsadm into build/lib and build/bin

.PHONY: demo
demo:	## from a bare Debian machine to a load-balanced HTTP service in a virtual machine
	@tests/run $(if $(K),-k $(K)) demo

.PHONY: check
check:	## from a bare Debian machine to every test run, on every kernel (K=6.1 picks one, T=nat filters)
	@tests/run $(if $(K),-k $(K)) check $(if $(T),'$(T)')

.PHONY: unit
unit:	## what needs neither root nor virtual machine: C unit tests with sanitizers, cli tests, lint, shellcheck
	@tests/run -u check $(if $(T),'$(T)')

.PHONY: diff
diff:	## scenarios on the stock modules and on ours, with Debian's ipvsadm and with ours; differences shown
	@tests/run $(if $(K),-k $(K)) diff

.PHONY: vm-shell
vm-shell:	## a shell in a virtual machine with our modules and the test network (K=6.12, MODULES=stock); exit discards it
	@tests/run $(if $(K),-k $(K)) shell

.PHONY: fuzz
fuzz:	## the fuzz targets: bounded, or with S=SECONDS for so long and a storm of commands after them (T=restore picks one)
	@tests/run fuzz '$(T)' $(S)

.PHONY: bench
bench:	## cost of a packet and of a command, ours and the stock modules side by side (K=6.12)
	@tests/run $(if $(K),-k $(K)) bench

.PHONY: install
install: all	## install all of it for the kernel KVER (PREFIX, DESTDIR); the modules replace the kernel's own
	+@$(MAKE) -C libipvs install O=$(O)
	+@$(MAKE) -C ipvsadm install O=$(O)
	$(if $(wildcard man/Makefile),+@$(MAKE) -C man install)
	$(if $(has_headers),+@$(MAKE) -C kernel install KVER=$(KVER) O=$(O)/$(KVER))

.PHONY: uninstall
uninstall:	## remove all of it again; the kernel's own modules are back in place
	+@$(MAKE) -C kernel uninstall KVER=$(KVER) O=$(O)/$(KVER)
	+@$(MAKE) -C ipvsadm uninstall O=$(O)
	+@$(MAKE) -C libipvs uninstall O=$(O)
	$(if $(wildcard man/Makefile),+@$(MAKE) -C man uninstall)

.PHONY: test-tools
test-tools: $(O)/tests/peer $(O)/tests/noise $(O)/tests/genl_storm libipvs
	+@$(MAKE) -C libipvs test-programs O=$(O)
$(O)/tests/peer: tests/tools/peer.c
$(O)/tests/noise: tests/tools/noise.c
$(O)/tests/genl_storm: tests/fuzz/genl_storm.c
$(O)/tests/peer $(O)/tests/noise $(O)/tests/genl_storm:
	@mkdir -p $(@D)
	@printf '  %-7s %s\n' CC tests/$(@F)
	@$(CC) -std=gnu11 -O2 -static -Wall -Wextra -Wshadow -Wvla -o $@ $<

.PHONY: clean
clean:	## remove what was built, but not the kernels fetched for the tests
	@[ ! -d build ] || find build -mindepth 1 -maxdepth 1 ! -name vm -exec rm -rf {} +

.PHONY: distclean
distclean:	## remove everything that is not a source
	@rm -rf build

.PHONY: help
help:	## this list
	@sed -n 's/^\([a-z-]*\):.*\t## \(.*\)/\1\t\2/p' $(firstword $(MAKEFILE_LIST)) | \
		awk -F '\t' '{ printf "  make %-12s %s\n", $$1, $$2 }'
