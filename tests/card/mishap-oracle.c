// SPDX-License-Identifier: Apache-2.0
#include "mishap-oracle.h"

#include "mishap-steps.h"
#include "mishap-words.h"

#define BIT(code) (1u << (code))
#define ONLY(code) ((Expectation){ .codes = BIT (code), .tries = MD_CARD_TRIES_UNKNOWN })

// The individual number's TLV; behind it there is only filler.
#define NUMBER_SIZE 15

// An ECDSA signature over P-384 is about this long or longer, and never twice the same.
#define SHORTEST_ECDSA 90

static Expectation
about_pin (MdCardError code, int tries)
{
  return (Expectation){ .codes = BIT (code), .tries = tries };
}

// What comes of presenting the row's PIN to the card as it is.
static Expectation
presented (const Row *row)
{
  int tries = row->temper->tries < 0 ? (int)row->opening->tries : row->temper->tries;
  if (tries == 0)
    return about_pin (MD_CARD_ERROR_PIN_BLOCKED, 0);
  if (!row->temper->wrong)
    return (Expectation){ .success = TRUE, .tries = MD_CARD_TRIES_UNKNOWN };
  if (tries == 1)
    return about_pin (MD_CARD_ERROR_PIN_BLOCKED, 0);
  return about_pin (MD_CARD_ERROR_PIN_WRONG, tries - 1);
}

Expectation
mishap_expect_clean (const Row *row)
{
  if (row->temper->tries == 1 && !row->temper->confirmed)
    return about_pin (MD_CARD_ERROR_PIN_LAST_TRY, 1);
  return presented (row);
}

// Either may come of it.
static Expectation
or_else (Expectation a, Expectation b)
{
  a.codes |= b.codes;
  a.success |= b.success;
  a.any_data |= b.any_data;
  a.any_check |= b.any_check;
  a.no_record |= b.no_record;
  a.any_tries |= b.any_tries;
  if (a.tries == MD_CARD_TRIES_UNKNOWN)
    a.tries = b.tries;
  return a;
}

// What a word means that no command expects. Where nothing is said, the answer makes no sense.
static Expectation
usual (WordKind kind)
{
  static const struct
  {
    WordKind kind;
    MdCardError code;
  } rows[] = {
    { WORD_ABSENT, MD_CARD_ERROR_NO_DATA },
    { WORD_REFUSED, MD_CARD_ERROR_UNSUPPORTED },
    { WORD_FAULT, MD_CARD_ERROR_FAILED },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].kind == kind)
      return ONLY (rows[i].code);
  return ONLY (MD_CARD_ERROR_PROTOCOL);
}

// The card answers the question for the tries left with WORD.
static Expectation
told_tries (const Row *row, guint word)
{
  WordKind kind = mishap_word_kind (word);
  if (kind == WORD_OK) // asks once more
    return mishap_expect_clean (row);
  if (kind == WORD_LOCKED)
    return about_pin (MD_CARD_ERROR_PIN_BLOCKED, 0);
  if (kind == WORD_TRIES && (word & 0xf) == 1 && !row->temper->confirmed)
    return about_pin (MD_CARD_ERROR_PIN_LAST_TRY, 1);
  if (kind == WORD_NO_COUNT && !row->temper->confirmed)
    return about_pin (MD_CARD_ERROR_PIN_UNCOUNTED, MD_CARD_TRIES_UNKNOWN);
  if (kind == WORD_TRIES || kind == WORD_NO_COUNT)
    return presented (row);
  return usual (kind);
}

// The card answers the PIN with WORD, whatever it did with it. 6982 and 6Cxx are no answers to it:
// it is the very command that presents the PIN, and it is never sent again.
static Expectation
told_verdict (const Row *row, guint word, gboolean worked)
{
  WordKind kind = mishap_word_kind (word);
  if (kind == WORD_OK && worked && !row->temper->wrong)
    return presented (row);
  if (kind == WORD_OK) // a card that says so and does not open shows it at the next command
    return (Expectation){ .codes = BIT (MD_CARD_ERROR_PIN_NEEDED),
                          .tries = MD_CARD_TRIES_UNKNOWN,
                          .lied_accepted = worked };
  if (kind == WORD_LOCKED)
    return about_pin (MD_CARD_ERROR_PIN_BLOCKED, 0);
  if (kind == WORD_TRIES)
    return about_pin (MD_CARD_ERROR_PIN_WRONG, (int)(word & 0xf));
  if (kind == WORD_NO_COUNT)
    return ONLY (MD_CARD_ERROR_PIN_WRONG);
  if (word == 0x6a80) // about the data, which has the right form
    return ONLY (MD_CARD_ERROR_PROTOCOL);
  return usual (kind);
}

