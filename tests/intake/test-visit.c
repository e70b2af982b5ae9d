// SPDX-License-Identifier: Apache-2.0
/* One person, one reading of the card, several applications: each with its own number and its own
 * proof; what was said is there again and marked; and with the card, the lock and the next person
 * all of it is gone. */
#include "counter.h"

#include <signal.h>
#include <string.h>

#define FIRST "care.certification"
#define SECOND "lem.certificate"
#define PERSON "sato"

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static void
go_on (MdIntake *intake)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  md_intake_go_on_async (intake, NULL, result_cb, &result);
  await (result != NULL);
  g_assert_true (md_intake_go_on_finish (intake, result, &error));
  g_assert_no_error (error);
}

static gboolean
flag (gpointer object, const char *property)
{
  gboolean value = FALSE;

  g_object_get (object, property, &value, NULL);
  return value;
}

static MdEntry *
entry_of (MdIntake *intake, const char *field)
{
  MdEntry *entry = md_form_data_get_entry (md_intake_get_data (intake), field);

  g_assert_nonnull (entry);
  return entry;
}

/* Nothing of the person is on the panel. */
static void
assert_nobody (MdIntake *intake)
{
  g_autofree char *name = NULL;

  g_object_get (md_intake_get_person (intake), "name", &name, NULL);
  g_assert_cmpstr (name ? name : "", ==, "");
}

static void
assert_name (Counter *counter, MdIntake *intake, const char *person)
{
  g_autofree char *name = NULL;

  g_object_get (md_intake_get_person (intake), "name", &name, NULL);
  g_assert_cmpstr (name, ==,
                   json_object_get_string_member (counter_person (counter, person), "name"));
}

static MdVisitStep *
step_at (MdIntake *intake, guint i)
{
  MdVisitStep *step = g_list_model_get_item (md_intake_get_visit (intake), i);

  g_assert_nonnull (step);
  g_object_unref (step);
  return step;
}

/* Both are planned, and the first one waits for the card. */
static MdIntake *
plan (Counter *counter)
{
  MdIntake *intake = md_desk_begin_intake (counter->desk);
  g_autoptr (GListStore) forms = g_list_store_new (MD_TYPE_FORM);
  g_autoptr (GError) error = NULL;

  g_list_store_append (forms, md_catalogue_get_form (counter->catalogue, FIRST));
  g_list_store_append (forms, md_catalogue_get_form (counter->catalogue, SECOND));
  md_intake_plan_visit (intake, G_LIST_MODEL (forms));
  g_assert_true (
      counter_choose (intake, md_catalogue_get_form (counter->catalogue, FIRST), &error));
  g_assert_no_error (error);
  md_intake_acknowledge_notice (intake);
  return intake;
}

static void
hand_in_contents (Counter *counter, MdIntake *intake)
{
  g_autoptr (GError) error = NULL;

  counter_fill (md_intake_get_data (intake));
  g_assert_true (md_intake_advance (intake));
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_DONE);
}

static void
hand_in (Counter *counter, MdIntake *intake)
{
  g_assert_true (md_intake_advance (intake));
  hand_in_contents (counter, intake);
}

/* The first of the plan is taken in, and its card lies there. */
static MdIntake *
take_first (Counter *counter)
{
  MdIntake *intake = plan (counter);
  g_autoptr (GError) error = NULL;

  counter_insert (counter, "resident", PERSON);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (flag (intake, "needs-text-pin"));
  g_assert_true (counter_identify (counter, intake, PERSON, &error));
  g_assert_no_error (error);
  hand_in (counter, intake);
  g_assert_true (md_intake_get_next_of_visit (intake)
                 == md_catalogue_get_form (counter->catalogue, SECOND));
  return intake;
}

/* On to the second, which waits for a PIN. */
static void
begin_second (MdIntake *intake)
{
  go_on (intake);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_NOTICE);
  md_intake_acknowledge_notice (intake);
}

