/* The small site of site_fixture.h, a new one for each test: cmocka_unit_test_setup_teardown(test, begin, end). */
#ifndef TESTS_WORLD_FIXTURE_H
#define TESTS_WORLD_FIXTURE_H

#include "site_fixture.h"

static struct world w;

static int
begin(void **state)
{
	(void)state;
	world_begin(&w);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	world_end(&w);
	return 0;
}

#endif
