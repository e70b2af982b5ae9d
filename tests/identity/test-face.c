// SPDX-License-Identifier: Apache-2.0
// Identification without a PIN: what is printed on the card opens its face, the clerk answers, and
// what is kept is judged again without the card. Runs inside `with-world`.
#include "vcard-backend.h"
#include "ward.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define FRONT (1 << 0)
#define BACK (1 << 1)
#define LAST_TRY (1 << 2)

static JsonObject *people;

static MdSecret *
printed (const char *person, const char *which)
{
  JsonObject *facts = json_object_get_object_member (people, person);
  return md_secret_new_from_text (json_object_get_string_member (facts, which));
}

static MdIdentityProof *
look_with (MdIdentifier *identifier, const char *person, MdSecret *front, MdSecret *back,
           gboolean last_try, GError **error)
{
  g_autofree char *dir = ward_path ("cards", person, NULL);
  g_autoptr (VcardBackend) card = vcard_backend_new (dir);
  g_autoptr (MdCardConnection) connection = vcard_backend_open (card);
  g_autoptr (MdPresenceChallenge) challenge = ward_challenge ();
  MdIdentifyRequest request = { .way = MD_IDENTIFY_BY_FACE,
                                .face = { front, back },
                                .challenge = challenge,
                                .confirmed = last_try ? ~0u : 0 };
  return md_identifier_identify (identifier, connection, &request, NULL, error);
}

// The same on a card that answers WORD to the AT-th command and does nothing.
static MdIdentityProof *
look_at_a_liar (MdIdentifier *identifier, const char *person, guint sides, guint at, guint word)
{
  const VcFault fault = { .kind = VC_FAULT_SW, .ins = -1, .value = word };
  g_autoptr (MdSecret) front = printed (person, "reference_b");
  g_autoptr (MdSecret) back = printed (person, "reference_a");
  g_autofree char *dir = ward_path ("cards", person, NULL);
  g_autoptr (VcardBackend) card = vcard_backend_new (dir);
  g_autoptr (MdPresenceChallenge) challenge = ward_challenge ();
  MdIdentifyRequest request
      = { .way = MD_IDENTIFY_BY_FACE,
          .face = { (sides & FRONT) != 0 ? front : NULL, (sides & BACK) != 0 ? back : NULL },
          .challenge = challenge };
  vcard_backend_set_fault (card, &fault, at);
  g_autoptr (MdCardConnection) connection = vcard_backend_open (card);
  return md_identifier_identify (identifier, connection, &request, NULL, NULL);
}

static MdIdentityProof *
look (MdIdentifier *identifier, const char *person, guint sides, GError **error)
{
  g_autoptr (MdSecret) front = (sides & FRONT) != 0 ? printed (person, "reference_b") : NULL;
  g_autoptr (MdSecret) back = (sides & BACK) != 0 ? printed (person, "reference_a") : NULL;
  return look_with (identifier, person, front, back, (sides & LAST_TRY) != 0, error);
}

static MdIdentityProof *
store_and_read (const MdIdentityProof *proof)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) json = md_identity_proof_encode (proof);
  MdIdentityProof *later
      = md_identity_proof_decode (md_secret_get_data (json), md_secret_get_size (json), &error);
  g_assert_no_error (error);
  return later;
}

static MdIdentityVerdict
judge_again (const MdIdentityProof *proof)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdPolicy) policy = ward_policy ();
  g_autoptr (MdIdentityProof) later = store_and_read (proof);
  MdIdentityVerdict verdict;
  g_assert_true (md_identity_proof_recheck_by (later, policy, &verdict, &error));
  g_assert_no_error (error);
  return verdict;
}

