// SPDX-License-Identifier: Apache-2.0
/* An intake is suspended and goes on: sealed to its clerk, with nothing of it on the disk, for the
 * same person only, and refused in words where it cannot. */
#include <md-db.h>
#include <string.h>

#include "counter.h"

#define MARKER "夢見草 まぼろし"
#define ADDRESS_MARKER "架空県まぼろし市幻一丁目"

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static gboolean
suspend (MdIntake *intake, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  md_intake_suspend_async (intake, NULL, result_cb, &result);
  await (result != NULL);
  return md_intake_suspend_finish (intake, result, error);
}

static gboolean
open_with (MdDraft *draft, MdSecret *pin, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  md_draft_open_async (draft, pin, NULL, result_cb, &result);
  await (result != NULL);
  return md_draft_open_finish (draft, result, error);
}

static gboolean
erase (MdDraft *draft, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  md_draft_erase_async (draft, NULL, result_cb, &result);
  await (result != NULL);
  return md_draft_erase_finish (draft, result, error);
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

static guint
count (Counter *counter)
{
  return g_list_model_get_n_items (md_desk_get_drafts (counter->desk));
}

/* The first of those that wait, ready for the PIN. */
static MdDraft *
begin (Counter *counter)
{
  g_autoptr (MdDraftRow) row = NULL;
  MdDraft *draft;

  await (count (counter) > 0);
  row = g_list_model_get_item (md_desk_get_drafts (counter->desk), 0);
  draft = md_desk_begin_draft (counter->desk, row);
  counter_wait (draft, "wait", MD_DRAFT_WAIT_PIN);
  return draft;
}

static MdIntake *
resume (Counter *counter)
{
  g_autoptr (MdSecret) pin = counter_staff_secret (counter, "S0001", "pin");
  g_autoptr (GError) error = NULL;
  MdDraft *draft = begin (counter);

  g_assert_true (open_with (draft, pin, &error));
  g_assert_no_error (error);
  g_assert_cmpint (md_draft_get_wait (draft), ==, MD_DRAFT_WAIT_DONE);
  md_desk_end_draft (counter->desk);
  return md_desk_get_intake (counter->desk);
}

static void
identify (Counter *counter, MdIntake *intake, const char *person)
{
  g_autoptr (GError) error = NULL;

  counter_insert (counter, "resident", person);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (counter, intake, person, &error));
  g_assert_no_error (error);
}

/* Whether NEEDLE stands in any file below FOLDER. */
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
      else if (g_file_test (path, G_FILE_TEST_IS_REGULAR)
               && g_file_get_contents (path, &bytes, &size, NULL))
        found = memmem (bytes, size, needle, strlen (needle)) != NULL;
    }
  return found;
}

static void
assert_nothing_on_disk (Counter *counter)
{
  static const char *const needles[] = { MARKER, ADDRESS_MARKER, "1234567890", "1234-567890" };
  g_autofree char *terminal = g_build_filename (counter->world, "terminal", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (needles); i++)
    g_assert_false (is_on_disk (terminal, needles[i]));
}

static MdAttachment *
first_paper (MdIntake *intake)
{
  MdAttachment *paper
      = g_list_model_get_item (md_form_data_get_attachments (md_intake_get_data (intake)), 0);

  g_object_unref (paper);
  return paper;
}

/* R-SESS-03: put aside at the confirmation, another day's work, another login; the same card, and
 * one is where one was. */
