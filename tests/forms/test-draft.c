// SPDX-License-Identifier: Apache-2.0
/* What is put aside while nobody works on it, and what comes back: all of what was typed, nothing
 * that a card said, no number, and never less without a word. */
#include "fixture.h"

#include <string.h>

static const char *const facts[MD_N_DRAFT_FACTS]
    = { [MD_DRAFT_CLERK] = "S0001", [MD_DRAFT_STEP] = "content" };

static MdFormData *
sample_data (const char *today)
{
  MdViewer viewer = fixture_viewer (MD_ROLE_CLERK_NUMBER);

  return md_form_data_new (md_catalogue_get_form_on (fixture_sample (), "common.sample", today),
                           &viewer, MD_STEP_ENTRY, today);
}

static MdSecret *
put_down (MdFormData *data)
{
  g_autoptr (GError) error = NULL;
  MdSecret *text = md_form_data_to_draft (data, facts, &error);

  g_assert_no_error (error);
  return text;
}

static MdFormDraft *
read_back (MdSecret *text)
{
  g_autoptr (GError) error = NULL;
  MdFormDraft *draft
      = md_form_draft_parse (md_secret_get_data (text), md_secret_get_size (text), &error);

  g_assert_no_error (error);
  return draft;
}

/* The labels of what has to be entered again, joined. */
static char *
carry (MdFormData *from, MdFormData *to)
{
  g_autoptr (MdSecret) text = put_down (from);
  g_autoptr (MdFormDraft) draft = read_back (text);
  g_autoptr (GPtrArray) left = md_form_data_take_draft (to, draft);

  g_ptr_array_add (left, NULL);
  return g_strjoinv (" | ", (char **)left->pdata);
}

/* Also of those that stand in rows. */
static MdEntry *
find (MdFormData *data, const char *id)
{
  GListModel *sections = md_form_data_get_sections (data);

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (GListModel) section = g_list_model_get_item (sections, i);

      for (guint k = 0; k < g_list_model_get_n_items (section); k++)
        {
          g_autoptr (MdEntry) entry = g_list_model_get_item (section, k);

          if (g_str_equal (md_entry_get_id (entry), id))
            return entry; /* the form keeps it */
        }
    }
  g_error ("no entry %s", id);
  return NULL;
}

static void
type (MdFormData *data, const char *id, const char *text)
{
  md_entry_set_text (find (data, id), text);
  md_entry_commit (find (data, id));
}

static void
assert_text (MdFormData *data, const char *id, const char *text)
{
  g_assert_cmpstr (md_entry_get_text (find (data, id)), ==, text);
}

static void
assert_value (MdFormData *data, const char *field, const char *value)
{
  g_assert_cmpstr (md_form_data_get_value (data, field), ==, value);
}

static MdAttachment *
first_paper (MdFormData *data)
{
  MdAttachment *paper = g_list_model_get_item (md_form_data_get_attachments (data), 0);

  g_object_unref (paper);
  return paper;
}

static void
test_whole (void)
{
  g_autoptr (MdFormData) data = sample_data (FIXTURE_TODAY), again = sample_data (FIXTURE_TODAY);
  g_autofree char *left = NULL;
  MdEntry *group = md_form_data_get_entry (data, "h.members");

  fixture_type (data, "p.name", "田中 太郎");
  fixture_type (data, "t.met", "S25.3.不詳 と聞いた"); /* no date: she was still typing */
  fixture_type (data, "t.psa", "4.05");
  fixture_type (data, "t.kinds", "rail\nstep");
  fixture_type (data, "t.state", ""); /* what it begins with was emptied */
  g_assert_nonnull (md_entry_add_row (group));
  g_assert_nonnull (md_entry_add_row (group));
  type (data, "h.members.1.h.name", "田中 花子");
  type (data, "h.members.1.h.relation", "spouse");
  type (data, "h.members.2.h.name", "田中 一郎");
  type (data, "h.members.2.h.points", "7");
  md_attachment_set_handed_in (first_paper (data), TRUE);

  left = carry (data, again);
  g_assert_cmpstr (left, ==, "");
  assert_value (again, "p.name", "田中 太郎");
  assert_value (again, "t.met", NULL);
  g_assert_cmpstr (md_entry_get_text (md_form_data_get_entry (again, "t.met")), ==,
                   "S25.3.不詳 と聞いた");
  assert_value (again, "t.psa", "4.05");
  assert_value (again, "t.kinds", "rail\nstep");
  assert_value (again, "t.state", NULL);
  g_assert_cmpuint (md_entry_get_n_rows (md_form_data_get_entry (again, "h.members")), ==, 2);
  assert_text (again, "h.members.1.h.relation", "spouse");
  assert_text (again, "h.members.2.h.points", "7");
  g_assert_true (md_attachment_get_handed_in (first_paper (again)));
  /* It is open to be typed on, and an error shows when the field is left. */
  g_assert_false (md_entry_commit (md_form_data_get_entry (again, "t.met")));
  g_assert_nonnull (md_entry_get_error (md_form_data_get_entry (again, "t.met")));
}

