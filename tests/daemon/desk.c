// SPDX-License-Identifier: Apache-2.0
#include <json-glib/json-glib.h>

#include "desk-private.h"

static char *
path_of (Desk *self, const char *staff, const char *what)
{
  g_autofree char *name = g_strdup_printf ("%s-%s", staff, what);

  return g_build_filename (self->world, "pki", "staff", name, NULL);
}

static MdCertificate *
certificate_of (Desk *self, const char *staff, const char *use, GError **error)
{
  g_autofree char *what = g_strconcat (use, ".crt", NULL);
  g_autofree char *path = path_of (self, staff, what);

  return md_certificate_new_from_file (path, error);
}

static MdKey *
key_of (Desk *self, const char *staff, const char *use, GError **error)
{
  g_autofree char *what = g_strconcat (use, ".key", NULL);
  g_autofree char *path = path_of (self, staff, what);

  return md_key_new_from_file (path, NULL, error);
}

static gboolean
load_policy (Desk *self, GError **error)
{
  g_autoptr (GVariant) handle = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GBytes) json = NULL;
  MdPolicyExpect expect = { 0 };
  guint version;

  if (!md_bus_terminal1_call_get_policy_sync (self->proxy, NULL, &handle, &version, &fds, NULL,
                                              error))
    return FALSE;
  json = md_bus_payload_get (fds, handle, MD_LIMIT_POLICY, error);
  if (json == NULL)
    return FALSE;
  g_clear_object (&self->policy);
  self->policy = md_policy_new_from_json (json, &expect, error);
  return self->policy != NULL;
}

void
desk_meet_again (Desk *self)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->proxy);
  g_clear_pointer (&self->session, g_free);
  self->proxy = md_bus_terminal1_proxy_new_sync (self->connection, G_DBUS_PROXY_FLAGS_NONE,
                                                 MD_BUS_NAME, MD_BUS_PATH, NULL, &error);
  g_assert_no_error (error);
}

Desk *
desk_new (GError **error)
{
  g_autoptr (Desk) self = g_new0 (Desk, 1);
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, error);

  self->world = g_strdup (g_getenv ("MADOGUCHI_WORLD"));
  g_assert (self->world != NULL);
  if (address == NULL)
    return NULL;
  self->connection = g_dbus_connection_new_for_address_sync (
      address,
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
          | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, error);
  if (self->connection == NULL)
    return NULL;
  self->proxy = md_bus_terminal1_proxy_new_sync (self->connection, G_DBUS_PROXY_FLAGS_NONE,
                                                 MD_BUS_NAME, MD_BUS_PATH, NULL, error);
  return self->proxy != NULL ? g_steal_pointer (&self) : NULL;
}

void
desk_free (Desk *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->proxy);
  if (self->connection != NULL)
    g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_clear_object (&self->connection);
  g_clear_object (&self->policy);
  g_free (self->world);
  g_free (self->session);
  g_free (self->staff);
  g_free (self);
}

char *
desk_password (Desk *self, const char *staff)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *path = g_build_filename (self->world, "world.json", NULL);
  JsonObject *officers;

  g_assert_true (json_parser_load_from_file (parser, path, NULL));
  officers = json_object_get_object_member (json_node_get_object (json_parser_get_root (parser)),
                                            "staff");
  return g_strdup (
      json_object_get_string_member (json_object_get_object_member (officers, staff), "password"));
}

static GVariant *
password_handle (GUnixFDList *fds, const char *password, GError **error)
{
  g_autoptr (MdSecret) secret = md_secret_new_from_text (password);

  return md_bus_secret_append (fds, secret, error);
}

gboolean
desk_set_password (Desk *self, const char *staff, const char *password, GError **error)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  GVariant *handle = password_handle (fds, password, error);

  return handle != NULL
         && md_bus_terminal1_call_set_password_sync (self->proxy, staff, handle, fds, NULL, NULL,
                                                     error);
}

/* The card's answer to the challenge. */
static GBytes *
answer (Desk *self, const char *staff, GVariant *challenge, GError **error)
{
  g_autoptr (MdKey) key = key_of (self, staff, "auth", error);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;

  if (key == NULL)
    return NULL;
  g_checksum_update (checksum, g_variant_get_data (challenge),
                     (gssize)g_variant_get_size (challenge));
  g_checksum_get_digest (checksum, digest, &size);
  return md_key_sign_digest (key, digest, error);
}

GVariant *
desk_bytes_variant (GBytes *bytes)
{
  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);
}

