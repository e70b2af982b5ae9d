// SPDX-License-Identifier: Apache-2.0
/* Whose signatures a policy needs. */
#include <string.h>

#include "fixture.h"

static void
assert_refused (const char *bundle, const MdPolicyExpect *expect, MdPolicyError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdPolicy) policy = fixture_load (bundle, expect, &error);

  g_assert_null (policy);
  g_assert_error (error, MD_POLICY_ERROR, (gint)code);
}

/* Two people have signed what newly comes into force, each of them all of it; what one signed when
 * that was enough is read as it was. */
static void
test_two_sign (void)
{
  static const char *const of_one[]
      = { "policy-one.cms", "policy-renewed.cms", "policy-renamed.cms" };
  MdPolicyExpect expect = fixture_here_and_now ();
  g_autoptr (MdPolicy) good = fixture_policy ();
  g_autoptr (MdPolicyHistory) history = md_policy_history_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (md_policy_judge_new (good, &error));
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (of_one); i++)
    {
      g_autoptr (MdPolicy) policy = fixture_load (of_one[i], &expect, &error);

      g_assert_no_error (error);
      g_assert_false (md_policy_judge_new (policy, &error));
      g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_SIGNATURE);
      g_clear_error (&error);
      g_assert_false (md_policy_history_may_add (history, policy, &error));
      g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_SIGNATURE);
      g_clear_error (&error);
    }

  /* What rode along that is not of this office's signers. */
  assert_refused ("policy-half.cms", &expect, MD_POLICY_ERROR_SIGNATURE);
}

/* Whichever of both signatures does not fit. */
static void
test_changed_signatures (void)
{
  g_autoptr (GBytes) bundle = fixture_read ("policy", "policy.cms"),
                     anchor = fixture_read ("pki", "policy-root.crt");
  MdPolicyExpect expect = fixture_here_and_now ();
  gsize size;
  const guint8 *data = g_bytes_get_data (bundle, &size);
  static const guint8 ecdsa[]
      = { 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02, 0x04 };
  const guint8 *at = data;
  guint signatures = 0;

  /* Of a certificate the algorithm is followed by a bit string, of a signer by an octet string. */
  while ((at = memmem (at, size - (gsize)(at - data), ecdsa, sizeof ecdsa)) != NULL)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size);
      g_autoptr (GBytes) changed = NULL;
      g_autoptr (GError) error = NULL;

      at += sizeof ecdsa;
      copy[at - data + 40] ^= 1;
      changed = g_bytes_new (copy, size);
      g_assert_null (md_policy_new_from_bundle (changed, anchor, &expect, &error));
      g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_SIGNATURE);
      signatures++;
    }
  g_assert_cmpuint (signatures, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/policy/signers/two", test_two_sign);
  g_test_add_func ("/policy/signers/changed", test_changed_signatures);
  return g_test_run ();
}
