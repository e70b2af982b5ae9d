// SPDX-License-Identifier: Apache-2.0
/* The clear text of the sealed parts: written whole, read strictly. */
#include "fixture.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define INTAKE "0198c0de-0000-7000-8000-000000000001"

static JsonObject *
parse (MdSecret *secret, JsonParser *parser)
{
  g_autoptr (GError) error = NULL;

  json_parser_load_from_data (parser, md_secret_get_text (secret),
                              (gssize)md_secret_get_size (secret), &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (parser));
}

static void
test_round_trip (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  MdViewer officer = fixture_viewer (MD_ROLE_SUPERVISOR);
  g_autoptr (MdFormData) copy = NULL;
  g_autoptr (MdSecret) application = NULL, number = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonObject *root, *values;

  fixture_fill (data, "1985-04-01");
  fixture_type (data, "n.ex_cont", "true");
  fixture_type (data, "m.memo", "窓口で\"聞き取り\"\n二行目 \\ おわり");
  application = md_form_data_to_application (data, INTAKE, &error);
  g_assert_no_error (error);
  number = md_form_data_to_number (data, INTAKE, &error);
  g_assert_no_error (error);

  root = parse (application, parser);
  g_assert_cmpstr (json_object_get_string_member (root, "schema"), ==, "madoguchi-application/1");
  g_assert_cmpstr (json_object_get_string_member (root, "intake"), ==, INTAKE);
  values = json_object_get_object_member (root, "values");
  g_assert_false (json_object_has_member (values, "p.mynum"));
  g_assert_cmpstr (json_object_get_string_member (values, "n.bpn"), ==, "1234567890");
  g_assert_cmpint (json_object_get_int_member (values, "n.ex_year"), ==, 2026);
  g_assert_true (json_object_get_boolean_member (values, "n.ex_cont"));
  g_assert_null (strstr (md_secret_get_text (application), "123456789018"));
  g_assert_nonnull (strstr (md_secret_get_text (number), "\"p.mynum\":\"123456789018\""));

  copy = md_form_data_new (md_form_data_get_form (data), &officer, MD_STEP_APPROVAL, FIXTURE_TODAY);
  g_assert_true (md_form_data_load (copy, application, number, INTAKE, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (md_form_data_get_value (copy, "m.memo"), ==,
                   md_form_data_get_value (data, "m.memo"));
  g_assert_cmpstr (md_entry_get_display (md_form_data_get_entry (copy, "p.mynum")), ==,
                   "********9018");
  g_assert_cmpint (md_entry_get_view (md_form_data_get_entry (copy, "p.name")), ==,
                   MD_VIEW_READABLE);
}

/* R-PRIV-22: of somebody who has died as of whoever is alive: masked, in the part of its own, and
 * there for nobody without permission. */
static void
test_number_of_the_dead (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.death", MD_ROLE_CLERK_NUMBER);
  g_autoptr (MdFormData) other = fixture_data ("pension.death", MD_ROLE_CLERK);
  MdEntry *entry = md_form_data_get_entry (data, "n.dead_mynum");
  g_autoptr (MdSecret) digits = md_secret_new_from_text ("123456789018");
  g_autoptr (MdSecret) number = NULL;
  g_autoptr (GPtrArray) printed = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (entry);
  g_assert_true (md_entry_set_secret (entry, digits, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (md_entry_get_display (entry), ==, "********9018");
  g_assert_null (md_entry_get_text (entry));
  g_assert_null (md_form_data_get_value (data, "n.dead_mynum"));
  number = md_form_data_to_number (data, INTAKE, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (md_secret_get_text (number), "\"n.dead_mynum\":\"123456789018\""));
  printed = md_form_data_list_printed (data);
  for (guint i = 0; i < printed->len; i++)
    g_assert_null (strstr (((MdFormLine *)g_ptr_array_index (printed, i))->value, "12345678"));
  g_assert_null (md_form_data_get_entry (other, "n.dead_mynum"));
}

static void
assert_load_refused (MdFormData *data, MdFormsError code, const char *json)
{
  g_autoptr (MdSecret) application = md_secret_new_from_text (json);
  g_autoptr (GError) error = NULL;

  g_assert_false (md_form_data_load (data, application, NULL, INTAKE, &error));
  g_assert_error (error, MD_FORMS_ERROR, (gint)code);
  g_assert_true (md_form_data_is_empty (data));
}

/* X-09 and the binding of each part to its intake. */
static void
test_load_refuses (void)
{
  g_autoptr (MdFormData) data = fixture_data ("lem.certificate", MD_ROLE_SUPERVISOR);
  const char *head = "{\"schema\":\"madoguchi-application/1\",\"intake\":\"" INTAKE
                     "\",\"procedure\":\"lem.certificate\","
                     "\"procedure_version\":\"1\",\"values\":{";
  static const char *const wrong[] = { "\"k.doctor\":\"x\"}}",
                                       "\"p.mynum\":\"123456789018\"}}",
                                       "\"p.birth\":\"1950-02-30\"}}",
                                       "\"p.sex\":\"man\"}}",
                                       "\"p.sex\":1}}",
                                       "\"p.name\":[\"a\"]}}",
                                       "},\"extra\":1}",
                                       "\"p.name\":\"123456789018\"}}",
                                       "\"p.tel\":null}}" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *json = g_strconcat (head, wrong[i], NULL);

      assert_load_refused (data, MD_FORMS_ERROR_FORM, json);
    }
  assert_load_refused (
      data, MD_FORMS_ERROR_DATA,
      "{\"schema\":\"madoguchi-application/1\",\"intake\":\"another\",\"procedure\":"
      "\"lem.certificate\",\"procedure_version\":\"1\",\"values\":{}}");
  assert_load_refused (data, MD_FORMS_ERROR_DATA,
                       "{\"schema\":\"madoguchi-application/1\",\"intake\":\"" INTAKE
                       "\",\"procedure\":"
                       "\"pension.exemption\",\"procedure_version\":\"1\",\"values\":{}}");
  assert_load_refused (data, MD_FORMS_ERROR_DATA, "not json");
  assert_load_refused (data, MD_FORMS_ERROR_DATA, "[]");
}

/* What is not there is missing only where the form asks for it: by its rule, with these values. */
static void
test_misses_number (void)
{
  static const struct
  {
    const char *form, *field, *value;
    gboolean misses;
  } cases[] = {
    { "pension.exemption", NULL, NULL, TRUE },
    { "pension.exemption", "e.num_missing", "not-shown", FALSE },
    { "pension.exemption", "e.num_missing", "refused", FALSE },
    { "pension.exemption", "e.num_missing", "no-authority", TRUE }, /* nobody has asked yet */
    { "health.stomach", NULL, NULL, FALSE },                        /* optional */
    { "juki.inquiry", "j.key", "number", TRUE },
    { "juki.inquiry", "j.key", "basic-4", FALSE },
    { "common.delegation", NULL, NULL, FALSE }, /* it has no place for one */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MdFormData) data = fixture_data (cases[i].form, MD_ROLE_CLERK_NUMBER);
      MdEntry *entry = md_form_data_get_entry (data, "p.mynum");
      g_autoptr (MdSecret) digits = md_secret_new_from_text ("123456789018");

      if (cases[i].field != NULL)
        fixture_type (data, cases[i].field, cases[i].value);
      g_assert_cmpint (md_form_data_misses_number (data), ==, cases[i].misses);
      if (entry != NULL && md_entry_set_secret (entry, digits, NULL))
        g_assert_false (md_form_data_misses_number (data));
    }
}

static void
test_incomplete_is_not_sealed (void)
{
  g_autoptr (MdFormData) data = fixture_data ("lem.certificate", MD_ROLE_CLERK_NUMBER);
  g_autoptr (GError) error = NULL;

  g_assert_null (md_form_data_to_application (data, INTAKE, &error));
  g_assert_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_INCOMPLETE);
  g_clear_error (&error);
  /* Nor when the form stands at "confirm", where empty rows are not shown. */
  md_form_data_set_step (data, MD_STEP_CONFIRM);
  g_assert_null (md_form_data_to_application (data, INTAKE, &error));
  g_assert_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_INCOMPLETE);
}

/* Whom the form asks for no more is not sealed, and what is told of the application must not have
 * them either (juki.inquiry, where the way of the search was changed). */
static void
test_sealed (void)
{
  g_autoptr (MdFormData) data = fixture_data ("juki.inquiry", MD_ROLE_CLERK_NUMBER);

  fixture_type (data, "j.key", "basic-4");
  fixture_type (data, "p.name", "架空 花子");
  fixture_type (data, "p.birth", "1985-04-01");
  g_assert_cmpstr (md_form_data_get_sealed (data, "p.name"), ==, "架空 花子");
  fixture_type (data, "j.key", "code");
  g_assert_cmpstr (md_form_data_get_value (data, "p.name"), ==, "架空 花子");
  g_assert_null (md_form_data_get_sealed (data, "p.name"));
  g_assert_null (md_form_data_get_sealed (data, "p.birth"));
  g_assert_null (md_form_data_get_sealed (data, "no.such"));
  g_assert_cmpstr (md_form_data_get_sealed (data, "j.key"), ==, "code");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/form-store/round-trip", test_round_trip);
  g_test_add_func ("/forms/form-store/number-of-the-dead", test_number_of_the_dead);
  g_test_add_func ("/forms/form-store/sealed", test_sealed);
  g_test_add_func ("/forms/form-store/load-refuses", test_load_refuses);
  g_test_add_func ("/forms/form-store/misses-number", test_misses_number);
  g_test_add_func ("/forms/form-store/incomplete-is-not-sealed", test_incomplete_is_not_sealed);
  return g_test_run ();
}
