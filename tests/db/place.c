// SPDX-License-Identifier: Apache-2.0
#include "place.h"

#include <glib/gstdio.h>

/* On the server, in no schema of a test. */
static void
exec_there (const char *format, const char *schema)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) parts = g_strsplit (format, "*", 2);
  g_autofree char *sql = g_strconcat (parts[0], schema, parts[1], NULL);
  MdDb *db = md_db_open (g_getenv ("MADOGUCHI_POSTGRESQL"), MD_DB_READ_WRITE, &error);

  g_assert_no_error (error);
  g_assert_true (md_db_exec (db, sql, &error));
  g_assert_no_error (error);
  md_db_close (db);
}

void
test_place_make (TestPlace *place, const char *file)
{
  static guint made;
  const char *server = g_getenv ("MADOGUCHI_POSTGRESQL");

  *place = (TestPlace){ 0 };
  md_db_offer_postgresql ();
  if (server == NULL)
    {
      place->folder = g_dir_make_tmp ("madoguchi-test-XXXXXX", NULL);
      place->where = g_build_filename (place->folder, file, NULL);
      return;
    }
  place->schema = g_strdup_printf ("test_%u", ++made);
  exec_there ("CREATE SCHEMA *", place->schema);
  place->where = g_strdup_printf ("%s&options=-csearch_path%%3D%s", server, place->schema);
}

void
test_place_remove (TestPlace *place)
{
  const char *suffixes[] = { "", "-wal", "-shm" };

  for (gsize i = 0; place->folder != NULL && i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (place->where, suffixes[i], NULL);

      g_unlink (path);
    }
  if (place->folder != NULL)
    g_assert_cmpint (g_rmdir (place->folder), ==, 0);
  else
    exec_there ("DROP SCHEMA * CASCADE", place->schema);
  g_free (place->folder);
  g_free (place->schema);
  g_free (place->where);
}

char *
test_place_dup_address (const TestPlace *place)
{
  return g_strconcat (place->folder != NULL ? "sqlite:" : "", place->where, NULL);
}
