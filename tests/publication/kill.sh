#!/bin/sh
# kill.sh PROGRAM [kills [seed]]: runs the kill test in a folder of its own.
set -eu
program=$1
shift
# In memory where there is such a disk: two thousand publications of hundreds of files.
[ -n "${TMPDIR:-}" ] || { [ -w /dev/shm ] && TMPDIR=/dev/shm || TMPDIR=/tmp; }
dir=$(mktemp -d "$TMPDIR/vitrine-kill-XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
"$program" "$dir" "$@"
left=$(ls -A "$dir" | tr '\n' ' ')
[ "$left" = ".public.etat .public.precedent public " ] || { echo "kill.sh: unexpected files beside the tree: $left" >&2; exit 1; }
