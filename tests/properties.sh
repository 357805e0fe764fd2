#!/bin/sh
# Properties of a build, on the demonstration portal: the same bytes whatever the threads, the locale, the time zone, the order of
# directories, the cache; the same errors whatever the date; a content type that the program has never seen.
# usage: tests/properties.sh     with VITRINE = the program (default build/vitrine)
. "$(dirname "$0")/common.sh"

# A copy of the portal, made in the order given by `sort` options, so that directories list their files otherwise.
copy_site() { # DIR SORT_OPTIONS
	mkdir -p "$1"
	(cd "$root" && find content themes assets -type f ! -path '*/node_modules/*' | sort $2) | while read -r f; do
		mkdir -p "$1/$(dirname "$f")" && cp "$root/$f" "$1/$f"
	done
}
# A digest of a tree: every path with the hash of its bytes.
digest() { (cd "$1" && find . -type f ! -name '.vitrine*' | LC_ALL=C sort | xargs -d '\n' sha256sum) >"$2"; }
built() { # NAME COMMAND…: builds into $work/NAME and digests it
	name=$1; shift
	"$@" -o "$work/$name" --no-sync --quiet || { say 1 "build $name"; return 1; }
	digest "$work/$name" "$work/$name.sum"
}
same() { # NAME WHAT
	diff -u "$work/reference.sum" "$work/$1.sum" >"$work/diff"; status=$?
	head -20 "$work/diff"; say $status "same bytes: $2"
}

copy_site "$work/site"
built reference "$vitrine" build -C "$work/site" -j1
built again "$vitrine" build -C "$work/site" -j1 && same again "twice"
built two "$vitrine" build -C "$work/site" -j2 && same two "-j2"
built eight "$vitrine" build -C "$work/site" -j8 && same eight "-j8"
built nocache "$vitrine" build -C "$work/site" --no-cache && same nocache "without cache"
built locale env LC_ALL=tr_TR.UTF-8 LANG=de_DE.UTF-8 "$vitrine" build -C "$work/site" && same locale "another locale"
built zone env TZ=Pacific/Kiritimati "$vitrine" build -C "$work/site" && same zone "another time zone"
copy_site "$work/reversed" -r
built order "$vitrine" build -C "$work/reversed" && same order "another directory order"
touch -d 2001-01-01 "$work/site/content/site.yaml"
built times "$vitrine" build -C "$work/site" && same times "other file times"

# Random edits: with the cache warm from another state of the site, the bytes are those of a build without cache.
copy_site "$work/edited"
i=0
while [ $i -lt 6 ]; do
	f=$(find "$work/edited/content" -name '*.md' | LC_ALL=C sort | awk -v k="$i" 'NR % 17 == (k * 5) % 17' | head -1)
	printf '\nUne phrase de plus, numéro %d.\n' "$i" >>"$f"
	built "warm$i" "$vitrine" build -C "$work/edited" && built "cold$i" "$vitrine" build -C "$work/edited" --no-cache
	cmp -s "$work/warm$i.sum" "$work/cold$i.sum"; say $? "edit $i: with the cache as without"
	i=$((i + 1))
done

# A damaged cache is as good as none: of texts, and of painted pictures.
built whole "$vitrine" build -C "$work/edited" --no-cache
for pack in markdown apercus; do
	built warm "$vitrine" build -C "$work/edited"
	pack=$work/edited/.vitrine/$pack.pack
	[ -s "$pack" ]; say $? "there is ${pack##*/}"
	head -c 20000 "$pack" >"$pack.cut" && mv "$pack.cut" "$pack"
	built cut "$vitrine" build -C "$work/edited" && cmp -s "$work/whole.sum" "$work/cut.sum"; say $? "${pack##*/} cut short: same bytes"
	{ head -c 400 "$pack"; tail -c +401 "$pack" | LC_ALL=C tr 'aeiou\001\002' 'uoiea\002\001'; } >"$pack.garbled" && mv "$pack.garbled" "$pack"
	built garbled "$vitrine" build -C "$work/edited" && cmp -s "$work/whole.sum" "$work/garbled.sum"; say $? "${pack##*/} garbled: same bytes"
done

# Errors never depend on the date.
copy_site "$work/faulty"
f=$(find "$work/faulty/content/offres" -name '*.md' | LC_ALL=C sort | head -1)
sed -i 's/^nature: .*/nature: inexistante/' "$f"
f=$(find "$work/faulty/content/stages" -name '*.md' | LC_ALL=C sort | head -1)
printf '\n[lien](offre:qui-n-existe-pas)\n' >>"$f"
for date in 2020-01-01 2026-09-15 2026-11-21 2027-06-01 2029-01-01 2040-01-01; do
	"$vitrine" check -C "$work/faulty" --date $date --format json --quiet 2>/dev/null | grep '"severity":"error"' >"$work/errors.$date"
