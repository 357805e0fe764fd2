#!/bin/sh
# The publication suite: the room alone, killed while publishing; then the program.
# usage: tests/publication/run.sh BUILD_DIR [KILLS]
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build}
kills=${2:-200}
status=0
if make --no-print-directory B="$build" "$build/kill" >/dev/null && sh tests/publication/kill.sh "$build/kill" "$kills"; then
	echo "ok publication: $kills kills of the room alone"
else
	echo "not ok publication"; status=1
fi
sh tests/publication/program.sh "$build/vitrine" "$kills" || status=1
exit $status
