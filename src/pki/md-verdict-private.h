// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_PKI_COMPILATION
#error "Private to src/pki"
#endif

#include "md-certificate.h"
#include "md-verdict.h"

struct _MdVerdict
{
  MdVerdictStatus status;
  MdCertificate *certificate;
  MdCertificate *issuer;
  gint64 time;
  char *detail;

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
