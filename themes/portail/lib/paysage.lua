-- The landscape of a territory, put together from drawn layers as its field
-- `affiche` says: sky, relief, water, monument, vegetation.
-- Canvas 1200 × 480, horizon near 250; a figure stands on its own origin.
-- A layer is {ton, d, transform}; the tones are those of lib/couleurs.lua.
local m = {}

local figures = {
  citadelle = {
    {"pres", "M-250 4L-232-58H-168L-164-76-154-88-144-76-140-58H-64V-92H-72L-40-122 4-122 36-92H28V-58H132L136-76 146-88 156-76 160-58H224L242 4Z"},
    {"astre", "M-30 4V-34A12 12 0 0 1-6-34V4ZM-52-84h12v14h-12ZM4-84h12v14H4Z"},
    {"devant", "M-250 4L-246-12H238L242 4ZM-168-58H-64V-52H-170ZM28-58H224L225-52H28Z"},
  },
  viaduc = {
    {"figure", "M-470-158H470V-142H-470ZM-208 24C-130-190 130-190 208 24H182C110-150-110-150-182 24ZM-424-142h14L-402 0H-432ZM-332-142h14L-308 30H-342ZM-236-142h14L-208 34H-250ZM-130-142h10V-74L-134-66ZM120-142h10L134-66 120-74ZM222-142h14L250 34H208ZM318-142h14L342 30H308ZM410-142h14L432 0H402Z"},
  },
  chateau = {
    {"mur", "M-230 0V-84H-190V-70H190V-84H230V0ZM-190-70H190V0H-190ZM-40-104H40V-70H-40Z"},
    {"pres", "M-238-84L-210-152-182-84ZM182-84L210-152 238-84ZM-176-70L-160-112H-56L-44-70ZM44-70L56-112H160L176-70ZM-50-104L-26-140H-10V-160L0-196 10-160V-140H26L50-104ZM-112-112L-104-134-96-112ZM96-112L104-134 112-112ZM-140-112v-18h8v18ZM132-112v-18h8v18Z"},
    {"milieu", "M-168-54h14v24h-14ZM-134-54h14v24h-14ZM-100-54h14v24h-14ZM-66-54h14v24h-14ZM52-54h14v24H52ZM86-54h14v24H86ZM120-54h14v24h-14ZM154-54h14v24h-14ZM-14 0V-36A14 14 0 0 1 14-36V0ZM-216-66h12v20h-12ZM204-66h12v20h-12Z"},
  },
  fleche = {
    {"mur", "M-30 0V-150H30V0ZM30 0V-74H196V0Z"},
    {"pres", "M-36-150H36V-160H26L0-318-26-160H-36ZM30-74L44-112H182L200-74ZM-6-318H6V-330H-6Z"},
    {"milieu", "M-12-96V-124A12 14 0 0 1 12-124V-96ZM-12-40V-68A12 14 0 0 1 12-68V-40ZM56 0V-40A8 10 0 0 1 72-40V0ZM96 0V-40A8 10 0 0 1 112-40V0ZM136 0V-40A8 10 0 0 1 152-40V0Z"},
  },
  chateau_fort = {
    {"figure", "M-190 20L-166-46-140-52-132-104-96-118-86-70-52-74-46-150-8-158 30-150 40-84 84-90 98-40 136-32 170 20Z"},
    {"pres", "M-44-148V-236H-50V-254H-36V-246H-22V-254H-8V-246H6V-254H20V-246H34V-254H34V-236H28V-150L-8-156ZM-128-102V-150H-120V-142H-110V-150H-100V-116ZM44-84V-128H52V-120H62V-128H82V-90Z"},
    {"astre", "M-14-196v-18a6 6 0 0 1 12 0v18Z"},
  },
  clocher = {
    {"mur", "M-18 0V-92H18V0ZM18 0V-44H110V0Z"},
    {"pres", "M-24-92L0-176 24-92ZM18-44L28-70H102L114-44Z"},
    {"milieu", "M-7-62V-76A7 8 0 0 1 7-76V-62Z"},
  },
  village = {
    {"mur", "M-170 6V-46L-140-70-110-46V6ZM-104 6V-66L-70-96-36-66V6ZM36 6V-58L68-84 100-58V6ZM106 6V-40L138-62 170-40V6ZM-26 6V-120H26V6Z"},
    {"pres", "M-180-42L-140-80-100-42-110-46-140-70-170-46ZM-114-62L-70-108-26-62-36-66-70-96-104-66ZM26-54L68-96 110-54 100-58 68-84 36-58ZM96-36L138-72 180-36 170-40 138-62 106-40ZM-34-120L0-190 34-120Z"},
    {"milieu", "M-150-34h16v18h-16ZM-84-52h16v20h-16ZM58-46h16v20H58ZM128-30h16v18h-16ZM-8-70V-88A8 10 0 0 1 8-88V-70Z"},
  },
  colombages = {
    {"mur", "M-150 0V-90L-104-150-58-90V0ZM-50 0V-76L0-140 50-76V0ZM58 0V-96L108-160 158-96V0Z"},
    {"figure", "M-162-84L-104-160-46-84-58-90-104-146-150-90ZM-62-70L0-150 62-70 50-76 0-136-50-76ZM46-90L108-170 170-90 158-96 108-156 58-96Z"},
    {"devant", "M-150-54h92v6h-92ZM-50-44H50v6H-50ZM58-58h100v6H58ZM-150-92h92v6h-92ZM-50-78H50v6H-50ZM58-98h100v6H58ZM-146-88l34 36h-8l-30-32ZM-62-88l-34 36h8l30-32ZM62-94l36 38h-8L62-86ZM154-94l-36 38h8l28-30ZM-46-74l30 32h-8l-22-24ZM46-74L16-42h8l22-24Z"},
  },
  sapins = {
    {"devant", "M-300 40V10H-330L-306-24H-320L-296-58H-308L-284-100-260-58H-272L-248-24H-262L-238 10H-268V40ZM-222 40V20H-244L-226-6H-236L-218-32H-226L-208-64-190-32H-198L-180-6H-190L-172 20H-194V40ZM180 40V16H154L176-14H164L186-46H176L196-82 216-46H206L228-14H216L238 16H212V40ZM262 40V4H228L256-34H240L268-72H254L280-120 306-72H292L320-34H304L332 4H298V40Z"},
  },
  bosquets = {
    {"devant", "M-330 36C-352 30-352-8-326-12-330-44-286-52-276-24-252-30-240 4-262 16-258 30-270 38-288 36V54H-300V36ZM196 40C178 34 180 4 200 0 200-26 236-30 242-6 260-10 268 14 254 24 256 36 246 42 232 40V56H220V40ZM286 34C262 28 262-14 290-18 288-50 334-56 342-26 366-30 376 6 356 18 358 32 346 38 328 36V56H314V36Z"},
  },
  roseaux = {
    {"devant", "M-340 80L-332-20-328-20-330 80ZM-316 80L-300-44-296-42-306 80ZM-290 80L-282-10-278-10-280 80ZM-268 80L-246-30-242-28-258 80ZM240 80L230-24 234-26 250 80ZM266 80L264-46 268-46 276 80ZM294 80L304-16 308-14 304 80ZM318 80L336-36 340-34 328 80ZM-336-20C-338-40-334-52-330-52-326-52-324-40-326-20ZM-304-44C-304-62-300-74-296-72-292-72-292-60-294-42ZM260-46C260-66 264-78 268-76 272-76 272-64 272-46ZM332-36C334-54 338-66 342-64 346-64 344-50 342-34Z"},
  },
  peupliers = {
    {"devant", "M-306 30C-330-40-322-120-300-150-278-120-270-40-294 30ZM-250 30C-270-30-264-96-246-124-228-96-222-30-242 30ZM-200 30C-216-16-210-68-196-92-182-68-176-16-192 30ZM250 30C228-36 236-110 256-138 276-110 284-36 262 30ZM304 30C288-18 294-74 308-98 322-74 328-18 312 30Z"},
  },
}

