// SPDX-License-Identifier: Apache-2.0
#include "seal-maker.h"

#include <string.h>

void
office_set_up (Office *office, gconstpointer data)
{
  office->staff_ca = maker_authority ("Aozora Ward Staff CA");
  office->clerk = maker_end (office->staff_ca, "S0001", "critical,digitalSignature,nonRepudiation");
  office->supervisor
      = maker_end (office->staff_ca, "S0101", "critical,digitalSignature,nonRepudiation");
  office->business = maker_end (office->staff_ca, "business", "critical,keyAgreement");
  office->vault = maker_end (office->staff_ca, "vault", "critical,keyAgreement");
  office->clerk_key = maker_key (office->clerk);
  office->supervisor_key = maker_key (office->supervisor);
  office->business_key = maker_key (office->business);
  office->trust = md_trust_new (MD_TRUST_PROFILE_STAFF_SIGN);
  md_trust_add_anchor (office->trust, office->staff_ca->certificate);
}

void
office_tear_down (Office *office, gconstpointer data)
{
  maker_identity_free (office->staff_ca);
  maker_identity_free (office->clerk);
  maker_identity_free (office->supervisor);
  maker_identity_free (office->business);
  maker_identity_free (office->vault);
  md_key_unref (office->clerk_key);
  md_key_unref (office->supervisor_key);
  md_key_unref (office->business_key);
  md_trust_unref (office->trust);
}

static void
set (char **place, const char *text)
{
  g_free (*place);
  *place = g_strdup (text);
}

MdManifest *
office_manifest (const char *intake)
{
  MdManifest *manifest = md_manifest_new ();

  set (&manifest->intake, intake);
  set (&manifest->receipt_number, "001-000001-8");
  set (&manifest->procedure, "pension.exemption");
  set (&manifest->procedure_version, "1");
  set (&manifest->office, "139998");
  set (&manifest->terminal, "T001");
  set (&manifest->clerk, "S0001");
  manifest->policy_version = 1;
  set (&manifest->wall, "2026-11-21T05:30:00.123Z");
  manifest->monotonic_ns = 123456789012345;
  set (&manifest->boot_id, "4c1f2a90-0c0e-4f0a-9a5a-0f5f5c5b5a59");
  set (&manifest->policy_digest, MAKER_POLICY_DIGEST);
  set (&manifest->nonce_state, "fresh");
  set (&manifest->nonce, "00112233445566778899aabbccddeeff");
  set (&manifest->identification_method, "jpki-auth");
  set (&manifest->identification_verdict, "valid");
  set (&manifest->identification_revocation, "ocsp");
  return manifest;
}

static void
add (MdContainerBuilder *builder, const char *name, const char *text, const GPtrArray *recipients)
{
  g_autoptr (GBytes) data = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  const gboolean added = md_container_builder_add_part (builder, name, data, recipients, &error);

  g_assert_no_error (error);
  g_assert_true (added);
}

GBytes *
office_make (Office *office, const char *intake, MdKey *key, MakerIdentity *clerk)
{
  g_autoptr (MdManifest) manifest = office_manifest (intake);
  g_autoptr (MdContainerBuilder) builder = md_container_builder_new (manifest);
  g_autoptr (GPtrArray) business = maker_list (office->business, office->supervisor, NULL);
  g_autoptr (GPtrArray) vault = maker_list (office->vault, NULL);
  g_autoptr (GError) error = NULL;
  GBytes *container;

  add (builder, MD_SEAL_PART_APPLICATION, "{\"values\":{\"p.name\":\"見本 太郎\"}}", business);
  add (builder, MD_SEAL_PART_NUMBER, "{\"values\":{\"p.mynum\":\"123456789018\"}}", vault);
  add (builder, MD_SEAL_PART_EVIDENCE, "{\"verdict\":\"valid\"}", business);
  container = md_container_builder_sign (builder, key, clerk->certificate, maker_now (), &error);
  g_assert_no_error (error);
  return container;
}

MdContainer *
office_container (Office *office)
{
  g_autoptr (GBytes) bytes = office_make (office, MAKER_INTAKE, office->clerk_key, office->clerk);
  g_autoptr (GError) error = NULL;
  MdContainer *container = md_container_parse (bytes, &error);

  g_assert_no_error (error);
  return container;
}

MdDecision *
office_approval (void)
{
  MdDecision *decision = md_decision_new ();

  decision->kind = MD_DECISION_APPROVE;
  set (&decision->reason_code, "");
  set (&decision->officer, "S0101");
  set (&decision->role, "supervisor");
  set (&decision->office, "139998");
  set (&decision->terminal, "T001");
  decision->policy_version = 1;
  set (&decision->policy_digest, MAKER_POLICY_DIGEST);
  set (&decision->time, "2026-11-21T05:45:00.000Z");
  return decision;
}