/* Opens what waits, and whether it says that the card was read for another one. */
static gboolean
open_says_read_before (Counter *counter, guint i)
{
  g_autoptr (MdIntakeRow) row = g_list_model_get_item (md_desk_get_approvals (counter->desk), i);
  MdApproval *approval = md_desk_begin_approval (counter->desk, row);
  g_autoptr (GError) error = NULL;
  gboolean said;

  counter_wait (approval, "wait", MD_APPROVAL_WAIT_PIN);
  g_assert_true (counter_open (counter, approval, "S0101", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (md_approval_get_comparison (approval)), ==, 4);
  g_assert_true (counter_has_check (md_approval_get_checks (approval), "number", MD_CHECK_PASSED));
  said = counter_has_check (md_approval_get_checks (approval), "read-before", MD_CHECK_PASSED);
  md_desk_end_approval (counter->desk);
  return said;
}

static void
test_one_reading (Counter *counter)
{
  g_autoptr (MdSecret) auth = counter_pin (counter, PERSON, "auth");
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = take_first (counter);
  first = g_strdup (md_intake_get_id (intake));
  g_assert_cmpint (md_visit_step_get_state (step_at (intake, 0)), ==, MD_VISIT_DONE);
  g_assert_cmpstr (md_visit_step_get_receipt_number (step_at (intake, 0)), ==,
                   md_intake_get_receipt_number (intake));

  begin_second (intake);
  g_assert_cmpstr (md_intake_get_id (intake), !=, first);
  g_assert_cmpint (md_visit_step_get_state (step_at (intake, 1)), ==, MD_VISIT_NOW);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_false (flag (intake, "needs-text-pin"));
  /* Until the card has signed for this one, nobody is here. */
  assert_nobody (intake);
  g_assert_null (counter_value (intake, "p.kana"));

  g_assert_true (counter_identify_with (intake, NULL, auth, FALSE, &error));
  g_assert_no_error (error);
  assert_name (counter, intake, PERSON);
  g_assert_true (counter_has_check (md_intake_get_checks (intake), "attributes", MD_CHECK_PASSED));
  g_assert_true (counter_has_check (md_intake_get_checks (intake), "sign", MD_CHECK_PASSED));
  counter_assert_recorded (counter, "identification", "done");
  g_assert_true (md_intake_advance (intake));
  g_assert_true (md_entry_get_filled (entry_of (intake, "p.mynum")));
  g_assert_cmpint (md_entry_get_source (entry_of (intake, "p.name")), ==, MD_SOURCE_CARD);

  /* What was said is there, open, and marked until it is changed; what each asks for is not. */
  g_assert_cmpstr (counter_value (intake, "p.tel"), ==, "0312345678");
  g_assert_true (md_entry_get_carried (entry_of (intake, "p.tel")));
  g_assert_true (md_entry_get_carried (entry_of (intake, "p.kana")));
  g_assert_cmpint (md_entry_get_view (entry_of (intake, "p.tel")), ==, MD_VIEW_EDITABLE);
  g_assert_null (counter_value (intake, "p.standing"));
  counter_type (intake, "p.tel", "03-9999-9999");
  g_assert_false (md_entry_get_carried (entry_of (intake, "p.tel")));

  g_assert_true (md_intake_go_back (intake));
  hand_in (counter, intake);
  g_assert_null (md_intake_get_next_of_visit (intake));
  counter_remove (counter, "resident");
  counter_wait (intake, "wait", MD_WAIT_NOTHING);
  md_intake_next_person (intake);
  g_assert_true (md_intake_is_empty (intake));
  g_assert_cmpuint (g_list_model_get_n_items (md_intake_get_visit (intake)), ==, 0);

  counter_login (counter, "S0101");
  await (g_list_model_get_n_items (md_desk_get_approvals (counter->desk)) >= 2);
  g_assert_cmpint (open_says_read_before (counter, 0) + open_says_read_before (counter, 1), ==, 1);
}

/* Whoever comes next types both PINs, and finds nothing. */
static void
assert_forgotten (Counter *counter, MdIntake *intake, const char *person)
{
  g_autoptr (GError) error = NULL;

  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (flag (intake, "needs-text-pin"));
  g_assert_true (counter_identify (counter, intake, person, &error));
  g_assert_no_error (error);
  assert_name (counter, intake, person);
  g_assert_null (counter_value (intake, "p.kana"));
  g_assert_null (counter_value (intake, "p.tel"));
}

static void
test_card_lifted (Counter *counter)
{
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = take_first (counter);
  begin_second (intake);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  counter_remove (counter, "resident");
  counter_wait (intake, "wait", MD_WAIT_CARD);
  g_assert_false (md_intake_get_read_before (intake));
  counter_insert (counter, "resident", PERSON);
  assert_forgotten (counter, intake, PERSON);
  counter_remove (counter, "resident");
}

/* Before the next one is begun: it is somebody else's turn at the reader. */
static void
test_another_card (Counter *counter)
{
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = take_first (counter);
  counter_remove (counter, "resident");
  counter_wait (intake, "wait", MD_WAIT_NOTHING);
  begin_second (intake);
  counter_insert (counter, "resident", "suzuki");
  assert_forgotten (counter, intake, "suzuki");
  counter_remove (counter, "resident");
}

static void
test_lock (Counter *counter)
{
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = take_first (counter);
  begin_second (intake);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  counter_remove (counter, "staff");
  counter_wait (counter->desk, "state", MD_DESK_LOCKED);
  g_assert_false (md_intake_get_read_before (intake));
  counter_login (counter, "S0001");
  assert_forgotten (counter, intake, PERSON);
  counter_remove (counter, "resident");
}

/* The same once it is taken in: what the card said is not used behind the lock. */
static void
test_lock_between (Counter *counter)
{
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = take_first (counter);
  counter_remove (counter, "staff");
  counter_wait (counter->desk, "state", MD_DESK_LOCKED);
  counter_login (counter, "S0001");
  begin_second (intake);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (flag (intake, "needs-text-pin"));
  md_intake_next_person (intake);
  counter_remove (counter, "resident");
}

static void
test_next_person (Counter *counter)
{
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = take_first (counter);
  begin_second (intake);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  md_intake_next_person (intake);
  g_assert_true (md_intake_is_empty (intake));
  g_assert_false (md_intake_get_read_before (intake));
  counter_remove (counter, "resident");
}

/* The PIN is wrong: nothing of the person is here, and the next try asks for that PIN alone. */
static void
test_wrong_pin (Counter *counter)
{
  g_autoptr (MdSecret) wrong = md_secret_new_from_text ("0000");
  g_autoptr (MdSecret) auth = counter_pin (counter, PERSON, "auth");
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = take_first (counter);
  begin_second (intake);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_false (counter_identify_with (intake, NULL, wrong, FALSE, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG);
  assert_nobody (intake);
  g_assert_null (counter_value (intake, "p.kana"));
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_false (flag (intake, "needs-text-pin"));
  g_clear_error (&error);
  g_assert_true (counter_identify_with (intake, NULL, auth, FALSE, &error));
  g_assert_no_error (error);
  assert_name (counter, intake, PERSON);
  md_intake_next_person (intake);
  counter_remove (counter, "resident");
}

/* --- one that asks for nobody --- */

#define NOBODYS "common.inquiry_slip"

/* Between two by the card: nothing of the person comes into it, and afterwards it is all there, as
 * far as the card has not left. */
static void
through_nobodys (Counter *counter, gboolean lifts)
{
  g_autoptr (GListStore) forms = g_list_store_new (MD_TYPE_FORM);
  g_autoptr (MdSecret) auth = counter_pin (counter, PERSON, "auth");
  g_autoptr (GError) error = NULL;
  g_autofree char *explained = NULL;
  MdBrought brought = { .by = "self" };
  MdIntake *intake = md_desk_begin_intake (counter->desk);

  g_list_store_append (forms, md_catalogue_get_form (counter->catalogue, FIRST));
  g_list_store_append (forms, md_catalogue_get_form (counter->catalogue, NOBODYS));
  g_list_store_append (forms, md_catalogue_get_form (counter->catalogue, SECOND));
  md_intake_plan_visit (intake, G_LIST_MODEL (forms));
  g_assert_true (
      counter_choose (intake, md_catalogue_get_form (counter->catalogue, FIRST), &error));
  md_intake_acknowledge_notice (intake);
  counter_insert (counter, "resident", PERSON);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (counter, intake, PERSON, &error));
  explained = md_intake_dup_explained (intake);
  g_assert_nonnull (explained);
  g_assert_true (md_intake_is_read_out (intake));
  hand_in (counter, intake);

  go_on (intake);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_BROUGHT);
  g_assert_true (md_intake_take_brought (intake, &brought));
  g_assert_true (md_intake_advance (intake));
  assert_nobody (intake);
  g_assert_null (counter_value (intake, "p.tel"));
  g_assert_null (md_intake_dup_explained (intake)); /* nobody was told anything */
  counter_type (intake, "q.subject", "架空の問合せ");
  counter_type (intake, "q.grave", "false");
  if (lifts)
    counter_swap (counter, "resident", PERSON);
  hand_in_contents (counter, intake);

  begin_second (intake);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_cmpint (md_intake_get_read_before (intake), ==, !lifts);
  if (lifts)
    g_assert_true (counter_identify (counter, intake, PERSON, &error));
  else
    g_assert_true (counter_identify_with (intake, NULL, auth, FALSE, &error));
  g_assert_no_error (error);
  g_assert_true (md_intake_advance (intake));
  g_assert_cmpstr (counter_value (intake, "p.tel"), ==, lifts ? NULL : "0312345678");
  md_intake_next_person (intake);
  counter_remove (counter, "resident");
}

