#!/bin/sh
# A build that finds all as the last one left it publishes nothing and says the same again; whatever was changed, it is noticed, and what is published
# is what a build without cache publishes into an empty folder.
# usage: tests/again.sh     with VITRINE = the program (default build/vitrine)
. "$(dirname "$0")/common.sh"
suite=again
site=$work/site out=$work/out/public
mkdir -p "$work/out" "$site"
(cd "$root" && tar cf - --exclude node_modules content themes assets) | tar xf - -C "$site"
settings=$site/content/site.yaml
digest() { (cd "$1" && find . -type f ! -name .vitrine-publie | LC_ALL=C sort | xargs -d '\n' sha256sum); }

# A build into the same folder each time; `told` is the status and all that was said but the time it took and how many files were written.
build() { "$vitrine" build -C "$site" -o "$out" --no-sync "$@" >"$work/said" 2>"$work/errors"; status=$?
	{ echo "$status"; sed 's/ dont [0-9]* écrits, en .*//' "$work/said"; cat "$work/errors"; } >"$work/told"; }
taken_over() { "$vitrine" build -C "$site" -o "$out" --no-sync --profile "$@" >"$work/profile" 2>/dev/null; grep -q ' comparison$' "$work/profile" && ! grep -q ' settings$' "$work/profile"; }
# A build with these options: nothing is taken over, the bytes are those of a build without cache, and the next one takes all over, says the same, writes nothing.
noticed() { # WHAT OPTIONS…
	what=$1; shift
	"$vitrine" build -C "$site" -o "$out" --no-sync --profile "$@" >"$work/profile" 2>&1
	grep -q ' pages$' "$work/profile"; say $? "noticed: $what"
	rm -rf "$work/empty" "$work"/.empty.*
	"$vitrine" build -C "$site" -o "$work/empty" --no-sync --no-cache --quiet "$@" >/dev/null 2>&1
	digest "$work/empty" >"$work/expected"; digest "$out" >"$work/found"
	[ -s "$work/expected" ] && cmp -s "$work/expected" "$work/found"; say $? "same bytes: $what"
	taken_over "$@"; status=$?; say $status "nothing to do after: $what"
	[ $status = 0 ] || grep 'autre que' "$work/profile"
}
one() { find "$site/content/$1" -name '*.md' | LC_ALL=C sort | sed -n "${2:-1}p"; }
same_time() { # FILE COMMAND…: changes a file and gives it its time back
	touch -r "$1" "$work/time"; file=$1; shift; "$@" "$file"; touch -r "$work/time" "$file"; }

noticed "the first build"
build; cp "$work/told" "$work/before"; find "$work/out" -printf '%p %i %T@ %s\n' | LC_ALL=C sort >"$work/tree"
build; cmp -s "$work/before" "$work/told"; say $? "the same is said"
find "$work/out" -printf '%p %i %T@ %s\n' | LC_ALL=C sort | cmp -s "$work/tree" -; say $? "nothing is written"
taken_over -j 1 && taken_over -j 3 && taken_over --quiet; say $? "threads and --quiet change nothing"
taken_over --no-cache; [ $? = 1 ]; say $? "--no-cache is a whole build"
taken_over; say $? "a build without cache that published the same leaves the note right"

# --- content, theme, settings ---
same_time "$(one offres)" sed -i '$s/e/a/'; noticed "a letter of a text, with its old time"
printf '\nUne phrase.\n' >>"$(one stages)"; noticed "a longer text"
sed '1,/^---$/!b' "$(one actualites)" | sed 's/^titre: .*/titre: Une actualité de plus/' >"$site/content/actualites/une-de-plus.md"; noticed "a new file"
mv "$site/content/actualites/une-de-plus.md" "$site/content/actualites/une-autre.md"; noticed "a renamed file"
rm "$site/content/actualites/une-autre.md"; noticed "a removed file"
mkdir "$site/content/actualites/vide" && taken_over; [ $? = 1 ]; say $? "noticed: a new folder"
rmdir "$site/content/actualites/vide"
sed -i 's/^sous_titre: .*/sous_titre: Un autre sous-titre/' "$settings"; noticed "a setting"
for f in layouts/base.html lib routes.lua types i18n/fr.yaml assets recherche.yaml theme.yaml; do
	f=$site/themes/portail/$f
	[ -d "$f" ] && f=$(find "$f" -type f \( -name '*.lua' -o -name '*.yaml' -o -name '*.css' \) | LC_ALL=C sort | head -1)
	case $f in *.lua) echo '-- de plus' >>"$f" ;; *.html) echo '<!-- de plus -->' >>"$f" ;; *.css) echo 'main { outline: 0 }' >>"$f" ;; *) echo '# de plus' >>"$f" ;; esac
	noticed "${f#"$site/"}"
