// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-desk-private.h"

G_DEFINE_FINAL_TYPE (MdDesk, md_desk, G_TYPE_OBJECT)

#define TOUCH_INTERVAL (20 * G_USEC_PER_SEC)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_TROUBLE,
  PROP_OFFICE_NAME,
  PROP_COUNTER_NAME,
  PROP_TERMINAL,
  PROP_ENVIRONMENT,
  PROP_LINE,
  PROP_LINE_LABEL,
  PROP_LINE_DETAIL,
  PROP_UNSENT,
  PROP_APPROVALS_WAITING,
  PROP_RETURNED_COUNT,
  PROP_TODAY_COUNT,
  PROP_STAFF_ID,
  PROP_STAFF_NAME,
  PROP_DEPARTMENT,
  PROP_LAST_LOGIN,
  PROP_STAFF_CARD,
  PROP_MAY_TAKE_IN,
  PROP_MAY_APPROVE,
  PROP_MAY_SEE_LOG,
  PROP_COVERED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* --- what the properties say --- */

static const char *
proxy_text (MdDesk *self, guint id)
{
  gboolean ja = md_forms_in_japanese ();

  if (!self->proxy)
    return NULL;
  switch (id)
    {
    case PROP_OFFICE_NAME:
      return ja ? md_bus_terminal1_get_office_name_ja (self->proxy)
                : md_bus_terminal1_get_office_name_en (self->proxy);
    case PROP_COUNTER_NAME:
      return ja ? md_bus_terminal1_get_counter_ja (self->proxy)
                : md_bus_terminal1_get_counter_en (self->proxy);
    case PROP_TERMINAL:
      return md_bus_terminal1_get_terminal (self->proxy);
    case PROP_ENVIRONMENT:
      return md_bus_terminal1_get_environment (self->proxy);
    case PROP_LINE_DETAIL:
      return md_bus_terminal1_get_line_detail (self->proxy);
    default:
      return NULL;
    }
}

static guint
proxy_count (MdDesk *self, guint id)
{
  if (!self->proxy)
    return 0;
  switch (id)
    {
    case PROP_UNSENT:
      return md_bus_terminal1_get_unsent (self->proxy);
    case PROP_APPROVALS_WAITING:
      return md_bus_terminal1_get_approvals_waiting (self->proxy);
    case PROP_RETURNED_COUNT:
      return md_bus_terminal1_get_returned (self->proxy);
    default:
      return md_bus_terminal1_get_today_count (self->proxy);
    }
}

MdLineState
md_desk_get_line (MdDesk *self)
{
  const char *state = self->proxy ? md_bus_terminal1_get_line_state (self->proxy) : NULL;

  if (g_strcmp0 (state, "online") == 0)
    return MD_LINE_ONLINE;
  return g_strcmp0 (state, "attention") == 0 ? MD_LINE_ATTENTION : MD_LINE_OFFLINE;
}

static const char *
line_label (MdDesk *self)
{
  switch (md_desk_get_line (self))
    {
    case MD_LINE_ONLINE:
      return _ ("Line up");
    case MD_LINE_ATTENTION:
      return _ ("Needs attention");
    case MD_LINE_OFFLINE:
    default:
      return _ ("Line down - intake goes on");
    }
}

const MdPolicyStaff *
_md_desk_staff (MdDesk *self)
{
  return self->policy && self->staff_id ? md_policy_get_staff (self->policy, self->staff_id) : NULL;
}

static const char *
staff_text (MdDesk *self, guint id)
{
  const MdPolicyStaff *staff = _md_desk_staff (self);
  gboolean ja = md_forms_in_japanese ();

  if (!staff)
    return NULL;
  if (id == PROP_DEPARTMENT)
    return ja ? staff->department_ja : staff->department_en;
  return ja ? staff->name_ja : staff->name_en;
}

static gboolean
may (MdDesk *self, guint id)
{
  MdRoles roles = self->roles;

  if (id == PROP_MAY_SEE_LOG)
    return (roles & (MD_ROLES (MD_ROLE_AUDITOR) | MD_ROLES (MD_ROLE_ADMIN))) != 0;
  for (guint i = 0; self->policy && self->staff_id
                    && i < g_list_model_get_n_items (G_LIST_MODEL (self->catalogue));
       i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (G_LIST_MODEL (self->catalogue), i);
      const MdPolicyProcedure *rules
          = md_policy_get_procedure (self->policy, md_form_get_id (form));

      if (rules && (roles & (id == PROP_MAY_APPROVE ? rules->approvers : rules->clerks)))
        return TRUE;
    }
  return FALSE;
}

