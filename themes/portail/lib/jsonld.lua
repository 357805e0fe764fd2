-- schema.org from the mapping each type declares under `jsonld:` (docs/types.md). Knows no type.
-- A mapping's value is a field path; a list of paths (the first that has a value);
-- {valeur: x} (as is); {fin_du_jour: path} (the last moment of a date); {tous: [value, …]} (those that are one);
-- {cas: [{si: [path, …], valeur: x}, …]} (the first case whose paths all have a value); {champ: f, valeurs: {k: v}, defaut: x} (translated);
-- {type: T, …} (an object, left out when only its type and constants would remain);
-- with `pour: f` one object for each element of the list f, whose paths start at the element.
local modeles = require("modeles")

local m = {}

-- A rule as it is followed for each item: prepared once for each type, since the mapping is the same for all of its items.
local preparer

-- The rules of an object's properties, each with its `nom`, added to r in a fixed order.
local function ajouter_proprietes(r, proprietes)
  for nom, sous in pairs(proprietes) do
    if nom ~= "type" and nom ~= "pour" then
      local regle = preparer(sous)
      regle.nom = nom
      r[#r + 1] = regle
    end
  end
  r.n = #r
  return r
end

local function preparer_chemin(chemin)
  if chemin == "." then return {genre = "lui"} end
  if chemin == "corps" then return {genre = "corps"} end
  local noms = {}
  for nom in chemin:gmatch("[^.]+") do noms[#noms + 1] = nom end
  return {genre = "chemin", noms = noms, n = #noms}
end

local function constante(v)
  if v == "false" then return false elseif v == "true" then return true end
  return v
end

local function preparer_liste(genre, regles)
  local r = {genre = genre, n = #regles}
  for i = 1, #regles do r[i] = preparer(regles[i]) end
  return r
end

local function preparer_cas(cas)
  local r = {genre = "cas", n = #cas}
  for i = 1, #cas do r[i] = {si = preparer_liste("premier", cas[i].si), valeur = cas[i].valeur} end
  return r
end

function preparer(regle)
  if type(regle) == "string" then return preparer_chemin(regle) end
  if regle.valeur ~= nil then return {genre = "constante", valeur = constante(regle.valeur)} end
  if regle.champ then
    return {genre = "traduction", champ = preparer_chemin(regle.champ), valeurs = regle.valeurs or {}, defaut = regle.defaut}
  end
  if regle.type then
    return ajouter_proprietes({genre = regle.pour and "objets" or "objet", type = regle.type, pour = regle.pour}, regle)
  end
  if regle.fin_du_jour then return {genre = "fin_du_jour", preparer_chemin(regle.fin_du_jour)} end
  if regle.cas then return preparer_cas(regle.cas) end
  return preparer_liste(regle.tous and "tous" or "premier", regle.tous or regle)
end

-- `si:` as a list of {champ, permises}, the values permitted as keys.
local function preparer_conditions(si)
  local r = {}
  for champ, valeurs in pairs(si or {}) do
    if type(valeurs) == "string" then valeurs = {valeurs} end
    local permises = {}
    for i = 1, #valeurs do permises[valeurs[i]] = true end
    r[#r + 1] = {champ = champ, permises = permises}
  end
  r.n = #r
  return r
end

local function plan(nom_du_type)
  local regle = modele(nom_du_type).jsonld
  return regle and ajouter_proprietes({type = regle.type, si = preparer_conditions(regle.si), requis = regle.requis or {}}, regle.proprietes)
end

local function suivre(depart, noms, n)
  local x = depart
  for i = 1, n do
    if x == nil then return nil end
    x = x[noms[i]]
  end
  if sorte(x) == "date" then return date(x, x.heure and "rfc3339" or "iso") end
  return x
end

-- The text as HTML, which is what a search engine wants of a long description.
local function corps(depart)
  if depart.texte and depart.texte ~= "" then return depart.corps end
  return depart.resume and el("p", nil, depart.resume)
end

local valeur

local function premier(choix, depart)
  for i = 1, choix.n do
    local v = valeur(choix[i], depart)
    if v ~= nil then return v end
  end
  return nil
end

local function traduire(regle, depart)
  local v = valeur(regle.champ, depart)
  return v ~= nil and regle.valeurs[v] or regle.defaut
end

local function tous(regle, depart)
  local r = {}
  for i = 1, regle.n do
    local v = valeur(regle[i], depart)
    local plusieurs = type(v) == "table" and v[1] ~= nil
    for _, x in ipairs(plusieurs and v or {v}) do r[#r + 1] = x end
  end
  if #r == 0 then return nil end
  return #r == 1 and r[1] or r
end

-- An empty list is no value.
local function present(regle, depart)
  local v = valeur(regle, depart)
  return v ~= nil and not (sorte(v) == "liste" and #v == 0)
end

local function cas(regle, depart)
  for i = 1, regle.n do
    local c, vrai = regle[i], true
    for k = 1, c.si.n do vrai = vrai and present(c.si[k], depart) end
    if vrai then return c.valeur end
  end
  return nil
end

local function fin_du_jour(regle, depart)
  local v = valeur(regle[1], depart)
  return v and v:sub(1, 10) .. "T23:59:59"
end

-- An object of the mapping; nil when no field gave it a value.
local function objet(regle, depart)
  local r, plein = {["@type"] = regle.type}, false
  for i = 1, regle.n do
    local sous = regle[i]
    local v, fixe = valeur(sous, depart)
    if v ~= nil then
      r[sous.nom] = v
      plein = plein or not fixe
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

-- The value of a rule; true as second result when it is a constant or a translation.
function valeur(regle, depart)
  local genre = regle.genre
  if genre == "chemin" then return suivre(depart, regle.noms, regle.n) end
  if genre == "premier" then return premier(regle, depart) end
  if genre == "objet" then return objet(regle, depart) end
  if genre == "objets" then return objets(regle, depart) end
  if genre == "constante" then return regle.valeur, true end
  if genre == "traduction" then return traduire(regle, depart), true end
  if genre == "corps" then return corps(depart) end
  if genre == "tous" then return tous(regle, depart) end
  if genre == "cas" then return cas(regle, depart), true end
  if genre == "fin_du_jour" then return fin_du_jour(regle, depart) end
  return depart
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

local function applicable(conditions, item)
  for i = 1, conditions.n do
    local c = conditions[i]
    local v = item[c.champ]
    if v == nil or not c.permises[v] then return false end
  end
  return true
end

-- The structured data of an item, nil when its type or its state asks for none.
function m.item(item)
  local p = une_fois(item.type, plan)
  if not p or not applicable(p.si, item) then return nil end
  local r = {["@context"] = "https://schema.org", ["@type"] = type_de(p.type, item)}
  for i = 1, p.n do
    local regle = p[i]
    r[regle.nom] = valeur(regle, item)
  end
  for _, nom in ipairs(p.requis) do
    if r[nom] == nil then return nil end
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

return m
