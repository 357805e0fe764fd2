#!/bin/sh
# All suites; each prints "ok …"/"not ok …" lines, counted at the end as "N passed, N failed". With everything, those that need a browser
# run beside the others and are shown after them.
# usage: tests/check.sh [quick|asan|tsan|search|browser]     (default: everything)
cd "$(dirname "$0")/.." || exit 2
what=${1:-all}
log=$(mktemp) || exit 3
beside=
trap 'rm -f "$log" "$log".*; [ -z "$beside" ] || kill "$beside" 2>/dev/null' EXIT INT TERM
jobs=-j$(nproc)
export CMOCKA_MESSAGE_OUTPUT=TAP

suite() { # NAME COMMAND…: a suite that ends badly without saying "not ok" counts as one failure
	name=$1; shift
	echo "# --- $name"
	start=$(date +%s)
	{ "$@"; echo "exit $?" >"$log.status"; } 2>&1 | tee -a "$log"
	status=$(sed -n 's/^exit //p' "$log.status"); rm -f "$log.status"
	[ "$status" = 0 ] || echo "not ok $name (exit $status)" | tee -a "$log"
	echo "# $name: $(($(date +%s) - start)) s"
}
compile() { # NAME: builds quietly, speaks when it fails
	name=$1; shift
	if make $jobs "$@" >"$log.make" 2>&1; then echo "ok compile $name"; else tail -40 "$log.make"; echo "not ok compile $name"; return 1; fi
	rm -f "$log.make"
}
units() { # BUILD_DIR: runs all unit tests of a build
	for t in $(ls "$1"/unit/test_* | grep -v '\.d$'); do
		"$t" >"$log.unit" 2>&1 || { [ $? -le 125 ] || echo "not ok ${t##*/} died" >>"$log.unit"; grep -q '^not ok' "$log.unit" || echo "not ok ${t##*/}" >>"$log.unit"; }
		if grep -q '^not ok' "$log.unit"; then cat "$log.unit"; else grep '^ok' "$log.unit" | sed "s/^ok [0-9]* -/ok ${t##*/}:/"; fi
	done
	rm -f "$log.unit"
}
unit_targets() { for t in tests/unit/test_*.c; do b=${t##*/}; echo "$1/unit/${b%.c}"; done; }
manual() {
	if mandoc -T lint -W warning docs/vitrine.1; then echo "ok the manual page is clean"; else echo "not ok manual page"; fi
}
demo_build() { # BUILD_DIR OPTIONS: the demonstration portal with a sanitized program
	out=$(mktemp -d)
	dir=$1; shift
	if "$dir/vitrine" build -o "$out/public" --no-sync --quiet "$@"; then echo "ok demonstration built by $dir $*"; else echo "not ok demonstration built by $dir $*"; fi
	rm -rf "$out"
}

program() {
	suite "compile with gcc" compile "with gcc" all $(unit_targets build)
}
quick() {
	suite "layers" tests/layers.sh
	suite "symbols" tests/symbols.sh build
	suite "manual" manual
	suite "unit tests" units build
	suite "golden cases" tests/golden.sh
	suite "mistakes" tests/errors.sh
	suite "properties" tests/properties.sh
	suite "nothing changed" tests/again.sh
	suite "posters" tests/posters.sh
	suite "charter" tests/charter.sh
	suite "publication" tests/publication/run.sh build
	suite "serve" node --test --test-reporter=tap tests/serve/serve.test.mjs
	suite "soak of serve" node tests/serve/soak.mjs 300 50 60
}
clang() {
	suite "compile with clang" compile "with clang" B=build/clang CC=clang all $(unit_targets build/clang)
	suite "unit tests, clang" units build/clang
}
asan() {
	suite "compile with ASan and UBSan" compile "with ASan and UBSan" B=build/asan CC=clang CFLAGS=-DVITRINE_DEBUG OPT="-O1 -g" \
		SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=undefined" all $(unit_targets build/asan)
	suite "unit tests, ASan and UBSan" units build/asan
	suite "golden cases, ASan and UBSan" env VITRINE=build/asan/vitrine tests/golden.sh
	suite "demonstration, ASan and UBSan" demo_build build/asan
	suite "soak of serve, ASan and UBSan" env VITRINE=build/asan/vitrine ASAN_OPTIONS=quarantine_size_mb=4 node tests/serve/soak.mjs 150 20 120
}
tsan() {
	suite "compile with TSan" compile "with TSan" B=build/tsan CC=clang CFLAGS=-DVITRINE_DEBUG OPT="-O1 -g" SANITIZE="-fsanitize=thread" all $(unit_targets build/tsan)
	suite "unit tests, TSan" units build/tsan
	suite "demonstration, TSan" demo_build build/tsan -j8
	suite "soak of serve, TSan" env VITRINE=build/tsan/vitrine node tests/serve/soak.mjs 150 20 120
}
search() {
	suite "search" node --test --test-reporter=tap tests/search/*.test.mjs
}
# Before anything else runs beside them: what they install changes what the theme offers.
libraries() {
	suite "browser libraries" make --no-print-directory vendor
	suite "browser packages" make --no-print-directory browser-packages
}
browser() {
	suite "browser" node --test --test-reporter=tap tests/browser/*.test.mjs
}
everything() {
	program
	libraries
	( log=$log.beside; browser >"$log.shown" 2>&1 ) & beside=$!
	quick; clang; asan; tsan; search; suite "fuzzers" make --no-print-directory fuzz FUZZ_TIME=10
	wait "$beside"; beside=
	cat "$log.beside.shown"
	cat "$log.beside" >>"$log"
}

case $what in
quick) program; quick ;;
asan) asan ;;
tsan) tsan ;;
search) search ;;
browser) libraries; browser ;;
all) everything ;;
*) echo "usage: tests/check.sh [quick|asan|tsan|search|browser]" >&2; exit 2 ;;
esac

passed=$(grep -cE '^ *ok ' "$log")
failed=$(grep -cE '^ *not ok ' "$log")
grep -E '^ *not ok ' "$log" | sed 's/^ */# failed: /'
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
