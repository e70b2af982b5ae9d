// SPDX-License-Identifier: Apache-2.0
/* Scans before the approving officer: looked at, or not those of the application. */
#include "scans.h"

#include <md-seal.h>

#include "../scan/samples.h"

#define UNFIT "What was handed in does not fit together"

/* --- what the officer looked at --- */

void
scans_assert_word (MdApproval *approval, const char *word)
{
  g_autoptr (MdScanLook) look = g_list_model_get_item (md_approval_get_looks (approval), 0);
  g_autofree char *said = NULL;

  g_object_get (look, "word", &said, NULL);
  g_assert_cmpstr (said, ==, word);
}

void
scans_assert_not_approved (Counter *counter, MdApproval *approval)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (md_approval_get_unlooked (approval), ==, 1);
  g_assert_false (counter_decide (counter, approval, MD_DECISION_APPROVE, NULL, "S0101", &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_assert_cmpint (md_approval_get_wait (approval), ==, MD_APPROVAL_WAIT_DECISION);
}

void
scans_approve (Counter *counter, MdApproval *approval)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (counter_decide (counter, approval, MD_DECISION_APPROVE, NULL, "S0101", &error));
  g_assert_no_error (error);
}

/* Nothing is approved unseen: each page was on the screen. It may have more than the file says. */
void
scans_test_looked_at (void)
{
  Counter *counter = counter_new ();
  MdApproval *approval = scans_hand_in_and_open (counter);
  g_autoptr (GPtrArray) documents = md_form_data_list_documents (md_approval_get_data (approval));
  MdScanDocument *document = g_ptr_array_index (documents, 0);

  scans_assert_word (approval, "Not looked at yet");
  scans_assert_not_approved (counter, approval);
  md_approval_note_page (approval, document, 0, 2);
  scans_assert_word (approval, "1 of 2 pages looked at");
  scans_assert_not_approved (counter, approval);
  md_approval_note_page (approval, document, 1, 1);
  scans_assert_word (approval, "Looked at: each page was shown");
  scans_approve (counter, approval);
  counter_assert_recorded (counter, "reference", "done action=look scans=income/0:shown");
  counter_assert_recorded (counter, "decide", "done decision=approve scans=1 paper=0 closed=0");
  counter_free (counter);
}

/* --- what does not fit together --- */