gboolean
desk_begin_login (Desk *self, const char *staff, DeskLogin *out_login, GError **error)
{
  g_autoptr (MdCertificate) certificate = certificate_of (self, staff, "auth", error);

  out_login->staff = staff;
  return certificate != NULL
         && md_bus_terminal1_call_begin_login_sync (
             self->proxy, desk_bytes_variant (md_certificate_get_der (certificate)), &out_login->id,
             &out_login->challenge, NULL, error);
}

gboolean
desk_finish_login (Desk *self, DeskLogin *taken, const char *signer, const char *password,
                   GError **error)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (GVariant) challenge = taken->challenge;
  g_autoptr (GVariant) details = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autofree char *login = taken->id;
  g_autofree char *session = NULL;
  GVariant *handle;

  signature = answer (self, signer, challenge, error);
  handle = signature != NULL ? password_handle (fds, password, error) : NULL;
  if (handle == NULL
      || !md_bus_terminal1_call_finish_login_sync (self->proxy, login,
                                                   desk_bytes_variant (signature), handle, fds,
                                                   &session, &details, NULL, NULL, error))
    return FALSE;
  g_free (self->session);
  self->session = g_steal_pointer (&session);
  g_free (self->staff);
  self->staff = g_strdup (taken->staff);
  return load_policy (self, error);
}

gboolean
desk_login_as (Desk *self, const char *staff, const char *signer, const char *password,
               GError **error)
{
  DeskLogin login;

  return desk_begin_login (self, staff, &login, error)
         && desk_finish_login (self, &login, signer, password, error);
}

gboolean
desk_login (Desk *self, const char *staff, GError **error)
{
  g_autofree char *password = desk_password (self, staff);

  return desk_login_as (self, staff, staff, password, error);
}

gboolean
desk_logout (Desk *self, GError **error)
{
  return md_bus_terminal1_call_logout_sync (self->proxy, self->session, NULL, error);
}

static char *
text_of (GVariant *dict, const char *key)
{
  const char *text = "";

  g_variant_lookup (dict, key, "&s", &text);
  return g_strdup (text);
}

GVariant *
desk_reserve_only (Desk *self, const char *procedure, GError **error)
{
  GVariant *reservation = NULL;

  return md_bus_terminal1_call_reserve_intake_sync (self->proxy, self->session, procedure,
                                                    &reservation, NULL, error)
             ? reservation
             : NULL;
}

/* Somebody whom no other intake is of. Takes RESERVATION (nullable) over. */
static GVariant *
name_somebody (Desk *self, GVariant *reservation, GError **error)
{
  g_autofree char *intake = reservation != NULL ? text_of (reservation, "intake") : NULL;
  const DeskPerson somebody = { .who = intake };
  g_autofree char *kinds = reservation != NULL ? desk_name (self, intake, &somebody, error) : NULL;

  if (reservation != NULL && kinds == NULL)
    g_clear_pointer (&reservation, g_variant_unref);
  return reservation;
}

GVariant *
desk_reserve (Desk *self, const char *procedure, GError **error)
{
  return name_somebody (self, desk_reserve_only (self, procedure, error), error);
}

GVariant *
desk_take_up (Desk *self, const char *returned, GError **error)
{
  GVariant *reservation = NULL;

  return md_bus_terminal1_call_take_up_intake_sync (self->proxy, self->session, returned,
                                                    &reservation, NULL, error)
             ? name_somebody (self, reservation, error)
             : NULL;
}

static const char *
or_else (const char *flaw, const char *right)
{
  return flaw != NULL ? flaw : right;
}

static char *
nonce_of (GVariant *reservation)
{
  g_autoptr (GVariant) nonce
      = g_variant_lookup_value (reservation, "nonce", G_VARIANT_TYPE_BYTESTRING);

  return md_hex_encode (g_variant_get_data (nonce), g_variant_get_size (nonce));
}

