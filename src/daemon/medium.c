// SPDX-License-Identifier: Apache-2.0
/* The registered media, the ledger of what went by them, and what came back. The one who asks
 * writes to the medium: the service has no way to it. */
#include <string.h>
#include <glib/gi18n.h>
#include "md-protocol.h"
#include "md-seal.h"

#include "call.h"
#include "medium.h"
#include "policy.h"

#define LEDGER_LIMIT 1000u
#define NAME_MAX_CHARS 32u

static void
add_text (GVariantBuilder *builder, const char *key, const char *value)
{
  g_variant_builder_add (builder, "{sv}", key, g_variant_new_string (value != NULL ? value : ""));
}

/* Of a form that stands in the log as it is. */
static gboolean
is_name (const char *text)
{
  const gsize size = strlen (text);

  if (size < 1 || size > NAME_MAX_CHARS || !md_audit_detail_is_clean (text))
    return FALSE;
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isalnum (text[i]) && strchr ("._-", text[i]) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
is_digest (const char *text)
{
  return strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

static void
refuse (Service *self, GDBusMethodInvocation *invocation, const char *cause, GError *error)
{
  MdAuditEntry entry = { .outcome = MD_AUDIT_REFUSED };

  entry.event = "medium";
  call_refuse (self, invocation, &entry, cause, error);
}

static void
refuse_name (Service *self, GDBusMethodInvocation *invocation)
{
  refuse (self, invocation, "invalid",
          g_error_new_literal (MD_BUS_ERROR, MD_BUS_ERROR_INVALID,
                               _ ("A medium has a name of letters, digits, '-', '_' and '.', at "
                                  "most 32, with no long row of digits, such as M-001.")));
}

/* --- Media --- */

static gboolean
register_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *medium,
             const char *key, gpointer user_data)
{
  Service *self = user_data;
  g_autofree char *detail = NULL;
  MdAuditEntry entry = { .event = "medium", .outcome = MD_AUDIT_DONE };
  GError *error = NULL;

  if (!call_is_administrator (self, invocation, "medium"))
    return TRUE;
  if (!is_name (medium) || !is_digest (key))
    {
      refuse_name (self, invocation);
      return TRUE;
    }
  detail = g_strdup_printf ("what=medium-registered medium=%s by=administrator", medium);
  entry.detail = detail;
  if (md_outbox_register_medium (self->outbox, medium, key, &entry, &error))
    md_bus_terminal1_complete_register_medium (object, invocation);
  else
    refuse (self, invocation, "not-registered", error);
  return TRUE;
}

static gboolean
retire_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *medium,
           gpointer user_data)
{
  Service *self = user_data;
  g_autofree char *detail = NULL;
  MdAuditEntry entry = { .event = "medium", .outcome = MD_AUDIT_DONE };
  GError *error = NULL;

  if (!call_is_administrator (self, invocation, "medium"))
    return TRUE;
  if (!is_name (medium))
    {
      refuse_name (self, invocation);
      return TRUE;
    }
  detail = g_strdup_printf ("what=medium-retired medium=%s by=administrator", medium);
  entry.detail = detail;
  if (md_outbox_retire_medium (self->outbox, medium, &entry, &error))
    md_bus_terminal1_complete_retire_medium (object, invocation);
  else
    refuse (self, invocation, "medium-not-usable", error);
  return TRUE;
}

static gboolean
is_method (const char *text)
{
  static const char *const methods[] = { "destroyed", "degaussed", "overwritten", NULL };

  return g_strv_contains (methods, text);
}

static gboolean
dispose_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *medium,
            const char *method, gpointer user_data)
{
  Service *self = user_data;
  g_autofree char *detail = NULL;
  MdAuditEntry entry = { .event = "medium", .outcome = MD_AUDIT_DONE };
  GError *error = NULL;

  if (!call_is_administrator (self, invocation, "medium"))
    return TRUE;
  if (!is_name (medium) || !is_method (method))
    {
      refuse (self, invocation, "invalid",
              g_error_new_literal (MD_BUS_ERROR, MD_BUS_ERROR_INVALID,
                                   _ ("Name a registered medium, and how it was disposed of: "
                                      "destroyed, degaussed or overwritten.")));
      return TRUE;
    }
  detail = g_strdup_printf ("what=medium-disposed medium=%s method=%s by=administrator", medium,
                            method);
  entry.detail = detail;
  if (md_outbox_dispose_medium (self->outbox, medium, method, &entry, &error))
    md_bus_terminal1_complete_dispose_medium (object, invocation);
  else
    refuse (self, invocation, "medium-not-usable", error);
  return TRUE;
}