/* The number is asked for again, of whomever; what the card said comes with the card. */
static void
test_numbers_and_card (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  g_autoptr (MdFormData) again = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  g_autoptr (MdFormData) typed = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  g_autoptr (MdSecret) number = md_secret_new_from_text ("123456789018"), text = NULL;
  g_autofree char *left = NULL, *of_typed = NULL;

  fixture_fill (data, "1985-04-01");
  text = put_down (data);
  g_assert_null (memmem (md_secret_get_data (text), md_secret_get_size (text), "123456789018", 12));
  g_assert_null (memmem (md_secret_get_data (text), md_secret_get_size (text), "1985", 4));
  left = carry (data, again);
  g_assert_cmpstr (left, ==, "");
  assert_value (again, "p.name", NULL);
  assert_value (again, "n.bpn", "1234567890");

  g_assert_true (md_entry_set_secret (md_form_data_get_entry (typed, "p.mynum"), number, NULL));
  of_typed = carry (typed, again);
  g_assert_cmpstr (of_typed, ==, md_entry_get_label (md_form_data_get_entry (again, "p.mynum")));
  g_assert_false (md_entry_get_filled (md_form_data_get_entry (again, "p.mynum")));
}

static gboolean
is_carried (MdFormData *data, const char *field)
{
  return md_entry_get_carried (md_form_data_get_entry (data, field));
}

/* What was said for the application before, where it was changed. */
static void
assert_before (MdFormData *data, const char *field, const char *said)
{
  g_autofree char *before = NULL;

  g_object_get (md_form_data_get_entry (data, field), "earlier-display", &before, NULL);
  g_assert_cmpstr (before, ==, said);
}

/* And suspended, it is not forgotten. */
static void
assert_before_put_aside (MdFormData *data)
{
  g_autoptr (MdSecret) text = put_down (data);
  g_autoptr (MdFormDraft) draft = read_back (text);
  g_autoptr (MdFormData) again
      = fixture_data (md_form_get_id (md_form_data_get_form (data)), MD_ROLE_CLERK_NUMBER);
  g_autoptr (GPtrArray) left = md_form_data_take_draft (again, draft);

  assert_before (again, "p.tel", "0300000101");
  g_assert_true (is_carried (again, "p.kana"));
}

/* Another procedure of the same person: what both ask for is there and marked, until it is changed;
 * never a number, what a card said, what each application asks for anew, and over what was typed.
 */
