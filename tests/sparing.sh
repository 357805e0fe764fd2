#!/bin/sh
# Pages that a change cannot touch are taken over from the last build, and what is published is always what a build without cache publishes into an
# empty folder: after each kind of change, and after a walk of changes by chance (of a fixed seed).
# usage: tests/sparing.sh     with VITRINE = the program (default build/vitrine), STEPS = of the walk (default 150)
. "$(dirname "$0")/common.sh"
suite=sparing
site=$work/site out=$work/out/public threads=1
mkdir -p "$work/out"
digest() { (cd "$1" && find . -type f ! -name .vitrine-publie | LC_ALL=C sort | xargs -d '\n' sha256sum); }

# Builds twice, the second time without cache into another folder: same files, same record, same words. $drawn: pages the first drew, or all.
same() { # WHAT OPTIONS…
	what=$1; shift
	threads=$((4 - threads))
	"$vitrine" build -C "$site" -o "$out" --no-sync --profile -j $threads "$@" >"$work/profile" 2>"$work/said"; status=$?
	drawn=$(sed -n 's/.* pages de la construction précédente : [0-9]* repris, \([0-9]*\) faits/\1/p' "$work/profile")
	drawn=${drawn:-all}
	grep -q ' settings$' "$work/profile" || [ $status != 0 ] || drawn=none
	cp "$site/.vitrine/record.json" "$work/record" 2>/dev/null
	rm -rf "$work/empty" "$work"/.empty.*
	"$vitrine" build -C "$site" -o "$work/empty" --no-sync --no-cache "$@" >/dev/null 2>"$work/said.cold"
	cold=$?
	[ $status = $cold ] && cmp -s "$work/said" "$work/said.cold" || return 1
	[ $status = 0 ] || return 0
	digest "$work/empty" >"$work/expected"; digest "$out" >"$work/found"
	[ -s "$work/expected" ] && cmp -s "$work/expected" "$work/found" && cmp -s "$work/record" "$site/.vitrine/record.json"
}
draws() { # HOW_MANY WHAT OPTIONS…: pages, or all, or none when nothing is to be done at all
	expected=$1; shift
	same "$@" && [ $status = 0 ]; say $? "same bytes: $1"
	[ "$drawn" = "$expected" ]; say $? "$1: $expected drawn"
	[ "$drawn" = "$expected" ] || echo "# drawn: $drawn"
}

# --- a small theme in which texts are read in each way there is ---
cp -R "$here/golden/base" "$site"; theme=$site/themes/mini
cat >>"$theme/types/site.yaml" <<'END'
  donnees: {type: fichier, libelle: Données}
