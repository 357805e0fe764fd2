/* The commands, as one table, and the way from argv to an exit status. */
#include "commands/command.h"

#include "base/suggest.h"
#include "document/markdown.h"
#include "os/os.h"
#include "serve/serve.h"
#include "source/source.h"

#define STDOUT 1
#define STDERR 2
#define SHOWN_DIAGNOSTICS 200
/* A report of a million errors is no report, but all of them must reach JSON readers. */
#define MAX_REPORT ((size_t)1 << 30)

static const struct command build_command = {
	S_INIT("build"), { "", "" },
	{ "vérifie le contenu et publie le site", "checks the content and publishes the site" },
	"output date base-url drafts jobs no-cache no-sync profile publication quiet", 0, 0, command_build,
};
static const struct command check_command = {
	S_INIT("check"), { "", "" },
	{ "vérifie tout, ne publie rien", "checks everything, publishes nothing" },
	"date base-url drafts jobs no-cache format strict quiet", 0, 0, command_check,
};
static const struct command serve_command = {
	S_INIT("serve"), { "", "" },
	{ "montre le site sur cette machine pendant qu'on l'écrit", "shows the site on this machine while it is written" },
	"date base-url drafts port open jobs no-cache quiet", 0, 0, command_serve,
};
static const struct command new_command = {
	S_INIT("new"), { "site DOSSIER", "site DIR" },
	{ "crée un site prêt à remplir", "makes a site ready to be filled" },
	"quiet", 2, 2, command_new,
};
static const struct command explain_command = {
	S_INIT("explain"), { "ADRESSE|FICHIER", "URL|FILE" },
	{ "dit d'où vient une page", "tells where a page comes from" },
	"date base-url drafts jobs no-cache", 1, 1, command_explain,
};

const struct command *const commands[] = { &build_command, &check_command, &serve_command, &new_command, &explain_command, NULL };

static const struct command *
find_command(str name)
{
	for (size_t i = 0; commands[i]; i++)
		if (str_equal(commands[i]->name, name))
			return commands[i];
	return NULL;
}

static void
unknown_command(struct context *c, str name)
{
	str names[16];
	size_t n = 0;

	while (commands[n] && n < sizeof names / sizeof *names) {
		names[n] = commands[n]->name;
		n++;
	}
	diag_add(c->diag, USAGE_UNKNOWN_COMMAND, SPAN_NONE, name, suggest_nearest(name, names, n));
}

static void
print_diagnostics(const struct context *c)
{
	/* A machine-readable check is a result, so it goes to the standard output. */
	int descriptor = c->format == DIAG_TEXT ? STDERR : STDOUT;
	struct diag_printing how = {
		.format = c->format, .language = c->language, .limit = SHOWN_DIAGNOSTICS, .errors_only = c->options.quiet && !c->options.strict,
		.colour = c->format == DIAG_TEXT && os_is_terminal(descriptor) && !os_environment("NO_COLOR").len,
	};
	struct buf out;

	buf_init(&out, MAX_REPORT);
	diag_print(c->diag, &how, &out);
	os_print(descriptor, buf_str(&out));
	buf_free(&out);
}

static enum vitrine_status
print_and_end(str text)
{
	return os_print(STDOUT, text) ? VITRINE_MACHINE : VITRINE_OK;
}

static enum vitrine_status
print_help(const struct context *c, const struct command *command)
{
	struct buf out;
	enum vitrine_status status;

	buf_init(&out, (size_t)1 << 20);
	options_help(c, command, &out);
	status = print_and_end(buf_str(&out));
	buf_free(&out);
	return status;
}

static void
check_words(struct context *c)
{
	size_t n = c->options.words.len;

	if (n > c->command->max_words)
		diag_add(c->diag, USAGE_ARGUMENT, SPAN_NONE, c->options.words.ptr[c->command->max_words], c->command->name);
	else if (n < c->command->min_words)
		diag_add(c->diag, USAGE_MISSING_ARGUMENT, SPAN_NONE, c->command->name, str_from_c(c->command->usage[c->language]));
}

static enum vitrine_status
run(struct context *c, int argc, char **argv)
{
	enum vitrine_status status;

	options_parse(c, argc, argv, 2);
	options_check(c);
	if (c->options.help)
		return print_help(c, c->command);
	check_words(c);
	if (diag_has_error(c->diag, DIAG_USAGE)) {
		c->format = DIAG_TEXT;
		print_diagnostics(c);
		return VITRINE_USAGE;
	}
	status = c->command->run(c);
	print_diagnostics(c);
	if (status == VITRINE_OK && c->options.strict && c->diag->n_warnings)
		status = VITRINE_ERRORS;
	return status;
}

/* A file of the site, else of a theme that was installed with the program. */
static bool
read_for_excerpt(void *context, str path, struct arena *out, str *bytes)
{
	const size_t max = (size_t)64 * 1024 * 1024;
	struct context *c = context;
	str dir = c->build.site_dir, full = path.len && path.ptr[0] == '/' ? path : str_cat(out, dir.len ? dir : S("."), S("/"), path);
	struct source source;

	if (os_read(full, max, true, out, bytes) == 0)
		return true;
	if (!str_starts(path, S("themes/")))
		return false;
	source_init(&source, dir, c->program_dir, NULL, out, c->diag, c->diag->files);
	full = str_cat(out, source.installed_themes, str_slice(path, 6, path.len));
	return source.installed_themes.len && os_read(full, max, true, out, bytes) == 0;
}

/* Options before the command's name are the program's own: --help, --version, --lang. */
static enum vitrine_status
run_program(struct context *c, int argc, char **argv)
{
	str word = argc > 1 ? str_from_c(argv[1]) : STR_NONE;

	if (argc < 2 || str_equal(word, S("--help")) || str_equal(word, S("-h")) || str_equal(word, S("help"))) {
		enum vitrine_status status = print_help(c, NULL);
		return argc < 2 ? VITRINE_USAGE : status;
	}
	if (str_equal(word, S("--version")))
		return print_and_end(str_cat(c->arena, vitrine_version(c->arena), S(", "), serve_versions(c->arena), S("\n")));
	c->command = find_command(word);
	if (c->command)
		return run(c, argc, argv);
	unknown_command(c, word);
	print_diagnostics(c);
	return VITRINE_USAGE;
}

enum vitrine_status
command_main(int argc, char **argv, struct arena *arena)
{
	struct files files;
	struct diag diag;
	struct context c = { .arena = arena, .diag = &diag, .program_dir = os_program_dir(arena) };

	markdown_init();
	files_init(&files, arena);
	files.read = read_for_excerpt;
	files.context = &c;
	diag_init(&diag, arena, &files);
	return run_program(&c, argc, argv);
}
