// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "audit-fixture.h"

#define NOON_US (G_GINT64_CONSTANT (1795147200) * G_USEC_PER_SEC) /* 2026-11-20T04:00:00Z */

static void
set_up (Fixture *f, gconstpointer data)
{
  fixture_open (f, NOON_US);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  fixture_close (f);
}

static void
append (Fixture *f, const char *event, const char *detail)
{
  MdAuditEntry entry = { .event = event,
                         .outcome = MD_AUDIT_DONE,
                         .staff = "S0001",
                         .staff_name = "受付 花子",
                         .department = "区民課",
                         .detail = detail };
  g_autoptr (GError) error = NULL;
  gboolean done = md_audit_record_now (f->audit, &entry, &error);

  g_assert_no_error (error);
  g_assert_true (done);
  md_test_clock_advance_us (f->clock, 1234567);
}

static MdAuditReport
verify (Fixture *f)
{
  MdAuditReport report = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean read = md_audit_verify (f->db, &report, &error);

  g_assert_no_error (error);
  g_assert_true (read);
  return report;
}

/* What the owner of the disk can do: the triggers are no obstacle. */
static void
tamper (Fixture *f, const char *sql)
{
  g_autoptr (GError) error = NULL;

  const char *unguard = f->place.schema != NULL ? "DROP TRIGGER IF EXISTS audit_no_change ON audit"
                                                : "DROP TRIGGER IF EXISTS audit_no_update;"
                                                  "DROP TRIGGER IF EXISTS audit_no_delete";

  g_assert_true (md_db_exec (f->db, unguard, &error));
  g_assert_true (md_db_exec (f->db, sql, &error));
  g_assert_no_error (error);
}

static void
append_five (Fixture *f)
{
  for (guint i = 1; i <= 5; i++)
    {
      g_autofree char *detail = g_strdup_printf ("try=%u", i);

      append (f, "login", detail);
    }
}

static void
assert_broken (Fixture *f, guint64 first_bad, const char *what)
{
  MdAuditReport report = verify (f);

  g_assert_cmpint (report.verdict, ==, MD_AUDIT_BROKEN);
  g_assert_cmpuint (report.first_bad, ==, first_bad);
  g_assert_cmpstr (report.what, ==, what);
}

static void
test_empty_is_intact (Fixture *f, gconstpointer data)
{
  MdAuditReport report = verify (f);

  g_assert_cmpint (report.verdict, ==, MD_AUDIT_INTACT);
  g_assert_cmpuint (report.count, ==, 0);
}

static void
test_chain (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) list = NULL;
  MdAuditReport report;
  guint8 zero[32] = { 0 };

  append_five (f);
  list = md_audit_list (f->db, 0, 100, NULL);
  g_assert_cmpuint (list->len, ==, 5);
  for (guint i = 0; i < list->len; i++)
    {
      const MdAuditRecord *record = g_ptr_array_index (list, i);
      const MdAuditRecord *before = i > 0 ? g_ptr_array_index (list, i - 1) : NULL;

      g_assert_cmpuint (record->sequence, ==, i + 1);
      g_assert_cmpstr (record->office, ==, "139998");
      g_assert_cmpstr (record->terminal, ==, "T001");
      g_assert_cmpstr (record->staff_name, ==, "受付 花子");
      g_assert_cmpint (memcmp (record->previous, before != NULL ? before->hash : zero, 32), ==, 0);
    }
  report = verify (f);
  g_assert_cmpint (report.verdict, ==, MD_AUDIT_INTACT);
  g_assert_cmpuint (report.count, ==, 5);
  g_ptr_array_unref (g_steal_pointer (&list));
  list = md_audit_list (f->db, 3, 1, NULL);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpuint (((MdAuditRecord *)g_ptr_array_index (list, 0))->sequence, ==, 4);
}

/* The bytes and the hash of a known record, computed apart from this code (Python's struct and
 * hashlib): the form never changes by accident. */
static void
test_known_hash (Fixture *f, gconstpointer data)
{
  MdAuditRecord record = { .sequence = 1,
                           .time = (char[]){ "2026-11-20T04:00:00.000Z" },
                           .staff = (char[]){ "S0001" },
                           .office = (char[]){ "139998" },
                           .terminal = (char[]){ "T001" },
                           .event = (char[]){ "login" },
                           .outcome = MD_AUDIT_REFUSED,
                           .detail = (char[]){ "try=1" } };
  g_autoptr (GBytes) bytes = md_audit_record_encode (&record);
  g_autofree char *hex = NULL;
  guint8 hash[32];

  md_audit_record_hash (&record, hash);
  hex = md_hex_encode (hash, sizeof hash);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==,
                    26 + 8 + 15 * 4 + 24 + 5 + 6 + 4 + 5 + 7 + 5 + 32);
  g_assert_cmpstr (hex, ==, "3d5e318cbaee8010d003bb5a83d3e191c1d5250835818f0739b20dd8a388e996");
}

