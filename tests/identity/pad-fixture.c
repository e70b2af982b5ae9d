// SPDX-License-Identifier: Apache-2.0
#include "pad-fixture.h"

#include <string.h>

// --- The hands: one holds the card, one the reader ---

void
card (const char *order)
{
  g_autofree char *answer = tell ("vcard-resident.sock", order);
}

void
pad (const char *order)
{
  g_autofree char *answer = tell ("pad-resident", order);
}

gboolean
pad_says (const char *text)
{
  g_autofree char *answer = tell ("pad-resident", "status");
  return strstr (answer, text) != NULL;
}

// --- The fixture ---

void
put_in (Fixture *f, const char *name)
{
  g_autofree char *path = ward_path ("cards", name, NULL);
  g_autofree char *text = g_strconcat ("insert ", path, NULL);
  card ("clear-faults");
  card ("remove");
  await (!has_card (f, MD_CARD_ROLE_RESIDENT));
  card (text);
  await (has_card (f, MD_CARD_ROLE_RESIDENT));
}

void
setup (Fixture *f, gconstpointer data)
{
  f->steps = g_string_new (NULL);
  f->identifier = ward_identifier (WARD_OCSP, TRUE);
  g_signal_connect (f->identifier, "step", G_CALLBACK (on_step), f);
  f->pcsc = md_pcsc_new ();
  md_pcsc_set_role (f->pcsc, MD_CARD_ROLE_RESIDENT, COUNTER_PAD);
  md_pcsc_set_role (f->pcsc, MD_CARD_ROLE_STAFF, DESK_PAD);
  md_pcsc_start (f->pcsc);
  await (reader_of (f, MD_CARD_ROLE_RESIDENT) != NULL && reader_of (f, MD_CARD_ROLE_STAFF) != NULL);
}

void
teardown (Fixture *f, gconstpointer data)
{
  pad ("lie none");
  pad ("slow 0");
  pad ("apdu 0");
  pad ("features verify modify tlv");
  md_pcsc_stop (f->pcsc);
  g_assert_finalize_object (f->pcsc);
  g_clear_object (&f->identifier);
  g_string_free (f->steps, TRUE);
}

// --- The flow, waited for ---

static MdCardInspection *
inspect (Fixture *f)
{
  Answer answer = { 0 };
  md_identifier_inspect_async (f->identifier, f->pcsc, reader_of (f, MD_CARD_ROLE_RESIDENT), NULL,
                               on_inspected, &answer);
  await (answer.done);
  g_assert_no_error (answer.error);
  return answer.result;
}

// Waits for a card; who waited in vain says what reader, card and service said.
static void
await_card (Fixture *f)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;
  while (!has_card (f, MD_CARD_ROLE_RESIDENT) && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (2000);
  if (has_card (f, MD_CARD_ROLE_RESIDENT))
    return;
  g_autofree char *reader = tell ("pad-resident", "status");
  g_autofree char *held = tell ("vcard-resident.sock", "status");
  g_test_message ("service %d, reader %s; %s; %s", md_pcsc_get_state (f->pcsc),
                  reader_of (f, MD_CARD_ROLE_RESIDENT) != NULL ? "known" : "gone", reader, held);
  g_assert_not_reached ();
}

// While a machine wakes up, pcscd takes the card away and brings it again; the counter looks when
// it is told of one.
void
await_readable (Fixture *f)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;
  for (;;)
    {
      Answer answer = { 0 };
      await_card (f);
      md_identifier_inspect_async (f->identifier, f->pcsc, reader_of (f, MD_CARD_ROLE_RESIDENT),
                                   NULL, on_inspected, &answer);
      await (answer.done);
      md_card_inspection_free (answer.result);
      gboolean gone = g_error_matches (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_NO_CARD)
                      || g_error_matches (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_NO_READER)
                      || g_error_matches (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED)
                      || g_error_matches (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_MUTE);
      if (!gone || g_get_monotonic_time () > end)
        {
          g_assert_no_error (answer.error);
          return;
        }
      g_clear_error (&answer.error);
      g_usleep (20000);
    }
}

void
assert_card (Fixture *f, int tries_auth, int tries_text, gboolean has_pad)
{
  g_autoptr (MdCardInspection) inspection = inspect (f);
  g_assert_cmpint (inspection->tries_auth, ==, tries_auth);
  g_assert_cmpint (inspection->tries_text, ==, tries_text);
  g_assert_cmpint (inspection->has_pin_pad, ==, has_pad);
}

gboolean
identify_with (Fixture *f, MdIdentifyRequest *request, GError **error)
{
  Answer answer = { 0 };
  g_string_truncate (f->steps, 0);
  md_identifier_identify_async (f->identifier, f->pcsc, reader_of (f, MD_CARD_ROLE_RESIDENT),
                                request, NULL, on_identified, &answer);
  await (answer.done);
  md_identify_request_clear (request);
  if (answer.error != NULL)
    {
      g_propagate_error (error, answer.error);
      return FALSE;
    }
  g_autoptr (MdIdentityProof) proof = answer.result;
  g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_VALID);
  return TRUE;
}

MdIdentifyRequest
request_on_pad (void)
{
  return (MdIdentifyRequest){ .way = MD_IDENTIFY_AT_PAD,
                              .challenge = ward_challenge (),
                              .read_number = TRUE };
}

gboolean
identify_on_pad (Fixture *f, GError **error)
{
  MdIdentifyRequest request = request_on_pad ();
  return identify_with (f, &request, error);
}

void
assert_pad_fails (Fixture *f, int code, int tries)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (identify_on_pad (f, &error));
  g_assert_error (error, MD_CARD_ERROR, code);
  g_assert_cmpint (md_card_error_get_tries (error), ==, tries);
}

void
assert_keys_fail (Fixture *f, const char *text_pin, const char *auth_pin, int code, int tries)
{
  g_autoptr (GError) error = NULL;
  MdIdentifyRequest request = ward_request (text_pin, auth_pin);
  g_assert_false (identify_with (f, &request, &error));
  g_assert_error (error, MD_CARD_ERROR, code);
  g_assert_cmpint (md_card_error_get_tries (error), ==, tries);
}

// With the keys on the screen, the right PINs.
void
assert_keys_work (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  MdIdentifyRequest request = ward_request (NULL, NULL);
  g_assert_true (identify_with (f, &request, &error));
  g_assert_no_error (error);
}

Count
count_of (const char *socket)
{
  g_autofree char *answer = tell (socket, "status");
  const char *asked = strstr (answer, "asked=");
  const char *sent = strstr (answer, "sent=");
  return (Count){ (guint)g_ascii_strtoull (asked + 6, NULL, 10),
                  (guint)g_ascii_strtoull (sent + 5, NULL, 10) };
}

Count
count (void)
{
  return count_of ("pad-resident");
}

// What happened at the keypad since BEFORE.
void
assert_counted (Count before, guint asked, guint sent)
{
  Count now = count ();
  g_assert_cmpuint (now.asked - before.asked, ==, asked);
  g_assert_cmpuint (now.sent - before.sent, ==, sent);
}

void
pull_the_cable (Fixture *f)
{
  pad ("unplug");
  await (reader_of (f, MD_CARD_ROLE_RESIDENT) == NULL);
}

void
plug_in_again (Fixture *f)
{
  pull_the_cable (f);
  pad ("plug");
  await (has_card (f, MD_CARD_ROLE_RESIDENT));
}
