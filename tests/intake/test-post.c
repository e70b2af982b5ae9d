// SPDX-License-Identifier: Apache-2.0
/* What came by post: the day on which it came, copies of documents instead of the person, and the
 * way back to the counter. */
#include "counter.h"

/* So many days from today, in Japan. */
static char *
day_in (int days)
{
  MdDate day;

  md_date_from_wall_us (g_get_real_time () + days * G_TIME_SPAN_DAY, &day);
  return md_date_format_iso (&day);
}

/* By post to the first part, whoever is logged in. */
static MdIntake *
begin_post (Counter *counter)
{
  MdIntake *intake = md_desk_begin_intake (counter->desk);

  g_assert_true (counter_choose (
      intake, md_catalogue_get_form (counter->catalogue, "pension.exemption"), NULL));
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_NOTICE);
  g_assert_true (md_intake_get_can_use_post (intake));
  md_intake_use_post (intake);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_FILER);
  return intake;
}

/* R-IDN-19: nothing goes on without the day on which it came; that day, and that it came by post,
 * are in the contents, and the approver sees both. */
static void
test_post (Counter *counter)
{
  MdPapers papers = { .channel = MD_CHANNEL_POST, .informed = TRUE };
  g_autofree char *came = day_in (-20);
  g_autofree char *tomorrow = day_in (1);
  g_autoptr (GError) error = NULL;
  MdApproval *approval;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = begin_post (counter);
  g_assert_cmpint (md_intake_judge_papers (intake, &papers), ==, MD_PAPERS_NOT_RECEIVED);
  g_assert_false (md_intake_take_papers (intake, &papers));
  g_strlcpy (papers.received, tomorrow, sizeof papers.received);
  g_assert_cmpint (md_intake_judge_papers (intake, &papers), ==, MD_PAPERS_RECEIVED_LATER);
  g_strlcpy (papers.received, came, sizeof papers.received);
  papers.informed = FALSE;
  g_assert_false (md_intake_take_papers (intake, &papers));
  papers.informed = TRUE;
  papers.channel = MD_CHANNEL_COUNTER; /* what the screen says is not how it came */
  g_assert_false (md_intake_take_papers (intake, &papers));
  papers.channel = MD_CHANNEL_POST;
  g_assert_true (md_intake_take_papers (intake, &papers));
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_DOCUMENTS);
  g_assert_false (md_intake_get_can_use_filers_card (intake));
  g_assert_cmpstr (md_form_data_get_today (md_intake_get_data (intake)), ==, came);
  papers.shown[0] = counter_paper ("licence", "1234", "2099-05-01");
  g_strlcpy (papers.number, "notice-card", sizeof papers.number);
  g_assert_true (md_intake_take_papers (intake, &papers));
  papers.compared = MD_COMPARED_NAME | MD_COMPARED_ADDRESS; /* no photograph is asked for */
  g_assert_true (md_intake_take_papers (intake, &papers));
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_NOTHING);
  counter_assert_recorded (counter, "identification",
                           "done verdict=documents revocation=none method=posted-copies "
                           "filer=self no_card=by-post");
  g_assert_cmpstr (counter_value (intake, "e.method"), ==, "posted-copies");
  g_assert_true (md_intake_advance (intake));
  counter_type_person (intake, "田中　恵子");
  counter_type (intake, "e.num_missing", "not-shown");
  counter_fill (md_intake_get_data (intake));
  g_assert_true (md_intake_advance (intake));
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  md_intake_next_person (intake);
  g_assert_true (md_intake_is_empty (intake));
  approval = counter_open_waiting (counter);
  g_assert_cmpstr (md_form_data_get_value (md_approval_get_data (approval), "m.channel"), ==,
                   "post");
  g_assert_cmpstr (md_form_data_get_value (md_approval_get_data (approval), "m.recv_date"), ==,
                   came);
  g_assert_true (counter_has_check (md_approval_get_checks (approval), "channel", MD_CHECK_PASSED));
  g_assert_true (counter_decide (counter, approval, MD_DECISION_APPROVE, NULL, "S0101", &error));
  g_assert_no_error (error);
}

/* Where it is not listed there is no such way; back from it nothing of it is left, and the purpose
 * of use is explained at the counter. */
static void
test_post_or_counter (Counter *counter)
{
  MdPapers papers = { .channel = MD_CHANNEL_POST, .informed = TRUE };
  g_autofree char *came = day_in (-20);
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = begin_post (counter);
  g_strlcpy (papers.received, came, sizeof papers.received);
  g_assert_true (md_intake_take_papers (intake, &papers));
  g_assert_true (md_intake_go_back (intake));
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_FILER);
  g_assert_cmpstr (md_intake_get_papers (intake)->received, ==, came);
  g_assert_true (md_intake_go_back (intake));
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_NOTICE);
  g_assert_cmpint (md_intake_get_papers (intake)->channel, ==, MD_CHANNEL_COUNTER);
  g_assert_cmpstr (md_form_data_get_today (md_intake_get_data (intake)), !=, came);
  md_intake_acknowledge_notice (intake);
  counter_wait (intake, "wait", MD_WAIT_CARD);
  g_assert_false (md_intake_get_can_use_post (intake));
  md_intake_use_post (intake);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_CARD);
  md_intake_next_person (intake);
  g_assert_true (counter_choose (
      intake, md_catalogue_get_form (counter->catalogue, "care.certification"), NULL));
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_NOTICE);
  g_assert_false (md_intake_get_can_use_post (intake));
}

static const CounterTest tests[] = {
  { "/intake/post/approved", test_post },
  { "/intake/post/or-counter", test_post_or_counter },
};

int
main (int argc, char **argv)
{
  return counter_run (argc, argv, tests, G_N_ELEMENTS (tests));
}
