// SPDX-License-Identifier: Apache-2.0
#include "mishap-oracle.h"

#include "mishap-oracle-pin.h"
#include "mishap-sense.h"
#include "mishap-steps.h"
#include "mishap-words.h"

#define REFUSED(verdict)                                                                           \
  ((Expectation){ .verdicts = BIT (verdict), .tries = MD_CARD_TRIES_UNKNOWN })

// Either may come of it.
static Expectation
or_else (Expectation a, Expectation b)
{
  a.codes |= b.codes;
  a.verdicts |= b.verdicts;
  a.success |= b.success;
  a.any_data |= b.any_data;
  a.differs |= b.differs;
  a.no_record |= b.no_record;
  a.any_tries |= b.any_tries;
  if (a.tries == MD_CARD_TRIES_UNKNOWN)
    a.tries = b.tries;
  return a;
}

static gboolean
is_product (const Row *row)
{
  return row->opening->drive != DRIVE_FLOW;
}

// --- What was read, spoiled ---

static gboolean
is_person (const Step *step)
{
  return step->application == 't' && (step->ef == 0x0001 || step->ef == 0x0002);
}

// A file that has its form, and says something else than the card does. The library gives it to
// those who can judge it; where it is about the person, the card's own record does. The product
// judges everything.
static Expectation
says_other (const Row *row, const Step *step)
{
  gboolean certificate = mishap_step_is_certificate (step);
  Expectation e = mishap_expect_clean (row);
  if (is_product (row))
    return REFUSED (certificate ? MD_IDENTITY_BAD_CERTIFICATE : MD_IDENTITY_BAD_DATA);
  e.any_data = TRUE;
  e.differs = is_person (step);
  return e;
}

// The beginning of the file, which tells which card this is: a card that does not say so can still
// be used, and is known by its place then. Who needs the whole file later reads on from there.
static Expectation
recognised (const Row *row, Sense sense)
{
  const Drive drive = row->opening->drive;
  Expectation clean = mishap_expect_clean (row);
  gboolean comes_to_it
      = (drive == DRIVE_PIN && (clean.success || row->opening->pin == MD_CARD_PIN_AUTH))
        || (drive == DRIVE_FACE && clean.success);
  if (!comes_to_it || sense == SENSE_UNKNOWN || sense == SENSE_SAME)
    return clean;
  return sense == SENSE_OTHER ? REFUSED (MD_IDENTITY_BAD_CERTIFICATE)
                              : ONLY (MD_CARD_ERROR_PROTOCOL);
}

// By the face, a card without a certificate is as good.
static Expectation
without_certificate (const Row *row)
{
  return row->opening->drive == DRIVE_FACE
             ? mishap_but_lacks (mishap_expect_clean (row), LACKS_CERTIFICATE)
             : ONLY (MD_CARD_ERROR_NO_DATA);
}

static Expectation
made_sense (const Row *row, guint index, Sense sense)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  if (mishap_step_is_recognition (row, index))
    return recognised (row, sense);
  if (sense == SENSE_SAME)
    return mishap_expect_clean (row);
  if (sense == SENSE_EMPTY)
    return without_certificate (row);
  if (sense == SENSE_NONE || (sense == SENSE_GARBLED && is_product (row)))
    return ONLY (MD_CARD_ERROR_PROTOCOL);
  return says_other (row, step);
}

// Of the answer of a READ nothing is left.
static Expectation
nothing_read (const Row *row, guint index)
{
  return made_sense (row, index, mishap_sense_of_piece (row, index, 0));
}

// EF 000A or, by the face, the application that is selected for it alone.
static gboolean
is_about_certificate (const Row *row, guint index)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  if (step->application != 'j')
    return FALSE;
  return step->ef == 0x000a
         || (step->verb == STEP_SELECT_APPLICATION && row->opening->drive == DRIVE_FACE);
}

