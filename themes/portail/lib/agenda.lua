-- Calendars.
local m = {}

-- The host of the site, for identifiers of events.
function m.hote()
  return (site.url:match("^https?://([^/:]+)")) or "localhost"
end

-- When the event was last changed, as its editor says: pure, so that two builds agree.
function m.horodatage(e)
  if e.maj_le then return date(e.maj_le, "utc"):sub(1, 8) .. "T000000Z" end
  return date(e.debut, "utc")
end

-- "20261012": a whole day, wherever the reader is.
function m.du_jour(d)
  return (date(d, "iso"):sub(1, 10):gsub("-", ""))
end

return m
