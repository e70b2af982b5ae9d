// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_PKI_COMPILATION
#error "Private to src/pki"
#endif

#include "md-openssl-private.h"
#include "md-verdict-private.h"

typedef struct _MdCrl MdCrl;

/** Takes in a CRL in DER or PEM; its signature is checked only against an issuer, in
 * md_crl_judge(). (transfer full) */
MdCrl *md_crl_new (GBytes *bytes, GError **error);
void md_crl_free (MdCrl *self);

gint64 md_crl_get_this_update (const MdCrl *self);

/** VALID or REVOKED when this CRL is the issuer's, covers the certificate and is fresh (@max_age
 * seconds, 0: as its nextUpdate says); else NULL with a line in @out_problem. (transfer full) */
MdVerdict *md_crl_judge (MdCrl *self, const MdVerdict *path, gint64 time, gint64 max_age,
                         char **out_problem);