// A success that is none, told by the word alone.
static Expectation
told_done (const Row *row, guint index, gboolean worked)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  if (worked)
    return mishap_expect_clean (row);
  if (step->verb == STEP_READ)
    return nothing_read (row, index);
  if (step->verb == STEP_SIGN)
    return ONLY (MD_CARD_ERROR_PROTOCOL);
  // A file or an application that was not selected: what follows fails, or falls back.
  if (step->verb == STEP_SELECT_APPLICATION && is_about_certificate (row, index))
    return without_certificate (row);
  Expectation e = ONLY (MD_CARD_ERROR_PROTOCOL);
  e.codes |= BIT (MD_CARD_ERROR_NO_DATA) | BIT (MD_CARD_ERROR_PIN_NEEDED);
  if (step->verb == STEP_SELECT_APPLICATION) // the PIN goes to what is kept there in the same place
    {
      e.codes |= BIT (MD_CARD_ERROR_PIN_BLOCKED);
      e.any_tries = TRUE;
    }
  return or_else (e, mishap_expect_clean (row));
}

// "Once more, with that length": a file comes in other pieces then.
static Expectation
told_length (const Row *row, guint index, guint word)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  gsize size = (word & 0xff) == 0 ? 256 : word & 0xff;
  if (step->verb == STEP_READ)
    return made_sense (row, index, mishap_sense_of_piece (row, index, size));
  gboolean gives = size == 256 || row->opening->ecdsa; // the rest of it on request; RSA: at once
  return gives ? mishap_expect_clean (row) : ONLY (MD_CARD_ERROR_PROTOCOL);
}

// The card has not what is wanted, or says so.
static Expectation
absent (const Row *row, guint index)
{
  const guint lack = mishap_optional_part (row, index);
  if (mishap_step_is_recognition (row, index))
    return mishap_expect_clean (row);
  if (lack != 0)
    return mishap_but_lacks (mishap_expect_clean (row), lack);
  if (is_about_certificate (row, index))
    return without_certificate (row);
  if (!mishap_step_is_record (row, index))
    return ONLY (MD_CARD_ERROR_NO_DATA);
  if (is_product (row)) // which knows who should have signed it
    return REFUSED (MD_IDENTITY_BAD_DATA);
  Expectation e = mishap_expect_clean (row);
  e.no_record = TRUE;
  return e;
}

// The card keeps it for itself.
static Expectation
kept (const Row *row, guint index)
{
  if (row->opening->drive == DRIVE_PAD) // which said that it had sent the PIN
    return ONLY (MD_CARD_ERROR_PAD_FAILED);
  if (!mishap_step_is_record (row, index) || is_product (row)) // nothing else would back the text
    return ONLY (MD_CARD_ERROR_PIN_NEEDED);
  Expectation e = mishap_expect_clean (row);
  e.no_record = TRUE;
  return e;
}

// What a word of no use comes to at this command.
static Expectation
useless (const Row *row, guint index, WordKind kind)
{
  Expectation e = mishap_usual_meaning (kind);
  gboolean senseless = e.codes == BIT (MD_CARD_ERROR_PROTOCOL);
  if (kind == WORD_ABSENT)
    return absent (row, index);
  return senseless && mishap_step_is_recognition (row, index) ? mishap_expect_clean (row) : e;
}

// SELECT of a file, READ and signing. No PIN is presented there: words about one make no sense, but
// for 6982.
static Expectation
told_other (const Row *row, guint index, guint word, gboolean worked)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  WordKind kind = mishap_word_kind (word);
  if (kind == WORD_OK || (kind == WORD_END && step->verb == STEP_READ))
    return told_done (row, index, worked);
  if (kind == WORD_PIN_FIRST)
    return kept (row, index);
  if (word == 0x6700 && step->expected > 256) // shorter pieces from there on
    return mishap_expect_clean (row);
  if (kind == WORD_AGAIN && step->expected > 0)
    return told_length (row, index, word);
  return useless (row, index, kind);
}

