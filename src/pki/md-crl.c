// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <openssl/err.h>
#include <md-base.h>
#include "md-crl-private.h"
#include "md-path-private.h"

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
  X509_CRL *crl;
  MdCrl *self;
  ASN1_INTEGER *number;
  gint64 this_update = 0;

  if (g_bytes_get_size (bytes) > MD_LIMIT_CRL)
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_TOO_LARGE,
                           "the revocation list is too large");
      return NULL;
    }
  crl = md_x509_crl_read (bytes);
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
static void
ask_libcrypto (MdCrl *self, const MdVerdict *path, gint64 time, MdPathAnswer *out_answer)
{
  g_autoptr (X509_STORE) store = X509_STORE_new ();
  g_autoptr (MdCrlStack) lists = sk_X509_CRL_new_null ();
  const MdPathQuestion question
      = { .anchors = store, .certificate = path->certificate, .lists = lists, .time = time };

  *out_answer = (MdPathAnswer){ .code = X509_V_ERR_OUT_OF_MEM, .reason = -1 };
  if (store == NULL || lists == NULL
      || X509_STORE_add_cert (store, md_certificate_get_x509 (path->issuer)) != 1
      || X509_CRL_up_ref (self->crl) != 1)
    return;
  if (sk_X509_CRL_push (lists, self->crl) > 0)
    md_path_ask (&question, out_answer);
  else
    X509_CRL_free (self->crl);
  ERR_clear_error ();
}

MdVerdict *
md_crl_judge (MdCrl *self, const MdVerdict *path, gint64 time, gint64 max_age, char **out_problem)
{
  g_auto (MdPathAnswer) answer = { 0 };
  MdVerdict *verdict;

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
  ask_libcrypto (self, path, time, &answer);
  if (answer.code != X509_V_OK && answer.code != X509_V_ERR_CERT_REVOKED)
    {
      *out_problem
          = g_strdup_printf ("revocation list: %s", X509_verify_cert_error_string (answer.code));
      return NULL;
    }
  verdict
      = md_verdict_new_after (path, MD_VERDICT_VALID, time, "valid; not on the revocation list");
  if (answer.code == X509_V_ERR_CERT_REVOKED)
    md_verdict_set_revoked (verdict, answer.reason, answer.revoked, "on the revocation list");
  verdict->source = MD_REVOCATION_SOURCE_CRL;
  verdict->crl_issuer = g_strdup (self->issuer);
  verdict->crl_number = g_strdup (self->number);
  verdict->crl_this_update = self->this_update;
  verdict->crl_sha256 = g_strdup (self->sha256);
  verdict->crl = self->der != NULL ? g_bytes_ref (self->der) : NULL;
  return verdict;
}
