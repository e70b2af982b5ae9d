// SPDX-License-Identifier: Apache-2.0
#include <string.h>
#include <glib/gi18n.h>

#include "attention.h"
#include "backup.h"
#include "call.h"
#include "database.h"
#include "drafts.h"
#include "forms.h"
#include "medium.h"
#include "naming.h"
#include "notices.h"
#include "own-certificate.h"
#include "policies.h"
#include "policy.h"
#include "reservations.h"
#include "retain.h"
#include "revocation.h"
#include "room.h"
#include "service.h"
#include "unserved.h"

#define TICK_S 5

/* --- Properties --- */

static void
refresh_policy (Service *self)
{
  const MdPolicyTerminal *terminal;

  if (self->policy == NULL)
    return;
  terminal = md_policy_get_terminal (self->policy, self->settings->terminal);
  md_bus_terminal1_set_office_name_ja (self->skeleton,
                                       md_policy_get_office_name (self->policy, TRUE));
  md_bus_terminal1_set_office_name_en (self->skeleton,
                                       md_policy_get_office_name (self->policy, FALSE));
  md_bus_terminal1_set_counter_ja (self->skeleton, terminal->counter_ja);
  md_bus_terminal1_set_counter_en (self->skeleton, terminal->counter_en);
  md_bus_terminal1_set_policy_version (
      self->skeleton, policy_in_force (self) != NULL ? md_policy_get_version (self->policy) : 0);
}

static void
refresh_line (Service *self)
{
  g_autofree char *detail = NULL;
  const char *state;

  if (self->delivery == NULL)
    return;
  detail = md_delivery_dup_detail (self->delivery);
  state = md_line_state_name (md_delivery_get_state (self->delivery));
  if (g_strcmp0 (state, md_bus_terminal1_get_line_state (self->skeleton)) != 0)
    {
      g_free (self->line_since);
      self->line_since = md_time_format_rfc3339 (md_clock_get_wall_us (self->clock));
    }
  md_bus_terminal1_set_line_state (self->skeleton, state);
  md_bus_terminal1_set_line_reason (self->skeleton, md_delivery_get_reason (self->delivery));
  md_bus_terminal1_set_line_detail (
      self->skeleton, g_str_equal (md_delivery_get_reason (self->delivery), "ok") ? "" : detail);
}

static const char *
pick_trouble (Service *self)
{
  if (self->database_trouble != NULL)
    return self->database_trouble;
  if (self->policy_trouble != NULL)
    return self->policy_trouble;
  return self->forms_trouble != NULL ? self->forms_trouble : "";
}

void
service_refresh (Service *self)
{
  MdOutboxCounts counts;
  g_autoptr (GError) error = NULL;

  if (self->desk != NULL)
    policy_watch (self);
  refresh_policy (self);
  refresh_line (self);
  md_bus_terminal1_set_trouble (self->skeleton, pick_trouble (self));
  if (self->outbox == NULL)
    return;
  if (!md_outbox_count (self->outbox, &counts, &error))
    {
      md_bus_terminal1_set_trouble (self->skeleton, error->message);
      return;
    }
  md_bus_terminal1_set_unsent (self->skeleton, counts.unsent);
  md_bus_terminal1_set_approvals_waiting (self->skeleton, counts.approvals);
  md_bus_terminal1_set_returned (self->skeleton, counts.returned);
  md_bus_terminal1_set_today_count (self->skeleton, counts.today);
  {
    g_autofree char *attention = attention_dup (self, counts.unsent);

    md_bus_terminal1_set_attention (self->skeleton, attention);
  }
}

/* --- Delivery --- */

static void
acknowledged_cb (MdDelivery *delivery, const char *intake, guint n, gpointer user_data)
{
  Service *self = user_data;
  g_autoptr (MdOutboxIntake) found = md_outbox_get (self->outbox, intake, NULL);

  g_free (self->line_success);
  self->line_success = md_time_format_rfc3339 (md_clock_get_wall_us (self->clock));
  service_refresh (self);
  if (found != NULL)
    md_bus_terminal1_emit_intake_changed (self->skeleton, intake,
                                          md_intake_state_to_string (found->state));
}

