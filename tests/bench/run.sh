#!/bin/sh
# Times a cold build, a second build, a build after one edit and `cp -r` of the output, in turns on tmpfs, and prints the ratios of
# their medians and the peak memory of a cold build (0 without GNU time).
# Two portals: `portail`, our own model with the whole default theme, and `peers`, the lighter pages on which other generators are
# compared (tests/bench/peers: same kinds of facts, lists, related items, feed, export).
# usage: tests/bench/run.sh [N …]   (default: 300 1000 10000; RUNS=5; PORTALS="portail peers"; VITRINE=build/vitrine)
here=$(cd "$(dirname "$0")" && pwd)
vitrine=${VITRINE:-$here/../../build/vitrine}
runs=${RUNS:-5}
[ -d /dev/shm ] && TMPDIR=/dev/shm && export TMPDIR
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT INT TERM
now() { date +%s%N; }
median() { sort -n "$work/$1" | awk '{ v[NR] = $1 } END { print (NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2) }'; }
timed() { # NAME COMMAND…: adds the nanoseconds it took to $work/NAME
	name=$1; shift
	start=$(now)
	"$@" >"$work/said" 2>&1 || { cat "$work/said" >&2; exit 1; }
	echo $(($(now) - start)) >>"$work/$name"
}
build() { timed "$1" "$vitrine" build -C "$work/site" --no-sync --quiet; }
generate() { # PORTAL N
	if [ "$1" = peers ]; then "$here/peers/gen.sh" "$2" "$work/site"; else "$here/gen.sh" "$2" "$work/site"; fi
}
nothing() { rm -rf "$work/site/public" "$work"/site/.public.* "$work/site/.vitrine" "$work/copy"; }
peak() {
	[ -x /usr/bin/time ] || { echo 0; return; }
	nothing
	/usr/bin/time -f %M "$vitrine" build -C "$work/site" --no-sync --quiet 2>&1 | tail -1
}
printf '%-8s %8s %8s %8s %8s %8s %8s %11s %11s %11s %9s\n' portal items files 'cold s' 'again s' 'edit s' 'cp -r s' 'cold : cp' 'again : cp' 'edit : cp' 'peak MiB'
for portal in ${PORTALS:-portail peers}; do for n in ${*:-300 1000 10000}; do
	generate "$portal" "$n" || exit 1
	rm -f "$work/cold" "$work/again" "$work/edit" "$work/cp"
	i=0
	while [ $i -lt "$runs" ]; do
		nothing
		build cold
		build again
		printf '\nUne phrase de plus, numéro %d.\n' "$i" >>"$work/site/content/offres/offre-7.md"
		build edit
		timed cp cp -r "$work/site/public" "$work/copy"
		i=$((i + 1))
	done
	awk -v portal="$portal" -v n="$n" -v f="$(find "$work/copy" -type f | wc -l)" -v cold="$(median cold)" -v again="$(median again)" -v edit="$(median edit)" -v cp="$(median cp)" \
		-v peak="$(peak)" 'BEGIN { printf "%-8s %8d %8d %8.3f %8.3f %8.3f %8.3f %11.2f %11.2f %11.2f %9.0f\n", portal, n, f, cold / 1e9, again / 1e9, edit / 1e9, cp / 1e9,
		cold / cp, again / cp, edit / cp, peak / 1024 }'
	rm -rf "$work/site" "$work/copy"
done; done
