// SPDX-License-Identifier: Apache-2.0
/* The gateway's nonces: who can make one, whose it is, and that keys come and stay. */
#include <glib/gstdio.h>
#include <md-base.h>
#include <nonces.h>
#include <sqlite3.h>
#include <string.h>

#define OFFICE "139998"
#define NOW (G_GINT64_CONSTANT (1795239054) * G_TIME_SPAN_SECOND + 123456)
#define MILLISECOND_OF(time) ((time) / 1000 * 1000)

typedef struct
{
  char *folder;
  MdLedger *ledger;
} Fixture;

static MdLedger *
open_ledger (const char *folder)
{
  g_autofree char *address = g_strdup_printf ("sqlite:%s/ledger.db", folder);
  MdLedgerUse use = { .writable = TRUE, .office = OFFICE, .place = "gateway" };
  g_autoptr (GError) error = NULL;
  MdLedger *ledger = md_ledger_open (address, &use, &error);

  g_assert_no_error (error);
  return ledger;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("madoguchi-XXXXXX", NULL);
  fixture->ledger = open_ledger (fixture->folder);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "ledger.db", "ledger.db-wal", "ledger.db-shm" };

  g_clear_object (&fixture->ledger);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, names[i], NULL);
      (void)g_remove (path);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
}

static Nonces *
open_nonces (MdLedger *ledger, gint64 now)
{
  g_autoptr (GError) error = NULL;
  Nonces *nonces = nonces_open (ledger, now, &error);

  g_assert_no_error (error);
  return nonces;
}

static void
assert_check (Nonces *nonces, const char *terminal, GBytes *nonce, NoncesCheck expected)
{
  gint64 made = 0;

  g_assert_cmpint (nonces_check (nonces, OFFICE, terminal, nonce, &made), ==, expected);
  g_assert_true ((made != 0) == (expected == NONCES_OURS));
}

static void
test_own_and_foreign (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Nonces) nonces = open_nonces (fixture->ledger, NOW);
  g_autoptr (GBytes) nonce = nonces_make (nonces, OFFICE, "T001", NOW);
  g_autoptr (GBytes) next = nonces_make (nonces, OFFICE, "T001", NOW);
  gint64 made = 0;

  g_assert_cmpuint (g_bytes_get_size (nonce), ==, MD_WIRE_NONCE_SIZE);
  g_assert_false (g_bytes_equal (nonce, next));
  g_assert_cmpint (nonces_check (nonces, OFFICE, "T001", nonce, &made), ==, NONCES_OURS);
  g_assert_cmpint (made, ==, MILLISECOND_OF (NOW));
  assert_check (nonces, "T002", nonce, NONCES_FOREIGN);
  made = 0;
  g_assert_cmpint (nonces_check (nonces, "131016", "T001", nonce, &made), ==, NONCES_FOREIGN);
}

/* Every bit counts, and so does the length. */
static void
test_forged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Nonces) nonces = open_nonces (fixture->ledger, NOW);
  g_autoptr (GBytes) nonce = nonces_make (nonces, OFFICE, "T001", NOW);
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (nonce, 0, MD_WIRE_NONCE_SIZE - 1);
  g_autoptr (GBytes) zeroes = g_bytes_new_take (g_malloc0 (MD_WIRE_NONCE_SIZE), MD_WIRE_NONCE_SIZE);

  for (guint bit = 0; bit < MD_WIRE_NONCE_SIZE * 8; bit++)
    {
      guint8 bytes[MD_WIRE_NONCE_SIZE];
      g_autoptr (GBytes) changed = NULL;

      memcpy (bytes, g_bytes_get_data (nonce, NULL), sizeof bytes);
      bytes[bit / 8] ^= (guint8)(1u << (bit % 8));
      changed = g_bytes_new (bytes, sizeof bytes);
      assert_check (nonces, "T001", changed, NONCES_FORGED);
    }
  assert_check (nonces, "T001", cut, NONCES_FORGED);
  assert_check (nonces, "T001", zeroes, NONCES_FORGED);
}

