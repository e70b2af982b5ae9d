// SPDX-License-Identifier: Apache-2.0
/* A visit of several applications survives what interrupts it: the clerk suspends it, the window or
 * the service is killed, in an intake or between two. What was planned, ticked and done is there
 * again, nothing of it can be read on the disk, and with the next person it is gone. */
#include <md-db.h>
#include <signal.h>
#include <string.h>

#include "counter.h"

#define FIRST "care.certification"
#define SECOND "lem.certificate"
#define THIRD "care.qualification"
#define PERSON "sato"
#define MARKER "03-9191-7373"

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

/* --- what is looked at --- */

static char *
state_dir (Counter *counter)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_load_from_file (file, counter->settings, G_KEY_FILE_NONE, NULL);
  return g_key_file_get_string (file, "terminal", "state_dir", NULL);
}

static gint64
count_stored (Counter *counter)
{
  g_autofree char *state = state_dir (counter);
  g_autofree char *path = g_build_filename (state, "terminal.db", NULL);
  MdDb *db = md_db_open (path, MD_DB_READ_WRITE, NULL);
  gint64 n = 0;

  g_assert_true (md_db_get_int (db, "SELECT count (*) FROM draft", &n, NULL));
  md_db_close (db);
  return n;
}

static gboolean
is_on_disk (const char *folder, const char *needle)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  gboolean found = FALSE;

  while (dir && !found && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *bytes = NULL;
      gsize size = 0;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        found = is_on_disk (path, needle);
      else if (g_file_get_contents (path, &bytes, &size, NULL))
        found = memmem (bytes, size, needle, strlen (needle)) != NULL;
    }
  return found;
}

/* Of the person, of what was answered in the guide and of what was wanted: nothing. */
static void
assert_nothing_on_disk (Counter *counter)
{
  const char *name = json_object_get_string_member (counter_person (counter, PERSON), "name");
  const char *const needles[] = { name, MARKER, "\"unwanted\"", "\"answers\"", "\"plan\"" };
  g_autofree char *terminal = g_build_filename (counter->world, "terminal", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (needles); i++)
    g_assert_false (is_on_disk (terminal, needles[i]));
}

static void
assert_step (MdIntake *intake, guint i, const char *procedure, MdVisitState state)
{
  g_autoptr (MdVisitStep) step = g_list_model_get_item (md_intake_get_visit (intake), i);

  g_assert_nonnull (step);
  g_assert_cmpstr (md_form_get_id (md_visit_step_get_form (step)), ==, procedure);
  g_assert_cmpint (md_visit_step_get_state (step), ==, state);
}

/* --- a visit --- */

static MdDue *
find_due (Counter *counter, MdIntake *intake, const char *id)
{
  MdLifeEvent *event = md_catalogue_get_event (counter->catalogue, md_intake_get_event (intake));
  g_autoptr (GListModel) due
      = md_desk_list_due (counter->desk, event, md_intake_get_answers (intake));

  for (guint i = 0; i < g_list_model_get_n_items (due); i++)
    {
      g_autoptr (MdDue) one = g_list_model_get_item (due, i);

      if (g_str_equal (md_due_get_id (one), id))
        return g_steal_pointer (&one);
    }
  g_error ("%s is not due", id);
}

static void
tick (Counter *counter, MdIntake *intake, const char *id, guint ticks)
{
  g_autoptr (MdDue) due = find_due (counter, intake, id);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  md_intake_tick_async (intake, due, ticks, result_cb, &result);
  await (result != NULL);
  g_assert_true (md_intake_tick_finish (intake, result, &error));
  g_assert_no_error (error);
}

static void
hand_in (Counter *counter, MdIntake *intake)
{
  g_autoptr (GError) error = NULL;

  if (md_intake_get_step (intake) == MD_STEP_OF_IDENTIFY)
    g_assert_true (md_intake_advance (intake));
  counter_fill (md_intake_get_data (intake));
  if (md_intake_get_step (intake) == MD_STEP_OF_CONTENT)
    g_assert_true (md_intake_advance (intake));
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_DONE);
}

