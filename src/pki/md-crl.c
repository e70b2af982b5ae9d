// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <md-base.h>
#include "md-crl-private.h"

struct _MdCrl
{
  X509_CRL *crl;
  char *issuer;
  char *number;
  gint64 this_update;
  char *sha256; /* over the DER */
  GBytes *der;  /* NULL when it is too long for evidence */
};

void
md_crl_free (MdCrl *self)
{
  if (self == NULL)
    return;
  X509_CRL_free (self->crl);
  g_free (self->issuer);
  g_free (self->number);
  g_free (self->sha256);
  g_clear_pointer (&self->der, g_bytes_unref);
  g_free (self);
}

static X509_CRL *
read_crl (const guint8 *data, gsize size)
{
  const unsigned char *at = data;
  X509_CRL *crl;

  if (size == 0)
    return NULL;
  if (data[0] != 0x30)
    {
      g_autoptr (BIO) bio = BIO_new_mem_buf (data, (int)size);
      return PEM_read_bio_X509_CRL (bio, NULL, NULL, NULL);
    }
  crl = d2i_X509_CRL (NULL, &at, (long)size);
  if (crl != NULL && at != data + size)
    g_clear_pointer (&crl, X509_CRL_free);
  return crl;
}

/* What evidence names and, where it is short, holds of the list. */
static void
keep_der (MdCrl *self)
{
  unsigned char *data = NULL;
  const int size = i2d_X509_CRL (self->crl, &data);

  if (size <= 0)
    return;
  self->sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, (gsize)size);
  if ((gsize)size <= MD_LIMIT_CRL_EVIDENCE)
    self->der = g_bytes_new (data, (gsize)size);
  OPENSSL_free (data);
}

MdCrl *
md_crl_new (GBytes *bytes, GError **error)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  X509_CRL *crl;
  MdCrl *self;
  ASN1_INTEGER *number;
  gint64 this_update = 0;

  if (size > MD_LIMIT_CRL)
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_TOO_LARGE,
                           "the revocation list is too large");
      return NULL;
    }
  crl = read_crl (data, size);
  if (crl == NULL || !md_asn1_time_to_unix (X509_CRL_get0_lastUpdate (crl), &this_update))
    {
      X509_CRL_free (crl);
      md_pki_set_error (error, MD_PKI_ERROR_MALFORMED, "the bytes are not a revocation list");
      return NULL;
    }
  self = g_new0 (MdCrl, 1);
  self->crl = crl;
  self->this_update = this_update;
  self->issuer = md_x509_name_to_text (X509_CRL_get_issuer (crl));
  number = X509_CRL_get_ext_d2i (crl, NID_crl_number, NULL, NULL);
  if (number != NULL)
    self->number = md_asn1_integer_to_hex (number);
  ASN1_INTEGER_free (number);
  keep_der (self);
  ERR_clear_error ();
  return self;
}

gint64
md_crl_get_this_update (const MdCrl *self)
{
  return self->this_update;
}

/* libcrypto checks signature, times, scope (issuing distribution point, reasons) and critical
 * extensions, and looks the certificate up: X509_V_OK, X509_V_ERR_CERT_REVOKED, or what is wrong
 * with the list. */
static int
check_with_libcrypto (MdCrl *self, const MdVerdict *path, gint64 time)
{
  g_autoptr (X509_STORE) store = X509_STORE_new ();
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();
  STACK_OF (X509_CRL) *crls = sk_X509_CRL_new_null ();
  int code = X509_V_ERR_OUT_OF_MEM;

  if (store != NULL && context != NULL && crls != NULL
      && X509_STORE_add_cert (store, md_certificate_get_x509 (path->issuer)) == 1
      && X509_STORE_CTX_init (context, store, md_certificate_get_x509 (path->certificate), NULL)
             == 1
      && sk_X509_CRL_push (crls, self->crl) > 0)
    {
      X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param (context);

      X509_STORE_CTX_set0_crls (context, crls);
      X509_VERIFY_PARAM_set_time (param, (time_t)time);
      X509_VERIFY_PARAM_set_auth_level (param, 2);
      if (X509_VERIFY_PARAM_set_flags (param, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_PARTIAL_CHAIN)
          == 1)
        code = X509_verify_cert (context) == 1 ? X509_V_OK : X509_STORE_CTX_get_error (context);
    }
  sk_X509_CRL_free (crls);
  ERR_clear_error ();
  return code;
}

static void
fill_in_revocation (MdVerdict *verdict, X509_CRL *crl)
{
  X509_REVOKED *entry = NULL;
  ASN1_ENUMERATED *reason;

  if (X509_CRL_get0_by_cert (crl, &entry, md_certificate_get_x509 (verdict->certificate)) != 1)
    return;
  (void)md_asn1_time_to_unix (X509_REVOKED_get0_revocationDate (entry), &verdict->revocation_time);
  reason = X509_REVOKED_get_ext_d2i (entry, NID_crl_reason, NULL, NULL);
  if (reason != NULL)
    verdict->reason = (int)ASN1_ENUMERATED_get (reason);
  ASN1_ENUMERATED_free (reason);
}

MdVerdict *
md_crl_judge (MdCrl *self, const MdVerdict *path, gint64 time, gint64 max_age, char **out_problem)
{
  MdVerdict *verdict;
  int code;

  if (X509_CRL_get0_nextUpdate (self->crl) == NULL)
    {
      *out_problem = g_strdup ("the revocation list does not say how long it holds");
      return NULL;
    }
  if (max_age > 0 && time - self->this_update > max_age)
    {
      *out_problem = g_strdup ("the revocation list is too old");
      return NULL;
    }
  code = check_with_libcrypto (self, path, time);
  if (code != X509_V_OK && code != X509_V_ERR_CERT_REVOKED)
    {
      *out_problem = g_strdup_printf ("revocation list: %s", X509_verify_cert_error_string (code));
      return NULL;
    }
  if (code == X509_V_OK)
    verdict = md_verdict_new (MD_VERDICT_VALID, path->certificate, path->issuer, time,
                              "valid; not on the revocation list");
  else
    {
      verdict = md_verdict_new (MD_VERDICT_REVOKED, path->certificate, path->issuer, time,
                                "on the revocation list");
      fill_in_revocation (verdict, self->crl);
    }
  verdict->source = MD_REVOCATION_SOURCE_CRL;
  verdict->crl_issuer = g_strdup (self->issuer);
  verdict->crl_number = g_strdup (self->number);
  verdict->crl_this_update = self->this_update;
  verdict->crl_sha256 = g_strdup (self->sha256);
  verdict->crl = self->der != NULL ? g_bytes_ref (self->der) : NULL;
  return verdict;
}
