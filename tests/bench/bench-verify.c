// SPDX-License-Identifier: Apache-2.0
// What a certificate of a card costs beyond the card: read, path, profile and the lists that lie
// here, against a bare X509_verify_cert() that is given the one list that counts. Once with a
// single list, once with PARTITIONS of them, as an authority has that keeps a list for each
// municipality. Prints medians and their ratios; fails above the bars.
#include <md-base.h>
#include <md-pki.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include "pki-maker.h"

#define AUTH_POLICY "1.2.392.200149.8.5.1.3.30"
#define AUTH_UNIT "JPKI for user authentication"
#define PARTITIONS 2000u
#define TURNS 101u
#define EACH 5u
#define HOUR (60 * 60)
#define BAR 2.0 // for both: how many lists there are must not matter

typedef struct
{
  MakerIdentity *authority;
  GBytes *leaf;     // of the card, in DER
  GPtrArray *lists; // GBytes, its own in the middle
  MdTrust *trust;
  MdRevocation *revocation;
  X509_STORE *store; // the bare side
} Bench;

static void
require (gboolean good)
{
  if (!good)
    g_error ("a step of the benchmark failed");
}

// The directory name of one list: what JPKI's distribution points are, too.
static GENERAL_NAMES *
name_of_list (guint number)
{
  GENERAL_NAMES *names = GENERAL_NAMES_new ();
  GENERAL_NAME *name = GENERAL_NAME_new ();
  X509_NAME *directory = X509_NAME_new ();
  g_autofree char *cn = g_strdup_printf ("%05u CRLDP", number);

  require (
      X509_NAME_add_entry_by_txt (directory, "C", MBSTRING_UTF8, (const guint8 *)"JP", -1, -1, 0)
          == 1
      && X509_NAME_add_entry_by_txt (directory, "CN", MBSTRING_UTF8, (const guint8 *)cn, -1, -1, 0)
             == 1);
  GENERAL_NAME_set0_value (name, GEN_DIRNAME, directory);
  require (sk_GENERAL_NAME_push (names, name) > 0);
  return names;
}

static DIST_POINT_NAME *
point_of_list (guint number)
{
  DIST_POINT_NAME *point = DIST_POINT_NAME_new ();

  point->type = 0;
  point->name.fullname = name_of_list (number);
  return point;
}

// A card's certificate whose list is NUMBER.
static GBytes *
make_leaf (MakerIdentity *authority, guint number)
{
  const MakerSpec spec = { .cn = "997794E9AGCIEG13221003A",
                           .key_usage = "critical,digitalSignature",
                           .policy = "critical," AUTH_POLICY,
                           .rsa_bits = 2048,
                           .issuer = authority };
  g_autoptr (MakerIdentity) leaf = maker_issue (&spec);
  CRL_DIST_POINTS *points = CRL_DIST_POINTS_new ();
  DIST_POINT *point = DIST_POINT_new ();
  unsigned char *der = NULL;
  GBytes *bytes;
  int size;

  point->distpoint = point_of_list (number);
  require (sk_DIST_POINT_push (points, point) > 0
           && X509_add1_ext_i2d (leaf->x509, NID_crl_distribution_points, points, 0, 0) == 1
           && X509_sign (leaf->x509, authority->key, EVP_sha256 ()) > 0);
  size = i2d_X509 (leaf->x509, &der);
  bytes = g_bytes_new (der, (gsize)size);
  OPENSSL_free (der);
  CRL_DIST_POINTS_free (points);
  return bytes;
}

static GBytes *
make_list (const MakerIdentity *authority, guint number)
{
  const gint64 now = maker_now ();
  g_autoptr (GBytes) plain = maker_crl (authority, now - HOUR, now + 24 * HOUR, NULL, 7);
  gsize size = 0;
  const unsigned char *data = g_bytes_get_data (plain, &size);
  X509_CRL *list = d2i_X509_CRL (NULL, &data, (long)size);
  ISSUING_DIST_POINT *point = ISSUING_DIST_POINT_new ();
  unsigned char *der = NULL;
  GBytes *bytes;
  int length;

  point->distpoint = point_of_list (number);
  require (X509_CRL_add1_ext_i2d (list, NID_issuing_distribution_point, point, 1, 0) == 1
           && X509_CRL_sign (list, authority->key, EVP_sha256 ()) > 0);
  length = i2d_X509_CRL (list, &der);
  bytes = g_bytes_new (der, (gsize)length);
  OPENSSL_free (der);
  ISSUING_DIST_POINT_free (point);
  X509_CRL_free (list);
  return bytes;
}

