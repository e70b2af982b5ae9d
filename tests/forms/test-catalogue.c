// SPDX-License-Identifier: Apache-2.0
/* Definitions that are wrong are refused with file, path and remedy; the search finds procedures
 * the way people name them. */
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>

/* A file of data/forms, a text in it, what takes its place, and what the message must name. */
#define PERSON "{\"use\": \"person\"}"
/* The set, but that the reason without a number is there when this rule says so. */
#define PERSON_WITH(rule)                                                                          \
  "{\"use\": \"person\", \"change\": {\"e.num_missing\": {\"visible\": " rule "}}}"

static const struct
{
  const char *file, *text, *other, *named;
} wrong[] = {
  { "fields.json", "\"madoguchi-fields/1\"", "\"madoguchi-fields/2\"", "fields.json:2: schema" },
  { "fields.json", "\"type\": \"mynum\"", "\"type\": \"numeral\"", "fields.p.mynum.type" },
  { "fields.json", "\"kind\": \"basic-pension\"", "\"kind\": \"pension\"", "fields.n.bpn.kind" },
  { "fields.json", "\"kind\": \"basic-pension\"", "\"kind\": \"individual\"", "fields.n.bpn.kind" },
  { "fields.json", "\"kind\": \"basic-pension\", ", "", "fields.n.bpn.kind" },
  { "fields.json", "\"digits\": true,", "\"digits\": true, \"kind\": \"basic-pension\",", ".kind" },
  { "fields.json", "\"class\": \"my-number\"", "\"class\": \"other\"", "fields.p.mynum" },
  { "fields.json", "\"class\": \"my-number\"", "\"klass\": \"my-number\"", "fields.p.mynum" },
  { "fields.json", "\"spi\": \"Y\"", "\"spi\": \"Z\"", "fields.p.mynum.spi" },
  { "fields.json", "[\"card\", \"typed\"]", "[\"card\", \"guessed\"]", "fields.p.mynum.source" },
  { "fields.json", "\"^[0-9]{1,15}$\"", "\"^[0-9\"", "fields.p.atena.pattern" },
  { "fields.json", "\"code\": \"female\"", "\"code\": \"male\"", "fields.p.sex.options[1].code" },
  { "fields.json", "\"not_after\": \"today\"", "\"not_after\": \"tomorrow\"",
    "fields.p.birth.not_after" },
  { "fields.json", "\"max_length\": 100", "\"max_length\": 100000", "fields.p.name.max_length" },
  { "procedures/lem.certificate.json", "\"madoguchi-form/1\"", "\"madoguchi-form/0\"",
    "procedures/lem.certificate.json:2: schema" },
  { "procedures/lem.certificate.json", "\"id\": \"lem.certificate\"",
    "\"id\": \"lem.certificates\"", "id" },
  { "procedures/lem.certificate.json", "\"from\": \"2026-04-01\"", "\"from\": \"2026-04-31\"",
    "effective" },
  { "procedures/lem.certificate.json", "\"profile\": \"V1\"", "\"profile\": \"V4\"", "profile" },
  { "procedures/lem.certificate.json", "\"profile\": \"V1\"", "\"profile\": \"V8\"", "profile" },
  { "procedures/lem.certificate.json", "\"domain\": \"lem\"", "\"domain\": \"tax\"", "domain" },
  { "procedures/lem.certificate.json", PERSON,
    "{\"use\": \"person\", \"without\": [\"p.atena\"]}, {\"field\": \"p.kanji\"}",
    "sections[0].fields[1]" },
  { "procedures/lem.certificate.json", PERSON,
    "{\"use\": \"person\", \"without\": [\"p.atena\"]}, {\"field\": \"p.name\"}",
    "sections[0].fields[1]" },
  { "procedures/lem.certificate.json", PERSON,
    "{\"use\": \"person\", \"without\": [\"p.atena\"]}, {\"field\": \"p.atena\", \"requird\": "
    "true}",
    "sections[0].fields[1].requird" },
  { "procedures/lem.certificate.json", PERSON, PERSON_WITH ("{\"filled\": \"p.number\"}"),
    "sections[0].fields[0].visible" },
  { "procedures/lem.certificate.json", PERSON, PERSON_WITH ("{\"exists\": [\"p.mynum\"]}"),
    "sections[0].fields[0].visible" },
  { "procedures/lem.certificate.json", PERSON, PERSON_WITH ("{\"==\": [1]}"),
    "sections[0].fields[0].visible" },
  { "procedures/lem.certificate.json", PERSON, PERSON_WITH ("[1, 2]"),
    "sections[0].fields[0].visible" },
  { "procedures/lem.certificate.json", PERSON, PERSON_WITH ("1.5"),
    "sections[0].fields[0].visible" },
  { "procedures/lem.certificate.json", PERSON,
    PERSON_WITH ("{\"same_number\": [\"p.mynum\", \"x\"]}"), "sections[0].fields[0].visible" },
  { "procedures/lem.certificate.json", "\"default\": \"self\"", "\"default\": \"nobody\"",
    "fields[0].default" },
  { "procedures/lem.certificate.json", "\"legal\", \"ex-officio\"],\n  \"settings\"",
    "\"legal\"],\n  \"settings\"", "may_file" },
  { "procedures/lem.certificate.json", "{\"setting\": \"age\"}", "{\"setting\": \"ages\"}",
    "checks" },
  { "procedures/lem.certificate.json", "\"severity\": \"error\"", "\"severity\": \"fatal\"",
    "checks[0].severity" },
  { "procedures/lem.certificate.json", "\"assert\"", "\"asserts\"", "checks[0].asserts" },
  { "procedures/lem.certificate.json", "\"purpose\"", "\"purposes\"", "purposes" },
  { "procedures/lem.certificate.json", "\"class\": \"health\"", "\"class\": \"secret\"",
    "attachments[0].class" },
  { "procedures/lem.certificate.json", "\"class\": \"health\"",
    "\"class\": \"health\", \"waived_by\": [\"neighbour\"]", "attachments[0].waived_by" },
  { "procedures/lem.certificate.json", "\"class\": \"health\"",
    "\"class\": \"health\", \"waived_by\": [\"tax\", \"tax\"]", "attachments[0].waived_by" },
  { "procedures/lem.certificate.json", "\"class\": \"health\"",
    "\"class\": \"health\", \"waived_by\": []", "attachments[0].waived_by" },
  { "procedures/lem.certificate.json", "Under {setting:age}:", "Under 75:", "{setting:age}" },
  { "procedures/lem.certificate.json", "Under {setting:age}:", "Under {setting:old}:", "\"old\"" },
  { "procedures/lem.certificate.json", "Under {setting:age}:", "Under {age}:", "{setting:NAME}" },
  { "procedures/lem.certificate.json",
    "Under {setting:age}:", "Under {setting:age:days}:", "{setting:NAME:months}" },
  { "procedures/pension.exemption.json", "{setting:retro_months:months}より", "2年1か月より",
    "{setting:retro_months}" },
};

