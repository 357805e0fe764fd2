-- Colours of a territory: one or two seed colours in, a checked palette out.
-- Everything is computed in OKLCH; a tone keeps its hue and chroma and only
-- moves in lightness until its contrast passes.
local m = {}

local function lineaire(c)
  if c <= 0.04045 then return c / 12.92 end
  return ((c + 0.055) / 1.055) ^ 2.4
end

local function gamma(c)
  if c <= 0.0031308 then return 12.92 * c end
  return 1.055 * c ^ (1 / 2.4) - 0.055
end

local function racine_cubique(x)
  if x < 0 then return -((-x) ^ (1 / 3)) end
  return x ^ (1 / 3)
end

-- "#rgb" or "#rrggbb" → three numbers from 0 to 1.
local function lire(hex)
  local h = hex:gsub("^#", "")
  if #h == 3 then h = h:gsub("(.)", "%1%1") end
  local r, v, b = tonumber(h:sub(1, 2), 16), tonumber(h:sub(3, 4), 16), tonumber(h:sub(5, 6), 16)
  if not (r and v and b) then error("couleur illisible : " .. hex) end
  return r / 255, v / 255, b / 255
end

-- WCAG 2 relative luminance.
local function luminance(hex)
  local r, v, b = lire(hex)
  return 0.2126 * lineaire(r) + 0.7152 * lineaire(v) + 0.0722 * lineaire(b)
end

local function rapport(x, y)
  if x < y then x, y = y, x end
  return (x + 0.05) / (y + 0.05)
end

function m.contraste(a, b)
  return rapport(luminance(a), luminance(b))
end

-- "#rrggbb" → lightness 0–1, chroma, hue in degrees.
function m.vers_oklch(hex)
  local r, v, b = lire(hex)
  r, v, b = lineaire(r), lineaire(v), lineaire(b)
  local l = racine_cubique(0.4122214708 * r + 0.5363325363 * v + 0.0514459929 * b)
  local n = racine_cubique(0.2119034982 * r + 0.6806995451 * v + 0.1073969566 * b)
  local s = racine_cubique(0.0883024619 * r + 0.2817188376 * v + 0.6299787005 * b)
  local L = 0.2104542553 * l + 0.7936177850 * n - 0.0040720468 * s
  local A = 1.9779984951 * l - 2.4285922050 * n + 0.4505937099 * s
  local B = 0.0259040371 * l + 0.7827717662 * n - 0.8086757660 * s
  return L, math.sqrt(A * A + B * B), math.deg(math.atan(B, A)) % 360
end

local function vers_rvb(L, C, H)
  local A, B = C * math.cos(math.rad(H)), C * math.sin(math.rad(H))
  local l = (L + 0.3963377774 * A + 0.2158037573 * B) ^ 3
  local n = (L - 0.1055613458 * A - 0.0638541728 * B) ^ 3
  local s = (L - 0.0894841775 * A - 1.2914855480 * B) ^ 3
  return 4.0767416621 * l - 3.3077115913 * n + 0.2309699292 * s,
         -1.2684380046 * l + 2.6097574011 * n - 0.3413193965 * s,
         -0.0041960863 * l - 0.7034186147 * n + 1.7076147010 * s
end

local function dans_gamut(x)
  return x >= -0.0005 and x <= 1.0005
end

local function octet(x)
  if x < 0 then x = 0 elseif x > 1 then x = 1 end
  return math.floor(gamma(x) * 255 + 0.5)
end

-- OKLCH → "#rrggbb"; a colour that sRGB cannot show loses chroma, not hue.
function m.hex(L, C, H)
  if L > 1 then L = 1 elseif L < 0 then L = 0 end
  local r, v, b = vers_rvb(L, C, H)
  while C > 0 and not (dans_gamut(r) and dans_gamut(v) and dans_gamut(b)) do
    C = C - 0.004
    if C < 0 then C = 0 end
    r, v, b = vers_rvb(L, C, H)
  end
  return string.format("#%02x%02x%02x", octet(r), octet(v), octet(b))
end

-- The tone nearest to lightness L that reaches `seuil` against every colour of
-- `fonds`; `pas` says which way to look (negative: darker).
local function ton_lisible(L, C, H, fonds, seuil, pas)
  local lumieres = {}
  for i, f in ipairs(fonds) do lumieres[i] = luminance(f) end
  while L >= 0 and L <= 1 do
    local c, bon = m.hex(L, C, H), true
    local lumiere = luminance(c)
    for i = 1, #lumieres do
      if rapport(lumiere, lumieres[i]) < seuil then bon = false end
    end
    if bon then return c end
    L = L + pas
  end
  return pas < 0 and "#000000" or "#ffffff"
end

-- The text colour for a filled control: light when it passes, else dark.
local function sur(fond, H)
  local clair = m.hex(0.99, 0.01, H)
  if m.contraste(clair, fond) >= 4.5 then return clair end
  return ton_lisible(0.25, 0.03, H, {fond}, 4.5, -0.01)
end

local function borner(x, bas, haut)
  return math.max(bas, math.min(haut, x))
end

-- A sky is never green: between yellow-green and cyan the sun's gold is taken.
local function teinte_du_ciel(H)
  return (H > 105 and H < 200) and 80 or H
end

