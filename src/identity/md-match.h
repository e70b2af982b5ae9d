// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include <md-base.h>

G_BEGIN_DECLS

// Matching (突合): how one item of a person stands on two sides: card, certificate, typed, held.
// Pure functions, any thread; every text they make is wiped. Nothing is ever "close enough": either
// the items are the same as they are written, or each thing that differs is named.

typedef enum
{
  MD_MATCH_SAME,      // as it is written
  MD_MATCH_SAME_FORM, // the same in another form; the reasons say in which way
  MD_MATCH_DIFFERENT, // the reasons say what differs, where that can be said
  MD_MATCH_MISSING,   // one side has nothing that could be compared
} MdMatch;

typedef enum
{
  MD_MATCH_ITEM_NAME,
  MD_MATCH_ITEM_KANA,
  MD_MATCH_ITEM_ADDRESS,
  MD_MATCH_ITEM_DATE,
  MD_MATCH_ITEM_SEX,
} MdMatchItem;

typedef enum
{
  MD_MATCH_FROM_CARD,        // text application, card's face
  MD_MATCH_FROM_CERTIFICATE, // signature certificate: may carry substitute characters
  MD_MATCH_FROM_TYPED,       // the form
  MD_MATCH_FROM_HELD,        // what the office holds
  MD_MATCH_FROM_REPLY,       // what an answer to an inquiry says
} MdMatchSource;

// Why. The words for each are in md_match_verdict_dup_words().
typedef enum
{
  // the same in another form
  MD_MATCH_REASON_WIDTH,          // full and half width, and other compatibility forms (Ⅱ, ㈱)
  MD_MATCH_REASON_COMPOSITION,    // a sound mark as a character of its own
  MD_MATCH_REASON_SPACE,          // blanks
  MD_MATCH_REASON_DASH,           // one dash or long mark for another
  MD_MATCH_REASON_CASE,           // capital and small letters
  MD_MATCH_REASON_LATIN_MARK,     // accents, apostrophes, hyphens of Latin names
  MD_MATCH_REASON_LATIN_ORDER,    // the parts of a Latin name in another order
  MD_MATCH_REASON_SMALL_KANA,     // ッ and ツ, ヶ and ケ; in an address also ヶ and が
  MD_MATCH_REASON_KANA_KIND,      // hiragana and katakana; in a name a difference
  MD_MATCH_REASON_SELECTOR,       // a variation selector (IVS) on one side
  MD_MATCH_REASON_VARIANT,        // 異体字: another form of one character
  MD_MATCH_REASON_SUBSTITUTE,     // the certificate, or a system, puts a substitute (代替文字)
  MD_MATCH_REASON_NUMERAL,        // kanji numerals and digits
  MD_MATCH_REASON_BLOCK,          // 丁目, 番地, 番, 号 and hyphens
  MD_MATCH_REASON_OAZA,           // 大字 or 字 left out
  MD_MATCH_REASON_PREFECTURE,     // the prefecture left out
  MD_MATCH_REASON_NO_BUILDING,    // the building left out
  MD_MATCH_REASON_FORMER_NAME,    // 旧氏 beside or instead of the surname
  MD_MATCH_REASON_ALIAS,          // 通称 beside or instead of the name
  MD_MATCH_REASON_ERA,            // the same day by era and by western year
  MD_MATCH_REASON_SEX_CODE,       // two codes for one meaning
                                  // different
  MD_MATCH_REASON_ITERATION_MARK, // 佐々木, 佐佐木: only the iteration mark differs
  MD_MATCH_REASON_NAME_SPLIT,     // surname and given name part elsewhere
  MD_MATCH_REASON_CHARACTER,      // one or two characters
  MD_MATCH_REASON_NUMBERS,        // the block or house number
  MD_MATCH_REASON_BUILDING,       // the building or room
  MD_MATCH_REASON_YEAR,
  MD_MATCH_REASON_MONTH,
  MD_MATCH_REASON_DAY,
  MD_MATCH_REASON_DATE_IN_PART, // one side does not know month or day
  MD_MATCH_REASON_UNREADABLE,   // not text, not a date, not a code
  MD_N_MATCH_REASONS
} MdMatchReason;

// Stable words for files and tests ("old-form-character"). Never NULL.
const char *md_match_to_string (MdMatch match);
const char *md_match_reason_to_string (MdMatchReason reason);

// One side. TEXT: NULL or "" when it has nothing. Dates: whatever md_date_parse() reads, YYYYMMDD,
// or the certificate's era digit and YYYYMMDD. Sex: the code of its source, or "male", "female".
// MARKS: of a certificate, one "0" or "1" for each character, "1" a substitute; else NULL.
typedef struct
{
  MdMatchSource source;
  const char *text;
  const char *marks;
} MdMatchSide;

// A verdict with its reasons; immutable.
typedef struct _MdMatchVerdict MdMatchVerdict;

MdMatchVerdict *md_match (MdMatchItem item, const MdMatchSide *a,
                          const MdMatchSide *b) G_GNUC_WARN_UNUSED_RESULT;

// The same for what was READ (card, certificate) and what stands ON_FORM. A form narrows what is
// typed into it, and a card is always wide: that is nobody's difference.
MdMatchVerdict *md_match_on_form (MdMatchItem item, const MdMatchSide *read,
                                  const char *on_form) G_GNUC_WARN_UNUSED_RESULT;

void md_match_verdict_free (MdMatchVerdict *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdMatchVerdict, md_match_verdict_free)

MdMatch md_match_verdict_get_match (const MdMatchVerdict *self);
gboolean md_match_verdict_has_reason (const MdMatchVerdict *self, MdMatchReason reason);

// The words of the reasons, in their order, joined by ","; "" without any. For files and tests; no
// character of the person's is in it. (transfer full)
char *md_match_verdict_dup_reasons (const MdMatchVerdict *self) G_GNUC_WARN_UNUSED_RESULT;

// The same for people, one sentence a line, in their language; NULL without reasons.
// SHOWS_CHARACTERS: it names the characters of the person's that differ, so these eyes must be
// allowed to see them. The caller wipes it. (transfer full)
char *md_match_verdict_dup_words (const MdMatchVerdict *self,
                                  gboolean shows_characters) G_GNUC_WARN_UNUSED_RESULT;

// For finding one among many, of names, kana and addresses: equal for all forms that md_match()
// calls the same, but for what only a pair can say (substitutes, a name beside another, what one
// side leaves out). Equal keys are still to be matched. NULL for what is not text; the caller wipes
// it. (transfer full)
char *md_match_dup_key (MdMatchItem item, const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