static char *
copy_forms (void)
{
  static const char *const files[] = { "fields.json",
                                       "sets.json",
                                       "procedures/pension.exemption.json",
                                       "procedures/care.certification.json",
                                       "procedures/lem.certificate.json",
                                       "procedures/juki.disclosure.json",
                                       "procedures/common.delegation.json" };
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("madoguchi-forms-XXXXXX", &error);
  g_autofree char *procedures = g_build_filename (folder, "procedures", NULL);

  g_assert_no_error (error);
  g_assert_cmpint (g_mkdir (procedures, 0700), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *from
          = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "data", "forms", files[i], NULL);
      g_autofree char *to = g_build_filename (folder, files[i], NULL);
      g_autofree char *text = NULL;

      g_file_get_contents (from, &text, NULL, &error);
      g_assert_no_error (error);
      g_file_set_contents (to, text, -1, &error);
      g_assert_no_error (error);
    }
  return folder;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        remove_folder (path);
      else
        g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_wrong_definitions (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *folder = copy_forms ();
      g_autofree char *path = g_build_filename (folder, wrong[i].file, NULL);
      g_autofree char *text = NULL;
      g_autoptr (GString) changed = NULL;
      g_autoptr (GError) error = NULL;

      g_file_get_contents (path, &text, NULL, &error);
      g_assert_no_error (error);
      changed = g_string_new (text);
      g_test_message ("%s: %s", wrong[i].file, wrong[i].other);
      g_assert_cmpuint (g_string_replace (changed, wrong[i].text, wrong[i].other, 1), ==, 1);
      g_file_set_contents (path, changed->str, -1, &error);
      g_assert_no_error (error);
      g_assert_null (md_catalogue_load (folder, &error));
      g_assert_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_DEFINITION);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, wrong[i].file));
      g_assert_nonnull (strstr (error->message, wrong[i].named));
      remove_folder (folder);
    }
}

