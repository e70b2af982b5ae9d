// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "confirm-page.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#define MAX_PAGE (16u * 1024u * 1024u)

struct _ConfirmPage
{
  const Desk *desk;
  char *day, *branch;
  MdWriter *rows;
  guint intakes, open;
};

static const char style[]
    = "@page{size:A4 landscape;margin:12mm}"
      "body{font-family:'BIZ UDGothic','Noto Sans CJK JP',sans-serif;font-size:10.5pt;color:#000}"
      "h1{font-size:16pt;margin:0 0 2mm}p{margin:0 0 3mm}"
      "table{border-collapse:collapse;width:100%}"
      "thead{display:table-header-group}tr{break-inside:avoid}"
      "th,td{border:0.3mm solid #000;padding:1.5mm;text-align:left;vertical-align:top}"
      "th{background:#e8e8e8}td.seal{width:22mm;height:14mm}"
      "td.number{white-space:nowrap;font-variant-numeric:tabular-nums}";

/* --- What screen and paper say --- */

const char *
confirm_page_source_label (MdMatchSource source)
{
  switch (source)
    {
    case MD_MATCH_FROM_CARD:
      return _ ("On the card");
    case MD_MATCH_FROM_CERTIFICATE:
      return _ ("In the certificate");
    case MD_MATCH_FROM_HELD:
      return _ ("In the held data");
    case MD_MATCH_FROM_TYPED:
    default:
      return _ ("In the application");
    }
}

static MdField *
field_of (const Desk *desk, const Case *subject, const MdConfirmation *line)
{
  MdForm *form = desk_find_form (desk, md_container_get_manifest (subject->container));

  return form != NULL && *line->field != '\0' ? md_form_get_field (form, line->field) : NULL;
}

const char *
confirm_page_field_label (const Desk *desk, const Case *subject, const MdConfirmation *line)
{
  MdField *field = field_of (desk, subject, line);

  return field != NULL ? md_field_get_label (field) : line->field;
}

/* A field that is not known here is shown as a number would be. */
char *
confirm_page_render (const Desk *desk, const Case *subject, const MdConfirmation *line,
                     const char *value, MdView view)
{
  MdField *field = field_of (desk, subject, line);

  return value == NULL
             ? NULL
             : md_filter_render (
                 view, field != NULL ? md_field_get_sensitivity (field) : MD_CLASS_MY_NUMBER,
                 value);
}

char *
confirm_page_words (const MdConfirmation *line)
{
  const char *rule = md_confirmation_rule_get_label (line->rule);

  if (line->why != NULL)
    return g_strconcat (rule, "\n", line->why, NULL);
  if (line->other != NULL)
    return g_strdup_printf (_ ("%s (see intake %s)"), rule, line->other);
  return g_strdup (rule);
}

char *
confirm_page_settled (const MdConfirmation *line)
{
  gint64 time = 0;
  g_autofree char *when = NULL;

  if (line->state == MD_CONFIRMATION_OPEN || line->time == NULL)
    return g_strdup ("");
  when = md_time_parse_rfc3339 (line->time, &time, NULL)
             ? md_time_format_tokyo (time, MD_TIME_STYLE_ISO)
             : g_strdup (line->time);
  return g_strdup_printf (line->state == MD_CONFIRMATION_CONFIRMED
                              ? _ ("Confirmed by %s, %s")
                              : _ ("Not let stand by %s, %s: tell the counter in writing"),
                          line->officer, when);
}

/* --- The page --- */

ConfirmPage *
confirm_page_new (const Desk *desk, const char *day, const char *branch)
{
  ConfirmPage *self = g_new0 (ConfirmPage, 1);

  self->desk = desk;
  self->day = g_strdup (day);
  self->branch = g_strdup (branch);
  self->rows = md_writer_new (MAX_PAGE);
  return self;
}

void
confirm_page_free (ConfirmPage *self)
{
  if (self == NULL)
    return;
  g_free (self->day);
  g_free (self->branch);
  md_writer_free (self->rows);
  g_free (self);
}

static void
put (MdWriter *out, const char *text)
{
  md_writer_bytes (out, text, strlen (text));
}

/* Whatever somebody typed stays text. */
static void
put_escaped (MdWriter *out, const char *text)
{
  for (const char *p = text; p != NULL && *p != '\0'; p++)
    switch (*p)
      {
      case '&':
        put (out, "&amp;");
        break;
      case '<':
        put (out, "&lt;");
        break;
      case '>':
        put (out, "&gt;");
        break;
      case '"':
        put (out, "&quot;");
        break;
      case '\n':
        put (out, "<br>");
        break;
      default:
        md_writer_bytes (out, p, 1);
      }
}