END
sed -i 's/^essentiel: \[titre\]$/&\ncorps: markdown/' "$theme/types/lieu.yaml"
sed -i 's/^champs:$/&\n  cite: {type: ref, ref: fiche, libelle: Cite}/' "$theme/types/fiche.yaml"
mkdir -p "$theme/lib" "$theme/assets"
cat >"$theme/lib/textes.lua" <<'END'
local M = {}
function M.debut(f) return f.texte and f.texte:sub(1, 60) or "" end
function M.deux(f) return M.debut(f) .. une_fois(f, M.debut) end
function M.tous() local n = 0; for _, f in ipairs(site.fiches) do n = n + #f.texte end; return n end
return M
END
cat >"$theme/layouts/macros.html" <<'END'
{% macro carte(f) %}<article><a href="{{ f.url }}">{{ f.titre }}</a> {{ f.texte }}</article>{% end %}
{% macro nom(f) %}<b>{{ f.titre }}</b>{% end %}
END
cat >"$theme/layouts/fiche.html" <<'END'
{% extends "base.html" %}
{% import "macros.html" as m %}
{% block corps %}
<p>{{ libelle(page, "nature") }} – <a href="{{ page.lieu.url }}">{{ une_fois(page.lieu, m.nom) }}</a></p>
{% if page.corps %}{{ page.corps }}{% end %}
{% if page.texte:find("tard") and passe(site.date + 3) %}passée{% end %}
{% if page.cite %}{{ une_fois(page.cite, m.carte) }}{% end %}
{% end %}
END
cat >"$theme/layouts/lieu.html" <<'END'
{% extends "base.html" %}
{% import "macros.html" as m %}
{% block corps %}
{% if page.corps %}{{ page.corps }}{% end %}
<ul>{% for f in page.fiches %}<li>{{ une_fois(f, m.carte) }}</li>{% end %}</ul>
{% for s in page.sommaire %}<a href="#{{ s.id }}">{{ s.titre }}</a>{% end %}
{% end %}
END
cat >"$theme/layouts/ressource.html" <<'END'
{% extends "base.html" %}
{% block corps %}{% set nom = params.nom %}<a href="{{ asset(nom) }}">mots</a>{% if nom ~= "teinte.css" %}<a href="{{ asset("mots.json") }}">mots</a>{% end %}{% if asset_existe(nom) %}oui{% end %}{% end %}
END
cat >"$theme/layouts/debuts.html" <<'END'
{% extends "base.html" %}
{% block corps %}{% set t = require("textes") %}{% for f in site.fiches %}<p>{{ une_fois(f, t.deux) }}</p>{% end %}{% end %}
END
cat >"$theme/layouts/compte.html" <<'END'
{% extends "base.html" %}
{% block corps %}{{ une_fois("tous", require("textes").tous) }}{% end %}
END
cat >"$theme/layouts/lecture.html" <<'END'
{% extends "base.html" %}
{% block corps %}{{ lire_json(site.donnees).mot }}{% end %}
END
echo '{{ params.n }}' >"$theme/layouts/nombre.json"
echo '{% for f in site.fiches %}{{ #f.texte }}, {% end %}' >"$theme/layouts/mots.txt"
echo '{"mots": [{% for f in site.fiches %}{{ #f.texte }}, {% end %}0]}' >"$theme/layouts/mots.json"
echo 'a { color: {{ params.ton }} }' >"$theme/layouts/teinte.css"
echo '{% for f in site:manifeste() %}{{ f.chemin }} {{ f.taille }} {{ f.hash or "" }}
{% end %}' >"$theme/layouts/plan.txt"
cat >"$theme/routes.lua" <<'END'
route{ url = "/", layout = "liste.html", params = { titre = "Accueil", items = site.fiches } }
route{ url = "/mots.json", layout = "mots.json", vague = 1 }
route{ url = "/teinte.css", layout = "teinte.css", vague = 1, params = { ton = "#123456" } }
for i = 1, 3 do route{ url = "/mots/" .. i .. "/", layout = "ressource.html", params = { titre = "Mots", nom = "mots.json" } } end
for i = 1, 3 do route{ url = "/teinte/" .. i .. "/", layout = "ressource.html", params = { titre = "Teinte", nom = "teinte.css" } } end
route{ url = "/debuts/", layout = "debuts.html", params = { titre = "Débuts" } }
route{ url = "/compte/1/", layout = "compte.html", params = { titre = "Compte" } }
route{ url = "/compte/2/", layout = "compte.html", params = { titre = "Compte" } }
route{ url = "/lecture/", layout = "lecture.html", params = { titre = "Lecture" } }
route{ url = "/mots.txt", layout = "mots.txt" }
route{ url = "/plan.txt", layout = "plan.txt", vague = 3, index = false }
END
fiches=$site/content/fiches lieux=$site/content/lieux
rm "$fiches/une.md" "$lieux/bourg.yaml"
for l in bourg val mont; do printf -- '---\ntitre: %s\n---\nUn lieu nommé %s.\n\n## Y aller\n\nÀ pied.\n' $l $l >"$lieux/$l.md"; done
sheet() { # NAME PLACE MORE
	printf -- '---\ntitre: Fiche %s\nlieu: %s\nnature: libre\nvalable_au: 2027-0%d-01\n%s---\nUn paragraphe de %s et un [lien](lieu:%s).\n\n## Suite\n\nLa suite.\n' "$1" "$2" $((${#1} + 1)) "$3" "$1" "$2" >"$fiches/$1.md"
}
sheet un bourg; sheet deux bourg "cite: un
"; sheet trois val; sheet quatre val "cite: trois
"; sheet cinq mont; sheet six mont
printf -- '---\ntitre: Sheet one\n---\nA paragraph.\n' >"$fiches/un.en.md"
echo 'accueil: Home' >"$theme/i18n/en.yaml"
printf 'langues: [fr, en]\ndonnees: donnees.json\n' >>"$site/content/site.yaml"
mkdir -p "$site/assets"; echo '{"mot": "un"}' >"$site/assets/donnees.json"; echo 'p { margin: 0 }' >"$theme/assets/style.css"
printf 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==' | base64 -d >"$fiches/point.png"

add() { printf '\n%s\n' "$2" >>"$1"; }
draws all "the first build"
draws none "nothing changed"
# In both languages: the page, its place, beginnings, the count twice, the list of words, pages that name the resource, the file over the manifest.
add "$fiches/cinq.md" "Une phrase."; draws 20 "a sentence"
draws none "nothing more"
add "$fiches/un.md" "Une phrase."; draws 22 "a sentence of a text that another page shows"
add "$fiches/un.en.md" "A sentence."; draws 16 "a sentence of a translation, which the resource is not made of"
add "$lieux/mont.md" "Une phrase."; draws 4 "a text that only its page shows"
sed -i 's/À pied/À vélo/' "$lieux/val.md"; draws 4 "a word of it"; sed -i 's/À vélo/À pied/' "$lieux/val.md"; draws 4 "and back"
for f in un trois cinq; do add "$fiches/$f.md" "Trois textes."; done; same "three texts"; say $? "same bytes: three texts"
[ "$drawn" != all ]; say $? "three texts: not all is drawn"
add "$fiches/six.md" "Plus tard."; draws 20 "a text that makes its page ask about a day"
sed -i 's/Plus tard/Plus vite/' "$fiches/six.md"; draws 14 "and no more, in as many letters, which is all that the resource tells"
sed -i 's/^Un paragraphe de six/&, plus tard/' "$fiches/six.md"; same "again"; add "$lieux/val.md" "Le jour reste connu."; draws 4 "the day of a page that was not drawn"
add "$fiches/trois.md" "<b>du HTML</b>"; same "a text that is warned of, or not"; say $? "same bytes: HTML in a text"
cp "$fiches/trois.md" "$work/trois"; add "$fiches/trois.md" "[rien](fiche:nulle-part)"; same "an error"; say $? "an error is said as ever"
[ $status = 1 ]; say $? "it is one"
cp "$work/trois" "$fiches/trois.md"; same "mended"; say $? "same bytes: mended"
cp "$fiches/trois.md" "$work/trois"; add "$fiches/trois.md" "[rien](fiche:nulle-part)"; same "an error"; add "$fiches/cinq.md" "Pendant ce temps."; same "with another change"
cp "$work/trois" "$fiches/trois.md"; draws 20 "an error mended and another text changed meanwhile"

# --- what touches all ---
sed -i 's/^titre: .*/titre: Un titre/' "$fiches/cinq.md"; draws all "a title"
sed -i 's/^valable_au: .*/valable_au: 2026-09-10/' "$fiches/cinq.md"; draws all "a day that has gone by"
sed -i 's/^valable_au: .*/valable_au: 2027-09-10/' "$fiches/cinq.md"; draws all "and has not"
sheet sept mont; draws all "a new item"
mv "$fiches/sept.md" "$fiches/huit.md"; draws all "a renamed item"
rm "$fiches/huit.md"; draws all "an item less"
add "$fiches/cinq.md" "Un [autre lien](lieu:bourg)."; draws all "a link more"
sed -i 's/(lieu:bourg)/(lieu:val)/' "$fiches/cinq.md"; draws all "a link elsewhere"
add "$fiches/cinq.md" "![un point](point.png)"; draws all "a picture in a text"
sed -i 's/!\[un point\]/![un petit point]/' "$fiches/cinq.md"; draws 14 "what it shows in words"
add "$lieux/mont.md" "## Un titre de plus"; draws all "a heading, to which others may lead"
sed -i 's/^## Un titre de plus/## Un titre de moins/' "$lieux/mont.md"; draws all "another heading"
sed -i '/^---$/,$!d; /^Un lieu/,$d' "$lieux/mont.md"; draws all "no text any more"
add "$lieux/mont.md" "Un texte."; draws all "a text again"
printf ' ' >>"$lieux/mont.md"; draws 4 "a space at the end"
add "$theme/layouts/lieu.html" "{# de plus #}"; draws all "a layout"
add "$theme/layouts/macros.html" "{% macro rien() %}{% end %}"; draws all "a file of macros"
add "$theme/lib/textes.lua" "-- de plus"; draws all "a module"
add "$theme/routes.lua" "-- de plus"; draws all "routes.lua"
add "$theme/types/fiche.yaml" "# de plus"; draws all "a type"
add "$theme/i18n/fr.yaml" "autre: Autre"; draws all "strings"
add "$theme/assets/style.css" "p { color: #111 }"; draws all "an asset"
add "$site/assets/donnees.json" ""; echo '{"mot": "deux"}' >"$site/assets/donnees.json"; draws all "a file that a page reads"
add "$lieux/val.md" "Un mot."; draws 4 "a text after it"
echo '{"mot": "trois"}' >"$site/assets/donnees.json"; draws all "that file, read by a page that was not drawn"
sed -i 's/^titre: .*/titre: Essais/' "$site/content/site.yaml"; draws all "a setting"
draws all "another date" --date 2026-10-01; add "$lieux/val.md" "Un mot."; draws 4 "a text at that date" --date 2026-10-01; draws all "the date as it was"
draws all "another address" --base-url https://ailleurs.exemple.fr/la; draws all "the address as it was"
draws all "drafts" --drafts; add "$lieux/val.md" "Un mot."; draws 4 "a text among drafts" --drafts; draws all "without drafts"
add "$fiches/cinq.md" "Un mot."; "$vitrine" build -C "$site" -o "$out" --no-sync --no-cache --quiet 2>/dev/null; draws all "a build without cache between that published something else"
f=$(ls "$lieux"/*.md | head -1); printf '\n' >>"$f"; same "an end of line"; say $? "same bytes: an end of line"

# --- the published tree ---
page=$out/fiches/deux/index.html
touch -r "$page" "$work/time"; sed -i 's/paragraphe/PARAGRAPHE/' "$page"; touch -r "$work/time" "$page"; add "$lieux/val.md" "Un mot."; draws 4 "a page written over by hand, with its old time, which the other tree still has"
rm "$page"; add "$lieux/val.md" "Un mot."; draws 5 "a page taken away"
printf 'x' >>"$out/fiches/deux/index.html"; add "$fiches/deux.md" "Un mot."; same "a page made longer, and its text changed"; say $? "same bytes: a page made longer, and its text changed"
rm -rf "$work/out"; mkdir "$work/out"; add "$lieux/val.md" "Un mot."; draws all "the tree taken away"
rm -rf "$work"/out/.public.precedent; add "$lieux/val.md" "Un mot."; draws 4 "the other tree taken away"
rm -rf "$work"/out/.public.etat; add "$lieux/val.md" "Un mot."; draws all "what is known of both taken away"
rm -rf "$site/.vitrine"; add "$lieux/val.md" "Un mot."; draws 4 "the caches of the site taken away"
note=$work/out/.public.etat/lectures
for how in "head -c 3000" "tr ao oa" "head -c 0" "head -c -1"; do
	$how <"$note" >"$work/note"; cat "$work/note" >"$note"; add "$lieux/val.md" "Un mot."; draws all "a damaged note ($how)"
done
mkdir "$work/prog"; cp "$vitrine" "$work/prog/vitrine"; usual=$vitrine; vitrine=$work/prog/vitrine; add "$lieux/val.md" "Un mot."; draws all "another program"; vitrine=$usual
draws all "the usual one"

# --- builds that are killed ---
killed=0
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	add "$fiches/quatre.md" "Tué $i fois."
	"$vitrine" build -C "$site" -o "$out" --no-sync --quiet -j 1 >/dev/null 2>&1 & build=$!
	sleep 0.0$((i % 6 * 8 / 10 + i % 3)); kill -9 $build 2>/dev/null && killed=$((killed + 1)); wait $build 2>/dev/null
	add "$lieux/val.md" "Un mot."; same "killed" || killed=-100
done
[ $killed -ge 0 ]; say $? "same bytes after builds that were killed"

# --- texts that pages depend on by other ways ---
cp "$theme/routes.lua" "$work/routes"
echo 'local n = 0; for _, f in ipairs(site.fiches) do n = n + (f.texte:find("zéro") and 1 or 0) end
for i = 1, n do route{ url = "/z/" .. i .. "/", layout = "nombre.html", params = { titre = "Zéro", n = i } } end' >>"$theme/routes.lua"
printf '{%% extends "base.html" %%}{%% block corps %%}{{ params.n }}{%% end %%}\n' >"$theme/layouts/nombre.html"
draws all "routes.lua reads texts"
add "$fiches/deux.md" "Un zéro."; draws all "a text that routes.lua reads"
add "$lieux/val.md" "Un mot."; draws 4 "one that it does not read"
cp "$work/routes" "$theme/routes.lua"; draws all "routes.lua as it was"
cp "$theme/lib/textes.lua" "$work/textes"
sed -i 's/^return M$/M.long = #site:item("lieu", "val").texte\nreturn M/' "$theme/lib/textes.lua"; sed -i 's/{{ une_fois("tous"/{{ require("textes").long }} &/' "$theme/layouts/compte.html"; draws all "a module reads a text when it is loaded"
add "$lieux/val.md" "Un mot."; draws all "the text that it reads"
add "$lieux/bourg.md" "Un mot."; draws 4 "another text"
cp "$work/textes" "$theme/lib/textes.lua"; sed -i 's/{{ require("textes").long }} //' "$theme/layouts/compte.html"; draws all "the module as it was"

# --- a walk ---
seed=20261122
chance() { seed=$(((seed * 1103515245 + 12345) % 2147483648)); chosen=$((seed / 65536 % $1)); }
sheet_of() { set -- $(ls "$fiches"/*.md); chance $#; shift $chosen; f=$1; }
options= ; step=0; faults=0; spared=0
while [ $step -lt "${STEPS:-150}" ]; do
	step=$((step + 1)); chance 26
	case $chosen in
	0|1|2|3|4|5|6) sheet_of; add "$f" "Phrase $step." ;;
	7|8) sheet_of; sed -i "\$s/\$/ mot$step/" "$f" ;;
	9) sheet_of; sed -i "s/Phrase [0-9]*/Parole $step/" "$f" ;;
	10|11) for f in bourg val mont; do add "$lieux/$f.md" "Phrase $step."; done ;;
	12) sheet_of; add "$f" "## Titre $step" ;;
	13) sheet_of; add "$f" "Vers [un lieu](lieu:val)." ;;
	14) sheet_of; case $f in *.en.md) ;; *) sed -i "s/^titre: .*/titre: Titre $step/" "$f" ;; esac ;;
	15) sheet "n$step" val "cite: deux
