// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <string.h>
#include <md-base.h>
#include "md-certificate.h"
#include "md-openssl-private.h"

/* Everything is taken out once, when the certificate is read, so that it can be shared between
 * threads after. */
struct _MdCertificate
{
  X509 *x509;
  GBytes *der;
  GBytes *spki;
  char *subject;
  char *issuer;
  char *cn;
  char *serial_number;
  char *serial;
  char *fingerprint;
  char *ocsp_url;
  char **san_uris;
  char **san_dns;
  char **policy_oids;
  gint64 not_before;
  gint64 not_after;
  MdKeyType key_type;
};

G_DEFINE_BOXED_TYPE (MdCertificate, md_certificate, md_certificate_ref, md_certificate_unref)

static void
certificate_clear (gpointer data)
{
  MdCertificate *self = data;

  g_clear_pointer (&self->x509, X509_free);
  g_clear_pointer (&self->der, g_bytes_unref);
  g_clear_pointer (&self->spki, g_bytes_unref);
  g_clear_pointer (&self->subject, g_free);
  g_clear_pointer (&self->issuer, g_free);
  g_clear_pointer (&self->cn, g_free);
  g_clear_pointer (&self->serial_number, g_free);
  g_clear_pointer (&self->serial, g_free);
  g_clear_pointer (&self->fingerprint, g_free);
  g_clear_pointer (&self->ocsp_url, g_free);
  g_clear_pointer (&self->san_uris, g_strfreev);
  g_clear_pointer (&self->san_dns, g_strfreev);
  g_clear_pointer (&self->policy_oids, g_strfreev);
}

MdCertificate *
md_certificate_ref (const MdCertificate *self)
{
  gpointer box = md_unconst (self);

  return g_atomic_rc_box_acquire (box);
}

void
md_certificate_unref (MdCertificate *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, certificate_clear);
}

/* An IA5String of a general name; NULL when it has a zero byte inside or is not plain ASCII. */
static char *
dup_ia5 (const ASN1_STRING *string)
{
  const char *data = (const char *)ASN1_STRING_get0_data (string);
  const int size = ASN1_STRING_length (string);

  for (int i = 0; i < size; i++)
    if (data[i] <= 0x20 || data[i] >= 0x7f)
      return NULL;
  return size > 0 ? g_strndup (data, (gsize)size) : NULL;
}

static void
read_alternative_names (MdCertificate *self)
{
  g_autoptr (GENERAL_NAMES) names = X509_get_ext_d2i (self->x509, NID_subject_alt_name, NULL, NULL);
  g_autoptr (GStrvBuilder) uris = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) dns = g_strv_builder_new ();

  for (int i = 0; i < sk_GENERAL_NAME_num (names); i++)
    {
      int type = 0;
      const GENERAL_NAME *name = sk_GENERAL_NAME_value (names, i);
      const ASN1_STRING *value = GENERAL_NAME_get0_value (name, &type);
      g_autofree char *text = NULL;

      if (type != GEN_URI && type != GEN_DNS)
        continue;
      text = dup_ia5 (value);
      if (text != NULL)
        g_strv_builder_add (type == GEN_URI ? uris : dns, text);
    }
  self->san_uris = g_strv_builder_end (uris);
  self->san_dns = g_strv_builder_end (dns);
}

static void
read_policies (MdCertificate *self)
{
  CERTIFICATEPOLICIES *policies
      = X509_get_ext_d2i (self->x509, NID_certificate_policies, NULL, NULL);
  g_autoptr (GStrvBuilder) oids = g_strv_builder_new ();

  for (int i = 0; i < sk_POLICYINFO_num (policies); i++)
    {
      char oid[128] = "";
      const int size
          = OBJ_obj2txt (oid, sizeof oid, sk_POLICYINFO_value (policies, i)->policyid, 1);

      if (size > 0 && size < (int)sizeof oid)
        g_strv_builder_add (oids, oid);
    }
  self->policy_oids = g_strv_builder_end (oids);
  CERTIFICATEPOLICIES_free (policies);
}

static void
read_ocsp_url (MdCertificate *self)
{
  STACK_OF (OPENSSL_STRING) *urls = X509_get1_ocsp (self->x509);

  if (sk_OPENSSL_STRING_num (urls) > 0)
    self->ocsp_url = g_strdup (sk_OPENSSL_STRING_value (urls, 0));
  X509_email_free (urls);
}

