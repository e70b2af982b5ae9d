// SPDX-License-Identifier: Apache-2.0
/* What goes wrong with officers, their cards and their rights. Each ends in words and in the log,
 * and the work goes on. */
#include "counter.h"

#include <md-db.h>
#include <signal.h>
#include <string.h>

static gboolean
lists (GListModel *forms, const char *procedure)
{
  for (guint i = 0; i < g_list_model_get_n_items (forms); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, i);

      if (g_str_equal (md_form_get_id (form), procedure))
        return TRUE;
    }
  return FALSE;
}

static void
test_clerk_without_number (Counter *counter)
{
  g_autoptr (GListModel) forms = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *number = NULL;
  MdIntake *intake;

  counter_login (counter, "S0002");
  forms = md_desk_search_forms (counter->desk, "");
  g_assert_true (lists (forms, "lem.certificate"));
  g_assert_false (lists (forms, "pension.exemption"));
  g_assert_false (lists (forms, "care.certification"));
  intake = md_desk_begin_intake (counter->desk);
  g_assert_false (counter_choose (
      intake, md_catalogue_get_form (counter->catalogue, "pension.exemption"), &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_clear_error (&error);

  intake = counter_take_in (counter, "lem.certificate", "sato");
  g_object_get (md_intake_get_person (intake), "number", &number, NULL);
  g_assert_null (number);
  g_assert_null (md_form_data_get_entry (md_intake_get_data (intake), "p.mynum"));
  g_assert_true (counter_submit (counter, intake, "S0002", &error));
  g_assert_no_error (error);
  md_intake_next_person (intake);

  /* The supervisor sees that there is none, and why. */
  {
    MdApproval *approval = counter_open_waiting (counter);

    g_assert_null (
        md_entry_get_display (md_form_data_get_entry (md_approval_get_data (approval), "p.mynum")));
    g_assert_cmpstr (md_form_data_get_value (md_approval_get_data (approval), "e.num_missing"), ==,
                     "no-authority");
  }
}

/* A clerk has nothing to open. */
static void
test_clerk_cannot_approve (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "lem.certificate", "sato");
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  await (g_list_model_get_n_items (md_desk_get_today (counter->desk)) > 0);
  {
    g_autoptr (MdIntakeRow) row = g_list_model_get_item (md_desk_get_today (counter->desk), 0);
    MdApproval *approval = md_desk_begin_approval (counter->desk, row);

    g_assert_true (md_intake_row_get_own (row));
    counter_wait (approval, "wait", MD_APPROVAL_WAIT_REFUSED);
    g_assert_nonnull (md_approval_get_trouble (approval));
    counter_assert_recorded (counter, "refusal", "refused action=open cause=rule");
    g_assert_false (counter_open (counter, approval, "S0001", &error));
    g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP);
  }
}

/* The staff card leaves: locked at once; its officer finds the work as it was, another one finds
 * nothing. */
static void
test_lock (Counter *counter)
{
  MdIntake *intake;
  g_autoptr (MdIntake) kept = NULL;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "lem.certificate", "sato");
  kept = g_object_ref (intake);
  counter_remove (counter, "staff");
  counter_wait (counter->desk, "state", MD_DESK_LOCKED);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_STAFF_CARD);
  g_assert_null (
      strstr (md_entry_get_display (md_form_data_get_entry (md_intake_get_data (intake), "p.name")),
              "佐藤"));

  counter_login (counter, "S0001");
  g_assert_true (md_desk_get_intake (counter->desk) == intake);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_STAFF_PIN);
  g_assert_nonnull (
      strstr (md_entry_get_display (md_form_data_get_entry (md_intake_get_data (intake), "p.name")),
              "佐藤"));

  counter_login (counter, "S0002");
  g_assert_null (md_desk_get_intake (counter->desk));
  g_assert_true (md_intake_is_empty (kept));
}

/* Another reader is chosen for the staff card, and a card lies there: it is not the officer's, so
 * the desk locks, and says nothing of whom that card names. */
