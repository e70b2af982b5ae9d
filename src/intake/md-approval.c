// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-approval-private.h"

G_DEFINE_FINAL_TYPE (MdApproval, md_approval, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_WAIT,
  PROP_SENTENCE,
  PROP_BUSY,
  PROP_TROUBLE,
  PROP_ROW,
  PROP_FORM,
  PROP_DATA,
  PROP_PERSON,
  PROP_COMPARISON,
  PROP_DIFFERENCES,
  PROP_UNSEEN,
  PROP_UNLOOKED,
  PROP_CHECKS,
  PROP_OUTCOME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
md_approval_dispose (GObject *object)
{
  MdApproval *self = MD_APPROVAL (object);

  md_approval_wipe (self);
  g_clear_object (&self->row);
  G_OBJECT_CLASS (md_approval_parent_class)->dispose (object);
}

static void
md_approval_finalize (GObject *object)
{
  MdApproval *self = MD_APPROVAL (object);

  g_clear_object (&self->person);
  g_clear_object (&self->comparison);
  g_clear_object (&self->checks);
  g_clear_object (&self->looks);
  for (guint i = 0; i < G_N_ELEMENTS (self->reasons); i++)
    g_clear_object (&self->reasons[i]);
  G_OBJECT_CLASS (md_approval_parent_class)->finalize (object);
}

static gboolean
is_busy (MdApproval *self)
{
  return self->wait == MD_APPROVAL_WAIT_LOADING || self->wait == MD_APPROVAL_WAIT_OPENING
         || self->wait == MD_APPROVAL_WAIT_SIGNING || self->wait == MD_APPROVAL_WAIT_SENDING;
}

static void
md_approval_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MdApproval *self = MD_APPROVAL (object);
  gpointer objects[N_PROPS]
      = { [PROP_TROUBLE] = self->trouble, [PROP_ROW] = self->row,
          [PROP_FORM] = self->form,       [PROP_DATA] = self->data,
          [PROP_PERSON] = self->person,   [PROP_COMPARISON] = self->comparison,
          [PROP_CHECKS] = self->checks };

  if (G_IS_PARAM_SPEC_OBJECT (pspec))
    g_value_set_object (value, objects[id]);
  else if (id == PROP_WAIT)
    g_value_set_int (value, (int)self->wait);
  else if (id == PROP_SENTENCE)
    g_value_set_string (value, md_approval_get_sentence (self));
  else if (id == PROP_BUSY)
    g_value_set_boolean (value, is_busy (self));
  else if (id == PROP_DIFFERENCES)
    g_value_set_uint (value, self->differences);
  else if (id == PROP_UNSEEN)
    g_value_set_uint (value, md_approval_get_unseen (self));
  else if (id == PROP_UNLOOKED)
    g_value_set_uint (value, md_approval_get_unlooked (self));
  else if (id == PROP_OUTCOME)
    g_value_set_string (value, self->outcome);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
md_approval_class_init (MdApprovalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = md_approval_dispose;
  object_class->finalize = md_approval_finalize;
  object_class->get_property = md_approval_get_property;
  properties[PROP_WAIT] = g_param_spec_int ("wait", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_SENTENCE] = g_param_spec_string ("sentence", NULL, NULL, NULL, flags);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  properties[PROP_TROUBLE] = g_param_spec_object ("trouble", NULL, NULL, MD_TYPE_TROUBLE, flags);
  properties[PROP_ROW] = g_param_spec_object ("row", NULL, NULL, MD_TYPE_INTAKE_ROW, flags);
  properties[PROP_FORM] = g_param_spec_object ("form", NULL, NULL, MD_TYPE_FORM, flags);
  properties[PROP_DATA] = g_param_spec_object ("data", NULL, NULL, MD_TYPE_FORM_DATA, flags);
  properties[PROP_PERSON] = g_param_spec_object ("person", NULL, NULL, MD_TYPE_PERSON, flags);
  properties[PROP_COMPARISON]
      = g_param_spec_object ("comparison", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_DIFFERENCES]
      = g_param_spec_uint ("differences", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_UNSEEN] = g_param_spec_uint ("unseen", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_UNLOOKED] = g_param_spec_uint ("unlooked", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_CHECKS] = g_param_spec_object ("checks", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_OUTCOME] = g_param_spec_string ("outcome", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
md_approval_init (MdApproval *self)
{
  self->person = _md_person_new ();
  self->comparison = g_list_store_new (MD_TYPE_COMPARISON);
  self->checks = g_list_store_new (MD_TYPE_CHECK);
  self->looks = g_list_store_new (MD_TYPE_SCAN_LOOK);
  self->reasons[MD_DECISION_APPROVE] = G_LIST_MODEL (g_list_store_new (MD_TYPE_REASON));
  self->reasons[MD_DECISION_CHECK] = G_LIST_MODEL (g_list_store_new (MD_TYPE_REASON));
  self->reasons[MD_DECISION_RETURN] = _md_reasons_for_return ();
  self->reasons[MD_DECISION_REJECT] = _md_reasons_for_reject ();
  self->reasons[MD_DECISION_WITHDRAW] = _md_reasons_for_reject ();
}

MdApprovalWait
md_approval_get_wait (MdApproval *self)
{
  return self->wait;
}

static const char *
using_pin (MdApproval *self, const char *sentence)
{
  return self->desk ? _md_staff_pin_sentence (md_desk_get_staff_pin (self->desk), sentence)
                    : sentence;
}

const char *
md_approval_get_sentence (MdApproval *self)
{
  switch (self->wait)
    {
    case MD_APPROVAL_WAIT_PIN:
      return _ ("Open the application with the PIN of your staff card.");
    case MD_APPROVAL_WAIT_OPENING:
      return using_pin (self, _ ("Opening. Do not move the staff card."));
    case MD_APPROVAL_WAIT_DECISION:
      return _ ("Compare card and application, then decide.");
    case MD_APPROVAL_WAIT_SIGNING:
      return using_pin (self, _ ("Signing the decision. Do not move the staff card."));
    case MD_APPROVAL_WAIT_SENDING:
      return _ ("Filing the decision.");
    case MD_APPROVAL_WAIT_UNFIT:
      return _ ("This application cannot be approved. It can be returned to the clerk.");
    case MD_APPROVAL_WAIT_REFUSED:
      return _ ("This application cannot be decided here.");
    case MD_APPROVAL_WAIT_DONE:
      return _ ("The decision is filed.");
    case MD_APPROVAL_WAIT_LOADING:
    default:
      return _ ("Fetching the application.");
    }
}

MdTrouble *
md_approval_get_trouble (MdApproval *self)
{
  return self->trouble;
}

MdTrouble *
md_approval_get_finding (MdApproval *self)
{
  return self->finding;
}

MdFormData *
md_approval_get_data (MdApproval *self)
{
  return self->data;
}

GListModel *
md_approval_get_comparison (MdApproval *self)
{
  return G_LIST_MODEL (self->comparison);
}

GListModel *
md_approval_get_checks (MdApproval *self)
{
  return G_LIST_MODEL (self->checks);
}

GListModel *
md_approval_get_reasons (MdApproval *self, MdDecisionKind kind)
{
  g_return_val_if_fail ((guint)kind < G_N_ELEMENTS (self->reasons), NULL);
  return self->reasons[kind];
}

const char *
_md_approval_get_intake_id (MdApproval *self)
{
  return md_intake_row_get_intake (self->row);
}

void
_md_approval_set_wait (MdApproval *self, MdApprovalWait wait)
{
  if (self->wait == wait)
    return;
  self->wait = wait;
  if (self->desk
      && (wait == MD_APPROVAL_WAIT_PIN || wait == MD_APPROVAL_WAIT_DECISION
          || wait == MD_APPROVAL_WAIT_UNFIT))
    md_staff_pin_want (md_desk_get_staff_pin (self->desk));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAIT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SENTENCE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

void
_md_approval_set_trouble (MdApproval *self, MdTrouble *trouble)
{
  if (g_set_object (&self->trouble, trouble))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TROUBLE]);
}

void
_md_approval_refuse (MdApproval *self, const GError *error)
{
  g_autoptr (MdTrouble) trouble = _md_trouble_new_from_error (error);

  _md_desk_record_failure (self->desk, "open", md_intake_row_get_intake (self->row), error);
  _md_approval_set_trouble (self, trouble);
  _md_approval_set_wait (self, MD_APPROVAL_WAIT_REFUSED);
}

static void
forget_contents (MdApproval *self)
{
  if (self->data)
    md_form_data_wipe (self->data);
  g_clear_object (&self->data);
  _md_person_wipe (self->person);
  g_list_store_remove_all (self->comparison);
  g_list_store_remove_all (self->checks);
  g_list_store_remove_all (self->looks);
  g_clear_pointer (&self->proof, md_identity_proof_unref);
  self->differences = 0;
}

/* What was opened before that was found goes at once: nobody decides by it. */
static void
find_unfit (MdApproval *self, const GError *error)
{
  forget_contents (self);
  self->unfit = TRUE;
  self->grave = TRUE;
  g_clear_object (&self->reasons[MD_DECISION_RETURN]);
  self->reasons[MD_DECISION_RETURN] = _md_reasons_for_unfit ();
  self->finding = _md_trouble_new_from_error (error);
  _md_desk_record_failure (self->desk, "open", md_intake_row_get_intake (self->row), error);
  _md_approval_set_wait (self, MD_APPROVAL_WAIT_UNFIT);
}

/* What says for certain that what was handed in does not fit together, whoever looks at it:
 * somebody may have meant it, and the administrator hears of it. All else may be a fault of this
 * terminal, as forms or a program that are behind, or memory: nothing is returned for that. */
static const struct
{
  GQuark (*domain) (void);
  gint code;
} unfit[] = {
  { md_seal_error_quark, MD_SEAL_ERROR_SIGNATURE },
  { md_seal_error_quark, MD_SEAL_ERROR_UNTRUSTED },
  { md_seal_error_quark, MD_SEAL_ERROR_DIGEST },
  { md_seal_error_quark, MD_SEAL_ERROR_MISMATCH },
  { md_forms_error_quark, MD_FORMS_ERROR_DATA },
  { md_intake_error_quark, MD_INTAKE_ERROR_DAMAGED },
};

void
_md_approval_find (MdApproval *self, const GError *error)
{
  for (guint i = 0; i < G_N_ELEMENTS (unfit); i++)
    if (g_error_matches (error, unfit[i].domain (), unfit[i].code))
      {
        find_unfit (self, error);
        return;
      }
  forget_contents (self);
  /* What cannot be read before it is opened, the service would not have taken so. */
  if (self->wait == MD_APPROVAL_WAIT_OPENING)
    _md_approval_refuse_unread (self, error);
  else
    _md_approval_refuse (self, error);
}

gboolean
md_approval_is_grave (MdApproval *self)
{
  return self->grave;
}

void
_md_approval_add_check (MdApproval *self, const char *id, const char *title, MdCheckState state,
                        const char *verdict)
{
  g_autoptr (MdCheck) check = _md_check_new (id, title);

  _md_check_set (check, state, verdict, NULL);
  g_list_store_append (self->checks, check);
}

void
_md_approval_notify_content (MdApproval *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FORM]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DATA]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DIFFERENCES]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNSEEN]);
  _md_approval_notify_looks (self);
}

