// SPDX-License-Identifier: Apache-2.0
// 手続きナビ: from what happened and a few answers to what is due. The answers stay while the
// person stays, and with a suspended intake; nothing of them is sent or recorded. What is ticked to
// be taken in becomes the plan of the visit (bind-intake-visit.c); what is ticked as explained or
// handed out is recorded at once.
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
  GHashTable *answers = md_intake_get_answers (self->intake);
  GListStore *questions = g_list_store_new (COUNTER_TYPE_QUESTION_ITEM);

  for (guint i = 0; i < g_list_model_get_n_items (asked); i++)
    {
      g_autoptr (MdField) question = g_list_model_get_item (asked, i);
      g_autoptr (GListStore) choices = list_choices (question);
      const char *answer = g_hash_table_lookup (answers, md_field_get_id (question));

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
  gboolean wanted = FALSE;

  if (md_intake_get_wanted (self->intake, md_due_get_id (due), &wanted))
    return wanted;
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
  const guint ticks = md_intake_get_ticks (self->intake, md_due_get_id (due));
  CounterModel *row = row_new (mine ? md_form_get_id (form) : "", md_due_get_title (due));

  g_object_set (row, "subtitle", below, "state", md_due_is_certain (due) ? "wait" : "none", "word",
                md_due_is_certain (due) ? _ ("Due") : _ ("By the answers"), "ticked",
                mine && is_ticked (self, due), "about", md_due_get_id (due), "told",
                (ticks & MD_TICK_TOLD) != 0, "given", (ticks & MD_TICK_GIVEN) != 0, NULL);
  append (mine ? here : elsewhere, row);
}

static void
show_due (IntakeBinding *self, MdLifeEvent *event)
{
  g_autoptr (GListStore) here = g_list_store_new (COUNTER_TYPE_ROW_ITEM);
  g_autoptr (GListStore) elsewhere = g_list_store_new (COUNTER_TYPE_ROW_ITEM);
  g_autoptr (GListModel) due
      = md_desk_list_due (self->desk, event, md_intake_get_answers (self->intake));

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
  line->done = md_intake_dup_printed_ticks (self->intake, md_due_get_id (due));
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
  due = md_desk_list_due (self->desk, event, md_intake_get_answers (self->intake));
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
show_event (IntakeBinding *self, MdLifeEvent *event)
{
  g_autoptr (GListModel) questions = list_questions (self, event);

  g_object_set (self->model, "event", md_life_event_get_id (event), "event-title",
                md_life_event_get_title (event), "questions", questions, NULL);
  show_due (self, event);
  counter_intake_show_print (self);
}

/* It came back with a suspended intake. */
void
counter_intake_restore_guide (IntakeBinding *self)
{
  const char *id = md_intake_get_event (self->intake);
  MdLifeEvent *event = *id != '\0' ? find_event (self, id) : NULL;

  if (event == NULL || g_str_equal (id, counter_model_text (self->model, "event")))
    return;
  g_object_set (self->model, "guide-open", TRUE, NULL);
  show_event (self, event);
}

static void
event_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;
  MdLifeEvent *event = find_event (self, g_variant_get_string (parameter, NULL));

  if (event == NULL)
    return;
  md_intake_set_event (self->intake, md_life_event_get_id (event));
  show_event (self, event);
}

static void
answer_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;
  MdLifeEvent *event = find_event (self, counter_model_text (self->model, "event"));
  GListModel *questions = counter_model_object (self->model, "questions");
  const char *id, *code;

  g_variant_get (parameter, "(&s&s)", &id, &code);
  md_intake_answer (self->intake, id, code);
  for (guint i = 0; questions != NULL && i < g_list_model_get_n_items (questions); i++)
    {
      g_autoptr (CounterModel) question = g_list_model_get_item (questions, i);

      if (g_strcmp0 (counter_model_text (question, "id"), id) == 0)
        g_object_set (question, "answer", code, NULL);
    }
  if (event != NULL)
    show_due (self, event);
}

/* --- what was explained and handed out --- */

static CounterModel *
find_row (IntakeBinding *self, const char *list, const char *about)
{
  GListModel *rows = counter_model_object (self->model, list);

  for (guint i = 0; rows != NULL && i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CounterModel) row = g_list_model_get_item (rows, i);

      if (g_strcmp0 (counter_model_text (row, "about"), about) == 0)
        return row; /* the list holds it */
    }
  return NULL;
}

static CounterModel *
find_about (IntakeBinding *self, const char *about)
{
  CounterModel *row = find_row (self, "due", about);

  return row != NULL ? row : find_row (self, "due-elsewhere", about);
}

typedef struct
{
  GWeakRef window;
  char *about;
} Noted;

static void
noted_free (Noted *noted)
{
  g_weak_ref_clear (&noted->window);
  g_free (noted->about);
  g_free (noted);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Noted, noted_free)

/* What could not be recorded is not ticked. */
static void
noted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Noted) noted = data;
  g_autoptr (CounterWindow) window = g_weak_ref_get (&noted->window);
  g_autoptr (GError) error = NULL;
  const gboolean kept = md_intake_tick_finish (MD_INTAKE (source), result, &error);
  IntakeBinding *self
      = window != NULL ? g_object_get_data (G_OBJECT (window), "bind-intake") : NULL;
  CounterModel *row;
  guint ticks;

  if (self == NULL || self->intake != MD_INTAKE (source))
    return;
  row = find_about (self, noted->about);
  ticks = md_intake_get_ticks (self->intake, noted->about);
  if (row != NULL)
    g_object_set (row, "told", (ticks & MD_TICK_TOLD) != 0, "given", (ticks & MD_TICK_GIVEN) != 0,
                  NULL);
  if (!kept)
    {
      g_debug ("guide: %s", error->message);
      counter_window_tell (window, _ ("That could not be recorded, so it is not ticked. Tick it "
                                      "again, or call the administrator."));
    }
}

static void
note_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;
  MdLifeEvent *event = find_event (self, counter_model_text (self->model, "event"));
  g_autoptr (GListModel) due = NULL;
  const char *about;
  gboolean told, given;
  CounterModel *row;

  g_variant_get (parameter, "(&sbb)", &about, &told, &given);
  row = find_about (self, about);
  if (event == NULL || row == NULL)
    return;
  g_object_set (row, "told", told, "given", given, NULL);
  due = md_desk_list_due (self->desk, event, md_intake_get_answers (self->intake));
  for (guint i = 0; i < g_list_model_get_n_items (due); i++)
    {
      g_autoptr (MdDue) one = g_list_model_get_item (due, i);

      if (g_strcmp0 (md_due_get_id (one), about) == 0)
        {
          Noted *noted = g_new0 (Noted, 1);

          g_weak_ref_init (&noted->window, self->window);
          noted->about = g_strdup (about);
          md_intake_tick_async (self->intake, one,
                                (told ? MD_TICK_TOLD : 0) | (given ? MD_TICK_GIVEN : 0), noted_cb,
                                noted);
        }
    }
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
    { .name = "note", .activate = note_activated, .parameter_type = "(sbb)" },
  };

  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
}