static void
test_whole (Counter *counter)
{
  MdIntake *intake;
  g_autofree char *first = NULL;
  g_autoptr (GError) error = NULL;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  g_assert_true (md_intake_go_back (intake));
  counter_type (intake, "p.hh_head", MARKER);
  md_attachment_set_handed_in (first_paper (intake), TRUE);
  g_assert_true (md_intake_advance (intake));
  first = g_strdup (md_intake_get_receipt_number (intake));
  g_assert_true (md_intake_get_can_suspend (intake));
  g_assert_true (suspend (intake, &error));
  g_assert_no_error (error);
  g_assert_true (md_intake_is_empty (intake));
  counter_assert_recorded (counter, "suspend", "done");
  assert_nothing_on_disk (counter);
  counter_remove (counter, "resident");
  await (count (counter) == 1);
  log_out (counter);
  g_assert_cmpuint (count (counter), ==, 0);

  counter_login (counter, "S0001");
  intake = resume (counter);
  counter_assert_recorded (counter, "resume", "done");
  g_assert_cmpstr (md_intake_get_receipt_number (intake), !=, first);
  /* The purpose was explained; who it is has to be shown again, and nothing of the card is here. */
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_IDENTIFY);
  counter_wait (intake, "wait", MD_WAIT_CARD);
  g_assert_false (md_intake_advance (intake));
  counter_assert_erased (intake);
  identify (counter, intake, "tanaka");
  g_assert_true (md_intake_advance (intake));
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_CONFIRM);
  g_assert_cmpstr (counter_value (intake, "p.hh_head"), ==, MARKER);
  g_assert_true (md_attachment_get_handed_in (first_paper (intake)));
  g_assert_nonnull (counter_value (intake, "p.name"));
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  md_desk_refresh (counter->desk);
  await (count (counter) == 0);
  assert_nothing_on_disk (counter);
}

static char *
database (Counter *counter)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *state = NULL;

  g_key_file_load_from_file (file, counter->settings, G_KEY_FILE_NONE, NULL);
  state = g_key_file_get_string (file, "terminal", "state_dir", NULL);
  return g_build_filename (state, "terminal.db", NULL);
}

/* R-SESS-03: the clerk goes without suspending, and the desk keeps nothing: what was typed waits,
 * up to the last key. */
static void
test_left_open (Counter *counter)
{
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "pension.exemption");
  counter_type_person (intake, MARKER);
  log_out (counter);
  g_assert_null (md_desk_get_intake (counter->desk));
  assert_nothing_on_disk (counter);
  counter_login (counter, "S0001");
  intake = resume (counter);
  g_assert_cmpstr (counter_value (intake, "p.name"), ==, MARKER);
}

static gint64
count_stored (Counter *counter)
{
  g_autofree char *path = database (counter);
  MdDb *db = md_db_open (path, MD_DB_READ_WRITE, NULL);
  gint64 n = 0;

  g_assert_true (md_db_get_int (db, "SELECT count (*) FROM draft", &n, NULL));
  md_db_close (db);
  return n;
}

/* It is kept while the clerk types, without a PIN and without anybody asking; nothing typed,
 * nothing kept; handed in or given up, it is gone. */
static void
test_kept_while_typing (Counter *counter)
{
  MdIntake *intake;
  g_autoptr (GError) error = NULL;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "pension.exemption");
  counter_turn (5000);
  g_assert_cmpint (count_stored (counter), ==, 0);
  counter_type (intake, "p.hh_head", MARKER);
  await (count_stored (counter) == 1);
  assert_nothing_on_disk (counter);
  md_intake_next_person (intake);
  await (count_stored (counter) == 0);
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  await (count_stored (counter) == 1);
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  g_assert_cmpint (count_stored (counter), ==, 0);
}

/* Another person's card is refused in words, and the right one goes on. */
static void
test_other_person (Counter *counter)
{
  MdIntake *intake;
  g_autoptr (GError) error = NULL;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  /* The person takes the card along to fetch a paper: it can still be suspended. */
  counter_remove (counter, "resident");
  counter_wait (intake, "wait", MD_WAIT_AWAY);
  g_assert_true (suspend (intake, &error));
  g_assert_no_error (error);

  intake = resume (counter);
  counter_insert (counter, "resident", "suzuki");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_false (counter_identify (counter, intake, "suzuki", &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_clear_error (&error);
  counter_assert_trouble (intake);
  counter_assert_recorded (counter, "identification", "refused cause=other-than-suspended");
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_REFUSED);
  g_assert_null (counter_value (intake, "p.name"));
  /* Suspended before anybody was identified again: it still is that person's. */
  counter_remove (counter, "resident");
  g_assert_true (suspend (intake, &error));
  g_assert_no_error (error);
  intake = resume (counter);
  counter_insert (counter, "resident", "suzuki");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_false (counter_identify (counter, intake, "suzuki", NULL));
  counter_remove (counter, "resident");
  identify (counter, intake, "tanaka");
  g_assert_true (md_intake_advance (intake));
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_CONFIRM);
}