// A file of which nothing came.
static Expectation
nothing_read (const Step *step)
{
  gboolean empty = step->offset == 0 && mishap_step_is_certificate (step);
  return ONLY (empty ? MD_CARD_ERROR_NO_DATA : MD_CARD_ERROR_PROTOCOL);
}

// A success that is none, told by the word alone.
static Expectation
told_done (const Row *row, const Step *step, gboolean worked)
{
  if (worked)
    return mishap_expect_clean (row);
  if (step->verb == STEP_READ)
    return nothing_read (step);
  if (step->verb == STEP_SIGN)
    return ONLY (MD_CARD_ERROR_PROTOCOL);
  // A file or an application that was not selected: what follows fails, or falls back.
  Expectation e = ONLY (MD_CARD_ERROR_PROTOCOL);
  e.codes |= BIT (MD_CARD_ERROR_NO_DATA) | BIT (MD_CARD_ERROR_PIN_NEEDED);
  return or_else (e, mishap_expect_clean (row));
}

// SELECT of a file, READ and signing. No PIN is presented there: words about one make no sense, but
// for 6982.
static Expectation
told_other (const Row *row, const Step *step, guint word, gboolean worked)
{
  WordKind kind = mishap_word_kind (word);
  if (kind == WORD_OK || (kind == WORD_END && step->verb == STEP_READ))
    return told_done (row, step, worked);
  if (kind == WORD_PIN_FIRST)
    return ONLY (MD_CARD_ERROR_PIN_NEEDED);
  if (word == 0x6700 && step->expected > 256) // shorter pieces from there on
    return mishap_expect_clean (row);
  if (kind == WORD_AGAIN && step->expected > 0) // with that length
    {
      Expectation e = or_else (ONLY (MD_CARD_ERROR_PROTOCOL), mishap_expect_clean (row));
      e.any_check = TRUE;
      return e;
    }
  return usual (kind);
}

static Expectation
told (const Row *row, guint index, guint word, gboolean worked)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  if (step->verb == STEP_WAKE)
    return mishap_expect_clean (row);
  if (step->verb == STEP_SELECT_CARD)
    return word == 0x9000 ? told_done (row, step, worked) : ONLY (MD_CARD_ERROR_UNKNOWN_CARD);
  if (step->verb == STEP_ASK_TRIES)
    return told_tries (row, word);
  if (step->verb == STEP_PRESENT)
    return told_verdict (row, word, worked);
  return told_other (row, step, word, worked);
}

// The data of an answer ends after SIZE bytes.
static Expectation
cut (const Row *row, guint index, gsize size)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  if (step->verb == STEP_SIGN && row->opening->random && size >= SHORTEST_ECDSA)
    return or_else (ONLY (MD_CARD_ERROR_PROTOCOL), mishap_expect_clean (row)); // may end there
  if (step->verb == STEP_SIGN)
    return ONLY (MD_CARD_ERROR_PROTOCOL);
  if (size == 0)
    return nothing_read (step);
  if (step->offset > 0) // goes on where it ended
    return mishap_expect_clean (row);
  if (step->application == 't' && step->ef == 0x0001)
    {
      Expectation e
          = size >= NUMBER_SIZE ? mishap_expect_clean (row) : ONLY (MD_CARD_ERROR_PROTOCOL);
      e.any_check = TRUE;
      return e;
    }
  return size < mishap_steps_needed (row, index) ? ONLY (MD_CARD_ERROR_PROTOCOL)
                                                 : mishap_expect_clean (row);
}

static Expectation
grown (const Row *row, guint index, gsize more)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  if (step->verb == STEP_SIGN)
    return ONLY (MD_CARD_ERROR_PROTOCOL);
  if (step->verb == STEP_READ && g_bytes_get_size (step->data) + more > step->expected)
    return ONLY (MD_CARD_ERROR_PROTOCOL);
  return mishap_expect_clean (row);
}

static Expectation
noisy (const Row *row, guint index)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  Expectation e = ONLY (MD_CARD_ERROR_PROTOCOL);
  if (step->verb == STEP_READ && step->offset == 0)
    {
      if (mishap_step_is_certificate (step))
        e.codes |= BIT (MD_CARD_ERROR_NO_DATA);
      return e;
    }
  // What has no structure is for others to judge: certificates, pictures, signatures.
  e = or_else (e, mishap_expect_clean (row));
  e.any_data = TRUE;
  return e;
}

