// SPDX-License-Identifier: Apache-2.0
#include "md-identity-verdict.h"

#include <md-policy.h>

// One row per verdict, in the order of the enum. What a word means for the intake is the policy's
// to say: md_policy_look_up_verdict().
static const char *const words[] = {
  [MD_IDENTITY_VALID] = "valid",
  [MD_IDENTITY_LISTED] = "listed",
  [MD_IDENTITY_DEFERRED] = "deferred",
  [MD_IDENTITY_REVOCATION_UNKNOWN] = "revocation-unknown",
  [MD_IDENTITY_EXPIRED] = "expired",
  [MD_IDENTITY_NOT_YET_VALID] = "not-yet-valid",
  [MD_IDENTITY_REVOKED] = "revoked",
  [MD_IDENTITY_SUSPENDED] = "suspended",
  [MD_IDENTITY_UNTRUSTED_ISSUER] = "untrusted-issuer",
  [MD_IDENTITY_WRONG_PROFILE] = "wrong-profile",
  [MD_IDENTITY_TEST_CARD] = "test-certificate",
  [MD_IDENTITY_BAD_CERTIFICATE] = "bad-certificate",
  [MD_IDENTITY_BAD_PROOF] = "bad-proof",
  [MD_IDENTITY_BAD_DATA] = "bad-data",
  [MD_IDENTITY_FACE] = "face",
  [MD_IDENTITY_FACE_UNSURE] = "face-unsure",
  [MD_IDENTITY_FACE_OTHER] = "face-other",
  [MD_IDENTITY_CARD_EXPIRED] = "past-last-day",
  [MD_IDENTITY_DOCUMENTS] = "documents",
  [MD_IDENTITY_DOCUMENTS_SHORT] = "documents-short",
  [MD_IDENTITY_DOCUMENTS_OTHER] = "documents-other",
  [MD_IDENTITY_NOT_REQUIRED] = "not-required",
};

static const MdIdentityVerdict from_pki[MD_N_VERDICT_STATUSES] = {
  [MD_VERDICT_VALID] = MD_IDENTITY_VALID,
  [MD_VERDICT_EXPIRED] = MD_IDENTITY_EXPIRED,
  [MD_VERDICT_NOT_YET_VALID] = MD_IDENTITY_NOT_YET_VALID,
  [MD_VERDICT_REVOKED] = MD_IDENTITY_REVOKED,
  [MD_VERDICT_SUSPENDED] = MD_IDENTITY_SUSPENDED,
  [MD_VERDICT_UNTRUSTED_ISSUER] = MD_IDENTITY_UNTRUSTED_ISSUER,
  [MD_VERDICT_WRONG_PROFILE] = MD_IDENTITY_WRONG_PROFILE,
  [MD_VERDICT_TEST_CERTIFICATE] = MD_IDENTITY_TEST_CARD,
  [MD_VERDICT_BAD_SIGNATURE] = MD_IDENTITY_BAD_CERTIFICATE,
  [MD_VERDICT_REVOCATION_UNKNOWN] = MD_IDENTITY_REVOCATION_UNKNOWN,
  [MD_VERDICT_DEFERRED] = MD_IDENTITY_DEFERRED,
};

MdIdentityPermission
md_identity_verdict_get_permission (MdIdentityVerdict verdict)
{
  static const MdIdentityPermission permissions[] = {
    [MD_VERDICT_WORD_UNKNOWN] = MD_IDENTITY_STOP,
    [MD_VERDICT_WORD_STOPS] = MD_IDENTITY_STOP,
    [MD_VERDICT_WORD_DEFERS] = MD_IDENTITY_PROCEED_DEFERRED,
    [MD_VERDICT_WORD_GOES_ON] = MD_IDENTITY_PROCEED,
  };

  g_return_val_if_fail (verdict < G_N_ELEMENTS (words), MD_IDENTITY_STOP);
  return permissions[md_policy_look_up_verdict (words[verdict])];
}

MdIdentityVerdict
md_identity_verdict_from_pki (MdVerdictStatus status)
{
  g_return_val_if_fail (status < G_N_ELEMENTS (from_pki), MD_IDENTITY_BAD_CERTIFICATE);
  return from_pki[status];
}

const char *
md_identity_verdict_to_string (MdIdentityVerdict verdict)
{
  g_return_val_if_fail (verdict < G_N_ELEMENTS (words), NULL);
  return words[verdict];
}

gboolean
md_identity_verdict_from_string (const char *text, MdIdentityVerdict *out_verdict)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (text, words[i]) == 0)
      {
        *out_verdict = (MdIdentityVerdict)i;
        return TRUE;
      }
  return FALSE;
}
