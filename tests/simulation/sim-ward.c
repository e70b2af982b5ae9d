// SPDX-License-Identifier: Apache-2.0
/* Keys and policy: the invented ward's, with as many terminals as a run may have. */
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <md-protocol.h>
#include <md-seal.h>

#include "../policy-sign.h"
#include "sim.h"

#define OFFICE "139998"
#define PROCEDURE "pension.exemption"
#define POOL_FIRST 1
#define POOL_LAST 99999

/* The one policy of the runs, read once: each start of a gateway would read it twice. */
static MdPolicy *read_before;
static GBytes *read_bundle;

MdPolicy *__real_md_policy_new_from_bundle (GBytes *bundle, GBytes *anchor,
                                            const MdPolicyExpect *expect, GError **error);
MdPolicy *__wrap_md_policy_new_from_bundle (GBytes *bundle, GBytes *anchor,
                                            const MdPolicyExpect *expect, GError **error);

MdPolicy *
__wrap_md_policy_new_from_bundle (GBytes *bundle, GBytes *anchor, const MdPolicyExpect *expect,
                                  GError **error)
{
  MdPolicy *policy;

  if (read_before != NULL && g_bytes_equal (bundle, read_bundle))
    return g_object_ref (read_before);
  policy = __real_md_policy_new_from_bundle (bundle, anchor, expect, error);
  if (policy != NULL && read_before == NULL)
    {
      read_before = g_object_ref (policy);
      read_bundle = g_bytes_ref (bundle);
    }
  return policy;
}

static char *
world_path (const char *folder, const char *name)
{
  return g_build_filename (g_getenv ("MADOGUCHI_WORLD"), folder, name, NULL);
}

static MdCertificate *
load_certificate (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".crt", NULL);
  g_autofree char *path = world_path ("pki", file);
  g_autoptr (GError) error = NULL;
  MdCertificate *certificate = md_certificate_new_from_file (path, &error);

  g_assert_no_error (error);
  return certificate;
}

static MdKey *
load_key (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".key", NULL);
  g_autofree char *path = world_path ("pki", file);
  g_autoptr (GError) error = NULL;
  MdKey *key = md_key_new_from_file (path, NULL, &error);

  g_assert_no_error (error);
  return key;
}

static void
add_terminal (JsonBuilder *builder, guint serial)
{
  g_autofree char *id = g_strdup_printf ("T%03u", serial);
  g_autofree char *key = g_compute_checksum_for_string (G_CHECKSUM_SHA256, id, -1);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "id");
  json_builder_add_string_value (builder, id);
  json_builder_set_member_name (builder, "serial");
  json_builder_add_int_value (builder, serial);
  json_builder_set_member_name (builder, "counter");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "ja");
  json_builder_add_string_value (builder, id);
  json_builder_set_member_name (builder, "en");
  json_builder_add_string_value (builder, id);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "receipt_pool");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "from");
  json_builder_add_int_value (builder, POOL_FIRST);
  json_builder_set_member_name (builder, "to");
  json_builder_add_int_value (builder, POOL_LAST);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "keys");
  json_builder_begin_array (builder);
  json_builder_add_string_value (builder, key);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

/* What no run needs takes its time at each start of the gateway. */
static void
leave_out (JsonObject *policy)
{
  JsonArray *staff = json_object_get_array_member (policy, "staff");
  JsonObject *procedures = json_object_get_object_member (policy, "procedures");
  g_autoptr (GList) ids = json_object_get_members (procedures);

  for (guint i = json_array_get_length (staff); i > 0; i--)
    {
      const char *id
          = json_object_get_string_member (json_array_get_object_element (staff, i - 1), "id");

      if (!g_str_equal (id, "S0001") && !g_str_equal (id, "S0101"))
        json_array_remove_element (staff, i - 1);
    }
  for (GList *id = ids; id != NULL; id = id->next)
    if (!g_str_equal (id->data, PROCEDURE))
      json_object_remove_member (procedures, id->data);
}

