signaler(site, "titre", "le titre est court : « " .. site.titre .. " »")
