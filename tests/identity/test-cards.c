// SPDX-License-Identifier: Apache-2.0
// Cards of every kind through the identification flow, with the authorities that the policy names:
// forged records stop, uncertain forms pass, the next generation passes, and a card without a
// usable PIN says which way is left. Runs inside `with-world`.
#include "script-backend.h"
#include "vcard-backend.h"
#include "ward.h"

#include <glib/gstdio.h>
#include <string.h>

static MdIdentityProof *
identify (MdIdentifier *identifier, const char *person)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = ward_path ("cards", person, NULL);
  g_autoptr (VcardBackend) card = vcard_backend_new (dir);
  g_autoptr (MdCardConnection) connection = vcard_backend_open (card);
  MdIdentifyRequest request = ward_request (NULL, NULL);
  MdIdentityProof *proof = md_identifier_identify (identifier, connection, &request, NULL, &error);
  md_identify_request_clear (&request);
  g_assert_no_error (error);
  return proof;
}

static void
test_origin (void)
{
  static const struct
  {
    const char *person;
    MdIdentityVerdict verdict;
    const char *detail;
  } rows[] = {
    { "tanaka", MD_IDENTITY_VALID, "" },
    { "altform", MD_IDENTITY_VALID, "" },
    { "renewed", MD_IDENTITY_VALID, "" },
    { "tampered", MD_IDENTITY_BAD_DATA, "does not fit" },
    { "ownissuer", MD_IDENTITY_BAD_DATA, "not signed by a known authority" },
  };
  g_autoptr (MdIdentifier) identifier = ward_counter_identifier ();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MdIdentityProof) proof = identify (identifier, rows[i].person);
      g_test_message ("%s: %s", rows[i].person, md_identity_proof_get_detail (proof));
      g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, rows[i].verdict);
      g_assert_nonnull (strstr (md_identity_proof_get_detail (proof), rows[i].detail));
    }
}

static char *
ask_tag_in (GBytes *key, const char *known, const char *dir, GError **error)
{
  g_autoptr (VcardBackend) card = vcard_backend_new (dir);
  g_autoptr (MdCardConnection) connection = vcard_backend_open (card);
  return md_card_tag_ask (key, known, connection, NULL, error);
}

static char *
ask_tag (GBytes *key, const char *person, GError **error)
{
  g_autofree char *dir = ward_path ("cards", person, NULL);
  return ask_tag_in (key, NULL, dir, error);
}

