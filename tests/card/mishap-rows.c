// SPDX-License-Identifier: Apache-2.0
#include "mishap-rows.h"

#include "mishap-oracle.h"
#include "mishap-steps.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define ODD "quirky"

static const Opening openings[] = {
  { "attributes", "tanaka", MD_CARD_FLOW_ATTRIBUTES, MD_CARD_PIN_TEXT, "text-0011", 3, TRUE },
  { "attributes-b", "tanaka", MD_CARD_FLOW_ATTRIBUTES, MD_CARD_PIN_TEXT_B, "text-0015", 10, TRUE },
  { "number", "tanaka", MD_CARD_FLOW_NUMBER, MD_CARD_PIN_TEXT, "text-0011", 3, TRUE },
  { "number-a", "tanaka", MD_CARD_FLOW_NUMBER, MD_CARD_PIN_TEXT_A, "text-0014", 10, TRUE },
  { "photo", "tanaka", MD_CARD_FLOW_FACE, MD_CARD_PIN_FACE_B, "visual-0012", 10, TRUE },
  { "photo-a", "tanaka", MD_CARD_FLOW_FACE, MD_CARD_PIN_FACE_A, "visual-0013", 10, TRUE },
  { "authentication", "tanaka", MD_CARD_FLOW_AUTHENTICATE, MD_CARD_PIN_AUTH, "jpki-0018", 3, TRUE,
    "rsa-2048" },
  { "signature", "tanaka", MD_CARD_FLOW_SIGN, MD_CARD_PIN_SIGN, "jpki-001B", 5, TRUE, "rsa-2048" },
};

// What the counter does: everything in one conversation. Each PIN of it has its turn as the one
// that is wrong, on its last try, or locked.
static const Opening product_openings[] = {
  { "identify", "tanaka", .pin = MD_CARD_PIN_AUTH, .object = "jpki-0018", .tries = 3,
    .remembered = TRUE, .drive = DRIVE_PIN },
  { "identify-text", "tanaka", .pin = MD_CARD_PIN_TEXT, .object = "text-0011", .tries = 3,
    .remembered = TRUE, .drive = DRIVE_PIN },
  { "identify-pad", "tanaka", .pin = MD_CARD_PIN_AUTH, .object = "jpki-0018", .tries = 3,
    .drive = DRIVE_PAD },
  { "identify-pad-text", "tanaka", .pin = MD_CARD_PIN_TEXT, .object = "text-0011", .tries = 3,
    .drive = DRIVE_PAD },
  { "identify-sign", "tanaka", .pin = MD_CARD_PIN_SIGN, .object = "jpki-001B", .tries = 5,
    .remembered = TRUE, .drive = DRIVE_SIGN },
  { "look", "tanaka", .pin = MD_CARD_PIN_FACE_B, .object = "visual-0012", .tries = 10,
    .remembered = TRUE, .drive = DRIVE_FACE },
  { "look-back", "tanaka", .pin = MD_CARD_PIN_FACE_A, .object = "visual-0013", .tries = 10,
    .remembered = TRUE, .drive = DRIVE_FACE },
};

static const Temper tempers[] = {
  { "right", FALSE, -1, FALSE },      { "wrong", TRUE, -1, FALSE },
  { "last-right", FALSE, 1, TRUE },   { "last-wrong", TRUE, 1, TRUE },
  { "last-unsure", FALSE, 1, FALSE }, { "locked", FALSE, 0, FALSE },
};

