// SPDX-License-Identifier: Apache-2.0
/* What the service tells about itself. */
#include "config.h"

#include <sys/statvfs.h>
#include <glib/gi18n.h>

#include "attention.h"
#include "backup.h"
#include "call.h"
#include "policy.h"
#include "revocation.h"
#include "room.h"

#define QUEUE_LIMIT 1000
#define DAY_S (24 * G_GINT64_CONSTANT (3600))

static void
add_text (GVariantBuilder *builder, const char *key, const char *value)
{
  g_variant_builder_add (builder, "{sv}", key, g_variant_new_string (value != NULL ? value : ""));
}

static void
add_uint (GVariantBuilder *builder, const char *key, guint value)
{
  g_variant_builder_add (builder, "{sv}", key, g_variant_new_uint32 (value));
}

/* --- Policy --- */

static gboolean
policy_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, GUnixFDList *in_fds,
           gpointer user_data)
{
  Service *self = user_data;
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  GError *error = NULL;
  GVariant *handle;

  if (policy_in_force (self) == NULL)
    {
      if (!call_has_database (self, invocation))
        return TRUE;
      call_reject_literal (self, invocation, "no-policy", MD_BUS_ERROR_NO_POLICY,
                           self->policy_trouble != NULL
                               ? self->policy_trouble
                               : _ ("This terminal has no valid policy. Call the administrator."));
      return TRUE;
    }
  handle = md_bus_payload_append (fds, md_policy_get_json (self->policy), &error);
  if (handle == NULL)
    call_fail (invocation, error);
  else
    md_bus_terminal1_complete_get_policy (object, invocation, fds, handle,
                                          md_policy_get_version (self->policy));
  return TRUE;
}

/* --- Queue and line --- */

static gboolean
queue_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, gpointer user_data)
{
  Service *self = user_data;
  g_autoptr (GPtrArray) list = NULL;
  GVariantBuilder rows;
  GError *error = NULL;

  if (!call_is_admitted (self, invocation))
    return TRUE;
  list = md_outbox_list_queue (self->outbox, QUEUE_LIMIT, &error);
  if (list == NULL)
    {
      call_fail (invocation, error);
      return TRUE;
    }
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < list->len; i++)
    {
      const MdOutboxItem *item = g_ptr_array_index (list, i);

      g_variant_builder_open (&rows, G_VARIANT_TYPE_VARDICT);
      add_text (&rows, "intake", item->intake);
      add_text (&rows, "receipt_number", item->receipt_number);
      add_text (&rows, "item", item->item);
      add_text (&rows, "state", item->state);
      add_uint (&rows, "attempts", item->attempts);
      add_text (&rows, "created", item->created);
      add_text (&rows, "next_try", item->next_try);
      add_text (&rows, "last_error", item->last_error);
      add_text (&rows, "parked", item->parked);
      add_text (&rows, "parked_by", item->parked_by);
      add_text (&rows, "parked_reason", item->parked_reason);
      add_text (&rows, "medium", item->medium);
      g_variant_builder_add (&rows, "{sv}", "deferred", g_variant_new_boolean (item->deferred));
      g_variant_builder_add (&rows, "{sv}", "behind", g_variant_new_boolean (item->behind));
      g_variant_builder_add (&rows, "{sv}", "urgent", g_variant_new_boolean (item->urgent));
      g_variant_builder_add (&rows, "{sv}", "size", g_variant_new_uint64 (item->size));
      g_variant_builder_close (&rows);
    }
  md_bus_terminal1_complete_queue_list (object, invocation, g_variant_builder_end (&rows));
  return TRUE;
}

static gboolean
retry_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, gpointer user_data)
{
  Service *self = user_data;
  GError *error = NULL;

  if (!call_is_admitted (self, invocation))
    return TRUE;
  if (!md_outbox_hurry (self->outbox, &error))
    {
      call_fail (invocation, error);
      return TRUE;
    }
  md_delivery_wake (self->delivery);
  md_bus_terminal1_complete_retry_now (object, invocation);
  return TRUE;
}

/* Tells everybody of what was done; not DONE: answers with ERROR (transfer full), and says so. */
static gboolean
tell_parked (Service *self, GDBusMethodInvocation *invocation, gboolean done,
             const MdOutboxParked *parked, GError *error)
{
  MdAuditEntry entry = call_entry (NULL, "park");
  g_autoptr (MdOutboxIntake) intake = NULL;

  if (!done && error->domain == MD_OUTBOX_ERROR)
    call_refuse (self, invocation, &entry,
                 error->code == MD_OUTBOX_ERROR_UNKNOWN ? "unknown-intake" : "nothing-to-do",
                 error);
  else if (!done)
    call_fail (invocation, error);
  if (!done)
    return FALSE;
  md_delivery_wake (self->delivery);
  service_refresh (self);
  intake = md_outbox_get (self->outbox, parked->intake, NULL);
  if (intake != NULL)
    md_bus_terminal1_emit_intake_changed (self->skeleton, parked->intake,
                                          md_intake_state_to_string (intake->state));
  return TRUE;
}

