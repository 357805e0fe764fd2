#!/bin/sh
# The mistakes that people make, planted one by one in a copy of the demonstration portal: each gives an error at the right place
# with a remedy and exit status 1, and leaves the published site as it was.
# usage: tests/errors.sh     with VITRINE = the program (default build/vitrine)
. "$(dirname "$0")/common.sh"
mkdir "$work/clean" "$work/site"
cp -R "$root/content" "$root/themes" "$root/assets" "$work/clean/"
cp -R "$work/clean/." "$work/site/"
"$vitrine" build -C "$work/site" --no-sync --quiet || { echo "not ok the portal builds"; exit 1; }
bytes() { (cd "$work/site/public" && find . -type f | LC_ALL=C sort | xargs -d '\n' sha256sum) | sha256sum; }
state() { (cd "$work/site/public" && find . -type f | LC_ALL=C sort | xargs -d '\n' sha256sum; find . -printf '%p %i %T@\n' | sort) | sha256sum; }
before=$(state)
were=$(bytes)

# The first item of a folder that has a line matching a pattern, relative to the site.
first() { (cd "$work/site" && grep -l "$2" "content/$1"/*.md | LC_ALL=C sort | head -1); }
line_of() { grep -n "$2" "$work/site/$1" | head -1 | cut -d: -f1; }
mend() { for d in content themes assets; do rm -rf "$work/site/$d"; cp -R "$work/clean/$d" "$work/site/$d"; done; rm -rf "$work/site/layouts" "$work/site/lib"; }

# expect NAME FILE LINE COLUMN [SECONDS]: builds, looks at what is said, mends the site again. LINE or COLUMN may be a pattern.
expect() {
	start=$(date +%s)
	timeout 60 "$vitrine" build -C "$work/site" --no-sync >"$work/out" 2>"$work/said"
	status=$?
	took=$(($(date +%s) - start))
	reason=
	[ $status = 1 ] || reason="exit status $status"
	grep -qE "^$2:$3:$4: erreur: " "$work/said" || reason="$reason, nothing said at $2:$3:$4"
	grep -q 'remède : ' "$work/said" || reason="$reason, no remedy"
	[ "$(state)" = "$before" ] || reason="$reason, the published site changed"
	[ $took -le "${5:-10}" ] || reason="$reason, took $took s"
	if [ -z "$reason" ]; then echo "ok error: $1"; else echo "not ok error: $1: $reason"; sed 's/^/#   /' "$work/said" | head -12; failed=1; fi
	mend
}
edit() { sed -i "$2" "$work/site/$1"; }

f=$(first offres '^valide_au: '); n=$(line_of "$f" '^valide_au: ')
edit "$f" 's/^valide_au: .*/valide_au: 2027-02-30/'; expect "impossible date" "$f" "$n" 12
n=$(line_of "$f" '^nature: ')
edit "$f" 's/^nature: /naturre: /'; expect "misspelt field" "$f" "$n" 1
edit "$f" '/^nature: /d'; expect "missing required field" "$f" '[0-9]+' '[0-9]+'
edit "$f" 's/^nature: .*/nature: instalation/'; expect "unknown enumeration value" "$f" "$n" 9
f=$(first offres '^etablissement: '); n=$(line_of "$f" '^etablissement: ')
edit "$f" 's/^etablissement: .*/etablissement: hopital-de-nulle-part/'; expect "reference to an item that does not exist" "$f" "$n" 16
f=content/site.yaml; n=$(line_of "$f" '^  siren: ')
edit "$f" 's/^  siren: .*/  siren: "999999999"/'; expect "wrong SIREN" "$f" "$n" 10
f=$(first offres '^titre: '); n=$(line_of "$f" '^titre: ')
printf -- '---\ntitre: Une page de trop\nanciennes_adresses: [/offres/%s/]\n---\nTexte.\n' "$(basename "$f" .md)" >"$work/site/content/pages/page-de-trop.md"
expect "colliding URLs (an old address that is an item's)" 'content/pages/page-de-trop.md' 3 '[0-9]+'
printf -- '---\ntitre: Une page de trop\n---\nTexte.\n' >"$work/site/content/pages/stages.md"
expect "colliding URLs (a page that takes a list's address)" 'content/pages/stages.md' '[0-9]+' '[0-9]+'
printf '\nVoyez [cette offre](offre:qui-n-existe-pas).\n' >>"$work/site/$f"; n=$(wc -l <"$work/site/$f")
expect "broken typed link" "$f" "$n" '[0-9]+'
printf '\n![Le lac](lac-introuvable.jpg)\n' >>"$work/site/$f"; n=$(wc -l <"$work/site/$f")
expect "broken image" "$f" "$n" '[0-9]+'
printf '\nVoyez [cela](javascript:alert(1)).\n' >>"$work/site/$f"; n=$(wc -l <"$work/site/$f")
expect "a link that is a script" "$f" "$n" '[0-9]+'
printf '\nUn accent mal \351crit.\n' >>"$work/site/$f"; n=$(wc -l <"$work/site/$f")
expect "invalid UTF-8" "$f" "$n" 15
edit "$f" '2a titre: Deux fois le titre'; expect "duplicate key" "$f" 3 1
{ echo '---'; echo 'titre: Bombe'; echo 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'; i=1
	while [ $i -le 9 ]; do echo "a$i: &a$i [*a$((i - 1)), *a$((i - 1)), *a$((i - 1)), *a$((i - 1)), *a$((i - 1)), *a$((i - 1)), *a$((i - 1)), *a$((i - 1)), *a$((i - 1))]"; i=$((i + 1)); done
	echo '---'; } >"$work/site/content/pages/bombe.md"
expect "alias bomb" 'content/pages/bombe.md' '[0-9]+' '[0-9]+' 5

# Photographs: each has a description or is decorative, a credit, a permission; those of texts too.
picture() { # FIELDS
	printf '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 2"><path d="M0 0h3v2z"/></svg>\n' >"$work/site/content/pages/lac.svg"
	printf -- '---\ntitre: Une page de trop\nimages:\n  - {fichier: lac.svg%s}\n---\nTexte.\n' "$1" >"$work/site/content/pages/page-de-trop.md"
}
f=content/pages/page-de-trop.md
picture ', credit: C, autorisation: A'; expect "a picture neither described nor decorative" $f 4 5
picture ', decorative: false, credit: C, autorisation: A'; expect "a picture that is not decorative, not described" $f 4 5
picture ', alt: Le lac, decorative: true, credit: C, autorisation: A'; expect "a picture both described and decorative" $f 4 '[0-9]+'
picture ', alt: Le lac, autorisation: A'; expect "a picture without credit" $f 4 5
picture ', alt: Le lac, credit: C'; expect "a picture without permission" $f 4 5
picture ''; printf -- '---\ntitre: Une page de trop\n---\n![Le lac](lac.svg)\n' >"$work/site/$f"; expect "a picture in a text, without credit" $f 4 1
picture ''; printf '\377\330\377\333\000\103\000' >"$work/site/content/pages/lac.jpg"; edit $f 's/lac.svg/lac.jpg, alt: Le lac, credit: C, autorisation: A/'
expect "a photograph that is cut" $f 4 15

t=themes/portail/layouts/offre.html
n=$(($(wc -l <"$work/site/$t") + 1))
plant() { printf '{%% block essai %%}%s{%% end %%}\n' "$1" >>"$work/site/$t"; }
plant '<p>{{ page.titer }}</p>'; expect "a template with an unknown field" "$t" "$n" 29
plant '<p>{% if page.titre %}oui</p>'; expect "an unclosed tag" "$t" '[0-9]+' '[0-9]+'
plant '<p class={{ page.slug }}>x</p>'; expect "a value in an unquoted attribute" "$t" "$n" 27
plant '<style>p { color: red }</style>'; expect "an inline style" "$t" "$n" 18
l=themes/portail/lib/essai.lua
printf 'local m = {}\nwhile true do end\nreturn m\n' >"$work/site/$l"; expect "a lib module that never ends" "$l" 2 '[0-9]+' 12
printf 'local m = {}\nlocal f = io.open("/etc/passwd")\nreturn m\n' >"$work/site/$l"; expect "a lib module that opens a file" "$l" 2 '[0-9]+'
printf 'local m = {}\nlocal s = ("x"):rep(10 * 1024 * 1024 * 1024)\nreturn m\n' >"$work/site/$l"; expect "a lib module with a string of 10 GB" "$l" 2 '[0-9]+'
printf 'local m = {}\nlocal s = "x"\nwhile true do s = s .. s end\nreturn m\n' >"$work/site/$l"; expect "a lib module that fills the memory" "$l" 3 '[0-9]+'
printf 'local m = {}\nlocal s = ("a"):rep(28):find(("a?"):rep(28) .. ("a"):rep(28))\nreturn m\n' >"$work/site/$l"; expect "a lib module with an explosive pattern" "$l" 2 '[0-9]+' 12

# With nothing planted the site builds again as it was.
"$vitrine" build -C "$work/site" --no-sync --quiet && [ "$(bytes)" = "$were" ]
[ $? = 0 ] && echo "ok mended, the site builds as before" || { echo "not ok mended, the site builds as before"; failed=1; }

# An output folder with foreign files is refused and left alone.
mkdir "$work/foreign" && echo mine >"$work/foreign/notes.txt"
"$vitrine" build -C "$work/site" -o "$work/foreign" --no-sync >"$work/out" 2>"$work/said"
[ $? = 2 ] && grep -q notes.txt "$work/said" && [ "$(cat "$work/foreign/notes.txt")" = mine ] && [ "$(ls "$work/foreign")" = notes.txt ]
[ $? = 0 ] && echo "ok an output folder with foreign files is refused" || { echo "not ok an output folder with foreign files is refused"; failed=1; }
exit $failed