static void
md_desk_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MdDesk *self = MD_DESK (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_int (value, (int)self->state);
      break;
    case PROP_TROUBLE:
      g_value_set_object (value, self->trouble);
      break;
    case PROP_OFFICE_NAME:
    case PROP_COUNTER_NAME:
    case PROP_TERMINAL:
    case PROP_ENVIRONMENT:
    case PROP_LINE_DETAIL:
      g_value_set_string (value, proxy_text (self, id));
      break;
    case PROP_LINE:
      {
        int line = md_desk_get_line (self);

        g_value_set_int (value, line);
      }
      break;
    case PROP_LINE_LABEL:
      g_value_set_string (value, line_label (self));
      break;
    case PROP_UNSENT:
    case PROP_APPROVALS_WAITING:
    case PROP_RETURNED_COUNT:
    case PROP_TODAY_COUNT:
      g_value_set_uint (value, proxy_count (self, id));
      break;
    case PROP_STAFF_ID:
      g_value_set_string (value, self->staff_id);
      break;
    case PROP_STAFF_NAME:
    case PROP_DEPARTMENT:
      g_value_set_string (value, staff_text (self, id));
      break;
    case PROP_LAST_LOGIN:
      g_value_set_string (value, self->last_login);
      break;
    case PROP_STAFF_CARD:
      g_value_set_boolean (value, self->staff_card);
      break;
    case PROP_MAY_TAKE_IN:
    case PROP_MAY_APPROVE:
    case PROP_MAY_SEE_LOG:
      g_value_set_boolean (value, may (self, id));
      break;
    case PROP_COVERED:
      g_value_set_boolean (value, self->covered);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
set_covered (MdDesk *self, gboolean covered)
{
  if (self->covered == covered)
    return;
  self->covered = covered;
  if (self->intake)
    _md_intake_desk_changed (self->intake);
  if (self->approval && md_approval_get_data (self->approval))
    md_form_data_set_covered (md_approval_get_data (self->approval), covered);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COVERED]);
}

