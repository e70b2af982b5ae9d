// SPDX-License-Identifier: Apache-2.0
#include "mishap-judge.h"

#include "mishap-oracle.h"
#include "mishap-steps.h"
#include "mishap-thrift.h"
#include "mishap-words.h"

#include <string.h>

typedef struct
{
  MishapRig *rig;
  const Row *row;
  guint index;
  const Mishap *mishap;
  Expectation expected;
  MishapCount count; // of the first attempt
  int code;          // that it ended in
  GString *wrong;
} Cell;

static void complain (Cell *cell, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
complain (Cell *cell, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  if (cell->wrong->len > 0)
    g_string_append (cell->wrong, "; ");
  g_string_append_vprintf (cell->wrong, format, args);
  va_end (args);
}

static const char *
code_name (int code)
{
  if (code == CODE_SUCCESS)
    return "success";
  return code == CODE_FOREIGN ? "an error of another kind" : md_card_error_nick ((MdCardError)code);
}

static char *
describe (const Expectation *expected)
{
  g_autoptr (GString) text = g_string_new (expected->success ? "success" : NULL);
  for (int code = 0; code <= MD_CARD_ERROR_FAILED; code++)
    if ((expected->codes & 1u << code) != 0)
      g_string_append_printf (text, "%s%s", text->len > 0 ? " or " : "", code_name (code));
  for (guint verdict = 0; verdict <= MD_IDENTITY_CARD_EXPIRED; verdict++)
    if ((expected->verdicts & 1u << verdict) != 0)
      g_string_append_printf (text, "%s%s", text->len > 0 ? " or " : "",
                              md_identity_verdict_to_string (verdict));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

// --- What came ---

static gboolean
is_refused (const Outcome *outcome, Drive drive)
{
  return outcome->proof != NULL && outcome->verdict != mishap_product_get_clean (drive);
}

static gboolean
is_allowed (const Cell *cell, const Outcome *outcome)
{
  if (is_refused (outcome, cell->row->opening->drive))
    return (cell->expected.verdicts & 1u << outcome->verdict) != 0;
  if (outcome->code == CODE_SUCCESS)
    return cell->expected.success;
  return outcome->code >= 0 && (cell->expected.codes & 1u << outcome->code) != 0;
}

static const char *
outcome_name (const Outcome *outcome)
{
  return outcome->proof != NULL ? md_identity_verdict_to_string (outcome->verdict)
                                : code_name (outcome->code);
}

static gboolean
speaks_of_tries (int code)
{
  static const MdCardError codes[]
      = { MD_CARD_ERROR_PIN_WRONG,   MD_CARD_ERROR_PIN_BLOCKED,   MD_CARD_ERROR_PIN_LAST_TRY,
          MD_CARD_ERROR_PAD_TIMEOUT, MD_CARD_ERROR_PAD_CANCELLED, MD_CARD_ERROR_PIN_FORMAT,
          MD_CARD_ERROR_PAD_FAILED };
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if ((int)codes[i] == code)
      return TRUE;
  return FALSE;
}

static void
check_code (Cell *cell, const Outcome *outcome)
{
  gboolean allowed = is_allowed (cell, outcome);
  g_autofree char *text = describe (&cell->expected);
  if (!allowed)
    complain (cell, "expected %s, got %s %s", text, outcome_name (outcome),
              outcome->text != NULL ? outcome->text : "");
  int tries = speaks_of_tries (outcome->code) ? cell->expected.tries : MD_CARD_TRIES_UNKNOWN;
  if (allowed && !cell->expected.any_tries && outcome->tries != tries)
    complain (cell, "told %d tries left instead of %d", outcome->tries, tries);
}

// What was told of the steps on the way there is what is told when nothing happens, as far as it
// came: where it broke off, nothing more; where the card was refused, by which step.
static gboolean
is_well_told (const Cell *cell, const Outcome *outcome)
{
  const char *course = cell->row->course;
  const gsize length = strlen (outcome->told);
  if (outcome->proof == NULL)
    return length < strlen (course) && strncmp (outcome->told, course, length) == 0;
  if (is_refused (outcome, cell->row->opening->drive))
    return length >= 2 && outcome->told[length - 1] == '!'
           && strncmp (outcome->told, course, length - 2) == 0;
  return cell->expected.lacks != 0 || strcmp (outcome->told, course) == 0;
}

static void
check_told (Cell *cell, const Outcome *outcome)
{
  if (outcome->told != NULL && !is_well_told (cell, outcome))
    complain (cell, "told of the steps %s instead of %s", outcome->told, cell->row->course);
}

static gboolean
same_text (const char *a, const char *b)
{
  return g_strcmp0 (a, b) == 0;
}

static gboolean
same_attributes (MdCardAttributes *a, MdCardAttributes *b)
{
  return a != NULL && same_text (md_card_attributes_get_name (a), md_card_attributes_get_name (b))
         && same_text (md_card_attributes_get_address (a), md_card_attributes_get_address (b))
         && same_text (md_card_attributes_get_birth (a), md_card_attributes_get_birth (b))
         && same_text (md_card_attributes_get_sex_code (a), md_card_attributes_get_sex_code (b));
}

static gboolean
same_face (const MdCardFace *a, const MdCardFace *b)
{
  if (a == NULL || !same_text (md_card_face_get_birth (a), md_card_face_get_birth (b))
      || !same_text (md_card_face_get_expiry (a), md_card_face_get_expiry (b))
      || md_card_face_get_sex (a) != md_card_face_get_sex (b)
      || memcmp (md_card_face_get_signature (a), md_card_face_get_signature (b), 256) != 0)
    return FALSE;
  for (guint i = MD_CARD_IMAGE_NAME; i <= MD_CARD_IMAGE_PHOTO; i++)
    if (!md_secret_equal (md_card_face_get_image (a, i), md_card_face_get_image (b, i)))
      return FALSE;
  return TRUE;
}

// The virtual card signs the same digest the same way each time.
static gboolean
same_signature (GBytes *a, GBytes *b)
{
  return a != NULL && g_bytes_equal (a, b);
}

static void
check_record (Cell *cell, const MdCardFlowResult *got, const MdCardFlowResult *clean)
{
  if (got->has_integrity != clean->has_integrity && !cell->expected.no_record)
    complain (cell, "the card's record is missing");
  if (got->has_integrity && clean->has_integrity
      && memcmp (&got->integrity, &clean->integrity, sizeof got->integrity) != 0)
    complain (cell, "another record than the card's");
  if (got->has_issuer != clean->has_issuer && !cell->expected.no_record)
    complain (cell, "the issuer is missing");
  if (got->has_issuer && clean->has_issuer
      && memcmp (&got->issuer, &clean->issuer, sizeof got->issuer) != 0)
    complain (cell, "another issuer than the card's");
}

static void
check_data (Cell *cell, const MdCardFlowResult *got)
{
  const MdCardFlowResult *clean = cell->row->clean;
  if (got == NULL)
    return;
  if (got->has_integrity
      && (got->integrity_check == MD_CARD_INTEGRITY_DIFFERS) != cell->expected.differs)
    complain (cell, "the comparison with the card's record says another thing");
  if (cell->expected.any_data)
    return;
  if (clean == NULL) // the row ends before anything is read; here the card lied about its tries
    return;
  if (clean->attributes != NULL && !same_attributes (got->attributes, clean->attributes))
    complain (cell, "other attributes than the card's");
  if (clean->number != NULL
      && (got->number == NULL || !md_secret_equal (got->number, clean->number)))
    complain (cell, "another number than the card's");
  if (clean->face != NULL && !same_face (got->face, clean->face))
    complain (cell, "another face than the card's");
  if (clean->certificate != NULL
      && (got->certificate == NULL || !g_bytes_equal (got->certificate, clean->certificate)))
    complain (cell, "another certificate than the card's");
  if (clean->signature != NULL && !same_signature (got->signature, clean->signature))
    complain (cell, "another signature than the card's");
  check_record (cell, got, clean);
}

static gboolean
same_number (MdNumber *a, MdNumber *b)
{
  return a == b || (a != NULL && b != NULL && md_number_equal (a, b));
}

static gboolean
same_certificate (MdCertificate *a, MdCertificate *b)
{
  return a != NULL && b != NULL
         && g_bytes_equal (md_certificate_get_der (a), md_certificate_get_der (b));
}

// Who is shown to the clerk as identified is shown with the card's data, all of it but for what the
// card is known to lack.
static void
check_proof (Cell *cell, MdIdentityProof *got)
{
  MdIdentityProof *clean = cell->row->proof;
  const guint lacks = cell->expected.lacks;
  if (got == NULL || clean == NULL)
    return;
  if (md_identity_proof_get_verdict (got) != md_identity_proof_get_verdict (clean))
    {
      if (md_identity_proof_awaits_answer (got))
        complain (cell, "a card that did not pass awaits an answer");
      return;
    }
  if ((md_identity_proof_get_attributes (got) == NULL)
          != (md_identity_proof_get_attributes (clean) == NULL || (lacks & LACKS_ATTRIBUTES) != 0)
      || (md_identity_proof_get_attributes (got) != NULL
          && !same_attributes (md_identity_proof_get_attributes (got),
                               md_identity_proof_get_attributes (clean))))
    complain (cell, "other attributes than the card's");
  if ((lacks & LACKS_NUMBER) != 0
          ? md_identity_proof_get_number (got) != NULL
          : !same_number (md_identity_proof_get_number (got), md_identity_proof_get_number (clean)))
    complain (cell, "another number than the card's");
  if ((lacks & LACKS_CERTIFICATE) != 0
          ? md_identity_proof_get_certificate (got) != NULL
          : !same_certificate (md_identity_proof_get_certificate (got),
                               md_identity_proof_get_certificate (clean)))
    complain (cell, "another certificate than the card's");
  if (!same_text (md_identity_proof_get_face_birth (got), md_identity_proof_get_face_birth (clean))
      || !same_text (md_identity_proof_get_expiry (got), md_identity_proof_get_expiry (clean)))
    complain (cell, "another face than the card's");
}

// --- The card, the reader, the clock ---

// Tries of every PIN of the row's card: all but the row's own are as they were.
static void
check_tries (Cell *cell, const MishapCount *count)
{
  VcCard *card = mishap_rig_get_card (cell->rig, cell->row);
  const Temper *temper = cell->row->temper;
  for (gsize i = 0; i < N_PIN_PLACES; i++)
    {
      const PinPlace *pin = &mishap_pins[i];
      gboolean own = same_text (pin->object, cell->row->opening->object);
      guint expected = own && temper->tries >= 0 ? (guint)temper->tries : pin->tries;
      if (count->pins[i].right > 0)
        expected = pin->tries;
      else if (own)
        expected -= MIN (expected, count->pins[i].wrong);
      guint left = vc_card_get_tries (card, pin->object, pin->tries);
      if (left != expected)
        complain (cell, "%s has %u tries left instead of %u", pin->object, left, expected);
    }
}

static void
check_end (Cell *cell, const MishapCount *count, const char *when)
{
  guint connects = cell->mishap->kind == MISHAP_CONNECT && same_text (when, "") ? 0 : 1;
  guint verified = vc_card_count_verified (mishap_rig_get_card (cell->rig, cell->row))
                   + vc_card_count_verified (mishap_rig_get_next_card (cell->rig));
  if (count->connects != connects || count->disconnects != connects)
    complain (cell, "%u conversations begun, %u ended%s", count->connects, count->disconnects,
              when);
  if (count->stray > 0)
    complain (cell, "%u commands after the end%s", count->stray, when);
  for (gsize i = 0; i < N_PIN_PLACES; i++)
    if (count->pins[i].right + count->pins[i].wrong > 1)
      complain (cell, "%s was sent %u times%s", mishap_pins[i].object,
                count->pins[i].right + count->pins[i].wrong, when);
  if (verified > 0)
    complain (cell, "%u PINs left verified%s", verified, when);
}

// Ends in time: what the card took, and no command more than one begun after the patience ended.
static void
check_time (Cell *cell, gint64 took)
{
  gint64 slow
      = cell->mishap->kind == MISHAP_SLOW ? cell->mishap->value * (gint64)G_USEC_PER_SEC : 0;
  if (took > MAX (PATIENCE_USEC, slow) + 5 * G_USEC_PER_SEC)
    complain (cell, "took %" G_GINT64_FORMAT " s", took / G_USEC_PER_SEC);
}

static void
check_words (Cell *cell, const Outcome *outcome)
{
  static const char *const secrets[]
      = { "9797", "1234", "2345", "AOZORA1", "WRONG97", "123456789018", "222222222225", "田中" };
  for (gsize i = 0; outcome->text != NULL && i < G_N_ELEMENTS (secrets); i++)
    if (strstr (outcome->text, secrets[i]) != NULL)
      complain (cell, "the error tells a secret");
}

// Nobody is told that no try was used where one was, nor frightened without need.
static void
check_promise (Cell *cell, const Outcome *outcome)
{
  guint right = 0;
  guint wrong = 0;
  const GPtrArray *steps = cell->row->steps;
  const Step *step = cell->index < steps->len ? g_ptr_array_index (steps, cell->index) : NULL;
  // A place that only seemed to be selected: the PIN goes to where nobody counts it.
  gboolean may = (step != NULL && mishap_step_presents (step))
                 || (cell->mishap->kind == MISHAP_WORD && cell->mishap->value == 0x9000);
  for (gsize i = 0; i < N_PIN_PLACES; i++)
    {
      right += cell->count.pins[i].right;
      wrong += cell->count.pins[i].wrong;
    }
  const char *complaint
      = outcome->text != NULL ? mishap_words_promise (outcome->text, right, wrong, may) : NULL;
  if (complaint != NULL)
    complain (cell, "%s", complaint);
}

// Nothing is read twice, or without need.
static void
check_thrift (Cell *cell, GPtrArray *steps)
{
  g_autofree char *waste = mishap_thrift_find_waste (cell->row, steps);
  if (waste != NULL)
    complain (cell, "%s", waste);
}

// --- After it ---

// The person types the same wrong PIN again, confirming whatever is asked.
static void
check_again (Cell *cell)
{
  const Row *row = cell->row;
  MishapCard *reader = mishap_rig_get_reader (cell->rig);
  if (!row->opening->remembered || !row->temper->wrong || cell->expected.lied_accepted)
    return;
  mishap_card_put (reader, mishap_rig_get_card (cell->rig, row), row->opening->extended);
  mishap_card_plan (reader, NULL, 0, NULL);
  g_auto (Outcome) outcome = mishap_rig_run (cell->rig, row);
  MishapCount count = mishap_card_get_count (reader);
  check_end (cell, &count, " at the second attempt");
  PinCount before = mishap_count_of (&cell->count, row->opening->object);
  PinCount after = mishap_count_of (&count, row->opening->object);
  if (before.wrong + after.wrong > 1)
    complain (cell, "the same wrong PIN was sent again");
  gboolean refused = before.wrong > 0;
  gboolean said_so = cell->code == MD_CARD_ERROR_PIN_WRONG; // even where the card never saw it
  gboolean known = !mishap_step_is_recognition (row, cell->index); // at the first attempt
  gboolean expected = outcome.code == MD_CARD_ERROR_PIN_BLOCKED
                      || (outcome.code == MD_CARD_ERROR_PIN_SAME && (refused || said_so))
                      || (outcome.code == MD_CARD_ERROR_PIN_SENT_BEFORE && !known)
                      || (outcome.code == MD_CARD_ERROR_PIN_WRONG && !refused);
  if (!expected)
    complain (cell, "the second attempt ended in %s", code_name (outcome.code));
}

// Another person's card: its data and nothing of what was before.
static void
check_next (Cell *cell)
{
  MishapCard *reader = mishap_rig_get_reader (cell->rig);
  mishap_card_plan (reader, NULL, 0, NULL);
  g_auto (Outcome) outcome = mishap_rig_run_next (cell->rig);
  MishapCount count = mishap_card_get_count (reader);
  check_end (cell, &count, " with the next card");
  if (outcome.code != CODE_SUCCESS)
    complain (cell, "the next card: %s", outcome.text);
  else if (!same_text (md_secret_get_text (outcome.result->number),
                       mishap_rig_get_next_number (cell->rig))
           || outcome.result->attributes != NULL || outcome.result->face != NULL
           || outcome.result->certificate != NULL
           || outcome.result->integrity_check != MD_CARD_INTEGRITY_FITS)
    complain (cell, "the next card gives other data than its own");
}

char *
mishap_judge (MishapRig *rig, const Row *row, guint index, const Mishap *mishap, gboolean verbose)
{
  MishapCard *reader = mishap_rig_get_reader (rig);
  g_autoptr (GString) wrong = g_string_new (NULL);
  Cell cell = { .rig = rig, .row = row, .index = index, .mishap = mishap, .wrong = wrong };
  cell.expected = mishap_expect (row, index, mishap);
  mishap_rig_forget (rig);
  mishap_rig_prepare (rig, row);
  mishap_card_plan (reader, mishap, index, mishap_rig_get_next_card (rig));
  gint64 start = mishap_rig_get_usec (rig);
  g_autoptr (GPtrArray) steps = mishap_steps_new ();
  mishap_card_record (reader, mishap->kind == MISHAP_NONE ? steps : NULL);
  g_auto (Outcome) outcome = mishap_rig_run (rig, row);
  mishap_card_record (reader, NULL);
  cell.count = mishap_card_get_count (reader);
  cell.code = outcome.code;
  if (verbose)
    {
      g_autofree char *text = describe (&cell.expected);
      g_print ("# expected: %s\n# came: %s %s\n# commands: %u, PINs taken: %u, refused: %u\n", text,
               outcome_name (&outcome), outcome.text != NULL ? outcome.text : "",
               cell.count.commands, mishap_count_of (&cell.count, row->opening->object).right,
               mishap_count_of (&cell.count, row->opening->object).wrong);
    }
  check_code (&cell, &outcome);
  check_data (&cell, outcome.result);
  check_proof (&cell, outcome.proof);
  check_tries (&cell, &cell.count);
  check_end (&cell, &cell.count, "");
  check_time (&cell, mishap_rig_get_usec (rig) - start);
  check_words (&cell, &outcome);
  check_promise (&cell, &outcome);
  check_told (&cell, &outcome);
  if (mishap->kind == MISHAP_NONE)
    check_thrift (&cell, steps);
  check_again (&cell);
  check_next (&cell);
  return wrong->len > 0 ? g_string_free (g_steal_pointer (&wrong), FALSE) : NULL;
}
