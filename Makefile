# SPDX-License-Identifier: MIT
# A thin door to Meson. `make run` and `make test` do everything on a bare
# Debian 12: they install what is missing (as root) or name it, build, and go.

BUILD ?= build
# Where to, if somebody says so: now, or when it was built.
TO = $(abspath $(or $(PREFIX),$(prefix)))
DEMO = $(BUILD)/demo.pcap
DEB ?= build-deb
MESON_FLAGS ?=

.DELETE_ON_ERROR:
.PHONY: all run test install deb windows test-windows bench fuzz format lint clean need-run need-test help

all: need-build $(BUILD)/build.ninja
	@ninja -C $(BUILD) --quiet

.PHONY: need-build
need-build:
	@tools/need build

$(BUILD)/build.ninja: | need-build
	@meson setup $(BUILD) --prefix=$(or $(TO),/usr/local) -Dtests=false $(MESON_FLAGS) >$(BUILD).log 2>&1 || \
	    { cat $(BUILD).log; exit 1; }
	@mv $(BUILD).log $(BUILD)/setup.log
	@echo $(or $(TO),/usr/local) >$(BUILD)/prefix

# The main job, on a capture of our own making.
run: all $(DEMO)
	@$(BUILD)/src/cli/netmon run $(DEMO)

$(DEMO): $(BUILD)/build.ninja | all
	@$(BUILD)/tools/mkcapture --frames 20000 --seed 1 $@

test:
	@tools/need test
	@tools/run-tests

install: $(BUILD)/build.ninja
	@[ -z '$(TO)' ] || [ "$$(cat $(BUILD)/prefix 2>/dev/null)" = '$(TO)' ] || \
	    { meson configure $(BUILD) --prefix='$(TO)' && echo '$(TO)' >$(BUILD)/prefix; }
	@ninja -C $(BUILD) --quiet
	@meson install -C $(BUILD) --no-rebuild $(if $(DESTDIR),--destdir $(abspath $(DESTDIR)))

# Debian packages, into DEB.
deb:
	@tools/need deb
	@tools/make-deb $(DEB)

# nmapi.dll, experts and parsers for Windows, into build-windows; its tests run under Wine.
windows:
	@tools/need windows
	@tools/windows-build

test-windows:
	@tools/need windows
	@tools/windows-test

bench:
	@tools/need bench
	@bench/run
	@bench/experts

# Long fuzzing; the kept corpora are replayed by `make test`.
fuzz:
	@tools/need test
	@fuzz/run

format:
	@git ls-files '*.c' '*.h' | xargs clang-format -i

lint:
	@tools/need test
	@tools/lint

clean:
	@rm -rf build build-*

help:
	@echo 'make run      build and analyse a capture that the project makes'
	@echo 'make test     every test; the last line counts them'
	@echo 'make install  to PREFIX (/usr/local), honours DESTDIR'
	@echo 'make windows  nmapi.dll, experts and parsers, in build-windows;  make test-windows  under Wine'
	@echo 'make deb      Debian packages, in $(DEB)'
	@echo 'make bench    speed beside peers, as ratios;  make fuzz  long fuzzing'
	@echo 'make format, make lint, make clean'
