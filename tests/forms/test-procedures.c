// SPDX-License-Identifier: Apache-2.0
/* Every procedure of data/forms by example: cases.tsv holds, for each, an application that is
 * right, and ways in which it would be wrong. Each line is held against the form as it is shipped.
 */
#include "fixture.h"

#include <string.h>

#include "../../src/forms/md-form-data-private.h"

static GPtrArray *cases;

enum
{
  WORD_KIND,
  WORD_FORM,
  WORD_PERSON, /* good: birth date and sex; else the field where it is told */
  WORD_SHOWN,  /* the requirement, or "-" */
  WORD_FIRST,  /* FIELD=TEXT ... */
};

static void
load_cases (void)
{
  cases = fixture_load_lines ("cases.tsv");
  for (guint i = 0; i < cases->len; i++)
    {
      const FixtureLine *row = g_ptr_array_index (cases, i);

      g_test_message ("cases.tsv:%u", row->line);
      g_assert_cmpuint (g_strv_length (row->words), >=, WORD_FIRST);
    }
}

static const FixtureLine *
get_case (guint i)
{
  return g_ptr_array_index (cases, i);
}

static const FixtureLine *
find_good (const char *form)
{
  for (guint i = 0; i < cases->len; i++)
    if (g_str_equal (get_case (i)->words[WORD_KIND], "good")
        && g_str_equal (get_case (i)->words[WORD_FORM], form))
      return get_case (i);
  return NULL;
}

/* Also one in a row, GROUP.2.FIELD. */
static MdEntry *
find_entry (MdFormData *data, const char *id)
{
  MdEntry *found = md_form_data_get_entry (data, id);
  GListModel *sections = md_form_data_get_sections (data);

  for (guint s = 0; !found && s < g_list_model_get_n_items (sections); s++)
    {
      g_autoptr (GListModel) section = g_list_model_get_item (sections, s);

      for (guint i = 0; !found && i < g_list_model_get_n_items (section); i++)
        {
          g_autoptr (MdEntry) entry = g_list_model_get_item (section, i);

          if (g_str_equal (md_entry_get_id (entry), id))
            found = entry;
        }
    }
  g_test_message ("%s", id);
  g_assert_nonnull (found);
  return found;
}

/* FIELD=TEXT as typed, @FIELD=TEXT as the office's records say it, #FIELD=TEXT an individual
 * number, FIELD= taken away again, +GROUP one more row, !BIRTH the person was born on that day,
 * ~SEX is of that sex, %DAY on that day. */
static void
put (MdFormData *data, const char *word)
{
  g_auto (GStrv) halves = g_strsplit (word, "=", 2);
  g_autofree char *text = halves[1] ? g_strcompress (halves[1]) : NULL;
  g_autoptr (GError) error = NULL;
  const char *id = halves[0];

  if (id[0] == '!' || id[0] == '~')
    {
      const MdCardValues card
          = { .birth = id[0] == '!' ? id + 1 : NULL, .sex = id[0] == '~' ? id + 1 : NULL };

      md_form_data_prefill_card (data, &card);
      return;
    }
  if (id[0] == '%')
    {
      g_free (data->today);
      data->today = g_strdup (id + 1);
      return;
    }
  if (id[0] == '+')
    {
      g_assert_nonnull (md_entry_add_row (find_entry (data, id + 1)));
      return;
    }
  g_assert_nonnull (text);
  if (id[0] == '@' && !md_form_data_get_entry (data, id + 1))
    _md_entry_put (find_entry (data, id + 1), text, MD_SOURCE_OFFICE, TRUE);
  else if (id[0] == '@')
    {
      g_assert_true (md_form_data_set_system (data, id + 1, *text ? text : NULL, &error));
      g_assert_no_error (error);
    }
  else if (id[0] == '#' && !*text)
    _md_entry_wipe (find_entry (data, id + 1)); /* the card's cannot be cleared */
  else if (id[0] == '#')
    {
      g_autoptr (MdSecret) number = md_secret_new_from_text (text);

      g_assert_true (md_entry_set_secret (find_entry (data, id + 1), number, &error));
      g_assert_no_error (error);
    }
  else
    {
      MdEntry *entry = find_entry (data, id);

      md_entry_clear (entry); /* a covered one cannot be typed over */
      md_entry_show_declaration (entry, TRUE);
      md_entry_set_text (entry, text);
      md_entry_commit (entry);
    }
}

