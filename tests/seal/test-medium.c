// SPDX-License-Identifier: Apache-2.0
/* The list of a bundle on a medium: what is signed is what is read, and nothing else is read. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <md-base.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "seal-maker.h"

#define BUNDLE "01932c5e-7b2a-7c3d-8e4f-0123456789ff"

static char digest[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

static MdMediumList *
list_of (guint n_items)
{
  MdMediumList *list = md_medium_list_new ();

  list->bundle = g_strdup (BUNDLE);
  list->medium = g_strdup ("M-001");
  list->office = g_strdup ("139998");
  list->terminal = g_strdup ("T001");
  list->officer = g_strdup ("S0101");
  list->role = g_strdup ("supervisor");
  list->carrier = g_strdup ("S0001");
  list->purpose = g_strdup ("line-down");
  list->policy_version = 1;
  list->policy_digest = g_strdup (MAKER_POLICY_DIGEST);
  list->time = g_strdup ("2026-11-21T05:35:00.000Z");
  for (guint i = 0; i < n_items; i++)
    {
      g_autofree char *intake = g_strdup_printf ("01932c5e-7b2a-7c3d-8e4f-%012x", i / 2);
      const MdMediumItem item
          = { .intake = intake, .n = 1 + i % 2, .sha256 = digest, .size = 1000 + i };

      md_medium_list_add (list, &item);
    }
  return list;
}

static GBytes *
encode (const MdMediumList *list)
{
  g_autoptr (GError) error = NULL;
  GBytes *json = md_medium_list_encode (list, &error);

  g_assert_no_error (error);
  return json;
}

static GBytes *
sign (Office *office, GBytes *json)
{
  g_autoptr (GError) error = NULL;
  GBytes *signature = md_cms_sign_detached (
      json, office->supervisor_key, office->supervisor->certificate, NULL, maker_now (), &error);

  g_assert_no_error (error);
  return signature;
}

static void
assert_same (const MdMediumList *back, const MdMediumList *given)
{
  g_autoptr (GBytes) one = encode (back);
  g_autoptr (GBytes) other = encode (given);

  g_assert_true (g_bytes_equal (one, other));
}

static void
test_round_trip (Office *office, gconstpointer data)
{
  static const guint counts[] = { 1, 2, MD_MEDIUM_MAX_ITEMS };

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autoptr (MdMediumList) list = list_of (counts[i]);
      g_autoptr (GBytes) json = encode (list);
      g_autoptr (GBytes) signature = sign (office, json);
      g_autoptr (MdCmsSigner) signer = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (MdMediumList) back
          = md_medium_list_verify (json, signature, office->trust, maker_now (), &signer, &error);
      g_autoptr (MdMediumList) copy = NULL;
      const MdMediumItem *last = NULL;

      g_assert_no_error (error);
      g_assert_cmpuint (back->items->len, ==, counts[i]);
      last = g_ptr_array_index (back->items, counts[i] - 1);
      g_assert_cmpuint (last->size, ==, 1000 + counts[i] - 1);
      g_assert_true (md_certificate_equal (md_cms_signer_get_certificate (signer),
                                           office->supervisor->certificate));
      copy = md_medium_list_copy (back);
      assert_same (copy, list);
    }
}

static GBytes *
flip (GBytes *bytes, gsize at)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  guint8 *altered = g_memdup2 (data, size);

  altered[at] ^= 0x01;
  return g_bytes_new_take (altered, size);
}

/* Where PART lies within WHOLE. */
static gboolean
covers (GBytes *whole, gconstpointer part, gsize size, gsize at)
{
  gsize n = 0;
  const guint8 *all = g_bytes_get_data (whole, &n);
  const guint8 *found = memmem (all, n, part, size);

  g_assert_nonnull (found);
  return at >= (gsize)(found - all) && at < (gsize)(found - all) + size;
}

/* Whether the byte is one of what counts: the digest of the list, the certificate, or the value. */
static gboolean
counts (GBytes *signature, gsize at, GBytes *json, const MdCertificate *own)
{
  guint8 digest_bytes[32];
  gsize size = sizeof digest_bytes, der_size = 0;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  GBytes *certificate = md_certificate_get_der (own);
  gconstpointer der = g_bytes_get_data (certificate, &der_size);

  g_checksum_update (checksum, g_bytes_get_data (json, NULL), (gssize)g_bytes_get_size (json));
  g_checksum_get_digest (checksum, digest_bytes, &size);
  return covers (signature, digest_bytes, size, at) || covers (signature, der, der_size, at)
         || at + 32 >= g_bytes_get_size (signature);
}

