// SPDX-License-Identifier: Apache-2.0
// What cards of many kinds come to, on real parts.
#include "reader-fixture.h"

#include <locale.h>
#include <string.h>

static void
test_good_person (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "tanaka");
  g_assert_cmpuint (f->inserted, ==, 1);
  g_autoptr (MdCardInspection) inspection = inspect (f, &error);
  g_assert_no_error (error);
  g_assert_cmpint (inspection->token, ==, MD_TOKEN_CARD);
  g_assert_cmpstr (inspection->label, ==, "JPKIAPICCTOKEN2");
  g_assert_true (inspection->has_auth_certificate && inspection->has_sign_certificate);
  assert_tries (f, 3, 3, 5);

  g_autoptr (MdIdentityProof) proof = identify (f, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_VALID);
  g_assert_cmpint (md_identity_proof_get_revocation (proof), ==, MD_REVOCATION_SOURCE_OCSP);
  g_assert_cmpstr (f->steps->str, ==, "0(0)1(1)2(2)3(3)4(4)5(5)8(6(6)7(7)8)");
  MdCardAttributes *person = md_identity_proof_get_attributes (proof);
  g_assert_cmpstr (md_card_attributes_get_name (person), ==, "田中　恵子");
  g_assert_cmpstr (md_card_attributes_get_address (person), ==,
                   "東京都あおぞら区青空一丁目２番３号");
  g_assert_cmpstr (md_card_attributes_get_birth (person), ==, "19830514");
  g_assert_cmpint (md_card_attributes_get_sex (person), ==, MD_CARD_SEX_FEMALE);
  g_assert_cmpstr (md_number_get_masked (md_identity_proof_get_number (proof)), ==, "********9018");
}

// Stored and judged again, as the back office does years later.
static void
test_evidence_holds_later (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "suzuki");
  g_autoptr (MdIdentityProof) proof = identify (f, "5963", "4649", &error);
  g_assert_no_error (error);
  g_autoptr (MdSecret) json = md_identity_proof_encode (proof);
  g_assert_null (strstr (md_secret_get_text (json), "111111111118")); // the number is not in it
  g_autoptr (MdIdentityProof) later
      = md_identity_proof_decode (md_secret_get_data (json), md_secret_get_size (json), &error);
  g_assert_no_error (error);
  g_autoptr (MdTrust) trust = ward_trust (TRUE);
  g_assert_cmpint (md_identity_proof_recheck (later, trust, NULL), ==, MD_IDENTITY_VALID);
  g_autoptr (MdSecret) again = md_identity_proof_encode (later);
  g_assert_true (md_secret_equal (json, again));

  // The same evidence under another intake does not hold.
  g_autoptr (GString) moved = g_string_new (md_secret_get_text (json));
  g_string_replace (moved, "0190b6d2-7c3e", "0190b6d2-7c3f", 0);
  g_assert_null (md_identity_proof_decode ((const guint8 *)moved->str, moved->len, &error));
  g_assert_error (error, MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_MALFORMED);
}

// Evidence once had the authority's certificate as the card holds it, too ("ca"). Nobody verifies
// with what a card brings along: it is borne, whatever stands in it, and not written again.
static void
test_evidence_of_old (Fixture *f, gconstpointer data)
{
  static const char *const held[]
      = { "\"ca\":\"MIIB\",", "\"ca\":\"not base64\",", "\"ca\":null," };
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "suzuki");
  g_autoptr (MdIdentityProof) proof = identify (f, "5963", "4649", &error);
  g_assert_no_error (error);
  g_autoptr (MdSecret) json = md_identity_proof_encode (proof);
  for (gsize i = 0; i < G_N_ELEMENTS (held); i++)
    {
      g_autofree char *member = g_strconcat (held[i], "\"revocation\":{", NULL);
      g_autoptr (GString) old = g_string_new (md_secret_get_text (json));
      g_assert_cmpuint (g_string_replace (old, "\"revocation\":{", member, 0), ==, 1);
      g_autoptr (MdIdentityProof) later
          = md_identity_proof_decode ((const guint8 *)old->str, old->len, &error);
      g_assert_no_error (error);
      g_autoptr (MdTrust) trust = ward_trust (TRUE);
      g_assert_cmpint (md_identity_proof_recheck (later, trust, NULL), ==, MD_IDENTITY_VALID);
      g_autoptr (MdSecret) again = md_identity_proof_encode (later);
      g_assert_true (md_secret_equal (json, again));
    }
}

