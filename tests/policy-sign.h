// SPDX-License-Identifier: Apache-2.0
// Another policy of the invented ward, by both of its signers.
#pragma once

#include <gio/gio.h>

// Signs the policy in the file JSON as the office does, by openssl, into the file OUT. WORLD: the
// ward's folder.
static inline void
sign_policy (const char *world, const char *json, const char *out)
{
  g_autofree char *pki = g_build_filename (world, "pki", NULL);
  g_autofree char *certificate = g_build_filename (pki, "policy-signer.crt", NULL);
  g_autofree char *key = g_build_filename (pki, "policy-signer.key", NULL);
  g_autofree char *second = g_build_filename (pki, "policy-second.crt", NULL);
  g_autofree char *second_key = g_build_filename (pki, "policy-second.key", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) openssl = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "openssl", "cms", "-sign", "-nodetach", "-binary",
      "-cades", "-md", "sha256", "-outform", "DER", "-in", json, "-signer", certificate, "-inkey",
      key, "-signer", second, "-inkey", second_key, "-out", out, NULL);

  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (openssl, NULL, &error));
}
