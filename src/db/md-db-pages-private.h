// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_DB_COMPILATION
#error "Private to this module."
#endif

#include <glib.h>

G_BEGIN_DECLS

/* One value of a row, as SQLite stores it. */
typedef enum
{
  MD_DB_STORED_NULL,
  MD_DB_STORED_INTEGER,
  MD_DB_STORED_TEXT,
  MD_DB_STORED_BLOB,
  MD_DB_STORED_OTHER,
} MdDbStored;

typedef struct
{
  MdDbStored stored;
  gint64 integer;
  const guint8 *data;
  gsize size;
} MdDbValue;

/* A row with the number NUMBER, or (KEYED) of a table without numbers or of an index. Borrowed. */
typedef void (*MdDbRowFunc) (gint64 number, gboolean keyed, const MdDbValue *values, guint n,
                             gpointer data);

/* Every row that lies whole in a page of rows of the SQLite database PATH and of its log, whether
 * anything leads to that page or not. Nothing where neither can be read. */
void _md_db_pages_read (const char *path, MdDbRowFunc func, gpointer data);

G_END_DECLS
