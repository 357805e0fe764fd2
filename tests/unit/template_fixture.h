/* What compiling a template needs, new for each test: cmocka_unit_test_setup_teardown(test, setup, teardown). */
#ifndef TESTS_TEMPLATE_FIXTURE_H
#define TESTS_TEMPLATE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "template/template.h"

static struct arena out, tmp;
static struct files files;
static struct diag diag;

static int
setup(void **state)
{
	(void)state;
	arena_init(&out, &page_source_malloc);
	arena_init(&tmp, &page_source_malloc);
	files_init(&files, &out);
	diag_init(&diag, &out, &files);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(&out);
	arena_free(&tmp);
	return 0;
}

#endif
