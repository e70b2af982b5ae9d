// SPDX-License-Identifier: Apache-2.0
/* What was saved of an outbox whose file was damaged. */
#include <string.h>
#include <glib/gstdio.h>

#include "outbox-fixture.h"

/* A sealed item, as far as this test needs one: a digest of the rest, and what it says of itself.
 */
static GBytes *
make_item (guint n, const MdOutboxIntake *of)
{
  g_autofree char *says
      = g_strdup_printf ("%u|%s|%s|%s|%" G_GINT64_FORMAT "|%s|%0*d", n, of->id, of->receipt_number,
                         of->time, of->monotonic_ns, of->boot_id, 5000, 0);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, says, -1);
  char *item = g_strconcat (digest, "|", says, NULL);

  return g_bytes_new_take (item, strlen (item));
}

static MdOutboxIntake *
read_item (GBytes *body, guint *out_n)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  const char *says = strchr (text, '|');
  g_autofree char *digest
      = says != NULL ? g_compute_checksum_for_string (G_CHECKSUM_SHA256, says + 1, -1) : NULL;
  g_auto (GStrv) parts = g_strsplit (text, "|", -1);
  MdOutboxIntake *intake;

  if (digest == NULL || strcmp (digest, parts[0]) != 0)
    return NULL;
  intake = g_new0 (MdOutboxIntake, 1);
  *out_n = (guint)g_ascii_strtoull (parts[1], NULL, 10);
  intake->id = g_strdup (parts[2]);
  intake->state = MD_INTAKE_APPROVED;
  intake->decided_by = g_strdup ("S0101");
  intake->signature_sha256 = g_strdup (*out_n == 1 ? "bb" : "cc");
  if (*out_n > 1)
    return intake;
  intake->receipt_number = g_strdup (parts[3]);
  intake->procedure = g_strdup ("pension.exemption");
  intake->clerk = g_strdup ("S0001");
  intake->policy_version = 1;
  intake->time = g_strdup (parts[4]);
  intake->monotonic_ns = g_ascii_strtoll (parts[5], NULL, 10);
  intake->boot_id = g_strdup (parts[6]);
  intake->nonce = g_bytes_new_static ("nonce", 5);
  intake->nonce_state = g_strdup ("fresh");
  intake->manifest_sha256 = g_strdup ("aa");
  return intake;
}

static MdOutboxIntake *
submit (Fixture *f)
{
  MdOutboxIntake *intake = fixture_reserve (f);
  g_autoptr (GBytes) item = make_item (1, intake);
  const MdOutboxSubmission submission
      = { .id = intake->id, .container = item, .manifest_sha256 = "aa", .signature_sha256 = "bb" };
  const MdAuditEntry entry = { .event = "submit", .staff = "S0001" };

  g_assert_true (md_outbox_submit (f->outbox, &submission, &entry, NULL));
  return intake;
}

static void
approve (Fixture *f, const MdOutboxIntake *intake)
{
  g_autoptr (GBytes) item = make_item (2, intake);
  const MdOutboxDecision decision = { .id = intake->id,
                                      .n = 2,
                                      .state = MD_INTAKE_APPROVED,
                                      .officer = "S0101",
                                      .body = item,
                                      .signature_sha256 = "cc" };
  const MdAuditEntry entry = { .event = "decide", .staff = "S0101" };

  g_assert_true (md_outbox_decide (f->outbox, &decision, &entry, NULL));
}

/* SQL is done to the intake, whose id is ?1, with no rule in the way. */
static void
hurt (Fixture *f, const MdOutboxIntake *intake, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdDbStatement) statement = NULL;

  g_assert_true (md_db_exec (f->db, "PRAGMA foreign_keys=OFF", NULL));
  statement = md_db_prepare_for (f->db, sql, intake->id, &error);
  g_assert_no_error (error);
  g_assert_true (md_db_run (statement, &error));
  g_assert_no_error (error);
  g_clear_pointer (&statement, md_db_statement_free);
  g_assert_true (md_db_exec (f->db, "PRAGMA foreign_keys=ON", NULL));
}

