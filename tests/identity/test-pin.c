// SPDX-License-Identifier: Apache-2.0
// The PINs of residents and staff, on real parts: none is lost, and none stays verified.
#include "reader-fixture.h"

#include <locale.h>

static void
test_wrong_pin (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "nguyen");
  assert_fails (f, NULL, "9999", MD_CARD_ERROR_PIN_WRONG, 2);
  assert_tries (f, 2, 3, 5);

  // The same once more: the card hears nothing of it.
  assert_fails (f, NULL, "9999", MD_CARD_ERROR_PIN_SAME, 2);
  assert_tries (f, 2, 3, 5);

  assert_fails (f, "8888", NULL, MD_CARD_ERROR_PIN_WRONG, 2);
  assert_tries (f, 2, 2, 5);
  assert_verdict (f, MD_IDENTITY_VALID, MD_REVOCATION_SOURCE_OCSP);
  assert_tries (f, 3, 3, 5);
}

static void
test_locked_pin (Fixture *f, gconstpointer data)
{
  put_in (f, "resident", "locked");
  assert_tries (f, 0, 3, 5);
  assert_fails (f, "8888", NULL, MD_CARD_ERROR_PIN_BLOCKED, 0);
  assert_tries (f, 0, 3, 5); // the other PIN was not even tried
  put_in (f, "resident", "textlocked");
  assert_fails (f, NULL, NULL, MD_CARD_ERROR_PIN_BLOCKED, 0);
  put_in (f, "resident", "faceauth");
  assert_tries (f, 0, 0, 0);
}

static void
test_last_try (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "lasttry");
  assert_tries (f, 1, 1, 5);
  assert_fails (f, NULL, NULL, MD_CARD_ERROR_PIN_LAST_TRY, 1);
  assert_tries (f, 1, 1, 5);
  const MdCardPin only[] = { MD_CARD_PIN_TEXT, MD_CARD_PIN_AUTH };
  for (gsize i = 0; i < G_N_ELEMENTS (only); i++) // one says nothing of the other
    {
      MdIdentifyRequest half = ward_request (NULL, NULL);
      half.confirmed = MD_IDENTIFY_CONFIRMS (only[i]);
      g_assert_null (identify_with (f, &half, &error));
      md_identify_request_clear (&half);
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_LAST_TRY);
      g_assert_cmpint (md_card_error_get_pin (error), ==, only[1 - i]);
      g_clear_error (&error);
      assert_tries (f, 1, 1, 5);
    }
  MdIdentifyRequest request = ward_request (NULL, NULL);
  request.confirmed = WARD_BOTH_PINS;
  g_autoptr (MdIdentityProof) proof = identify_with (f, &request, &error);
  md_identify_request_clear (&request);
  g_assert_no_error (error);
  g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_VALID);
  assert_tries (f, 3, 3, 5);
}

// A card that answers 6300 in place of a count: the number of tries is not known, and nothing is
// sent to it before the resident has confirmed.
static void
test_uncounted (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "tanaka");
  order ("resident", "fault sw 6300 ins 20 every");
  assert_tries (f, MD_CARD_TRIES_UNKNOWN, MD_CARD_TRIES_UNKNOWN, MD_CARD_TRIES_UNKNOWN);
  assert_fails (f, NULL, NULL, MD_CARD_ERROR_PIN_UNCOUNTED, MD_CARD_TRIES_UNKNOWN);
  order ("resident", "clear-faults");
  assert_tries (f, 3, 3, 5);

  // It does not tell once: the PINs go to it after a confirmation alone.
  for (guint confirmed = 0; confirmed < 2; confirmed++)
    {
      MdIdentifyRequest request = ward_request (NULL, NULL);
      request.confirmed = confirmed != 0 ? WARD_BOTH_PINS : 0;
      order ("resident", "fault sw 6300 ins 20 at 1");
      g_autoptr (MdIdentityProof) proof = identify_with (f, &request, &error);
      md_identify_request_clear (&request);
      order ("resident", "clear-faults");
      g_assert_cmpint (proof != NULL, ==, confirmed != 0);
      if (proof == NULL)
        g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_UNCOUNTED);
      g_clear_error (&error);
    }
  assert_tries (f, 3, 3, 5);
}