// Beside the full product: cards and readers of another kind.
static const Opening special_openings[] = {
  { "authentication-long", "tanaka", MD_CARD_FLOW_AUTHENTICATE, MD_CARD_PIN_AUTH, "jpki-0018", 3,
    TRUE, "rsa-2048", TRUE },
  { "photo-long", "tanaka", MD_CARD_FLOW_FACE, MD_CARD_PIN_FACE_B, "visual-0012", 10,
    .remembered = TRUE, .extended = TRUE },
  { "authentication-p384", "nextgen", MD_CARD_FLOW_AUTHENTICATE, MD_CARD_PIN_AUTH, "jpki-0018", 3,
    TRUE, "ecdsa-p384", .ecdsa = TRUE },
  { "identify-p384", "nextgen", .pin = MD_CARD_PIN_AUTH, .object = "jpki-0018", .tries = 3,
    .remembered = TRUE, .ecdsa = TRUE, .drive = DRIVE_PIN, .cells = CELLS_SIGN },
  { "identify-sign-p384", "nextgen", .pin = MD_CARD_PIN_SIGN, .object = "jpki-001B", .tries = 5,
    .remembered = TRUE, .ecdsa = TRUE, .drive = DRIVE_SIGN, .cells = CELLS_SIGN },
  { "look-front", "tanaka", .pin = MD_CARD_PIN_TEXT_B, .object = "text-0015", .tries = 10,
    .remembered = TRUE, .drive = DRIVE_FACE, .cells = CELLS_NONE },
  { "attributes-odd", ODD, MD_CARD_FLOW_ATTRIBUTES, MD_CARD_PIN_TEXT, "text-0011", 3, TRUE,
    .stumbles = TRUE },
};

struct _MishapRig
{
  MdTestClock *clock;
  MishapCard *reader;
  MdCardMemory *memory;
  MishapProduct *product;
  GHashTable *cards;   // persona -> VcCard
  GHashTable *secrets; // "persona/pin" -> MdSecret
  JsonParser *world;
  GPtrArray *rows;
  const char *courses[N_DRIVES]; // of the last row of each in which nothing was wrong
  char *next_number;
};

// --- The people ---

static JsonObject *
load (JsonParser *parser, const char *root, const char *rest)
{
  g_autofree char *path = g_build_filename (g_getenv (root), rest, NULL);
  g_autoptr (GError) error = NULL;
  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (parser));
}

static JsonObject *
load_persona (JsonParser *parser, const char *persona)
{
  g_autofree char *rest = g_strdup_printf ("tests/vcard/personas/%s.json", persona);
  return load (parser, "MADOGUCHI_SOURCE", rest);
}

VcCard *
mishap_rig_make_card (const char *persona)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_build_filename (g_getenv ("MADOGUCHI_WORLD"), "cards", persona, NULL);
  VcCard *card = vc_card_new (dir, &error);
  g_assert_no_error (error);
  vc_card_keep_in_memory (card);
  return card;
}

static VcCard *
card_of (MishapRig *self, const char *persona)
{
  VcCard *card = g_hash_table_lookup (self->cards, persona);
  if (card != NULL)
    return card;
  card = mishap_rig_make_card (persona);
  g_hash_table_insert (self->cards, g_strdup (persona), card);
  return card;
}

static MdSecret *
right_secret (MishapRig *self, const char *persona, MdCardPin pin)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *file = load_persona (parser, persona);
  JsonObject *pins = json_object_get_object_member (file, "pins");
  JsonObject *all = json_object_get_object_member (
      json_node_get_object (json_parser_get_root (self->world)), "people");
  JsonObject *facts = all != NULL ? json_object_get_object_member (all, persona) : NULL;
  if (pin == MD_CARD_PIN_TEXT_A || pin == MD_CARD_PIN_FACE_A)
    return md_secret_new_from_text (json_object_get_string_member (file, "number"));
  if (pin == MD_CARD_PIN_TEXT_B || pin == MD_CARD_PIN_FACE_B)
    return md_secret_new_from_text (json_object_get_string_member (facts, "reference_b"));
  return md_secret_new_from_text (
      json_object_get_string_member (pins, pin == MD_CARD_PIN_AUTH   ? "auth"
                                           : pin == MD_CARD_PIN_SIGN ? "sign"
                                                                     : "text"));
}