/* Every byte of the list: refused. Of the signature: every byte of its value, of the digest that it
 * signs and of the signer's certificate; and no other makes it say that somebody else has signed.
 */
static void
test_every_byte (Office *office, gconstpointer data)
{
  g_autoptr (MdMediumList) list = list_of (3);
  g_autoptr (GBytes) json = encode (list);
  g_autoptr (GBytes) signature = sign (office, json);
  const MdCertificate *own = office->supervisor->certificate;
  guint passed = 0;

  for (gsize at = 0; at < g_bytes_get_size (json); at++)
    {
      g_autoptr (GBytes) bad = flip (json, at);
      g_autoptr (GError) error = NULL;

      g_assert_null (
          md_medium_list_verify (bad, signature, office->trust, maker_now (), NULL, &error));
      g_assert_true (error->domain == MD_SEAL_ERROR);
    }
  for (gsize at = 0; at < g_bytes_get_size (signature); at++)
    {
      g_autoptr (GBytes) bad = flip (signature, at);
      g_autoptr (MdCmsSigner) signer = NULL;
      g_autoptr (MdMediumList) back
          = md_medium_list_verify (json, bad, office->trust, maker_now (), &signer, NULL);

      if (back == NULL)
        continue;
      passed++;
      g_assert_true (md_certificate_equal (md_cms_signer_get_certificate (signer), own));
      g_assert_false (counts (signature, at, json, own));
    }
  g_test_message ("%u of %zu altered bytes carry no meaning", passed, g_bytes_get_size (signature));
  g_assert_cmpuint (passed, <=, 16);
}

