route{ url = "/", layout = "liste.html", params = { titre = "Accueil", items = site.fiches } }
route{ url = "/carte/", layout = "liste.html", params = { titre = "Carte", items = site.fiches }, csp = { ["img-src"] = "data:; script-src *" } }