static void
mend (Fixture *f, MdOutboxMended *mended)
{
  g_autoptr (GError) error = NULL;
  MdDbTransaction *transaction = md_db_begin (f->db, NULL);

  if (!md_outbox_mend (f->db, read_item, mended, &error))
    g_assert_no_error (error);
  g_assert_true (md_db_commit (transaction, &error));
  g_assert_no_error (error);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM pragma_foreign_key_check"), ==, 0);
}

#define ITEM "(SELECT seq FROM outbox WHERE intake = ?1 AND n = 1)"

/* An item is sound, or its bytes are not what they were, or it is gone: told by id and number. */
static void
test_mended (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) sound = submit (f);
  g_autoptr (MdOutboxIntake) altered = submit (f);
  g_autoptr (MdOutboxIntake) missing = submit (f);
  g_autoptr (MdOutboxIntake) nameless = submit (f);
  g_autoptr (MdOutboxIntake) gone = submit (f);
  g_autoptr (MdOutboxIntake) forgotten = submit (f);
  g_autoptr (MdOutboxItem) item = NULL;
  g_auto (MdOutboxMended) mended = { 0 };
  const struct
  {
    const MdOutboxIntake *intake;
    const char *number;
    gboolean lost;
  } wanted[] = {
    { nameless, NULL, TRUE },
    { gone, gone->receipt_number, TRUE },
    { forgotten, NULL, TRUE },
    { altered, altered->receipt_number, FALSE },
    { missing, missing->receipt_number, FALSE },
  };

  hurt (f, altered, "UPDATE payload SET body = x'00' WHERE item = " ITEM);
  hurt (f, missing, "DELETE FROM payload WHERE item = " ITEM);
  hurt (f, nameless, "UPDATE payload SET body = x'00' WHERE item = " ITEM);
  hurt (f, nameless, "DELETE FROM intake WHERE id = ?1");
  for (guint i = 0; i < 2; i++)
    {
      hurt (f, i == 0 ? gone : forgotten, "DELETE FROM payload WHERE item = " ITEM);
      hurt (f, i == 0 ? gone : forgotten, "DELETE FROM outbox WHERE intake = ?1");
    }
  hurt (f, forgotten, "DELETE FROM intake WHERE id = ?1");
  g_assert_true (md_db_exec (f->db, "UPDATE outbox_count SET n = 99", NULL));
  mend (f, &mended);
  g_assert_cmpuint (mended.sound, ==, 1);
  g_assert_cmpuint (mended.rebuilt, ==, 0);
  g_assert_cmpuint (mended.damaged, ==, 2);
  g_assert_cmpuint (mended.lost, ==, 3);
  g_assert_cmpuint (mended.nameless, ==, 0);
  g_assert_cmpuint (mended.missing->len, ==, G_N_ELEMENTS (wanted));
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      const MdOutboxMissing *told = mended.missing->pdata[i];

      g_assert_cmpstr (told->intake, ==, wanted[i].intake->id);
      g_assert_cmpstr (told->receipt_number, ==, wanted[i].number);
      g_assert_cmpint (told->lost, ==, wanted[i].lost);
    }
  fixture_check_counts (f);
  item = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_cmpstr (item->intake, ==, sound->id);
  g_assert_null (fixture_claim (f, MD_OUTBOX_FRESH));
}