static void
test_nobodys_between (Counter *counter)
{
  counter_login (counter, "S0001");
  through_nobodys (counter, FALSE);
  through_nobodys (counter, TRUE);
}

/* --- what is explained and handed out --- */

static GListModel *
list_due (Counter *counter, MdIntake *intake)
{
  MdLifeEvent *event = md_catalogue_get_event (counter->catalogue, md_intake_get_event (intake));

  g_assert_nonnull (event);
  return md_desk_list_due (counter->desk, event, md_intake_get_answers (intake));
}

static MdDue *
find_due (Counter *counter, MdIntake *intake, const char *id)
{
  g_autoptr (GListModel) due = list_due (counter, intake);

  for (guint i = 0; i < g_list_model_get_n_items (due); i++)
    {
      g_autoptr (MdDue) one = g_list_model_get_item (due, i);

      if (g_str_equal (md_due_get_id (one), id))
        return g_steal_pointer (&one);
    }
  g_error ("%s is not due", id);
}

static gboolean
tick (Counter *counter, MdIntake *intake, const char *id, guint ticks, GError **error)
{
  g_autoptr (MdDue) due = find_due (counter, intake, id);
  g_autoptr (GAsyncResult) result = NULL;

  md_intake_tick_async (intake, due, ticks, result_cb, &result);
  await (result != NULL);
  return md_intake_tick_finish (intake, result, error);
}

