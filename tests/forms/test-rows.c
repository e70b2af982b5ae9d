// SPDX-License-Identifier: Apache-2.0
/* Groups of rows, in a catalogue of their own: adding and removing, rules about one row and about
 * all, the filter in every row, and the way through the sealed parts. */
#include "fixture.h"

#include <string.h>

#define INTAKE "0193a000-0000-7000-8000-000000000001"

static MdForm *
sample_form (void)
{
  return md_catalogue_get_form_version (fixture_sample (), "common.sample", "1");
}

static MdFormData *
make_data (MdRole role, MdFilterStep step)
{
  MdViewer viewer = fixture_viewer (role);

  return md_form_data_new (sample_form (), &viewer, step, FIXTURE_TODAY);
}

static MdEntry *
group_of (MdFormData *data)
{
  return md_form_data_get_entry (data, "h.members");
}

/* The section of the group, of which every row is a part. */
static GListModel *
section_of (MdFormData *data)
{
  GListModel *sections = md_form_data_get_sections (data);

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      MdFormSection *section = g_list_model_get_item (sections, i);

      g_object_unref (section); /* the list keeps it */
      if (g_str_equal (md_form_section_get_id (section), "household"))
        return G_LIST_MODEL (section);
    }
  return NULL;
}

/* NULL when there is none. */
static MdEntry *
find (MdFormData *data, const char *id)
{
  GListModel *section = section_of (data);

  for (guint i = 0; section && i < g_list_model_get_n_items (section); i++)
    {
      MdEntry *entry = g_list_model_get_item (section, i);

      g_object_unref (entry);
      if (g_str_equal (md_entry_get_id (entry), id))
        return entry;
    }
  return NULL;
}

static void
type (MdFormData *data, const char *id, const char *text)
{
  MdEntry *entry = find (data, id);

  g_assert_nonnull (entry);
  md_entry_set_text (entry, text);
  md_entry_commit (entry);
}

static void
add_member (MdFormData *data, const char *name, const char *relation, const char *points)
{
  MdEntry *first = md_entry_add_row (group_of (data));
  g_autofree char *row = g_strndup (md_entry_get_id (first), strlen ("h.members.1"));
  const char *const values[][2]
      = { { "h.name", name }, { "h.relation", relation }, { "h.points", points } };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *id = g_strconcat (row, ".", values[i][0], NULL);

      if (values[i][1])
        type (data, id, values[i][1]);
    }
}

static void
put_number (MdFormData *data, const char *id, const char *digits)
{
  g_autoptr (MdSecret) number = md_secret_new_from_text (digits);
  g_autoptr (GError) error = NULL;

  g_assert_true (md_entry_set_secret (find (data, id), number, &error));
  g_assert_no_error (error);
}

static MdFormData *
make_family (void)
{
  MdFormData *data = make_data (MD_ROLE_CLERK_NUMBER, MD_STEP_ENTRY);

  fixture_type (data, "p.name", "田中 太郎");
  fixture_type (data, "p.birth", "1950-03-07");
  add_member (data, "田中 花子", "spouse", "4");
  put_number (data, "h.members.1.h.mynum", "123456789018");
  add_member (data, "田中 一郎", "child", "9");
  return data;
}