static MdKeyType
read_key_type (X509 *x509)
{
  const EVP_PKEY *key = X509_get0_pubkey (x509);
  char group[64] = "";
  gsize size = 0;

  if (key == NULL)
    return MD_KEY_TYPE_OTHER;
  if (EVP_PKEY_get_base_id (key) == EVP_PKEY_RSA)
    return MD_KEY_TYPE_RSA;
  if (EVP_PKEY_get_base_id (key) != EVP_PKEY_EC
      || EVP_PKEY_get_group_name (key, group, sizeof group, &size) != 1)
    return MD_KEY_TYPE_OTHER;
  if (OBJ_txt2nid (group) == NID_X9_62_prime256v1)
    return MD_KEY_TYPE_EC_P256;
  return OBJ_txt2nid (group) == NID_secp384r1 ? MD_KEY_TYPE_EC_P384 : MD_KEY_TYPE_OTHER;
}

static GBytes *
encode_spki (X509 *x509)
{
  unsigned char *der = NULL;
  const int size = i2d_X509_PUBKEY (X509_get_X509_PUBKEY (x509), &der);
  GBytes *bytes = size > 0 ? g_bytes_new (der, (gsize)size) : NULL;

  OPENSSL_free (der);
  return bytes;
}

static gboolean
read_fields (MdCertificate *self, GError **error)
{
  const X509_NAME *subject = X509_get_subject_name (self->x509);
  guint8 digest[SHA256_DIGEST_LENGTH];
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (self->der, &size);

  /* Fills the cached extension flags now, on this thread. */
  if (X509_check_purpose (self->x509, -1, 0) != 1
      || !md_asn1_time_to_unix (X509_get0_notBefore (self->x509), &self->not_before)
      || !md_asn1_time_to_unix (X509_get0_notAfter (self->x509), &self->not_after)
      || (self->spki = encode_spki (self->x509)) == NULL)
    {
      md_pki_set_error (error, MD_PKI_ERROR_MALFORMED, "the certificate has impossible contents");
      return FALSE;
    }
  SHA256 (data, size, digest);
  self->fingerprint = md_hex_encode (digest, sizeof digest);
  self->subject = md_x509_name_to_text (subject);
  self->issuer = md_x509_name_to_text (X509_get_issuer_name (self->x509));
  self->cn = md_x509_name_dup_only (subject, NID_commonName);
  self->serial_number = md_x509_name_dup_only (subject, NID_serialNumber);
  self->serial = md_asn1_integer_to_hex (X509_get0_serialNumber (self->x509));
  self->key_type = read_key_type (self->x509);
  read_alternative_names (self);
  read_policies (self);
  read_ocsp_url (self);
  ERR_clear_error ();
  return TRUE;
}

MdCertificate *
md_certificate_new_from_x509 (X509 *x509, GError **error)
{
  g_autoptr (MdCertificate) self = g_atomic_rc_box_new0 (MdCertificate);
  unsigned char *der = NULL;
  const int size = i2d_X509 (x509, &der);

  X509_up_ref (x509);
  self->x509 = x509;
  if (size > 0)
    self->der = g_bytes_new (der, (gsize)size);
  OPENSSL_free (der);
  if (size <= 0 || size > (int)MD_LIMIT_CERTIFICATE)
    {
      md_pki_set_error (error, size <= 0 ? MD_PKI_ERROR_MALFORMED : MD_PKI_ERROR_TOO_LARGE,
                        "the certificate cannot be taken in");
      return NULL;
    }
  return read_fields (self, error) ? g_steal_pointer (&self) : NULL;
}

MdCertificate *
md_certificate_new_from_der (GBytes *der, GError **error)
{
  gsize size = 0;
  const unsigned char *data = g_bytes_get_data (der, &size);
  const unsigned char *end = data;
  g_autoptr (X509) x509 = NULL;

  if (size > MD_LIMIT_CERTIFICATE)
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_TOO_LARGE,
                           "the certificate is too large");
      return NULL;
    }
  if (size > 0)
    x509 = d2i_X509 (NULL, &end, (long)size);
  if (x509 == NULL || end != data + size)
    {
      md_pki_set_error (error, MD_PKI_ERROR_MALFORMED, "the bytes are not a certificate");
      return NULL;
    }
  g_autoptr (MdCertificate) certificate = md_certificate_new_from_x509 (x509, error);
  /* Another spelling of the same certificate would have another fingerprint than the one it claims.
   */
  if (certificate != NULL && !g_bytes_equal (certificate->der, der))
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED,
                           "the certificate is not in its distinguished encoding (DER)");
      return NULL;
    }
  return g_steal_pointer (&certificate);
}

