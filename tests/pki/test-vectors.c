// SPDX-License-Identifier: Apache-2.0
/* NIST's signature vectors (CAVP, as Debian's python3-cryptography-vectors packs them) through our
 * wrappers: the right ones accepted; those with a changed message, key or signature, or a padding
 * moved or cut, refused. Keys and hashes that are on no list of ours are left out. */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>
#include <md-base.h>
#include "pki-maker.h"

#define DATA "/usr/lib/python3/dist-packages/cryptography_vectors/asymmetric/"

/* One vector: what stands before "=", and what behind it. */
typedef struct
{
  GHashTable *fields;
  char *group; /* "P-256,SHA-256", "mod = 2048" */
} Vector;

static GBytes *
unhex (const Vector *vector, const char *name)
{
  const char *text = g_hash_table_lookup (vector->fields, name);
  g_autofree char *even = NULL;
  GByteArray *bytes = g_byte_array_new ();

  g_assert_nonnull (text);
  even = g_strconcat (strlen (text) % 2 != 0 ? "0" : "", text, NULL);
  for (gsize i = 0; even[i] != '\0'; i += 2)
    {
      const guint8 byte
          = (guint8)(g_ascii_xdigit_value (even[i]) << 4 | g_ascii_xdigit_value (even[i + 1]));

      g_byte_array_append (bytes, &byte, 1);
    }
  return g_byte_array_free_to_bytes (bytes);
}

static BIGNUM *
number (const Vector *vector, const char *name)
{
  g_autoptr (GBytes) bytes = unhex (vector, name);

  return BN_bin2bn (g_bytes_get_data (bytes, NULL), (int)g_bytes_get_size (bytes), NULL);
}

/* Calls @check for every vector of the file. */
static void
each_vector (const char *path, void (*check) (const Vector *vector, guint *counts), guint *counts)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  Vector vector = { .fields = g_hash_table_new (g_str_hash, g_str_equal) };

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit_set (text, "\r\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      char *line = g_strstrip (lines[i]);
      char *equals = strchr (line, '=');

      if (line[0] == '[')
        {
          line[strlen (line) - 1] = '\0';
          vector.group = line + 1;
        }
      else if (equals != NULL && line[0] != '#')
        {
          *equals = '\0';
          g_hash_table_insert (vector.fields, g_strstrip (line), g_strstrip (equals + 1));
          if (g_str_equal (line, "Result"))
            check (&vector, counts);
        }
    }
  g_hash_table_unref (vector.fields);
}

