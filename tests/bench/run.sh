#!/bin/sh
# Times a cold build, a second build and `cp -r` of the output, in turns on tmpfs, and prints the ratios of their medians.
# usage: tests/bench/run.sh [N …]   (default: 300 1000 10000; RUNS=5; VITRINE=build/vitrine)
here=$(cd "$(dirname "$0")" && pwd)
vitrine=${VITRINE:-$here/../../build/vitrine}
runs=${RUNS:-5}
[ -d /dev/shm ] && TMPDIR=/dev/shm && export TMPDIR
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT INT TERM
now() { date +%s%N; }
median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2) }'; }
timed() { start=$(now); "$@" >"$work/said" 2>&1 || { cat "$work/said" >&2; exit 1; }; echo $(($(now) - start)); }
printf '%8s %8s %10s %10s %10s %12s %12s %10s\n' items files 'cold s' 'again s' 'cp -r s' 'cold ÷ cp' 'again ÷ cp' 'peak MiB'
for n in ${*:-300 1000 10000}; do
	"$here/gen.sh" "$n" "$work/site" || exit 1
	: >"$work/cold"; : >"$work/again"; : >"$work/cp"
	i=0
	while [ $i -lt "$runs" ]; do
		rm -rf "$work/site/public" "$work/site/.public.precedent" "$work/site/.vitrine" "$work/copy"
		timed "$vitrine" build -C "$work/site" --no-sync --quiet >>"$work/cold"
		timed "$vitrine" build -C "$work/site" --no-sync --quiet >>"$work/again"
		timed cp -r "$work/site/public" "$work/copy" >>"$work/cp"
		i=$((i + 1))
	done
	rm -rf "$work/site/public" "$work/site/.public.precedent" "$work/site/.vitrine"
	peak=$( { command -v /usr/bin/time >/dev/null && /usr/bin/time -f %M "$vitrine" build -C "$work/site" --no-sync --quiet 2>&1; } | tail -1)
	files=$(find "$work/copy" -type f | wc -l)
	awk -v n="$n" -v f="$files" -v cold="$(median <"$work/cold")" -v again="$(median <"$work/again")" -v cp="$(median <"$work/cp")" -v peak="${peak:-0}" \
		'BEGIN { printf "%8d %8d %10.3f %10.3f %10.3f %12.2f %12.2f %10.0f\n", n, f, cold / 1e9, again / 1e9, cp / 1e9, cold / cp, again / cp, peak / 1024 }'
	rm -rf "$work/site" "$work/copy"
done