// The front gives the four attributes, the back the number, both together both.
static void
test_sides (void)
{
  static const guint sides[] = { FRONT, BACK, FRONT | BACK };
  g_autoptr (MdIdentifier) identifier = ward_counter_identifier ();
  for (gsize i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdIdentityProof) proof = look (identifier, "faceauth", sides[i], &error);
      g_assert_no_error (error);
      g_assert_true (md_identity_proof_awaits_answer (proof));
      g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_FACE_UNSURE);
      g_assert_cmpstr (md_identity_proof_get_method (proof), ==, "card-face");
      for (guint which = 0; which <= MD_CARD_IMAGE_PHOTO; which++)
        g_assert_nonnull (md_identity_proof_get_picture (proof, (MdCardImage)which));
      g_assert_cmpstr (md_identity_proof_get_face_birth (proof), ==, "19800212");
      g_assert_true ((md_identity_proof_get_attributes (proof) != NULL)
                     == ((sides[i] & FRONT) != 0));
      g_assert_true ((md_identity_proof_get_number (proof) != NULL) == ((sides[i] & BACK) != 0));
      g_assert_nonnull (md_identity_proof_get_certificate (proof));
      g_assert_cmpint (md_identity_proof_get_revocation (proof), ==, MD_REVOCATION_SOURCE_CRL);
    }
}

// The answer gives the verdict, the pictures go, and what is stored says the same years later.
static void
test_answers (void)
{
  static const struct
  {
    MdFaceAnswer answer;
    MdIdentityVerdict verdict;
    MdIdentityPermission permission;
  } rows[] = {
    { MD_FACE_ANSWER_SAME, MD_IDENTITY_FACE, MD_IDENTITY_PROCEED },
    { MD_FACE_ANSWER_OTHER, MD_IDENTITY_FACE_OTHER, MD_IDENTITY_STOP },
    { MD_FACE_ANSWER_UNSURE, MD_IDENTITY_FACE_UNSURE, MD_IDENTITY_STOP },
  };
  g_autoptr (MdIdentifier) identifier = ward_counter_identifier ();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdIdentityProof) proof = look (identifier, "faceauth", FRONT, &error);
      g_assert_no_error (error);
      md_identity_proof_answer (proof, rows[i].answer);
      g_assert_false (md_identity_proof_awaits_answer (proof));
      g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, rows[i].verdict);
      g_assert_cmpint (md_identity_verdict_get_permission (rows[i].verdict), ==,
                       rows[i].permission);
      g_assert_null (md_identity_proof_get_picture (proof, MD_CARD_IMAGE_PHOTO));
      g_assert_cmpint (judge_again (proof), ==, rows[i].verdict);
    }
}

// A forged, foreign, expired or revoked card never gets as far as the question.
static void
test_cards (void)
{
  static const struct
  {
    const char *person;
    MdIdentityVerdict verdict; // after "the same person"
  } rows[] = {
    { "photoswap", MD_IDENTITY_BAD_DATA },
    { "ownissuer", MD_IDENTITY_BAD_DATA },
    { "cardexpired", MD_IDENTITY_CARD_EXPIRED },
    { "revoked", MD_IDENTITY_REVOKED },
    { "tampered", MD_IDENTITY_BAD_DATA },
    { "nocert", MD_IDENTITY_FACE },
    { "expired", MD_IDENTITY_FACE },        // its certificate, not the card
    { "alllocked", MD_IDENTITY_BAD_PROOF }, // cannot be opened
    { "altform", MD_IDENTITY_FACE },
  };
  g_autoptr (MdIdentifier) identifier = ward_counter_identifier ();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdIdentityProof) proof = look (identifier, rows[i].person, FRONT, &error);
      g_test_message ("%s", rows[i].person);
      if (rows[i].verdict == MD_IDENTITY_BAD_PROOF)
        {
          g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_BLOCKED);
          continue;
        }
      g_assert_no_error (error);
      if (md_identity_proof_awaits_answer (proof))
        md_identity_proof_answer (proof, MD_FACE_ANSWER_SAME);
      else
        g_assert_null (md_identity_proof_get_picture (proof, MD_CARD_IMAGE_PHOTO));
      g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, rows[i].verdict);
    }
}

