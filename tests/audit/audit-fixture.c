// SPDX-License-Identifier: Apache-2.0
#include "audit-fixture.h"

#include <glib/gstdio.h>

void
fixture_open (Fixture *f, gint64 start_us)
{
  g_autoptr (GError) error = NULL;

  f->dir = g_dir_make_tmp ("md-audit-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "terminal.db", NULL);
  f->clock = md_test_clock_new (start_us);
  f->db = md_db_open (f->path, MD_DB_READ_WRITE, &error);
  g_assert_no_error (error);
  g_assert_true (md_audit_migrate (f->db, &error));
  f->audit = md_audit_new (f->db, "139998", "T001", MD_CLOCK (f->clock));
}

void
fixture_close (Fixture *f)
{
  const char *suffixes[] = { "", "-wal", "-shm" };

  md_audit_free (f->audit);
  md_db_close (f->db);
  g_object_unref (f->clock);
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *file = g_strconcat (f->path, suffixes[i], NULL);

      g_unlink (file);
    }
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_free (f->path);
  g_free (f->dir);
}