static char *
join_ids (MdFormData *data)
{
  GListModel *section = section_of (data);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (section); i++)
    {
      g_autoptr (MdEntry) entry = g_list_model_get_item (section, i);

      g_string_append_printf (text, "%s ", md_entry_get_id (entry));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_add_and_remove (void)
{
  g_autoptr (MdFormData) data = make_family ();
  MdEntry *group = group_of (data);
  g_autofree char *three = NULL;
  g_autofree char *two = NULL;
  g_autofree char *label = NULL;

  g_assert_true (md_entry_is_group (group));
  g_assert_cmpuint (md_entry_get_n_rows (group), ==, 2);
  g_assert_true (md_entry_may_add_row (group));
  add_member (data, "田中 二郎", NULL, NULL);
  g_assert_false (md_entry_may_add_row (group));
  g_assert_null (md_entry_add_row (group));
  three = join_ids (data);
  g_assert_cmpstr (
      three, ==,
      "h.members h.members.1.h.name h.members.1.h.relation h.members.1.h.mynum "
      "h.members.1.h.points h.members.1.h.illness h.members.2.h.name h.members.2.h.relation "
      "h.members.2.h.mynum h.members.2.h.points h.members.2.h.illness h.members.3.h.name "
      "h.members.3.h.relation h.members.3.h.mynum h.members.3.h.points h.members.3.h.illness "
      "t.total t.top ");
  label = md_entry_dup_row_label (find (data, "h.members.2.h.points"));
  g_assert_cmpstr (label, ==, "Member 2");
  g_assert_cmpstr (md_entry_get_label (find (data, "h.members.2.h.points")), ==,
                   "Member 2: Points");
  g_assert_true (md_entry_begins_row (find (data, "h.members.2.h.name")));
  g_assert_false (md_entry_begins_row (find (data, "h.members.2.h.relation")));
  md_entry_remove_row (find (data, "h.members.1.h.points"));
  two = join_ids (data);
  g_assert_null (strstr (two, "h.members.3"));
  g_assert_cmpstr (md_entry_get_display (find (data, "h.members.1.h.name")), ==, "田中 一郎");
  g_assert_cmpstr (md_entry_get_display (find (data, "h.members.2.h.name")), ==, "田中 二郎");
  g_assert_cmpstr (md_entry_get_display (group), ==, "2 entries");
}

static gboolean
validate_says (MdFormData *data, const char *id, const char *words)
{
  (void)md_form_data_validate (data);
  return fixture_says (data, id, words);
}

static gboolean
is_missing (MdFormData *data, const char *id)
{
  GListModel *missing = md_form_data_get_missing (data);

  for (guint i = 0; i < g_list_model_get_n_items (missing); i++)
    {
      g_autoptr (MdEntry) entry = g_list_model_get_item (missing, i);

      if (g_str_equal (md_entry_get_id (entry), id))
        return TRUE;
    }
  return FALSE;
}

/* A column looks at its own row and at the form around it. */
static void
test_rules_of_a_row (void)
{
  g_autoptr (MdFormData) data = make_family ();

  g_assert_true (md_entry_get_visible (find (data, "h.members.1.h.mynum")));
  g_assert_false (md_entry_get_visible (find (data, "h.members.2.h.mynum")));
  g_assert_false (md_entry_get_required (find (data, "h.members.2.h.points")));
  fixture_type (data, "t.state", "done");
  g_assert_false (md_entry_get_required (find (data, "h.members.1.h.points")));
  g_assert_true (md_entry_get_required (find (data, "h.members.2.h.points")));
  type (data, "h.members.2.h.points", "");
  g_assert_true (is_missing (data, "h.members.2.h.points"));
  g_assert_false (is_missing (data, "h.members.1.h.points"));
  md_entry_remove_row (find (data, "h.members.2.h.points"));
  g_assert_false (is_missing (data, "h.members.2.h.points"));
  g_assert_false (is_missing (data, "h.members"));
  md_entry_remove_row (find (data, "h.members.1.h.points"));
  g_assert_true (is_missing (data, "h.members"));
  g_assert_true (validate_says (data, "h.members", "at least one"));
}

static void
test_rules_of_all_rows (void)
{
  g_autoptr (MdFormData) data = make_family ();

  g_assert_cmpstr (md_form_data_get_value (data, "t.total"), ==, "13");
  g_assert_cmpstr (md_form_data_get_value (data, "t.top"), ==, "4");
  g_assert_false (validate_says (data, "h.members", "one spouse"));
  type (data, "h.members.2.h.relation", "spouse");
  g_assert_true (validate_says (data, "h.members", "one spouse"));
  type (data, "h.members.2.h.relation", "child");
  g_assert_false (validate_says (data, "t.kinds", "Not of everybody"));
  type (data, "h.members.2.h.illness", "かぜ");
  g_assert_true (validate_says (data, "t.kinds", "Not of everybody"));
  type (data, "h.members.1.h.illness", "かぜ");
  g_assert_false (validate_says (data, "t.kinds", "Not of everybody"));
  md_entry_remove_row (find (data, "h.members.1.h.name"));
  g_assert_cmpstr (md_form_data_get_value (data, "t.total"), ==, "9");
  g_assert_null (md_form_data_get_value (data, "t.top"));
}

/* The error stands in the row that it is about. */
static void
test_checks_of_a_row (void)
{
  g_autoptr (MdFormData) data = make_family ();

  g_assert_true (md_form_data_validate (data));
  type (data, "h.members.2.h.name", "田中 太郎");
  g_assert_true (validate_says (data, "h.members.2.h.name", "That is the person"));
  g_assert_false (validate_says (data, "h.members.1.h.name", "That is the person"));
  g_assert_nonnull (md_entry_get_error (find (data, "h.members.2.h.name")));
  type (data, "h.members.2.h.name", "田中 一郎");
  g_assert_true (md_form_data_validate (data));
  (void)md_entry_add_row (group_of (data));
  type (data, "h.members.3.h.relation", "");
  g_assert_true (validate_says (data, "h.members.3.h.name", "remove it"));
}

static char *
text_of (MdSecret *part)
{
  return g_strdup (md_secret_get_text (part));
}

static void
test_sealed_and_back (void)
{
  g_autoptr (MdFormData) data = make_family ();
  g_autoptr (MdFormData) other = make_data (MD_ROLE_SUPERVISOR, MD_STEP_APPROVAL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) application = md_form_data_to_application (data, INTAKE, &error);
  g_autoptr (MdSecret) number = md_form_data_to_number (data, INTAKE, &error);
  g_autofree char *text = NULL;
  g_autofree char *digits = NULL;

  g_assert_no_error (error);
  text = text_of (application);
  digits = text_of (number);
  g_assert_nonnull (strstr (text,
                            "\"h.members\":[{\"h.name\":\"田中 花子\",\"h.relation\":\"spouse\","
                            "\"h.points\":4},{\"h.name\":\"田中 一郎\",\"h.relation\":\"child\","
                            "\"h.points\":9}]"));
  g_assert_null (strstr (text, "123456789018"));
  g_assert_nonnull (strstr (digits, "\"h.members\":[{\"h.mynum\":\"123456789018\"},{}]"));
  g_assert_true (md_form_data_load (other, application, number, INTAKE, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (md_entry_get_n_rows (group_of (other)), ==, 2);
  g_assert_cmpstr (md_entry_get_display (find (other, "h.members.2.h.name")), ==, "田中 一郎");
  g_assert_cmpstr (md_entry_get_display (find (other, "h.members.1.h.mynum")), ==, "********9018");
  g_assert_false (md_entry_may_add_row (group_of (other)));
  g_assert_false (md_entry_may_remove_row (find (other, "h.members.1.h.name")));
  md_entry_remove_row (find (other, "h.members.1.h.name"));
  g_assert_cmpuint (md_entry_get_n_rows (group_of (other)), ==, 2);
}

#define APPLICATION                                                                                \
  "{\"schema\":\"madoguchi-application/1\",\"intake\":\"" INTAKE                                   \
  "\",\"procedure\":\"common.sample\","                                                            \
  "\"procedure_version\":\"1\",\"values\":{\"p.name\":\"x\",\"h.members\":%s}}"
#define NUMBER                                                                                     \
  "{\"schema\":\"madoguchi-number/1\",\"intake\":\"" INTAKE "\",\"values\":{\"h.members\":%s}}"

/* Rows, numbers (NULL: no part), whether they fit. */
static const struct
{
  const char *rows, *numbers;
  gboolean fits;
} parts[] = {
  { "[{\"h.name\":\"a\"}]", NULL, TRUE },
  { "[{\"h.name\":\"a\"},{},{}]", "[{},{},{\"h.mynum\":\"123456789018\"}]", TRUE },
  { "[]", NULL, FALSE },
  { "[{},{},{},{}]", NULL, FALSE },
  { "{\"h.name\":\"a\"}", NULL, FALSE },
  { "\"2\"", NULL, FALSE },
  { "2", NULL, FALSE },
  { "[\"a\"]", NULL, FALSE },
  { "[{\"h.name\":\"a\",\"p.name\":\"b\"}]", NULL, FALSE },
  { "[{\"h.other\":\"a\"}]", NULL, FALSE },
  { "[{\"h.mynum\":\"123456789018\"}]", NULL, FALSE },
  { "[{\"h.points\":\"4\"}]", NULL, FALSE },
  { "[{\"h.points\":10}]", NULL, FALSE },
  { "[{\"h.name\":[\"a\"]}]", NULL, FALSE },
  { "[{\"h.members\":[{}]}]", NULL, FALSE },
  { "[{\"h.name\":\"a\"}]", "[]", FALSE },
  { "[{\"h.name\":\"a\"}]", "[{},{}]", FALSE },
  { "[{\"h.name\":\"a\"}]", "[{\"h.mynum\":\"123456789012\"}]", FALSE },
  { "[{\"h.name\":\"a\"}]", "[{\"h.name\":\"123456789018\"}]", FALSE },
  { "[{\"h.name\":\"a\"}]", "[\"123456789018\"]", FALSE },
  { "[{\"h.name\":\"a\"}]", "\"123456789018\"", FALSE },
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void
test_parts_that_do_not_fit (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (MdFormData) data = make_data (MD_ROLE_SUPERVISOR, MD_STEP_APPROVAL);
      g_autofree char *text = g_strdup_printf (APPLICATION, parts[i].rows);
      g_autofree char *digits
          = parts[i].numbers ? g_strdup_printf (NUMBER, parts[i].numbers) : NULL;
      g_autoptr (MdSecret) application = md_secret_new_from_text (text);
      g_autoptr (MdSecret) number = digits ? md_secret_new_from_text (digits) : NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s %s", parts[i].rows, parts[i].numbers ? parts[i].numbers : "");
      g_assert_cmpint (md_form_data_load (data, application, number, INTAKE, &error), ==,
                       parts[i].fits);
      if (parts[i].fits)
        continue;
      g_assert_true (g_error_matches (error, MD_FORMS_ERROR,
                                      parts[i].numbers ? (gint)MD_FORMS_ERROR_DATA
                                                       : (gint)MD_FORMS_ERROR_FORM));
      g_assert_true (md_form_data_is_empty (data));
      g_assert_cmpuint (md_entry_get_n_rows (group_of (data)), ==, 0);
    }
}
#pragma GCC diagnostic pop

/* Whoever still holds an entry of a row that went, or of a form that was wiped, holds nothing. */
static void
test_nothing_stays (void)
{
  g_autoptr (MdFormData) data = make_family ();
  g_autoptr (MdEntry) gone = g_object_ref (find (data, "h.members.1.h.name"));
  g_autoptr (MdEntry) wiped = g_object_ref (find (data, "h.members.2.h.name"));

  (void)md_form_data_validate (data);
  md_entry_remove_row (gone);
  g_assert_null (md_entry_get_display (gone));
  md_entry_set_text (gone, "田中");
  g_assert_null (md_entry_get_display (gone));
  g_assert_false (md_entry_may_remove_row (gone));
  md_entry_remove_row (gone);
  g_assert_cmpuint (md_entry_get_n_rows (group_of (data)), ==, 1);
  md_form_data_wipe (data);
  g_assert_true (md_form_data_is_empty (data));
  g_assert_cmpuint (md_entry_get_n_rows (group_of (data)), ==, 0);
  g_assert_null (md_entry_get_display (wiped));
  g_clear_object (&data);
  g_assert_null (md_entry_get_display (wiped));
  g_assert_false (md_entry_begins_row (wiped));
}

/* With everything else, and back to where it was. */
static void
test_park (void)
{
  g_autoptr (MdFormData) data = make_family ();
  g_autofree char *before = join_ids (data);
  g_autofree char *after = NULL;

  md_form_data_set_covered (data, TRUE);
  g_assert_true (md_form_data_park (data));
  g_assert_null (md_form_data_get_value (data, "t.total"));
  md_form_data_unpark (data);
  md_form_data_set_covered (data, FALSE);
  after = join_ids (data);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpstr (md_entry_get_display (find (data, "h.members.2.h.name")), ==, "田中 一郎");
  g_assert_cmpstr (md_form_data_get_value (data, "t.total"), ==, "13");
}

static void
test_carry_over (void)
{
  g_autoptr (MdFormData) data = make_family ();
  g_autoptr (MdFormData) other = make_data (MD_ROLE_CLERK_NUMBER, MD_STEP_ENTRY);

  md_form_data_carry_over (other, data);
  g_assert_cmpuint (md_entry_get_n_rows (group_of (other)), ==, 2);
  g_assert_cmpstr (md_entry_get_display (find (other, "h.members.1.h.name")), ==, "田中 花子");
  g_assert_false (md_entry_get_filled (find (other, "h.members.1.h.mynum")));
  g_assert_cmpstr (md_form_data_get_value (other, "t.total"), ==, "13");
}

/* Every role at every step: a column shows in a row what its class allows, as it would outside. */
static void
test_filter_in_rows (void)
{
  g_autoptr (MdFormData) family = make_family ();
  g_autoptr (MdSecret) application = md_form_data_to_application (family, INTAKE, NULL);
  g_autoptr (MdSecret) number = md_form_data_to_number (family, INTAKE, NULL);
  static const char *const columns[]
      = { "h.name", "h.relation", "h.mynum", "h.points", "h.illness", NULL };
  guint seen = 0;

  for (guint role = 0; role < MD_N_ROLES; role++)
    for (guint step = 0; step < MD_N_STEPS; step++)
      {
        g_autoptr (MdFormData) data = make_data ((MdRole)role, (MdFilterStep)step);
        MdViewer viewer = fixture_viewer ((MdRole)role);

        g_assert_true (md_form_data_load (data, application, number, INTAKE, NULL));
        for (guint i = 0; columns[i]; i++)
          {
            g_autofree char *id = g_strconcat ("h.members.1.", columns[i], NULL);
            MdField *field = md_form_get_field (sample_form (), columns[i]);
            MdEntry *entry = find (data, id);
            MdFilterQuestion question = { .viewer = viewer,
                                          .profile = md_form_get_profile (sample_form ()),
                                          .step = (MdFilterStep)step,
                                          .field_id = columns[i],
                                          .sensitivity = md_field_get_sensitivity (field),
                                          .in_procedure = TRUE,
                                          .writable = g_str_equal (columns[i], "h.illness"),
                                          .filled = !g_str_equal (columns[i], "h.illness") };
            /* Who does not see the group sees no row of it. */
            MdView view = group_of (data) ? md_filter (&question) : MD_VIEW_HIDDEN;

            g_assert_cmpint (entry ? md_entry_get_view (entry) : MD_VIEW_HIDDEN, ==, view);
            if (entry && view < MD_VIEW_READABLE)
              g_assert_null (g_strstr_len (
                  md_entry_get_display (entry) ? md_entry_get_display (entry) : "", -1, "花子"));
            seen += entry ? 1 : 0;
          }
      }
  g_assert_cmpuint (seen, >, MD_N_ROLES);
}

/* Whether somebody is taxed comes from the office alone: nobody types it, and offline its line is
 * not there to be asked about. */
static void
test_office_column (void)
{
  g_autoptr (MdFormData) data = fixture_data ("care.high_cost", MD_ROLE_CLERK_NUMBER);
  MdEntry *group = md_form_data_get_entry (data, "h.members");
  MdEntry *name = md_entry_add_row (group);
  GListModel *sections = md_form_data_get_sections (data);
  MdEntry *tax = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (GListModel) section = g_list_model_get_item (sections, i);

      for (guint k = 0; k < g_list_model_get_n_items (section); k++)
        {
          g_autoptr (MdEntry) entry = g_list_model_get_item (section, k);

          if (g_str_equal (md_entry_get_id (entry), "h.members.1.h.tax"))
            tax = entry; /* the list keeps it */
        }
    }
  g_assert_cmpstr (md_entry_get_id (name), ==, "h.members.1.h.name");
  g_assert_nonnull (tax);
  g_assert_false (md_entry_get_visible (tax));
  md_entry_set_text (tax, "taxed");
  md_entry_commit (tax);
  g_assert_false (md_entry_get_filled (tax));
  g_assert_false (md_entry_get_required (tax));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/rows/add-and-remove", test_add_and_remove);
  g_test_add_func ("/forms/rows/rules-of-a-row", test_rules_of_a_row);
  g_test_add_func ("/forms/rows/rules-of-all-rows", test_rules_of_all_rows);
  g_test_add_func ("/forms/rows/checks-of-a-row", test_checks_of_a_row);
  g_test_add_func ("/forms/rows/sealed-and-back", test_sealed_and_back);
  g_test_add_func ("/forms/rows/parts-that-do-not-fit", test_parts_that_do_not_fit);
  g_test_add_func ("/forms/rows/nothing-stays", test_nothing_stays);
  g_test_add_func ("/forms/rows/carry-over", test_carry_over);
  g_test_add_func ("/forms/rows/park", test_park);
  g_test_add_func ("/forms/rows/filter-in-rows", test_filter_in_rows);
  g_test_add_func ("/forms/rows/office-column", test_office_column);
  return g_test_run ();
}
