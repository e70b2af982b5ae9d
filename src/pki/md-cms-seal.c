// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <md-base.h>
#include "md-certificate.h"
#include "md-cms.h"
#include "md-key-private.h"
#include "md-openssl-private.h"
#include "md-sealed-private.h"

/* libcrypto's own choices are the SHA-1 KDF and PKCS#1 v1.5; ours are set for each recipient. */
static gboolean
add_recipient (CMS_ContentInfo *cms, const MdCertificate *certificate, GError **error)
{
  CMS_RecipientInfo *info
      = CMS_add1_recipient_cert (cms, md_certificate_get_x509 (certificate), CMS_KEY_PARAM);
  EVP_PKEY_CTX *context = info != NULL ? CMS_RecipientInfo_get0_pkey_ctx (info) : NULL;
  gboolean set = FALSE;

  if (context != NULL && CMS_RecipientInfo_type (info) == CMS_RECIPINFO_AGREE)
    set = EVP_PKEY_CTX_set_ecdh_kdf_md (context, EVP_sha256 ()) == 1;
  else if (context != NULL && CMS_RecipientInfo_type (info) == CMS_RECIPINFO_TRANS)
    set = EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_OAEP_PADDING) == 1
          && EVP_PKEY_CTX_set_rsa_oaep_md (context, EVP_sha256 ()) == 1
          && EVP_PKEY_CTX_set_rsa_mgf1_md (context, EVP_sha256 ()) == 1;
  if (!set)
    md_pki_set_error (error, MD_PKI_ERROR_UNSUPPORTED, "nothing can be sealed to this certificate");
  return set;
}

static gboolean
is_listed_before (const GPtrArray *recipients, guint at)
{
  for (guint i = 0; i < at; i++)
    if (md_certificate_equal (g_ptr_array_index (recipients, i),
                              g_ptr_array_index (recipients, at)))
      return TRUE;
  return FALSE;
}

static gboolean
add_recipients (CMS_ContentInfo *cms, const GPtrArray *recipients, GError **error)
{
  if (recipients->len == 0 || recipients->len > MD_PKI_MAX_RECIPIENTS)
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_TOO_LARGE,
                           "no recipient, or too many");
      return FALSE;
    }
  for (guint i = 0; i < recipients->len; i++)
    {
      const MdCertificate *certificate = g_ptr_array_index (recipients, i);

      if (md_certificate_get_key_type (certificate) == MD_KEY_TYPE_OTHER)
        {
          g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_UNSUPPORTED,
                               "nothing can be sealed to a key of this type");
          return FALSE;
        }
      if (!is_listed_before (recipients, i) && !add_recipient (cms, certificate, error))
        return FALSE;
    }
  return TRUE;
}

static GBytes *
encode_cms (CMS_ContentInfo *cms, GError **error)
{
  unsigned char *der = NULL;
  const int size = i2d_CMS_ContentInfo (cms, &der);
  GBytes *bytes = NULL;

  if (size > 0)
    bytes = g_bytes_new (der, (gsize)size);
  else
    md_pki_set_error (error, MD_PKI_ERROR_FAILED, "the part cannot be encoded");
  OPENSSL_free (der);
  return bytes;
}

GBytes *
md_cms_seal (const guint8 *data, gsize size, const GPtrArray *recipients, GError **error)
{
  g_autoptr (CMS_ContentInfo) cms = NULL;
  g_autoptr (BIO) chain = NULL;

  ERR_clear_error ();
  if (size > MD_LIMIT_CMS - MD_PKI_MAX_RECIPIENTS * 1024u)
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_TOO_LARGE, "the part is too large");
      return NULL;
    }
  cms = CMS_AuthEnvelopedData_create (EVP_aes_256_gcm ());
  if (cms == NULL || CMS_set_detached (cms, 0) != 1)
    {
      md_pki_set_error (error, MD_PKI_ERROR_FAILED, "nothing can be sealed");
      return NULL;
    }
  if (!add_recipients (cms, recipients, error))
    return NULL;
  /* Straight into the cipher: CMS_final() would leave the clear text in a buffer on its stack. */
  chain = CMS_dataInit (cms, NULL);
  if (chain == NULL || (size > 0 && BIO_write (chain, data, (int)size) != (int)size)
      || BIO_flush (chain) != 1 || CMS_dataFinal (cms, chain) != 1)
    {
      md_pki_set_error (error, MD_PKI_ERROR_FAILED, "the part cannot be sealed");
      return NULL;
    }
  return encode_cms (cms, error);
}

static gboolean
info_is_for (CMS_RecipientInfo *info, X509 *x509)
{
  STACK_OF (CMS_RecipientEncryptedKey) * keys;

  if (CMS_RecipientInfo_type (info) == CMS_RECIPINFO_TRANS)
    return CMS_RecipientInfo_ktri_cert_cmp (info, x509) == 0;
  if (CMS_RecipientInfo_type (info) != CMS_RECIPINFO_AGREE)
    return FALSE;
  keys = CMS_RecipientInfo_kari_get0_reks (info);
  for (int i = 0; i < sk_CMS_RecipientEncryptedKey_num (keys); i++)
    if (CMS_RecipientEncryptedKey_cert_cmp (sk_CMS_RecipientEncryptedKey_value (keys, i), x509)
        == 0)
      return TRUE;
  return FALSE;
}

