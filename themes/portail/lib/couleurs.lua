-- Colours of a territory: one or two seed colours in, a checked palette out.
-- Everything is computed in OKLCH; a tone keeps its hue and chroma and only
-- moves in lightness until its contrast passes.
local m = {}

local function lineaire(c)
  if c <= 0.04045 then return c / 12.92 end
  return ((c + 0.055) / 1.055) ^ 2.4
end

local function racine_cubique(x)
  if x < 0 then return -((-x) ^ (1 / 3)) end
  return x ^ (1 / 3)
end

-- Linear light of each value of an octet.
local lumieres = {}
for i = 0, 255 do lumieres[i] = lineaire(i / 255) end

-- "#rgb" or "#rrggbb" → three octets.
local function lire(hex)
  local n = #hex == 7 and not hex:find("-", 1, true) and tonumber(hex:sub(2), 16)
  if n then return n >> 16, n >> 8 & 255, n & 255 end
  local h = hex:gsub("^#", "")
  if #h == 3 then h = h:gsub("(.)", "%1%1") end
  local r, v, b = tonumber(h:sub(1, 2), 16), tonumber(h:sub(3, 4), 16), tonumber(h:sub(5, 6), 16)
  if not (r and v and b) then error("couleur illisible : " .. hex) end
  return r, v, b
end

-- WCAG 2 relative luminance of three octets.
local function luminance(r, v, b)
  return 0.2126 * lumieres[r] + 0.7152 * lumieres[v] + 0.0722 * lumieres[b]
end

local function rapport(x, y)
  if x < y then x, y = y, x end
  return (x + 0.05) / (y + 0.05)
end

local function lumiere_de(hex)
  return luminance(lire(hex))
end

function m.contraste(a, b)
  return rapport(lumiere_de(a), lumiere_de(b))
end

-- "#rrggbb" → lightness 0–1, chroma, hue in degrees.
function m.vers_oklch(hex)
  local r, v, b = lire(hex)
  r, v, b = lumieres[r], lumieres[v], lumieres[b]
  local l = racine_cubique(0.4122214708 * r + 0.5363325363 * v + 0.0514459929 * b)
  local n = racine_cubique(0.2119034982 * r + 0.6806995451 * v + 0.1073969566 * b)
  local s = racine_cubique(0.0883024619 * r + 0.2817188376 * v + 0.6299787005 * b)
  local L = 0.2104542553 * l + 0.7936177850 * n - 0.0040720468 * s
  local A = 1.9779984951 * l - 2.4285922050 * n + 0.4505937099 * s
  local B = 0.0259040371 * l + 0.7827717662 * n - 0.8086757660 * s
  return L, math.sqrt(A * A + B * B), math.deg(math.atan(B, A)) % 360
end

local diese, paires = {}, {}
for i = 0, 255 do diese[i], paires[i] = string.format("#%02x", i), string.format("%02x", i) end

local function ecrire(r, v, b)
  return diese[r] .. paires[v] .. paires[b]
end

function m.hex(L, C, H)
  return ecrire(oklch(L, C, H))
end

-- What lies behind a tone: the luminances of these colours.
local function derriere(fonds)
  local r = {}
  for i = 1, #fonds do r[i] = lumiere_de(fonds[i]) end
  return r
end

-- The tone nearest to lightness L that reaches `seuil` against every luminance of
-- `fonds`; `pas` says which way to look (negative: darker).
local function ton_lisible(L, C, H, fonds, seuil, pas)
  local n = #fonds
  while L >= 0 and L <= 1 do
    local r, v, b = oklch(L, C, H)
    local lumiere, bon = luminance(r, v, b), true
    for i = 1, n do
      if rapport(lumiere, fonds[i]) < seuil then bon = false end
    end
    if bon then return ecrire(r, v, b) end
    L = L + pas
  end
  return pas < 0 and "#000000" or "#ffffff"
end

-- The text colour for a filled control: light when it passes, else dark.
local function sur(fond, H)
  local clair = m.hex(0.99, 0.01, H)
  if m.contraste(clair, fond) >= 4.5 then return clair end
  return ton_lisible(0.25, 0.03, H, derriere{fond}, 4.5, -0.01)
end

local function borner(x, bas, haut)
  return math.max(bas, math.min(haut, x))
