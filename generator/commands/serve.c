/* vitrine serve: generator/serve/ does it. */
#include "commands/command.h"
#include "os/os.h"
#include "serve/serve.h"

enum vitrine_status
command_serve(struct context *c)
{
	struct serve_options o = {
		.build = &c->build, .port = c->port, .open = c->options.open, .language = c->language, .quiet = c->options.quiet,
		.colour = os_is_terminal(2) && !os_environment("NO_COLOR").len,
	};

	c->build.quiet = true;       /* no progress bar: loading is short, and nothing else is drawn */
	return serve_run(&o, c->arena, c->diag);
}
