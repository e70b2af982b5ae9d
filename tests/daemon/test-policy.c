// SPDX-License-Identifier: Apache-2.0
/* A policy that ends, and what its limits make the service say. Run by with-world, which sets
 * MADOGUCHI_WORLD. */
#include <string.h>

#include "md-audit.h"
#include "service-fixture.h"

#define PATIENCE_S 150
#define SHORT_LIFE_S 45 /* for a restart and a login on a busy machine */

static char *
in_world (const char *folder, const char *name)
{
  return g_build_filename (g_getenv ("MADOGUCHI_WORLD"), folder, name, NULL);
}

/* --- A policy made to measure --- */

/* LIMITS (a JSON object) takes the place of the ward's own. */
static void
install (Fixture *f, guint version, gint64 life_s, const char *limits)
{
  JsonObject *root;
  g_autoptr (JsonParser) parser = service_load_policy (version, life_s, &root);

  if (limits != NULL)
    json_object_set_member (root, "limits", json_from_string (limits, NULL));
  service_put_policy (f, parser);
}

/* A policy that does not name the first of its officers. */
static void
install_without_first_officer (Fixture *f, guint version)
{
  JsonObject *root;
  g_autoptr (JsonParser) parser = service_load_policy (version, 3600, &root);
  JsonArray *staff = json_object_get_array_member (root, "staff");

  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (staff, 0), "id"),
                   ==, "S0001");
  json_array_remove_element (staff, 0);
  service_put_policy (f, parser);
}

typedef gboolean (*Condition) (Fixture *f);

static void
wait_until (Fixture *f, Condition condition)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;

  while (!condition (f))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_usleep (50000);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

static gboolean
has_no_policy (Fixture *f)
{
  return md_bus_terminal1_get_policy_version (f->desk->proxy) == 0;
}

static gboolean
has_empty_queue (Fixture *f)
{
  return service_queue_length (f) == 0;
}

/* --- The end of a policy --- */

static void
assert_ended (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) handle = NULL;
  guint version;

  g_assert_false (desk_login (f->desk, "S0001", &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NO_POLICY);
  g_clear_error (&error);
  g_assert_false (md_bus_terminal1_call_get_policy_sync (f->desk->proxy, NULL, &handle, &version,
                                                         NULL, NULL, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NO_POLICY);
  /* The people at the counter are told until when it was valid. */
  g_assert_nonnull (strstr (error->message, "valid until"));
  g_assert_cmpstr (md_bus_terminal1_get_trouble (f->desk->proxy), !=, "");
  g_assert_cmpuint (service_queue_length (f), ==, 1);
}

/* The service that goes on and the one that starts anew do the same: nobody logs in, nothing is
 * taken in, it is told and recorded, and what was sealed is delivered. */
static void
test_end (Fixture *f, gconstpointer data)
{
  g_autofree char *gateway_ini = in_world ("gateway", "gateway.ini");
  g_autofree char *program
      = g_build_filename (g_getenv ("MADOGUCHI_BUILD"), "src/gateway/madoguchi-gateway", NULL);
  g_autoptr (GSubprocess) gateway = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  g_free (service_take_in (f));
  install (f, 2, SHORT_LIFE_S, NULL);
  service_restart (f, SIGTERM);
  g_assert_cmpuint (md_bus_terminal1_get_policy_version (f->desk->proxy), ==, 2);
  service_login (f, "S0001");
  wait_until (f, has_no_policy);
  g_assert_null (desk_reserve (f->desk, "pension.exemption", &error));
  g_clear_error (&error);
  g_assert_cmpuint (service_count_recorded (f, "logout", "done", "cause=policy"), ==, 1);
  g_assert_cmpuint (service_count_recorded (f, "policy", "refused", "cause=expired"), ==, 1);
  assert_ended (f);

  service_restart (f, SIGTERM);
  g_assert_true (has_no_policy (f));
  assert_ended (f);

  gateway = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, program, "--config",
                              gateway_ini, NULL);
  g_assert_no_error (error);
  g_assert_true (md_bus_terminal1_call_retry_now_sync (f->desk->proxy, NULL, NULL));
  wait_until (f, has_empty_queue);
  g_subprocess_send_signal (gateway, SIGTERM);
  g_assert_true (g_subprocess_wait (gateway, NULL, NULL));

  /* The next policy, and the day goes on. */
  install (f, 3, 3600, NULL);
  service_restart (f, SIGTERM);
  service_login (f, "S0001");
  g_free (service_take_in (f));
}

static gboolean
has_third_policy (Fixture *f)
{
  return md_bus_terminal1_get_policy_version (f->desk->proxy) == 3;
}

/* An officer whom the policy names when the card is shown, and no more when the password comes: no
 * session, and the record says why. */