static void
set_up (Bench *bench)
{
  const MakerSpec spec = { .organization = "JPKI",
                           .unit = AUTH_UNIT,
                           .key_usage = "critical,keyCertSign,cRLSign",
                           .ca = TRUE,
                           .rsa_bits = 2048 };
  const guint own = PARTITIONS / 2;

  bench->authority = maker_issue (&spec);
  bench->leaf = make_leaf (bench->authority, own);
  bench->lists = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  for (guint i = 0; i < PARTITIONS; i++)
    g_ptr_array_add (bench->lists, make_list (bench->authority, i));
  bench->trust = md_trust_new (MD_TRUST_PROFILE_JPKI_AUTH);
  md_trust_add_anchor (bench->trust, bench->authority->certificate);
  require (md_trust_add_policy (bench->trust, AUTH_POLICY, NULL));
  bench->revocation = md_revocation_new ();
  md_revocation_set_ocsp_enabled (bench->revocation, FALSE);
  bench->store = X509_STORE_new ();
  require (X509_STORE_add_cert (bench->store, bench->authority->x509) == 1);
}

static void
tear_down (Bench *bench)
{
  maker_identity_free (bench->authority);
  g_bytes_unref (bench->leaf);
  g_ptr_array_unref (bench->lists);
  md_trust_unref (bench->trust);
  md_revocation_unref (bench->revocation);
  X509_STORE_free (bench->store);
}

static void
take_list (Bench *bench, guint number)
{
  require (
      md_revocation_add_crl (bench->revocation, g_ptr_array_index (bench->lists, number), NULL));
}

// The bare side knows the right list beforehand.
static void
give_store_its_list (Bench *bench)
{
  gsize size = 0;
  const unsigned char *data
      = g_bytes_get_data (g_ptr_array_index (bench->lists, PARTITIONS / 2), &size);
  X509_CRL *list = d2i_X509_CRL (NULL, &data, (long)size);

  require (X509_STORE_add_crl (bench->store, list) == 1);
  X509_CRL_free (list);
}

static void
verify_ours (Bench *bench)
{
  g_autoptr (MdCertificate) certificate = md_certificate_new_from_der (bench->leaf, NULL);
  g_autoptr (MdVerdict) path = md_trust_check (bench->trust, certificate, NULL, maker_now ());
  g_autoptr (MdVerdict) verdict = md_revocation_check (bench->revocation, path, NULL, maker_now ());

  if (md_verdict_get_status (verdict) != MD_VERDICT_VALID)
    g_error ("ours: %s", md_verdict_get_detail (verdict));
}

static void
verify_bare (Bench *bench)
{
  gsize size = 0;
  const unsigned char *data = g_bytes_get_data (bench->leaf, &size);
  X509 *leaf = d2i_X509 (NULL, &data, (long)size);
  X509_STORE_CTX *context = X509_STORE_CTX_new ();

  require (X509_STORE_CTX_init (context, bench->store, leaf, NULL) == 1);
  X509_STORE_CTX_set_flags (context, X509_V_FLAG_POLICY_CHECK | X509_V_FLAG_CRL_CHECK);
  X509_STORE_CTX_set_time (context, 0, (time_t)maker_now ());
  if (X509_verify_cert (context) != 1)
    g_error ("bare: %s", X509_verify_cert_error_string (X509_STORE_CTX_get_error (context)));
  X509_STORE_CTX_free (context);
  X509_free (leaf);
}

static double
time_of (void (*work) (Bench *), Bench *bench, guint each)
{
  const gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < each; i++)
    work (bench);
  return (double)(g_get_monotonic_time () - start) / each;
}

static int
compare (const void *a, const void *b)
{
  const double *left = a, *right = b;

  return (*left > *right) - (*left < *right);
}

// By turns, so that both see the same machine. Returns the ratio.
static double
measure (const char *name, Bench *bench)
{
  double ours[TURNS];
  double bare[TURNS];
  double ratios[TURNS];

  verify_ours (bench);
  verify_bare (bench);
  for (guint i = 0; i < TURNS; i++)
    {
      ours[i] = time_of (verify_ours, bench, EACH);
      bare[i] = time_of (verify_bare, bench, EACH);
      ratios[i] = ours[i] / bare[i];
    }
  qsort (ours, TURNS, sizeof *ours, compare);
  qsort (bare, TURNS, sizeof *bare, compare);
  qsort (ratios, TURNS, sizeof *ratios, compare);
  g_print ("verify: %s: ours %.0f us, bare %.0f us, ratio %.2f\n", name, ours[TURNS / 2],
           bare[TURNS / 2], ratios[TURNS / 2]);
  if (ratios[TURNS / 2] > BAR)
    g_print ("verify: %s: above the bar of %.1f\n", name, BAR);
  return ratios[TURNS / 2];
}

int
main (void)
{
  Bench bench = { 0 };
  double one, many;

  set_up (&bench);
  give_store_its_list (&bench);
  take_list (&bench, PARTITIONS / 2);
  one = measure ("one list", &bench);
  md_revocation_clear_crls (bench.revocation);
  for (guint i = 0; i < PARTITIONS; i++)
    take_list (&bench, i);
  many = measure ("2000 lists", &bench);
  tear_down (&bench);
  return one > BAR || many > BAR ? 1 : 0;
}
