// SPDX-License-Identifier: Apache-2.0
// A visit lies in the draft of the intake in work, sealed with it: what was planned and done, what
// the guide was told and what was ticked.
#include "config.h"

#include <md-base.h>
#include <string.h>

#include "md-intake-flow-private.h"
#include "md-visit-step-private.h"

/* --- writing --- */

static MdRecord *
write_plan (MdIntake *self)
{
  GListModel *plan = G_LIST_MODEL (self->visit.plan);
  MdRecord *list = md_record_new_list ();

  for (guint i = 0; i < g_list_model_get_n_items (plan); i++)
    {
      g_autoptr (MdVisitStep) step = g_list_model_get_item (plan, i);

      md_record_append_take (list, _md_visit_step_write (step));
    }
  return list;
}

static MdRecord *
write_answers (MdIntake *self)
{
  MdRecord *object = md_record_new_object ();
  GHashTableIter iter;
  gpointer question, choice;

  g_hash_table_iter_init (&iter, self->guide.answers);
  while (g_hash_table_iter_next (&iter, &question, &choice))
    md_record_set_text (object, question, choice);
  return object;
}

/* Procedures that the clerk wants taken in (WANTED) or not. */
static MdRecord *
write_wanted (MdIntake *self, gboolean wanted)
{
  MdRecord *list = md_record_new_list ();
  GHashTableIter iter;
  gpointer procedure, said;

  g_hash_table_iter_init (&iter, self->guide.wanted);
  while (g_hash_table_iter_next (&iter, &procedure, &said))
    if (GPOINTER_TO_INT (said) == wanted)
      md_record_append_text (list, procedure, strlen (procedure));
  return list;
}

static gboolean
is_empty (MdIntake *self)
{
  return _md_intake_guide_is_empty (self)
         && g_list_model_get_n_items (G_LIST_MODEL (self->visit.plan)) == 0;
}

MdSecret *
_md_intake_write_visit (MdIntake *self)
{
  g_autoptr (MdRecord) root = NULL;

  if (is_empty (self))
    return NULL;
  root = md_record_new_object ();
  md_record_take (root, "plan", write_plan (self));
  md_record_set_text (root, "event", self->guide.event);
  md_record_take (root, "answers", write_answers (self));
  md_record_take (root, "wanted", write_wanted (self, TRUE));
  md_record_take (root, "unwanted", write_wanted (self, FALSE));
  if (self->guide.record)
    md_record_take (root, "record", md_visit_record_to_json (self->guide.record));
  return md_record_write (root, FALSE);
}

/* --- reading --- */

static void
read_plan (MdIntake *self, const MdRecord *list)
{
  const MdRecord *entry;

  for (gsize i = 0; (entry = md_record_get_entry (list, i)); i++)
    {
      g_autoptr (MdVisitStep) step = _md_visit_step_read (self->desk, entry);

      if (step)
        g_list_store_append (self->visit.plan, step);
    }
}

static void
read_wanted (MdIntake *self, const MdRecord *list, gboolean wanted)
{
  const MdRecord *entry;

  for (gsize i = 0; (entry = md_record_get_entry (list, i)); i++)
    if (md_record_as_text (entry))
      g_hash_table_replace (self->guide.wanted, g_strdup (md_record_as_text (entry)),
                            GINT_TO_POINTER (wanted));
}

/* Only what the event still asks. */
static void
read_answers (MdIntake *self, const MdRecord *answers)
{
  MdLifeEvent *event
      = self->guide.event
            ? md_catalogue_get_event (md_desk_get_catalogue (self->desk), self->guide.event)
            : NULL;
  GListModel *questions = event ? md_life_event_get_questions (event) : NULL;

  for (guint i = 0; questions && i < g_list_model_get_n_items (questions); i++)
    {
      g_autoptr (MdField) question = g_list_model_get_item (questions, i);
      const char *choice = md_record_get_text (answers, md_field_get_id (question));

      if (choice)
        g_hash_table_replace (self->guide.answers, g_strdup (md_field_get_id (question)),
                              g_strdup (choice));
    }
}

void
_md_intake_read_visit (MdIntake *self, const char *text)
{
  g_autoptr (MdRecord) root
      = text ? md_record_parse (text, strlen (text), MD_LIMIT_SECRET, NULL) : NULL;

  if (!root)
    return;
  g_list_store_remove_all (self->visit.plan);
  _md_intake_forget_guide (self);
  read_plan (self, md_record_get (root, "plan"));
  self->guide.event = g_strdup (md_record_get_text (root, "event"));
  read_answers (self, md_record_get (root, "answers"));
  read_wanted (self, md_record_get (root, "wanted"), TRUE);
  read_wanted (self, md_record_get (root, "unwanted"), FALSE);
  if (md_record_get (root, "record"))
    self->guide.record = md_visit_record_from_json (md_record_get (root, "record"));
  if (g_list_model_get_n_items (G_LIST_MODEL (self->visit.plan)) > 0)
    _md_intake_begin_of_visit (self, self->form);
}

void
_md_intake_keep_visit (MdIntake *self)
{
  if (self->reservation && !is_empty (self))
    _md_intake_keep_later (self);
}
