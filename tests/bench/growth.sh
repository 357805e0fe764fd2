#!/bin/sh
# Does a page of a large portal cost what one of a small portal costs? Cold builds of the pages on which generators are compared, each beside `cp -r`
# of its output, in memory that the machine has at hand (tests/bench/warm.c). Each turn goes through all sizes; of the largest there is one turn.
# usage: tests/bench/growth.sh WARM [N …]     items; default 9235 92350 923500, which are 10, 100 and 990 thousand pages
#   TURNS=5  VITRINE=build/vitrine
#   FOLDER=/dev/shm    the largest wants 24 GiB of memory and four million inodes: mount -t tmpfs -o size=22g,nr_inodes=5000000 tmpfs FOLDER
here=$(cd "$(dirname "$0")" && pwd)
vitrine=${VITRINE:-$here/../../build/vitrine}
[ $# -gt 0 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
warm=$1; shift
tmp=$(mktemp -d -p "${FOLDER:-/dev/shm}") || exit 3
trap 'rm -rf "$tmp"' EXIT INT TERM
sizes=${*:-9235 92350 923500}
for n in $sizes; do largest=$n; done

measured() { # N NAME COMMAND…: adds what it took to the list
	size=$1 name=$2; shift 2
	"$warm" "$@" 3>"$tmp/took" >"$tmp/said" 2>&1 || { head -3 "$tmp/said" >&2; exit 1; }
	echo "$size $name $(cat "$tmp/took")" >>"$tmp/list"
}
turn() { # N
	[ -d "$tmp/$1" ] || "$here/peers/gen.sh" "$1" "$tmp/$1" || exit 1
	measured "$1" build "$vitrine" build -C "$tmp/$1" -o "$tmp/out" --no-sync --quiet
	[ "$1" = "$largest" ] && rm -rf "${tmp:?}/$1"        # its copy would have no room beside it
	echo "$1 pages $(find "$tmp/out" -name '*.html' | wc -l)" >>"$tmp/list"
	measured "$1" cp cp -r "$tmp/out" "$tmp/copy"
	rm -rf "$tmp/copy" "$tmp/out" "$tmp"/.out.* "$tmp/$1/.vitrine"
}

i=0
while [ $i -lt "${TURNS:-5}" ]; do
	for n in $sizes; do
		[ "$n" = "$largest" ] && [ $i -lt $((${TURNS:-5} - 1)) ] || turn "$n"
	done
	i=$((i + 1))
done
awk "$(cat "$here/median.awk")"'
function of(n, what, field,   a, i) { for (i = 1; i <= count[n, what]; i++) a[i] = v[n, what, i, field]; return median(a, count[n, what]) }
$2 == "pages" { pages[$1] = $3; next }
{ if (!seen[$1]++) order[++n_sizes] = $1; k = ++count[$1, $2]; for (f = 3; f <= 6; f++) v[$1, $2, k, f] = $f }
END {
	for (s = 1; s <= n_sizes; s++) {
		n = order[s]; p = pages[n]; peak = of(n, "build", 6)
		clock[s] = of(n, "build", 3) / p * 1e6
		printf "%d pages, turns %d: %.2f s, %.1f µs a page (processor: user %.1f, system %.1f); cp -r %.2f s (system %.1f µs a page); %.2f × cp -r; ", p,
			count[n, "build"], of(n, "build", 3), clock[s], of(n, "build", 4) / p * 1e6, of(n, "build", 5) / p * 1e6, of(n, "cp", 3),
			of(n, "cp", 5) / p * 1e6, of(n, "build", 3) / of(n, "cp", 3)
		each = peak > 51200 ? (peak - 51200) / p : 0
		printf "peak %.0f MiB, %.2f KiB a page beyond 50 MiB%s\n", peak / 1024, each, (each > 8 ? "   floor 8  MISSED" : "")
		if (s > 1)
			printf "  a page takes %.2f times as long as one of %d%s\n", clock[s] / clock[s - 1], pages[order[s - 1]], (clock[s] > clock[s - 1] * 1.15 ? "   floor 1.15  MISSED" : "")
	}
}' "$tmp/list"