/* With the back office already, it waits here for its approval, and cannot have it any more. */
static void
test_delivered (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) intake = submit (f);
  g_autoptr (MdOutboxIntake) finished = submit (f);
  g_auto (MdOutboxMended) mended = { 0 };
  gboolean erased = FALSE;

  approve (f, finished);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (MdOutboxItem) item = fixture_claim (f, MD_OUTBOX_FRESH);

      g_assert_true (fixture_acknowledge (f, item, &erased, NULL));
    }
  g_assert_true (erased);
  hurt (f, intake, "DELETE FROM payload WHERE item = " ITEM);
  hurt (f, finished, "DELETE FROM intake WHERE id = ?1");
  mend (f, &mended);
  g_assert_cmpuint (mended.damaged, ==, 1);
  g_assert_cmpuint (mended.lost, ==, 0);
  g_assert_cmpstr (((MdOutboxMissing *)mended.missing->pdata[0])->receipt_number, ==,
                   intake->receipt_number);
}

/* What is left of rows says less than the sealed item says of itself. */
static void
test_rebuilt (Fixture *f, gconstpointer data)
{
  static const char *const damages[] = {
    "DELETE FROM intake WHERE id = ?1",
    "UPDATE intake SET id = '0' || id WHERE id = ?1",
    "UPDATE intake SET receipt_number = '001-999999-9', clerk = 'S9999' WHERE id = ?1",
    "UPDATE intake SET erased_ms = 0, next_n = 7, state = 'approved' WHERE id = ?1",
    "DELETE FROM outbox WHERE intake = ?1",
    "UPDATE outbox SET intake = 'nobody' WHERE intake = ?1",
    "UPDATE outbox SET n = 9, fresh = 9, urgent = 9 WHERE intake = ?1",
    "UPDATE outbox SET digest = 'spoilt', size = 1 WHERE intake = ?1",
    "UPDATE outbox SET seq = seq + 1000 WHERE intake = ?1",
    "UPDATE payload SET item = item + 2000 WHERE item = " ITEM,
  };
  const guint both = G_N_ELEMENTS (damages);
  g_autoptr (GPtrArray) all
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_outbox_intake_free);
  g_auto (MdOutboxMended) mended = { 0 };

  for (guint i = 0; i <= both; i++)
    {
      g_ptr_array_add (all, submit (f));
      if (i < both)
        hurt (f, all->pdata[i], damages[i]);
    }
  hurt (f, all->pdata[both], damages[4]);
  hurt (f, all->pdata[both], damages[0]);
  mend (f, &mended);
  g_assert_cmpuint (mended.sound, ==, all->len);
  g_assert_cmpuint (mended.rebuilt, ==, all->len - 1); /* one said nothing wrong of who it is */
  g_assert_cmpuint (mended.missing->len + mended.nameless, ==, 0);
  for (guint i = 0; i < all->len; i++)
    {
      const MdOutboxIntake *was = all->pdata[i];
      g_autoptr (MdOutboxIntake) is = md_outbox_get (f->outbox, was->id, NULL);
      g_autoptr (MdOutboxItem) item = fixture_claim (f, MD_OUTBOX_FRESH);

      g_assert_cmpstr (is->receipt_number, ==, was->receipt_number);
      g_assert_cmpstr (is->clerk, ==, was->clerk);
      g_assert_cmpstr (is->time, ==, was->time);
      g_assert_true (g_bytes_equal (is->nonce, was->nonce));
      g_assert_cmpint (is->state, ==, MD_INTAKE_RECEIVED);
      g_assert_cmpint (is->delivery, !=, MD_DELIVERY_ERASED);
      g_assert_cmpuint (is->next_n, ==, 2);
      g_assert_cmpstr (is->signature_sha256, ==, "bb");
      g_assert_nonnull (item);
    }
  g_assert_null (fixture_claim (f, MD_OUTBOX_FRESH));
}

