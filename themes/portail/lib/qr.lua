-- Codes to scan (ISO/IEC 18004): byte mode, level M, versions 1 to 10. A row of modules is an integer, its leftmost module the highest bit.
local m = {}

-- Version → total codewords of a block's correction, then {blocks, data codewords of each}…
local versions = {
  {10, {1, 16}}, {16, {1, 28}}, {26, {1, 44}}, {18, {2, 32}}, {24, {2, 43}},
  {16, {4, 27}}, {18, {4, 31}}, {22, {2, 38}, {2, 39}}, {22, {3, 36}, {2, 37}}, {26, {4, 43}, {1, 44}},
}
local alignements = {
  {}, {6, 18}, {6, 22}, {6, 26}, {6, 30}, {6, 34}, {6, 22, 38}, {6, 24, 42}, {6, 26, 46}, {6, 28, 50},
}

-- The field of 256 elements, x^8 + x^4 + x^3 + x^2 + 1.
local exposant, logarithme = {}, {}
do
  local x = 1
  for i = 0, 254 do
    exposant[i], exposant[i + 255], logarithme[x] = x, x, i
    x = x << 1
    if x > 255 then x = x ~ 0x11d end
  end
end

-- The generator of `n` correction codewords, as logarithms of its coefficients after the first.
local function generateur(n)
  local g = {1}
  for i = 0, n - 1 do
    g[i + 2] = 0
    for j = i + 2, 2, -1 do
      local bas = g[j - 1]
      g[j] = g[j] ~ (bas ~= 0 and exposant[logarithme[bas] + i] or 0)
    end
  end
  local r = {}
  for j = 1, n do r[j] = logarithme[g[j + 1]] end
  return r
end

local generateurs = {}
for _, v in ipairs(versions) do generateurs[v[1]] = generateurs[v[1]] or generateur(v[1]) end

-- The correction codewords of `donnees[debut .. debut + longueur - 1]`.
local function correction(donnees, debut, longueur, n)
  local g, reste = generateurs[n], {}
  for j = 1, n do reste[j] = 0 end
  for i = debut, debut + longueur - 1 do
    local facteur = donnees[i] ~ reste[1]
    table.move(reste, 2, n, 1)
    reste[n] = 0
    if facteur ~= 0 then
      local l = logarithme[facteur]
      for j = 1, n do reste[j] = reste[j] ~ exposant[l + g[j]] end
    end
  end
  return reste
end

local function capacite(v)
  local n = 0
  for i = 2, #versions[v] do n = n + versions[v][i][1] * versions[v][i][2] end
  return n
end

-- The smallest version that holds `octets` bytes; nil when none does.
local function version_pour(octets)
  for v = 1, #versions do
    if 4 + (v < 10 and 8 or 16) + 8 * octets <= 8 * capacite(v) then return v end
  end
  return nil
end