static void
test_ends_under_the_login (Fixture *f, gconstpointer data)
{
  g_autofree char *password = desk_password (f->desk, "S0001");
  g_autoptr (GError) error = NULL;
  DeskLogin login;

  /* The file has its place from the start: reading it again is enough. */
  install (f, 2, 3600, NULL);
  service_restart (f, SIGTERM);
  g_assert_true (desk_begin_login (f->desk, "S0001", &login, &error));
  install_without_first_officer (f, 3);
  g_subprocess_send_signal (f->daemon, SIGHUP);
  wait_until (f, has_third_policy);
  g_assert_false (desk_finish_login (f->desk, &login, "S0001", password, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_CARD_UNKNOWN);
  service_assert_recorded (f, "login", "refused", "cause=unknown-card");
  g_assert_cmpuint (service_count_recorded (f, "logout", "done", "cause=vanished"), ==, 0);
  g_assert_cmpuint (service_count_recorded (f, "login", "done", ""), ==, 0);
}

/* --- What should be seen to soon --- */

static char *
doctor (const char *check)
{
  g_autofree char *program
      = g_build_filename (g_getenv ("MADOGUCHI_BUILD"), "src/ctl/madoguchictl", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) ctl = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program,
                                                  "--session", "--json", "doctor", NULL);
  g_autofree char *out = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *rows;

  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (ctl, NULL, NULL, &out, NULL, NULL));
  g_assert_true (json_parser_load_from_data (parser, out, -1, NULL));
  rows = json_node_get_array (json_parser_get_root (parser));
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);

      if (g_str_equal (json_object_get_string_member (row, "check"), check))
        return g_strdup (json_object_get_string_member (row, "state"));
    }
  return g_strdup ("nothing");
}

static void
assert_doctor (const char *check, const char *state)
{
  g_autofree char *found = doctor (check);

  g_assert_cmpstr (found, ==, state);
}

static gboolean
lacks_three_things (Fixture *f)
{
  g_auto (GStrv) lines = g_strsplit (md_bus_terminal1_get_attention (f->desk->proxy), "\n", -1);

  return g_strv_length (lines) == 3;
}

/* The last number of the range is given: not that some come over the line. */
static void
use_up_numbers (Fixture *f, guint version, guint numbers)
{
  JsonObject *root, *pool;
  g_autoptr (JsonParser) parser = service_load_policy (version, 3600, &root);
  JsonArray *terminals = json_object_get_array_member (root, "terminals");

  for (guint i = 0; i < json_array_get_length (terminals); i++)
    {
      pool = json_object_get_object_member (json_array_get_object_element (terminals, i),
                                            "receipt_pool");
      json_object_set_int_member (pool, "from", 1);
      json_object_set_int_member (pool, "to", numbers);
    }
  service_put_policy (f, parser);
  service_restart (f, SIGTERM);
}

/* A policy about to end, few numbers, much unsent: told at the counter and by the doctor, and
 * intake goes on all the same. */
static void
test_attention (Fixture *f, gconstpointer data)
{
  g_assert_cmpstr (md_bus_terminal1_get_attention (f->desk->proxy), ==, "");
  assert_doctor ("policy", "ok");
  assert_doctor ("queue", "ok");
  assert_doctor ("receipt numbers", "ok");
  install (f, 2, 10 * 24 * 3600,
           "{\"container_bytes\": 16777216, \"unsent\": 1, \"receipts_low\": 200000}");
  service_restart (f, SIGTERM);
  service_login (f, "S0001");
  g_free (service_take_in (f));
  g_free (service_take_in (f));
  wait_until (f, lacks_three_things);
  g_assert_cmpstr (md_bus_terminal1_get_trouble (f->desk->proxy), ==, "");
  g_free (service_take_in (f));
  assert_doctor ("policy", "warning");
  assert_doctor ("queue", "warning");
  assert_doctor ("receipt numbers", "warning");
  g_assert_null (strstr (md_bus_terminal1_get_attention (f->desk->proxy), "they are the last"));
  use_up_numbers (f, 3, 3);
  g_assert_nonnull (strstr (md_bus_terminal1_get_attention (f->desk->proxy), "they are the last"));
  assert_doctor ("receipt numbers", "bad");
}

/* A new policy that gives the vault the business system's key does not come into force; the one
 * before it stays. */
static void
test_vault_apart (Fixture *f, gconstpointer data)
{
  JsonObject *root, *recipients;
  g_autoptr (JsonParser) parser = service_load_policy (2, 3600, &root);

  recipients = json_object_get_object_member (root, "recipients");
  json_object_set_string_member (recipients, "vault",
                                 json_object_get_string_member (recipients, "business"));
  service_put_policy (f, parser);
  service_restart (f, SIGTERM);
  g_assert_cmpuint (md_bus_terminal1_get_policy_version (f->desk->proxy), ==, 1);
  g_assert_cmpuint (service_count_recorded (f, "policy", "refused", "cause=invalid"), ==, 1);
  service_login (f, "S0001");
  g_free (service_take_in (f));
}

#define ADD(name, function)                                                                        \
  g_test_add ("/daemon/policy/" name, Fixture, NULL, service_set_up, function, service_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("end", test_end);
  ADD ("ends-under-the-login", test_ends_under_the_login);
  ADD ("attention", test_attention);
  ADD ("vault-apart", test_vault_apart);
  return service_run ();
}
