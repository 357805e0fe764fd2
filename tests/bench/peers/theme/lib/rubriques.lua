-- The five collections of the portal, in the order of its menus.
local m = {}

m.collections = {"territoires", "etablissements", "offres", "sites", "evenements"}
local types = {territoires = "territoire", etablissements = "etablissement", offres = "offre", sites = "site-touristique", evenements = "evenement"}

local function rubriques()
  local r = {}
  for i, nom in ipairs(m.collections) do
    r[i] = {nom = nom, url = "/" .. nom .. "/", titre = modele(types[nom]).pluriel}
  end
  return r
end

function m.toutes()
  return une_fois("rubriques", rubriques)
end

function m.titre(nom)
  return modele(types[nom]).pluriel
end

return m
