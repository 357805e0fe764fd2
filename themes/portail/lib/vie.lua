-- Everyday life around a place of training: what the cards, the territory and the welcome page say of it.
local modeles = require("modeles")
local mots = require("mots")

local m = {}

-- The collections whose cards are in layouts/cartes-vie.html.
m.collections = {
  circuits = true, temoignages = true, professionnels = true, permanences = true, locaux = true, mobilites = true, services = true,
  emplois_conjoint = true,
}

-- The groups of local services, in the order of the territory page, with the icon of each.
local groupes = {{cle = "enfance", icone = "ecole"}, {cle = "loisirs", icone = "site"}, {cle = "quotidien", icone = "lieu"}}

local function groupe_de(service)
  return modeles.attribut("service-local", "categorie", service.categorie, "groupe") or "quotidien"
end

-- The services of a territory by group: list of {cle, icone, items}, without the empty ones.
function m.services_par_groupe(services)
  local r = {}
  for _, g in ipairs(groupes) do
    local items = services:filter(function(s) return groupe_de(s) == g.cle end)
    if #items > 0 then r[#r + 1] = {cle = g.cle, icone = g.icone, items = items} end
  end
  return r
end

-- Those for children, for who comes with a family.
function m.pour_les_enfants(services)
  return services:filter(function(s) return groupe_de(s) == "enfance" end)
end

-- Is there enough to speak of living there? Lodgings alone have a list of their own.
function m.a_dire(source)
  return #source.mobilites > 0 or #source.services > 0 or #source.emplois_conjoint > 0
end

function m.icone_mobilite(x)
  return modeles.attribut("mobilite", "categorie", x.categorie, "icone") or "fleche"
end

-- "Bordeaux Saint-Jean : 25 min en train"; nil when no journey was entered.
function m.premier_trajet(x)
  local a = #x.acces > 0 and x.acces[1] or nil
  return a and ((a.nom or libelle(a, "vers")) .. t("deux_points") .. mots.trajet(a)) or nil
end

-- "520 € par mois", "prêté", "95 000 €", or its own words.
function m.prix_du_local(x)
  if x.loyer_mensuel then
    return x.loyer_mensuel == 0 and t("prete") or t("par_mois", {montant = montant(x.loyer_mensuel)})
  end
  return x.prix_vente and montant(x.prix_vente) or nil
end

-- Who a supervisor takes, in words; nil without a word.
function m.niveaux_accueillis(p)
  local niveaux = p.msu and p.msu.niveaux
  if not niveaux or #niveaux == 0 then return nil end
  local r = {}
  for i = 1, #niveaux do
    r[i] = t("accueille_" .. niveaux[i])
  end
  return capitale(liste(r, t("et")))
end

-- A list of texts as one sentence.
function m.phrase(textes)
  local r = {}
  for i = 1, #textes do r[i] = i == 1 and textes[i] or mots.dans_la_phrase(textes[i]) end
  return liste(r, t("et"))
end

-- Where a stop of a circuit is.
function m.adresse_etape(e)
  return e.adresse or (e.chez and e.chez.publiee and e.chez.adresse) or nil
end

local function geo_etape(e)
  return e.geo or (e.chez and e.chez.publiee and e.chez.geo) or nil
end

-- From the stop before, as the crow flies; nil at the first stop and where a place has no position.
function m.depuis_la_precedente(etapes, i)
  if i == 1 then return nil end
  local a, b = geo_etape(etapes[i - 1]), geo_etape(etapes[i])
  return a and b and mots.a_vol(a, b) or nil
end

-- Who speaks: the name when it may be told, then the function and the time.
function m.signature(temoin)
  local quand = temoin.semestre and date(temoin.semestre, "mois") or tostring(temoin.annee)
  return mots.joindre(", ", {temoin.auteur or "", temoin.auteur and mots.dans_la_phrase(temoin.fonction) or temoin.fonction, quand}, 3)
end

-- The roles of a person as labels.
function m.roles(p)
  local r = {}
  for i = 1, #p.roles do r[i] = libelle_de("professionnel", "roles", p.roles[i]) end
  return r
end

-- Where a permanence is held.
function m.lieu_de_permanence(p)
  if p.etablissement then return mots.court(p.etablissement) end
  return p.adresse and p.adresse.commune or nil
end

-- The address of a territory's welcome page, when it has one.
function m.bienvenue(territoire)
  local adresse = #site.territoires == 1 and "/en-stage-ici/" or "/en-stage-ici/" .. territoire.slug .. "/"
  return page_existe(adresse) and url(adresse) or nil
end

-- The list of a collection narrowed to a territory; with one territory, the whole list; nil where there is no list.
function m.liste_du_territoire(collection, territoire)
  local base = "/" .. collection:gsub("_", "-") .. "/"
  if #site.territoires > 1 then base = base .. "territoire/" .. territoire.slug .. "/" end
  return page_existe(base) and url(base) or nil
end

return m
