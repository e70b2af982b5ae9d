// SPDX-License-Identifier: Apache-2.0
#include "md-base.h"

#include <string.h>

char *
md_hex_encode (const void *data, gsize size)
{
  static const char digits[] = "0123456789abcdef";
  const guint8 *bytes = data;
  char *text = g_malloc (size * 2 + 1);

  for (gsize i = 0; i < size; i++)
    {
      text[2 * i] = digits[bytes[i] >> 4];
      text[2 * i + 1] = digits[bytes[i] & 0x0f];
    }
  text[size * 2] = '\0';
  return text;
}

char *
md_hex_encode_bytes (GBytes *bytes)
{
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);

  return md_hex_encode (data, size);
}

GBytes *
md_hex_decode (const char *text, GError **error)
{
  const gsize length = text == NULL ? 1 : strlen (text);
  g_autofree guint8 *bytes = g_malloc (length / 2 + 1);

  for (gsize i = 0; length % 2 == 0 && i < length / 2; i++)
    {
      const int high = g_ascii_xdigit_value (text[2 * i]);
      const int low = g_ascii_xdigit_value (text[2 * i + 1]);

      if (high < 0 || low < 0)
        {
          g_set_error_literal (error, MD_BASE_ERROR, MD_BASE_ERROR_INVALID,
                               "A character is not a hexadecimal digit");
          return NULL;
        }
      bytes[i] = (guint8)(high << 4 | low);
    }
  if (length % 2 != 0)
    {
      g_set_error_literal (error, MD_BASE_ERROR, MD_BASE_ERROR_INVALID,
                           "The number of hexadecimal digits is odd");
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&bytes), length / 2);
}

char *
md_base64_encode (GBytes *bytes)
{
  gsize size;
  const guchar *data = g_bytes_get_data (bytes, &size);

  return size == 0 ? g_strdup ("") : g_base64_encode (data, size);
}

/* g_base64_decode() passes over what it does not know; encoding again and comparing makes it
 * strict. */
GBytes *
md_base64_decode (const char *text, gsize max, GError **error)
{
  const gsize length = text == NULL ? 1 : strlen (text);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *again = NULL;
  gsize size = 0;

  if (length / 4 > max / 3 + 1)
    {
      g_set_error (error, MD_BASE_ERROR, MD_BASE_ERROR_TOO_LARGE,
                   "The base64 text holds more than %" G_GSIZE_FORMAT " bytes", max);
      return NULL;
    }
  if (length % 4 == 0)
    {
      guchar *data = g_base64_decode (text, &size);

      bytes = g_bytes_new_take (data, size);
      again = md_base64_encode (bytes);
    }
  if (g_strcmp0 (again, text) != 0 || again == NULL)
    {
      g_set_error_literal (error, MD_BASE_ERROR, MD_BASE_ERROR_INVALID, "The text is not base64");
      return NULL;
    }
  if (size > max)
    {
      g_set_error (error, MD_BASE_ERROR, MD_BASE_ERROR_TOO_LARGE,
                   "The base64 text holds more than %" G_GSIZE_FORMAT " bytes", max);
      return NULL;
    }
  return g_steal_pointer (&bytes);
}
