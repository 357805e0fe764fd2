-- The palettes of the site: its own under the name "site", then one for each territory.
local affiche = require("affiche")
local couleurs = require("couleurs")

local m = {}

-- The palette of a name: {nom, clair, sombre}.
local function faire(nom, graines, ciel)
  local p = couleurs.palette(nom, graines, ciel)
  return {nom = nom, clair = p.clair, sombre = p.sombre}
end

function m.du_site()
  local c = site.couleurs
  return faire("site", c and c.principale and {c.principale, c.secondaire} or {})
end

function m.toutes()
  local r, territoires = {m.du_site()}, site:tous("territoire")
  for i = 1, #territoires do
    local x = territoires[i]
    r[i + 1] = faire(x.slug, {x.couleurs[1], x.couleurs[2]}, affiche.choix(x).ciel)
  end
  return r
end

return m