#define OF_CARE "care.qualification"
#define OF_HEALTH "health.coupon"
#define ELSEWHERE "move-in/notification"

static MdIntake *
begin_guide (Counter *counter)
{
  MdIntake *intake = md_desk_begin_intake (counter->desk);

  md_intake_set_event (intake, "move-in");
  md_intake_answer (intake, "age", "75");
  return intake;
}

/* The titles of what the approving officer sees of the guide. */
static char *
read_guide (Counter *counter)
{
  MdApproval *approval = counter_open_waiting (counter);
  GListModel *checks = md_approval_get_checks (approval);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (checks); i++)
    {
      g_autoptr (MdCheck) check = g_list_model_get_item (checks, i);
      g_autofree char *title = NULL;

      g_object_get (check, "title", &title, NULL);
      if (g_str_equal (md_check_get_id (check), "guide"))
        g_string_append_printf (text, "%s=%s;", title, md_check_get_verdict (check));
    }
  return g_string_free (text, FALSE);
}

static void
assert_printed (MdIntake *intake, const char *about, const char *words)
{
  g_autofree char *printed = md_intake_dup_printed_ticks (intake, about);

  g_assert_cmpstr (printed, ==, words);
}

/* What was ticked stands on the resident's papers, each by itself and, where it is not applied for,
 * with its title; on paper nothing is what is covered on the screen. */
static void
test_ticks_on_paper (Counter *counter)
{
  g_autoptr (GListStore) forms = g_list_store_new (MD_TYPE_FORM);
  g_auto (GStrv) told = NULL, covered = NULL;
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = begin_guide (counter);
  g_assert_true (tick (counter, intake, FIRST, MD_TICKS_ALL, &error));
  g_assert_true (tick (counter, intake, OF_CARE, MD_TICK_TOLD, &error));
  g_assert_true (tick (counter, intake, ELSEWHERE, MD_TICK_GIVEN, &error));
  g_assert_true (tick (counter, intake, OF_HEALTH, MD_TICK_TOLD, &error));
  g_assert_true (tick (counter, intake, OF_HEALTH, 0, &error)); /* taken back */
  g_assert_no_error (error);
  assert_printed (intake, FIRST, "explained, and leaflet or form handed over");
  assert_printed (intake, ELSEWHERE, "leaflet or form handed over");
  assert_printed (intake, OF_HEALTH, NULL);

  g_list_store_append (forms, md_catalogue_get_form (counter->catalogue, FIRST));
  g_list_store_append (forms, md_catalogue_get_form (counter->catalogue, OF_CARE));
  md_intake_plan_visit (intake, G_LIST_MODEL (forms));
  told = md_intake_list_told_alone (intake); /* not what is still to come */
  g_assert_cmpuint (g_strv_length (told), ==, 1);
  g_assert_cmpstr (told[0], ==, "Notification of moving in (leaflet or form handed over)");

  g_object_set (counter->desk, "covered", TRUE, NULL);
  assert_printed (intake, FIRST, NULL);
  covered = md_intake_list_told_alone (intake);
  g_assert_cmpuint (g_strv_length (covered), ==, 0);
  g_object_set (counter->desk, "covered", FALSE, NULL);
  assert_printed (intake, FIRST, "explained, and leaflet or form handed over");
  md_intake_next_person (intake);
  assert_printed (intake, FIRST, NULL);
}

