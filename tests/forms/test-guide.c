// SPDX-License-Identifier: Apache-2.0
/* 手続きナビ: what is due follows from the answers, what is not answered is told as open, and the
 * office's own guide has no step that nobody ever gets. */
#include "fixture.h"

#include <string.h>

#define MAX_CHOICES 8u

/* answers: "kind=rail,urgent=true". */
static GListModel *
list_due (MdLifeEvent *event, const char *answers, const char *day)
{
  g_autoptr (GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) parts = g_strsplit (answers, ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (parts[i], "=", 2);

      if (pair[0] != NULL && pair[1] != NULL)
        g_hash_table_insert (table, g_strdup (pair[0]), g_strdup (pair[1]));
    }
  return md_life_event_list_due (event, table, day);
}

static const char *
name_of (MdDue *due)
{
  MdForm *form = md_due_get_form (due);

  return form != NULL ? md_form_get_id (form) : "-";
}

/* "common.sample?,-": ids in their order, "?" what is not certain, "-" what is done elsewhere. */
static char *
describe (GListModel *due)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (due); i++)
    {
      g_autoptr (MdDue) one = g_list_model_get_item (due, i);

      g_string_append_printf (text, "%s%s%s", i > 0 ? "," : "", name_of (one),
                              md_due_is_certain (one) ? "" : "?");
    }
  return g_string_free (text, FALSE);
}

static void
test_answers (void)
{
  static const struct
  {
    const char *answers, *day, *due;
  } cases[] = {
    { "", FIXTURE_TODAY, "common.sample?,-?" },
    { "kind=rail", FIXTURE_TODAY, "common.sample,-?" },
    { "kind=step", FIXTURE_TODAY, "-?" },
    { "kind=step,urgent=false", FIXTURE_TODAY, "" },
    { "kind=rail,urgent=true", FIXTURE_TODAY, "common.sample,-" },
    { "kind=ladder,urgent=yes", FIXTURE_TODAY, "common.sample?,-?" }, /* no choices of these */
    { "other=rail", FIXTURE_TODAY, "common.sample?,-?" },
    { "kind=rail,urgent=false", "2025-01-01", "" }, /* not in force yet */
  };
  MdLifeEvent *event = md_catalogue_get_event (fixture_sample (), "fall");

  g_assert_nonnull (event);
  g_assert_null (md_catalogue_get_event (fixture_sample (), "move-in"));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GListModel) due = list_due (event, cases[i].answers, cases[i].day);
      g_autofree char *text = describe (due);

      g_assert_cmpstr (text, ==, cases[i].due);
    }
}

static void
test_words (void)
{
  MdLifeEvent *event = md_catalogue_get_event (fixture_sample (), "fall");
  g_autoptr (GListModel) due = list_due (event, "kind=rail,urgent=true", FIXTURE_TODAY);
  g_autoptr (MdDue) here = g_list_model_get_item (due, 0);
  g_autoptr (MdDue) elsewhere = g_list_model_get_item (due, 1);
  g_autofree char *title = NULL;

  g_object_get (here, "title", &title, NULL);
  g_assert_cmpstr (title, ==, md_form_get_title (md_due_get_form (here)));
  g_assert_cmpstr (md_due_get_reason (here), ==, "for a rail");
  g_assert_cmpstr (md_due_get_deadline (here), ==, "within 14 days");
  g_assert_null (md_due_get_place (here));
  g_assert_true (g_strv_contains (md_due_get_bring (here), "Estimate"));
  g_assert_cmpstr (md_due_get_title (elsewhere), ==, "Advice");
  g_assert_cmpstr (md_due_get_place (elsewhere), ==, "Advice counter");
  g_assert_null (md_due_get_deadline (elsewhere));
  g_assert_null (md_due_get_bring (elsewhere)[0]);
  g_assert_cmpstr (md_due_get_id (here), ==, "common.sample");
  g_assert_cmpstr (md_due_get_id (elsewhere), ==, "fall/advice");
}

/* What the procedure itself asks for is named, too: what always, and what only some bring. */
static void
test_bring (void)
{
  static const char *const always[]
      = { "An identity document with a photograph (My Number card, licence)",
          "Card of thanks for attending, or the undertaker's receipt", NULL };
  static const char *const some[] = { "Passbook or another proof of the account", NULL };
  MdLifeEvent *event = md_catalogue_get_event (fixture_catalogue (), "death");
  g_autoptr (GListModel) due = list_due (event, "age=75", FIXTURE_TODAY);
  guint found = 0;

  for (guint i = 0; i < g_list_model_get_n_items (due); i++)
    {
      g_autoptr (MdDue) one = g_list_model_get_item (due, i);

      if (!g_str_equal (name_of (one), "lem.funeral"))
        continue;
      found++;
      g_assert_true (g_strv_equal (md_due_get_bring (one), always));
      g_assert_true (g_strv_equal (md_due_get_bring_if (one), some));
    }
  g_assert_cmpuint (found, ==, 1);
}

