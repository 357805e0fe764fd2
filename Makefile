# vitrine: GNU make, no configure step. `make demo` and `make check` are the two commands of the README.
B        ?= build
ifeq ($(origin CC),default)
CC       := gcc
endif
PREFIX   ?= /usr/local
PACKAGES := libcmark-gfm yaml-0.1 lua5.4 icu-i18n icu-uc expat jansson libpng libdeflate libmicrohttpd

CSTD     := -std=c17 -D_GNU_SOURCE -ffp-contract=off
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wmissing-prototypes \
            -Wstrict-prototypes -Wundef -Wwrite-strings -Wvla -Wformat=2
OPT      ?= -O3 -g
SANITIZE ?=
WERROR   ?= -Werror
CFLAGS   ?=
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
# Where the archives are there, what each page calls thousands of times is linked in: calls within a shared Lua go through its tables
# (13 % of a build's instructions). ICU and Expat stay shared.
PKG_LIBS   := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lcmark-gfm-extensions -lstemmer
LIB_DIR    := $(shell pkg-config --variable=libdir lua5.4 2>/dev/null)
PKG_LIBS   := -Wl,--start-group $(foreach l,$(PKG_LIBS),$(or $(if $(filter -llua5.4 -lcmark-gfm -lcmark-gfm-extensions -lyaml,$l),$(wildcard $(LIB_DIR)/lib$(l:-l%=%).a)),$l)) -Wl,--end-group
ALL_CFLAGS  = $(CSTD) $(WARN) $(WERROR) $(OPT) $(SANITIZE) -Igenerator -I$(B)/include $(PKG_CFLAGS) -pthread $(CFLAGS)
ALL_LIBS    = $(PKG_LIBS) -lm -pthread $(SANITIZE)

# From the back door to the front door: each archive may use those after it (tests/layers.sh holds the finer table).
ROOMS    := commands serve output render script map template media search site model document source text os diag base
SRC       = $(wildcard generator/$(1)/*.c)
OBJ       = $(patsubst generator/%.c,$(B)/obj/%.o,$(filter-out generator/os/memory.c,$(call SRC,$(1))))
TOP_OBJ  := $(patsubst generator/%.c,$(B)/obj/%.o,$(wildcard generator/*.c))
LIBS      = $(foreach r,$(ROOMS),$(if $(call OBJ,$(r)),$(B)/lib/$(r).a))

.PHONY: all clean
all: $(B)/vitrine

$(B)/vitrine: $(TOP_OBJ) $(LIBS)
	$(CC) $(SANITIZE) -o $@ $(TOP_OBJ) -Wl,--start-group $(LIBS) -Wl,--end-group $(ALL_LIBS)

define room_rules
$(B)/lib/$(1).a: $(call OBJ,$(1))
	@mkdir -p $$(@D) && rm -f $$@
	@ar rcs $$@ $$^
endef
$(foreach r,$(ROOMS),$(eval $(call room_rules,$(r))))

$(B)/obj/%.o: generator/%.c
	@mkdir -p $(@D)
	@echo "  cc $<"
	@$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# A cached text is as good as the sources that made it: their checksum is a part of every key.
TEXT_SOURCES := $(sort $(wildcard generator/document/*.[ch] generator/base/*.[ch]))
$(B)/obj/document/pack.o: $(TEXT_SOURCES)
$(B)/obj/document/pack.o: ALL_CFLAGS += -DDOCUMENT_SOURCES='"$(shell cat $(TEXT_SOURCES) | cksum)"'

PAINT_SOURCES := $(sort $(wildcard generator/media/paint*.[ch] generator/base/*.[ch]))
$(B)/obj/media/paints.o: $(PAINT_SOURCES)
$(B)/obj/media/paints.o: ALL_CFLAGS += -DPAINT_SOURCES='"$(shell cat $(PAINT_SOURCES) | cksum)"'

# What vitrine serve sends to browsers, as C literals.
$(B)/include/serve/%.h: generator/serve/%
	@mkdir -p $(@D)
	@sed 's/[\\"]/\\&/g; s/.*/"&\\n"/' $< >$@
$(B)/obj/serve/pages.o: $(B)/include/serve/live.js.h $(B)/include/serve/live.css.h

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)

