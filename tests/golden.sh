#!/bin/sh
# Golden cases. Each stands over tests/golden/base:
#   tests/golden/diag/<code>/    site/ laid over the base, expect.txt = what the program says and its exit status
#   tests/golden/runs/<case>/    the same for what no single code is about: formats, languages, options; expect.txt is all that is printed
#   tests/golden/sites/<case>/   site/ laid over the base, expect/ = files of the output, tree.txt = the list of all,
#                                exit = the exit status when it is not 0
# A case may have `args` (words after "vitrine"; default: check or build) and `prepare` (shell, run in the site's folder,
# for what git cannot hold). `retire` in a case's folder lists base files to take away.
# Codes that no shell can provoke stand in tests/golden/unit-covered.txt with the unit test, or the test of serve, that does.
# usage: tests/golden.sh [--accept] [CASE …]     with VITRINE = the program (default build/vitrine)
here=$(cd "$(dirname "$0")" && pwd)
vitrine=${VITRINE:-$here/../build/vitrine}
vitrine=$(cd "$(dirname "$vitrine")" && pwd)/$(basename "$vitrine")
accept=no
[ "$1" = --accept ] && { accept=yes; shift; }
work=$(mktemp -d) || exit 3
trap 'chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0

lay() { # CASE_DIR: makes $work/site
	chmod -R u+w "$work/site" 2>/dev/null
	rm -rf "$work/site" && cp -R "$here/golden/base" "$work/site"
	[ -f "$1/retire" ] && while read -r path; do rm -rf "$work/site/$path"; done <"$1/retire"
	[ -d "$1/site" ] && cp -R "$1/site/." "$work/site/"
	[ -f "$1/prepare" ] && (cd "$work/site" && VITRINE=$vitrine sh "$1/prepare" >/dev/null 2>&1)
	:
}
say() { # STATUS NAME
	if [ "$1" = 0 ]; then echo "ok golden $2"; else echo "not ok golden $2"; failed=1; fi
}
diag_case() {
	lay "$1"
	args=check
	[ -f "$1/args" ] && args=$(cat "$1/args")
	(cd "$work/site" && eval "timeout 60 $vitrine $args" >/dev/null 2>"$work/out"; echo "exit $?" >>"$work/out")
	[ $accept = yes ] && cp "$work/out" "$1/expect.txt"
	code=${1##*/}
	diff -u "$1/expect.txt" "$work/out" && grep -q "\[$code\]" "$work/out"
	say $? "diag/$code"
}
run_case() {
	lay "$1"
	(cd "$work/site" && eval "timeout 60 $vitrine $(cat "$1/args")" >"$work/out" 2>&1; echo "exit $?" >>"$work/out")
	sed -i -e 's/ en [0-9.]* s$/ en N s/' -e 's/  *[0-9.]* ms/ N ms/g' "$work/out"
	[ $accept = yes ] && cp "$work/out" "$1/expect.txt"
	diff -u "$1/expect.txt" "$work/out"
	say $? "runs/${1##*/}"
}
site_case() {
	lay "$1"
	args=build
	[ -f "$1/args" ] && args=$(cat "$1/args")
	wanted=0
	[ -f "$1/exit" ] && wanted=$(cat "$1/exit")
	(cd "$work/site" && eval "timeout 60 $vitrine $args --quiet --no-sync" >"$work/out" 2>&1)
	[ $? = "$wanted" ] || { cat "$work/out"; say 1 "sites/${1##*/}"; return; }
	(cd "$work/site/public" && find . -type f ! -path './.vitrine*' | sort) >"$work/tree"
	if [ $accept = yes ]; then
		cp "$work/tree" "$1/tree.txt"
		[ -d "$1/expect" ] && (cd "$1/expect" && find . -type f) | while read -r f; do cp "$work/site/public/$f" "$1/expect/$f"; done
	fi
	status=0
	diff -u "$1/tree.txt" "$work/tree" || status=1
	for f in $([ -d "$1/expect" ] && cd "$1/expect" && find . -type f | sort); do
		diff -u "$1/expect/$f" "$work/site/public/$f" || status=1
	done
	say $status "sites/${1##*/}"
}
# CODE NAME of every message
codes() { sed -n 's/^DIAG(\([A-Z0-9_]*\), "\([^"]*\)".*/\1 \2/p' "$here/../generator/diag/catalogue.def"; }
all_codes_have_a_case() {
	codes | while read -r code name; do
		[ -f "$here/golden/diag/$name/expect.txt" ] && continue
		file=$(sed -n "s/^$name //p" "$here/golden/unit-covered.txt")
		[ -n "$file" ] && grep -qw -e "$code" -e "$name" "$here/unit/$file" "$here/$file" 2>/dev/null && continue
		echo "# neither a golden case nor a unit test: $name"
	done >"$work/missing"
	cat "$work/missing"
	[ ! -s "$work/missing" ]
	say $? "every code of the catalogue has a case"
}
all_cases_have_a_code() {
	codes | cut -d' ' -f2 | sort >"$work/names"
	{ ls "$here/golden/diag"; cut -d' ' -f1 "$here/golden/unit-covered.txt"; } | sort | comm -13 "$work/names" - >"$work/strays"
	sed 's/^/# no such code: /' "$work/strays"
	[ ! -s "$work/strays" ]
	say $? "every case has a code"
}

if [ $# -gt 0 ]; then
	for c in "$@"; do
		case $c in
		diag/*) diag_case "$here/golden/$c" ;;
		runs/*) run_case "$here/golden/$c" ;;
		sites/*) site_case "$here/golden/$c" ;;
		esac
	done
else
	for c in "$here"/golden/diag/*/; do [ -d "$c" ] && diag_case "${c%/}"; done
	for c in "$here"/golden/runs/*/; do [ -d "$c" ] && run_case "${c%/}"; done
	for c in "$here"/golden/sites/*/; do [ -d "$c" ] && site_case "${c%/}"; done
	all_codes_have_a_case
	all_cases_have_a_code
fi
exit $failed