// After every conversation the card has no power: what was verified is forgotten.
static void
test_nothing_stays_verified (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "tanaka");
  assert_verdict (f, MD_IDENTITY_VALID, MD_REVOCATION_SOURCE_OCSP);
  g_autoptr (MdPcscBackend) other = md_pcsc_backend_new ();
  g_autoptr (MdCardConnection) connection
      = md_card_connection_open (MD_CARD_BACKEND (other), WARD_RESIDENT_READER, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, NULL, &error);
  g_assert_no_error (error);
  guint8 digest[32] = { 0 };
  g_assert_null (md_mynumber_card_sign (card, MD_CARD_KEY_AUTH, md_card_profile_find ("rsa-2048"),
                                        digest, NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED);
  g_clear_error (&error);
  g_assert_null (md_mynumber_card_read_number (card, NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED);
}

typedef struct
{
  const char *pin;
  char *subject;
} StaffWork;

static gpointer
staff_job (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  StaffWork *work = data;
  guint8 digest[32] = { 1, 2, 3 };
  g_autoptr (MdStaffCard) card = md_staff_card_new (connection, cancellable, error);
  if (card == NULL)
    return NULL;
  g_autoptr (MdCertificate) certificate = NULL;
  g_autoptr (MdKey) proof
      = md_staff_key_new (card, MD_STAFF_SLOT_CARD_AUTH, NULL, &certificate, cancellable, error);
  if (proof == NULL)
    return NULL;
  g_autoptr (GBytes) answer = md_key_sign_digest (proof, digest, error);
  if (answer == NULL || !md_certificate_verify_digest (certificate, digest, answer, error))
    return NULL;

  g_autoptr (MdSecret) pin = md_secret_new_from_text (work->pin);
  const MdStaffEntry entry = { .pin = pin };
  g_autoptr (MdCertificate) signer = NULL;
  g_autoptr (MdKey) sign
      = md_staff_key_new (card, MD_STAFF_SLOT_SIGN, &entry, &signer, cancellable, error);
  if (sign == NULL)
    return NULL;
  for (int i = 0; i < 2; i++) // the PIN goes before each signature
    {
      g_autoptr (GBytes) signature = md_key_sign_digest (sign, digest, error);
      if (signature == NULL || !md_certificate_verify_digest (signer, digest, signature, error))
        return NULL;
    }
  return g_strdup (md_certificate_get_subject_cn (signer));
}

static void
test_staff_card (Fixture *f, gconstpointer data)
{
  StaffWork work = { .pin = "123456" };
  put_in (f, "staff", "staff-S0001");
  MdCardJob job
      = { .reader = WARD_STAFF_READER, .func = staff_job, .data = &work, .result_free = g_free };
  Answer answer = { 0 };
  md_pcsc_run_async (f->pcsc, &job, NULL, on_run, &answer);
  await (answer.done);
  g_assert_no_error (answer.error);
  g_assert_cmpstr (answer.result, ==, "S0001");
  g_free (answer.result);

  work.pin = "999999";
  answer = (Answer){ 0 };
  md_pcsc_run_async (f->pcsc, &job, NULL, on_run, &answer);
  await (answer.done);
  g_assert_error (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG);
  g_assert_cmpint (md_card_error_get_tries (answer.error), ==, 2);
  g_assert_cmpint (md_card_error_get_pin (answer.error), ==, MD_CARD_PIN_STAFF);
  g_clear_error (&answer.error);

  put_in (f, "staff", "tanaka");
  answer = (Answer){ 0 };
  md_pcsc_run_async (f->pcsc, &job, NULL, on_run, &answer);
  await (answer.done);
  g_assert_error (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_WRONG_CARD);
  g_clear_error (&answer.error);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
  g_test_add ("/identity/pin/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("wrong-pin", test_wrong_pin);
  ADD ("locked-pin", test_locked_pin);
  ADD ("last-try", test_last_try);
  ADD ("uncounted", test_uncounted);
  ADD ("nothing-stays-verified", test_nothing_stays_verified);
  ADD ("staff-card", test_staff_card);
#undef ADD
  return g_test_run ();
}
