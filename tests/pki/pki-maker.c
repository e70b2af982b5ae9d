// SPDX-License-Identifier: Apache-2.0
#define OPENSSL_SUPPRESS_DEPRECATED

#include "pki-maker.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <openssl/conf.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#define DAY (24 * 60 * 60)

static char *scratch;

gint64
maker_now (void)
{
  static gint64 now;

  if (now == 0)
    now = g_get_real_time () / G_USEC_PER_SEC;
  return now;
}

void
maker_clean_up (void)
{
  GDir *dir = scratch != NULL ? g_dir_open (scratch, 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (scratch, name, NULL);
      g_unlink (path);
    }
  if (dir != NULL)
    g_dir_close (dir);
  if (scratch != NULL)
    g_rmdir (scratch);
  g_clear_pointer (&scratch, g_free);
}

char *
maker_write (const char *name, const void *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  char *path;

  if (scratch == NULL)
    {
      scratch = g_dir_make_tmp ("madoguchi-pki-XXXXXX", &error);
      g_assert_no_error (error);
      g_assert_cmpint (atexit (maker_clean_up), ==, 0);
    }
  path = g_build_filename (scratch, name, NULL);
  g_file_set_contents (path, data, (gssize)size, &error);
  g_assert_no_error (error);
  return path;
}

static void
add_name (X509_NAME *name, const char *field, const char *value)
{
  if (value != NULL)
    g_assert_cmpint (X509_NAME_add_entry_by_txt (name, field, MBSTRING_UTF8,
                                                 (const unsigned char *)value, -1, -1, 0),
                     ==, 1);
}

static void
add_extension (X509 *x509, X509 *issuer, int nid, const char *value)
{
  X509V3_CTX context;
  X509_EXTENSION *extension;
  CONF *config;

  if (value == NULL)
    return;
  config = NCONF_new (NULL);
  X509V3_set_ctx (&context, issuer, x509, NULL, NULL, 0);
  /* certificate policies are read with a configuration at hand, even an empty one */
  X509V3_set_nconf (&context, config);
  extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
  g_assert_nonnull (extension);
  g_assert_cmpint (X509_add_ext (x509, extension, -1), ==, 1);
  X509_EXTENSION_free (extension);
  NCONF_free (config);
}

