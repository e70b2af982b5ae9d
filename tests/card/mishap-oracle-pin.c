// SPDX-License-Identifier: Apache-2.0
#include "mishap-oracle-pin.h"

#include "mishap-oracle.h"
#include "mishap-words.h"

Expectation
mishap_about_pin (MdCardError code, int tries)
{
  return (Expectation){ .codes = BIT (code), .tries = tries };
}

// What comes of presenting the row's PIN to the card as it is.
static Expectation
presented (const Row *row)
{
  int tries = row->temper->tries < 0 ? (int)row->opening->tries : row->temper->tries;
  if (tries == 0)
    return mishap_about_pin (MD_CARD_ERROR_PIN_BLOCKED, 0);
  if (!row->temper->wrong)
    return (Expectation){ .success = TRUE, .tries = MD_CARD_TRIES_UNKNOWN };
  if (tries == 1)
    return mishap_about_pin (MD_CARD_ERROR_PIN_BLOCKED, 0);
  return mishap_about_pin (MD_CARD_ERROR_PIN_WRONG, tries - 1);
}

Expectation
mishap_expect_clean (const Row *row)
{
  if (row->temper->tries == 1 && !row->temper->confirmed)
    return mishap_about_pin (MD_CARD_ERROR_PIN_LAST_TRY, 1);
  return presented (row);
}

// The same, without what LACK says.
Expectation
mishap_but_lacks (Expectation e, guint lack)
{
  e.lacks |= lack;
  return e;
}

// Which PIN a command is about.
const PinPlace *
mishap_place_of (const Step *step)
{
  for (gsize i = 0; i < N_PIN_PLACES; i++)
    if (mishap_pins[i].application == step->application && mishap_pins[i].ef == step->ef)
      return &mishap_pins[i];
  g_error ("no PIN is kept in %c %04x", step->application, step->ef);
}

// The PIN that the row is about; the product presents others, too, which are right.
static gboolean
is_own (const Row *row, const Step *step)
{
  return g_str_equal (mishap_place_of (step)->object, row->opening->object);
}

// By the card's face, the text application is opened only where the card has the PIN for it and has
// not locked it. What is done without then.
guint
mishap_optional_part (const Row *row, guint index)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  if (row->opening->drive != DRIVE_FACE || step->application != 't')
    return 0;
  for (guint i = 0; i < index; i++)
    if (((const Step *)g_ptr_array_index (row->steps, i))->verb == STEP_PRESENT)
      return 0;
  if (step->verb == STEP_SELECT_APPLICATION)
    step = g_ptr_array_index (row->steps, index + 1);
  return step->ef == 0x0015 ? LACKS_ATTRIBUTES : step->ef == 0x0014 ? LACKS_NUMBER : 0;
}

// What a word means that no command expects. Where nothing is said, the answer makes no sense.
Expectation
mishap_usual_meaning (WordKind kind)
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

// --- The reader's keypad ---

// What the keypad itself says of the person. What else it says about the PIN is not believed.
static Expectation
told_by_pad (guint word, int left)
{
  static const struct
  {
    guint word;
    MdCardError code;
  } words[] = { { 0x6400, MD_CARD_ERROR_PAD_TIMEOUT },
                { 0x6401, MD_CARD_ERROR_PAD_CANCELLED },
                { 0x6402, MD_CARD_ERROR_PIN_FORMAT },
                { 0x6403, MD_CARD_ERROR_PIN_FORMAT } };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i].word == word)
      return mishap_about_pin (words[i].code, left);
  return mishap_about_pin (MD_CARD_ERROR_PAD_FAILED, left);
}

// The tries that the card has at the beginning.
static int
tries_of (const Row *row, const Step *step)
{
  return is_own (row, step) && row->temper->tries >= 0 ? row->temper->tries
                                                       : (int)mishap_place_of (step)->tries;
}

// The keypad's answer is WORD (0: none, or one that makes no sense); WORKED: the card has heard of
// the PIN. It is asked for its tries, of which KNOWN had been told before: fewer of them are a
// wrong PIN, so is what card and keypad agree on, and anything else is the person's or the keypad's
// doing.
static Expectation
entered (const Row *row, const Step *step, int known, guint word, gboolean worked)
{
  const gboolean wrong = is_own (row, step) && row->temper->wrong;
  const int before = tries_of (row, step);
  const int left = !worked ? before : wrong ? before - 1 : (int)mishap_place_of (step)->tries;
  if (word == 0x9000 && worked && !wrong)
    return mishap_expect_clean (row);
  if (word == 0x9000) // the next command finds it out
    return (Expectation){ .codes = BIT (MD_CARD_ERROR_PAD_FAILED), .tries = MD_CARD_TRIES_UNKNOWN };
  if (left == 0)
    return mishap_about_pin (MD_CARD_ERROR_PIN_BLOCKED, 0);
  const gboolean agrees = word == (0x63c0u | (guint)left); // with the card's own count
  return left < known || agrees ? mishap_about_pin (MD_CARD_ERROR_PIN_WRONG, left)
                                : told_by_pad (word, left);
}

