route{ url = "/", layout = "liste.html", params = { titre = "Accueil", items = site.fiches } }
route{ url = "/couleurs.css", layout = "couleurs.css" }
