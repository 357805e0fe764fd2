signaler(site:item("fiche", "une"), "titre", "ce titre mérite mieux", "avertissement")
