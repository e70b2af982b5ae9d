// SPDX-License-Identifier: Apache-2.0
/* Every page of the window against every role. Run by with-world, which sets MADOGUCHI_WORLD. */
#include <json-glib/json-glib.h>

#include "md-intake.h"

#define OFFICER "S0002"

/* The ward's policy with this role, and these sections (JSON, or NULL), for one of its officers. */
static MdPolicy *
policy_with (const char *role, const char *sections)
{
  g_autofree char *path
      = g_build_filename (g_getenv ("MADOGUCHI_WORLD"), "policy", "policy.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *roles = g_strdup_printf ("[\"%s\"]", role);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  MdPolicy *policy;
  JsonObject *officer;
  gsize length;
  char *text;

  g_assert_true (json_parser_load_from_file (parser, path, NULL));
  officer = json_array_get_object_element (
      json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "staff"),
      1);
  g_assert_cmpstr (json_object_get_string_member (officer, "id"), ==, OFFICER);
  json_object_set_member (officer, "roles", json_from_string (roles, NULL));
  if (sections)
    json_object_set_member (officer, "sections", json_from_string (sections, NULL));
  json_generator_set_root (generator, json_parser_get_root (parser));
  text = json_generator_to_data (generator, &length);
  bytes = g_bytes_new_take (text, length);
  policy = md_policy_new_from_json (bytes, NULL, &error);
  g_assert_no_error (error);
  return policy;
}

static char *
pages_of (const char *role, const char *sections)
{
  g_autoptr (MdPolicy) policy = policy_with (role, sections);
  g_autofree const char **pages = md_desk_list_pages (md_policy_get_rights (policy, OFFICER));
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; pages[i]; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", pages[i]);
  return g_strdup (text->str);
}

static void
test_pages_of_each_role (void)
{
  static const struct
  {
    const char *role, *pages;
  } expected[MD_N_ROLES] = {
    { "clerk-number", "home confirmations returned draft queue settings" },
    { "clerk", "home confirmations returned draft queue settings" },
    { "inquiry", "home settings" },
    { "checker", "home approvals confirmations returned draft queue settings" },
    { "supervisor", "home approvals confirmations returned draft queue settings" },
    { "branch", "home confirmations returned draft queue settings" },
    { "sync", "home queue settings" },
    { "admin", "home queue log settings" },
    { "auditor", "home queue log settings" },
    { "reference", "home settings" },
  };

  for (guint i = 0; i < MD_N_ROLES; i++)
    {
      g_autofree char *pages = pages_of (expected[i].role, NULL);

      g_assert_cmpstr (expected[i].role, ==, md_role_to_id ((MdRole)i));
      g_assert_cmpstr (pages, ==, expected[i].pages);
    }
}

/* Whose sections have no procedure here has no work here. */
static void
test_pages_of_sections (void)
{
  g_autofree char *own = pages_of ("clerk", "[\"care\"]");
  g_autofree char *none = pages_of ("clerk", "[\"tax\"]");

  g_assert_cmpstr (own, ==, "home confirmations returned draft queue settings");
  g_assert_cmpstr (none, ==, "home settings");
}

static void
test_pages_of_nobody (void)
{
  g_autoptr (MdPolicy) policy = policy_with ("clerk", NULL);

  g_assert_cmpint (md_policy_get_rights (policy, "S9999"), ==, MD_RIGHT_NONE);
  g_assert_cmpint (md_policy_get_rights (policy, NULL), ==, MD_RIGHT_NONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/intake/pages/each-role", test_pages_of_each_role);
  g_test_add_func ("/intake/pages/sections", test_pages_of_sections);
  g_test_add_func ("/intake/pages/nobody", test_pages_of_nobody);
  return g_test_run ();
}
