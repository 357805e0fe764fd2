-- A date and hour as its day.
local m = {}

function m.iso(d)
  return date(d, "iso"):sub(1, 10)
end

return m
