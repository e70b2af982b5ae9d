// SPDX-License-Identifier: Apache-2.0
/* Two officers have to agree: the service, and every way around the second. The window is left out:
 * each call comes over the bus as anybody might make it. */
#include <glib/gstdio.h>

#include "service-fixture.h"

/* pension.exemption is checked by a checker and approved by the supervisor. */
static void
change_rules (Fixture *f, guint version, gboolean two, gboolean checker)
{
  JsonObject *root = NULL;
  g_autoptr (JsonParser) parser = service_load_policy (version, 86400, &root);
  JsonObject *rules = json_object_get_object_member (
      json_object_get_object_member (root, "procedures"), "pension.exemption");
  JsonArray *approvers = json_array_new ();
  JsonArray *staff = json_object_get_array_member (root, "staff");

  json_array_add_string_element (approvers, "checker");
  json_array_add_string_element (approvers, "supervisor");
  json_object_set_array_member (rules, "approvers", approvers);
  if (two)
    json_object_set_int_member (rules, "checks", 2);
  for (guint i = 0; !checker && i < json_array_get_length (staff); i++)
    if (g_str_equal (json_object_get_string_member (json_array_get_object_element (staff, i), "id"),
                     "S0102"))
      json_array_remove_element (staff, i);
  service_put_policy (f, parser);
  if (version > 2)
    service_read_policy (f, version);
  else /* the file has its place from the start; from then on reading it again is enough */
    service_restart (f, SIGTERM);
}

/* Taken in by the clerk, and under rules by which two must agree. */
static char *
take_in (Fixture *f)
{
  change_rules (f, 2, TRUE, TRUE);
  service_login (f, "S0001");
  return service_take_in (f);
}

static void
decide (Fixture *f, const char *intake, const char *officer, MdDecisionKind kind)
{
  g_autoptr (GError) error = NULL;

  service_login (f, officer);
  desk_decide (f->desk, intake, kind, &error);
  g_assert_no_error (error);
}