/* What an office wrote for an older release: it is worked with, by the strictest that it may mean,
 * and wrong for whoever writes definitions. */
static void
test_class_unsaid (void)
{
  static const struct
  {
    const char *form, *paper, *text, *other;
    MdSensitivity class;
  } before[] = {
    { "lem.certificate", "old-certificate", ", \"class\": \"health\"", "", MD_CLASS_MY_NUMBER },
    { "juki.disclosure", "identity", ", \"class\": \"basic-4\"", "", MD_CLASS_BASIC },
    { "juki.disclosure", "identity", "\"class\": \"basic-4\"", "\"class\": \"my-number\"",
      MD_CLASS_MY_NUMBER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (before); i++)
    {
      g_autofree char *folder = copy_forms ();
      g_autofree char *name = g_strconcat (before[i].form, ".json", NULL);
      g_autofree char *path = g_build_filename (folder, "procedures", name, NULL);
      g_autofree char *text = NULL;
      g_autoptr (GString) changed = NULL;
      g_autoptr (GPtrArray) errors = g_ptr_array_new_with_free_func ((GDestroyNotify)g_error_free);
      g_autoptr (MdCatalogue) catalogue = NULL, lint = NULL;
      g_autoptr (GError) error = NULL;
      MdForm *form;

      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      changed = g_string_new (text);
      g_assert_cmpuint (g_string_replace (changed, before[i].text, before[i].other, 1), ==, 1);
      g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));
      catalogue = md_catalogue_load (folder, &error);
      g_assert_no_error (error);
      form = md_catalogue_get_form (catalogue, before[i].form);
      g_assert_cmpint (md_form_get_paper_class (form, before[i].paper), ==, before[i].class);
      lint = md_catalogue_lint (folder, errors);
      g_assert_cmpuint (errors->len, ==, 1);
      g_assert_nonnull (
          strstr (((const GError *)errors->pdata[0])->message, "attachments[0].class"));
      remove_folder (folder);
    }
}

/* Too deep and too large rules, whatever is in them. */
static void
test_rules_are_bounded (void)
{
  g_autoptr (GString) deep = g_string_new ("true"), wide = g_string_new ("{\"and\": [true");
  const char *rules[2];

  for (guint i = 0; i < 12; i++)
    {
      g_string_prepend (deep, "{\"!\": [");
      g_string_append (deep, "]}");
    }
  for (guint i = 0; i < 80; i++)
    g_string_append (wide, ", true");
  g_string_append (wide, "]}");
  rules[0] = deep->str;
  rules[1] = wide->str;
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autofree char *folder = copy_forms ();
      g_autofree char *path = g_build_filename (folder, "procedures", "lem.certificate.json", NULL);
      g_autofree char *text = NULL;
      g_autoptr (GString) changed = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_autofree char *person = g_strdup_printf (PERSON_WITH ("%s"), rules[i]);

      changed = g_string_new (text);
      g_assert_cmpuint (g_string_replace (changed, PERSON, person, 1), ==, 1);
      g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));
      g_assert_null (md_catalogue_load (folder, &error));
      g_assert_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_DEFINITION);
      g_assert_nonnull (strstr (error->message, "too large"));
      remove_folder (folder);
    }
}

