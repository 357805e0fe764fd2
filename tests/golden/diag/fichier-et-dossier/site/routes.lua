route{ url = "/plan", layout = "liste.html", params = { titre = "Un fichier", items = {} } }
route{ url = "/plan/du/site/", layout = "liste.html", params = { titre = "Dans un dossier", items = {} } }
