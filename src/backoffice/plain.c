// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "plain.h"

#include <stdio.h>
#include <string.h>

/* What an escaped character takes at most, and what arrives: twice that is enough for JSON of it.
 */
#define ESCAPE_MAX 6u
#define PLAIN_MAX (2u * ESCAPE_MAX * MD_LIMIT_WIRE_JSON)

static const struct
{
  gunichar first, last;
} hostile[] = {
  { 0x00, 0x09 },     { 0x0b, 0x1f },     { 0x7f, 0x9f },     { 0x061c, 0x061c },
  { 0x200e, 0x200f }, { 0x2028, 0x202e }, { 0x2066, 0x2069 },
};

static gboolean
is_hostile (gunichar c)
{
  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
    if (c >= hostile[i].first && c <= hostile[i].last)
      return TRUE;
  return FALSE;
}

static void
put_escaped (MdWriter *out, gunichar c)
{
  char text[ESCAPE_MAX + 1];

  (void)g_snprintf (text, sizeof text, "\\u%04x", c);
  md_writer_bytes (out, text, strlen (text));
}

void
plain_put (MdWriter *out, const char *text, const char *margin)
{
  gsize left = text != NULL ? strlen (text) : 0;

  while (left > 0)
    {
      const gunichar c = g_utf8_get_char_validated (text, (gssize)left);
      const gsize size = c < (gunichar)-2 ? (gsize)g_utf8_skip[(guint8)*text] : 1;

      if (c >= (gunichar)-2)
        md_writer_bytes (out, "\xef\xbf\xbd", 3);
      else if (is_hostile (c) || (c == '\n' && margin == NULL))
        put_escaped (out, c);
      else
        md_writer_bytes (out, text, size);
      if (c == '\n' && margin != NULL)
        md_writer_bytes (out, margin, strlen (margin));
      text += size;
      left -= size;
    }
}

static MdSecret *
finish (MdWriter *out)
{
  g_autoptr (GBytes) bytes = md_writer_finish (out, NULL);
  gsize size = 0;
  const guint8 *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  return bytes != NULL ? md_secret_new_from_data (data, size) : NULL;
}

char *
plain_dup (const char *text)
{
  g_autoptr (MdWriter) out = md_writer_new (PLAIN_MAX);
  g_autoptr (MdSecret) plain = NULL;

  plain_put (out, text, NULL);
  plain = finish (out);
  return g_strdup (plain != NULL ? md_secret_get_text (plain) : "");
}

MdSecret *
plain_secret (const MdSecret *text)
{
  g_autoptr (MdWriter) out = md_writer_new (PLAIN_MAX);

  plain_put (out, md_secret_get_text (text), "");
  return finish (out);
}

static void
print_to (FILE *stream, const char *text)
{
  const char *charset = NULL;
  g_autoptr (MdWriter) out = md_writer_new (PLAIN_MAX);
  g_autoptr (MdSecret) plain = NULL;
  g_autofree char *converted = NULL;

  plain_put (out, text, "");
  plain = finish (out);
  if (plain == NULL)
    return;
  if (!g_get_charset (&charset))
    converted = g_convert_with_fallback (md_secret_get_text (plain), -1, charset, "UTF-8", "?",
                                         NULL, NULL, NULL);
  (void)fputs (converted != NULL ? converted : md_secret_get_text (plain), stream);
  (void)fflush (stream);
}

static void
print_cb (const char *text)
{
  print_to (stdout, text);
}

static void
printerr_cb (const char *text)
{
  print_to (stderr, text);
}

void
plain_guard_output (void)
{
  (void)g_set_print_handler (print_cb);
  (void)g_set_printerr_handler (printerr_cb);
}
