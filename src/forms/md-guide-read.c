// SPDX-License-Identifier: Apache-2.0
// The file of events: read whole, or refused with path and remedy.
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include <md-base.h>

#include "md-guide-private.h"

#define MAX_QUESTIONS 40u
#define MAX_EVENTS 60u
#define MAX_ASKED 8u
#define MAX_STEPS 40u
#define MAX_BRING 12u

typedef const char *const Members[];

typedef struct
{
  MdCatalogue *catalogue;
  MdJson *json;
  GHashTable *questions; /* id -> MdField */
  MdLifeEvent *event;
} Reader;

static MdField *
get_asked (gpointer data, const char *id)
{
  const Reader *reader = data;
  GListModel *asked = G_LIST_MODEL (reader->event->questions);

  for (guint i = 0; i < g_list_model_get_n_items (asked); i++)
    {
      g_autoptr (MdField) field = g_list_model_get_item (asked, i);

      if (g_strcmp0 (md_field_get_id (field), id) == 0)
        return field;
    }
  return NULL;
}

static gboolean
has_asked (gpointer data, const char *id)
{
  return get_asked (data, id) != NULL;
}

static gboolean
has_no_setting (gpointer data, const char *id)
{
  return FALSE;
}

static void
read_texts (Reader *reader, JsonObject *object, const char *member, GPtrArray *out_texts)
{
  static Members members = { "ja", "en", NULL };
  MdJson *json = reader->json;
  JsonArray *array
      = md_json_has (json, object, member) ? md_json_array (json, object, member) : NULL;
  guint n = array ? json_array_get_length (array) : 0;

  if (n > MAX_BRING)
    md_json_fail (json, member, _ ("There are %u at the most."), MAX_BRING);
  for (guint i = 0; i < n && !md_json_failed (json); i++)
    {
      JsonObject *entry = md_json_element_object (json, array, i);
      MdText *text = g_new0 (MdText, 1);

      md_json_enter (json, "%s[%u]", member, i);
      md_json_only (json, entry, members);
      text->ja = g_strdup (md_json_string (json, entry, "ja"));
      text->en = g_strdup (md_json_string (json, entry, "en"));
      g_ptr_array_add (out_texts, text);
      md_json_leave (json);
    }
}

static void
text_free (gpointer data)
{
  _md_text_clear (data);
  g_free (data);
}

static void
step_free (gpointer data)
{
  MdGuideStep *step = data;

  g_free (step->procedure);
  g_free (step->id);
  _md_text_clear (&step->what);
  _md_text_clear (&step->place);
  _md_text_clear (&step->why);
  _md_text_clear (&step->deadline);
  g_clear_pointer (&step->when, _md_rule_free);
  g_ptr_array_unref (step->bring);
  g_free (step);
}

static void
read_when (Reader *reader, JsonObject *object, MdGuideStep *step)
{
  const MdRuleScope scope = {
    .get_field = get_asked, .has_field = has_asked, .has_setting = has_no_setting, .data = reader
  };
  MdJson *json = reader->json;

  if (!md_json_has (json, object, "when"))
    return;
  md_json_enter (json, "when");
  step->when = _md_rule_read (json, json_object_get_member (object, "when"), &scope);
  if (step->when && _md_rule_gives (step->when, &scope) != MD_RULE_BOOL)
    md_json_fail (json, NULL, _ ("This rule must say true or false. Compare with something."));
  md_json_leave (json);
}

/* What is ticked is known by it, also when steps come and go before it. */
static void
read_id (Reader *reader, JsonObject *object, MdGuideStep *step)
{
  MdJson *json = reader->json;
  const char *id = md_json_has (json, object, "id") ? md_json_string (json, object, "id") : NULL;
  const GPtrArray *steps = reader->event->steps;

  if (!id || !g_regex_match_simple ("^[a-z][a-z0-9-]{0,39}$", id, G_REGEX_DOLLAR_ENDONLY, 0))
    {
      md_json_fail (json, id ? "id" : NULL,
                    _ ("Each thing that is done elsewhere has an \"id\" of its own in its event: "
                       "small letters, digits and \"-\"."));
      return;
    }
  for (guint i = 0; i < steps->len; i++)
    if (g_strcmp0 (((MdGuideStep *)g_ptr_array_index (steps, i))->id, id) == 0)
      md_json_fail (json, "id",
                    _ ("\"%s\" is there twice in this event. Give each its own, and do not use "
                       "again one that was taken out."),
                    id);
  step->id = g_strdup (id);
}

static void
read_step (Reader *reader, JsonObject *object)
{
  static Members members
      = { "procedure", "id", "what", "place", "why", "deadline", "when", "bring", "basis", NULL };
  MdJson *json = reader->json;
  MdGuideStep *step = g_new0 (MdGuideStep, 1);
  g_auto (GStrv) basis = md_json_strings (json, object, "basis", 1);

  g_ptr_array_add (reader->event->steps, step);
  step->bring = g_ptr_array_new_with_free_func (text_free);
  md_json_only (json, object, members);
  if (md_json_has (json, object, "procedure"))
    {
      step->procedure = g_strdup (md_json_string (json, object, "procedure"));
      if (step->procedure && !md_catalogue_get_form (reader->catalogue, step->procedure))
        md_json_fail (json, "procedure", _ ("There is no procedure \"%s\"."), step->procedure);
      if (md_json_has (json, object, "what") || md_json_has (json, object, "place")
          || md_json_has (json, object, "id"))
        md_json_fail (json, "procedure",
                      _ ("A procedure has its own name and is done here: take out \"id\", "
                         "\"what\" and \"place\"."));
    }
  else
    {
      read_id (reader, object, step);
      _md_text_read (&step->what, json, object, "what");
      _md_text_read (&step->place, json, object, "place");
    }
  _md_text_read (&step->why, json, object, "why");
  if (md_json_has (json, object, "deadline"))
    _md_text_read (&step->deadline, json, object, "deadline");
  read_texts (reader, object, "bring", step->bring);
  read_when (reader, object, step);
}

