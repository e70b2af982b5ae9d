// SPDX-License-Identifier: Apache-2.0
#include "ledger-fixture.h"

#include <string.h>

/* Containers that come in chunks, until they are whole. */

#define A "0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"
#define B "0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0c"
#define C "0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0d"
#define TEXT "one two three four"
#define SIZE 18u
#define SECOND G_TIME_SPAN_SECOND

static char *
digest_of (const char *text)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

/* What is to become @TEXT of @intake, under bounds that this fits into. */
static MdLedgerUpload
upload_of (const char *intake, const char *digest)
{
  return (MdLedgerUpload){ .office = "139998",
                           .terminal = "T001",
                           .intake = intake,
                           .digest = digest,
                           .size = SIZE,
                           .least = 4,
                           .most = 2,
                           .most_bytes = 3 * SIZE,
                           .now = 10 * SECOND };
}

static MdLedgerChunk
add (MdLedger *ledger, const MdLedgerUpload *upload, guint64 offset, const char *text,
     guint64 *out_stands)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  const MdLedgerChunk chunk
      = md_ledger_add_chunk (ledger, upload, offset, body, out_stands, &error);

  g_assert_true ((chunk == MD_LEDGER_CHUNK_FAILED) == (error != NULL));
  return chunk;
}

static void
assert_add (MdLedger *ledger, const MdLedgerUpload *upload, guint64 offset, const char *text,
            MdLedgerChunk wanted)
{
  guint64 stands = 0;

  g_assert_cmpint (add (ledger, upload, offset, text, &stands), ==, wanted);
}

static void
assert_stands (MdLedger *ledger, const MdLedgerUpload *upload, guint64 wanted)
{
  guint64 size = 0;
  guint64 stands = 0;

  g_assert_true (md_ledger_look_up_upload (ledger, upload, &size, &stands, NULL));
  g_assert_cmpuint (stands, ==, wanted);
  g_assert_cmpuint (size, ==, wanted > 0 ? SIZE : 0);
}

static MdLedgerWhole
join (MdLedger *ledger, MdLedgerUpload *upload, gint64 now, char **out_text)
{
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;
  MdLedgerWhole whole = MD_LEDGER_WHOLE_FAILED;

  upload->now = now;
  whole = md_ledger_join_chunks (ledger, upload, &body, &error);
  g_assert_no_error (error);
  g_assert_true ((whole == MD_LEDGER_WHOLE_GOOD) == (body != NULL));
  if (out_text != NULL && body != NULL)
    *out_text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  return whole;
}

static gint64
count (Fixture *fixture, const char *sql)
{
  MdDb *db = fixture_open_db (fixture);
  gint64 value = -1;

  g_assert_true (md_db_get_int (db, sql, &value, NULL));
  md_db_close (db);
  return value;
}

#define ROWS "SELECT (SELECT count (*) FROM ledger_uploads) + (SELECT count (*) FROM ledger_chunks)"

/* In order, from one gateway and then another on the same store; what is put leaves nothing. */
static void
test_in_order (Fixture *fixture, gconstpointer data)
{
  g_autofree char *digest = digest_of (TEXT);
  MdLedgerUpload upload = upload_of (A, digest);
  g_autofree char *text = NULL;
  g_autoptr (MdLedger) other = fixture_open (fixture, TRUE);
  guint64 stands = 0;

  assert_stands (fixture->ledger, &upload, 0);
  g_assert_cmpint (join (fixture->ledger, &upload, 0, NULL), ==, MD_LEDGER_WHOLE_NOT_YET);
  g_assert_cmpint (add (fixture->ledger, &upload, 0, "one two ", &stands), ==,
                   MD_LEDGER_CHUNK_ADDED);
  g_assert_cmpuint (stands, ==, 8);
  assert_stands (other, &upload, 8);
  g_assert_cmpint (join (other, &upload, 0, NULL), ==, MD_LEDGER_WHOLE_NOT_YET);
  g_assert_cmpint (add (other, &upload, 8, "three four", &stands), ==, MD_LEDGER_CHUNK_ADDED);
  g_assert_cmpuint (stands, ==, SIZE);
  g_assert_cmpint (join (fixture->ledger, &upload, 20 * SECOND, &text), ==, MD_LEDGER_WHOLE_GOOD);
  g_assert_cmpstr (text, ==, TEXT);
  g_assert_cmpint (join (other, &upload, 20 * SECOND + 1, NULL), ==, MD_LEDGER_WHOLE_TOO_OFTEN);
  g_assert_cmpint (join (other, &upload, 30 * SECOND, NULL), ==, MD_LEDGER_WHOLE_GOOD);
  g_assert_cmpint (join (other, &upload, 10 * SECOND, NULL), ==, MD_LEDGER_WHOLE_GOOD);
  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, TEXT, NULL), ==, MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (count (fixture, ROWS), ==, 0);
}