static void
test_earlier (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  g_autoptr (MdFormData) next = fixture_data ("care.certification", MD_ROLE_CLERK_NUMBER);
  g_autoptr (MdSecret) number = md_secret_new_from_text ("123456789018"), text = NULL;
  g_autoptr (MdFormDraft) draft = NULL;

  fixture_type (data, "p.kana", "たなか けいこ");
  fixture_type (data, "p.tel", "03-0000-0101");
  fixture_type (data, "p.zip", "123-4567");
  fixture_type (data, "m.memo", "杖をお使いです");
  fixture_type (data, "n.bpn", "1234-567890");
  g_assert_true (md_entry_set_secret (md_form_data_get_entry (data, "p.mynum"), number, NULL));
  text = put_down (data);
  draft = read_back (text);

  fixture_type (next, "p.zip", "765-4321");
  md_form_data_take_earlier (next, draft);
  g_assert_cmpstr (md_form_data_get_value (next, "p.tel"), ==,
                   md_form_data_get_value (data, "p.tel"));
  g_assert_cmpstr (md_form_data_get_value (next, "p.kana"), ==,
                   md_form_data_get_value (data, "p.kana"));
  g_assert_true (is_carried (next, "p.tel") && is_carried (next, "p.kana"));
  g_assert_cmpint (md_entry_get_source (md_form_data_get_entry (next, "p.tel")), ==,
                   MD_SOURCE_TYPED);
  g_assert_false (is_carried (next, "p.zip"));
  g_assert_cmpstr (md_form_data_get_value (next, "p.zip"), !=,
                   md_form_data_get_value (data, "p.zip"));
  assert_value (next, "m.memo", NULL);
  g_assert_false (md_entry_get_filled (md_form_data_get_entry (next, "p.mynum")));
  assert_before (next, "p.tel", NULL);
  fixture_type (next, "p.tel", "03-9999-9999");
  g_assert_false (is_carried (next, "p.tel"));
  assert_before (next, "p.tel", "0300000101");
  md_form_data_set_covered (next, TRUE);
  assert_before (next, "p.tel", "Filled in"); /* as these eyes may know of anything else there */
  g_assert_true (md_form_data_park (next));
  md_form_data_unpark (next);
  md_form_data_set_covered (next, FALSE);
  assert_before (next, "p.tel", "0300000101");
  md_entry_clear (md_form_data_get_entry (next, "p.tel"));
  assert_before (next, "p.tel", "0300000101");
  fixture_type (next, "p.tel", "03-0000-0101"); /* after all */
  g_assert_true (is_carried (next, "p.tel"));
  assert_before (next, "p.tel", NULL);
  fixture_type (next, "p.tel", "03-9999-9999");
  assert_before_put_aside (next);
  md_form_data_wipe (next);
  assert_before (next, "p.tel", NULL);
  g_assert_false (is_carried (next, "p.kana"));
  g_assert_true (md_form_data_is_empty (next));
}

/* What was chosen and is shown only while it is held comes back so, and can be chosen anew. */
static void
test_covered_choice (void)
{
  g_autoptr (MdFormData) data = fixture_data ("health.hepatitis", MD_ROLE_CLERK_NUMBER);
  g_autoptr (MdFormData) next = fixture_data ("health.hepatitis", MD_ROLE_CLERK_NUMBER);
  g_autoptr (MdSecret) text = NULL;
  g_autoptr (MdFormDraft) draft = NULL;
  g_autoptr (GPtrArray) left = NULL;
  MdEntry *result = md_form_data_get_entry (next, "s.he_b");

  md_entry_set_text (md_form_data_get_entry (data, "s.he_b"), "positive"); /* not left yet */
  text = put_down (data);
  draft = read_back (text);
  left = md_form_data_take_draft (next, draft);
  g_assert_cmpint (md_entry_get_view (result), ==, MD_VIEW_MASKED);
  g_assert_null (md_entry_get_text (result));
  g_assert_cmpstr (md_form_data_get_value (next, "s.he_b"), ==, "positive");
  md_entry_clear (result);
  md_entry_set_text (result, "negative");
  g_assert_cmpstr (md_form_data_get_value (next, "s.he_b"), ==, "negative");
}

