// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "page.h"

#include "plain.h"

#include <gio/gio.h>
#include <md-forms.h>
#include <string.h>

void
page_put (MdWriter *out, const char *text)
{
  md_writer_bytes (out, text, strlen (text));
}

static void
put_markup (MdWriter *out, const char *text)
{
  for (const char *p = text; p != NULL && *p != '\0'; p++)
    switch (*p)
      {
      case '&':
        page_put (out, "&amp;");
        break;
      case '<':
        page_put (out, "&lt;");
        break;
      case '>':
        page_put (out, "&gt;");
        break;
      case '"':
        page_put (out, "&quot;");
        break;
      case '\n':
        page_put (out, "<br>");
        break;
      default:
        md_writer_bytes (out, p, 1);
      }
}

void
page_put_escaped (MdWriter *out, const char *text)
{
  g_autoptr (MdWriter) plain = md_writer_new (PAGE_MAX);
  g_autoptr (GBytes) bytes = NULL;

  plain_put (plain, text, "");
  md_writer_u8 (plain, 0);
  bytes = md_writer_finish (plain, NULL);
  if (bytes != NULL)
    put_markup (out, g_bytes_get_data (bytes, NULL));
}

void
page_put_head (MdWriter *out, const char *title, const char *style)
{
  page_put (out, md_forms_in_japanese () ? "<!DOCTYPE html>\n<html lang=\"ja\">"
                                         : "<!DOCTYPE html>\n<html lang=\"en\">");
  page_put (out, "<head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" "
                 "content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>");
  page_put_escaped (out, title);
  page_put (out, "</title><style>");
  page_put (out, style);
  page_put (out, "</style></head><body><h1>");
  page_put_escaped (out, title);
  page_put (out, "</h1>");
}

gboolean
page_write (MdWriter *out, const char *path, GError **error)
{
  g_autoptr (GBytes) page = NULL;
  gsize size = 0;
  const char *data = NULL;

  page_put (out, "</body></html>\n");
  page = md_writer_finish (out, error);
  if (page == NULL)
    return FALSE;
  data = g_bytes_get_data (page, &size);
  return g_file_set_contents_full (path, data, (gssize)size,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}
