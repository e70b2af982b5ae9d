// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "confirm-page.h"
#include "page.h"

#include <glib/gi18n.h>
#include <string.h>

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
    case MD_MATCH_FROM_REPLY:
      return _ ("In the reply");
    case MD_MATCH_FROM_TYPED:
    default:
      return _ ("In the application");
    }
}

const char *
confirm_page_other_label (const MdConfirmation *line)
{
  return line->rule == MD_CONFIRMATION_CORRECTION ? _ ("Corrected to")
                                                  : confirm_page_source_label (line->with);
}

static MdField *
field_of (const Desk *desk, const Case *subject, const MdConfirmation *line)
{
  MdForm *form = desk_find_form (desk, md_container_get_manifest (subject->container));

  return form != NULL && *line->field != '\0' ? md_form_get_field (form, line->field) : NULL;
}

/* Whether the line may say of what it is. */
static gboolean
may_name (const Eyes *eyes, const MdConfirmation *line)
{
  if (*line->field == '\0')
    return FALSE;
  if (line->rule == MD_CONFIRMATION_PAPER_WAIVED)
    return eyes_may_name_paper (eyes, line->field);
  return line->rule == MD_CONFIRMATION_LETTER_RETURNED || eyes_may_name (eyes, line->field);
}

const char *
confirm_page_field_label (const Eyes *eyes, const MdConfirmation *line)
{
  return line->rule == MD_CONFIRMATION_PAPER_WAIVED ? "" : eyes_get_name (eyes, line->field);
}

/* What is of no field of the form is looked at as a number would be. */
char *
confirm_page_render (const Eyes *eyes, const MdConfirmation *line, const char *value)
{
  if (value == NULL)
    return NULL;
  return field_of (eyes->desk, eyes->subject, line) != NULL
             ? eyes_render (eyes, line->field, value)
             : md_filter_render (eyes_look_at_class (eyes, MD_CLASS_MY_NUMBER), MD_CLASS_MY_NUMBER,
                                 value);
}

char *
confirm_page_words (const Eyes *eyes, const MdConfirmation *line)
{
  const char *rule = md_confirmation_rule_get_label (line->rule);
  const char *why = may_name (eyes, line) ? line->why : NULL;
  g_autofree char *paper
      = line->rule == MD_CONFIRMATION_PAPER_WAIVED ? eyes_dup_paper_name (eyes, line->field) : NULL;

  if (line->rule == MD_CONFIRMATION_CORRECTION)
    return g_strdup_printf (_ ("%s (correction %s by %s)"), rule, line->other, line->author);
  if (line->rule == MD_CONFIRMATION_REPLY_DIFFERS)
    return g_strdup_printf (_ ("%s (inquiry %s)\n%s"), rule, line->other, why != NULL ? why : "");
  if (paper != NULL)
    return g_strdup_printf (_ ("%s (inquiry %s)\n%s"), rule, line->other, paper);
  if (why != NULL)
    return g_strconcat (rule, "\n", why, NULL);
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
  return g_strdup_printf (line->state == MD_CONFIRMATION_CONFIRMED ? _ ("Confirmed by %s, %s")
                          : line->rule == MD_CONFIRMATION_CORRECTION
                              ? _ ("Not let stand by %s, %s: it stays as it was")
                              : _ ("Not let stand by %s, %s: tell the counter in writing"),
                          line->officer, when);
}

static MdRecord *
line_record (const Eyes *eyes, const MdConfirmation *line)
{
  MdRecord *item = md_record_new_object (), *withheld = md_record_new_list ();
  const gboolean named = may_name (eyes, line);

  md_record_set_text (item, "mark", line->mark);
  md_record_set_text (item, "rule", md_confirmation_rule_to_string (line->rule));
  md_record_set_text (item, "field", named ? line->field : NULL);
  md_record_set_text (item, "state", md_confirmation_state_to_string (line->state));
  md_record_set_text (item, "reasons", named ? line->reasons : NULL);
  md_record_set_text (item, "other", line->other);
  md_record_set_text (item, "author", line->author);
  eyes_put_value (eyes, line->field, line->ours, item, "application", withheld);
  eyes_put_value (eyes, line->field, line->theirs, item, "against", withheld);
  md_record_take (item, "withheld", withheld);
  md_record_set_text (item, "officer", line->officer);
  md_record_set_text (item, "reason", line->reason);
  md_record_set_text (item, "time", line->time);
  return item;
}