static void
assert_refused (Fixture *f, const char *intake, const MdDecisionFiles *files, MdBusError code,
                const char *cause)
{
  const guint queued = service_queue_length (f);
  g_autofree char *detail = g_strconcat ("cause=", cause, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (desk_send_decision (f->desk, intake, files, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, MD_BUS_ERROR, (int)code);
  service_assert_recorded (f, "decide", "refused", detail);
  g_assert_cmpuint (service_queue_length (f), ==, queued);
}

/* What the list says of it: how many must agree, how many have, and who was the first. */
static void
assert_listed (Fixture *f, const char *intake, const char *state, guint agreed, const char *by,
               guint of)
{
  g_autoptr (GVariant) rows = NULL;
  g_autoptr (GVariant) row = NULL;
  g_autoptr (GError) error = NULL;
  const char *is = NULL;
  const char *checked_by = NULL;
  guint officers = 0;
  guint have = 0;

  md_bus_terminal1_call_list_intakes_sync (f->desk->proxy, f->desk->session, "all", &rows, NULL,
                                           &error);
  g_assert_no_error (error);
  for (gsize i = 0; row == NULL && i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) one = g_variant_get_child_value (rows, i);
      const char *id = NULL;

      if (g_variant_lookup (one, "intake", "&s", &id) && g_str_equal (id, intake))
        row = g_variant_ref (one);
    }
  g_assert_true (g_variant_lookup (row, "state", "&s", &is));
  g_assert_true (g_variant_lookup (row, "checked_by", "&s", &checked_by));
  g_assert_true (g_variant_lookup (row, "officers", "u", &officers));
  g_assert_true (g_variant_lookup (row, "agreed", "u", &have));
  g_assert_cmpstr (is, ==, state);
  g_assert_cmpstr (checked_by, ==, by);
  g_assert_cmpuint (officers, ==, of);
  g_assert_cmpuint (have, ==, agreed);
}

/* Whether the window and the doctor are told that form and policy differ about this procedure. */
static void
assert_told (Fixture *f, const char *procedure, const char *who)
{
  g_autoptr (GVariant) health = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *differ = NULL;

  md_bus_terminal1_call_health_sync (f->desk->proxy, &health, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_variant_lookup (health, "officers", "s", &differ));
  g_test_message ("%s", differ);
  g_assert_nonnull (strstr (differ, procedure));
  g_assert_nonnull (strstr (differ, who));
  g_assert_nonnull (
      strstr (md_bus_terminal1_get_attention (f->desk->proxy), "how many officers have to agree"));
}

/* R-APPR-03: one checks, it waits, another approves; whatever is killed between the two. */
static void
test_two (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = take_in (f);
  g_autoptr (MdDecisionFiles) check = NULL;
  g_autoptr (GError) error = NULL;

  assert_listed (f, intake, "received", 0, "", 2);
  assert_told (f, "pension.exemption", "the policy asks for two");
  service_login (f, "S0102");
  check = desk_decision (f->desk, intake, MD_DECISION_CHECK, "S0102", "S0102", &error);
  g_assert_no_error (error);
  desk_send_decision (f->desk, intake, check, &error);
  g_assert_no_error (error);
  service_assert_recorded (f, "decide", "done", "decision=check");
  assert_listed (f, intake, "received", 1, "S0102", 2);
  service_restart (f, SIGKILL);
  service_login (f, "S0102");
  desk_send_decision (f->desk, intake, check, &error); /* the answer was lost */
  g_assert_no_error (error);
  g_assert_cmpuint (service_queue_length (f), ==, 2);
  assert_listed (f, intake, "received", 1, "S0102", 2);
  decide (f, intake, "S0101", MD_DECISION_APPROVE);
  service_assert_recorded (f, "decide", "done", "decision=approve");
  assert_listed (f, intake, "approved", 2, "S0102", 2);
  g_assert_cmpuint (service_queue_length (f), ==, 3);
}

/* What one officer has decided stays decided by one, whatever a policy of a later day demands; what
 * waits is decided by that. */
static void
test_of_its_day (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = NULL;
  g_autofree char *waits = NULL;

  change_rules (f, 2, FALSE, TRUE);
  service_login (f, "S0001");
  intake = service_take_in (f);
  waits = service_take_in (f);
  decide (f, intake, "S0101", MD_DECISION_APPROVE);
  assert_listed (f, intake, "approved", 1, "", 1);
  assert_listed (f, waits, "received", 0, "", 1);
  change_rules (f, 3, TRUE, TRUE);
  service_login (f, "S0101");
  assert_listed (f, intake, "approved", 1, "", 1);
  assert_listed (f, waits, "received", 0, "", 2);
}

/* X: one alone, the same one twice, the wrong half, the clerk. */
static void
test_around (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = take_in (f);
  g_autoptr (MdDecisionFiles) alone = NULL;
  g_autoptr (MdDecisionFiles) second = NULL;
  g_autoptr (MdDecisionFiles) wrong = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0101");
  alone = desk_decision (f->desk, intake, MD_DECISION_APPROVE, "S0101", "S0101", &error);
  assert_refused (f, intake, alone, MD_BUS_ERROR_DECISION_INVALID, "officers");
  service_login (f, "S0102");
  wrong = desk_decision (f->desk, intake, MD_DECISION_APPROVE, "S0102", "S0102", &error);
  assert_refused (f, intake, wrong, MD_BUS_ERROR_NOT_PERMITTED, "role");
  decide (f, intake, "S0101", MD_DECISION_CHECK);
  /* The tool makes no approval by who checked. Another's, sent by them, is not theirs. */
  g_assert_null (desk_decision (f->desk, intake, MD_DECISION_APPROVE, "S0101", "S0101", &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_SAME_PERSON);
  g_clear_error (&error);
  second = desk_decision (f->desk, intake, MD_DECISION_APPROVE, "S0102", "S0102", &error);
  g_assert_no_error (error);
  assert_refused (f, intake, second, MD_BUS_ERROR_SIGNATURE_INVALID, "foreign-signature");
  service_login (f, "S0102"); /* a checker does not approve */
  assert_refused (f, intake, second, MD_BUS_ERROR_NOT_PERMITTED, "role");
  assert_listed (f, intake, "received", 1, "S0101", 2);
}

/* Sent back by the second: what was signed stays, and when it is taken up anew both agree anew. */
static void
test_sent_back (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = take_in (f);
  g_autoptr (MdDecisionFiles) alone = NULL;
  g_autoptr (GError) error = NULL;

  decide (f, intake, "S0102", MD_DECISION_CHECK);
  decide (f, intake, "S0101", MD_DECISION_RETURN);
  assert_listed (f, intake, "returned", 0, "", 2);
  decide (f, intake, "S0101", MD_DECISION_RESTORE);
  assert_listed (f, intake, "received", 0, "", 2);
  alone = desk_decision (f->desk, intake, MD_DECISION_APPROVE, "S0101", "S0101", &error);
  assert_refused (f, intake, alone, MD_BUS_ERROR_DECISION_INVALID, "officers");
  decide (f, intake, "S0102", MD_DECISION_CHECK);
  decide (f, intake, "S0101", MD_DECISION_APPROVE);
  assert_listed (f, intake, "approved", 2, "S0102", 2);
}

/* The checker leaves, or one suffices by now: what was checked was, and needs another's approval.
 */
static void
test_changed_between (Fixture *f, gconstpointer data)
{
  g_autofree char *left = take_in (f);
  g_autofree char *eased = NULL;
  g_autofree char *stricter = NULL;
  g_autoptr (MdDecisionFiles) old = NULL;
  g_autoptr (MdDecisionFiles) needless = NULL;
  g_autoptr (GError) error = NULL;

  eased = service_take_in (f);
  decide (f, left, "S0102", MD_DECISION_CHECK);
  decide (f, eased, "S0102", MD_DECISION_CHECK);
  service_login (f, "S0101");
  old = desk_decision (f->desk, left, MD_DECISION_APPROVE, "S0101", "S0101", &error);
  change_rules (f, 3, TRUE, FALSE);
  service_login (f, "S0101");
  assert_refused (f, left, old, MD_BUS_ERROR_POLICY_CHANGED, "policy-changed");
  decide (f, left, "S0101", MD_DECISION_APPROVE);
  change_rules (f, 4, FALSE, TRUE);
  service_login (f, "S0001");
  stricter = service_take_in (f);
  assert_listed (f, eased, "received", 1, "S0102", 2);
  decide (f, eased, "S0101", MD_DECISION_APPROVE);
  needless = desk_decision (f->desk, stricter, MD_DECISION_CHECK, "S0101", "S0101", &error);
  assert_refused (f, stricter, needless, MD_BUS_ERROR_DECISION_INVALID, "officers");
  /* Begun when one sufficed, decided when two must. */
  change_rules (f, 5, TRUE, TRUE);
  service_login (f, "S0101");
  g_clear_pointer (&needless, md_decision_files_free);
  needless = desk_decision (f->desk, stricter, MD_DECISION_APPROVE, "S0101", "S0101", &error);
  assert_refused (f, stricter, needless, MD_BUS_ERROR_DECISION_INVALID, "officers");
}

/* R-APPR-04: the form asks for two and the policy for one. One alone does not approve it, nor where
 * the service does not have the form. */
static void
test_form_alone (Fixture *f, gconstpointer data)
{
  JsonObject *root = NULL;
  g_autoptr (JsonParser) parser = service_load_policy (2, 86400, &root);
  JsonObject *procedures = json_object_get_object_member (root, "procedures");
  g_autofree char *intake = NULL;
  g_autofree char *other = NULL;
  g_autoptr (MdDecisionFiles) alone = NULL;
  g_autoptr (MdDecisionFiles) unknown = NULL;
  g_autoptr (GError) error = NULL;

  json_object_remove_member (json_object_get_object_member (procedures, "care.nonresident"),
                             "checks");
  service_put_policy (f, parser);
  service_restart (f, SIGTERM);
  service_login (f, "S0001");
  assert_told (f, "care.nonresident", "the form asks for two");
  intake = desk_take_in (f->desk, "care.nonresident", &error);
  g_assert_no_error (error);
  assert_listed (f, intake, "received", 0, "", 2);
  other = desk_take_in (f->desk, "care.nonresident", &error);
  g_assert_no_error (error);
  service_login (f, "S0101");
  alone = desk_decision (f->desk, intake, MD_DECISION_APPROVE, "S0101", "S0101", &error);
  assert_refused (f, intake, alone, MD_BUS_ERROR_DECISION_INVALID, "officers");
  decide (f, intake, "S0102", MD_DECISION_CHECK);
  decide (f, intake, "S0101", MD_DECISION_APPROVE);
  assert_listed (f, intake, "approved", 2, "S0102", 2);
  service_set_in_settings (f, "terminal", "forms_dir", f->state);
  service_restart (f, SIGTERM);
  service_login (f, "S0101");
  unknown = desk_decision (f->desk, other, MD_DECISION_APPROVE, "S0101", "S0101", &error);
  assert_refused (f, other, unknown, MD_BUS_ERROR_FAILED, "form-unknown");
}

/* The form of pension.exemption as it is, with another version and as many officers. */
static void
put_form (Fixture *f, const char *name, gint64 version, gint64 officers)
{
  g_autofree char *from = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "data", "forms",
                                            "procedures", "pension.exemption.json", NULL);
  g_autofree char *to = g_build_filename (f->state, "forms", "procedures", name, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  JsonObject *root, *approval;

  g_assert_true (json_parser_load_from_file (parser, from, NULL));
  root = json_node_get_object (json_parser_get_root (parser));
  approval = json_object_get_object_member (root, "approval");
  json_object_set_int_member (root, "version", version);
  json_object_set_string_member (json_object_get_object_member (root, "effective"),
                                 version > 1 ? "from" : "to",
                                 version > 1 ? "2026-10-01" : "2026-09-30");
  json_object_set_int_member (approval, "checks", officers);
  if (officers > 1)
    json_array_add_string_element (json_object_get_array_member (approval, "roles"), "checker");
  json_generator_set_root (generator, json_parser_get_root (parser));
  g_assert_true (json_generator_to_file (generator, to, NULL));
}

static void
copy_beside (const char *name, const char *to)
{
  g_autofree char *from
      = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "data", "forms", name, NULL);
  g_autofree char *here = g_build_filename (to, name, NULL);
  g_autofree char *contents = NULL;

  g_assert_true (g_file_get_contents (from, &contents, NULL, NULL));
  g_assert_true (g_file_set_contents (here, contents, -1, NULL));
}

static void
remove_all (const char *folder)
{
  g_autoptr (GDir) open = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (open)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        remove_all (path);
      else
        g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Of a form that has another version by now: that in which it was filled in says how many. */
static void
test_form_version (Fixture *f, gconstpointer data)
{
  g_autofree char *forms = g_build_filename (f->state, "forms", NULL);
  g_autofree char *procedures = g_build_filename (forms, "procedures", NULL);
  g_autofree char *intake = NULL;

  service_login (f, "S0001");
  intake = service_take_in (f);
  g_assert_cmpint (g_mkdir_with_parents (procedures, 0700), ==, 0);
  copy_beside ("fields.json", forms);
  copy_beside ("sets.json", forms);
  put_form (f, "pension.exemption.json", 1, 1);
  put_form (f, "pension.exemption@2.json", 2, 2);
  service_set_in_settings (f, "terminal", "forms_dir", forms);
  service_restart (f, SIGTERM);
  g_assert_cmpstr (md_bus_terminal1_get_trouble (f->desk->proxy), ==, "");
  service_login (f, "S0101");
  assert_listed (f, intake, "received", 0, "", 1);
  decide (f, intake, "S0101", MD_DECISION_APPROVE);
  assert_listed (f, intake, "approved", 1, "", 1);
  remove_all (forms);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/daemon/officers/" name, Fixture, NULL, service_set_up, function, service_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("two", test_two);
  ADD ("around", test_around);
  ADD ("sent-back", test_sent_back);
  ADD ("changed-between", test_changed_between);
  ADD ("of-its-day", test_of_its_day);
  ADD ("form-alone", test_form_alone);
  ADD ("form-version", test_form_version);
  return service_run ();
}
