// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "md-form-private.h"

G_DEFINE_FINAL_TYPE (MdForm, md_form, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_TITLE,
  PROP_KANA,
  PROP_DOMAIN_LABEL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char *const domain_labels[] = {
  N_ ("National pension"),
  N_ ("Long-term care insurance"),
  N_ ("Medical care for the late elderly"),
  N_ ("Health promotion"),
  N_ ("Resident identity"),
  N_ ("Common"),
};

void
_md_form_item_free (gpointer data)
{
  MdFormItem *item = data;

  g_object_unref (item->field);
  _md_rule_free (item->required);
  _md_rule_free (item->visible);
  _md_rule_free (item->derive);
  _md_text_clear (&item->declaration);
  g_strfreev (item->options);
  g_free (item->initial);
  g_free (item->set);
  g_clear_pointer (&item->columns, g_ptr_array_unref);
  g_free (item);
}

static void
check_free (gpointer data)
{
  MdFormCheck *check = data;

  g_free (check->id);
  g_free (check->field);
  _md_rule_free (check->when);
  _md_rule_free (check->assertion);
  _md_text_clear (&check->message);
  g_free (check);
}

static void
paper_free (gpointer data)
{
  MdFormPaper *paper = data;

  g_free (paper->id);
  _md_text_clear (&paper->label);
  _md_rule_free (paper->when);
  g_free (paper);
}

static void
heading_clear (gpointer data)
{
  MdFormHeading *heading = data;

  g_free (heading->id);
  _md_text_clear (&heading->title);
}

static void
setting_clear (gpointer data)
{
  MdFormSetting *setting = data;

  g_free (setting->id);
  g_free (setting->source);
}

static void
md_form_finalize (GObject *object)
{
  MdForm *self = MD_FORM (object);

  g_free (self->id);
  _md_text_clear (&self->title);
  _md_text_clear (&self->purpose);
  _md_text_clear (&self->number_purpose);
  _md_text_clear (&self->guide);
  g_free (self->kana);
  g_free (self->retention);
  g_free (self->assurance);
  g_free (self->from);
  g_free (self->to);
  g_strfreev (self->keywords);
  g_strfreev (self->basis);
  g_free (self->amends);
  g_strfreev (self->may_file);
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->checks);
  g_ptr_array_unref (self->papers);
  g_array_unref (self->headings);
  g_array_unref (self->settings);
  G_OBJECT_CLASS (md_form_parent_class)->finalize (object);
}