static EVP_PKEY *
key_from (const char *type, OSSL_PARAM_BLD *builder)
{
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name (NULL, type, NULL);
  OSSL_PARAM *params = OSSL_PARAM_BLD_to_param (builder);
  EVP_PKEY *key = NULL;

  g_assert_cmpint (EVP_PKEY_fromdata_init (context), ==, 1);
  if (EVP_PKEY_fromdata (context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
    key = NULL; /* "Q changed": no longer a point of the curve */
  OSSL_PARAM_free (params);
  OSSL_PARAM_BLD_free (builder);
  EVP_PKEY_CTX_free (context);
  return key;
}

/* Whether a certificate over the key says that the signature fits the message. */
static gboolean
certificate_accepts (EVP_PKEY *key, const Vector *vector, const EVP_MD *hash, GBytes *signature)
{
  static MakerIdentity *issuer;
  g_autoptr (GBytes) message = unhex (vector, "Msg");
  guint8 digest[EVP_MAX_MD_SIZE];
  guint size = 0;
  MakerSpec spec = { .cn = "vector", .key = key };
  g_autoptr (MakerIdentity) who = NULL;

  if (issuer == NULL)
    issuer = maker_authority ("vectors");
  spec.issuer = issuer;
  who = maker_issue (&spec);
  g_assert_cmpint (EVP_Digest (g_bytes_get_data (message, NULL), g_bytes_get_size (message), digest,
                               &size, hash, NULL),
                   ==, 1);
  return md_certificate_verify_hash (who->certificate, digest, size, signature, NULL);
}

static void
judge (const Vector *vector, gboolean accepted, guint *counts)
{
  const char *result = g_hash_table_lookup (vector->fields, "Result");
  const gboolean good = result[0] == 'P';

  if (accepted != good)
    g_error ("[%s] %s, and we say %s", vector->group, result, accepted ? "yes" : "no");
  counts[good ? 0 : 1]++;
}

static void
check_ecdsa (const Vector *vector, guint *counts)
{
  static const struct
  {
    const char *group, *curve;
    const EVP_MD *(*hash) (void);
  } rows[] = {
    { "P-256,SHA-256", "P-256", EVP_sha256 }, { "P-256,SHA-384", "P-256", EVP_sha384 },
    { "P-256,SHA-512", "P-256", EVP_sha512 }, { "P-384,SHA-256", "P-384", EVP_sha256 },
    { "P-384,SHA-384", "P-384", EVP_sha384 }, { "P-384,SHA-512", "P-384", EVP_sha512 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (vector->group, rows[i].group))
      {
        const int size = g_str_equal (rows[i].curve, "P-256") ? 32 : 48;
        OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new ();
        guint8 point[97] = { 0x04 };
        BIGNUM *x = number (vector, "Qx");
        BIGNUM *y = number (vector, "Qy");
        ECDSA_SIG *pair = ECDSA_SIG_new ();
        unsigned char *der = NULL;
        g_autoptr (GBytes) signature = NULL;
        EVP_PKEY *key;
        int length;

        BN_bn2binpad (x, point + 1, size);
        BN_bn2binpad (y, point + 1 + size, size);
        OSSL_PARAM_BLD_push_utf8_string (builder, OSSL_PKEY_PARAM_GROUP_NAME, rows[i].curve, 0);
        OSSL_PARAM_BLD_push_octet_string (builder, OSSL_PKEY_PARAM_PUB_KEY, point,
                                          1 + 2 * (gsize)size);
        key = key_from ("EC", builder);
        ECDSA_SIG_set0 (pair, number (vector, "R"), number (vector, "S"));
        length = i2d_ECDSA_SIG (pair, &der);
        signature = g_bytes_new (der, (gsize)length);
        judge (vector, key != NULL && certificate_accepts (key, vector, rows[i].hash (), signature),
               counts);
        OPENSSL_free (der);
        ECDSA_SIG_free (pair);
        EVP_PKEY_free (key);
        BN_free (x);
        BN_free (y);
      }
}

static void
check_rsa (const Vector *vector, guint *counts)
{
  static const struct
  {
    const char *name;
    const EVP_MD *(*hash) (void);
  } hashes[] = { { "SHA256", EVP_sha256 }, { "SHA384", EVP_sha384 }, { "SHA512", EVP_sha512 } };
  const char *hash = g_hash_table_lookup (vector->fields, "SHAAlg");

  if (!g_str_equal (vector->group, "mod = 2048") && !g_str_equal (vector->group, "mod = 3072"))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (hashes); i++)
    if (g_str_equal (hash, hashes[i].name))
      {
        OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new ();
        g_autoptr (GBytes) signature = unhex (vector, "S");
        BIGNUM *n = number (vector, "n");
        BIGNUM *e = number (vector, "e");
        EVP_PKEY *key;

        OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_RSA_N, n);
        OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_RSA_E, e);
        key = key_from ("RSA", builder);
        judge (vector,
               key != NULL && certificate_accepts (key, vector, hashes[i].hash (), signature),
               counts);
        EVP_PKEY_free (key);
        BN_free (n);
        BN_free (e);
      }
}

static void
run (const char *path, void (*check) (const Vector *, guint *), guint n_good, guint n_bad)
{
  guint counts[2] = { 0, 0 };

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("python3-cryptography-vectors is not installed; packaging/deps brings it");
      return;
    }
  each_vector (path, check, counts);
  g_test_message ("%u accepted, %u refused", counts[0], counts[1]);
  g_assert_cmpuint (counts[0], ==, n_good);
  g_assert_cmpuint (counts[1], ==, n_bad);
}

static void
test_ecdsa (void)
{
  run (DATA "ECDSA/FIPS_186-3/SigVer.rsp", check_ecdsa, 18, 72);
}

static void
test_rsa (void)
{
  run (DATA "RSA/FIPS_186-2/SigVer15_186-3.rsp", check_rsa, 18, 90);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pki/vectors/ecdsa", test_ecdsa);
  g_test_add_func ("/pki/vectors/rsa", test_rsa);
  return g_test_run ();
}
