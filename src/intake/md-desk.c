// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-desk-private.h"

G_DEFINE_FINAL_TYPE (MdDesk, md_desk, G_TYPE_OBJECT)

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
  PROP_ATTENTION,
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

/* What the service asks for, and what this window itself has found. */
static char *
dup_attention (MdDesk *self)
{
  const char *service = self->proxy ? md_bus_terminal1_get_attention (self->proxy) : NULL;
  const char *own
      = self->crl_trouble
            ? _ ("Lists of revoked certificates on this terminal cannot be read. While the online "
                 "check is away, cards may not be verified. Ask the administrator to look at it "
                 "today.")
            : NULL;

  if (!own)
    return g_strdup (service);
  return service && *service ? g_strconcat (service, "\n", own, NULL) : g_strdup (own);
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

const char *
md_desk_get_line_reason (MdDesk *self)
{
  const char *reason = self->proxy ? md_bus_terminal1_get_line_reason (self->proxy) : NULL;

  return reason ? reason : "";
}

static const char *
line_label (MdDesk *self)
{
  static const struct
  {
    const char *reason, *label;
  } labels[] = {
    { "no-link", N_ ("No network - intake goes on") },
    { "no-name", N_ ("Not found - intake goes on") },
    { "proxy", N_ ("No way out - intake goes on") },
    { "no-answer", N_ ("No answer - intake goes on") },
    { "not-our-gateway", N_ ("Gateway not recognised") },
    { "wrong-clock", N_ ("Clock is wrong") },
    { "certificate-ended", N_ ("Clock or certificate") },
    { "certificate-refused", N_ ("Terminal refused") },
    { "not-registered", N_ ("Terminal refused") },
    { "key-refused", N_ ("Terminal refused") },
    { "gateway-trouble", N_ ("Gateway says no") },
  };
  const char *reason = md_desk_get_line_reason (self);

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_str_equal (labels[i].reason, reason))
      return _ (labels[i].label);
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

  if (!staff || id != PROP_DEPARTMENT)
    return _md_words_staff (staff);
  return md_forms_in_japanese () ? staff->department_ja : staff->department_en;
}

static gboolean
may (MdDesk *self, guint id)
{
  const guint rights = md_desk_get_rights (self);

  if (id == PROP_MAY_SEE_LOG)
    return (rights & MD_RIGHT_LOG) != 0;
  return (rights & (guint)(id == PROP_MAY_APPROVE ? MD_RIGHT_DECIDE : MD_RIGHT_TAKE_IN)) != 0;
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
    case PROP_ATTENTION:
      g_value_take_string (value, dup_attention (self));
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
  g_clear_handle_id (&self->crl_look, g_source_remove);
  if (self->pcsc)
    g_signal_handlers_disconnect_by_data (self->pcsc, self);
  if (self->proxy)
    g_signal_handlers_disconnect_by_data (self->proxy, self);
  md_desk_end_approval (self);
  md_desk_end_returned (self);
  md_desk_end_draft (self);
  if (self->intake)
    _md_intake_abandon (self->intake, "closed");
  g_clear_object (&self->intake);
  if (self->login)
    _md_login_detach (self->login);
  g_clear_object (&self->login);
  if (self->staff_pin)
    _md_staff_pin_detach (self->staff_pin);
  g_clear_object (&self->staff_pin);
  g_clear_object (&self->proxy);
  g_clear_object (&self->identifier);
  g_clear_object (&self->pcsc);
  g_clear_object (&self->policy);
  g_clear_object (&self->trouble);
  /* Last: an intake that ends may lock the desk. */
  g_clear_handle_id (&self->idle_look, g_source_remove);
  G_OBJECT_CLASS (md_desk_parent_class)->dispose (object);
}

static void
md_desk_finalize (GObject *object)
{
  MdDesk *self = MD_DESK (object);

  if (self->ocsp_line)
    _md_desk_end_revocation (self);
  _md_desk_forget_unsaid (self);
  _md_desk_forget_erasures (self);
  g_clear_object (&self->connection);
  g_clear_object (&self->catalogue);
  g_clear_object (&self->clock);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->today);
  g_clear_object (&self->approvals);
  g_clear_object (&self->returned);
  g_clear_object (&self->drafts);
  g_clear_object (&self->queue);
  g_clear_object (&self->reveal_reasons);
  g_clear_pointer (&self->untold, g_ptr_array_unref);
  g_free (self->bus_name);
  g_free (self->staff_reader);
  g_free (self->crl_dir);
  md_scan_settings_free (self->scanning);
  g_free (self->policy_anchor);
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
    { PROP_ATTENTION, "attention", G_TYPE_STRING },
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
  self->drafts = g_list_store_new (MD_TYPE_DRAFT_ROW);
  self->reveal_reasons = _md_reasons_for_reveal ();
}
