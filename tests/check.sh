#!/bin/sh
# All suites; each prints "ok …"/"not ok …" lines, counted at the end as "N passed, N failed". Several run at once; each is shown whole once it
# has ended. What each waits for and the order in which they are taken up: plan(). Where time goes: docs/tests.md.
# usage: tests/check.sh [quick|asan|tsan|search|browser]     (default: everything)
#        SLOTS=N tests/check.sh …     N at once (default: one more than there are processors, for many wait for a clock or a page)
cd "$(dirname "$0")/.." || exit 2
what=${1:-all}
processors=$(nproc)
slots=${SLOTS:-$((processors + 1))}
export CMOCKA_MESSAGE_OUTPUT=TAP

# --- What suites are made of. They run in a process of their own, which knows $log and $id. ---

# What ended children have used of the processors, in seconds. ($(times) would tell what a process just begun has used.)
used() { times >"$log/$id.times"; used=$(awk -F '[ms ]' 'NR == 2 { printf "%.0f", $1 * 60 + $2 + $4 * 60 + $5 }' "$log/$id.times"); }
suite() { # NAME COMMAND…: a suite that ends badly without saying "not ok" counts as one failure
	name=$1; shift
	echo "# --- $name"
	start=$(date +%s)
	used; before=$used
	( "$@" ) 2>&1 || echo "not ok $name (exit $?)"
	echo "# $name: $(($(date +%s) - start)) s"
	used
	echo "# processor: $((used - before)) s"
}
# Builds that others wait for have all processors, the others half of them.
compile() { # NAME: builds quietly, speaks when it fails
	name=$1; shift
	case $what:$id in all:tsan | all:clang) jobs=-j$(((processors + 1) / 2)) ;; *) jobs=-j$processors ;; esac
	if make $jobs "$@" >"$log/$id.make" 2>&1; then echo "ok compile $name"; else tail -40 "$log/$id.make"; echo "not ok compile $name"; return 1; fi
}
units() { # BUILD_DIR: runs all unit tests of a build
	said=$log/$id.unit
	for t in $(ls "$1"/unit/test_* | grep -v '\.d$'); do
		"$t" >"$said" 2>&1 || { [ $? -le 125 ] || echo "not ok ${t##*/} died" >>"$said"; grep -q '^not ok' "$said" || echo "not ok ${t##*/}" >>"$said"; }
		if grep -q '^not ok' "$said"; then cat "$said"; else grep '^ok' "$said" | sed "s/^ok [0-9]* -/ok ${t##*/}:/"; fi
	done
}
manual() {
	if mandoc -T lint -W warning docs/vitrine.1; then echo "ok the manual page is clean"; else echo "not ok manual page"; fi
}
older_node() { # Debian 12 has Node.js 18: what came later fails there, and nowhere else
	if find tests -name '*.mjs' ! -path '*/node_modules/*' -exec grep -nE '\.(with|toSorted|toSpliced|toReversed)\(|groupBy\(|fromAsync\(|withResolvers\(|import\.meta\.(dirname|filename)' {} +
	then echo "not ok tests need a newer Node.js than Debian 12 has"; else echo "ok tests run with the Node.js of Debian 12"; fi
}
demo_build() { # BUILD_DIR OPTIONS: the demonstration portal with a sanitized program
	out=$(mktemp -d)
	dir=$1; shift
	if "$dir/vitrine" build -o "$out/public" --no-sync --quiet "$@"; then echo "ok demonstration built by $dir $*"; else echo "not ok demonstration built by $dir $*"; fi
	rm -rf "$out"
}
tap() { node --test --test-reporter=tap "$@"; }