/* A wrong PIN uses a try and changes nothing else; given up, the draft is gone. */
static void
test_pin_and_end (Counter *counter)
{
  g_autoptr (MdSecret) wrong = md_secret_new_from_text ("999999");
  g_autoptr (MdSecret) pin = counter_staff_secret (counter, "S0001", "pin");
  g_autoptr (GError) error = NULL;
  MdIntake *intake;
  MdDraft *draft;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "pension.exemption");
  counter_type_person (intake, MARKER);
  g_assert_true (suspend (intake, &error));
  draft = begin (counter);
  g_assert_false (open_with (draft, wrong, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG);
  g_clear_error (&error);
  g_assert_nonnull (md_draft_get_trouble (draft));
  counter_wait (draft, "wait", MD_DRAFT_WAIT_PIN);
  g_assert_true (open_with (draft, pin, &error));
  g_assert_no_error (error);
  intake = md_desk_get_intake (counter->desk);
  g_assert_cmpstr (counter_value (intake, "p.name"), ==, MARKER);
  md_intake_next_person (intake);
  g_assert_true (md_intake_is_empty (intake));
  md_desk_refresh (counter->desk);
  counter_turn (500);
  g_assert_cmpuint (count (counter), ==, 0);
  assert_nothing_on_disk (counter);
}

static void
change_stored (Counter *counter, const char *sql)
{
  g_autofree char *path = database (counter);
  MdDb *db = md_db_open (path, MD_DB_READ_WRITE, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (db);
  g_assert_true (md_db_exec (db, sql, &error));
  g_assert_no_error (error);
  md_db_close (db);
}

/* The first of those that wait, as soon as it is known whether it asks for a PIN. */
static MdDraft *
look_at_first (Counter *counter)
{
  g_autoptr (MdDraftRow) row = NULL;
  MdDraft *draft;

  await (count (counter) > 0);
  row = g_list_model_get_item (md_desk_get_drafts (counter->desk), 0);
  draft = md_desk_begin_draft (counter->desk, row);
  await (md_draft_get_wait (draft) != MD_DRAFT_WAIT_LOADING);
  return draft;
}

/* In words, with what is left to do. */
static void
assert_refused (MdDraft *draft)
{
  g_assert_cmpint (md_draft_get_wait (draft), ==, MD_DRAFT_WAIT_REFUSED);
  g_assert_nonnull (md_trouble_get_meaning (md_draft_get_trouble (draft)));
  g_assert_nonnull (md_trouble_get_action (md_draft_get_trouble (draft)));
}

/* Bytes were changed on the disk: words, the others stay whole, and it can be erased. Where no card
 * could open it any more, no PIN is asked for. */
static void
test_damaged (Counter *counter)
{
  static const struct
  {
    const char *sql;
    gboolean asks;
  } changes[]
      = { { "UPDATE draft SET body = CAST (substr (body, 1, length (body) - 1) || x'00' AS BLOB)",
            TRUE },
          { "UPDATE draft SET body = substr (body, 1, length (body) / 2)", FALSE },
          { "UPDATE draft SET body = x'00'", FALSE },
          { "UPDATE draft SET body = CAST (substr (body, 1, length (body) - 30) || x'ffff'"
            " || substr (body, length (body) - 27) AS BLOB)",
            TRUE } };
  g_autoptr (MdSecret) pin = counter_staff_secret (counter, "S0001", "pin");

  counter_login (counter, "S0001");
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      MdIntake *intake = counter_begin (counter, "pension.exemption");
      g_autoptr (GError) error = NULL;
      MdDraft *draft;

      counter_type_person (intake, MARKER);
      g_assert_true (suspend (intake, &error));
      g_assert_no_error (error);
      change_stored (counter, changes[i].sql);
      draft = look_at_first (counter);
      if (changes[i].asks)
        g_assert_false (open_with (draft, pin, NULL));
      assert_refused (draft);
      g_assert_true (erase (draft, &error));
      g_assert_no_error (error);
      counter_assert_recorded (counter, "erase-draft", "done by=own-clerk");
      md_desk_end_draft (counter->desk);
      await (count (counter) == 0);
    }
}