static GPtrArray *
list_from_pem (const char *pem, gsize size, GError **error)
{
  g_autoptr (GPtrArray) list
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);
  g_autoptr (BIO) bio = size <= G_MAXINT ? BIO_new_mem_buf (pem, (int)size) : NULL;

  while (bio != NULL)
    {
      g_autoptr (X509) x509 = PEM_read_bio_X509 (bio, NULL, NULL, NULL);
      MdCertificate *certificate;

      if (x509 == NULL)
        break;
      certificate = md_certificate_new_from_x509 (x509, error);
      if (certificate == NULL)
        return NULL;
      g_ptr_array_add (list, certificate);
    }
  if (list->len == 0)
    {
      md_pki_set_error (error, MD_PKI_ERROR_MALFORMED, "no certificate in this text");
      return NULL;
    }
  ERR_clear_error ();
  return g_steal_pointer (&list);
}

MdCertificate *
md_certificate_new_from_pem (const char *pem, GError **error)
{
  g_autoptr (GPtrArray) list = list_from_pem (pem, strlen (pem), error);

  return list != NULL ? md_certificate_ref (g_ptr_array_index (list, 0)) : NULL;
}

GPtrArray *
md_certificate_list_from_file (const char *path, GError **error)
{
  g_autofree char *contents = NULL;
  g_autoptr (GError) cause = NULL;
  g_autoptr (GPtrArray) list = NULL;
  gsize size = 0;

  if (!g_file_get_contents (path, &contents, &size, &cause))
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_IO, cause->message);
      return NULL;
    }
  if (size > 0 && contents[0] == 0x30)
    {
      g_autoptr (GBytes) der = g_bytes_new_take (g_steal_pointer (&contents), size);
      MdCertificate *certificate = md_certificate_new_from_der (der, error);

      if (certificate != NULL)
        {
          list = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);
          g_ptr_array_add (list, certificate);
        }
    }
  else
    list = list_from_pem (contents, size, error);
  if (list == NULL)
    g_prefix_error (error, "%s: ", path);
  return g_steal_pointer (&list);
}

MdCertificate *
md_certificate_new_from_file (const char *path, GError **error)
{
  g_autoptr (GPtrArray) list = md_certificate_list_from_file (path, error);

  return list != NULL ? md_certificate_ref (g_ptr_array_index (list, 0)) : NULL;
}

char *
md_certificate_dup_pem (const MdCertificate *self)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  char *data = NULL;
  long size;

  if (bio == NULL || PEM_write_bio_X509 (bio, self->x509) != 1)
    return g_strdup ("");
  size = BIO_get_mem_data (bio, &data);
  return g_strndup (data, (gsize)size);
}

X509 *
md_certificate_get_x509 (const MdCertificate *self)
{
  return self->x509;
}

GBytes *
md_certificate_get_der (const MdCertificate *self)
{
  return self->der;
}

const char *
md_certificate_get_subject (const MdCertificate *self)
{
  return self->subject;
}

const char *
md_certificate_get_issuer (const MdCertificate *self)
{
  return self->issuer;
}

const char *
md_certificate_get_subject_cn (const MdCertificate *self)
{
  return self->cn;
}

const char *
md_certificate_get_subject_serial_number (const MdCertificate *self)
{
  return self->serial_number;
}

const char *
md_certificate_get_serial (const MdCertificate *self)
{
  return self->serial;
}

gint64
md_certificate_get_not_before (const MdCertificate *self)
{
  return self->not_before;
}

gint64
md_certificate_get_not_after (const MdCertificate *self)
{
  return self->not_after;
}

const char *
md_certificate_get_fingerprint (const MdCertificate *self)
{
  return self->fingerprint;
}

GBytes *
md_certificate_get_spki (const MdCertificate *self)
{
  return self->spki;
}

MdKeyType
md_certificate_get_key_type (const MdCertificate *self)
{
  return self->key_type;
}

GBytes *
md_certificate_dup_ec_point (const MdCertificate *self)
{
  unsigned char *point = NULL;
  gsize size;
  GBytes *bytes;

  if (self->key_type != MD_KEY_TYPE_EC_P256 && self->key_type != MD_KEY_TYPE_EC_P384)
    return NULL;
  size = EVP_PKEY_get1_encoded_public_key (X509_get0_pubkey (self->x509), &point);
  bytes = size > 0 && point[0] == 0x04 ? g_bytes_new (point, size) : NULL;
  OPENSSL_free (point);
  return bytes;
}

const char *const *
md_certificate_get_san_uris (const MdCertificate *self)
{
  return (const char *const *)self->san_uris;
}

const char *const *
md_certificate_get_san_dns (const MdCertificate *self)
{
  return (const char *const *)self->san_dns;
}

