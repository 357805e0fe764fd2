# What the scripts of this folder begin with, read by `. "$(dirname "$0")/common.sh"`: $here, $root, the program ($VITRINE, default build/vitrine), a
# folder $work of their own, and say STATUS WHAT, after which $failed is what the script ends with. $suite: before all that is said.
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
vitrine=${VITRINE:-$root/build/vitrine}
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0
say() { if [ "$1" = 0 ]; then echo "ok ${suite:+$suite: }$2"; else echo "not ok ${suite:+$suite: }$2"; failed=1; fi; }