// A genuine face, and text that the card's record does not back: the text is not believed because
// the card keeps the record for itself, at whichever command it does so.
static void
test_unbacked_text (void)
{
  static const guint sides[] = { FRONT, BACK, FRONT | BACK };
  g_autoptr (MdIdentifier) identifier = ward_counter_identifier ();
  for (gsize i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      guint without_text = 0;
      for (guint at = 2; at <= 40; at++)
        {
          g_autoptr (MdIdentityProof) proof
              = look_at_a_liar (identifier, "tampered", sides[i], at, 0x6982);
          if (proof == NULL || !md_identity_proof_awaits_answer (proof))
            continue;
          g_test_message ("%u: command %u", sides[i], at);
          g_assert_null (md_identity_proof_get_attributes (proof));
          g_assert_null (md_identity_proof_get_number (proof));
          without_text++;
        }
      // What stands on the front opens no record on some cards: the signed pictures are left.
      g_assert_cmpint (without_text > 0, ==, sides[i] == FRONT);
    }
}

// Without an authority that is known here, nothing proves that the card is not self-made.
static void
test_unknown_authority (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdIdentifier) identifier = ward_counter_identifier ();
  md_identifier_set_card_authorities (identifier, NULL);
  g_autoptr (MdIdentityProof) proof = look (identifier, "faceauth", FRONT, &error);
  g_assert_no_error (error);
  g_assert_false (md_identity_proof_awaits_answer (proof));
  g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_UNTRUSTED_ISSUER);
}

// The last try of what is printed is not used unless it is meant.
static void
test_last_try (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdIdentifier) identifier = ward_counter_identifier ();
  g_autoptr (MdIdentityProof) refused = look (identifier, "printlast", FRONT, &error);
  g_assert_null (refused);
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_LAST_TRY);
  g_clear_error (&error);
  g_autoptr (MdIdentityProof) meant = look (identifier, "printlast", FRONT | LAST_TRY, &error);
  g_assert_no_error (error);
  g_assert_true (md_identity_proof_awaits_answer (meant));
}

// Wrong digits: the card says how many tries are left, and it is about what is printed.
static void
test_wrong (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdIdentifier) identifier = ward_counter_identifier ();
  g_autoptr (MdSecret) wrong = md_secret_new_from_text ("55021220359999");
  g_autoptr (MdIdentityProof) proof = look_with (identifier, "heisei", wrong, NULL, FALSE, &error);
  g_assert_null (proof);
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG);
  g_assert_cmpint (md_card_error_get_pin (error), ==, MD_CARD_PIN_FACE_B);
  g_assert_cmpint (md_card_error_get_tries (error), ==, 9);
}

// Misread digits, typed once more: they do not go to the card again.
static void
test_never_twice (void)
{
  g_autofree char *dir = ward_path ("cards", "heisei", NULL);
  g_autoptr (VcardBackend) card = vcard_backend_new (dir);
  g_autoptr (MdCardMemory) memory = md_card_memory_new ();
  g_autoptr (MdIdentifier) identifier = ward_counter_identifier ();
  g_autoptr (MdPresenceChallenge) challenge = ward_challenge ();
  g_autoptr (MdSecret) wrong = md_secret_new_from_text ("55021220359999");
  MdIdentifyRequest request
      = { .way = MD_IDENTIFY_BY_FACE, .face = { .front = wrong }, .challenge = challenge };
  int left = MD_CARD_TRIES_UNKNOWN;
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdCardConnection) connection = vcard_backend_open (card);
      md_card_connection_set_memory (connection, memory);
      g_assert_null (md_identifier_identify (identifier, connection, &request, NULL, &error));
      const int code = i == 0 ? MD_CARD_ERROR_PIN_WRONG : MD_CARD_ERROR_PIN_SAME;
      g_assert_error (error, MD_CARD_ERROR, code);
      left = i == 0 ? md_card_error_get_tries (error) : left;
      g_assert_cmpint (md_card_error_get_tries (error), ==, left);
      g_autoptr (MdCardText) text = md_identity_text_for_error (error);
      g_assert_nonnull (strstr (text->action, "digit by digit"));
    }
}

