// SPDX-License-Identifier: Apache-2.0
/* Every procedure of data/forms by example: cases.tsv holds, for each, an application that is
 * right, and ways in which it would be wrong. Each line is held against the form as it is shipped.
 */
#include "fixture.h"

#include <string.h>

/* A line of cases.tsv: what is expected, and the words after the third. */
typedef struct
{
  char **words;
  guint line;
} Case;

static GPtrArray *cases;

enum
{
  WORD_KIND,
  WORD_FORM,
  WORD_PERSON, /* good: birth date and sex; else the field where it is told */
  WORD_SHOWN,  /* the requirement, or "-" */
  WORD_FIRST,  /* FIELD=TEXT ... */
};

static const Case *
get_case (guint i)
{
  return g_ptr_array_index (cases, i);
}

static const Case *
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
 * number, FIELD= taken away again, +GROUP one more row, !BIRTH the person was born on that day. */
static void
put (MdFormData *data, const char *word)
{
  g_auto (GStrv) halves = g_strsplit (word, "=", 2);
  g_autofree char *text = halves[1] ? g_strcompress (halves[1]) : NULL;
  g_autoptr (GError) error = NULL;
  const char *id = halves[0];

  if (id[0] == '!')
    {
      const MdCardValues card = { .birth = id + 1 };

      md_form_data_prefill_card (data, &card);
      return;
    }
  if (id[0] == '+')
    {
      g_assert_nonnull (md_entry_add_row (find_entry (data, id + 1)));
      return;
    }
  g_assert_nonnull (text);
  if (id[0] == '@')
    {
      g_assert_true (md_form_data_set_system (data, id + 1, *text ? text : NULL, &error));
      g_assert_no_error (error);
    }
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
      md_entry_set_text (entry, text);
      md_entry_commit (entry);
    }
}

static MdFormData *
fill (const char *form)
{
  const Case *good = find_good (form);
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

static gboolean
has_finding (MdFormData *data, const char *field, gboolean stops)
{
  GListModel *findings = md_form_data_get_findings (data);
  gboolean found = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (MdFinding) finding = g_list_model_get_item (findings, i);
      MdEntry *entry = md_finding_get_entry (finding);
      const char *at = entry ? md_entry_get_id (entry) : "-";

      g_test_message ("%s: %s", at, md_finding_get_message (finding));
      found = found || (g_str_equal (at, field) && md_finding_get_stops (finding) == stops);
    }
  return found;
}

/* The right application with this line's changes: told at the field, and stopped or not. */
static void
hold (const Case *wrong)
{
  const char *kind = wrong->words[WORD_KIND], *field = wrong->words[WORD_PERSON];
  g_autoptr (MdFormData) data = fill (wrong->words[WORD_FORM]);
  gboolean stops = g_str_equal (kind, "stops"), fine = g_str_equal (kind, "fine");

  g_assert_true (stops || fine || g_str_equal (kind, "warns"));
  for (guint i = WORD_FIRST; wrong->words[i]; i++)
    put (data, wrong->words[i]);
  g_test_message ("cases.tsv:%u: %s %s", wrong->line, kind, field);
  g_assert_cmpint (md_form_data_validate (data), ==, !stops);
  g_assert_cmpint (has_finding (data, field, stops), ==, !fine);
}

static void
test_right (void)
{
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());

  for (guint i = 0; i < g_list_model_get_n_items (forms); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, i);
      g_autoptr (MdFormData) data = NULL;
      gboolean valid;

      g_test_message ("%s", md_form_get_id (form));
      data = fill (md_form_get_id (form));
      valid = md_form_data_validate (data);
      (void)has_finding (data, "", TRUE);
      g_assert_true (valid);
    }
}