-- The data codewords: mode, length, bytes, end, padding.
local function codewords(texte, v)
  local r, tampon, bits = {}, 4, 4
  local function ajouter(valeur, n)
    tampon, bits = tampon << n | valeur, bits + n
    while bits >= 8 do
      bits = bits - 8
      r[#r + 1] = tampon >> bits & 255
      tampon = tampon & (1 << bits) - 1
    end
  end
  ajouter(#texte, v < 10 and 8 or 16)
  for i = 1, #texte do ajouter(texte:byte(i), 8) end
  ajouter(0, 4) -- the mode and the end are half a byte each: the sum is whole bytes
  local pleins = #r
  for i = pleins + 1, capacite(v) do r[i] = (i - pleins) % 2 == 1 and 0xec or 0x11 end
  return r
end

-- Data and correction of all blocks, interleaved.
local function entrelaces(texte, v)
  local donnees, n = codewords(texte, v), versions[v][1]
  local blocs, debut, plus_long = {}, 1, 0
  for i = 2, #versions[v] do
    local longueur = versions[v][i][2]
    for _ = 1, versions[v][i][1] do
      blocs[#blocs + 1] = {debut, longueur, correction(donnees, debut, longueur, n)}
      debut, plus_long = debut + longueur, longueur
    end
  end
  local r = {}
  for k = 0, plus_long - 1 do
    for _, b in ipairs(blocs) do
      if k < b[2] then r[#r + 1] = donnees[b[1] + k] end
    end
  end
  for k = 1, n do
    for _, b in ipairs(blocs) do r[#r + 1] = b[3][k] end
  end
  return r
end

-- The patterns that never change: rows of dark modules, and rows of modules that carry no data; both from 0.
local function motifs(v)
  local n = 17 + 4 * v
  local noirs, pris = {}, {}
  for y = 0, n - 1 do noirs[y], pris[y] = 0, 0 end
  local function poser(x, y, noir)
    local bit = 1 << n - 1 - x
    pris[y] = pris[y] | bit
    noirs[y] = noir and noirs[y] | bit or noirs[y] & ~bit
  end
  local function carre(cx, cy, rayon)
    for y = math.max(0, cy - rayon), math.min(n - 1, cy + rayon) do
      for x = math.max(0, cx - rayon), math.min(n - 1, cx + rayon) do
        local d = math.max(math.abs(x - cx), math.abs(y - cy))
        poser(x, y, rayon == 4 and d ~= 2 and d ~= 4 or rayon == 2 and d ~= 1)
      end
    end
  end
  for i = 0, n - 1 do
    poser(i, 6, i % 2 == 0)
    poser(6, i, i % 2 == 0)
  end
  carre(3, 3, 4)
  carre(n - 4, 3, 4)
  carre(3, n - 4, 4)
  local a = alignements[v]
  for i, x in ipairs(a) do
    for j, y in ipairs(a) do
      if not (i == 1 and (j == 1 or j == #a) or i == #a and j == 1) then carre(x, y, 2) end
    end
  end
  for i = 0, 8 do
    if i ~= 6 then
      poser(8, i, false)
      poser(i, 8, false)
    end
    if i < 8 then
      poser(n - 1 - i, 8, false)
      poser(8, n - 1 - i, i == 7)
    end
  end
  if v >= 7 then
    local reste = v
    for _ = 1, 12 do reste = reste << 1 ~ (reste >> 11) * 0x1f25 end
    local bits = v << 12 | reste
    for i = 0, 17 do
      local noir = bits >> i & 1 == 1
      poser(n - 11 + i % 3, i // 3, noir)
      poser(i // 3, n - 11 + i % 3, noir)
    end
  end
  return noirs, pris, n
end

-- Lays the bits of the codewords along the columns, two by two from the right, up and down.
local function remplir(noirs, pris, n, mots)
  local i, fin = 0, 8 * #mots
  local droite, monte = n - 1, true
  while droite > 0 do
    if droite == 6 then droite = 5 end
    for k = 0, n - 1 do
      local y = monte and n - 1 - k or k
      for x = droite, droite - 1, -1 do
        local bit = 1 << n - 1 - x
        if pris[y] & bit == 0 then
          if i < fin and mots[(i >> 3) + 1] >> 7 - (i & 7) & 1 == 1 then noirs[y] = noirs[y] | bit end
          i = i + 1
        end
      end
    end
    droite, monte = droite - 2, not monte
  end
end

local masques = {
  function(y, x) return (y + x) % 2 == 0 end,
  function(y) return y % 2 == 0 end,
  function(_, x) return x % 3 == 0 end,
  function(y, x) return (y + x) % 3 == 0 end,
  function(y, x) return (y // 2 + x // 3) % 2 == 0 end,
  function(y, x) return y * x % 2 + y * x % 3 == 0 end,
  function(y, x) return (y * x % 2 + y * x % 3) % 2 == 0 end,
  function(y, x) return ((y + x) % 2 + y * x % 3) % 2 == 0 end,
}

-- Mask → row % 12 → its modules over 60 columns, the leftmost the highest bit; the same for the columns.
local par_ligne, par_colonne = {}, {}
for k, f in ipairs(masques) do
  par_ligne[k], par_colonne[k] = {}, {}
  for i = 0, 11 do
    local l, c = 0, 0
    for j = 0, 59 do
      l, c = l << 1 | (f(i, j) and 1 or 0), c << 1 | (f(j, i) and 1 or 0)
    end
    par_ligne[k][i], par_colonne[k][i] = l, c
  end
end

-- The two bits of level M are 00; the rest is the mask, its BCH code, and a fixed pattern.
local function format(masque)
  local reste = masque
  for _ = 1, 10 do reste = reste << 1 ~ (reste >> 9) * 0x537 end
  return (masque << 10 | reste) ~ 0x5412
end

-- Both copies of the format, in the rows, or (`debout`) in the columns.
local function poser_format(lignes, n, bits, debout)
  local function poser(x, y, i)
    if bits >> i & 1 == 1 then
      if debout then x, y = y, x end
      lignes[y] = lignes[y] | 1 << n - 1 - x
    end
  end
  for i = 0, 5 do poser(8, i, i) end
  poser(8, 7, 6)
  poser(8, 8, 7)
  poser(7, 8, 8)
  for i = 9, 14 do poser(14 - i, 8, i) end
  for i = 0, 7 do poser(n - 1 - i, 8, i) end
  for i = 8, 14 do poser(8, n - 15 + i, i) end
end

local function combien(x)
  x = x - (x >> 1 & 0x5555555555555555)
  x = (x & 0x3333333333333333) + (x >> 2 & 0x3333333333333333)
  return (x + (x >> 4) & 0x0f0f0f0f0f0f0f0f) * 0x0101010101010101 >> 56
end

-- Of one line: runs of five or more of one colour, and what looks like a finder.
local function laideur(r, c)
  local p = 0
  local z = r & r >> 1
  z = z & z >> 2 & r >> 4
  if z ~= 0 then p = combien(z) + 2 * combien(z & ~(z >> 1)) end
  z = c & c >> 1
  z = z & z >> 2 & c >> 4
  if z ~= 0 then p = p + combien(z) + 2 * combien(z & ~(z >> 1)) end
  z = r & c >> 1 & r >> 2 & r >> 3 & r >> 4 & c >> 5 & r >> 6
  if z ~= 0 then
    local clairs = c & c >> 1 & c >> 2 & c >> 3
    p = p + 40 * combien(z & (clairs >> 7 | clairs << 4))
  end
  return p
end

local function transposee(lignes, n)
  local r = {}
  for x = 0, n - 1 do
    local bits, place = 0, n - 1 - x
    for y = 0, n - 1 do bits = bits << 1 | lignes[y] >> place & 1 end
    r[x] = bits
  end
  return r
end

-- The four penalties of the standard, from the rows and the columns.
local function penalite(lignes, colonnes, n)
  local p, noirs, tout = 0, 0, (1 << n) - 1
  local haut, paires_du_haut
  for y = 0, n - 1 do
    local r, k = lignes[y], colonnes[y]
    p, noirs = p + laideur(r, ~r & tout) + laideur(k, ~k & tout), noirs + combien(r)
    local paires = ~(r ~ r >> 1) & tout >> 1
    if haut then
      local blocs = ~(r ~ haut) & paires & paires_du_haut
      if blocs ~= 0 then p = p + 3 * combien(blocs) end
    end
    haut, paires_du_haut = r, paires
  end
  return p + 10 * (math.abs(100 * noirs / (n * n) - 50) // 5)
end

-- The rows under a mask, with its format.
local function masquees(lignes, pris, n, masque, k, debout)
  local r = {}
  for y = 0, n - 1 do r[y] = lignes[y] ~ (masque[y % 12] >> 60 - n & ~pris[y]) end
  poser_format(r, n, format(k - 1), debout)
  return r
end

-- The rows of the code of a text, from 0, and how many; nil when it is too long.
local function code(texte)
  local v = version_pour(#texte)
  if not v then return nil end
  local noirs, pris, n = motifs(v)
  remplir(noirs, pris, n, entrelaces(texte, v))
  local noirs_debout, pris_debout = transposee(noirs, n), transposee(pris, n)
  local meilleure, moindre
  for k = 1, 8 do
    local essai = masquees(noirs, pris, n, par_ligne[k], k)
    local p = penalite(essai, masquees(noirs_debout, pris_debout, n, par_colonne[k], k, true), n)
    if not moindre or p < moindre then meilleure, moindre = essai, p end
  end
  return meilleure, n
end

-- For an SVG: {fenetre, fond, trait}; trait draws the dark modules as strokes of width 1. nil when the text is too long for version 10.
function m.dessin(texte)
  local lignes, n = code(texte)
  if not lignes then return nil end
  local r = {}
  for y = 0, n - 1 do
    local ligne, x, stylo = lignes[y], 0, nil
    while x < n do
      local debut = x
      while x < n and ligne >> n - 1 - x & 1 == 1 do x = x + 1 end
      if x > debut then
        r[#r + 1] = stylo and "m" .. debut - stylo .. " 0h" .. x - debut or "M" .. debut .. " " .. y .. ".5h" .. x - debut
        stylo = x
      end
      x = x + 1
    end
  end
  local cote = tostring(n + 8)
  return {fenetre = "-4 -4 " .. cote .. " " .. cote, fond = "M-4-4h" .. cote .. "v" .. cote .. "h-" .. cote .. "z", trait = table.concat(r)}
end

return m
