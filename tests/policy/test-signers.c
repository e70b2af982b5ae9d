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

/* Two people have signed it, each of them all of it, wherever it is read. */
static void
test_two_sign (void)
{
  static const char *const others[] = {
    "policy-one.cms", /* and by the same person again: with a new key, by another name */
    "policy-renewed.cms", "policy-renamed.cms",
    "policy-half.cms", /* a second who is none of this office's signers */
  };
  MdPolicyExpect expect = fixture_here_and_now ();
  g_autoptr (MdPolicy) good = fixture_policy ();

  g_assert_nonnull (good);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      assert_refused (others[i], &expect, MD_POLICY_ERROR_SIGNATURE);
      assert_refused (others[i], NULL, MD_POLICY_ERROR_SIGNATURE);
    }
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
