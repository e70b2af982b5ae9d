// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_PKI_COMPILATION
#error "Private to src/pki"
#endif

#include "md-certificate.h"
#include "md-trust.h"
#include "md-verdict.h"

/** What was found beyond the path. */
typedef struct
{
  MdVerdictStatus status; /* VALID, WRONG_PROFILE or TEST_CERTIFICATE */
  MdVerdictCause cause;
  const char *detail; /* one English line; NULL when VALID */
} MdProfileFinding;

/** What @profile asks of a certificate whose path holds. @policies: (element-type utf8) dotted
 * OIDs. */
MdProfileFinding md_profile_check (MdTrustProfile profile, const MdCertificate *certificate,
                                   const GPtrArray *policies, gboolean allow_test);

/** Which kind of certificate it evidently is, where @profile has no use for that kind; else NONE.
 * It goes by what the certificate says of itself, so it can name a refusal and never lift one. */
MdVerdictCause md_profile_find_kind (MdTrustProfile profile, const MdCertificate *certificate);

/** Whether its issuer's name is one of a JPKI test hierarchy, or its policies are. */
gboolean md_profile_is_test (const MdCertificate *certificate);

/** The detail for a cause. */
const char *md_profile_describe (MdVerdictCause cause);

static inline gboolean
md_profile_is_jpki (MdTrustProfile profile)
{
  return profile == MD_TRUST_PROFILE_JPKI_AUTH || profile == MD_TRUST_PROFILE_JPKI_SIGN;
}
