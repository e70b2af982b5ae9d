// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>
#include <md-seal.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include "pki-maker.h"

/* Sealing one application against the sum of its OpenSSL primitives, in one process and by turns:
 * for each part an AES-256-GCM pass, a SHA-256 pass and one P-256 key pair with its ECDH for each
 * recipient; one P-256 signature. What is left is our own: CMS, manifests, XML, JSON, the ZIP, and
 * checking what was just sealed.
 *
 * usage: bench-seal [TURNS [EACH]]; prints medians and their ratio; fails above the gate. */

#define APPLICATION_SIZE 20480
#define NUMBER_SIZE 160
#define EVIDENCE_SIZE 4096
#define MAX_TURNS 101
#define PART_GATE 1.6 /* one part of 20 KiB to one recipient, signed, against its primitives */
#define WHOLE_GATE                                                                                 \
  2.0 /* one application: manifests, XML and ZIP come to it, and checking it all                   \
       */

typedef struct
{
  MakerIdentity *clerk;
  MakerIdentity *supervisor;
  MakerIdentity *business;
  MakerIdentity *vault;
  MdKey *key;
  GPtrArray *readers;
  GPtrArray *vaults;
  GBytes *application;
  GBytes *number;
  GBytes *evidence;
  EVP_MD *sha256;
  EVP_CIPHER *gcm;
} Bench;

static GBytes *
filled (gsize size)
{
  guint8 *data = g_malloc (size);

  memset (data, 'a', size);
  return g_bytes_new_take (data, size);
}

static void
set_up (Bench *bench)
{
  bench->clerk = maker_end (NULL, "S0001", "critical,digitalSignature");
  bench->supervisor = maker_end (NULL, "S0101", "critical,keyAgreement");
  bench->business = maker_end (NULL, "business", "critical,keyAgreement");
  bench->vault = maker_end (NULL, "vault", "critical,keyAgreement");
  bench->key = maker_key (bench->clerk);
  bench->readers = maker_list (bench->business, bench->supervisor, NULL);
  bench->vaults = maker_list (bench->vault, NULL);
  bench->application = filled (APPLICATION_SIZE);
  bench->number = filled (NUMBER_SIZE);
  bench->evidence = filled (EVIDENCE_SIZE);
  bench->sha256 = EVP_MD_fetch (NULL, "SHA256", NULL);
  bench->gcm = EVP_CIPHER_fetch (NULL, "AES-256-GCM", NULL);
}

static void
tear_down (Bench *bench)
{
  maker_identity_free (bench->clerk);
  maker_identity_free (bench->supervisor);
  maker_identity_free (bench->business);
  maker_identity_free (bench->vault);
  md_key_unref (bench->key);
  g_ptr_array_unref (bench->readers);
  g_ptr_array_unref (bench->vaults);
  g_bytes_unref (bench->application);
  g_bytes_unref (bench->number);
  g_bytes_unref (bench->evidence);
  EVP_MD_free (bench->sha256);
  EVP_CIPHER_free (bench->gcm);
}

static void
require (gboolean good)
{
  if (!good)
    g_error ("a step of the benchmark failed");
}

static MdManifest *
new_manifest (void)
{
  MdManifest *manifest = md_manifest_new ();

  manifest->intake = md_uuid7_new (NULL);
  manifest->receipt_number = g_strdup ("001-000001-8");
  manifest->procedure = g_strdup ("pension.exemption");
  manifest->procedure_version = g_strdup ("1");
  manifest->office = g_strdup ("139998");
  manifest->terminal = g_strdup ("T001");
  manifest->clerk = g_strdup ("S0001");
  manifest->policy_version = 1;
  manifest->wall = g_strdup ("2026-11-21T05:30:00.123Z");
  manifest->boot_id = g_strdup ("bench");
  manifest->policy_digest = g_strnfill (64, 'a');
  manifest->nonce_state = g_strdup ("absent");
  manifest->nonce = g_strdup ("");
  manifest->identification_method = g_strdup ("jpki-auth");
  manifest->identification_verdict = g_strdup ("valid");
  manifest->identification_revocation = g_strdup ("ocsp");
  return manifest;
}

static void
seal_ours (Bench *bench)
{
  g_autoptr (MdManifest) manifest = new_manifest ();
  g_autoptr (MdContainerBuilder) builder = md_container_builder_new (manifest);
  g_autoptr (GBytes) container = NULL;

  require (md_container_builder_add_part (builder, MD_SEAL_PART_APPLICATION, bench->application,
                                          bench->readers, NULL)
           && md_container_builder_add_part (builder, MD_SEAL_PART_NUMBER, bench->number,
                                             bench->vaults, NULL)
           && md_container_builder_add_part (builder, MD_SEAL_PART_EVIDENCE, bench->evidence,
                                             bench->readers, NULL));
  container = md_container_builder_sign (builder, bench->key, bench->clerk->certificate,
                                         maker_now (), NULL);
  require (container != NULL);
}

static void
agree (EVP_PKEY *recipient)
{
  EVP_PKEY *ephemeral = EVP_EC_gen ("P-256");
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new (ephemeral, NULL);
  guint8 shared[32];
  gsize size = sizeof shared;

  require (EVP_PKEY_derive_init (context) == 1 && EVP_PKEY_derive_set_peer (context, recipient) == 1
           && EVP_PKEY_derive (context, shared, &size) == 1);
  EVP_PKEY_CTX_free (context);
  EVP_PKEY_free (ephemeral);
}

