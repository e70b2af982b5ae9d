// SPDX-License-Identifier: Apache-2.0
#include <string.h>
#include <glib/gstdio.h>

#include "outbox-fixture.h"

#define START_US (G_GINT64_CONSTANT (1795147200) * G_USEC_PER_SEC)

void
fixture_set_up (Fixture *f, gconstpointer data)
{
  f->dir = g_dir_make_tmp ("md-outbox-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "terminal.db", NULL);
  f->clock = md_test_clock_new (START_US);
  f->db = md_db_open (f->path, MD_DB_READ_WRITE, NULL);
  g_assert_nonnull (f->db);
  g_assert_true (md_audit_migrate (f->db, NULL));
  g_assert_true (md_outbox_migrate (f->db, NULL));
  f->audit = md_audit_new (f->db, "139998", "T001", MD_CLOCK (f->clock));
  f->outbox = md_outbox_new (f->db, f->audit, MD_CLOCK (f->clock));
  g_assert_true (md_outbox_set_pool (f->outbox, 1, 1, 9999, NULL));
}

void
fixture_tear_down (Fixture *f, gconstpointer data)
{
  const char *suffixes[] = { "", "-wal", "-shm" };
  MdAuditReport report;

  /* Whatever a test did: the chain holds and the file is sound. */
  g_assert_true (md_audit_verify (f->db, &report, NULL));
  g_assert_cmpint (report.verdict, ==, MD_AUDIT_INTACT);
  g_assert_true (md_db_check_integrity (f->db, NULL));
  fixture_check_counts (f);
  md_outbox_free (f->outbox);
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

MdOutboxIntake *
fixture_reserve (Fixture *f)
{
  g_autoptr (GBytes) nonce = g_bytes_new_static ("nonce", 5);
  MdOutboxReserve reserve = { .procedure = "pension.exemption",
                              .clerk = "S0001",
                              .policy_version = 1,
                              .nonce = nonce,
                              .nonce_state = "fresh" };
  MdAuditEntry entry = { .event = "reserve", .staff = "S0001" };
  g_autoptr (GError) error = NULL;
  MdOutboxIntake *intake = md_outbox_reserve (f->outbox, &reserve, &entry, &error);

  g_assert_no_error (error);
  return intake;
}

MdOutboxIntake *
fixture_take_up (Fixture *f, const char *returned, GError **error)
{
  MdOutboxReserve reserve = { .procedure = "pension.exemption",
                              .clerk = "S0001",
                              .policy_version = 1,
                              .nonce_state = "absent",
                              .replaces = returned };
  MdAuditEntry entry = { .event = "reserve", .staff = "S0001" };

  return md_outbox_reserve (f->outbox, &reserve, &entry, error);
}

static gboolean
submit (Fixture *f, const char *id, const char *contents, gboolean urgent, GError **error)
{
  g_autoptr (GBytes) container = g_bytes_new (contents, strlen (contents));
  MdOutboxSubmission submission = { .id = id,
                                    .container = container,
                                    .manifest_sha256 = "aa",
                                    .signature_sha256 = "bb",
                                    .urgent = urgent };
  MdAuditEntry entry = { .event = "submit", .staff = "S0001" };

  gboolean done = md_outbox_submit (f->outbox, &submission, &entry, error);

  fixture_check_counts (f);
  return done;
}

gboolean
fixture_submit (Fixture *f, const char *id, const char *contents, GError **error)
{
  return submit (f, id, contents, FALSE, error);
}

gboolean
fixture_submit_urgent (Fixture *f, const char *id, const char *contents, GError **error)
{
  return submit (f, id, contents, TRUE, error);
}

/* The first decision is the supervisor's, a later one the clerk's. */
gboolean
fixture_put_decision (Fixture *f, const char *id, guint n, MdIntakeState state, GError **error)
{
  const gboolean by_clerk = n > 2;
  g_autoptr (GBytes) body
      = by_clerk ? g_bytes_new_static ("withdrawal", 10) : g_bytes_new_static ("decision", 8);
  MdOutboxDecision decision = { .id = id,
                                .n = n,
                                .state = state,
                                .officer = by_clerk ? "S0001" : "S0101",
                                .reason_code = by_clerk ? "withdrawn-by-person" : "",
                                .body = body,
                                .signature_sha256 = by_clerk ? "dd" : "cc" };
  MdAuditEntry entry = { .event = "decide", .staff = decision.officer };

  gboolean done = md_outbox_decide (f->outbox, &decision, &entry, error);

  fixture_check_counts (f);
  return done;
}

gboolean
fixture_put_check (Fixture *f, const char *id, guint n, GError **error)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("check", 5);
  const MdOutboxDecision decision = { .id = id,
                                      .n = n,
                                      .state = MD_INTAKE_RECEIVED,
                                      .check = TRUE,
                                      .officer = "S0102",
                                      .reason_code = "",
                                      .body = body,
                                      .signature_sha256 = "ee" };
  const MdAuditEntry entry = { .event = "decide", .staff = decision.officer };

  return md_outbox_decide (f->outbox, &decision, &entry, error);
}

gboolean
fixture_withdraw (Fixture *f, const char *id, GError **error)
{
  return fixture_put_decision (f, id, 3, MD_INTAKE_WITHDRAWN, error);
}

gboolean
fixture_decide (Fixture *f, const char *id, MdIntakeState state, GError **error)
{
  return fixture_put_decision (f, id, 2, state, error);
}

gboolean
fixture_acknowledge (Fixture *f, const MdOutboxItem *item, gboolean *out_erased, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("receipt", 7);
  MdOutboxReceipt receipt
      = { .receipt = bytes, .sequence = 123456789, .time = "2026-11-20T04:00:01.000Z" };

  gboolean done = md_outbox_acknowledge (f->outbox, item, &receipt, out_erased, error);

  fixture_check_counts (f);
  return done;
}

MdOutboxItem *
fixture_claim (Fixture *f, MdOutboxPick pick)
{
  g_autoptr (GError) error = NULL;
  MdOutboxItem *item = NULL;
  gboolean asked = md_outbox_claim (f->outbox, pick, 60000, &item, &error);

  g_assert_no_error (error);
  g_assert_true (asked);
  fixture_check_counts (f);
  return item;
}

gint64
fixture_int (Fixture *f, const char *sql)
{
  g_autoptr (GError) error = NULL;
  gint64 value = -1;
  gboolean read = md_db_get_int (f->db, sql, &value, &error);

  g_assert_no_error (error);
  g_assert_true (read);
  return value;
}

void
fixture_check_counts (Fixture *f)
{
  /* Midnight in Japan, in milliseconds. */
  const gint64 now = md_clock_get_wall_us (MD_CLOCK (f->clock)) / 1000 + 32400000;
  const gint64 midnight = now - now % 86400000 - 32400000;
  g_autofree char *today = g_strdup_printf ("SELECT count (*) FROM outbox WHERE state = "
                                            "'delivered' AND delivered_ms >= %" G_GINT64_FORMAT,
                                            midnight);
  MdOutboxCounts counts;

  if (f->failing)
    return;
  g_assert_true (md_outbox_count (f->outbox, &counts, NULL));
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM outbox WHERE state <> 'delivered'"), ==,
                   counts.unsent);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM outbox WHERE state = 'quarantined'"), ==,
                   counts.quarantined);
  g_assert_cmpint (fixture_int (f, today), ==, counts.delivered_today);
}

char *
fixture_snapshot (Fixture *f)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      f->db,
      "SELECT (SELECT group_concat (id || state || next_n || coalesce (submitted_ms, '-')"
      "  || coalesce (erased_ms, '-') || coalesce (decided_by, '-')) FROM intake) || '|' ||"
      " coalesce ((SELECT group_concat (intake || n || state || fresh || attempts || due_ms"
      "  || coalesce (last_error, '-') || coalesce (hex (receipt), '-')) FROM outbox), '') || '|' "
      "||"
      " coalesce ((SELECT group_concat (item || hex (body)) FROM payload), '') || '|' ||"
      " (SELECT count (*) || max (seq) FROM audit) || '|' || (SELECT next FROM receipt_pool)",
      NULL);

  g_assert_nonnull (statement);
  g_assert_cmpint (md_db_step (statement, NULL), ==, MD_DB_STEP_ROW);
  return md_db_column_dup (statement, 0);
}