void
_md_approval_notify_looks (MdApproval *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNLOOKED]);
}

/* --- what the officer has seen --- */

/* The difference at I, NULL behind the last: they come first in the list. */
static MdComparison *
difference_at (MdApproval *self, guint i)
{
  g_autoptr (MdComparison) line = NULL;

  if (i < self->differences)
    line = g_list_model_get_item (G_LIST_MODEL (self->comparison), i);
  return line; /* the list holds it */
}

guint
md_approval_get_unseen (MdApproval *self)
{
  MdComparison *line;
  guint unseen = 0;

  for (guint i = 0; (line = difference_at (self, i)) != NULL; i++)
    unseen += md_comparison_get_seen (line) ? 0 : 1;
  return unseen;
}

gboolean
md_approval_tick (MdApproval *self, const char *field, gboolean seen)
{
  MdComparison *line;

  if (self->wait != MD_APPROVAL_WAIT_DECISION)
    return FALSE;
  for (guint i = 0; (line = difference_at (self, i)) != NULL; i++)
    if (g_strcmp0 (md_comparison_get_field (line), field) == 0)
      {
        _md_comparison_set_seen (line, seen);
        g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNSEEN]);
        return TRUE;
      }
  return FALSE;
}

char *
_md_approval_dup_seen (MdApproval *self)
{
  GString *fields = g_string_new (NULL);
  MdComparison *line;

  for (guint i = 0; (line = difference_at (self, i)) != NULL; i++)
    if (md_comparison_get_seen (line))
      g_string_append_printf (fields, "%s%s", fields->len > 0 ? "," : "",
                              md_comparison_get_field (line));
  return g_string_free (fields, FALSE);
}

