-- Reading the content types: what a list, a facet or a door needs to know of them.
local m = {}

local function par_nom(nom_du_type)
  local r, champs = {}, modele(nom_du_type).champs
  for i = 1, #champs do r[champs[i].nom] = champs[i] end
  return r
end

-- The definition of a field, nil when the type has none of that name.
function m.champ(nom_du_type, nom)
  return une_fois(nom_du_type, par_nom)[nom]
end

function m.a_le_champ(nom_du_type, nom)
  return m.champ(nom_du_type, nom) ~= nil
end

-- The values of an enumeration or of a list of one, in order: {cle, libelle, attributs}.
function m.valeurs(nom_du_type, nom)
  local c = m.champ(nom_du_type, nom)
  return c and (c.valeurs or c.de and c.de.valeurs) or {}
end

-- What the type says of one value besides its label (`public`, `jsonld`…), or nil.
function m.attribut(nom_du_type, nom, cle, attribut)
  local valeurs = m.valeurs(nom_du_type, nom)
  for i = 1, #valeurs do
    if valeurs[i].cle == cle then return valeurs[i].attributs[attribut] end
  end
  return nil
end

return m
