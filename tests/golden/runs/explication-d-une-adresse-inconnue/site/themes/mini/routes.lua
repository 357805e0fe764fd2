route{ url = "/", layout = "liste.html", params = { titre = "Accueil", items = site.fiches } }
route{ url = "/assets/couleurs.css", layout = "couleurs.css", vague = 1 }
