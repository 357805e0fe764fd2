#include <errno.h>
#include <link.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "os/path.h"

int64_t
os_now(void)
{
	return (int64_t)time(NULL);
}

uint64_t
os_ticks(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int64_t
os_file_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

str
os_environment(const char *name)
{
	return str_from_c(getenv(name));
}

str
os_program_dir(struct arena *out)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path);

	while (n > 1 && path[n - 1] != '/')
		n--;
	if (n <= 0)
		return STR_NONE;
	return str_copy(out, (str){ path, n > 1 ? (size_t)n - 1 : 1 });
}

static int
mix_file(struct dl_phdr_info *info, size_t size, void *hash)
{
	const char *path = info->dlpi_name[0] ? info->dlpi_name : "/proc/self/exe";
	uint64_t *h = hash;
	struct stat s;

	(void)size;
	*h = hash_mix(*h, hash64(str_from_c(path)));
	if (stat(path, &s) != 0)     /* the kernel's own */
		return 0;
	*h = hash_mix(hash_mix(*h, s.st_dev), s.st_ino);
	*h = hash_mix(*h, (uint64_t)s.st_size);
	*h = hash_mix(hash_mix(*h, (uint64_t)s.st_mtim.tv_sec), (uint64_t)s.st_mtim.tv_nsec);
	*h = hash_mix(hash_mix(*h, (uint64_t)s.st_ctim.tv_sec), (uint64_t)s.st_ctim.tv_nsec);
	return 0;
}

uint64_t
os_program_identity(void)
{
	uint64_t h = 0;

	dl_iterate_phdr(mix_file, &h);
	return h;
}

unsigned
os_processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n > 0 ? (unsigned)n : 1;
}

bool
os_is_terminal(int descriptor)
{
	return isatty(descriptor) == 1;
}

os_error
os_print(int descriptor, str bytes)
{
	while (bytes.len) {
		ssize_t n = write(descriptor, bytes.ptr, bytes.len);
		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0)
			bytes = str_slice(bytes, (size_t)n, bytes.len);
	}
	return 0;
}

void
os_exit_now(int status)
{
	_exit(status);
}
