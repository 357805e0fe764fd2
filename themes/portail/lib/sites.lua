-- Sights and what is near them.
local stages = require("stages")

local m = {}

-- A filter: stages whose place lies within `km` of a point, as the crow flies.
function m.place(geo, km)
  return function(stage)
    local g = stages.geo(stage)
    return g ~= nil and distance(geo, g) <= km
  end
end

return m