static MdFormData *
fill (const char *form)
{
  const FixtureLine *good = find_good (form);
  MdFormData *data = fixture_data (form, MD_ROLE_CLERK_NUMBER);

  g_assert_nonnull (good);
  if (md_form_has_field (md_form_data_get_form (data), "p.atena"))
    {
      g_auto (GStrv) person = g_strsplit (good->words[WORD_PERSON], " ", 2);

      fixture_person (data, person[0], person[1]);
    }
  for (guint i = WORD_FIRST; good->words[i]; i++)
    put (data, good->words[i]);
  return data;
}

/* The right application with this line's changes: told at the field, and stopped or not. */
static void
hold (const FixtureLine *wrong)
{
  const char *kind = wrong->words[WORD_KIND], *field = wrong->words[WORD_PERSON];
  g_autoptr (MdFormData) data = fill (wrong->words[WORD_FORM]);
  gboolean stops = g_str_equal (kind, "stops"), fine = g_str_equal (kind, "fine");

  g_assert_true (stops || fine || g_str_equal (kind, "warns"));
  for (guint i = WORD_FIRST; wrong->words[i]; i++)
    put (data, wrong->words[i]);
  g_test_message ("cases.tsv:%u: %s %s", wrong->line, kind, field);
  if (stops)
    g_assert_false (md_form_data_validate (data));
  else
    fixture_assert_valid (data);
  g_assert_cmpint (fixture_has_finding (data, field, stops), ==, !fine);
}

static void
test_right (void)
{
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());

  for (guint i = 0; i < g_list_model_get_n_items (forms); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, i);
      g_autoptr (MdFormData) data = NULL;

      g_test_message ("%s", md_form_get_id (form));
      data = fill (md_form_get_id (form));
      fixture_assert_valid (data);
    }
}

/* Whatever the right application holds and the form asks for: without it, it stops there. */
static void
test_required (void)
{
  for (guint i = 0; i < cases->len; i++)
    {
      const FixtureLine *good = get_case (i);

      for (guint k = WORD_FIRST; g_str_equal (good->words[WORD_KIND], "good") && good->words[k];
           k++)
        {
          g_autoptr (MdFormData) data = NULL;
          g_autofree char *id = g_strndup (good->words[k], strcspn (good->words[k], "="));
          MdEntry *entry;

          if (strchr ("@#+", id[0]))
            continue;
          data = fill (good->words[WORD_FORM]);
          entry = find_entry (data, id);
          if (!md_entry_get_required (entry))
            continue;
          md_entry_clear (entry);
          g_test_message ("%s without %s", good->words[WORD_FORM], id);
          g_assert_false (md_form_data_validate (data));
          if (md_entry_get_required (entry))
            g_assert_true (fixture_has_finding (data, id, TRUE));
        }
    }
}

static void
test_wrong (void)
{
  for (guint i = 0; i < cases->len; i++)
    if (!g_str_equal (get_case (i)->words[WORD_KIND], "good"))
      hold (get_case (i));
}

/* A check, by what it says and not by its procedure: the same one stands in many, for which an
 * example in one of them does; what figures the others' settings have is not looked at here. Caller
 * owns. */
static char *
dup_check (const MdFormCheck *check)
{
  g_autofree char *when = check->when ? _md_rule_to_text (check->when) : NULL;
  g_autofree char *assertion = _md_rule_to_text (check->assertion);

  return g_strdup_printf ("%s at %s: %s => %s", check->id, check->field, when ? when : "always",
                          assertion);
}