/* The ward's policy with our terminals in it, signed by its signer. */
static void
make_policy (const SimWard *ward)
{
  g_autofree char *from = world_path ("policy", "policy.json");
  g_autofree char *json = g_build_filename (ward->folder, "policy.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (GError) error = NULL;
  JsonObject *policy;

  json_parser_load_from_file (parser, from, &error);
  g_assert_no_error (error);
  policy = json_node_get_object (json_parser_get_root (parser));
  leave_out (policy);
  json_builder_begin_array (builder);
  for (guint i = 1; i <= SIM_TERMINALS; i++)
    add_terminal (builder, i);
  json_builder_end_array (builder);
  json_object_set_member (policy, "terminals", json_builder_get_root (builder));
  json_generator_set_root (generator, json_parser_get_root (parser));
  json_generator_to_file (generator, json, &error);
  g_assert_no_error (error);
  sign_policy (g_getenv ("MADOGUCHI_WORLD"), json, ward->settings->policy);
}

void
sim_ward_set_up (SimWard *ward)
{
  const MdPolicyExpect expect
      = { .environment = "test", .office = OFFICE, .floor = 1, .now = g_get_real_time () };
  g_autofree char *settings = world_path ("gateway", "gateway.ini");
  g_autoptr (GError) error = NULL;

  *ward = (SimWard){ .clerk = load_certificate ("staff/S0001-sign"),
                     .clerk_key = load_key ("staff/S0001-sign"),
                     .officer = load_certificate ("staff/S0101-sign"),
                     .officer_key = load_key ("staff/S0101-sign"),
                     .business = load_certificate ("business"),
                     .folder = g_dir_make_tmp ("madoguchi-simulation-XXXXXX", &error) };
  g_assert_no_error (error);
  ward->settings = gateway_settings_load (settings, NULL, &error);
  g_assert_no_error (error);
  g_free (ward->settings->policy);
  ward->settings->policy = g_build_filename (ward->folder, "policy.cms", NULL);
  make_policy (ward);
  ward->policy = md_policy_load (ward->settings->policy, ward->settings->anchor, &expect, &error);
  g_assert_no_error (error);
}

void
sim_ward_tear_down (SimWard *ward)
{
  g_autofree char *json = g_build_filename (ward->folder, "policy.json", NULL);

  g_clear_object (&read_before);
  g_clear_pointer (&read_bundle, g_bytes_unref);
  (void)g_unlink (json);
  (void)g_unlink (ward->settings->policy);
  (void)g_rmdir (ward->folder);
  g_free (ward->folder);
  gateway_settings_free (ward->settings);
  g_object_unref (ward->policy);
  md_certificate_unref (ward->clerk);
  md_certificate_unref (ward->officer);
  md_certificate_unref (ward->business);
  md_key_unref (ward->clerk_key);
  md_key_unref (ward->officer_key);
}

/* --- What is sealed --- */

static void
set_text (char **field, const char *text)
{
  g_free (*field);
  *field = g_strdup (text);
}

static MdManifest *
make_manifest (const SimWard *ward, const char *terminal, const MdOutboxIntake *intake,
               MdClock *clock)
{
  MdManifest *manifest = md_manifest_new ();

  set_text (&manifest->intake, intake->id);
  set_text (&manifest->receipt_number, intake->receipt_number);
  set_text (&manifest->procedure, intake->procedure);
  set_text (&manifest->procedure_version, "1");
  set_text (&manifest->office, OFFICE);
  set_text (&manifest->terminal, terminal);
  set_text (&manifest->clerk, intake->clerk);
  manifest->policy_version = md_policy_get_version (ward->policy);
  set_text (&manifest->policy_digest, md_policy_get_digest (ward->policy));
  g_free (manifest->wall);
  manifest->wall = md_time_format_rfc3339 (md_clock_get_wall_us (clock));
  manifest->monotonic_ns = md_clock_get_monotonic_ns (clock);
  set_text (&manifest->boot_id, md_clock_get_boot_id (clock));
  set_text (&manifest->nonce, "");
  set_text (&manifest->nonce_state, "absent");
  set_text (&manifest->identification_method, "jpki-auth");
  set_text (&manifest->identification_verdict, "valid");
  set_text (&manifest->identification_revocation, "ocsp");
  return manifest;
}

GBytes *
sim_ward_make_container (const SimWard *ward, const char *terminal, const MdOutboxIntake *intake,
                         gsize size, MdClock *clock)
{
  g_autofree char *plain = g_strnfill (MAX (size, 1), 'x');
  g_autoptr (MdManifest) manifest = make_manifest (ward, terminal, intake, clock);
  g_autoptr (MdContainerBuilder) builder = md_container_builder_new (manifest);
  g_autoptr (GPtrArray) readers = g_ptr_array_new ();
  g_autoptr (GBytes) text = g_bytes_new (plain, MAX (size, 1));
  g_autoptr (GError) error = NULL;
  GBytes *container;

  g_ptr_array_add (readers, ward->business);
  g_assert_true (
      md_container_builder_add_part (builder, MD_SEAL_PART_APPLICATION, text, readers, &error));
  container = md_container_builder_sign (builder, ward->clerk_key, ward->clerk,
                                         md_clock_get_wall_us (clock) / G_USEC_PER_SEC, &error);
  g_assert_no_error (error);
  return container;
}

GBytes *
sim_ward_make_decision (const SimWard *ward, const char *terminal, GBytes *container,
                        gboolean approves, MdClock *clock, char **out_signature_sha256)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdContainer) intake = md_container_parse (container, &error);
  g_autoptr (MdDecision) decision = md_decision_new ();
  g_autoptr (MdDecisionFiles) files = NULL;
  g_autoptr (MdDecisionMessage) message = NULL;

  g_assert_no_error (error);
  decision->kind = approves ? MD_DECISION_APPROVE : MD_DECISION_REJECT;
  set_text (&decision->officer, "S0101");
  set_text (&decision->role, "supervisor");
  set_text (&decision->reason_code, approves ? "" : "R01");
  set_text (&decision->office, OFFICE);
  set_text (&decision->terminal, terminal);
  decision->policy_version = md_policy_get_version (ward->policy);
  set_text (&decision->policy_digest, md_policy_get_digest (ward->policy));
  decision->time = md_time_format_rfc3339 (md_clock_get_wall_us (clock));
  files = md_decision_make (intake, decision, ward->officer_key, ward->officer,
                            md_clock_get_wall_us (clock) / G_USEC_PER_SEC, &error);
  g_assert_no_error (error);
  message = md_decision_message_new (files->decision, files->manifest, files->signature);
  *out_signature_sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, files->signature);
  return md_decision_message_encode (message);
}
