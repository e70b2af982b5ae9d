// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BASE_INSIDE) && !defined(MD_BASE_COMPILATION)
#error "Include <md-base.h> instead."
#endif

#include <glib.h>

G_BEGIN_DECLS

/** The characters that a back office has. Any other is a 外字 there: kept as it is and marked,
 * never dropped or replaced. */
typedef enum
{
  MD_CHARACTERS_UNICODE,     /* all that Unicode has */
  MD_CHARACTERS_WINDOWS_31J, /* JIS X 0208 with the additions of NEC and IBM: 髙, 﨑 */
  MD_CHARACTERS_JIS_X_0208,
  MD_CHARACTERS_JIS_X_0213,
  MD_N_CHARACTER_SETS
} MdCharacterSet;

/** "unicode", "windows-31j", "jis-x-0208", "jis-x-0213". */
const char *md_character_set_to_id (MdCharacterSet set);
gboolean md_character_set_from_id (const char *id,
                                   MdCharacterSet *out_set) G_GNUC_WARN_UNUSED_RESULT;

/** How many characters of @text are not among those of @set. One with a variation selector counts
 * once, and always: no set tells the variants apart. So does one of the private areas, which every
 * machine fills for itself. 0 for NULL. */
guint md_text_count_external (const char *text, MdCharacterSet set);

/** The same characters by name, each once, in their order: "𠮷 (U+20BB7), 葛󠄀 (U+845B
 * U+E0100)". NULL if there are none. Transfer full, to be wiped. */
char *md_text_name_external (const char *text, MdCharacterSet set) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
