/* Listening to this machine alone; showing an address to the person before it. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/path.h"

#define BACKLOG 128

union address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

static socklen_t
loopback(union address *a, bool six, uint16_t port)
{
	memset(a, 0, sizeof *a);
	if (six) {
		a->six.sin6_family = AF_INET6;
		a->six.sin6_addr = in6addr_loopback;
		a->six.sin6_port = htons(port);
		return sizeof a->six;
	}
	a->four.sin_family = AF_INET;
	a->four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	a->four.sin_port = htons(port);
	return sizeof a->four;
}

static os_error
bind_and_listen(int fd, bool six, uint16_t port)
{
	union address a;
	socklen_t len = loopback(&a, six, port);
	int on = 1;

	/* The port of a server that has just ended is free, whatever its last connections are waiting for. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (six)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	return bind(fd, &a.any, len) == 0 && listen(fd, BACKLOG) == 0 ? 0 : errno;
}

os_error
os_listen(bool six, uint16_t port, int *listening)
{
	int fd = socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	os_error e;

	*listening = fd;
	if (fd < 0)
		return errno;
	if ((e = bind_and_listen(fd, six, port))) {
		close(fd);
		*listening = -1;
	}
	return e;
}

uint16_t
os_listening_port(int listening)
{
	union address a;
	socklen_t len = sizeof a;

	if (getsockname(listening, &a.any, &len) != 0)
		return 0;
	return ntohs(a.any.sa_family == AF_INET6 ? a.six.sin6_port : a.four.sin_port);
}

void
os_listen_end(int listening)
{
	if (listening >= 0)
		close(listening);
}

/* Runs a program that has nothing to say here and is waited for by nobody: its parent, a child of ours, ends at once. */
static os_error
start_detached(char *const argv[])
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	pid_t child;
	int status = 0;
	os_error e;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	e = posix_spawnp(&child, argv[0], &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	if (!e)
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			continue;
	return e ? e : status ? ENOENT : 0;
}

os_error
os_open_in_browser(str url)
{
	/* "$0" is the program and "$1" the address: nothing of it is read as a command. */
	static char script[] = "command -v \"$0\" >/dev/null || exit 1; \"$0\" \"$1\" &", shell[] = "sh", option[] = "-c", program[] = "xdg-open";
	struct c_path address;
	char *argv[] = { shell, option, script, program, address.c, NULL };

	if (!path_c(url, &address))
		return errno;
	return start_detached(argv);
}

unsigned
os_open_files(unsigned wanted)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 256;
	if (limit.rlim_cur < wanted) {
		limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	return limit.rlim_cur < wanted ? (unsigned)limit.rlim_cur : wanted;
}
