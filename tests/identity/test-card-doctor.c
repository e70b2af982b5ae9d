// SPDX-License-Identifier: Apache-2.0
// The reader doctor where there is nothing to look at: tests/ctl/test-doctor-card.py has the rest.
#include <md-identity.h>

#define TURNS 10

typedef struct
{
  gboolean done;
  GPtrArray *findings;
  GError *error;
} Answer;

static void
on_examined (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;
  answer->findings = md_card_doctor_examine_finish (result, &answer->error);
  answer->done = TRUE;
}

// While the service has said nothing, its patience of 20 s is not waited for: what the cancelling
// itself brings about is enough for the answer. No time is measured, so a busy machine changes
// nothing.
static void
test_cancelled_while_the_service_is_silent (void)
{
  g_autoptr (MdPcsc) pcsc = md_pcsc_new (); // never started: it stays silent
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Answer answer = { 0 };
  g_assert_cmpint (md_pcsc_get_state (pcsc), ==, MD_PCSC_STATE_STARTING);
  md_card_doctor_examine_async (pcsc, md_clock_get_system (), NULL, cancellable, on_examined,
                                &answer);
  for (int turn = 0; turn < TURNS; turn++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_false (answer.done);
  g_cancellable_cancel (cancellable);
  for (int turn = 0; turn < TURNS && !answer.done; turn++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_true (answer.done);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (answer.findings);
  g_clear_error (&answer.error);
  md_pcsc_stop (pcsc);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/identity/card-doctor/cancelled-while-the-service-is-silent",
                   test_cancelled_while_the_service_is_silent);
  return g_test_run ();
}
