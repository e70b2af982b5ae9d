// SPDX-License-Identifier: Apache-2.0
/* Procedures for which nobody is identified: what the service takes in as such, and what it does
 * not, whoever speaks to it; and those whose form the policy does not take. Run by with-world,
 * which sets MADOGUCHI_WORLD. */
#include <string.h>

#include "service-fixture.h"

#define SCREENING "health.stomach"
#define PENSION "pension.exemption"

static const DeskPerson nobody = { NULL };
static const DeskPerson somebody = { "name, birth date", NULL, NULL, "address 1" };
static const DeskFlaws waived
    = { .method = "none", .verdict = "not-required", .revocation = "none" };

/* Of whom nothing is said yet. Caller owns both. */
static char *
begin (Fixture *f, const char *procedure, GVariant **out_reservation)
{
  g_autoptr (GError) error = NULL;
  char *intake = NULL;

  *out_reservation = desk_reserve_only (f->desk, procedure, &error);
  g_assert_no_error (error);
  g_variant_lookup (*out_reservation, "intake", "s", &intake);
  return intake;
}

static gboolean
submit (Fixture *f, GVariant *reservation, const DeskFlaws *flaws, GError **error)
{
  g_autoptr (GBytes) container = desk_seal (f->desk, reservation, 4096, flaws, error);
  g_autofree char *intake = NULL;
  g_autofree char *number = NULL;

  g_assert_nonnull (container);
  g_variant_lookup (reservation, "intake", "s", &intake);
  return desk_submit (f->desk, intake, container, &number, error);
}

static void
assert_refused (Fixture *f, GVariant *reservation, const DeskFlaws *flaws, const char *cause)
{
  const guint before = service_queue_length (f);
  g_autofree char *detail = g_strdup_printf ("cause=%s", cause);
  g_autoptr (GError) error = NULL;

  g_assert_false (submit (f, reservation, flaws, &error));
  g_assert_nonnull (error);
  service_assert_recorded (f, "submit", "refused", detail);
  g_assert_cmpuint (service_queue_length (f), ==, before);
}

/* Somebody is named, or nobody is, and each has to be said. */
static void
test_taken_in (Fixture *f, gconstpointer data)
{
  static const DeskPerson *const people[] = { &nobody, &somebody };

  service_login (f, "S0001");
  for (gsize i = 0; i < G_N_ELEMENTS (people); i++)
    {
      g_autoptr (GVariant) reservation = NULL;
      g_autofree char *intake = begin (f, SCREENING, &reservation);
      g_autofree char *raised = NULL;
      g_autoptr (GError) error = NULL;

      assert_refused (f, reservation, &waived, "not-named");
      raised = desk_name (f->desk, intake, people[i], &error);
      g_assert_no_error (error);
      g_assert_cmpstr (raised, ==, "");
      g_assert_true (submit (f, reservation, &waived, &error));
      g_assert_no_error (error);
    }
  g_assert_cmpuint (service_queue_length (f), ==, 2);
}

/* Whoever names nobody to the service and seals somebody is found out, and the other way round. */
static void
test_says_the_same (Fixture *f, gconstpointer data)
{
  DeskFlaws lies = waived;
  g_autoptr (GVariant) reservation = NULL;
  g_autofree char *intake = NULL;
  g_autofree char *raised = NULL;

  service_login (f, "S0001");
  intake = begin (f, SCREENING, &reservation);
  raised = desk_name (f->desk, intake, &nobody, NULL);
  lies.named = &somebody;
  assert_refused (f, reservation, &lies, "named-otherwise");
  g_free (raised);
  raised = desk_name (f->desk, intake, &somebody, NULL);
  lies.named = &nobody;
  assert_refused (f, reservation, &lies, "named-otherwise");
}

/* A window that was changed, which begins any procedure without a card. */
static void
test_not_where_more_is_demanded (Fixture *f, gconstpointer data)
{
  static const char *const procedures[] = { PENSION, "lem.certificate", "juki.disclosure" };

  service_login (f, "S0001");
  for (gsize i = 0; i < G_N_ELEMENTS (procedures); i++)
    {
      g_autoptr (GVariant) reservation = NULL;
      g_autofree char *intake = begin (f, procedures[i], &reservation);
      g_autofree char *raised = NULL;
      g_autofree char *again = NULL;
      g_autoptr (GError) error = NULL;

      raised = desk_name (f->desk, intake, &nobody, &error);
      g_assert_null (raised);
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_INVALID);
      service_assert_recorded (f, "hold", "refused", "cause=no-digest");
      again = desk_name (f->desk, intake, &somebody, NULL);
      g_assert_nonnull (again);
      assert_refused (f, reservation, &waived, "identification");
    }
}

