#include <sys/mman.h>

#include "os/os.h"

static void *
map(void *context, size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)context;
	return p == MAP_FAILED ? NULL : p;
}

static void
unmap(void *context, void *block, size_t size)
{
	(void)context;
	munmap(block, size);
}

static void
protect(void *context, void *block, size_t size, bool read_only)
{
	(void)context;
	mprotect(block, size, read_only ? PROT_READ : PROT_READ | PROT_WRITE);
}

const struct page_source os_pages = { map, unmap, protect, NULL };
