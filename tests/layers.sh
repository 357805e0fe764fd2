#!/bin/sh
# Reads the chains of docs/architecture.md and fails when an #include of generator/ goes against them.
# usage: tests/layers.sh   (prints one "ok"/"not ok" line)
cd "$(dirname "$0")/.." || exit 2
awk '
FNR == 1 && FILENAME != table { room = FILENAME; sub(/^generator\//, "", room); sub(/\/.*/, "", room); sub(/\.[ch]$/, "", room)
	if (room ~ /^(vitrine|again|ahead|build_files|explain|memo|preview|profile|reload|sparing)$/) room = "build" }
FILENAME == table && /^```layers/ { inside = 1; next }
FILENAME == table && /^```/ { inside = 0 }
FILENAME == table && inside { for (i = 1; i <= NF; i++) { rooms[$i] = 1; for (j = 1; j < i; j++) before[$i, $j] = 1 } next }
FILENAME == table { next }
/^#include "/ {
	split($0, q, "\""); n = split(q[2], part, "/")
	target = n > 1 ? part[1] : (q[2] ~ /^(vitrine|build|preview)\.h$/ ? "build" : q[2])
	if (target == room) next
	seen[room, target] = FILENAME ":" FNR
}
END {
	# what a room may include: before it in a chain, and what those may include
	do { changed = 0
		for (p in before) { split(p, x, SUBSEP)
			for (t in rooms) if (((x[2], t) in before) && !((x[1], t) in before)) { before[x[1], t] = 1; changed = 1 } }
	} while (changed)
	for (s in seen) { split(s, x, SUBSEP)
		if (!(x[1] in rooms)) { print seen[s] ": the room " x[1] " is in no chain of " table; bad = 1 }
		else if (!((x[1], x[2]) in before)) { print seen[s] ": " x[1] " may not include " x[2]; bad = 1 } }
	print (bad ? "not ok" : "ok") " layers: includes follow docs/architecture.md"
	exit bad
}' table=docs/architecture.md docs/architecture.md $(find generator -name '*.[ch]' | sort)
