// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_PKI_COMPILATION
#error "Private to src/pki"
#endif

#include "md-openssl-private.h"
#include "md-verdict-private.h"

typedef STACK_OF (X509_CRL) MdCrlStack;

static inline void
md_crl_stack_free (MdCrlStack *stack)
{
  sk_X509_CRL_pop_free (stack, X509_CRL_free);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdCrlStack, md_crl_stack_free)

/** One question to libcrypto: does a path from the certificate to an anchor hold at that time? All
 * path validation of this folder goes through here. */
typedef struct
{
  X509_STORE *anchors;
  const MdCertificate *certificate;
  const GPtrArray *candidates; /* MdCertificate that may lie between; nullable */
  MdCrlStack *lists;           /* NULL: revocation is not asked */
  const GPtrArray *policies;   /* dotted OIDs, one of which must hold; NULL or empty: any may */
  unsigned long flags;         /* X509_V_FLAG_..., besides those that are always set */
  gint64 time;
} MdPathQuestion;

typedef struct
{
  int code;                 /* X509_V_OK, or the first thing found wrong */
  GPtrArray *chain;         /* MdCertificate to the anchor; NULL unless X509_V_OK */
  MdCertificate *concerned; /* where it was found; NULL when X509_V_OK */
  int reason;               /* CRLReason and time when it was X509_V_ERR_CERT_REVOKED */
  gint64 revoked;
} MdPathAnswer;

void md_path_ask (const MdPathQuestion *question, MdPathAnswer *out_answer);
void md_path_answer_clear (MdPathAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MdPathAnswer, md_path_answer_clear)

/** The answer as a verdict about @certificate: VALID with its chain, or what the code means at the
 * counter. (transfer full) */
MdVerdict *md_path_answer_to_verdict (const MdPathAnswer *answer, const MdCertificate *certificate,
                                      gint64 time);
