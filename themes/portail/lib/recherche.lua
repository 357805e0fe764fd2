-- Where a page finds the search: the index of its language, and the engine that reads it (docs/recherche.md).
local m = {}

function m.index()
  return asset("recherche/" .. langue .. ".bin")
end

function m.moteur()
  return asset("moteur.js")
end

return m