static gboolean
park_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *receipt_number,
         const char *reason, const char *by, gpointer user_data)
{
  Service *self = user_data;
  const MdOutboxParking parking = { .receipt_number = receipt_number, .reason = reason, .by = by };
  const MdAuditEntry entry = call_entry (NULL, "park");
  MdOutboxParked parked = { 0 };
  GError *error = NULL;
  gboolean done;

  if (!call_is_administrator (self, invocation, "park"))
    return TRUE;
  done = md_outbox_park (self->outbox, &parking, &entry, &parked, &error);
  if (tell_parked (self, invocation, done, &parked, error))
    md_bus_terminal1_complete_park_application (object, invocation, parked.items);
  return TRUE;
}

static gboolean
let_go_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *receipt_number,
           const char *by, gpointer user_data)
{
  Service *self = user_data;
  const MdOutboxParking parking = { .receipt_number = receipt_number, .by = by };
  const MdAuditEntry entry = call_entry (NULL, "park");
  MdOutboxParked parked = { 0 };
  GError *error = NULL;
  gboolean done;

  if (!call_is_administrator (self, invocation, "park"))
    return TRUE;
  done = md_outbox_let_go (self->outbox, &parking, &entry, &parked, &error);
  if (tell_parked (self, invocation, done, &parked, error))
    md_bus_terminal1_complete_release_application (object, invocation, parked.items);
  return TRUE;
}

/* When a certificate ends; "" where none was seen. */
static void
add_end (GVariantBuilder *builder, const char *key, gint64 until)
{
  g_autofree char *text = until != 0 ? md_time_format_rfc3339 (until * G_USEC_PER_SEC) : NULL;

  add_text (builder, key, text);
}

static gboolean
line_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, gpointer user_data)
{
  Service *self = user_data;
  MdOutboxCounts counts = { 0 };
  g_autofree char *url = NULL;
  guint address, addresses = 0;
  GVariantBuilder builder;
  GError *error = NULL;

  if (!call_has_database (self, invocation))
    return TRUE;
  service_refresh (self);
  url = md_delivery_dup_url (self->delivery);
  if (!md_outbox_count (self->outbox, &counts, &error))
    {
      call_fail (invocation, error);
      return TRUE;
    }
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_text (&builder, "state", md_bus_terminal1_get_line_state (object));
  add_text (&builder, "reason", md_bus_terminal1_get_line_reason (object));
  add_text (&builder, "detail", md_bus_terminal1_get_line_detail (object));
  address = md_delivery_get_address (self->delivery, &addresses);
  add_text (&builder, "url", url);
  add_uint (&builder, "address", address);
  add_uint (&builder, "addresses", addresses);
  add_text (&builder, "since", self->line_since);
  add_text (&builder, "last_success", self->line_success);
  add_end (&builder, "certificate_until", self->own_until);
  add_end (&builder, "gateway_until", md_delivery_get_gateway_until (self->delivery));
  add_uint (&builder, "delivered_today", counts.delivered_today);
  add_uint (&builder, "unsent", counts.unsent);
  add_uint (&builder, "quarantined", counts.quarantined);
  add_uint (&builder, "parked", counts.parked);
  md_bus_terminal1_complete_line_status (object, invocation, g_variant_builder_end (&builder));
  return TRUE;
}

/* --- Health --- */

/* @until: 0 where there is none. */
static void
add_life (Service *self, GVariantBuilder *rows, const char *name, const char *path, gint64 from,
          gint64 until)
{
  const gint64 left = until - md_clock_get_wall_us (self->clock) / G_USEC_PER_SEC;
  g_autofree char *first = from != 0 ? md_time_format_rfc3339 (from * G_USEC_PER_SEC) : NULL;
  g_autofree char *last = until != 0 ? md_time_format_rfc3339 (until * G_USEC_PER_SEC) : NULL;

  g_variant_builder_open (rows, G_VARIANT_TYPE_VARDICT);
  add_text (rows, "name", name);
  add_text (rows, "path", path);
  add_text (rows, "not_before", first);
  add_text (rows, "not_after", last);
  add_uint (rows, "days", until != 0 && left > 0 ? (guint)(left / DAY_S) : 0);
  add_text (rows, "state",
            until == 0                    ? "missing"
            : left < 0                    ? "expired"
            : left < ATTENTION_EXPIRING_S ? "expiring"
                                          : "ok");
  g_variant_builder_close (rows);
}