/* X30: a file that is a bomb is no definition, whichever file it is. */
static void
test_bombs (void)
{
  static const char *const files[]
      = { "fields.json", "sets.json", "procedures/lem.certificate.json" };
  g_autoptr (GString) large = g_string_new ("{\"schema\": \""), deep = g_string_new (NULL),
                      wide = g_string_new ("{\"sections\": [");
  const char *bombs[]
      = { NULL, NULL, NULL, "{\"schema\": \"\\ud800\"}", "{\"schema\": \"\xed\xa0\x80\"}" };

  while (large->len <= MD_LIMIT_FORM_FILE)
    g_string_append (large, "&lol;&lol;&lol;&lol;&lol;&lol;&lol;");
  for (guint i = 0; i < 10000; i++)
    g_string_append (deep, "{\"a\": ");
  for (guint i = 0; i < 100000; i++)
    g_string_append (wide, "{},");
  g_string_append (wide, "{}]}");
  bombs[0] = large->str;
  bombs[1] = deep->str;
  bombs[2] = wide->str;
  for (guint i = 0; i < G_N_ELEMENTS (bombs) * G_N_ELEMENTS (files); i++)
    {
      const char *file = files[i % G_N_ELEMENTS (files)];
      g_autofree char *folder = copy_forms ();
      g_autofree char *path = g_build_filename (folder, file, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (path, bombs[i / G_N_ELEMENTS (files)], -1, NULL));
      g_assert_null (md_catalogue_load (folder, &error));
      g_assert_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_DEFINITION);
      g_assert_nonnull (strstr (error->message, file));
      g_assert_cmpuint (strlen (error->message), <, 4096);
      remove_folder (folder);
    }
}

static void
test_missing_files (void)
{
  g_autofree char *folder = copy_forms ();
  g_autofree char *path = g_build_filename (folder, "fields.json", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_null (md_catalogue_load (folder, &error));
  g_assert_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_UNREADABLE);
  g_clear_error (&error);
  g_assert_null (md_catalogue_load ("/nonexistent", &error));
  g_assert_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_UNREADABLE);
  remove_folder (folder);
}

#define GUIDE(steps)                                                                               \
  "{\"schema\": \"madoguchi-guide/1\", \"version\": 1, \"questions\": {}, \"events\": [{\"id\": "  \
  "\"fall\","                                                                                      \
  " \"title\": {\"ja\": \"転倒\", \"en\": \"Fall\"}, \"kana\": \"てんとう\", \"ask\": [], "  \
  "\"steps\": [" steps "]}]}"
#define ELSEWHERE(id, what)                                                                        \
  "{\"id\": \"" id "\", \"what\": {\"ja\": \"届\", \"en\": \"" what                                \
  "\"}, \"place\": {\"ja\": \"区\","                                                              \
  " \"en\": \"Ward\"}, \"why\": {\"ja\": \"皆\", \"en\": \"all\"}, \"basis\": [\"test\"]}"

