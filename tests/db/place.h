// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-db.h>

/* Where a test keeps its database: a file in a folder of its own or, where MADOGUCHI_POSTGRESQL
 * names a server (tests/postgresql/with-server), a schema of its own there. */
typedef struct
{
  char *folder; /* NULL on a server */
  char *schema; /* NULL in a file */
  char *where;  /* what md_db_open() takes */
} TestPlace;

void test_place_make (TestPlace *place, const char *file);
void test_place_remove (TestPlace *place);

/* The same as the gateway's settings write it. (transfer full) */
char *test_place_dup_address (const TestPlace *place);