static void
put_cell (MdWriter *out, const char *class, const char *text)
{
  put (out, class == NULL ? "<td>" : "<td class=\"");
  if (class != NULL)
    {
      put (out, class);
      put (out, "\">");
    }
  put_escaped (out, text);
  put (out, "</td>");
}

static void
put_value (ConfirmPage *self, const Case *subject, const MdConfirmation *line, const char *value)
{
  md_autowipe char *masked = confirm_page_render (self->desk, subject, line, value, MD_VIEW_MASKED);

  put_cell (self->rows, NULL, masked);
}

static void
put_line (ConfirmPage *self, const Case *subject, const MdConfirmation *line)
{
  g_autofree char *words = confirm_page_words (line);
  g_autofree char *settled = confirm_page_settled (line);
  const gboolean open = line->state == MD_CONFIRMATION_OPEN;

  put (self->rows, "<tr>");
  put_cell (self->rows, "number", subject->entry->receipt_number);
  put_cell (self->rows, NULL, subject->entry->terminal);
  put_cell (self->rows, NULL, subject->entry->officer);
  put_cell (self->rows, NULL, confirm_page_field_label (self->desk, subject, line));
  put_cell (self->rows, NULL, words);
  put_value (self, subject, line, line->ours);
  put_cell (self->rows, NULL, line->theirs != NULL ? confirm_page_source_label (line->with) : "");
  put_value (self, subject, line, line->theirs);
  put_cell (self->rows, "number", line->mark);
  put_cell (self->rows, open ? "seal" : NULL, settled);
  put (self->rows, "</tr>\n");
  self->open += open ? 1 : 0;
}

void
confirm_page_add (ConfirmPage *self, const Case *subject, const GPtrArray *lines)
{
  self->intakes += lines->len > 0 ? 1 : 0;
  for (guint i = 0; i < lines->len; i++)
    put_line (self, subject, g_ptr_array_index (lines, i));
}

static void
put_head (const ConfirmPage *self, MdWriter *out)
{
  const char *office = md_policy_get_office_name (self->desk->policy, md_forms_in_japanese ());
  g_autofree char *now
      = md_time_format_tokyo (md_clock_get_wall_us (md_clock_get_system ()), MD_TIME_STYLE_ISO);
  g_autofree char *which
      = g_strdup_printf (_ ("%s. Taken in: %s. Terminals: %s. Printed: %s."), office,
                         self->day != NULL ? self->day : _ ("all days"),
                         self->branch != NULL ? self->branch : _ ("all terminals"), now);
  g_autofree char *sum
      = g_strdup_printf (_ ("%u intakes on the list, %u lines to be confirmed by a second person."),
                         self->intakes, self->open);

  put (out, md_forms_in_japanese () ? "<!DOCTYPE html>\n<html lang=\"ja\">"
                                    : "<!DOCTYPE html>\n<html lang=\"en\">");
  put (out, "<head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" "
            "content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>");
  put_escaped (out, _ ("Confirmation list"));
  put (out, "</title><style>");
  put (out, style);
  put (out, "</style></head><body><h1>");
  put_escaped (out, _ ("Confirmation list"));
  put (out, "</h1><p>");
  put_escaped (out, which);
  put (out, "</p><p>");
  put_escaped (out, sum);
  put (out, "</p>\n");
}

static void
put_table (const ConfirmPage *self, MdWriter *out, GBytes *rows)
{
  const char *const heads[] = { _ ("Receipt number"),
                                _ ("Terminal"),
                                _ ("Clerk"),
                                _ ("Item"),
                                _ ("What is to be confirmed"),
                                _ ("In the application"),
                                _ ("Held against"),
                                _ ("There it says"),
                                _ ("Mark"),
                                _ ("Second person, day and seal") };
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (rows, &size);

  put (out, "<table><thead><tr>");
  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      put (out, "<th>");
      put_escaped (out, heads[i]);
      put (out, "</th>");
    }
  put (out, "</tr></thead><tbody>\n");
  md_writer_bytes (out, data, size);
  put (out, "</tbody></table>");
}

/* Made beside the file and put in its place when it is whole: nothing stays anywhere else. */
gboolean
confirm_page_write (ConfirmPage *self, const char *path, GError **error)
{
  g_autoptr (MdWriter) out = md_writer_new (MAX_PAGE);
  g_autoptr (GBytes) rows = md_writer_finish (self->rows, error);
  g_autoptr (GBytes) page = NULL;
  gsize size = 0;
  const char *data = NULL;

  if (rows == NULL)
    return FALSE;
  put_head (self, out);
  if (self->intakes > 0)
    put_table (self, out, rows);
  put (out, "</body></html>\n");
  page = md_writer_finish (out, error);
  if (page == NULL)
    return FALSE;
  data = g_bytes_get_data (page, &size);
  return g_file_set_contents_full (path, data, (gssize)size,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}
