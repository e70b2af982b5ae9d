// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <openssl/err.h>
#include <md-base.h>
#include "md-certificate.h"
#include "md-cms.h"
#include "md-key-private.h"
#include "md-openssl-private.h"

#define CMS_SIGN_FLAGS (CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP)
/* RSA of 2048 bits (NIST SP 800-57, part 1, table 2) */
#define MIN_SECURITY_BITS 112

struct _MdCmsSigner
{
  MdCertificate *certificate;
  GPtrArray *chain;
  gint64 time;
  gboolean taken; /* with an algorithm that we take */
};

G_DEFINE_BOXED_TYPE (MdCmsSigner, md_cms_signer, md_cms_signer_ref, md_cms_signer_unref)

MdCmsSigner *
md_cms_signer_ref (MdCmsSigner *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
signer_clear (gpointer data)
{
  MdCmsSigner *self = data;

  g_clear_pointer (&self->certificate, md_certificate_unref);
  g_clear_pointer (&self->chain, g_ptr_array_unref);
}

void
md_cms_signer_unref (MdCmsSigner *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, signer_clear);
}

MdCertificate *
md_cms_signer_get_certificate (const MdCmsSigner *self)
{
  return self->certificate;
}

gint64
md_cms_signer_get_time (const MdCmsSigner *self)
{
  return self->time;
}

const GPtrArray *
md_cms_signer_get_chain (const MdCmsSigner *self)
{
  return self->chain;
}

/* --- Signing --- */

static gboolean
add_signing_time (CMS_SignerInfo *info, gint64 signing_time)
{
  g_autoptr (ASN1_TIME) time = ASN1_TIME_set (NULL, (time_t)signing_time);

  return time != NULL
         && CMS_signed_add1_attr_by_NID (info, NID_pkcs9_signingTime, ASN1_STRING_type (time), time,
                                         -1)
                == 1;
}

static gboolean
add_certificates (CMS_ContentInfo *cms, const GPtrArray *chain)
{
  for (guint i = 0; chain != NULL && i < chain->len; i++)
    if (CMS_add1_cert (cms, md_certificate_get_x509 (g_ptr_array_index (chain, i))) != 1)
      return FALSE;
  return TRUE;
}

typedef struct
{
  GBytes *content;
  MdKey *key;
  const MdCertificate *certificate;
  const GPtrArray *chain;
  gint64 time;
  gboolean detached;
} SignRequest;

static CMS_ContentInfo *
build_signed (const SignRequest *request)
{
  const unsigned int flags = CMS_SIGN_FLAGS | (request->detached ? CMS_DETACHED : 0);
  g_autoptr (BIO) content = md_bio_new_bytes (request->content);
  g_autoptr (CMS_ContentInfo) cms = CMS_sign (NULL, NULL, NULL, NULL, flags);
  CMS_SignerInfo *info = NULL;

  if (content == NULL || cms == NULL)
    return NULL;
  info = CMS_add1_signer (cms, md_certificate_get_x509 (request->certificate),
                          md_key_get_pkey (request->key), EVP_sha256 (), flags | CMS_CADES);
  if (info == NULL || !add_certificates (cms, request->chain)
      || !add_signing_time (info, request->time)
      || CMS_final (cms, content, NULL, flags & ~(unsigned int)CMS_PARTIAL) != 1)
    return NULL;
  return g_steal_pointer (&cms);
}

static GBytes *
sign (const SignRequest *request, GError **error)
{
  g_autoptr (CMS_ContentInfo) cms = NULL;
  GBytes *bytes = NULL;
  unsigned char *der = NULL;
  int size = 0;

  md_key_begin (request->key);
  if (g_bytes_get_size (request->content) > MD_PKI_MAX_SIGNED)
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_TOO_LARGE, "too much to sign");
      return NULL;
    }
  if (!md_key_matches (request->key, request->certificate))
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_KEY_MISMATCH,
                           "key and certificate do not belong together");
      return NULL;
    }
  cms = build_signed (request);
  if (cms != NULL)
    size = i2d_CMS_ContentInfo (cms, &der);
  if (size > 0)
    bytes = g_bytes_new (der, (gsize)size);
  OPENSSL_free (der);
  if (bytes == NULL && !md_key_take_error (request->key, error))
    md_pki_set_error (error, MD_PKI_ERROR_FAILED, "the signature cannot be made");
  return bytes;
}