/* Too early, twice, across where it stands, beyond the end, too small, of another size. */
static void
test_out_of_order (Fixture *fixture, gconstpointer data)
{
  g_autofree char *digest = digest_of (TEXT);
  MdLedgerUpload upload = upload_of (A, digest);
  MdLedgerUpload larger = upload;
  g_autofree char *text = NULL;
  guint64 stands = 0;

  larger.size = SIZE + 1;
  g_assert_cmpint (add (fixture->ledger, &upload, 8, "three four", &stands), ==,
                   MD_LEDGER_CHUNK_ELSEWHERE);
  g_assert_cmpuint (stands, ==, 0);
  g_assert_cmpint (count (fixture, ROWS), ==, 0);
  assert_add (fixture->ledger, &upload, 0, "one two ", MD_LEDGER_CHUNK_ADDED);
  g_assert_cmpint (add (fixture->ledger, &upload, 0, "one two ", &stands), ==,
                   MD_LEDGER_CHUNK_AGAIN);
  g_assert_cmpuint (stands, ==, 8);
  assert_add (fixture->ledger, &upload, 0, "ONE ", MD_LEDGER_CHUNK_AGAIN);
  g_assert_cmpint (add (fixture->ledger, &upload, 4, "two three", &stands), ==,
                   MD_LEDGER_CHUNK_ELSEWHERE);
  g_assert_cmpuint (stands, ==, 8);
  assert_add (fixture->ledger, &upload, 9, "hree four", MD_LEDGER_CHUNK_ELSEWHERE);
  assert_add (fixture->ledger, &upload, 8, "three four!", MD_LEDGER_CHUNK_MISFIT);
  assert_add (fixture->ledger, &upload, 8, "thr", MD_LEDGER_CHUNK_MISFIT);
  assert_add (fixture->ledger, &upload, 8, "", MD_LEDGER_CHUNK_MISFIT);
  assert_add (fixture->ledger, &larger, 8, "three four", MD_LEDGER_CHUNK_MISFIT);
  assert_add (fixture->ledger, &upload, G_MAXUINT64, "three four", MD_LEDGER_CHUNK_MISFIT);
  assert_add (fixture->ledger, &upload, 8, "three fou", MD_LEDGER_CHUNK_ADDED);
  assert_add (fixture->ledger, &upload, 17, "r", MD_LEDGER_CHUNK_ADDED); /* the last may be small */
  g_assert_cmpint (join (fixture->ledger, &upload, 20 * SECOND, &text), ==, MD_LEDGER_WHOLE_GOOD);
  g_assert_cmpstr (text, ==, TEXT);
}

