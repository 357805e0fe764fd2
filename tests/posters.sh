#!/bin/sh
# 200 posters drawn by lot (tests/posters/): the word and the figures never overlap, in any format; its contrast is 4.5 at least, by day
# and in the dark; 8 kB at most each; well-formed SVG, as the program's own check of assets reads it.
# usage: tests/posters.sh     with VITRINE = the program (default build/vitrine)
. "$(dirname "$0")/common.sh"

site=$work/site
cp -R "$here/sites/petite-cc" "$site" && cp -R "$root/themes" "$site/themes" && cp -R "$here/posters/." "$site/"
"$vitrine" build -C "$site" -o "$work/public" --no-sync --quiet; say $? "200 posters: words and figures apart, contrast of the words"
[ "$(ls "$work"/public/epreuves/*.svg 2>/dev/null | wc -l)" = 200 ]; say $? "200 posters are published"
find "$work/public/epreuves" -name '*.svg' -size +8192c >"$work/heavy"
sed 's/^/# more than 8192 bytes: /' "$work/heavy"; [ ! -s "$work/heavy" ]; say $? "no poster is heavier than 8 kB"

# As assets of a site, the posters pass the check that every published SVG passes; a broken one does not.
mkdir -p "$work/site2/assets" && cp -R "$here/sites/petite-cc/." "$work/site2" && cp -R "$root/themes" "$work/site2/themes"
cp "$work"/public/epreuves/*.svg "$work/site2/assets/"
"$vitrine" check -C "$work/site2" >"$work/said" 2>&1; status=$?; head -20 "$work/said" | sed 's/^/# /'; say $status "every poster is well-formed"
sed 's/<\/svg>//' "$work/public/epreuves/1.svg" >"$work/site2/assets/cassee.svg"
"$vitrine" check -C "$work/site2" >"$work/said" 2>&1; [ $? = 1 ]; say $? "a broken poster would be seen"

# The same test finds a figure that reaches the word.
sed -i 's/^    place = {930, 742, 1},/    place = {930, 1100, 1},/' "$site/themes/portail/lib/affiche_fonds.lua"
"$vitrine" build -C "$site" -o "$work/public2" --no-sync --quiet >"$work/said" 2>&1; [ $? = 1 ] && grep -q 'touche le mot' "$work/said"; say $? "a figure on the word would be seen"
exit $failed