static void
swap_certificates (JsonObject *root)
{
  JsonArray *staff = json_object_get_array_member (root, "staff");
  JsonObject *certificates[2];
  g_autofree char *first = NULL;

  for (guint i = 0; i < 2; i++)
    certificates[i]
        = json_object_get_object_member (json_array_get_object_element (staff, i), "certificates");
  first = g_strdup (json_object_get_string_member (certificates[0], "km"));
  json_object_set_string_member (certificates[0], "km",
                                 json_object_get_string_member (certificates[1], "km"));
  json_object_set_string_member (certificates[1], "km", first);
}

/* The clerk got another card, or another certificate, while it waited: said before a PIN is asked
 * for, and it can be erased. */
static void
test_replaced_card (Counter *counter)
{
  MdIntake *intake;
  MdDraft *draft;
  g_autoptr (GError) error = NULL;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "pension.exemption");
  counter_type_person (intake, MARKER);
  g_assert_true (suspend (intake, &error));
  g_assert_no_error (error);
  log_out (counter);
  counter_renew_policy_with (counter, 2, swap_certificates);
  counter_login (counter, "S0001");
  draft = look_at_first (counter);
  assert_refused (draft);
  counter_assert_recorded (counter, "error", "failed action=resume cause=certificate");
  g_assert_true (erase (draft, &error));
  g_assert_no_error (error);
}