// R-CARD-10: a card that was lifted is known again without a PIN, one without a certificate, too;
// under another key nobody can tell whose it was. Its own key tells more than the proof does.
static void
test_known_again (void)
{
  static const char *const people[] = { "tanaka", "faceauth", "nocert", "nextgen" };
  g_autoptr (MdIdentifier) identifier = ward_counter_identifier ();
  g_autoptr (GBytes) key = md_card_tag_make_key ();
  g_autoptr (GBytes) other_key = md_card_tag_make_key ();
  g_autoptr (MdIdentityProof) proof = identify (identifier, "tanaka");
  g_autofree char *tag = md_card_tag_of_proof (key, proof);
  for (gsize i = 0; i < G_N_ELEMENTS (people); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *first = ask_tag (key, people[i], &error);
      g_assert_no_error (error);
      g_autofree char *dir = ward_path ("cards", people[i], NULL);
      g_autofree char *again = ask_tag_in (key, first, dir, &error);
      g_autofree char *otherwise = ask_tag (other_key, people[i], &error);
      g_assert_no_error (error);
      g_assert_cmpstr (first, ==, again);
      g_assert_cmpstr (first, !=, otherwise);
      g_assert_cmpint (md_card_tag_completes (first, tag), ==, i == 0);
      g_assert_cmpint (g_str_has_prefix (first, tag), ==, i == 0);
    }
  g_autoptr (GError) error = NULL;
  g_assert_null (ask_tag (key, "staff-S0001", &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_WRONG_CARD);
}

// Everything that can be read of tanaka's card, in a folder of its own; its own key is what the
// file OWN_KEY of hers has (NULL: there is none).
static char *
copy_readable (const char *own_key)
{
  char *copy = g_dir_make_tmp ("copy-XXXXXX", NULL);
  g_autofree char *dir = ward_path ("cards", "tanaka", NULL);
  g_autoptr (GDir) files = g_dir_open (dir, 0, NULL);
  for (const char *name = g_dir_read_name (files); name != NULL; name = g_dir_read_name (files))
    {
      const gboolean own = g_str_equal (name, "text-0013.key");
      g_autofree char *from = g_build_filename (dir, own && own_key ? own_key : name, NULL);
      g_autofree char *to = g_build_filename (copy, name, NULL);
      g_autofree char *contents = NULL;
      gsize length = 0;
      if ((own && own_key == NULL) || !g_file_get_contents (from, &contents, &length, NULL))
        continue;
      g_assert_true (g_file_set_contents (to, contents, (gssize)length, NULL));
    }
  return copy;
}

static void
remove_copy (const char *copy)
{
  g_autoptr (GDir) files = g_dir_open (copy, 0, NULL);
  for (const char *name = g_dir_read_name (files); name != NULL; name = g_dir_read_name (files))
    {
      g_autofree char *path = g_build_filename (copy, name, NULL);
      g_unlink (path);
    }
  g_rmdir (copy);
}

// R-CARD-10: what can be read of a card can be copied, its own key cannot. A copy is not taken for
// it, be it that it answers by another key or not at all; whoever is known by the certificate alone
// is known by it alone.
static void
test_copied (void)
{
  static const char *const own_keys[] = { "jpki-0017.key", NULL };
  g_autoptr (GBytes) key = md_card_tag_make_key ();
  g_autoptr (GError) error = NULL;
  g_autofree char *known = ask_tag (key, "tanaka", &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (own_keys); i++)
    {
      g_autofree char *copy = copy_readable (own_keys[i]);
      g_autofree char *found = ask_tag_in (key, known, copy, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (found, !=, known);
      g_assert_cmpint (md_card_tag_completes (known, found), ==, own_keys[i] == NULL);
      g_autofree char *alone = ask_tag_in (key, NULL, copy, &error);
      g_assert_no_error (error);
      g_auto (GStrv) parts = g_strsplit (alone, ".", 2);
      g_assert_true (g_str_has_prefix (known, parts[0]));
      g_assert_cmpint (parts[1] == NULL, ==, own_keys[i] == NULL);
      g_autofree char *dir = ward_path ("cards", "tanaka", NULL);
      g_autofree char *original = ask_tag_in (key, parts[0], dir, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (original, ==, parts[0]);
      remove_copy (copy);
    }
}

// Without an authority nothing is known about whose record it is, and nothing is asked for it.
static void
test_without_authorities (void)
{
  g_autoptr (MdIdentifier) identifier = ward_counter_identifier ();
  md_identifier_set_card_authorities (identifier, NULL);
  g_autoptr (MdIdentityProof) proof = identify (identifier, "ownissuer");
  g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_VALID);
}

// ECDSA over P-384, DER or plain: the same flow, another row of the table; the evidence holds
// later.
static void
test_next_generation (void)
{
  static const char *const people[] = { "nextgen", "nextgenplain" };
  g_autoptr (MdIdentifier) identifier = ward_counter_identifier ();
  g_autoptr (MdPolicy) policy = ward_policy ();
  g_autoptr (MdTrust) both = md_policy_create_trust (policy, MD_TRUST_PROFILE_JPKI_AUTH, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (people); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdIdentityProof) proof = identify (identifier, people[i]);
      g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_VALID);
      g_assert_cmpint (md_certificate_get_key_type (md_identity_proof_get_certificate (proof)), ==,
                       MD_KEY_TYPE_EC_P384);
      g_autoptr (MdSecret) json = md_identity_proof_encode (proof);
      g_autoptr (MdIdentityProof) later
          = md_identity_proof_decode (md_secret_get_data (json), md_secret_get_size (json), &error);
      g_assert_no_error (error);
      g_assert_cmpint (md_identity_proof_recheck (later, both, NULL), ==, MD_IDENTITY_VALID);
      g_autoptr (MdTrust) nobody = md_trust_new (MD_TRUST_PROFILE_JPKI_AUTH);
      md_trust_set_allow_test (nobody, TRUE);
      g_assert_cmpint (md_identity_proof_recheck (later, nobody, NULL), ==,
                       MD_IDENTITY_UNTRUSTED_ISSUER);
    }
}