/* The id of what is called WHAT, in a guide of this text. */
static char *
id_in (const char *guide, const char *what)
{
  g_autofree char *folder = copy_forms ();
  g_autofree char *path = g_build_filename (folder, "guide.json", NULL);
  g_autoptr (GHashTable) answers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCatalogue) catalogue = NULL;
  g_autoptr (GListModel) due = NULL;
  char *found = NULL;

  g_assert_true (g_file_set_contents (path, guide, -1, NULL));
  catalogue = md_catalogue_load (folder, &error);
  g_assert_no_error (error);
  due = md_life_event_list_due (md_catalogue_get_event (catalogue, "fall"), answers, FIXTURE_TODAY);
  for (guint i = 0; !found && i < g_list_model_get_n_items (due); i++)
    {
      g_autoptr (MdDue) one = g_list_model_get_item (due, i);

      if (g_str_equal (md_due_get_title (one), what))
        found = g_strdup (md_due_get_id (one));
    }
  remove_folder (folder);
  return found;
}

/* By its id a tick of a suspended visit is found again: what comes before it in a later guide is
 * another thing, and its words may change. */
static void
test_guide_ids_stay (void)
{
  g_autofree char *before = id_in (GUIDE (ELSEWHERE ("advice", "Advice")), "Advice");
  g_autofree char *after
      = id_in (GUIDE (ELSEWHERE ("notice", "Notice") "," ELSEWHERE ("advice", "Consultation")),
               "Consultation");
  g_autofree char *other
      = id_in (GUIDE (ELSEWHERE ("notice", "Notice") "," ELSEWHERE ("advice", "Advice")), "Notice");

  g_assert_cmpstr (before, ==, "fall/advice");
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpstr (other, ==, "fall/notice");
}

/* META and FREE are in every form. Of IDN, PERSON and AGENT a form has the whole set, told by one
 * of its fields, or nothing; all who come for themselves are identified, but for a mere question.
 */
static gboolean
has_set (MdForm *form, const char *field)
{
  static const char *const told_by[] = { "e.method", "p.atena", "a.mismatch" };

  if (g_str_equal (field, "p.mynum") && md_form_get_profile (form) == MD_PROFILE_V4)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (told_by); i++)
    if (field[0] == told_by[i][0])
      return md_form_has_field (form, told_by[i]);
  return TRUE;
}

static gboolean
needs_nobody_identified (MdForm *form)
{
  return !g_strv_contains (md_form_get_filers (form), "self")
         || g_str_equal (md_form_get_id (form), "common.inquiry_slip");
}

static void
test_common_sets (void)
{
  static const char *const fields[] = {
    "m.recv_no",    "m.proc",        "m.form_code",   "m.recv_date",    "m.filed_date",
    "m.channel",    "m.office",      "m.clerk",       "m.terminal",     "m.reason",
    "m.version",    "m.upd_date",    "m.upd_time",    "e.method",       "e.doc1",
    "e.doc2",       "e.card_read",   "e.cert_serial", "e.cert_verdict", "e.signature",
    "e.num_src",    "e.num_missing", "e.num_match",   "e.compare",      "e.notice_at",
    "e.consent_at", "p.mynum",       "p.atena",       "p.name",         "p.kana",
    "p.birth",      "p.sex",         "p.zip",         "p.addr",         "p.katagaki",
    "p.tel",        "a.kind",        "a.name",        "a.kana",         "a.birth",
    "a.addr",       "a.tel",         "a.relation",    "a.org",          "a.authority",
    "a.deleg_id",   "a.mismatch",    "m.memo",        "m.handover",     "m.msg",
    "m.attach",     "m.waiver",
  };
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());

  for (guint f = 0; f < g_list_model_get_n_items (forms); f++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, f);

      for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
        if (has_set (form, fields[i]))
          g_assert_true (md_form_has_field (form, fields[i]));
      g_assert_true (md_form_has_field (form, "e.method") || needs_nobody_identified (form));
      g_assert_cmpuint (strlen (md_form_get_purpose (form)), >, 20);
      g_assert_cmpuint (strlen (md_form_get_guide (form)), >, 20);
      g_assert_nonnull (md_form_get_basis (form)[0]);
    }
}

/* What an agent may file by a letter of delegation, in any version once; what changes the letter
 * needs not be named by it. */