/* What cannot be erased just now stays as it was, and can still be opened. */
static void
test_not_erased (Counter *counter)
{
  g_autoptr (MdSecret) pin = counter_staff_secret (counter, "S0001", "pin");
  MdIntake *intake;
  MdDraft *draft;
  g_autoptr (GError) error = NULL;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "pension.exemption");
  counter_type_person (intake, MARKER);
  g_assert_true (suspend (intake, &error));
  draft = begin (counter);
  change_stored (counter, "CREATE TRIGGER stop BEFORE DELETE ON draft"
                          " BEGIN SELECT raise (ABORT, 'no'); END");
  g_assert_false (erase (draft, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_nonnull (md_draft_get_trouble (draft));
  g_assert_cmpint (md_draft_get_wait (draft), ==, MD_DRAFT_WAIT_PIN);
  change_stored (counter, "DROP TRIGGER stop");
  g_assert_true (open_with (draft, pin, &error));
  g_assert_no_error (error);
}

static MdTrouble *
unkept (MdIntake *intake)
{
  g_autoptr (MdTrouble) trouble = NULL;

  g_object_get (intake, "unkept", &trouble, NULL);
  return trouble; /* the intake keeps it */
}

/* The database is held by another program: the clerk sees that nothing would be left after a crash,
 * and what to do; suspending says so; all that was typed stays, and is kept by itself as soon as
 * that is over. */
static void
test_not_kept (Counter *counter)
{
  g_autofree char *path = NULL;
  MdIntake *intake;
  MdDb *db;
  g_autoptr (GError) error = NULL;

  counter_login (counter, "S0001");
  path = database (counter);
  intake = counter_begin (counter, "pension.exemption");
  db = md_db_open (path, MD_DB_READ_WRITE, NULL);
  g_assert_true (md_db_exec (db, "BEGIN IMMEDIATE", NULL));
  g_assert_null (unkept (intake));
  counter_type_person (intake, MARKER);
  await (unkept (intake) != NULL);
  g_assert_nonnull (md_trouble_get_meaning (unkept (intake)));
  g_assert_nonnull (md_trouble_get_action (unkept (intake)));
  g_assert_false (suspend (intake, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DATABASE);
  g_clear_error (&error);
  g_assert_nonnull (md_intake_get_trouble (intake));
  g_assert_cmpstr (counter_value (intake, "p.name"), ==, MARKER);
  g_assert_true (md_db_exec (db, "ROLLBACK", NULL));
  md_db_close (db);
  await (unkept (intake) == NULL);
  g_assert_cmpint (count_stored (counter), ==, 1);
  assert_nothing_on_disk (counter);
}

static gboolean
warns_of_unbound (MdIntake *intake)
{
  g_autoptr (MdTrouble) first = g_list_model_get_item (md_intake_get_warnings (intake), 0);

  return first
         && g_str_equal (md_trouble_get_title (first),
                         "Make sure that this is the person whose intake was suspended.");
}

/* Whoever was identified by documents is not known again by machine: the clerk is told to look. So
 * is one who was known by a card and shows documents now. */
static void
test_documents (Counter *counter)
{
  MdIntake *intake;
  g_autoptr (GError) error = NULL;

  counter_login (counter, "S0001");
  intake = counter_by_licence (counter, "1234");
  g_assert_false (warns_of_unbound (intake));
  counter_type_person (intake, MARKER);
  g_assert_true (suspend (intake, &error));
  g_assert_no_error (error);
  intake = resume (counter);
  g_assert_true (counter_show_licence (intake, "1234"));
  g_assert_true (warns_of_unbound (intake));
  g_assert_true (md_intake_advance (intake));
  g_assert_cmpstr (counter_value (intake, "p.name"), ==, MARKER);
  md_intake_next_person (intake);

  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  g_assert_true (suspend (intake, &error));
  g_assert_no_error (error);
  counter_remove (counter, "resident");
  intake = resume (counter);
  g_assert_true (counter_show_licence (intake, "1234"));
  g_assert_true (warns_of_unbound (intake));
  g_assert_true (suspend (intake, &error));
  g_assert_no_error (error);
  intake = resume (counter);
  identify (counter, intake, "tanaka"); /* by the card again */
  g_assert_false (warns_of_unbound (intake));
}

/* A supervisor sees that there is one, whose and of which procedure, and may erase it. */
static void
test_supervisor (Counter *counter)
{
  MdIntake *intake;
  MdDraft *draft;
  g_autoptr (MdDraftRow) row = NULL;
  g_autoptr (MdSecret) pin = counter_staff_secret (counter, "S0101", "pin");
  g_autoptr (GError) error = NULL;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "pension.exemption");
  counter_type_person (intake, MARKER);
  g_assert_true (suspend (intake, &error));
  log_out (counter);
  counter_login (counter, "S0101");
  await (count (counter) == 1);
  row = g_list_model_get_item (md_desk_get_drafts (counter->desk), 0);
  g_assert_false (md_draft_row_get_own (row));
  draft = md_desk_begin_draft (counter->desk, row);
  g_assert_cmpint (md_draft_get_wait (draft), ==, MD_DRAFT_WAIT_OTHER);
  g_assert_false (open_with (draft, pin, &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP);
  g_clear_error (&error);
  g_assert_true (erase (draft, &error));
  counter_assert_recorded (counter, "erase-draft", "done by=supervisor");
  md_desk_end_draft (counter->desk);
  await (count (counter) == 0);
}

int
main (int argc, char **argv)
{
  static const CounterTest tests[]
      = { { "/intake/draft/whole", test_whole },
          { "/intake/draft/left-open", test_left_open },
          { "/intake/draft/kept-while-typing", test_kept_while_typing },
          { "/intake/draft/other-person", test_other_person },
          { "/intake/draft/pin-and-end", test_pin_and_end },
          { "/intake/draft/damaged", test_damaged },
          { "/intake/draft/replaced-card", test_replaced_card },
          { "/intake/draft/not-erased", test_not_erased },
          { "/intake/draft/not-kept", test_not_kept },
          { "/intake/draft/documents", test_documents },
          { "/intake/draft/supervisor", test_supervisor } };

  return counter_run (argc, argv, tests, G_N_ELEMENTS (tests));
}
