/* The options, as one table: parsing, checking and help read it. */
#include <stddef.h>

#include "base/suggest.h"
#include "commands/command.h"
#include "os/os.h"
#include "serve/serve.h"

struct option {
	str name;
	char letter;                 /* 0 without */
	const char *value[2];        /* NULL: a flag */
	const char *help[2];
	size_t offset;               /* in struct options: str or bool */
};

#define AT(field) offsetof(struct options, field)

static const struct option options[] = {
	{ S_INIT("directory"), 'C', { "DOSSIER", "DIR" }, { "racine du site (le dossier courant par défaut)", "site root (default: current folder)" }, AT(site_dir) },
	{ S_INIT("output"), 'o', { "DOSSIER", "DIR" }, { "dossier publié (DOSSIER/public par défaut)", "published folder (default: DIR/public)" }, AT(output) },
	{ S_INIT("date"), 0, { "AAAA-MM-JJ", "YYYY-MM-DD" }, { "date à laquelle le site est vu", "date at which the site is seen" }, AT(date) },
	{ S_INIT("base-url"), 0, { "URL", "URL" }, { "adresse publique, à la place de celle de site.yaml", "public address instead of the one in site.yaml" }, AT(base_url) },
	{ S_INIT("drafts"), 0, { NULL, NULL }, { "publie aussi les brouillons", "includes drafts" }, AT(drafts) },
	{ S_INIT("jobs"), 'j', { "N", "N" }, { "nombre de fils d'exécution (autant que de processeurs par défaut)", "number of threads (default: one a processor)" }, AT(jobs) },
	{ S_INIT("no-cache"), 0, { NULL, NULL }, { "n'utilise pas les caches (Markdown, images peintes)", "does not use the caches (Markdown, painted pictures)" }, AT(no_cache) },
	{ S_INIT("no-sync"), 0, { NULL, NULL }, { "n'attend pas l'écriture sur le disque", "does not wait for the disk" }, AT(no_sync) },
	{ S_INIT("profile"), 0, { NULL, NULL }, { "dit où est passé le temps", "tells where the time went" }, AT(profile) },
	{ S_INIT("publication"), 0, { "MODE", "MODE" }, { "deux-temps : publie même là où l'échange atomique est impossible", "deux-temps: publishes even where no atomic exchange is possible" }, AT(publication) },
	{ S_INIT("format"), 0, { "FORME", "FORM" }, { "text, json, sarif ou github", "text, json, sarif or github" }, AT(format) },
	{ S_INIT("strict"), 0, { NULL, NULL }, { "les avertissements comptent comme des erreurs", "warnings count as errors" }, AT(strict) },
	{ S_INIT("port"), 0, { "N", "N" }, { "port de l'adresse locale (8000 par défaut ; 0 : le premier libre)", "port of the local address (default: 8000; 0: any free one)" }, AT(port) },
	{ S_INIT("open"), 0, { NULL, NULL }, { "ouvre le site dans le navigateur", "opens the site in the browser" }, AT(open) },
	{ S_INIT("lang"), 0, { "fr|en", "fr|en" }, { "langue des messages (fr par défaut)", "language of the messages (default: fr)" }, AT(language) },
	{ S_INIT("quiet"), 'q', { NULL, NULL }, { "n'affiche que les erreurs", "prints errors only" }, AT(quiet) },
	{ S_INIT("help"), 'h', { NULL, NULL }, { "affiche cette aide", "prints this help" }, AT(help) },
};
#define N_OPTIONS (sizeof options / sizeof *options)

/* Is `word` one of the space-separated words of `list`? */
static bool
listed(const char *list, str word)
{
	str rest = str_from_c(list), item;

	while (str_next(&rest, ' ', &item))
		if (str_equal(item, word))
			return true;
	return false;
}

/* -C, -q, --lang and --help belong to every command. */
static bool
takes(const struct command *command, const struct option *o)
{
	return listed("directory lang help", o->name) || (command && listed(command->options, o->name));
}

static const struct option *
find_long(const struct command *command, str name)
{
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (str_equal(options[i].name, name) && takes(command, &options[i]))
			return &options[i];
	return NULL;
}

static const struct option *
find_letter(const struct command *command, char letter)
{
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (options[i].letter == letter && takes(command, &options[i]))
			return &options[i];
	return NULL;
}

