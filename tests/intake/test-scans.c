// SPDX-License-Identifier: Apache-2.0
/* What was attached stays with the intake when what the card said goes, and with the sealing when
 * the intake goes; and it is sealed to those who may see it. */
#include "counter.h"

#include <glib/gstdio.h>
#include <md-seal.h>
#include <string.h>

#include "../scan/samples.h"
#include "scans.h"

#define SECOND G_USEC_PER_SEC

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

/* One that is always due, of the intake's form as it is now. */
static MdAttachment *
find_paper (MdIntake *intake)
{
  GListModel *papers = md_form_data_get_attachments (md_intake_get_data (intake));

  for (guint i = 0; i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (papers, i);

      if (g_str_equal (md_attachment_get_id (paper), "income"))
        return paper; /* the form keeps it */
    }
  g_assert_not_reached ();
}

static void
attach (MdIntake *intake)
{
  g_autofree char *folder = g_dir_make_tmp ("scan-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "scan.jpg", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, (const char *)sample_jpeg, sizeof sample_jpeg, NULL));
  md_intake_attach_async (intake, find_paper (intake), path, result_cb, &result);
  await (result != NULL);
  (void)md_intake_attach_finish (intake, result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Of a resident whose card lies there: at "confirm", with a scan. */
MdIntake *
scans_take_in (Counter *counter)
{
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  g_assert_true (md_intake_go_back (intake));
  attach (intake);
  g_assert_true (md_intake_advance (intake));
  return intake;
}

static void
assert_scan (MdIntake *intake)
{
  MdAttachment *paper = find_paper (intake);
  g_autoptr (MdScanDocument) document
      = g_list_model_get_item (md_attachment_get_documents (paper), 0);

  g_assert_nonnull (document);
  g_assert_nonnull (md_scan_document_get_bytes (document));
  g_assert_cmpuint (md_scan_document_get_size (document), ==, sizeof sample_jpeg);
  g_assert_cmpint (md_attachment_get_how (paper), ==, MD_PAPER_SCANNED);
}

/* The card was away for longer than the office allows. The file may be gone from the scan folder by
 * then, and the paper given back. */
static void
test_card_away (void)
{
  g_autoptr (MdTestClock) clock = md_test_clock_new (g_get_real_time ());
  g_autoptr (GError) error = NULL;
  Counter *counter;
  MdIntake *intake;

  counter_clock = MD_CLOCK (clock);
  counter = counter_new ();
  intake = scans_take_in (counter);
  counter_remove (counter, "resident");
  counter_wait (intake, "away", MD_AWAY_LIFTED);
  md_test_clock_advance_us (clock, 61 * SECOND);
  counter_wait (intake, "wait", MD_WAIT_CARD);
  counter_assert_erased (intake);
  assert_scan (intake);
  counter_insert (counter, "resident", "tanaka");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (counter, intake, "tanaka", &error));
  g_assert_no_error (error);
  assert_scan (intake);
  g_assert_true (md_intake_advance (intake));
  g_assert_true (md_intake_advance (intake));
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  counter_free (counter);
  counter_clock = NULL;
}

/* Another procedure has no place for the paper: nothing is chosen, and nothing lost, before the
 * clerk says so. */
static void
test_other_procedure (void)
{
  Counter *counter = counter_new ();
  MdForm *other = md_catalogue_get_form (counter->catalogue, "pension.name_address");
  MdForm *same = md_catalogue_get_form (counter->catalogue, "pension.exemption");
  g_autofree char *lost = NULL;
  g_autofree char *none = NULL;
  g_autoptr (GError) error = NULL;
  MdIntake *intake = scans_take_in (counter);

  while (md_intake_get_step (intake) != MD_STEP_OF_PROCEDURE)
    g_assert_true (md_intake_go_back (intake));
  g_assert_nonnull (other);
  none = md_intake_describe_lost_scans (intake, same);
  g_assert_null (none);
  lost = md_intake_describe_lost_scans (intake, other);
  g_assert_nonnull (lost);
  g_assert_null (strchr (lost, '\n')); /* one paper */
  g_assert_false (counter_choose (intake, other, &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_clear_error (&error);
  assert_scan (intake);
  md_intake_let_scans_go (intake);
  g_assert_true (counter_choose (intake, other, &error));
  g_assert_no_error (error);
  g_assert_true (md_form_data_get_form (md_intake_get_data (intake)) == other);
  counter_free (counter);
}

/* --- given up while it is sealed --- */

/* The program is linked so that the worker that seals a scan comes here. */
gboolean __real_md_container_builder_add_attachment (MdContainerBuilder *self, GBytes *data,
                                                     const char *content_type, const char *readers,
                                                     const GPtrArray *recipients, GError **error);
gboolean __wrap_md_container_builder_add_attachment (MdContainerBuilder *self, GBytes *data,
                                                     const char *content_type, const char *readers,
                                                     const GPtrArray *recipients, GError **error);

enum
{
  PASSES,
  STOPS,
  STANDS,
  HELD, /* and what it holds was whole at the end */
  LOST,
};

static int worker = PASSES, told;

/* What is sealed in the place of the scan that the application tells of; NULL: the scan. */
GBytes *scans_forged;

/* To how many the last scan was sealed, and what the manifest says of that. */
static guint sealed_to;
static char sealed_readers[16];

gboolean
__wrap_md_container_builder_add_attachment (MdContainerBuilder *self, GBytes *data,
                                            const char *content_type, const char *readers,
                                            const GPtrArray *recipients, GError **error)
{
  gboolean whole;

  sealed_to = recipients->len;
  g_strlcpy (sealed_readers, readers ? readers : "", sizeof sealed_readers);
  if (g_atomic_int_compare_and_exchange (&worker, STOPS, STANDS))
    {
      while (g_atomic_int_get (&told) == 0)
        g_usleep (2000);
      whole = g_bytes_get_size (data) == sizeof sample_jpeg
              && memcmp (g_bytes_get_data (data, NULL), sample_jpeg, sizeof sample_jpeg) == 0;
      g_atomic_int_set (&worker, whole ? HELD : LOST);
    }
  return __real_md_container_builder_add_attachment (self, scans_forged ? scans_forged : data,
                                                     content_type, readers, recipients, error);
}

/* "End this intake" while a worker reads the scan: it reads it to the end, and nothing is handed
 * in. */
static void
test_ended_while_sealing (void)
{
  Counter *counter = counter_new ();
  MdIntake *intake = scans_take_in (counter);
  g_autoptr (MdSecret) pin = counter_staff_secret (counter, "S0001", "pin");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_atomic_int_set (&worker, STOPS);
  md_intake_submit_async (intake, pin, NULL, result_cb, &result);
  await (g_atomic_int_get (&worker) == STANDS);
  md_intake_next_person (intake);
  g_assert_true (md_intake_is_empty (intake));
  g_atomic_int_set (&told, 1);
  await (result != NULL);
  g_assert_false (md_intake_submit_finish (intake, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  await (g_atomic_int_get (&worker) >= HELD);
  g_assert_cmpint (g_atomic_int_get (&worker), ==, HELD);
  counter_free (counter);
}

/* --- who may see it --- */

/* Officers who approve, and may not see what people earn. */
static void
hide_income (JsonObject *root)
{
  static const char *const path[] = { "visibility", "V1", "classes", "income" };
  JsonObject *row = root;

  for (guint i = 0; i < G_N_ELEMENTS (path); i++)
    row = json_object_get_object_member (row, path[i]);
  json_object_set_string_member (row, "supervisor", "-");
  json_object_set_string_member (row, "checker", "-");
}

MdApproval *
scans_hand_in_and_open (Counter *counter)
{
  MdIntake *intake = scans_take_in (counter);
  g_autoptr (GError) error = NULL;

  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  md_intake_next_person (intake);
  return counter_open_waiting (counter);
}

static guint
count_pages (MdApproval *approval, guint *out_closed)
{
  GListModel *papers = md_form_data_get_attachments (md_approval_get_data (approval));
  guint open = 0;

  *out_closed = 0;
  for (guint i = 0; i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (papers, i);

      open += g_list_model_get_n_items (md_attachment_get_documents (paper));
      *out_closed += md_attachment_get_closed (paper);
    }
  return open;
}

/* --- by whom it can be seen --- */

/* A scan is sealed by the class of its paper: who may see that opens it; to whoever may not, it is
 * not even sealed, and they are told that there is one. */
static void
test_sealed_by_class (void)
{
  Counter *counter = counter_new ();
  MdApproval *approval = scans_hand_in_and_open (counter);
  guint closed = 0;

  g_assert_cmpuint (sealed_to, >, 1);
  g_assert_cmpstr (sealed_readers, ==, MD_SEAL_READERS_CLASS);
  g_assert_cmpuint (count_pages (approval, &closed), ==, 1);
  g_assert_cmpuint (closed, ==, 0);
  counter_free (counter);

  counter = counter_new ();
  counter_renew_policy_with (counter, 5, hide_income);
  approval = scans_hand_in_and_open (counter);
  g_assert_cmpuint (sealed_to, ==, 1);
  g_assert_cmpuint (count_pages (approval, &closed), ==, 0);
  g_assert_cmpuint (closed, ==, 1);
  g_assert_true (
      counter_has_check (md_approval_get_checks (approval), "scans-closed", MD_CHECK_DEFERRED));
  g_assert_false (counter_has_check (md_approval_get_checks (approval), "scans", MD_CHECK_PASSED));
  g_assert_cmpuint (md_approval_get_unlooked (approval), ==, 0);
  scans_assert_word (approval,
                     "Not for you to look at: it is not sealed to you, or not for your role");
  /* Whoever has the paper itself in hand may say so. */
  g_assert_true (md_approval_tick_paper (approval, "income/0", TRUE));
  scans_assert_word (approval, "Looked at: the paper itself");
  g_assert_true (md_approval_tick_paper (approval, "income/0", FALSE));
  scans_approve (counter, approval);
  counter_assert_recorded (counter, "decide", "done decision=approve scans=0 paper=0 closed=1");
  counter_free (counter);
}

/* The next policy lets the officers see what people earn: what was sealed before stays closed to
 * them, they are told so, and they decide. */
static void
test_rights_since (void)
{
  Counter *counter = counter_new ();
  g_autoptr (GError) error = NULL;
  MdApproval *approval;
  MdIntake *intake;
  guint closed = 0;

  counter_renew_policy_with (counter, 5, hide_income);
  intake = scans_take_in (counter);
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  md_intake_next_person (intake);
  counter_renew_policy_with (counter, 6, NULL);
  approval = counter_open_waiting (counter);
  g_assert_cmpint (md_approval_get_wait (approval), ==, MD_APPROVAL_WAIT_DECISION);
  g_assert_cmpuint (count_pages (approval, &closed), ==, 0);
  g_assert_cmpuint (closed, ==, 1);
  g_assert_true (
      counter_has_check (md_approval_get_checks (approval), "scans-closed", MD_CHECK_DEFERRED));
  g_assert_true (counter_decide (counter, approval, MD_DECISION_APPROVE, NULL, "S0101", &error));
  g_assert_no_error (error);
  counter_free (counter);
}

/* --- what an older release took --- */

gboolean __real_md_inquiry_read_number (const char *text, MdInquiry *out_inquiry);
gboolean __wrap_md_inquiry_read_number (const char *text, MdInquiry *out_inquiry);

static gboolean any_number;

gboolean
__wrap_md_inquiry_read_number (const char *text, MdInquiry *out_inquiry)
{
  *out_inquiry = MD_INQUIRY_TAX;
  return any_number || __real_md_inquiry_read_number (text, out_inquiry);
}

/* A paper that was left out under the rule of the day before: the officer is told that today's does
 * not know the number, and decides. */
static void
test_waived_before (void)
{
  Counter *counter = counter_new ();
  g_autoptr (GError) error = NULL;
  MdApproval *approval;
  MdIntake *intake;
  MdAttachment *paper;
  GListModel *checks;
  gboolean said = FALSE;

  any_number = TRUE;
  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  g_assert_true (md_intake_go_back (intake));
  paper = find_paper (intake);
  md_attachment_set_how (paper, MD_PAPER_WAIVED);
  md_attachment_set_inquiry (paper, "JS-2026-000123");
  g_assert_true (md_intake_advance (intake));
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  any_number = FALSE;
  md_intake_next_person (intake);
  approval = counter_open_waiting (counter);
  g_assert_cmpint (md_approval_get_wait (approval), ==, MD_APPROVAL_WAIT_DECISION);
  checks = md_approval_get_checks (approval);
  g_assert_true (counter_has_check (checks, "waived", MD_CHECK_DEFERRED));
  for (guint i = 0; i < g_list_model_get_n_items (checks); i++)
    {
      g_autoptr (MdCheck) check = g_list_model_get_item (checks, i);

      said = said || strstr (md_check_get_verdict (check), "\"JS-2026-000123\" is no number");
    }
  g_assert_true (said);
  g_assert_true (counter_decide (counter, approval, MD_DECISION_APPROVE, NULL, "S0101", &error));
  g_assert_no_error (error);
  counter_free (counter);
}

gboolean __real_md_scan_inspect (const guint8 *data, gsize size, GCancellable *cancellable,
                                 MdScanFacts *out_facts, GError **error);
gboolean __wrap_md_scan_inspect (const guint8 *data, gsize size, GCancellable *cancellable,
                                 MdScanFacts *out_facts, GError **error);

static int stricter; /* workers look at it */

gboolean
__wrap_md_scan_inspect (const guint8 *data, gsize size, GCancellable *cancellable,
                        MdScanFacts *out_facts, GError **error)
{
  if (g_atomic_int_get (&stricter) == 0)
    return __real_md_scan_inspect (data, size, cancellable, out_facts, error);
  g_set_error_literal (error, MD_SCAN_ERROR, MD_SCAN_ERROR_ACTIVE, "it would not come in today");
  return FALSE;
}

/* A scan that would not come in any more: the officer is told, sees none of it, and decides by the
 * paper itself. */
static void
test_inspected_before (void)
{
  Counter *counter = counter_new ();
  g_autoptr (GError) error = NULL;
  MdApproval *approval;
  MdIntake *intake = scans_take_in (counter);
  guint closed = 0;

  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  md_intake_next_person (intake);
  g_atomic_int_set (&stricter, 1);
  approval = counter_open_waiting (counter);
  g_assert_cmpint (md_approval_get_wait (approval), ==, MD_APPROVAL_WAIT_DECISION);
  g_assert_cmpuint (count_pages (approval, &closed), ==, 1);
  g_assert_true (
      counter_has_check (md_approval_get_checks (approval), "scans-doubted", MD_CHECK_DEFERRED));
  scans_assert_not_approved (counter, approval);
  g_assert_false (md_approval_tick_paper (approval, "income/1", TRUE));
  g_assert_true (md_approval_tick_paper (approval, "income/0", TRUE));
  scans_assert_word (approval, "Looked at: the paper itself");
  g_assert_true (md_approval_tick_paper (approval, "income/0", FALSE));
  scans_assert_not_approved (counter, approval);
  g_assert_true (md_approval_tick_paper (approval, "income/0", TRUE));
  scans_approve (counter, approval);
  counter_assert_recorded (counter, "reference", "done action=look scans=income/0:paper");
  counter_assert_recorded (counter, "decide", "done decision=approve scans=0 paper=1 closed=0");
  g_atomic_int_set (&stricter, 0);
  counter_free (counter);
}

int
main (int argc, char **argv)
{
  g_autoptr (GTestDBus) bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_dbus_up (bus);
  g_test_add_func ("/intake/scans/card-away", test_card_away);
  g_test_add_func ("/intake/scans/ended-while-sealing", test_ended_while_sealing);
  g_test_add_func ("/intake/scans/other-procedure", test_other_procedure);
  g_test_add_func ("/intake/scans/looked-at", scans_test_looked_at);
  g_test_add_func ("/intake/scans/unfit-contents", scans_test_unfit_contents);
  g_test_add_func ("/intake/scans/unfit-signature", scans_test_unfit_signature);
  g_test_add_func ("/intake/scans/own-fault", scans_test_own_fault);
  g_test_add_func ("/intake/scans/sealed-by-class", test_sealed_by_class);
  g_test_add_func ("/intake/scans/rights-since", test_rights_since);
  g_test_add_func ("/intake/scans/waived-before", test_waived_before);
  g_test_add_func ("/intake/scans/inspected-before", test_inspected_before);
  status = g_test_run ();
  g_test_dbus_down (bus);
  return status;
}
