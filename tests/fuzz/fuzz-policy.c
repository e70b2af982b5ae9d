// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <md-policy.h>

/* A policy that is understood answers its questions; anything else is an error that names the
 * place. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) json = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdPolicy) policy = md_policy_new_from_json (json, NULL, &error);

  if (policy == NULL)
    {
      g_assert_true (error != NULL && error->domain == MD_POLICY_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  g_assert_cmpuint (md_policy_get_version (policy), >, 0);
  g_assert_nonnull (md_policy_get_office (policy));
  g_assert_cmpuint (md_policy_get_anchors (policy, MD_ANCHORS_STAFF)->len, >, 0);
  g_assert_cmpint (md_policy_may_decide (policy, "S0001", "pension.exemption", "S0001"), !=,
                   MD_MAY_YES);
  return 0;
}
