-- What the card of an item says, type by type: tags and facts, as a table for layouts/cartes.html.
local actions = require("actions")
local aides = require("aides")
local besoins = require("besoins")
local documents = require("documents")
local indicateurs = require("indicateurs")
local mots = require("mots")
local offres = require("offres")

local m = {}

-- Where: the town, the territory when there are several; "tous les territoires" for what names none.
local function lieu(x)
  if #site.territoires < 2 then return x.adresse and x.adresse.commune or nil end
  local n = #x.territoires
  local territoire
  if n == 0 or (n == #site.territoires and n > 2) then territoire = t("tous_les_territoires")
  elseif n == 1 then territoire = mots.court(x.territoires[1])
  else territoire = mots.compte(n, "territoire") end
  return territoire
end

local function fait(faits, icone, terme, texte, petit)
  if texte and texte ~= "" then faits[#faits + 1] = {icone = icone, terme = t(terme), texte = texte, petit = petit} end
end

local de = {}

function de.besoin(x, r)
  r.etiquettes = {{texte = libelle(x, "degre"), forte = true}, {texte = x.categorie == "soignants" and besoins.metier(x) or libelle(x, "categorie")}}
  fait(r.faits, "lieu", "lieu", lieu(x))
  fait(r.faits, "places", "en_exercice", x.effectif and x.effectif > 0 and besoins.existant_n(x))
  fait(r.faits, "date", "departs", x.departs and t("avant_fin", {quoi = mots.compte(x.departs.nombre, "depart"), annee = tostring(x.departs.avant)}))
  fait(r.faits, "heure", "delai", x.delai_rendez_vous and t("delai") .. t("deux_points") .. mots.dans_la_phrase(x.delai_rendez_vous))
end

function de.aide(x, r)
  r.etiquettes = {{texte = libelle(x, "financeur"), forte = true}}
  local z = aides.zones(x)
  if z then r.etiquettes[2] = {texte = z} end
  fait(r.faits, "euro", "montant", aides.montants(x))
  fait(r.faits, "lieu", "lieu", lieu(x))
  fait(r.faits, "date", "etat", x.etat ~= "en_vigueur" and x.etat_libelle or nil)
  if x.valide_au then r.fin = {icone = "heure", terme = t("fin"), date = x.valide_au} end
end

function de.demarche(x, r)
  fait(r.faits, "fleche", "etapes", mots.compte(#x.etapes, "etape"))
  fait(r.faits, "heure", "delai", x.delai)
  fait(r.faits, "euro", "cout", x.cout)
end

function de.metier(x, r)
  fait(r.faits, "faculte", "etudes", x.duree_etudes and duree(x.duree_etudes))
  fait(r.faits, "semestre", "diplome", x.diplome)
end

function de.formation(x, r)
  r.etiquettes = {{texte = libelle(x, "categorie"), forte = true}}
  if x.apprentissage then r.etiquettes[2] = {texte = t("apprentissage")} end
  local e = x.etablissement
  local ville = x.adresse and x.adresse.commune or (e and e.adresse and e.adresse.commune)
  fait(r.faits, "lieu", "lieu", mots.joindre(", ", {ville, #site.territoires > 1 and lieu(x) or ""}, 2))
  fait(r.faits, "heure", "duree", x.duree and duree(x.duree))
  fait(r.faits, "places", "places", x.places and mots.compte(x.places, "place"))
  fait(r.faits, "date", "rentree", x.rentree and t("rentree") .. t("deux_points") .. mots.dans_la_phrase(x.rentree))
end

function de.partenaire(x, r)
  r.etiquettes = {{texte = libelle(x, "categorie")}}
  r.texte = x.resume or x.role
  fait(r.faits, "lieu", "lieu", mots.joindre(", ", {x.adresse and x.adresse.commune or "", #site.territoires > 1 and lieu(x) or ""}, 2))
end

function de.document(x, r)
  r.etiquettes = {{texte = libelle(x, "categorie"), forte = true}, {texte = documents.format(x) or t("lien")}}
  fait(r.faits, "fleche", "fichier", documents.precisions(x))
  fait(r.faits, "date", "date", date(x.date))
  fait(r.faits, "lieu", "lieu", lieu(x))
end

function de.action(x, r)
  r.etiquettes = {{texte = x.etat_libelle, forte = true}}
  fait(r.faits, "lieu", "lieu", lieu(x))
  fait(r.faits, "date", "calendrier", actions.duree(x) and capitale(actions.duree(x)))
  local p = actions.prochaine(x)
  if p then fait(r.faits, "fleche", "etape", capitale(actions.periode(p)) .. t("deux_points") .. mots.dans_la_phrase(p.titre)) end
end

function de.indicateur(x, r)
  r.etiquettes = {{texte = libelle(x, "classe")}}
  if indicateurs.en_alerte(x) then r.etiquettes[2] = {texte = t("en_alerte"), forte = true} end
  local v = indicateurs.derniere(x)
  fait(r.faits, "semestre", "derniere_valeur", indicateurs.ecrire(x, v.valeur), t("en_annee", {annee = tostring(v.annee)}) .. (v.provisoire and ", " .. t("provisoire") or ""))
  fait(r.faits, "fleche", "cible", x.cible and t("cible") .. t("deux_points") .. indicateurs.ecrire(x, x.cible.valeur) .. " " .. t("en_annee", {annee = tostring(x.cible.annee)}))
  fait(r.faits, "lieu", "lieu", lieu(x))
end

function de.actualite(x, r)
  fait(r.faits, "date", "publiee_le", date(x.publie_le))
  fait(r.faits, "lieu", "lieu", lieu(x))
end

function de.lettre(x, r)
  fait(r.faits, "date", "envoyee_le", date(x.envoyee_le))
  fait(r.faits, "lieu", "lieu", lieu(x))
end

-- {texte, etiquettes = {{texte, forte}}, faits = {{icone, terme, texte, petit}}, fin = {icone, terme, date} or nil}
function m.de(x)
  local r = {etiquettes = {}, faits = {}, texte = x.resume}
  local f = de[x.type]
  if f then f(x, r) end
  return r
end

m.lieu = lieu

-- The work of an arrival or a departure: "Médecin, médecine générale".
function m.metier(x)
  return offres.metier(x)
end

return m