/* tests/forms/guide.tsv: what a clerk of many years would say. */
static void
test_cases (void)
{
  g_autoptr (GPtrArray) lines = fixture_load_lines ("guide.tsv");

  g_assert_cmpuint (lines->len, >=, 30);
  for (guint i = 0; i < lines->len; i++)
    {
      const FixtureLine *line = g_ptr_array_index (lines, i);
      MdLifeEvent *event = md_catalogue_get_event (fixture_catalogue (), line->words[0]);
      g_autoptr (GListModel) due = NULL;
      g_autofree char *text = NULL;
      g_auto (GStrv) parts = NULL;
      GString *here = g_string_new (NULL);

      if (event == NULL)
        g_error ("guide.tsv:%u: there is no event %s", line->line, line->words[0]);
      due = list_due (event, line->words[1], FIXTURE_TODAY);
      text = describe (due);
      parts = g_strsplit (text, ",", -1);
      for (guint k = 0; parts[k] != NULL; k++)
        if (parts[k][0] != '-')
          g_string_append_printf (here, "%s%s", here->len > 0 ? "," : "", parts[k]);
      if (!g_str_equal (here->str, line->words[2]))
        g_error ("guide.tsv:%u: wanted %s, got %s", line->line, line->words[2], here->str);
      g_string_free (here, TRUE);
    }
}

/* --- Every answer there is --- */

static guint
list_choices (MdField *question, const char *codes[MAX_CHOICES])
{
  guint n;
  const MdFieldOption *options = md_field_get_options (question, &n);

  if (n == 0)
    {
      codes[0] = "true";
      codes[1] = "false";
      return 2;
    }
  g_assert_cmpuint (n, <=, MAX_CHOICES);
  for (guint i = 0; i < n; i++)
    codes[i] = options[i].code;
  return n;
}

static void
try_all (MdLifeEvent *event, guint question, GHashTable *answers, GHashTable *seen)
{
  GListModel *questions = md_life_event_get_questions (event);
  g_autoptr (MdField) field = g_list_model_get_item (questions, question);
  const char *codes[MAX_CHOICES];
  guint n;

  if (field == NULL)
    {
      g_autoptr (GListModel) due = md_life_event_list_due (event, answers, FIXTURE_TODAY);

      for (guint i = 0; i < g_list_model_get_n_items (due); i++)
        {
          g_autoptr (MdDue) one = g_list_model_get_item (due, i);

          g_assert_true (md_due_is_certain (one)); /* every question is answered */
          g_hash_table_add (
              seen, g_strdup_printf ("%s %s", md_due_get_title (one), md_due_get_reason (one)));
        }
      return;
    }
  n = list_choices (field, codes);
  for (guint i = 0; i < n; i++)
    {
      g_hash_table_replace (answers, g_strdup (md_field_get_id (field)), g_strdup (codes[i]));
      try_all (event, question + 1, answers, seen);
    }
  g_hash_table_remove (answers, md_field_get_id (field));
}

static void
test_every_step_is_due_to_somebody (void)
{
  GListModel *events = md_catalogue_get_events (fixture_catalogue ());

  g_assert_cmpuint (g_list_model_get_n_items (events), >=, 14);
  for (guint i = 0; i < g_list_model_get_n_items (events); i++)
    {
      g_autoptr (MdLifeEvent) event = g_list_model_get_item (events, i);
      g_autoptr (GHashTable) none = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr (GHashTable) answers
          = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_autoptr (GListModel) open = md_life_event_list_due (event, none, FIXTURE_TODAY);

      try_all (event, 0, answers, seen);
      g_assert_cmpuint (g_hash_table_size (seen), ==, g_list_model_get_n_items (open));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/guide/answers", test_answers);
  g_test_add_func ("/forms/guide/words", test_words);
  g_test_add_func ("/forms/guide/bring", test_bring);
  g_test_add_func ("/forms/guide/cases", test_cases);
  g_test_add_func ("/forms/guide/every-step-is-due-to-somebody",
                   test_every_step_is_due_to_somebody);
  return g_test_run ();
}