static void
add_extensions (X509 *x509, const MakerSpec *spec)
{
  X509 *issuer = spec->issuer != NULL ? spec->issuer->x509 : x509;
  g_autofree char *ocsp
      = spec->ocsp_url != NULL ? g_strdup_printf ("OCSP;URI:%s", spec->ocsp_url) : NULL;

  add_extension (x509, issuer, NID_basic_constraints,
                 spec->ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
  add_extension (x509, issuer, NID_subject_key_identifier, "hash");
  add_extension (x509, issuer, NID_authority_key_identifier, "keyid");
  add_extension (x509, issuer, NID_key_usage, spec->key_usage);
  add_extension (x509, issuer, NID_ext_key_usage, spec->eku);
  add_extension (x509, issuer, NID_certificate_policies, spec->policy);
  add_extension (x509, issuer, NID_subject_alt_name, spec->san);
  if (spec->names != NULL)
    g_assert_cmpint (X509_add1_ext_i2d (x509, NID_subject_alt_name, spec->names, 0, 0), ==, 1);
  add_extension (x509, issuer, NID_info_access, ocsp);
}

static void
set_serial (X509 *x509)
{
  unsigned char bytes[8];
  BIGNUM *number;

  RAND_bytes (bytes, sizeof bytes);
  bytes[0] = (unsigned char)((bytes[0] & 0x7f) | 0x40);
  number = BN_bin2bn (bytes, sizeof bytes, NULL);
  BN_to_ASN1_INTEGER (number, X509_get_serialNumber (x509));
  BN_free (number);
}

MakerIdentity *
maker_issue (const MakerSpec *spec)
{
  MakerIdentity *self = g_new0 (MakerIdentity, 1);
  X509_NAME *subject;
  g_autoptr (GError) error = NULL;
  unsigned char *der = NULL;
  int size;
  g_autoptr (GBytes) bytes = NULL;

  if (spec->key != NULL)
    EVP_PKEY_up_ref (spec->key);
  self->key = spec->key != NULL     ? spec->key
              : spec->rsa_bits != 0 ? EVP_RSA_gen ((unsigned int)spec->rsa_bits)
              : spec->curve != NULL ? EVP_EC_gen (spec->curve)
                                    : EVP_EC_gen ("P-256");
  self->x509 = X509_new ();
  g_assert_nonnull (self->key);
  X509_set_version (self->x509, X509_VERSION_3);
  set_serial (self->x509);
  ASN1_TIME_set (X509_getm_notBefore (self->x509),
                 spec->not_before != 0 ? spec->not_before : maker_now () - DAY);
  ASN1_TIME_set (X509_getm_notAfter (self->x509),
                 spec->not_after != 0 ? spec->not_after : maker_now () + 365 * DAY);
  subject = X509_get_subject_name (self->x509);
  add_name (subject, "C", "JP");
  add_name (subject, "O", spec->organization);
  add_name (subject, "OU", spec->unit);
  add_name (subject, "CN", spec->cn);
  add_name (subject, "serialNumber", spec->serial_number);
  X509_set_issuer_name (
      self->x509, spec->issuer != NULL ? X509_get_subject_name (spec->issuer->x509) : subject);
  X509_set_pubkey (self->x509, self->key);
  add_extensions (self->x509, spec);
  g_assert_cmpint (X509_sign (self->x509, spec->issuer != NULL ? spec->issuer->key : self->key,
                              spec->digest != NULL ? spec->digest : EVP_sha256 ()),
                   >, 0);
  size = i2d_X509 (self->x509, &der);
  bytes = g_bytes_new (der, (gsize)size);
  OPENSSL_free (der);
  self->certificate = md_certificate_new_from_der (bytes, &error);
  g_assert_no_error (error);
  return self;
}

void
maker_identity_free (MakerIdentity *self)
{
  if (self == NULL)
    return;
  md_certificate_unref (self->certificate);
  EVP_PKEY_free (self->key);
  X509_free (self->x509);
  g_free (self);
}

MakerIdentity *
maker_authority (const char *cn)
{
  const MakerSpec spec = { .cn = cn, .key_usage = "critical,keyCertSign,cRLSign", .ca = TRUE };

  return maker_issue (&spec);
}

MakerIdentity *
maker_end (MakerIdentity *issuer, const char *cn, const char *key_usage)
{
  const MakerSpec spec
      = { .cn = cn, .serial_number = cn, .key_usage = key_usage, .issuer = issuer };

  return maker_issue (&spec);
}

MdKey *
maker_key (const MakerIdentity *identity)
{
  BIO *bio = BIO_new (BIO_s_mem ());
  char *data = NULL;
  long size;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  MdKey *key;

  PEM_write_bio_PrivateKey (bio, identity->key, NULL, NULL, 0, NULL, NULL);
  size = BIO_get_mem_data (bio, &data);
  path = maker_write ("key.pem", data, (gsize)size);
  BIO_free (bio);
  key = md_key_new_from_file (path, NULL, &error);
  g_assert_no_error (error);
  g_unlink (path);
  return key;
}

typedef struct
{
  EVP_PKEY *key;
  const gboolean *fail;
  guint *calls;
} FakeCard;

static gboolean
fake_card_works (FakeCard *card, GError **error)
{
  if (card->calls != NULL)
    ++*card->calls;
  if (card->fail == NULL || !*card->fail)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "the card was taken out");
  return FALSE;
}

