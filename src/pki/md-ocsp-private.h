// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_PKI_COMPILATION
#error "Private to src/pki"
#endif

#include "md-openssl-private.h"
#include "md-verdict-private.h"

/** One question and what is needed to judge its answer. */
typedef struct
{
  const MdVerdict *path; /* certificate and issuer */
  gint64 time;
  gint64 max_age;        /* of an answer whose nonce is not ours to compare */
  OCSP_REQUEST *request; /* whose nonce must come back; NULL: do not ask for one */
} MdOcspQuestion;

/** Why an answer settles nothing. */
typedef struct
{
  MdVerdictCause cause;
  char *words;
} MdOcspTrouble;

void md_ocsp_trouble_clear (MdOcspTrouble *trouble);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MdOcspTrouble, md_ocsp_trouble_clear)

/** A request for one certificate with this nonce (NULL: a fresh one); NULL for want of memory. */
OCSP_REQUEST *md_ocsp_request_new (const MdVerdict *path, GBytes *nonce);

/**
 * Judges an answer: VALID, REVOKED, REVOCATION_UNKNOWN (the responder does not know the
 * certificate), or NULL with @out_trouble for one that cannot be believed (wrong signer, stale,
 * other nonce) or says nothing (not successful). @out_signer (nullable) is the responder's
 * certificate when it is not the issuer's own. (transfer full)
 */
MdVerdict *md_ocsp_judge (const MdOcspQuestion *question, GBytes *response,
                          MdCertificate **out_signer, MdOcspTrouble *out_trouble);

/** What the answer says of the certificate of @path, by whatever hash it names it; and in how many
 * places. (transfer none) */
OCSP_SINGLERESP *md_ocsp_find_single (OCSP_BASICRESP *basic, const MdVerdict *path,
                                      guint *out_count);