-- The poster's tones, from the sky to the foreground.
local function affiche(p, C1, H1, C2, H2, clartes)
  p.mur     = m.hex(clartes.mur, 0.018, teinte_du_ciel(H2))
  p.figure  = m.hex(clartes.figure, borner(C2, 0.07, 0.13), H2)
  p.neige   = m.hex(clartes.neige, 0.02, teinte_du_ciel(H2))
  p.astre   = m.hex(clartes.astre, math.min(C2 + 0.02, 0.15), teinte_du_ciel(H2))
  p.loin    = m.hex(clartes.loin, borner(C1 * 0.55, 0.02, 0.07), H1)
  p.milieu  = m.hex(clartes.milieu, borner(C1 * 0.8, 0.03, 0.10), H1)
  p.pres    = m.hex(clartes.pres, borner(C1, 0.04, 0.13), H1)
  p.devant  = m.hex(clartes.devant, borner(C1 * 0.8, 0.03, 0.09), H1)
  p.eau     = m.hex(clartes.eau, 0.05, H1 + (220 - H1) * 0.6)
  p.reflet  = m.hex(clartes.eau + 0.09, 0.03, H1 + (220 - H1) * 0.6)
end

local function clair(C1, H1, C2, H2)
  local p = {}
  p.fond    = m.hex(0.985, 0.006, H2)
  p.surface = m.hex(0.998, 0.002, H2)
  p.teinte  = m.hex(0.945, math.min(C1 * 0.25, 0.025), H1)
  p.filet   = m.hex(0.86, math.min(C1 * 0.25, 0.025), H1)
  local fonds = {p.fond, p.surface, p.teinte}
  p.encre   = ton_lisible(0.24, 0.025, H1, fonds, 7, -0.01)
  p.encre2  = ton_lisible(0.47, 0.03, H1, fonds, 4.7, -0.01)
  p.bord    = ton_lisible(0.66, 0.03, H1, fonds, 3.1, -0.01)
  p.lien    = ton_lisible(0.50, borner(C1, 0.06, 0.16), H1, fonds, 4.7, -0.01)
  p.accent  = ton_lisible(0.46, borner(C1, 0.06, 0.15), H1, fonds, 4.7, -0.01)
  p.profond = m.hex(0.31, borner(C1, 0.04, 0.10), H1)
  p.second  = ton_lisible(0.53, borner(C2, 0.06, 0.16), H2, fonds, 4.7, -0.01)
  p.ciel = m.hex(0.91, math.min(C2, 0.07), teinte_du_ciel(H2))
  affiche(p, C1, H1, C2, H2,
    {astre = 0.80, loin = 0.74, milieu = 0.58, pres = 0.43, devant = 0.29, eau = 0.80, mur = 0.97, figure = 0.52, neige = 0.96})
  return p
end

local function sombre(C1, H1, C2, H2)
  local p = {}
  p.fond    = m.hex(0.19, math.min(C1 * 0.2, 0.018), H1)
  p.surface = m.hex(0.235, math.min(C1 * 0.22, 0.022), H1)
  p.teinte  = m.hex(0.275, math.min(C1 * 0.3, 0.03), H1)
  p.filet   = m.hex(0.37, math.min(C1 * 0.3, 0.03), H1)
  local fonds = {p.fond, p.surface, p.teinte}
  p.encre   = ton_lisible(0.94, 0.012, H2, fonds, 7, 0.01)
  p.encre2  = ton_lisible(0.76, 0.02, H2, fonds, 4.7, 0.01)
  p.bord    = ton_lisible(0.55, 0.03, H1, fonds, 3.1, 0.01)
  p.lien    = ton_lisible(0.78, borner(C1, 0.05, 0.12), H1, fonds, 4.7, 0.01)
  p.accent  = ton_lisible(0.80, borner(C1, 0.05, 0.12), H1, fonds, 4.7, 0.01)
  p.profond = m.hex(0.15, math.min(C1 * 0.4, 0.035), H1)
  p.second  = ton_lisible(0.80, borner(C2, 0.05, 0.13), H2, fonds, 4.7, 0.01)
  p.ciel = m.hex(0.33, math.min(C1, 0.055), H1)
  affiche(p, C1, H1, C2, H2,
    {astre = 0.80, loin = 0.42, milieu = 0.35, pres = 0.28, devant = 0.17, eau = 0.48, mur = 0.72, figure = 0.56, neige = 0.62})
  return p
end

local function finir(p, H1, H2)
  p.sur_accent  = sur(p.accent, H1)
  p.sur_profond = ton_lisible(0.96, 0.02, H1, {p.profond}, 7, 0.01)
  p.sur_devant  = ton_lisible(0.93, 0.05, H2, {p.devant}, 4.6, 0.01)
  return p
end

-- A seed hue for a name that has no colour: stable, and far from its neighbours
-- in the alphabet.
local function teinte_du_nom(nom)
  local h = 7
  for i = 1, #nom do h = (h * 31 + nom:byte(i)) % 3600 end
  return (h * 0.1 * 137.5) % 360
end

-- palette(nom, {"#c05030", "#2a5a7a"}) → {clair = {...}, sombre = {...}},
-- tables of "#rrggbb" under the same keys.
function m.palette(nom, graines)
  local _, C1, H1, C2, H2
  if graines and graines[1] then
    _, C1, H1 = m.vers_oklch(graines[1])
  else
    C1, H1 = 0.09, teinte_du_nom(nom)
  end
  if C1 < 0.03 then C1 = 0.03 end
  if graines and graines[2] then
    _, C2, H2 = m.vers_oklch(graines[2])
  else
    C2, H2 = 0.10, (H1 > 20 and H1 < 130) and 235 or 75
  end
  return {clair = finir(clair(C1, H1, C2, H2), H1, H2), sombre = finir(sombre(C1, H1, C2, H2), H1, H2)}
end

-- The order in which the stylesheet writes the tones.
m.noms = {"fond", "surface", "teinte", "filet", "bord", "encre", "encre2", "lien", "accent", "sur_accent",
          "profond", "sur_profond", "sur_devant", "second", "ciel", "astre", "loin", "milieu", "pres", "devant", "eau",
          "reflet", "mur", "figure", "neige"}

return m
