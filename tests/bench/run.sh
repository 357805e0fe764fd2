#!/bin/sh
# Measures builds against `cp -r` of their own output, and against Hugo where there is one, in turns: each turn does everything once, ratios are
# taken within a turn, and the median of the turns is told. What misses a floor is marked; nothing fails, since another machine may be slower.
#   portail   our own model with the whole default theme
#   peers     the pages on which generators are compared (tests/bench/peers): the same pages from Hugo, which compare.mjs checks
# cold: nothing there. again: the second build, which writes the second of the two trees. third: the next without a change.
# edit: after a change of one offer. pictured (portail, 300 items): nothing there but the pictures of links, as the budget of small portals has it.
# usage: tests/bench/run.sh [N …]      items; default 1000 10000 100000 (a million: growth.sh)
#   RUNS=5  PORTALS="peers portail"  VITRINE=build/vitrine  HUGO=hugo  HUGO_MOST=10000 (items)  DISK=FOLDER (10000 items there, too)
#   RUN= a command before each measured one ("nice", "chrt -f 10")  PAUSE=0 (seconds before each turn)
#   INSTRUCTIONS="1000 2000" (the two sizes for counting; "" for none)
here=$(cd "$(dirname "$0")" && pwd)
vitrine=${VITRINE:-$here/../../build/vitrine}
runs=${RUNS:-5}
hugo=${HUGO-$(command -v hugo)}
[ -d /dev/shm ] && TMPDIR=/dev/shm && export TMPDIR
tmp=$(mktemp -d) || exit 3
disk=
trap 'rm -rf "$tmp" ${disk:+"$disk"}' EXIT INT TERM
work=$tmp

now() { date +%s%N; }
timed() { # NAME COMMAND…: adds the milliseconds it took to the line of this turn
	name=$1; shift
	start=$(now)
	$RUN "$@" >"$tmp/said" 2>&1 || { cat "$tmp/said" >&2; exit 1; }
	printf ' %s=%s' "$name" $((($(now) - start) / 1000)) >>"$tmp/turns"
}
build() { timed "$1" "$vitrine" build -C "$work/site" --no-sync --quiet; }
generate() { # PORTAL N FOLDER
	if [ "$1" = peers ]; then "$here/peers/gen.sh" "$2" "$3"; else "$here/gen.sh" "$2" "$3"; fi
}
# Old trees are moved aside: on a disk, what is written after a large removal is slower.
nothing() {
	aside=$work/aside/$(now)
	mkdir -p "$aside" && for f in "$work/site/public" "$work"/site/.public.* "$work/site/.vitrine" "$work/copy" "$work/pages"; do
		[ -e "$f" ] && mv "$f" "$aside/"
	done
	[ "$work" = "$tmp" ] && rm -rf "$work/aside"
	:
}
# A cold build, but for the pictures that the builds before it painted.
pictured() {
	mv "$work/site/.vitrine/apercus.pack" "$work/apercus.pack" || exit 1
	nothing
	mkdir "$work/site/.vitrine" && mv "$work/apercus.pack" "$work/site/.vitrine/" || exit 1
	build pictured
}
turn() { # PORTAL N TURN
	nothing
	sleep "${PAUSE:-0}"
	build cold
	build again
	build third
	printf '\nUne phrase de plus, numéro %d.\n' "$3" >>"$work/site/content/offres/offre-7.md"
	build edit
	[ "$1 $2" = "portail 300" ] && pictured
	timed cp cp -r "$work/site/public" "$work/copy"
	[ -d "$work/hugo" ] && timed hugo "$hugo" -s "$work/hugo" -d "$work/pages" --quiet
	echo >>"$tmp/turns"
}
peak() { # COMMAND…: the resident memory in KiB
	[ -x /usr/bin/time ] || { echo 0; return; }
	nothing
	/usr/bin/time -o "$tmp/peak" -f %M "$@" >/dev/null 2>&1
	tail -1 "$tmp/peak"
}
pages() { find "$1" -name '*.html' | wc -l; }

