-- The open data: what each file holds, told once from the types, for the files themselves and for who reads them.
local facettes = require("facettes")
local lieux = require("lieux")
local modeles = require("modeles")
local rubriques = require("rubriques")

local m = {}

-- Between the elements of a list in a CSV file; csv() writes the same.
m.separateur = "|"

-- The collections that have files: those that can be narrowed, the desks, several territories.
function m.collections()
  local r = {}
  for i, c in ipairs(facettes.collections) do r[i] = {nom = c, type = facettes.type_de(c)} end
  r[#r + 1] = {nom = "guichets", type = "guichet"}
  if rubriques.existe("territoires") then r[#r + 1] = {nom = "territoires", type = "territoire"} end
  return r
end

-- Types of Data Package 2.0; what is not here is a "string".
local types = {
  entier = "integer", nombre = "number", montant = "number", booleen = "boolean", date = "date", date_heure = "datetime", mois = "date",
  duree = "duration", variante = "object",
}
local formats = {url = "uri", courriel = "email", image = "uri", fichier = "uri"}
local composes = {objet = true, variante = true, geo = true}

local function valeurs(champ)
  if not champ.valeurs then return nil end
  local r = {}
  for i = 1, #champ.valeurs do r[i] = {value = champ.valeurs[i].cle, label = champ.valeurs[i].libelle} end
  return r
end

local function description(champ)
  local parties = {}
  if champ.aide then parties[1] = champ.aide end
  if champ.unite then parties[#parties + 1] = t("col_unite", {unite = champ.unite}) end
  if champ.personnel then parties[#parties + 1] = t("col_personnel") end
  if champ.type == "date_heure" then parties[#parties + 1] = t("col_heure_locale", {fuseau = site.fuseau}) end
  if champ.type == "mois" then parties[#parties + 1] = t("col_mois") end
  return #parties > 0 and table.concat(parties, " ") or nil
end

local function colonne(chemin, libelle_, champ)
  local c = {name = chemin, title = libelle_, description = description(champ), type = types[champ.type] or "string", format = formats[champ.type]}
  if champ.type == "liste" then
    local de = champ.de
    if composes[de.type] or de.type == "liste" then
      c.type = "array"
    else
      c.type, c.delimiter = "list", m.separateur
      c.itemType = types[de.type] or "string"
      if c.itemType == "duration" then c.itemType = "string" end
    end
    c.categories = valeurs(de)
  else
    c.categories = valeurs(champ)
  end
  if champ.requis and not chemin:find(".", 1, true) then c.constraints = {required = true} end
  return c
end

local function ajouter(r, champ, prefixe, titre)
  if not champ.export then return end
  local chemin, libelle_ = prefixe .. champ.nom, titre .. champ.libelle
  if champ.type == "objet" then
    for i = 1, #champ.champs do ajouter(r, champ.champs[i], chemin .. ".", libelle_ .. " : ") end
  elseif champ.type == "geo" then
    r[#r + 1] = {name = chemin .. ".lat", title = t("col_latitude"), description = t("col_degres"), type = "number"}
    r[#r + 1] = {name = chemin .. ".lon", title = t("col_longitude"), description = t("col_degres"), type = "number"}
  else
    r[#r + 1] = colonne(chemin, libelle_, champ)
  end
end

local function colonnes(nom_du_type)
  local champs = modele(nom_du_type).champs
  local r = {
    {name = "slug", title = t("col_identifiant"), description = t("col_identifiant_aide"), type = "string", constraints = {required = true}},
    {name = "url", title = t("col_adresse"), description = t("col_adresse_aide"), type = "string", format = "uri"},
  }
  if not modeles.a_le_champ(nom_du_type, "etat") then
    r[#r + 1] = {name = "etat", title = t("col_etat"), description = t("col_etat_aide"), type = "string"}
  end
  for i = 1, #champs do ajouter(r, champs[i], "", "") end
  return r
end

-- The columns of a type's table, as fields of a Data Package schema.
function m.colonnes(nom_du_type)
  return une_fois(nom_du_type, colonnes)
end

local function chemins(nom_du_type)
  local r = {}
  for i, c in ipairs(m.colonnes(nom_du_type)) do r[i] = c.name end
  return r
end

-- Their paths, for csv().
function m.chemins(nom_du_type)
  return une_fois(nom_du_type, chemins)
end

-- What a column holds, in words.
function m.en_mots(c)
  if c.type == "list" then return t("col_type_list", {separateur = m.separateur}) end
  return t("col_type_" .. (c.categories and "choix" or c.type))
end

-- Can a map show one of these items of a type?
function m.situable(nom_du_type, items)
  return lieux.situable(nom_du_type) and items:any(lieux.geo)
end

-- An iterator over those, all of one type: its number, the item, its point.
function m.situes(items, nom_du_type)
  local tenant_lieu, i, n = lieux.tenant_lieu(nom_du_type), 0, 0
  return function()
    while i < #items do
      i = i + 1
      local x = items[i]
      local l = x
      if tenant_lieu then l = tenant_lieu(x) end
      local geo = l and l.geo
      if geo then
        n = n + 1
        return n, x, geo
      end
    end
  end
end

-- {nom, titre, url} of the licence of reuse that the site chose, or nil.
local licences = {
  licence_ouverte = {nom = "etalab-2.0", url = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"},
  odbl = {nom = "ODbL-1.0", url = "https://opendatacommons.org/licenses/odbl/1-0/"},
}
function m.licence()
  local cle = site.licence_des_donnees
  if not cle then return nil end
  return {nom = licences[cle].nom, url = licences[cle].url, titre = libelle_de("site", "licence_des_donnees", cle)}
end

local medias = {csv = "text/csv", json = "application/json", geojson = "application/geo+json"}

local function ressource(f, format)
  local r = {
    name = f.nom .. "-" .. format, title = f.titre, path = f.nom .. "." .. format, format = format, mediatype = medias[format], encoding = "utf-8",
  }
  if format == "csv" then
    r.type = "table"
    r.dialect = {delimiter = ",", lineTerminator = "\r\n", quoteChar = "\"", doubleQuote = true, header = true}
    r.schema = {fields = m.colonnes(f.type), primaryKey = {"slug"}, missingValues = {""}}
  end
  return r
end

-- The catalogue of the files (Data Package 2.0). fichiers: {nom, type, titre, geojson}.
function m.paquet(fichiers)
  local r = {
    ["$schema"] = "https://datapackage.org/profiles/2.0/datapackage.json", name = slug(site.titre), title = site.titre,
    description = site.sous_titre, homepage = url_absolue("/"), created = date_construction() .. "T00:00:00Z", resources = {},
  }
  local l = m.licence()
  if l then r.licenses = {{name = l.nom, path = l.url, title = l.titre}} end
  if site.editeur then r.contributors = {{title = site.editeur.nom, roles = {"publisher"}}} end
  for _, f in ipairs(fichiers) do
    r.resources[#r.resources + 1] = ressource(f, "csv")
    r.resources[#r.resources + 1] = ressource(f, "json")
    if f.geojson then r.resources[#r.resources + 1] = ressource(f, "geojson") end
  end
  return r
end

return m
