route{ url = "/", layout = "liste.html", params = { titre = "Accueil", items = site.fiches } }
route{ url = "/image.png", layout = "image.svg" }