// Of the right form, and not the card's.
static MdSecret *
wrong_secret (MdCardPin pin)
{
  static const char *const words[] = {
    [MD_CARD_PIN_AUTH] = "9797",
    [MD_CARD_PIN_TEXT] = "9797",
    [MD_CARD_PIN_SIGN] = "WRONG97",
    [MD_CARD_PIN_TEXT_A] = "222222222225",
    [MD_CARD_PIN_TEXT_B] = "97979797979797",
    [MD_CARD_PIN_FACE_A] = "222222222225",
    [MD_CARD_PIN_FACE_B] = "97979797979797",
  };
  return md_secret_new_from_text (words[pin]);
}

static MdSecret *
secret_of (MishapRig *self, const char *persona, MdCardPin pin, gboolean wrong)
{
  g_autofree char *key = g_strdup_printf ("%s/%d/%d", persona, pin, wrong);
  MdSecret *secret = g_hash_table_lookup (self->secrets, key);
  if (secret == NULL)
    {
      secret = wrong ? wrong_secret (pin) : right_secret (self, persona, pin);
      g_hash_table_insert (self->secrets, g_steal_pointer (&key), secret);
    }
  return secret;
}

// --- Running ---

VcCard *
mishap_rig_get_card (MishapRig *self, const Row *row)
{
  return card_of (self, row->opening->persona);
}

VcCard *
mishap_rig_get_next_card (MishapRig *self)
{
  return card_of (self, MISHAP_NEXT);
}

const char *
mishap_rig_get_next_persona (MishapRig *self)
{
  return MISHAP_NEXT;
}

const char *
mishap_rig_get_next_number (MishapRig *self)
{
  return self->next_number;
}

void
mishap_rig_lay_out (const Row *row, VcCard *card)
{
  vc_card_restore (card);
  if (row->temper->tries >= 0)
    vc_card_set_tries (card, row->opening->object, (guint)row->temper->tries);
}

void
mishap_rig_prepare (MishapRig *self, const Row *row)
{
  VcCard *card = mishap_rig_get_card (self, row);
  mishap_rig_lay_out (row, card);
  vc_card_restore (mishap_rig_get_next_card (self));
  mishap_card_put (self->reader, card, row->opening->extended);
}

void
mishap_outcome_clear (Outcome *outcome)
{
  g_clear_pointer (&outcome->text, g_free);
  g_clear_pointer (&outcome->told, g_free);
  g_clear_pointer (&outcome->result, md_card_flow_result_free);
  g_clear_pointer (&outcome->proof, md_identity_proof_unref);
}

static Outcome
outcome_of (const GError *error)
{
  Outcome outcome = { .code = CODE_SUCCESS, .tries = MD_CARD_TRIES_UNKNOWN };
  if (error == NULL)
    return outcome;
  const char *detail = md_card_error_get_detail (error);
  outcome.code = error->domain == MD_CARD_ERROR ? error->code : CODE_FOREIGN;
  outcome.tries = md_card_error_get_tries (error);
  g_autoptr (MdCardText) words = md_identity_text_for_error (error);
  outcome.text = g_strdup_printf ("%s (%s) %s", error->message, detail != NULL ? detail : "",
                                  words->meaning);
  return outcome;
}

static void
fill_in (MishapRig *self, MdCardFlowRequest *request)
{
  static const guint8 digest[64] = "a digest that nobody has made, as long as the longest one is.";
  request->digest = digest;
  request->memory = self->memory;
}

static Outcome
run_flow (MishapRig *self, MdCardFlow flow, MdCardFlowRequest *request)
{
  g_autoptr (GError) error = NULL;
  fill_in (self, request);
  request->clock = MD_CLOCK (self->clock);
  MdCardFlowResult *result = md_card_flow_run_on (flow, MD_CARD_BACKEND (self->reader),
                                                  MISHAP_READER, request, NULL, &error);
  g_assert_true ((result == NULL) == (error != NULL));
  Outcome outcome = outcome_of (error);
  outcome.result = result;
  return outcome;
}

// The secret of a PIN that may be the row's own.
static MdSecret *
row_secret (MishapRig *self, const Row *row, MdCardPin pin, gboolean own)
{
  return secret_of (self, row->opening->persona, pin, own && row->temper->wrong);
}