-- A relief: what lies behind, and where its monument stands {x, y, scale}.
local reliefs = {
  plaine = {
    fond = {
      {"loin", "M0 262C220 248 460 252 700 246S1040 242 1200 250V480H0Z"},
      {"milieu", "M0 304C240 280 520 288 760 284S1060 276 1200 282V480H0Z"},
    },
    place = {620, 304, 1},
  },
  coteau = {
    fond = {
      {"loin", "M0 238C140 220 260 214 400 226S640 240 780 224 1040 208 1200 222V480H0Z"},
      {"milieu", "M0 284C170 258 330 262 500 274S900 282 1200 258V480H0Z"},
    },
    place = {600, 318, 1},
  },
  plateau = {
    fond = {
      {"loin", "M0 214L180 206 240 182 560 176 620 204 820 198 880 170 1200 164V480H0Z"},
      {"milieu", "M0 282C140 258 230 252 330 262 400 268 440 300 470 344H730C760 300 800 268 870 258 980 244 1090 262 1200 250V480H0Z"},
    },
    place = {600, 372, 0.86},
  },
  volcan = {
    fond = {
      {"loin", "M0 236L130 222 236 190 330 132C352 118 380 118 404 132L500 192 610 214 700 190 800 104 838 78C856 68 880 70 896 84L1000 180 1090 206 1200 190V480H0Z"},
      {"neige", "M838 78C856 68 880 70 896 84L926 112 900 106 884 122 866 104 842 118 818 96ZM352 120C366 116 388 120 404 132L424 144 400 142 386 154 370 138 344 144 330 132Z"},
      {"milieu", "M0 282C140 258 230 252 330 262 400 268 440 300 470 344H730C760 300 800 268 870 258 980 244 1090 262 1200 250V480H0Z"},
    },
    place = {600, 372, 0.86},
  },
  montagne = {
    fond = {
      {"loin", "M0 230L110 150 170 190 300 70 380 150 440 110 560 216 680 120 760 180 880 60 990 170 1060 130 1200 220V480H0Z"},
      {"neige", "M300 70L340 110 318 104 300 122 284 106 262 106ZM880 60L922 102 900 98 878 118 862 100 842 96Z"},
      {"milieu", "M0 300C110 240 220 226 330 256 400 276 440 300 470 344H730C780 280 860 240 960 238 1060 238 1130 262 1200 284V480H0Z"},
    },
    place = {600, 372, 0.86},
  },
  falaise = {
    fond = {
      {"loin", "M0 250C200 240 420 244 640 238S1020 230 1200 240V480H0Z"},
      {"mur", "M0 196C90 190 200 186 320 190L420 196 470 204 486 226 482 262 492 300 486 350H0Z"},
      {"milieu", "M0 170C110 160 240 162 340 174 400 182 450 188 482 204L470 208 420 202C300 194 150 194 0 204Z"},
      {"pres", "M60 316V282A18 20 0 0 1 96 282V316ZM130 250V228A16 16 0 0 1 162 228V250ZM190 320V280A22 24 0 0 1 234 280V320ZM262 256V236A14 14 0 0 1 290 236V256ZM312 316V286A18 20 0 0 1 348 286V316ZM388 300V274A14 16 0 0 1 416 274V300Z"},
      {"milieu", "M0 316C200 306 420 314 620 306S1020 292 1200 300V480H0Z"},
    },
    place = {730, 322, 0.8},
  },
  colline = {
    fond = {
      {"loin", "M0 226C80 176 170 158 260 190 330 214 380 216 450 182 540 138 640 140 720 186 790 224 850 220 920 186 1010 144 1110 152 1200 196V480H0Z"},
      {"milieu", "M0 296C100 250 210 240 320 272 420 300 480 296 560 262 640 230 730 232 820 268 930 310 1060 296 1200 250V480H0Z"},
    },
    place = {640, 268, 0.85},
  },
}