static GBytes *
fake_card_sign (gpointer user_data, const guint8 *digest, GError **error)
{
  FakeCard *card = user_data;
  EVP_PKEY_CTX *context;
  guint8 signature[80];
  gsize size = sizeof signature;

  if (!fake_card_works (card, error))
    return NULL;
  context = EVP_PKEY_CTX_new (card->key, NULL);
  EVP_PKEY_sign_init (context);
  g_assert_cmpint (EVP_PKEY_sign (context, signature, &size, digest, 32), ==, 1);
  EVP_PKEY_CTX_free (context);
  return g_bytes_new (signature, size);
}

static gboolean
fake_card_ecdh (gpointer user_data, const guint8 *point, guint8 *out_shared, GError **error)
{
  FakeCard *card = user_data;
  EVP_PKEY_CTX *context;
  EVP_PKEY *peer = EVP_PKEY_new ();
  gsize size = 32;

  if (!fake_card_works (card, error))
    {
      EVP_PKEY_free (peer);
      return FALSE;
    }
  EVP_PKEY_copy_parameters (peer, card->key);
  g_assert_cmpint (EVP_PKEY_set1_encoded_public_key (peer, point, 65), ==, 1);
  context = EVP_PKEY_CTX_new (card->key, NULL);
  EVP_PKEY_derive_init (context);
  g_assert_cmpint (EVP_PKEY_derive_set_peer (context, peer), ==, 1);
  g_assert_cmpint (EVP_PKEY_derive (context, out_shared, &size), ==, 1);
  g_assert_cmpuint (size, ==, 32);
  EVP_PKEY_CTX_free (context);
  EVP_PKEY_free (peer);
  return TRUE;
}

static void
fake_card_free (gpointer data)
{
  FakeCard *card = data;

  EVP_PKEY_free (card->key);
  g_free (card);
}

MdKey *
maker_external_key (const MakerIdentity *identity, const gboolean *fail, guint *calls)
{
  static const MdKeyOps ops = { fake_card_sign, fake_card_ecdh };
  FakeCard *card = g_new0 (FakeCard, 1);
  g_autoptr (GError) error = NULL;
  MdKey *key;

  EVP_PKEY_up_ref (identity->key);
  card->key = identity->key;
  card->fail = fail;
  card->calls = calls;
  key = md_key_new_external (identity->certificate, &ops, card, fake_card_free, &error);
  g_assert_no_error (error);
  return key;
}

GPtrArray *
maker_list (const MakerIdentity *first, ...)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);
  va_list args;

  va_start (args, first);
  for (const MakerIdentity *next = first; next != NULL; next = va_arg (args, const MakerIdentity *))
    g_ptr_array_add (list, md_certificate_ref (next->certificate));
  va_end (args);
  return list;
}

GBytes *
maker_crl (const MakerIdentity *issuer, gint64 this_update, gint64 next_update,
           const MakerIdentity *revoked, long number)
{
  return maker_crl_for (issuer, this_update, next_update, revoked, number,
                        CRL_REASON_KEY_COMPROMISE);
}