static Expectation
told (const Row *row, guint index, guint word, gboolean worked)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  if (step->verb == STEP_WAKE)
    return mishap_expect_clean (row);
  if (step->verb == STEP_SELECT_CARD)
    return word == 0x9000 ? told_done (row, index, worked) : ONLY (MD_CARD_ERROR_UNKNOWN_CARD);
  if (step->verb == STEP_ASK_TRIES)
    return mishap_told_tries (row, index, word);
  if (step->verb == STEP_PRESENT)
    return mishap_told_verdict (row, step, word, worked);
  if (step->verb == STEP_ENTER)
    return mishap_told_by_keypad (row, index, word, worked);
  return told_other (row, index, word, worked);
}

// --- What happens to answers, time and power ---

// Whether what came still has the form of a signature, which is another one then. RSA: a number
// without any structure, as long as it should be. ECDSA: two numbers, as DER or side by side.
static gboolean
is_signature (const Row *row, const Mishap *mishap)
{
  if (!row->opening->ecdsa)
    return mishap->kind == MISHAP_NOISE;
  return (mishap->kind == MISHAP_NOISE && mishap->position == MISHAP_SECOND_NUMBER)
         || (mishap->kind == MISHAP_CUT && mishap->value == MISHAP_PLAIN_SIZE);
}

// The data of an answer is shorter, longer, or another.
static Expectation
spoiled (const Row *row, guint index, const Mishap *mishap)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  if (step->verb == STEP_READ)
    return made_sense (row, index, mishap_sense (row, index, mishap));
  if (step->verb == STEP_ENTER) // a status word and nothing else is an answer of a keypad
    return mishap_told_by_keypad (row, index, 0, TRUE);
  if (step->verb != STEP_SIGN) // no data is wanted there
    return mishap_expect_clean (row);
  if (!is_signature (row, mishap))
    return ONLY (MD_CARD_ERROR_PROTOCOL);
  if (is_product (row))
    return REFUSED (MD_IDENTITY_BAD_PROOF);
  Expectation e = mishap_expect_clean (row);
  e.any_data = TRUE;
  return e;
}

// All that the card took together. An answer that comes after the end of all patience is not taken,
// be it the last one. Whoever types at a keypad has time of their own.
static Expectation
slow (const Row *row, guint index, guint seconds)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  gint64 usual_usec = row->steps->len * (gint64)MISHAP_USUAL_USEC;
  if (step->verb == STEP_ENTER)
    return mishap_expect_clean (row);
  return seconds * G_USEC_PER_SEC + usual_usec > PATIENCE_USEC ? ONLY (MD_CARD_ERROR_TIMEOUT)
                                                               : mishap_expect_clean (row);
}

// The command comes to a card that stands at its beginning: it has no file there, and nothing
// stands verified.
static Expectation
not_there (const Row *row, guint index)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  if (step->verb == STEP_SELECT_FILE)
    return absent (row, index);
  return useless (row, index, WORD_ODD);
}

// The card has forgotten everything.
static Expectation
forgotten (const Row *row, guint index, gboolean stumbles)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  if (step->verb == STEP_WAKE)
    return mishap_expect_clean (row);
  if (stumbles)
    return ONLY (step->verb == STEP_SELECT_CARD ? MD_CARD_ERROR_UNKNOWN_CARD
                                                : MD_CARD_ERROR_FAILED);
  if (step->verb == STEP_SELECT_CARD || step->verb == STEP_SELECT_APPLICATION)
    return mishap_expect_clean (row);
  if (mishap_step_is_recognition (row, index)) // it is looked for in other applications then
    return mishap_expect_clean (row);
  Expectation e = not_there (row, index);
  if (e.lacks == LACKS_ATTRIBUTES) // the PIN beside it is looked for in the same place
    e.lacks |= LACKS_NUMBER;
  return e;
}

