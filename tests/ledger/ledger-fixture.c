// SPDX-License-Identifier: Apache-2.0
#include "ledger-fixture.h"

MdLedger *
fixture_open (Fixture *fixture, gboolean writable)
{
  MdLedgerUse use = { .writable = writable, .office = "139998", .place = "gateway" };
  g_autoptr (GError) error = NULL;
  MdLedger *ledger = md_ledger_open (fixture->address, &use, &error);

  g_assert_no_error (error);
  return ledger;
}

MdDb *
fixture_open_db (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  MdDb *db = md_db_open (fixture->place.where, MD_DB_READ_WRITE, &error);

  g_assert_no_error (error);
  return db;
}

void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  test_place_make (&fixture->place, "ledger.db");
  fixture->address = test_place_dup_address (&fixture->place);
  fixture->ledger = fixture_open (fixture, TRUE);
}

/* What the store counts is what there is, whatever a test did. */
static void
fixture_check_counts (Fixture *fixture)
{
  g_autoptr (GPtrArray) items = NULL;
  guint64 counted[3] = { 0 };
  guint64 found[2] = { 0 };

  if (fixture->ledger == NULL
      || !md_ledger_count (fixture->ledger, &counted[0], &counted[1], &counted[2], NULL))
    return;
  items = md_ledger_list (fixture->ledger, 0, 100000, NULL);
  for (guint i = 0; i < items->len; i++)
    found[((const MdLedgerEntry *)items->pdata[i])->n > 1]++;
  g_assert_cmpuint (counted[0], ==, found[0]);
  g_assert_cmpuint (counted[1], ==, found[1]);
}

void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  fixture_check_counts (fixture);
  g_clear_object (&fixture->ledger);
  test_place_remove (&fixture->place);
  g_free (fixture->address);
}

static GBytes *
make_receipt (const MdLedgerEntry *entry, gpointer user_data, GError **error)
{
  Fixture *fixture = user_data;
  char *text = NULL;

  fixture->receipts++;
  if (fixture->receipts_fail)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "no key");
      return NULL;
    }
  text = g_strdup_printf ("receipt %" G_GUINT64_FORMAT " %s %u", entry->sequence, entry->intake,
                          entry->n);
  return g_bytes_new_take (text, strlen (text));
}

/* One of its own for each intake, as terminals give them; what a test says comes first. */
static char *
number_of (Fixture *fixture, const char *intake)
{
  return fixture->number != NULL ? g_strdup (fixture->number)
                                 : md_receipt_number_format (1, g_str_hash (intake) % 1000000);
}

MdLedgerPut
fixture_put (Fixture *fixture, const char *intake, guint n, const char *decision, const char *text,
             char **out_receipt)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) receipt = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, body);
  g_autofree char *number = number_of (fixture, intake);
  MdLedgerEntry entry = {
    .intake = (char *)(gsize)intake,
    .n = n,
    .digest = digest,
    .received = (char *)(gsize) "2026-11-21T05:30:00.123Z",
    .office = (char *)(gsize) "139998",
    .terminal = (char *)(gsize)(fixture->terminal != NULL ? fixture->terminal : "T001"),
    .receipt_number = number,
    .procedure = (char *)(gsize) "pension.exemption",
    .officer = (char *)(gsize) "S0001",
    .decision = (char *)(gsize)decision,
    .policy_version = 1,
    .policy_digest = (char *)(gsize) "aa",
    .nonce = (char *)(gsize)(n > 1                    ? ""
                             : fixture->nonce != NULL ? "fresh"
                                                      : "absent"),
    .replaces = (char *)(gsize)fixture->replaces,
    .nonce_fresh = (char *)(gsize)fixture->nonce,
    .letter = (char *)(gsize)fixture->letter,
    .cites = (char *)(gsize)fixture->cites,
    .allows = (char *)(gsize)fixture->allows,
    .amends = (char *)(gsize)fixture->amends,
    .number_from = fixture->number_to > 0 ? 1 : 0,
    .number_to = fixture->number_to,
  };
  MdLedgerPut outcome
      = md_ledger_put (fixture->ledger, &entry, body, make_receipt, fixture, &receipt, &error);

  g_assert_true ((outcome == MD_LEDGER_PUT_FAILED) == (error != NULL));
  g_assert_true ((receipt != NULL)
                 == (outcome == MD_LEDGER_PUT_CREATED || outcome == MD_LEDGER_PUT_SAME));
  if (out_receipt != NULL && receipt != NULL)
    *out_receipt = g_strndup (g_bytes_get_data (receipt, NULL), g_bytes_get_size (receipt));
  return outcome;
}
