#!/bin/sh
# Writes into DIR a site root of N items for the theme beside this script: the kinds, sizes and links of the portal on which the
# peers are compared (2 % territories, 25 % establishments, 50 % offers, 15 % tourist sites, 8 % events; bodies of 130 to 450 words).
# Same N, same bytes. usage: tests/bench/peers/gen.sh N DIR
[ $# = 2 ] || { echo "usage: $0 N DIR" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$2/content" "$2/themes" && cp -r "$here/theme" "$2/themes/banc" || exit 3
cd "$2/content" && mkdir -p territoires etablissements offres sites evenements
exec awk -v n="$1" -v keys="$(sed -n 's/^        \([a-z-]*\): .*/\1/p' "$here/theme/types/fragments/specialites.yaml" | tr '\n' ' ')" '
# A linear congruential generator of our own (Numerical Recipes, "ranqd1"): awk seeds differ between implementations.
function rnd(k) { seed = (seed * 1664525 + 1013904223) % 4294967296; return int(seed / 4294967296 * k) }
function pick(list, k) { return list[1 + rnd(k)] }
function sentence(nom,   s) { s = pick(S, nS); gsub(/NOM/, nom, s); gsub(/AUTRE/, pick(A1, nA1) "-" pick(A2, nA2), s); return s }
function sentences(nom, k,   s) { s = sentence(nom); while (--k) s = s " " sentence(nom); return s }
function put(text) { printf "%s\n\n", text > f; words += split(text, ignored, /[ \n]+/) }
function items(mark,   k, i, s) { k = 3 + rnd(3); for (i = 1; i <= k; i++) s = s (i > 1 ? "\n" : "") (mark ? "-" : i ".") " " pick(I, nI); put(s) }
function table(   k, s) { s = "| Jour | Horaire | Accueil |\n| --- | --- | --- |"; for (k = 3 + rnd(3); k > 0; k--) s = s "\n" pick(R, nR); put(s) }
function body(nom, terr,   target, h, kind, k, link) {
	target = 115 + rnd(185); words = 0; h = rnd(nH)
	put(sentences(nom, 2 + rnd(2)))
	while (words < target) {
		put("## " H[1 + h++ % nH])
		put(sentences(nom, 2 + rnd(2)))
		kind = rnd(100)
		if (kind < 45) items(rnd(10) > 2)
		else if (kind < 60) table()
		else if (kind < 75) { put("### " pick(B, nB)); put(sentence(nom)) }
		else if (kind < 82) put("> " sentence(nom))
	}
	link = "Pour en savoir plus, consultez [" pick(E, nE) "](https://exemple.fr/) ou la page du territoire [" T[terr] "](/territoires/" terr "/)."
	for (k = rnd(3); k > 0; k--) link = link " À lire aussi : [un lieu de soin](/etablissements/etablissement-" rnd(ne) "/)."
	put(link)
	close(f)
}
# Minutes since 1 March 2024, each only once: a step that has no divisor in common with their number.
function moment(   m, day, month) {
	m = (count++ * 777767) % 1000003
	day = int(m / 1440); month = int(day / 28)
	return sprintf("%d-%02d-%02d %02d:%02d", 2024 + int(month / 12), 1 + month % 12, 1 + day % 28, int(m % 1440 / 60), m % 60)
}
function head(dir, slug, titre, resume) {
	f = dir "/" slug ".md"
	printf "---\ntitre: \"%s\"\ndate_publication: %s\nresume: \"%s\"\ncoordonnees:\n  lat: %.5f\n  lon: %.5f\n", titre, moment(), resume, 43.1 + rnd(340000) / 1e5, 1.1 + rnd(340000) / 1e5 > f
}
function field(name, value) { printf "%s: %s\n", name, value > f }
function specialties(most,   k, at) { printf "specialites:\n" > f; at = rnd(nK - most); for (k = 1 + rnd(most); k > 0; k--) { printf "  - %s\n", K[at + k] > f } }
# Few large territories, many small ones.
function territory(   u) { u = rnd(1000) / 1000; return "territoire-" int(nt * u * u) }
function day(from, k) { k = from + rnd(k); return sprintf("2026-%02d-%02d", 1 + int(k / 28) % 12, 1 + k % 28) }
function done(nom, terr) { printf "---\n\n" > f; body(nom, terr) }
BEGIN {
	seed = 20260101
	nK = split(keys, K, " ")
	nA1 = split("Saint Sainte Mont Val Roche Bois Pont Fontaine Castel Ville Puy Clos Bourg Mas Croix Champ Prat Serre Combe Vigne", A1, " ")
	nA2 = split("aubin beau chambon clair delmas escot fleury gaillac hautefort joyeuse lacaze mirande noailles orcival peyrac quercy roquefort salers tauves vernet", A2, " ")
	nH = split("Présentation;Missions;Cadre de travail;Venir jusqu’ici;Vie sur place;Encadrement;Horaires;À proximité;Projet partagé;Logement", H, ";")
	nB = split("En pratique;Bon à savoir;Pour aller plus loin;Les partenaires", B, ";")
	nE = split("le site de la région;l’annuaire de santé;l’office de tourisme;le portail des stages", E, ";")
	nS = split("L’équipe réunit des profils variés et prend le temps de transmettre à ceux qui arrivent.;Une navette relie chaque matin la gare au centre de NOM, et le trajet vers AUTRE prend moins d’une heure.;Un logement **à petit loyer** attend les personnes qui viennent pour la première fois dans la vallée.;Les horaires suivent la saison ; un appel évite de se déplacer pour rien.;Le projet est soutenu par la région, le département et plusieurs associations de NOM.;On aime ici le calme, la lumière et la diversité des paysages autour de NOM.;Un professionnel expérimenté suit chaque stagiaire pendant toute la durée de son séjour.;Les repas se prennent sur place, dans une salle ouverte sur le jardin.;Une fois par semaine, un échange permet de dire ses *besoins* et ses attentes.;La saison culturelle de AUTRE et de NOM occupe les soirées tout au long de l’année.;Les équipements sont partagés avec AUTRE, ce qui évite bien des trajets.;Il reste des places, mais les demandes arrivent nombreuses au printemps.", S, ";")
	nI = split("une équipe **à l’écoute** et un référent identifié;un logement à dix minutes à pied;une aide pour les *frais de transport*;un livret remis dès l’arrivée;des rencontres régulières avec les élus;une connexion rapide dans tous les bâtiments;un abri pour les vélos;un bilan à la fin du séjour", I, ";")
	nR = split("| Lundi | 8 h – 12 h | Sur rendez-vous |;| Mardi | 9 h – 17 h | Accès libre |;| Mercredi | 9 h – 12 h | Réservé aux familles |;| Jeudi | 14 h – 18 h | Accès libre |;| Samedi | 10 h – 12 h | Une semaine sur deux |", R, ";")
	nC = split("Centre hospitalier;Clinique;EHPAD;Maison de santé;Hôpital de jour;Laboratoire;Pharmacie", C, ";")
	nP = split("Interne;Externe;Étudiant infirmier;Élève aide-soignant;Étudiant kinésithérapeute;Étudiant sage-femme", P, ";")
	nL = split("Patrimoine;Musée;Randonnée;Baignade;Jardin;Grotte;Château;Point de vue", L, ";")
	nV = split("Marché;Concert;Conférence;Forum des métiers;Fête locale;Exposition", V, ";")
	nt = int(n * 0.02); ne = int(n * 0.25); ns = int(n * 0.15); nv = int(n * 0.08); no = n - nt - ne - ns - nv
	if (nt < 1) nt = 1; if (ne < 1) ne = 1
	print "titre: Portail des territoires\nurl: https://portail.exemple.fr\ntheme: banc\ndate: 2026-11-22" > "site.yaml"
	for (i = 0; i < nt; i++) {
		T["territoire-" i] = nom = pick(A1, nA1) "-" pick(A2, nA2) " " i
		head("territoires", "territoire-" i, nom, nom " rassemble des communes rurales qui partagent une offre de soins, des stages et des sites.")
		field("code", "\"" 10000 + i "\""); field("departement", "Exemple"); field("region", "Exemple"); field("population", 900 + rnd(89000)); field("superficie", 12 + rnd(800))
		done(nom, "territoire-" i)
	}
	for (i = 0; i < ne; i++) {
		t = territory(); c = pick(C, nC); nom = pick(A1, nA1) "-" pick(A2, nA2)
		O[i] = nom; OT[i] = t
		head("etablissements", "etablissement-" i, c " de " nom " n° " i, "Un lieu de soin de " nom ", ouvert aux patients du territoire et aux étudiants en santé.")
		field("commune", nom); field("territoire", t); specialties(4); field("categorie", c); field("adresse", 1 + rnd(180) " rue de l’Exemple")
		field("telephone", sprintf("\"05 36 49 %02d %02d\"", rnd(100), rnd(100))); field("lits", 5 + rnd(595))
		done(nom, t)
	}
	for (i = 0; i < no; i++) {
		e = rnd(ne); p = pick(P, nP); k = rnd(200)
		head("offres", "offre-" i, "Stage " p " n° " i, "Stage proposé à " O[e] " pour un profil « " p " », avec un tuteur et un logement possible.")
		field("commune", O[e]); field("territoire", OT[e]); field("etablissement", "etablissement-" e); specialties(3); field("profession", p)
		field("debut", day(k, 1)); field("fin", day(k + 28, 100)); field("gratification", rnd(1600))
		done(O[e], OT[e])
	}
	for (i = 0; i < ns; i++) {
		t = territory(); l = pick(L, nL); nom = pick(A1, nA1) "-" pick(A2, nA2)
		head("sites", "site-" i, l " de " nom " n° " i, "Un lieu à découvrir à " nom ", en famille ou entre amis, au fil des saisons.")
		field("commune", nom); field("territoire", t); field("categorie", l); field("tarif", 5 + rnd(12) " €"); field("accessible", rnd(10) < 6 ? "true" : "false")
		done(nom, t)
	}
	for (i = 0; i < nv; i++) {
		t = territory(); v = pick(V, nV); nom = pick(A1, nA1) "-" pick(A2, nA2); k = rnd(300)
		head("evenements", "evenement-" i, v " à " nom " n° " i, "Rendez-vous à " nom " : rencontres, animations et découverte du territoire.")
		field("commune", nom); field("territoire", t); field("categorie", v); field("debut", day(k, 1)); field("fin", day(k + 1, 3)); field("lieu", "Salle des fêtes"); field("audience", "Tout public")
		done(nom, t)
	}
}'
