// SPDX-License-Identifier: Apache-2.0
/* Consents and oaths: answered only after they were read, and kept with what was read. */
#include "fixture.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define INTAKE "0198c0de-0000-7000-8000-000000000001"
#define AGREE "t.agree"
#define SWORN "t.sworn"
#define TEXT_JA "役所がほかに照会することに同意します。\n断ることもできます。"
#define TEXT_EN "I agree that the office asks others.\nI may say no."
#define LATER "2027-01-01"

static MdFormData *
make_data (MdRole role, MdFilterStep step, const char *day)
{
  MdViewer viewer = fixture_viewer (role);

  return md_form_data_new (md_catalogue_get_form_on (fixture_sample (), "common.sample", day),
                           &viewer, step, day);
}

/* Whole, but for the two declarations that it asks for. */
static MdFormData *
make_asked (void)
{
  MdFormData *data = make_data (MD_ROLE_CLERK_NUMBER, MD_STEP_ENTRY, FIXTURE_TODAY);

  fixture_type (data, "p.name", "田中 太郎");
  fixture_type (data, "p.birth", "1950-03-07");
  fixture_type (data, "t.kinds", "step");
  return data;
}

static MdEntry *
find (MdFormData *data, const char *field)
{
  return md_form_data_get_entry (data, field);
}

static void
answer (MdFormData *data, const char *field, gboolean japanese, const char *text)
{
  md_entry_show_declaration (find (data, field), japanese);
  md_entry_set_text (find (data, field), text);
  (void)md_entry_commit (find (data, field));
}

static MdFormData *
make_answered (void)
{
  MdFormData *data = make_asked ();

  answer (data, AGREE, TRUE, "true");
  answer (data, SWORN, FALSE, "true");
  return data;
}

static void
test_shown_first (void)
{
  g_autoptr (MdFormData) data = make_asked ();
  MdEntry *entry = find (data, AGREE);

  g_assert_cmpstr (md_entry_get_declaration_in (entry, TRUE), ==, TEXT_JA);
  g_assert_cmpstr (md_entry_get_declaration_in (entry, FALSE), ==, TEXT_EN);
  g_assert_cmpstr (md_entry_get_declaration (entry), ==, TEXT_EN);
  g_assert_null (md_entry_get_declaration (find (data, "p.name")));
  fixture_assert_stops_at (data, AGREE);
  md_entry_set_text (entry, "true");
  g_assert_false (md_entry_commit (entry));
  g_assert_null (md_form_data_get_value (data, AGREE));
  fixture_assert_stops_at (data, AGREE);
  md_entry_set_text (entry, NULL);
  answer (data, AGREE, TRUE, "true");
  g_assert_cmpstr (md_form_data_get_value (data, AGREE), ==, "true");
  g_assert_cmpstr (md_entry_get_declaration (entry), ==, TEXT_JA);
  g_assert_cmpstr (md_entry_get_display (entry), ==, "Agrees");
  answer (data, SWORN, TRUE, "true");
  fixture_assert_valid (data);
}

/* The text of the other language was not read when the answer was given. */
static void
test_other_language (void)
{
  g_autoptr (MdFormData) data = make_answered ();

  md_entry_show_declaration (find (data, AGREE), TRUE);
  g_assert_cmpstr (md_form_data_get_value (data, AGREE), ==, "true");
  md_entry_show_declaration (find (data, AGREE), FALSE);
  g_assert_null (md_form_data_get_value (data, AGREE));
  fixture_assert_stops_at (data, AGREE);
  md_entry_set_text (find (data, AGREE), "true");
  fixture_assert_valid (data);
}

static void
test_decline (void)
{
  g_autoptr (MdFormData) data = make_answered ();

  g_assert_true (md_entry_may_decline (find (data, AGREE)));
  answer (data, AGREE, TRUE, "false");
  g_assert_cmpstr (md_entry_get_display (find (data, AGREE)), ==, "Does not agree");
  fixture_assert_valid (data);
  g_assert_false (md_entry_may_decline (find (data, SWORN)));
  answer (data, SWORN, FALSE, "false");
  g_assert_null (md_form_data_get_value (data, SWORN));
  fixture_assert_stops_at (data, SWORN);
}