static void
test_other_reader (Counter *counter)
{
  g_autoptr (MdCardReader) reader = NULL;

  counter_login (counter, "S0001");
  counter_insert (counter, "resident", "tanaka");
  reader = g_object_ref (md_pcsc_get_reader (counter->pcsc, MD_CARD_ROLE_RESIDENT));
  await (md_card_reader_get_slot (reader) != MD_CARD_SLOT_EMPTY);
  md_pcsc_set_role (counter->pcsc, MD_CARD_ROLE_RESIDENT, NULL);
  md_pcsc_set_role (counter->pcsc, MD_CARD_ROLE_STAFF, md_card_reader_get_name (reader));
  counter_wait (counter->desk, "state", MD_DESK_LOCKED);
  counter_wait (md_desk_get_login (counter->desk), "wait", MD_LOGIN_WAIT_CARD);
  g_assert_null (md_login_get_staff_name (md_desk_get_login (counter->desk)));
}

/* --- cards made for the purpose --- */

/* A card like another one in the invented ward, with one file of a third one's in its place. */
typedef struct
{
  const char *like;
  const char *from;
  const char *files[3];
} Mixture;

static void
copy_file (const char *from, const char *name, const char *to)
{
  g_autofree char *source = g_build_filename (from, name, NULL);
  g_autofree char *target = g_build_filename (to, name, NULL);
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_file_get_contents (source, &contents, &size, &error);
  g_assert_no_error (error);
  g_file_set_contents (target, contents, (gssize)size, &error);
  g_assert_no_error (error);
}

static char *
card_folder (Counter *counter, const char *card)
{
  return g_build_filename (counter->world, "cards", card, NULL);
}

static void
make_card (Counter *counter, const char *card, const Mixture *mixture)
{
  g_autofree char *folder = card_folder (counter, card);
  g_autofree char *like = card_folder (counter, mixture->like);
  g_autofree char *from = card_folder (counter, mixture->from);
  g_autoptr (GDir) dir = g_dir_open (like, 0, NULL);
  const char *name;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  while ((name = g_dir_read_name (dir)))
    if (g_str_has_suffix (name, ".do") || g_str_has_suffix (name, ".key")
        || g_str_equal (name, "card.ini"))
      copy_file (like, name, folder);
  for (guint i = 0; i < G_N_ELEMENTS (mixture->files) && mixture->files[i]; i++)
    copy_file (from, mixture->files[i], folder);
}

/* S0001's card, its PIN locked. */
static void
make_locked_card (Counter *counter, const char *card, const char *like)
{
  const Mixture nothing = { .like = like, .from = like };
  g_autofree char *folder = card_folder (counter, card);
  g_autofree char *path = g_build_filename (folder, "card.ini", NULL);
  g_autofree char *contents = NULL;
  g_autofree char *locked = NULL;

  make_card (counter, card, &nothing);
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  locked = g_strconcat (contents, "\n[tries]\npiv-80=0\n", NULL);
  g_assert_true (g_file_set_contents (path, locked, -1, NULL));
}

/* S0001's card with one bit of the certificate for the login changed: at its beginning, where it
 * cannot be read any more, or at its end, where its signature stands. */
static void
make_broken_card (Counter *counter, const char *card, gboolean readable)
{
  const Mixture nothing = { .like = "staff-S0001", .from = "staff-S0001" };
  g_autofree char *folder = card_folder (counter, card);
  g_autofree char *path = g_build_filename (folder, "piv-5FC101.do", NULL);
  g_autofree char *contents = NULL;
  gsize size;

  make_card (counter, card, &nothing);
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  contents[readable ? size - 6 : 16] ^= 1; /* behind it: 71 01 00 FE 00; before it: four headers */
  g_assert_true (g_file_set_contents (path, contents, (gssize)size, NULL));
}

static const Mixture foreign_sign
    = { .like = "staff-S0001", .from = "staff-S0002", .files = { "piv-5FC10A.do", "piv-9C.key" } };