static GVariant *
describe_media (const GPtrArray *media)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < media->len; i++)
    {
      const MdOutboxMedium *medium = g_ptr_array_index (media, i);

      g_variant_builder_open (&rows, G_VARIANT_TYPE_VARDICT);
      add_text (&rows, "medium", medium->id);
      add_text (&rows, "registered", medium->registered);
      add_text (&rows, "retired", medium->retired);
      add_text (&rows, "bundle", medium->bundle);
      add_text (&rows, "disposed", medium->disposed);
      add_text (&rows, "method", medium->method);
      g_variant_builder_close (&rows);
    }
  return g_variant_builder_end (&rows);
}

static GVariant *
describe_bundles (const GPtrArray *bundles)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < bundles->len; i++)
    {
      const MdOutboxBundle *bundle = g_ptr_array_index (bundles, i);

      g_variant_builder_open (&rows, G_VARIANT_TYPE_VARDICT);
      add_text (&rows, "bundle", bundle->id);
      add_text (&rows, "medium", bundle->medium);
      add_text (&rows, "state", md_bundle_state_to_string (bundle->state));
      add_text (&rows, "released", bundle->released);
      add_text (&rows, "changed", bundle->changed);
      add_text (&rows, "officer", bundle->officer);
      add_text (&rows, "carrier", bundle->carrier);
      add_text (&rows, "purpose", bundle->purpose);
      g_variant_builder_add (&rows, "{sv}", "items", g_variant_new_uint32 (bundle->items));
      g_variant_builder_add (&rows, "{sv}", "delivered", g_variant_new_uint32 (bundle->delivered));
      g_variant_builder_add (&rows, "{sv}", "size", g_variant_new_uint64 (bundle->size));
      g_variant_builder_close (&rows);
    }
  return g_variant_builder_end (&rows);
}

static gboolean
list_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, gpointer user_data)
{
  Service *self = user_data;
  g_autoptr (GPtrArray) media = NULL;
  g_autoptr (GPtrArray) bundles = NULL;
  GError *error = NULL;

  if (!call_is_administrator (self, invocation, "medium"))
    return TRUE;
  media = md_outbox_list_media (self->outbox, &error);
  bundles = media != NULL ? md_outbox_list_bundles (self->outbox, LEDGER_LIMIT, &error) : NULL;
  if (bundles == NULL)
    call_fail (invocation, error);
  else
    md_bus_terminal1_complete_list_media (object, invocation, describe_media (media),
                                          describe_bundles (bundles));
  return TRUE;
}

/* --- A bundle --- */

static gboolean
item_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, GUnixFDList *in_fds,
         const char *bundle, const char *intake, guint n, gpointer user_data)
{
  Service *self = user_data;
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (GBytes) body = NULL;
  GVariant *handle = NULL;
  GError *error = NULL;

  if (!call_is_administrator (self, invocation, "medium"))
    return TRUE;
  body = md_outbox_get_bundle_body (self->outbox, bundle, intake, n, &error);
  if (body == NULL)
    {
      refuse (self, invocation, "not-released", error);
      return TRUE;
    }
  handle = md_bus_payload_append (fds, body, &error);
  if (handle == NULL)
    call_fail (invocation, error);
  else
    md_bus_terminal1_complete_get_medium_item (object, invocation, fds, handle);
  return TRUE;
}

static gboolean
note_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *bundle,
         const char *what, const char *key, const char *list, gpointer user_data)
{
  Service *self = user_data;
  const MdOutboxShown shown = { .key = key, .digest = list };
  MdBundleState state = MD_BUNDLE_RELEASED;
  g_autofree char *detail = NULL;
  MdAuditEntry entry = { .event = "medium", .outcome = MD_AUDIT_DONE };
  GError *error = NULL;

  if (!call_is_administrator (self, invocation, "medium"))
    return TRUE;
  if (!md_bundle_state_from_string (what, &state) || state == MD_BUNDLE_RELEASED)
    {
      refuse (self, invocation, "invalid",
              g_error_new_literal (MD_BUS_ERROR, MD_BUS_ERROR_INVALID,
                                   _ ("No such thing can become of a bundle.")));
      return TRUE;
    }
  detail = g_strdup_printf ("what=medium-%s by=administrator", what);
  entry.detail = detail;
  if (state == MD_BUNDLE_FAILED || state == MD_BUNDLE_UNCLEAR || state == MD_BUNDLE_LOST)
    entry.outcome = MD_AUDIT_FAILED;
  if (md_outbox_note_bundle (self->outbox, bundle, state, &shown, &entry, &error))
    md_bus_terminal1_complete_note_medium (object, invocation);
  else
    refuse (self, invocation, "not-stored", error);
  return TRUE;
}