static void
md_desk_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_COVERED)
    set_covered (MD_DESK (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
md_desk_dispose (GObject *object)
{
  MdDesk *self = MD_DESK (object);

  g_cancellable_cancel (self->cancellable);
  if (self->pcsc)
    g_signal_handlers_disconnect_by_data (self->pcsc, self);
  if (self->proxy)
    g_signal_handlers_disconnect_by_data (self->proxy, self);
  g_clear_object (&self->approval);
  g_clear_object (&self->intake);
  g_clear_object (&self->login);
  g_clear_object (&self->proxy);
  g_clear_object (&self->identifier);
  g_clear_object (&self->pcsc);
  g_clear_object (&self->policy);
  g_clear_object (&self->trouble);
  G_OBJECT_CLASS (md_desk_parent_class)->dispose (object);
}

static void
md_desk_finalize (GObject *object)
{
  MdDesk *self = MD_DESK (object);

  g_clear_pointer (&self->revocation, md_revocation_unref);
  g_clear_object (&self->connection);
  g_clear_object (&self->catalogue);
  g_clear_object (&self->clock);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->today);
  g_clear_object (&self->approvals);
  g_clear_object (&self->returned);
  g_clear_object (&self->queue);
  g_clear_object (&self->reveal_reasons);
  g_free (self->bus_name);
  g_free (self->crl_dir);
  g_free (self->session);
  g_free (self->staff_id);
  g_free (self->last_login);
  G_OBJECT_CLASS (md_desk_parent_class)->finalize (object);
}

static void
md_desk_class_init (MdDeskClass *klass)
{
  static const struct
  {
    guint id;
    const char *name;
    GType type;
  } table[] = {
    { PROP_STATE, "state", G_TYPE_INT },
    { PROP_OFFICE_NAME, "office-name", G_TYPE_STRING },
    { PROP_COUNTER_NAME, "counter-name", G_TYPE_STRING },
    { PROP_TERMINAL, "terminal", G_TYPE_STRING },
    { PROP_ENVIRONMENT, "environment", G_TYPE_STRING },
    { PROP_LINE, "line", G_TYPE_INT },
    { PROP_LINE_LABEL, "line-label", G_TYPE_STRING },
    { PROP_LINE_DETAIL, "line-detail", G_TYPE_STRING },
    { PROP_UNSENT, "unsent", G_TYPE_UINT },
    { PROP_APPROVALS_WAITING, "approvals-waiting", G_TYPE_UINT },
    { PROP_RETURNED_COUNT, "returned-count", G_TYPE_UINT },
    { PROP_TODAY_COUNT, "today-count", G_TYPE_UINT },
    { PROP_STAFF_ID, "staff-id", G_TYPE_STRING },
    { PROP_STAFF_NAME, "staff-name", G_TYPE_STRING },
    { PROP_DEPARTMENT, "department", G_TYPE_STRING },
    { PROP_LAST_LOGIN, "last-login", G_TYPE_STRING },
    { PROP_STAFF_CARD, "staff-card", G_TYPE_BOOLEAN },
    { PROP_MAY_TAKE_IN, "may-take-in", G_TYPE_BOOLEAN },
    { PROP_MAY_APPROVE, "may-approve", G_TYPE_BOOLEAN },
    { PROP_MAY_SEE_LOG, "may-see-log", G_TYPE_BOOLEAN },
  };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = md_desk_dispose;
  object_class->finalize = md_desk_finalize;
  object_class->get_property = md_desk_get_property;
  object_class->set_property = md_desk_set_property;
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].type == G_TYPE_INT)
      properties[table[i].id] = g_param_spec_int (table[i].name, NULL, NULL, 0, G_MAXINT, 0, flags);
    else if (table[i].type == G_TYPE_UINT)
      properties[table[i].id]
          = g_param_spec_uint (table[i].name, NULL, NULL, 0, G_MAXUINT, 0, flags);
    else if (table[i].type == G_TYPE_BOOLEAN)
      properties[table[i].id] = g_param_spec_boolean (table[i].name, NULL, NULL, FALSE, flags);
    else
      properties[table[i].id] = g_param_spec_string (table[i].name, NULL, NULL, NULL, flags);
  properties[PROP_TROUBLE] = g_param_spec_object ("trouble", NULL, NULL, MD_TYPE_TROUBLE, flags);
  properties[PROP_COVERED]
      = g_param_spec_boolean ("covered", NULL, NULL, FALSE,
                              G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
md_desk_init (MdDesk *self)
{
  self->cancellable = g_cancellable_new ();
  self->today = g_list_store_new (MD_TYPE_INTAKE_ROW);
  self->approvals = g_list_store_new (MD_TYPE_INTAKE_ROW);
  self->returned = g_list_store_new (MD_TYPE_INTAKE_ROW);
  self->queue = g_list_store_new (MD_TYPE_QUEUE_ROW);
  self->reveal_reasons = _md_reasons_for_reveal ();
}

void
_md_desk_set_state (MdDesk *self, MdDeskState state, MdTrouble *trouble)
{
  gboolean changed = self->state != state;

  self->state = state;
  if (g_set_object (&self->trouble, trouble))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TROUBLE]);
  if (!changed)
    return;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  if (self->intake)
    _md_intake_desk_changed (self->intake);
}

static void
notify_staff (MdDesk *self)
{
  static const guint ids[] = { PROP_STAFF_ID,    PROP_STAFF_NAME,  PROP_DEPARTMENT, PROP_LAST_LOGIN,
                               PROP_MAY_TAKE_IN, PROP_MAY_APPROVE, PROP_MAY_SEE_LOG };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[ids[i]]);
}

/* --- the service --- */

static void
session_gone (MdDesk *self)
{
  g_clear_pointer (&self->session, g_free);
  _md_desk_clear_lists (self);
  md_desk_end_approval (self);
}

