-- Calendars.
local m = {}

-- The host of the site, for identifiers of events.
function m.hote()
  return (site.url:match("^https?://([^/:]+)")) or "localhost"
end

return m