static void
assert_refused (Counter *counter, MdApproval *approval, MdDecisionKind kind, const char *reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (counter_decide (counter, approval, kind, reason, "S0101", &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_assert_cmpint (md_approval_get_wait (approval), ==, MD_APPROVAL_WAIT_UNFIT);
}

/* It goes back to the clerk with the one reason that is left. */
static void
return_unfit (Counter *counter, MdApproval *approval, const char *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) reasons
      = g_object_ref (md_approval_get_reasons (approval, MD_DECISION_RETURN));

  g_assert_nonnull (md_approval_get_finding (approval));
  g_assert_null (md_approval_get_data (approval));
  g_assert_cmpuint (g_list_model_get_n_items (reasons), ==, 1);
  assert_refused (counter, approval, MD_DECISION_APPROVE, NULL);
  assert_refused (counter, approval, MD_DECISION_REJECT, "not-eligible");
  assert_refused (counter, approval, MD_DECISION_RETURN, "incomplete");
  g_assert_true (counter_decide (counter, approval, MD_DECISION_RETURN, reason, "S0101", &error));
  g_assert_no_error (error);
  g_assert_cmpint (md_approval_get_wait (approval), ==, MD_APPROVAL_WAIT_DONE);
  counter_assert_recorded (counter, "decide", "done decision=return");
}

/* And the clerk, who sees why, takes it up again. */
static void
take_up_again (Counter *counter, const char *label)
{
  g_autoptr (MdIntakeRow) row = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *reason = NULL;
  MdReturned *returned;
  MdIntake *intake;

  counter_login (counter, "S0001");
  await (g_list_model_get_n_items (md_desk_get_returned (counter->desk)) == 1);
  row = g_list_model_get_item (md_desk_get_returned (counter->desk), 0);
  returned = md_desk_begin_returned (counter->desk, row);
  counter_wait (returned, "wait", MD_RETURNED_WAIT_CHOICE);
  g_object_get (returned, "reason", &reason, NULL);
  g_assert_cmpstr (reason, ==, label);
  g_assert_true (md_returned_may_take_up (returned));
  intake = md_desk_take_up (counter->desk, row);
  md_desk_end_returned (counter->desk);
  g_assert_true (counter_choose (
      intake, md_catalogue_get_form (counter->catalogue, "pension.exemption"), &error));
  md_intake_next_person (intake);
}

/* A scan that is not the one that the application tells of: it cannot be approved, nor refused on
 * its merits, and it does not stay where it is. */
void
scans_test_unfit_contents (void)
{
  Counter *counter = counter_new ();
  MdIntake *intake = scans_take_in (counter);
  g_autoptr (GError) error = NULL;
  MdApproval *approval;

  scans_forged = g_bytes_new_static (sample_tiff, sizeof sample_tiff);
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  g_clear_pointer (&scans_forged, g_bytes_unref);
  md_intake_next_person (intake);
  counter_remove (counter, "resident");
  counter_login (counter, "S0101");
  approval = counter_begin_approval (counter);
  g_assert_false (counter_open (counter, approval, "S0101", &error));
  g_assert_cmpint (md_approval_get_wait (approval), ==, MD_APPROVAL_WAIT_UNFIT);
  /* Somebody may have exchanged it: the officer is told to tell the administrator, and it is
   * recorded. */
  g_assert_true (md_approval_is_grave (approval));
  counter_assert_recorded (counter, "error", "failed action=open cause=form");
  return_unfit (counter, approval, "contents-unfit");
  take_up_again (counter, UNFIT);
  counter_free (counter);
}

gboolean __real_md_container_verify (const MdContainer *self, const MdTrust *trust, gint64 time,
                                     GError **error);
gboolean __wrap_md_container_verify (const MdContainer *self, const MdTrust *trust, gint64 time,
                                     GError **error);

static gboolean clerk_in_doubt;
static MdSealError doubt = MD_SEAL_ERROR_SIGNATURE;

gboolean
__wrap_md_container_verify (const MdContainer *self, const MdTrust *trust, gint64 time,
                            GError **error)
{
  if (!clerk_in_doubt)
    return __real_md_container_verify (self, trust, time, error);
  g_set_error_literal (error, MD_SEAL_ERROR, (gint)doubt, "the clerk's is not trusted");
  return FALSE;
}

gboolean __real_md_form_data_load (MdFormData *self, MdSecret *application, MdSecret *number,
                                   const char *intake, GError **error);
gboolean __wrap_md_form_data_load (MdFormData *self, MdSecret *application, MdSecret *number,
                                   const char *intake, GError **error);

static gboolean form_was_edited;
static gboolean sealed_to_others;

gboolean
__wrap_md_form_data_load (MdFormData *self, MdSecret *application, MdSecret *number,
                          const char *intake, GError **error)
{
  if (sealed_to_others)
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_NOT_RECIPIENT, "not to this one");
      return FALSE;
    }
  if (!form_was_edited)
    return __real_md_form_data_load (self, application, number, intake, error);
  g_set_error_literal (error, MD_FORMS_ERROR, MD_FORMS_ERROR_FORM, "another text than here");
  return FALSE;
}

/* A terminal that is at fault itself decides nothing and returns nothing; nor one that may be,
 * before somebody has said so. */
static void
assert_nothing_but_closing (Counter *counter, MdApproval *approval, gboolean unread)
{
  g_autoptr (GError) error = NULL;

  counter_wait (approval, "wait", MD_APPROVAL_WAIT_REFUSED);
  g_assert_null (md_approval_get_finding (approval));
  g_assert_nonnull (md_approval_get_trouble (approval));
  g_assert_null (md_approval_get_data (approval));
  g_assert_false (
      counter_decide (counter, approval, MD_DECISION_RETURN, "contents-unfit", "S0101", &error));
  g_assert_nonnull (error);
  g_assert_cmpint (md_approval_is_unread (approval), ==, unread);
  g_assert_cmpint (md_approval_confirm_unread (approval, TRUE), ==, unread);
  g_assert_cmpint (md_approval_confirm_unread (approval, FALSE), ==, unread);
  g_assert_cmpint (md_approval_get_wait (approval), ==, MD_APPROVAL_WAIT_REFUSED);
  g_assert_null (md_approval_get_finding (approval));
}

/* To whom it is not sealed says nothing of what others can read. */
static void
assert_for_another_officer (Counter *counter)
{
  MdApproval *approval = counter_begin_approval (counter);
  g_autoptr (GError) error = NULL;

  sealed_to_others = TRUE;
  g_assert_false (counter_open (counter, approval, "S0101", &error));
  sealed_to_others = FALSE;
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_NOT_RECIPIENT);
  assert_nothing_but_closing (counter, approval, FALSE);
  g_assert_cmpstr (md_trouble_get_title (md_approval_get_trouble (approval)), ==,
                   "This application cannot be opened with your card.");
  g_assert_cmpstr (md_trouble_get_meaning (md_approval_get_trouble (approval)), ==,
                   "It is not sealed to it. Another officer, to whom it is sealed, can open it.");
  md_desk_end_approval (counter->desk);
}