/* Whatever the right application holds and the form asks for: without it, it stops there. */
static void
test_required (void)
{
  for (guint i = 0; i < cases->len; i++)
    {
      const Case *good = get_case (i);

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
            g_assert_true (has_finding (data, id, TRUE));
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

/* What one requirement asks for, whatever the procedure. */
static void
test_requirement (gconstpointer id)
{
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

static void
assert_offered (const char *const ids[])
{
  for (guint i = 0; ids[i]; i++)
    {
      g_autoptr (MdFormData) data = NULL;

      g_assert_nonnull (md_catalogue_get_form (fixture_catalogue (), ids[i]));
      data = fill (ids[i]);
      g_assert_true (md_form_data_validate (data));
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

static gboolean
may_hold_number (MdForm *form)
{
  g_autofree const char **ids = md_form_list_fields (form);

  for (guint i = 0; ids[i]; i++)
    if (md_field_get_sensitivity (md_form_get_field (form, ids[i])) == MD_CLASS_MY_NUMBER)
      return TRUE;
  return FALSE;
}

/* R-FORM-37: not a field of the request for it, and not in any of its texts. */
static void
test_no_number_on_disclosure (void)
{
  static const char *const ids[]
      = { "juki.disclosure", "juki.correction", "common.spi_request", NULL };

  for (guint f = 0; ids[f]; f++)
    {
      g_autoptr (MdFormData) data = fill (ids[f]);
      MdForm *form = md_form_data_get_form (data);
      g_autofree const char **fields = md_form_list_fields (form);

      g_assert_false (may_hold_number (form));
      for (guint i = 0; fields[i]; i++)
        {
          MdEntry *entry = md_form_data_get_entry (data, fields[i]);

          if (!entry || md_entry_get_locked (entry)
              || md_field_get_field_type (md_entry_get_field (entry)) != MD_FIELD_TEXT)
            continue;
          md_entry_set_text (entry, "1234 5678 9018");
          g_assert_false (md_entry_commit (entry));
          md_entry_clear (entry);
        }
    }
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

/* What the work of each section needs to know of people, and nothing else; a group or a field. */
static const struct
{
  const char *domain, *fields[12];
} duties[] = {
  { "pension.", { "p.", "m.", "e.", "a.", "n.", "inc.", "b.", "k.sw_" } },
  { "care.", { "p.", "m.", "e.", "a.", "k.", "d.", "h.", "inc.", "b.", "n.spouse_" } },
  { "lem.",
    { "p.", "m.", "e.", "a.", "l.", "d.", "h.", "inc.", "b.", "k.savings", "n.dead_mynum" } },
  { "health.", { "p.", "m.", "e.", "a.", "s.", "h.", "inc.tax", "k.sw_start", "j.recv_way" } },
  { "juki.", { "p.", "m.", "e.", "a.", "j." } },
  { "common.", { "p.", "m.", "e.", "a.", "q.", "g.", "j.recv_way" } },
};

static gboolean
belongs_to_duty (const char *form, const char *field)
{
  guint d = 0;

  while (d < G_N_ELEMENTS (duties) && !g_str_has_prefix (form, duties[d].domain))
    d++;
  g_assert_cmpuint (d, <, G_N_ELEMENTS (duties));
  for (guint i = 0; duties[d].fields[i]; i++)
    if (g_str_has_prefix (field, duties[d].fields[i]))
      return TRUE;
  g_test_message ("%s in %s", field, form);
  return FALSE;
}

/* R-FORM-49: no form asks what another section's work needs. */
static void
test_fields_of_the_duty (void)
{
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());

  for (guint f = 0; f < g_list_model_get_n_items (forms); f++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, f);
      g_autofree const char **ids = md_form_list_fields (form);

      for (guint i = 0; ids[i]; i++)
        g_assert_true (belongs_to_duty (md_form_get_id (form), ids[i]));
    }
}

/* R-FORM-34: what is decided is not the counter's to write. */
static void
test_claims_hold_no_decision (void)
{
  static const char *const ids[] = { "lem.medical_expense", "lem.high_cost", "lem.funeral", NULL };

  for (guint f = 0; ids[f]; f++)
    {
      MdForm *form = md_catalogue_get_form (fixture_catalogue (), ids[f]);
      g_autofree const char **fields = NULL;

      g_assert_nonnull (form);
      fields = md_form_list_fields (form);
      for (guint i = 0; fields[i]; i++)
        g_assert_null (strstr (fields[i], "result"));
    }
}

/* R-FORM-36: what screenings found is on health's own forms alone. */
static void
test_health_stays_with_health (void)
{
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());

  for (guint f = 0; f < g_list_model_get_n_items (forms); f++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, f);
      g_autofree const char **ids = md_form_list_fields (form);

      for (guint i = 0; ids[i]; i++)
        if (g_str_has_prefix (ids[i], "s."))
          g_assert_true (g_str_has_prefix (md_form_get_id (form), "health."));
    }
}

/* R-FORM-35: the thirteen items that every screening has. */
static void
test_screenings_have_common_items (void)
{
  static const char *const forms[]
      = { "health.stomach",      "health.lung",      "health.colorectal",
          "health.cervical",     "health.breast",    "health.prostate",
          "health.osteoporosis", "health.hepatitis", "health.precise" };
  static const char *const items[]
      = { "s.year", "s.date",    "s.age",      "s.age_fy", "s.no",       "s.note", "s.mode",
          "s.hosp", "s.section", "s.reg_date", "s.bill",   "s.ref_hosp", "s.place" };

  for (guint f = 0; f < G_N_ELEMENTS (forms); f++)
    {
      g_autoptr (MdFormData) data = fill (forms[f]);

      for (guint i = 0; i < G_N_ELEMENTS (items); i++)
        g_assert_true (md_form_has_field (md_form_data_get_form (data), items[i]));
      g_assert_cmpstr (md_form_data_get_value (data, "s.year"), ==, "2026");
      fixture_type (data, "s.date", "R8.3.31");
      g_assert_cmpstr (md_form_data_get_value (data, "s.year"), ==, "2025");
    }
}

/* Age counts on 31 March, the last day of the fiscal year. */
static void
test_age_at_the_end_of_the_year (void)
{
  g_autoptr (MdFormData) data = fill ("health.lung");

  g_assert_cmpstr (md_form_data_get_value (data, "s.age"), ==, "56");
  g_assert_cmpstr (md_form_data_get_value (data, "s.age_fy"), ==, "56");
  g_assert_cmpstr (md_form_data_get_value (data, "s.lu_index"), ==, "400");
  g_assert_cmpstr (md_form_data_get_value (data, "s.lu_hit"), ==, "false");
  fixture_type (data, "s.lu_years", "30");
  g_assert_cmpstr (md_form_data_get_value (data, "s.lu_hit"), ==, "true");
}

static void
case_free (gpointer data)
{
  Case *self = data;

  g_strfreev (self->words);
  g_free (self);
}

static void
load_cases (void)
{
  g_autofree char *path
      = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "tests", "forms", "cases.tsv", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  cases = g_ptr_array_new_with_free_func (case_free);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    {
      Case *row;

      if (lines[i][0] == '\0' || lines[i][0] == '#')
        continue;
      row = g_new0 (Case, 1);
      row->words = g_strsplit (lines[i], "\t", -1);
      row->line = i + 1;
      g_assert_cmpuint (g_strv_length (row->words), >=, WORD_FIRST);
      g_ptr_array_add (cases, row);
    }
}

#define ADD(name) g_test_add_data_func ("/forms/procedures/" name, name, test_requirement)

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  load_cases ();
  g_test_add_func ("/forms/procedures/right", test_right);
  g_test_add_func ("/forms/procedures/required", test_required);
  g_test_add_func ("/forms/procedures/wrong", test_wrong);
  ADD ("R-FORM-12");
  ADD ("R-FORM-15");
  ADD ("R-FORM-18");
  ADD ("R-FORM-19");
  ADD ("R-FORM-22");
  ADD ("R-FORM-26");
  ADD ("R-FORM-27");
  ADD ("R-FORM-28");
  ADD ("R-FORM-29");
  ADD ("R-FORM-30");
  ADD ("R-IDN-22");
  ADD ("R-MATCH-14");
  g_test_add_func ("/forms/procedures/pension-notifications", test_pension_notifications);
  g_test_add_func ("/forms/procedures/pension-voluntary", test_pension_voluntary);
  g_test_add_func ("/forms/procedures/pension-claims", test_pension_claims);
  g_test_add_func ("/forms/procedures/no-number-on-disclosure", test_no_number_on_disclosure);
  g_test_add_func ("/forms/procedures/sites-of-the-mouth", test_sites_of_the_mouth);
  g_test_add_func ("/forms/procedures/fields-of-the-duty", test_fields_of_the_duty);
  g_test_add_func ("/forms/procedures/health-stays-with-health", test_health_stays_with_health);
  g_test_add_func ("/forms/procedures/screenings-have-common-items",
                   test_screenings_have_common_items);
  g_test_add_func ("/forms/procedures/age-at-the-end-of-the-year", test_age_at_the_end_of_the_year);
  g_test_add_func ("/forms/procedures/claims-hold-no-decision", test_claims_hold_no_decision);
  result = g_test_run ();
  g_ptr_array_unref (cases);
  return result;
}
