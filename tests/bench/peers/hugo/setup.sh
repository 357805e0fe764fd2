#!/bin/sh
# Lays out DIR as a Hugo site with the content of SITE, which gen.sh beside the folder of this script wrote: the same files, but
# for the seconds of dates, without which Hugo reads none, and the territory twice: Hugo's taxonomies go by the names of fields.
# usage: tests/bench/peers/hugo/setup.sh SITE DIR
[ $# = 2 ] || { echo "usage: $0 SITE DIR" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
types=$here/../theme/types
mkdir -p "$2/content/offres" "$2/data" "$2/static" && cp -r "$here/layouts" "$here/hugo.toml" "$2/" || exit 3
cp -r "$1/content/." "$2/content/" && rm "$2/content/site.yaml" && cp "$here/../theme/assets/style.css" "$2/static/" || exit 3
find "$2/content" -name '*.md' -exec sed -i -e 's/^date_publication: .*/&:00/' -e 's/^territoire: \(.*\)/&\npar-territoire: [\1]/' {} +
printf -- '---\noutputs: [html, feed, export]\n---\n' >"$2/content/offres/_index.md"
sed -n 's/^        \([a-z-]*: .*\)/\1/p' "$types/fragments/specialites.yaml" >"$2/data/specialites.yaml"
for type in territoire etablissement offre site-touristique evenement; do
	sed -n 's/^dossier: /- nom: /p' "$types/$type.yaml"
	sed -n 's/^pluriel: /  titre: /p' "$types/$type.yaml"
done >"$2/data/rubriques.yaml"