# Unit tests: tests/unit/test_<room>_<what>.c, linked with the rooms at or behind <room>; `make unit ROOM=template` runs one room's.
ROOM     ?=
UNIT_SRC := $(wildcard tests/unit/test_$(ROOM)*.c)
UNIT_BIN := $(patsubst tests/unit/%.c,$(B)/unit/%,$(UNIT_SRC))
room_of   = $(word 2,$(subst _, ,$(1)))
# The rooms from $(1) to the end of ROOMS.
from      = $(if $(filter $(1),$(firstword $(2))),$(2),$(if $(2),$(call from,$(1),$(wordlist 2,99,$(2)))))
TEMPLATE_ROOMS := template diag base
OUTPUT_ROOMS   := output os diag base

.SECONDEXPANSION:
unit_rooms = $(if $(filter template,$(1)),$(TEMPLATE_ROOMS),$(if $(filter output,$(1)),$(OUTPUT_ROOMS),$(call from,$(1),$(ROOMS))))
unit_libs  = $(foreach r,$(call unit_rooms,$(call room_of,$(1))),$(if $(call OBJ,$(r)),$(B)/lib/$(r).a))
# test_<room>_memory*: the file system in memory takes the place of the real one (its members of os.a are then not pulled in).
unit_memory = $(if $(findstring _memory,$(1)),$(B)/obj/os/memory.o)
$(B)/unit/%: tests/unit/%.c $$(call unit_libs,$$*) $$(call unit_memory,$$*)
	@mkdir -p $(@D)
	@echo "  cc $<"
	@$(CC) $(ALL_CFLAGS) -MMD -MP -MF $@.d -o $@ $< $(call unit_memory,$*) -Wl,--start-group $(call unit_libs,$*) -Wl,--end-group -lcmocka $(ALL_LIBS)

.PHONY: unit unit-programs
unit-programs: $(UNIT_BIN)
unit: $(UNIT_BIN)
	@set -e; for t in $(UNIT_BIN); do echo "== $$t"; $$t; done

# Publication killed at KILLS random instants (tests/publication/kill.c).
KILLS ?= 200
KILL_LIBS = $(foreach r,$(OUTPUT_ROOMS),$(B)/lib/$(r).a)
$(B)/kill: tests/publication/kill.c $(KILL_LIBS)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -o $@ $< -Wl,--start-group $(KILL_LIBS) -Wl,--end-group -lm -pthread $(SANITIZE)

.PHONY: kill
kill: $(B)/kill
	sh tests/publication/kill.sh $(B)/kill $(KILLS)

# document/ beside its libraries alone (tests/bench/read.c).
BENCH_LIBS = $(foreach r,$(call from,document,$(ROOMS)),$(B)/lib/$(r).a)
$(B)/bench-read: tests/bench/read.c $(BENCH_LIBS)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -o $@ $< -Wl,--start-group $(BENCH_LIBS) -Wl,--end-group $(ALL_LIBS)

# Fuzzers (clang): tests/fuzz/fuzz_<what>.c, each with the rooms its name's header needs; FUZZ_TIME seconds each.
FUZZ_TIME ?= 20
FUZZ_SRC  := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_BIN  := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(FUZZ_SRC))
FUZZ_LIBS  = $(foreach r,$(filter-out commands serve output,$(ROOMS)),$(if $(call OBJ,$(r)),$(B)/lib/$(r).a))
$(B)/fuzz/%: tests/fuzz/%.c $(FUZZ_LIBS)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -o $@ $< -Wl,--start-group $(FUZZ_LIBS) -Wl,--end-group $(ALL_LIBS)

# Builds with sanitizers. Of debug information they have the lines, which is what a stack needs: all of it makes them a tenth dearer.
# One build serves the tests under ASan and the fuzzers, whose counters are idle in programs that are no fuzzers.
ASAN_BUILD := B=build/asan CC=clang OPT="-O1 -gline-tables-only" SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=undefined" \
              CFLAGS="-DVITRINE_DEBUG -fsanitize=fuzzer-no-link"
TSAN_BUILD := B=build/tsan CC=clang OPT="-O1 -gline-tables-only" SANITIZE="-fsanitize=thread" CFLAGS=-DVITRINE_DEBUG
.PHONY: asan-programs tsan-programs
asan-programs:
	$(MAKE) $(ASAN_BUILD) all unit-programs
tsan-programs:
	$(MAKE) $(TSAN_BUILD) all unit-programs

