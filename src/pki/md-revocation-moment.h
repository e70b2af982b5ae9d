// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PKI_INSIDE) && !defined(MD_PKI_COMPILATION)
#error "Include <md-pki.h>"
#endif

#include "md-verdict.h"

G_BEGIN_DECLS

/**
 * MdRevocationMoment: of which time an answer about revocation speaks. Seconds since 1970.
 * @this_update: what it says was known then
 * @since: 0, or when the certificate lost its force: the revocation date, or the date from which
 * the key was suspect (invalidityDate, RFC 5280 5.3.2) where that is given and lies before
 */
typedef struct
{
  gint64 this_update;
  gint64 since;
} MdRevocationMoment;

/**
 * Reads it out of @answer, an OCSP response in DER (@source OCSP) or a CRL in DER or PEM (@source
 * CRL), about the certificate of @path. Says nothing about who signed it: that is
 * md_revocation_check_evidence() or md_revocation_check_crl_evidence(), to be asked first.
 * MALFORMED also for an answer about another certificate.
 */
gboolean md_revocation_read_moment (const MdVerdict *path, MdRevocationSource source,
                                    GBytes *answer, MdRevocationMoment *out_moment,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
