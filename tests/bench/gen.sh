#!/bin/sh
# Writes a complete site root of N items (2 % territories, 25 % establishments, 50 % offers, 15 % tourist sites, 8 % events)
# of the default theme's model into DIR. Same N, same bytes. usage: tests/bench/gen.sh N DIR
[ $# = 2 ] || { echo "usage: $0 N DIR" >&2; exit 2; }
mkdir -p "$2/content" || exit 3
cd "$2/content" && mkdir -p territoires etablissements offres sites-touristiques evenements guichets pages
exec awk -v n="$1" '
# A linear congruential generator of our own (Numerical Recipes, "ranqd1"): awk seeds differ between implementations.
function rnd(k) { seed = (seed * 1664525 + 1013904223) % 4294967296; return int(seed / 4294967296 * k) }
function pick(list, k) { return list[1 + rnd(k)] }
function luhn(digits,   i, d, sum) {
	for (i = 1; i <= length(digits); i++) {
		d = substr(digits, length(digits) - i + 1, 1)
		if (i % 2 == 1) { d *= 2; if (d > 9) d -= 9 }
		sum += d
	}
	return digits (10 - sum % 10) % 10
}
function commune() { return pick(A1, nA1) "-" pick(A2, nA2) }
function sentence(nom) {
	gsub(/x/, "x", nom); s = pick(S, nS); sub(/NOM/, nom, s); return s
}
function body(file, nom,   words, k, i, m) {
	printf "%s %s\n", sentence(nom), sentence(nom) > file
	k = 3 + rnd(3)
	for (i = 1; i <= k; i++) {
		printf "\n## %s\n\n%s %s %s\n", H[1 + (i + nH * 7 + rnd(2)) % nH] " (" i ")", sentence(nom), sentence(nom), sentence(nom) > file
		m = rnd(4)
		if (m == 0) { printf "\n- %s\n- %s\n- %s\n", pick(I, nI), pick(I, nI), pick(I, nI) > file }
		else if (m == 1) { printf "\n| Jour | Horaire | Accueil |\n| --- | --- | --- |\n| Lundi | 8 h – 12 h | Sur rendez-vous |\n| Mardi | 9 h – 17 h | Accès libre |\n| Jeudi | 14 h – 18 h | Accès libre |\n" > file }
	}
}
function territory() { return "territoire-" rnd(nt) }
function common(file, titre, terr) {
	printf "---\ntitre: %s\nresume: %s\nterritoires: [%s]\nmaj_le: 2026-0%d-%02d\n", titre, sentence("ce lieu"), terr, 1 + rnd(8), 1 + rnd(28) > file
}
BEGIN {
	seed = 20260101
	nA1 = split("Saint Sainte Mont Val Roche Bois Pont Fontaine Castel Ville Puy Clos Bourg Mas Croix Champ Prat Serre Combe Vigne", A1, " ")
	nA2 = split("aubin beau chambon clair delmas escot fleury gaillac hautefort joyeuse lacaze mirande noailles orcival peyrac quercy roquefort salers tauves vernet", A2, " ")
	nH = split("Présentation;Missions;Cadre de travail;Accès et transports;Vie sur place;Encadrement;Horaires;À proximité;Projet partagé;Logement", H, ";")
	nS = split("L’équipe réunit des profils complémentaires et attache de l’importance à la transmission.;Les transports ont été renforcés et une navette relie chaque matin la gare au centre de NOM.;Un hébergement **à tarif réduit** peut être proposé aux personnes qui viennent pour la première fois.;Les horaires sont adaptés à la saison.;Le projet a reçu le soutien de la région, du département et de plusieurs associations.;Les visiteurs apprécient le calme, la lumière et la diversité des paysages autour de NOM.;Le tutorat est assuré par un professionnel expérimenté, disponible pendant tout le séjour.;Les repas peuvent être pris sur place, dans une salle ouverte sur le jardin.;Chaque semaine, un temps d’échange fait le point sur les *besoins* de chacun.;On y découvre une offre culturelle variée tout au long de l’année.", S, ";")
	nI = split("une équipe **à l’écoute** et un référent identifié;un logement à moins de dix minutes à pied;une aide pour les *frais de transport*;un livret d’accueil remis dès l’arrivée;des rencontres régulières avec les élus;une connexion rapide dans tous les bâtiments;un parking gratuit et un abri pour les vélos", I, ";")
	nN = split("remplacement assistanat collaboration installation reprise salariat vacation", N, " ")
	nC = split("ch msp centre_sante ehpad pharmacie", C, " ")
	nT = split("chateau musee village nature randonnee", T, " ")
	nt = int(n * 0.02); ne = int(n * 0.25); no = int(n * 0.50); ns = int(n * 0.15); nv = int(n * 0.08)
	if (nt < 1) nt = 1; if (ne < 1) ne = 1
	print "titre: Portail de mesure\nurl: https://mesure.exemple.fr/\ntheme: portail\ndate: 2026-09-15\nguichet: guichet-unique" > "site.yaml"
	f = "guichets/guichet-unique.md"
	printf "---\ntitre: Guichet unique\nniveau: territoire\nfonction: Animatrice territoriale de santé\ntelephone: \"05 36 49 00 00\"\ncourriel: guichet@exemple.fr\ndelai_reponse: 2 jours ouvrés\n---\nAppelez ou écrivez.\n" > f; close(f)
	for (i = 0; i < nt; i++) {
		f = "territoires/territoire-" i ".md"
		printf "---\ntitre: %s\nresume: %s\nmaj_le: 2026-06-01\ncategorie: epci\ndepartement: {code: \"99\", nom: Exemple}\ngeo: {lat: 4%d.%05d, lon: %d.%05d}\n---\n", "Pays de " commune() " " i, sentence("ce pays"), 3 + rnd(4), rnd(99999), 1 + rnd(4), rnd(99999) > f
		body(f, "ce pays"); close(f)
	}
	for (i = 0; i < ne; i++) {
		f = "etablissements/etablissement-" i ".md"; c = commune()
		common(f, "Maison de santé de " c " " i, territory())
		printf "categorie: %s\nadresse: {commune: %s}\ntelephone: \"05 36 49 %02d %02d\"\ngeo: {lat: 4%d.%05d, lon: %d.%05d}\n---\n", pick(C, nC), c, rnd(100), rnd(100), 3 + rnd(4), rnd(99999), 1 + rnd(4), rnd(99999) > f
		body(f, c); close(f)
	}
	for (i = 0; i < no; i++) {
		f = "offres/offre-" i ".md"
		common(f, "Médecin généraliste, poste " i, territory())
		printf "nature: %s\nprofession: medecin\netablissement: etablissement-%d\npublie_le: 2026-0%d-%02d\nvalide_au: 2027-%02d-%02d\n---\n", pick(N, nN), rnd(ne), 1 + rnd(8), 1 + rnd(28), 1 + rnd(12), 1 + rnd(28) > f
		body(f, "la commune"); close(f)
	}
	for (i = 0; i < ns; i++) {
		f = "sites-touristiques/site-" i ".md"; c = commune()
		common(f, "Site de " c " " i, territory())
		printf "categorie: %s\nadresse: {commune: %s}\ngeo: {lat: 4%d.%05d, lon: %d.%05d}\n---\n", pick(T, nT), c, 3 + rnd(4), rnd(99999), 1 + rnd(4), rnd(99999) > f
		body(f, c); close(f)
	}
	for (i = 0; i < nv; i++) {
		f = "evenements/evenement-" i ".md"
		common(f, "Journée d’accueil " i, territory())
		m = 1 + rnd(12); d = 1 + rnd(28)
		printf "categorie: journee_accueil\ndebut: 2027-%02d-%02d 18:30\nfin: 2027-%02d-%02d 21:00\n---\n", m, d, m, d > f
		body(f, "la commune"); close(f)
	}
}'
