// SPDX-License-Identifier: Apache-2.0
/* What of an application may stand on paper: what the filter says of a print, whatever the screen
 * shows just now. */
#include "fixture.h"

#include <string.h>

#define FORM "pension.exemption"
#define BIRTH "1985-04-01"

static const char *
find_value (GPtrArray *lines, const char *label)
{
  for (guint i = 0; i < lines->len; i++)
    {
      const MdFormLine *line = g_ptr_array_index (lines, i);

      if (g_strcmp0 (line->label, label) == 0)
        return line->value;
    }
  return NULL;
}

/* Twelve digits in a row, wherever they stand. */
static gboolean
has_number (const char *text)
{
  guint run = 0;

  for (const char *p = text; *p != '\0' && run < 12; p++)
    run = g_ascii_isdigit (*p) ? run + 1 : 0;
  return run >= 12;
}

/* R-PRIV-01: the last four digits, even while it is revealed on the screen. */
static void
test_number_is_masked (void)
{
  g_autoptr (MdFormData) data = fixture_data (FORM, MD_ROLE_CLERK_NUMBER);
  MdEntry *number = md_form_data_get_entry (data, "p.mynum");
  g_autoptr (GPtrArray) lines = NULL;
  const char *printed;

  fixture_fill (data, BIRTH);
  md_form_data_set_step (data, MD_STEP_CONFIRM);
  md_entry_set_revealed (number, TRUE);
  g_assert_true (has_number (md_entry_get_display (number)));
  lines = md_form_data_list_printed (data);
  printed = find_value (lines, md_entry_get_label (number));
  g_assert_nonnull (printed);
  g_assert_true (g_str_has_prefix (printed, "********"));
  g_assert_cmpuint (strlen (printed), ==, 12);
  for (guint i = 0; i < lines->len; i++)
    {
      const MdFormLine *line = g_ptr_array_index (lines, i);

      g_assert_false (has_number (line->value));
    }
}

/* All that the clerk hears read out is there, under its heading and in its order. */
static void
test_is_what_is_read_out (void)
{
  g_autoptr (MdFormData) data = fixture_data (FORM, MD_ROLE_CLERK_NUMBER);
  GListModel *sections = md_form_data_get_sections (data);
  g_autoptr (GPtrArray) lines = NULL;
  guint at = 0;

  fixture_fill (data, BIRTH);
  md_form_data_set_step (data, MD_STEP_CONFIRM);
  lines = md_form_data_list_printed (data);
  for (guint s = 0; s < g_list_model_get_n_items (sections); s++)
    {
      g_autoptr (MdFormSection) section = g_list_model_get_item (sections, s);

      for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (section)); i++)
        {
          g_autoptr (MdEntry) entry = g_list_model_get_item (G_LIST_MODEL (section), i);
          const MdFormLine *line;

          if (!md_entry_get_visible (entry) || md_entry_get_display (entry) == NULL)
            continue;
          g_assert_cmpuint (at, <, lines->len);
          line = g_ptr_array_index (lines, at++);
          g_assert_cmpstr (line->heading, ==, md_form_section_get_title (section));
          g_assert_cmpstr (line->label, ==, md_entry_get_label (entry));
          g_assert_cmpstr (line->value, ==, md_entry_get_display (entry));
        }
    }
  g_assert_cmpuint (at, ==, lines->len);
  g_assert_cmpuint (at, >, 10);
}

/* R-FORM-40: what staff tell each other stands apart from what the applicant is told, and never
 * comes before the applicant. */
static void
test_handover (void)
{
  g_autoptr (MdFormData) data = fixture_data (FORM, MD_ROLE_CLERK_NUMBER);
  MdEntry *handover = md_form_data_get_entry (data, "m.handover");
  MdEntry *message = md_form_data_get_entry (data, "m.msg");
  g_autofree char *alone = NULL;
  g_autoptr (GPtrArray) lines = NULL;

  fixture_fill (data, BIRTH);
  fixture_type (data, "m.handover", "折り返し電話のこと");
  fixture_type (data, "m.msg", "後日、通知が届きます");
  md_form_data_set_step (data, MD_STEP_CONFIRM);
  g_assert_cmpstr (md_entry_get_display (handover), ==, "折り返し電話のこと");
  lines = md_form_data_list_printed (data);
  alone = md_form_data_dup_printed (data, "m.handover");
  g_assert_null (find_value (lines, md_entry_get_label (handover)));
  g_assert_null (alone);
  g_assert_cmpstr (find_value (lines, md_entry_get_label (message)), ==, "後日、通知が届きます");
  md_form_data_set_step (data, MD_STEP_RESIDENT);
  g_assert_null (md_entry_get_display (handover));
  g_assert_nonnull (md_entry_get_display (message));
}