/* What cannot be typed here cannot be shown to anybody either. */
static void
test_not_open (void)
{
  g_autoptr (MdFormData) data = make_asked ();

  md_form_data_set_covered (data, TRUE);
  md_entry_show_declaration (find (data, AGREE), TRUE);
  md_form_data_set_covered (data, FALSE);
  md_entry_set_text (find (data, AGREE), "true");
  g_assert_null (md_form_data_get_value (data, AGREE));
}

static JsonArray *
parse_declarations (MdSecret *application, JsonParser *parser)
{
  g_autoptr (GError) error = NULL;

  json_parser_load_from_data (parser, md_secret_get_text (application),
                              (gssize)md_secret_get_size (application), &error);
  g_assert_no_error (error);
  return json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)),
                                       "declarations");
}

static void
assert_declared (JsonObject *shown, const char *field, const char *language, const char *text)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  g_assert_cmpuint (json_object_get_size (shown), ==, 4);
  g_assert_cmpstr (json_object_get_string_member (shown, "field"), ==, field);
  g_assert_cmpstr (json_object_get_string_member (shown, "language"), ==, language);
  g_assert_cmpstr (json_object_get_string_member (shown, "text"), ==, text);
  g_assert_cmpstr (json_object_get_string_member (shown, "sha256"), ==, digest);
}

