// SPDX-License-Identifier: Apache-2.0
// How a desk stands with the service, the staff card and its officer.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-desk-private.h"

#define TOUCH_INTERVAL (20 * G_USEC_PER_SEC)
/* The longest time between two looks whether somebody has moved. */
#define IDLE_LOOK_S 10
#define NS_PER_S G_GINT64_CONSTANT (1000000000)

void
_md_desk_set_state (MdDesk *self, MdDeskState state, MdTrouble *trouble)
{
  gboolean changed = self->state != state;

  self->state = state;
  if (g_set_object (&self->trouble, trouble))
    g_object_notify (G_OBJECT (self), "trouble");
  if (!changed)
    return;
  if (state != MD_DESK_WORKING)
    _md_staff_pin_forget (self->staff_pin);
  g_object_notify (G_OBJECT (self), "state");
  if (self->intake)
    _md_intake_desk_changed (self->intake);
}

static void
notify_service (MdDesk *self)
{
  static const char *const names[]
      = { "office-name", "counter-name",      "terminal",       "environment",
          "line",        "line-label",        "line-detail",    "attention",
          "unsent",      "approvals-waiting", "returned-count", "today-count" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_object_notify (G_OBJECT (self), names[i]);
}

static void
notify_staff (MdDesk *self)
{
  static const char *const names[] = { "staff-id",    "staff-name",  "department", "last-login",
                                       "may-take-in", "may-approve", "may-see-log" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_object_notify (G_OBJECT (self), names[i]);
}

/* --- the service --- */

static void begin_idle_look (MdDesk *self);

/* What was read from a resident's card stays for its officer, and not for longer than the policy
 * lets a desk stand idle. */
static void
session_gone (MdDesk *self)
{
  g_clear_handle_id (&self->idle_look, g_source_remove);
  if (self->intake)
    begin_idle_look (self);
  self->guest = self->guest_came = FALSE;
  g_clear_pointer (&self->session, g_free);
  _md_ocsp_line_set_session (self->ocsp_line, NULL);
  _md_desk_clear_lists (self);
  md_desk_end_approval (self);
  md_desk_end_returned (self);
  md_desk_end_draft (self);
}

static gboolean
build_trust (MdDesk *self, GError **error)
{
  g_autoptr (MdTrust) trust
      = md_policy_create_trust (self->policy, MD_TRUST_PROFILE_JPKI_AUTH, error);
  g_autoptr (MdTrust) signature_trust
      = trust ? md_policy_create_trust (self->policy, MD_TRUST_PROFILE_JPKI_SIGN, error) : NULL;
  g_autoptr (MdCardAuthorities) authorities
      = signature_trust ? md_card_authorities_new_from_policy (self->policy, error) : NULL;
  g_autoptr (MdRevocation) revocation = NULL;

  if (!authorities)
    return FALSE;
  revocation = _md_desk_make_revocation (self);
  g_clear_object (&self->identifier);
  self->identifier = md_identifier_new (trust, revocation, self->clock);
  md_identifier_set_signature_trust (self->identifier, signature_trust);
  md_identifier_set_card_authorities (self->identifier, authorities);
  return TRUE;
}

/* The tables that the work in hand looks through belong to the policy. */
static void
renew_viewers (MdDesk *self)
{
  MdViewer own = _md_desk_viewer (self, TRUE, TRUE), other = _md_desk_viewer (self, FALSE, TRUE);

  if (self->intake && md_intake_get_data (self->intake))
    md_form_data_set_viewer (md_intake_get_data (self->intake), &own);
  if (self->approval && md_approval_get_data (self->approval))
    md_form_data_set_viewer (md_approval_get_data (self->approval), &other);
}

/* The trust is built anew also for the policy that is known: the lists of revoked certificates are
 * read again, and what failed before is not taken as done. */
static gboolean
adopt_policy (MdDesk *self, MdPolicy *policy, GError **error)
{
  g_autoptr (MdPolicy) before = self->policy ? g_object_ref (self->policy) : NULL;

  if (!before || !g_bytes_equal (md_policy_get_json (before), md_policy_get_json (policy)))
    {
      g_set_object (&self->policy, policy);
      renew_viewers (self);
      _md_desk_register_readers (self);
    }
  return build_trust (self, error);
}

/* The service serves by it, and this window cannot: not of one kind, or something in it is wrong.
 */
static void
stop_by_policy (MdDesk *self, const GError *error)
{
  g_autoptr (MdTrouble) trouble = _md_trouble_new (
      _ ("This window cannot work by the office's policy."),
      _ ("Nobody can log in here until that is put right. What was taken in before is kept, and is "
         "sent all the same."),
      _ ("Call the administrator."), error->message);

  _md_desk_record_mishap (self, "policy", "invalid");
  _md_desk_set_state (self, MD_DESK_NO_SERVICE, trouble);
}

static void
take_policy (MdDesk *self, MdPolicy *policy)
{
  g_autoptr (GError) error = NULL;

  if (!adopt_policy (self, policy, &error))
    {
      stop_by_policy (self, error);
      return;
    }
  notify_staff (self);
  if (self->state == MD_DESK_WORKING)
    return;
  _md_desk_set_state (self, self->staff_id ? MD_DESK_LOCKED : MD_DESK_LOGGED_OUT, NULL);
  _md_login_restart (self->login);
}

static void
policy_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MdDesk) self = data;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) handle = NULL;
  g_autoptr (GBytes) json = NULL;
  g_autoptr (MdPolicy) policy = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdTrouble) trouble = NULL;
  guint version;

  if (md_bus_terminal1_call_get_policy_finish (MD_BUS_TERMINAL1 (source), &handle, &version, &fds,
                                               result, &error))
    json = md_bus_payload_get (fds, handle, MD_LIMIT_POLICY, &error);
  if (json)
    policy = md_policy_new_from_json (json, NULL, &error);
  if (policy)
    {
      take_policy (self, policy);
      return;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error->domain == MD_POLICY_ERROR)
    {
      stop_by_policy (self, error);
      return;
    }
  trouble = _md_trouble_new_from_error (error);
  _md_desk_set_state (self, MD_DESK_NO_SERVICE, trouble);
}

