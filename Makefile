# biaoyu: `make help` lists the targets. Objects and the binary go under out/; the rooms and who may use whom are read
# from render/LAYERS. Ordinary builds never turn warnings into errors; `make check` does.

MODE ?= release
PREFIX ?= /usr/local
DESTDIR ?=

CC = gcc
PKG_CONFIG ?= pkg-config
PKGS = cairo cairo-ft cairo-pdf cairo-svg harfbuzz freetype2 icu-uc libfyaml libpng libdeflate libqrencode libjpeg libpcre2-8 nettle libzstd libwebp libwebpmux lcms2 harfbuzz-subset expat zlib

# Every Debian package, in one place: what the build needs, what the campaign draws with, what the tests look with.
BUILD_PACKAGES = gcc make pkg-config libcairo2-dev libexpat1-dev libzip-dev libzbar-dev libharfbuzz-dev libfreetype-dev libicu-dev libfyaml-dev libpng-dev \
	libdeflate-dev libqrencode-dev libzint-dev librsvg2-dev libjpeg62-turbo-dev liblcms2-dev libpcre2-dev nettle-dev libfontconfig-dev libzstd-dev libwebp-dev \
	libqpdf-dev zlib1g-dev
FONT_PACKAGES = scribus-data hyphen-en-us fonts-noto-cjk fonts-wqy-zenhei fonts-unifont fonts-noto-color-emoji xfonts-efont-unicode
TEST_PACKAGES = python3 python3-fonttools mupdf-tools fonts-noto-core fonts-lxgw-wenkai fonts-dejavu-core groff-base ghostscript libcmocka-dev locales faketime file poppler-utils zbar-tools qpdf pngcheck jq librsvg2-bin clang libclang-rt-14-dev ffmpeg gifsicle apngdis webp zstd ola tshark iproute2 \
	slurm-wlm munge chromium
BENCH_PACKAGES = ffmpeg pango1.0-tools librsvg2-bin time

WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla -Wformat=2 -Wundef
HARDENING = -fstack-protector-strong -fPIE -fcf-protection
HARDENING_LINK = -pie -Wl,-z,relro,-z,now -Wl,--as-needed
flags_release = -O2 -g -D_FORTIFY_SOURCE=2 $(HARDENING)
flags_debug = -O0 -g3
flags_asan = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
flags_tsan = -O1 -g -fsanitize=thread
flags_fuzz = -O1 -g -fsanitize=fuzzer-no-link,address,undefined
link_release = $(HARDENING_LINK)
link_asan = -fsanitize=address,undefined
link_tsan = -fsanitize=thread

ifeq ($(MODE),fuzz)
CC = clang
endif
MODE_FLAGS := $(flags_$(MODE))
ifeq ($(MODE_FLAGS),)
$(error MODE is release, debug, asan or tsan, not "$(MODE)")
endif

BUILD = out/build/$(MODE)
BIN = out/bin/biaoyu
ifneq ($(MODE),release)
BIN = $(BUILD)/biaoyu
endif

BUILD_PACKAGES += python3-jieba
DICTIONARY ?= /usr/lib/python3/dist-packages/jieba/dict.txt
WORDS = out/build/words.bin