/* The window records that it was confirmed; that it went back, the service, when it did. */
static void
assert_not_returned_by_wrong_pin (Counter *counter, MdApproval *approval)
{
  g_autoptr (MdSecret) wrong = md_secret_new_from_text ("999999");
  g_autoptr (GError) error = NULL;

  g_assert_false (
      counter_decide_with (approval, MD_DECISION_RETURN, "contents-unreadable", wrong, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG);
  counter_assert_recorded (counter, "staff-card", "failed action=decide cause=pin-wrong");
  g_assert_cmpuint (counter_count_recorded (counter, "reference", "done action=confirm-unread"), ==,
                    1);
  g_assert_cmpuint (counter_count_recorded (counter, "reference", "done action=return-unread"), ==,
                    0);
  g_assert_cmpuint (counter_count_recorded (counter, "decide", "done decision=return"), ==, 0);
}

/* Faults of this terminal are nothing that was handed in, which is good at the next. */
void
scans_test_own_fault (void)
{
  static const MdSealError faults[] = { MD_SEAL_ERROR_FAILED, MD_SEAL_ERROR_LIMIT,
                                        MD_SEAL_ERROR_UNSUPPORTED, MD_SEAL_ERROR_NEWER };
  Counter *counter = counter_new ();
  MdIntake *intake = scans_take_in (counter);
  g_autoptr (MdIntakeRow) row = NULL;
  g_autoptr (GError) error = NULL;
  MdApproval *approval;

  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  md_intake_next_person (intake);
  counter_remove (counter, "resident");
  counter_login (counter, "S0101");
  await (g_list_model_get_n_items (md_desk_get_approvals (counter->desk)) == 1);
  row = g_list_model_get_item (md_desk_get_approvals (counter->desk), 0);
  clerk_in_doubt = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      doubt = faults[i];
      approval = md_desk_begin_approval (counter->desk, row);
      assert_nothing_but_closing (counter, approval, FALSE);
      g_assert_cmpint (g_str_equal (md_trouble_get_title (md_approval_get_trouble (approval)),
                                    "This terminal does not know how the application was made."),
                       ==, doubt == MD_SEAL_ERROR_UNSUPPORTED || doubt == MD_SEAL_ERROR_NEWER);
      md_desk_end_approval (counter->desk);
    }
  clerk_in_doubt = FALSE;
  doubt = MD_SEAL_ERROR_SIGNATURE;
  assert_for_another_officer (counter);
  form_was_edited = TRUE;
  approval = counter_begin_approval (counter);
  g_assert_false (counter_open (counter, approval, "S0101", &error));
  assert_nothing_but_closing (counter, approval, TRUE);
  md_desk_end_approval (counter->desk);
  g_clear_error (&error);
  form_was_edited = FALSE;
  approval = counter_begin_approval (counter);
  g_assert_true (counter_open (counter, approval, "S0101", &error));
  g_assert_no_error (error);
  g_assert_false (md_approval_is_unread (approval));
  md_desk_end_approval (counter->desk);
  /* Where it is no terminal's fault, it does not lie there for ever. */
  form_was_edited = TRUE;
  approval = counter_begin_approval (counter);
  g_assert_false (counter_open (counter, approval, "S0101", &error));
  g_assert_true (md_approval_confirm_unread (approval, TRUE));
  assert_not_returned_by_wrong_pin (counter, approval);
  return_unfit (counter, approval, "contents-unreadable");
  counter_assert_recorded (counter, "decide", "done decision=return action=return-unread");
  g_assert_cmpuint (counter_count_recorded (counter, "reference", "done action=return-unread"), ==,
                    0);
  form_was_edited = FALSE;
  take_up_again (counter, "No terminal can read what was handed in");
  counter_free (counter);
}

/* The clerk's certificate is not trusted (any more): nobody even opens it. */
void
scans_test_unfit_signature (void)
{
  Counter *counter = counter_new ();
  MdIntake *intake = scans_take_in (counter);
  g_autoptr (GListModel) rows = NULL;
  g_autoptr (MdIntakeRow) row = NULL;
  g_autoptr (GError) error = NULL;
  MdApproval *approval;

  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  md_intake_next_person (intake);
  counter_remove (counter, "resident");
  clerk_in_doubt = TRUE;
  counter_login (counter, "S0101");
  rows = g_object_ref (md_desk_get_approvals (counter->desk));
  await (g_list_model_get_n_items (rows) == 1);
  row = g_list_model_get_item (rows, 0);
  approval = md_desk_begin_approval (counter->desk, row);
  counter_wait (approval, "wait", MD_APPROVAL_WAIT_UNFIT);
  return_unfit (counter, approval, "contents-unfit");
  take_up_again (counter, UNFIT);
  clerk_in_doubt = FALSE;
  counter_free (counter);
}
