#!/bin/sh
# The charter of a site: its colours stay on surfaces, texts and controls are adapted until they read and the change is told; only a forced
# tone that does not read is an error. Logo and fonts are settings; a font without a licence is an error.
# usage: tests/charter.sh     with VITRINE = the program (default build/vitrine)
. "$(dirname "$0")/common.sh"
say() { if [ "$1" = 0 ]; then echo "ok $2"; else echo "not ok $2"; cat "$work/said"; failed=1; fi; }

site() { # LINES: a small site with these lines in site.yaml
	rm -rf "$work/site" "$work/public" && cp -R "$here/sites/petite-cc" "$work/site" && cp -R "$root/themes" "$work/site/themes"
	sed -i '/^couleurs:/d' "$work/site/content/site.yaml" && printf '%s\n' "$1" >>"$work/site/content/site.yaml"
}
build() { "$vitrine" build -C "$work/site" -o "$work/public" --no-sync >"$work/said" 2>&1; }
by_day() { styles | sed '/@media/,$d'; }
styles() { cat "$work"/public/assets/palettes.*.css; }

site 'couleurs: {principale: "#1f5f6b"}'
cp "$here/charter/routes.lua" "$work/site/routes.lua"
build; say $? "600 charters: every text reads, surfaces keep the colour, changes are told"

site 'couleurs: {principale: "#1f5f6b"}'
build && ! grep -q 'gardée pour les surfaces' "$work/said" && styles | grep -q -- '--lien:#1f5f6b' && styles | grep -q -- '--profond:#1f5f6b'
say $? "a colour that reads is kept everywhere, and nothing is said"

site 'couleurs: {principale: "#ffd500", secondaire: "#e0004d"}'
build && grep -q 'content/site.yaml:[0-9]*:[0-9]*: note: .*ffd500' "$work/said" && by_day | grep -q -- '--profond:#ffd500' && ! by_day | grep -q -- '--lien:#ffd500'
say $? "a yellow charter: kept on surfaces, adapted in texts, and told"

site 'couleurs: {principale: "#1f5f6b", imposees: {lien: "#ffd500"}}'
build; [ $? = 1 ] && grep -q 'refus-du-theme' "$work/said"; say $? "a forced tone that does not read is an error"

site 'couleurs: {principale: "#ffd500", imposees: {lien: "#6a3d00", bouton: "#5a2d00"}}'
build && styles | grep -q -- '--lien:#6a3d00' && styles | grep -q -- '--accent:#5a2d00' && ! grep -q 'gardée pour les surfaces' "$work/said"; say $? "forced tones that read are taken as they are"

site 'polices: [{role: titre, fichier: polices/titre.woff2, licence: SIL OFL 1.1, graisse: 400, graisse_max: 800}]
logo: {fichier: logo.svg, porte_le_nom: true}'
mkdir -p "$work/site/assets/polices" && printf 'wOF2 essai' >"$work/site/assets/polices/titre.woff2"
echo '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 20"><path d="M0 0h80v20H0z"/></svg>' >"$work/site/assets/logo.svg"
build && police=$(styles | sed -n 's/.*src:url(\([^)]*\)) format("woff2").*/\1/p') && [ -n "$police" ] && cmp -s "$work/public$police" "$work/site/assets/polices/titre.woff2"
say $? "a font of the charter is published and named by the style sheet"
logo=$(sed -n 's/.*class="marque".*<img src="\([^"]*\)"[^>]*alt="[^"]\{3,\}".*/\1/p' "$work/public/index.html") && [ -n "$logo" ] && [ -f "$work/public$logo" ]; say $? "a logo that bears the name says it"

site 'polices: [{role: titre, fichier: polices/titre.woff2}]'
mkdir -p "$work/site/assets/polices" && printf 'wOF2 essai' >"$work/site/assets/polices/titre.woff2"
build; [ $? = 1 ] && grep -q 'licence' "$work/said"; say $? "a font without a licence is an error"
exit $failed
