// SPDX-License-Identifier: Apache-2.0
#include "reader-fixture.h"

// --- The hand that holds the card ---

void
order (const char *role, const char *text)
{
  g_autofree char *name = g_strdup_printf ("vcard-%s.sock", role);
  g_autofree char *answer = tell (name, text);
}

// --- The fixture ---

static void
on_inserted (MdPcsc *pcsc, MdCardReader *reader, Fixture *f)
{
  f->inserted++;
}

static void
on_removed (MdPcsc *pcsc, MdCardReader *reader, Fixture *f)
{
  f->removed++;
}

void
take_out (Fixture *f, const char *role_name, MdCardRole role)
{
  order (role_name, "clear-faults");
  order (role_name, "remove");
  await (!has_card (f, role));
}

// Puts a card on the reader and waits until we were told, as the counter is.
void
put_in (Fixture *f, const char *role_name, const char *card)
{
  MdCardRole role = g_str_equal (role_name, "staff") ? MD_CARD_ROLE_STAFF : MD_CARD_ROLE_RESIDENT;
  g_autofree char *path = ward_path ("cards", card, NULL);
  g_autofree char *text = g_strconcat ("insert ", path, NULL);
  take_out (f, role_name, role);
  order (role_name, text);
  await (has_card (f, role));
}

void
use_identifier (Fixture *f, WardRevocation how, gboolean allow_test)
{
  g_clear_object (&f->identifier);
  f->identifier = ward_identifier (how, allow_test);
  g_signal_connect (f->identifier, "step", G_CALLBACK (on_step), f);
}

void
fixture_set_up (Fixture *f, gconstpointer data)
{
  f->steps = g_string_new (NULL);
  f->inserted = 0;
  f->removed = 0;
  f->identifier = NULL;
  use_identifier (f, WARD_OCSP, TRUE);
  f->pcsc = md_pcsc_new ();
  md_pcsc_set_role (f->pcsc, MD_CARD_ROLE_RESIDENT, WARD_RESIDENT_READER);
  md_pcsc_set_role (f->pcsc, MD_CARD_ROLE_STAFF, WARD_STAFF_READER);
  g_signal_connect (f->pcsc, "card-inserted", G_CALLBACK (on_inserted), f);
  g_signal_connect (f->pcsc, "card-removed", G_CALLBACK (on_removed), f);
  md_pcsc_start (f->pcsc);
  await (md_pcsc_get_state (f->pcsc) == MD_PCSC_STATE_READY);
  await (reader_of (f, MD_CARD_ROLE_RESIDENT) != NULL);
}

void
fixture_tear_down (Fixture *f, gconstpointer data)
{
  take_out (f, "resident", MD_CARD_ROLE_RESIDENT);
  take_out (f, "staff", MD_CARD_ROLE_STAFF);
  md_pcsc_stop (f->pcsc);
  g_assert_finalize_object (f->pcsc);
  g_clear_object (&f->identifier);
  g_string_free (f->steps, TRUE);
}

// --- The two calls, waited for ---

MdCardInspection *
inspect (Fixture *f, GError **error)
{
  Answer answer = { 0 };
  md_identifier_inspect_async (f->identifier, f->pcsc, reader_of (f, MD_CARD_ROLE_RESIDENT), NULL,
                               on_inspected, &answer);
  await (answer.done);
  if (answer.error != NULL)
    g_propagate_error (error, answer.error);
  return answer.result;
}

MdIdentityProof *
identify_with (Fixture *f, const MdIdentifyRequest *request, GError **error)
{
  Answer answer = { 0 };
  g_string_truncate (f->steps, 0);
  md_identifier_identify_async (f->identifier, f->pcsc, reader_of (f, MD_CARD_ROLE_RESIDENT),
                                request, NULL, on_identified, &answer);
  await (answer.done);
  if (answer.error != NULL)
    g_propagate_error (error, answer.error);
  return answer.result;
}

MdIdentityProof *
identify (Fixture *f, const char *text_pin, const char *auth_pin, GError **error)
{
  MdIdentifyRequest request = ward_request (text_pin, auth_pin);
  MdIdentityProof *proof = identify_with (f, &request, error);
  md_identify_request_clear (&request);
  return proof;
}

void
assert_verdict (Fixture *f, MdIdentityVerdict verdict, MdRevocationSource source)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdIdentityProof) proof = identify (f, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (md_identity_verdict_to_string (md_identity_proof_get_verdict (proof)), ==,
                   md_identity_verdict_to_string (verdict));
  g_assert_cmpint (md_identity_proof_get_revocation (proof), ==, source);
  g_autoptr (MdCardText) text = md_identity_text_for_verdict (verdict);
  g_test_message ("%s | %s | %s", text->title, text->meaning, text->action);
}

void
assert_fails (Fixture *f, const char *text_pin, const char *auth_pin, int code, int tries)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (identify (f, text_pin, auth_pin, &error));
  g_assert_error (error, MD_CARD_ERROR, code);
  g_assert_cmpint (md_card_error_get_tries (error), ==, tries);
}

void
assert_tries (Fixture *f, int auth, int text, int sign)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCardInspection) inspection = inspect (f, &error);
  g_assert_no_error (error);
  g_assert_cmpint (inspection->tries_auth, ==, auth);
  g_assert_cmpint (inspection->tries_text, ==, text);
  g_assert_cmpint (inspection->tries_sign, ==, sign);
}