end

-- A warm mark beside the text is never green: between yellow-green and cyan the sun's gold is taken.
local function teinte_chaude(H)
  return (H > 105 and H < 200) and 80 or H
end

-- Two tones of OKLCH mixed, as paint is: k of the second in the first.
local function melange(a, b, k)
  local ra, rb = math.rad(a[3]), math.rad(b[3])
  local A = a[2] * math.cos(ra) * (1 - k) + b[2] * math.cos(rb) * k
  local B = a[2] * math.sin(ra) * (1 - k) + b[2] * math.sin(rb) * k
  return {a[1] * (1 - k) + b[1] * k, math.sqrt(A * A + B * B), math.deg(math.atan(B, A)) % 360}
end

local function ton(t)
  return m.hex(t[1], t[2], t[3])
end

-- The skies of the posters: top, foot, sun or moon, by day and in the dark theme.
-- `sol`: how light the ground is under them.
local cieux = {
  jour   = {{0.83, 0.070, 225}, {0.955, 0.035, 95}, {0.985, 0.035, 98}, {0.30, 0.055, 250}, {0.47, 0.060, 225}},
  aube   = {{0.82, 0.075, 18}, {0.92, 0.065, 70}, {0.985, 0.04, 92}, {0.33, 0.060, 330}, {0.55, 0.085, 30}},
  soir   = {{0.74, 0.130, 42}, {0.88, 0.110, 80}, {0.985, 0.06, 98}, {0.30, 0.075, 20}, {0.54, 0.115, 48}},
  nuages = {{0.79, 0.050, 235}, {0.93, 0.025, 95}, {0.97, 0.07, 92}, {0.29, 0.030, 250}, {0.45, 0.030, 235}},
  rayons = {{0.84, 0.110, 80}, {0.93, 0.075, 92}, {0.985, 0.05, 98}, {0.33, 0.075, 45}, {0.44, 0.085, 60}},
  orage  = {{0.60, 0.035, 262}, {0.88, 0.060, 88}, {0.95, 0.05, 95}, {0.27, 0.025, 265}, {0.52, 0.050, 90}},
  nuit   = {{0.29, 0.075, 268}, {0.47, 0.080, 248}, {0.96, 0.05, 98}, {0.21, 0.060, 268}, {0.35, 0.065, 250}},
}
m.ciels = {"jour", "aube", "soir", "nuages", "rayons", "orage", "nuit"}

-- The tones of a poster, from the sky to the ground that carries the word. The
-- planes go from the colour of the horizon to the deep tone of the first seed;
-- roofs and small lights take the second.
local function affiche(p, C1, H1, C2, H2, ciel, sombre)
  local c = cieux[ciel] or cieux.jour
  local haut, bas = c[sombre and 4 or 1], c[sombre and 5 or 2]
  local nocturne = sombre or ciel == "nuit"
  local terre = {nocturne and 0.30 or 0.45, borner(C1 * 1.1, 0.055, 0.125), H1}
  p.ciel, p.ciel2 = ton(haut), ton(bas)
  p.astre = ton(sombre and melange(c[3], bas, 0.25) or c[3])
  p.nuage = ton(sombre and melange(bas, c[3], 0.22) or {0.98, 0.018, 92})
  p.lointain = ton(melange(bas, terre, 0.30))
  p.loin = ton(melange(bas, terre, 0.52))
  p.milieu = ton(melange(bas, terre, 0.76))
  p.pres = m.hex(nocturne and 0.255 or 0.385, borner(C1, 0.05, 0.105), H1)
  p.devant = m.hex(nocturne and 0.175 or 0.265, borner(C1 * 0.75, 0.035, 0.075), H1)
  local mer = melange({nocturne and 0.42 or 0.66, 0.065, 222}, terre, 0.22)
  p.eau = ton(melange(mer, bas, 0.30))
  p.reflet = ton(melange(mer, bas, 0.78))
  p.mur = ton(melange({nocturne and 0.74 or 0.965, 0.028, 85}, bas, 0.12))
  p.ombre = ton(melange({nocturne and 0.50 or 0.79, 0.035, 60}, terre, 0.16))
  p.toit = m.hex(nocturne and 0.50 or 0.575, borner(C2 * 1.1, 0.09, 0.15), H2)
  p.roche = ton(melange({nocturne and 0.47 or 0.68, 0.095, 32}, terre, 0.18))
  p.ble = ton(melange({nocturne and 0.56 or 0.84, 0.125, 86}, terre, 0.08))
  p.vitre = nocturne and m.hex(0.86, 0.11, 86) or p.devant
  p.neige = ton(melange({nocturne and 0.72 or 0.985, 0.01, 230}, bas, 0.1))
