// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_PKI_COMPILATION
#error "Private to src/pki"
#endif

#include "md-openssl-private.h"
#include "md-verdict-private.h"

typedef struct _MdCrl MdCrl;

/** What a list says of itself. */
typedef struct
{
  char *issuer;
  char *number; /* hexadecimal, or NULL */
  char *sha256; /* over the DER */
  char *scope;  /* one word for its issuer's name and its issuing distribution point: of lists with
                   one scope and one signer the latest counts alone */
  gint64 this_update;
  gint64 next_update; /* 0: it does not say */
} MdCrlFacts;

/** Takes in a CRL in DER or PEM; its signature is checked only against an issuer, in
 * md_crl_judge(). (transfer full) */
MdCrl *md_crl_new (GBytes *bytes, GError **error);
void md_crl_free (MdCrl *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdCrl, md_crl_free)

const MdCrlFacts *md_crl_get_facts (const MdCrl *self);

/** As strcmp(): negative when @a is the earlier. The number counts, a list without one comes before
 * all that have one; then thisUpdate. */
int md_crl_compare (const MdCrl *a, const MdCrl *b);
int md_crl_compare_numbers (const char *a, const char *b);

GBytes *md_crl_dup_der (const MdCrl *self);

/** FALSE for what nobody here is served by: a delta, an indirect list, one with a critical
 * extension that we do not know. */
gboolean md_crl_is_whole (const MdCrl *self);

/** Whether this issuer has made it; looked at once per issuer. */
gboolean md_crl_is_signed_by (MdCrl *self, const MdCertificate *issuer);

/** Where to look for it: one word per name that its issuing distribution point has, or one for its
 * issuer alone. The words of a certificate are those of the lists that may cover it. (transfer
 * full, element-type utf8) */
GPtrArray *md_crl_dup_places (const MdCrl *self);
GPtrArray *md_crl_dup_places_of_certificate (const MdCertificate *certificate);

/** VALID or REVOKED when this CRL is the issuer's, covers the certificate and is fresh (@max_age
 * seconds, 0: as its nextUpdate says); else NULL with a line in @out_problem. (transfer full) */
MdVerdict *md_crl_judge (MdCrl *self, const MdVerdict *path, gint64 time, gint64 max_age,
                         char **out_problem);