-- Water: `large` lies behind the monument and gives it another place on the
-- bank; `cours` runs in front of it.
local rivage = {
  {"eau", "M0 284H1200V430H0Z"},
  {"reflet", "M120 306H420V310H120ZM520 330H760V334H520ZM60 352H250V356H60ZM860 318H1100V322H860ZM700 366H1010V370H700Z"},
  {"milieu", "M1200 276C1080 280 1010 292 930 296 860 300 900 306 960 310H1200Z"},
  {"milieu", "M0 300C80 292 170 288 260 290 460 292 700 290 780 316 830 334 870 352 940 372 1010 392 1090 400 1200 404V480H0Z"},
}
local meandre = {
  {"milieu", "M0 314H1200V360H0Z"},
  {"eau", "M1200 338C1010 336 880 344 760 352 560 366 470 380 360 404 250 428 120 444 0 450V480H700C760 446 860 420 960 404 1050 390 1130 384 1200 382Z"},
  {"reflet", "M560 392H760V396H560ZM360 432H640V436H360ZM800 374H960V378H800Z"},
  {"pres", "M0 346C150 338 330 340 470 352 430 366 380 378 320 388 210 406 100 414 0 418Z"},
  {"devant", "M1200 410C1030 410 880 432 780 480H1200Z"},
}
local ruban = {
  {"pres", "M0 340C180 324 360 334 520 346 700 358 940 330 1200 336V480H0Z"},
  {"eau", "M0 420C220 396 420 392 620 400S1000 404 1200 384V420C1010 440 800 440 600 440S200 446 0 466Z"},
  {"devant", "M0 452C220 434 420 440 620 448S1000 446 1200 430V480H0Z"},
}
local gorge = {
  {"eau", "M430 404H770V440H430Z"},
  {"pres", "M0 352C150 322 270 334 360 366 430 390 470 414 520 420 580 426 640 424 690 416 760 400 820 360 930 344 1040 330 1120 340 1200 332V480H0Z"},
  {"devant", "M0 430C200 410 380 432 600 446S1000 424 1200 418V480H0Z"},
}
local terre = {
  {"pres", "M0 366C120 330 280 322 420 342 560 364 700 370 840 348 980 326 1100 330 1200 346V480H0Z"},
  {"devant", "M0 444C180 420 400 416 620 432S1000 440 1200 420V480H0Z"},
}
local eaux = {
  aucune   = {cours = terre},
  riviere  = {cours = ruban},
  canal    = {cours = ruban},
  fleuve   = {cours = meandre},
  estuaire = {large = rivage, place = {540, 298, 1}},
  lac      = {large = rivage, place = {540, 298, 1}},
  mer      = {large = rivage, place = {540, 298, 1}},
}