done
[ "$(wc -l <"$work/errors.2026-09-15")" = 2 ]; say $? "two planted errors are found"
for date in 2020-01-01 2026-11-21 2027-06-01 2029-01-01 2040-01-01; do
	cmp -s "$work/errors.2026-09-15" "$work/errors.$date"; say $? "the same errors on $date"
done

# A type of content that the program has never seen: one YAML file, one layout, one item.
copy_site "$work/marche"
mkdir -p "$work/marche/types" "$work/marche/layouts" "$work/marche/content/marches"
territoire=$(basename "$(find "$work/marche/content/territoires" -name '*.md' | LC_ALL=C sort | head -1)" .md)
cat >"$work/marche/types/marche.yaml" <<'END'
type: marche
nom: Marché
pluriel: Marchés
genre: m
dossier: marches
essentiel: [titre, territoire]
champs:
  titre: {type: texte, requis: oui, libelle: Nom}
  territoire: {type: ref, ref: territoire, requis: oui, libelle: Territoire}
  autres: {type: liste, de: {type: ref, ref: marche}, libelle: Autres marchés}
END
cat >"$work/marche/layouts/marche.html" <<'END'
{% extends "base.html" %}
{% block contenu %}<p class="du-territoire">{{ page.territoire.titre }} : {{ #page.territoire.marches }} marchés</p>
<ul>{% for m in page.marches %}<li class="inverse"><a href="{{ m.url }}">{{ m.titre }}</a></li>{% end %}</ul>{% end %}
END
printf -- '---\ntitre: Marché du samedi\nterritoire: %s\n---\nSous la halle.\n' "$territoire" >"$work/marche/content/marches/samedi.md"
printf -- '---\ntitre: Marché du mardi\nterritoire: %s\nautres: [samedi]\n---\n' "$territoire" >"$work/marche/content/marches/mardi.md"
built marches "$vitrine" build -C "$work/marche"
grep -q ': 2 marchés' "$work/marches/marches/samedi/index.html"; say $? "a new type: its page reads the reverse list of its reference"
grep -q 'class="inverse"><a href="/marches/mardi/">Marché du mardi' "$work/marches/marches/samedi/index.html"; say $? "a new type: its own reverse list"
sed -i 's/titre: Marché du mardi/titer: Marché du mardi/' "$work/marche/content/marches/mardi.md"
"$vitrine" check -C "$work/marche" >"$work/said" 2>&1; [ $? = 1 ] && grep -q 'content/marches/mardi.md:2:1' "$work/said"; say $? "a new type: its fields are checked"

# A new portal claims nothing of its accessibility, and what its accessibilite.yaml says in comments is right once it is said.
"$vitrine" new site "$work/neuf" >/dev/null 2>&1; say $? "a new site"
built neuf-publie "$vitrine" build -C "$work/neuf" --date 2026-06-01
neuf=$work/neuf-publie
grep -q 'Accessibilité : non conforme' "$neuf/index.html" && ! grep -rqE 'déclaration a été établie|L’audit de conformité réalisé|conformité partielle|conformité totale' "$neuf" && [ ! -e "$neuf/accessibilite/schema-pluriannuel" ]
say $? "a new site: no declaration, no audit, no scheme is claimed"
sed -i 's/^# //' "$work/neuf/content/accessibilite.yaml"
built neuf-declare "$vitrine" build -C "$work/neuf" --date 2026-06-01
grep -q 'déclaration a été établie le 15 janvier 2026' "$work/neuf-declare/accessibilite/index.html" && [ -e "$work/neuf-declare/accessibilite/schema-pluriannuel/index.html" ] && [ -e "$work/neuf-declare/accessibilite/plans-annuels/index.html" ]
say $? "a new site: every commented line of accessibilite.yaml is valid once it speaks"
printf '\357\273\277# rien\r\n\r\n' >"$work/neuf/content/accessibilite.yaml"
built neuf-vide "$vitrine" build -C "$work/neuf" --date 2026-06-01

# What is right today must also draw when it has ended: `check` draws every state, `build` only today's.
copy_site "$work/ended"
sed -i 's/{% block contenu %}/{% block contenu %}{% if page.etat == "expiree" %}{{ ({})[1] .. "" }}{% end %}/' "$work/ended/themes/portail/layouts/offre.html"
"$vitrine" build -C "$work/ended" -o "$work/ended-out" --date 2026-08-01 --no-sync --quiet; say $? "a fault of the expired state does not stop a build without expired offers"
"$vitrine" check -C "$work/ended" --date 2026-08-01 >"$work/said" 2>&1; [ $? = 1 ] && grep -q 'layouts/offre.html:' "$work/said"; say $? "check finds a fault that only an expired offer shows"
exit $failed