" ;;
	16) rm -f "$fiches"/n*.md ;;
	17) sheet_of; add "$f" "Plus tard." ;;
	18) page=$(find "$out" -name '*.html' | LC_ALL=C sort | sed -n "$((step % 20 + 1))p"); [ -n "$page" ] && echo x >>"$page" ;;
	19) page=$(find "$out" -name '*.html' | LC_ALL=C sort | sed -n "$((step % 20 + 1))p"); [ -n "$page" ] && rm "$page" ;;
	20) add "$theme/layouts/lieu.html" "{# $step #}" ;;
	21) chance 3; case $chosen in 0) options= ;; 1) options="--date 2027-02-01" ;; 2) options=--drafts ;; esac ;;
	22) echo "{\"mot\": \"$step\"}" >"$site/assets/donnees.json" ;;
	23) sheet_of; sed -i 's/tard/tôt/' "$f" ;;
	24) sheet_of; cp "$f" "$work/saved"; add "$f" "[rien](fiche:nulle-part)"; same "walk" $options || faults=$((faults + 1)); cp "$work/saved" "$f" ;;
	25) ;;
	esac
	same "walk" $options || { faults=$((faults + 1)); echo "# step $step, choice $chosen, $options"; }
	case $drawn in all|none) ;; *) spared=$((spared + 1)) ;; esac
done
[ $faults = 0 ]; say $? "same bytes after each of $step steps by chance"
[ $spared -ge $((step / 4)) ]; say $? "in a fourth of them at least, pages were taken over ($spared)"

# --- the default theme, with its search, structured data, exports and pictures ---
site=$work/portail out=$work/out2/public
mkdir -p "$site" "$work/out2"
(cd "$root" && tar cf - --exclude node_modules content themes assets) | tar xf - -C "$site"
same "the portal"; say $? "the portal: first build"
i=0
for f in offres stages pages territoires temoignages actualites etablissements; do
	f=$(find "$site/content/$f" -name '*.md' | LC_ALL=C sort | sed -n 2p); i=$((i + 1))
	[ -n "$f" ] || continue
	add "$f" "Une phrase de plus, numéro $i."; same "the portal: a sentence in ${f#"$site/content/"}"; say $? "same bytes: $what"
	[ "$drawn" != all ] && [ "$drawn" != none ] && [ "$drawn" -lt 120 ]; say $? "pages are taken over: $what"
	[ "$drawn" != all ] || echo "# drawn: $drawn"
done
exit $failed
