-- The faculties from which a visitor measures the way: those of the territories, then those that site.yaml adds.
local m = {}

local function ajouter(r, connues, f)
  local cle = slug(f.ville)
  local deja = connues[cle]
  if deja then
    deja.geo = deja.geo or f.geo
    return
  end
  connues[cle] = {cle = cle, nom = f.nom, ville = f.ville, geo = f.geo}
  r[#r + 1] = connues[cle]
end

local function toutes()
  local r, connues = {}, {}
  for i = 1, #site.territoires do
    if site.territoires[i].faculte then ajouter(r, connues, site.territoires[i].faculte) end
  end
  for i = 1, #site.facultes do ajouter(r, connues, site.facultes[i]) end
  table.sort(r, function(a, b) return collation(a.ville, b.ville) < 0 end)
  return r
end

-- "faculté de Bordeaux", "faculté d’Orléans".
function m.dite(ville)
  local initiale = sans_accents(minuscules(ville)):sub(1, 1)
  return t("faculte_de", {ville = ville, de = initiale:find("[aeiouy]") and "d’" or "de "})
end

-- List of {cle, nom, ville, geo (nil when nobody gave it)}, by town.
function m.toutes()
  return une_fois("", toutes)
end

return m
