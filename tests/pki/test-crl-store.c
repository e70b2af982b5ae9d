// SPDX-License-Identifier: Apache-2.0
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <md-base.h>
#include "pki-maker.h"

#define HOUR (60 * 60)

typedef struct
{
  MakerIdentity *ca;
  MakerIdentity *next_ca; /* another generation: the same name, another key */
  MakerIdentity *who;
  char *dir;
  char *path; /* made by the store */
  MdCrlStore *store;
} Fixture;

static MdCrlStore *
open_store (Fixture *f)
{
  g_autoptr (GPtrArray) issuers = maker_list (f->ca, f->next_ca, NULL);
  MdCrlStore *store = md_crl_store_new (f->path);

  md_crl_store_set_issuers (store, issuers);
  return store;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->ca = maker_authority ("ca");
  f->next_ca = maker_authority ("ca");
  f->who = maker_end (f->ca, "who", "critical,digitalSignature");
  f->dir = g_dir_make_tmp ("crl-store-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "crl", NULL);
  f->store = open_store (f);
}

static void
empty (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_unlink (file);
    }
  g_rmdir (path);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  md_crl_store_free (f->store);
  maker_identity_free (f->ca);
  maker_identity_free (f->next_ca);
  maker_identity_free (f->who);
  empty (f->path);
  empty (f->dir);
  g_free (f->path);
  g_free (f->dir);
}

static GBytes *
list (const MakerIdentity *issuer, gint64 from, gint64 until, long number)
{
  return maker_crl (issuer, maker_now () + from, until != 0 ? maker_now () + until : 0, NULL,
                    number);
}

static void
assert_offer (Fixture *f, GBytes *crl, MdCrlOffer expected)
{
  MdCrlOffer offer = MD_N_CRL_OFFERS;
  g_autofree char *key = NULL;
  g_autoptr (GError) error = NULL;
  const gboolean told = md_crl_store_offer (f->store, crl, maker_now (), &offer, &key, &error);

  g_assert_no_error (error);
  g_assert_true (told);
  g_assert_cmpstr (md_crl_offer_to_string (offer), ==, md_crl_offer_to_string (expected));
  if (offer == MD_CRL_OFFER_TAKEN || offer == MD_CRL_OFFER_SAME)
    g_assert_nonnull (md_crl_store_find (f->store, key));
}

static void
offer (Fixture *f, const MakerIdentity *issuer, gint64 from, gint64 until, long number,
       MdCrlOffer expected)
{
  g_autoptr (GBytes) crl = list (issuer, from, until, number);

  assert_offer (f, crl, expected);
}

static void
assert_entries (Fixture *f, guint n, const char *number)
{
  g_autoptr (GPtrArray) entries = md_crl_store_list (f->store);
  const MdCrlEntry *first;

  g_assert_cmpuint (entries->len, ==, n);
  if (n == 0)
    return;
  first = g_ptr_array_index (entries, 0);
  g_assert_cmpstr (first->issuer, ==, "CN=ca,C=JP");
  if (number != NULL)
    g_assert_cmpstr (first->number, ==, number);
}

static void
test_number_never_goes_back (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) first = list (f->ca, -4 * HOUR, HOUR, 0x10);

  assert_offer (f, first, MD_CRL_OFFER_TAKEN);
  assert_offer (f, first, MD_CRL_OFFER_SAME);
  offer (f, f->ca, -3 * HOUR, HOUR, 0x0f, MD_CRL_OFFER_NUMBER_BACK); /* later, a lower number */
  offer (f, f->ca, -3 * HOUR, HOUR, 0x10, MD_CRL_OFFER_NUMBER_BACK); /* the number is taken */
  offer (f, f->ca, -5 * HOUR, HOUR, 0x11, MD_CRL_OFFER_NUMBER_BACK); /* a higher one, but earlier */
  assert_entries (f, 1, "10");
  offer (f, f->ca, -3 * HOUR, HOUR, 0x100, MD_CRL_OFFER_TAKEN);
  offer (f, f->ca, -2 * HOUR, HOUR, 0xff, MD_CRL_OFFER_NUMBER_BACK); /* no order of letters */
  assert_offer (f, first, MD_CRL_OFFER_NUMBER_BACK);
  assert_entries (f, 1, "100");
}

/* What lies on the disk is the mark, for the next process, too. */
static void
test_mark_lasts (Fixture *f, gconstpointer data)
{
  g_autoptr (MdRevocation) revocation = md_revocation_new ();
  struct stat about;

  offer (f, f->ca, -4 * HOUR, HOUR, 0x10, MD_CRL_OFFER_TAKEN);
  offer (f, f->ca, -3 * HOUR, HOUR, 0x11, MD_CRL_OFFER_TAKEN);
  md_crl_store_free (f->store);
  f->store = open_store (f);
  assert_entries (f, 1, "11");
  offer (f, f->ca, -2 * HOUR, HOUR, 0x10, MD_CRL_OFFER_NUMBER_BACK);
  /* one file, which everybody may read */
  g_assert_cmpuint (md_revocation_load_crl_dir (revocation, f->path, NULL), ==, 1);
  g_assert_cmpint (stat (f->path, &about), ==, 0);
  g_assert_cmpuint (about.st_mode & 0777, ==, 0755);
}

