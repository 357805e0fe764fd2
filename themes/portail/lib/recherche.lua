-- The search (docs/recherche.md) on pages: the index, the engine, what the live filters say, and the short form of a home page.
local facettes = require("facettes")
local facultes = require("facultes")
local modeles = require("modeles")
local stages = require("stages")

local m = {}

-- What assets/recherche.js says; {x} is filled in there.
local phrases = {
  "ailleurs", "aucun", "chargement", "corrige", "criteres", "effacer", "erreur",
  "geo_attente", "geo_demander", "geo_refus", "inconnu", "oubliee", "page", "pages", "plus_de_choix", "precedent", "retirer", "sans",
  "suivant", "trajet", "trajet_inconnu", "voir_type", "vol", "vol_inconnu",
}

-- The addresses of the index in this language, and of the engine that reads it.
function m.index()
  return asset("recherche/" .. langue .. ".bin")
end

function m.moteur()
  return asset("moteur.js")
end

-- Has this collection live filters? Where some facet offers a choice among things that have pages: the index knows no others.
function m.a_filtrer(collection)
  return #facettes.affichables(collection) > 0 and site[collection][1].url ~= nil
end

-- They stand on the first page of the whole; the other pages lead there.
function m.vive(params)
  return params.facette == params.base and params.page == 1 and m.a_filtrer(params.collection)
end

-- What the search page offers before anything is asked: sections with their facets.
function m.entrees()
  local r = {}
  for _, s in ipairs(require("rubriques").parmi({"stages", "offres", "hebergements"})) do
    local groupes = facettes.affichables(s.cle)
    if #groupes > 0 then r[#r + 1] = {titre = s.titre, groupes = groupes} end
  end
  return r
end

-- "" when a list has no type of its own, as the search page.
function m.type_de(collection)
  return collection ~= "" and facettes.type_de(collection) or ""
end

local function situer_territoires()
  local r = {}
  for i = 1, #site.territoires do
    local x = site.territoires[i]
    if x.geo then r[x.slug] = {lat = x.geo.lat, lon = x.geo.lon} end
  end
  return r
end

-- The sentences keep their holes: the script fills them.
local trous = {}
for _, nom in ipairs({"critere", "lieu", "mot", "n", "sur"}) do trous[nom] = "{" .. nom .. "}" end

-- The facets of the index in the order of the panel, of the search page and of lists; "depuis" is where distances stand.
local ordre_de_tout = {"type", "public", "territoire", "profession", "depuis"}
local ordre = {
  "public", "niveau", "nature", "categorie", "semestre", "debut", "logement", "places", "depuis", "territoire", "profession", "specialite",
  "classe", "degre", "financeur", "role", "sens", "transport", "zone"}

local function donnees(mot)
  local r = {langue = langue, mots = {un = t("un_" .. mot, trous), des = t("des_" .. mot, trous)}, titres = {}, facultes = {}, territoires = situer_territoires()}
  for _, cle in ipairs(phrases) do r.mots[cle] = t("rech_" .. cle, trous) end
  for i, nom in ipairs(mot == "resultat" and ordre_de_tout or ordre) do r.titres[i] = {nom = nom, titre = nom ~= "depuis" and t("facette_" .. nom) or nil} end
  for i, f in ipairs(facultes.toutes()) do
    r.facultes[i] = {cle = f.cle, nom = f.nom, dite = facultes.dite(f.ville), geo = f.geo and {lat = f.geo.lat, lon = f.geo.lon}}
  end
  r.facultes[#r.facultes + 1] = {cle = "moi", nom = t("rech_pres_de_moi"), dite = t("rech_de_moi")}
  return json(r)
end

-- What the script reads, as JSON; mot: the word it counts with.
function m.donnees(mot)
  return une_fois(mot, donnees)
end

-- At most so far: kilometres as the crow flies, minutes of an entered journey.
m.rayons = {10, 25, 50, 100}
m.durees = {30, 60, 90}

-- The levels that some stage takes: {cle, libelle}, in the order of the type.
local function niveaux()
  local r, tous = {}, modeles.valeurs("terrain-de-stage", "niveaux")
  for i = 1, #tous do
    local n = tous[i]
    if #site.stages:where{niveaux = n.cle} > 0 then r[#r + 1] = {cle = n.cle, libelle = n.libelle} end
  end
  return r
end

-- The semesters that can still be chosen: {cle ("2026-11"), libelle}, the next one first.
local function semestres()
  local r, vus = {}, {}
  for i = 1, #site.stages do
    local sessions = site.stages[i].sessions
    for k = 1, #sessions do
      local s = sessions[k]
      local cle = date(s.semestre, "iso"):sub(1, 7)
      if not vus[cle] and stages.a_saisir(s) then
        vus[cle] = true
        r[#r + 1] = {cle = cle, libelle = date(s.semestre, "mois")}
      end
    end
  end
  table.sort(r, function(a, b) return a.cle < b.cle end)
  return r
end

-- Below this, a list is read faster than a form is filled.
local assez = 8

local function chercheur()
  if #site.stages < assez or not require("rubriques").existe("stages") then return nil end
  local r = {niveaux = niveaux(), semestres = semestres(), facultes = {}, logement = site.stages:any(stages.logement)}
  for _, f in ipairs(facultes.toutes()) do
    if f.geo then r.facultes[#r.facultes + 1] = f end
  end
  return #r.niveaux > 1 and r or nil
end

-- The short form of a home page: {niveaux, semestres, facultes, logement}; nil where it would not help.
function m.chercheur()
  return une_fois("", chercheur)
end

return m
