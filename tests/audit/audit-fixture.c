// SPDX-License-Identifier: Apache-2.0
#include "audit-fixture.h"

void
fixture_open (Fixture *f, gint64 start_us)
{
  g_autoptr (GError) error = NULL;

  test_place_make (&f->place, "terminal.db");
  f->clock = md_test_clock_new (start_us);
  f->db = md_db_open (f->place.where, MD_DB_READ_WRITE, &error);
  g_assert_no_error (error);
  g_assert_true (md_audit_migrate (f->db, &error));
  f->audit = md_audit_new (f->db, "139998", "T001", MD_CLOCK (f->clock));
}

void
fixture_close (Fixture *f)
{
  md_audit_free (f->audit);
  md_db_close (f->db);
  g_object_unref (f->clock);
  test_place_remove (&f->place);
}