// The same where the card was asked for its tries and told the truth.
Expectation
mishap_told_by_keypad (const Row *row, guint index, guint word, gboolean worked)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  return entered (row, step, tries_of (row, step), word, worked);
}

// What the card, which refused what was typed, then tells of its tries. Where it does not count
// them, the keypad's word is all there is.
static Expectation
told_tries_after (const Row *row, guint index, guint word)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  const int left = (int)(word & 0xf);
  switch (mishap_word_kind (word))
    {
    case WORD_LOCKED:
      return mishap_about_pin (MD_CARD_ERROR_PIN_BLOCKED, 0);
    case WORD_TRIES:
      return mishap_about_pin (
          left < tries_of (row, step) ? MD_CARD_ERROR_PIN_WRONG : MD_CARD_ERROR_PAD_FAILED, left);
    case WORD_OK: // asked once more
    case WORD_NO_COUNT:
      return presented (row);
    case WORD_MORE:
    case WORD_AGAIN:
    case WORD_END:
    case WORD_PIN_FIRST:
    case WORD_ABSENT:
    case WORD_REFUSED:
    case WORD_FAULT:
    case WORD_ODD:
    default:
      return mishap_usual_meaning (mishap_word_kind (word));
    }
}

// --- Tries and PIN ---

// The card answers the question for the tries left with WORD.
static Expectation
asked_tries (const Row *row, guint index, guint word)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  WordKind kind = mishap_word_kind (word);
  const guint lack = mishap_optional_part (row, index);
  if (kind == WORD_OK) // asks once more
    return mishap_expect_clean (row);
  if (lack != 0 && (kind == WORD_LOCKED || kind == WORD_ABSENT))
    return mishap_but_lacks (mishap_expect_clean (row), lack);
  if (kind == WORD_LOCKED)
    return mishap_about_pin (MD_CARD_ERROR_PIN_BLOCKED, 0);
  if (kind == WORD_TRIES && (word & 0xf) == 1 && !row->temper->confirmed)
    return mishap_about_pin (MD_CARD_ERROR_PIN_LAST_TRY, 1);
  if (kind == WORD_NO_COUNT && !row->temper->confirmed)
    return mishap_about_pin (MD_CARD_ERROR_PIN_UNCOUNTED, MD_CARD_TRIES_UNKNOWN);
  if (kind == WORD_TRIES && row->opening->drive == DRIVE_PAD && is_own (row, step)
      && row->temper->wrong)
    return entered (row, step, (int)(word & 0xf), 0x63c0u | (guint)(tries_of (row, step) - 1),
                    TRUE);
  if (kind == WORD_TRIES || kind == WORD_NO_COUNT)
    return is_own (row, step) ? presented (row) : mishap_expect_clean (row);
  return mishap_usual_meaning (kind);
}

Expectation
mishap_told_tries (const Row *row, guint index, guint word)
{
  const Step *before = g_ptr_array_index (row->steps, index - 1);
  return before->verb == STEP_ENTER ? told_tries_after (row, index, word)
                                    : asked_tries (row, index, word);
}

// The card answers the PIN with WORD, whatever it did with it. 6982 and 6Cxx are no answers to it:
// it is the very command that presents the PIN, and it is never sent again.
Expectation
mishap_told_verdict (const Row *row, const Step *step, guint word, gboolean worked)
{
  WordKind kind = mishap_word_kind (word);
  const gboolean wrong = is_own (row, step) && row->temper->wrong;
  if (kind == WORD_OK && worked && !wrong)
    return mishap_expect_clean (row);
  if (kind == WORD_OK) // a card that says so and does not open shows it at the next command
    return (Expectation){ .codes = BIT (MD_CARD_ERROR_PIN_NEEDED),
                          .tries = MD_CARD_TRIES_UNKNOWN,
                          .lied_accepted = worked };
  if (kind == WORD_LOCKED)
    return mishap_about_pin (MD_CARD_ERROR_PIN_BLOCKED, 0);
  if (kind == WORD_TRIES)
    return mishap_about_pin (MD_CARD_ERROR_PIN_WRONG, (int)(word & 0xf));
  if (kind == WORD_NO_COUNT)
    return ONLY (MD_CARD_ERROR_PIN_WRONG);
  if (word == 0x6a80) // about the data, which has the right form
    return ONLY (MD_CARD_ERROR_PROTOCOL);
  return mishap_usual_meaning (kind);
}
