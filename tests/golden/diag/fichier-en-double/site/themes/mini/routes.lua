route{ url = "/", layout = "liste.html", params = { titre = "Accueil", items = site.fiches } }
route{ url = "/stages/", layout = "liste.html", params = { titre = "Stages", items = site.fiches } }
route{ url = "/stages/index.html", layout = "liste.html", params = { titre = "Stages", items = site.fiches } }
