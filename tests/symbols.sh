#!/bin/sh
# No mutable file-scope variable outside os/: nm must show no b, B, d, D (or C) symbol but those allowed here. And every library that the
# program is linked with is named by --version.
# usage: tests/symbols.sh BUILD_DIR   (objects built without sanitizers)
cd "$(dirname "$0")/.." || exit 2
build=${1:-build}
# Read-only tables with pointers land in .data.rel.ro, which nm calls d/D: tell them by section, not by letter.
bad=0
for object in $(find "$build/obj" -name '*.o' ! -path '*/os/*' | sort); do
	found=$(objdump -t "$object" | awk '$0 ~ / O / && $0 ~ /[ \t]\.(data|bss|data\.[^r][^ ]*|bss\.[^ ]*)[ \t]/ && $0 !~ /\.data\.rel\.ro/ { print $NF }' | grep -v '^__' || true)
	[ -n "$found" ] && { echo "$object: mutable file-scope variables: $found"; bad=1; }
done
[ $bad = 0 ] && echo "ok symbols: no mutable file-scope variable outside os/" || echo "not ok symbols"
unnamed=$("$build/vitrine" --version >"$build/version" && readelf -d "$build/vitrine" | sed -n 's/.*NEEDED.*\[lib\([a-zA-Z]*\).*/\1/p' | while read -r library; do
	case $library in c | m | gcc) continue ;; icu*) library=icu ;; esac
	grep -qi "$library" "$build/version" || echo "$library"
done)
[ -s "$build/version" ] && [ -z "$unnamed" ] && echo "ok --version names all libraries" || { echo "not ok --version does not name: $unnamed"; bad=1; }
exit $bad