# --- what is told ---
tell() { # PORTAL N PAGES FILES PEAK HUGO_PEAK WHERE
	awk -v portal="$1" -v n="$2" -v pages="$3" -v files="$4" -v peak="$5" -v hugo_peak="$6" -v where="$7" -v list="$tmp/medians" "$(cat "$here/median.awk")"'
	function of(name, by,   a, i) { for (i = 1; i <= NR; i++) a[i] = by == "" ? v[i, name] : v[i, name] / v[i, by]; return median(a, NR) }
	function mark(value, floor) { return floor == "" ? "" : sprintf("   floor %s%s", floor, value > floor ? "  MISSED" : "") }
	function line(name, floor,   r) {
		r = of(name, "cp")
		printf "  %-6s %9.3f s  %9.0f pages/s  %7.2f × cp -r%s\n", name, of(name) / 1e6, pages / of(name) * 1e6, r, mark(r, floor)
	}
	{ for (i = 1; i <= NF; i++) { split($i, p, "="); v[NR, p[1]] = p[2] } }
	END {
		large = n >= 10000 && where == "tmpfs"
		printf "%s, %d items, %d pages, %d files, %s; medians of %d turns\n", portal, n, pages, files, where, NR
		printf "  cp -r  %9.3f s\n", of("cp") / 1e6
		line("cold", large ? 4 : ""); line("again", large ? 1 : ""); line("third"); line("edit", large ? 1.5 : "")
		if ((1, "hugo") in v) {
			r = of("hugo", "cold")
			printf "  Hugo   %9.3f s, %.1f times the time of our cold build%s; peak %.0f MiB\n", of("hugo") / 1e6, r,
				large ? sprintf("   floor 8%s", r < 8 ? "  MISSED" : "") : "", hugo_peak / 1024
		}
		if ((1, "pictured") in v) printf "  cold with the pictures of links kept: %.3f s%s\n", of("pictured") / 1e6, mark(of("pictured") / 1e6, 0.2)
		if (peak > 0) {
			beyond = peak > 51200 ? (peak - 51200) / pages : 0
			printf "  peak %.0f MiB, %.2f KiB a page beyond 50 MiB%s\n", peak / 1024, beyond, mark(beyond, 8)
		}
		each = of("cold") / pages
		while ((getline former < list) > 0) {
			split(former, w, " ")
			if (w[1] == portal && w[2] == where && w[3] * 10 == n && w[3] >= 10000) {
				printf "  growth from %d: %.2f times the time a page; as multiple of cp -r %.2f times%s\n", w[3], each / w[4], of("cold", "cp") / w[5],
					mark(of("cold", "cp") / w[5], 1.15)
			}
		}
		print portal, where, n, each, of("cold", "cp") >> list
	}' "$tmp/turns"
}

measure() { # PORTAL N WHERE
	generate "$1" "$2" "$work/site" || exit 1
	if [ "$1" = peers ] && [ -n "$hugo" ] && [ "$2" -le "${HUGO_MOST:-10000}" ] && [ "$3" = tmpfs ]; then
		"$here/peers/hugo/setup.sh" "$work/site" "$work/hugo" && "$hugo" -s "$work/hugo" -d "$work/pages" --quiet && "$vitrine" build -C "$work/site" --no-sync --quiet || exit 1
		if command -v node >/dev/null; then node "$here/peers/compare.mjs" "$work/site/public" "$work/pages" || exit 1; fi
	fi
	: >"$tmp/turns"
	i=0
	while [ $i -lt "$runs" ]; do
		turn "$1" "$2" $i
		i=$((i + 1))
	done
	pages=$(pages "$work/copy") files=$(find "$work/copy" -type f | wc -l) hugo_peak=0
	[ -d "$work/hugo" ] && hugo_peak=$(peak "$hugo" -s "$work/hugo" -d "$work/pages" --quiet)
	tell "$1" "$2" "$pages" "$files" "$(peak "$vitrine" build -C "$work/site" --no-sync --quiet)" "$hugo_peak" "$3"
	rm -rf "$work/site" "$work/copy" "$work/hugo" "$work/pages"
}

# --- instructions, which no other work on the machine changes: one thread, a cold build; the start, which is the same for every size, drops out ---
count() { # the instructions of a cold build of $tmp/site
	nothing
	if perf stat -x, -e instructions:u true 2>&1 | grep -q '^[0-9]'; then
		perf stat -x, -o "$tmp/counted" -e instructions:u "$vitrine" build -C "$tmp/site" --no-sync --quiet -j 1 >/dev/null 2>&1
		sed -n 's/^\([0-9][0-9]*\),.*instructions.*/\1/p' "$tmp/counted"
	else
		valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null "$vitrine" build -C "$tmp/site" --no-sync --quiet -j 1 2>&1 |
			sed -n 's/^.*I *refs: *//p' | tr -d ','
	fi
}
instructions() { # PORTAL SMALL LARGE
	for n in $2 $3; do
		generate "$1" "$n" "$tmp/site" || exit 1
		eval "of_$n=$(count)"
		[ -d "$tmp/site/public" ] || { echo "$1: instructions not counted: the build of $n items did not end well"; rm -rf "$tmp/site"; return; }
		eval "pages_$n=$(pages "$tmp/site/public")"
		rm -rf "$tmp/site"
	done
	eval "awk -v portal=$1 -v a=\$of_$2 -v b=\$of_$3 -v p=\$pages_$2 -v q=\$pages_$3" \
		"'BEGIN { each = (b - a) / (q - p); printf \"%s: %.0f thousand instructions a page, %.0f million for the start\n\", portal, each / 1e3, (a - each * p) / 1e6 }'"
}

for portal in ${PORTALS:-peers portail}; do for n in ${*:-1000 10000 100000}; do
	measure "$portal" "$n" tmpfs
done; done
if [ -n "$DISK" ]; then
	mkdir -p "$DISK" && disk=$(mktemp -d "$DISK/bench.XXXXXX") || exit 3
	work=$disk
	measure peers 10000 disk
	work=$tmp
fi
sizes=${INSTRUCTIONS-1000 2000}
if [ -n "$sizes" ] && { command -v valgrind || command -v perf; } >/dev/null; then
	for portal in ${PORTALS:-peers portail}; do instructions "$portal" $sizes; done
else
	echo "# no instructions counted"
fi