GBytes *
md_cms_sign_detached (GBytes *content, MdKey *key, const MdCertificate *certificate,
                      const GPtrArray *chain, gint64 signing_time, GError **error)
{
  const SignRequest request = { content, key, certificate, chain, signing_time, TRUE };

  return sign (&request, error);
}

GBytes *
md_cms_sign_attached (GBytes *content, MdKey *key, const MdCertificate *certificate,
                      const GPtrArray *chain, gint64 signing_time, GError **error)
{
  const SignRequest request = { content, key, certificate, chain, signing_time, FALSE };

  return sign (&request, error);
}

/* --- Verifying --- */

static CMS_ContentInfo *
parse_signed (GBytes *bytes, GError **error)
{
  gsize size = 0;
  const unsigned char *data = g_bytes_get_data (bytes, &size);
  const unsigned char *at = data;
  g_autoptr (CMS_ContentInfo) cms = NULL;

  ERR_clear_error ();
  if (size > MD_PKI_MAX_SIGNED + 2 * MD_LIMIT_CERTIFICATE)
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_TOO_LARGE,
                           "the signature is too large");
      return NULL;
    }
  if (size > 0)
    cms = d2i_CMS_ContentInfo (NULL, &at, (long)size);
  if (cms == NULL || at != data + size || OBJ_obj2nid (CMS_get0_type (cms)) != NID_pkcs7_signed
      || OBJ_obj2nid (CMS_get0_eContentType (cms)) != NID_pkcs7_data)
    {
      md_pki_set_error (error, MD_PKI_ERROR_MALFORMED, "the bytes are not a signature");
      return NULL;
    }
  return g_steal_pointer (&cms);
}

/* libcrypto checks the message digest; that the type signed is the type found, it leaves to us. */
static gboolean
has_our_attributes (const CMS_SignerInfo *info, gint64 *out_time)
{
  const ASN1_OBJECT *type
      = CMS_signed_get0_data_by_OBJ (info, OBJ_nid2obj (NID_pkcs9_contentType), -3, V_ASN1_OBJECT);
  const ASN1_TIME *time
      = CMS_signed_get0_data_by_OBJ (info, OBJ_nid2obj (NID_pkcs9_signingTime), -3, V_ASN1_UTCTIME);

  if (time == NULL)
    time = CMS_signed_get0_data_by_OBJ (info, OBJ_nid2obj (NID_pkcs9_signingTime), -3,
                                        V_ASN1_GENERALIZEDTIME);
  ERR_clear_error ();
  return type != NULL && OBJ_obj2nid (type) == NID_pkcs7_data
         && md_asn1_time_to_unix (time, out_time);
}

/* What is worth verifying: nothing weaker than what we take. */
static gboolean
is_strong (CMS_SignerInfo *info, const MdCertificate *certificate, gboolean *out_taken)
{
  const MdKeyType type = md_certificate_get_key_type (certificate);
  EVP_PKEY *key = X509_get0_pubkey (md_certificate_get_x509 (certificate));
  X509_ALGOR *algorithm = NULL;
  const ASN1_OBJECT *named = NULL;
  const EVP_MD *digest = NULL;

  CMS_SignerInfo_get0_algs (info, NULL, NULL, &algorithm, NULL);
  X509_ALGOR_get0 (&named, NULL, NULL, algorithm);
  digest = EVP_get_digestbyobj (named);
  *out_taken = type != MD_KEY_TYPE_OTHER && OBJ_obj2nid (named) == NID_sha256;
  ERR_clear_error ();
  return digest != NULL && EVP_MD_get_size (digest) >= (int)MD_PKI_DIGEST_SIZE && key != NULL
         && EVP_PKEY_get_security_bits (key) >= MIN_SECURITY_BITS
         && (type != MD_KEY_TYPE_RSA || EVP_PKEY_get_bits (key) >= 2048);
}