/* Moving a letter from one column to the next changes the hash: the lengths stand before the
 * columns. */
static void
test_no_ambiguity (Fixture *f, gconstpointer data)
{
  MdAuditRecord a = { .staff = (char[]){ "ab" }, .staff_name = (char[]){ "c" } };
  MdAuditRecord b = { .staff = (char[]){ "a" }, .staff_name = (char[]){ "bc" } };
  guint8 hash_a[32], hash_b[32];

  md_audit_record_hash (&a, hash_a);
  md_audit_record_hash (&b, hash_b);
  g_assert_cmpint (memcmp (hash_a, hash_b, 32), !=, 0);
}

static void
test_sees_an_altered_record (Fixture *f, gconstpointer data)
{
  const char *columns[]
      = { "processed_at", "staff_id",      "staff_name",  "section_code", "office_code",
          "terminal_id",  "event",         "reason_code", "reason_text",  "subject_no",
          "object_id",    "object_digest", "detail",      "peer_time" };

  append_five (f);
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      g_autofree char *change = g_strdup_printf ("UPDATE audit SET %s = %s || 'x' WHERE seq = 3",
                                                 columns[i], columns[i]);
      g_autofree char *back
          = g_strdup_printf ("UPDATE audit SET %s = substr (%s, 1, length (%s) - 1) WHERE seq = 3",
                             columns[i], columns[i], columns[i]);

      tamper (f, change);
      assert_broken (f, 3, "altered");
      tamper (f, back);
    }
  tamper (f, "UPDATE audit SET outcome = 'refused' WHERE seq = 3");
  assert_broken (f, 3, "altered");
  tamper (f, "UPDATE audit SET outcome = 'done' WHERE seq = 3");
  g_assert_cmpint (verify (f).verdict, ==, MD_AUDIT_INTACT);
}

/* What stands behind a zero byte is shown by few readers. A server takes none in a text. */
static void
test_sees_what_a_zero_hides (Fixture *f, gconstpointer data)
{
  append_five (f);
  if (f->place.schema != NULL)
    return;
  tamper (f, "UPDATE audit SET detail = detail || char (0) || 'x' WHERE seq = 3");
  assert_broken (f, 3, "altered");
}

static void
test_sees_a_missing_record (Fixture *f, gconstpointer data)
{
  append_five (f);
  tamper (f, "DELETE FROM audit WHERE seq = 2");
  assert_broken (f, 2, "missing");
}

static void
test_sees_the_end_cut_off (Fixture *f, gconstpointer data)
{
  append_five (f);
  tamper (f, "DELETE FROM audit WHERE seq >= 4");
  assert_broken (f, 4, "cut off");
  /* As many again and one more do not fill the gap. */
  for (guint i = 0; i < 3; i++)
    append (f, "login", "try=6");
  assert_broken (f, 4, "missing");
  tamper (f, "DELETE FROM audit");
  assert_broken (f, 1, "cut off");
  append_five (f);
  append_five (f);
  assert_broken (f, 1, "missing");
}

/* Verifying reads a thousand records at a time: what is wrong is seen at the edges of that, too,
 * and what is right is not doubted. */
static void
test_sees_far (Fixture *f, gconstpointer data)
{
  MdAuditEntry entry = { .event = "login", .detail = "try=1" };

  for (guint i = 0; i < 2; i++)
    {
      MdDbTransaction *transaction = md_db_begin (f->db, NULL);

      for (guint n = 0; n < 1000; n++)
        g_assert_true (md_audit_append (f->audit, &entry, NULL));
      g_assert_true (md_db_commit (transaction, NULL));
      g_assert_cmpint (verify (f).verdict, ==, MD_AUDIT_INTACT);
      g_assert_cmpuint (verify (f).count, ==, 1000 * (i + 1));
    }
  append (f, "login", "try=2");
  g_assert_cmpuint (verify (f).count, ==, 2001);
  tamper (f, "UPDATE audit SET detail = 'try=3' WHERE seq = 2001");
  assert_broken (f, 2001, "altered");
  tamper (f, "UPDATE audit SET detail = 'try=3' WHERE seq = 1001");
  assert_broken (f, 1001, "altered");
  tamper (f, "UPDATE audit SET seq = -1 WHERE seq = 2001");
  assert_broken (f, 1, "missing");
  tamper (f, "DELETE FROM audit WHERE seq < 0 OR seq > 1000");
  assert_broken (f, 1001, "cut off");
}

