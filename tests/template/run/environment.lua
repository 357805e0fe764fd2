-- The globals of the files in this folder. The source of each is what stands before the line of its note {# render:
-- (without the line end in front of it); its output with these globals must be what stands between that line and the
-- line of #}, to the byte. Files that include, import or extend find the others by their bare names, cut in the same way.
-- corps is to be made a value of kind html.
return {
	page = {
		titre = "Stage d'été <3",
		url = "/stages/ete/",
		corps = { html = "<p>Bonjour</p>" },
		liste = { "un", "deux", "trois" },
		vide = {},
		equipe = { { nom = "Ana & Luc", tel = "05 71 00 00 00" }, { nom = "Zoé" } },
		prix = { b = 2, a = 1 },
		vrai = true,
		faux = false,
		nombre = 3,
	},
	lien = "https://exemple.fr/a?b=c&d=é",
	mauvais = "javascript:alert(1)",
	guillemets = [["'<>&]],
}