.PHONY: fuzz fuzz-programs
fuzz-programs: $(FUZZ_BIN)
fuzz:
	$(MAKE) $(ASAN_BUILD) fuzz-programs
	tests/fuzz.sh build/asan/fuzz $(FUZZ_TIME)

# What the interactive map needs in the browser: from npm, as the theme's lock file has it. A portal without it offers the drawn map alone.
VENDOR := themes/portail/assets/vendor
.PHONY: vendor
vendor: $(VENDOR)/leaflet.js
$(VENDOR)/leaflet.js: themes/portail/package-lock.json
	rm -rf $(B)/vendor && install -d $(B)/vendor $(VENDOR)/images
	install -m 644 themes/portail/package.json themes/portail/package-lock.json $(B)/vendor
	npm --prefix $(B)/vendor ci --ignore-scripts --no-audit --no-fund --loglevel=error
	cd $(B)/vendor/node_modules/leaflet && install -m 644 dist/images/*.png $(CURDIR)/$(VENDOR)/images && \
	    install -m 644 dist/leaflet.css $(CURDIR)/$(VENDOR) && install -m 644 LICENSE $(CURDIR)/$(VENDOR)/leaflet-licence.txt && \
	    install -m 644 dist/leaflet.js $(CURDIR)/$(VENDOR)

# The demonstration portal, from a bare Debian 12 with git and make.
.PHONY: demo
demo:
	.ci/packages build
	$(MAKE) all
	@if command -v npm >/dev/null; then $(MAKE) vendor; else echo "npm is not here: the portal does without the interactive map (make vendor)"; fi
	build/vitrine build
	@echo "Le portail est dans public/ ; pour le voir, et le voir suivre vos modifications :  build/vitrine serve  puis http://localhost:8000/"

.PHONY: check test asan tsan browser
# Everything that CI runs: installs what tests need, then all suites, then one line of summary.
check:
	.ci/packages check
	tests/check.sh
# The quick part: one compiler, no browser.
test: all
	tests/check.sh quick
asan:
	tests/check.sh asan
tsan:
	tests/check.sh tsan
browser: all
	tests/check.sh browser

# What drives a browser, as the tests' lock file has it.
.PHONY: browser-packages
browser-packages:
	npm --prefix tests/browser ci --ignore-scripts --no-audit --no-fund --loglevel=error

# Pictures of the main kinds of page, for docs/revue.md; and what Lighthouse says of five of them.
.PHONY: screenshots lighthouse
screenshots: all vendor browser-packages
	node tests/browser/screenshots.mjs
lighthouse: all vendor browser-packages
	npm --prefix tests/lighthouse install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error
	node tests/browser/lighthouse.mjs

# Our search beside Pagefind and MiniSearch on the same texts, in Chromium: docs/performance.md.
.PHONY: bench-search
bench-search: all browser-packages
	npm --prefix tests/search/bench install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error
	node tests/search/bench/bench.mjs

# A long session of vitrine serve: ten thousand saves, a hundred clients, an hour at most.
.PHONY: soak
soak: all
	node tests/serve/soak.mjs 10000 100 3600

# A million pages beside ten and a hundred thousand: some ten minutes, and 24 GiB of memory.
.PHONY: bench-growth
bench-growth: all $(B)/bench-warm
	tests/bench/growth.sh $(B)/bench-warm
$(B)/bench-warm: tests/bench/warm.c
	@mkdir -p $(@D)
	$(CC) $(CSTD) $(WARN) $(WERROR) $(OPT) -o $@ $<

.PHONY: bench accept fmt install
bench: all $(B)/bench-read
	DISK=$(B) tests/bench/run.sh
	tests/bench/read.sh $(B)/bench-read
	node tests/bench/serve.mjs 10000 100
# Rewrites the expectations of the golden cases; `git diff` is the review.
accept: all
	tests/golden.sh --accept
# A help, not an authority.
fmt:
	clang-format -i $$(git ls-files 'generator/*.[ch]' 'tests/*.[ch]')
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/vitrine $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(B)/vitrine $(DESTDIR)$(PREFIX)/bin/vitrine
	install -m 644 docs/vitrine.1 $(DESTDIR)$(PREFIX)/share/man/man1/vitrine.1
	cp -R themes $(DESTDIR)$(PREFIX)/share/vitrine/

clean:
	rm -rf build
