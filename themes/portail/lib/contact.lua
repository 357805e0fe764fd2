-- Who answers: the item's own desk, else the territory's, else the département's, else the site's.
local modeles = require("modeles")
local pages = require("pages")

local m = {}

-- What is shown of a desk, with its replacement while the person is away. `guichet` is there when all of it is the desk's own.
local function fiche(g)
  local f = {
    guichet = g, titre = g.titre, fonction = g.fonction, nom = g.nom, telephone = g.telephone, courriel = g.courriel,
    horaires = g.horaires, delai = g.delai_reponse, adresse = g.adresse, url = g.url, site_internet = g.site_internet,
  }
  for i = 1, #g.absences do
    local a = g.absences[i]
    if a.etat == "en_cours" then
      f.absence = a
      f.telephone = a.telephone or f.telephone
      f.courriel = a.courriel or f.courriel
    end
  end
  return f
end

local function premier(liste)
  return #liste > 0 and liste[1] or nil
end

local function guichet_du_territoire(territoire)
  local siens = site.guichets:where{territoires = territoire}
  local g = premier(siens:where{niveau = "territoire"}) or premier(siens:where{niveau = "departement"}) or premier(siens)
  if not g and territoire.dans and territoire.dans.publiee then return m.du_territoire(territoire.dans) end
  return g
end

-- The desk of a territory: of its own level, any that names it, that of the larger territory.
function m.du_territoire(territoire)
  return territoire and une_fois(territoire, guichet_du_territoire)
end

local function publie(g)
  return g and g.publiee and g or nil
end

local function par_defaut()
  return publie(site.guichet) or premier(site.guichets)
end

local function a_un_guichet(nom_du_type)
  return modeles.a_le_champ(nom_du_type, "guichet")
end

-- The desk responsible for a page, as a table for the templates; nil on a site without any.
function m.de(page)
  local g
  if pages.est_item(page) then
    local genre = page.type
    if genre == "guichet" then
      g = page
    elseif une_fois(genre, a_un_guichet) then
      g = publie(page.guichet)
    end
  end
  g = g or m.du_territoire(pages.territoire(page)) or par_defaut()
  return g and une_fois(g, fiche) or nil
end

-- The same, but an offer's own telephone and e-mail come first.
function m.de_offre(offre)
  local commune = m.de(offre)
  if not offre.telephone and not offre.courriel then return commune end
  local f = {}
  for nom, valeur in pairs(commune or {titre = offre.titre}) do f[nom] = valeur end
  f.guichet, f.telephone, f.courriel = nil, offre.telephone, offre.courriel
  return f
end

-- Everyone to whom a desk hands over, in order, each once: {fiche, pour}.
function m.relais(g, deja)
  local r = {}
  deja = deja or {[g.slug] = true}
  for i = 1, #g.relais do
    local suivant = g.relais[i].guichet
    if suivant.publiee and not deja[suivant.slug] then
      deja[suivant.slug] = true
      r[#r + 1] = {fiche = fiche(suivant), pour = g.relais[i].pour}
    end
  end
  return r
end

function m.fiche(g)
  return fiche(g)
end

return m
