// SPDX-License-Identifier: Apache-2.0
// Identification by the signature certificate and its password, on real parts.
#include "reader-fixture.h"

#include <memory-scan.h>

#include <locale.h>
#include <string.h>

static MdIdentityProof *
sign (Fixture *f, const char *text_pin, const char *password, GError **error)
{
  MdIdentifyRequest request = ward_signature_request (text_pin, password);
  MdIdentityProof *proof = identify_with (f, &request, error);
  md_identify_request_clear (&request);
  return proof;
}

static void
assert_sign_fails (Fixture *f, const char *text_pin, const char *password, int code, int tries)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (sign (f, text_pin, password, &error));
  g_assert_error (error, MD_CARD_ERROR, code);
  g_assert_cmpint (md_card_error_get_tries (error), ==, tries);
}

static MdIdentityProof *
decode_again (const MdIdentityProof *proof)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) json = md_identity_proof_encode (proof);
  MdIdentityProof *later
      = md_identity_proof_decode (md_secret_get_data (json), md_secret_get_size (json), &error);
  g_assert_no_error (error);
  g_autoptr (MdSecret) again = md_identity_proof_encode (later);
  g_assert_true (md_secret_equal (json, again));
  return later;
}

// The certificate alone says who it is.
static void
test_certificate_alone (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  MdMatchSide side;
  put_in (f, "resident", "tanaka");
  assert_tries (f, 3, 3, 5);
  g_autoptr (MdIdentityProof) proof = sign (f, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_VALID);
  g_assert_cmpint (md_identity_proof_get_revocation (proof), ==, MD_REVOCATION_SOURCE_OCSP);
  g_assert_cmpstr (md_identity_proof_get_method (proof), ==, "jpki-sign");
  g_assert_cmpstr (f->steps->str, ==, "0(0)1(1)2-3-4(4)5(5)8(2)6(6)7(7)8)");
  g_assert_null (md_identity_proof_get_attributes (proof));
  g_assert_null (md_identity_proof_get_number (proof));
  g_assert_cmpstr (md_holder_get_name (md_identity_proof_get_holder (proof)), ==, "田中　恵子");
  g_assert_true (md_identity_proof_get_side (proof, MD_MATCH_ITEM_DATE, &side));
  g_assert_cmpint (side.source, ==, MD_MATCH_FROM_CERTIFICATE);
  g_assert_cmpstr (side.text, ==, "19830514");
  g_assert_true (md_identity_proof_get_side (proof, MD_MATCH_ITEM_SEX, &side));
  g_assert_cmpstr (side.text, ==, "2");
  assert_tries (f, 3, 3, 5);
}

// Text and number beside it: one person.
static void
test_with_the_text (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  MdMatchSide side;
  put_in (f, "resident", "tanaka");
  g_autoptr (MdIdentityProof) proof = sign (f, "2345", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_VALID);
  g_assert_cmpstr (f->steps->str, ==, "0(0)1(1)2(2)3(3)4(4)5(5)8(2)6(6)7(7)8)");
  g_assert_cmpstr (md_number_get_masked (md_identity_proof_get_number (proof)), ==, "********9018");
  g_assert_true (md_identity_proof_get_side (proof, MD_MATCH_ITEM_NAME, &side));
  g_assert_cmpint (side.source, ==, MD_MATCH_FROM_CARD);

  // 外字: the text has the register's characters, the certificate its substitutes; one person.
  put_in (f, "resident", "gaiji");
  g_autoptr (MdIdentityProof) substituted = sign (f, "2345", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (md_identity_proof_get_verdict (substituted), ==, MD_IDENTITY_VALID);
  g_assert_true (md_holder_has_substitutes (md_identity_proof_get_holder (substituted)));
}

// Kept and judged again, by the line that the method names and by no other.
static void
test_evidence_holds_later (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "suzuki");
  g_autoptr (MdIdentityProof) proof = sign (f, "5963", NULL, &error);
  g_assert_no_error (error);
  g_autoptr (MdIdentityProof) later = decode_again (proof);
  g_autoptr (MdTrust) trust = ward_signature_trust (TRUE);
  g_autoptr (MdTrust) other = ward_trust (TRUE);
  g_autoptr (MdPolicy) policy = ward_policy ();
  MdIdentityVerdict verdict;
  g_assert_cmpint (md_identity_proof_recheck (later, trust, NULL), ==, MD_IDENTITY_VALID);
  g_assert_cmpint (md_identity_proof_recheck (later, other, NULL), ==, MD_IDENTITY_WRONG_PROFILE);
  g_assert_true (md_identity_proof_recheck_by (later, policy, &verdict, &error));
  g_assert_no_error (error);
  g_assert_cmpint (verdict, ==, MD_IDENTITY_VALID);
  g_assert_cmpint (md_identity_proof_find_cause (later, policy), ==, MD_VERDICT_CAUSE_NONE);
}