static guint
count_delegable (void)
{
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (forms); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, i);

      count += form == md_catalogue_get_form (fixture_catalogue (), md_form_get_id (form))
               && g_strv_contains (md_form_get_filers (form), "agent")
               && md_form_has_field (form, "a.deleg_code") && !md_form_has_field (form, "g.change");
    }
  return count;
}

/* What can be delegated by letter is what an agent may file, by its name; and its form asks for the
 * letter's number and code. */
static void
test_delegable (void)
{
  static const char *const fields[] = { "g.proc1", "g.proc2", "g.proc3" };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      MdField *field = md_catalogue_get_field (fixture_catalogue (), fields[i]);
      guint n = 0;
      const MdFieldOption *options = md_field_get_options (field, &n);

      g_assert_cmpuint (n, >=, 60);
      for (guint k = 0; k < n; k++)
        {
          MdForm *form = md_catalogue_get_form (fixture_catalogue (), options[k].code);

          g_test_message ("%s", options[k].code);
          g_assert_nonnull (form);
          g_assert_true (g_strv_contains (md_form_get_filers (form), "agent"));
          g_assert_cmpstr (options[k].ja, ==, md_form_get_title_in (form, TRUE));
          g_assert_cmpstr (options[k].en, ==, md_form_get_title_in (form, FALSE));
          g_assert_true (md_form_has_field (form, "a.deleg_id"));
          g_assert_true (md_form_has_field (form, "a.deleg_code"));
        }
      g_assert_cmpuint (n, ==, count_delegable ());
    }
}

/* Who has no forms knows by the procedure alone for how long its application is kept, and means the
 * same as the form says. */
static void
test_retention (void)
{
  static const char *const rules[MD_N_RETENTIONS][2] = {
    [MD_RETENTION_FILE_PENSION] = { "RT-PEN" },
    [MD_RETENTION_FILE_CARE] = { "RT-CARE", "RT-CARE-LIFE" },
    [MD_RETENTION_FILE_LATE_ELDERLY] = { "RT-LEM" },
    [MD_RETENTION_FILE_HEALTH] = { "RT-HEA" },
    [MD_RETENTION_FILE_REGISTER] = { "RT-JUKI" },
    [MD_RETENTION_IDENTITY] = { "RT-IDC" },
    [MD_RETENTION_FILE_DATA_USE] = { "RT-5Y" },
    [MD_RETENTION_FILE_OTHER] = { "RT-DOC" },
  };
  g_autoptr (GListModel) all = md_catalogue_search (fixture_catalogue (), "", NULL);

  g_assert_cmpuint (g_list_model_get_n_items (all), >=, 84);
  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (all, i);
      const MdRetentionKind kind = md_retention_kind_of_procedure (md_form_get_id (form));
      const char *rule = md_form_get_retention (form);

      g_test_message ("%s: %s", md_form_get_id (form), rule);
      g_assert_true (g_strcmp0 (rule, rules[kind][0]) == 0
                     || g_strcmp0 (rule, rules[kind][1]) == 0);
    }
}

/* R-FORM-14: whoever writes a memo is told what does not belong there. */
static void
test_memo_warns (void)
{
  const char *hint = md_field_get_hint (md_catalogue_get_field (fixture_catalogue (), "m.memo"));

  g_assert_nonnull (hint);
  g_assert_nonnull (strstr (hint, "never a number"));
}

static void
assert_finds (const char *text, const char *id)
{
  g_autoptr (GListModel) found = md_catalogue_search (fixture_catalogue (), text, FIXTURE_TODAY);
  g_autoptr (MdForm) first = g_list_model_get_item (found, 0);

  g_assert_nonnull (first);
  g_assert_cmpstr (md_form_get_id (first), ==, id);
}