/* Each tick is in the log before it counts; what is about the procedure and its office goes with
 * the intake, and nothing of other offices. */
static void
test_ticks (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *seen = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = begin_guide (counter);
  g_assert_true (tick (counter, intake, FIRST, MD_TICKS_ALL, &error));
  g_assert_true (tick (counter, intake, OF_CARE, MD_TICK_TOLD, &error));
  g_assert_true (tick (counter, intake, OF_HEALTH, MD_TICK_TOLD, &error));
  g_assert_true (tick (counter, intake, ELSEWHERE, MD_TICK_GIVEN, &error));
  g_assert_true (tick (counter, intake, OF_CARE, MD_TICK_GIVEN, &error));
  g_assert_no_error (error);
  counter_assert_recorded (counter, "guide", "done event=move-in told=no given=yes");
  g_assert_cmpuint (md_intake_get_ticks (intake, OF_CARE), ==, MD_TICK_GIVEN);
  g_assert_cmpuint (counter_count_recorded (counter, "guide", "done"), ==, 5);

  g_assert_true (
      counter_choose (intake, md_catalogue_get_form (counter->catalogue, FIRST), &error));
  md_intake_acknowledge_notice (intake);
  counter_insert (counter, "resident", PERSON);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (counter, intake, PERSON, &error));
  hand_in (counter, intake);
  await (counter_count_recorded (counter, "guide", "done") == 6);
  md_intake_next_person (intake);
  g_assert_true (md_intake_is_empty (intake));
  counter_remove (counter, "resident");

  seen = read_guide (counter);
  g_assert_nonnull (
      strstr (seen, md_form_get_title (md_catalogue_get_form (counter->catalogue, FIRST))));
  g_assert_nonnull (strstr (seen, "Explained to the resident, Leaflet or form handed out;"));
  g_assert_nonnull (
      strstr (seen, md_form_get_title (md_catalogue_get_form (counter->catalogue, OF_CARE))));
  g_assert_null (
      strstr (seen, md_form_get_title (md_catalogue_get_form (counter->catalogue, OF_HEALTH))));
}

/* Nobody applies for anything: what was explained is in the log, and nothing is left here. */
static void
test_ticks_alone (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = begin_guide (counter);
  g_assert_true (tick (counter, intake, ELSEWHERE, MD_TICK_TOLD, &error));
  g_assert_false (md_intake_is_empty (intake));
  md_intake_next_person (intake);
  g_assert_true (md_intake_is_empty (intake));
  g_assert_cmpuint (md_intake_get_ticks (intake, ELSEWHERE), ==, 0);
  counter_assert_recorded (counter, "guide", "done event=move-in told=yes given=no");
}

/* What the log did not take is not ticked. */
static void
test_ticks_unrecorded (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = begin_guide (counter);
  counter_stop_daemon (counter, SIGKILL);
  g_assert_false (tick (counter, intake, FIRST, MD_TICK_TOLD, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (md_intake_get_ticks (intake, FIRST), ==, 0);
  counter_start_daemon (counter);
}

static const CounterTest tests[] = {
  { "/intake/visit/ticks", test_ticks },
  { "/intake/visit/ticks-on-paper", test_ticks_on_paper },
  { "/intake/visit/ticks-alone", test_ticks_alone },
  { "/intake/visit/ticks-unrecorded", test_ticks_unrecorded },
  { "/intake/visit/nobodys-between", test_nobodys_between },
  { "/intake/visit/one-reading", test_one_reading },
  { "/intake/visit/card-lifted", test_card_lifted },
  { "/intake/visit/another-card", test_another_card },
  { "/intake/visit/lock", test_lock },
  { "/intake/visit/lock-between", test_lock_between },
  { "/intake/visit/next-person", test_next_person },
  { "/intake/visit/wrong-pin", test_wrong_pin },
};

int
main (int argc, char **argv)
{
  return counter_run (argc, argv, tests, G_N_ELEMENTS (tests));
}