static void
test_readable_whatever_the_umask (Fixture *f, gconstpointer data)
{
  const mode_t before = umask (0077);
  g_autoptr (GDir) dir = NULL;
  g_autofree char *file = NULL;
  struct stat about;

  offer (f, f->ca, -HOUR, HOUR, 1, MD_CRL_OFFER_TAKEN);
  umask (before);
  dir = g_dir_open (f->path, 0, NULL);
  file = g_build_filename (f->path, g_dir_read_name (dir), NULL);
  g_assert_null (g_dir_read_name (dir));
  g_assert_cmpint (stat (file, &about), ==, 0);
  g_assert_cmpuint (about.st_mode & 0777, ==, 0644);
}

/* Generations share a name and a distribution point; neither is in the other's way. */
static void
test_generations (Fixture *f, gconstpointer data)
{
  offer (f, f->ca, -HOUR, HOUR, 0x20, MD_CRL_OFFER_TAKEN);
  offer (f, f->next_ca, -HOUR, HOUR, 0x02, MD_CRL_OFFER_TAKEN);
  assert_entries (f, 2, NULL);
}

static void
test_refused_by_name (Fixture *f, gconstpointer data)
{
  g_autoptr (MakerIdentity) stranger = maker_authority ("ca");

  offer (f, stranger, -HOUR, HOUR, 1, MD_CRL_OFFER_FOREIGN);
  offer (f, f->who, -HOUR, HOUR, 1, MD_CRL_OFFER_FOREIGN);
  offer (f, f->ca, -2 * HOUR, -HOUR, 1, MD_CRL_OFFER_STALE);
  offer (f, f->ca, -HOUR, 0, 1, MD_CRL_OFFER_STALE); /* it does not say until when */
  offer (f, f->ca, 290, HOUR, 1, MD_CRL_OFFER_TAKEN);
  offer (f, f->ca, 310, HOUR, 2, MD_CRL_OFFER_EARLY);
  assert_entries (f, 1, "1");
}

static GBytes *
with_extension (const MakerIdentity *issuer, int nid, void *value, gboolean critical)
{
  g_autoptr (GBytes) plain = list (issuer, -HOUR, HOUR, 7);
  gsize size = 0;
  const unsigned char *at = g_bytes_get_data (plain, &size);
  X509_CRL *crl = d2i_X509_CRL (NULL, &at, (long)size);
  unsigned char *der = NULL;
  int length;
  GBytes *bytes;

  g_assert_cmpint (X509_CRL_add1_ext_i2d (crl, nid, value, critical ? 1 : 0, 0), ==, 1);
  g_assert_cmpint (X509_CRL_sign (crl, issuer->key, EVP_sha256 ()), >, 0);
  length = i2d_X509_CRL (crl, &der);
  bytes = g_bytes_new (der, (gsize)length);
  OPENSSL_free (der);
  X509_CRL_free (crl);
  return bytes;
}

/* Lists that say less, or something else, than they seem to. */
static void
test_unfit (Fixture *f, gconstpointer data)
{
  ASN1_INTEGER *base = ASN1_INTEGER_new ();
  ISSUING_DIST_POINT *point = ISSUING_DIST_POINT_new ();
  ASN1_IA5STRING *comment = ASN1_IA5STRING_new ();
  g_autoptr (GBytes) delta = NULL;
  g_autoptr (GBytes) indirect = NULL;
  g_autoptr (GBytes) strange = NULL;
  g_autoptr (GBytes) harmless = NULL;

  ASN1_INTEGER_set (base, 1);
  point->indirectCRL = 0xff;
  ASN1_STRING_set (comment, "x", 1);
  delta = with_extension (f->ca, NID_delta_crl, base, TRUE);
  indirect = with_extension (f->ca, NID_issuing_distribution_point, point, TRUE);
  strange = with_extension (f->ca, NID_netscape_comment, comment, TRUE);
  harmless = with_extension (f->ca, NID_netscape_comment, comment, FALSE);
  assert_offer (f, delta, MD_CRL_OFFER_UNFIT);
  assert_offer (f, indirect, MD_CRL_OFFER_UNFIT);
  assert_offer (f, strange, MD_CRL_OFFER_UNFIT);
  assert_offer (f, harmless, MD_CRL_OFFER_TAKEN);
  ASN1_INTEGER_free (base);
  ASN1_IA5STRING_free (comment);
  ISSUING_DIST_POINT_free (point);
}