ROOMS := $(shell sed -n 's/^\([a-z]*\):.*/\1/p' render/LAYERS)
SOURCES := $(foreach room,$(ROOMS),$(wildcard render/$(room)/*.c))
OBJECTS := $(SOURCES:render/%.c=$(BUILD)/%.o)
TEST_SOURCES := $(wildcard tests/unit/*_test.c)
TESTS := $(TEST_SOURCES:tests/unit/%.c=$(BUILD)/tests/%)

# `:=` and only when something is built: a fresh machine has no pkg-config yet.
BUILD_GOALS := $(filter-out clean help packages test-packages bench-packages campaign pictures test check bench fuzz,$(or $(MAKECMDGOALS),all))
ifneq ($(BUILD_GOALS),)
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null)
endif
CFLAGS_ALL = -std=c17 -D_GNU_SOURCE -Irender -MMD -MP -pthread $(WARNINGS) $(MODE_FLAGS) $(PKG_CFLAGS) $(CFLAGS) $(EXTRA_CFLAGS)
LIBS_ALL = $(PKG_LIBS) -lzint -ldl -lm -pthread $(link_$(MODE)) $(LDFLAGS)

# `make V=1` shows the commands.
Q = $(if $(V),,@)
say = $(if $(V),,@echo "  $(1)	$(2)")

.PHONY: all
all: $(BIN)

$(BUILD)/%.o: render/%.c
	@mkdir -p $(@D)
	$(call say,cc,$<)
	$(Q)$(CC) $(CFLAGS_ALL) -c -o $@ $<

$(BIN): $(OBJECTS) $(BUILD)/main.o | $(if $(wildcard $(DICTIONARY)),$(WORDS))
	@mkdir -p $(@D)
	$(call say,link,$@)
	$(Q)$(CC) $(MODE_FLAGS) -o $@ $^ $(LIBS_ALL)

# ---- jieba's dictionary (MIT) as a file to be mapped: what word-break: phrase knows ----

$(WORDS): render/text/wordlist/compile.c render/text/wordlist/format.h render/text/wordlist/budoux-zh-hans.tsv $(DICTIONARY)
	@mkdir -p $(@D)
	$(call say,words,$@)
	$(Q)$(CC) -std=c17 -Irender -O1 $(WARNINGS) -o out/build/compile-words $< -lm
	$(Q)out/build/compile-words $(DICTIONARY) render/text/wordlist/budoux-zh-hans.tsv $@.part && mv $@.part $@

$(BUILD)/tests/text_test: | $(if $(wildcard $(DICTIONARY)),$(WORDS))

# ---- unit tests: one program a room, linked with the rooms it may use and no other ----

allowed = $(1) $(shell sed -n 's/^$(1)://p' render/LAYERS)
room_objects = $(foreach room,$(call allowed,$(1)),$(patsubst render/%.c,$(BUILD)/%.o,$(wildcard render/$(room)/*.c)))

define test_program
$(BUILD)/tests/$(1)_test: tests/unit/$(1)_test.c $(call room_objects,$(1))
	@mkdir -p $$(@D)
	$$(call say,test,$$@)
	$(Q)$(CC) $(CFLAGS_ALL) -o $$@ $$^ $(LIBS_ALL) -lcmocka
endef
$(foreach test,$(TEST_SOURCES:tests/unit/%_test.c=%),$(eval $(call test_program,$(test))))

.PHONY: unit
unit: $(TESTS)

# `make unit-font`: build and run one room's unit tests
unit-%: $(BUILD)/tests/%_test
	$<

# ---- packages: asked of dpkg, installed only when missing; nothing is asked ----

# $(call need,PACKAGES): print what is missing and install it
define need
	@missing=; for p in $(1); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
		echo "installing:$$missing"; \
		if [ "$$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi; \
		export DEBIAN_FRONTEND=noninteractive; \
		$$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
endef

# Readers, receivers and peers that Debian does not have: tests/npm/package-lock.json into out/npm. Without a registry the tests
# that want them are skipped, by name.
NODE_PACKAGES := $(if $(shell command -v npm),,nodejs npm)
define need_npm
	@if ! cmp -s tests/npm/package-lock.json out/npm/installed; then \
		echo "installing: what tests/npm/package.json names"; \
		rm -rf out/npm && mkdir -p out/npm && cp tests/npm/package.json tests/npm/package-lock.json out/npm/ && \
		if npm ci --prefix out/npm --no-audit --no-fund --ignore-scripts --loglevel=error >/dev/null; then cp tests/npm/package-lock.json out/npm/installed; \
		else echo "npm could not install them: the tests that need them will be skipped"; fi; \
	fi
endef

.PHONY: packages test-packages bench-packages
packages:
	$(call need,$(BUILD_PACKAGES) $(FONT_PACKAGES))

test-packages: packages
	$(call need,$(TEST_PACKAGES) $(NODE_PACKAGES))
	$(call need_npm)

bench-packages: packages
	$(call need,$(BENCH_PACKAGES) $(NODE_PACKAGES))
	$(call need_npm)

# ---- the campaign ----

CAMPAIGN = out/campaign

.PHONY: campaign
campaign: packages
	@$(MAKE) --no-print-directory $(BIN)
	@mkdir -p $(CAMPAIGN)/thumbs
	$(BIN) render layouts/poster.yaml -o $(CAMPAIGN)/poster.pdf
	$(BIN) render layouts/sticker.yaml -o $(CAMPAIGN)/stickers.pdf
	$(BIN) render layouts/leaflet.yaml -o $(CAMPAIGN)/leaflet.pdf
	$(BIN) render layouts/typography.yaml -o $(CAMPAIGN)/typography.pdf
	$(BIN) render layouts/alert.yaml -o $(CAMPAIGN)/alert/
	$(BIN) render layouts/press/poster.yaml -o $(CAMPAIGN)/press/poster.pdf
	$(BIN) render layouts/press/sticker.yaml -o $(CAMPAIGN)/press/stickers.pdf
	$(BIN) render layouts/press/leaflet.yaml -o $(CAMPAIGN)/press/leaflet.pdf
	for screen in led-red led-colour; do \
		$(BIN) render layouts/$$screen.yaml -o $(CAMPAIGN)/$$screen/ --preview $(CAMPAIGN)/$$screen.html && \
		$(BIN) render layouts/$$screen.yaml -o $(CAMPAIGN)/$$screen.gif && \
		$(BIN) render layouts/$$screen.yaml -o $(CAMPAIGN)/$$screen.fseq || exit 1; \
	done
	@layouts/gallery.sh $(BIN) $(CAMPAIGN)
	@echo "open $(CAMPAIGN)/index.html"

# The picture of README.md, drawn from what `make campaign` drew, and those of the manual, each from the layout beside it.
.PHONY: pictures manual-pictures
pictures: campaign manual-pictures
	$(BIN) render layouts/overview.yaml -o layouts/pictures/overview.png

manual-pictures: $(BIN)
	for layout in $(filter-out layouts/pictures/led-%,$(wildcard layouts/pictures/*.yaml)); do $(BIN) render $$layout -o $${layout%.yaml}.png || exit 1; done
	for layout in $(wildcard layouts/pictures/led-*.yaml); do $(BIN) render $$layout -o out/build/pictures/ --format png-sequence --preview $${layout%.yaml}.png || exit 1; done

# ---- tests ----

.PHONY: test check golden reference bench fuzz
test: test-packages
	@$(MAKE) --no-print-directory $(BIN) unit
	@tests/run $(MODE)

check: test-packages
	@$(MAKE) --no-print-directory $(BIN) unit
	@tests/check

golden: $(BIN)
	tests/golden/update $(BIN)

# The reference of the manual, between its markers, from the program
reference: $(BIN)
	@{ sed '/^<!-- reference -->$$/q' layouts/README.md; $(BIN) reference; sed -n '/^<!-- \/reference -->$$/,$$p' layouts/README.md; } >$(BUILD)/manual.md
	@cat $(BUILD)/manual.md >layouts/README.md

# ---- fuzzers: clang's libFuzzer over the kept corpus ----

FUZZ_SECONDS ?= 60
FUZZERS = $(patsubst tests/fuzz/%_fuzz.c,%,$(wildcard tests/fuzz/*_fuzz.c))
FUZZ_ROOMS = base document data font scene
FUZZ_OBJECTS = $(foreach room,$(FUZZ_ROOMS),$(patsubst render/%.c,$(BUILD)/%.o,$(wildcard render/$(room)/*.c)))

# with MODE=fuzz
out/build/fuzz/bin/%: tests/fuzz/%_fuzz.c $(FUZZ_OBJECTS)
	@mkdir -p $(@D)
	$(call say,fuzzer,$@)
	$(Q)$(CC) $(CFLAGS_ALL) -fsanitize=fuzzer -o $@ $^ $(LIBS_ALL)

fuzz: test-packages
	@$(MAKE) --no-print-directory MODE=fuzz $(FUZZERS:%=out/build/fuzz/bin/%)
	@for name in $(FUZZERS); do \
		mkdir -p out/build/fuzz/corpus/$$name; echo "== $$name"; \
		out/build/fuzz/bin/$$name -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -print_final_stats=0 -verbosity=0 \
			-artifact_prefix=out/build/fuzz/found- out/build/fuzz/corpus/$$name tests/fuzz/corpus/$$name || exit 1; \
	done

# What a benchmark measures below the program: lines alone
$(BUILD)/bench/text: tests/bench/text.c $(call room_objects,text)
	@mkdir -p $(@D)
	$(call say,bench,$@)
	$(Q)$(CC) $(CFLAGS_ALL) -o $@ $^ $(LIBS_ALL)

bench: bench-packages
	@$(MAKE) --no-print-directory $(BIN) $(BUILD)/bench/text
	@tests/bench/run $(BIN)

# ---- install, clean, help ----

.PHONY: install clean help
install: $(BIN)
	install -D -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin/biaoyu
	install -D -m 644 fonts/catalogue.yaml $(DESTDIR)$(PREFIX)/share/biaoyu/fonts/catalogue.yaml
	for f in fonts/charsets/*; do install -D -m 644 $$f $(DESTDIR)$(PREFIX)/share/biaoyu/$$f; done
	if [ -f $(WORDS) ]; then install -D -m 644 $(WORDS) $(DESTDIR)$(PREFIX)/share/biaoyu/words.bin; fi
	install -D -m 644 render/cli/biaoyu.1 $(DESTDIR)$(PREFIX)/share/man/man1/biaoyu.1
	install -D -m 644 README.md $(DESTDIR)$(PREFIX)/share/doc/biaoyu/README.md
	install -D -m 644 layouts/README.md $(DESTDIR)$(PREFIX)/share/doc/biaoyu/layouts.md
	install -D -m 644 LICENSE $(DESTDIR)$(PREFIX)/share/doc/biaoyu/LICENSE

clean:
	rm -rf out/build out/bin out/campaign out/bench

help:
	@echo "make             build out/bin/biaoyu (MODE=release|debug|asan|tsan)"
	@echo "make campaign    install what is missing, build, draw the campaign into out/campaign/"
	@echo "make test        every test, with the runner's summary at the end"
	@echo "make check       what a reviewer runs: warnings as errors, headers, layers, sanitizers, another locale"
	@echo "make bench       benchmarks as JSON lines, peers beside them (BENCH=long: 1,000,000 stickers and 3,000 pictures, too)"
	@echo "make fuzz        the fuzzers, FUZZ_SECONDS each (60)"
	@echo "make pictures    draw the README's picture anew"
	@echo "make golden      write the golden files anew (look at the diff)"
	@echo "make reference   write the reference in layouts/README.md anew"
	@echo "make install     DESTDIR= PREFIX=/usr/local"
	@echo "make clean       remove what was built"

-include $(OBJECTS:.o=.d) $(BUILD)/main.d