static void
test_sealed (void)
{
  g_autoptr (MdFormData) data = make_answered ();
  g_autoptr (MdFormData) officer = make_data (MD_ROLE_SUPERVISOR, MD_STEP_APPROVAL, FIXTURE_TODAY);
  g_autoptr (MdSecret) application = md_form_data_to_application (data, INTAKE, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *declared;

  g_assert_nonnull (application);
  declared = parse_declarations (application, parser);
  g_assert_cmpuint (json_array_get_length (declared), ==, 2);
  assert_declared (json_array_get_object_element (declared, 0), AGREE, "ja", TEXT_JA);
  assert_declared (json_array_get_object_element (declared, 1), SWORN, "en",
                   "My income is as written here.");
  g_assert_true (md_form_data_load (officer, application, NULL, INTAKE, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (md_entry_get_declaration (find (officer, AGREE)), ==, TEXT_JA);
  g_assert_cmpstr (md_entry_get_display (find (officer, AGREE)), ==, "Agrees");
  /* What is no longer asked for is not sealed either. */
  fixture_type (data, "t.kinds", "");
  answer (data, AGREE, TRUE, "");
  md_secret_unref (g_steal_pointer (&application));
  application = md_form_data_to_application (data, INTAKE, NULL);
  g_assert_null (strstr (md_secret_get_text (application), "declarations"));
}

/* An answer and its text come together, and it is the text of this form. */
static void
test_load_refuses (void)
{
  static const struct
  {
    const char *values, *declarations;
    gboolean good;
  } parts[] = {
    { "\"t.agree\":true",
      "[{\"field\":\"t.agree\",\"language\":\"ja\",\"text\":T,\"sha256\":\"D1\"}]", TRUE },
    { "\"t.agree\":false",
      "[{\"field\":\"t.agree\",\"language\":\"ja\",\"text\":T,\"sha256\":\"D1\"}]", TRUE },
    { "\"t.agree\":true", NULL, FALSE },
    { "", "[]", FALSE },
    { "\"t.agree\":true", "[]", FALSE },
    { "\"t.agree\":true", "{}", FALSE },
    { "\"t.agree\":true", "null", FALSE },
    { "", "[{\"field\":\"t.agree\",\"language\":\"ja\",\"text\":T,\"sha256\":\"D1\"}]", FALSE },
    { "\"t.agree\":true",
      "[{\"field\":\"t.agree\",\"language\":\"en\",\"text\":T,\"sha256\":\"D1\"}]", FALSE },
    { "\"t.agree\":true",
      "[{\"field\":\"t.agree\",\"language\":\"fr\",\"text\":T,\"sha256\":\"D1\"}]", FALSE },
    { "\"t.agree\":true",
      "[{\"field\":\"t.agree\",\"language\":\"ja\",\"text\":\"他\",\"sha256\":\"D1\"}]", FALSE },
    { "\"t.agree\":true",
      "[{\"field\":\"t.agree\",\"language\":\"ja\",\"text\":T,\"sha256\":\"00\"}]", FALSE },
    { "\"t.agree\":true", "[{\"field\":\"t.agree\",\"language\":\"ja\",\"text\":T}]", FALSE },
    { "\"t.agree\":true",
      "[{\"field\":\"t.agree\",\"language\":\"ja\",\"text\":T,\"sha256\":\"D1\",\"x\":1}]", FALSE },
    { "\"t.agree\":true",
      "[{\"field\":\"t.agree\",\"language\":\"ja\",\"text\":T,\"sha256\":\"D1\"},"
      "{\"field\":\"t.agree\",\"language\":\"ja\",\"text\":T,\"sha256\":\"D1\"}]",
      FALSE },
    { "\"t.agree\":true",
      "[{\"field\":\"p.name\",\"language\":\"ja\",\"text\":T,\"sha256\":\"D1\"}]", FALSE },
    { "\"t.agree\":true", "[true]", FALSE },
    { "\"t.sworn\":false",
      "[{\"field\":\"t.sworn\",\"language\":\"ja\",\"text\":\"収入はここに書いたとおりです。\","
      "\"sha256\":\"D2\"}]",
      FALSE },
    { "\"t.sworn\":true",
      "[{\"field\":\"t.sworn\",\"language\":\"ja\",\"text\":\"収入はここに書いたとおりです。\","
      "\"sha256\":\"D2\"}]",
      TRUE },
  };
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, TEXT_JA, -1);
  g_autofree char *sworn
      = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "収入はここに書いたとおりです。", -1);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (MdFormData) data = make_data (MD_ROLE_SUPERVISOR, MD_STEP_APPROVAL, FIXTURE_TODAY);
      g_autoptr (GString) json
          = g_string_new ("{\"schema\":\"madoguchi-application/1\",\"intake\":\"" INTAKE
                          "\",\"procedure\":\"common.sample\",\"procedure_version\":\"1\",");
      g_autoptr (MdSecret) part = NULL;
      g_autoptr (GError) error = NULL;

      g_string_append_printf (json, "\"values\":{%s}", parts[i].values);
      if (parts[i].declarations)
        g_string_append_printf (json, ",\"declarations\":%s", parts[i].declarations);
      g_string_append_c (json, '}');
      g_string_replace (json, "text\":T",
                        "text\":\"役所がほかに照会することに同意します。\\n"
                        "断ることもできます。\"",
                        0);
      g_string_replace (json, "D1", digest, 0);
      g_string_replace (json, "D2", sworn, 0);
      g_test_message ("%s", json->str);
      part = md_secret_new_from_text (json->str);
      g_assert_cmpint (md_form_data_load (data, part, NULL, INTAKE, &error), ==, parts[i].good);
      g_assert_true (parts[i].good || g_error_matches (error, MD_FORMS_ERROR, MD_FORMS_ERROR_FORM));
    }
}

/* The form's next version is in force: who agreed to a text that changed is asked again. */
static void
test_text_changed (void)
{
  g_autoptr (MdFormData) data = make_asked ();
  g_autoptr (MdFormData) english = make_asked ();
  g_autoptr (MdFormData) later = make_data (MD_ROLE_CLERK_NUMBER, MD_STEP_ENTRY, LATER);
  g_autoptr (MdFormData) other = make_data (MD_ROLE_CLERK_NUMBER, MD_STEP_ENTRY, LATER);

  answer (data, AGREE, TRUE, "true");
  answer (data, SWORN, TRUE, "true");
  md_form_data_carry_over (later, data);
  g_assert_cmpstr (md_form_data_get_value (later, "p.name"), ==, "田中 太郎");
  g_assert_null (md_form_data_get_value (later, AGREE));
  md_entry_set_text (find (later, AGREE), "true");
  g_assert_null (md_form_data_get_value (later, AGREE));
  g_assert_cmpstr (md_form_data_get_value (later, SWORN), ==, "true");
  answer (english, AGREE, FALSE, "false");
  md_form_data_carry_over (other, english);
  g_assert_cmpstr (md_form_data_get_value (other, AGREE), ==, "false");
  g_assert_false (md_entry_declares_in_japanese (find (other, AGREE)));
}

