route{ url = "/.vitrine-publie", layout = "liste.html", params = { titre = "La marque", items = {} } }