static void
quarantined_cb (MdDelivery *delivery, const char *intake, guint n, const char *code,
                gpointer user_data)
{
  acknowledged_cb (delivery, intake, n, user_data);
}

/* A peer that is not what it should be goes into the log, once until the line is well again. That
 * nobody answers is no wrong peer. */
static void
note_line (Service *self)
{
  MdLineState state = md_delivery_get_state (self->delivery);
  const char *cause = md_delivery_get_reason (self->delivery);
  MdAuditEntry entry = { .event = "line", .outcome = MD_AUDIT_REFUSED };
  g_autofree char *detail = NULL;
  g_autoptr (GError) error = NULL;

  if (state == MD_LINE_STATE_ONLINE)
    self->line_cause = NULL;
  if (state != MD_LINE_STATE_ATTENTION || g_strcmp0 (cause, self->line_cause) == 0)
    return;
  self->line_cause = cause;
  detail = g_strdup_printf ("cause=%s", cause);
  entry.detail = detail;
  if (!md_audit_record_now (self->audit, &entry, &error))
    g_message ("%s", error->message);
}

static void
state_changed_cb (MdDelivery *delivery, gpointer user_data)
{
  note_line (user_data);
  service_refresh (user_data);
}

static gboolean
is_silence (const char *cause)
{
  static const char *const silences[] = { "no-link", "no-name", "proxy", "no-answer", NULL };

  return g_strv_contains (silences, cause);
}

/* Which gateway has what is sent from now on: each change once. */
static void
address_changed_cb (MdDelivery *delivery, guint address, const char *cause, gpointer user_data)
{
  Service *self = user_data;
  g_autofree char *number = md_audit_detail_number (address);
  g_autofree char *detail
      = g_strdup_printf ("cause=%s address=%s", is_silence (cause) ? "silent" : cause, number);
  const MdAuditEntry entry = { .event = "line", .outcome = MD_AUDIT_DONE, .detail = detail };
  g_autoptr (GError) error = NULL;

  if (!md_audit_record_now (self->audit, &entry, &error))
    g_message ("%s", error->message);
  service_refresh (self);
}

static void
renewal_cb (MdDelivery *delivery, const char *stage, gpointer user_data)
{
  own_certificate_note (user_data, stage);
  service_refresh (user_data);
}

static void
policy_received_cb (MdDelivery *delivery, GBytes *bundle, const char *etag, gpointer user_data)
{
  Service *self = user_data;

  policy_receive (self, bundle, etag);
  service_refresh (self);
}

static void
notice_received_cb (MdDelivery *delivery, guint number, GBytes *body, gpointer user_data)
{
  notices_receive (user_data, number, body);
  service_refresh (user_data);
}

/* From the engine's thread. */
static void
erased_cb (gpointer user_data)
{
  md_db_checkpointer_empty_log (user_data);
}

/* With the pair that was installed, and the folder of the others. */
static MdLineConfig *
dup_installed_line (const Service *self)
{
  MdLineConfig *line = md_line_config_new ();

  line->url = self->delivery != NULL ? md_delivery_dup_url (self->delivery)
                                     : g_strdup (self->settings->line_url);
  line->proxy = g_strdup (self->settings->line_proxy);
  line->ca = g_strdup (self->settings->line_ca);
  line->certificate = g_strdup (self->settings->line_certificate);
  line->key = g_strdup (self->settings->line_key);
  line->pairs = g_build_filename (self->settings->state_dir, "line", NULL);
  return line;
}

MdLineConfig *
service_dup_line (const Service *self)
{
  MdLineConfig *line = dup_installed_line (self);

  md_line_pair_settle (line, NULL);
  return line;
}