static MdCmsSigner *
find_signer (CMS_ContentInfo *cms, CMS_SignerInfo *info, GError **error)
{
  g_autoptr (MdX509Stack) certificates = CMS_get1_certs (cms);
  g_autoptr (MdCmsSigner) self = g_atomic_rc_box_new0 (MdCmsSigner);

  self->chain = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);
  if (sk_X509_num (certificates) > (int)MD_LIMIT_CHAIN)
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_TOO_LARGE,
                           "the signature carries too many certificates");
      return NULL;
    }
  for (int i = 0; i < sk_X509_num (certificates); i++)
    {
      X509 *x509 = sk_X509_value (certificates, i);
      MdCertificate *certificate = md_certificate_new_from_x509 (x509, error);

      if (certificate == NULL)
        return NULL;
      if (self->certificate == NULL && CMS_SignerInfo_cert_cmp (info, x509) == 0)
        self->certificate = certificate;
      else
        g_ptr_array_add (self->chain, certificate);
    }
  if (self->certificate == NULL)
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_BAD_SIGNATURE,
                           "the signer's certificate is not inside");
      return NULL;
    }
  return g_steal_pointer (&self);
}

/* A store in which each signer's certificate is its own end: CMS_verify() then checks signatures
 * and ESS attributes and no path. The path is the business of MdTrust, which asks for more than
 * CMS_verify() could. */
static X509_STORE *
store_of_signers (const GPtrArray *signers)
{
  g_autoptr (X509_STORE) store = X509_STORE_new ();

  if (store == NULL
      || X509_STORE_set_flags (store, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME) != 1
      || X509_STORE_set_purpose (store, X509_PURPOSE_ANY) != 1)
    return NULL;
  for (guint i = 0; i < signers->len; i++)
    {
      const MdCmsSigner *signer = signers->pdata[i];

      if (X509_STORE_add_cert (store, md_certificate_get_x509 (signer->certificate)) != 1)
        return NULL;
    }
  return g_steal_pointer (&store);
}

/* A signer with attributes of ours; nothing is verified yet. */
static MdCmsSigner *
read_signer (CMS_ContentInfo *cms, CMS_SignerInfo *info, GError **error)
{
  g_autoptr (MdCmsSigner) signer = find_signer (cms, info, error);

  if (signer == NULL)
    return NULL;
  if (!has_our_attributes (info, &signer->time)
      || !is_strong (info, signer->certificate, &signer->taken))
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_BAD_SIGNATURE,
                           "the signature is not CAdES-B, or weaker than with SHA-256");
      return NULL;
    }
  return g_steal_pointer (&signer);
}

/* One signer at least, and no more than @most. */
static GPtrArray *
read_signers (CMS_ContentInfo *cms, guint most, GError **error)
{
  STACK_OF (CMS_SignerInfo) *infos = CMS_get0_SignerInfos (cms);
  const int n = sk_CMS_SignerInfo_num (infos);
  g_autoptr (GPtrArray) signers
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_cms_signer_unref);

  if (n < 1 || n > (int)most)
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED,
                           most == 1 ? "not exactly one signer" : "no signers, or too many");
      return NULL;
    }
  for (int i = 0; i < n; i++)
    {
      MdCmsSigner *signer = read_signer (cms, sk_CMS_SignerInfo_value (infos, i), error);

      if (signer == NULL)
        return NULL;
      g_ptr_array_add (signers, signer);
    }
  return g_steal_pointer (&signers);
}