GBytes *
maker_crl_for (const MakerIdentity *issuer, gint64 this_update, gint64 next_update,
               const MakerIdentity *revoked, long number, int crl_reason)
{
  X509_CRL *crl = X509_CRL_new ();
  ASN1_TIME *time = ASN1_TIME_set (NULL, this_update);
  ASN1_INTEGER *crl_number = ASN1_INTEGER_new ();
  unsigned char *der = NULL;
  GBytes *bytes;
  int size;

  X509_CRL_set_version (crl, X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name (crl, X509_get_subject_name (issuer->x509));
  X509_CRL_set1_lastUpdate (crl, time);
  if (next_update != 0)
    {
      ASN1_TIME_set (time, next_update);
      X509_CRL_set1_nextUpdate (crl, time);
    }
  ASN1_INTEGER_set (crl_number, number);
  g_assert_cmpint (X509_CRL_add1_ext_i2d (crl, NID_crl_number, crl_number, 0, 0), ==, 1);
  if (revoked != NULL)
    {
      X509_REVOKED *entry = X509_REVOKED_new ();
      ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new ();

      X509_REVOKED_set_serialNumber (entry, X509_get_serialNumber (revoked->x509));
      ASN1_TIME_set (time, this_update - 60);
      X509_REVOKED_set_revocationDate (entry, time);
      ASN1_ENUMERATED_set (reason, crl_reason);
      X509_REVOKED_add1_ext_i2d (entry, NID_crl_reason, reason, 0, 0);
      ASN1_ENUMERATED_free (reason);
      X509_CRL_add0_revoked (crl, entry);
    }
  X509_CRL_sort (crl);
  g_assert_cmpint (X509_CRL_sign (crl, issuer->key, EVP_sha256 ()), >, 0);
  size = i2d_X509_CRL (crl, &der);
  bytes = g_bytes_new (der, (gsize)size);
  OPENSSL_free (der);
  ASN1_INTEGER_free (crl_number);
  ASN1_TIME_free (time);
  X509_CRL_free (crl);
  return bytes;
}

GBytes *
maker_delta (const MakerIdentity *issuer, GBytes *list)
{
  gsize size = 0;
  const unsigned char *at = g_bytes_get_data (list, &size);
  X509_CRL *crl = d2i_X509_CRL (NULL, &at, (long)size);
  ASN1_INTEGER *base = ASN1_INTEGER_new ();
  unsigned char *der = NULL;
  GBytes *bytes;
  int length;

  ASN1_INTEGER_set (base, 1);
  g_assert_cmpint (X509_CRL_add1_ext_i2d (crl, NID_delta_crl, base, 1, 0), ==, 1);
  g_assert_cmpint (X509_CRL_sign (crl, issuer->key, EVP_sha256 ()), >, 0);
  length = i2d_X509_CRL (crl, &der);
  bytes = g_bytes_new (der, (gsize)length);
  OPENSSL_free (der);
  ASN1_INTEGER_free (base);
  X509_CRL_free (crl);
  return bytes;
}

GBytes *
maker_ocsp (const MakerOcsp *spec)
{
  OCSP_BASICRESP *basic = OCSP_BASICRESP_new ();
  OCSP_CERTID *id = OCSP_cert_to_id (EVP_sha1 (), spec->subject->x509, spec->issuer->x509);
  ASN1_TIME *from = ASN1_GENERALIZEDTIME_set (NULL, spec->this_update);
  ASN1_TIME *until
      = spec->next_update != 0 ? ASN1_GENERALIZEDTIME_set (NULL, spec->next_update) : NULL;
  ASN1_TIME *when = ASN1_GENERALIZEDTIME_set (NULL, spec->this_update - 60);
  const gboolean revoked = spec->status == V_OCSP_CERTSTATUS_REVOKED;
  OCSP_RESPONSE *response;
  unsigned char *der = NULL;
  GBytes *bytes;
  int size;

  g_assert_nonnull (OCSP_basic_add1_status (basic, id, spec->status,
                                            !revoked            ? -1
                                            : spec->reason != 0 ? spec->reason
                                                                : OCSP_REVOKED_STATUS_KEYCOMPROMISE,
                                            revoked ? when : NULL, from, until));
  g_assert_cmpint (OCSP_basic_sign (basic, spec->signer->x509, spec->signer->key,
                                    spec->digest != NULL ? spec->digest : EVP_sha256 (), NULL, 0),
                   ==, 1);
  response = OCSP_response_create (OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
  size = i2d_OCSP_RESPONSE (response, &der);
  bytes = g_bytes_new (der, (gsize)size);
  OPENSSL_free (der);
  OCSP_RESPONSE_free (response);
  OCSP_BASICRESP_free (basic);
  OCSP_CERTID_free (id);
  ASN1_TIME_free (from);
  ASN1_TIME_free (until);
  ASN1_TIME_free (when);
  return bytes;
}
