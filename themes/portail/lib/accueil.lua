-- The parts of the home page and their order: that of site.yaml, else the theme's. A part without content draws nothing.
local m = {}

local du_portail = {"territoires", "publics", "chercheur", "chiffres", "dates", "offres", "actualites", "guides"}
local du_territoire = {
  "publics", "chercheur", "sommaire", "raisons", "chiffres", "dates", "stages", "offres", "vivre", "temoignages", "texte",
  "etablissements", "circuits", "projet", "guichets", "guides",
}

local function voulues(defaut)
  if #site.page_accueil == 0 then return defaut end
  local r = {}
  for i = 1, #site.page_accueil do r[i] = site.page_accueil[i] end
  return r
end

-- Of the home page of several territories.
function m.du_portail()
  return voulues(du_portail)
end

-- Of a territory's page, which is the home page when there is no other; one of several keeps the theme's order.
function m.du_territoire()
  return #site.territoires == 1 and voulues(du_territoire) or du_territoire
end

return m