static gboolean
build_trust (MdDesk *self, GError **error)
{
  const MdPolicyJpki *rules = md_policy_get_jpki (self->policy);
  g_autoptr (MdTrust) trust
      = md_policy_create_trust (self->policy, MD_TRUST_PROFILE_JPKI_AUTH, error);

  if (!trust)
    return FALSE;
  g_clear_pointer (&self->revocation, md_revocation_unref);
  self->revocation = md_revocation_new ();
  md_revocation_set_ocsp_url (self->revocation, rules->ocsp_url);
  md_revocation_set_ocsp_timeout (self->revocation, rules->ocsp_timeout_s);
  md_revocation_set_ocsp_max_age (self->revocation, (gint64)rules->ocsp_max_age_hours * 3600);
  md_revocation_set_crl_max_age (self->revocation, (gint64)rules->crl_max_age_hours * 3600);
  if (self->crl_dir)
    (void)md_revocation_load_crl_dir (self->revocation, self->crl_dir, NULL);
  g_clear_object (&self->identifier);
  self->identifier = md_identifier_new (trust, self->revocation, self->clock);
  return TRUE;
}

static void
take_policy (MdDesk *self, MdPolicy *policy)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdTrouble) trouble = NULL;

  g_set_object (&self->policy, policy);
  if (!build_trust (self, &error))
    {
      trouble = _md_trouble_new_from_error (error);
      _md_desk_set_state (self, MD_DESK_NO_SERVICE, trouble);
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
  _md_desk_set_state (self, self->staff_id ? MD_DESK_LOCKED : MD_DESK_NO_SERVICE, trouble);
}

static void
service_properties_cb (MdDesk *self, GVariant *changed)
{
  static const struct
  {
    const char *name;
    guint id;
  } table[] = { { "LineState", PROP_LINE },
                { "LineState", PROP_LINE_LABEL },
                { "LineDetail", PROP_LINE_DETAIL },
                { "Unsent", PROP_UNSENT },
                { "ApprovalsWaiting", PROP_APPROVALS_WAITING },
                { "Returned", PROP_RETURNED_COUNT },
                { "TodayCount", PROP_TODAY_COUNT } };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (changed, table[i].name, NULL);

      if (value)
        g_object_notify_by_pspec (G_OBJECT (self), properties[table[i].id]);
    }
  if (g_variant_lookup (changed, "PolicyVersion", "u", &(guint){ 0 }))
    load_policy (self);
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
  for (guint id = PROP_OFFICE_NAME; id <= PROP_TODAY_COUNT; id++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
  owner_changed (self);
}

/* --- the staff card --- */

static void
staff_card_changed (MdDesk *self)
{
  MdCardReader *reader = md_pcsc_get_reader (self->pcsc, MD_CARD_ROLE_STAFF);
  gboolean there = reader && md_card_reader_get_slot (reader) != MD_CARD_SLOT_EMPTY;

  if (there == self->staff_card)
    return;
  self->staff_card = there;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STAFF_CARD]);
  if (!there && self->state == MD_DESK_WORKING)
    md_desk_lock (self);
  else if (self->state != MD_DESK_WORKING)
    _md_login_restart (self->login);
}

static void
reader_cb (MdDesk *self)
{
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
  self->login = _md_login_new (self);
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
  g_free (self->staff_id);
  self->staff_id = g_strdup (id);
  g_free (self->last_login);
  self->last_login = g_strdup (last_login);
  self->roles = read_roles (staff);
  notify_staff (self);
  _md_desk_set_state (self, MD_DESK_WORKING, NULL);
  _md_desk_refresh_lists (self);
}

void
md_desk_lock (MdDesk *self)
{
  if (self->state != MD_DESK_WORKING)
    return;
  md_bus_terminal1_call_lock (self->proxy, self->session, self->staff_card ? "officer" : "card",
                              NULL, NULL, NULL);
  session_gone (self);
  _md_desk_set_state (self, MD_DESK_LOCKED, NULL);
  _md_login_restart (self->login);
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
  g_autofree char *session = g_steal_pointer (&self->session);

  g_task_set_source_tag (task, md_desk_logout_async);
  if (self->intake)
    _md_intake_abandon (self->intake, "logout");
  g_clear_object (&self->intake);
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

  if (self->state != MD_DESK_WORKING || now - self->touched < TOUCH_INTERVAL)
    return;
  self->touched = now;
  md_bus_terminal1_call_touch (self->proxy, self->session, NULL, NULL, NULL);
}