/* Two gateways on one ledger know each other's nonces; another office's gateway does not. */
static void
test_several_gateways (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MdLedger) other_ledger = open_ledger (fixture->folder);
  g_autoptr (Nonces) one = open_nonces (fixture->ledger, NOW);
  g_autoptr (Nonces) two = open_nonces (other_ledger, NOW);
  const gint64 later = NOW + (NONCES_KEY_DAYS + 1) * G_TIME_SPAN_DAY;
  g_autoptr (GBytes) first = nonces_make (one, OFFICE, "T001", NOW);
  g_autoptr (GBytes) second = nonces_make (two, OFFICE, "T001", later); /* with a new key */
  g_autoptr (GBytes) third = nonces_make (one, OFFICE, "T001", later);
  Fixture elsewhere;

  assert_check (two, "T001", first, NONCES_OURS);
  assert_check (one, "T001", second, NONCES_OURS);
  assert_check (two, "T001", third, NONCES_OURS);
  set_up (&elsewhere, NULL);
  {
    g_autoptr (Nonces) stranger = open_nonces (elsewhere.ledger, NOW);
    assert_check (stranger, "T001", first, NONCES_FORGED);
  }
  tear_down (&elsewhere, NULL);
}

/* A terminal that was offline for months comes back: keys make nonces for a while and verify for
 * ever, also after a restart. */
static void
test_rotation (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Nonces) nonces = open_nonces (fixture->ledger, NOW);
  g_autoptr (GBytes) first = nonces_make (nonces, OFFICE, "T001", NOW);
  GPtrArray *keys = NULL;

  for (guint month = 1; month <= 4; month++)
    {
      gint64 now = NOW + month * (NONCES_KEY_DAYS + 1) * G_TIME_SPAN_DAY;
      g_autoptr (GBytes) nonce = nonces_make (nonces, OFFICE, "T001", now);
      assert_check (nonces, "T001", nonce, NONCES_OURS);
    }
  keys = md_ledger_list_nonce_keys (fixture->ledger, NULL);
  g_assert_cmpuint (keys->len, ==, 5);
  g_ptr_array_unref (keys);
  g_clear_pointer (&nonces, nonces_free);
  g_clear_object (&fixture->ledger);
  fixture->ledger = open_ledger (fixture->folder);
  nonces = open_nonces (fixture->ledger, NOW + 200 * G_TIME_SPAN_DAY);
  assert_check (nonces, "T001", first, NONCES_OURS);
}

/* The ledger loses its keys under a running gateway: what is out stays good, new ones are made. */
static void
test_keys_lost (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "ledger.db", NULL);
  g_autoptr (Nonces) nonces = open_nonces (fixture->ledger, NOW);
  g_autoptr (GBytes) before = nonces_make (nonces, OFFICE, "T001", NOW);
  g_autoptr (GBytes) after = NULL;
  g_autoptr (GBytes) unknown = NULL;
  guint8 bytes[MD_WIRE_NONCE_SIZE];
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "DELETE FROM ledger_nonce_keys", NULL, NULL, NULL), ==,
                   SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
  memcpy (bytes, g_bytes_get_data (before, NULL), sizeof bytes);
  bytes[4] ^= 0x40; /* a key number that nobody made: the ledger is asked */
  unknown = g_bytes_new (bytes, sizeof bytes);
  assert_check (nonces, "T001", unknown, NONCES_FORGED);
  assert_check (nonces, "T001", before, NONCES_OURS);
  after = nonces_make (nonces, OFFICE, "T001", NOW);
  assert_check (nonces, "T001", after, NONCES_OURS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, func)                                                                           \
  g_test_add ("/gateway/nonces/" name, Fixture, NULL, set_up, func, tear_down)
  CASE ("own-and-foreign", test_own_and_foreign);
  CASE ("forged", test_forged);
  CASE ("several-gateways", test_several_gateways);
  CASE ("rotation", test_rotation);
  CASE ("keys-lost", test_keys_lost);
  return g_test_run ();
}