static void
load_policy (MdDesk *self)
{
  md_bus_terminal1_call_get_policy (self->proxy, NULL, self->cancellable, policy_cb,
                                    g_object_ref (self));
}

static void
owner_changed (MdDesk *self)
{
  g_autofree char *owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (self->proxy));
  g_autoptr (MdTrouble) trouble = NULL;

  if (owner || g_str_equal (self->bus_name, ""))
    {
      _md_desk_record_unsaid (self);
      _md_desk_tell_readers (self);
      load_policy (self);
      return;
    }
  trouble = _md_trouble_new (
      _ ("The terminal's service does not answer."),
      _ ("What has been typed stays on this screen. Nothing that has a receipt number is lost."),
      _ ("Wait a moment; it is started again by itself. If it stays like this, call the "
         "administrator."),
      NULL);
  session_gone (self);
  _md_desk_set_state (self, MD_DESK_NO_SERVICE, trouble);
}

static void
service_properties_cb (MdDesk *self, GVariant *changed)
{
  static const struct
  {
    const char *name, *property;
  } table[] = { { "LineState", "line" },          { "LineReason", "line-label" },
                { "LineDetail", "line-detail" },  { "Attention", "attention" },
                { "Unsent", "unsent" },           { "ApprovalsWaiting", "approvals-waiting" },
                { "Returned", "returned-count" }, { "TodayCount", "today-count" } };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (changed, table[i].name, NULL);

      if (value)
        g_object_notify (G_OBJECT (self), table[i].property);
    }
  if (g_variant_lookup (changed, "PolicyVersion", "u", &(guint){ 0 }))
    load_policy (self);
  else if (g_variant_lookup (changed, "CrlStamp", "t", &(guint64){ 0 }))
    _md_desk_renew_revocation (self);
  _md_desk_refresh_lists (self);
}

static void
session_ended_cb (MdDesk *self, const char *session, const char *reason)
{
  g_autoptr (MdTrouble) trouble = NULL;

  if (g_strcmp0 (session, self->session) != 0)
    return;
  trouble = _md_trouble_new (_ ("The session has ended."),
                             _ ("The work in hand is kept for its officer."),
                             _ ("Log in again with the staff card and the password."), reason);
  session_gone (self);
  _md_desk_set_state (self, MD_DESK_LOCKED, trouble);
  _md_login_restart (self->login);
}

static void
proxy_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MdDesk) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdTrouble) trouble = NULL;
  MdBusTerminal1 *proxy = md_bus_terminal1_proxy_new_finish (result, &error);

  if (!proxy)
    {
      trouble = _md_trouble_new_from_error (error);
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        _md_desk_set_state (self, MD_DESK_NO_SERVICE, trouble);
      return;
    }
  self->proxy = proxy;
  g_signal_connect_swapped (proxy, "notify::g-name-owner", G_CALLBACK (owner_changed), self);
  g_signal_connect_swapped (proxy, "g-properties-changed", G_CALLBACK (service_properties_cb),
                            self);
  g_signal_connect_swapped (proxy, "session-ended", G_CALLBACK (session_ended_cb), self);
  g_signal_connect_swapped (proxy, "intake-changed", G_CALLBACK (_md_desk_refresh_lists), self);
  notify_service (self);
  owner_changed (self);
}