const char *const *
md_certificate_get_policy_oids (const MdCertificate *self)
{
  return (const char *const *)self->policy_oids;
}

const char *
md_certificate_get_ocsp_url (const MdCertificate *self)
{
  return self->ocsp_url;
}

gboolean
md_certificate_has_key_usage (const MdCertificate *self, guint bits)
{
  static const struct
  {
    guint ours;
    guint32 theirs;
  } map[] = {
    { MD_KEY_USAGE_DIGITAL_SIGNATURE, KU_DIGITAL_SIGNATURE },
    { MD_KEY_USAGE_NON_REPUDIATION, KU_NON_REPUDIATION },
    { MD_KEY_USAGE_KEY_ENCIPHERMENT, KU_KEY_ENCIPHERMENT },
    { MD_KEY_USAGE_KEY_AGREEMENT, KU_KEY_AGREEMENT },
    { MD_KEY_USAGE_CERT_SIGN, KU_KEY_CERT_SIGN },
    { MD_KEY_USAGE_CRL_SIGN, KU_CRL_SIGN },
  };
  guint32 usage;

  /* libcrypto answers "all bits" when the extension is absent; we want it present. */
  if ((X509_get_extension_flags (self->x509) & EXFLAG_KUSAGE) == 0)
    return FALSE;
  usage = X509_get_key_usage (self->x509);
  for (gsize i = 0; i < G_N_ELEMENTS (map); i++)
    if ((bits & map[i].ours) != 0 && (usage & map[i].theirs) == 0)
      return FALSE;
  return TRUE;
}

gboolean
md_certificate_is_ca (const MdCertificate *self)
{
  return (X509_get_extension_flags (self->x509) & EXFLAG_CA) != 0;
}

gboolean
md_certificate_equal (const MdCertificate *a, const MdCertificate *b)
{
  return a == b || g_bytes_equal (a->der, b->der);
}

gboolean
md_certificate_same_key (const MdCertificate *a, const MdCertificate *b)
{
  /* The key itself, not its bytes: a point may be written compressed in one of the two. */
  return g_bytes_equal (a->spki, b->spki)
         || EVP_PKEY_eq (X509_get0_pubkey (a->x509), X509_get0_pubkey (b->x509)) == 1;
}

gboolean
md_certificate_same_subject (const MdCertificate *a, const MdCertificate *b)
{
  return X509_NAME_cmp (X509_get_subject_name (a->x509), X509_get_subject_name (b->x509)) == 0;
}

/* The hash whose digests have this size; NULL when there is none that we accept. */
static const EVP_MD *
hash_of_size (gsize size)
{
  switch (size)
    {
    case 32:
      return EVP_sha256 ();
    case 48:
      return EVP_sha384 ();
    case 64:
      return EVP_sha512 ();
    default:
      return NULL;
    }
}

gboolean
md_certificate_verify_digest (const MdCertificate *self, const guint8 *digest, GBytes *signature,
                              GError **error)
{
  return md_certificate_verify_hash (self, digest, MD_PKI_DIGEST_SIZE, signature, error);
}

gboolean
md_certificate_verify_hash (const MdCertificate *self, const guint8 *digest, gsize digest_size,
                            GBytes *signature, GError **error)
{
  EVP_PKEY *key = X509_get0_pubkey (self->x509);
  g_autoptr (EVP_PKEY_CTX) context = NULL;
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (signature, &size);
  const gboolean rsa = self->key_type == MD_KEY_TYPE_RSA;

  const EVP_MD *hash = hash_of_size (digest_size);

  if (hash == NULL || self->key_type == MD_KEY_TYPE_OTHER
      || (rsa && EVP_PKEY_get_bits (key) < 2048))
    {
      md_pki_set_error (error, MD_PKI_ERROR_UNSUPPORTED, "the certificate's key is not accepted");
      return FALSE;
    }
  context = EVP_PKEY_CTX_new (key, NULL);
  if (context == NULL || EVP_PKEY_verify_init (context) != 1
      || (rsa && EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_PADDING) != 1)
      || EVP_PKEY_CTX_set_signature_md (context, hash) != 1)
    {
      md_pki_set_error (error, MD_PKI_ERROR_FAILED, "the signature cannot be checked");
      return FALSE;
    }
  if (size == 0 || EVP_PKEY_verify (context, data, size, digest, digest_size) != 1)
    {
      md_pki_set_error (error, MD_PKI_ERROR_BAD_SIGNATURE, "the signature does not fit");
      return FALSE;
    }
  return TRUE;
}