static void
encrypt_and_hash (Bench *bench, GBytes *part)
{
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  const guint8 key[32] = { 1 };
  const guint8 nonce[12] = { 2 };
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (part, &size);
  g_autofree guint8 *sealed = g_malloc (size + 16);
  guint8 digest[32];
  guint8 tag[16];
  unsigned int digest_size = 0;
  int done = 0;

  require (EVP_EncryptInit_ex2 (context, bench->gcm, key, nonce, NULL) == 1
           && EVP_EncryptUpdate (context, sealed, &done, data, (int)size) == 1
           && EVP_EncryptFinal_ex (context, sealed + done, &done) == 1
           && EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_GET_TAG, 16, tag) == 1
           && EVP_Digest (sealed, size, digest, &digest_size, bench->sha256, NULL) == 1);
  EVP_CIPHER_CTX_free (context);
}

static void
seal_primitives (Bench *bench)
{
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new (bench->clerk->key, NULL);
  const guint8 digest[32] = { 3 };
  guint8 signature[80];
  gsize size = sizeof signature;

  encrypt_and_hash (bench, bench->application);
  encrypt_and_hash (bench, bench->number);
  encrypt_and_hash (bench, bench->evidence);
  for (int i = 0; i < 2; i++) /* application and evidence */
    {
      agree (bench->business->key);
      agree (bench->supervisor->key);
    }
  agree (bench->vault->key);
  require (EVP_PKEY_sign_init (context) == 1
           && EVP_PKEY_sign (context, signature, &size, digest, sizeof digest) == 1);
  EVP_PKEY_CTX_free (context);
}

/* The same for a part alone, with a signature over it: comparable with bars measured elsewhere. */
static void
part_ours (Bench *bench)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bench->application, &size);
  g_autoptr (GBytes) sealed = md_cms_seal (data, size, bench->vaults, NULL);
  g_autoptr (GBytes) signature = md_cms_sign_detached (
      sealed, bench->key, bench->clerk->certificate, NULL, maker_now (), NULL);

  require (signature != NULL);
}

static void
part_primitives (Bench *bench)
{
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new (bench->clerk->key, NULL);
  const guint8 digest[32] = { 3 };
  guint8 signature[80];
  gsize size = sizeof signature;

  encrypt_and_hash (bench, bench->application);
  agree (bench->vault->key);
  require (EVP_PKEY_sign_init (context) == 1
           && EVP_PKEY_sign (context, signature, &size, digest, sizeof digest) == 1);
  EVP_PKEY_CTX_free (context);
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
  const double *left = a;
  const double *right = b;

  return (*left > *right) - (*left < *right);
}

/* Returns the median of the turns' ratios: what slows a machine down for a while slows both sides
 * of a turn. A first turn only warms up. */
static double
compare_by_turns (const char *name, void (*ours) (Bench *), void (*primitives) (Bench *),
                  Bench *bench, const guint turns[static 2])
{
  double own[MAX_TURNS];
  double bare[MAX_TURNS];
  double ratio[MAX_TURNS];
  const guint count = CLAMP (turns[0], 1, MAX_TURNS);

  (void)time_of (ours, bench, turns[1]);
  (void)time_of (primitives, bench, turns[1]);
  for (guint i = 0; i < count; i++)
    {
      own[i] = time_of (ours, bench, turns[1]);
      bare[i] = time_of (primitives, bench, turns[1]);
      ratio[i] = own[i] / bare[i];
    }
  qsort (own, count, sizeof own[0], compare);
  qsort (bare, count, sizeof bare[0], compare);
  qsort (ratio, count, sizeof ratio[0], compare);
  g_print ("%s: ours %.1f us, primitives %.1f us, ratio %.2f\n", name, own[count / 2],
           bare[count / 2], ratio[count / 2]);
  return ratio[count / 2];
}

int
main (int argc, char **argv)
{
  Bench bench = { 0 };
  guint64 turns = 25;
  guint64 each = 60;
  guint numbers[2];
  double part = 0;
  double whole = 0;

  if ((argc > 1 && !g_ascii_string_to_unsigned (argv[1], 10, 1, MAX_TURNS, &turns, NULL))
      || (argc > 2 && !g_ascii_string_to_unsigned (argv[2], 10, 1, 1000000, &each, NULL)))
    {
      g_printerr ("usage: bench-seal [TURNS [EACH]]\n");
      return 2;
    }
  numbers[0] = (guint)turns;
  numbers[1] = (guint)each;
  set_up (&bench);
  seal_ours (&bench);
  seal_primitives (&bench);
  part = compare_by_turns ("seal one part (20 KiB, 1 recipient) and sign it", part_ours,
                           part_primitives, &bench, numbers);
  whole = compare_by_turns ("seal one application (3 parts, 5 recipients) and sign it", seal_ours,
                            seal_primitives, &bench, numbers);
  tear_down (&bench);
  if (part > PART_GATE)
    g_print ("seal: one part is above the gate of %.2f\n", PART_GATE);
  if (whole > WHOLE_GATE)
    g_print ("seal: one application is above the gate of %.2f\n", WHOLE_GATE);
  return part > PART_GATE || whole > WHOLE_GATE ? 1 : 0;
}