MdRecord *
confirm_page_record (const Eyes *eyes, const GPtrArray *lines)
{
  MdRecord *list = md_record_new_list ();

  for (guint i = 0; i < lines->len; i++)
    md_record_append_take (list, line_record (eyes, g_ptr_array_index (lines, i)));
  return list;
}

/* --- The page --- */

ConfirmPage *
confirm_page_new (const Desk *desk, const char *day, const char *branch)
{
  ConfirmPage *self = g_new0 (ConfirmPage, 1);

  self->desk = desk;
  self->day = g_strdup (day);
  self->branch = g_strdup (branch);
  self->rows = md_writer_new (PAGE_MAX);
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
put_cell (MdWriter *out, const char *class, const char *text)
{
  page_put (out, class == NULL ? "<td>" : "<td class=\"");
  if (class != NULL)
    {
      page_put (out, class);
      page_put (out, "\">");
    }
  page_put_escaped (out, text);
  page_put (out, "</td>");
}

static void
put_value (ConfirmPage *self, const Eyes *eyes, const MdConfirmation *line, const char *value)
{
  md_autowipe char *masked = confirm_page_render (eyes, line, value);

  put_cell (self->rows, NULL, masked);
}

static void
put_line (ConfirmPage *self, const Eyes *eyes, const MdConfirmation *line)
{
  const Case *subject = eyes->subject;
  g_autofree char *words = confirm_page_words (eyes, line);
  g_autofree char *settled = confirm_page_settled (line);
  const gboolean open = line->state == MD_CONFIRMATION_OPEN;

  page_put (self->rows, "<tr>");
  put_cell (self->rows, "number", subject->entry->receipt_number);
  put_cell (self->rows, NULL, subject->entry->terminal);
  put_cell (self->rows, NULL, subject->entry->officer);
  put_cell (self->rows, NULL, confirm_page_field_label (eyes, line));
  put_cell (self->rows, NULL, words);
  put_value (self, eyes, line, line->ours);
  put_cell (self->rows, NULL, line->theirs != NULL ? confirm_page_other_label (line) : "");
  put_value (self, eyes, line, line->theirs);
  put_cell (self->rows, "number", line->mark);
  put_cell (self->rows, open ? "seal" : NULL, settled);
  page_put (self->rows, "</tr>\n");
  self->open += open ? 1 : 0;
}

void
confirm_page_add (ConfirmPage *self, const Case *subject, const GPtrArray *lines)
{
  Eyes eyes = eyes_new (self->desk, subject, MD_STEP_PRINT, FALSE);

  eyes.most = MD_VIEW_MASKED;
  self->intakes += lines->len > 0 ? 1 : 0;
  for (guint i = 0; i < lines->len; i++)
    put_line (self, &eyes, g_ptr_array_index (lines, i));
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

  page_put_head (out, _ ("Confirmation list"), style);
  page_put (out, "<p>");
  page_put_escaped (out, which);
  page_put (out, "</p><p>");
  page_put_escaped (out, sum);
  page_put (out, "</p>\n");
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

  page_put (out, "<table><thead><tr>");
  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      page_put (out, "<th>");
      page_put_escaped (out, heads[i]);
      page_put (out, "</th>");
    }
  page_put (out, "</tr></thead><tbody>\n");
  md_writer_bytes (out, data, size);
  page_put (out, "</tbody></table>");
}

gboolean
confirm_page_write (ConfirmPage *self, const char *path, GError **error)
{
  g_autoptr (MdWriter) out = md_writer_new (PAGE_MAX);
  g_autoptr (GBytes) rows = md_writer_finish (self->rows, error);

  if (rows == NULL)
    return FALSE;
  put_head (self, out);
  if (self->intakes > 0)
    put_table (self, out, rows);
  return page_write (out, path, error);
}
