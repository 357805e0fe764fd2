-- Where a thing is: its own point and town, else those of the place it belongs to.
local modeles = require("modeles")

local m = {}

-- Types without a point of their own, or that may do without: what stands for them.
local ailleurs = {
  ["terrain-de-stage"] = function(x) return require("stages").etablissement(x) end,
  offre = function(x) return x.geo and x or x.etablissement end,
  evenement = function(x)
    local l = #x.lieux > 0 and x.lieux[1]
    return l and (l.geo and l or l.chez) or nil
  end,
  professionnel = function(x) return #x.etablissements > 0 and x.etablissements[1] or nil end,
}

-- Can an item of this type lie on a map?
function m.situable(nom_du_type)
  return ailleurs[nom_du_type] ~= nil or modeles.a_le_champ(nom_du_type, "geo")
end

-- What stands for an item of this type, as a function; nil: the item itself. For who asks about many of one type.
function m.tenant_lieu(nom_du_type)
  return ailleurs[nom_du_type]
end

function m.geo(x)
  local f = ailleurs[x.type]
  if f then x = f(x) end
  return x and x.geo or nil
end

return m
