route{ url = "/", layout = "liste.html", params = { titre = "Accueil", items = site.fiches } }
route{ url = "/" .. string.rep("a/", 40), layout = "liste.html", params = { titre = "Trop profond", items = site.fiches } }