/* --- the staff card --- */

/* Another card lies there, or none: what is known of tries and keypad is of the one before. */
static void
ask_guest (MdDesk *self)
{
  _md_staff_pin_forget (self->staff_pin);
  md_staff_pin_want (self->staff_pin);
}

static void
staff_card_changed (MdDesk *self)
{
  MdCardReader *reader = md_pcsc_get_reader (self->pcsc, MD_CARD_ROLE_STAFF);
  gboolean there = reader && md_card_reader_get_slot (reader) != MD_CARD_SLOT_EMPTY;
  /* A card on another reader is not the one that lay on the staff reader before. */
  gboolean other = there && self->staff_card
                   && g_strcmp0 (md_card_reader_get_name (reader), self->staff_reader) != 0;

  if (there == self->staff_card && !other)
    return;
  self->staff_card = there;
  g_free (self->staff_reader);
  self->staff_reader = there ? g_strdup (md_card_reader_get_name (reader)) : NULL;
  g_object_notify (G_OBJECT (self), "staff-card");
  if (self->state == MD_DESK_WORKING && self->guest)
    {
      self->guest_came |= !there || other;
      ask_guest (self);
    }
  else if ((!there || other) && self->state == MD_DESK_WORKING)
    {
      self->staff_card = FALSE;
      md_desk_lock (self);
      self->staff_card = there;
    }
  else if (self->state != MD_DESK_WORKING)
    _md_login_restart (self->login);
}

static void
reader_cb (MdDesk *self)
{
  _md_desk_look_at_readers (self);
  staff_card_changed (self);
  if (self->state != MD_DESK_WORKING)
    _md_login_restart (self->login);
}

MdDesk *
md_desk_new (const MdDeskParts *parts)
{
  MdDesk *self = g_object_new (MD_TYPE_DESK, NULL);

  self->connection = g_object_ref (parts->connection);
  self->bus_name = g_strdup (parts->bus_name ? parts->bus_name : MD_BUS_NAME);
  self->pcsc = g_object_ref (parts->pcsc);
  self->catalogue = g_object_ref (parts->catalogue);
  self->clock = g_object_ref (parts->clock ? parts->clock : md_clock_get_system ());
  self->crl_dir = g_strdup (parts->crl_dir);
  self->scanning = md_scan_settings_copy (parts->scanning);
  self->policy_anchor = g_strdup (parts->policy_anchor);
  self->ocsp_line = _md_ocsp_line_new (self->connection, self->bus_name[0] ? self->bus_name : NULL);
  self->login = _md_login_new (self);
  self->staff_pin = _md_staff_pin_new (self);
  g_signal_connect_swapped (self->pcsc, "card-inserted", G_CALLBACK (staff_card_changed), self);
  g_signal_connect_swapped (self->pcsc, "card-removed", G_CALLBACK (staff_card_changed), self);
  g_signal_connect_swapped (self->pcsc, "readers-changed", G_CALLBACK (reader_cb), self);
  g_signal_connect_swapped (self->pcsc, "notify::state", G_CALLBACK (reader_cb), self);
  return self;
}

void
md_desk_start (MdDesk *self)
{
  (void)MD_BUS_ERROR; /* registers the names of the service's errors */
  md_bus_terminal1_proxy_new (self->connection, G_DBUS_PROXY_FLAGS_NONE,
                              self->bus_name[0] ? self->bus_name : NULL, MD_BUS_PATH,
                              self->cancellable, proxy_cb, g_object_ref (self));
}

/* --- session --- */

static MdRoles
read_roles (GVariant *staff)
{
  g_autofree const char **ids = NULL;
  MdRoles roles = 0;

  if (!g_variant_lookup (staff, "roles", "^a&s", &ids))
    return 0;
  for (guint i = 0; ids[i]; i++)
    {
      MdRole role;

      if (md_role_from_id (ids[i], &role))
        roles |= MD_ROLES (role);
    }
  return roles;
}

static void
lock (MdDesk *self, const char *reason)
{
  md_bus_terminal1_call_lock (self->proxy, self->session, reason, NULL, NULL, NULL);
  session_gone (self);
  _md_desk_set_state (self, MD_DESK_LOCKED, NULL);
  _md_login_restart (self->login);
}

void
_md_desk_expect_guest (MdDesk *self, gboolean expected)
{
  gboolean left = self->guest_came;
  gboolean before = self->guest;

  self->guest = expected && self->state == MD_DESK_WORKING;
  self->guest_came = self->guest && left;
  if (self->guest && !before)
    ask_guest (self);
  else if (before && !self->guest)
    _md_staff_pin_forget (self->staff_pin);
  if (!self->guest && left && self->state == MD_DESK_WORKING)
    lock (self, "card");
}

