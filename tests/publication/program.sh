#!/bin/sh
# The program itself, killed with SIGKILL at random instants of builds that change every page: each time the published tree
# must be exactly the one before or exactly the new one, and the next build must succeed.
# usage: tests/publication/program.sh PROGRAM [KILLS [SEED]]
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
vitrine=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
kills=${2:-200}
seed=${3:-1}
[ -n "${TMPDIR:-}" ] || { [ -w /dev/shm ] && TMPDIR=/dev/shm || TMPDIR=/tmp; }
dir=$(mktemp -d "$TMPDIR/vitrine-program-XXXXXX") || exit 3
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
site=$dir/site
cp -R "$here/golden/base" "$site" && rm -rf "$site/.vitrine" "$site/public" && cd "$site" || exit 3
i=0
while [ $i -lt 300 ]; do
	sed "s/^titre: .*/titre: Fiche $i/" content/fiches/une.md >"content/fiches/f$i.md"
	i=$((i + 1))
done
base=themes/mini/layouts/base.html
sed 's/<h1>/<h1>A /' "$base" >"$dir/A"
sed 's/<h1>/<h1>B /' "$base" >"$dir/B"
build() { "$vitrine" build --no-sync --quiet "$@"; }
fail() { echo "not ok program: $*"; exit 1; }
is() { diff -r -q public "$dir/tree-$1" >/dev/null 2>&1; }

for x in A B; do
	cp "$dir/$x" "$base" && build && cp -R public "$dir/tree-$x" || fail "cannot build $x"
done
is A && fail "the two trees are the same"
# The quickest and the slowest of several builds that change every page; kills fall between, by the logarithm, so that a busy
# machine does not send them all before the exchange or all after it.
took=100000 slow=1
for x in A B A B A B; do
	cp "$dir/$x" "$base"
	started=$(date +%s%N)
	build || fail "cannot build again"
	ms=$((($(date +%s%N) - started) / 1000000))
	[ $ms -ge $took ] || took=$ms
	[ $ms -le $slow ] || slow=$ms
done

awk -v n="$kills" -v low="$took" -v high="$slow" -v seed="$seed" '
BEGIN { srand(seed); low *= 0.4; high *= 1.5; for (i = 0; i < n; i++) printf "%.4f\n", low * (high / low) ^ rand() / 1000 }' >"$dir/naps"
old=B kept=0 changed=0
while read -r nap; do
	[ $old = A ] && new=B || new=A
	cp "$dir/$new" "$base"
	"$vitrine" build --no-sync --quiet 2>"$dir/said" &     # not the function: its shell would die in the program's place
	pid=$!
	sleep "$nap"
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	if is $new; then changed=$((changed + 1)); old=$new
	elif is $old; then kept=$((kept + 1))
	else fail "neither the old nor the new tree after $nap s: $(cat "$dir/said")"; fi
	# Every third time the next build is not killed.
	[ $(((kept + changed) % 3)) = 0 ] || continue
	build || fail "the build after a kill failed"
	is $new || fail "the build after a kill published something else"
	old=$new
done <"$dir/naps"
[ $kept -gt 0 ] && [ $changed -gt 0 ] || fail "the kills missed the publication ($kept, $changed)"
echo "ok program: $kills kills, $kept times the old tree, $changed times the new one (a build takes $took to $slow ms)"

before=$(find public -type f | sort | xargs cat | cksum)
echo "à moi" >public/notes.txt
build 2>"$dir/said"
[ $? = 2 ] && grep -q 'notes\.txt' "$dir/said" || fail "foreign file not refused: $(cat "$dir/said")"
rm public/notes.txt
[ "$(find public -type f | sort | xargs cat | cksum)" = "$before" ] || fail "a refused build changed the tree"
echo "ok program: a foreign file is refused and named, the tree stays"

# Two at once: both end well, and the tree is that of one of them.
cp "$dir/A" "$base"
"$vitrine" build --no-sync --quiet 2>/dev/null & one=$!
"$vitrine" build --no-sync --quiet 2>/dev/null & two=$!
wait $one && wait $two || fail "two builds at once"
is A || fail "two builds at once published something else"
echo "ok program: two builds at once"

left=$(ls -A "$site" | grep -v -e '^content$' -e '^themes$' | tr '\n' ' ')
[ "$left" = ".public.etat .public.precedent .vitrine public " ] || fail "unexpected files beside the tree: $left"
echo "ok program: nothing else lies beside the tree"
