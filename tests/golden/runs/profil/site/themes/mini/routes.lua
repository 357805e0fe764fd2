route{url = "/", layout = "liste.html", params = {titre = "Accueil", items = site.fiches}}
route{url = "/encore/", layout = "liste.html", params = {titre = "Encore", items = site.fiches}}
