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
  gint64 max_age;
  OCSP_REQUEST *request; /* whose nonce must come back; NULL: do not ask for one */
} MdOcspQuestion;

/** A request for one certificate with a fresh nonce; NULL for want of memory. */
OCSP_REQUEST *md_ocsp_request_new (const MdVerdict *path);

/** Sends it; NULL when no whole answer came in @timeout seconds, with one line in @out_problem.
 * (transfer full) */
GBytes *md_ocsp_ask (const char *url, OCSP_REQUEST *request, guint timeout, char **out_problem);

/**
 * Judges an answer: VALID, REVOKED, REVOCATION_UNKNOWN, or NULL with a line in @out_problem for one
 * that cannot be believed (wrong signer, stale, other nonce, not successful). (transfer full)
 */
MdVerdict *md_ocsp_judge (const MdOcspQuestion *question, GBytes *response, char **out_problem);
