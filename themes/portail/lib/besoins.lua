-- The needs, side by side.
local mots = require("mots")

local m = {}

-- "Cardiologie", "Orthophoniste": the specialty of a doctor says more than "doctor".
function m.metier(besoin)
  if besoin.specialite then return libelle(besoin, "specialite") end
  return libelle(besoin, "profession")
end

-- "8,3 pour 10 000 habitants".
function m.valeur(densite, valeur)
  return nombre(valeur) .. " " .. t("pour_habitants", {habitants = libelle(densite, "pour")})
end

-- The posts open in the territory for the same work.
function m.offres(besoin)
  local r = besoin.territoires[1].offres:where{profession = besoin.profession}
  if besoin.specialite then return r:where{specialite = besoin.specialite} end
  return r
end

function m.stages(besoin)
  local r = besoin.territoires[1].stages:where{profession = besoin.profession}
  if besoin.specialite then return r:where{specialite = besoin.specialite} end
  return r
end

-- By profession and specialty, where someone is missing: list of {metier, besoins = {{nom, url, degre}}}.
function m.tableau()
  local lignes, par_metier = {}, {}
  local besoins = site.besoins:where{categorie = "soignants"}
  for i = 1, #besoins do
    local b = besoins[i]
    local nom = m.metier(b)
    local ligne = par_metier[nom]
    if not ligne then
      ligne = {metier = nom, besoins = {}}
      par_metier[nom] = ligne
      lignes[#lignes + 1] = ligne
    end
    ligne.besoins[#ligne.besoins + 1] = {
      nom = #site.territoires > 1 and mots.court(b.territoires[1]) or b.titre, url = b.url, degre = mots.dans_la_phrase(libelle(b, "degre"))}
  end
  table.sort(lignes, function(a, b) return collation(a.metier, b.metier) < 0 end)
  return lignes
end

-- What is there and what is looked for, in the words of the kind of need: people practise, rooms are there.
function m.existant(besoin)
  return besoin.categorie == "soignants" and t("en_exercice") or t("existant")
end

function m.existant_n(besoin)
  if besoin.categorie == "soignants" then return t("en_exercice_n", {n = nombre(besoin.effectif)}) end
  return t("existant") .. t("deux_points") .. mots.compte(besoin.effectif, "place")
end

function m.recherche(besoin)
  return besoin.categorie == "soignants" and t("recherche") or t("a_trouver")
end

function m.recherche_n(besoin)
  return mots.compte(besoin.recherche, besoin.categorie == "soignants" and "poste" or "place")
end

return m