/* --- Receipts --- */

/* By the policy in force, as the receipts that come by the line. */
static MdReceipt *
verify_receipt (Service *self, const MdOutboxItem *item, GBytes *receipt, GError **error)
{
  const gint64 now = md_clock_get_wall_us (self->clock) / G_USEC_PER_SEC;
  g_autoptr (MdReceipt) expected = md_receipt_new ();
  g_autoptr (MdTrust) trust = NULL;

  if (policy_in_force (self) == NULL)
    {
      g_set_error_literal (
          error, MD_BUS_ERROR, MD_BUS_ERROR_NO_POLICY,
          _ ("This terminal has no valid policy any more. Call the administrator."));
      return NULL;
    }
  trust = md_policy_create_trust (self->policy, MD_TRUST_PROFILE_SIGNER, error);
  if (trust == NULL)
    return NULL;
  expected->id = g_strdup (item->intake);
  expected->item = g_strdup (item->item);
  expected->sha256 = g_strdup (item->digest);
  expected->terminal = g_strdup (self->settings->terminal);
  expected->office = g_strdup (self->settings->office);
  return md_receipt_verify (receipt, expected, trust, now, error);
}

static gboolean
acknowledge (Service *self, const MdOutboxItem *item, GBytes *bytes, GError **error)
{
  g_autoptr (MdReceipt) receipt = verify_receipt (self, item, bytes, error);
  MdOutboxReceipt values = { .receipt = bytes };
  g_autoptr (MdOutboxIntake) intake = NULL;
  gboolean erased = FALSE;

  if (receipt == NULL)
    return FALSE;
  values.sequence = receipt->sequence;
  values.time = receipt->time;
  if (!md_outbox_acknowledge (self->outbox, item, &values, &erased, error))
    return FALSE;
  if (erased)
    md_db_checkpointer_empty_log (self->checkpointer);
  intake = md_outbox_get (self->outbox, item->intake, NULL);
  service_refresh (self);
  if (intake != NULL)
    md_bus_terminal1_emit_intake_changed (self->skeleton, item->intake,
                                          md_intake_state_to_string (intake->state));
  return TRUE;
}

static gboolean
receipt_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *intake, guint n,
            GVariant *receipt, gpointer user_data)
{
  Service *self = user_data;
  g_autoptr (GBytes) bytes = g_variant_get_data_as_bytes (receipt);
  g_autoptr (MdOutboxItem) item = NULL;
  MdAuditEntry entry = call_entry (NULL, "medium");
  gboolean delivered = FALSE;
  GError *error = NULL;

  if (!call_is_administrator (self, invocation, "medium"))
    return TRUE;
  item = md_outbox_find_item (self->outbox, intake, n, &delivered, &error);
  if (item == NULL)
    {
      refuse (self, invocation, "unknown-intake", error);
      return TRUE;
    }
  entry.object = item->intake;
  if (delivered || acknowledge (self, item, bytes, &error))
    md_bus_terminal1_complete_take_receipt (object, invocation, delivered ? "known" : "taken");
  else
    call_refuse (self, invocation, &entry, "receipt", error);
  return TRUE;
}

void
medium_connect (Service *self)
{
  g_signal_connect (self->skeleton, "handle-register-medium", G_CALLBACK (register_cb), self);
  g_signal_connect (self->skeleton, "handle-retire-medium", G_CALLBACK (retire_cb), self);
  g_signal_connect (self->skeleton, "handle-dispose-medium", G_CALLBACK (dispose_cb), self);
  g_signal_connect (self->skeleton, "handle-list-media", G_CALLBACK (list_cb), self);
  g_signal_connect (self->skeleton, "handle-get-medium-item", G_CALLBACK (item_cb), self);
  g_signal_connect (self->skeleton, "handle-note-medium", G_CALLBACK (note_cb), self);
  g_signal_connect (self->skeleton, "handle-take-receipt", G_CALLBACK (receipt_cb), self);
}
