signaler(site, "date", "ce thème ne connaît pas cette date", "erreur")