/* What does not make what was named, or lost something here, is erased and begins anew. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *digest = digest_of (TEXT);
  MdLedgerUpload upload = upload_of (A, digest);
  MdDb *db = NULL;

  assert_add (fixture->ledger, &upload, 0, "one TWO three four", MD_LEDGER_CHUNK_ADDED);
  g_assert_cmpint (join (fixture->ledger, &upload, 20 * SECOND, NULL), ==, MD_LEDGER_WHOLE_DAMAGED);
  assert_stands (fixture->ledger, &upload, 0);
  g_assert_cmpint (count (fixture, ROWS), ==, 0);
  assert_add (fixture->ledger, &upload, 0, "one two ", MD_LEDGER_CHUNK_ADDED);
  assert_add (fixture->ledger, &upload, 8, "three four", MD_LEDGER_CHUNK_ADDED);
  db = fixture_open_db (fixture);
  g_assert_true (md_db_exec (db, "DELETE FROM ledger_chunks WHERE first = 0", NULL));
  md_db_close (db);
  g_assert_cmpint (join (fixture->ledger, &upload, 20 * SECOND, NULL), ==, MD_LEDGER_WHOLE_DAMAGED);
  assert_add (fixture->ledger, &upload, 0, TEXT, MD_LEDGER_CHUNK_ADDED);
  g_assert_cmpint (join (fixture->ledger, &upload, 20 * SECOND, NULL), ==, MD_LEDGER_WHOLE_GOOD);
  g_assert_true (md_ledger_drop_upload (fixture->ledger, &upload, NULL));
  g_assert_true (md_ledger_drop_upload (fixture->ledger, &upload, NULL));
  g_assert_cmpint (count (fixture, ROWS), ==, 0);
}

/* An upload is one terminal's, of one intake and one container. */
static void
test_apart (Fixture *fixture, gconstpointer data)
{
  g_autofree char *digest = digest_of (TEXT);
  g_autofree char *other_digest = digest_of ("another");
  const MdLedgerUpload upload = upload_of (A, digest);
  MdLedgerUpload others[] = { upload, upload_of (B, digest), upload_of (A, other_digest), upload };

  others[0].terminal = "T002";
  others[3].office = "131016";
  assert_add (fixture->ledger, &upload, 0, "one two ", MD_LEDGER_CHUNK_ADDED);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      assert_stands (fixture->ledger, &others[i], 0);
      assert_add (fixture->ledger, &others[i], 8, "three four", MD_LEDGER_CHUNK_ELSEWHERE);
      g_assert_true (md_ledger_drop_upload (fixture->ledger, &others[i], NULL));
    }
  assert_stands (fixture->ledger, &upload, 8);
  /* Whose intake is put is whose uploads end, of whatever container, and nobody else's. */
  assert_add (fixture->ledger, &others[0], 0, "one two ", MD_LEDGER_CHUNK_ADDED);
  assert_add (fixture->ledger, &others[2], 0, "one two ", MD_LEDGER_CHUNK_ADDED);
  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, TEXT, NULL), ==, MD_LEDGER_PUT_CREATED);
  assert_stands (fixture->ledger, &upload, 0);
  assert_stands (fixture->ledger, &others[2], 0);
  assert_stands (fixture->ledger, &others[0], 8);
}

/* Counted by number and by what they will be, for each terminal on its own. */
static void
test_quota (Fixture *fixture, gconstpointer data)
{
  g_autofree char *digest = digest_of (TEXT);
  MdLedgerUpload first = upload_of (A, digest);
  MdLedgerUpload second = upload_of (B, digest);
  MdLedgerUpload third = upload_of (C, digest);

  assert_add (fixture->ledger, &first, 0, "one two ", MD_LEDGER_CHUNK_ADDED);
  assert_add (fixture->ledger, &second, 0, "one two ", MD_LEDGER_CHUNK_ADDED);
  assert_add (fixture->ledger, &third, 0, "one two ", MD_LEDGER_CHUNK_FULL); /* two */
  third.most = 9;
  third.most_bytes = 3 * SIZE - 1;
  assert_add (fixture->ledger, &third, 0, "one two ", MD_LEDGER_CHUNK_FULL);
  assert_stands (fixture->ledger, &third, 0);
  third.terminal = "T002";
  assert_add (fixture->ledger, &third, 0, "one two ", MD_LEDGER_CHUNK_ADDED);
  assert_add (fixture->ledger, &first, 8, "three four", MD_LEDGER_CHUNK_ADDED);
  third.terminal = "T001";
  g_assert_true (md_ledger_drop_upload (fixture->ledger, &first, NULL));
  assert_add (fixture->ledger, &third, 0, "one two ", MD_LEDGER_CHUNK_ADDED);
}

