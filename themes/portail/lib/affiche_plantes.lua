-- What grows in the foreground of a poster: `pres` on the near ground, `devant` in the dark.
local trace = require("trace")
local planter = trace.planter

local m = {}

-- Rows that run to a point on the horizon: strips between y1 and y2.
local function sillons(fuite_x, fuite_y, y1, y2, debut, fin, pas, part)
  local r = {}
  local function x(bas, y) return fuite_x + (bas - fuite_x) * (y - fuite_y) / (y2 - fuite_y) end
  for bas = debut, fin, pas do
    local a, b = bas, bas + pas * part
    r[#r + 1] = trace.f("M%d %dL%d %dH%dL%d %dz", x(a, y1), y1, x(a, y2), y2, x(b, y2), x(b, y1), y1)
  end
  return table.concat(r)
end

-- A row of vines in perspective: posts and round stocks, smaller and smaller.
local function rang(x, y, dx, dy, taille, n)
  local r = {}
  for _ = 1, n do
    r[#r + 1] = trace.f("M%d %dv%dh%da%d %d 0 0 1 %d 0h%dv%dz", x, y, -taille * 0.34, -taille * 0.46, taille * 0.5, taille * 0.44, taille, -taille * 0.44, taille * 0.34)
    x, y, taille = x + dx * taille / 60, y + dy * taille / 60, taille * 0.88
  end
  return table.concat(r)
end

m.vegetations = {
  prairie = {
    pres = {{"l", "M0 950C300 916 520 920 720 936 520 930 260 940 0 976zM1600 912C1420 892 1300 900 1160 920 1300 910 1440 912 1600 930z"}},
    devant = {{"devant", planter(trace.arbre, {250, 984, 150, 1480, 972, 190, 1390, 980, 110})}},
  },
  vigne = {
    pres = {{"l", sillons(1060, 700, 918, 1010, -1100, 3100, 170, 0.3)}},
    devant = {{"devant", rang(70, 1010, 64, -6, 150, 8) .. rang(1570, 985, -64, 0, 130, 6)}},
  },
  foret = {
    pres = {{"o", trace.lisiere(0, 520, 930, 30, 60, 7) .. trace.lisiere(1180, 1600, 918, 30, 60, 19)}},
    devant = {{"devant", planter(trace.arbre, {60, 1000, 300, 250, 990, 220, 400, 990, 150, 1330, 990, 170, 1440, 985, 260, 1580, 980, 330})}},
  },
  sapins = {
    devant = {{"devant", planter(trace.sapin, {40, 1030, 390, 150, 1020, 270, 270, 1015, 340, 370, 1005, 210, 450, 1002, 140, 1250, 1020, 180, 1330, 1015, 260, 1440, 1010, 370, 1550, 1000, 290})}},
  },
  pins = {
    devant = {{"devant", planter(trace.pin, {130, 1010, 420, 330, 1000, 260, 1370, 1000, 300, 1500, 990, 440})}},
  },
  bocage = {
    pres = {{"o", trace.lisiere(0, 640, 918, 17, 40, 5) .. trace.lisiere(1010, 1600, 914, 19, 44, 9)}},
    devant = {{"devant", planter(trace.arbre, {90, 1000, 230, 1530, 980, 250, 1420, 986, 150}) .. trace.lisiere(0, 480, 990, 22, 50, 3) .. trace.lisiere(1260, 1600, 990, 22, 50, 6)}},
  },
  champs = {
    pres = {
      {"ble", "M0 944C180 900 400 892 620 912L900 930 560 1020H0z"},
      {"o", sillons(980, 800, 906, 1010, -700, 700, 140, 0.3)},
      {"l", "M1600 900C1480 884 1360 884 1240 900L1100 920 1600 960z"},
    },
    devant = {{"devant", planter(trace.peuplier, {1400, 985, 210, 1462, 980, 250, 1530, 978, 200})}},
  },
  verger = {
    pres = {
      {"o", planter(trace.arbre, {470, 936, 74, 590, 940, 74, 1180, 934, 74})},
    },
    devant = {
      {"devant", planter(trace.arbre, {110, 1004, 200, 300, 996, 170, 1350, 996, 180, 1530, 986, 210})},
      {"toit", trace.disque(88, 884, 8) .. trace.disque(140, 904, 8) .. trace.disque(284, 894, 7) .. trace.disque(322, 912, 7) .. trace.disque(1330, 886, 7) .. trace.disque(1510, 872, 8) .. trace.disque(1560, 896, 8)},
    },
  },
  peupliers = {
    pres = {{"o", planter(trace.peuplier, {420, 926, 120, 462, 928, 100, 500, 930, 86, 534, 931, 72})}},
    devant = {{"devant", planter(trace.peuplier, {70, 1010, 430, 170, 1004, 340, 260, 1000, 270, 1440, 990, 230, 1500, 985, 300, 1570, 980, 380})}},
  },
  roseaux = {
    devant = {{"devant", "M60 1020L86 770l8 1-14 250zM110 1020L150 820l8 2-28 200zM170 1020L176 850h7l6 170zM1330 1000L1306 860l8-2 34 140zM1400 1000L1404 800h8l8 200zM1460 1000L1500 830l8 3-26 170zM1530 1000L1520 880h7l18 120zM250 1010L286 880l6 2-22 130z"
      .. "M84 790c-8-40-4-70 4-72s14 34 8 74zM148 836c-6-40 2-66 10-66s10 32 2 68zM1404 816c-6-38-2-64 5-64s10 30 5 66zM1500 846c-4-34 4-60 12-58s6 32-2 62zM1308 874c-12-30-10-52-4-54s12 24 12 52z"
      .. "M0 1010C80 960 110 930 128 880c-4 60-20 100-60 130zM1600 980C1540 950 1480 920 1440 900c40 40 70 70 110 90zM200 1010c20-50 70-90 120-104-40 30-80 70-90 104z"}},
  },
  tournesols = {
    pres = {{"ble", "M0 940C180 902 400 896 620 914L780 922 300 1010H0z"}, {"o", sillons(980, 800, 908, 1010, -700, 400, 120, 0.35)}},
    devant = {
      {"devant", "M96 1010L104 850h10l-4 160zM236 1000L232 890h9l6 110zM1420 990L1428 830h10l-4 160zM1544 985L1538 870h9l8 115zM110 940c-30-30-56-20-66-2 26 12 50 12 66 2zM1432 920c30-30 60-20 70 0-28 12-54 10-70 0zM238 950c24-24 44-16 52-2-20 10-40 8-52 2z"},
      {"ble", trace.disque(108, 836, 46) .. trace.disque(236, 880, 34) .. trace.disque(1432, 816, 44) .. trace.disque(1540, 860, 36)},
      {"devant", trace.disque(108, 836, 22) .. trace.disque(236, 880, 16) .. trace.disque(1432, 816, 21) .. trace.disque(1540, 860, 17)},
    },
  },
}

return m
