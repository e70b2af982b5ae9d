// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

char *
fixture_path (const char *folder, const char *name)
{
  return g_build_filename (g_getenv ("MADOGUCHI_WORLD"), folder, name, NULL);
}

GBytes *
fixture_read (const char *folder, const char *name)
{
  g_autofree char *path = fixture_path (folder, name);
  g_autoptr (GError) error = NULL;
  char *contents;
  gsize length;

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (contents, length);
}

MdPolicy *
fixture_load (const char *bundle, const MdPolicyExpect *expect, GError **error)
{
  g_autofree char *path = fixture_path ("policy", bundle);
  g_autofree char *anchor = fixture_path ("pki", "policy-root.crt");

  return md_policy_load (path, anchor, expect, error);
}

MdPolicyExpect
fixture_here_and_now (void)
{
  return (MdPolicyExpect){
    .environment = "test", .office = "139998", .floor = 1, .now = g_get_real_time ()
  };
}

MdPolicy *
fixture_policy (void)
{
  MdPolicyExpect expect = fixture_here_and_now ();
  g_autoptr (GError) error = NULL;
  MdPolicy *policy = fixture_load ("policy.cms", &expect, &error);

  g_assert_no_error (error);
  return policy;
}