/* R-FORM-40, R-PRIV-03: what a screen says that is turned to the resident, at whatever step the
 * clerk is: what is handed in, a number by its end alone, and nothing that staff tell each other.
 */
static void
test_for_the_resident (void)
{
  g_autoptr (MdFormData) data = fixture_data (FORM, MD_ROLE_CLERK_NUMBER);
  const char *handover = md_entry_get_label (md_form_data_get_entry (data, "m.handover"));
  const char *number = md_entry_get_label (md_form_data_get_entry (data, "p.mynum"));
  const MdViewer clerk = fixture_viewer (MD_ROLE_CLERK);
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (GPtrArray) without = NULL;
  g_autoptr (GPtrArray) covered = NULL;

  fixture_fill (data, BIRTH);
  fixture_type (data, "m.handover", "折り返し電話のこと");
  md_form_data_set_step (data, MD_STEP_CONFIRM);
  md_entry_set_revealed (md_form_data_get_entry (data, "p.mynum"), TRUE);
  lines = md_form_data_list_for_resident (data);
  g_assert_cmpuint (lines->len, >, 10);
  g_assert_null (find_value (lines, handover));
  g_assert_cmpstr (find_value (lines, number), ==, "********9018");
  for (guint i = 0; i < lines->len; i++)
    g_assert_false (has_number (((const MdFormLine *)g_ptr_array_index (lines, i))->value));
  md_form_data_set_viewer (data, &clerk);
  without = md_form_data_list_for_resident (data);
  g_assert_null (find_value (without, number));
  md_form_data_set_covered (data, TRUE);
  covered = md_form_data_list_for_resident (data);
  g_assert_cmpuint (covered->len, ==, 0);
}

/* Something typed into each line that takes it; LABELS: of those that an applicant may get. */
static void
type_anything (MdFormData *data, GHashTable *labels)
{
  g_autofree const char **ids = md_form_list_fields (md_form_data_get_form (data));

  for (guint i = 0; ids[i] != NULL; i++)
    {
      MdEntry *entry = md_form_data_get_entry (data, ids[i]);

      if (entry == NULL)
        continue;
      if (!g_str_equal (ids[i], "m.handover"))
        g_hash_table_add (labels, g_strdup (md_entry_get_label (entry)));
      md_entry_set_text (entry, "あ");
    }
}

static void
read_card (MdFormData *data)
{
  g_autoptr (MdSecret) number = md_secret_new_from_text ("123456789018");
  const MdCardValues card = { .name = "田中 太郎",
                              .address = "架空県あおぞら区青空一丁目2番3号",
                              .birth = BIRTH,
                              .sex = "male",
                              .number = number };

  md_form_data_prefill_card (data, &card);
}

/* R-PRN-01: on paper and on the turned screen, of every procedure nothing but what it asks for, and
 * what these eyes may see there; no number, and nothing from staff to staff. */
static guint
check_lines (GPtrArray *lines, GHashTable *labels)
{
  for (guint i = 0; i < lines->len; i++)
    {
      const MdFormLine *line = g_ptr_array_index (lines, i);

      g_assert_true (g_hash_table_contains (labels, line->label));
      g_assert_false (has_number (line->value));
    }
  return lines->len;
}

static void
test_every_procedure (void)
{
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());
  guint printed = 0, turned = 0;

  for (guint f = 0; f < g_list_model_get_n_items (forms) * MD_N_ROLES; f++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, f / MD_N_ROLES);
      g_autoptr (MdFormData) data = fixture_data (md_form_get_id (form), (MdRole)(f % MD_N_ROLES));
      g_autoptr (GHashTable) labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_autoptr (GPtrArray) lines = NULL;
      g_autoptr (GPtrArray) for_resident = NULL;

      read_card (data);
      type_anything (data, labels);
      lines = md_form_data_list_printed (data);
      for_resident = md_form_data_list_for_resident (data);
      printed += check_lines (lines, labels);
      turned += check_lines (for_resident, labels);
    }
  g_assert_cmpuint (printed, >, g_list_model_get_n_items (forms));
  g_assert_cmpuint (turned, >, g_list_model_get_n_items (forms));
}

