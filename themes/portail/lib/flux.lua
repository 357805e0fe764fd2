-- Atom feeds: what is new, newest first.
local m = {}

-- The day an item last changed, as its editor says.
local function jour(item)
  if item.maj_le then return item.maj_le end
  if item.type == "offre" or item.type == "actualite" then return item.publie_le end
  if item.type == "lettre" then return item.envoyee_le end
  return nil
end

local function du_plus_recent(item)
  local j = jour(item)
  return -(j.annee * 10000 + j.mois * 100 + j.jour)
end

-- The newest `n` of a list of items. Those that say when they changed are sorted by it alone; the others stand behind them, and few are
-- looked at.
function m.recents(items, n)
  local tous = items:sort("-maj_le")
  local fin = #tous
  while fin > 0 and not tous[fin].maj_le do fin = fin - 1 end
  return tous:slice(1, math.min(n, fin)):union(tous:slice(fin + 1, #tous):filter(jour)):sort(du_plus_recent):take(n)
end

function m.jour(item)
  return date(jour(item), "rfc3339")
end

-- The newest date of a feed; of an empty one, the day of the build.
function m.maj(items)
  if #items == 0 then return date_construction():sub(1, 10) .. "T00:00:00Z" end
  local plus_recent = ""
  for i = 1, #items do
    local d = m.jour(items[i])
    if d > plus_recent then plus_recent = d end
  end
  return plus_recent
end

return m