/* --- fetching --- */

/* Whether this officer may decide on it, and this terminal can show it. */
static gboolean
check_case (MdApproval *self, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  MdMay may;

  if (g_strcmp0 (manifest->intake, md_intake_row_get_intake (self->row)) != 0)
    {
      _md_words_refuse_other (error);
      return FALSE;
    }
  may = md_policy_may_decide (md_desk_get_policy (self->desk), md_desk_get_staff_id (self->desk),
                              manifest->procedure, manifest->clerk);
  if (may != MD_MAY_YES)
    {
      g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED,
                           md_may_get_message (may));
      return FALSE;
    }
  self->form = md_catalogue_get_form_version (md_desk_get_catalogue (self->desk),
                                              manifest->procedure, manifest->procedure_version);
  if (self->form)
    {
      g_object_ref (self->form);
      return TRUE;
    }
  g_set_error (
      error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_UNAVAILABLE,
      _ ("This terminal does not have the form \"%s\". Ask the administrator to install it."),
      manifest->procedure);
  return FALSE;
}

/* What the clerk signed is judged as it was then; who may decide, as it is now. */
static gboolean
check_signature (MdApproval *self, const MdTrust *trust, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  gint64 made = 0;

  return md_time_parse_rfc3339 (manifest->wall, &made, error)
         && md_container_verify (self->container, trust, made / G_USEC_PER_SEC, error);
}

