// SPDX-License-Identifier: Apache-2.0
/* db: open, migrate, statement, transaction.
 *
 * The only folder that sees SQLite and PostgreSQL. A connection (MdDb) belongs to one thread at a
 * time; several connections of the same database live well beside each other, and write one after
 * another. Every commit is durable when it returns. SQL is written so that both understand it;
 * values are ?1, ?2 and so on. */
#pragma once

#define MD_DB_INSIDE
#include "md-db-connection.h"
#include "md-db-statement.h"
#include "md-db-migrate.h"
#include "md-db-checkpointer.h"
#include "md-db-copy.h"
#include "md-db-salvage.h"
#undef MD_DB_INSIDE