// A copy of the card in DIR without its files WITHOUT. (transfer full)
static char *
copy_card (const char *dir, const char *const *without)
{
  char *copy = g_dir_make_tmp ("card-XXXXXX", NULL);
  g_autoptr (GDir) files = g_dir_open (dir, 0, NULL);
  for (const char *name = g_dir_read_name (files); name != NULL; name = g_dir_read_name (files))
    {
      g_autofree char *from = g_build_filename (dir, name, NULL);
      g_autofree char *to = g_build_filename (copy, name, NULL);
      g_autofree char *contents = NULL;
      gsize length = 0;
      if (g_strv_contains (without, name) || !g_file_get_contents (from, &contents, &length, NULL))
        continue;
      g_assert_true (g_file_set_contents (to, contents, (gssize)length, NULL));
    }
  return copy;
}

static void
remove_card (const char *copy)
{
  g_autoptr (GDir) files = g_dir_open (copy, 0, NULL);
  for (const char *name = g_dir_read_name (files); name != NULL; name = g_dir_read_name (files))
    {
      g_autofree char *path = g_build_filename (copy, name, NULL);
      g_unlink (path);
    }
  g_rmdir (copy);
}

// Digits that CARD refuses, after it was lifted and put back on a reader that counts from the
// start; with AT > 0 it is lifted again when it has done that command, before it answers.
static GError *
present_wrong (VcardBackend *card, MdCardMemory *memory, guint at, guint confirmed)
{
  static const VcFault gone = { .kind = VC_FAULT_REMOVE_AFTER, .ins = -1 };
  g_autoptr (MdIdentifier) identifier = ward_counter_identifier ();
  g_autoptr (MdPresenceChallenge) challenge = ward_challenge ();
  g_autoptr (MdSecret) wrong = md_secret_new_from_text ("55021220359999");
  const MdIdentifyRequest request = { .way = MD_IDENTIFY_BY_FACE,
                                      .face = { .front = wrong },
                                      .challenge = challenge,
                                      .confirmed = confirmed };
  GError *error = NULL;
  md_card_memory_forget_reader (memory, VCARD_READER);
  vcard_backend_set_fault (card, at > 0 ? &gone : NULL, at);
  g_autoptr (MdCardConnection) connection = vcard_backend_open (card);
  md_card_connection_set_memory (connection, memory);
  g_assert_null (md_identifier_identify (identifier, connection, &request, NULL, &error));
  return error;
}

