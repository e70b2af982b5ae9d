// SPDX-License-Identifier: Apache-2.0
#include "ledger-fixture.h"

#include <glib/gstdio.h>

#include "../db/schema-text.h"

/* A ledger of each earlier version becomes the same as one made today, with all that was in it. */

#define A "0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"
#define B "0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0c"
#define C "0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0d"

/* A ledger of some time, as the files that make it one after another. */
typedef struct
{
  const char *name;
  const char *files[4];
  guint items;
  gboolean noted; /* policy and nonce stood in it */
} Past;

static const Past pasts[] = {
  { "version-1", { "ledger-1.sql" }, 2, FALSE },
  { "version-2", { "ledger-1.sql", "ledger-2.sql" }, 3, FALSE },
  { "version-3-grown", { "ledger-1.sql", "ledger-2.sql", "ledger-3.sql" }, 3, FALSE },
  { "version-3-new", { "ledger-3-new.sql" }, 3, TRUE },
};

/* In the place of the fixture's ledger, one of the past. */
static void
make_past (Fixture *fixture, const Past *past)
{
  const char *path = fixture->place.where;
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);
  MdDb *db = NULL;

  g_clear_object (&fixture->ledger);
  (void)g_unlink (path);
  (void)g_unlink (wal);
  (void)g_unlink (shm);
  db = fixture_open_db (fixture);
  for (gsize i = 0; past->files[i] != NULL; i++)
    {
      g_autofree char *file = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "tests", "ledger",
                                                past->files[i], NULL);
      g_autofree char *sql = NULL;
      g_autoptr (GError) error = NULL;

      (void)g_file_get_contents (file, &sql, NULL, &error);
      g_assert_no_error (error);
      if (!md_db_exec (db, sql, &error))
        g_error ("%s: %s", past->files[i], error->message);
    }
  md_db_close (db);
}

static char *
read_schema (Fixture *fixture)
{
  MdDb *db = fixture_open_db (fixture);
  char *text = schema_text (db);

  md_db_close (db);
  return text;
}

static void
check_items (Fixture *fixture, const Past *past)
{
  g_autoptr (GPtrArray) items = md_ledger_list (fixture->ledger, 0, 100, NULL);

  g_assert_cmpuint (items->len, ==, past->items);
  for (guint i = 0; i < items->len; i++)
    {
      const MdLedgerEntry *entry = items->pdata[i];
      g_autofree char *digest = g_strdup_printf ("d%u", i + 1);
      const guint8 numbers[2] = { (guint8)(0xa1 + i), (guint8)(i + 1) };
      g_autoptr (GBytes) old_body = g_bytes_new (&numbers[0], 1);
      g_autoptr (GBytes) old_receipt = g_bytes_new (&numbers[1], 1);
      g_autoptr (GBytes) body = NULL;
      g_autoptr (GBytes) receipt = NULL;

      g_assert_cmpuint (entry->sequence, ==, i + 1);
      g_assert_cmpstr (entry->digest, ==, digest);
      g_assert_cmpstr (entry->policy_digest, ==, past->noted ? "p1" : "");
      g_assert_true (
          md_ledger_fetch (fixture->ledger, entry->intake, entry->n, &body, &receipt, NULL));
      g_assert_true (g_bytes_equal (body, old_body));
      g_assert_true (g_bytes_equal (receipt, old_receipt));
    }
}

static void
check_notes (Fixture *fixture, const Past *past)
{
  g_autoptr (MdLedgerEntry) first = md_ledger_look_up (fixture->ledger, A, 1, NULL);
  g_autoptr (MdLedgerEntry) second = md_ledger_look_up (fixture->ledger, A, 2, NULL);
  g_autoptr (MdLedgerEntry) third = md_ledger_look_up (fixture->ledger, B, 1, NULL);

  g_assert_cmpstr (first->nonce, ==, past->noted ? "fresh" : "");
  g_assert_cmpstr (first->nonce_fresh, ==, past->noted ? "77" : NULL);
  g_assert_cmpstr (first->replaces, ==, NULL);
  g_assert_cmpstr (second->decision, ==, "return");
  g_assert_cmpstr (second->nonce_fresh, ==, NULL);
  if (past->items > 2)
    g_assert_cmpstr (third->replaces, ==, A);
}

static void
test_becomes_the_same (Fixture *fixture, gconstpointer data)
{
  const Past *past = data;
  g_autofree char *today = read_schema (fixture);
  g_autofree char *grown = NULL;

  make_past (fixture, past);
  fixture->ledger = fixture_open (fixture, TRUE);
  grown = read_schema (fixture);
  g_assert_cmpstr (grown, ==, today);
  check_items (fixture, past);
  check_notes (fixture, past);
  /* it goes on where it was, under the rules of today */
  fixture->nonce = "77";
  g_assert_cmpint (fixture_put (fixture, C, 1, NULL, "new", NULL), ==,
                   past->noted ? MD_LEDGER_PUT_NONCE_USED : MD_LEDGER_PUT_CREATED);
  fixture->nonce = NULL;
  g_assert_cmpint (fixture_put (fixture, A, 3, "withdraw", "w", NULL), ==,
                   past->items > 2 ? MD_LEDGER_PUT_OUT_OF_ORDER : MD_LEDGER_PUT_CREATED);
}

/* Who only reads does not change the tables, and does not read what it cannot understand. */
static void
test_only_read (Fixture *fixture, gconstpointer data)
{
  MdLedgerUse use = { .writable = FALSE, .office = "139998", .place = "backoffice" };
  MdDb *db = NULL;
  g_autoptr (GError) error = NULL;

  make_past (fixture, &pasts[1]);
  g_assert_null (md_ledger_open (fixture->address, &use, &error));
  g_assert_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "older release"));
  g_clear_error (&error);
  g_object_unref (fixture_open (fixture, TRUE));
  g_object_unref (fixture_open (fixture, FALSE));
  db = fixture_open_db (fixture);
  g_assert_true (md_db_exec (db, "UPDATE schema_version SET version = 99", NULL));
  md_db_close (db);
  g_assert_null (md_ledger_open (fixture->address, &use, &error));
  g_assert_nonnull (strstr (error->message, "newer release"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (pasts); i++)
    {
      g_autofree char *name = g_strconcat ("/ledger/schema/", pasts[i].name, NULL);

      g_test_add (name, Fixture, &pasts[i], fixture_set_up, test_becomes_the_same,
                  fixture_tear_down);
    }
  g_test_add ("/ledger/schema/only-read", Fixture, NULL, fixture_set_up, test_only_read,
              fixture_tear_down);
  return g_test_run ();
}