static const Mixture foreign_open
    = { .like = "staff-S0101", .from = "staff-S0002", .files = { "piv-5FC10B.do", "piv-9D.key" } };
static const Mixture foreign_decide
    = { .like = "staff-S0101", .from = "staff-S0002", .files = { "piv-5FC10A.do", "piv-9C.key" } };

/* --- at the login --- */

static void
wait_login_trouble (MdLogin *login, gboolean wanted)
{
  await ((md_login_get_trouble (login) != NULL) == wanted);
}

static void
log_in_in_vain (Counter *counter, const char *password)
{
  MdLogin *login = md_desk_get_login (counter->desk);
  g_autoptr (MdSecret) secret = md_secret_new_from_text (password);
  g_autoptr (GError) error = NULL;

  g_assert_true (counter_log_in_in_vain (login, secret, &error));
  g_assert_cmpint (md_desk_get_state (counter->desk), ==, MD_DESK_LOGGED_OUT);
}

/* Nobody is logged in, and each is in the log: what the service saw in the service's words, what it
 * never saw in the reader's. */
static void
test_login_mishaps (Counter *counter)
{
  static const struct
  {
    const char *card, *event, *recorded;
  } cards[] = { { "tanaka", "staff-card", "failed cause=wrong-card" },
                { "unknown", "staff-card", "failed cause=unknown-card" },
                { "staff-unreadable", "login", "refused cause=unreadable-card" },
                { "staff-stranger", "login", "refused cause=unknown-card" } };
  MdLogin *login = md_desk_get_login (counter->desk);

  make_broken_card (counter, "staff-unreadable", FALSE);
  make_broken_card (counter, "staff-stranger", TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (cards); i++)
    {
      g_test_message ("%s", cards[i].card);
      counter_insert (counter, "staff", cards[i].card);
      wait_login_trouble (login, TRUE);
      g_assert_cmpint (md_login_get_wait (login), ==, MD_LOGIN_WAIT_CARD);
      counter_assert_recorded (counter, cards[i].event, cards[i].recorded);
      counter_remove (counter, "staff");
      wait_login_trouble (login, FALSE);
    }
  counter_insert (counter, "staff", "staff-S0001");
  counter_wait (login, "wait", MD_LOGIN_WAIT_PASSWORD);
  g_assert_nonnull (md_login_get_staff_name (login));
  log_in_in_vain (counter, "not the password");
  g_assert_nonnull (md_login_get_trouble (login));
  g_assert_cmpint (md_login_get_wait (login), ==, MD_LOGIN_WAIT_PASSWORD);
  counter_assert_recorded (counter, "login", "refused cause=password try=1");
  /* Pulled out while it signs; the empty reader may have been seen by then, which asks anew. */
  g_free (counter_order (counter, "staff", "fault remove at 1"));
  log_in_in_vain (counter, "not the password");
  counter_assert_recorded (counter, "staff-card", "failed cause=removed");
  counter_login (counter, "S0001");
}

/* --- at work --- */

static void
fail_to_submit (Counter *counter, MdIntake *intake, const char *pin, const char *recorded)
{
  g_autoptr (MdSecret) secret = md_secret_new_from_text (pin);

  g_assert_false (counter_submit_with (intake, secret, NULL));
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_STAFF_PIN);
  counter_assert_trouble (intake);
  counter_assert_recorded (counter, "staff-card", recorded);
}

static void
test_card_at_sealing (Counter *counter)
{
  g_autoptr (MdSecret) pin = counter_staff_secret (counter, "S0001", "pin");
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  make_locked_card (counter, "staff-locked", "staff-S0001");
  make_card (counter, "staff-foreign-sign", &foreign_sign);
  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  fail_to_submit (counter, intake, "999999", "failed action=seal cause=pin-wrong");
  counter_login_with (counter, "S0001", "staff-locked");
  fail_to_submit (counter, intake, md_secret_get_text (pin),
                  "failed action=seal cause=pin-blocked");
  counter_login_with (counter, "S0001", "staff-foreign-sign");
  fail_to_submit (counter, intake, md_secret_get_text (pin),
                  "failed action=seal cause=foreign-card");
  /* The application is none the worse for it. */
  counter_login (counter, "S0001");
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
}