/* And so does what was decided on it. */
static void
test_rebuilt_decision (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) intake = submit (f);
  g_autoptr (MdOutboxIntake) is = NULL;
  g_autoptr (MdOutboxItem) first = NULL;
  g_autoptr (MdOutboxItem) second = NULL;
  g_auto (MdOutboxMended) mended = { 0 };

  approve (f, intake);
  hurt (f, intake, "DELETE FROM outbox WHERE intake = ?1");
  hurt (f, intake, "DELETE FROM intake WHERE id = ?1");
  mend (f, &mended);
  g_assert_cmpuint (mended.sound, ==, 2);
  g_assert_cmpuint (mended.rebuilt, ==, 2);
  is = md_outbox_get (f->outbox, intake->id, NULL);
  g_assert_cmpint (is->state, ==, MD_INTAKE_APPROVED);
  g_assert_cmpstr (is->decided_by, ==, "S0101");
  g_assert_cmpstr (is->signature_sha256, ==, "cc");
  g_assert_cmpuint (is->next_n, ==, 3);
  first = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_cmpuint (first->n, ==, 1);
  g_assert_true (fixture_acknowledge (f, first, NULL, NULL));
  second = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_cmpuint (second->n, ==, 2);
}

/* A receipt is of the item that it was given for, whosever number that has now. */
static void
test_rebuilt_undelivered (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) delivered = submit (f);
  g_autoptr (MdOutboxItem) item = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autoptr (MdOutboxIntake) waiting = NULL;
  g_auto (MdOutboxMended) mended = { 0 };

  g_assert_true (fixture_acknowledge (f, item, NULL, NULL));
  waiting = submit (f);
  hurt (f, delivered, "DELETE FROM payload WHERE item = " ITEM);
  hurt (f, waiting, "DELETE FROM outbox WHERE intake = ?1");
  hurt (f, waiting, "UPDATE payload SET item = 1 WHERE ?1 <> ''");
  mend (f, &mended);
  g_clear_pointer (&item, md_outbox_item_free);
  item = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_nonnull (item);
  g_assert_cmpstr (item->intake, ==, waiting->id);
}

/* --- Every bit --- */

static gboolean
make_tables (MdDb *db, GError **error)
{
  return md_audit_migrate (db, error) && md_outbox_migrate (db, error);
}

static void
remove_file (const char *path)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *file = g_strconcat (path, suffixes[i], NULL);

      g_unlink (file);
    }
}

/* What has to be true of an intake that was saved: it can be claimed, and is what it was. */
#define AS_IT_WAS                                                                                  \
  "SELECT count (*) FROM intake i JOIN outbox o ON o.intake = i.id JOIN payload p"                 \
  " ON p.item = o.seq WHERE i.id || i.receipt_number || i.state || i.next_n || i.clerk"            \
  " || i.procedure || coalesce (i.erased_ms, '-') || coalesce (i.decided_by, '-')"                 \
  " || o.n || o.state || o.fresh || o.urgent || o.digest || o.size = ?1"                           \
  " AND length (p.body) = o.size"

static char *
describe (const MdOutboxIntake *intake)
{
  g_autoptr (GBytes) item = make_item (1, intake);
  g_autofree char *digest = md_audit_digest (item);

  return g_strdup_printf ("%s%sreceived2S0001pension.exemption--1waiting10%s%zu", intake->id,
                          intake->receipt_number, digest, g_bytes_get_size (item));
}

/* Saves the file at PATH, and asks whether each of ALL is as it was. */
static void
assert_saved (const char *path, GPtrArray *all, gsize bit)
{
  const MdDbSalvage how
      = { .make = make_tables, .renumbered = "payload", .lookups = md_outbox_lookups };
  g_autofree char *to = g_strconcat (path, "-saved", NULL);
  g_auto (MdOutboxMended) mended = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (MdDb) db = NULL;
  MdDbTransaction *transaction;
  gboolean whole;

  if (!md_db_salvage (path, to, &how, &whole, &error))
    g_error ("bit %zu: %s", bit, error->message);
  db = md_db_open (to, MD_DB_READ_WRITE, NULL);
  transaction = md_db_begin (db, NULL);
  if (!md_outbox_mend (db, read_item, &mended, &error) || !md_db_commit (transaction, &error))
    g_error ("bit %zu: %s", bit, error->message);
  for (guint i = 0; i < all->len; i++)
    {
      g_autofree char *wanted = describe (all->pdata[i]);
      g_autoptr (MdDbStatement) row = md_db_prepare_for (db, AS_IT_WAS, wanted, NULL);

      if (md_db_step (row, NULL) != MD_DB_STEP_ROW || md_db_column_int (row, 0) != 1)
        g_error ("bit %zu: intake %u of %u is not as it was", bit, i, all->len);
    }
  g_assert_cmpuint (mended.sound, ==, all->len);
  g_clear_pointer (&db, md_db_close);
  remove_file (to);
}

