// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_PKI_COMPILATION
#error "Private to src/pki"
#endif

#include "md-crl-private.h"

/** Lists at hand, found by issuer and distribution point, so that the cost of asking does not grow
 * with how many there are. */
typedef struct _MdCrlIndex MdCrlIndex;

MdCrlIndex *md_crl_index_new (void);
void md_crl_index_free (MdCrlIndex *self);
void md_crl_index_clear (MdCrlIndex *self);

/** Takes over @crl, also when it fails: TOO_LARGE when there are too many. */
gboolean md_crl_index_take (MdCrlIndex *self, MdCrl *crl, GError **error);

/** What the lists say of the certificate of @path, or NULL with a line in @out_problem. Of each
 * scope the latest that the issuer has signed is asked, and no earlier one. (transfer full) */
MdVerdict *md_crl_index_ask (MdCrlIndex *self, const MdVerdict *path, gint64 time, gint64 max_age,
                             char **out_problem);
