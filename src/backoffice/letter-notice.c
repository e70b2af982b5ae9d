// SPDX-License-Identifier: Apache-2.0
/* The command "letter-notice": what the applicant is told of a letter of delegation that was
 * amended or ended, as a page to be printed and sent (通知). */
#include "config.h"

#include "command.h"
#include "eyes.h"
#include "notice.h"
#include "page.h"

#include <glib/gi18n.h>
#include <string.h>

static const char style[]
    = "@page{size:A4;margin:25mm 22mm}"
      "body{font-family:'BIZ UDGothic','Noto Sans CJK JP',sans-serif;font-size:11pt;color:#000}"
      "h1{font-size:15pt;text-align:center;margin:12mm 0}p{margin:0 0 4mm;line-height:1.7}"
      "p.from{text-align:right}"
      "table{border-collapse:collapse;width:100%;margin:6mm 0}"
      "th,td{border:0.3mm solid #000;padding:2mm;text-align:left;vertical-align:top}"
      "th{background:#e8e8e8;white-space:nowrap}";

typedef struct
{
  const Desk *desk;
  const Case *subject;
  const MdDelegation *before, *after;
} Notice;

/* As it may stand on paper. */
static const char *
value_of (const Notice *self, const char *field)
{
  const Eyes eyes = eyes_new (self->desk, self->subject, MD_STEP_PRINT, FALSE);

  return md_record_as_text (eyes_get (&eyes, self->subject->values, field));
}

static char *
day_in_words (const char *text)
{
  MdDate day;

  if (!md_date_parse (text, &day, NULL))
    return g_strdup (text);
  return md_forms_in_japanese () ? md_era_format (&day) : md_date_format_iso (&day);
}

/* The day in Japan on which the officer approved it. */
static char *
decided_on (const Notice *self)
{
  g_autofree char *iso = NULL;
  gint64 time = 0;
  MdDate day;

  if (!md_time_parse_rfc3339 (self->subject->decision->time, &time, NULL))
    return g_strdup ("");
  md_date_from_wall_us (time, &day);
  iso = md_date_format_iso (&day);
  return day_in_words (iso);
}

/* The procedures by their titles, one a line. */
static char *
titles_of (const Notice *self, const MdDelegation *letter)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; letter->procedures[i] != NULL; i++)
    {
      MdForm *form = self->desk->catalogue != NULL
                         ? md_catalogue_get_form (self->desk->catalogue, letter->procedures[i])
                         : NULL;

      g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "",
                              form != NULL ? md_form_get_title (form) : letter->procedures[i]);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
put_paragraph (MdWriter *out, const char *class, const char *text)
{
  page_put (out, "<p class=\"");
  page_put (out, class);
  page_put (out, "\">");
  page_put_escaped (out, text);
  page_put (out, "</p>");
}

static void
put_row (MdWriter *out, const char *label, const char *one, const char *other)
{
  page_put (out, "<tr><th>");
  page_put_escaped (out, label);
  page_put (out, "</th><td>");
  page_put_escaped (out, one);
  if (other != NULL)
    {
      page_put (out, "</td><td>");
      page_put_escaped (out, other);
    }
  page_put (out, "</td></tr>");
}

/* To whom it goes, and from which office. */
static void
put_parties (const Notice *self, MdWriter *out)
{
  const char *office = md_policy_get_office_name (self->desk->policy, md_forms_in_japanese ());
  const char *zip = value_of (self, "p.zip");
  const char *katagaki = value_of (self, "p.katagaki");
  const char *name = value_of (self, "p.name");
  md_autowipe char *to
      = g_strdup_printf ("%s%s%s%s%s", zip != NULL ? zip : "", zip != NULL ? "\n" : "",
                         value_of (self, "p.addr") != NULL ? value_of (self, "p.addr") : "",
                         katagaki != NULL ? "\n" : "", katagaki != NULL ? katagaki : "");
  md_autowipe char *whom = g_strdup_printf (_ ("To %s"), name != NULL ? name : "");
  g_autofree char *day = decided_on (self);

  put_paragraph (out, "from", day);
  put_paragraph (out, "to", to);
  put_paragraph (out, "to", whom);
  put_paragraph (out, "from", office);
}

static void
put_change (const Notice *self, MdWriter *out)
{
  g_autofree char *titles = titles_of (self, self->before);
  g_autofree char *titles_after = titles_of (self, self->after);
  g_autofree char *day = day_in_words (self->before->to);
  g_autofree char *day_after = day_in_words (self->after->to);

  page_put (out, "<table>");
  if (self->after->ended)
    put_row (out, _ ("Procedures of the letter"), titles, NULL);
  else
    {
      put_row (out, "", _ ("Before"), _ ("From now on"));
      put_row (out, _ ("Procedures of the letter"), titles, titles_after);
      put_row (out, _ ("Last day of the letter"), day, day_after);
    }
  page_put (out, "</table>");
}