/* Who may not see a field does not print it. */
static void
test_other_eyes (void)
{
  g_autoptr (MdFormData) data = fixture_data (FORM, MD_ROLE_CLERK_NUMBER);
  const char *label = md_entry_get_label (md_form_data_get_entry (data, "p.mynum"));
  const MdViewer clerk = fixture_viewer (MD_ROLE_CLERK);
  g_autoptr (GPtrArray) lines = NULL;
  g_autofree char *number = NULL;
  g_autofree char *name = NULL;

  fixture_fill (data, BIRTH);
  md_form_data_set_viewer (data, &clerk);
  lines = md_form_data_list_printed (data);
  number = md_form_data_dup_printed (data, "p.mynum");
  name = md_form_data_dup_printed (data, "p.name");
  g_assert_null (find_value (lines, label));
  g_assert_null (number);
  g_assert_nonnull (name);
}

/* A screen that is hidden is not printed either. */
static void
test_covered (void)
{
  g_autoptr (MdFormData) data = fixture_data (FORM, MD_ROLE_CLERK_NUMBER);
  g_autoptr (GPtrArray) lines = NULL;
  g_autofree char *name = NULL;

  fixture_fill (data, BIRTH);
  md_form_data_set_covered (data, TRUE);
  lines = md_form_data_list_printed (data);
  name = md_form_data_dup_printed (data, "p.name");
  g_assert_cmpuint (lines->len, ==, 0);
  g_assert_null (name);
}

/* Each paper that is asked for is in one of the two lists. */
static void
test_papers (void)
{
  g_autoptr (MdFormData) data = fixture_data (FORM, MD_ROLE_CLERK_NUMBER);
  GListModel *papers = md_form_data_get_attachments (data);
  guint due = 0;

  fixture_fill (data, BIRTH);
  for (guint i = 0; i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (papers, i);

      if (md_attachment_get_due (paper))
        md_attachment_set_handed_in (paper, due++ == 0);
    }
  g_auto (GStrv) there = md_form_data_list_papers (data, TRUE);
  g_auto (GStrv) missing = md_form_data_list_papers (data, FALSE);
  g_assert_cmpuint (due, >, 0);
  g_assert_cmpuint (g_strv_length (there), ==, 1);
  g_assert_cmpuint (g_strv_length (missing), ==, due - 1);
}

static gboolean
names (MdFormData *data, const char *paper)
{
  g_autofree char *label = md_form_dup_paper_label (md_form_data_get_form (data), paper);
  g_auto (GStrv) there = md_form_data_list_papers (data, TRUE);
  g_auto (GStrv) missing = md_form_data_list_papers (data, FALSE);

  return g_strv_contains ((const char *const *)there, label)
         || g_strv_contains ((const char *const *)missing, label);
}

/* A paper's name is printed for whom its class is not hidden: a clerk who may know nothing of
 * health in V2 prints no result of an examination; where a number may stand on it, its name tells
 * none. */
static void
test_papers_ask (void)
{
  g_autoptr (MdFormData) full = fixture_data ("health.hepatitis", MD_ROLE_CLERK_NUMBER);
  g_autoptr (MdFormData) less = fixture_data ("health.hepatitis", MD_ROLE_CLERK);

  g_assert_true (names (full, "result-form"));
  g_assert_false (names (less, "result-form"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/paper/number-is-masked", test_number_is_masked);
  g_test_add_func ("/forms/paper/is-what-is-read-out", test_is_what_is_read_out);
  g_test_add_func ("/forms/paper/every-procedure", test_every_procedure);
  g_test_add_func ("/forms/paper/for-the-resident", test_for_the_resident);
  g_test_add_func ("/forms/paper/other-eyes", test_other_eyes);
  g_test_add_func ("/forms/paper/covered", test_covered);
  g_test_add_func ("/forms/paper/papers", test_papers);
  g_test_add_func ("/forms/paper/papers-ask", test_papers_ask);
  g_test_add_func ("/forms/paper/handover", test_handover);
  return g_test_run ();
}