static void
test_another_signer (Office *office, gconstpointer data)
{
  g_autoptr (MdMediumList) list = list_of (1);
  g_autoptr (GBytes) json = encode (list);
  g_autoptr (GBytes) good = sign (office, json);
  g_autoptr (GBytes) other = md_cms_sign_detached (
      json, office->clerk_key, office->clerk->certificate, NULL, maker_now (), NULL);
  g_autoptr (MakerIdentity) stranger = maker_end (NULL, "S0101", "critical,digitalSignature");
  g_autoptr (MdKey) key = maker_key (stranger);
  g_autoptr (GBytes) foreign
      = md_cms_sign_detached (json, key, stranger->certificate, NULL, maker_now (), NULL);
  const struct
  {
    GBytes *signature;
    gint64 time;
    int code;
  } cases[] = {
    { other, maker_now (), MD_SEAL_ERROR_MISMATCH },
    { foreign, maker_now (), MD_SEAL_ERROR_UNTRUSTED },
    { good, maker_now () + 10000 * (gint64)86400, MD_SEAL_ERROR_UNTRUSTED },
    { json, maker_now (), MD_SEAL_ERROR_SIGNATURE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (md_medium_list_verify (json, cases[i].signature, office->trust, cases[i].time,
                                            NULL, &error));
      g_assert_error (error, MD_SEAL_ERROR, cases[i].code);
    }
}

/* What cannot be is not written. */
static void
test_impossible (Office *office, gconstpointer data)
{
  for (guint i = 0; i < 7; i++)
    {
      g_autoptr (MdMediumList) list = list_of (i == 0 ? 0 : i == 1 ? MD_MEDIUM_MAX_ITEMS + 1 : 2);
      g_autoptr (GError) error = NULL;
      char **text = i == 2 ? &list->medium : i == 3 ? &list->purpose : i == 4 ? &list->time : NULL;

      if (text != NULL)
        {
          g_free (*text);
          *text = g_strdup (i == 2 ? "山田太郎" : "whatever");
        }
      if (i == 5)
        list->policy_version = 0;
      if (i == 6)
        md_medium_list_add (list, g_ptr_array_index (list->items, 0));
      g_assert_null (md_medium_list_encode (list, &error));
      g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
    }
}

static void
test_names (Office *office, gconstpointer data)
{
  g_autoptr (MdMediumList) list = list_of (2);
  g_autofree char *container = md_medium_item_make_name (list->items->pdata[0]);
  g_autofree char *decision = md_medium_item_make_name (list->items->pdata[1]);
  g_autofree char *receipt = md_medium_item_make_receipt_name (list->items->pdata[1]);

  g_assert_cmpstr (container, ==, "01932c5e-7b2a-7c3d-8e4f-000000000000-1.asice");
  g_assert_cmpstr (decision, ==, "01932c5e-7b2a-7c3d-8e4f-000000000000-2.json");
  g_assert_cmpstr (receipt, ==, "01932c5e-7b2a-7c3d-8e4f-000000000000-2.receipt.p7s");
}

/* --- What is on a medium --- */

static char *
make_medium (int *out_folder)
{
  char *path = g_dir_make_tmp ("md-medium-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;

  *out_folder = md_medium_open (path, &error);
  g_assert_no_error (error);
  return path;
}

static void
remove_medium (const char *path, int folder)
{
  close (folder);
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

static void
assert_names (int folder, const char *bundle)
{
  g_autoptr (GPtrArray) names = md_medium_list_bundles (folder, NULL);

  g_assert_cmpuint (names->len, ==, bundle != NULL ? 1 : 0);
  if (bundle != NULL)
    g_assert_cmpstr (names->pdata[0], ==, bundle);
}

static void
assert_parts (int folder, const char *bundle)
{
  g_autoptr (GPtrArray) names = md_medium_list_parts (folder, NULL);

  g_assert_cmpuint (names->len, ==, bundle != NULL ? 1 : 0);
  if (bundle != NULL)
    g_assert_cmpstr (names->pdata[0], ==, bundle);
}

/* Under its name when it is whole; what somebody is killed over is found. */
static void
test_bundle (Office *office, gconstpointer data)
{
  int medium = -1;
  g_autofree char *path = make_medium (&medium);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("sealed", 6);
  g_autoptr (GBytes) other = g_bytes_new_static ("other", 5);
  g_autoptr (GError) error = NULL;
  int folder = -1;

  folder = md_medium_begin (medium, BUNDLE, &error);
  g_assert_no_error (error);
  assert_parts (medium, BUNDLE);
  g_assert_true (md_medium_write (folder, "a", bytes, &error));
  g_assert_true (md_medium_write (folder, "a", other, &error));
  assert_names (medium, NULL);
  g_assert_true (md_medium_finish (medium, BUNDLE, &error));
  assert_names (medium, BUNDLE);
  g_clear_pointer (&bytes, g_bytes_unref);
  bytes = md_medium_read (folder, "a", 5, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (bytes, other));
  g_assert_null (md_medium_read (folder, "a", 4, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  g_clear_error (&error);
  g_assert_cmpint (md_medium_begin (medium, BUNDLE "/..", NULL), ==, -1);
  close (folder);
  g_assert_true (md_medium_remove (medium, BUNDLE, &error));
  g_assert_false (md_medium_remove (medium, BUNDLE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_names (medium, NULL);
  remove_medium (path, medium);
}

/* A medium that has no room for more: nothing stands under the name, and what stood there stays. */
static void
test_full (Office *office, gconstpointer data)
{
  int medium = -1;
  g_autofree char *path = make_medium (&medium);
  g_autofree char *large = g_strnfill (100000, 'x');
  g_autoptr (GBytes) small = g_bytes_new_static ("sealed", 6);
  g_autoptr (GBytes) bytes = g_bytes_new (large, 100000);
  g_autoptr (GBytes) back = NULL;
  g_autoptr (GError) error = NULL;
  struct rlimit before = { 0 };
  struct rlimit limit = { 0 };
  int folder = md_medium_begin (medium, BUNDLE, &error);

  g_assert_true (md_medium_write (folder, "a", small, &error));
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  limit.rlim_cur = 50000;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  g_assert_false (md_medium_write (folder, "a", bytes, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_true (error->domain == G_IO_ERROR);
  back = md_medium_read (folder, "a", 100, NULL);
  g_assert_true (g_bytes_equal (back, small));
  g_assert_null (md_medium_read (folder, "a.part", 100000, NULL));
  close (folder);
  g_assert_true (md_medium_give_up (medium, BUNDLE));
  remove_medium (path, medium);
}

/* What could not be taken away again is told, be it a part or the whole. */
static void
test_give_up (Office *office, gconstpointer data)
{
  static const char *const folders[] = { ".madoguchi-" BUNDLE ".part", "madoguchi-" BUNDLE };
  int medium = -1;
  g_autofree char *path = make_medium (&medium);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("sealed", 6);

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *name = g_build_filename (path, folders[i], NULL);
      g_autofree char *inside = g_build_filename (name, "x", NULL);
      const int folder = md_medium_begin (medium, BUNDLE, NULL);

      g_assert_true (md_medium_write (folder, "a", bytes, NULL));
      g_assert_cmpint (mkdirat (folder, "x", 0700), ==, 0); /* none of ours */
      close (folder);
      if (i == 1)
        g_assert_true (md_medium_finish (medium, BUNDLE, NULL));
      g_assert_false (md_medium_give_up (medium, BUNDLE));
      g_assert_true (g_file_test (name, G_FILE_TEST_EXISTS));
      g_assert_cmpint (g_rmdir (inside), ==, 0);
      g_assert_true (md_medium_give_up (medium, BUNDLE));
      g_assert_false (g_file_test (name, G_FILE_TEST_EXISTS));
    }
  g_assert_true (md_medium_give_up (medium, BUNDLE));
  remove_medium (path, medium);
}

/* R-QUE-13: what was on it is not only unlinked. */
static void
test_erased (Office *office, gconstpointer data)
{
  static const guint8 zeros[6];
  int medium = -1;
  g_autofree char *path = make_medium (&medium);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("sealed", 6);
  g_autoptr (GBytes) left = NULL;
  const int folder = md_medium_begin (medium, BUNDLE, NULL);

  g_assert_true (md_medium_write (folder, "a", bytes, NULL));
  g_assert_true (md_medium_finish (medium, BUNDLE, NULL));
  g_assert_cmpint (linkat (folder, "a", medium, "seen", 0), ==, 0);
  close (folder);
  g_assert_true (md_medium_remove (medium, BUNDLE, NULL));
  assert_names (medium, NULL);
  left = md_medium_read (medium, "seen", 100, NULL);
  g_assert_cmpuint (g_bytes_get_size (left), ==, sizeof zeros);
  g_assert_true (memcmp (g_bytes_get_data (left, NULL), zeros, sizeof zeros) == 0);
  g_assert_cmpint (unlinkat (medium, "seen", 0), ==, 0);
  remove_medium (path, medium);
}

/* Nothing but plain files is read: no link leads elsewhere, and no pipe keeps us waiting. */
static void
test_no_files (Office *office, gconstpointer data)
{
  int medium = -1;
  g_autofree char *path = make_medium (&medium);

  g_assert_cmpint (symlinkat ("/etc/passwd", medium, "link"), ==, 0);
  g_assert_cmpint (mkfifoat (medium, "pipe", 0600), ==, 0);
  g_assert_cmpint (mkdirat (medium, "folder", 0700), ==, 0);
  g_assert_cmpint (symlinkat ("/etc", medium, MD_MEDIUM_FOLDER BUNDLE), ==, 0);
  for (guint i = 0; i < 4; i++)
    {
      const char *const names[] = { "link", "pipe", "folder", "nothing" };
      g_autoptr (GError) error = NULL;

      g_assert_null (md_medium_read (medium, names[i], 100000, &error));
      g_assert_true (error->domain == G_IO_ERROR);
    }
  g_assert_cmpint (md_medium_open_in (medium, MD_MEDIUM_FOLDER BUNDLE, NULL), ==, -1);
  g_assert_false (md_medium_remove (medium, BUNDLE, NULL));
  g_assert_true (g_file_test ("/etc/passwd", G_FILE_TEST_EXISTS));
  for (guint i = 0; i < 3; i++)
    {
      const char *const names[] = { "link", "pipe", MD_MEDIUM_FOLDER BUNDLE };

      g_assert_cmpint (unlinkat (medium, names[i], 0), ==, 0);
    }
  g_assert_cmpint (unlinkat (medium, "folder", AT_REMOVEDIR), ==, 0);
  remove_medium (path, medium);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/seal/medium/" name, Office, NULL, office_set_up, function, office_tear_down)
  ADD ("round-trip", test_round_trip);
  ADD ("every-byte", test_every_byte);
  ADD ("another-signer", test_another_signer);
  ADD ("impossible", test_impossible);
  ADD ("names", test_names);
  ADD ("bundle", test_bundle);
  ADD ("full", test_full);
  ADD ("give-up", test_give_up);
  ADD ("erased", test_erased);
  ADD ("no-files", test_no_files);
  result = g_test_run ();
  maker_clean_up ();
  return result;
}