static CMS_ContentInfo *
parse_sealed (GBytes *sealed, GError **error)
{
  gsize size = 0;
  const unsigned char *data = g_bytes_get_data (sealed, &size);
  CMS_ContentInfo *cms;

  if (!md_sealed_check (sealed, NULL, error))
    return NULL;
  cms = d2i_CMS_ContentInfo (NULL, &data, (long)size);
  if (cms == NULL)
    md_pki_set_error (error, MD_PKI_ERROR_MALFORMED, "the bytes are not a sealed part");
  return cms;
}

static gboolean
cms_is_for (CMS_ContentInfo *cms, const MdCertificate *certificate)
{
  STACK_OF (CMS_RecipientInfo) *infos = CMS_get0_RecipientInfos (cms);

  for (int i = 0; i < sk_CMS_RecipientInfo_num (infos); i++)
    if (info_is_for (sk_CMS_RecipientInfo_value (infos, i), md_certificate_get_x509 (certificate)))
      return TRUE;
  return FALSE;
}

gboolean
md_cms_check_sealed (GBytes *sealed, guint *out_recipients, GError **error)
{
  g_autoptr (CMS_ContentInfo) cms = parse_sealed (sealed, error);

  return cms != NULL && md_sealed_check (sealed, out_recipients, error);
}

gboolean
md_cms_is_recipient (GBytes *sealed, const MdCertificate *certificate)
{
  g_autoptr (CMS_ContentInfo) cms = parse_sealed (sealed, NULL);

  return cms != NULL && cms_is_for (cms, certificate);
}

/* How many keys a recipient entry wraps; 0 for a kind that names no certificate. */
static guint
count_keys (CMS_RecipientInfo *info)
{
  if (CMS_RecipientInfo_type (info) == CMS_RECIPINFO_TRANS)
    return 1;
  if (CMS_RecipientInfo_type (info) != CMS_RECIPINFO_AGREE)
    return 0;
  return (guint)MAX (sk_CMS_RecipientEncryptedKey_num (CMS_RecipientInfo_kari_get0_reks (info)), 0);
}

gboolean
md_cms_is_sealed_to (GBytes *sealed, const GPtrArray *certificates)
{
  g_autoptr (CMS_ContentInfo) cms = parse_sealed (sealed, NULL);
  STACK_OF (CMS_RecipientInfo) *infos = cms != NULL ? CMS_get0_RecipientInfos (cms) : NULL;
  guint keys = 0;
  guint wanted = 0;

  for (int i = 0; i < sk_CMS_RecipientInfo_num (infos); i++)
    {
      guint wrapped = count_keys (sk_CMS_RecipientInfo_value (infos, i));

      if (wrapped == 0)
        return FALSE;
      keys += wrapped;
    }
  for (guint i = 0; i < certificates->len; i++)
    {
      if (is_listed_before (certificates, i))
        continue;
      if (cms == NULL || !cms_is_for (cms, g_ptr_array_index (certificates, i)))
        return FALSE;
      wanted++;
    }
  /* Each certificate has a key, so with as many keys there is none for anybody else. */
  return wanted > 0 && keys == wanted;
}

/* Clear text goes from the cipher straight into locked pages; it is handed out only when the tag
 * fits. */
static GBytes *
read_clear (CMS_ContentInfo *cms, GError **error)
{
  ASN1_OCTET_STRING **content = CMS_get0_content (cms);
  const gsize size = content != NULL && *content != NULL ? (gsize)ASN1_STRING_length (*content) : 0;
  g_autoptr (MdSecret) clear = md_secret_new (size + 1);
  g_autoptr (BIO) chain = CMS_dataInit (cms, NULL);
  guint8 *buffer = md_secret_resize (clear, size);
  gsize done = 0;
  int got = 1;

  while (chain != NULL && got > 0)
    {
      guint8 beyond;
      got = done < size ? BIO_read (chain, buffer + done, (int)(size - done))
                        : BIO_read (chain, &beyond, 1);
      done += got > 0 ? (gsize)got : 0;
    }
  if (chain == NULL || got < 0 || done != size || BIO_method_type (chain) != BIO_TYPE_CIPHER
      || BIO_get_cipher_status (chain) <= 0)
    {
      md_pki_set_error (error, MD_PKI_ERROR_DAMAGED, "the sealed part was altered");
      return NULL;
    }
  return g_bytes_new_with_free_func (buffer, size, (GDestroyNotify)md_secret_unref,
                                     g_steal_pointer (&clear));
}

GBytes *
md_cms_open (GBytes *sealed, MdKey *key, const MdCertificate *certificate, GError **error)
{
  g_autoptr (CMS_ContentInfo) cms = NULL;
  X509 *x509 = md_certificate_get_x509 (certificate);

  md_key_begin (key);
  if (!md_key_matches (key, certificate))
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_KEY_MISMATCH,
                           "key and certificate do not belong together");
      return NULL;
    }
  cms = parse_sealed (sealed, error);
  if (cms == NULL)
    return NULL;
  if (!cms_is_for (cms, certificate))
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_NOT_RECIPIENT,
                           "the part is not sealed to this certificate");
      return NULL;
    }
  if (CMS_decrypt_set1_pkey (cms, md_key_get_pkey (key), x509) != 1)
    {
      if (!md_key_take_error (key, error))
        md_pki_set_error (error, MD_PKI_ERROR_DAMAGED, "the sealed key does not open");
      return NULL;
    }
  return read_clear (cms, error);
}
