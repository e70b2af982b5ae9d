// SPDX-License-Identifier: Apache-2.0
// Several procedures for one person: what is ticked in the guide, what is done, what comes next.
#include "config.h"

#include "bind.h"

#include "bind-intake.h"

#include <glib/gi18n.h>

/* --- the plan --- */

gboolean
counter_intake_is_done (IntakeBinding *self, const char *procedure)
{
  GListModel *plan = md_intake_get_visit (self->intake);

  for (guint i = 0; i < g_list_model_get_n_items (plan); i++)
    {
      g_autoptr (MdVisitStep) step = g_list_model_get_item (plan, i);

      if (md_visit_step_get_state (step) == MD_VISIT_DONE
          && g_strcmp0 (md_form_get_id (md_visit_step_get_form (step)), procedure) == 0)
        return TRUE;
    }
  return FALSE;
}

static GListStore *
list_ticked (IntakeBinding *self)
{
  GListModel *due = counter_model_object (self->model, "due");
  GListStore *forms = g_list_store_new (MD_TYPE_FORM);

  for (guint i = 0; due != NULL && i < g_list_model_get_n_items (due); i++)
    {
      g_autoptr (CounterModel) row = g_list_model_get_item (due, i);
      const char *id = counter_model_text (row, "id");
      MdForm *form = md_desk_find_form (self->desk, id);

      if (counter_model_flag (row, "ticked") && form != NULL && !counter_intake_is_done (self, id))
        g_list_store_append (forms, form);
    }
  return forms;
}

MdForm *
counter_intake_plan (IntakeBinding *self)
{
  const char *chosen = counter_model_text (self->model, "procedure");
  g_autoptr (GListStore) forms = NULL;

  if (counter_model_flag (self->model, "guide-open"))
    {
      forms = list_ticked (self);
      md_intake_plan_visit (self->intake, G_LIST_MODEL (forms));
    }
  return md_desk_find_form (self->desk, chosen);
}

/* The first of what is ticked is what the primary act begins with. */
void
counter_intake_show_ticks (IntakeBinding *self)
{
  g_autoptr (GListStore) forms = list_ticked (self);
  g_autoptr (MdForm) first = g_list_model_get_item (G_LIST_MODEL (forms), 0);
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (forms));
  g_autofree char *note
      = n > 1 ? g_strdup_printf (_ ("%u procedures, one after the other. It begins with: %s"), n,
                                 md_form_get_title (first))
              : g_strdup ("");

  g_object_set (self->model, "procedure", first != NULL ? md_form_get_id (first) : "", NULL);
  if (n > 1)
    g_object_set (self->model, "note", note, "note-state", "none", NULL);
}

/* --- what is shown --- */

static CounterModel *
row_of_step (MdVisitStep *step)
{
  static const struct
  {
    const char *state, *word;
  } looks[] = { [MD_VISIT_LEFT] = { "none", N_ ("Still to do") },
                [MD_VISIT_NOW] = { "wait", N_ ("In work") },
                [MD_VISIT_DONE] = { "ok", N_ ("Taken in already") } };
  const MdVisitState state = md_visit_step_get_state (step);
  const char *number = md_visit_step_get_receipt_number (step);

  return g_object_new (COUNTER_TYPE_ROW_ITEM, "title",
                       md_form_get_title (md_visit_step_get_form (step)), "subtitle",
                       number != NULL ? number : "", "state", looks[state].state, "word",
                       _ (looks[state].word), NULL);
}

void
counter_intake_show_visit (IntakeBinding *self)
{
  GListModel *plan = md_intake_get_visit (self->intake);
  const guint n = g_list_model_get_n_items (plan);
  MdForm *next = md_intake_get_next_of_visit (self->intake);
  g_autoptr (GListStore) rows = g_list_store_new (COUNTER_TYPE_ROW_ITEM);
  g_autofree char *text = NULL;
  guint done = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MdVisitStep) step = g_list_model_get_item (plan, i);
      g_autoptr (CounterModel) row = row_of_step (step);

      if (md_visit_step_get_state (step) == MD_VISIT_DONE)
        done++;
      if (next != NULL && md_visit_step_get_form (step) == next)
        g_object_set (row, "state", "wait", "word", _ ("Comes next"), NULL);
      g_list_store_append (rows, row);
    }
  if (n > 1 && md_intake_get_step (self->intake) != MD_STEP_OF_PROCEDURE)
    text = g_strdup_printf (_ ("Procedures of this visit: %u of %u taken in"), done, n);
  g_object_set (self->model, "visit", rows, "has-visit", n > 1, "visit-left", next != NULL,
                "visit-text", text != NULL ? text : "", NULL);
}

/* --- acts --- */

static void
went_on_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!md_intake_go_on_finish (MD_INTAKE (source), result, &error))
    g_debug ("intake: %s", error->message); /* it is its "trouble", too */
}

gboolean
counter_intake_go_on (IntakeBinding *self)
{
  if (md_intake_get_next_of_visit (self->intake) == NULL)
    return FALSE;
  md_intake_go_on_async (self->intake, NULL, went_on_cb, NULL);
  counter_intake_renew_due (self);
  return TRUE;
}

static void
tick_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;
  GListModel *due = counter_model_object (self->model, "due");
  const char *id;
  gboolean ticked;

  g_variant_get (parameter, "(&sb)", &id, &ticked);
  md_intake_set_wanted (self->intake, id, ticked);
  for (guint i = 0; due != NULL && i < g_list_model_get_n_items (due); i++)
    {
      g_autoptr (CounterModel) row = g_list_model_get_item (due, i);

      if (g_strcmp0 (counter_model_text (row, "id"), id) == 0)
        g_object_set (row, "ticked", ticked, NULL);
    }
  counter_intake_show_ticks (self);
}

void
counter_intake_bind_visit (IntakeBinding *self, GActionMap *actions)
{
  static const GActionEntry entries[]
      = { { .name = "tick", .activate = tick_activated, .parameter_type = "(sb)" } };

  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
}