/* True when the option that was probably meant takes a value: the next word is that value then, and no second mistake. */
static bool
unknown(struct context *c, str word, str name)
{
	str names[N_OPTIONS], near;
	size_t n = 0;

	for (size_t i = 0; i < N_OPTIONS; i++)
		if (takes(c->command, &options[i]))
			names[n++] = options[i].name;
	near = suggest_nearest(name, names, n);
	diag_add(c->diag, USAGE_UNKNOWN_OPTION, SPAN_NONE, word, near.len ? str_cat(c->arena, S("--"), near) : STR_NONE, c->command->name);
	return near.len && find_long(c->command, near)->value[0];
}

static void
set(struct context *c, const struct option *o, str word, str value, bool given)
{
	char *field = (char *)&c->options + o->offset;

	if (!o->value[0]) {
		if (given)
			diag_add(c->diag, USAGE_ARGUMENT, SPAN_NONE, word, c->command->name);
		*(bool *)field = true;
	} else if (!given || value.len == 0)
		diag_add(c->diag, USAGE_NEEDS_VALUE, SPAN_NONE, word, str_from_c(o->value[c->language]));
	else
		*(str *)field = value;
}

/* "--name", "--name=value", "--name value" */
static int
parse_long(struct context *c, int argc, char **argv, int i)
{
	str word = str_from_c(argv[i]), name, value;
	bool given = str_cut(str_slice(word, 2, word.len), '=', &name, &value);
	const struct option *o = find_long(c->command, name);

	if (!o) {
		bool takes_next = unknown(c, word, name) && !given && i + 1 < argc && argv[i + 1][0] != '-';
		return i + takes_next;
	}
	if (o->value[0] && !given && i + 1 < argc) {
		value = str_from_c(argv[++i]);
		given = true;
	}
	set(c, o, str_cat(c->arena, S("--"), name), value, given);
	return i;
}

/* "-C value", "-Cvalue", "-q" */
static int
parse_letter(struct context *c, int argc, char **argv, int i)
{
	str word = str_from_c(argv[i]), value = str_slice(word, 2, word.len);
	const struct option *o = find_letter(c->command, word.ptr[1]);
	bool given = value.len > 0;

	if (!o) {
		unknown(c, word, str_slice(word, 1, word.len));
		return i;
	}
	if (o->value[0] && !given && i + 1 < argc) {
		value = str_from_c(argv[++i]);
		given = true;
	}
	set(c, o, str_slice(word, 0, 2), value, given);
	return i;
}

void
options_parse(struct context *c, int argc, char **argv, int first)
{
	bool only_words = false;

	for (int i = first; i < argc; i++) {
		str word = str_from_c(argv[i]);
		if (only_words || word.len < 2 || word.ptr[0] != '-')
			*vec_push(c->arena, &c->options.words) = word;
		else if (str_equal(word, S("--")))
			only_words = true;
		else if (word.ptr[1] == '-')
			i = parse_long(c, argc, argv, i);
		else
			i = parse_letter(c, argc, argv, i);
	}
}

static void
refuse(struct context *c, str option, str value, const char *expected_fr, const char *expected_en)
{
	diag_add(c->diag, USAGE_BAD_VALUE, SPAN_NONE, option, value, str_from_c(c->language == DIAG_FR ? expected_fr : expected_en));
}

static void
check_language(struct context *c)
{
	str l = c->options.language;

	if (str_equal(l, S("en")))
		c->language = DIAG_EN;
	else if (l.len && !str_equal(l, S("fr")))
		refuse(c, S("--lang"), l, "fr, en", "fr, en");
}

static void
check_format(struct context *c)
{
	static const str names[] = { S_INIT("text"), S_INIT("json"), S_INIT("sarif"), S_INIT("github") };

	if (!c->options.format.len)
		return;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_equal(c->options.format, names[i])) {
			c->format = (enum diag_format)i;
			return;
		}
	refuse(c, S("--format"), c->options.format, "text, json, sarif ou github", "text, json, sarif or github");
}

static void
check_date(struct context *c)
{
	c->build.date = DAY_NONE;
	if (c->options.date.len && date_parse(c->options.date, &c->build.date) != DATE_OK)
		refuse(c, S("--date"), c->options.date, "une date qui existe, de la forme AAAA-MM-JJ", "a day that exists, written YYYY-MM-DD");
}

