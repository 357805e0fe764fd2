-- The needs, side by side.
local mots = require("mots")
local offres = require("offres")

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

-- Rows by profession and specialty, one cell for each territory that has a need: {territoires, lignes = {{metier, cases = {besoin or false}}}}.
function m.tableau()
  local besoins = site.besoins:where{categorie = "soignants"}
  local territoires, lignes, par_metier = {}, {}, {}
  for i = 1, #site.territoires do
    local x = site.territoires[i]
    if besoins:any(function(b) return b.territoires:contains(x) end) then territoires[#territoires + 1] = x end
  end
  for i = 1, #besoins do
    local b = besoins[i]
    local nom = m.metier(b)
    local ligne = par_metier[nom]
    if not ligne then
      ligne = {metier = nom, cases = {}}
      for j = 1, #territoires do ligne.cases[j] = false end
      par_metier[nom] = ligne
      lignes[#lignes + 1] = ligne
    end
    for j = 1, #territoires do
      if not ligne.cases[j] and b.territoires:contains(territoires[j]) then ligne.cases[j] = b end
    end
  end
  table.sort(lignes, function(a, b) return collation(a.metier, b.metier) < 0 end)
  return {territoires = territoires, lignes = lignes}
end

-- Who answers when there is nothing to apply to yet.
function m.metier_complet(besoin)
  return mots.dans_la_phrase(offres.metier(besoin))
end

return m
