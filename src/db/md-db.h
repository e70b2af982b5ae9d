// SPDX-License-Identifier: Apache-2.0
/* db: open, migrate, statement, transaction.
 *
 * The only folder that sees SQLite. A connection (MdDb) belongs to one thread at a time; several
 * connections of the same file live well beside each other (WAL). Every commit is durable when it
 * returns (synchronous=FULL). */
#pragma once

#define MD_DB_INSIDE
#include "md-db-connection.h"
#include "md-db-statement.h"
#include "md-db-migrate.h"
#include "md-db-checkpointer.h"
#undef MD_DB_INSIDE
