// SPDX-License-Identifier: Apache-2.0
#include "md-card-register.h"

#include <string.h>

static gboolean
is_count (const char *tail)
{
  return tail[0] == ' ' && g_ascii_isxdigit (tail[1]) && g_ascii_isxdigit (tail[2])
         && tail[3] == ' ' && g_ascii_isxdigit (tail[4]) && g_ascii_isxdigit (tail[5]);
}

gsize
_md_card_name_length (const char *reader)
{
  const gsize length = strlen (reader);
  return length > MD_CARD_COUNT_SIZE && is_count (reader + length - MD_CARD_COUNT_SIZE)
             ? length - MD_CARD_COUNT_SIZE
             : length;
}

gboolean
_md_card_register_has (const char *const *entries, const char *reader)
{
  if (entries == NULL)
    return TRUE;
  if (!g_utf8_validate (reader, -1, NULL)) // as a device may call itself; patterns are of letters
    return FALSE;
  g_autofree char *name = g_strndup (reader, _md_card_name_length (reader));
  for (gsize i = 0; entries[i] != NULL; i++)
    if (g_pattern_match_simple (entries[i], name) || g_pattern_match_simple (entries[i], reader))
      return TRUE;
  return FALSE;
}
