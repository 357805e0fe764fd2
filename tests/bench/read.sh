#!/bin/sh
# Times document/ over a folder of items of the model site. usage: tests/bench/read.sh PROGRAM
here=$(cd "$(dirname "$0")" && pwd)
[ -d /dev/shm ] && TMPDIR=/dev/shm && export TMPDIR
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT INT TERM
"$here/gen.sh" 2000 "$work/site" && "$1" "$work/site/content/offres" 9