static gboolean
make_delivery (Service *self, GError **error)
{
  g_autoptr (MdLineConfig) line = dup_installed_line (self);
  MdDeliveryConfig config
      = { .line = line, .office = self->settings->office, .terminal = self->settings->terminal };

  self->source = outbox_source_new (self->database_path, self->settings->office,
                                    self->settings->terminal, self->clock, error);
  self->checkpointer = md_db_checkpointer_start (self->database_path, error);
  if (self->source == NULL || self->checkpointer == NULL)
    return FALSE;
  outbox_source_set_erased (self->source, erased_cb, self->checkpointer);
  self->delivery = md_delivery_new (MD_DELIVERY_SOURCE (self->source), &config);
  g_signal_connect (self->delivery, "item-acknowledged", G_CALLBACK (acknowledged_cb), self);
  g_signal_connect (self->delivery, "item-quarantined", G_CALLBACK (quarantined_cb), self);
  g_signal_connect (self->delivery, "state-changed", G_CALLBACK (state_changed_cb), self);
  g_signal_connect (self->delivery, "address-changed", G_CALLBACK (address_changed_cb), self);
  g_signal_connect (self->delivery, "certificate-renewal", G_CALLBACK (renewal_cb), self);
  g_signal_connect (self->delivery, "policy-received", G_CALLBACK (policy_received_cb), self);
  g_signal_connect (self->delivery, "notice-received", G_CALLBACK (notice_received_cb), self);
  return TRUE;
}

/* --- Life --- */

/* The refusals that were only counted; the rest of them when the service ends. */
static void
settle_refusals (Service *self, gboolean all)
{
  g_autoptr (GError) error = NULL;

  if (self->gate == NULL)
    return;
  if (!(all ? md_audit_gate_settle_all (self->gate, &error)
            : md_audit_gate_settle (self->gate, &error)))
    g_message ("%s", error->message);
}

static void
session_ended_cb (const MdStaffSession *session, const char *reason, gpointer user_data)
{
  Service *self = user_data;

  if (g_str_equal (reason, "vanished"))
    reservations_end_of (self, session->staff);
  md_bus_terminal1_emit_session_ended (self->skeleton, session->id, reason);
}

static gboolean
tick_cb (gpointer user_data)
{
  Service *self = user_data;

  if (self->desk != NULL)
    md_staff_desk_expire (self->desk);
  settle_refusals (self, FALSE);
  retain_tick (self);
  revocation_tick (self->revocation);
  backup_tick (self->backup);
  own_certificate_look (self, FALSE);
  (void)room_look (self);
  service_refresh (self);
  return G_SOURCE_CONTINUE;
}

static void
make_skeleton (Service *self)
{
  self->skeleton = md_bus_terminal1_skeleton_new ();
  md_bus_terminal1_set_office (self->skeleton, self->settings->office);
  md_bus_terminal1_set_terminal (self->skeleton, self->settings->terminal);
  md_bus_terminal1_set_environment (self->skeleton, self->settings->environment);
  md_bus_terminal1_set_office_name_ja (self->skeleton, "");
  md_bus_terminal1_set_office_name_en (self->skeleton, "");
  md_bus_terminal1_set_counter_ja (self->skeleton, "");
  md_bus_terminal1_set_counter_en (self->skeleton, "");
  md_bus_terminal1_set_line_state (self->skeleton, "offline");
  md_bus_terminal1_set_line_reason (self->skeleton, "starting");
  md_bus_terminal1_set_line_detail (self->skeleton, "");
  md_bus_terminal1_set_trouble (self->skeleton, "");
  md_bus_terminal1_set_attention (self->skeleton, "");
  login_connect (self);
  intake_connect (self);
  drafts_connect (self);
  submit_connect (self);
  hold_connect (self);
  naming_connect (self);
  decide_connect (self);
  letters_connect (self);
  medium_connect (self);
  medium_release_connect (self);
  notices_connect (self);
  policies_connect (self);
  report_connect (self);
  events_connect (self);
  readers_connect (self);
  card_pin_connect (self);
  revocation_connect (self);
  ocsp_connect (self);
  admin_connect (self);
  retain_connect (self);
}

