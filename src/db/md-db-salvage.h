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

/* How a damaged database is saved. */
typedef struct
{
  /* Makes the program's own tables as of today, or brings those of an earlier release to that. */
  gboolean (*make) (MdDb *db, GError **error);
  const char *renumbered;    /* a table of which a row whose number is taken is kept under another:
                              * what it holds says itself what it is; or NULL */
  const MdDbLookup *lookups; /* ends with a NULL table */
} MdDbSalvage;

/* Copies every row that can still be read of the damaged SQLite database FROM into the new database
 * TO (mode 0600), from both ends of each table, between them one by one, and, into strict tables,
 * from pages to which nothing leads any more. Of a row either all is there or nothing; whether it
 * is as it was written only its reader can tell. The tables are made by HOW, where FROM has the
 * same or cannot be read as to what it has; those of an earlier release as that had them, and then
 * brought to today's. *OUT_WHOLE: no table had to be given up anywhere. MD_DB_ERROR_NEWER where
 * FROM was written by a newer release, MD_DB_ERROR_CORRUPT where it is no database. */
gboolean md_db_salvage (const char *from, const char *to, const MdDbSalvage *how,
                        gboolean *out_whole, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
