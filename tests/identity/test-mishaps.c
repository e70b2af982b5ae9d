// SPDX-License-Identifier: Apache-2.0
// What the identification flow gives on a virtual card in the hand, and what becomes of the
// evidence when somebody changed it. Accidents at its commands: tests/card, `card-mishaps`. Runs
// inside `with-world`.
#include "vcard-backend.h"
#include "ward.h"

#include <string.h>

typedef struct
{
  VcardBackend *card;
  MdIdentifier *identifier;
} Fixture;

static void
setup (Fixture *f, gconstpointer data)
{
  g_autofree char *dir = ward_path ("cards", "tanaka", NULL);
  g_autoptr (MdTrust) trust = ward_trust (TRUE);
  g_autoptr (MdRevocation) revocation = ward_revocation (WARD_CRL);
  md_revocation_set_ocsp_enabled (revocation, FALSE);
  f->card = vcard_backend_new (dir);
  f->identifier = md_identifier_new (trust, revocation, md_clock_get_system ());
}

static void
teardown (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->identifier);
  g_assert_finalize_object (f->card);
}

static MdIdentityProof *
identify (Fixture *f, GError **error)
{
  MdIdentifyRequest request = ward_request (NULL, NULL);
  g_autoptr (MdCardConnection) connection = vcard_backend_open (f->card);
  MdIdentityProof *proof
      = md_identifier_identify (f->identifier, connection, &request, NULL, error);
  md_identify_request_clear (&request);
  return proof;
}

// Without the PIN for the card's data: the person is proven present, nothing personal is read.
static void
test_presence_alone (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  MdIdentifyRequest request = ward_request (NULL, NULL);
  g_clear_pointer (&request.pin.text, md_secret_unref);
  g_autoptr (MdCardConnection) connection = vcard_backend_open (f->card);
  g_autoptr (MdIdentityProof) proof
      = md_identifier_identify (f->identifier, connection, &request, NULL, &error);
  md_identify_request_clear (&request);
  g_assert_no_error (error);
  g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_VALID);
  g_assert_null (md_identity_proof_get_attributes (proof));
  g_assert_null (md_identity_proof_get_number (proof));
  g_autoptr (MdSecret) json = md_identity_proof_encode (proof);
  g_autoptr (MdIdentityProof) later
      = md_identity_proof_decode (md_secret_get_data (json), md_secret_get_size (json), &error);
  g_assert_no_error (error);
  g_assert_null (md_identity_proof_get_attributes (later));
}

static MdIdentityVerdict
recheck_after (const char *json, const char *from, const char *to)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdTrust) trust = ward_trust (TRUE);
  g_autoptr (GString) text = g_string_new (json);
  if (from != NULL)
    g_assert_cmpuint (g_string_replace (text, from, to, 1), ==, 1);
  g_autoptr (MdIdentityProof) proof
      = md_identity_proof_decode ((const guint8 *)text->str, text->len, &error);
  g_assert_no_error (error);
  return md_identity_proof_recheck (proof, trust, NULL);
}

// The back office believes the evidence, not the terminal's word for it.
static void
test_evidence_is_judged_again (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdIdentityProof) proof = identify (f, &error);
  g_assert_no_error (error);
  g_autoptr (MdSecret) secret = md_identity_proof_encode (proof);
  const char *json = md_secret_get_text (secret);
  g_assert_cmpint (recheck_after (json, NULL, NULL), ==, MD_IDENTITY_VALID); // by the enclosed list
  g_assert_cmpint (recheck_after (json, "\"der\":\"", "\"old\":\""), ==, MD_IDENTITY_LISTED);
  g_assert_cmpint (recheck_after (json, "\"source\":\"crl\"", "\"source\":\"none\""), ==,
                   MD_IDENTITY_DEFERRED); // nobody was asked
  g_assert_cmpint (recheck_after (json, "\"sha256\":\"", "\"sha256\":\"0"), ==,
                   MD_IDENTITY_REVOCATION_UNKNOWN);
  g_autofree char *signature = md_base64_encode (md_identity_proof_get_signature (proof));
  g_autofree char *other = g_strdup (signature);
  other[10] = other[10] == 'A' ? 'B' : 'A';
  g_assert_cmpint (recheck_after (json, signature, other), ==, MD_IDENTITY_BAD_PROOF);
  g_autofree char *checked_at = md_time_format_rfc3339 (md_identity_proof_get_checked_at (proof));
  g_assert_cmpint (recheck_after (json, checked_at, "2050-01-01T00:00:00.000Z"), ==,
                   MD_IDENTITY_EXPIRED);
  g_assert_cmpint (recheck_after (json, "\"verdict\":\"valid\"", "\"verdict\":\"expired\""), ==,
                   MD_IDENTITY_VALID);
}

// Cut anywhere, evidence is refused and nothing else happens.
static void
test_evidence_cut_anywhere (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdIdentityProof) proof = identify (f, &error);
  g_assert_no_error (error);
  g_autoptr (MdSecret) json = md_identity_proof_encode (proof);
  for (gsize cut = 0; cut < md_secret_get_size (json); cut += 7)
    {
      g_clear_error (&error);
      g_assert_null (md_identity_proof_decode (md_secret_get_data (json), cut, &error));
      g_assert_error (error, MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_MALFORMED);
    }
  g_autofree char *deep = g_strnfill (100000, '[');
  g_clear_error (&error);
  g_assert_null (md_identity_proof_decode ((const guint8 *)deep, 100000, &error));
  g_assert_error (error, MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_MALFORMED);
}

// The flow as a whole, in commands: reading the authentication certificate takes the fewest there
// are.
static void
test_certificate_in_fewest_commands (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCardConnection) connection = vcard_backend_open (f->card);
  g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, NULL, &error);
  g_assert_no_error (error);
  guint before = md_card_connection_get_exchanges (connection);
  g_autoptr (GBytes) der
      = md_mynumber_card_read_certificate (card, MD_CARD_CERTIFICATE_AUTH, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (md_card_connection_get_exchanges (connection) - before, ==,
                    1 + (g_bytes_get_size (der) + 255) / 256);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/identity/mishaps/" name, Fixture, NULL, setup, func, teardown)
  ADD ("presence-alone", test_presence_alone);
  ADD ("evidence-is-judged-again", test_evidence_is_judged_again);
  ADD ("evidence-cut-anywhere", test_evidence_cut_anywhere);
  ADD ("certificate-in-fewest-commands", test_certificate_in_fewest_commands);
#undef ADD
  return g_test_run ();
}
