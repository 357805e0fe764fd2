-- The palettes of the site: its own under the name "site", then one for each territory.
local affiche = require("affiche")
local couleurs = require("couleurs")

local m = {}

function m.toutes()
  local r, c, graines = {}, site.couleurs, {}
  if c and c.principale then graines = {c.principale, c.secondaire} end
  r[1] = {nom = "site", graines = graines}
  local territoires = site:tous("territoire")
  for i = 1, #territoires do
    local x = territoires[i]
    r[#r + 1] = {nom = x.slug, graines = {x.couleurs[1], x.couleurs[2]}, ciel = affiche.choix(x).ciel}
  end
  for _, p in ipairs(r) do
    local palette = couleurs.palette(p.nom, p.graines, p.ciel)
    p.clair, p.sombre = palette.clair, palette.sombre
  end
  return r
end

return m