// The PIN that is presented next; NULL: none.
static const PinPlace *
next_pin (const Row *row, guint index)
{
  for (guint i = index; i < row->steps->len; i++)
    {
      const Step *step = g_ptr_array_index (row->steps, i);
      if (mishap_step_presents (step))
        return mishap_place_of (step);
    }
  for (gsize i = 0; i < N_PIN_PLACES && !mishap_expect_clean (row).success; i++)
    if (g_str_equal (mishap_pins[i].object, row->opening->object)) // another card has not locked it
      return &mishap_pins[i];
  return NULL;
}

// The application is selected for the rest of the certificate whose beginning has told the card.
static gboolean
is_before_rest (const Row *row, guint index)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  const Step *rest = index + 2 < row->steps->len ? g_ptr_array_index (row->steps, index + 2) : NULL;
  return step->verb == STEP_SELECT_APPLICATION && rest != NULL && rest->verb == STEP_READ
         && mishap_step_is_certificate (rest) && rest->offset > 0;
}

// Another card, which nobody told of: where an application is yet to be selected it takes part from
// there on, and judges the PIN, which is not its own.
static Expectation
slipped (const Row *row, guint index)
{
  Expectation e = forgotten (row, index, FALSE);
  const Expectation clean = mishap_expect_clean (row);
  const PinPlace *pin = next_pin (row, index);
  if (e.success != clean.success || e.codes != clean.codes || e.verdicts != 0)
    return e;
  if (is_before_rest (row, index)) // of two cards' certificates
    return made_sense (row, index + 2, mishap_sense_of_splice (row, index + 2));
  // Both people have the same password: the certificate is the other's, and the text is not.
  if (pin != NULL && row->opening->drive == DRIVE_SIGN && pin->application == 'j'
      && !row->temper->wrong)
    return REFUSED (MD_IDENTITY_BAD_DATA);
  // Here everything is the other's.
  if (row->opening->drive == DRIVE_FLOW && row->opening->flow == MD_CARD_FLOW_SIGN
      && !row->temper->wrong)
    return (Expectation){ .success = TRUE, .any_data = TRUE, .tries = MD_CARD_TRIES_UNKNOWN };
  if (pin != NULL)
    return mishap_about_pin (MD_CARD_ERROR_PIN_WRONG, (int)pin->tries - 1);
  return e;
}

// The transport fails. A keypad's driver that does so says nothing of the card.
static Expectation
failed (const Row *row, guint index, const Mishap *mishap)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  if (step->verb == STEP_ENTER && mishap->value == MD_CARD_ERROR_FAILED)
    return mishap_told_by_keypad (row, index, 0, mishap->kind == MISHAP_FAIL_AFTER);
  return ONLY (mishap->value);
}

static Expectation
fragment (const Row *row, guint index)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  return step->verb == STEP_ENTER ? mishap_told_by_keypad (row, index, 0, TRUE)
                                  : useless (row, index, WORD_ODD);
}

Expectation
mishap_expect (const Row *row, guint index, const Mishap *mishap)
{
  switch (mishap->kind)
    {
    case MISHAP_CONNECT:
      return ONLY (mishap->value);
    case MISHAP_FAIL:
    case MISHAP_FAIL_AFTER:
      return failed (row, index, mishap);
    case MISHAP_SWAP:
      return ONLY (MD_CARD_ERROR_REMOVED);
    case MISHAP_SLIP:
      return slipped (row, index);
    case MISHAP_RESET:
      return forgotten (row, index, row->opening->stumbles);
    case MISHAP_WORD:
    case MISHAP_WORD_AFTER:
      return told (row, index, mishap->value, mishap->kind == MISHAP_WORD_AFTER);
    case MISHAP_FRAGMENT:
      return fragment (row, index);
    case MISHAP_CUT:
    case MISHAP_GROW:
    case MISHAP_NOISE:
    case MISHAP_BYTE:
      return spoiled (row, index, mishap);
    case MISHAP_SLOW:
      return slow (row, index, mishap->value);
    case MISHAP_MUTE:
      return ONLY (MD_CARD_ERROR_TIMEOUT);
    case MISHAP_NONE:
    default:
      return mishap_expect_clean (row);
    }
}
