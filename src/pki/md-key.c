// SPDX-License-Identifier: Apache-2.0
#include "config.h"

/* An external key is an EC_KEY with a method of our own. libcrypto 3.0 sees that the method is not
 * its default, keeps such a key away from its providers and calls the method, for signatures and
 * for ECDH inside CMS alike. The interface is marked deprecated in favour of providers; a provider
 * would need some 600 lines to do the same for two operations, so the mark is switched off for this
 * file alone. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>
#include <md-base.h>
#include "md-certificate.h"
#include "md-key-private.h"
#include "md-openssl-private.h"

#define P256_POINT_SIZE 65
#define P256_SECRET_SIZE 32
/* Far more than the few keys of a process need: a heap that is full refuses. */
#define SECURE_HEAP (256u * 1024)
#define SECURE_LEAST 32u

struct _MdKey
{
  EVP_PKEY *pkey;
  GBytes *spki;
  MdCertificate *certificate; /* external keys only */
  MdKeyOps ops;
  gpointer user_data;
  GDestroyNotify destroy;
  GError *pending;
};

G_DEFINE_BOXED_TYPE (MdKey, md_key, md_key_ref, md_key_unref)

static int ec_key_index = -1;

static void
key_clear (gpointer data)
{
  MdKey *self = data;

  g_clear_pointer (&self->pkey, EVP_PKEY_free);
  g_clear_pointer (&self->spki, g_bytes_unref);
  g_clear_pointer (&self->certificate, md_certificate_unref);
  g_clear_error (&self->pending);
  if (self->destroy != NULL)
    self->destroy (self->user_data);
  self->destroy = NULL;
}

MdKey *
md_key_ref (MdKey *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
md_key_unref (MdKey *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, key_clear);
}

EVP_PKEY *
md_key_get_pkey (const MdKey *self)
{
  return self->pkey;
}

void
md_key_begin (MdKey *self)
{
  g_clear_error (&self->pending);
  ERR_clear_error ();
}

gboolean
md_key_take_error (MdKey *self, GError **error)
{
  if (self->pending == NULL)
    return FALSE;
  ERR_clear_error ();
  g_propagate_error (error, g_steal_pointer (&self->pending));
  return TRUE;
}

gboolean
md_key_is_accepted (const EVP_PKEY *pkey)
{
  char group[64] = "";
  gsize size = 0;
  int nid;

  if (EVP_PKEY_get_base_id (pkey) == EVP_PKEY_RSA)
    return EVP_PKEY_get_bits (pkey) >= 2048;
  if (EVP_PKEY_get_base_id (pkey) != EVP_PKEY_EC
      || EVP_PKEY_get_group_name (pkey, group, sizeof group, &size) != 1)
    return FALSE;
  nid = OBJ_txt2nid (group);
  return nid == NID_X9_62_prime256v1 || nid == NID_secp384r1;
}

static GBytes *
encode_public (EVP_PKEY *pkey)
{
  unsigned char *der = NULL;
  const int size = i2d_PUBKEY (pkey, &der);
  GBytes *bytes = size > 0 ? g_bytes_new (der, (gsize)size) : NULL;

  OPENSSL_free (der);
  return bytes;
}

typedef struct
{
  const char *text;
  gboolean asked;
} Passphrase;

static int
give_passphrase (char *buffer, int size, int writing, void *user_data)
{
  Passphrase *passphrase = user_data;
  const gsize length = passphrase->text != NULL ? strlen (passphrase->text) : 0;

  passphrase->asked = TRUE;
  if (size < 0 || length == 0 || length > (gsize)size)
    return -1;
  memcpy (buffer, passphrase->text, length);
  return (int)length;
}

/* The secret numbers of every key lie in pages of libcrypto's own, locked and left out of dumps,
 * once that heap exists. Where the system locks no pages it still exists. */
static void
start_secure_heap (void)
{
  static gsize once;

  if (g_once_init_enter (&once))
    {
      if (CRYPTO_secure_malloc_initialized () == 0)
        (void)CRYPTO_secure_malloc_init (SECURE_HEAP, SECURE_LEAST);
      g_once_init_leave (&once, 1);
    }
}

static EVP_PKEY *
read_pem_key (const char *pem, gsize size, const char *passphrase_text, GError **error)
{
  g_autoptr (BIO) bio = BIO_new_mem_buf (pem, (int)size);
  Passphrase passphrase = { .text = passphrase_text };
  EVP_PKEY *pkey = PEM_read_bio_PrivateKey (bio, NULL, give_passphrase, &passphrase);

  if (pkey == NULL)
    md_pki_set_error (error, passphrase.asked ? MD_PKI_ERROR_PASSPHRASE : MD_PKI_ERROR_MALFORMED,
                      passphrase.asked ? "the key file's passphrase does not fit"
                                       : "no private key in this file");
  return pkey;
}

