-- 600 charters drawn by lot: every pair of tones that the theme sets text in reads, by day and in the dark; run by tests/charter.sh.
local couleurs = require("couleurs")

local etat = 41
local function tirer(n)
  etat = (etat * 1103515245 + 12345) % 2147483648
  return etat // 65536 % n
end
local function couleur()
  return string.format("#%02x%02x%02x", tirer(256), tirer(256), tirer(256))
end

-- {text, ground, least contrast}
local paires = {{"sur_accent", "accent", 4.5}, {"sur_profond", "profond", 4.5}, {"sur_devant", "devant", 4.5}}
for _, fond in ipairs{"fond", "surface", "teinte"} do
  for _, texte in ipairs{"encre", "encre2", "lien", "accent", "second"} do paires[#paires + 1] = {texte, fond, 4.5} end
  paires[#paires + 1] = {"bord", fond, 3}
end

local gardees, changees = 0, 0
for i = 1, 600 do
  local charte = {principale = couleur(), secondaire = i % 2 == 0 and couleur() or nil}
  local palette = couleurs.palette("charte-" .. i, {charte.principale, charte.secondaire}, couleurs.ciels[i % #couleurs.ciels + 1], i % 3 > 0 and charte or nil)
  for theme, p in pairs(palette) do
    for _, x in ipairs(paires) do
      local c = couleurs.contraste(p[x[1]], p[x[2]])
      if c < x[3] then error(string.format("charte %s, %s : %s sur %s, contraste %.2f", charte.principale, theme, x[1], x[2], c)) end
    end
  end
  if i % 3 > 0 then
    if palette.clair.profond ~= charte.principale then error("surface sans la couleur de la charte : " .. charte.principale) end
    local changes, refus = couleurs.ecarts(palette, charte)
    if #refus > 0 then error("refus sans ton imposé") end
    local lisible = couleurs.contraste(charte.principale, palette.clair.teinte) >= 4.5 and couleurs.contraste(charte.principale, palette.clair.fond) >= 4.5
      and couleurs.contraste(charte.principale, palette.clair.surface) >= 4.5
    local dit = changes[1] and changes[1].champ == "couleurs.principale"
    if lisible == (dit or false) then error("changement mal rapporté : " .. charte.principale) end
    if lisible then gardees = gardees + 1 else changees = changees + 1 end
  end
end
if gardees < 50 or changees < 50 then error("épreuve trop étroite : " .. gardees .. ", " .. changees) end