static void
md_form_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MdForm *self = MD_FORM (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_TITLE:
      g_value_set_string (value, md_form_get_title (self));
      break;
    case PROP_KANA:
      g_value_set_string (value, self->kana);
      break;
    case PROP_DOMAIN_LABEL:
      g_value_set_string (value, md_form_get_domain_label (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
md_form_class_init (MdFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = md_form_finalize;
  object_class->get_property = md_form_get_property;
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_KANA] = g_param_spec_string ("kana", NULL, NULL, NULL, flags);
  properties[PROP_DOMAIN_LABEL] = g_param_spec_string ("domain-label", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
md_form_init (MdForm *self)
{
  self->settings = g_array_new (FALSE, TRUE, sizeof (MdFormSetting));
  g_array_set_clear_func (self->settings, setting_clear);
  self->headings = g_array_new (FALSE, TRUE, sizeof (MdFormHeading));
  g_array_set_clear_func (self->headings, heading_clear);
  self->items = g_ptr_array_new_with_free_func (_md_form_item_free);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->checks = g_ptr_array_new_with_free_func (check_free);
  self->papers = g_ptr_array_new_with_free_func (paper_free);
}

const char *
md_form_get_id (MdForm *self)
{
  return self->id;
}

guint
md_form_get_version (MdForm *self)
{
  return self->version;
}

gboolean
md_form_is_in_force (MdForm *self, const char *day)
{
  return strcmp (self->from, day) <= 0 && (!self->to || strcmp (day, self->to) <= 0);
}

const char *
md_form_get_title (MdForm *self)
{
  return _md_text_pick (&self->title);
}

const char *
md_form_get_title_in (MdForm *self, gboolean japanese)
{
  return japanese ? self->title.ja : self->title.en;
}

const char *
md_form_get_kana (MdForm *self)
{
  return self->kana;
}

guint
_md_form_get_domain (MdForm *self)
{
  return self->domain;
}

const char *
md_form_get_domain_label (MdForm *self)
{
  return gettext (domain_labels[self->domain]);
}

const char *
md_form_get_purpose (MdForm *self)
{
  return _md_text_pick (&self->purpose);
}

const char *
md_form_get_purpose_in (MdForm *self, gboolean japanese)
{
  return japanese ? self->purpose.ja : self->purpose.en;
}

const char *
md_form_get_number_purpose (MdForm *self)
{
  return _md_text_pick (&self->number_purpose);
}

const char *
md_form_get_guide (MdForm *self)
{
  return _md_text_pick (&self->guide);
}

const char *const *
md_form_get_basis (MdForm *self)
{
  return (const char *const *)self->basis;
}

const char *const *
md_form_get_filers (MdForm *self)
{
  return (const char *const *)self->may_file;
}

gboolean
md_form_needs_identification (MdForm *self)
{
  g_return_val_if_fail (MD_IS_FORM (self), TRUE);

  return g_strcmp0 (self->assurance, MD_METHOD_NONE) != 0;
}

const char *
md_form_get_retention (MdForm *self)
{
  return self->retention;
}

MdProfile
md_form_get_profile (MdForm *self)
{
  return self->profile;
}

const MdFormItem *
_md_form_get_item (MdForm *self, const char *field_id)
{
  return field_id ? g_hash_table_lookup (self->by_id, field_id) : NULL;
}

gboolean
md_form_has_field (MdForm *self, const char *field_id)
{
  return _md_form_get_item (self, field_id) != NULL;
}

static void
append_ids (GPtrArray *ids, GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      const MdFormItem *item = g_ptr_array_index (items, i);

      g_ptr_array_add (ids, item->field->id);
      if (item->columns)
        append_ids (ids, item->columns);
    }
}

const char **
md_form_list_fields (MdForm *self)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  append_ids (ids, self->items);
  g_ptr_array_add (ids, NULL);
  return (const char **)g_ptr_array_free (g_steal_pointer (&ids), FALSE);
}

const char **
md_form_list_columns (MdForm *self, const char *field_id)
{
  const MdFormItem *item = _md_form_get_item (self, field_id);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  if (item && item->columns)
    append_ids (ids, item->columns);
  g_ptr_array_add (ids, NULL);
  return (const char **)g_ptr_array_free (g_steal_pointer (&ids), FALSE);
}

MdField *
md_form_get_field (MdForm *self, const char *field_id)
{
  const MdFormItem *item = _md_form_get_item (self, field_id);

  return item ? item->field : NULL;
}

static MdView
entry_view (MdForm *self, const MdViewer *viewer, MdField *field)
{
  MdFilterQuestion question = { .viewer = *viewer,
                                .profile = self->profile,
                                .step = MD_STEP_ENTRY,
                                .field_id = md_field_get_id (field),
                                .sensitivity = md_field_get_sensitivity (field),
                                .process_item = md_field_is_process_item (field),
                                .in_procedure = TRUE,
                                .writable = TRUE };

  return md_filter (&question);
}

/* The first that is always required and not open to these eyes; NULL: none. */
static MdField *
find_closed (MdForm *self, GPtrArray *items, const MdViewer *viewer)
{
  MdField *closed = NULL;

  for (guint i = 0; i < items->len && !closed; i++)
    {
      const MdFormItem *item = g_ptr_array_index (items, i);
      MdField *field = item->field;

      /* The number may be missing (the back office asks for it), anything else may not. */
      if (!_md_rule_is_always (item->required) || !(md_field_get_sources (field) & MD_SOURCE_TYPED)
          || md_field_get_sensitivity (field) == MD_CLASS_MY_NUMBER)
        continue;
      if (entry_view (self, viewer, field) != MD_VIEW_EDITABLE)
        closed = field;
      else if (item->columns)
        closed = find_closed (self, item->columns, viewer);
    }
  return closed;
}

/* --- who is named --- */

/* A form in which nothing is known but who files. */
static MdRuleValue
filer_value (gpointer kind, const char *field_id)
{
  return g_str_equal (field_id, "a.kind") ? (MdRuleValue){ .kind = MD_RULE_TEXT, .text = kind }
                                          : (MdRuleValue){ .kind = MD_RULE_UNKNOWN };
}

static gboolean
filer_filled (gpointer kind, const char *field_id)
{
  return g_str_equal (field_id, "a.kind");
}

static gboolean
no_row (gpointer kind, const char *group, guint i)
{
  return FALSE;
}

static MdTruth
no_number (gpointer kind, const char *a, const char *b)
{
  return MD_TRUTH_UNKNOWN;
}

static gint64
no_setting (gpointer kind, const char *id)
{
  return 0;
}

gboolean
md_form_names_filer (MdForm *self, const char *kind)
{
  const MdFormItem *name;
  const MdRuleWorld world = { .get_value = filer_value,
                              .get_filled = filer_filled,
                              .enter_row = no_row,
                              .same_number = no_number,
                              .get_setting = no_setting,
                              .today = "",
                              .data = (gpointer)(guintptr)kind };

  g_return_val_if_fail (MD_IS_FORM (self) && kind, FALSE);

  name = _md_form_get_item (self, "a.name");
  return name && (!name->visible || _md_rule_test (name->visible, &world) == MD_TRUTH_TRUE);
}

/* All fields are of one dictionary. */
MdCharacterSet
_md_form_get_characters (MdForm *self)
{
  const MdFormItem *first = self->items->len > 0 ? g_ptr_array_index (self->items, 0) : NULL;

  return first ? first->field->characters : MD_CHARACTERS_UNICODE;
}

gboolean
md_form_can_take_in (MdForm *self, const MdViewer *viewer, const char **out_label)
{
  MdField *closed = find_closed (self, self->items, viewer);

  if (closed && out_label)
    *out_label = md_field_get_label (closed);
  return !closed;
}
