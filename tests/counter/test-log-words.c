// SPDX-License-Identifier: Apache-2.0
/* What an auditor reads: words for every word of the log, and nothing of a record hidden. */
#include <log-words.h>
#include <md-card.h>
#include <md-identity.h>
#include <md-pki.h>

static void
assert_detail (const char *detail, const char *expected)
{
  g_autofree char *found = log_words_detail (detail);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_details (void)
{
  assert_detail ("action=seal cause=pin-wrong", "sealing  wrong PIN");
  assert_detail ("action=seal cause=seal", "sealing  cannot be verified or sealed");
  assert_detail ("verdict=revoked revocation=ocsp", "revoked  Revocation: asked online");
  assert_detail ("verdict=wrong-profile revocation=none cause=server-certificate",
                 "certificate for another purpose  Revocation: none  a server's certificate");
  assert_detail (
      "verdict=suspended revocation=ocsp reason=certificateHold "
      "since=2026-11-25T16:00:00.000Z",
      "suspended  Revocation: asked online  held back for a time  Since 2026-11-26 01:00");
  assert_detail ("cause=password try=2", "wrong password  Try 2");
  assert_detail ("cause=card-expired", "expired");
  assert_detail ("cause=card-answer", "card's answer wrong");
  assert_detail ("cause=definition file=procedures/x.json",
                 "definition wrong  File procedures/x.json");
  assert_detail ("cause=mute more=1990 from=2026-11-25T16:00:00.000Z to=2026-11-25T16:01:00.000Z",
                 "card does not answer  More of the same: 1990  From 2026-11-26 01:00  To"
                 " 2026-11-26 01:01");
  assert_detail ("role=staff reader=Virtual_PCD_USB_CCID_..6011_01_00",
                 "Use: for the staff card  Reader: Virtual_PCD_USB_CCID_..6011_01_00");
  assert_detail ("cause=old-or-new pin=sign",
                 "not known whether it was changed  PIN: signature certificate");
  assert_detail ("cause=previous", "another notice before it");
  assert_detail ("cause=left-text", "what was typed");
  assert_detail ("cause=unknown-intake notice=3", "no such application  Notice no. 3");
  assert_detail ("action=compare seen=p.name,p.addr", "comparing  Looked at: p.name,p.addr");
  assert_detail ("action=confirm-unread", "confirming that no terminal can read it");
  assert_detail ("decision=return action=return-unread", "returned  returning unread");
  assert_detail ("list=confirmations", "List: confirmation list");
  assert_detail ("event=move-in told=yes given=no",
                 "Life event move-in  Explained: done  Handed out: not done");
  assert_detail ("what=slip sheets=2", "receipt slip  Sheets: 2");
  assert_detail ("", "");
}

/* What is new, or nobody's word, stands as it was written. */
static void
test_unknown_words (void)
{
  assert_detail ("cause=new-thing zone=7 plain", "new-thing  zone=7  plain");
  assert_detail ("call=Touch uid=1000 peer=:1.5", "Call Touch  User number 1000  Connection :1.5");
  g_assert_cmpstr (log_words_event ("new-event"), ==, "new-event");
  g_assert_null (log_words_value ("action", "pin-wrong"));
}

static void
test_every_word (void)
{
  for (guint i = 0; i <= MD_CARD_ERROR_FAILED; i++)
    {
      const char *nick = md_card_error_nick ((MdCardError)i);

      g_test_message ("%s", nick);
      g_assert_nonnull (log_words_value ("cause", nick));
    }
  for (guint i = 0; i <= MD_IDENTITY_CARD_EXPIRED; i++)
    g_assert_nonnull (
        log_words_value ("verdict", md_identity_verdict_to_string ((MdIdentityVerdict)i)));
  for (guint i = 1; i < MD_N_VERDICT_CAUSES; i++)
    {
      g_test_message ("%s", md_verdict_cause_to_string ((MdVerdictCause)i));
      g_assert_nonnull (log_words_value ("cause", md_verdict_cause_to_string ((MdVerdictCause)i)));
    }
  for (int i = 0; i <= 10; i++)
    g_assert_nonnull (log_words_value ("reason", md_revocation_reason_to_string (i)));
  for (guint i = 0; i <= MD_VERDICT_DEFERRED; i++)
    {
      const char *word = md_verdict_status_to_string ((MdVerdictStatus)i);

      g_test_message ("%s", word);
      g_assert_nonnull (log_words_value ("cause", word));
    }
  for (guint i = 0; i <= MD_REVOCATION_SOURCE_CRL; i++)
    g_assert_nonnull (
        log_words_value ("revocation", md_revocation_source_to_string ((MdRevocationSource)i)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/counter/log-words/details", test_details);
  g_test_add_func ("/counter/log-words/unknown-words", test_unknown_words);
  g_test_add_func ("/counter/log-words/every-word", test_every_word);
  return g_test_run ();
}
