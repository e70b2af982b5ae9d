// SPDX-License-Identifier: Apache-2.0
// Status words: which ones are tried, and what each may be taken for. Written from ISO/IEC 7816-4
// and from what cards of this kind were seen to answer, not from src/apdu.
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  WORD_OK,        // 9000
  WORD_MORE,      // 61xx
  WORD_AGAIN,     // 6Cxx
  WORD_END,       // 6282
  WORD_TRIES,     // 63C1 to 63CF
  WORD_NO_COUNT,  // 6300
  WORD_LOCKED,    // 63C0, 6983, 6984
  WORD_PIN_FIRST, // 6982
  WORD_ABSENT,    // 6A82, 6A83, 6A88
  WORD_REFUSED,   // 68xx, the other 6Axx, 6Dxx, 6Exx: the card does not know such a command
  WORD_FAULT,     // 64xx, 65xx, 66xx, 6Fxx: the card is in trouble
  WORD_ODD,       // everything else
} WordKind;

WordKind mishap_word_kind (guint word);

// All words that are tried; FEW: one of each kind. In order, each once. Caller frees.
GArray *mishap_words (gboolean few);

// What is wrong with what WORDS promise about tries, PINs having come to the card RIGHT and WRONG
// say; MAY: one was sent. NULL: nothing.
const char *mishap_words_promise (const char *words, guint right, guint wrong, gboolean may);

G_END_DECLS
