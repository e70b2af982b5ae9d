// SPDX-License-Identifier: Apache-2.0
/* Identification by the signature certificate at the counter: the choice, the password, what a card
 * may not do, and who may sign. */
#include "counter.h"

#include <string.h>

/* The card lies there, and the signature certificate is chosen. */
static MdIntake *
begin (Counter *counter, const char *person)
{
  MdIntake *intake = counter_begin (counter, "pension.exemption");

  counter_insert (counter, "resident", person);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (md_intake_get_can_use_signature (intake));
  md_intake_use_signature (intake, TRUE);
  return intake;
}

static gboolean
is_by_signature (MdIntake *intake)
{
  gboolean by_signature;

  g_object_get (intake, "by-signature", &by_signature, NULL);
  return by_signature;
}

static int
tries_of (MdIntake *intake)
{
  int tries;

  g_object_get (intake, "tries-sign", &tries, NULL);
  return tries;
}

static gboolean
sign (Counter *counter, MdIntake *intake, const char *person, const char *password, GError **error)
{
  g_autoptr (MdSecret) typed
      = password ? md_secret_new_from_text (password) : counter_pin (counter, person, "sign");
  g_autoptr (MdSecret) text = counter_pin (counter, person, "text");
  gboolean text_too;

  g_object_get (intake, "needs-text-pin", &text_too, NULL);
  return counter_identify_with (intake, text_too ? text : NULL, typed, FALSE, error);
}

static void
correct (MdIntake *intake, const char *field, const char *text)
{
  MdEntry *entry = md_form_data_get_entry (md_intake_get_data (intake), field);
  g_autoptr (GError) error = NULL;

  g_assert_true (md_entry_unlock (entry, "聞き取り", &error));
  g_assert_no_error (error);
  md_entry_set_text (entry, text);
  g_assert_true (md_entry_commit (entry));
}

static void
fill_filer (MdIntake *intake, JsonObject *person)
{
  const char *const values[][2] = {
    { "a.name", json_object_get_string_member (person, "name") },
    { "a.kana", json_object_get_string_member (person, "kana") },
    { "a.birth", json_object_get_string_member (person, "birth") },
    { "a.addr", json_object_get_string_member (person, "address") },
    { "a.tel", "03-0000-0000" },
    { "a.relation", "other" },
    { "a.same_name", "same" },
    { "a.same_birth", "same" },
    { "a.same_addr", "same" },
    { "a.same_sex", "same" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    counter_type (intake, values[i][0], values[i][1]);
}

/* Typed with small letters, with the number beside it; to the approver, who sees who signed. */
static void
test_taken_in_and_approved (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake;
  MdApproval *approval;
  guint differences;

  counter_login (counter, "S0001");
  intake = begin (counter, "tanaka");
  g_assert_true (is_by_signature (intake));
  g_assert_cmpint (tries_of (intake), ==, 5);
  g_assert_false (md_intake_get_can_use_signature (intake));
  g_assert_true (md_intake_get_can_use_pin (intake));
  g_assert_true (sign (counter, intake, "tanaka", "aozora1", &error));
  g_assert_no_error (error);
  counter_assert_recorded (counter, "identification",
                           "done verdict=valid revocation=ocsp method=jpki-sign");
  g_assert_true (counter_has_check (md_intake_get_checks (intake), "sign", MD_CHECK_PASSED));
  g_assert_true (md_intake_advance (intake));
  g_assert_cmpstr (md_form_data_get_value (md_intake_get_data (intake), "e.method"), ==,
                   "signature");
  g_assert_cmpstr (md_form_data_get_value (md_intake_get_data (intake), "p.name"), ==,
                   "田中　恵子");
  counter_fill (md_intake_get_data (intake));
  g_assert_true (md_intake_advance (intake));
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);

  approval = counter_open_waiting (counter);
  g_assert_true (
      counter_has_check (md_approval_get_checks (approval), "presence", MD_CHECK_PASSED));
  g_assert_true (counter_has_check (md_approval_get_checks (approval), "signer", MD_CHECK_PASSED));
  g_object_get (approval, "differences", &differences, NULL);
  g_assert_cmpuint (differences, ==, 0);
  g_assert_true (counter_decide (counter, approval, MD_DECISION_APPROVE, NULL, "S0101", &error));
  g_assert_no_error (error);
}

/* With the PIN for reading locked, the password alone will do: the certificate says who it is. */
static void
test_certificate_alone (Counter *counter)
{
  static const char *const wrong[] = { "9999", "9998", "9997" };
  g_autoptr (MdSecret) password = counter_pin (counter, "gaiji", "sign");
  g_autoptr (GError) error = NULL;
  g_autoptr (MdTrouble) warning = NULL;
  gboolean text_too;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = begin (counter, "gaiji");
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (MdSecret) text = md_secret_new_from_text (wrong[i]);

      g_assert_false (counter_identify_with (intake, text, password, TRUE, &error));
      g_clear_error (&error);
      counter_wait (intake, "wait", MD_WAIT_PIN);
    }
  g_assert_true (is_by_signature (intake));
  g_assert_cmpint (tries_of (intake), ==, 5);
  g_object_get (intake, "needs-text-pin", &text_too, NULL);
  g_assert_false (text_too);
  g_assert_true (sign (counter, intake, "gaiji", NULL, &error));
  g_assert_no_error (error);
  /* It cannot write each of the characters, which is said. */
  warning = g_list_model_get_item (md_intake_get_warnings (intake), 0);
  g_assert_nonnull (warning);
  g_assert_nonnull (strstr (md_trouble_get_meaning (warning), "代替文字"));
  g_assert_true (md_intake_advance (intake));
  g_assert_cmpstr (md_form_data_get_value (md_intake_get_data (intake), "p.name"), ==,
                   "吉崎　高志");
  g_assert_cmpstr (md_form_data_get_value (md_intake_get_data (intake), "p.birth"), ==,
                   "1975-06-20");
  g_assert_cmpstr (md_form_data_get_value (md_intake_get_data (intake), "p.sex"), ==, "male");
}