// The responder's answer of another intake, of the same card on the same day, is no evidence.
static void
test_replayed_answer (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "tanaka");
  g_autoptr (MdIdentityProof) proof = identify (f, NULL, NULL, &error);
  g_assert_no_error (error);
  MdIdentifyRequest request = ward_request (NULL, NULL);
  MdPresenceParts parts = *md_presence_challenge_get_parts (request.challenge);
  parts.intake = "0190b6d2-7c3e-7a10-8f00-0123456789ac";
  MdPresenceChallenge *elsewhere = md_presence_challenge_new (&parts, &error);
  g_assert_no_error (error);
  md_presence_challenge_unref (request.challenge);
  request.challenge = elsewhere;
  g_autoptr (MdIdentityProof) other = identify_with (f, &request, &error);
  g_assert_no_error (error);
  md_identify_request_clear (&request);

  g_autoptr (MdSecret) json = md_identity_proof_encode (proof);
  g_autofree char *own_answer = md_base64_encode (md_identity_proof_get_ocsp_response (proof));
  g_autofree char *other_answer = md_base64_encode (md_identity_proof_get_ocsp_response (other));
  g_autoptr (GString) text = g_string_new (md_secret_get_text (json));
  g_assert_cmpuint (g_string_replace (text, own_answer, other_answer, 0), ==, 1);
  g_autoptr (MdIdentityProof) replayed
      = md_identity_proof_decode ((const guint8 *)text->str, text->len, &error);
  g_assert_no_error (error);
  g_autoptr (MdTrust) trust = ward_trust (TRUE);
  g_assert_cmpint (md_identity_proof_recheck (proof, trust, NULL), ==, MD_IDENTITY_VALID);
  g_assert_cmpint (md_identity_proof_recheck (other, trust, NULL), ==, MD_IDENTITY_VALID);
  g_assert_cmpint (md_identity_proof_recheck (replayed, trust, NULL), ==,
                   MD_IDENTITY_REVOCATION_UNKNOWN);
}

static void
test_unknown_card (Fixture *f, gconstpointer data)
{
  put_in (f, "resident", "unknown");
  assert_fails (f, NULL, NULL, MD_CARD_ERROR_UNKNOWN_CARD, MD_CARD_TRIES_UNKNOWN);
  put_in (f, "resident", "staff-S0001");
  assert_fails (f, NULL, NULL, MD_CARD_ERROR_WRONG_CARD, MD_CARD_TRIES_UNKNOWN);
  take_out (f, "resident", MD_CARD_ROLE_RESIDENT);
  assert_fails (f, NULL, NULL, MD_CARD_ERROR_NO_CARD, MD_CARD_TRIES_UNKNOWN);
}

static void
test_bad_certificates (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *card;
    MdIdentityVerdict verdict;
    MdRevocationSource source;
  } rows[] = {
    { "expired", MD_IDENTITY_EXPIRED, MD_REVOCATION_SOURCE_NONE },
    { "notyet", MD_IDENTITY_NOT_YET_VALID, MD_REVOCATION_SOURCE_NONE },
    { "foreign", MD_IDENTITY_UNTRUSTED_ISSUER, MD_REVOCATION_SOURCE_NONE },
    { "broken", MD_IDENTITY_BAD_CERTIFICATE, MD_REVOCATION_SOURCE_NONE },
    { "clone", MD_IDENTITY_BAD_PROOF, MD_REVOCATION_SOURCE_NONE },
    { "tampered", MD_IDENTITY_BAD_DATA, MD_REVOCATION_SOURCE_NONE },
    { "revoked", MD_IDENTITY_REVOKED, MD_REVOCATION_SOURCE_OCSP },
    { "suspended", MD_IDENTITY_SUSPENDED, MD_REVOCATION_SOURCE_OCSP },
    { "signcert", MD_IDENTITY_WRONG_PROFILE, MD_REVOCATION_SOURCE_NONE },
    { "servercert", MD_IDENTITY_WRONG_PROFILE, MD_REVOCATION_SOURCE_NONE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      put_in (f, "resident", rows[i].card);
      assert_verdict (f, rows[i].verdict, rows[i].source);
    }
  put_in (f, "resident", "nocert");
  assert_fails (f, NULL, NULL, MD_CARD_ERROR_NO_DATA, MD_CARD_TRIES_UNKNOWN);
}

