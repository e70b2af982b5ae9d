// SPDX-License-Identifier: Apache-2.0
// A text on its way through the foldings: what each makes equal is one reason.
#pragma once

#ifndef MD_IDENTITY_COMPILATION
#error "Private to src/identity."
#endif

#include "md-match.h"

G_BEGIN_DECLS

// Stands for any one character; no text holds it (a noncharacter).
#define MD_MATCH_ANY 0x10ffffu

typedef struct
{
  gunichar c;   // as folded so far
  gunichar was; // as written
  guint at;     // which character of the text, from 0
  gboolean substitute;
} MdMatchCell;

typedef struct
{
  MdMatchCell *cells;
  guint n, room;
} MdMatchText;

void _md_match_text_init (MdMatchText *self, guint room);
void _md_match_text_clear (MdMatchText *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MdMatchText, _md_match_text_clear)

// FALSE for what is not UTF-8 or too long; marks may be NULL.
gboolean _md_match_text_read (MdMatchText *self, const char *text, const char *marks);
void _md_match_text_push (MdMatchText *self, const MdMatchCell *cell, gunichar c);
void _md_match_text_push_all (MdMatchText *self, const MdMatchText *from, guint start, guint end);
// Whether the characters at AT are those of WORD.
gboolean _md_match_text_has (const MdMatchText *self, guint at, const char *word);
void _md_match_text_swap (MdMatchText *self, MdMatchText *with);
char *_md_match_text_to_utf8 (const MdMatchText *self);
// A range of it, compared; MD_MATCH_ANY stands for one character and its selectors.
gboolean _md_match_text_equal (const MdMatchText *a, guint end_a, const MdMatchText *b,
                               guint end_b);

gboolean _md_match_is_blank (gunichar c);
gboolean _md_match_is_dash (gunichar c);
gboolean _md_match_is_selector (gunichar c);
gboolean _md_match_is_han (gunichar c);
gboolean _md_match_is_kana (gunichar c);

// Sets of reasons as bits.
typedef guint32 MdMatchSet;
#define MD_MATCH_BIT(reason) ((MdMatchSet)1 << (reason))
G_STATIC_ASSERT (MD_N_MATCH_REASONS <= 32);

// Brings TEXT to the form in which only what is not in SET still differs. OTHER_HAS_PREFECTURE:
// nothing is left out then.
void _md_match_fold (MdMatchText *text, MdMatchItem item, MdMatchSet set,
                     gboolean other_has_prefecture);

// 異体字: what C is compared as; C itself where no table says otherwise.
gunichar _md_match_variant (gunichar c);

// md-match-address.c
void _md_match_fold_numerals (MdMatchText *text, MdMatchItem item);
void _md_match_fold_blocks (MdMatchText *text, MdMatchItem item);
void _md_match_fold_oaza (MdMatchText *text, MdMatchItem item);
guint _md_match_prefecture_length (const MdMatchText *text);
// Where the numbers begin and end; n, n when there are none.
void _md_match_find_numbers (const MdMatchText *text, guint *out_start, guint *out_end);
// Equal but that one of them leaves the building out, or gives the room alone.
gboolean _md_match_equal_without_building (const MdMatchText *a, const MdMatchText *b);

// md-match-name.c
void _md_match_fold_latin_order (MdMatchText *text, MdMatchItem item);
gboolean _md_match_is_latin (const MdMatchText *text);
// The readings of a name with another one beside it; the first is the name as it is written.
#define MD_MATCH_READINGS 3u
typedef struct
{
  MdMatchText text;
  MdMatchSet reason; // 0 for the first
} MdMatchReading;
guint _md_match_name_readings (const MdMatchText *name, const MdMatchText *other,
                               MdMatchReading *out_readings);
// Whether a key cannot hold all that it may be the same as: it has a substitute character, or
// another name beside it.
gboolean _md_match_is_only_by_pairs (const MdMatchSide *name);
// Two Japanese names, alike but for blanks: whether the first blank stands elsewhere.
gboolean _md_match_names_part_elsewhere (const MdMatchText *a, const MdMatchText *b);

typedef struct
{
  MdMatchReason reason;
  gunichar from, to; // 0 where no character is to be named
  guint at;          // its place on the certificate's side, from 1
} MdMatchDetail;

struct _MdMatchVerdict
{
  MdMatch match;
  GArray *details; // MdMatchDetail, in the order of the reasons
};

MdMatchVerdict *_md_match_verdict_new (MdMatch match);
void _md_match_verdict_add (MdMatchVerdict *self, const MdMatchDetail *detail);

// md-match-values.c
MdMatchVerdict *_md_match_dates (const MdMatchSide *a, const MdMatchSide *b);
// "19850401", the same for the same day however it is written. FALSE for what is no date.
#define MD_MATCH_DAY_SIZE 16
gboolean _md_match_day_key (const MdMatchSide *side, char out_key[static MD_MATCH_DAY_SIZE]);
MdMatchVerdict *_md_match_sexes (const MdMatchSide *a, const MdMatchSide *b);

G_END_DECLS