/* Two of three that are due are planned, something of each is ticked, and the first is taken in. */
static MdIntake *
take_first (Counter *counter)
{
  MdIntake *intake = md_desk_begin_intake (counter->desk);
  g_autoptr (GListStore) forms = g_list_store_new (MD_TYPE_FORM);
  g_autoptr (GError) error = NULL;

  md_intake_set_event (intake, "move-in");
  md_intake_answer (intake, "age", "75");
  md_intake_set_wanted (intake, THIRD, FALSE);
  tick (counter, intake, FIRST, MD_TICK_TOLD);
  tick (counter, intake, THIRD, MD_TICKS_ALL);
  g_list_store_append (forms, md_catalogue_get_form (counter->catalogue, FIRST));
  g_list_store_append (forms, md_catalogue_get_form (counter->catalogue, SECOND));
  md_intake_plan_visit (intake, G_LIST_MODEL (forms));
  g_assert_true (
      counter_choose (intake, md_catalogue_get_form (counter->catalogue, FIRST), &error));
  md_intake_acknowledge_notice (intake);
  counter_insert (counter, "resident", PERSON);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (counter, intake, PERSON, &error));
  g_assert_no_error (error);
  hand_in (counter, intake);
  return intake;
}

static void
begin_second (MdIntake *intake)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  md_intake_go_on_async (intake, NULL, result_cb, &result);
  await (result != NULL);
  g_assert_true (md_intake_go_on_finish (intake, result, &error));
  g_assert_no_error (error);
  md_intake_acknowledge_notice (intake);
}

/* With the person, and something typed. */
static void
work_on_second (Counter *counter, MdIntake *intake)
{
  g_autoptr (MdSecret) auth = counter_pin (counter, PERSON, "auth");
  g_autoptr (GError) error = NULL;

  begin_second (intake);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify_with (intake, NULL, auth, FALSE, &error));
  g_assert_no_error (error);
  g_assert_true (md_intake_advance (intake));
  counter_type (intake, "p.tel", MARKER);
}

static guint
count (Counter *counter)
{
  return g_list_model_get_n_items (md_desk_get_drafts (counter->desk));
}

/* What waits is taken up again, and says all that was known of the visit. */
static MdIntake *
take_up (Counter *counter, const char *first)
{
  g_autoptr (MdSecret) pin = counter_staff_secret (counter, "S0001", "pin");
  g_autoptr (MdDraftRow) row = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gboolean wanted = TRUE;
  MdDraft *draft;
  MdIntake *intake;

  await (count (counter) == 1);
  row = g_list_model_get_item (md_desk_get_drafts (counter->desk), 0);
  draft = md_desk_begin_draft (counter->desk, row);
  counter_wait (draft, "wait", MD_DRAFT_WAIT_PIN);
  md_draft_open_async (draft, pin, NULL, result_cb, &result);
  await (result != NULL);
  g_assert_true (md_draft_open_finish (draft, result, &error));
  g_assert_no_error (error);
  md_desk_end_draft (counter->desk);

  intake = md_desk_get_intake (counter->desk);
  g_assert_cmpuint (g_list_model_get_n_items (md_intake_get_visit (intake)), ==, 2);
  assert_step (intake, 0, FIRST, MD_VISIT_DONE);
  assert_step (intake, 1, SECOND, MD_VISIT_NOW);
  g_autoptr (MdVisitStep) done = g_list_model_get_item (md_intake_get_visit (intake), 0);
  g_assert_cmpstr (md_visit_step_get_receipt_number (done), ==, first);
  g_assert_cmpstr (md_intake_get_event (intake), ==, "move-in");
  g_assert_cmpstr (g_hash_table_lookup (md_intake_get_answers (intake), "age"), ==, "75");
  g_assert_true (md_intake_get_wanted (intake, THIRD, &wanted));
  g_assert_false (wanted);
  g_assert_cmpuint (md_intake_get_ticks (intake, FIRST), ==, MD_TICK_TOLD);
  g_assert_cmpuint (md_intake_get_ticks (intake, THIRD), ==, MD_TICKS_ALL);
  return intake;
}

