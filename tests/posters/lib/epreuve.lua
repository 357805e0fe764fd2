-- What tests/posters.sh asks of every poster: boxes are taken from the points of the paths, control points too, so they are never too small.
local affiche = require("affiche")
local couleurs = require("couleurs")
local fonds = require("affiche_fonds")

local m = {}

-- Numbers from 0 to n - 1, the same in every run.
function m.tirage(graine)
  local etat = graine
  return function(n)
    etat = (etat * 1103515245 + 12345) % 2147483648
    return etat // 65536 % n
  end
end

local function agrandir(b, x, y)
  b.x1, b.y1 = math.min(b.x1, x), math.min(b.y1, y)
  b.x2, b.y2 = math.max(b.x2, x), math.max(b.y2, y)
end

local arguments = {M = 2, L = 2, H = 1, V = 1, C = 6, S = 4, Q = 4, A = 7, Z = 0}

-- The box of a path: M L H V C S Q A Z, absolute and relative.
function m.boite(d)
  local b = {x1 = math.huge, y1 = math.huge, x2 = -math.huge, y2 = -math.huge}
  local X, Y, X0, Y0 = 0, 0, 0, 0
  for lettre, suite in d:gmatch("(%a)([^%a]*)") do
    local relatif, commande = lettre:match("%l") ~= nil, lettre:upper()
    local n, nombres = arguments[commande], {}
    if not n then error("commande inconnue : " .. lettre) end
    for v in suite:gmatch("%-?%d*%.?%d+") do nombres[#nombres + 1] = tonumber(v) end
    if n == 0 then X, Y = X0, Y0 end
    if n > 0 and (#nombres == 0 or #nombres % n ~= 0) then error("tracé incomplet : " .. lettre .. suite) end
    for i = 1, #nombres, math.max(n, 1) do
      local dx, dy = relatif and X or 0, relatif and Y or 0
      if commande == "H" then X = dx + nombres[i]
      elseif commande == "V" then Y = dy + nombres[i]
      elseif commande == "A" then
        local r = math.max(nombres[i], nombres[i + 1])
        local ax, ay = dx + nombres[i + 5], dy + nombres[i + 6]
        -- An arc stays within one diameter of both its ends.
        local l = math.min(2 * r, math.max(r, math.abs(ax - X), math.abs(ay - Y)))
        agrandir(b, math.min(X, ax) - l, math.min(Y, ay) - l)
        agrandir(b, math.max(X, ax) + l, math.max(Y, ay))
        X, Y = ax, ay
      else
        for j = i, i + n - 2, 2 do agrandir(b, dx + nombres[j], dy + nombres[j + 1]) end
        X, Y = dx + nombres[i + n - 2], dy + nombres[i + n - 1]
      end
      agrandir(b, X, Y)
      if commande == "M" and i == 1 then X0, Y0 = X, Y end
    end
  end
  return b
end

local function poser(b, transformation, trait)
  local tx, ty = transformation:match("translate%((%-?%d+) (%-?%d+)%)")
  local s = tonumber(transformation:match("scale%(([%d.]+)%)") or "1")
  local t = (trait or 0) / 2
  return {x1 = tx + (b.x1 - t) * s, y1 = ty + (b.y1 - t) * s, x2 = tx + (b.x2 + t) * s, y2 = ty + (b.y2 + t) * s}
end

local function se_touchent(a, b)
  return a.x1 < b.x2 and b.x1 < a.x2 and a.y1 < b.y2 and b.y1 < a.y2
end

-- The place of the letters: capitals with their accents above the line, commas and cedillas below.
local function boites_du_mot(mot)
  local r = {}
  for i, l in ipairs(mot.lignes) do
    r[i] = {x1 = l.x - l.longueur / 2, x2 = l.x + l.longueur / 2, y1 = l.y - mot.taille * 0.92, y2 = l.y + mot.taille * 0.22}
  end
  return r
end

local function exiger(vrai, ...)
  if not vrai then error(table.concat({...}, " ")) end
end

local function dit(b)
  return string.format("[%d %d %d %d]", b.x1 // 1, b.y1 // 1, b.x2 // 1, b.y2 // 1)
end

-- `boites` remembers the box of each path: most posters share theirs.
local function boite_connue(boites, d)
  boites[d] = boites[d] or m.boite(d)
  return boites[d]
end

-- Figures (monument and details) keep away from the word; what lies under it is read clearly.
local function verifier_format(nom, territoire, format, boites)
  local k = affiche.du_territoire(territoire, format)
  local f = affiche.formats[format]
  if f.sans_mot then return 0 end
  local palette = couleurs.palette(territoire.slug, territoire.couleurs, affiche.choix(territoire).ciel)
  local figures = 0
  for _, mot in ipairs(boites_du_mot(k.mot)) do
    exiger(mot.x1 >= f.x + 20 and mot.x2 <= f.x + f.l - 20 and mot.y2 <= f.y + f.h, nom, format, ": le mot sort de l'affiche", dit(mot))
    local dessous = {}
    for _, c in ipairs(k.couches) do
      if c.groupe then
        figures = figures + 1
        for _, d in ipairs(c.couches) do
          local b = poser(boite_connue(boites, d.d), c.groupe, d.trait)
          exiger(not se_touchent(b, mot), nom, format, ": une figure touche le mot", dit(b), dit(mot))
        end
      elseif c.ton == "devant" and c.d == fonds.devant[2] then dessous = {"devant"}
      elseif se_touchent(boite_connue(boites, c.d), mot) then dessous[#dessous + 1] = c.ton
      end
    end
    for _, theme in ipairs{"clair", "sombre"} do
      local p = palette[theme]
      for _, ton in ipairs(dessous) do
        exiger(p[ton], nom, format, ": un voile passe sous le mot :", ton)
        local contraste = couleurs.contraste(p.sur_devant, p[ton])
        exiger(contraste >= 4.5, nom, format, theme, ": contraste du mot", string.format("%.2f", contraste), "sur", ton)
      end
    end
  end
  return figures
end

-- The dark ground covers, over the whole width, every place where a word can stand.
function m.sol()
  local b = m.boite(fonds.devant[2])
  exiger(b.x1 <= 0 and b.x2 >= 1600 and b.y2 >= 1180, "le sol sombre ne va pas jusqu'aux bords")
  local crete = m.boite((fonds.devant[2]:gsub("V.*", "")))
  exiger(crete.y2 <= affiche.mot_haut, "le sol sombre laisse voir le paysage sous le mot", dit(crete))
  return crete.y2
end

-- What the form of a territory offers: {field of `affiche` = its values}.
function m.offerts(nom_du_type)
  local r, champs = {}, modele(nom_du_type).champs
  for i = 1, #champs do
    local c = champs[i]
    for j = 1, c.nom == "affiche" and #c.champs or 0 do
      local sous = c.champs[j]
      if sous.valeurs then
        r[sous.nom] = {}
        for k = 1, #sous.valeurs do r[sous.nom][k] = sous.valeurs[k].cle end
      end
    end
  end
  return r
end

function m.verifier(nom, territoire, boites)
  local figures = 0
  for format in pairs(affiche.formats) do figures = figures + verifier_format(nom, territoire, format, boites) end
  return figures
end

return m