/* Where a row of intake or of outbox begins: what none but it has, in this order. */
static const guint8 *
find_row (const char *contents, gsize size, const char *id, const char *next)
{
  g_autofree char *text = g_strconcat (id, next, NULL);

  return memmem (contents, size, text, strlen (text));
}

/* One bit of a row of intake, or of outbox, is another: the intake is still sent, under its id and
 * number. MADOGUCHI_BITS=all takes each of them, else one in so many. */
static void
test_bits (Fixture *f, gconstpointer data)
{
  const gboolean each = g_strcmp0 (g_getenv ("MADOGUCHI_BITS"), "all") == 0;
  g_autoptr (GPtrArray) all
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_outbox_intake_free);
  g_autofree char *copy = g_strconcat (f->path, "-hurt", NULL);
  g_autofree char *contents = NULL;
  g_autofree char *digest = NULL;
  const MdOutboxIntake *hurt_one;
  gsize size;

  for (guint i = 0; i < 3; i++)
    g_ptr_array_add (all, submit (f));
  g_assert_true (md_db_exec (f->db, "PRAGMA wal_checkpoint (TRUNCATE)", NULL));
  g_assert_true (g_file_get_contents (f->path, &contents, &size, NULL));
  hurt_one = all->pdata[1];
  {
    g_autoptr (GBytes) item = make_item (1, hurt_one);

    digest = md_audit_digest (item);
  }
  for (guint k = 0; k < 2; k++)
    {
      const guint8 *row
          = find_row (contents, size, hurt_one->id, k == 0 ? hurt_one->receipt_number : digest);
      const gsize before = k == 0 ? 45 : 26, behind = k == 0 ? 420 : 160;
      gsize first;

      g_assert_nonnull (row);
      first = ((gsize)(row - (const guint8 *)contents) - before) * 8;
      for (gsize bit = first; bit < first + (before + behind) * 8; bit += each ? 1 : 53)
        {
          contents[bit / 8] = (char)((guint8)contents[bit / 8] ^ (1u << (bit % 8)));
          g_assert_true (g_file_set_contents (copy, contents, (gssize)size, NULL));
          contents[bit / 8] = (char)((guint8)contents[bit / 8] ^ (1u << (bit % 8)));
          assert_saved (copy, all, bit - first + k * 100000);
        }
    }
  remove_file (copy);
}

/* A whole page is gone: what the file was made by, all queue rows, all intakes, or where what is.
 */