// The answer was lost, and the card was away since then. Without a certificate it is known by its
// serial number, in one of two places; where it has none either, the clerk is asked, and means it.
static void
test_never_twice_without_a_certificate (void)
{
  static const struct
  {
    const char *without[3];
    int code, then;
  } rows[] = {
    { { NULL }, MD_CARD_ERROR_PIN_SAME, MD_CARD_ERROR_PIN_SAME },
    { { "common-0001.rec" }, MD_CARD_ERROR_PIN_SAME, MD_CARD_ERROR_PIN_SAME },
    { { "common-0001.rec", "isd-0045.do" },
      MD_CARD_ERROR_PIN_SENT_BEFORE,
      MD_CARD_ERROR_PIN_WRONG },
  };
  g_autofree char *dir = ward_path ("cards", "nocert", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *copy = copy_card (dir, rows[i].without);
      g_autoptr (VcardBackend) card = vcard_backend_new (copy);
      g_autoptr (MdCardMemory) memory = md_card_memory_new ();
      gboolean sent = FALSE;
      for (guint at = 1; !sent; at++)
        {
          g_autoptr (GError) lost = present_wrong (card, memory, at, 0);
          g_assert_error (lost, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
          sent = md_card_error_is_unanswered (lost);
        }
      g_autoptr (GError) error = present_wrong (card, memory, 0, 0);
      g_assert_error (error, MD_CARD_ERROR, rows[i].code);
      g_assert_cmpint (md_card_error_get_tries (error), ==, 9);
      g_autoptr (GError) meant
          = present_wrong (card, memory, 0, MD_IDENTIFY_CONFIRMS_AGAIN (MD_CARD_PIN_FACE_B));
      g_assert_error (meant, MD_CARD_ERROR, rows[i].then);
      remove_card (copy);
    }
}

static char *
replace (const char *json, const char *from, const char *to)
{
  g_auto (GStrv) parts = g_strsplit (json, from, 2);
  g_assert_nonnull (parts[0]);
  g_assert_nonnull (parts[1]);
  return g_strjoinv (to, parts);
}

// What a terminal that cheats could write: each is seen.
static void
test_evidence (void)
{
  static const struct
  {
    const char *from, *to;
    gboolean readable;
  } rows[] = {
    { "\"method\":\"card-face\"", "\"method\":\"jpki-auth\"", FALSE },
    { "\"method\":\"card-face\"", "\"method\":\"letter\"", FALSE },
    { "\"answer\":\"same\"", "\"answer\":\"other\"", TRUE },
    { "\"expiry\":\"20", "\"expiry\":\"19", TRUE },
    { "\"digests\":\"", "\"digests\":\"AAAA", FALSE },
    { "\"issuer\":\"X06C", "\"issuer\":\"X06", FALSE },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (MdIdentifier) identifier = ward_counter_identifier ();
  g_autoptr (MdIdentityProof) proof = look (identifier, "faceauth", FRONT, &error);
  g_autoptr (MdPolicy) policy = ward_policy ();
  g_assert_no_error (error);
  md_identity_proof_answer (proof, MD_FACE_ANSWER_SAME);
  g_autoptr (MdSecret) whole = md_identity_proof_encode (proof);
  g_assert_null (strstr (md_secret_get_text (whole), "photo"));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *json = replace (md_secret_get_text (whole), rows[i].from, rows[i].to);
      g_autoptr (MdIdentityProof) later
          = md_identity_proof_decode ((const guint8 *)json, strlen (json), NULL);
      MdIdentityVerdict verdict;
      g_test_message ("%s", rows[i].to);
      g_assert_true ((later != NULL) == rows[i].readable);
      if (later == NULL)
        continue;
      g_assert_true (md_identity_proof_recheck_by (later, policy, &verdict, NULL));
      g_assert_cmpint (md_identity_verdict_get_permission (verdict), ==, MD_IDENTITY_STOP);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *world = ward_path ("world.json", NULL);
  g_test_init (&argc, &argv, NULL);
  g_assert_true (json_parser_load_from_file (parser, world, NULL));
  people = json_object_get_object_member (json_node_get_object (json_parser_get_root (parser)),
                                          "people");
  g_test_add_func ("/identity/face/sides", test_sides);
  g_test_add_func ("/identity/face/answers", test_answers);
  g_test_add_func ("/identity/face/cards", test_cards);
  g_test_add_func ("/identity/face/unbacked-text", test_unbacked_text);
  g_test_add_func ("/identity/face/unknown-authority", test_unknown_authority);
  g_test_add_func ("/identity/face/last-try", test_last_try);
  g_test_add_func ("/identity/face/wrong", test_wrong);
  g_test_add_func ("/identity/face/never-twice", test_never_twice);
  g_test_add_func ("/identity/face/never-twice-without-a-certificate",
                   test_never_twice_without_a_certificate);
  g_test_add_func ("/identity/face/evidence", test_evidence);
  return g_test_run ();
}
