// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_DB_INSIDE) && !defined(MD_DB_COMPILATION)
#error "Include <md-db.h>."
#endif

#include "md-db-connection.h"

G_BEGIN_DECLS

/* Rows of TABLE (a table without rowid) that are looked for one by one, where it is damaged: those
 * whose KEY is among what SQL finds in the rest that was saved. */
typedef struct
{
  const char *table;
  const char *key;
  const char *sql;
} MdDbLookup;

/* Copies every row that can still be read of the damaged SQLite database FROM into the new database
 * TO (mode 0600), from both ends of each table and, between them, one by one. Of a row either all
 * is there or nothing; whether it is as it was written only its reader can tell. *OUT_WHOLE: no
 * table had to be given up anywhere. LOOKUPS ends with a NULL table. MD_DB_ERROR_CORRUPT where not
 * even the list of tables can be read. */
gboolean md_db_salvage (const char *from, const char *to, const MdDbLookup *lookups,
                        gboolean *out_whole, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