static MdManifest *
make_manifest (Desk *self, GVariant *reservation, const DeskFlaws *flaws)
{
  MdManifest *manifest = md_manifest_new ();
  guint64 monotonic = 0;

  manifest->intake = text_of (reservation, "intake");
  manifest->receipt_number = flaws->receipt_number != NULL
                                 ? g_strdup (flaws->receipt_number)
                                 : text_of (reservation, "receipt_number");
  manifest->procedure = text_of (reservation, "procedure");
  manifest->procedure_version = g_strdup (or_else (flaws->version, "1"));
  manifest->office = text_of (reservation, "office");
  manifest->terminal = text_of (reservation, "terminal");
  manifest->clerk = text_of (reservation, "clerk");
  manifest->wall = text_of (reservation, "time");
  manifest->boot_id = text_of (reservation, "boot_id");
  if (!flaws->forgets_replaced)
    manifest->replaces = text_of (reservation, "replaces");
  if (manifest->replaces != NULL && *manifest->replaces == '\0')
    g_clear_pointer (&manifest->replaces, g_free);
  g_variant_lookup (reservation, "policy_version", "u", &manifest->policy_version);
  g_variant_lookup (reservation, "monotonic_ns", "t", &monotonic);
  manifest->monotonic_ns = (gint64)monotonic;
  manifest->policy_digest = g_strdup (md_policy_get_digest (self->policy));
  manifest->nonce_state = text_of (reservation, "nonce_state");
  manifest->nonce = nonce_of (reservation);
  manifest->identification_method = g_strdup (or_else (flaws->method, "jpki-auth"));
  manifest->identification_verdict = g_strdup (or_else (flaws->verdict, "valid"));
  manifest->identification_revocation = g_strdup (or_else (flaws->revocation, "ocsp"));
  desk_say_named (manifest, flaws);
  manifest->number_missing = flaws->number_missing;
  manifest->delegation_intake = g_strdup (flaws->letter_intake);
  manifest->delegation_number = g_strdup (flaws->letter_number);
  manifest->delegation_decision = g_strdup (flaws->letter_decision);
  manifest->received = g_strdup (flaws->received);
  for (guint i = 0; flaws->releases != NULL && i < flaws->releases->len; i++)
    g_ptr_array_add (manifest->releases,
                     md_release_files_copy (g_ptr_array_index (flaws->releases, i)));
  return manifest;
}

static gboolean
has_flaw (const char *flaw, const char *name)
{
  return g_strcmp0 (flaw, name) == 0;
}

static GPtrArray *
recipients_of (Desk *self, const MdManifest *manifest, const char *name, const DeskFlaws *flaws,
               GError **error)
{
  MdRecipients kind
      = g_str_equal (name, MD_SEAL_PART_NUMBER) ? MD_RECIPIENTS_NUMBER : MD_RECIPIENTS_APPLICATION;
  MdSensitivity class = MD_CLASS_BASIC;
  g_autoptr (GPtrArray) ders
      = g_str_equal (name, DESK_ATTACHMENT) && md_sensitivity_from_id (flaws->scan, &class)
            ? md_policy_get_class_recipients (self->policy, manifest->procedure, MD_PROFILE_V1,
                                              class, manifest->clerk, error)
            : md_policy_get_recipients (self->policy, manifest->procedure, MD_PROFILE_V1, kind,
                                        manifest->clerk, error);
  g_autoptr (GPtrArray) list
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);

  if (ders == NULL)
    return NULL;
  if (flaws->strange_recipient && g_str_equal (name, MD_SEAL_PART_APPLICATION))
    g_ptr_array_add (list, certificate_of (self, manifest->clerk, "km", error));
  for (guint i = 0; list->len == i && i < ders->len; i++)
    g_ptr_array_add (list, md_certificate_new_from_der (g_ptr_array_index (ders, i), error));
  if (has_flaw (flaws->leaking_part, name))
    g_ptr_array_add (list, certificate_of (self, manifest->clerk, "km", error));
  if (has_flaw (flaws->narrow_part, name))
    g_ptr_array_set_size (list, 1);
  return g_steal_pointer (&list);
}

/* What goes into a container, and how. */
typedef struct
{
  Desk *desk;
  MdContainerBuilder *builder;
  const MdManifest *manifest;
  const DeskFlaws *flaws;
} Sealing;

static gboolean
add_part (const Sealing *s, const char *name, gsize size, GError **error)
{
  g_autoptr (GPtrArray) recipients = recipients_of (s->desk, s->manifest, name, s->flaws, error);
  g_autofree char *contents = g_strnfill (size, 'x');
  g_autoptr (GBytes) data = g_bytes_new (contents, size);

  return recipients != NULL
         && md_container_builder_add_part (s->builder, name, data, recipients, error);
}

static gboolean
add_scan (const Sealing *s, GError **error)
{
  const DeskFlaws *flaws = s->flaws;
  const char *right
      = has_flaw (flaws->scan, "my-number") ? MD_SEAL_READERS_NUMBER : MD_SEAL_READERS_CLASS;
  g_autoptr (GPtrArray) recipients
      = recipients_of (s->desk, s->manifest, DESK_ATTACHMENT, flaws, error);
  g_autoptr (GBytes) data = g_bytes_new_static ("%PDF", 4);

  return recipients != NULL
         && md_container_builder_add_attachment (
             s->builder, data, "application/pdf",
             flaws->scan_unsaid ? NULL : or_else (flaws->scan_readers, right), recipients, error);
}

