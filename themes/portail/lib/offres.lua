-- What one asks of an offer first.
local mots = require("mots")
local trajets = require("trajets")

local m = {}

function m.etablissement(offre)
  return offre.etablissement
end

function m.geo(offre)
  return offre.geo or (offre.etablissement and offre.etablissement.geo) or nil
end

function m.commune(offre)
  if offre.adresse then return offre.adresse.commune end
  local e = offre.etablissement
  return e and e.adresse and e.adresse.commune or nil
end

-- Journeys to the faculty and to the station by the place of the offer, in one line; nil without either.
function m.trajets(offre)
  local lieu, territoire = offre.etablissement, offre.territoires[1]
  local siens = lieu and #lieu.acces > 0
  if not siens and not (territoire and #territoire.acces > 0) then return nil end
  local listes = {siens and lieu.acces or nil}
  local s = mots.joindre(" · ", {trajets.vers("faculte", territoire, listes, 1), trajets.vers("gare", territoire, listes, 1)}, 2)
  return s ~= "" and s or nil
end

-- "Médecin, médecine générale".
function m.metier(item)
  local s = libelle(item, "profession")
  if item.specialite then s = s .. ", " .. mots.dans_la_phrase(libelle(item, "specialite")) end
  return s
end

local function fourchette(r)
  if r.minimum and r.maximum and r.minimum ~= r.maximum then
    return t("de_a", {de = montant(r.minimum), a = montant(r.maximum)})
  end
  local x = r.minimum or r.maximum
  return x and montant(x) or nil
end

-- "de 1 900 à 2 100 € brut par mois"; nil when no sum is given.
function m.salaire(remuneration)
  local f = remuneration and fourchette(remuneration)
  return f and f .. " " .. libelle(remuneration, "unite") or nil
end

-- What is earned: pay, else the share of the fees; nil when nothing is said.
function m.revenu(offre)
  local r = offre.remuneration
  if r then
    local f = fourchette(r)
    if f then return f .. " " .. libelle(r, "unite"), r.precision end
    if r.precision then return r.precision, nil end
  end
  if offre.retrocession then
    return t("part_honoraires", {part = pourcent(offre.retrocession)}), nil
  end
  return nil, nil
end

-- "du 2 novembre au …, 6 mois, 80 %".
function m.periode(offre)
  local quand = mots.entre(offre.debut, offre.fin)
  local longueur = offre.duree and duree(offre.duree) or nil
  local part = offre.quotite and (offre.quotite == 100 and t("temps_plein") or t("quotite", {part = pourcent(offre.quotite)})) or nil
  local s = mots.joindre(", ", {quand, longueur, part}, 3)
  return s ~= "" and s or nil
end

return m
