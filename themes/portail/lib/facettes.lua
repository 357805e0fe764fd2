-- Facets: plain pages, one for each value that has something; no empty one exists.
local modeles = require("modeles")
local publics = require("publics")

local m = {}

-- How each collection can be narrowed. `segment` names the group in the address, and the facet of recherche.yaml that the live panel has for
-- it: tests/search/facets.test.mjs holds the two together.
local definitions = {
  stages = {type = "terrain-de-stage", groupes = {
    {segment = "public", par = "public"}, {segment = "niveau", champ = "niveaux"},
    {segment = "territoire", par = "territoire"}, {segment = "profession", champ = "profession"}}},
  offres = {type = "offre", groupes = {
    {segment = "nature", champ = "nature", au_pluriel = true}, {segment = "public", champ = "publics", au_pluriel = true},
    {segment = "territoire", par = "territoire"}, {segment = "profession", champ = "profession"}}},
  circuits = {type = "circuit", groupes = {
    {segment = "territoire", par = "territoire"}, {segment = "transport", champ = "transport"}}},
  temoignages = {type = "temoignage", groupes = {
    {segment = "territoire", par = "territoire"}, {segment = "public", champ = "publics", au_pluriel = true}}},
  professionnels = {type = "professionnel", groupes = {
    {segment = "territoire", par = "territoire"}, {segment = "role", champ = "roles"}, {segment = "profession", champ = "profession"}}},
  permanences = {type = "permanence", groupes = {
    {segment = "territoire", par = "territoire"}, {segment = "categorie", champ = "categorie"}}},
  locaux = {type = "local", groupes = {
    {segment = "territoire", par = "territoire"}, {segment = "categorie", champ = "categorie"}}},
  mobilites = {type = "mobilite", groupes = {
    {segment = "territoire", par = "territoire"}, {segment = "categorie", champ = "categorie"}}},
  services = {type = "service-local", groupes = {
    {segment = "territoire", par = "territoire"}, {segment = "categorie", champ = "categorie"}}},
  emplois_conjoint = {type = "emploi-conjoint", groupes = {
    {segment = "territoire", par = "territoire"}, {segment = "categorie", champ = "categorie"}}},
  etablissements = {type = "etablissement", groupes = {
    {segment = "territoire", par = "territoire"}, {segment = "categorie", champ = "categorie"}}},
  hebergements = {type = "hebergement", groupes = {
    {segment = "territoire", par = "territoire"}, {segment = "categorie", champ = "categorie"}}},
  sites_touristiques = {type = "site-touristique", groupes = {
    {segment = "territoire", par = "territoire"}, {segment = "categorie", champ = "categorie"}}},
  evenements = {type = "evenement", groupes = {
    {segment = "territoire", par = "territoire"}, {segment = "categorie", champ = "categorie"}}},
  besoins = {type = "besoin", groupes = {
    {segment = "territoire", par = "territoire"}, {segment = "degre", champ = "degre"},
    {segment = "profession", champ = "profession"}, {segment = "specialite", champ = "specialite"}}},
  aides = {type = "aide", partout = true, groupes = {
    {segment = "public", champ = "publics", au_pluriel = true}, {segment = "zone", champ = "zones"},
    {segment = "territoire", par = "territoire"}, {segment = "financeur", champ = "financeur"}}},
  demarches = {type = "demarche", groupes = {{segment = "public", champ = "publics", au_pluriel = true}}},
  metiers = {type = "metier", groupes = {}},
  formations = {type = "formation", groupes = {
    {segment = "territoire", par = "territoire"}, {segment = "categorie", champ = "categorie"}}},
  actualites = {type = "actualite", groupes = {{segment = "territoire", par = "territoire"}}},
  mouvements = {type = "mouvement", groupes = {
    {segment = "territoire", par = "territoire"}, {segment = "sens", champ = "sens"}}},
  lettres = {type = "lettre", groupes = {}},
  actions = {type = "action", groupes = {{segment = "territoire", par = "territoire"}}},
  indicateurs = {type = "indicateur", groupes = {
    {segment = "territoire", par = "territoire"}, {segment = "classe", champ = "classe"}}},
  partenaires = {type = "partenaire", groupes = {
    {segment = "territoire", par = "territoire"}, {segment = "categorie", champ = "categorie"}}},
  documents = {type = "document", groupes = {
    {segment = "territoire", par = "territoire"}, {segment = "categorie", champ = "categorie"}}},
}

m.collections = {
  "stages", "offres", "etablissements", "hebergements", "sites_touristiques", "evenements",
  "besoins", "aides", "demarches", "metiers", "formations", "actualites", "mouvements", "lettres", "actions", "indicateurs",
  "partenaires", "documents",
  "circuits", "temoignages", "professionnels", "permanences", "locaux", "mobilites", "services", "emplois_conjoint",
}