done
mkdir -p "$site/layouts" "$site/assets"
sed 's/class="prose"/class="prose du-site"/' "$site/themes/portail/layouts/404.html" >"$site/layouts/404.html"; noticed "a layout of the site's own before the theme's"
echo 'un fichier' >"$site/assets/un-fichier.txt"; noticed "a new asset"
cat >"$site/assets/communes.geojson" <<'END'
{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": "33058"}, "geometry": {"type": "Polygon",
"coordinates": [[[-0.68, 45.10], [-0.64, 45.10], [-0.64, 45.14], [-0.68, 45.14], [-0.68, 45.10]]]}}]}
END
echo 'contours: communes.geojson' >>"$settings"; noticed "borders"
touch "$site/assets/communes.geojson"; taken_over; say $? "a file touched, but not changed, is the same"
same_time "$site/assets/communes.geojson" sed -i 's/45.14/45.15/g'; noticed "other borders"
f=$(one pages); mv "$f" "$work/linked.md"; mkdir -p "$site/ailleurs"; cp "$work/linked.md" "$site/ailleurs/linked.md"; ln -s ../../ailleurs/linked.md "$f"; noticed "a link in a file's place"
printf '\nDerrière le lien.\n' >>"$site/ailleurs/linked.md"; noticed "the file behind a link"

# --- the published tree ---
f=$out/index.html
same_time "$f" sed -i 's/e/a/'; noticed "a published file written over, with its old time"
printf 'x' >>"$f"; noticed "a published file made longer"
rm "$f"; noticed "a published file taken away"
find "$out" -name index.html -path '*offres*' | head -1 | xargs rm; noticed "one of a folder below taken away"
rm "$out/.vitrine-publie" 2>/dev/null; build; [ "$status" != 0 ] || ! grep -q ' 0 écrits' "$work/said"; say $? "noticed: the mark taken away"
rm -rf "$work/out"; mkdir "$work/out"; noticed "the whole tree taken away"
echo x >"$out/etranger.txt"; build; [ "$status" = 2 ]; say $? "foreign files stop the build, as they did"; rm "$out/etranger.txt"
mkdir "$out/offres/etranger"; build; [ "$status" = 2 ]; say $? "foreign folders, too"; rmdir "$out/offres/etranger"
rm "$site/.vitrine/record.json"; noticed "the record taken away"; [ -s "$site/.vitrine/record.json" ]; say $? "the record is there again"

# --- options, the day, the program ---
noticed "another date" --date 2026-12-24
noticed "no date again"
noticed "another address" --base-url https://ailleurs.exemple.fr/la/
noticed "drafts" --drafts
noticed "none of them"
"$vitrine" build -C "$site" -o "$out" --no-sync --no-cache --quiet --date 2027-03-01; noticed "another build has published here since"
sed -i '/^date:/d' "$settings"
day=1792843200     # 24 October 2026, 12 h in Paris: the clocks are put back the night after
SOURCE_DATE_EPOCH=$day; export SOURCE_DATE_EPOCH; noticed "the clock's date"
SOURCE_DATE_EPOCH=$((day + 13 * 3600)); taken_over; [ $? = 1 ]; say $? "noticed: the next day"
SOURCE_DATE_EPOCH=$((day + 14 * 3600)); taken_over; say $? "the same day"
SOURCE_DATE_EPOCH=$((day + 13 * 3600 - 1)); taken_over; [ $? = 1 ]; say $? "an hour before what is known is not known"
unset SOURCE_DATE_EPOCH
echo 'date: 2026-09-15' >>"$settings"
mkdir -p "$work/prog/bin" "$work/prog/share/vitrine"
cp "$vitrine" "$work/prog/bin/vitrine"; vitrine=$work/prog/bin/vitrine; noticed "another program"
echo >>"$vitrine"; noticed "the program written over"
mv "$site/themes" "$work/prog/share/vitrine/themes"; noticed "the theme beside the program"
rm "$site/layouts/404.html"; noticed "the site's own layout gone"
same_time "$work/prog/share/vitrine/themes/portail/layouts/404.html" sed -i 's/class="prose"/class="prosy"/'
noticed "a layout of a theme outside the site"

# --- what is said ---
f=$(one offres 2); cp "$f" "$work/offer"
printf '\n[liste](/une-page-qui-n-existe-pas/)\n' >>"$f"; build; first=$status; cp "$work/told" "$work/before"; build
cmp -s "$work/before" "$work/told"; say $? "an error is said each time (status $first)"
sed -i 's/^en_cas_d_erreur: .*/en_cas_d_erreur: retirer/' "$settings"; build; [ "$status" = 4 ]; say $? "published with an item left out"
cp "$work/told" "$work/before"; build; cmp -s "$work/before" "$work/told" && [ "$status" = 4 ] && [ -s "$work/errors" ] && grep -q ' 0 écrits' "$work/said"; say $? "said again, and the same status"
taken_over; say $? "it was taken over"
"$vitrine" build -C "$site" -o "$out" --no-sync --lang en >/dev/null 2>"$work/english"; grep -q 'error' "$work/english"; say $? "in another language"
cp "$work/offer" "$f"; noticed "the error mended"

# --- a note that is no good ---
note=$work/out/.public.etat/lectures
for how in "head -c 3000" "tr ao oa" "head -c 0"; do
	$how <"$note" >"$work/note"; cat "$work/note" >"$note"; noticed "a damaged note ($how)"
done
exit $failed