/* Met, or not; one that never holds where it applies is met where it does not apply. */
static void
note_check (const MdFormCheck *check, const MdRuleWorld *world, GHashTable *met, GHashTable *missed)
{
  const MdTruth applies = check->when ? _md_rule_test (check->when, world) : MD_TRUTH_TRUE;
  const MdTruth holds = _md_rule_test (check->assertion, world);
  g_autofree char *assertion = _md_rule_to_text (check->assertion);

  if (applies == MD_TRUTH_TRUE && holds == MD_TRUTH_FALSE)
    g_hash_table_add (missed, dup_check (check));
  else if ((applies == MD_TRUTH_TRUE && holds == MD_TRUTH_TRUE)
           || (applies == MD_TRUTH_FALSE && g_str_equal (assertion, "false")))
    g_hash_table_add (met, dup_check (check));
}

static void
note_checks (MdFormData *data, GHashTable *met, GHashTable *missed)
{
  MdRuleWorld world = _md_form_data_world (data);

  for (guint i = 0; i < data->form->checks->len; i++)
    {
      const MdFormCheck *check = g_ptr_array_index (data->form->checks, i);
      const char *group = check->group ? check->group->field->id : NULL;

      if (!group)
        note_check (check, &world, met, missed);
      for (guint row = 0; group && world.enter_row (data, group, row); row++)
        note_check (check, &world, met, missed);
      data->row = NULL;
    }
}

static guint
count_without (GHashTable *examples, const char *what)
{
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (forms); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, i);

      if (form != md_catalogue_get_form (fixture_catalogue (), form->id))
        continue;
      for (guint k = 0; k < form->checks->len; k++)
        {
          g_autofree char *check = dup_check (g_ptr_array_index (form->checks, k));

          if (g_hash_table_contains (examples, check))
            continue;
          g_printerr ("no line in cases.tsv that %s: %s %s\n", what, form->id, check);
          n++;
        }
    }
  return n;
}

/* Of each different check of all procedures, in the version that is newest, there is a line that
 * meets it and one that does not. */
static void
test_every_check (void)
{
  g_autoptr (GHashTable) met = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) missed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < cases->len; i++)
    {
      const FixtureLine *line = get_case (i);
      g_autoptr (MdFormData) data = fill (line->words[WORD_FORM]);

      for (guint k = WORD_FIRST; !g_str_equal (line->words[WORD_KIND], "good") && line->words[k];
           k++)
        put (data, line->words[k]);
      (void)md_form_data_validate (data);
      note_checks (data, met, missed);
    }
  g_assert_cmpuint (count_without (met, "meets it") + count_without (missed, "misses it"), ==, 0);
}

static const char *const requirements[] = {
  "/forms/procedures/R-FORM-11", "/forms/procedures/R-FORM-12", "/forms/procedures/R-FORM-15",
  "/forms/procedures/R-FORM-18", "/forms/procedures/R-FORM-19", "/forms/procedures/R-FORM-20",
  "/forms/procedures/R-FORM-21", "/forms/procedures/R-FORM-22", "/forms/procedures/R-FORM-26",
  "/forms/procedures/R-FORM-27", "/forms/procedures/R-FORM-28", "/forms/procedures/R-FORM-29",
  "/forms/procedures/R-FORM-30", "/forms/procedures/R-IDN-05",  "/forms/procedures/R-IDN-08",
  "/forms/procedures/R-IDN-12",  "/forms/procedures/R-IDN-22",  "/forms/procedures/R-MATCH-14",
  "/forms/procedures/R-MATCH-18"
};

/* What one requirement asks for, whatever the procedure. */
static void
test_requirement (gconstpointer path)
{
  const char *id = strrchr (path, '/') + 1;
  guint n = 0;

  for (guint i = 0; i < cases->len; i++)
    if (!g_str_equal (get_case (i)->words[WORD_KIND], "good")
        && g_str_equal (get_case (i)->words[WORD_SHOWN], id))
      {
        hold (get_case (i));
        n++;
      }
  g_assert_cmpuint (n, >, 0);
}

/* A line that names a requirement counts for it. */
static void
test_no_other_requirement (void)
{
  for (guint i = 0; i < cases->len; i++)
    {
      const char *id = get_case (i)->words[WORD_SHOWN];
      gboolean known = g_str_equal (id, "-");

      for (guint k = 0; k < G_N_ELEMENTS (requirements); k++)
        known = known || g_str_equal (strrchr (requirements[k], '/') + 1, id);
      g_test_message ("cases.tsv:%u: %s", get_case (i)->line, id);
      g_assert_true (known);
    }
}