static void
fail_to_open (Counter *counter, MdApproval *approval, const char *pin, const char *recorded)
{
  g_autoptr (MdSecret) secret = md_secret_new_from_text (pin);

  g_assert_false (counter_open_with (approval, secret, NULL));
  g_assert_cmpint (md_approval_get_wait (approval), ==, MD_APPROVAL_WAIT_PIN);
  g_assert_nonnull (md_approval_get_trouble (approval));
  counter_assert_recorded (counter, "staff-card", recorded);
}

static void
fail_to_decide (Counter *counter, MdApproval *approval, const char *pin, const char *recorded)
{
  g_autoptr (MdSecret) secret = md_secret_new_from_text (pin);

  g_assert_false (counter_decide_with (approval, MD_DECISION_APPROVE, NULL, secret, NULL));
  g_assert_cmpint (md_approval_get_wait (approval), ==, MD_APPROVAL_WAIT_DECISION);
  g_assert_nonnull (md_approval_get_trouble (approval));
  counter_assert_recorded (counter, "staff-card", recorded);
}

static void
fail_to_withdraw (Counter *counter, MdReturned *returned, const char *pin, const char *recorded)
{
  g_autoptr (MdSecret) secret = md_secret_new_from_text (pin);

  g_assert_false (counter_withdraw_with (returned, secret, NULL));
  g_assert_cmpint (md_returned_get_wait (returned), ==, MD_RETURNED_WAIT_CHOICE);
  g_assert_nonnull (md_returned_get_trouble (returned));
  counter_assert_recorded (counter, "staff-card", recorded);
}

static void
test_card_at_approval (Counter *counter)
{
  g_autoptr (MdSecret) pin = counter_staff_secret (counter, "S0101", "pin");
  g_autoptr (GError) error = NULL;
  MdApproval *approval;
  MdReturned *returned;

  make_locked_card (counter, "staff-locked-officer", "staff-S0101");
  make_card (counter, "staff-foreign-open", &foreign_open);
  make_card (counter, "staff-foreign-decide", &foreign_decide);
  counter_login (counter, "S0001");
  g_assert_true (counter_submit (counter, counter_take_in (counter, "lem.certificate", "sato"),
                                 "S0001", &error));
  g_assert_no_error (error);

  counter_login_with (counter, "S0101", "staff-locked-officer");
  fail_to_open (counter, counter_begin_approval (counter), md_secret_get_text (pin),
                "failed action=open cause=pin-blocked");
  counter_login_with (counter, "S0101", "staff-foreign-open");
  fail_to_open (counter, counter_begin_approval (counter), md_secret_get_text (pin),
                "failed action=open cause=foreign-card");
  counter_login_with (counter, "S0101", "staff-foreign-decide");
  approval = counter_begin_approval (counter);
  g_assert_true (counter_open (counter, approval, "S0101", &error));
  g_assert_no_error (error);
  fail_to_decide (counter, approval, md_secret_get_text (pin),
                  "failed action=decide cause=foreign-card");

  counter_login (counter, "S0101");
  approval = counter_begin_approval (counter);
  fail_to_open (counter, approval, "999999", "failed action=open cause=pin-wrong");
  g_assert_true (counter_open (counter, approval, "S0101", &error));
  g_assert_no_error (error);
  fail_to_decide (counter, approval, "888888", "failed action=decide cause=pin-wrong");
  g_assert_true (
      counter_decide (counter, approval, MD_DECISION_RETURN, "wrong-entry", "S0101", &error));
  g_assert_no_error (error);

  counter_login (counter, "S0001");
  await (g_list_model_get_n_items (md_desk_get_returned (counter->desk)) > 0);
  {
    g_autoptr (MdIntakeRow) row = g_list_model_get_item (md_desk_get_returned (counter->desk), 0);

    returned = md_desk_begin_returned (counter->desk, row);
  }
  counter_wait (returned, "wait", MD_RETURNED_WAIT_CHOICE);
  fail_to_withdraw (counter, returned, "777777", "failed action=withdraw cause=pin-wrong");
}

