#!/bin/sh
# Runs each fuzzer for a time, from a corpus of the golden sources. usage: tests/fuzz.sh DIR SECONDS
here=$(cd "$(dirname "$0")" && pwd)
fuzzers=$(cd "$1" && pwd) || exit 2
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0
mkdir "$work/seeds"
n=0
find "$here/golden" "$here/template" "$here/../content" -type f -size -16k \( -name '*.md' -o -name '*.yaml' -o -name '*.html' -o -name '*.ics' -o -name '*.json' \) | sort | while read -r f; do
	n=$((n + 1)); cp "$f" "$work/seeds/$n"
done
for fuzzer in "$fuzzers"/fuzz_*; do
	case $fuzzer in *.d|*.dSYM) continue ;; esac
	name=${fuzzer##*/}
	mkdir "$work/$name"
	if (cd "$work" && "$fuzzer" -max_total_time="$2" -timeout=10 -rss_limit_mb=2048 -print_final_stats=0 -verbosity=0 "$work/$name" "$work/seeds") >"$work/$name.log" 2>&1; then
		echo "ok $name for $2 s"
	else
		tail -40 "$work/$name.log"; echo "not ok $name"; failed=1
	fi
done
exit $failed