GBytes *
desk_seal (Desk *self, GVariant *reservation, gsize size, const DeskFlaws *given, GError **error)
{
  static const DeskFlaws none = { 0 };
  const DeskFlaws *flaws = given != NULL ? given : &none;
  g_autoptr (MdManifest) manifest = make_manifest (self, reservation, flaws);
  g_autoptr (MdContainerBuilder) builder = md_container_builder_new (manifest);
  const Sealing s = { self, builder, manifest, flaws };
  const char *signer = or_else (flaws->signer, manifest->clerk);
  const gboolean has_number = !md_delegation_is_decided_by (manifest->procedure);
  g_autoptr (MdCertificate) certificate = certificate_of (self, signer, "sign", error);
  g_autoptr (MdKey) key = key_of (self, signer, "sign", error);

  if (certificate == NULL || key == NULL || !add_part (&s, MD_SEAL_PART_APPLICATION, size, error)
      || (has_number && !add_part (&s, MD_SEAL_PART_NUMBER, 64, error)))
    return NULL;
  if (!flaws->no_evidence && !add_part (&s, MD_SEAL_PART_EVIDENCE, 2048, error))
    return NULL;
  if (flaws->scan != NULL && !add_scan (&s, error))
    return NULL;
  return md_container_builder_sign (builder, key, certificate, g_get_real_time () / G_USEC_PER_SEC,
                                    error);
}

char *
desk_raised (char digit)
{
  return g_strnfill (64, digit);
}

guint
desk_raise (Desk *self, const char *intake, const char *raised, GError **error)
{
  guint hold = 0;

  return md_bus_terminal1_call_raise_hold_sync (self->proxy, self->session, intake, raised, &hold,
                                                NULL, error)
             ? hold
             : 0;
}

MdReleaseFiles *
desk_release (Desk *self, GVariant *reservation, const char *raised, const DeskReleaseFlaws *given,
              GError **error)
{
  static const DeskReleaseFlaws none = { 0 };
  const DeskReleaseFlaws *flaws = given != NULL ? given : &none;
  const char *officer = or_else (flaws->officer, "S0101");
  g_autofree char *intake = text_of (reservation, "intake");
  g_autofree char *terminal = text_of (reservation, "terminal");
  g_autofree char *office = text_of (reservation, "office");
  g_autofree char *reason = g_strnfill (64, 'e');
  g_autofree char *time
      = md_time_format_rfc3339 (g_get_real_time () + flaws->later_s * G_USEC_PER_SEC);
  g_autofree char *json = g_strdup_printf (
      "{\"schema\":\"madoguchi-release/1\",\"hold\":%u,\"intake\":\"%s\",\"raised\":\"%s\","
      "\"reason\":\"%s\",\"officer\":\"%s\",\"role\":\"%s\",\"office\":\"%s\","
      "\"terminal\":\"%s\",\"policy_digest\":\"%s\",\"time\":\"%s\",\"policy_version\":%u}",
      MAX (flaws->hold, 1), or_else (flaws->intake, intake), or_else (flaws->raised, raised),
      reason, officer, or_else (flaws->role, "supervisor"), office,
      or_else (flaws->terminal, terminal),
      or_else (flaws->digest, md_policy_get_digest (self->policy)), time,
      md_policy_get_version (self->policy));
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));
  const char *signer = or_else (flaws->signer, officer);
  g_autoptr (MdCertificate) certificate = certificate_of (self, signer, "sign", error);
  g_autoptr (MdKey) key = key_of (self, signer, "sign", error);
  g_autoptr (GBytes) signature = NULL;

  if (certificate == NULL || key == NULL)
    return NULL;
  signature = md_cms_sign_detached (bytes, key, certificate, NULL,
                                    g_get_real_time () / G_USEC_PER_SEC, error);
  return signature != NULL ? md_release_files_new (bytes, signature) : NULL;
}

gboolean
desk_send_release (Desk *self, const char *intake, const MdReleaseFiles *files, GError **error)
{
  return md_bus_terminal1_call_release_hold_sync (
      self->proxy, self->session, intake,
      g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, files->release, TRUE),
      g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, files->signature, TRUE), NULL, error);
}

gboolean
desk_submit (Desk *self, const char *intake, GBytes *container, char **out_receipt_number,
             GError **error)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  GVariant *handle = md_bus_payload_append (fds, container, error);
  g_autofree char *state = NULL;

  return handle != NULL
         && md_bus_terminal1_call_submit_intake_sync (self->proxy, self->session, intake, handle,
                                                      fds, out_receipt_number, &state, NULL, NULL,
                                                      error);
}

