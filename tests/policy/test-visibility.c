// SPDX-License-Identifier: Apache-2.0
/* The shipped tables against the catalogue's, written
 * down here a second time. */
#include <json-glib/json-glib.h>
#include <md-policy.h>
#include <string.h>

/* One letter per role, R1 to R10. Lower case: only for intakes of the own office (R6). */
typedef struct
{
  MdProfile profile;
  MdSensitivity sensitivity;
  const char *letters;
} Row;

static const Row rows[] = {
  { MD_PROFILE_V1, MD_CLASS_MY_NUMBER, "R--RR-----" },
  { MD_PROFILE_V1, MD_CLASS_BASIC, "FFFFFf--MM" },
  { MD_PROFILE_V1, MD_CLASS_CONTACT, "FFMFFf----" },
  { MD_PROFILE_V1, MD_CLASS_INCOME, "FMMFFf----" },
  { MD_PROFILE_V1, MD_CLASS_WELFARE, "FM-FFf----" },
  { MD_PROFILE_V1, MD_CLASS_HEALTH, "RP-RRr----" },
  { MD_PROFILE_V1, MD_CLASS_OTHER, "FFFFFf----" },
  { MD_PROFILE_V2, MD_CLASS_MY_NUMBER, "R--RR-----" },
  { MD_PROFILE_V2, MD_CLASS_HEALTH, "R--RR-----" },
  { MD_PROFILE_V2, MD_CLASS_CONTACT, "FF-FFf----" },
  { MD_PROFILE_V2, MD_CLASS_INCOME, "FMMFFf----" },
  { MD_PROFILE_V3, MD_CLASS_MY_NUMBER, "----------" },
  { MD_PROFILE_V3, MD_CLASS_BASIC, "F---F---M-" },
  { MD_PROFILE_V4, MD_CLASS_MY_NUMBER, "----------" },
  { MD_PROFILE_V4, MD_CLASS_BASIC, "FFFFFf--MM" },
};

static MdVisibility *
read_tables (const char *text, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();

  if (!json_parser_load_from_data (parser, text, -1, error))
    return NULL;
  return md_visibility_new_from_json (json_node_get_object (json_parser_get_root (parser)), error);
}

static char *
shipped_text (void)
{
  g_autofree char *path
      = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "data", "policy", "visibility.json", NULL);
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static MdVisibility *
shipped (void)
{
  g_autofree char *text = shipped_text ();
  g_autoptr (GError) error = NULL;
  MdVisibility *tables = read_tables (text, &error);

  g_assert_no_error (error);
  return tables;
}

static MdGrant
grant_of (char letter)
{
  const char *letters = "-PMRF";

  return (MdGrant)(strchr (letters, g_ascii_toupper (letter)) - letters);
}

static void
test_shipped_tables (void)
{
  g_autoptr (MdVisibility) tables = shipped ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint role = 0; role < MD_N_ROLES; role++)
      {
        char letter = rows[i].letters[role];
        MdGrant wanted = grant_of (letter);
        MdGrant elsewhere = g_ascii_islower (letter) ? MD_GRANT_NONE : wanted;

        g_assert_cmpint (md_visibility_lookup (tables, rows[i].profile, rows[i].sensitivity, NULL,
                                               (MdRole)role, MD_SITUATION_OFFICE),
                         ==, wanted);
        g_assert_cmpint (md_visibility_lookup (tables, rows[i].profile, rows[i].sensitivity, NULL,
                                               (MdRole)role, MD_SITUATION_NONE),
                         ==, elsewhere);
      }
}

static void
assert_grant (MdVisibility *tables, MdRole role, MdSensitivity sensitivity, guint situation,
              MdGrant wanted)
{
  g_assert_cmpint (
      md_visibility_lookup (tables, MD_PROFILE_V2, sensitivity, NULL, role, (MdSituation)situation),
      ==, wanted);
}

static void
test_conditions (void)
{
  g_autoptr (MdVisibility) tables = shipped ();
  guint own_open = MD_SITUATION_OWN | MD_SITUATION_OPEN;

  /* V2: health is full for the clerk of the intake until it is decided, then covered. */
  assert_grant (tables, MD_ROLE_CLERK_NUMBER, MD_CLASS_HEALTH, own_open, MD_GRANT_FULL);
  assert_grant (tables, MD_ROLE_CLERK_NUMBER, MD_CLASS_HEALTH, MD_SITUATION_OWN, MD_GRANT_REVEAL);
  assert_grant (tables, MD_ROLE_CLERK_NUMBER, MD_CLASS_HEALTH, MD_SITUATION_OPEN, MD_GRANT_REVEAL);
  assert_grant (tables, MD_ROLE_CLERK, MD_CLASS_HEALTH, own_open, MD_GRANT_NONE);
  assert_grant (tables, MD_ROLE_BRANCH, MD_CLASS_HEALTH, own_open, MD_GRANT_FULL);
  assert_grant (tables, MD_ROLE_BRANCH, MD_CLASS_HEALTH, MD_SITUATION_OWN, MD_GRANT_REVEAL);
  assert_grant (tables, MD_ROLE_BRANCH, MD_CLASS_HEALTH, MD_SITUATION_OFFICE, MD_GRANT_NONE);
  /* A branch clerk sees numbers only with the right, and only of the own office. */
  assert_grant (tables, MD_ROLE_BRANCH, MD_CLASS_MY_NUMBER, MD_SITUATION_OFFICE, MD_GRANT_NONE);
  assert_grant (tables, MD_ROLE_BRANCH, MD_CLASS_MY_NUMBER, MD_SITUATION_NUMBER, MD_GRANT_NONE);
  assert_grant (tables, MD_ROLE_BRANCH, MD_CLASS_MY_NUMBER,
                MD_SITUATION_OFFICE | MD_SITUATION_NUMBER, MD_GRANT_REVEAL);
}