static void
check_jobs(struct context *c)
{
	int64_t n;

	if (!c->options.jobs.len)
		return;
	if (str_to_int(c->options.jobs, &n) && n >= 1 && n <= 64)
		c->build.jobs = (unsigned)n;
	else
		refuse(c, S("-j"), c->options.jobs, "un nombre de 1 à 64", "a number from 1 to 64");
}

static void
check_port(struct context *c)
{
	int64_t n = SERVE_DEFAULT_PORT;

	if (c->options.port.len && (!str_to_int(c->options.port, &n) || n < 0 || n > UINT16_MAX))
		refuse(c, S("--port"), c->options.port, "un nombre de 0 à 65535", "a number from 0 to 65535");
	else
		c->port = (uint16_t)n;
}

static void
check_base_url(struct context *c)
{
	str url = c->options.base_url;

	if (url.len && !str_starts(url, S("https://")) && !str_starts(url, S("http://")))
		refuse(c, S("--base-url"), url, "une adresse qui commence par https:// ou http://", "an address that begins with https:// or http://");
	c->build.base_url = url;
}

void
options_check(struct context *c)
{
	const struct options *o = &c->options;

	check_language(c);
	check_format(c);
	check_date(c);
	check_jobs(c);
	check_port(c);
	check_base_url(c);
	if (o->publication.len && !str_equal(o->publication, S("deux-temps")))
		refuse(c, S("--publication"), o->publication, "deux-temps", "deux-temps");
	c->build.two_steps = o->publication.len > 0;
	c->build.site_dir = o->site_dir.len ? o->site_dir : S(".");
	c->build.output = o->output;
	c->build.program_dir = c->program_dir;
	c->build.drafts = o->drafts;
	c->build.no_cache = o->no_cache;
	c->build.no_sync = o->no_sync;
	c->build.profile = o->profile;
	c->build.quiet = o->quiet;
}

static void
help_option(const struct context *c, const struct option *o, struct buf *out)
{
	size_t start = out->len;

	if (o->letter)
		buf_format(out, "  -%c, --%.*s", o->letter, STR_ARG(o->name));
	else
		buf_format(out, "      --%.*s", STR_ARG(o->name));
	if (o->value[c->language])
		buf_format(out, " %s", o->value[c->language]);
	buf_fill(out, ' ', out->len - start < 30 ? 30 - (out->len - start) : 1);
	buf_format(out, "%s\n", o->help[c->language]);
}

static void
help_program(const struct context *c, struct buf *out)
{
	bool fr = c->language == DIAG_FR;

	buf_put_c(out, fr ? "vitrine : un portail statique à partir de contenus YAML et Markdown\n\nusage : vitrine COMMANDE [options]\n\n"
	                  : "vitrine: a static portal from YAML and Markdown content\n\nusage: vitrine COMMAND [options]\n\n");
	for (size_t i = 0; commands[i]; i++) {
		size_t start = out->len;
		buf_format(out, "  %.*s %s", STR_ARG(commands[i]->name), commands[i]->usage[c->language]);
		buf_fill(out, ' ', out->len - start < 32 ? 32 - (out->len - start) : 1);
		buf_format(out, "%s\n", commands[i]->summary[c->language]);
	}
	buf_put_c(out, fr ? "\n  vitrine --version             version du programme et de ses bibliothèques\n  vitrine COMMANDE --help       aide d'une commande\n"
	                  : "\n  vitrine --version             version of the program and of its libraries\n  vitrine COMMAND --help        help of a command\n");
}

void
options_help(const struct context *c, const struct command *command, struct buf *out)
{
	bool fr = c->language == DIAG_FR;

	if (!command) {
		help_program(c, out);
		return;
	}
	buf_format(out, fr ? "usage : vitrine %.*s %s%s[options]\n%s\n\n" : "usage: vitrine %.*s %s%s[options]\n%s\n\n", STR_ARG(command->name),
	    command->usage[c->language], command->usage[c->language][0] ? " " : "", command->summary[c->language]);
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (takes(command, &options[i]))
			help_option(c, &options[i], out);
	buf_put_c(out, fr ? "\ncode de retour : 0 tout va bien, 1 erreurs dans le contenu ou le thème, 2 mauvais usage, 3 la machine a failli, 4 publié sans les pages fautives\n"
	                  : "\nexit status: 0 fine, 1 errors in the content or theme, 2 wrong usage, 3 the machine failed, 4 published with items left out\n");
}