// A length that lies: noticed, or without any effect on what is read. Filler that it takes in makes
// the four attributes differ from the card's record.
static Expectation
lied (const Row *row, guint index)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  Expectation e = or_else (ONLY (MD_CARD_ERROR_PROTOCOL), mishap_expect_clean (row));
  e.any_check = step->application == 't' && step->ef == 0x0002;
  return e;
}

static Expectation
slow (const Row *row, guint index, guint seconds)
{
  gboolean last = index + 1 == row->steps->len;
  if (last || (gint64)seconds * G_USEC_PER_SEC < PATIENCE_USEC)
    return mishap_expect_clean (row);
  return ONLY (MD_CARD_ERROR_TIMEOUT);
}

// The card has forgotten everything.
static Expectation
forgotten (const Row *row)
{
  Expectation e = ONLY (MD_CARD_ERROR_PROTOCOL);
  e.codes |= BIT (MD_CARD_ERROR_NO_DATA) | BIT (MD_CARD_ERROR_PIN_NEEDED);
  if (row->opening->stumbles)
    e.codes |= BIT (MD_CARD_ERROR_FAILED) | BIT (MD_CARD_ERROR_UNKNOWN_CARD);
  return or_else (e, mishap_expect_clean (row));
}

// Another card, which nobody told of: where an application is yet to be selected it takes part from
// there on, and judges the PIN.
static Expectation
slipped (const Row *row, guint index)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  Expectation e = forgotten (row);
  if (step->verb == STEP_SELECT_APPLICATION || mishap_step_is_recognition (row, index))
    {
      e.codes |= BIT (MD_CARD_ERROR_PIN_WRONG);
      e.any_tries = TRUE;
    }
  return e;
}

static Expectation
expect_alone (const Row *row, guint index, const Mishap *mishap)
{
  switch (mishap->kind)
    {
    case MISHAP_CONNECT:
    case MISHAP_FAIL:
    case MISHAP_FAIL_AFTER:
      return ONLY (mishap->value);
    case MISHAP_SWAP:
      return ONLY (MD_CARD_ERROR_REMOVED);
    case MISHAP_SLIP:
      return slipped (row, index);
    case MISHAP_RESET:
      return forgotten (row);
    case MISHAP_WORD:
    case MISHAP_WORD_AFTER:
      return told (row, index, mishap->value, mishap->kind == MISHAP_WORD_AFTER);
    case MISHAP_FRAGMENT:
      return ONLY (MD_CARD_ERROR_PROTOCOL);
    case MISHAP_CUT:
      return cut (row, index, mishap->value);
    case MISHAP_GROW:
      return grown (row, index, mishap->value);
    case MISHAP_NOISE:
      return noisy (row, index);
    case MISHAP_BYTE:
      return lied (row, index);
    case MISHAP_SLOW:
      return slow (row, index, mishap->value);
    case MISHAP_NONE:
    default:
      return mishap_expect_clean (row);
    }
}

Expectation
mishap_expect (const Row *row, guint index, const Mishap *mishap)
{
  const guint32 unrecognised = BIT (MD_CARD_ERROR_NO_DATA) | BIT (MD_CARD_ERROR_PROTOCOL);
  const guint32 no_record = BIT (MD_CARD_ERROR_NO_DATA) | BIT (MD_CARD_ERROR_PIN_NEEDED);
  if (mishap->kind == MISHAP_CONNECT)
    return expect_alone (row, index, mishap);
  Expectation e = expect_alone (row, index, mishap);
  // A card that does not say who it is can still be used; it is known by its place then.
  if (mishap_step_is_recognition (row, index) && (e.codes & unrecognised) != 0)
    {
      Expectation on = mishap_expect_clean (row);
      e.codes &= ~unrecognised;
      e = or_else (on, e);
      if (mishap->kind == MISHAP_RESET || mishap->kind == MISHAP_SLIP)
        e.codes |= unrecognised;
    }
  // A card may lack the record, or keep it for itself.
  if (mishap_step_is_record (row, index) && (e.codes & no_record) != 0)
    {
      e.codes &= ~no_record;
      e = or_else (mishap_expect_clean (row), e);
      e.no_record = TRUE;
    }
  return e;
}