MdKey *
md_key_new_from_file (const char *path, const char *passphrase, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (EVP_PKEY) pkey = NULL;
  g_autoptr (MdKey) self = NULL;
  char *contents = NULL;
  gsize size = 0;

  start_secure_heap ();
  if (!g_file_get_contents (path, &contents, &size, &cause))
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_IO, cause->message);
      return NULL;
    }
  if (size <= MD_PKI_MAX_KEY_FILE)
    pkey = read_pem_key (contents, size, passphrase, error);
  else
    g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_TOO_LARGE, "the key file is too large");
  md_wipe (contents, size);
  g_free (contents);
  if (pkey != NULL && !md_key_is_accepted (pkey))
    {
      g_clear_pointer (&pkey, EVP_PKEY_free);
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_UNSUPPORTED,
                           "only P-256, P-384 and RSA from 2048 bits");
    }
  if (pkey == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  self = g_atomic_rc_box_new0 (MdKey);
  self->spki = encode_public (pkey);
  self->pkey = g_steal_pointer (&pkey);
  return g_steal_pointer (&self);
}

/* --- New keys --- */

MdKey *
md_key_generate (GError **error)
{
  g_autoptr (EVP_PKEY) pkey = NULL;
  MdKey *self = NULL;

  start_secure_heap ();
  pkey = EVP_EC_gen ("P-256");
  if (pkey == NULL)
    {
      md_pki_set_error (error, MD_PKI_ERROR_FAILED, "no key could be made");
      return NULL;
    }
  self = g_atomic_rc_box_new0 (MdKey);
  self->spki = encode_public (pkey);
  self->pkey = g_steal_pointer (&pkey);
  return self;
}

MdSecret *
md_key_dup_pem (const MdKey *self, GError **error)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_secmem ());
  char *text = NULL;
  long size = 0;

  if (bio == NULL || self->certificate != NULL
      || PEM_write_bio_PrivateKey (bio, self->pkey, NULL, NULL, 0, NULL, NULL) != 1
      || (size = BIO_get_mem_data (bio, &text)) <= 0)
    {
      md_pki_set_error (error, MD_PKI_ERROR_FAILED, "the key could not be written");
      return NULL;
    }
  return md_secret_new_from_data (text, (gsize)size);
}

GBytes *
md_key_get_spki (const MdKey *self)
{
  return self->spki;
}

/* --- External keys --- */

static GBytes *
external_sign (MdKey *self, const guint8 *digest, GError **error)
{
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (GError) cause = NULL;

  if (self->ops.sign_digest == NULL)
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_UNSUPPORTED, "this key cannot sign");
      return NULL;
    }
  signature = self->ops.sign_digest (self->user_data, digest, error);
  if (signature == NULL)
    return NULL;
  /* A card that answers with something else must not get a worthless signature into a container. */
  if (!md_certificate_verify_digest (self->certificate, digest, signature, &cause))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
  return g_steal_pointer (&signature);
}

/* libcrypto's own "sign" calls this one and encodes what it gives. */
static ECDSA_SIG *
ec_sign_sig (const unsigned char *digest, int digest_size, const BIGNUM *kinv, const BIGNUM *r,
             EC_KEY *ec)
{
  MdKey *self = EC_KEY_get_ex_data (ec, ec_key_index);
  g_autoptr (GBytes) bytes = NULL;
  const unsigned char *data;
  gsize size = 0;

  if (self == NULL || digest_size != (int)MD_PKI_DIGEST_SIZE || self->pending != NULL)
    return NULL;
  bytes = external_sign (self, digest, &self->pending);
  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &size);
  return d2i_ECDSA_SIG (NULL, &data, (long)size);
}

static int
ec_compute_key (unsigned char **out_secret, size_t *out_size, const EC_POINT *peer,
                const EC_KEY *ec)
{
  MdKey *self = EC_KEY_get_ex_data (ec, ec_key_index);
  guint8 point[P256_POINT_SIZE];
  unsigned char *secret;

  if (self == NULL || self->pending != NULL
      || EC_POINT_point2oct (EC_KEY_get0_group (ec), peer, POINT_CONVERSION_UNCOMPRESSED, point,
                             sizeof point, NULL)
             != sizeof point)
    return 0;
  if (self->ops.ecdh == NULL)
    {
      g_set_error_literal (&self->pending, MD_PKI_ERROR, MD_PKI_ERROR_UNSUPPORTED,
                           "this key cannot open sealed parts");
      return 0;
    }
  secret = OPENSSL_zalloc (P256_SECRET_SIZE);
  if (secret == NULL)
    return 0;
  if (!self->ops.ecdh (self->user_data, point, secret, &self->pending))
    {
      OPENSSL_clear_free (secret, P256_SECRET_SIZE);
      return 0;
    }
  *out_secret = secret;
  *out_size = P256_SECRET_SIZE;
  return 1;
}