static GPtrArray *
verify (CMS_ContentInfo *cms, GBytes *content, BIO *out, guint most, GError **error)
{
  g_autoptr (GPtrArray) signers = read_signers (cms, most, error);
  g_autoptr (X509_STORE) store = signers != NULL ? store_of_signers (signers) : NULL;
  g_autoptr (BIO) in = content != NULL ? md_bio_new_bytes (content) : NULL;

  if (signers == NULL)
    return NULL;
  if (store == NULL || (content != NULL && in == NULL)
      || CMS_verify (cms, NULL, store, in, out, CMS_BINARY | CMS_CADES) != 1)
    {
      md_pki_set_error (error, MD_PKI_ERROR_BAD_SIGNATURE, "the signature does not fit");
      return NULL;
    }
  ERR_clear_error ();
  return g_steal_pointer (&signers);
}

/* What a signature is signed with, it says itself: it may be called another release's only when it
 * verifies. */
static GPtrArray *
take_each (GPtrArray *signers, GError **error)
{
  g_autoptr (GPtrArray) given = signers;

  for (guint i = 0; given != NULL && i < given->len; i++)
    if (!((const MdCmsSigner *)given->pdata[i])->taken)
      {
        g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_UNSUPPORTED,
                             "the signature fits, but is not with SHA-256 and a key of ours");
        return NULL;
      }
  return g_steal_pointer (&given);
}

/* The one of whom verify() was asked. */
static MdCmsSigner *
take_only (GPtrArray *signers)
{
  MdCmsSigner *signer = signers != NULL ? md_cms_signer_ref (signers->pdata[0]) : NULL;

  g_clear_pointer (&signers, g_ptr_array_unref);
  return signer;
}

static GPtrArray *
verify_detached (GBytes *signature, GBytes *content, GError **error)
{
  g_autoptr (CMS_ContentInfo) cms = parse_signed (signature, error);

  if (cms == NULL)
    return NULL;
  if (CMS_is_detached (cms) != 1)
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED,
                           "the signature brings its own content");
      return NULL;
    }
  return verify (cms, content, NULL, 1, error);
}

MdCmsSigner *
md_cms_verify_detached (GBytes *signature, GBytes *content, GError **error)
{
  return take_only (take_each (verify_detached (signature, content, error), error));
}

MdCmsSigner *
md_cms_verify_detached_any (GBytes *signature, GBytes *content, gboolean *out_taken, GError **error)
{
  MdCmsSigner *signer = take_only (verify_detached (signature, content, error));

  if (signer != NULL)
    *out_taken = signer->taken;
  return signer;
}

static GPtrArray *
verify_attached (GBytes *signed_data, guint most, GBytes **out_content, GError **error)
{
  g_autoptr (CMS_ContentInfo) cms = parse_signed (signed_data, error);
  g_autoptr (BIO) out = BIO_new (BIO_s_mem ());
  g_autoptr (GPtrArray) signers = NULL;
  char *data = NULL;
  long size;

  if (cms == NULL)
    return NULL;
  if (out == NULL || CMS_is_detached (cms) == 1)
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED,
                           "the signature has no content inside");
      return NULL;
    }
  signers = take_each (verify (cms, NULL, out, most, error), error);
  if (signers == NULL)
    return NULL;
  size = BIO_get_mem_data (out, &data);
  *out_content = g_bytes_new (data, (gsize)MAX (size, 0));
  return g_steal_pointer (&signers);
}

MdCmsSigner *
md_cms_verify_attached (GBytes *signed_data, GBytes **out_content, GError **error)
{
  return take_only (verify_attached (signed_data, 1, out_content, error));
}

GPtrArray *
md_cms_verify_attached_by_each (GBytes *signed_data, GBytes **out_content, GError **error)
{
  return verify_attached (signed_data, MD_CMS_MAX_SIGNERS, out_content, error);
}