end

local function clair(C1, H1, C2, H2, ciel)
  local p = {}
  p.fond    = m.hex(0.985, 0.006, H2)
  p.surface = m.hex(0.998, 0.002, H2)
  p.teinte  = m.hex(0.945, math.min(C1 * 0.25, 0.025), H1)
  p.filet   = m.hex(0.86, math.min(C1 * 0.25, 0.025), H1)
  local fonds = derriere{p.fond, p.surface, p.teinte}
  p.encre   = ton_lisible(0.24, 0.025, H1, fonds, 7, -0.01)
  p.encre2  = ton_lisible(0.47, 0.03, H1, fonds, 4.7, -0.01)
  p.bord    = ton_lisible(0.66, 0.03, H1, fonds, 3.1, -0.01)
  p.lien    = ton_lisible(0.50, borner(C1, 0.06, 0.16), H1, fonds, 4.7, -0.01)
  p.accent  = ton_lisible(0.46, borner(C1, 0.06, 0.15), H1, fonds, 4.7, -0.01)
  p.profond = m.hex(0.31, borner(C1, 0.04, 0.10), H1)
  p.second  = ton_lisible(0.53, borner(C2, 0.06, 0.16), H2, fonds, 4.7, -0.01)
  p.vif = m.hex(0.80, math.min(C2 + 0.02, 0.15), teinte_chaude(H2))
  affiche(p, C1, H1, C2, H2, ciel, false)
  return p
end

local function sombre(C1, H1, C2, H2, ciel)
  local p = {}
  p.fond    = m.hex(0.19, math.min(C1 * 0.2, 0.018), H1)
  p.surface = m.hex(0.235, math.min(C1 * 0.22, 0.022), H1)
  p.teinte  = m.hex(0.275, math.min(C1 * 0.3, 0.03), H1)
  p.filet   = m.hex(0.37, math.min(C1 * 0.3, 0.03), H1)
  local fonds = derriere{p.fond, p.surface, p.teinte}
  p.encre   = ton_lisible(0.94, 0.012, H2, fonds, 7, 0.01)
  p.encre2  = ton_lisible(0.76, 0.02, H2, fonds, 4.7, 0.01)
  p.bord    = ton_lisible(0.55, 0.03, H1, fonds, 3.1, 0.01)
  p.lien    = ton_lisible(0.78, borner(C1, 0.05, 0.12), H1, fonds, 4.7, 0.01)
  p.accent  = ton_lisible(0.80, borner(C1, 0.05, 0.12), H1, fonds, 4.7, 0.01)
  p.profond = m.hex(0.15, math.min(C1 * 0.4, 0.035), H1)
  p.second  = ton_lisible(0.80, borner(C2, 0.05, 0.13), H2, fonds, 4.7, 0.01)
  p.vif = m.hex(0.80, math.min(C2 + 0.02, 0.15), teinte_chaude(H2))
  affiche(p, C1, H1, C2, H2, ciel, true)
  return p
end

local function mot_lisible(p)
  p.sur_devant = ton_lisible(0.945, 0.035, 86, derriere{p.devant}, 4.6, 0.01)
  return p
end

local function finir(p, H1, H2)
  p.sur_accent  = sur(p.accent, H1)
  p.sur_profond = ton_lisible(0.96, 0.02, H1, derriere{p.profond}, 7, 0.01)
  return mot_lisible(p)
end

local function lisible(c, fonds, seuil)
  for _, f in ipairs(fonds) do
    if m.contraste(c, f) < seuil then return false end
  end
  return true
end

-- A colour of the charter where it can be read on every ground, else the nearest tone of its hue that can.
local function de_la_charte(graine, fonds, pas)
  if lisible(graine, fonds, 4.5) then return graine end
  local L, C, H = m.vers_oklch(graine)
  return ton_lisible(L, C, H, derriere(fonds), 4.5, pas)