// What was found is told by name, and since when and why a certificate is not good any more.
static void
test_refused_by_name (void)
{
  static const struct
  {
    const char *person;
    MdIdentityVerdict verdict;
    MdVerdictCause cause;
    const char *said;
  } rows[] = {
    { "signcert", MD_IDENTITY_WRONG_PROFILE, MD_VERDICT_CAUSE_SIGNATURE_KIND,
      "This is a certificate for signatures." },
    { "servercert", MD_IDENTITY_WRONG_PROFILE, MD_VERDICT_CAUSE_SERVER,
      "This is the certificate of a server" },
    { "revoked", MD_IDENTITY_REVOKED, MD_VERDICT_CAUSE_NONE, ": the key may be known to others. " },
    { "suspended", MD_IDENTITY_SUSPENDED, MD_VERDICT_CAUSE_NONE, ": suspended. " },
    { "foreign", MD_IDENTITY_UNTRUSTED_ISSUER, MD_VERDICT_CAUSE_NO_ANCHOR, "genuine" },
  };
  g_autoptr (MdIdentifier) identifier = ward_counter_identifier ();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MdIdentityProof) proof = identify (identifier, rows[i].person);
      g_autoptr (MdCardText) text = md_identity_text_for_proof (proof);
      gint64 since = md_identity_proof_get_revocation_time (proof);
      g_autofree char *day = md_time_format_tokyo (since * G_USEC_PER_SEC, MD_TIME_STYLE_ISO);
      g_test_message ("%s | %s | %s", text->title, text->meaning, text->action);
      g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, rows[i].verdict);
      g_assert_cmpint (md_identity_proof_get_cause (proof), ==, rows[i].cause);
      g_assert_nonnull (strstr (text->meaning, rows[i].said));
      g_assert_cmpint (since != 0, ==,
                       rows[i].verdict == MD_IDENTITY_REVOKED
                           || rows[i].verdict == MD_IDENTITY_SUSPENDED);
      g_assert_true (since == 0 || strstr (text->meaning, day) != NULL);
    }
}

static void
test_way (void)
{
  static const struct
  {
    const char *person;
    MdCardWay way;
    gboolean face_card;
  } rows[] = {
    { "tanaka", MD_CARD_WAY_PIN, FALSE },       { "textlocked", MD_CARD_WAY_PIN, FALSE },
    { "android", MD_CARD_WAY_PIN, FALSE },      { "child", MD_CARD_WAY_PIN, FALSE },
    { "locked", MD_CARD_WAY_FACE, FALSE },      { "nocert", MD_CARD_WAY_FACE, FALSE },
    { "alllocked", MD_CARD_WAY_FACE, FALSE },   { "faceauth", MD_CARD_WAY_FACE, TRUE },
    { "childlocked", MD_CARD_WAY_FACE, FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *dir = ward_path ("cards", rows[i].person, NULL);
      g_autoptr (VcardBackend) card = vcard_backend_new (dir);
      g_autoptr (MdCardConnection) connection = vcard_backend_open (card);
      g_autoptr (MdCardInspection) inspection = md_identifier_inspect (connection, NULL, &error);
      g_assert_no_error (error);
      g_test_message ("%s", rows[i].person);
      g_assert_cmpint (md_card_inspection_get_way (inspection), ==, rows[i].way);
      g_assert_cmpint (md_card_inspection_is_face_card (inspection), ==, rows[i].face_card);
    }
  const MdCardInspection phone = { .token = MD_TOKEN_IPHONE, .has_auth_certificate = TRUE };
  g_assert_cmpint (md_card_inspection_get_way (&phone), ==, MD_CARD_WAY_OTHER);
}

// It has the JPKI application, but nothing that a counter could use.
static void
test_card_before_2016 (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScriptBackend) card = script_backend_new (
      "> 00A40000\n< 6A86\n> 00A4040C0AD392F000260100000001\n< 9000\n"
      "> 00A4020C020006\n< 9000\n> 00B0000020\n"
      "< 4A504B49415049434354 4F4B454E 202020202020202020202020202020202020 9000\n");
  g_autoptr (MdCardConnection) connection = script_backend_open (card);
  g_assert_null (md_identifier_inspect (connection, NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_UNKNOWN_CARD);
  md_card_connection_close (connection);
  script_backend_assert_done (card);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/identity/cards/known-again", test_known_again);
  g_test_add_func ("/identity/cards/copied", test_copied);
  g_test_add_func ("/identity/cards/origin", test_origin);
  g_test_add_func ("/identity/cards/without-authorities", test_without_authorities);
  g_test_add_func ("/identity/cards/next-generation", test_next_generation);
  g_test_add_func ("/identity/cards/refused-by-name", test_refused_by_name);
  g_test_add_func ("/identity/cards/way", test_way);
  g_test_add_func ("/identity/cards/card-before-2016", test_card_before_2016);
  return g_test_run ();
}
