route{ url = "/_headers", layout = "liste.html", params = { titre = "Un nom déjà pris", items = {} } }
