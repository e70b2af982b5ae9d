// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_PKI_COMPILATION
#error "Private to src/pki"
#endif

#include "md-algorithms-private.h"
#include "md-certificate.h"
#include "md-verdict.h"

struct _MdVerdict
{
  MdVerdictStatus status;
  MdVerdictCause cause;
  MdCertificate *certificate;
  MdCertificate *issuer;
  MdCertificate *concerned; /* NULL: the certificate itself */
  GPtrArray *chain;         /* MdCertificate, or NULL */
  gint64 time;
  char *detail;
  MdAlgorithms algorithms; /* permitted in the path, and to whoever speaks of its revocation */

  MdRevocationSource source;
  int reason;
  gint64 revocation_time;
  GBytes *ocsp_response;
  char *crl_issuer;
  char *crl_number;
  gint64 crl_this_update;
  GBytes *crl;
  char *crl_sha256;
};

/** A verdict without evidence; filled in further before anyone else sees it. (transfer full) */
MdVerdict *md_verdict_new (MdVerdictStatus status, const MdCertificate *certificate,
                           const MdCertificate *issuer, gint64 time, const char *detail);

/** The same about the path that @path found: its certificate, issuer and chain go over, what was
 * made of it does not. (transfer full) */
MdVerdict *md_verdict_new_after (const MdVerdict *path, MdVerdictStatus status, gint64 time,
                                 const char *detail);

/** The issuer took it back: REVOKED, or SUSPENDED when @reason (CRLReason, -1: none) says that it
 * is for a time. @source_words ("on the revocation list") goes into the detail. */
void md_verdict_set_revoked (MdVerdict *self, int reason, gint64 time, const char *source_words);
