// SPDX-License-Identifier: Apache-2.0
// One procedure of a visit's plan, and what a slip will say of it.
#include "config.h"

#include <string.h>

#include "md-intake-flow-private.h"
#include "md-visit-step-private.h"

G_DEFINE_FINAL_TYPE (MdVisitStep, md_visit_step, G_TYPE_OBJECT)

enum
{
  PROP_TITLE = 1,
  PROP_STATE,
  PROP_RECEIPT_NUMBER,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
md_visit_step_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MdVisitStep *self = MD_VISIT_STEP (object);

  if (id == PROP_STATE)
    g_value_set_int (value, (int)self->state);
  else
    g_value_set_string (value,
                        id == PROP_TITLE ? md_form_get_title (self->form) : self->receipt_number);
}

static void
md_visit_step_finalize (GObject *object)
{
  MdVisitStep *self = MD_VISIT_STEP (object);

  g_clear_object (&self->form);
  g_free (self->receipt_number);
  g_strfreev (self->handed_in);
  g_strfreev (self->missing);
  g_free (self->explained);
  g_free (self->of);
  G_OBJECT_CLASS (md_visit_step_parent_class)->finalize (object);
}

static void
md_visit_step_class_init (MdVisitStepClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = md_visit_step_get_property;
  object_class->finalize = md_visit_step_finalize;
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, MD_VISIT_DONE, 0, flags);
  properties[PROP_RECEIPT_NUMBER] = g_param_spec_string ("receipt-number", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
md_visit_step_init (MdVisitStep *self)
{
}

MdVisitStep *
_md_visit_step_new (MdForm *form)
{
  MdVisitStep *self = g_object_new (MD_TYPE_VISIT_STEP, NULL);

  self->form = g_object_ref (form);
  return self;
}

void
_md_visit_step_set_state (MdVisitStep *self, MdVisitState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

void
_md_visit_step_end (MdVisitStep *self, const char *receipt_number)
{
  self->receipt_number = g_strdup (receipt_number);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RECEIPT_NUMBER]);
  _md_visit_step_set_state (self, MD_VISIT_DONE);
}

MdForm *
md_visit_step_get_form (MdVisitStep *self)
{
  g_return_val_if_fail (MD_IS_VISIT_STEP (self), NULL);

  return self->form;
}

MdVisitState
md_visit_step_get_state (MdVisitStep *self)
{
  g_return_val_if_fail (MD_IS_VISIT_STEP (self), MD_VISIT_LEFT);

  return self->state;
}

const char *
md_visit_step_get_receipt_number (MdVisitStep *self)
{
  g_return_val_if_fail (MD_IS_VISIT_STEP (self), NULL);

  return self->receipt_number;
}

const char *const *
md_visit_step_get_papers (MdVisitStep *self, gboolean handed_in)
{
  static const char *const none[] = { NULL };
  const GStrv papers = handed_in ? self->handed_in : self->missing;

  return papers ? (const char *const *)papers : none;
}

const char *
md_visit_step_get_explained (MdVisitStep *self)
{
  return self->explained;
}

gboolean
md_visit_step_get_deferred (MdVisitStep *self)
{
  return self->deferred;
}

/* --- what is written down of a step --- */

static const char *const state_words[]
    = { [MD_VISIT_LEFT] = "left", [MD_VISIT_NOW] = "now", [MD_VISIT_DONE] = "done" };

static void
write_texts (MdRecord *object, const char *name, const char *const *texts)
{
  MdRecord *list = md_record_new_list ();

  for (guint i = 0; texts && texts[i]; i++)
    md_record_append_text (list, texts[i], strlen (texts[i]));
  md_record_take (object, name, list);
}

static GStrv
read_texts (const MdRecord *list)
{
  GPtrArray *texts = g_ptr_array_new ();
  const MdRecord *entry;

  for (gsize i = 0; (entry = md_record_get_entry (list, i)); i++)
    if (md_record_as_text (entry))
      g_ptr_array_add (texts, g_strdup (md_record_as_text (entry)));
  g_ptr_array_add (texts, NULL);
  return (GStrv)g_ptr_array_free (texts, FALSE);
}

MdRecord *
_md_visit_step_write (MdVisitStep *self)
{
  MdRecord *object = md_record_new_object ();

  md_record_set_text (object, "procedure", md_form_get_id (self->form));
  md_record_set_text (object, "state", state_words[self->state]);
  if (self->state != MD_VISIT_DONE)
    return object;
  md_record_set_text (object, "receipt_number", self->receipt_number);
  md_record_set_text (object, "explained", self->explained);
  md_record_set_bool (object, "deferred", self->deferred);
  md_record_set_text (object, "of", self->of);
  write_texts (object, "handed_in", (const char *const *)self->handed_in);
  write_texts (object, "missing", (const char *const *)self->missing);
  return object;
}

MdVisitStep *
_md_visit_step_read (MdDesk *desk, const MdRecord *object)
{
  const char *procedure = md_record_get_text (object, "procedure");
  const char *state = md_record_get_text (object, "state");
  MdForm *form = procedure ? md_desk_find_form (desk, procedure) : NULL;
  const int row = state ? MD_TABLE_ROW (state_words, state) : -1;
  MdVisitStep *self = form && row >= 0 ? _md_visit_step_new (form) : NULL;

  if (!self)
    return NULL;
  /* What was in work begins again. */
  self->state = row == MD_VISIT_DONE ? MD_VISIT_DONE : MD_VISIT_LEFT;
  self->receipt_number = g_strdup (md_record_get_text (object, "receipt_number"));
  self->explained = g_strdup (md_record_get_text (object, "explained"));
  if (!md_record_as_bool (md_record_get (object, "deferred"), &self->deferred))
    self->deferred = FALSE;
  self->of = g_strdup (md_record_get_text (object, "of"));
  self->handed_in = read_texts (md_record_get (object, "handed_in"));
  self->missing = read_texts (md_record_get (object, "missing"));
  return self;
}