/* The office changed the form meanwhile. */
static void
test_changed_form (void)
{
  g_autoptr (MdFormData) data = sample_data (FIXTURE_TODAY), next = sample_data ("2027-01-05");
  g_autofree char *left = NULL;

  fixture_type (data, "p.name", "田中 太郎");
  fixture_type (data, "t.psa", "4.05");
  fixture_type (data, "t.kinds", "rail");
  fixture_type (data, "t.state", "done");
  g_assert_nonnull (md_entry_add_row (md_form_data_get_entry (data, "h.members")));
  type (data, "h.members.1.h.name", "田中 花子");
  md_attachment_set_handed_in (first_paper (data), TRUE);
  left = carry (data, next);
  assert_value (next, "p.name", "田中 太郎");
  assert_value (next, "t.psa", "4.05");
  assert_value (next, "t.state", "done");
  g_assert_cmpstr (left, ==, "Kinds | Member");
  g_assert_true (md_attachment_get_handed_in (first_paper (next)));
}

static MdFormData *
version_data (const char *form, const char *version)
{
  MdViewer viewer = fixture_viewer (MD_ROLE_CLERK_NUMBER);
  MdForm *definition = md_catalogue_get_form_version (fixture_catalogue (), form, version);

  g_assert_nonnull (definition);
  return md_form_data_new (definition, &viewer, MD_STEP_ENTRY, FIXTURE_TODAY);
}

/* What was words in the first version is a day in the second: told, and the rest is there. */
static void
test_shipped_version (void)
{
  g_autoptr (MdFormData) data = version_data ("lem.third_party", "1");
  g_autoptr (MdFormData) next = version_data ("lem.third_party", "2");
  g_autofree char *left = NULL;

  fixture_type (data, "l.insured", "12345674");
  fixture_type (data, "l.tp_date", "令和8年11月3日 本町交差点");
  fixture_type (data, "l.tp_other", "不明");
  left = carry (data, next);
  assert_value (next, "l.insured", "12345674");
  assert_value (next, "l.tp_other", "不明");
  assert_value (next, "l.tp_day", NULL);
  g_assert_cmpstr (left, ==, "Accident date, place");
}

static MdFormDraft *
parse (const char *json, GError **error)
{
  return md_form_draft_parse (json, strlen (json), error);
}

/* Whatever stands in it: words, or as much as fits. */
static void
test_what_does_not_fit (void)
{
  static const char *const values[]
      = { "{\"id\": \"t.psa\", \"ja\": \"測定値\", \"en\": \"Reading\", \"value\": \"many\"}",
          "{\"id\": \"t.state\", \"ja\": \"状態\", \"en\": \"State\", \"value\": \"unknown\"}",
          "{\"id\": \"t.total\", \"ja\": \"合計\", \"en\": \"Total\", \"value\": \"9\"}",
          "{\"id\": \"x.old\", \"ja\": \"旧項目\", \"en\": \"Old one\", \"value\": \"9\"}",
          "{\"id\": \"x.old\", \"ja\": \"旧項目\", \"en\": \"Old one\", \"rows\": []}",
          "{\"id\": \"t.psa\", \"rows\": 7, \"en\": \"Rows\"}",
          "{\"id\": \"h.members\", \"en\": \"Member\", \"value\": \"2\"}",
          "{\"id\": \"h.members\", \"en\": \"Member\", \"rows\": [[{\"id\": \"h.gone\", \"en\": "
          "\"Gone\", \"value\": \"x\"}], [], [], [{\"id\": \"h.name\", \"en\": \"Member name\", "
          "\"value\": \"fourth\"}], 7]}",
          "{\"id\": 7}",
          "null" };
  g_autofree char *list = NULL, *json = NULL, *left = NULL;
  g_autoptr (MdFormData) data = sample_data (FIXTURE_TODAY);
  g_autoptr (MdFormDraft) draft = NULL;
  g_autoptr (GPtrArray) labels = NULL;
  g_autoptr (GString) joined = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    g_string_append_printf (joined, "%s%s", i > 0 ? ", " : "", values[i]);
  json = g_strdup_printf ("{\"schema\": \"madoguchi-draft/1\", \"procedure\": \"common.sample\", "
                          "\"version\": 1, \"values\": [%s], \"papers\": [{\"id\": \"gone\", "
                          "\"en\": \"Old paper\"}]}",
                          joined->str);
  draft = parse (json, NULL);
  g_assert_nonnull (draft);
  labels = md_form_data_take_draft (data, draft);
  g_ptr_array_add (labels, NULL);
  left = g_strjoinv (" | ", (char **)labels->pdata);
  g_assert_cmpstr (left, ==,
                   "Reading | State | Total | Old one | Member | Gone | Member name | Old paper");
}

