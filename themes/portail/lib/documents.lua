-- What a link to a file owes to its reader: format, weight, language.
local m = {}

local function poids(octets)
  if octets < 1000000 then return t("kilooctets", {n = nombre(math.max(1, octets // 1000))}) end
  return t("megaoctets", {n = nombre(octets / 1000000, {decimales = 1})})
end

function m.adresse(d)
  return d.fichier and d.fichier.url or d.url_externe
end

function m.format(d)
  if d.fichier then return majuscules(d.fichier.fichier:match("%.(%w+)$") or "") end
  return d.format
end

-- "PDF, 34 ko, en allemand": the page's own language goes without saying.
function m.precisions(d)
  local r = {m.format(d)}
  if d.fichier then r[#r + 1] = poids(d.fichier.octets) elseif d.poids then r[#r + 1] = d.poids end
  if d.pages_nombre then r[#r + 1] = require("mots").compte(d.pages_nombre, "page") end
  if d.langue_du_document ~= langue then r[#r + 1] = t("en_langue", {langue = libelle(d, "langue_du_document")}) end
  return table.concat(r, ", ")
end

return m