static void
read_steps (Reader *reader, JsonObject *object)
{
  MdJson *json = reader->json;
  JsonArray *steps = md_json_array (json, object, "steps");
  guint n = steps ? json_array_get_length (steps) : 0;

  if (steps && (n == 0 || n > MAX_STEPS))
    md_json_fail (json, "steps", _ ("An event has 1 to %u steps."), MAX_STEPS);
  for (guint i = 0; i < n && !md_json_failed (json); i++)
    {
      md_json_enter (json, "steps[%u]", i);
      read_step (reader, md_json_element_object (json, steps, i));
      md_json_leave (json);
    }
}

static void
read_asked (Reader *reader, JsonObject *object)
{
  MdJson *json = reader->json;
  g_auto (GStrv) ids = md_json_strings (json, object, "ask", 0);

  if (g_strv_length (ids) > MAX_ASKED)
    md_json_fail (json, "ask", _ ("An event asks %u questions at the most."), MAX_ASKED);
  for (guint i = 0; ids[i] && !md_json_failed (json); i++)
    {
      MdField *question = g_hash_table_lookup (reader->questions, ids[i]);

      if (!question)
        md_json_fail (json, "ask", _ ("There is no question \"%s\"."), ids[i]);
      else if (get_asked (reader, ids[i]))
        md_json_fail (json, "ask", _ ("\"%s\" is asked twice."), ids[i]);
      else
        g_list_store_append (reader->event->questions, question);
    }
}

static MdLifeEvent *
read_event (Reader *reader, JsonObject *object)
{
  static Members members = { "id", "title", "kana", "ask", "steps", NULL };
  MdJson *json = reader->json;
  MdLifeEvent *event = g_object_new (MD_TYPE_LIFE_EVENT, NULL);

  reader->event = event;
  event->catalogue = reader->catalogue;
  event->steps = g_ptr_array_new_with_free_func (step_free);
  event->questions = g_list_store_new (MD_TYPE_FIELD);
  md_json_only (json, object, members);
  event->id = g_strdup (md_json_string (json, object, "id"));
  _md_text_read (&event->title, json, object, "title");
  event->kana = g_strdup (md_json_string (json, object, "kana"));
  read_asked (reader, object);
  if (!md_json_failed (json))
    read_steps (reader, object);
  return event;
}

static void
read_questions (Reader *reader, JsonObject *root)
{
  MdJson *json = reader->json;
  JsonObject *questions = md_json_object (json, root, "questions");
  g_autoptr (GList) ids = questions ? json_object_get_members (questions) : NULL;

  md_json_enter (json, "questions");
  if (g_list_length (ids) > MAX_QUESTIONS)
    md_json_fail (json, NULL, _ ("There are %u at the most."), MAX_QUESTIONS);
  for (GList *l = ids; l && !md_json_failed (json); l = l->next)
    {
      MdField *question;

      md_json_enter (json, "%s", (const char *)l->data);
      question = _md_field_read_question (l->data, json, md_json_object (json, questions, l->data));
      g_hash_table_insert (reader->questions, question->id, question);
      md_json_leave (json);
    }
  md_json_leave (json);
}

static gboolean
has_event (GListStore *events, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (events)); i++)
    {
      g_autoptr (MdLifeEvent) event = g_list_model_get_item (G_LIST_MODEL (events), i);

      if (g_strcmp0 (event->id, id) == 0)
        return TRUE;
    }
  return FALSE;
}

void
_md_guide_read (MdCatalogue *catalogue, MdJson *json, JsonObject *root, GListStore *out_events)
{
  static Members members = { "schema", "version", "questions", "events", NULL };
  g_autoptr (GHashTable) questions
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  Reader reader = { .catalogue = catalogue, .json = json, .questions = questions };
  const char *schema = md_json_string (json, root, "schema");
  JsonArray *events = md_json_array (json, root, "events");
  guint n = events ? json_array_get_length (events) : 0;

  md_json_only (json, root, members);
  if (schema && !g_str_equal (schema, "madoguchi-guide/1"))
    md_json_fail (json, "schema", _ ("This must be \"madoguchi-guide/1\"."));
  (void)md_json_int (json, root, "version", 1, G_MAXINT32);
  read_questions (&reader, root);
  if (n > MAX_EVENTS)
    md_json_fail (json, "events", _ ("There are %u at the most."), MAX_EVENTS);
  for (guint i = 0; i < n && !md_json_failed (json); i++)
    {
      g_autoptr (MdLifeEvent) event = NULL;

      md_json_enter (json, "events[%u]", i);
      event = read_event (&reader, md_json_element_object (json, events, i));
      if (has_event (out_events, event->id))
        md_json_fail (json, "id", _ ("This event is there twice."));
      g_list_store_append (out_events, event);
      md_json_leave (json);
    }
}