static void
test_sees_a_reordering (Fixture *f, gconstpointer data)
{
  append_five (f);
  tamper (f, "UPDATE audit SET seq = 99 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3;"
             "UPDATE audit SET seq = 3 WHERE seq = 99");
  assert_broken (f, 2, "reordered");
}

static void
test_refuses_update_and_delete (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  append_five (f);
  g_assert_false (md_db_exec (f->db, "UPDATE audit SET detail = '' WHERE seq = 1", &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_CONSTRAINT);
  g_clear_error (&error);
  g_assert_false (md_db_exec (f->db, "DELETE FROM audit", &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_CONSTRAINT);
  g_assert_cmpint (verify (f).verdict, ==, MD_AUDIT_INTACT);
}

/* A number of any size is written whole, and never as a row that could be a birth date. */
static void
test_detail_number (Fixture *f, gconstpointer data)
{
  static const guint32 numbers[] = { 0, 1000, 9999999, 10000000, 20261121, G_MAXUINT32 };
  static const char *const texts[]
      = { "0", "1000", "9999999", "10.000000", "20.261121", "4294.967295" };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *text = md_audit_detail_number (numbers[i]);

      g_assert_cmpstr (text, ==, texts[i]);
      g_assert_true (md_audit_detail_is_clean (text));
    }
}

static void
test_detail_is_never_personal (Fixture *f, gconstpointer data)
{
  const char *bad[]
      = { "田中 花子", "name=Tanaka\nx", "n=123456789018", "n=1234-5678-9018", "birth=19800101",
          "a<b",       "tel=0312345678", "x=\x7f" };
  const char *good[] = { NULL, "", "cause=busy", "item=decision/2 code=409",
                         "version=3 2026-11-20T04:00:00.000Z" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      MdAuditEntry entry = { .event = "reference", .detail = bad[i] };
      g_autoptr (GError) error = NULL;

      g_assert_false (md_audit_detail_is_clean (bad[i]));
      g_assert_false (md_audit_record_now (f->audit, &entry, &error));
      g_assert_error (error, MD_AUDIT_ERROR, MD_AUDIT_ERROR_DETAIL);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (md_audit_detail_is_clean (good[i]));
  g_assert_cmpuint (verify (f).count, ==, 0);
}

static void
test_goes_with_its_transaction (Fixture *f, gconstpointer data)
{
  MdAuditEntry entry = { .event = "submit" };

  {
    g_autoptr (MdDbTransaction) transaction = md_db_begin (f->db, NULL);

    g_assert_true (md_audit_append (f->audit, &entry, NULL));
  }
  g_assert_cmpuint (verify (f).count, ==, 0);
  g_assert_cmpint (verify (f).verdict, ==, MD_AUDIT_INTACT);
}

static void
test_subject_tag (Fixture *f, gconstpointer data)
{
  g_autoptr (MdSecret) key = md_secret_new_from_text ("one");
  g_autoptr (MdSecret) other = md_secret_new_from_text ("two");
  g_autoptr (GBytes) who = g_bytes_new_static ("resident", 8);
  g_autofree char *tag = md_audit_subject_tag (key, who);
  g_autofree char *again = md_audit_subject_tag (key, who);
  g_autofree char *elsewhere = md_audit_subject_tag (other, who);

  g_assert_cmpuint (strlen (tag), ==, 32);
  g_assert_cmpstr (tag, ==, again);
  g_assert_cmpstr (tag, !=, elsewhere);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/audit/log/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("empty-is-intact", test_empty_is_intact);
  ADD ("chain", test_chain);
  ADD ("known-hash", test_known_hash);
  ADD ("no-ambiguity", test_no_ambiguity);
  ADD ("sees-an-altered-record", test_sees_an_altered_record);
  ADD ("sees-what-a-zero-hides", test_sees_what_a_zero_hides);
  ADD ("sees-a-missing-record", test_sees_a_missing_record);
  ADD ("sees-the-end-cut-off", test_sees_the_end_cut_off);
  ADD ("sees-far", test_sees_far);
  ADD ("sees-a-reordering", test_sees_a_reordering);
  ADD ("refuses-update-and-delete", test_refuses_update_and_delete);
  ADD ("detail-is-never-personal", test_detail_is_never_personal);
  ADD ("detail-number", test_detail_number);
  ADD ("goes-with-its-transaction", test_goes_with_its_transaction);
  ADD ("subject-tag", test_subject_tag);
  return g_test_run ();
}