static EC_KEY_METHOD *
get_ec_method (void)
{
  static EC_KEY_METHOD *method;
  static gsize ready;
  int (*sign) (int, const unsigned char *, int, unsigned char *, unsigned int *, const BIGNUM *,
               const BIGNUM *, EC_KEY *)
      = NULL;
  int (*sign_setup) (EC_KEY *, BN_CTX *, BIGNUM **, BIGNUM **) = NULL;

  if (g_once_init_enter (&ready))
    {
      method = EC_KEY_METHOD_new (EC_KEY_OpenSSL ());
      if (method != NULL)
        {
          EC_KEY_METHOD_get_sign (method, &sign, &sign_setup, NULL);
          EC_KEY_METHOD_set_sign (method, sign, sign_setup, ec_sign_sig);
          EC_KEY_METHOD_set_compute_key (method, ec_compute_key);
        }
      ec_key_index = EC_KEY_get_ex_new_index (0, NULL, NULL, NULL, NULL);
      g_once_init_leave (&ready, 1);
    }
  return ec_key_index >= 0 ? method : NULL;
}

/* A key with the certificate's public half and our method instead of a private half. */
static EVP_PKEY *
new_external_pkey (const MdCertificate *certificate, MdKey *self)
{
  EC_KEY_METHOD *method = get_ec_method ();
  g_autoptr (GBytes) point = md_certificate_dup_ec_point (certificate);
  EC_KEY *ec = EC_KEY_new_by_curve_name (NID_X9_62_prime256v1);
  EVP_PKEY *pkey = EVP_PKEY_new ();
  gsize size = 0;
  const guint8 *data = point != NULL ? g_bytes_get_data (point, &size) : NULL;

  if (method == NULL || data == NULL || ec == NULL || pkey == NULL
      || EC_KEY_oct2key (ec, data, size, NULL) != 1 || EC_KEY_set_method (ec, method) != 1
      || EC_KEY_set_ex_data (ec, ec_key_index, self) != 1 || EVP_PKEY_set1_EC_KEY (pkey, ec) != 1)
    g_clear_pointer (&pkey, EVP_PKEY_free);
  EC_KEY_free (ec);
  return pkey;
}

MdKey *
md_key_new_external (const MdCertificate *certificate, const MdKeyOps *ops, gpointer user_data,
                     GDestroyNotify destroy, GError **error)
{
  g_autoptr (MdKey) self = g_atomic_rc_box_new0 (MdKey);

  self->ops = *ops;
  self->user_data = user_data;
  self->destroy = destroy;
  if (md_certificate_get_key_type (certificate) != MD_KEY_TYPE_EC_P256)
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_UNSUPPORTED,
                           "only P-256 keys can be used through a card");
      return NULL;
    }
  self->certificate = md_certificate_ref (certificate);
  self->spki = g_bytes_ref (md_certificate_get_spki (certificate));
  self->pkey = new_external_pkey (certificate, self);
  if (self->pkey == NULL)
    {
      md_pki_set_error (error, MD_PKI_ERROR_FAILED, "the card's key cannot be set up");
      return NULL;
    }
  return g_steal_pointer (&self);
}

gboolean
md_key_matches (const MdKey *self, const MdCertificate *certificate)
{
  return g_bytes_equal (self->spki, md_certificate_get_spki (certificate))
         || (self->certificate == NULL
             && EVP_PKEY_eq (self->pkey, X509_get0_pubkey (md_certificate_get_x509 (certificate)))
                    == 1);
}

GBytes *
md_key_sign_digest (MdKey *self, const guint8 *digest, GError **error)
{
  g_autoptr (EVP_PKEY_CTX) context = NULL;
  guint8 signature[1024];
  gsize size = sizeof signature;
  const gboolean rsa = EVP_PKEY_get_base_id (self->pkey) == EVP_PKEY_RSA;

  if (self->certificate != NULL)
    return external_sign (self, digest, error);
  context = EVP_PKEY_CTX_new (self->pkey, NULL);
  if (context == NULL || EVP_PKEY_sign_init (context) != 1
      || (rsa && EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_PADDING) != 1)
      || EVP_PKEY_CTX_set_signature_md (context, EVP_sha256 ()) != 1
      || EVP_PKEY_sign (context, signature, &size, digest, MD_PKI_DIGEST_SIZE) != 1)
    {
      md_pki_set_error (error, MD_PKI_ERROR_FAILED, "the key cannot sign");
      return NULL;
    }
  return g_bytes_new (signature, size);
}
