// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-db.h>

/* What @db says of its tables and indexes, one to a line, but for the ends of lines inside: to hold
 * a database that grew to one made today. Asserts that no row points at one that is not there.
 * (transfer full) */
char *schema_text (MdDb *db);