static void
add_certificate (Service *self, GVariantBuilder *rows, const char *name, const char *path)
{
  g_autoptr (MdCertificate) certificate = md_certificate_new_from_file (path, NULL);

  add_life (self, rows, name, path,
            certificate != NULL ? md_certificate_get_not_before (certificate) : 0,
            certificate != NULL ? md_certificate_get_not_after (certificate) : 0);
}

static GVariant *
list_certificates (Service *self)
{
  g_autoptr (MdLineConfig) line = service_dup_line (self);
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  add_certificate (self, &rows, "terminal", line->certificate);
  if (self->delivery != NULL && md_delivery_get_gateway_until (self->delivery) != 0)
    add_life (self, &rows, "gateway", line->url, 0, md_delivery_get_gateway_until (self->delivery));
  add_certificate (self, &rows, "line-ca", self->settings->line_ca);
  add_certificate (self, &rows, "policy-anchor", self->settings->policy_anchor);
  return g_variant_builder_end (&rows);
}

static guint64
free_bytes (Service *self)
{
  struct statvfs st;

  return statvfs (self->settings->state_dir, &st) == 0 ? (guint64)st.f_bavail * st.f_frsize : 0;
}

/* How many the terminal gives, and whether more may come; none while it does not know which were
 * given. */
static void
look_at_numbers (Service *self, guint *out_left, gboolean *out_last)
{
  gboolean doubts = FALSE;

  if (!md_outbox_numbers_left (self->outbox, out_left, NULL)
      || !md_outbox_doubts_numbers (self->db, &doubts, NULL) || doubts)
    *out_left = 0;
  if (!md_outbox_are_last_numbers (self->outbox, out_last, NULL))
    *out_last = FALSE;
}

static gboolean
health_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, gpointer user_data)
{
  Service *self = user_data;
  g_autofree char *now = md_time_format_rfc3339 (md_clock_get_wall_us (self->clock));
  g_autofree char *until = NULL;
  g_autofree char *officers = attention_dup_officers (self);
  g_autofree char *versions = attention_dup_versions (self);
  GVariantBuilder builder;
  gboolean last = FALSE;
  guint left = 0;

  if (self->policy != NULL)
    until = md_time_format_rfc3339 (md_policy_get_not_after (self->policy));
  if (self->database_trouble == NULL)
    look_at_numbers (self, &left, &last);
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_text (&builder, "version", MD_VERSION);
  add_text (&builder, "started", self->started);
  add_text (&builder, "now", now);
  add_text (&builder, "database", self->database_trouble);
  add_text (&builder, "policy", self->policy_trouble);
  add_uint (&builder, "policy_version",
            policy_in_force (self) != NULL ? md_policy_get_version (self->policy) : 0);
  add_text (&builder, "policy_not_after", until);
  add_text (&builder, "policy_state", attention_policy_state (self));
  add_text (&builder, "officers", officers);
  add_text (&builder, "versions", versions);
  add_uint (&builder, "unsent_limit", attention_unsent_limit (self));
  add_uint (&builder, "receipts_low", attention_receipts_low (self));
  g_variant_builder_add (&builder, "{sv}", "certificates", list_certificates (self));
  add_uint (&builder, "numbers_left", left);
  g_variant_builder_add (&builder, "{sv}", "numbers_last", g_variant_new_boolean (last));
  g_variant_builder_add (&builder, "{sv}", "crls", revocation_list (self->revocation));
  g_variant_builder_add (&builder, "{sv}", "crl_sources",
                         revocation_list_sources (self->revocation));
  g_variant_builder_add (&builder, "{sv}", "free_bytes", g_variant_new_uint64 (free_bytes (self)));
  add_text (&builder, "room", room_word (room_look (self)));
  backup_describe (self->backup, &builder);
  md_bus_terminal1_complete_health (object, invocation, g_variant_builder_end (&builder));
  return TRUE;
}

void
report_connect (Service *self)
{
  g_signal_connect (self->skeleton, "handle-get-policy", G_CALLBACK (policy_cb), self);
  g_signal_connect (self->skeleton, "handle-queue-list", G_CALLBACK (queue_cb), self);
  g_signal_connect (self->skeleton, "handle-retry-now", G_CALLBACK (retry_cb), self);
  g_signal_connect (self->skeleton, "handle-park-application", G_CALLBACK (park_cb), self);
  g_signal_connect (self->skeleton, "handle-release-application", G_CALLBACK (let_go_cb), self);
  g_signal_connect (self->skeleton, "handle-line-status", G_CALLBACK (line_cb), self);
  g_signal_connect (self->skeleton, "handle-health", G_CALLBACK (health_cb), self);
}
