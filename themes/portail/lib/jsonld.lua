-- schema.org from the mapping each type declares under `jsonld:` (docs/types.md). Knows no type.
-- A mapping's value is a field path; a list of paths (the first that has a value);
-- {valeur: x} (as is); {champ: f, valeurs: {k: v}, defaut: x} (translated);
-- {type: T, …} (an object, left out when only its type and constants would remain);
-- with `pour: f` one object for each element of the list f, whose paths start at the element.
local modeles = require("modeles")

local m = {}

-- Walks a dotted path; nil as soon as something is missing.
local function suivre(depart, chemin)
  if chemin == "." then return depart end
  if chemin == "corps" then
    local texte = depart.texte
    if texte and texte ~= "" then return texte end
    return depart.resume
  end
  local x = depart
  for nom in chemin:gmatch("[^.]+") do
    if x == nil then return nil end
    x = x[nom]
  end
  if sorte(x) == "date" then return date(x, x.heure and "rfc3339" or "iso") end
  return x
end

local function premier(depart, chemins)
  for i = 1, #chemins do
    local v = suivre(depart, chemins[i])
    if v ~= nil then return v end
  end
  return nil
end

local function constante(v)
  if v == "false" then return false elseif v == "true" then return true end
  return v
end

local function traduire(regle, depart)
  local v = suivre(depart, regle.champ)
  if v ~= nil and regle.valeurs and regle.valeurs[v] then return regle.valeurs[v] end
  return regle.defaut
end

local valeur

-- An object of the mapping; the second result says whether any field gave it a value.
local function objet(regle, depart)
  local r, plein = {["@type"] = regle.type}, false
  for nom, sous in pairs(regle) do
    if nom ~= "type" and nom ~= "pour" then
      local v, fixe = valeur(sous, depart)
      if v ~= nil then
        r[nom] = v
        plein = plein or not fixe
      end
    end
  end
  return plein and r or nil
end

local function objets(regle, depart)
  local r = {}
  local liste = depart[regle.pour]
  for i = 1, #liste do
    r[#r + 1] = objet(regle, liste[i])
  end
  if #r == 0 then return nil end
  return #r == 1 and r[1] or r
end

-- The value of a rule; true as second result when it is a constant.
function valeur(regle, depart)
  if type(regle) == "string" then return suivre(depart, regle), false end
  if regle.valeur ~= nil then return constante(regle.valeur), true end
  if regle.champ then return traduire(regle, depart), true end
  if regle.pour then return objets(regle, depart), false end
  if regle.type then return objet(regle, depart), false end
  return premier(depart, regle), false
end

local function type_de(regle, item)
  if type(regle) == "string" then return regle end
  local cle = item[regle.champ]
  if regle.attribut and cle then
    local v = modeles.attribut(item.type, regle.champ, cle, regle.attribut)
    if v then return v end
  end
  return cle and regle.valeurs and regle.valeurs[cle] or regle.defaut or "Thing"
end

local function applicable(si, item)
  for champ, permises in pairs(si or {}) do
    local v, trouve = item[champ], false
    if type(permises) == "string" then permises = {permises} end
    for i = 1, #permises do
      if permises[i] == v then trouve = true end
    end
    if not trouve then return false end
  end
  return true
end

-- The structured data of an item, nil when its type or its state asks for none.
function m.item(item)
  local regle = modele(item.type).jsonld
  if not regle or not applicable(regle.si, item) then return nil end
  local r = {["@context"] = "https://schema.org", ["@type"] = type_de(regle.type, item)}
  for nom, sous in pairs(regle.proprietes) do
    r[nom] = valeur(sous, item)
  end
  return r
end

-- The site itself, for the home page of several territories.
function m.site()
  local r = {["@context"] = "https://schema.org", ["@type"] = "WebSite", name = site.titre, url = url_absolue("/")}
  if site.sous_titre then r.description = site.sous_titre end
  if site.editeur then r.publisher = {["@type"] = "GovernmentOrganization", name = site.editeur.nom} end
  return r
end

-- The path to a page, as schema.org wants it; nil for the home page.
function m.chemin(page)
  local chemin, elements = page.chemin, {}
  if #chemin == 0 then return nil end
  for i = 1, #chemin do
    elements[i] = {["@type"] = "ListItem", position = i, name = chemin[i].titre, item = url_absolue(chemin[i].url)}
  end
  elements[#elements + 1] = {["@type"] = "ListItem", position = #elements + 1, name = page.titre, item = page.url_absolue}
  return {["@context"] = "https://schema.org", ["@type"] = "BreadcrumbList", itemListElement = elements}
end

return m