-- What grows in the foreground: drawn ground, or figures set upon it.
local sillons = {
  {"pres", "M0 372C180 344 420 352 640 388 860 424 1040 424 1200 416V480H0Z"},
  {"devant", "M0 420C90 402 190 396 290 398L250 410C160 410 80 418 0 434ZM0 452C110 424 240 410 380 408L330 424C210 428 100 446 0 470ZM120 480C220 446 340 428 480 424L440 440C340 446 270 462 214 480ZM330 480C400 456 500 444 600 444L570 460C510 462 450 470 416 480ZM560 480C620 464 690 458 770 460L748 474C710 472 670 476 650 480Z"},
}
local parcelles = {
  {"astre", "M0 384C160 366 330 362 500 366L380 390C240 390 110 398 0 412ZM640 370C840 378 1030 376 1200 362V384C1040 396 880 396 740 392Z"},
  {"devant", "M0 448C220 424 460 426 700 438S1060 440 1200 428V480H0Z"},
}
local vegetations = {
  vigne   = {sol = sillons},
  champs  = {sol = parcelles, figure = {"peupliers", 640, 366, 0.9}},
  foret   = {figure = {"sapins", 600, 412, 1.2}},
  bocage  = {figure = {"bosquets", 600, 396, 1.1}},
  prairie = {figure = {"peupliers", 620, 366, 1}},
  roseaux = {figure = {"roseaux", 600, 400, 1.2}},
}

-- The sky: where the sun stands, and clouds. A card shows the middle of the drawing only, from x = 360 to 840: the sun stays in it.
local ciels = {
  jour   = {x = 752, y = 104, r = 52},
  aube   = {x = 448, y = 180, r = 64},
  soir   = {x = 742, y = 196, r = 68},
  nuages = {x = 760, y = 110, r = 52, nuages = true},
}
local nuages = {"neige", "M120 118H330A22 22 0 0 0 330 74 40 40 0 0 0 256 58 30 30 0 0 0 200 74 22 22 0 0 0 120 118ZM640 92H800A16 16 0 0 0 800 60 30 30 0 0 0 744 48 22 22 0 0 0 700 60 16 16 0 0 0 640 92Z"}

local function poser(couches, nom, x, y, s)
  local place = string.format("translate(%d %d) scale(%s)", x, y, s)
  for _, c in ipairs(figures[nom]) do
    couches[#couches + 1] = {ton = c[1], d = c[2], place = place}
  end
end

local function etendre(couches, liste)
  for _, c in ipairs(liste or {}) do
    couches[#couches + 1] = {ton = c[1], d = c[2]}
  end
end

-- composer{relief=, eau=, vegetation=, monument=, ciel=}: {soleil = {x, y, r},
-- couches = layers from the back to the front}. What is missing takes a default.
function m.composer(choix)
  local r = reliefs[choix.relief] or reliefs.coteau
  local e = eaux[choix.eau] or eaux.aucune
  local v = vegetations[choix.vegetation] or vegetations.prairie
  local c = ciels[choix.ciel] or ciels.jour
  local couches = {}
  if c.nuages then etendre(couches, {nuages}) end
  etendre(couches, r.fond)
  etendre(couches, e.large)
  local place, cours = e.place or r.place, e.cours
  if choix.monument == "viaduc" then
    place, cours = {600, 372, 0.86}, gorge
  end
  if figures[choix.monument] then
    poser(couches, choix.monument, place[1], place[2], place[3])
  end
  etendre(couches, cours)
  etendre(couches, v.sol)
  if v.figure then poser(couches, table.unpack(v.figure)) end
  return {soleil = c, couches = couches}
end

-- The composition of a territory, from its field `affiche`.
function m.du_territoire(territoire)
  local a = territoire.affiche
  if not a then return m.composer{} end
  return m.composer{ciel = a.ciel, relief = a.relief, eau = a.eau, vegetation = a.vegetation, monument = a.monument}
end

return m
