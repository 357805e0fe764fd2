-- The lists of the benchmark: by type, by territory and by specialty, fifty a page.
local rubriques = require("rubriques")

route{url = "/", layout = "accueil.html", params = {titre = site.titre}}
for _, nom in ipairs(rubriques.collections) do
  paginer(site[nom], 50, "/" .. nom .. "/", {layout = "liste.html", params = {titre = rubriques.titre(nom)}})
end

local function lister(base, titre, termes)
  route{url = base, layout = "termes.html", params = {titre = titre, termes = termes}}
  for _, x in ipairs(termes) do
    paginer(x.items, 50, x.url, {layout = "liste.html", params = {titre = x.titre, dans = {url = base, titre = titre}}})
  end
end

local function par_adresse(a, b)
  return a.url < b.url
end

local territoires = {}
for i = 1, #site.territoires do
  local x = site.territoires[i]
  local items = x.etablissements:union(x.offres):union(x.sites):union(x.evenements):sort("-date_publication")
  if #items > 0 then
    territoires[#territoires + 1] = {url = "/par-territoire/" .. x.slug .. "/", titre = x.titre, items = items, nombre = #items}
  end
end
table.sort(territoires, par_adresse)
lister("/par-territoire/", "Par territoire", territoires)

local specialites, groupes = {}, site.etablissements:union(site.offres):sort("-date_publication"):group("specialites")
for i = 1, #groupes do
  local g = groupes[i]
  specialites[#specialites + 1] = {url = "/specialites/" .. g.cle .. "/", titre = g.libelle, items = g.items, nombre = #g.items}
end
table.sort(specialites, par_adresse)
lister("/specialites/", "Spécialités", specialites)

route{url = "/offres/atom.xml", layout = "atom.xml", params = {items = site.offres:take(50)}}
route{url = "/offres/offres.json", layout = "offres.json"}
route{url = "/sitemap.xml", layout = "sitemap.xml", vague = 3}