// Each word altered on its own.
static void
test_altered_evidence (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *from, *to;
    MdIdentityVerdict verdict;
  } rows[] = {
    { "\"jpki-sign\"", "\"jpki-auth\"", MD_IDENTITY_WRONG_PROFILE },
    { "田中　恵子", "田中　圭子", MD_IDENTITY_BAD_DATA },
    { "19830514", "19830515", MD_IDENTITY_BAD_DATA },
    { "青空一丁目２番３号", "青空一丁目２番４号", MD_IDENTITY_BAD_DATA },
    { "\"sex\":\"2\"", "\"sex\":\"1\"", MD_IDENTITY_BAD_DATA },
  };
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "tanaka");
  g_autoptr (MdIdentityProof) proof = sign (f, "2345", NULL, &error);
  g_assert_no_error (error);
  g_autoptr (MdSecret) json = md_identity_proof_encode (proof);
  g_autoptr (MdPolicy) policy = ward_policy ();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MdIdentityVerdict verdict;
      g_autoptr (GString) altered = g_string_new (md_secret_get_text (json));
      g_test_message ("%s", rows[i].from);
      g_assert_cmpuint (g_string_replace (altered, rows[i].from, rows[i].to, 0), ==, 1);
      g_autoptr (MdIdentityProof) read
          = md_identity_proof_decode ((const guint8 *)altered->str, altered->len, &error);
      g_assert_no_error (error);
      g_assert_true (md_identity_proof_recheck_by (read, policy, &verdict, &error));
      g_assert_cmpstr (md_identity_verdict_to_string (verdict), ==,
                       md_identity_verdict_to_string (rows[i].verdict));
    }
}

static void
test_bad_certificates (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *card;
    MdIdentityVerdict verdict;
    MdVerdictCause cause;
  } rows[] = {
    { "expired", MD_IDENTITY_EXPIRED, MD_VERDICT_CAUSE_NONE },
    { "notyet", MD_IDENTITY_NOT_YET_VALID, MD_VERDICT_CAUSE_NONE },
    { "revoked", MD_IDENTITY_REVOKED, MD_VERDICT_CAUSE_NONE },
    { "suspended", MD_IDENTITY_SUSPENDED, MD_VERDICT_CAUSE_NONE },
    { "foreign", MD_IDENTITY_UNTRUSTED_ISSUER, MD_VERDICT_CAUSE_NO_ANCHOR },
    { "companycert", MD_IDENTITY_UNTRUSTED_ISSUER, MD_VERDICT_CAUSE_REGISTRATION },
    { "clone", MD_IDENTITY_BAD_PROOF, MD_VERDICT_CAUSE_NONE },
  };
  g_autoptr (MdPolicy) policy = ward_policy ();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", rows[i].card);
      put_in (f, "resident", rows[i].card);
      g_autoptr (MdIdentityProof) proof = sign (f, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (md_identity_verdict_to_string (md_identity_proof_get_verdict (proof)), ==,
                       md_identity_verdict_to_string (rows[i].verdict));
      g_assert_cmpint (md_identity_proof_get_cause (proof), ==, rows[i].cause);
      g_autoptr (MdCardText) text = md_identity_text_for_proof (proof);
      g_test_message ("%s | %s | %s", text->title, text->meaning, text->action);
      if (rows[i].cause == MD_VERDICT_CAUSE_REGISTRATION)
        {
          g_autoptr (MdIdentityProof) later = decode_again (proof);
          g_assert_nonnull (strstr (text->meaning, "commercial register"));
          g_assert_cmpint (md_identity_proof_find_cause (later, policy), ==, rows[i].cause);
        }
    }
  // The certificate of one person on the card of another.
  g_autoptr (GError) error = NULL;
  g_autoptr (MdIdentityProof) other = sign (f, "2345", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (md_identity_proof_get_verdict (other), ==, MD_IDENTITY_BAD_DATA);
  g_assert_null (md_identity_proof_get_signature (other));
}

static void
test_wrong_password (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "tanaka");
  assert_sign_fails (f, NULL, "AOZORA9", MD_CARD_ERROR_PIN_WRONG, 4);
  assert_tries (f, 3, 3, 4);
  // The same once more: the card hears nothing of it, nor of what cannot be a password.
  assert_sign_fails (f, NULL, "AOZORA9", MD_CARD_ERROR_PIN_SAME, 4);
  assert_sign_fails (f, NULL, "aozora1", MD_CARD_ERROR_PIN_FORMAT, MD_CARD_TRIES_UNKNOWN);
  assert_tries (f, 3, 3, 4);
  // The other PIN first: a wrong one there costs none of these tries.
  assert_sign_fails (f, "9999", NULL, MD_CARD_ERROR_PIN_WRONG, 2);
  assert_tries (f, 3, 2, 4);
  g_autoptr (MdIdentityProof) proof = sign (f, "2345", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_VALID);
  assert_tries (f, 3, 3, 5);
}

