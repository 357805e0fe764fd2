local p = {titre = "Formats", texte = "<b>\"a\" & 'b'; c, d\\n é</b>", nombre = 1.5, vrai = true, items = site.fiches}
route{url = "/donnees.json", layout = "donnees.json", params = p}
route{url = "/donnees.csv", layout = "donnees.csv", params = p}
route{url = "/agenda.ics", layout = "agenda.ics", params = p}
route{url = "/flux.xml", layout = "flux.xml", params = p}
route{url = "/texte.txt", layout = "texte.txt", params = p}
route{url = "/page/", layout = "page-essai.html", params = p}
route{url = "/sitemap.xml", layout = "sitemap.xml", vague = 3}
route{url = "/fiches.csv", layout = "tableau.csv", portee = "export", params = {items = site.fiches, colonnes = {
  "slug", "url", "etat", "titre", "lieu", "autres", "nature", "valable_au", "nombre", "prix", "ouvert", "telephone", "contact", "consentement.portee", "note"}}}
route{url = "/lieux.csv", layout = "tableau.csv", params = {items = site.lieux, colonnes = {"type", "titre", "geo.lat", "geo.lon"}}}
