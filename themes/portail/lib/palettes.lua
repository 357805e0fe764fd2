-- The palettes of the site: its own under the name "site", then one for each territory.
local affiche = require("affiche")
local couleurs = require("couleurs")

local m = {}

-- The colours of the site's charter, nil without: {principale, secondaire, lien, bouton}.
local function charte()
  local c = site.couleurs
  if not (c and c.principale) then return nil end
  return {principale = c.principale, secondaire = c.secondaire, lien = c.imposees and c.imposees.lien, bouton = c.imposees and c.imposees.bouton}
end

-- The palette of a name: {nom, clair, sombre}.
local function faire(nom, graines, ciel, c)
  local p = couleurs.palette(nom, graines, ciel, c)
  return {nom = nom, clair = p.clair, sombre = p.sombre}
end

function m.du_site()
  local c = charte()
  return faire("site", c and {c.principale, c.secondaire} or {}, nil, c)
end

-- The only territory of a site wears the site's charter; one of several has colours of its own.
function m.toutes()
  local r, territoires = {m.du_site()}, site:tous("territoire")
  for i = 1, #territoires do
    local x = territoires[i]
    r[i + 1] = faire(x.slug, {x.couleurs[1], x.couleurs[2]}, affiche.choix(x).ciel, #territoires == 1 and charte() or nil)
  end
  return r
end

-- What is to be said of the charter: {champ, texte, gravite}, for signaler().
function m.remarques()
  local c, r = charte(), {}
  if not c then return r end
  local changes, refus = couleurs.ecarts(m.du_site(), c)
  for i, x in ipairs(changes) do
    r[i] = {champ = x.champ, gravite = "note", texte = t("charte_adaptee", {couleur = x.couleur, ton = x.ton, sombre = x.sombre})}
  end
  for _, x in ipairs(refus) do
    r[#r + 1] = {champ = x.champ, gravite = "erreur", texte = t("charte_illisible", {couleur = x.couleur, contraste = nombre(x.contraste, {decimales = 2})})}
  end
  return r
end

-- The fonts of the charter, for palettes.css: {famille, adresse, graisse, graisse_max}.
function m.polices()
  local r = {}
  for i = 1, #site.polices do
    local p = site.polices[i]
    r[i] = {famille = "charte-" .. p.role, role = p.role, adresse = image(p.fichier).src, graisse = p.graisse, graisse_max = p.graisse_max or p.graisse}
  end
  return r
end

return m
