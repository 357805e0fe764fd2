route{ url = "/", layout = "liste.html", params = { titre = "Accueil", items = site.fiches } }
route{ url = "stages d'été", layout = "liste.html", params = { titre = "Stages", items = site.fiches } }