/* Each wrong one costs one of five, and is never sent twice; back to the PINs at any time. */
static void
test_wrong_password (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = begin (counter, "tanaka");
  g_assert_false (sign (counter, intake, "tanaka", "AOZORA9", &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG);
  g_clear_error (&error);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  counter_wait (intake, "tries-sign", 4);
  counter_assert_trouble (intake);
  counter_assert_recorded (counter, "identification", "failed cause=pin-wrong");
  g_assert_true (is_by_signature (intake));

  g_assert_false (sign (counter, intake, "tanaka", "aozora9", &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_SAME);
  g_clear_error (&error);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_false (sign (counter, intake, "tanaka", "AOZ-RA1", &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_FORMAT);
  g_clear_error (&error);
  counter_assert_trouble (intake);
  g_assert_cmpint (tries_of (intake), ==, 4);

  md_intake_use_signature (intake, FALSE);
  g_assert_false (is_by_signature (intake));
  g_assert_true (counter_identify (counter, intake, "tanaka", &error));
  g_assert_no_error (error);
}

/* The last of five: asked for by name first; wrong all the same, it locks, and the PINs are left.
 */
static void
test_last_try_locks (Counter *counter)
{
  g_autoptr (MdSecret) wrong = md_secret_new_from_text ("AOZORA9");
  g_autoptr (MdSecret) text = counter_pin (counter, "signlast", "text");
  g_autoptr (GError) error = NULL;
  gboolean last;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = begin (counter, "signlast");
  g_object_get (intake, "last-try", &last, NULL);
  g_assert_true (last);
  g_assert_false (sign (counter, intake, "signlast", NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_LAST_TRY);
  g_assert_cmpint (md_card_error_get_pin (error), ==, MD_CARD_PIN_SIGN);
  g_clear_error (&error);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_false (counter_identify_with (intake, text, wrong, TRUE, &error));
  g_clear_error (&error);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_cmpint (tries_of (intake), ==, 0);
  g_assert_false (is_by_signature (intake));
  counter_assert_trouble (intake);
  g_assert_nonnull (strstr (md_trouble_get_title (md_intake_get_trouble (intake)), "locked"));
  g_assert_true (counter_identify (counter, intake, "signlast", &error));
  g_assert_no_error (error);
}

/* Said before anything is typed, and what the person can do instead. */
static void
test_cards_that_cannot (Counter *counter)
{
  static const struct
  {
    const char *card, *title, *recorded;
  } cards[] = {
    { "signlocked", "locked", "refused cause=pin-blocked method=jpki-sign" },
    { "child", "no signature certificate",
      "refused cause=no-signature-certificate method=jpki-sign" },
  };

  counter_login (counter, "S0001");
  for (guint i = 0; i < G_N_ELEMENTS (cards); i++)
    {
      MdIntake *intake = begin (counter, cards[i].card);

      g_test_message ("%s", cards[i].card);
      g_assert_false (is_by_signature (intake));
      g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_PIN);
      counter_assert_trouble (intake);
      g_assert_nonnull (
          strstr (md_trouble_get_title (md_intake_get_trouble (intake)), cards[i].title));
      counter_assert_recorded (counter, "identification", cards[i].recorded);
      md_intake_next_person (intake);
    }
}

/* Pulled out while it is read: no wrong password, and the choice stays. */
static void
test_pulled_out (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake;
  int before;

  counter_login (counter, "S0001");
  intake = begin (counter, "tanaka");
  before = tries_of (intake);
  g_free (counter_order (counter, "resident", "fault remove at 12"));
  g_assert_false (sign (counter, intake, "tanaka", NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
  g_clear_error (&error);
  counter_wait (intake, "wait", MD_WAIT_CARD);
  counter_insert (counter, "resident", "tanaka");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (is_by_signature (intake));
  g_assert_cmpint (tries_of (intake), ==, before);
  g_assert_true (sign (counter, intake, "tanaka", NULL, &error));
  g_assert_no_error (error);
}

/* R-CARD-03: no other kind of certificate, by name. */
static void
test_other_kinds (Counter *counter)
{
  static const struct
  {
    const char *card, *words, *recorded;
  } cards[] = {
    { "companycert", "commercial register",
      "refused verdict=untrusted-issuer revocation=none cause=registration-certificate "
      "method=jpki-sign" },
    { "foreign", "was not issued by the public certification service",
      "refused verdict=untrusted-issuer revocation=none cause=no-anchor method=jpki-sign" },
  };

  counter_login (counter, "S0001");
  for (guint i = 0; i < G_N_ELEMENTS (cards); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *said = NULL;
      MdIntake *intake = begin (counter, cards[i].card);
      MdTrouble *trouble;

      g_assert_false (sign (counter, intake, cards[i].card, NULL, &error));
      g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
      g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_REFUSED);
      trouble = md_intake_get_trouble (intake);
      said = g_strconcat (md_trouble_get_title (trouble), md_trouble_get_meaning (trouble), NULL);
      g_assert_nonnull (strstr (said, cards[i].words));
      counter_assert_recorded (counter, "identification", cards[i].recorded);
      md_intake_next_person (intake);
      counter_remove (counter, "resident");
    }
}

/* From the card of PERSON to the contents, which are those of tanaka. */
static void
fill_for_tanaka (Counter *counter, MdIntake *intake, const char *person)
{
  JsonObject *tanaka = counter_person (counter, "tanaka");
  g_autoptr (GError) error = NULL;

  g_assert_true (sign (counter, intake, person, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (md_intake_advance (intake));
  counter_fill (md_intake_get_data (intake));
  correct (intake, "p.name", json_object_get_string_member (tanaka, "name"));
  correct (intake, "p.birth", json_object_get_string_member (tanaka, "birth"));
  correct (intake, "p.addr", json_object_get_string_member (tanaka, "address"));
}

static void
assert_may_not_sign (Counter *counter, MdIntake *intake, const char *recorded)
{
  g_autofree char *whole = g_strdup_printf ("refused cause=%s method=jpki-sign", recorded);

  g_assert_false (md_intake_advance (intake));
  for (guint i = 0;
       i < g_list_model_get_n_items (md_form_data_get_findings (md_intake_get_data (intake))); i++)
    {
      g_autoptr (MdFinding) finding
          = g_list_model_get_item (md_form_data_get_findings (md_intake_get_data (intake)), i);

      g_test_message ("%s", md_finding_get_message (finding));
    }
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_CONTENT);
  counter_assert_trouble (intake);
  counter_assert_recorded (counter, "identification", whole);
}

/* R-CARD-05: the card of one person on the form of another; named as the filer, without the paper
 * that it takes, and with it. */
static void
test_another_persons_form (Counter *counter)
{
  MdIntake *intake;
  MdFormData *data;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "pension.exemption");
  counter_insert (counter, "resident", "textlocked");
  counter_wait (intake, "wait", MD_WAIT_FACE_ENTRY);
  md_intake_use_signature (intake, TRUE);
  fill_for_tanaka (counter, intake, "textlocked");
  data = md_intake_get_data (intake);
  md_entry_set_text (md_form_data_get_entry (data, "e.num_missing"), "not-shown");
  assert_may_not_sign (counter, intake, "signer-other");

  md_entry_set_text (md_form_data_get_entry (data, "a.kind"), "agent");
  fill_filer (intake, counter_person (counter, "textlocked"));
  md_entry_set_text (md_form_data_get_entry (data, "a.authority"), "other");
  assert_may_not_sign (counter, intake, "signer-no-authority");
  /* With it: but when the card was read, nobody had said whose it is and of which day the paper. */
  md_entry_set_text (md_form_data_get_entry (data, "a.authority"), "delegation");
  g_assert_false (md_intake_advance (intake));
  counter_assert_recorded (counter, "identification", "refused cause=filer-kind");
}

/* The agent's own signature, after it was said who files and by which letter. */
static void
test_agent_signs (Counter *counter)
{
  JsonObject *tanaka = counter_person (counter, "tanaka");
  const char *const person[][2] = { { "p.name", json_object_get_string_member (tanaka, "name") },
                                    { "p.birth", json_object_get_string_member (tanaka, "birth") },
                                    { "p.addr", json_object_get_string_member (tanaka, "address") },
                                    { "p.sex", "female" } };
  MdPapers papers = { .filer = MD_FILER_AGENT };
  MdIntake *intake;
  g_autoptr (GError) error = NULL;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "pension.exemption");
  counter_wait (intake, "wait", MD_WAIT_CARD);
  md_intake_use_papers (intake);
  g_strlcpy (papers.issued, md_form_data_get_today (md_intake_get_data (intake)),
             sizeof papers.issued);
  g_assert_true (md_intake_take_papers (intake, &papers));
  md_intake_use_filers_card (intake);
  counter_insert (counter, "resident", "sato");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  md_intake_use_signature (intake, TRUE);
  g_assert_true (sign (counter, intake, "sato", NULL, &error));
  g_assert_no_error (error);
  g_assert_true (md_intake_advance (intake));
  for (guint i = 0; i < G_N_ELEMENTS (person); i++)
    md_entry_set_text (md_form_data_get_entry (md_intake_get_data (intake), person[i][0]),
                       person[i][1]);
  counter_fill (md_intake_get_data (intake));
  fill_filer (intake, counter_person (counter, "sato"));
  g_assert_true (md_intake_advance (intake));
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_CONFIRM);
}

/* The number of whoever signed is not the applicant's. */
static void
test_signers_number (Counter *counter)
{
  MdIntake *intake;
  MdFormData *data;

  counter_login (counter, "S0001");
  intake = begin (counter, "sato");
  fill_for_tanaka (counter, intake, "sato");
  data = md_intake_get_data (intake);
  assert_may_not_sign (counter, intake, "signer-other");
  md_entry_set_text (md_form_data_get_entry (data, "a.kind"), "agent");
  fill_filer (intake, counter_person (counter, "sato"));
  md_entry_set_text (md_form_data_get_entry (data, "a.authority"), "delegation");
  assert_may_not_sign (counter, intake, "signer-number");
}

static const CounterTest tests[] = {
  { "/intake/signature/taken-in-and-approved", test_taken_in_and_approved },
  { "/intake/signature/certificate-alone", test_certificate_alone },
  { "/intake/signature/wrong-password", test_wrong_password },
  { "/intake/signature/last-try-locks", test_last_try_locks },
  { "/intake/signature/cards-that-cannot", test_cards_that_cannot },
  { "/intake/signature/pulled-out", test_pulled_out },
  { "/intake/signature/other-kinds", test_other_kinds },
  { "/intake/signature/another-persons-form", test_another_persons_form },
  { "/intake/signature/agent-signs", test_agent_signs },
  { "/intake/signature/signers-number", test_signers_number },
};

int
main (int argc, char **argv)
{
  return counter_run (argc, argv, tests, G_N_ELEMENTS (tests));
}