MishapWords
mishap_rig_get_words (MishapRig *self, const Row *row)
{
  const MdCardPin pin = row->opening->pin;
  MishapWords words = { .drive = row->opening->drive, .confirmed = row->temper->confirmed };
  if (words.drive == DRIVE_FACE)
    {
      if (pin != MD_CARD_PIN_TEXT_B)
        words.back = row_secret (self, row, MD_CARD_PIN_FACE_A, pin == MD_CARD_PIN_FACE_A);
      if (pin != MD_CARD_PIN_FACE_A)
        words.front = row_secret (self, row, MD_CARD_PIN_FACE_B, TRUE);
      return words;
    }
  words.text = row_secret (self, row, MD_CARD_PIN_TEXT, pin == MD_CARD_PIN_TEXT);
  if (words.drive == DRIVE_SIGN)
    words.password = row_secret (self, row, MD_CARD_PIN_SIGN, pin == MD_CARD_PIN_SIGN);
  else
    words.auth = row_secret (self, row, MD_CARD_PIN_AUTH, pin == MD_CARD_PIN_AUTH);
  return words;
}

// As the worker of the product has it.
static MdIdentityProof *
converse (MishapRig *self, const MishapWords *words, GString *told, GError **error)
{
  const gboolean pad = words->drive == DRIVE_PAD;
  mishap_card_set_keys (self->reader, pad ? words->text : NULL, pad ? words->auth : NULL);
  g_autoptr (MdCardConnection) connection
      = md_card_connection_open (MD_CARD_BACKEND (self->reader), MISHAP_READER, NULL, error);
  if (connection == NULL)
    return NULL;
  md_card_connection_set_memory (connection, self->memory);
  md_card_connection_set_clock (connection, MD_CLOCK (self->clock));
  MdIdentityProof *proof = mishap_product_run (self->product, connection, words, told, error);
  md_card_connection_close (connection);
  return proof;
}

// The clerk is told what to do.
static void
check_advice (const GError *error)
{
  g_autoptr (MdCardText) text = md_identity_text_for_error (error);
  g_assert_cmpuint (strlen (text->action), >, 8);
}

static Outcome
run_product (MishapRig *self, const Row *row)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) told = g_string_new (NULL);
  MishapWords words = mishap_rig_get_words (self, row);
  MdIdentityProof *proof = converse (self, &words, told, &error);
  g_assert_true ((proof == NULL) == (error != NULL));
  if (error != NULL)
    check_advice (error);
  Outcome outcome = outcome_of (error);
  outcome.proof = proof;
  outcome.told = g_string_free (g_steal_pointer (&told), FALSE);
  if (proof != NULL)
    outcome.verdict
        = mishap_product_judge (self->product, words.drive, md_identity_proof_get_verdict (proof));
  return outcome;
}

static MdCardFlowRequest
request_of (MishapRig *self, const Row *row)
{
  const Opening *opening = row->opening;
  return (MdCardFlowRequest){
    .pin = opening->pin,
    .secret = secret_of (self, opening->persona, opening->pin, row->temper->wrong),
    .flags = row->temper->confirmed ? MD_CARD_VERIFY_LAST_TRY : MD_CARD_VERIFY_DEFAULT,
    .with_issuer = TRUE,
    .profile = opening->profile != NULL ? md_card_profile_find (opening->profile) : NULL,
  };
}

Outcome
mishap_rig_run (MishapRig *self, const Row *row)
{
  if (row->opening->drive != DRIVE_FLOW)
    return run_product (self, row);
  MdCardFlowRequest request = request_of (self, row);
  return run_flow (self, row->opening->flow, &request);
}

MdCardFlowRequest
mishap_rig_get_request (MishapRig *self, const Row *row)
{
  MdCardFlowRequest request = request_of (self, row);
  fill_in (self, &request);
  return request;
}