end

-- Puts a charter over the derived tones: {principale, secondaire, lien, bouton}, the last two forced. Surfaces keep the colour itself
-- (in the dark theme, its shadow); texts, links and buttons keep it as far as they can be read.
local function appliquer(p, charte, sombre)
  local fonds, pas = {p.fond, p.surface, p.teinte}, sombre and 0.01 or -0.01
  local L, C, H = m.vers_oklch(charte.principale)
  p.profond = sombre and m.hex(math.min(L, 0.33), math.min(C, 0.09), H) or charte.principale
  p.sur_profond = sur(p.profond, H)
  p.lien = charte.lien and not sombre and charte.lien or de_la_charte(charte.lien or charte.principale, fonds, pas)
  p.accent = charte.bouton and not sombre and charte.bouton or de_la_charte(charte.bouton or charte.principale, fonds, pas)
  p.sur_accent = sur(p.accent, H)
  p.second = de_la_charte(charte.secondaire or charte.principale, fonds, pas)
  p.vif = charte.secondaire or p.vif
end

-- What of a charter could not be kept as it is in the light theme, and what of it was forced and cannot be read:
-- {champ, couleur, ton, sombre} and {champ, couleur, contraste}.
function m.ecarts(palette, charte)
  local changes, refus = {}, {}
  local p, s = palette.clair, palette.sombre
  local function garder(champ, couleur, ton, ton_sombre)
    if couleur and couleur:lower() ~= ton then changes[#changes + 1] = {champ = champ, couleur = couleur, ton = ton, sombre = ton_sombre} end
  end
  local function forcer(champ, couleur)
    local pire = 21
    for _, f in ipairs{p.fond, p.surface, p.teinte} do pire = math.min(pire, couleur and m.contraste(couleur, f) or 21) end
    if pire < 4.5 then refus[#refus + 1] = {champ = champ, couleur = couleur, contraste = math.floor(pire * 100) / 100} end
  end
  if not (charte.lien and charte.bouton) then garder("couleurs.principale", charte.principale, charte.lien and p.accent or p.lien, charte.lien and s.accent or s.lien) end
  garder("couleurs.secondaire", charte.secondaire, p.second, s.second)
  forcer("couleurs.imposees.lien", charte.lien)
  forcer("couleurs.imposees.bouton", charte.bouton)
  return changes, refus
end

-- A seed hue for a name that has no colour: stable, and far from its neighbours
-- in the alphabet.
local function teinte_du_nom(nom)
  local h = 7
  for i = 1, #nom do h = (h * 31 + nom:byte(i)) % 3600 end
  return (h * 0.1 * 137.5) % 360
end

-- Chroma and hue of both colours.
local function teintes(nom, graines)
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
  return C1, H1, C2, H2
end

-- The tones of its poster by day and of the word on it: de_l_affiche(nom, {"#c05030", "#2a5a7a"}, ciel) → a table of "#rrggbb".
function m.de_l_affiche(nom, graines, ciel)
  local p, C1, H1, C2, H2 = {}, teintes(nom, graines)
  affiche(p, C1, H1, C2, H2, ciel, false)
  return mot_lisible(p)
end

-- All tones by day and in the dark, under the same keys: {clair, sombre}; ciel: of the poster; charte: the colours of a charter, kept where seeds would only give a hue.
function m.palette(nom, graines, ciel, charte)
  local C1, H1, C2, H2 = teintes(nom, graines)
  local r = {clair = finir(clair(C1, H1, C2, H2, ciel), H1, H2), sombre = finir(sombre(C1, H1, C2, H2, ciel), H1, H2)}
  if charte then
    appliquer(r.clair, charte, false)
    appliquer(r.sombre, charte, true)
  end
  return r
end

-- The order in which the stylesheet writes the tones.
m.noms = {"fond", "surface", "teinte", "filet", "bord", "encre", "encre2", "lien", "accent", "sur_accent",
          "profond", "sur_profond", "sur_devant", "second", "vif", "ciel", "ciel2", "astre", "nuage", "lointain", "loin", "milieu", "pres", "devant", "eau",
          "reflet", "mur", "ombre", "toit", "roche", "ble", "vitre", "neige"}

return m
