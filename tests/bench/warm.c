/* Runs a command in memory that the machine has at hand, and prints what it took. A virtual machine gives memory that stays free for some seconds
 * back to its host, and waits when it needs it again: who builds a small site uses what the program before has just freed, who builds one of a
 * million pages waits for nearly all of its memory. To compare both, this takes what is free, touches it, and lets go of it step by step while the
 * command runs.
 * usage: warm COMMAND…     prints seconds by the clock, of the processor (user, system), and the most resident memory in KiB, to descriptor 3 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BLOCK ((size_t)64 << 20)
#define FREE ((size_t)1 << 30)           /* what is left free: three seconds of a large build's needs */
#define MOST 4096                        /* blocks: a quarter of a tebibyte */
#define MEMORY "/proc/meminfo"

static size_t
bytes_free(void)
{
	static int fd = -1;
	char text[4096], *at;
	ssize_t n;

	if (fd < 0)
		fd = open(MEMORY, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : pread(fd, text, sizeof text - 1, 0);
	if (n < 0) {
		perror(MEMORY);
		exit(3);
	}
	text[n] = 0;
	at = strstr(text, "MemFree:");
	return at ? (size_t)strtoull(at + strlen("MemFree:"), NULL, 10) << 10 : 0;
}

/* Large pages where there are some: they are touched, and let go of, at once. */
static unsigned
take(char **blocks)
{
	unsigned n = 0;

	for (; n < MOST && bytes_free() > FREE + BLOCK; n++) {
		blocks[n] = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (blocks[n] == MAP_FAILED)
			break;
		madvise(blocks[n], BLOCK, MADV_HUGEPAGE);
		memset(blocks[n], 1, BLOCK);
	}
	return n;
}

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Made before memory is taken, of which it then has no part; waits for the end of `go`. */
static pid_t
start(char **command, const int *go)
{
	pid_t child = fork();
	char none;

	if (child)
		return child;
	close(3);
	close(go[1]);
	while (read(go[0], &none, 1) > 0)
		;
	close(go[0]);
	execvp(command[0], command);
	perror(command[0]);
	_exit(127);
}

int
main(int argc, char **argv)
{
	static char *blocks[MOST];
	struct rusage used;
	double started;
	int go[2], status;
	unsigned n;
	pid_t child;

	if (argc < 2) {
		fputs("usage: warm COMMAND…\n", stderr);
		return 2;
	}
	child = pipe(go) == 0 ? start(argv + 1, go) : -1;
	if (child < 0) {
		perror("warm");
		return 3;
	}
	n = take(blocks);
	started = now();
	close(go[1]);
	while (wait4(child, &status, WNOHANG, &used) == 0) {
		while (n && bytes_free() < FREE)
			munmap(blocks[--n], BLOCK);
		usleep(1000);
	}
	dprintf(3, "%.3f %.3f %.3f %ld\n", now() - started, seconds(used.ru_utime), seconds(used.ru_stime), used.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