/* The same person ends it: one slip can say both. */
static void
finish (Counter *counter, MdIntake *intake)
{
  g_autoptr (GListModel) joint = NULL;
  g_autoptr (GError) error = NULL;

  if (md_intake_get_wait (intake) == MD_WAIT_NOTICE)
    md_intake_acknowledge_notice (intake);
  counter_insert (counter, "resident", PERSON);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (counter, intake, PERSON, &error));
  g_assert_no_error (error);
  hand_in (counter, intake);
  joint = md_intake_list_joint (intake);
  g_assert_cmpuint (g_list_model_get_n_items (joint), ==, 2);
  g_assert_null (md_intake_get_next_of_visit (intake));
  await (count_stored (counter) == 0);
  md_intake_next_person (intake);
  g_assert_true (md_intake_is_empty (intake));
  counter_remove (counter, "resident");
}

static void
log_out (Counter *counter)
{
  g_autoptr (GAsyncResult) result = NULL;

  md_desk_logout_async (counter->desk, result_cb, &result);
  await (result != NULL);
  g_assert_true (md_desk_logout_finish (counter->desk, result, NULL));
  counter_remove (counter, "staff");
}

/* --- in an intake --- */

static void
test_suspended (Counter *counter)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *first = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = take_first (counter);
  first = g_strdup (md_intake_get_receipt_number (intake));
  work_on_second (counter, intake);
  md_intake_suspend_async (intake, NULL, result_cb, &result);
  await (result != NULL);
  g_assert_true (md_intake_suspend_finish (intake, result, NULL));
  g_assert_true (md_intake_is_empty (intake));
  await (count_stored (counter) == 1); /* and nothing beside it */
  assert_nothing_on_disk (counter);
  counter_remove (counter, "resident");
  log_out (counter);

  counter_login (counter, "S0001");
  intake = take_up (counter, first);
  finish (counter, intake);
}

/* Killed while it was being worked on: the window keeps it, and nothing is lost or doubled. */
static void
test_service_killed (Counter *counter)
{
  g_autofree char *first = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = take_first (counter);
  first = g_strdup (md_intake_get_receipt_number (intake));
  work_on_second (counter, intake);
  await (count_stored (counter) == 1);
  counter_stop_daemon (counter, SIGKILL);
  assert_nothing_on_disk (counter);
  counter_remove (counter, "staff");
  counter_start_daemon (counter);
  counter_login (counter, "S0001");
  g_assert_true (md_desk_get_intake (counter->desk) == intake);
  assert_step (intake, 0, FIRST, MD_VISIT_DONE);
  assert_step (intake, 1, SECOND, MD_VISIT_NOW);
  g_assert_cmpuint (md_intake_get_ticks (intake, THIRD), ==, MD_TICKS_ALL);
  g_assert_cmpuint (count (counter), ==, 0);
  md_intake_next_person (intake);
  await (count_stored (counter) == 0);
  counter_remove (counter, "resident");
}

/* --- between two --- */

/* It is kept, and not among what is suspended while it goes on here. */
static MdIntake *
stop_between (Counter *counter)
{
  MdIntake *intake = take_first (counter);
  g_autoptr (GListModel) joint = md_intake_list_joint (intake);

  g_assert_cmpuint (g_list_model_get_n_items (joint), ==, 0); /* not before its end */
  await (count_stored (counter) == 1);
  md_desk_refresh (counter->desk);
  counter_turn (500);
  g_assert_cmpuint (count (counter), ==, 0);
  assert_nothing_on_disk (counter);
  return intake;
}

static void
test_between (Counter *counter)
{
  g_autofree char *first = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = stop_between (counter);
  first = g_strdup (md_intake_get_receipt_number (intake));
  log_out (counter);
  counter_remove (counter, "resident");
  counter_stop_daemon (counter, SIGKILL);
  assert_nothing_on_disk (counter);
  counter_start_daemon (counter);

  counter_login (counter, "S0001");
  intake = take_up (counter, first);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_NOTICE); /* each has its own */
  finish (counter, intake);
}

