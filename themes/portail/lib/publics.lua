-- The doors by audience: each public that has something behind it.
local modeles = require("modeles")

local m = {}

-- The levels of stage that are for this public.
local function niveaux(public)
  local r = {}
  local valeurs = modeles.valeurs("terrain-de-stage", "niveaux")
  for i = 1, #valeurs do
    if valeurs[i].attributs.public == public then r[#r + 1] = valeurs[i].cle end
  end
  return r
end

function m.stages(public, stages)
  local n = niveaux(public)
  if #n == 0 then return nil end
  return stages:where{niveaux = n}
end

function m.offres(public, offres)
  return offres:where{publics = public}
end

-- For a page written for one public or several: what concerns the first.
function m.stages_de(liste)
  return m.stages(liste[1], site.stages)
end

function m.offres_de(liste)
  return m.offres(liste[1], site.offres)
end

-- Addresses of the facet pages of a public.
function m.segment(public)
  return (public:gsub("_", "-"))
end

-- The editorial page written for a public, or nil.
function m.page(public)
  local l = site.pages:where{categorie = "accueil_public", publics = public}
  return #l > 0 and l[1] or nil
end

-- What else of the portal is for a public, the most useful first.
local utiles = {
  externe = {"hebergements", "aides", "demarches"}, interne = {"hebergements", "aides", "demarches"},
  docteur_junior = {"aides", "demarches", "besoins"}, paramedical = {"formations", "metiers", "aides"},
  remplacant = {"demarches", "aides", "besoins"}, medecin = {"locaux", "besoins", "aides", "demarches", "lettres"},
  professionnel = {"locaux", "besoins", "aides", "demarches", "lettres"}, conjoint = {"actualites", "partenaires"},
  scolaire = {"metiers", "formations", "aides"},
  elu = {"actions", "indicateurs", "besoins", "partenaires", "documents", "lettres"},
}

-- List of {titre, resume, url}: sections with content; a section narrowed to the public where it can be.
function m.rubriques(public)
  local r = {}
  local retenues = require("rubriques").parmi(utiles[public] or {})
  for i = 1, #retenues do
    local s = retenues[i]
    local sienne = "/" .. s.cle .. "/public/" .. m.segment(public) .. "/"
    r[i] = {titre = s.titre, resume = t("resume_" .. s.cle), url = page_existe(sienne) and url(sienne) or s.url}
  end
  return r
end

-- List of {cle, titre, porte, stages, offres, page, url}; url leads to the most useful place.
function m.portes()
  local r = {}
  local valeurs = modeles.valeurs("page", "publics")
  for i = 1, #valeurs do
    local v = valeurs[i]
    local s, o, p = m.stages(v.cle, site.stages), m.offres(v.cle, site.offres), m.page(v.cle)
    local porte = {
      cle = v.cle, titre = v.attributs.pluriel and traduit(v.attributs.pluriel) or v.libelle,
      porte = v.attributs.porte and traduit(v.attributs.porte) or v.libelle,
      stages = s and #s or 0, offres = #o, page = p,
    }
    local segment = m.segment(v.cle)
    if p then porte.url = p.url
    elseif porte.stages > 0 then porte.url = url("/stages/public/" .. segment .. "/")
    elseif porte.offres > 0 then porte.url = url("/offres/public/" .. segment .. "/") end
    if porte.url then r[#r + 1] = porte end
  end
  return r
end

return m
