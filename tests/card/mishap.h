// SPDX-License-Identifier: Apache-2.0
// The words of the mishap matrix: what a conversation consists of, what can happen to it, and what
// must come of it. Nothing here looks into src/card: the matrix judges it.
#pragma once

#include <md-identity.h>
#include <vc-card.h>

G_BEGIN_DECLS

// --- One command of a conversation, as it went when nothing happened ---

typedef enum
{
  STEP_WAKE,               // the first one, whose answer means nothing
  STEP_SELECT_CARD,        // the application by which the card is known
  STEP_SELECT_APPLICATION, // another one
  STEP_SELECT_FILE,
  STEP_READ,
  STEP_ASK_TRIES, // VERIFY without a PIN
  STEP_PRESENT,   // VERIFY with it
  STEP_ENTER, // the same, sent by the reader's keypad: what the caller gets is the keypad's word
  STEP_SIGN,
  STEP_OTHER, // in no conversation in which nothing happens
} StepVerb;

typedef struct
{
  StepVerb verb;
  char application; // 'j' JPKI, 't' text, 'v' visual, 'c' common, '-' none
  guint16 ef;       // the current one
  gsize offset;     // READ
  gsize expected;   // bytes of answer that were asked for
  GBytes *data;     // that came
  guint16 word;     // and what the card said
} Step;

// --- What happens ---

typedef enum
{
  MISHAP_NONE,
  MISHAP_CONNECT,    // there is no conversation: connecting fails with the MdCardError VALUE
  MISHAP_FAIL,       // the transport fails with VALUE; the command did not reach the card
  MISHAP_FAIL_AFTER, // the same, and it did
  MISHAP_SWAP,       // another card lies there, and the reader says so
  MISHAP_SLIP,       // another card lies there, and nobody noticed
  MISHAP_RESET,      // the card lost its power for a moment, and nobody noticed
  MISHAP_WORD,       // the card answers the status word VALUE and does nothing
  MISHAP_WORD_AFTER, // the card does its work and gives its data, and says VALUE
  MISHAP_FRAGMENT,   // VALUE bytes (0 or 1) are all that comes
  MISHAP_CUT,        // the data ends after VALUE bytes
  MISHAP_GROW,       // there are VALUE bytes of data too many
  MISHAP_NOISE,      // the data is noise from POSITION on, another for each VALUE
  MISHAP_BYTE,       // the byte at POSITION of the data, part of a length, is VALUE
  MISHAP_SLOW,       // the answer takes VALUE seconds
  MISHAP_MUTE,       // no answer comes until the transport is told to give up; VALUE: the card has
                     // done its work all the same
} MishapKind;

typedef struct
{
  MishapKind kind;
  guint value;
  gsize position;
} Mishap;

// In the DER of an ECDSA signature over P-384, where the second of its two numbers has begun.
#define MISHAP_SECOND_NUMBER 90

// The same two numbers side by side.
#define MISHAP_PLAIN_SIZE 96

// Whose card it is that comes in a swap, and is read after.
#define MISHAP_NEXT "suzuki"

// --- One row: a flow, what opens it, and in which state ---

// Who talks with the card.
typedef enum
{
  DRIVE_FLOW, // a whole conversation of the library: md_card_flow_run_on()
  DRIVE_PIN,  // the product: md_identifier_identify() by both PINs, with everything it can read
  DRIVE_PAD,  // the same with both typed at the reader's keypad
  DRIVE_SIGN, // by the signature certificate's password, and the PIN of the text
  DRIVE_FACE, // by what is printed on the card
  N_DRIVES,
} Drive;

// At which commands of a row something happens.
typedef enum
{
  CELLS_ALL,
  CELLS_SIGN, // when the card signs: all else is as in another row
  CELLS_NONE, // the row is only looked at as it goes when nothing happens
} Cells;

typedef struct
{
  const char *name; // "attributes"
  const char *persona;
  MdCardFlow flow;
  MdCardPin pin;
  const char *object;  // where the card keeps the PIN: "text-0011"
  guint tries;         // of a fresh one
  gboolean remembered; // never sent twice, whatever happens between; what was typed at a keypad
                       // nobody here has seen
  const char *profile;
  gboolean extended; // card and reader offer extended length
  gboolean ecdsa;    // a signature is the DER of two numbers
  gboolean stumbles; // the card answers 6F00 to the first command after power-on, whatever it is
  Drive drive;       // else than DRIVE_FLOW: PIN is the one that the tempers are about
  Cells cells;
} Opening;

typedef struct
{
  const char *name;   // "wrong"
  gboolean wrong;     // the PIN is not the card's
  int tries;          // left at the beginning; -1: all
  gboolean confirmed; // that it may be the last one
} Temper;

typedef struct
{
  const Opening *opening;
  const Temper *temper;
  GPtrArray *steps;        // of Step, when nothing happens
  MdCardFlowResult *clean; // what came when nothing happened; NULL: an error, or
  MdIdentityProof *proof;  // of the product
  const char *course;      // what the product tells of its steps when it comes to its end
} Row;

// --- What comes of it ---

// An answer of a card of today, by the fake clock.
#define MISHAP_USUAL_USEC 20000

// All that the card's answers may take in one conversation.
#define PATIENCE_USEC (MD_CARD_CONVERSATION_S * (gint64)G_USEC_PER_SEC)

#define CODE_SUCCESS (-1)
#define CODE_FOREIGN (-2) // an error of another domain

typedef struct
{
  int code; // of MdCardError, or one of the above
  int tries;
  char *text; // all words that travel with the error
  MdCardFlowResult *result;
  MdIdentityProof *proof; // in place of RESULT, with its
  MdIdentityVerdict verdict;
  char *told; // the steps that the product told of: "a(a)b(", a began and passed, b began
} Outcome;

// What the product does without, where the card has it not or keeps it.
typedef enum
{
  LACKS_ATTRIBUTES = 1 << 0,
  LACKS_NUMBER = 1 << 1,
  LACKS_CERTIFICATE = 1 << 2,
} Lack;

// What may come of it.
typedef struct
{
  guint32 codes;    // a bit for each MdCardError
  guint32 verdicts; // a bit for each MdIdentityVerdict that refuses the card
  gboolean success;
  gboolean any_data;      // else a success must give what the row gives when nothing happens
  gboolean differs;       // the comparison with the card's record says that they do
  gboolean no_record;     // a success may lack the card's record
  guint lacks;            // what a proof has not: bits of Lack
  int tries;              // that travel with the error
  gboolean any_tries;     // another card's, which nobody knows
  gboolean lied_accepted; // the card took a wrong PIN for right: no promise about the next time
} Expectation;

G_END_DECLS