char *
desk_take_in (Desk *self, const char *procedure, GError **error)
{
  g_autoptr (GVariant) reservation = desk_reserve (self, procedure, error);
  g_autoptr (GBytes) container = NULL;
  g_autofree char *number = NULL;
  g_autofree char *intake = NULL;

  if (reservation == NULL)
    return NULL;
  container = desk_seal (self, reservation, 20480, NULL, error);
  intake = text_of (reservation, "intake");
  if (container == NULL || !desk_submit (self, intake, container, &number, error))
    return NULL;
  return g_steal_pointer (&intake);
}

MdDecisionFiles *
desk_sign_decision (Desk *self, const char *intake, const DeskDeciding *deciding, GError **error)
{
  const MdDecisionKind kind = deciding->kind;
  const char *officer = deciding->officer;
  const char *signer = deciding->signer;
  g_autoptr (GVariant) handle = NULL;
  g_autoptr (GVariant) info = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (MdContainer) container = NULL;
  g_autoptr (MdDecision) decision = md_decision_new ();
  g_autoptr (MdCertificate) certificate = certificate_of (self, signer, "sign", error);
  g_autoptr (MdKey) key = key_of (self, signer, "sign", error);

  if (!md_bus_terminal1_call_get_intake_sync (self->proxy, self->session, intake, NULL, &handle,
                                              &info, &fds, NULL, error))
    return NULL;
  bytes = md_bus_payload_get (fds, handle, MD_LIMIT_CONTAINER, error);
  container = bytes != NULL ? md_container_parse (bytes, error) : NULL;
  if (container == NULL || certificate == NULL || key == NULL)
    return NULL;
  decision->kind = kind;
  decision->reason_code
      = g_strdup (deciding->reason != NULL                                   ? deciding->reason
                  : kind == MD_DECISION_APPROVE || kind == MD_DECISION_CHECK ? ""
                                                                             : "incomplete");
  decision->officer = g_strdup (officer);
  decision->role = g_strdup (kind == MD_DECISION_WITHDRAW ? "clerk-number"
                             : kind == MD_DECISION_CHECK  ? "checker"
                                                          : "supervisor");
  decision->office = g_strdup (md_policy_get_office (self->policy));
  decision->terminal = g_strdup (md_container_get_manifest (container)->terminal);
  decision->policy_version = md_policy_get_version (self->policy);
  decision->policy_digest = g_strdup (md_policy_get_digest (self->policy));
  decision->time = md_time_format_rfc3339 (g_get_real_time () - self->behind_s * G_USEC_PER_SEC);
  if (self->looked || self->closed)
    decision->scans[self->closed ? MD_LOOK_CLOSED : MD_LOOK_SHOWN]
        = md_manifest_count_attachments (md_container_get_manifest (container), NULL, NULL);
  if (deciding->delegation != NULL)
    decision->delegation = md_delegation_copy (deciding->delegation);
  return md_decision_make (container, decision, key, certificate,
                           g_get_real_time () / G_USEC_PER_SEC, error);
}

MdDecisionFiles *
desk_decision (Desk *self, const char *intake, MdDecisionKind kind, const char *officer,
               const char *signer, GError **error)
{
  const DeskDeciding deciding = { .kind = kind, .officer = officer, .signer = signer };

  return desk_sign_decision (self, intake, &deciding, error);
}

MdDecisionFiles *
desk_decision_because (Desk *self, const char *intake, MdDecisionKind kind, const char *reason,
                       GError **error)
{
  const DeskDeciding deciding
      = { .kind = kind, .officer = self->staff, .signer = self->staff, .reason = reason };

  return desk_sign_decision (self, intake, &deciding, error);
}

gboolean
desk_send_decision (Desk *self, const char *intake, const MdDecisionFiles *files, GError **error)
{
  g_autofree char *state = NULL;
  GVariant *parts[] = { desk_bytes_variant (files->decision), desk_bytes_variant (files->manifest),
                        desk_bytes_variant (files->signature) };

  return md_bus_terminal1_call_decide_sync (self->proxy, self->session, intake, files->n,
                                            g_variant_new_tuple (parts, 3), &state, NULL, error);
}

gboolean
desk_decide (Desk *self, const char *intake, MdDecisionKind kind, GError **error)
{
  g_autoptr (MdDecisionFiles) files
      = desk_decision (self, intake, kind, self->staff, self->staff, error);

  return files != NULL && desk_send_decision (self, intake, files, error);
}
