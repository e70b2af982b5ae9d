// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <string.h>

#include <md-pki.h>
#include <md-seal.h>

/* A container, manifest, decision, receipt or notice from a peer or a disk. Nobody is trusted here,
 * so nothing may ever verify; what is read is whole and within the limits. */
#define NOW 1795239054

static void
check_manifest (GBytes *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdManifest) manifest = md_manifest_parse (json, &error);
  g_autoptr (GBytes) again = NULL;
  g_autoptr (MdManifest) twice = NULL;

  if (manifest == NULL)
    {
      g_assert_true (error != NULL && error->domain == MD_SEAL_ERROR);
      return;
    }
  again = md_manifest_encode (manifest, NULL);
  g_assert_nonnull (again);
  twice = md_manifest_parse (again, NULL);
  g_assert_nonnull (twice);
  g_assert_cmpstr (manifest->intake, ==, twice->intake);
  g_assert_cmpuint (manifest->parts->len, ==, twice->parts->len);
}

static void
check_notice (GBytes *bytes, const MdTrust *nobody)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdNotice) notice = md_notice_parse (bytes, &error);

  g_assert_null (md_notice_verify (bytes, nobody, NOW, NULL));
  if (notice == NULL)
    {
      g_assert_true (error != NULL && error->domain == MD_SEAL_ERROR);
      return;
    }
  g_assert_cmpuint (notice->number, >=, 1);
  g_assert_cmpuint (notice->lines->len, >=, 1);
  g_assert_cmpuint (notice->lines->len, <=, MD_NOTICE_MAX_LINES);
}

static void
check_container (GBytes *bytes, const MdTrust *nobody)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdContainer) container = md_container_parse (bytes, &error);
  g_autoptr (MdCmsSigner) clerk = NULL;
  const guint last = container == NULL ? 0 : md_container_get_last_signature (container);

  if (container == NULL)
    {
      g_assert_true (error != NULL && error->domain == MD_SEAL_ERROR);
      return;
    }
  g_assert_nonnull (md_container_get_manifest (container));
  g_assert_nonnull (md_container_get_entry (container, "manifest.json"));
  g_assert_cmpuint (last, >=, 1);
  g_assert_false (md_container_verify (container, nobody, NOW, NULL));
  if (md_container_verify_signature (container, &clerk, NULL))
    g_assert_nonnull (md_cms_signer_get_certificate (clerk));
  for (guint n = 2; n <= last; n++)
    {
      g_autoptr (MdDecisionFiles) files = md_container_dup_decision (container, n);

      g_assert_true (files == NULL
                     || md_decision_verify (container, files, nobody, NOW, NULL) == NULL);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (MdTrust) nobody = md_trust_new (MD_TRUST_PROFILE_STAFF_SIGN);
  g_autoptr (MdReceipt) expected = md_receipt_new ();
  g_autoptr (MdReceipt) receipt = md_receipt_verify (bytes, expected, nobody, NOW, NULL);
  g_autoptr (MdDecision) decision = md_decision_parse (bytes, NULL);

  g_assert_null (receipt);
  if (decision != NULL)
    g_assert_cmpuint (decision->n, >=, 2);
  check_manifest (bytes);
  check_notice (bytes, nobody);
  check_container (bytes, nobody);
  return 0;
}
