// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <openssl/err.h>
#include <string.h>
#include <md-base.h>
#include "md-algorithms-private.h"
#include "md-crl-places-private.h"
#include "md-crl-private.h"
#include "md-path-private.h"

struct _MdCrl
{
  X509_CRL *crl;
  MdCrlFacts facts;
  GBytes *der;           /* NULL when it is too long for evidence */
  MdCertificate *signer; /* whoever was asked about last, and what came of it */
  gboolean signed_by;
};

void
md_crl_free (MdCrl *self)
{
  if (self == NULL)
    return;
  X509_CRL_free (self->crl);
  g_free (self->facts.issuer);
  g_free (self->facts.number);
  g_free (self->facts.sha256);
  g_free (self->facts.scope);
  g_clear_pointer (&self->der, g_bytes_unref);
  g_clear_pointer (&self->signer, md_certificate_unref);
  g_free (self);
}

const MdCrlFacts *
md_crl_get_facts (const MdCrl *self)
{
  return &self->facts;
}

/* What evidence names and, where it is short, holds of the list. */
static void
keep_der (MdCrl *self)
{
  unsigned char *data = NULL;
  const int size = i2d_X509_CRL (self->crl, &data);

  if (size <= 0)
    return;
  self->facts.sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, (gsize)size);
  if ((gsize)size <= MD_LIMIT_CRL_EVIDENCE)
    self->der = g_bytes_new (data, (gsize)size);
  OPENSSL_free (data);
}

GBytes *
md_crl_dup_der (const MdCrl *self)
{
  unsigned char *data = NULL;
  const int size = i2d_X509_CRL (self->crl, &data);
  GBytes *der = size > 0 ? g_bytes_new (data, (gsize)size) : g_bytes_new (NULL, 0);

  OPENSSL_free (data);
  return der;
}

static char *
make_scope (const X509_CRL *crl)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  const int place = X509_CRL_get_ext_by_NID (crl, NID_issuing_distribution_point, -1);
  const ASN1_OCTET_STRING *value
      = place >= 0 ? X509_EXTENSION_get_data (X509_CRL_get_ext (crl, place)) : NULL;
  unsigned char *name = NULL;
  const int size = i2d_X509_NAME (X509_CRL_get_issuer (crl), &name);

  if (size > 0)
    g_checksum_update (sum, name, size);
  if (value != NULL)
    g_checksum_update (sum, ASN1_STRING_get0_data (value), ASN1_STRING_length (value));
  OPENSSL_free (name);
  return g_strdup (g_checksum_get_string (sum));
}

static char *
read_number (const X509_CRL *crl)
{
  ASN1_INTEGER *number = X509_CRL_get_ext_d2i (crl, NID_crl_number, NULL, NULL);
  char *text = number != NULL ? md_asn1_integer_to_hex (number) : NULL;

  ASN1_INTEGER_free (number);
  return text;
}

MdCrl *
md_crl_new (GBytes *bytes, GError **error)
{
  X509_CRL *crl;
  MdCrl *self;
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
  self->facts.this_update = this_update;
  if (X509_CRL_get0_nextUpdate (crl) != NULL)
    (void)md_asn1_time_to_unix (X509_CRL_get0_nextUpdate (crl), &self->facts.next_update);
  self->facts.issuer = md_x509_name_to_text (X509_CRL_get_issuer (crl));
  self->facts.number = read_number (crl);
  self->facts.scope = make_scope (crl);
  keep_der (self);
  ERR_clear_error ();
  return self;
}

/* Hexadecimal without leading zeros: the longer is the larger. */
int
md_crl_compare_numbers (const char *a, const char *b)
{
  const gsize a_size = a != NULL ? strlen (a) : 0;
  const gsize b_size = b != NULL ? strlen (b) : 0;

  if (a_size != b_size)
    return a_size < b_size ? -1 : 1;
  return a_size > 0 ? strcmp (a, b) : 0;
}

int
md_crl_compare (const MdCrl *a, const MdCrl *b)
{
  const int by_number = md_crl_compare_numbers (a->facts.number, b->facts.number);

  if (by_number != 0)
    return by_number;
  return (a->facts.this_update > b->facts.this_update)
         - (a->facts.this_update < b->facts.this_update);
}

/* Extensions that libcrypto judges by, or that change nothing. */
static gboolean
knows_extension (const X509_EXTENSION *extension)
{
  const int nid = OBJ_obj2nid (X509_EXTENSION_get_object (md_unconst (extension)));

  return nid == NID_issuing_distribution_point || nid == NID_authority_key_identifier
         || nid == NID_crl_number;
}

gboolean
md_crl_is_whole (const MdCrl *self)
{
  ISSUING_DIST_POINT *point
      = X509_CRL_get_ext_d2i (self->crl, NID_issuing_distribution_point, NULL, NULL);
  gboolean whole = X509_CRL_get_ext_by_NID (self->crl, NID_delta_crl, -1) < 0
                   && (point == NULL || point->indirectCRL == 0);

  ISSUING_DIST_POINT_free (point);
  for (int i = 0; i < X509_CRL_get_ext_count (self->crl); i++)
    {
      const X509_EXTENSION *extension = X509_CRL_get_ext (self->crl, i);

      whole
          = whole && (X509_EXTENSION_get_critical (extension) == 0 || knows_extension (extension));
    }
  ERR_clear_error ();
  return whole;
}

gboolean
md_crl_is_signed_by (MdCrl *self, const MdCertificate *issuer)
{
  X509 *x509 = md_certificate_get_x509 (issuer);

  if (self->signer != NULL && md_certificate_equal (self->signer, issuer))
    return self->signed_by;
  self->signed_by
      = X509_NAME_cmp (X509_CRL_get_issuer (self->crl), X509_get_subject_name (x509)) == 0
        && X509_CRL_verify (self->crl, X509_get0_pubkey (x509)) == 1;
  ERR_clear_error ();
  g_clear_pointer (&self->signer, md_certificate_unref);
  self->signer = md_certificate_ref (issuer);
  return self->signed_by;
}

GPtrArray *
md_crl_dup_places (const MdCrl *self)
{
  ISSUING_DIST_POINT *point
      = X509_CRL_get_ext_d2i (self->crl, NID_issuing_distribution_point, NULL, NULL);
  GPtrArray *places = md_crl_places_new (X509_CRL_get_issuer (self->crl),
                                         point != NULL ? point->distpoint : NULL);

  ISSUING_DIST_POINT_free (point);
  ERR_clear_error ();
  return places;
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
  if (max_age > 0 && time - self->facts.this_update > max_age)
    {
      *out_problem = g_strdup ("the revocation list is too old");
      return NULL;
    }
  if (!md_algorithms_permit_hash_of (&path->algorithms, X509_CRL_get_signature_nid (self->crl)))
    {
      *out_problem = g_strdup ("revocation list: signed with an algorithm that is not permitted");
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
  verdict->crl_issuer = g_strdup (self->facts.issuer);
  verdict->crl_number = g_strdup (self->facts.number);
  verdict->crl_this_update = self->facts.this_update;
  verdict->crl_sha256 = g_strdup (self->facts.sha256);
  verdict->crl = self->der != NULL ? g_bytes_ref (self->der) : NULL;
  return verdict;
}