Service *
service_new (Settings *settings)
{
  Service *self = g_new0 (Service, 1);
  g_autoptr (GError) error = NULL;

  self->settings = settings;
  self->clock = g_object_ref (md_clock_get_system ());
  self->started = md_time_format_rfc3339 (md_clock_get_wall_us (self->clock));
  self->line_since = g_strdup (self->started);
  self->database_path = g_build_filename (settings->state_dir, "terminal.db", NULL);
  self->lock_fd = -1;
  make_skeleton (self);
  self->revocation = revocation_new (self);
  (void)room_look (self); /* a full disk would keep the database from being opened */
  if (database_open (self, &error) && make_delivery (self, &error))
    {
      md_staff_desk_set_ended (self->desk, session_ended_cb, self);
      policy_load (self);
      reservations_end_of_last_boot (self);
      retain_tick (self);
    }
  else
    {
      self->database_trouble = g_strdup (error->message);
      g_message ("%s", error->message);
    }
  self->backup = backup_new (self);
  forms_load (self);
  (void)room_look (self);
  own_certificate_look (self, TRUE);
  service_refresh (self);
  self->tick = g_timeout_add_seconds (TICK_S, tick_cb, self);
  return self;
}

void
service_start (Service *self)
{
  if (self->delivery != NULL && self->database_trouble == NULL)
    md_delivery_start (self->delivery);
  revocation_tick (self->revocation);
  backup_tick (self->backup);
}

void
service_reload (Service *self)
{
  forms_load (self);
  policy_load (self);
  own_certificate_look (self, TRUE);
  service_refresh (self);
}

static void
name_changed_cb (GDBusConnection *connection, const char *sender, const char *path,
                 const char *interface, const char *signal, GVariant *parameters,
                 gpointer user_data)
{
  Service *self = user_data;
  const char *name, *old, *new;

  g_variant_get (parameters, "(&s&s&s)", &name, &old, &new);
  if (*new == '\0' && self->desk != NULL)
    md_staff_desk_owner_vanished (self->desk, name);
  if (*new == '\0' && g_dbus_is_unique_name (name) && self->database_trouble == NULL)
    reservations_end_of_window (self, name);
}

/* NULL where there is no bus that has one. */
static char *
ask_bus_id (GDBusConnection *connection)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
      connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetId",
      NULL, G_VARIANT_TYPE ("(s)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  char *id = NULL;

  if (answer != NULL)
    g_variant_get (answer, "(s)", &id);
  return id;
}

gboolean
service_export (Service *self, GDBusConnection *connection, GError **error)
{
  self->connection = g_object_ref (connection);
  self->names_subscription = g_dbus_connection_signal_subscribe (
      connection, "org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged",
      "/org/freedesktop/DBus", NULL, G_DBUS_SIGNAL_FLAGS_NONE, name_changed_cb, self, NULL);
  self->unserved = unserved_watch (self, connection);
  self->bus = ask_bus_id (connection);
  if (self->database_trouble == NULL)
    reservations_end_of_gone (self);
  return g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), connection,
                                           MD_BUS_PATH, error);
}

void
service_free (Service *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->tick, g_source_remove);
  if (self->connection != NULL)
    {
      g_clear_pointer (&self->unserved, unserved_end);
      g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));
      g_dbus_connection_signal_unsubscribe (self->connection, self->names_subscription);
    }
  if (self->delivery != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->delivery, self);
      md_delivery_stop (self->delivery);
    }
  g_clear_object (&self->delivery);
  g_clear_object (&self->source);
  g_clear_pointer (&self->revocation, revocation_free);
  g_clear_pointer (&self->backup, backup_free);
  ocsp_disconnect (self);
  settle_refusals (self, TRUE);
  g_free (self->bus);
  md_staff_desk_free (self->desk);
  md_audit_gate_free (self->gate);
  md_outbox_free (self->outbox);
  md_audit_free (self->audit);
  database_close (self);
  g_clear_object (&self->policy);
  g_clear_object (&self->catalogue);
  g_clear_pointer (&self->staff_trust, md_trust_unref);
  g_clear_pointer (&self->pseudonym_key, md_secret_unref);
  g_clear_pointer (&self->day_key, md_secret_unref);
  g_clear_object (&self->skeleton);
  g_clear_object (&self->connection);
  g_clear_object (&self->clock);
  settings_free (self->settings);
  g_free (self->started);
  g_free (self->line_since);
  g_free (self->line_success);
  g_free (self->notice_refused);
  g_free (self->database_path);
  g_free (self->database_trouble);
  g_free (self->policy_trouble);
  g_free (self->forms_trouble);
  g_free (self);
}