gboolean
_md_desk_expects_guest (MdDesk *self)
{
  return self->guest;
}

static gboolean idle_cb (gpointer data);

/* Looks again when it may be time, and from time to time, since the clock may be set. */
static void
look_later (MdDesk *self, gint64 left_ns)
{
  guint left_s = (guint)CLAMP (left_ns / NS_PER_S + 1, 1, IDLE_LOOK_S);

  self->idle_look = g_timeout_add_seconds (left_s, idle_cb, self);
}

/* Nobody has moved for as long as the policy allows: what stands on the screen is covered, if it
 * was not before, and what was read from a card is erased. */
static void
limit_passed (MdDesk *self, gint64 limit_ns)
{
  if (self->state == MD_DESK_WORKING)
    lock (self, "idle");
  g_clear_handle_id (&self->idle_look, g_source_remove);
  if (!self->intake || _md_intake_erase_card (self->intake, FALSE))
    return;
  self->moved_ns = md_clock_get_monotonic_ns (self->clock) - limit_ns;
  look_later (self, 0);
}

static gboolean
idle_cb (gpointer data)
{
  MdDesk *self = data;
  gint64 limit_ns, left_ns;

  /* While the service is away there is no policy: as long as it was before. */
  if (self->policy)
    self->idle_limit_ns = md_policy_get_limits (self->policy)->idle_lock_s * (gint64)NS_PER_S;
  limit_ns = self->idle_limit_ns;
  left_ns = limit_ns - (md_clock_get_monotonic_ns (self->clock) - self->moved_ns);
  self->idle_look = 0;
  if (limit_ns == 0 || left_ns > 0)
    look_later (self, limit_ns == 0 ? G_MAXINT64 : left_ns);
  else
    limit_passed (self, limit_ns);
  return G_SOURCE_REMOVE;
}

static void
begin_idle_look (MdDesk *self)
{
  self->moved_ns = md_clock_get_monotonic_ns (self->clock);
  if (self->idle_look == 0)
    look_later (self, 0);
}

void
_md_desk_open_session (MdDesk *self, const char *session, GVariant *staff)
{
  const char *id = NULL, *last_login = "";

  (void)g_variant_lookup (staff, "id", "&s", &id);
  (void)g_variant_lookup (staff, "last_login", "&s", &last_login);
  /* Somebody else's work is nobody's business. */
  if (self->intake && g_strcmp0 (id, self->staff_id) != 0)
    {
      _md_intake_abandon (self->intake, "other-officer");
      g_clear_object (&self->intake);
    }
  g_free (self->session);
  self->session = g_strdup (session);
  _md_ocsp_line_set_session (self->ocsp_line, session);
  g_free (self->staff_id);
  self->staff_id = g_strdup (id);
  g_free (self->last_login);
  self->last_login = g_strdup (last_login);
  self->roles = read_roles (staff);
  notify_staff (self);
  begin_idle_look (self);
  _md_desk_set_state (self, MD_DESK_WORKING, NULL);
  _md_desk_erase_again (self);
  _md_desk_refresh_lists (self);
}

void
md_desk_lock (MdDesk *self)
{
  if (self->state != MD_DESK_WORKING)
    return;
  lock (self, self->staff_card ? "officer" : "card");
}

static void
logout_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (md_bus_terminal1_call_logout_finish (MD_BUS_TERMINAL1 (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
md_desk_logout_async (MdDesk *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  g_autofree char *session = NULL;

  g_task_set_source_tag (task, md_desk_logout_async);
  if (self->intake) /* with the session: what was typed is kept, and the number is given up */
    _md_intake_abandon (self->intake, "logout");
  g_clear_object (&self->intake);
  session = g_steal_pointer (&self->session);
  session_gone (self);
  g_clear_pointer (&self->staff_id, g_free);
  self->roles = 0;
  notify_staff (self);
  _md_desk_set_state (self, MD_DESK_LOGGED_OUT, NULL);
  _md_login_restart (self->login);
  if (session && self->proxy)
    md_bus_terminal1_call_logout (self->proxy, session, NULL, logout_cb, task);
  else
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
}

gboolean
md_desk_logout_finish (MdDesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
md_desk_touch (MdDesk *self)
{
  gint64 now = g_get_monotonic_time ();

  if (self->state != MD_DESK_WORKING)
    return;
  self->moved_ns = md_clock_get_monotonic_ns (self->clock);
  if (now - self->touched < TOUCH_INTERVAL)
    return;
  self->touched = now;
  md_bus_terminal1_call_touch (self->proxy, self->session, NULL, NULL, NULL);
}
