route{ url = "/", layout = "liste.html", params = { titre = "Accueil", items = site.fiches } }