/* It is that person's: another one's card does not go on with it. */
static void
test_between_other_person (Counter *counter)
{
  g_autofree char *first = NULL;
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = stop_between (counter);
  first = g_strdup (md_intake_get_receipt_number (intake));
  log_out (counter);
  counter_remove (counter, "resident");
  counter_login (counter, "S0001");
  intake = take_up (counter, first);
  md_intake_acknowledge_notice (intake);
  counter_insert (counter, "resident", "suzuki");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_false (counter_identify (counter, intake, "suzuki", &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  counter_remove (counter, "resident");
}

/* The next intake keeps it from then on; given up, all of it is gone. */
static void
test_between_goes_on (Counter *counter)
{
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = stop_between (counter);
  begin_second (intake);
  counter_assert_recorded (counter, "erase-draft", "done by=own-clerk of=visit");
  g_assert_cmpint (count_stored (counter), ==, 1);
  md_intake_next_person (intake);
  await (count_stored (counter) == 0);
  counter_remove (counter, "resident");
}

static void
test_between_next_person (Counter *counter)
{
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = stop_between (counter);
  md_intake_next_person (intake);
  g_assert_true (md_intake_is_empty (intake));
  await (count_stored (counter) == 0);
  md_desk_refresh (counter->desk);
  counter_turn (500);
  g_assert_cmpuint (count (counter), ==, 0);
  counter_remove (counter, "resident");
}

/* The next one comes without anybody saying so. */
static void
test_between_replaced (Counter *counter)
{
  counter_login (counter, "S0001");
  (void)stop_between (counter);
  (void)md_desk_begin_intake (counter->desk);
  await (count_stored (counter) == 0);
  counter_remove (counter, "resident");
}

/* --- what is over and cannot be erased --- */

void __real_md_bus_terminal1_call_erase_draft (MdBusTerminal1 *proxy, const char *session,
                                               const char *id, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer data);
void __wrap_md_bus_terminal1_call_erase_draft (MdBusTerminal1 *proxy, const char *session,
                                               const char *id, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer data);

static guint refusals; /* the service will not, that often */

void
__wrap_md_bus_terminal1_call_erase_draft (MdBusTerminal1 *proxy, const char *session,
                                          const char *id, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer data)
{
  const gboolean refuse = refusals > 0;

  refusals -= refuse ? 1 : 0;
  __real_md_bus_terminal1_call_erase_draft (proxy, refuse ? "nobody" : session, id, cancellable,
                                            callback, data);
}

/* What was handed in is not taken up a second time from the draft that was kept before it, though
 * the service could not erase that draft: it is not offered, and goes with the next login. */
static void
test_erased_later (Counter *counter)
{
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = stop_between (counter);
  refusals = 1;
  work_on_second (counter, intake);
  await (refusals == 0);
  hand_in (counter, intake);
  await (count_stored (counter) == 1);
  md_intake_next_person (intake);
  counter_remove (counter, "resident");
  md_desk_refresh (counter->desk);
  counter_turn (500);
  g_assert_cmpuint (count (counter), ==, 0);
  log_out (counter);
  g_assert_cmpint (count_stored (counter), ==, 1);
  counter_login (counter, "S0002");
  counter_turn (500);
  g_assert_cmpint (count_stored (counter), ==, 1); /* another's */
  log_out (counter);
  counter_login (counter, "S0001");
  await (count_stored (counter) == 0);
}

static const CounterTest tests[] = {
  { "/intake/visit-kept/suspended", test_suspended },
  { "/intake/visit-kept/service-killed", test_service_killed },
  { "/intake/visit-kept/between", test_between },
  { "/intake/visit-kept/between-other-person", test_between_other_person },
  { "/intake/visit-kept/between-goes-on", test_between_goes_on },
  { "/intake/visit-kept/between-next-person", test_between_next_person },
  { "/intake/visit-kept/between-replaced", test_between_replaced },
  { "/intake/visit-kept/erased-later", test_erased_later },
};

int
main (int argc, char **argv)
{
  return counter_run (argc, argv, tests, G_N_ELEMENTS (tests));
}