static void
assert_offered (const char *const ids[])
{
  for (guint i = 0; ids[i]; i++)
    {
      g_autoptr (MdFormData) data = NULL;

      g_assert_nonnull (md_catalogue_get_form (fixture_catalogue (), ids[i]));
      data = fill (ids[i]);
      fixture_assert_valid (data);
    }
}

/* R-FORM-17: each of the notifications can be taken in. */
static void
test_pension_notifications (void)
{
  assert_offered ((const char *const[]){ "pension.acquisition", "pension.loss",
                                         "pension.category_change", "pension.prenatal",
                                         "pension.name_address", "pension.death", NULL });
}

/* R-FORM-20 */
static void
test_pension_voluntary (void)
{
  assert_offered ((const char *const[]){ "pension.voluntary_join", "pension.voluntary_leave",
                                         "pension.account_transfer", NULL });
}

/* R-FORM-21 */
static void
test_pension_claims (void)
{
  assert_offered ((const char *const[]){ "pension.unpaid", "pension.claim_widow",
                                         "pension.suspension", "pension.disability_revision",
                                         "pension.old_law", NULL });
}

/* The highest of six sites; one without a tooth, a nine, does not count. */
static void
test_sites_of_the_mouth (void)
{
  g_autoptr (MdFormData) data = fill ("health.oral");

  g_assert_cmpstr (md_form_data_get_value (data, "s.or_present"), ==, "28");
  g_assert_cmpstr (md_form_data_get_value (data, "s.or_bopmax"), ==, "1");
  g_assert_cmpstr (md_form_data_get_value (data, "s.or_pdmax"), ==, "2");
}

/* Beside the age of the day there is that of 31 March, the last day of the fiscal year. */
static void
test_age_at_the_end_of_the_year (void)
{
  g_autoptr (MdFormData) data = fill ("health.lung");

  put (data, "!1970-03-31");
  g_assert_cmpstr (md_form_data_get_value (data, "s.age"), ==, "56");
  g_assert_cmpstr (md_form_data_get_value (data, "s.age_fy"), ==, "57");
  put (data, "!1970-04-01");
  g_assert_cmpstr (md_form_data_get_value (data, "s.age"), ==, "56");
  g_assert_cmpstr (md_form_data_get_value (data, "s.age_fy"), ==, "56");
}

/* Cigarettes a day by years of smoking. */
static void
test_smoking_index (void)
{
  g_autoptr (MdFormData) data = fill ("health.lung");

  g_assert_cmpstr (md_form_data_get_value (data, "s.lu_index"), ==, "400");
  g_assert_cmpstr (md_form_data_get_value (data, "s.lu_hit"), ==, "false");
  fixture_type (data, "s.lu_years", "30");
  g_assert_cmpstr (md_form_data_get_value (data, "s.lu_hit"), ==, "true");
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  load_cases ();
  g_test_add_func ("/forms/procedures/right", test_right);
  g_test_add_func ("/forms/procedures/required", test_required);
  g_test_add_func ("/forms/procedures/wrong", test_wrong);
  g_test_add_func ("/forms/procedures/every-check", test_every_check);
  for (guint i = 0; i < G_N_ELEMENTS (requirements); i++)
    g_test_add_data_func (requirements[i], requirements[i], test_requirement);
  g_test_add_func ("/forms/procedures/no-other-requirement", test_no_other_requirement);
  g_test_add_func ("/forms/procedures/pension-notifications", test_pension_notifications);
  g_test_add_func ("/forms/procedures/pension-voluntary", test_pension_voluntary);
  g_test_add_func ("/forms/procedures/pension-claims", test_pension_claims);
  g_test_add_func ("/forms/procedures/sites-of-the-mouth", test_sites_of_the_mouth);
  g_test_add_func ("/forms/procedures/age-at-the-end-of-the-year", test_age_at_the_end_of_the_year);
  g_test_add_func ("/forms/procedures/smoking-index", test_smoking_index);
  result = g_test_run ();
  g_ptr_array_unref (cases);
  return result;
}
