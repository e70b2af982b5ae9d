// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <string.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include "md-algorithms-private.h"
#include "md-key-private.h"
#include "md-openssl-private.h"
#include "md-request.h"

typedef STACK_OF (X509_EXTENSION) MdExtensions;

static inline void
md_extensions_free (MdExtensions *stack)
{
  sk_X509_EXTENSION_pop_free (stack, X509_EXTENSION_free);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdExtensions, md_extensions_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_EXTENSION, X509_EXTENSION_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_REQ, X509_REQ_free)

void
md_request_free (MdRequest *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->der, g_bytes_unref);
  g_clear_pointer (&self->spki, g_bytes_unref);
  g_free (self->uri);
  g_free (self);
}

/* --- Reading --- */

static X509_REQ *
parse (GBytes *der, GError **error)
{
  gsize size = 0;
  const unsigned char *data = g_bytes_get_data (der, &size);
  const unsigned char *end = data;
  g_autoptr (X509_REQ) request = NULL;

  if (size > MD_PKI_MAX_REQUEST)
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_TOO_LARGE, "the request is too large");
      return NULL;
    }
  request = size > 0 ? d2i_X509_REQ (NULL, &end, (long)size) : NULL;
  if (request == NULL || end != data + size)
    {
      md_pki_set_error (error, MD_PKI_ERROR_MALFORMED, "this is no request for a certificate");
      return NULL;
    }
  return g_steal_pointer (&request);
}

static gboolean
check_signature (X509_REQ *request, GError **error)
{
  const MdAlgorithms all = md_algorithms_all ();
  EVP_PKEY *key = X509_REQ_get0_pubkey (request);

  if (key == NULL || !md_key_is_accepted (key)
      || !md_algorithms_permit_hash_of (&all, X509_REQ_get_signature_nid (request)))
    {
      ERR_clear_error ();
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_UNSUPPORTED,
                           "only P-256, P-384 and RSA from 2048 bits, with SHA-256 or more");
      return FALSE;
    }
  if (X509_REQ_verify (request, key) == 1)
    return TRUE;
  md_pki_set_error (error, MD_PKI_ERROR_BAD_SIGNATURE,
                    "the request is not signed with the key that it names");
  return FALSE;
}

/* NULL where it has no alternative name, another one, or more. */
static char *
read_uri (X509_REQ *request)
{
  g_autoptr (MdExtensions) extensions = X509_REQ_get_extensions (request);
  g_autoptr (GENERAL_NAMES) names = NULL;
  const GENERAL_NAME *name = NULL;
  const char *text = NULL;
  gsize size = 0;
  int critical = 0;

  if (extensions != NULL)
    names = X509V3_get_d2i (extensions, NID_subject_alt_name, &critical, NULL);
  ERR_clear_error ();
  if (names == NULL || sk_GENERAL_NAME_num (names) != 1)
    return NULL;
  name = sk_GENERAL_NAME_value (names, 0);
  if (name->type != GEN_URI)
    return NULL;
  text = (const char *)ASN1_STRING_get0_data (name->d.uniformResourceIdentifier);
  size = (gsize)ASN1_STRING_length (name->d.uniformResourceIdentifier);
  return memchr (text, '\0', size) == NULL ? g_strndup (text, size) : NULL;
}

MdRequest *
md_request_read (GBytes *der, GError **error)
{
  g_autoptr (X509_REQ) request = parse (der, error);
  g_autoptr (MdRequest) self = NULL;
  unsigned char *spki = NULL;
  int size = 0;

  if (request == NULL || !check_signature (request, error))
    return NULL;
  self = g_new0 (MdRequest, 1);
  self->der = g_bytes_ref (der);
  self->uri = read_uri (request);
  size = i2d_PUBKEY (X509_REQ_get0_pubkey (request), &spki);
  if (size > 0)
    self->spki = g_bytes_new (spki, (gsize)size);
  OPENSSL_free (spki);
  if (self->uri != NULL && self->spki != NULL)
    return g_steal_pointer (&self);
  g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED,
                       "the request has to have one URI as its only alternative name");
  return NULL;
}

/* --- Making --- */

static gboolean
add_uri (X509_REQ *request, const char *uri)
{
  g_autofree char *value = g_strconcat ("URI:", uri, NULL);
  g_autoptr (X509_EXTENSION) extension
      = X509V3_EXT_conf_nid (NULL, NULL, NID_subject_alt_name, value);
  g_autoptr (MdExtensions) extensions = sk_X509_EXTENSION_new_null ();

  if (extension == NULL || extensions == NULL
      || sk_X509_EXTENSION_push (extensions, extension) <= 0)
    return FALSE;
  (void)g_steal_pointer (&extension);
  return X509_REQ_add_extensions (request, extensions) == 1;
}

GBytes *
md_request_make (const MdKey *key, const char *name, const char *uri, GError **error)
{
  g_autoptr (X509_REQ) request = X509_REQ_new ();
  EVP_PKEY *pkey = md_key_get_pkey (key);
  unsigned char *der = NULL;
  GBytes *bytes = NULL;
  int size = -1;

  if (request != NULL && X509_REQ_set_version (request, X509_REQ_VERSION_1) == 1
      && X509_NAME_add_entry_by_NID (X509_REQ_get_subject_name (request), NID_commonName,
                                     MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0)
             == 1
      && X509_REQ_set_pubkey (request, pkey) == 1 && add_uri (request, uri)
      && X509_REQ_sign (request, pkey, EVP_sha256 ()) > 0)
    size = i2d_X509_REQ (request, &der);
  if (size > 0)
    bytes = g_bytes_new (der, (gsize)size);
  else
    md_pki_set_error (error, MD_PKI_ERROR_FAILED, "the request could not be made");
  OPENSSL_free (der);
  return bytes;
}