/* A consent is of the procedure it was given in, even where another asks in the same words. */
static void
test_other_procedure (void)
{
  g_autoptr (MdFormData) data = fixture_data ("care.certification", MD_ROLE_CLERK_NUMBER);
  g_autoptr (MdFormData) other = fixture_data ("care.level_change", MD_ROLE_CLERK_NUMBER);

  fixture_type (data, "k.survey_place", "自宅");
  fixture_type (data, "k.consent_info", "true");
  g_assert_cmpstr (md_entry_get_declaration_in (find (data, "k.consent_info"), TRUE), ==,
                   md_entry_get_declaration_in (find (other, "k.consent_info"), TRUE));
  md_form_data_carry_over (other, data);
  g_assert_cmpstr (md_form_data_get_value (other, "k.survey_place"), ==, "自宅");
  g_assert_null (md_form_data_get_value (other, "k.consent_info"));
}

/* The answer is shown by its class, as any value; where nothing of it is seen, nothing tells in
 * which language it was given. */
static void
test_filter (void)
{
  g_autoptr (MdFormData) data = make_answered ();
  g_autoptr (MdSecret) application = NULL;
  guint readable = 0, less = 0;

  answer (data, SWORN, TRUE, "true");
  application = md_form_data_to_application (data, INTAKE, NULL);

  for (guint role = 0; role < MD_N_ROLES; role++)
    for (guint step = 0; step < MD_N_STEPS; step++)
      {
        g_autoptr (MdFormData) eyes = make_data ((MdRole)role, (MdFilterStep)step, FIXTURE_TODAY);
        MdEntry *sworn;

        g_assert_true (md_form_data_load (eyes, application, NULL, INTAKE, NULL));
        sworn = find (eyes, SWORN);
        if (sworn && md_entry_get_view (sworn) >= MD_VIEW_READABLE)
          {
            g_assert_cmpstr (md_entry_get_display (sworn), ==, "Swears");
            g_assert_true (md_entry_declares_in_japanese (sworn));
            readable++;
          }
        else if (sworn)
          {
            g_assert_cmpstr (md_entry_get_display (sworn), !=, "Swears");
            g_assert_false (md_entry_declares_in_japanese (sworn));
            less++;
          }
      }
  g_assert_cmpuint (readable, >, 0);
  g_assert_cmpuint (less, >, 0);
}

/* Whoever signs the filled application signs what was read. */
static void
test_printed (void)
{
  g_autoptr (MdFormData) data = make_answered ();
  g_autoptr (GPtrArray) lines = md_form_data_list_printed (data);
  guint found = 0;

  for (guint i = 0; i < lines->len; i++)
    {
      const MdFormLine *line = g_ptr_array_index (lines, i);

      found += g_str_equal (line->value, "Agrees\n" TEXT_JA) ? 1 : 0;
    }
  g_assert_cmpuint (found, ==, 1);
}

static void
test_next_person (void)
{
  g_autoptr (MdFormData) data = make_answered ();

  md_form_data_wipe (data);
  g_assert_true (md_form_data_is_empty (data));
  md_form_data_set_step (data, MD_STEP_ENTRY);
  md_entry_set_text (find (data, AGREE), "true");
  g_assert_null (md_form_data_get_value (data, AGREE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/declaration/shown-first", test_shown_first);
  g_test_add_func ("/forms/declaration/other-language", test_other_language);
  g_test_add_func ("/forms/declaration/decline", test_decline);
  g_test_add_func ("/forms/declaration/not-open", test_not_open);
  g_test_add_func ("/forms/declaration/sealed", test_sealed);
  g_test_add_func ("/forms/declaration/load-refuses", test_load_refuses);
  g_test_add_func ("/forms/declaration/text-changed", test_text_changed);
  g_test_add_func ("/forms/declaration/other-procedure", test_other_procedure);
  g_test_add_func ("/forms/declaration/filter", test_filter);
  g_test_add_func ("/forms/declaration/printed", test_printed);
  g_test_add_func ("/forms/declaration/next-person", test_next_person);
  return g_test_run ();
}