job() { # ID: one entry of the plan
	case $1 in
	program) suite "compile with gcc" compile "with gcc" all unit-programs build/kill ;;
	# What they install changes what the theme offers. In a folder of their own: make reads all that compilers leave in the one it is given.
	libraries)
		suite "browser libraries" make --no-print-directory B=build/libraries vendor
		suite "browser packages" make --no-print-directory B=build/libraries browser-packages ;;
	texts)
		suite "layers" tests/layers.sh
		suite "symbols" tests/symbols.sh build
		suite "manual" manual
		suite "older Node.js" older_node ;;
	units) suite "unit tests" units build ;;
	golden) suite "golden cases" tests/golden.sh ;;
	errors) suite "mistakes" tests/errors.sh ;;
	properties) suite "properties" tests/properties.sh ;;
	again) suite "nothing changed" tests/again.sh ;;
	sparing) suite "pages taken over" tests/sparing.sh ;;
	posters)
		suite "posters" tests/posters.sh
		suite "charter" tests/charter.sh ;;
	publication) suite "publication" env -u TMPDIR tests/publication/run.sh build ;;
	serve) suite "serve" tap tests/serve/*.test.mjs ;;
	soak) suite "soak of serve" node tests/serve/soak.mjs 300 50 60 ;;
	clang) suite "compile with clang" compile "with clang" B=build/clang CC=clang OPT=-O2 all unit-programs ;;
	clang-units) suite "unit tests, clang" units build/clang ;;
	asan) suite "compile with ASan and UBSan" compile "with ASan and UBSan" asan-programs ;;
	asan-units) suite "unit tests, ASan and UBSan" units build/asan ;;
	asan-golden) suite "golden cases, ASan and UBSan" env VITRINE=build/asan/vitrine tests/golden.sh ;;
	asan-demo) suite "demonstration, ASan and UBSan" demo_build build/asan ;;
	asan-soak) suite "soak of serve, ASan and UBSan" env VITRINE=build/asan/vitrine ASAN_OPTIONS=quarantine_size_mb=4 node tests/serve/soak.mjs 150 20 120 ;;
	fuzz) suite "fuzzers" make --no-print-directory fuzz FUZZ_TIME=10 ;;
	tsan) suite "compile with TSan" compile "with TSan" tsan-programs ;;
	tsan-units) suite "unit tests, TSan" units build/tsan ;;
	tsan-demo) suite "demonstration, TSan" demo_build build/tsan -j8 ;;
	tsan-soak) suite "soak of serve, TSan" env VITRINE=build/tsan/vitrine node tests/serve/soak.mjs 150 20 120 ;;
	search) suite "search" tap tests/search/*.test.mjs ;;
	browser:*) suite "browser: ${1#*:}" tap "tests/browser/${1#*:}.test.mjs" ;;
	*) echo "not ok $1: no such job" ;;
	esac
}

# --- What is run: "ID NEED…", in the order in which it is taken up when there is room and all that it needs has ended: the longest first. ---

quick="sparing again publication serve soak properties errors golden units posters texts"
asan="asan-soak asan-golden asan-units asan-demo"
tsan="tsan-soak tsan-units tsan-demo"
browser() { # NEEDS: the pages of all portals take longest by far
	echo "browser:pages $*"
	for t in tests/browser/*.test.mjs; do b=${t##*/}; [ "$b" = pages.test.mjs ] || echo "browser:${b%.test.mjs} $*"; done
}
each() { needs=$1; shift; for j in "$@"; do echo "$j $needs"; done; }
plan() {
	case $what in
	quick) echo program; each program $quick ;;
	asan) echo asan; each asan $asan ;;
	tsan) echo tsan; each tsan $tsan ;;
	search) echo search ;;
	browser) echo libraries; browser libraries ;;
	all)
		echo program; echo libraries
		browser "program libraries" | head -1
		echo "asan program"; echo "tsan program"
		each "asan libraries" asan-soak fuzz
		each "tsan libraries" tsan-soak
		each "program libraries" $quick search
		echo "clang program"
		browser "program libraries" | tail -n +2
		each "asan libraries" $asan; each "tsan libraries" $tsan; echo "clang-units clang" ;;
	*) echo "usage: tests/check.sh [quick|asan|tsan|search|browser]" >&2; return 2 ;;
	esac | awk '!seen[$1]++'
}

if [ "$what" = --job ]; then
	what=$2 id=$3 log=$4
	job "$id"
	exit
fi

# --- Running them. Each job is a process group of its own, so that all it started ends with it. ---

log=$(mktemp -d) || exit 3
reader=
stop() { # asks all to end, waits five seconds, ends what is left
	[ -z "$reader" ] || kill "$reader" 2>/dev/null
	groups=$(cat "$log"/*.group 2>/dev/null)
	for group in $groups; do kill -s TERM -- "-$group" 2>/dev/null; done
	n=0
	for group in $groups; do while kill -s 0 -- "-$group" 2>/dev/null && [ $n -lt 50 ]; do sleep 0.1; n=$((n + 1)); done; done
	for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
	chmod -R u+w "$log" && rm -rf "$log"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
plan >"$log/plan" || exit 2
mkdir "$log/tmp" && mkfifo "$log/ended" && exec 3<>"$log/ended" || exit 3

start() { # ID: what a background process of a shell ignores (an interruption), suites must be able to send
	(
		TMPDIR=$log/tmp setsid env --default-signal=INT,QUIT sh tests/check.sh --job "$what" "$1" "$log" </dev/null >"$log/$1.shown" 2>&1 3>&- 4>&- &
		echo $! >"$log/$1.group"
		wait $! 2>/dev/null; status=$?
		rm -f "$log/$1.group"
		echo "$1 $status" >&3
	) &
}
ready() { shift; for need in "$@"; do case $ended in *" $need "*) ;; *) return 1 ;; esac; done; }
take_up() { # Starts what can be: leaves the rest in the plan.
	while read -r entry; do
		if [ $running -lt "$slots" ] && ready $entry; then start "${entry%% *}"; running=$((running + 1)); else echo "$entry" >&4; fi
	done <"$log/plan" 4>"$log/rest"
	mv "$log/rest" "$log/plan"
}
ended=" " running=0
take_up
while [ $running -gt 0 ]; do
	# A signal ends a wait at once, a read only with the next line.
	( read -r line <&3; echo "$line" >"$log/line" ) & reader=$!
	wait $reader; reader=
	read -r id status <"$log/line"
	running=$((running - 1)) ended="$ended$id "
	[ "$status" = 0 ] || echo "not ok $id (ended with $status)" >>"$log/$id.shown"
	cat "$log/$id.shown"
	take_up
done
sed 's/^/not ok never begun, for what it needs has not ended: /' "$log/plan" | tee "$log/left.shown"

cat "$log"/*.shown >"$log/all"
passed=$(grep -cE '^ *ok ' "$log/all")
failed=$(grep -cE '^ *not ok ' "$log/all")
grep -E '^ *not ok ' "$log/all" | sed 's/^ */# failed: /'
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