MdCardFlowResult *
mishap_rig_run_on (MishapRig *self, const Row *row, MdCardBackend *backend, const char *reader,
                   GError **error)
{
  MdCardFlowRequest request = mishap_rig_get_request (self, row);
  return md_card_flow_run_on (row->opening->flow, backend, reader, &request, NULL, error);
}

MdCardFlowRequest
mishap_rig_get_next_request (MishapRig *self)
{
  return (MdCardFlowRequest){ .pin = MD_CARD_PIN_TEXT_A,
                              .secret = secret_of (self, MISHAP_NEXT, MD_CARD_PIN_TEXT_A, FALSE) };
}

MdCardFlowResult *
mishap_rig_run_next_on (MishapRig *self, MdCardBackend *backend, const char *reader, GError **error)
{
  MdCardFlowRequest request = mishap_rig_get_next_request (self);
  fill_in (self, &request);
  return md_card_flow_run_on (MD_CARD_FLOW_NUMBER, backend, reader, &request, NULL, error);
}

Outcome
mishap_rig_run_next (MishapRig *self)
{
  MdCardFlowRequest request = mishap_rig_get_next_request (self);
  mishap_card_put (self->reader, mishap_rig_get_next_card (self), FALSE);
  return run_flow (self, MD_CARD_FLOW_NUMBER, &request);
}

void
mishap_rig_forget (MishapRig *self)
{
  md_card_memory_unref (self->memory);
  self->memory = md_card_memory_new ();
}

MishapProduct *
mishap_rig_get_product (MishapRig *self)
{
  return self->product;
}

MishapCard *
mishap_rig_get_reader (MishapRig *self)
{
  return self->reader;
}

gint64
mishap_rig_get_usec (MishapRig *self)
{
  return md_clock_get_monotonic_ns (MD_CLOCK (self->clock)) / 1000;
}

GPtrArray *
mishap_rig_get_rows (MishapRig *self)
{
  return self->rows;
}

// --- Rows ---

static void
check_person (JsonObject *file, MdCardAttributes *attributes, const MdSecret *number)
{
  if (attributes != NULL)
    {
      g_assert_cmpstr (md_card_attributes_get_name (attributes), ==,
                       json_object_get_string_member (file, "name"));
      g_assert_cmpstr (md_card_attributes_get_address (attributes), ==,
                       json_object_get_string_member (file, "address"));
    }
  if (number != NULL)
    g_assert_cmpstr (md_secret_get_text (number), ==,
                     json_object_get_string_member (file, "number"));
}

// The counter has everything that this way gives, and the card passes.
static void
check_proof_facts (const Row *row, JsonObject *file)
{
  MdIdentityProof *proof = row->proof;
  MdNumber *number = md_identity_proof_get_number (proof);
  MdCardAttributes *attributes = md_identity_proof_get_attributes (proof);
  const MdCardPin pin = row->opening->pin;
  g_assert_cmpint (md_identity_proof_get_verdict (proof), ==,
                   mishap_product_get_clean (row->opening->drive));
  g_assert_cmpint (md_identity_proof_get_revocation (proof), ==, MD_REVOCATION_SOURCE_CRL);
  g_assert_true ((attributes == NULL) == (pin == MD_CARD_PIN_FACE_A));
  g_assert_true ((number == NULL) == (pin == MD_CARD_PIN_TEXT_B));
  g_assert_true ((md_identity_proof_get_holder (proof) == NULL)
                 == (row->opening->drive != DRIVE_SIGN));
  g_assert_nonnull (md_identity_proof_get_certificate (proof));
  check_person (file, attributes, number != NULL ? md_number_get_digits (number) : NULL);
}

// What a clean run gave is what the persona's file says.
static void
check_facts (const Row *row)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *file = load_persona (parser, row->opening->persona);
  const MdCardFlowResult *clean = row->clean;
  if (row->proof != NULL)
    check_proof_facts (row, file);
  if (clean == NULL)
    return;
  g_assert_true ((clean->attributes != NULL) == (row->opening->flow == MD_CARD_FLOW_ATTRIBUTES));
  g_assert_true ((clean->number != NULL) == (row->opening->flow == MD_CARD_FLOW_NUMBER));
  check_person (file, clean->attributes, clean->number);
  if (clean->has_integrity)
    g_assert_cmpint (clean->integrity_check, ==, MD_CARD_INTEGRITY_FITS);
}