/* Why, and what the applicant is to know beside. */
static void
put_reasons (const Notice *self, MdWriter *out)
{
  MdForm *form = desk_find_form (self->desk, md_container_get_manifest (self->subject->container));
  MdField *field = form != NULL ? md_form_get_field (form, "g.change_why") : NULL;
  const char *why = value_of (self, "g.change_why");
  const char *label = field != NULL && why != NULL ? md_field_get_option_label (field, why) : why;

  page_put (out, "<table>");
  put_row (out, _ ("Letter of delegation"),
           md_container_get_manifest (self->subject->container)->delegation_number, NULL);
  put_row (out, _ ("Why"), label != NULL ? label : "", NULL);
  put_row (out, _ ("Message"), value_of (self, "m.msg"), NULL);
  put_row (out, _ ("Receipt number of the change"), self->subject->entry->receipt_number, NULL);
  page_put (out, "</table>");
}

static gboolean
write_notice (const Notice *self, const char *path, GError **error)
{
  g_autoptr (MdWriter) out = md_writer_new (PAGE_MAX);
  const gboolean ended = self->after->ended;

  page_put_head (out,
                 ended ? _ ("Notice: your letter of delegation was ended")
                       : _ ("Notice: your letter of delegation was amended"),
                 style);
  put_parties (self, out);
  put_paragraph (out, "text",
                 ended ? _ ("The letter of delegation below was ended. Your delegate cannot file "
                            "anything by it any more.")
                       : _ ("The letter of delegation below was amended as follows. Number and "
                            "code stay as they are."));
  put_change (self, out);
  put_reasons (self, out);
  put_paragraph (out, "text",
                 _ ("If this is not what you wish, tell the office at once, with this notice."));
  return page_write (out, path, error);
}

static gboolean
check_change (const Case *subject, GError **error)
{
  if (strcmp (subject->entry->procedure, MD_DELEGATION_CHANGE) == 0 && subject->decision != NULL
      && subject->decision->delegation != NULL && subject->letter != NULL)
    return TRUE;
  g_set_error (error, CASE_ERROR, CASE_ERROR_PENDING,
               _ ("Intake %s is no approved change of a letter of delegation, so there is nothing "
                  "to tell the applicant."),
               subject->entry->receipt_number);
  return FALSE;
}

/* Nobody is told that a letter says something else now that does not count any more. */
static gboolean
check_letter (const Case *subject, GError **error)
{
  if (subject->letter_returned == NULL)
    return TRUE;
  g_set_error (error, CASE_ERROR, CASE_ERROR_DENIED,
               _ ("The letter of delegation %s was given back to the counter. There is nothing to "
                  "tell the applicant but that."),
               md_container_get_manifest (subject->container)->delegation_number);
  return FALSE;
}

/* A notice without a name, an address or what it has to say is none: it is not printed at all. */
static gboolean
check_paper (const Notice *self, GError **error)
{
  static const char *const fields[]
      = { "p.name", "p.addr", "p.zip", "p.katagaki", "g.change_why", "m.msg" };
  const Eyes eyes = eyes_new (self->desk, self->subject, MD_STEP_PRINT, FALSE);
  MdForm *form = desk_find_form (self->desk, md_container_get_manifest (self->subject->container));

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (md_record_get (self->subject->values, fields[i]) != NULL
        && eyes_get (&eyes, self->subject->values, fields[i]) == NULL)
      {
        g_set_error (error, CASE_ERROR, CASE_ERROR_KEPT,
                     _ ("The policy does not let this desk print \"%s\" of intake %s, which the "
                        "notice has to bear. Nothing was printed; ask the administrator for a "
                        "desk that may."),
                     md_field_get_label (md_form_get_field (form, fields[i])),
                     self->subject->entry->receipt_number);
        return FALSE;
      }
  return TRUE;
}

int
command_letter_notice (Desk *desk, const Options *options, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Case) subject = NULL;
  Notice notice = { 0 };

  if (options->print == NULL)
    {
      g_printerr (_ ("madoguchi-backoffice: say where the notice goes with --print FILE\n"));
      return STATUS_USAGE;
    }
  subject = case_examine (desk, argv[0], &error);
  notice = (Notice){ .desk = desk, .subject = subject };
  if (subject == NULL || !command_open (subject, desk, options, &error)
      || !check_change (subject, &error) || !case_is_agreed (subject, &error)
      || !check_letter (subject, &error) || !case_is_released (subject, &error)
      || !notice_is_none (subject, desk, &error) || !check_paper (&notice, &error))
    {
      command_record_refusal (desk, options, "print",
                              subject != NULL ? subject->entry->intake : argv[0], error);
      return command_complain (error);
    }
  notice.before = subject->letter;
  notice.after = subject->decision->delegation;
  if (!command_record (desk, options, "print", subject, &error)
      || !write_notice (&notice, options->print, &error))
    return command_complain (error);
  return STATUS_FINE;
}