static void
policy_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MdApproval) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdPolicy) policy = _md_desk_find_policy_finish (MD_DESK (source), result, &error);
  g_autoptr (MdTrust) trust = NULL;

  if (!self->desk)
    return;
  g_set_object (&self->policy, policy);
  if (policy && check_case (self, &error))
    trust = md_policy_create_trust (policy, MD_TRUST_PROFILE_STAFF_SIGN, &error);
  if (!trust)
    {
      _md_approval_refuse (self, error);
      return;
    }
  if (!check_signature (self, trust, &error))
    {
      _md_approval_find (self, error);
      return;
    }
  _md_approval_add_check (self, "container", _ ("Seal and signature of the clerk"), MD_CHECK_PASSED,
                          _ ("Matches"));
  _md_approval_set_wait (self, MD_APPROVAL_WAIT_PIN);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MdApproval) self = data;
  g_autoptr (GVariant) info = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdContainer) container
      = _md_desk_get_intake_finish (MD_BUS_TERMINAL1 (source), result, &info, &error);

  if (!self->desk)
    return;
  self->container = g_steal_pointer (&container);
  if (!self->container)
    {
      _md_approval_refuse (self, error);
      return;
    }
  self->next_n = md_container_get_last_signature (self->container) + 1;
  (void)g_variant_lookup (info, "next_n", "u", &self->next_n);
  (void)g_variant_lookup (info, "letter", "@a{sv}", &self->letter);
  _md_desk_find_policy_async (self->desk, md_container_get_manifest (self->container),
                              self->cancellable, policy_cb, g_object_ref (self));
}

MdApproval *
_md_approval_new (MdDesk *desk, MdIntakeRow *row)
{
  MdApproval *self = g_object_new (MD_TYPE_APPROVAL, NULL);

  self->desk = desk;
  self->row = g_object_ref (row);
  self->cancellable = g_cancellable_new ();
  md_bus_terminal1_call_get_intake (_md_desk_get_proxy (desk), _md_desk_get_session (desk),
                                    md_intake_row_get_intake (row), NULL, self->cancellable,
                                    loaded_cb, g_object_ref (self));
  return self;
}

void
md_approval_wipe (MdApproval *self)
{
  self->desk = NULL;
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  forget_contents (self);
  g_clear_object (&self->form);
  g_clear_object (&self->trouble);
  g_clear_object (&self->finding);
  g_clear_object (&self->unread);
  g_clear_pointer (&self->container, md_container_unref);
  g_clear_pointer (&self->letter, g_variant_unref);
  g_clear_object (&self->policy);
  g_clear_pointer (&self->outcome, g_free);
}
