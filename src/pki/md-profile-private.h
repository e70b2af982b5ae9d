// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_PKI_COMPILATION
#error "Private to src/pki"
#endif

#include "md-certificate.h"
#include "md-trust.h"
#include "md-verdict.h"

/** What @profile asks of a certificate beyond its path; VALID, WRONG_PROFILE or TEST_CERTIFICATE,
 * with one line about it in @out_problem unless VALID. @policies: (element-type utf8) dotted OIDs.
 */
MdVerdictStatus md_profile_check (MdTrustProfile profile, const MdCertificate *certificate,
                                  const GPtrArray *policies, gboolean allow_test,
                                  char **out_problem);
