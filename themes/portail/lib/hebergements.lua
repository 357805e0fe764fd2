-- Small questions about a lodging.
local mots = require("mots")

local m = {}

-- Is a period of availability still of use?
function m.a_venir(disponibilite)
  return disponibilite.etat ~= "passee"
end

-- The audiences of an item, as words of a sentence.
function m.publics(item)
  local r = {}
  for i = 1, #item.publics do
    r[i] = mots.dans_la_phrase(libelle_de(item.type, "publics", item.publics[i]))
  end
  return r
end

return m