// A verdict that stops before the signature costs no presentation of the authentication PIN.
static void
test_stop_before_the_pin (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "expired");
  g_autoptr (MdIdentityProof) proof = identify (f, NULL, "9999", &error);
  g_assert_no_error (error);
  g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_EXPIRED);
  g_assert_null (md_identity_proof_get_signature (proof));
  g_assert_cmpstr (f->steps->str, ==, "0(0)1(1)2(2)3(3)4(4)5(5!");
  assert_tries (f, 3, 3, 5);
}

static void
test_crl_when_nobody_answers (Fixture *f, gconstpointer data)
{
  use_identifier (f, WARD_CRL, TRUE);
  put_in (f, "resident", "tanaka");
  assert_verdict (f, MD_IDENTITY_VALID, MD_REVOCATION_SOURCE_CRL);
  put_in (f, "resident", "revoked");
  assert_verdict (f, MD_IDENTITY_REVOKED, MD_REVOCATION_SOURCE_CRL);
}

static void
test_no_answer_is_deferred (Fixture *f, gconstpointer data)
{
  use_identifier (f, WARD_NOTHING, TRUE);
  put_in (f, "resident", "tanaka");
  assert_verdict (f, MD_IDENTITY_DEFERRED, MD_REVOCATION_SOURCE_NONE);
  g_assert_true (g_str_has_suffix (f->steps->str, "8~"));
}

static void
test_unlisted_is_unknown (Fixture *f, gconstpointer data)
{
  put_in (f, "resident", "unlisted");
  assert_verdict (f, MD_IDENTITY_REVOCATION_UNKNOWN, MD_REVOCATION_SOURCE_OCSP);
}

static void
test_production_refuses_test_cards (Fixture *f, gconstpointer data)
{
  use_identifier (f, WARD_OCSP, FALSE);
  put_in (f, "resident", "tanaka");
  assert_verdict (f, MD_IDENTITY_TEST_CARD, MD_REVOCATION_SOURCE_NONE);
}

// ECDSA over P-384 from the card to the responder, beside the other generation.
static void
test_next_generation (Fixture *f, gconstpointer data)
{
  static const char *const cards[] = { "nextgen", "nextgenplain" };
  g_autoptr (MdTrust) trust = ward_trust (TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (cards); i++)
    {
      g_autoptr (GError) error = NULL;
      put_in (f, "resident", cards[i]);
      g_autoptr (MdIdentityProof) proof = identify (f, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_VALID);
      g_assert_cmpint (md_identity_proof_get_revocation (proof), ==, MD_REVOCATION_SOURCE_OCSP);
      g_assert_cmpint (md_certificate_get_key_type (md_identity_proof_get_certificate (proof)), ==,
                       MD_KEY_TYPE_EC_P384);
      g_assert_cmpint (md_identity_proof_recheck (proof, trust, NULL), ==, MD_IDENTITY_VALID);
    }
}

static void
test_odd_cards (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "quirky");
  assert_verdict (f, MD_IDENTITY_VALID, MD_REVOCATION_SOURCE_OCSP);
  put_in (f, "resident", "iphone");
  g_autoptr (MdCardInspection) iphone = inspect (f, &error);
  g_assert_no_error (error);
  g_assert_cmpint (iphone->token, ==, MD_TOKEN_IPHONE);
  put_in (f, "resident", "child");
  g_autoptr (MdCardInspection) child = inspect (f, &error);
  g_assert_no_error (error);
  g_assert_false (child->has_sign_certificate);
  assert_verdict (f, MD_IDENTITY_VALID, MD_REVOCATION_SOURCE_OCSP);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
  g_test_add ("/identity/verdict/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("good-person", test_good_person);
  ADD ("evidence-holds-later", test_evidence_holds_later);
  ADD ("evidence-of-old", test_evidence_of_old);
  ADD ("replayed-answer", test_replayed_answer);
  ADD ("unknown-card", test_unknown_card);
  ADD ("bad-certificates", test_bad_certificates);
  ADD ("stop-before-the-pin", test_stop_before_the_pin);
  ADD ("crl-when-nobody-answers", test_crl_when_nobody_answers);
  ADD ("no-answer-is-deferred", test_no_answer_is_deferred);
  ADD ("unlisted-is-unknown", test_unlisted_is_unknown);
  ADD ("production-refuses-test-cards", test_production_refuses_test_cards);
  ADD ("next-generation", test_next_generation);
  ADD ("odd-cards", test_odd_cards);
#undef ADD
  return g_test_run ();
}
