// SPDX-License-Identifier: Apache-2.0
/* What a window works by and cannot use: lists of revoked certificates, the policy, the card
 * service. Each is told to the people at the desk and recorded; when it is put right, the work goes
 * on. */
#include "counter.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

/* --- the lists --- */

static gboolean
asks_for_crls (Counter *counter)
{
  g_autofree char *attention = NULL;

  g_object_get (counter->desk, "attention", &attention, NULL);
  return attention && strstr (attention, "revoked certificates");
}

/* The service comes again, and with it the policy: the lists are read anew. */
static void
read_anew (Counter *counter)
{
  counter_stop_daemon (counter, SIGTERM);
  counter_wait (counter->desk, "state", MD_DESK_NO_SERVICE);
  counter_start_daemon (counter);
  counter_wait (counter->desk, "state", MD_DESK_LOGGED_OUT);
}

/* A list of revoked certificates that cannot be read, or none where one should be: told to the
 * people at the desk, in the log, and the work goes on. */
static void
test_broken_crls (Counter *counter)
{
  g_autofree char *crls = g_build_filename (counter->world, "crl", NULL);
  g_autofree char *elsewhere = g_build_filename (counter->world, "crl-away", NULL);
  g_autofree char *broken = g_build_filename (crls, "broken.crl", NULL);

  counter_wait (counter->desk, "state", MD_DESK_LOGGED_OUT);
  g_assert_false (asks_for_crls (counter));
  g_assert_true (g_file_set_contents (broken, "no list", -1, NULL));
  read_anew (counter);
  g_assert_true (asks_for_crls (counter));
  counter_assert_recorded (counter, "crl", "failed cause=unreadable");
  g_assert_cmpint (g_remove (broken), ==, 0);
  read_anew (counter);
  g_assert_false (asks_for_crls (counter));
  g_assert_cmpint (g_rename (crls, elsewhere), ==, 0);
  read_anew (counter);
  g_assert_true (asks_for_crls (counter));
  counter_assert_recorded (counter, "crl", "failed cause=missing");
  counter_login (counter, "S0001");
  (void)counter_take_in (counter, "pension.exemption", "tanaka");
  g_assert_cmpint (g_rename (elsewhere, crls), ==, 0);
}

/* --- the policy --- */

/* No key by which the faces of cards are signed. */
static void
break_card_key (JsonObject *root)
{
  JsonObject *trust = json_object_get_object_member (root, "trust");
  JsonArray *authorities = json_object_get_array_member (trust, "card");

  json_object_set_string_member (json_array_get_object_element (authorities, 0), "key", "bm8ga2V5");
}

static void
register_reader (JsonObject *root, const char *name)
{
  JsonArray *terminals = json_object_get_array_member (root, "terminals");
  JsonArray *readers = json_array_new ();

  json_array_add_string_element (readers, "Maker CCID");
  json_array_add_string_element (readers, name);
  json_object_set_array_member (json_array_get_object_element (terminals, 0), "readers", readers);
}

/* The reader for residents is not among those of the terminal. */
static void
register_staff_reader (JsonObject *root)
{
  register_reader (root, "Virtual PCD 00 01");
}

static void
register_no_reader (JsonObject *root)
{
  register_reader (root, "Real Reader (*)");
}

/* Well signed, and the service, which reads no card, serves by it; the key for the faces of cards
 * is none. */
static void
test_unusable_policy (Counter *counter)
{
  MdTrouble *trouble;

  counter_wait (counter->desk, "state", MD_DESK_LOGGED_OUT);
  counter_install_policy (counter, 2, break_card_key);
  counter_stop_daemon (counter, SIGTERM);
  counter_wait (counter->desk, "state", MD_DESK_NO_SERVICE);
  counter_start_daemon (counter);
  counter_assert_recorded (counter, "policy", "failed cause=invalid");
  g_assert_cmpint (md_desk_get_state (counter->desk), ==, MD_DESK_NO_SERVICE);
  trouble = md_desk_get_trouble (counter->desk);
  g_assert_nonnull (trouble);
  g_assert_nonnull (strstr (md_trouble_get_title (trouble), "policy"));
  g_assert_nonnull (strstr (md_trouble_get_action (trouble), "administrator"));
  counter_install_policy (counter, 3, NULL);
  read_anew (counter);
  counter_login (counter, "S0001");
  (void)counter_take_in (counter, "pension.exemption", "tanaka");
}

/* --- the card service --- */

static void
test_forbidden_readers (Counter *counter)
{
  MdLogin *login = md_desk_get_login (counter->desk);

  counter_wait (login, "wait", MD_LOGIN_WAIT_CARD);
  late_backend_forbid (counter->readers, TRUE);
  counter_insert (counter, "resident", "tanaka"); /* news: the service is asked again */
  counter_wait (login, "wait", MD_LOGIN_WAIT_READER);
  g_assert_nonnull (md_login_get_trouble (login));
  counter_assert_recorded (counter, "staff-card", "failed cause=no-permission");
  late_backend_forbid (counter->readers, FALSE);
  counter_wait (login, "wait", MD_LOGIN_WAIT_CARD);
  counter_login (counter, "S0001");
}

