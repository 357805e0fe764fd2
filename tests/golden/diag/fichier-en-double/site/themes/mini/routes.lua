route{ url = "/", layout = "liste.html", params = { titre = "Accueil", items = site.fiches } }
route{ url = "/_headers", layout = "liste.html", params = { titre = "Un nom déjà pris", items = site.fiches } }
