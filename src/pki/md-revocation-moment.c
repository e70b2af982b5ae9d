// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-revocation-moment.h"

#include <md-base.h>
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include "md-ocsp-private.h"
#include "md-openssl-private.h"
#include "md-verdict-private.h"

/* Takes over @invalidity, which may be NULL. */
static gboolean
set_since (MdRevocationMoment *moment, const ASN1_TIME *revoked, ASN1_GENERALIZEDTIME *invalidity)
{
  gint64 suspect = 0;
  gboolean read = md_asn1_time_to_unix (revoked, &moment->since);

  if (read && invalidity != NULL)
    {
      read = md_asn1_time_to_unix (invalidity, &suspect);
      moment->since = MIN (moment->since, suspect);
    }
  ASN1_GENERALIZEDTIME_free (invalidity);
  return read;
}

static gboolean
read_single (OCSP_SINGLERESP *single, MdRevocationMoment *moment)
{
  ASN1_GENERALIZEDTIME *revoked = NULL;
  ASN1_GENERALIZEDTIME *this_update = NULL;
  ASN1_GENERALIZEDTIME *next_update = NULL;
  int reason = -1;
  const int status
      = OCSP_single_get0_status (single, &reason, &revoked, &this_update, &next_update);

  if (!md_asn1_time_to_unix (this_update, &moment->this_update))
    return FALSE;
  return status != V_OCSP_CERTSTATUS_REVOKED
         || set_since (moment, revoked,
                       OCSP_SINGLERESP_get1_ext_d2i (single, NID_invalidity_date, NULL, NULL));
}

static gboolean
read_ocsp (const MdVerdict *path, const guint8 *data, gsize size, MdRevocationMoment *moment)
{
  const unsigned char *at = data;
  g_autoptr (OCSP_RESPONSE) response = d2i_OCSP_RESPONSE (NULL, &at, (long)size);
  g_autoptr (OCSP_BASICRESP) basic = response != NULL ? OCSP_response_get1_basic (response) : NULL;
  guint count = 0;
  OCSP_SINGLERESP *single = basic != NULL ? md_ocsp_find_single (basic, path, &count) : NULL;

  return count == 1 && read_single (single, moment);
}

static gboolean
read_list (const MdVerdict *path, const guint8 *data, gsize size, MdRevocationMoment *moment)
{
  const unsigned char *at = data;
  g_autoptr (BIO) bio = BIO_new_mem_buf (data, (int)size);
  X509_CRL *list = data[0] == 0x30 ? d2i_X509_CRL (NULL, &at, (long)size)
                                   : PEM_read_bio_X509_CRL (bio, NULL, NULL, NULL);
  X509_REVOKED *entry = NULL;
  gboolean read = list != NULL
                  && md_asn1_time_to_unix (X509_CRL_get0_lastUpdate (list), &moment->this_update);

  if (read
      && X509_CRL_get0_by_cert (list, &entry, md_certificate_get_x509 (path->certificate)) == 1)
    read = set_since (moment, X509_REVOKED_get0_revocationDate (entry),
                      X509_REVOKED_get_ext_d2i (entry, NID_invalidity_date, NULL, NULL));
  X509_CRL_free (list);
  return read;
}

gboolean
md_revocation_read_moment (const MdVerdict *path, MdRevocationSource source, GBytes *answer,
                           MdRevocationMoment *out_moment, GError **error)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (answer, &size);
  gboolean read = FALSE;

  *out_moment = (MdRevocationMoment){ 0 };
  if (path->issuer != NULL && size > 0 && size <= MD_LIMIT_CRL)
    read = source == MD_REVOCATION_SOURCE_OCSP ? read_ocsp (path, data, size, out_moment)
                                               : read_list (path, data, size, out_moment);
  ERR_clear_error ();
  if (!read)
    md_pki_set_error (error, MD_PKI_ERROR_MALFORMED,
                      "the answer about revocation cannot be read for this certificate");
  return read;
}