static void
test_damaged (void)
{
  static const char *const texts[]
      = { "",
          "no json",
          "{}",
          "{\"schema\": \"madoguchi-application/1\"}",
          "{\"schema\": \"madoguchi-draft/1\"}",
          "{\"schema\": \"madoguchi-draft/1\", \"procedure\": \"p\", \"values\": 1, \"papers\": "
          "[]}",
          "{\"schema\": \"madoguchi-draft/2\", \"procedure\": \"p\"}" };
  g_autoptr (MdFormData) data = sample_data (FIXTURE_TODAY);
  g_autoptr (MdSecret) text = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (texts[i], &error));
      g_assert_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_DATA);
      g_assert_cmpint (strstr (error->message, "newer version") != NULL, ==,
                       strstr (texts[i], "/2") != NULL);
    }
  fixture_type (data, "p.name", "田中 太郎");
  text = put_down (data);
  for (gsize i = 0; i < md_secret_get_size (text); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdFormDraft) draft = md_form_draft_parse (md_secret_get_data (text), i, &error);

      g_assert_null (draft);
      g_assert_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_DATA);
    }
}

static MdFormDraft *
answer_to (const char *field, const char *words)
{
  g_autofree char *json = g_strdup_printf ("{\"schema\": \"madoguchi-draft/1\", \"procedure\": "
                                           "\"pension.exemption\", \"version\": 1, \"papers\": [], "
                                           "\"values\": [{\"id\": \"%s\", \"ja\": \"%s\", "
                                           "\"value\": \"true\"}]}",
                                           field, words);

  return parse (json, NULL);
}

/* A yes was one to the words that stood there; what somebody agreed to is asked anew. */
static void
test_answers (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK);
  g_autoptr (MdFormData) care = fixture_data ("care.certification", MD_ROLE_CLERK);
  MdField *field = md_entry_get_field (md_form_data_get_entry (data, "n.ex_cont"));
  MdField *consent = md_entry_get_field (md_form_data_get_entry (care, "k.consent_info"));
  g_autoptr (MdFormDraft) changed = answer_to ("n.ex_cont", "別の文");
  g_autoptr (MdFormDraft) kept = answer_to ("n.ex_cont", md_field_get_label_in (field, TRUE));
  g_autoptr (MdFormDraft) agreed
      = answer_to ("k.consent_info", md_field_get_label_in (consent, TRUE));
  g_autoptr (GPtrArray) left = md_form_data_take_draft (data, changed);
  g_autoptr (GPtrArray) nothing = NULL, asked = NULL;

  g_assert_cmpuint (left->len, ==, 1);
  assert_value (data, "n.ex_cont", NULL);
  nothing = md_form_data_take_draft (data, kept);
  g_assert_cmpuint (nothing->len, ==, 0);
  assert_value (data, "n.ex_cont", "true");
  asked = md_form_data_take_draft (care, agreed);
  g_assert_cmpuint (asked->len, ==, 1);
  assert_value (care, "k.consent_info", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/draft/whole", test_whole);
  g_test_add_func ("/forms/draft/numbers-and-card", test_numbers_and_card);
  g_test_add_func ("/forms/draft/earlier", test_earlier);
  g_test_add_func ("/forms/draft/covered-choice", test_covered_choice);
  g_test_add_func ("/forms/draft/changed-form", test_changed_form);
  g_test_add_func ("/forms/draft/shipped-version", test_shipped_version);
  g_test_add_func ("/forms/draft/what-does-not-fit", test_what_does_not_fit);
  g_test_add_func ("/forms/draft/damaged", test_damaged);
  g_test_add_func ("/forms/draft/answers", test_answers);
  return g_test_run ();
}
