// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "head.h"

#include <string.h>

#define TOKEN_ALSO "!#$%&'*+-.^_`|~"
#define LENGTH_DIGITS 10u

static gboolean
is_token (const char *text, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isalnum (text[i]) && (text[i] == '\0' || strchr (TOKEN_ALSO, text[i]) == NULL))
      return FALSE;
  return size > 0;
}

static gboolean
is_visible (const char *text, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return size > 0;
}

/* Spaces, tabs and whatever is no control. */
static gboolean
is_value (const char *text, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (g_ascii_iscntrl (text[i]) && text[i] != '\t')
      return FALSE;
  return TRUE;
}

static gboolean
read_first (const char *line, gsize size, Head *head)
{
  const char *place = memchr (line, ' ', size);
  const gsize method_size = place != NULL ? (gsize)(place - line) : 0;
  const char *version = NULL;
  gsize place_size = 0;

  if (place == NULL)
    return FALSE;
  place++;
  version = memchr (place, ' ', size - method_size - 1);
  if (version == NULL)
    return FALSE;
  place_size = (gsize)(version - place);
  version++;
  if (!is_token (line, method_size) || !is_visible (place, place_size)
      || size - method_size - place_size - 2 != strlen ("HTTP/1.1")
      || (memcmp (version, "HTTP/1.1", 8) != 0 && memcmp (version, "HTTP/1.0", 8) != 0))
    return FALSE;
  (void)g_strlcpy (head->method, "other", sizeof head->method);
  if (method_size < sizeof head->method)
    {
      memcpy (head->method, line, method_size);
      head->method[method_size] = '\0';
    }
  if (place_size < sizeof head->place)
    memcpy (head->place, place, place_size);
  return TRUE;
}

static void
read_length (const char *value, gsize size, Head *head)
{
  g_autofree char *text = g_strstrip (g_strndup (value, size));

  head->counts = strlen (text) <= LENGTH_DIGITS && strspn (text, "0123456789") == strlen (text)
                 && g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32, &head->length, NULL);
}

static gboolean
read_field (const char *line, gsize size, Head *head)
{
  const char *colon = memchr (line, ':', size);
  const gsize name = colon != NULL ? (gsize)(colon - line) : 0;
  const struct
  {
    const char *name;
    guint *count;
  } fields[] = {
    { "Host", &head->hosts },
    { "Content-Length", &head->lengths },
    { "Transfer-Encoding", &head->encodings },
  };

  if (!is_token (line, name) || !is_value (colon + 1, size - name - 1))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (strlen (fields[i].name) == name && g_ascii_strncasecmp (fields[i].name, line, name) == 0)
      *fields[i].count += 1;
  if (name == strlen ("Content-Length") && g_ascii_strncasecmp ("Content-Length", line, name) == 0)
    read_length (colon + 1, size - name - 1, head);
  return TRUE;
}

gboolean
head_read (const char *text, gsize size, Head *out_head)
{
  gboolean first = TRUE;

  memset (out_head, 0, sizeof *out_head);
  while (size > 0)
    {
      const char *end = memchr (text, '\n', size);
      const gsize line = end != NULL ? (gsize)(end - text) + 1 : 0;

      if (line < 2 || text[line - 2] != '\r')
        return FALSE;
      if (line == 2)
        return !first && size == 2;
      if (!(first ? read_first : read_field) (text, line - 2, out_head))
        return FALSE;
      first = FALSE;
      text += line;
      size -= line;
    }
  return FALSE;
}