static void
test_last_try (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "signlast");
  assert_tries (f, 3, 3, 1);
  assert_sign_fails (f, "2345", "AOZORA7890ABCDEF", MD_CARD_ERROR_PIN_LAST_TRY, 1);
  assert_tries (f, 3, 3, 1);
  MdIdentifyRequest request = ward_signature_request (NULL, "AOZORA7890ABCDEF");
  request.confirmed = MD_IDENTIFY_CONFIRMS (MD_CARD_PIN_SIGN);
  g_autoptr (MdIdentityProof) proof = identify_with (f, &request, &error);
  md_identify_request_clear (&request);
  g_assert_no_error (error);
  g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_VALID);
  assert_tries (f, 3, 3, 5);

  put_in (f, "resident", "signlocked");
  assert_sign_fails (f, "2345", NULL, MD_CARD_ERROR_PIN_BLOCKED, 0);
  assert_tries (f, 3, 3, 0);
}

static void
test_no_certificate (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "child");
  g_assert_null (sign (f, NULL, NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA);
  assert_tries (f, 3, 3, 5);
}

// ECDSA over P-384, by the responder of that generation; and where nobody answers.
static void
test_generations_and_sources (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdTrust) trust = ward_signature_trust (TRUE);
  put_in (f, "resident", "nextgen");
  g_autoptr (MdIdentityProof) next = sign (f, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (md_identity_proof_get_verdict (next), ==, MD_IDENTITY_VALID);
  g_assert_cmpint (md_certificate_get_key_type (md_identity_proof_get_certificate (next)), ==,
                   MD_KEY_TYPE_EC_P384);
  g_assert_cmpint (md_identity_proof_recheck (next, trust, NULL), ==, MD_IDENTITY_VALID);

  use_identifier (f, WARD_CRL, TRUE);
  put_in (f, "resident", "tanaka");
  g_autoptr (MdIdentityProof) listed = sign (f, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (md_identity_proof_get_verdict (listed), ==, MD_IDENTITY_VALID);
  g_assert_cmpint (md_identity_proof_get_revocation (listed), ==, MD_REVOCATION_SOURCE_CRL);
  g_autoptr (MdIdentityProof) listed_later = decode_again (listed);
  g_assert_cmpint (md_identity_proof_recheck (listed_later, trust, NULL), ==, MD_IDENTITY_VALID);

  use_identifier (f, WARD_NOTHING, TRUE);
  g_autoptr (MdIdentityProof) deferred = sign (f, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (md_identity_proof_get_verdict (deferred), ==, MD_IDENTITY_DEFERRED);
}

// A responder that says nothing until it is allowed to.
typedef struct
{
  GMutex mutex;
  GCond cond;
  gboolean asked;
  gboolean released;
} Silence;

static GBytes *
keep_silent (const char *url, GBytes *request, guint timeout_s, char **out_problem, gpointer data)
{
  Silence *silence = data;
  g_mutex_lock (&silence->mutex);
  silence->asked = TRUE;
  while (!silence->released)
    g_cond_wait (&silence->cond, &silence->mutex);
  g_mutex_unlock (&silence->mutex);
  *out_problem = g_strdup ("said nothing");
  return NULL;
}

static gboolean
is_asked (Silence *silence)
{
  g_mutex_lock (&silence->mutex);
  gboolean asked = silence->asked;
  g_mutex_unlock (&silence->mutex);
  return asked;
}

// While revocation is waited for, nothing holds what was typed, nor what went to the card.
static void
test_the_password_is_gone (Fixture *f, gconstpointer data)
{
  Answer answer = { 0 };
  Silence silence = { 0 };
  g_autoptr (MdRevocation) revocation = ward_revocation (WARD_OCSP);
  md_revocation_set_transport (revocation, keep_silent, &silence, NULL);
  md_identifier_set_revocation (f->identifier, revocation);
  put_in (f, "resident", "tanaka");
  g_string_truncate (f->steps, 0);
  MdIdentifyRequest request = ward_signature_request (NULL, NULL);
  g_assert_cmpuint (memory_scan ("AOZORA1"), >, 0); // while no thread takes memory or gives it back
  md_identifier_identify_async (f->identifier, f->pcsc, reader_of (f, MD_CARD_ROLE_RESIDENT),
                                &request, NULL, on_identified, &answer);
  md_identify_request_forget (&request);
  await (is_asked (&silence) && strstr (f->steps->str, "7)") != NULL);
  await (memory_scan ("AOZORA1") == 0);
  g_assert_false (answer.done);

  g_mutex_lock (&silence.mutex);
  silence.released = TRUE;
  g_cond_broadcast (&silence.cond);
  g_mutex_unlock (&silence.mutex);
  await (answer.done);
  g_assert_no_error (answer.error);
  md_identity_proof_unref (answer.result);
  md_identify_request_clear (&request);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
  g_test_add ("/identity/signature/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("certificate-alone", test_certificate_alone);
  ADD ("with-the-text", test_with_the_text);
  ADD ("evidence-holds-later", test_evidence_holds_later);
  ADD ("altered-evidence", test_altered_evidence);
  ADD ("bad-certificates", test_bad_certificates);
  ADD ("wrong-password", test_wrong_password);
  ADD ("last-try", test_last_try);
  ADD ("no-certificate", test_no_certificate);
  ADD ("the-password-is-gone", test_the_password_is_gone);
  ADD ("generations-and-sources", test_generations_and_sources);
#undef ADD
  return g_test_run ();
}