/* And one that makes more of it than it is. */
static void
test_not_as_something_else (Fixture *f, gconstpointer data)
{
  g_autoptr (GVariant) reservation = NULL;
  g_autofree char *intake = NULL;
  g_autofree char *raised = NULL;

  service_login (f, "S0001");
  intake = begin (f, SCREENING, &reservation);
  raised = desk_name (f->desk, intake, &somebody, NULL);
  assert_refused (f, reservation, &(DeskFlaws){ 0 }, "identification");
  assert_refused (f, reservation,
                  &(DeskFlaws){ .method = "none", .verdict = "valid", .revocation = "ocsp" },
                  "identification-contradiction");
  assert_refused (f, reservation,
                  &(DeskFlaws){ .method = "none", .verdict = "documents", .revocation = "none" },
                  "identification-contradiction");
}

static void
set_methods (JsonObject *root, const char *procedure, const char *method, const char *assurance)
{
  JsonObject *rules = json_object_get_object_member (
      json_object_get_object_member (root, "procedures"), procedure);
  JsonArray *methods = json_array_new ();

  json_array_add_string_element (methods, method);
  json_object_set_array_member (rules, "identification", methods);
  json_object_set_string_member (rules, "assurance", assurance);
}

static void
set_version (JsonObject *root, const char *procedure, const char *version)
{
  JsonObject *rules = json_object_get_object_member (
      json_object_get_object_member (root, "procedures"), procedure);
  JsonObject *one = json_object_new ();
  JsonArray *versions = json_array_new ();

  json_object_set_string_member (one, "version", version);
  json_object_set_string_member (one, "from", "2020-01-01");
  json_array_add_object_element (versions, one);
  json_object_set_array_member (rules, "versions", versions);
}

/* The clerk before anybody is asked anything, the window and the doctor. */
static void
assert_untaken (Fixture *f, const char *procedure)
{
  g_autoptr (GVariant) health = NULL;
  g_autoptr (GVariant) refused = NULL;
  g_autofree char *versions = NULL;
  g_autoptr (GError) error = NULL;

  refused = desk_reserve_only (f->desk, procedure, &error);
  g_assert_null (refused);
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
  service_assert_recorded (f, "reserve", "refused", "cause=procedure-version");
  g_assert_true (md_bus_terminal1_call_health_sync (f->desk->proxy, &health, NULL, NULL));
  g_assert_true (g_variant_lookup (health, "versions", "s", &versions));
  g_assert_true (g_str_has_prefix (versions, procedure));
  g_assert_null (strchr (versions, '\n'));
  g_assert_nonnull (strstr (md_bus_terminal1_get_attention (f->desk->proxy), procedure));
}

/* The gateway would refuse what a form of another version says, when the person has gone. */
static void
test_version (Fixture *f, gconstpointer data)
{
  JsonObject *root = NULL;
  g_autoptr (JsonParser) parser = service_load_policy (2, 3600, &root);
  g_autoptr (GVariant) reservation = NULL;
  g_autofree char *intake = NULL;
  g_autofree char *raised = NULL;

  set_version (root, PENSION, "9");
  set_version (root, SCREENING, "1");
  service_put_policy (f, parser);
  service_restart (f, SIGTERM);
  service_login (f, "S0001");
  assert_untaken (f, PENSION);
  intake = begin (f, SCREENING, &reservation);
  raised = desk_name (f->desk, intake, &nobody, NULL);
  assert_refused (
      f, reservation,
      &(DeskFlaws){
          .version = "2", .method = "none", .verdict = "not-required", .revocation = "none" },
      "procedure-version");
  g_assert_true (submit (f, reservation, &waived, NULL));
}

/* A policy with a word too much opens nothing: the form asks for somebody. And where the policy
 * asks for somebody, the form alone waives nothing. */
static void
test_both_have_to_say_so (Fixture *f, gconstpointer data)
{
  JsonObject *root = NULL;
  g_autoptr (JsonParser) parser = service_load_policy (2, 3600, &root);
  g_autoptr (GVariant) refused = NULL;
  g_autoptr (GVariant) reservation = NULL;
  g_autofree char *intake = NULL;
  g_autofree char *raised = NULL;
  g_autoptr (GError) error = NULL;

  set_methods (root, PENSION, "none", "none");
  set_methods (root, SCREENING, "jpki-auth", "card-key");
  service_put_policy (f, parser);
  service_restart (f, SIGTERM);
  service_login (f, "S0001");
  refused = desk_reserve_only (f->desk, PENSION, &error);
  g_assert_null (refused);
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
  service_assert_recorded (f, "reserve", "refused", "cause=identification-assurance");
  g_clear_error (&error);
  intake = begin (f, SCREENING, &reservation);
  raised = desk_name (f->desk, intake, &nobody, &error);
  g_assert_null (raised);
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test)                                                                            \
  g_test_add ("/daemon/waiver/" path, Fixture, NULL, service_set_up, test, service_tear_down)
  ADD ("taken-in", test_taken_in);
  ADD ("says-the-same", test_says_the_same);
  ADD ("not-where-more-is-demanded", test_not_where_more_is_demanded);
  ADD ("not-as-something-else", test_not_as_something_else);
  ADD ("both-have-to-say-so", test_both_have_to_say_so);
  ADD ("version", test_version);
#undef ADD
  return service_run ();
}
