-- Small conversions of lists.
local m = {}

-- A list of strings of the model as a Lua table.
function m.textes(l)
  local r = {}
  for i = 1, #l do r[i] = l[i] end
  return r
end

-- The names of a list of objects as a Lua table.
function m.noms(l)
  local r = {}
  for i = 1, #l do r[i] = l[i].nom end
  return r
end

-- The titles of a list of items as a Lua table.
function m.titres(l)
  local r = {}
  for i = 1, #l do r[i] = l[i].titre end
  return r
end

return m