function m.type_de(collection)
  return definitions[collection].type
end

local function ajouter(liens, base, cle, texte, items)
  if items and #items > 0 then
    liens[#liens + 1] = {texte = texte, url = base .. cle:gsub("_", "-") .. "/", nombre = #items, items = items, cle = cle}
  end
end

local function par_enumeration(type_, g, base, items)
  local liens = {}
  local valeurs = modeles.valeurs(type_, g.champ)
  for i = 1, #valeurs do
    local v = valeurs[i]
    ajouter(liens, base, v.cle, g.au_pluriel and v.attributs.pluriel and traduit(v.attributs.pluriel) or v.libelle, items:where{[g.champ] = v.cle})
  end
  return liens
end

local function par_public(base, items)
  local liens = {}
  local valeurs = modeles.valeurs("page", "publics")
  for i = 1, #valeurs do
    local v = valeurs[i]
    ajouter(liens, base, v.cle, v.attributs.pluriel and traduit(v.attributs.pluriel) or v.libelle, publics.stages(v.cle, items))
  end
  return liens
end

-- `partout`: an item of this collection that names no territory holds everywhere.
local function du_territoire(items, territoire, partout)
  if not partout then return items:where{territoires = territoire} end
  return items:filter(function(x) return #x.territoires == 0 or x.territoires:contains(territoire) end)
end

local function par_territoire(base, items, partout)
  local liens = {}
  if #site.territoires < 2 then return liens end
  for i = 1, #site.territoires do
    local x = site.territoires[i]
    ajouter(liens, base, x.slug, x.nom_court or x.titre, du_territoire(items, x, partout))
  end
  return liens
end

-- The groups of a collection: list of {segment, titre, liens = {{texte, url, nombre, items, cle}}}.
function m.groupes(collection)
  local d, items, r = definitions[collection], site[collection], {}
  for _, g in ipairs(d.groupes) do
    local base = "/" .. collection:gsub("_", "-") .. "/" .. g.segment .. "/"
    local liens
    if g.par == "public" then liens = par_public(base, items)
    elseif g.par == "territoire" then liens = par_territoire(base, items, d.partout)
    else liens = par_enumeration(d.type, g, base, items) end
    if #liens > 0 then r[#r + 1] = {segment = g.segment, titre = t("facette_" .. g.segment), liens = liens} end
  end
  return r
end

local function sans_items(liens)
  local r = {}
  for i, l in ipairs(liens) do r[i] = {texte = l.texte, url = l.url, nombre = l.nombre} end
  return r
end

-- A group with so many values that no reader wants them all beside every list: those have a page of their own.
local trop, retenus = 60, 30

-- The most frequent values, in the order of all.
local function principaux(liens)
  local par_nombre, r = {}, {}
  for i, l in ipairs(liens) do par_nombre[i] = {rang = i, nombre = l.nombre} end
  table.sort(par_nombre, function(a, b) return a.nombre > b.nombre end)
  local choisis = {}
  for i = 1, retenus do choisis[par_nombre[i].rang] = true end
  for i, l in ipairs(liens) do
    if choisis[i] then r[#r + 1] = l end
  end
  return r
end

-- The address of the page that lists every value of a group of this collection; nil when the lists show them all.
function m.page_du_groupe(collection, groupe)
  return #groupe.liens > trop and "/" .. collection:gsub("_", "-") .. "/" .. groupe.segment .. "/" or nil
end

local function liens_affiches(liens)
  local r = {}
  for i, l in ipairs(liens) do r[i] = {texte = l.texte, url = url(l.url), page = l.url, nombre = nombre(l.nombre)} end
  return r
end

local function pages_de(liens)
  local r = {}
  for _, l in ipairs(liens) do r[l.page] = true end
  return r
end

local function affichables(collection)
  local r = {}
  for _, g in ipairs(definitions[collection] and m.groupes(collection) or {}) do
    if #g.liens > 1 then
      local page = m.page_du_groupe(collection, g)
      local liens = liens_affiches(page and principaux(g.liens) or g.liens)
      r[#r + 1] = {
        cle = collection .. "/" .. #r + 1, titre = g.titre, liens = liens, pages = pages_de(liens), url = page and url(page), total = nombre(#g.liens)}
    end
  end
  return r
end

-- What stands beside each list of a collection, as it is printed: the groups that offer a choice,
-- {cle, titre, liens = {{texte, url, page (its address before the language), nombre}}, pages (the set of these), url (of the page of all values), total}.
function m.affichables(collection)
  return une_fois(collection, affichables)
end

-- One of them, by its `cle`.
function m.affichable(cle)
  local collection, rang = cle:match("^(.*)/(%d+)$")
  return m.affichables(collection)[tonumber(rang)]
end

-- All values of a group, for its own page.
function m.liens(groupe)
  return sans_items(groupe.liens)
end

return m
