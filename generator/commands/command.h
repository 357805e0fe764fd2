/* command: what the commands share: parsed options, where to print, the way to end. */
#ifndef COMMANDS_COMMAND_H
#define COMMANDS_COMMAND_H

#include "vitrine.h"

/* The command line, parsed. */
struct options {
	str site_dir, output, base_url, format, publication, language, jobs, date, port;
	bool drafts, no_cache, no_sync, profile, quiet, strict, persons, open, help;
	VEC(str) words;              /* what is no option, the command excepted */
};

struct context {
	const struct command *command;
	struct options options;
	struct build_options build;  /* options, checked */
	struct arena *arena;
	struct diag *diag;
	enum diag_format format;
	enum diag_language language;
	str program_dir;
	uint16_t port;               /* --port, checked */
};

struct command {
	str name;
	const char *usage[2];        /* by enum diag_language: what follows the name */
	const char *summary[2];      /* one line */
	const char *options;         /* names of the long options it takes, space-separated */
	uint8_t min_words, max_words;
	enum vitrine_status (*run)(struct context *c);
};

extern const struct command *const commands[];   /* ends in NULL */

enum vitrine_status command_build(struct context *c);
enum vitrine_status command_check(struct context *c);
enum vitrine_status command_serve(struct context *c);
enum vitrine_status command_new(struct context *c);
enum vitrine_status command_explain(struct context *c);

/* Runs the command of argv; prints diagnostics, help, version. The whole program but for the set-up of main. */
enum vitrine_status command_main(int argc, char **argv, struct arena *arena);

/* Reads argv[first…] into c->options by the table of options; problems go to c->diag. */
void options_parse(struct context *c, int argc, char **argv, int first);
/* Checks values and fills c->build, c->format, c->language. */
void options_check(struct context *c);
/* Help of one command (NULL: of the program) in the context's language. */
void options_help(const struct context *c, const struct command *command, struct buf *out);

#endif