static void
test_field_overrides (void)
{
  g_autoptr (MdVisibility) tables = shipped ();
  MdSituation own_open = (MdSituation)(MD_SITUATION_OWN | MD_SITUATION_OPEN);

  g_assert_cmpint (md_visibility_lookup (tables, MD_PROFILE_V1, MD_CLASS_OTHER, "p.atena",
                                         MD_ROLE_AUDITOR, MD_SITUATION_NONE),
                   ==, MD_GRANT_FULL);
  g_assert_cmpint (md_visibility_lookup (tables, MD_PROFILE_V1, MD_CLASS_OTHER, "p.hh_no",
                                         MD_ROLE_AUDITOR, MD_SITUATION_NONE),
                   ==, MD_GRANT_NONE);
  /* Sensitive results are always covered first, even for the clerk of the intake. */
  g_assert_cmpint (md_visibility_lookup (tables, MD_PROFILE_V2, MD_CLASS_HEALTH, "s.he_b",
                                         MD_ROLE_CLERK_NUMBER, own_open),
                   ==, MD_GRANT_REVEAL);
  g_assert_cmpint (md_visibility_lookup (tables, MD_PROFILE_V2, MD_CLASS_HEALTH, "s.diag",
                                         MD_ROLE_CLERK_NUMBER, own_open),
                   ==, MD_GRANT_FULL);
}

static void
test_roles_add_up (void)
{
  g_autoptr (MdVisibility) tables = shipped ();
  MdRoles both = MD_ROLES (MD_ROLE_CLERK) | MD_ROLES (MD_ROLE_CHECKER);

  g_assert_cmpint (md_visibility_lookup_roles (tables, MD_PROFILE_V1, MD_CLASS_MY_NUMBER, NULL,
                                               both, MD_SITUATION_NONE),
                   ==, MD_GRANT_REVEAL);
  g_assert_cmpint (md_visibility_lookup_roles (tables, MD_PROFILE_V1, MD_CLASS_MY_NUMBER, NULL, 0,
                                               MD_SITUATION_NONE),
                   ==, MD_GRANT_NONE);
}

static void
test_wrong_tables (void)
{
  static const char *const changes[][2] = {
    { "\"clerk-number\": \"R\"", "\"clerk-number\": \"X\"" },
    { "\"clerk-number\": \"R\"", "\"clerk-number\": \"R@\"" },
    { "\"clerk-number\": \"R\"", "\"clerk-number\": \"R@nobody\"" },
    { "\"clerk-number\": \"R\"", "\"clerk-number\": \"R>R>R>R>R\"" },
    { "\"clerk-number\": \"R\"", "\"clerk-number\": \"\"" },
    { "\"clerk-number\": \"R\"", "\"clerk-number\": 1" },
    { "\"clerk-number\": \"R\"", "\"klerk-number\": \"R\"" },
    { "\"my-number\"", "\"my-numbers\"" },
    { "\"V3\"", "\"V9\"" },
    { "\"classes\"", "\"klasses\"" },
    { "\"auditor\": \"F\"", "\"auditors\": \"F\"" },
  };
  g_autofree char *text = shipped_text ();

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (GString) changed = g_string_new (text);
      g_autoptr (MdVisibility) tables = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (g_string_replace (changed, changes[i][0], changes[i][1], 1), ==, 1);
      tables = read_tables (changed->str, &error);
      g_assert_null (tables);
      g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID);
      g_assert_true (g_str_has_prefix (error->message, "visibility"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/policy/visibility/shipped-tables", test_shipped_tables);
  g_test_add_func ("/policy/visibility/conditions", test_conditions);
  g_test_add_func ("/policy/visibility/field-overrides", test_field_overrides);
  g_test_add_func ("/policy/visibility/roles-add-up", test_roles_add_up);
  g_test_add_func ("/policy/visibility/wrong-tables", test_wrong_tables);
  return g_test_run ();
}