/* Said to a service that dies before it reads it; the next one hears it. */
static void
test_told_to_a_dying_service (Counter *counter)
{
  MdLogin *login = md_desk_get_login (counter->desk);

  counter_wait (login, "wait", MD_LOGIN_WAIT_CARD);
  g_subprocess_send_signal (counter->daemon, SIGSTOP);
  late_backend_forbid (counter->readers, TRUE);
  counter_insert (counter, "resident", "tanaka");
  counter_wait (login, "wait", MD_LOGIN_WAIT_READER);
  late_backend_forbid (counter->readers, FALSE);
  counter_wait (login, "wait", MD_LOGIN_WAIT_CARD);
  counter_stop_daemon (counter, SIGKILL);
  counter_wait (counter->desk, "state", MD_DESK_NO_SERVICE);
  counter_start_daemon (counter);
  counter_assert_recorded (counter, "staff-card", "failed cause=no-permission");
}

/* R-CARD-11: the office has registered other readers for this terminal. What lies on the one that
 * it has not is not read, not even to ask the tries; it is said what to do, and it is in the log.
 * When it is registered, the work goes on with the card that lies there. */
static void
test_registered_readers (Counter *counter)
{
  MdIntake *intake;

  counter_install_policy (counter, 2, register_staff_reader);
  read_anew (counter);
  counter_assert_recorded (counter, "reader-role",
                           "refused role=unregistered reader=Virtual_PCD_00_00");
  counter_login (counter, "S0001");
  intake = counter_begin (counter, "pension.exemption");
  counter_wait (intake, "wait", MD_WAIT_READER);
  g_assert_nonnull (strstr (md_intake_get_sentence (intake), "not registered"));
  g_assert_nonnull (strstr (md_intake_get_sentence (intake), "administrator"));
  counter_insert (counter, "resident", "tanaka");
  counter_turn (300);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_READER);
  g_assert_false (counter_identify (counter, intake, "tanaka", NULL));
  g_assert_true (md_intake_get_can_use_papers (intake));
  counter_install_policy (counter, 3, NULL);
  counter_stop_daemon (counter, SIGTERM);
  counter_wait (counter->desk, "state", MD_DESK_NO_SERVICE);
  counter_start_daemon (counter);
  counter_wait (counter->desk, "state", MD_DESK_LOCKED);
  counter_login (counter, "S0001");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (counter, intake, "tanaka", NULL));
}

/* However a device calls itself, it gets into the log: in no letters, or in more than the service
 * takes. */
static void
assert_strange_name_is_told (Counter *counter)
{
  g_autofree char *longer = g_strnfill (100, 'x');
  g_autofree char *name = g_strconcat (longer, "\xe7\x94 Reader 0B 00", NULL);
  g_autofree char *kept = g_strnfill (80 - strlen ("?? Reader 0B 00"), 'x');
  g_autofree char *said = g_strconcat ("done role=none reader=", kept, "_Reader_0B_00", NULL);

  md_desk_record_reader (counter->desk, name, MD_CARD_ROLE_NONE);
  counter_assert_recorded (counter, "reader-role", said);
}

/* The staff card is no exception: nobody logs in by a reader that the office does not know. */
static void
test_unregistered_staff_reader (Counter *counter)
{
  MdLogin *login = md_desk_get_login (counter->desk);

  counter_install_policy (counter, 2, register_no_reader);
  read_anew (counter);
  counter_insert (counter, "staff", "staff-S0001");
  counter_turn (300);
  g_assert_cmpint (md_login_get_wait (login), ==, MD_LOGIN_WAIT_READER);
  g_assert_nonnull (md_login_get_trouble (login));
  g_assert_nonnull (strstr (md_trouble_get_title (md_login_get_trouble (login)), "not registered"));
  g_assert_nonnull (strstr (md_trouble_get_action (md_login_get_trouble (login)), "administrator"));
  assert_strange_name_is_told (counter);
}

static const CounterTest tests[] = {
  { "/intake/installed/broken-crls", test_broken_crls },
  { "/intake/installed/unusable-policy", test_unusable_policy },
  { "/intake/installed/forbidden-readers", test_forbidden_readers },
  { "/intake/installed/told-to-a-dying-service", test_told_to_a_dying_service },
  { "/intake/installed/registered-readers", test_registered_readers },
  { "/intake/installed/unregistered-staff-reader", test_unregistered_staff_reader },
};

int
main (int argc, char **argv)
{
  return counter_run (argc, argv, tests, G_N_ELEMENTS (tests));
}
