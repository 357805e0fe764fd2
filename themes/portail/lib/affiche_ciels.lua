-- The skies of the posters, and the small things that give them life. The sun of
-- a narrow format must stay between x = 420 and 1220.
local trace = require("trace")

local m = {}

-- Rays of the sun, from a point out to the edges, one in two.
local function rayons(x, y, n, r)
  local t, pas = {}, 2 * math.pi / n
  for i = 0, n - 1, 2 do
    local a, b = i * pas, (i + 1) * pas
    t[#t + 1] = trace.f("M%d %dL%d %dL%d %dz", x, y, x + r * math.cos(a), y + r * math.sin(a), x + r * math.cos(b), y + r * math.sin(b))
  end
  return table.concat(t)
end

local function etoiles(n, graine)
  local alea, t = trace.hasard(graine), {}
  for _ = 1, n do
    local x, y, r = alea() * 1600, alea() * 560, 3 + alea() * 4
    t[#t + 1] = trace.f("M%d %dl%d %d %d %d %d %dz", x, y - r, r * 0.7, r, -r * 0.7, r, -r * 0.7, -r)
  end
  return table.concat(t)
end

-- A bird far off: two strokes of a wing.
local function oiseaux(points)
  local t = {}
  for i = 1, #points, 3 do
    local x, y, l = points[i], points[i + 1], points[i + 2]
    t[#t + 1] = trace.f("M%d %dq%d %d %d %dq%d %d %d %d", x - l, y - l * 0.4, l * 0.6, -l * 0.2, l, l * 0.4, l * 0.4, -l * 0.6, l, -l * 0.4)
  end
  return table.concat(t)
end

-- Each: layers from the top of the sky down to the horizon.
m.ciels = {
  jour = {
    {"ciel2", "M0 430C300 400 520 440 800 420S1300 390 1600 430V760H0z"},
    {"astre", trace.disque(600, 440, 62)},
    {"nuage", trace.nuage(1060, 390, 330) .. trace.nuage(230, 230, 260) .. trace.nuage(90, 520, 240)},
  },
  aube = {
    {"ciel2", "M0 430H1600V760H0z"},
    {"l", "M0 330H1600V760H0zM0 520H1600V760H0z"},
    {"astre", trace.disque(640, 560, 92)},
    {"nuage", trace.nuage(980, 250, 300) .. "M300 386h280a8 8 0 0 1 0 16h-280a8 8 0 0 1 0-16zM1120 452h300a8 8 0 0 1 0 16h-300a8 8 0 0 1 0-16z"},
  },
  soir = {
    {"ciel2", "M0 500H1600V760H0z"},
    {"l", "M0 380H1600V760H0z"},
    {"astre", trace.disque(610, 570, 118)},
    {"l", "M300 566h620v10h-620zM200 606h300v10h-300z"},
    {"nuage", "M820 438h330a9 9 0 0 1 0 18h-330a9 9 0 0 1 0-18zM960 470h360a9 9 0 0 1 0 18h-360a9 9 0 0 1 0-18zM60 476h250a9 9 0 0 1 0 18h-250a9 9 0 0 1 0-18z"},
  },
  nuages = {
    {"ciel2", "M0 500C300 470 600 510 900 490S1400 470 1600 496V760H0z"},
    {"astre", trace.disque(640, 400, 56)},
    {"nuage", trace.nuage(560, 470, 420) .. trace.nuage(1010, 400, 460) .. trace.nuage(60, 360, 340) .. trace.nuage(1300, 560, 320) .. trace.nuage(480, 110, 300)},
    {"l", trace.nuage(860, 560, 360) .. trace.nuage(120, 590, 280)},
  },
  rayons = {
    {"ciel2", rayons(620, 590, 36, 1500)},
    {"astre", trace.disque(620, 590, 128)},
    {"l", trace.disque(620, 590, 168)},
  },
  orage = {
    {"ciel2", "M0 540C400 520 800 560 1600 530V760H0z"},
    {"l", "M640 300L380 760H560L760 300zM860 300L720 760H930L960 300zM1060 300L1160 760H1380L1150 300z"},
    {"nuage", trace.nuage(520, 446, 330) .. trace.nuage(1120, 476, 420)},
    {"o", trace.nuage(-120, 480, 700) .. trace.nuage(700, 410, 760)},
    {"o", "M0-20H1600V250C1480 220 1400 300 1300 280 1200 330 1120 310 1060 270 960 310 860 290 800 250 700 310 600 290 540 260 440 320 320 300 260 270 180 310 60 290 0 260z"},
  },
  nuit = {
    {"ciel2", "M0 500C300 470 600 510 900 490S1400 470 1600 496V760H0z"},
    {"l", "M0 590C300 566 600 604 900 586S1400 570 1600 590V760H0z"},
    {"astre", "M640 380a70 70 0 1 0 62 104 58 58 0 0 1-62-104z"},
    {"astre", etoiles(20, 77)},
  },
}

local monuments = require("affiche_monuments")

-- Details: in the sky (`ciel`), before the monument (`devant`) or on the crest of the
-- dark ground (`crete`). One that needs a water or a cliff is drawn only there.
m.details = {
  oiseaux = {ciel = {{"devant", oiseaux{720, 420, 30, 800, 452, 24, 690, 476, 18, 880, 416, 16, 560, 400, 16}, 5}}},
  montgolfiere = {
    ciel = {
      {"toit", "M560 530c-66-56-92-92-92-144a92 92 0 0 1 184 0c0 52-26 88-92 144z"},
      {"nuage", "M554 530c-28-56-38-96-38-144 0-46 12-78 34-92-8 18-12 46-12 92 0 50 4 88 16 144zM566 530c28-56 38-96 38-144 0-46-12-78-34-92 8 18 12 46 12 92 0 50-4 88-16 144z"},
      {"devant", "M544 554h32v24h-32zM544 526l4 28h-3zM576 526l-4 28h3z"},
    },
  },
  gabare = {
    veut = "eau",
    place = {590, 892, 1},
    devant = {
      {"l", "M-80 10h170v6h-170zM-50 24h120v5h-120z"},
      {"mur", "M-40-150q34 50 8 116h84q20-62-6-116z"},
      {"ombre", "M20-150q34 50 8 116h24q20-62-6-116z"},
      {"devant", "M2-176h6V-20H2zM-94-26q90 24 190 0l14-14q-10 46-40 50H-58q-30-8-36-36zM-44-156H52v6H-44z"},
      {"toit", "M8-176l34 10-34 8z"},
    },
  },
  carrelet = {
    veut = "eau",
    place = {520, 908, 0.8},
    devant = {
      {"devant", "M-66-60V16M-30-60V24M20-60V24M56-60V16M-66-20L-30-58M20-20L56-58M-66-60H-400M-360-60V20M-290-60V24M-220-60V24M-150-60V20M-100-60V24M-400-84H-66M-360-84V-60M-290-84V-60M-220-84V-60M-150-84V-60", 6},
      {"mur", "M-60-130H50V-64H-60z"},
      {"ombre", "M14-130H50V-64H14z"},
      {"toit", "M-74-126L-46-168H40L64-126z"},
      {"devant", "M-78-66H62V-56H-78zM-40-112h18v22h-18zM22-116h18v50H22z"},
      {"devant", "M50-110L190-190M190-190V-60M120-70L190-130 260-70", 3},
      {"devant", "M120-70H260Q190-30 120-70", 2},
    },
  },
  troglodytes = {
    veut = "falaise",
    fond = {
      {"vitre", trace.arcs(30, 36, {430, 752, 520, 756, 610, 756}) .. trace.arcs(18, 18, {474, 736, 566, 740, 440, 640, 500, 632, 590, 640}) .. trace.arcs(24, 30, {330, 640, 250, 750, 150, 748, 200, 640, 60, 744})},
      {"toit", "M420 690L446 668 472 690zM510 696L536 672 562 696zM600 698L626 676 648 698zM238 688L264 664 290 688z"},
      {"mur", "M480 452V418H496V452zM380 446V414H396V446zM268 452V424H282V452z"},
      {"pres", trace.lisiere(480, 664, 590, 8, 22, 4) .. trace.lisiere(250, 470, 574, 8, 22, 9)},
    },
  },
  maisons = {place = {580, 846, 0.5}, devant = table.move(monuments.figures.colombages, 1, 8, 1, {})},
  vaches = {
    crete = {
      {"roche", "M500 924q-4-14-18-16l-8-9 2 11-15 14q-2 8 6 10l13-2q4 10 12 14l2 34h9l2-26h46l3 26h9l3-30q8-14 4-30-2-10-12-10zM668 934q-3-11-14-13l-6-7 2 9-12 11q-2 6 5 8l10-2q3 8 9 11l2 27h7l2-20h36l2 20h7l2-24q6-11 3-24-1-8-9-8z"},
    },
  },
  velo = {
    crete = {
      {"mur", trace.disque(536, 958, 22) .. trace.disque(598, 958, 22), 4},
      {"mur", "M536 958L560 956 582 926 548 928 560 956M536 958L548 928 544 918M598 958L582 926 578 912H570", 4},
      {"toit", "M548 914Q552 890 574 884L580 892Q568 900 564 920z"},
      {"mur", "M572 890L582 914M552 916L572 930 562 956", 7},
      {"mur", trace.disque(584, 872, 11)},
    },
  },
}

return m