static void
test_search (void)
{
  g_autoptr (GListModel) all = md_catalogue_search (fixture_catalogue (), "", NULL);
  g_autoptr (GListModel) none = md_catalogue_search (fixture_catalogue (), "旅券", NULL);

  g_assert_cmpuint (g_list_model_get_n_items (all), ==,
                    g_list_model_get_n_items (G_LIST_MODEL (fixture_catalogue ())));
  g_assert_cmpuint (g_list_model_get_n_items (none), ==, 0);
  assert_finds ("免除", "pension.exemption");
  assert_finds ("めんじょ", "pension.exemption");
  assert_finds ("メンジョ", "pension.exemption");
  assert_finds ("ﾒﾝｼﾞｮ", "pension.exemption");
  assert_finds ("menjo", "pension.exemption");
  assert_finds ("PENSION.EX", "pension.exemption");
  assert_finds ("ようかいご・", "care.certification");
  assert_finds ("care-need", "care.certification");
  assert_finds ("要介護・要支援", "care.certification");
  assert_finds ("保険料免除", "pension.exemption");
  assert_finds ("資格確認書", "lem.certificate");
  assert_finds ("shikaku", "lem.certificate");
  assert_finds ("lem.cert", "lem.certificate");
  assert_finds ("委任状", "common.delegation");
  assert_finds ("いにん", "common.delegation");
}

/* What a check says, in the language that is set. */
static void
assert_says (const char *form, const char *check, const char *figure)
{
  g_autoptr (GPtrArray) facts
      = md_form_list_facts (md_catalogue_get_form (fixture_catalogue (), form));
  g_autofree char *key = g_strconcat ("check.", check, NULL);

  for (guint i = 0; i < facts->len; i++)
    {
      const MdFormFact *fact = g_ptr_array_index (facts, i);

      if (!g_str_equal (fact->key, key))
        continue;
      g_test_message ("%s", fact->text);
      g_assert_nonnull (strstr (fact->text, figure));
      return;
    }
  g_assert_not_reached ();
}

/* A setting in the middle of a sentence, as people write such a figure. */
static void
test_figures (void)
{
  static const char *const rows[][4] = {
    { "care.equipment", "CK-12", "上限10万円を", "limit of 100,000 yen of" },
    { "pension.exemption", "CK-11-retro", "2年1か月より前", "than 2 years and 1 month back" },
    { "care.high_cost", "CK-13", "月から2年を", "than 2 years have" },
    { "care.card_reissue", "second-certified", "40歳から64歳まで", "From 40 to 64:" },
  };
  g_autofree char *language = g_strdup (g_getenv ("LANGUAGE"));

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_setenv ("LANGUAGE", "ja", TRUE);
      assert_says (rows[i][0], rows[i][1], rows[i][2]);
      g_setenv ("LANGUAGE", "en", TRUE);
      assert_says (rows[i][0], rows[i][1], rows[i][3]);
    }
  if (language)
    g_setenv ("LANGUAGE", language, TRUE);
  else
    g_unsetenv ("LANGUAGE");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/catalogue/wrong-definitions", test_wrong_definitions);
  g_test_add_func ("/forms/catalogue/class-unsaid", test_class_unsaid);
  g_test_add_func ("/forms/catalogue/rules-are-bounded", test_rules_are_bounded);
  g_test_add_func ("/forms/catalogue/bombs", test_bombs);
  g_test_add_func ("/forms/catalogue/missing-files", test_missing_files);
  g_test_add_func ("/forms/catalogue/guide-ids-stay", test_guide_ids_stay);
  g_test_add_func ("/forms/catalogue/common-sets", test_common_sets);
  g_test_add_func ("/forms/catalogue/delegable", test_delegable);
  g_test_add_func ("/forms/catalogue/retention", test_retention);
  g_test_add_func ("/forms/catalogue/memo-warns", test_memo_warns);
  g_test_add_func ("/forms/catalogue/search", test_search);
  g_test_add_func ("/forms/catalogue/figures", test_figures);
  return g_test_run ();
}