static void
go_once (MishapRig *self, Row *row)
{
  mishap_rig_forget (self);
  mishap_rig_prepare (self, row);
  mishap_card_plan (self->reader, NULL, 0, NULL);
  mishap_card_record (self->reader, row->steps);
  g_auto (Outcome) outcome = mishap_rig_run (self, row);
  mishap_card_record (self->reader, NULL);
  Expectation expected = mishap_expect_clean (row);
  if (outcome.code == CODE_SUCCESS ? !expected.success : (expected.codes & 1u << outcome.code) == 0)
    g_error ("%s/%s with nothing happening: %s", row->opening->name, row->temper->name,
             outcome.text != NULL ? outcome.text : "no error");
  g_assert_cmpint (outcome.tries, ==, expected.tries);
  row->clean = g_steal_pointer (&outcome.result);
  row->proof = g_steal_pointer (&outcome.proof);
  check_facts (row);
  if (row->proof != NULL)
    self->courses[row->opening->drive] = g_intern_string (outcome.told);
  row->course = self->courses[row->opening->drive];
}

static void
add_row (MishapRig *self, const Opening *opening, const Temper *temper)
{
  Row *row = g_new0 (Row, 1);
  row->opening = opening;
  row->temper = temper;
  row->steps = mishap_steps_new ();
  g_ptr_array_add (self->rows, row);
  go_once (self, row);
}

static void
row_free (gpointer data)
{
  Row *row = data;
  g_ptr_array_unref (row->steps);
  g_clear_pointer (&row->clean, md_card_flow_result_free);
  g_clear_pointer (&row->proof, md_identity_proof_unref);
  g_free (row);
}

static void
card_free (gpointer card)
{
  vc_card_free (card);
}

static void
secret_unref (gpointer secret)
{
  md_secret_unref (secret);
}

MishapRig *
mishap_rig_new (void)
{
  MishapRig *self = g_new0 (MishapRig, 1);
  g_autoptr (JsonParser) parser = json_parser_new ();
  self->clock = md_test_clock_new (0);
  self->reader = mishap_card_new (self->clock);
  self->memory = md_card_memory_new ();
  self->product = mishap_product_new ();
  self->cards = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, card_free);
  self->secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, secret_unref);
  self->world = json_parser_new ();
  self->rows = g_ptr_array_new_with_free_func (row_free);
  load (self->world, "MADOGUCHI_WORLD", "world.json");
  self->next_number
      = g_strdup (json_object_get_string_member (load_persona (parser, MISHAP_NEXT), "number"));
  for (gsize i = 0; i < G_N_ELEMENTS (openings); i++)
    for (gsize t = 0; t < G_N_ELEMENTS (tempers); t++)
      add_row (self, &openings[i], &tempers[t]);
  for (gsize i = 0; i < G_N_ELEMENTS (product_openings); i++)
    for (gsize t = 0; t < G_N_ELEMENTS (tempers); t++)
      if (t > 0 || product_openings[i].pin != MD_CARD_PIN_TEXT) // the same as the one before it
        add_row (self, &product_openings[i], &tempers[t]);
  for (gsize i = 0; i < G_N_ELEMENTS (special_openings); i++)
    add_row (self, &special_openings[i], &tempers[0]);
  return self;
}

void
mishap_rig_free (MishapRig *self)
{
  g_ptr_array_unref (self->rows);
  g_clear_object (&self->reader);
  g_clear_object (&self->clock);
  md_card_memory_unref (self->memory);
  mishap_product_free (self->product);
  g_hash_table_unref (self->cards);
  g_hash_table_unref (self->secrets);
  g_object_unref (self->world);
  g_free (self->next_number);
  g_free (self);
}
