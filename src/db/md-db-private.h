// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_DB_COMPILATION
#error "Private to this module."
#endif

#include <sqlite3.h>

#include "md-db-connection.h"

struct _MdDb
{
  sqlite3 *handle;
  char *path;
  GHashTable *cache; /* SQL constant -> idle sqlite3_stmt */
  gboolean in_transaction;
  MdDbFault fault;
  gpointer fault_data;
};

/* Sets ERROR from a result code and the connection's last message; says what to do. */
void _md_db_set_error (MdDb *db, int code, GError **error);

/* sqlite3_step() behind the fault seam. */
int _md_db_step_raw (MdDb *db, sqlite3_stmt *statement);
