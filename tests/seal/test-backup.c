// SPDX-License-Identifier: Apache-2.0
#include <glib/gstdio.h>
#include <md-base.h>
#include <string.h>
#include <sys/stat.h>

#include "seal-maker.h"

#define CANARY "CANARY-0123456789-CANARY"
#define SIZE (4u * 1024 * 1024 + 1000)
#define MADE "2026-11-21T05:50:00.000Z"

typedef struct
{
  char *dir;
  char *clear, *sealed, *opened;
  MakerIdentity *recovery;
  MdKey *key;
  guint8 *data; /* of the sealed file, once it was made */
  gsize size;
} Fixture;

static void
write_file (const char *path, const void *data, gsize size)
{
  g_assert_true (g_file_set_contents (path, data, (gssize)size, NULL));
}

static void
seal (Fixture *f)
{
  const MdBackupHead head = { .office = (char[]){ "139998" },
                              .terminal = (char[]){ "T001" },
                              .time = (char[]){ MADE } };
  g_autofree char *contents = g_malloc (SIZE);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < SIZE; i++)
    contents[i] = (char)(i * 7 / 5);
  memcpy (contents + SIZE - sizeof CANARY, CANARY, sizeof CANARY);
  write_file (f->clear, contents, SIZE);
  g_assert_true (
      md_backup_seal (f->clear, f->sealed, &head, f->recovery->certificate, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (f->sealed, (char **)&f->data, &f->size, NULL));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = g_dir_make_tmp ("md-backup-XXXXXX", NULL);
  f->clear = g_build_filename (f->dir, "clear", NULL);
  f->sealed = g_build_filename (f->dir, "sealed", NULL);
  f->opened = g_build_filename (f->dir, "opened", NULL);
  f->recovery = maker_end (NULL, "recovery", "critical,keyAgreement");
  f->key = maker_key (f->recovery);
  seal (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_unlink (f->clear);
  g_unlink (f->sealed);
  g_unlink (f->opened);
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  maker_identity_free (f->recovery);
  md_key_unref (f->key);
  g_free (f->data);
  g_free (f->dir);
  g_free (f->clear);
  g_free (f->sealed);
  g_free (f->opened);
}

static void
assert_private (const char *path)
{
  struct stat st;

  g_assert_cmpint (stat (path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);
}

static void
test_there_and_back (Fixture *f, gconstpointer data)
{
  g_autoptr (MdBackupHead) head = md_backup_read_head (f->sealed, NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize before_size, after_size;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (head->office, ==, "139998");
  g_assert_cmpstr (head->terminal, ==, "T001");
  g_assert_cmpstr (head->time, ==, MADE);
  g_assert_cmpstr (head->recipient, ==, md_certificate_get_fingerprint (f->recovery->certificate));
  g_assert_null (memmem (f->data, f->size, CANARY, strlen (CANARY)));
  g_assert_true (md_backup_open (f->sealed, f->key, f->recovery->certificate, f->opened, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (f->clear, &before, &before_size, NULL));
  g_assert_true (g_file_get_contents (f->opened, &after, &after_size, NULL));
  g_assert_cmpuint (before_size, ==, after_size);
  g_assert_true (memcmp (before, after, before_size) == 0);
  assert_private (f->sealed);
  assert_private (f->opened);
}

static void
assert_refused (Fixture *f, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (md_backup_open (f->sealed, f->key, f->recovery->certificate, f->opened, &error));
  g_assert_error (error, domain, code);
  g_assert_false (g_file_test (f->opened, G_FILE_TEST_EXISTS));
}

/* Where the parts begin, and behind them the end. */
static guint
find_parts (const Fixture *f, gsize *at, guint most)
{
  const guint8 *second = memchr (f->data, '\n', f->size);
  const guint8 *begin = memchr (second + 1, '\n', f->size - (gsize)(second + 1 - f->data));
  guint n = 0;

  at[0] = (gsize)(begin + 1 - f->data);
  while (at[n] < f->size && n + 1 < most)
    {
      guint32 size;

      memcpy (&size, f->data + at[n], sizeof size);
      at[n + 1] = at[n] + sizeof size + GUINT32_FROM_BE (size);
      n++;
    }
  g_assert_cmpuint (at[n], ==, f->size);
  return n;
}

static void
test_not_as_it_was_made (Fixture *f, gconstpointer data)
{
  gsize at[8] = { 0 };
  const guint n = find_parts (f, at, G_N_ELEMENTS (at));
  GByteArray *mixed = g_byte_array_new ();

  g_assert_cmpuint (n, ==, 3); /* two pieces and the end */
  /* Cut off: in a part, before the end, before everything. */
  write_file (f->sealed, f->data, at[1] + 100);
  assert_refused (f, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
  write_file (f->sealed, f->data, at[2]);
  assert_refused (f, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
  write_file (f->sealed, "", 0);
  assert_refused (f, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
  /* Two pieces in the other order; one left out; another line above. */
  g_byte_array_append (mixed, f->data, (guint)at[0]);
  g_byte_array_append (mixed, f->data + at[1], (guint)(at[2] - at[1]));
  g_byte_array_append (mixed, f->data + at[0], (guint)(at[1] - at[0]));
  g_byte_array_append (mixed, f->data + at[2], (guint)(at[3] - at[2]));
  write_file (f->sealed, mixed->data, mixed->len);
  assert_refused (f, MD_SEAL_ERROR, MD_SEAL_ERROR_DIGEST);
  g_byte_array_remove_range (mixed, (guint)at[0], (guint)(at[2] - at[1]));
  write_file (f->sealed, mixed->data, mixed->len);
  assert_refused (f, MD_SEAL_ERROR, MD_SEAL_ERROR_DIGEST);
  g_byte_array_unref (mixed);
  memcpy (memmem (f->data, f->size, "T001", 4), "T002", 4);
  write_file (f->sealed, f->data, f->size);
  assert_refused (f, MD_SEAL_ERROR, MD_SEAL_ERROR_DIGEST);
}

static void
test_damaged (Fixture *f, gconstpointer data)
{
  gsize at[8] = { 0 };

  find_parts (f, at, G_N_ELEMENTS (at));
  f->data[at[1] - 1] ^= 1;
  write_file (f->sealed, f->data, f->size);
  assert_refused (f, MD_PKI_ERROR, MD_PKI_ERROR_DAMAGED);
}

static void
test_another_key (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  MakerIdentity *other = maker_end (NULL, "other", "critical,keyAgreement");
  MdKey *key = maker_key (other);

  g_assert_false (md_backup_open (f->sealed, key, other->certificate, f->opened, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_NOT_RECIPIENT);
  g_assert_false (g_file_test (f->opened, G_FILE_TEST_EXISTS));
  md_key_unref (key);
  maker_identity_free (other);
}

/* Nothing is written over. */
static void
test_there_already (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;

  write_file (f->opened, "mine", 4);
  g_assert_false (md_backup_open (f->sealed, f->key, f->recovery->certificate, f->opened, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
  g_assert_true (g_file_get_contents (f->opened, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "mine");
}

#define ADD(path, test) g_test_add ("/seal/backup/" path, Fixture, NULL, set_up, test, tear_down)

/* --- The folder --- */

/* A backup of that moment; the rest of it matters to nobody here. */
static char *
lay (Fixture *f, const char *terminal, const char *time)
{
  const MdBackupHead head = { .office = (char[]){ "139998" },
                              .terminal = (char *)(gsize)terminal,
                              .time = (char *)(gsize)time };
  g_autofree char *text
      = g_strdup_printf ("madoguchi-backup/1\noffice=139998 terminal=%s time=%s recipient=%s\n",
                         terminal, time, md_certificate_get_fingerprint (f->recovery->certificate));
  char *name = md_backup_dup_name (&head);
  g_autofree char *path = g_build_filename (f->dir, name, NULL);

  write_file (path, text, strlen (text));
  return name;
}

static gint64
parse_time (const char *text)
{
  gint64 when = 0;

  g_assert_true (md_time_parse_rfc3339 (text, &when, NULL));
  return when;
}

static void
assert_list (Fixture *f, const char *terminal, const char *expected)
{
  g_autoptr (GPtrArray) names = md_backup_list (f->dir, terminal);
  g_autofree char *text = NULL;

  g_ptr_array_add (names, NULL);
  text = g_strjoinv (" ", (char **)names->pdata);
  g_assert_cmpstr (text, ==, expected);
}

static void
empty_folder (Fixture *f)
{
  g_autoptr (GDir) dir = g_dir_open (f->dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->dir, name, NULL);

      g_unlink (path);
    }
}

/* The clock was wrong once, ahead or behind: what it made then keeps no other away, is the first to
 * go, and no backup that was just made goes for it. */
static void
test_clock_that_jumps (Fixture *f, gconstpointer data)
{
  const gint64 now = parse_time ("2026-11-23T10:00:00.000Z");
  g_autofree char *good = lay (f, "T001", "2026-11-22T10:00:00.000Z");
  g_autofree char *ahead = lay (f, "T001", "2036-01-01T00:00:00.000Z");
  g_autofree char *made = NULL;
  g_autofree char *behind = NULL;
  guint kept = 0;

  g_assert_cmpint (md_backup_find_last (f->dir, "T001", now), ==,
                   parse_time ("2026-11-22T10:00:00.000Z"));
  made = lay (f, "T001", "2026-11-23T10:00:00.000Z");
  g_assert_cmpuint (md_backup_remove_old (f->dir, "T001", 2, made, now, &kept), ==, 1);
  g_assert_cmpuint (kept, ==, 2);
  assert_list (f, "T001", "T001-20261122T100000000Z.mdbackup T001-20261123T100000000Z.mdbackup");
  behind = lay (f, "T001", "1970-01-01T00:10:00.000Z");
  g_assert_cmpuint (md_backup_remove_old (f->dir, "T001", 2, behind, 600 * G_USEC_PER_SEC, &kept),
                    ==, 1);
  assert_list (f, "T001", "T001-19700101T001000000Z.mdbackup T001-20261123T100000000Z.mdbackup");
  g_assert_cmpint (md_backup_find_last (f->dir, "T001", 600 * G_USEC_PER_SEC), ==,
                   600 * G_USEC_PER_SEC);
  g_assert_cmpint (md_backup_find_last (f->dir, "T001", now), ==, now);
  /* Of one alone, the one that was just made. */
  g_assert_cmpuint (md_backup_remove_old (f->dir, "T001", 1, behind, 600 * G_USEC_PER_SEC, &kept),
                    ==, 1);
  assert_list (f, "T001", behind);
  empty_folder (f);
}

/* Terminals share a folder, and the id of one begins as that of another. */
static void
test_shared_folder (Fixture *f, gconstpointer data)
{
  g_autofree char *own = lay (f, "T1", "2026-11-20T10:00:00.000Z");
  g_autofree char *other = lay (f, "T1-2", "2026-11-22T10:00:00.000Z");
  g_autofree char *part = g_strconcat (f->dir, "/", other, MD_BACKUP_PART, NULL);
  g_autofree char *own_part = g_strconcat (f->dir, "/", own, MD_BACKUP_PART, NULL);
  guint kept = 0;

  assert_list (f, "T1", own);
  assert_list (f, "T1-2", other);
  g_assert_cmpint (md_backup_find_last (f->dir, "T1", parse_time ("2026-11-23T10:00:00.000Z")), ==,
                   parse_time ("2026-11-20T10:00:00.000Z"));
  write_file (part, "", 0);
  write_file (own_part, "", 0);
  md_backup_remove_parts (f->dir, "T1");
  g_assert_true (g_file_test (part, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (own_part, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (md_backup_remove_old (f->dir, "T1", 1, own, 0, &kept), ==, 0);
  g_assert_cmpuint (kept, ==, 1);
  empty_folder (f);
}

/* What SQLite left beside a database in clear goes with it. */
static void
test_erase (Fixture *f, gconstpointer data)
{
  static const char *const companions[] = { "", "-wal", "-shm", "-journal" };

  for (gsize i = 0; i < G_N_ELEMENTS (companions); i++)
    {
      g_autofree char *path = g_strconcat (f->clear, companions[i], NULL);

      write_file (path, CANARY, strlen (CANARY));
    }
  md_backup_erase_clear (f->clear);
  for (gsize i = 0; i < G_N_ELEMENTS (companions); i++)
    {
      g_autofree char *path = g_strconcat (f->clear, companions[i], NULL);

      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("there-and-back", test_there_and_back);
  ADD ("not-as-it-was-made", test_not_as_it_was_made);
  ADD ("damaged", test_damaged);
  ADD ("another-key", test_another_key);
  ADD ("there-already", test_there_already);
  ADD ("clock-that-jumps", test_clock_that_jumps);
  ADD ("shared-folder", test_shared_folder);
  ADD ("erase", test_erase);
  return g_test_run ();
}
