// SPDX-License-Identifier: Apache-2.0
// Cards and certificates near their end, and over it: what is known of it after the flow, and what
// it costs. Runs inside `with-world`.
#include "ward.h"

#include <string.h>
#include <vcard-backend.h>

#define MONTHS 3
#define ASKING 3 // commands: the common application, its file, the record

typedef struct
{
  MdIdentifier *identifier;
  VcardBackend *card;
  guint commands; // of the last identification
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->identifier = ward_counter_identifier ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_object (&f->card);
  g_object_unref (f->identifier);
}

static MdIdentityProof *
identify (Fixture *f, const char *person, guint months)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = ward_path ("cards", person, NULL);
  if (f->card == NULL)
    f->card = vcard_backend_new (dir);
  g_autoptr (MdCardConnection) connection = vcard_backend_open (f->card);
  MdIdentifyRequest request = ward_request (NULL, NULL);
  request.renewal_months = months;
  g_test_message ("%s", person);
  MdIdentityProof *proof
      = md_identifier_identify (f->identifier, connection, &request, NULL, &error);
  md_identify_request_clear (&request);
  g_assert_no_error (error);
  f->commands = vcard_backend_get_commands (f->card);
  return proof;
}

static MdCardExpiry
certificate_state (const MdIdentityProof *proof)
{
  MdIdentityLife life;
  md_identity_proof_get_certificate_life (proof, MONTHS, &life);
  return life.state;
}

static MdCardExpiry
card_state (const MdIdentityProof *proof)
{
  MdIdentityLife life;
  md_identity_proof_get_card_life (proof, MONTHS, &life);
  return life.state;
}

static void
test_states (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *person;
    MdIdentityVerdict verdict;
    MdCardExpiry certificate, card;
  } rows[] = {
    { "certsoon", MD_IDENTITY_VALID, MD_CARD_EXPIRY_SOON, MD_CARD_EXPIRY_FAR },
    { "stay", MD_IDENTITY_VALID, MD_CARD_EXPIRY_SOON, MD_CARD_EXPIRY_SOON },
    { "expired", MD_IDENTITY_EXPIRED, MD_CARD_EXPIRY_PAST, MD_CARD_EXPIRY_FAR },
    { "cardexpired", MD_IDENTITY_CARD_EXPIRED, MD_CARD_EXPIRY_PAST, MD_CARD_EXPIRY_PAST },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MdIdentityProof) proof = identify (f, rows[i].person, MONTHS);
      g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, rows[i].verdict);
      g_assert_cmpint (certificate_state (proof), ==, rows[i].certificate);
      g_assert_cmpint (card_state (proof), ==, rows[i].card);
      g_clear_object (&f->card);
    }
}

// A card is asked for its last day when that may be near, and only then.
static void
test_asked_only_when_needed (Fixture *f, gconstpointer data)
{
  g_autoptr (MdIdentityProof) usual = identify (f, "renewed", 0);
  guint fewest = f->commands;
  g_autoptr (MdIdentityProof) far = identify (f, "renewed", MONTHS);
  g_assert_cmpint (certificate_state (far), ==, MD_CARD_EXPIRY_FAR);
  g_assert_cmpint (card_state (far), ==, MD_CARD_EXPIRY_UNKNOWN);
  g_assert_cmpuint (f->commands, ==, fewest);
  g_clear_object (&f->card);

  g_autoptr (MdIdentityProof) unasked = identify (f, "certsoon", 0);
  fewest = f->commands;
  g_assert_cmpint (card_state (unasked), ==, MD_CARD_EXPIRY_UNKNOWN);
  g_autoptr (MdIdentityProof) near = identify (f, "certsoon", MONTHS);
  g_assert_cmpuint (f->commands, ==, fewest + ASKING);
}

// The card goes, falls silent or talks nonsense while it is asked: it has proven itself all the
// same.
static void
test_no_answer_stops_nothing (Fixture *f, gconstpointer data)
{
  static const VcFaultKind kinds[] = { VC_FAULT_REMOVE, VC_FAULT_MUTE, VC_FAULT_GARBAGE };
  g_autoptr (MdIdentityProof) whole = identify (f, "certsoon", MONTHS);
  guint last = f->commands;
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (guint at = kinds[i] == VC_FAULT_GARBAGE ? last : last - ASKING + 1; at <= last; at++)
      {
        vcard_backend_set_fault (f->card, &(VcFault){ .kind = kinds[i] }, at);
        g_autoptr (MdIdentityProof) proof = identify (f, "certsoon", MONTHS);
        g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_VALID);
        g_assert_cmpint (certificate_state (proof), ==, MD_CARD_EXPIRY_SOON);
        g_assert_cmpint (card_state (proof), ==, MD_CARD_EXPIRY_UNKNOWN);
      }
}

// Which of the two is over is said, and what to do about it.
static void
test_words (Fixture *f, gconstpointer data)
{
  g_autoptr (MdCardText) certificate = md_identity_text_for_verdict (MD_IDENTITY_EXPIRED);
  g_autoptr (MdCardText) card = md_identity_text_for_verdict (MD_IDENTITY_CARD_EXPIRED);
  g_assert_nonnull (strstr (certificate->title, "certificate"));
  g_assert_null (strstr (card->title, "certificate"));
  g_assert_nonnull (strstr (certificate->action, "renewed"));
  g_assert_nonnull (strstr (card->action, "new card"));
  g_assert_cmpstr (md_identity_verdict_get_label (MD_IDENTITY_EXPIRED), !=,
                   md_identity_verdict_get_label (MD_IDENTITY_CARD_EXPIRED));
}

#define ADD(name, func)                                                                            \
  g_test_add ("/identity/expiry/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("states", test_states);
  ADD ("asked-only-when-needed", test_asked_only_when_needed);
  ADD ("no-answer-stops-nothing", test_no_answer_stops_nothing);
  ADD ("words", test_words);
  return g_test_run ();
}
