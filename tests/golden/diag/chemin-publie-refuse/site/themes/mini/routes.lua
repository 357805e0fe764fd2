route{ url = "/", layout = "liste.html", params = { titre = "Accueil", items = site.fiches } }
route{ url = "/a/../b/", layout = "liste.html", params = { titre = "Stages", items = site.fiches } }