static void
test_pages (Fixture *f, gconstpointer data)
{
  static const char *const roots[] = {
    "SELECT rootpage FROM sqlite_schema WHERE name = 'schema_version'",
    "SELECT rootpage FROM sqlite_schema WHERE name = 'outbox'",
    "SELECT rootpage FROM sqlite_schema WHERE name = 'intake'",
  };
  g_autoptr (GPtrArray) all
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_outbox_intake_free);
  g_autofree char *copy = g_strconcat (f->path, "-hurt", NULL);
  g_autofree char *contents = NULL;
  guint lists = 0;
  gsize size;

  for (guint i = 0; i < 3; i++)
    g_ptr_array_add (all, submit (f));
  g_assert_true (md_db_exec (f->db, "PRAGMA wal_checkpoint (TRUNCATE)", NULL));
  g_assert_true (g_file_get_contents (f->path, &contents, &size, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (roots); i++)
    {
      g_autofree char *hurt_one = g_memdup2 (contents, size);

      memset (hurt_one + (fixture_int (f, roots[i]) - 1) * 4096, 0xA5, 4096);
      g_assert_true (g_file_set_contents (copy, hurt_one, (gssize)size, NULL));
      assert_saved (copy, all, i);
    }
  /* And the list of tables, but for its first page. */
  for (gsize at = 4096; at < size; at += 4096)
    {
      g_autofree char *hurt_one = g_memdup2 (contents, size);

      if (memmem (hurt_one + at, 4096, "CREATE TABLE", 12) == NULL)
        continue;
      memset (hurt_one + at, 0xA5, 4096);
      g_assert_true (g_file_set_contents (copy, hurt_one, (gssize)size, NULL));
      assert_saved (copy, all, at);
      lists++;
    }
  g_assert_cmpuint (lists, >, 1);
  remove_file (copy);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/outbox/mend/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

static void
park (Fixture *f, const MdOutboxIntake *intake, gboolean keep)
{
  const MdAuditEntry entry = { .event = "park", .outcome = MD_AUDIT_DONE };
  const MdOutboxParking parking
      = { .receipt_number = intake->receipt_number, .by = "tanaka", .reason = "harms-others" };
  MdOutboxParked parked = { 0 };

  g_assert_true (keep ? md_outbox_park (f->outbox, &parking, &entry, &parked, NULL)
                      : md_outbox_let_go (f->outbox, &parking, &entry, &parked, NULL));
}

/* What was parked by hand is parked after a repair: its row has gone, its intake, both, or one of
 * two. What was let go again, and what never was parked, is sent. */
static void
test_parked (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) rowless = submit (f);
  g_autoptr (MdOutboxIntake) nameless = submit (f);
  g_autoptr (MdOutboxIntake) both = submit (f);
  g_autoptr (MdOutboxIntake) decided = submit (f);
  g_autoptr (MdOutboxIntake) let_go = submit (f);
  g_autoptr (MdOutboxIntake) other = submit (f);
  g_auto (MdOutboxMended) mended = { 0 };

  approve (f, decided);
  park (f, rowless, TRUE);
  park (f, nameless, TRUE);
  park (f, both, TRUE);
  park (f, decided, TRUE);
  park (f, let_go, TRUE);
  park (f, let_go, FALSE);
  hurt (f, rowless, "DELETE FROM outbox WHERE intake = ?1");
  hurt (f, nameless, "DELETE FROM intake WHERE id = ?1");
  hurt (f, both, "DELETE FROM outbox WHERE intake = ?1");
  hurt (f, both, "DELETE FROM intake WHERE id = ?1");
  hurt (f, decided, "DELETE FROM outbox WHERE intake = ?1 AND n = 2");
  hurt (f, let_go, "DELETE FROM outbox WHERE intake = ?1");
  hurt (f, other, "DELETE FROM outbox WHERE intake = ?1");
  mend (f, &mended);
  g_assert_cmpuint (mended.lost, ==, 0);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM outbox WHERE parked_by = 'tanaka'"
                                   " AND parked_reason = 'harms-others' AND parked <> ''"),
                   ==, 5);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (MdOutboxItem) item = fixture_claim (f, MD_OUTBOX_FRESH);

      g_assert_nonnull (item);
      g_assert_true (g_str_equal (item->intake, let_go->id)
                     || g_str_equal (item->intake, other->id));
    }
  g_assert_null (fixture_claim (f, MD_OUTBOX_FRESH));
  g_assert_null (fixture_claim (f, MD_OUTBOX_RETRY));
  park (f, both, FALSE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("mended", test_mended);
  ADD ("delivered", test_delivered);
  ADD ("rebuilt", test_rebuilt);
  ADD ("rebuilt-decision", test_rebuilt_decision);
  ADD ("rebuilt-undelivered", test_rebuilt_undelivered);
  ADD ("parked", test_parked);
  ADD ("bits", test_bits);
  ADD ("pages", test_pages);
  return g_test_run ();
}