/* Whatever had no chunk for long goes, with its record; what had one later stays. */
static void
test_expiry (Fixture *fixture, gconstpointer data)
{
  g_autofree char *digest = digest_of (TEXT);
  MdLedgerUpload first = upload_of (A, digest);
  MdLedgerUpload second = upload_of (B, digest);
  guint erased = 9;

  assert_add (fixture->ledger, &first, 0, "one two ", MD_LEDGER_CHUNK_ADDED);
  assert_add (fixture->ledger, &second, 0, "one two ", MD_LEDGER_CHUNK_ADDED);
  second.now = 50 * SECOND;
  assert_add (fixture->ledger, &second, 8, "three fou", MD_LEDGER_CHUNK_ADDED);
  g_assert_true (md_ledger_sweep_uploads (fixture->ledger, 10 * SECOND, &erased, NULL));
  g_assert_cmpuint (erased, ==, 0);
  g_assert_true (md_ledger_sweep_uploads (fixture->ledger, 40 * SECOND, &erased, NULL));
  g_assert_cmpuint (erased, ==, 1);
  assert_stands (fixture->ledger, &first, 0);
  assert_stands (fixture->ledger, &second, 17);
  g_assert_cmpint (count (fixture, "SELECT count (*) FROM ledger_chunks"), ==, 2);
  g_assert_cmpint (count (fixture, "SELECT count (*) FROM audit WHERE event = 'erase'"), ==, 1);
}

/* A ledger of the version before chunks, with what is in it, takes them when this one has opened
 * it. Every later step is undone, too. */
static void
test_older (Fixture *fixture, gconstpointer data)
{
  g_autofree char *digest = digest_of (TEXT);
  MdLedgerUpload upload = upload_of (B, digest);
  MdDb *db = NULL;

  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "old", NULL), ==, MD_LEDGER_PUT_CREATED);
  g_clear_object (&fixture->ledger);
  db = fixture_open_db (fixture);
  g_assert_true (md_db_exec (db,
                             "DROP TABLE ledger_chunks; DROP TABLE ledger_uploads;"
                             " DROP TABLE ledger_refusals; DROP TABLE ledger_in_force;"
                             " ALTER TABLE ledger_blocks DROP COLUMN question;"
                             " ALTER TABLE ledger_terminals DROP COLUMN hour;"
                             " ALTER TABLE ledger_terminals DROP COLUMN begun;"
                             " DROP TABLE ledger_renewals;"
                             " UPDATE schema_version SET version = 13 WHERE component = 'ledger'",
                             NULL));
  md_db_close (db);
  fixture->ledger = fixture_open (fixture, TRUE);
  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "old", NULL), ==, MD_LEDGER_PUT_SAME);
  assert_add (fixture->ledger, &upload, 0, TEXT, MD_LEDGER_CHUNK_ADDED);
  g_assert_cmpint (join (fixture->ledger, &upload, 20 * SECOND, NULL), ==, MD_LEDGER_WHOLE_GOOD);
  g_assert_cmpint (fixture_put (fixture, B, 1, NULL, TEXT, NULL), ==, MD_LEDGER_PUT_CREATED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, func)                                                                           \
  g_test_add ("/ledger/uploads/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  CASE ("in-order", test_in_order);
  CASE ("out-of-order", test_out_of_order);
  CASE ("damaged", test_damaged);
  CASE ("apart", test_apart);
  CASE ("quota", test_quota);
  CASE ("expiry", test_expiry);
  CASE ("older", test_older);
  return g_test_run ();
}