/* Cut anywhere, or with any byte changed, a list is refused and nothing else happens. */
static void
test_hostile_bytes (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) good = maker_crl (f->ca, maker_now () - HOUR, maker_now () + HOUR, f->who, 1);
  gsize size = 0;
  const guint8 *bytes = g_bytes_get_data (good, &size);
  MdCrlOffer offer = MD_N_CRL_OFFERS;

  for (gsize at = 0; at < size; at++)
    {
      guint8 *copy = g_memdup2 (bytes, size);
      g_autoptr (GBytes) bad = NULL;
      g_autoptr (GBytes) cut = g_bytes_new_from_bytes (good, 0, at);
      g_autofree char *key = NULL;
      g_autofree char *other_key = NULL;

      copy[at] ^= 0x01;
      bad = g_bytes_new_take (copy, size);
      g_assert_true (md_crl_store_offer (f->store, bad, maker_now (), &offer, &key, NULL));
      g_assert_cmpint (offer, !=, MD_CRL_OFFER_TAKEN);
      g_assert_true (md_crl_store_offer (f->store, cut, maker_now (), &offer, &other_key, NULL));
      g_assert_cmpint (offer, ==, MD_CRL_OFFER_UNREADABLE);
    }
  assert_entries (f, 0, NULL);
  assert_offer (f, good, MD_CRL_OFFER_TAKEN);
}

/* What an administrator laid into the folder counts; rubbish beside it does not. */
static void
test_files_of_others (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) issuers = maker_list (f->ca, f->next_ca, NULL);
  g_autoptr (MakerIdentity) stranger = maker_authority ("other");
  const struct
  {
    const char *name;
    GBytes *bytes;
  } files[] = { { "by-hand.crl", list (f->ca, -2 * HOUR, HOUR, 5) },
                { "older.crl", list (f->ca, -3 * HOUR, HOUR, 4) },
                { "strange.crl", list (stranger, -HOUR, HOUR, 9) },
                { "rubbish.crl", g_bytes_new_static ("rubbish", 7) },
                { "draft.crl.new", g_bytes_new_static ("rubbish", 7) } };

  g_mkdir (f->path, 0755);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (f->path, files[i].name, NULL);
      g_autoptr (GBytes) bytes = files[i].bytes;
      gsize size = 0;
      const char *contents = g_bytes_get_data (bytes, &size);

      g_assert_true (g_file_set_contents (path, contents, (gssize)size, NULL));
    }
  g_assert_cmpuint (md_crl_store_set_issuers (f->store, issuers), ==, 2);
  assert_entries (f, 1, "5");
  offer (f, f->ca, -HOUR, HOUR, 4, MD_CRL_OFFER_NUMBER_BACK);
  offer (f, f->ca, -HOUR, HOUR, 6, MD_CRL_OFFER_TAKEN);
  assert_entries (f, 1, "6");
}

static void
test_disk_says_no (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) crl = list (f->ca, -HOUR, HOUR, 1);
  MdCrlOffer offer = MD_N_CRL_OFFERS;
  g_autofree char *key = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (f->path, "in the way", -1, NULL));
  g_assert_false (md_crl_store_offer (f->store, crl, maker_now (), &offer, &key, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_IO);
  assert_entries (f, 0, NULL);
  g_unlink (f->path);
  assert_offer (f, crl, MD_CRL_OFFER_TAKEN);
}

/* Ahead of the limit, whichever limit comes first, and never all at once. */
static void
test_times (void)
{
  const MdCrlEntry week = { .this_update = 1000000, .next_update = 1000000 + 168 * HOUR };
  gint64 earliest = G_MAXINT64, latest = 0;

  g_assert_cmpint (md_crl_entry_get_limit (&week, 0), ==, 1000000 + 168 * HOUR);
  g_assert_cmpint (md_crl_entry_get_limit (&week, 48 * HOUR), ==, 1000000 + 48 * HOUR);
  g_assert_cmpint (md_crl_entry_get_limit (&week, 200 * HOUR), ==, 1000000 + 168 * HOUR);
  for (guint32 random = 0; random < 1024; random++)
    {
      const gint64 at = md_crl_entry_get_renewal (&week, 48 * HOUR, random);

      earliest = MIN (earliest, at);
      latest = MAX (latest, at);
    }
  g_assert_cmpint (earliest, ==, 1000000 + 48 * HOUR / 10 * 7);
  g_assert_cmpint (latest, >, 1000000 + 48 * HOUR / 10 * 85 / 10);
  g_assert_cmpint (latest, <=, 1000000 + 48 * HOUR / 10 * 9);
  g_assert_cmpint (md_crl_retry_delay (1, 0), ==, 60);
  g_assert_cmpint (md_crl_retry_delay (2, 0), ==, 120);
  g_assert_cmpint (md_crl_retry_delay (1, 5), ==, 55);
  for (guint tries = 0; tries < 100; tries++)
    {
      const gint64 delay = md_crl_retry_delay (tries, G_MAXUINT32 - tries);

      g_assert_cmpint (delay, >, 50);
      g_assert_cmpint (delay, <=, HOUR);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/pki/crl-store/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("number-never-goes-back", test_number_never_goes_back);
  ADD ("mark-lasts", test_mark_lasts);
  ADD ("readable-whatever-the-umask", test_readable_whatever_the_umask);
  ADD ("generations", test_generations);
  ADD ("refused-by-name", test_refused_by_name);
  ADD ("unfit", test_unfit);
  ADD ("hostile-bytes", test_hostile_bytes);
  ADD ("files-of-others", test_files_of_others);
  ADD ("disk-says-no", test_disk_says_no);
  g_test_add_func ("/pki/crl-store/times", test_times);
  return g_test_run ();
}
