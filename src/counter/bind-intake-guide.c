// SPDX-License-Identifier: Apache-2.0
// 手続きナビ: from what happened and a few answers to what is due. The answers stay while the
// person stays; nothing of them is sealed, sent or recorded. What is ticked becomes the plan of the
// visit (bind-intake-visit.c).
#include "config.h"

#include "bind.h"

#include "bind-intake.h"

#include <glib/gi18n.h>

static CounterModel *
row_new (const char *id, const char *title)
{
  return g_object_new (COUNTER_TYPE_ROW_ITEM, "id", id, "title", title, NULL);
}

static void
append (GListStore *store, CounterModel *item)
{
  g_list_store_append (store, item);
  g_object_unref (item);
}

/* --- questions --- */

static GListStore *
list_choices (MdField *question)
{
  GListStore *choices = g_list_store_new (COUNTER_TYPE_ROW_ITEM);
  const MdFieldOption *options;
  guint n;

  options = md_field_get_options (question, &n);
  for (guint i = 0; i < n; i++)
    append (choices,
            row_new (options[i].code, md_field_get_option_label (question, options[i].code)));
  if (n == 0)
    {
      append (choices, row_new ("true", _ ("Yes")));
      append (choices, row_new ("false", _ ("No")));
    }
  return choices;
}

static GListModel *
list_questions (IntakeBinding *self, MdLifeEvent *event)
{
  GListModel *asked = md_life_event_get_questions (event);
  GListStore *questions = g_list_store_new (COUNTER_TYPE_QUESTION_ITEM);

  for (guint i = 0; i < g_list_model_get_n_items (asked); i++)
    {
      g_autoptr (MdField) question = g_list_model_get_item (asked, i);
      g_autoptr (GListStore) choices = list_choices (question);
      const char *answer = g_hash_table_lookup (self->answers, md_field_get_id (question));

      append (questions, g_object_new (COUNTER_TYPE_QUESTION_ITEM, "id", md_field_get_id (question),
                                       "title", md_field_get_label (question), "answer",
                                       answer != NULL ? answer : "", "choices", choices, NULL));
    }
  return G_LIST_MODEL (questions);
}

/* --- what is due --- */

/* A line of its own; nothing where there are no words. */
static void
add_line (GString *text, const char *words)
{
  if (words != NULL && *words != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", words);
}

static void
add_papers (GString *text, const char *heading, const char *const *papers)
{
  g_autoptr (GString) list = g_string_new (NULL);
  g_autofree char *line = NULL;

  for (guint i = 0; papers[i] != NULL; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? C_ ("between names", ", ") : "", papers[i]);
  line = g_strdup_printf (_ ("%s: %s"), heading, list->str);
  if (papers[0] != NULL)
    add_line (text, line);
}

static char *
describe (MdDue *due, const char *place)
{
  GString *text = g_string_new (NULL);

  add_line (text, place);
  add_line (text, md_due_get_reason (due));
  add_line (text, md_due_get_deadline (due));
  add_papers (text, _ ("To bring"), md_due_get_bring (due));
  add_papers (text, _ ("Where it applies"), md_due_get_bring_if (due));
  return g_string_free (text, FALSE);
}

/* What is certain is ticked, until the clerk says otherwise. */
static gboolean
is_ticked (IntakeBinding *self, MdDue *due)
{
  gpointer said = NULL;
  MdForm *form = md_due_get_form (due);

  if (g_hash_table_lookup_extended (self->ticks, md_form_get_id (form), NULL, &said))
    return GPOINTER_TO_INT (said);
  return md_due_is_certain (due);
}

/* Due at this counter, by this clerk: a row to be ticked. All else says where. */
static void
add_due (IntakeBinding *self, MdDue *due, GListStore *here, GListStore *elsewhere)
{
  MdForm *form = md_due_get_form (due);
  const gboolean mine = form != NULL && md_desk_may_take_in (self->desk, form);
  const char *place = form == NULL ? md_due_get_place (due)
                      : mine       ? NULL
                                   : md_form_get_domain_label (form);
  g_autofree char *below = describe (due, place);
  CounterModel *row = row_new (form != NULL ? md_form_get_id (form) : "", md_due_get_title (due));

  g_object_set (row, "subtitle", below, "state", md_due_is_certain (due) ? "wait" : "none", "word",
                md_due_is_certain (due) ? _ ("Due") : _ ("By the answers"), "ticked",
                mine && is_ticked (self, due), NULL);
  append (mine ? here : elsewhere, row);
}

static void
show_due (IntakeBinding *self, MdLifeEvent *event)
{
  g_autoptr (GListStore) here = g_list_store_new (COUNTER_TYPE_ROW_ITEM);
  g_autoptr (GListStore) elsewhere = g_list_store_new (COUNTER_TYPE_ROW_ITEM);
  g_autoptr (GListModel) due = md_desk_list_due (self->desk, event, self->answers);

  for (guint i = 0; i < g_list_model_get_n_items (due); i++)
    {
      g_autoptr (MdDue) one = g_list_model_get_item (due, i);

      if (md_due_get_form (one) == NULL
          || !counter_intake_is_done (self, md_form_get_id (md_due_get_form (one))))
        add_due (self, one, here, elsewhere);
    }
  g_object_set (self->model, "due", here, "has-due",
                g_list_model_get_n_items (G_LIST_MODEL (here)) > 0, "due-elsewhere", elsewhere,
                "has-due-elsewhere", g_list_model_get_n_items (G_LIST_MODEL (elsewhere)) > 0, NULL);
  counter_intake_show_ticks (self);
}

static MdLifeEvent *
find_event (IntakeBinding *self, const char *id)
{
  GListModel *events = md_desk_get_events (self->desk);

  for (guint i = 0; i < g_list_model_get_n_items (events); i++)
    {
      g_autoptr (MdLifeEvent) event = g_list_model_get_item (events, i);

      if (g_strcmp0 (md_life_event_get_id (event), id) == 0)
        return event;
    }
  return NULL;
}

/* --- on paper --- */

static char *
join (const char *const *papers)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; papers[i] != NULL; i++)
    add_line (text, papers[i]);
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

