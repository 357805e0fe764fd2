-- Small strokes of the brush: each returns the text of an SVG path, in whole units of the poster.
local m = {}

local function f(modele, ...)
  local n = {...}
  for i = 1, #n do n[i] = math.floor(n[i] + 0.5) end
  return string.format(modele, table.unpack(n))
end
m.f = f

-- A generator of numbers from 0 to 1 that always tells the same story.
function m.hasard(graine)
  local x = graine % 233280
  return function()
    x = (x * 9301 + 49297) % 233280
    return x / 233280
  end
end

function m.rect(x, y, l, h)
  return f("M%d %dh%dv%dh%dz", x, y, l, h, -l)
end

-- Rectangles of one size at each {x, y}.
function m.rects(l, h, points)
  local r = {}
  for i = 1, #points, 2 do r[#r + 1] = m.rect(points[i], points[i + 1], l, h) end
  return table.concat(r)
end

-- Arched openings of one size, standing on each {x, y} (left foot).
function m.arcs(l, h, points)
  local r = {}
  for i = 1, #points, 2 do
    r[#r + 1] = f("M%d %dv%da%d %d 0 0 1 %d 0v%dz", points[i], points[i + 1], -h, l / 2, l / 2, l, h)
  end
  return table.concat(r)
end

function m.disque(x, y, r)
  return f("M%d %da%d %d 0 0 1 %d 0a%d %d 0 0 1 %d 0z", x - r, y, r, r, 2 * r, r, r, -2 * r)
end

-- A fir standing on x, y, of height h.
function m.sapin(x, y, h)
  local l = h * 0.2
  return f("M%d %dl%d %dh%dl%d %dh%dl%d %dh%dv%dh%dv%dh%dl%d %dh%dl%d %dh%dz", x, y - h,
    l, h * 0.36, -l * 0.4, l * 0.9, h * 0.28, -l * 0.5, l, h * 0.28, -l * 1.8, h * 0.08, -l * 0.4, -h * 0.08, -l * 1.8,
    l, -h * 0.28, -l * 0.5, l * 0.9, -h * 0.28, -l * 0.4)
end

-- A poplar: a flame on a short stem.
function m.peuplier(x, y, h)
  local l = h * 0.13
  return f("M%d %dc%d %d %d %d %d %dc%d %d %d %d %d %dv%dh%dv%dc%d %d %d %d %d %dc%d %d %d %d %d %dz", x, y - h,
    l * 0.9, h * 0.2, l * 1.3, h * 0.45, l, h * 0.65, -l * 0.2, h * 0.13, -l * 0.5, h * 0.2, -l * 0.8, h * 0.23, h * 0.12, -l * 0.4, -h * 0.12,
    -l * 0.3, -h * 0.03, -l * 0.6, -h * 0.1, -l * 0.8, -h * 0.23, -l * 0.3, -h * 0.2, l * 0.1, -h * 0.45, l, -h * 0.65)
end

-- A round tree on its trunk, three leaves of foliage.
function m.arbre(x, y, h)
  local r = h * 0.3
  return f("M%d %dv%dc%d %d %d %d %d %dc%d %d %d %d %d %dc%d %d %d %d %d %dc%d %d %d %d %d %dv%dz", x - h * 0.04, y, -h * 0.3,
    -r * 1.1, r * 0.1, -r * 1.7, -r * 1.0, -r * 0.75, -r * 1.15, -r * 0.2, -r * 1.1, r * 1.2, -r * 1.5, r * 1.5, -r * 0.55,
    r * 1.0, -r * 0.1, r * 1.3, r * 1.2, r * 0.5, r * 1.45, -r * 0.3, r * 0.35, -r * 0.7, r * 0.3, -r * 0.98, r * 0.25, h * 0.3)
end

-- An umbrella pine: a flat crown on a bare trunk that leans.
function m.pin(x, y, h)
  return f("M%d %dc%d %d %d %d %d %dh%dc%d %d %d %d %d %dz", x - h * 0.02, y, h * 0.02, -h * 0.2, h * 0.06, -h * 0.5, h * 0.06, -h * 0.66,
    h * 0.03, h * 0.01, h * 0.2, -h * 0.02, h * 0.5, -h * 0.04, h * 0.66)
    .. f("M%d %da%d %d 0 0 1 %d %da%d %d 0 0 1 %d %da%d %d 0 0 1 %d %dz", x - h * 0.3, y - h * 0.62, h * 0.09, h * 0.09, h * 0.06, -h * 0.15,
    h * 0.26, h * 0.2, h * 0.5, 0, h * 0.09, h * 0.09, h * 0.1, h * 0.15)
end

-- The crest of a wood, from x1 to x2 at height y: bumps `pas` wide and about h high.
function m.lisiere(x1, x2, y, h, pas, graine)
  local alea, r, x = m.hasard(graine), {f("M%d %d", x1, y)}, x1
  while x < x2 do
    local l = pas * (0.7 + alea() * 0.6)
    r[#r + 1] = f("q%d %d %d 0", l * 0.5, -h * (0.9 + alea() * 1.1), l)
    x = x + l
  end
  return table.concat(r) .. "z"
end

-- `planter(m.sapin, {x, y, h, x, y, h, …})`
function m.planter(dessin, points)
  local r = {}
  for i = 1, #points, 3 do r[#r + 1] = dessin(points[i], points[i + 1], points[i + 2]) end
  return table.concat(r)
end

-- A flat cloud as posters draw it: a straight foot, two or three rounds above.
function m.nuage(x, y, l)
  return f("M%d %da%d %d 0 0 1 %d %da%d %d 0 0 1 %d %da%d %d 0 0 1 %d %da%d %d 0 0 1 %d %dz", x, y,
    l * 0.1, l * 0.1, l * 0.14, -l * 0.12, l * 0.2, l * 0.2, l * 0.36, -l * 0.07, l * 0.14, l * 0.14, l * 0.26, l * 0.07,
    l * 0.1, l * 0.1, l * 0.24, l * 0.12)
end

return m
