// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BASE_INSIDE) && !defined(MD_BASE_COMPILATION)
#error "Include <md-base.h> instead."
#endif

#include <glib.h>

G_BEGIN_DECLS

/* Names keep the characters that the register gave them: NFC and NFKC replace compatibility
 * ideographs (U+FA19 becomes U+795E), so nothing here that is meant for keeping uses them on kanji.
 * Only the match key does. NULL and invalid UTF-8 give NULL everywhere below. Results that hold
 * personal values are the caller's to wipe (md_wipe_free_text()). */

/** For keeping: half-width kana to full-width with their sound marks joined, full-width ASCII to
 * ASCII, ideographic space to a space, blanks at the ends away and runs of blanks to one. Kanji
 * stay as they are. Transfer full. */
char *md_text_tidy (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/** As md_text_tidy(), then hiragana to katakana and ASCII letters to full-width, blanks to one
 * ideographic space: the form of 氏名カナ. Transfer full. */
char *md_text_to_kana (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/** Whether @text is not empty and holds only full-width katakana, the long mark, the middle dot and
 * blanks. */
gboolean md_text_is_kana (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/** The key to search kana by (清音化): md_text_to_kana() without sound marks, small letters as
 * large ones, no blanks. Transfer full. */
char *md_text_kana_search_key (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/** For comparing (突合), never for keeping: NFKC, case folded, no blanks, every dash, minus and
 * long mark between digits as "-", katakana for hiragana. Transfer full. */
char *md_text_match_key (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/** Digits of any script to ASCII, dashes of any kind to "-", blanks away: for numbers typed with an
 * IME. Transfer full. */
char *md_text_to_digits (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/** NFKC of @text. Transfer full. */
char *md_text_nfkc (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/** Columns taken in a fixed-width print: wide characters count two. */
gsize md_text_columns (const char *text);

/** Characters as a person counts them (an ideograph with its variation selector is one). */
gsize md_text_characters (const char *text);

G_END_DECLS
