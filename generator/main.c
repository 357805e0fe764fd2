/* argv → options → command → exit status. Nothing else. */
#include "commands/command.h"
#include "os/os.h"

int
main(int argc, char **argv)
{
	struct arena arena;
	enum vitrine_status status;

	arena_init(&arena, &os_pages);
	status = command_main(argc, argv, &arena);
	arena_free(&arena);
	return (int)status;
}