static void
put_due (IntakeBinding *self, MdDue *due, CounterGuideSheet *sheet)
{
  MdForm *form = md_due_get_form (due);
  CounterGuideLine *line = counter_guide_sheet_add (sheet);

  line->title = g_strdup (md_due_get_title (due));
  line->place = form == NULL ? g_strdup (md_due_get_place (due))
                : md_desk_may_take_in (self->desk, form)
                    ? g_strdup (counter_model_text (self->desk_model, "counter"))
                    : g_strdup (md_form_get_domain_label (form));
  line->reason = g_strdup (md_due_get_reason (due));
  line->deadline = g_strdup (md_due_get_deadline (due));
  line->bring = join (md_due_get_bring (due));
  line->bring_if = join (md_due_get_bring_if (due));
  line->certain = md_due_is_certain (due);
}

CounterGuideSheet *
counter_intake_make_guide_sheet (IntakeBinding *self)
{
  MdLifeEvent *event = find_event (self, counter_model_text (self->model, "event"));
  CounterGuideSheet *sheet = event != NULL ? counter_guide_sheet_new () : NULL;
  g_autoptr (GListModel) due = NULL;

  if (event == NULL)
    return NULL;
  sheet->office = g_strdup (counter_model_text (self->desk_model, "office"));
  sheet->counter = g_strdup (counter_model_text (self->desk_model, "counter"));
  sheet->time = g_strdup (counter_model_text (self->desk_model, "date"));
  sheet->event = g_strdup (md_life_event_get_title (event));
  due = md_desk_list_due (self->desk, event, self->answers);
  for (guint i = 0; i < g_list_model_get_n_items (due); i++)
    {
      g_autoptr (MdDue) one = g_list_model_get_item (due, i);

      put_due (self, one, sheet);
    }
  return sheet;
}

void
counter_intake_renew_due (IntakeBinding *self)
{
  MdLifeEvent *event = find_event (self, counter_model_text (self->model, "event"));

  if (event != NULL)
    show_due (self, event);
}

/* --- acts --- */

static void
open_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  g_object_set (self->model, "guide-open", TRUE, "procedure", "", NULL);
  counter_intake_renew_due (self);
  counter_intake_show_print (self);
}

static void
close_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_object_set (((IntakeBinding *)data)->model, "guide-open", FALSE, "procedure", "", NULL);
  counter_intake_show_print (data);
}

static void
event_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;
  MdLifeEvent *event = find_event (self, g_variant_get_string (parameter, NULL));
  g_autoptr (GListModel) questions = event != NULL ? list_questions (self, event) : NULL;

  if (event == NULL)
    return;
  g_hash_table_remove_all (self->ticks);
  g_object_set (self->model, "event", md_life_event_get_id (event), "event-title",
                md_life_event_get_title (event), "questions", questions, NULL);
  show_due (self, event);
  counter_intake_show_print (self);
}

static void
answer_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;
  MdLifeEvent *event = find_event (self, counter_model_text (self->model, "event"));
  GListModel *questions = counter_model_object (self->model, "questions");
  const char *id, *code;

  g_variant_get (parameter, "(&s&s)", &id, &code);
  if (*code != '\0')
    g_hash_table_replace (self->answers, g_strdup (id), g_strdup (code));
  else
    g_hash_table_remove (self->answers, id);
  for (guint i = 0; questions != NULL && i < g_list_model_get_n_items (questions); i++)
    {
      g_autoptr (CounterModel) question = g_list_model_get_item (questions, i);

      if (g_strcmp0 (counter_model_text (question, "id"), id) == 0)
        g_object_set (question, "answer", code, NULL);
    }
  if (event != NULL)
    show_due (self, event);
}

void
counter_intake_begin_guide (IntakeBinding *self)
{
  GListModel *events = md_desk_get_events (self->desk);
  g_autoptr (GListStore) rows = g_list_store_new (COUNTER_TYPE_ROW_ITEM);

  for (guint i = 0; i < g_list_model_get_n_items (events); i++)
    {
      g_autoptr (MdLifeEvent) event = g_list_model_get_item (events, i);

      append (rows, row_new (md_life_event_get_id (event), md_life_event_get_title (event)));
    }
  g_hash_table_remove_all (self->answers);
  g_hash_table_remove_all (self->ticks);
  g_object_set (self->model, "guide-open", FALSE, "events", rows, "event", "", "event-title", "",
                "questions", NULL, "due", NULL, "due-elsewhere", NULL, NULL);
}

void
counter_intake_bind_guide (IntakeBinding *self, GActionMap *actions)
{
  static const GActionEntry entries[] = {
    { .name = "open-guide", .activate = open_activated },
    { .name = "close-guide", .activate = close_activated },
    { .name = "event", .activate = event_activated, .parameter_type = "s" },
    { .name = "answer", .activate = answer_activated, .parameter_type = "(ss)" },
  };

  self->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
}
