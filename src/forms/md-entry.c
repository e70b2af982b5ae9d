// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>

#include "md-form-data-private.h"
#include "md-value.h"

G_DEFINE_FINAL_TYPE (MdEntry, md_entry, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_LABEL,
  PROP_TEXT,
  PROP_DISPLAY,
  PROP_VIEW,
  PROP_VISIBLE,
  PROP_REQUIRED,
  PROP_FILLED,
  PROP_LOCKED,
  PROP_SOURCE,
  PROP_CORRECTED,
  PROP_CARRIED,
  PROP_CARD_DISPLAY,
  PROP_EARLIER_DISPLAY,
  PROP_ERROR,
  PROP_WARNING,
  PROP_MAY_REVEAL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
md_entry_finalize (GObject *object)
{
  MdEntry *self = MD_ENTRY (object);

  _md_entry_wipe (self);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_strfreev (self->choices);
  g_strfreev (self->labels);
  g_free (self->id);
  g_free (self->label);
  G_OBJECT_CLASS (md_entry_parent_class)->finalize (object);
}

static void
md_entry_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MdEntry *self = MD_ENTRY (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_string (value, md_entry_get_id (self));
      break;
    case PROP_LABEL:
      g_value_set_string (value, md_entry_get_label (self));
      break;
    case PROP_TEXT:
      g_value_set_string (value, md_entry_get_text (self));
      break;
    case PROP_DISPLAY:
      g_value_set_string (value, self->display);
      break;
    case PROP_VIEW:
      g_value_set_int (value, (int)self->view);
      break;
    case PROP_VISIBLE:
      g_value_set_boolean (value, self->visible);
      break;
    case PROP_REQUIRED:
      g_value_set_boolean (value, self->required);
      break;
    case PROP_FILLED:
      g_value_set_boolean (value, self->filled);
      break;
    case PROP_LOCKED:
      g_value_set_boolean (value, self->locked);
      break;
    case PROP_SOURCE:
      g_value_set_int (value, (int)self->source);
      break;
    case PROP_CORRECTED:
      g_value_set_boolean (value, self->corrected);
      break;
    case PROP_CARRIED:
      g_value_set_boolean (value, self->carried);
      break;
    case PROP_CARD_DISPLAY:
      g_value_set_string (value, self->card_display);
      break;
    case PROP_EARLIER_DISPLAY:
      g_value_set_string (value, self->earlier_display);
      break;
    case PROP_ERROR:
      g_value_set_string (value, self->error);
      break;
    case PROP_WARNING:
      g_value_set_string (value, self->warning);
      break;
    case PROP_MAY_REVEAL:
      g_value_set_boolean (value, self->may_reveal);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
md_entry_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_TEXT)
    md_entry_set_text (MD_ENTRY (object), g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
install_strings (void)
{
  static const struct
  {
    guint id;
    const char *name;
  } table[] = { { PROP_ID, "id" },
                { PROP_LABEL, "label" },
                { PROP_DISPLAY, "display" },
                { PROP_CARD_DISPLAY, "card-display" },
                { PROP_ERROR, "error" },
                { PROP_WARNING, "warning" },
                { PROP_EARLIER_DISPLAY, "earlier-display" } };
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    properties[table[i].id] = g_param_spec_string (table[i].name, NULL, NULL, NULL, flags);
  properties[PROP_TEXT]
      = g_param_spec_string ("text", NULL, NULL, NULL,
                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
}

static void
install_flags (void)
{
  static const struct
  {
    guint id;
    const char *name;
  } table[] = { { PROP_VISIBLE, "visible" },     { PROP_REQUIRED, "required" },
                { PROP_FILLED, "filled" },       { PROP_LOCKED, "locked" },
                { PROP_CORRECTED, "corrected" }, { PROP_MAY_REVEAL, "may-reveal" },
                { PROP_CARRIED, "carried" } };
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    properties[table[i].id] = g_param_spec_boolean (table[i].name, NULL, NULL, FALSE, flags);
  properties[PROP_VIEW] = g_param_spec_int ("view", NULL, NULL, MD_VIEW_HIDDEN, MD_VIEW_EDITABLE,
                                            MD_VIEW_HIDDEN, flags);
  properties[PROP_SOURCE] = g_param_spec_int ("source", NULL, NULL, 0, G_MAXINT, 0, flags);
}

static void
md_entry_class_init (MdEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = md_entry_finalize;
  object_class->get_property = md_entry_get_property;
  object_class->set_property = md_entry_set_property;
  install_strings ();
  install_flags ();
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
md_entry_init (MdEntry *self)
{
}

static void
fill_choices (MdEntry *self)
{
  g_autoptr (GPtrArray) codes = g_ptr_array_new (), labels = g_ptr_array_new ();
  guint n;
  const MdFieldOption *options = md_field_get_options (self->item->field, &n);

  for (guint i = 0; i < n; i++)
    {
      if (self->item->options
          && !g_strv_contains ((const char *const *)self->item->options, options[i].code))
        continue;
      g_ptr_array_add (codes, g_strdup (options[i].code));
      g_ptr_array_add (labels, g_strdup (md_forms_in_japanese () ? options[i].ja : options[i].en));
    }
  if (n == 0)
    return;
  g_ptr_array_add (codes, NULL);
  g_ptr_array_add (labels, NULL);
  self->choices = (GStrv)g_ptr_array_free (g_steal_pointer (&codes), FALSE);
  self->labels = (GStrv)g_ptr_array_free (g_steal_pointer (&labels), FALSE);
}

MdEntry *
_md_entry_new (MdFormData *data, const MdFormItem *item)
{
  MdEntry *self = g_object_new (MD_TYPE_ENTRY, NULL);

  self->data = data;
  self->item = item;
  if (item->columns)
    self->rows = g_ptr_array_new_with_free_func (_md_row_free);
  fill_choices (self);
  return self;
}

MdField *
md_entry_get_field (MdEntry *self)
{
  return self->item->field;
}

const char *
md_entry_get_id (MdEntry *self)
{
  return self->id ? self->id : md_field_get_id (self->item->field);
}

MdView
md_entry_get_view (MdEntry *self)
{
  return self->view;
}

gboolean
md_entry_get_visible (MdEntry *self)
{
  return self->visible;
}

gboolean
md_entry_get_required (MdEntry *self)
{
  return self->required;
}

gboolean
md_entry_get_filled (MdEntry *self)
{
  return self->filled;
}

gboolean
md_entry_get_locked (MdEntry *self)
{
  return self->locked;
}

MdSource
md_entry_get_source (MdEntry *self)
{
  return self->source;
}

const char *
md_entry_get_display (MdEntry *self)
{
  return self->display;
}

const char *
md_entry_get_error (MdEntry *self)
{
  return self->error;
}

const char *
md_entry_get_warning (MdEntry *self)
{
  return self->warning;
}

const char *
md_entry_get_text (MdEntry *self)
{
  return self->view == MD_VIEW_EDITABLE && !self->secret ? self->text : NULL;
}

const char *const *
md_entry_get_choices (MdEntry *self, const char *const **out_labels)
{
  *out_labels = (const char *const *)self->labels;
  return (const char *const *)self->choices;
}

static gboolean
is_number (MdEntry *self)
{
  return self->item->field->type == MD_FIELD_MYNUM;
}

/* Only what this form offers. */
gboolean
_md_entry_offers (MdEntry *self, const char *value)
{
  return !self->item->options || self->item->field->type != MD_FIELD_ENUM
         || g_strv_contains ((const char *const *)self->item->options, value);
}

char *
_md_entry_read_text (MdEntry *self, GError **error)
{
  char *value
      = md_value_parse (self->item->field, self->text, md_form_data_get_today (self->data), error);
  const char *refusal = NULL;

  if (value && !_md_entry_offers (self, value))
    refusal = _ ("Choose one from the list.");
  else if (value)
    refusal = _md_entry_refuses_answer (self, value);
  if (!refusal)
    return value;
  md_wipe_free_text (value);
  g_set_error_literal (error, MD_FORMS_ERROR, MD_FORMS_ERROR_VALUE, refusal);
  return NULL;
}

void
md_entry_set_text (MdEntry *self, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (MD_IS_ENTRY (self));

  if (!self->data || self->view != MD_VIEW_EDITABLE || is_number (self) || self->rows)
    return;
  if (text && !text[0])
    text = NULL;
  if (g_strcmp0 (text, self->text) == 0)
    return;
  _md_entry_replace (&self->text, g_strdup (text));
  _md_entry_replace (&self->value, text ? _md_entry_read_text (self, &error) : NULL);
  self->source = text ? MD_SOURCE_TYPED : MD_SOURCE_NONE;
  self->committed = FALSE;
  if (!error)
    _md_entry_show_error (self, NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
  md_form_data_leave (self->data, self);
  _md_form_data_update (self->data, md_entry_get_id (self));
}

char *
_md_entry_normal_text (MdEntry *self)
{
  MdFieldType type = self->item->field->type;

  if (type == MD_FIELD_DATE || type == MD_FIELD_YM)
    return md_value_to_display (self->item->field, self->value);
  return g_strdup (self->value);
}

gboolean
md_entry_set_secret (MdEntry *self, MdSecret *number, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (MdNumber) read = NULL;
  const MdSecret *digits;

  g_return_val_if_fail (MD_IS_ENTRY (self) && number, FALSE);

  if (!self->data || self->view != MD_VIEW_EDITABLE || !is_number (self))
    {
      g_set_error_literal (error, MD_FORMS_ERROR, MD_FORMS_ERROR_VALUE,
                           _ ("The number cannot be changed here. Empty the field first."));
      return FALSE;
    }
  read = md_number_parse (MD_NUMBER_INDIVIDUAL, md_secret_get_text (number), &cause);
  if (!read)
    {
      _md_entry_show_error (self, cause->message);
      g_set_error_literal (error, MD_FORMS_ERROR, MD_FORMS_ERROR_VALUE, cause->message);
      return FALSE;
    }
  g_clear_pointer (&self->secret, md_secret_unref);
  digits = md_number_get_digits (read);
  self->secret = md_secret_new_from_data (md_secret_get_data (digits), md_secret_get_size (digits));
  self->source = MD_SOURCE_TYPED;
  md_form_data_leave (self->data, self);
  _md_form_data_update (self->data, md_entry_get_id (self));
  _md_entry_show_error (self, _md_entry_complaint (self));
  return TRUE;
}

void
_md_entry_put (MdEntry *self, const char *value, MdSource source, gboolean locked)
{
  _md_entry_replace (&self->value, g_strdup (value));
  _md_entry_replace (&self->text, value ? _md_entry_normal_text (self) : NULL);
  g_clear_pointer (&self->secret, md_secret_unref);
  self->source = value ? source : MD_SOURCE_NONE;
  self->locked = value && locked;
  self->committed = value != NULL;
  _md_entry_update_carried (self);
  _md_entry_show_error (self, NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOCKED]);
}

void
_md_entry_put_secret (MdEntry *self, MdSecret *secret, MdSource source, gboolean locked)
{
  _md_entry_put (self, NULL, MD_SOURCE_NONE, FALSE);
  self->secret = md_secret_new_from_data (md_secret_get_data (secret), md_secret_get_size (secret));
  self->source = source;
  self->locked = locked;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOCKED]);
}

void
_md_entry_show_error (MdEntry *self, const char *message)
{
  if (g_strcmp0 (message, self->error) == 0)
    return;
  g_free (self->error);
  self->error = g_strdup (message);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

MdFilterQuestion
_md_entry_question (MdEntry *self)
{
  MdFormData *data = self->data;
  MdField *field = self->item->field;

  return (MdFilterQuestion){ .viewer = data->viewer,
                             .profile = md_form_get_profile (data->form),
                             .step = data->step,
                             .field_id = field->id,
                             .sensitivity = field->sensitivity,
                             .process_item = field->process_item,
                             .internal = field->internal,
                             .in_procedure = TRUE,
                             .writable = !self->locked && !self->item->derive
                                         && self->item->section != MD_NO_SECTION
                                         && (field->sources & MD_SOURCE_TYPED),
                             .filled = _md_entry_counts_as_filled (self),
                             .revealed = self->revealed,
                             .covered = data->covered };
}

char *
_md_entry_render (MdEntry *self, MdView view, const char *value)
{
  MdField *field = self->item->field;
  char *whole, *shown;

  if (view == MD_VIEW_MASKED && field->type == MD_FIELD_NUMBER && value)
    return md_value_to_masked (field, value);
  if (view < MD_VIEW_READABLE)
    return md_filter_render (view, field->sensitivity, value);
  whole = md_value_to_display (field, value);
  shown = md_filter_render (view, field->sensitivity, whole);
  md_wipe_free_text (whole);
  return shown;
}

static void
update_flag (MdEntry *self, gboolean *slot, gboolean value, guint id)
{
  if (*slot == value)
    return;
  *slot = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

static void
update_text (MdEntry *self, char **slot, char *text, guint id)
{
  if (g_strcmp0 (*slot, text) == 0)
    {
      md_wipe_free_text (text);
      return;
    }
  _md_entry_replace (slot, text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

/* Only of what these eyes read, and not while it is being typed. */
static void
update_warning (MdEntry *self)
{
  const gboolean told = self->view >= MD_VIEW_READABLE && self->committed;
  const char *warning = told ? md_value_get_warning (self->item->field, self->value) : NULL;

  if (g_strcmp0 (warning, self->warning) == 0)
    return;
  self->warning = warning;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WARNING]);
}

void
_md_entry_update (MdEntry *self, gboolean applies, gboolean required)
{
  MdFilterQuestion question = _md_entry_question (self);
  MdView view = md_filter (&question);
  gboolean office_only
      = self->item->field->sources == MD_SOURCE_OFFICE || self->item->derive != NULL;
  gboolean filled = self->value || self->secret || self->text;
  gboolean wanted = filled || (self->data->step == MD_STEP_ENTRY && !office_only);
  const char *whole = self->secret ? md_secret_get_text (self->secret) : self->value;

  self->applies = applies;
  if (view != self->view)
    {
      self->view = view;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VIEW]);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
    }
  update_text (self, &self->display, _md_entry_render (self, view, whole), PROP_DISPLAY);
  update_text (
      self, &self->card_display,
      _md_entry_card_text (self) ? _md_entry_render (self, view, _md_entry_card_text (self)) : NULL,
      PROP_CARD_DISPLAY);
  update_text (self, &self->earlier_display, _md_entry_render_earlier (self, view),
               PROP_EARLIER_DISPLAY);
  _md_entry_update_carried (self);
  update_flag (self, &self->visible, applies && wanted && view != MD_VIEW_HIDDEN, PROP_VISIBLE);
  update_flag (self, &self->required, required, PROP_REQUIRED);
  update_flag (self, &self->filled, filled, PROP_FILLED);
  update_flag (self, &self->corrected, _md_entry_is_corrected (self), PROP_CORRECTED);
  update_flag (self, &self->may_reveal, md_filter_may_reveal (&question), PROP_MAY_REVEAL);
  update_warning (self);
}

void
_md_entry_wipe (MdEntry *self)
{
  _md_entry_replace (&self->text, NULL);
  _md_entry_replace (&self->value, NULL);
  _md_entry_replace (&self->card_value, NULL);
  _md_entry_replace (&self->reason, NULL);
  _md_entry_replace (&self->display, NULL);
  _md_entry_replace (&self->card_display, NULL);
  _md_entry_replace (&self->earlier_display, NULL);
  _md_entry_replace (&self->error, NULL);
  self->warning = NULL;
  g_clear_pointer (&self->secret, md_secret_unref);
  g_clear_pointer (&self->card_secret, md_secret_unref);
  self->source = MD_SOURCE_NONE;
  self->locked = self->revealed = self->committed = FALSE;
  _md_entry_set_earlier (self, NULL);
  self->shown = MD_TONGUE_NONE;
}

gboolean
_md_entry_is_empty (MdEntry *self)
{
  return !self->text && !self->value && !self->card_value && !self->reason && !self->earlier
         && !self->display && !self->card_display && !self->earlier_display && !self->error
         && !self->secret && !self->card_secret;
}
