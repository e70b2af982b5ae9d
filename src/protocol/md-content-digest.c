// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-wire.h"

#include <string.h>

/* RFC 9530 section 2: Content-Digest is a Structured Fields dictionary (RFC 8941) whose values are
 * byte sequences, "key=:base64:", separated by commas with optional blanks. Parameters have no
 * meaning there and are not taken. */

#define MAX_HEADER 1024u

static const char *
skip_blanks (const char *at)
{
  while (*at == ' ' || *at == '\t')
    at++;
  return at;
}

/* A dictionary key: lower-case letter or '*', then lower-case letters, digits, '_', '-', '.', '*'.
 */
static gsize
key_length (const char *at)
{
  gsize length = 0;

  if (!g_ascii_islower (at[0]) && at[0] != '*')
    return 0;
  while (g_ascii_islower (at[length]) || g_ascii_isdigit (at[length])
         || (at[length] != '\0' && strchr ("_-.*", at[length]) != NULL))
    length++;
  return length;
}

/* Reads one "key=:base64:" at *@at and moves behind it. */
static gboolean
read_member (const char **at, char **out_key, char **out_value)
{
  gsize key = key_length (*at);
  const char *value = NULL;
  const char *end = NULL;

  if (key == 0 || strncmp (*at + key, "=:", 2) != 0)
    return FALSE;
  value = *at + key + 2;
  end = strchr (value, ':');
  if (end == NULL)
    return FALSE;
  *out_key = g_strndup (*at, key);
  *out_value = g_strndup (value, (gsize)(end - value));
  *at = end + 1;
  return TRUE;
}

MdContentDigest
md_content_digest_check (const char *value, GBytes *body)
{
  g_autofree char *want = NULL;
  g_autofree char *found = NULL;
  const char *at = NULL;

  if (value == NULL)
    return MD_CONTENT_DIGEST_MISSING;
  if (strnlen (value, MAX_HEADER + 1) > MAX_HEADER)
    return MD_CONTENT_DIGEST_MALFORMED;

  at = skip_blanks (value);
  while (TRUE)
    {
      g_autofree char *key = NULL;
      g_autofree char *base64 = NULL;

      if (!read_member (&at, &key, &base64))
        return MD_CONTENT_DIGEST_MALFORMED;
      if (strcmp (key, "sha-256") == 0)
        {
          if (found != NULL)
            return MD_CONTENT_DIGEST_MALFORMED;
          found = g_strdup_printf ("sha-256=:%s:", base64);
        }
      at = skip_blanks (at);
      if (*at == '\0')
        break;
      if (*at != ',')
        return MD_CONTENT_DIGEST_MALFORMED;
      at = skip_blanks (at + 1);
    }

  if (found == NULL)
    return MD_CONTENT_DIGEST_UNSUPPORTED;
  want = md_content_digest_format (body);
  return strcmp (want, found) == 0 ? MD_CONTENT_DIGEST_MATCH : MD_CONTENT_DIGEST_MISMATCH;
}