static void
take_in_and_submit (Counter *counter)
{
  MdIntake *intake = counter_take_in (counter, "lem.certificate", "sato");
  g_autoptr (GError) error = NULL;

  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  md_intake_next_person (intake);
}

static MdCheckState
state_of_check (MdApproval *approval, const char *id)
{
  GListModel *checks = md_approval_get_checks (approval);

  for (guint i = 0; i < g_list_model_get_n_items (checks); i++)
    {
      g_autoptr (MdCheck) check = g_list_model_get_item (checks, i);

      if (g_str_equal (md_check_get_id (check), id))
        return md_check_get_state (check);
    }
  g_assert_not_reached ();
}

/* Somebody who can write the service's database lets another policy pass for the first. */
static void
confuse_policies (Counter *counter)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *state = NULL, *path = NULL;
  g_autoptr (GError) error = NULL;
  MdDb *db;

  g_assert_true (g_key_file_load_from_file (file, counter->settings, G_KEY_FILE_NONE, NULL));
  state = g_key_file_get_string (file, "terminal", "state_dir", NULL);
  path = g_build_filename (state, "terminal.db", NULL);
  db = md_db_open (path, MD_DB_READ_WRITE, &error);
  g_assert_no_error (error);
  g_assert_true (md_db_exec (db,
                             "UPDATE policy SET bundle ="
                             " (SELECT bundle FROM policy WHERE version = 2) WHERE version = 1",
                             &error));
  md_db_close (db);
}

/* What was taken in yesterday is judged by yesterday's policy; which that was, the window believes
 * its signer and not the service. */
static void
test_policy_of_that_day (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdIntakeRow) row = NULL;
  MdApproval *approval;

  counter_login (counter, "S0001");
  take_in_and_submit (counter);
  take_in_and_submit (counter);
  counter_renew_policy (counter, 2);
  approval = counter_open_waiting (counter);
  g_assert_cmpint (state_of_check (approval, "presence"), ==, MD_CHECK_PASSED);
  g_assert_true (counter_decide (counter, approval, MD_DECISION_APPROVE, NULL, "S0101", &error));
  g_assert_no_error (error);
  md_desk_end_approval (counter->desk);

  counter_stop_daemon (counter, SIGTERM);
  counter_wait (counter->desk, "state", MD_DESK_NO_SERVICE);
  confuse_policies (counter);
  counter_start_daemon (counter);
  counter_wait (counter->desk, "state", MD_DESK_LOCKED);
  counter_login (counter, "S0101");
  await (g_list_model_get_n_items (md_desk_get_approvals (counter->desk)) > 0);
  row = g_list_model_get_item (md_desk_get_approvals (counter->desk), 0);
  approval = md_desk_begin_approval (counter->desk, row);
  counter_wait (approval, "wait", MD_APPROVAL_WAIT_REFUSED);
  counter_assert_recorded (counter, "error", "failed action=open cause=damaged");
}

static const CounterTest tests[] = {
  { "/intake/officers/clerk-without-number", test_clerk_without_number },
  { "/intake/officers/clerk-cannot-approve", test_clerk_cannot_approve },
  { "/intake/officers/login", test_login_mishaps },
  { "/intake/officers/lock", test_lock },
  { "/intake/officers/other-reader", test_other_reader },
  { "/intake/officers/card-at-sealing", test_card_at_sealing },
  { "/intake/officers/card-at-approval", test_card_at_approval },
  { "/intake/officers/policy-of-that-day", test_policy_of_that_day },
};

int
main (int argc, char **argv)
{
  return counter_run (argc, argv, tests, G_N_ELEMENTS (tests));
}
