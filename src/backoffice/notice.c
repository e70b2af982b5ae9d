// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "eyes.h"
#include "notice.h"

#include <glib/gi18n.h>
#include <string.h>

#include "case-private.h"
#include "confirmation.h"
#include "page.h"

static const char style[]
    = "@page{size:A4;margin:20mm}"
      "body{font-family:'BIZ UDMincho','BIZ UDGothic','Noto Sans CJK JP',serif;font-size:11pt;"
      "color:#000}"
      "h1{font-size:18pt;text-align:center;margin:0 0 8mm}p{margin:0 0 4mm}"
      "table{border-collapse:collapse;width:100%;margin:0 0 6mm}tr{break-inside:avoid}"
      "th,td{border:0.3mm solid #000;padding:2mm;text-align:left;vertical-align:top}"
      "th{background:#e8e8e8;width:42mm;font-weight:normal}"
      "td.seal{height:18mm}";

/* --- Making --- */

typedef struct
{
  const Case *subject;
  const Desk *desk;
  const GPtrArray *lines;
} Making;

static guint
add_lines (MdNotice *notice, const Case *subject, const GPtrArray *lines)
{
  if (subject->one_alone)
    md_notice_add_line (notice, md_confirmation_rule_to_string (MD_CONFIRMATION_ONE_OFFICER), "");
  if (subject->letter_alone)
    md_notice_add_line (notice, md_confirmation_rule_to_string (MD_CONFIRMATION_LETTER_ONE_OFFICER),
                        "");
  for (guint i = 0; i < lines->len && notice->lines->len < MD_NOTICE_MAX_LINES; i++)
    {
      const MdConfirmation *line = g_ptr_array_index (lines, i);

      if (confirmation_is_denied (line))
        md_notice_add_line (notice, md_confirmation_rule_to_string (line->rule), line->field);
    }
  return notice->lines->len;
}

/* In the ledger's transaction, which has just given the number. */
static GBytes *
sign (const MdLedgerNotice *numbered, const char *previous, gpointer user_data, GError **error)
{
  const Making *making = user_data;
  const MdLedgerEntry *entry = making->subject->entry;
  g_autoptr (MdNotice) notice = md_notice_new ();

  notice->office = g_strdup (numbered->office);
  notice->terminal = g_strdup (numbered->terminal);
  notice->number = numbered->number;
  notice->previous = g_strdup (previous);
  notice->intake = g_strdup (numbered->intake);
  notice->receipt_number = g_strdup (entry->receipt_number);
  notice->procedure = g_strdup (entry->procedure);
  notice->container = g_strdup (entry->digest);
  notice->officer = g_strdup (numbered->officer);
  notice->reason = g_strdup (numbered->reason);
  notice->time = g_strdup (numbered->time);
  (void)add_lines (notice, making->subject, making->lines);
  return md_notice_sign (notice, making->desk->notice_key, making->desk->notice_certificate,
                         g_get_real_time () / G_TIME_SPAN_SECOND, error);
}

/* Whether there is what @reason says. */
static gboolean
has_ground (const Case *self, const GPtrArray *lines, const char *reason, GError **error)
{
  g_autoptr (MdNotice) probe = md_notice_new ();
  const char *number = self->entry->receipt_number;

  if (case_is_agreed (self, NULL) && g_str_equal (reason, MD_RETURN_REASON_SECOND))
    {
      g_set_error (error, CASE_ERROR, CASE_ERROR_MISSING,
                   _ ("As many officers agree on intake %s as its form asks for, so there is "
                      "nothing to return it for."),
                   number);
      return FALSE;
    }
  if (add_lines (probe, self, lines) > 0)
    return TRUE;
  g_set_error (
      error, CASE_ERROR, CASE_ERROR_MISSING,
      _ ("No line of the confirmation list of intake %s was refused, so there is nothing to "
         "return it for. A second person refuses lines with \"confirm %s MARK... --refuse "
         "--reason CODE\"."),
      number, number);
  return FALSE;
}

static MdLedgerNotice *
find (const Case *self, const Desk *desk, GError **error)
{
  g_autoptr (GError) local = NULL;
  MdLedgerNotice *notice = md_ledger_look_up_notice (desk->ledger, self->entry->intake, &local);

  if (notice == NULL && !g_error_matches (local, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING))
    (void)_case_store_failed (error, local);
  return notice;
}

static gboolean
add (Making *making, const NoticeBy *by, gboolean *out_new, GError **error)
{
  const MdLedgerEntry *entry = making->subject->entry;
  g_autofree char *time = md_time_format_rfc3339 (md_clock_get_wall_us (md_clock_get_system ()));
  g_autofree char *who = g_strdup (by->officer);
  g_autofree char *why = g_strdup (by->reason);
  const MdLedgerNotice notice = { .office = entry->office,
                                  .terminal = entry->terminal,
                                  .intake = entry->intake,
                                  .officer = who,
                                  .reason = why,
                                  .time = time };
  g_autoptr (GError) local = NULL;

  *out_new = md_ledger_add_notice (making->desk->ledger, &notice, sign, making, &local);
  /* Another desk was quicker: theirs counts. */
  return *out_new || g_error_matches (local, MD_LEDGER_ERROR, MD_LEDGER_ERROR_NOTICED)
         || _case_store_failed (error, local);
}

MdLedgerNotice *
notice_make (const Case *self, const Desk *desk, const GPtrArray *lines, const NoticeBy *by,
             gboolean *out_new, GError **error)
{
  Making making = { self, desk, lines };
  g_autoptr (GError) local = NULL;
  MdLedgerNotice *notice = find (self, desk, &local);

  *out_new = FALSE;
  if (notice != NULL)
    return notice;
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (!has_ground (self, lines, by->reason, error) || !add (&making, by, out_new, error))
    return NULL;
  return find (self, desk, error);
}

gboolean
notice_is_none (const Case *self, const Desk *desk, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (MdLedgerNotice) notice = find (self, desk, &local);

  if (notice == NULL && local == NULL)
    return TRUE;
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else
    g_set_error (error, CASE_ERROR, CASE_ERROR_DENIED,
                 _ ("Intake %s was returned to terminal %s by notice %u, to be taken in again. Do "
                    "not work on it."),
                 self->entry->receipt_number, notice->terminal, notice->number);
  return FALSE;
}

/* --- On paper --- */

static void
put_row (MdWriter *out, const char *label, const char *value)
{
  page_put (out, "<tr><th>");
  page_put_escaped (out, label);
  page_put (out, "</th><td>");
  page_put_escaped (out, value);
  page_put (out, "</td></tr>\n");
}

/* The lines as the signed notice has them: what is printed years later is what was said. */
static void
put_lines (MdWriter *out, const MdNotice *notice, const Eyes *eyes)
{
  for (guint i = 0; i < notice->lines->len; i++)
    {
      const MdNoticeLine *line = g_ptr_array_index (notice->lines, i);
      MdConfirmationRule rule = MD_CONFIRMATION_ITEM_DIFFERS;
      const gboolean known = md_confirmation_rule_from_string (line->rule, &rule);
      g_autofree char *paper = known && rule == MD_CONFIRMATION_PAPER_WAIVED
                                   ? eyes_dup_paper_name (eyes, line->field)
                                   : NULL;

      put_row (out, paper != NULL ? paper : eyes_get_name (eyes, line->field),
               known ? md_confirmation_rule_get_label (rule) : line->rule);
    }
}

static void
put_facts (MdWriter *out, const MdNotice *notice, const Desk *desk, MdForm *form)
{
  const MdPolicyTerminal *terminal = md_policy_get_terminal (desk->policy, notice->terminal);
  const char *counter = terminal == NULL          ? ""
                        : md_forms_in_japanese () ? terminal->counter_ja
                                                  : terminal->counter_en;
  const char *reason = md_return_reason_get_label (notice->reason);
  g_autofree char *whom = g_strdup_printf ("%s  %s", counter, notice->terminal);
  g_autofree char *number = g_strdup_printf ("%u", notice->number);
  g_autofree char *when = NULL;
  gint64 time = 0;

  if (md_time_parse_rfc3339 (notice->time, &time, NULL))
    when = md_time_format_tokyo (time,
                                 md_forms_in_japanese () ? MD_TIME_STYLE_ERA : MD_TIME_STYLE_ISO);
  put_row (out, _ ("To the counter"), whom);
  put_row (out, _ ("Number of the notice"), number);
  put_row (out, _ ("Date"), when);
  put_row (out, _ ("Receipt number"), notice->receipt_number);
  put_row (out, _ ("Procedure"), form != NULL ? md_form_get_title (form) : notice->procedure);
  put_row (out, _ ("Reason"), reason != NULL ? reason : notice->reason);
  put_row (out, _ ("Returned by"), notice->officer);
}

static MdNotice *
open_notice (const MdLedgerNotice *stored, const Desk *desk, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (MdTrust) trust = md_trust_new (MD_TRUST_PROFILE_SIGNER);
  MdNotice *notice = NULL;

  md_trust_add_anchor (trust, desk->notice_certificate);
  md_trust_set_allow_test (trust, TRUE);
  notice = md_notice_verify (stored->body, trust, 0, &local);
  if (notice == NULL)
    (void)_case_forged (error, stored->intake, local->message);
  return notice;
}

gboolean
notice_print (const MdLedgerNotice *stored, const Case *self, const Desk *desk, const char *path,
              GError **error)
{
  g_autoptr (MdNotice) notice = open_notice (stored, desk, error);
  g_autoptr (MdWriter) out = md_writer_new (PAGE_MAX);
  MdForm *form = desk_find_form (desk, md_container_get_manifest (self->container));
  const Eyes eyes = eyes_new (desk, self, MD_STEP_PRINT, FALSE);
  const char *advice = notice != NULL ? md_return_reason_get_advice (notice->reason) : NULL;

  if (notice == NULL)
    return FALSE;
  page_put_head (out, _ ("Request to take an application in again"), style);
  page_put (out, "<p>");
  page_put_escaped (out, md_policy_get_office_name (desk->policy, md_forms_in_japanese ()));
  page_put (out, "</p><p>");
  page_put_escaped (
      out, g_str_equal (notice->reason, MD_RETURN_REASON_SECOND)
               ? _ ("The back office cannot work on this application. Please take it in again.")
               : _ ("A second person looked at the confirmation list and did not let the "
                    "following stand. Please take the application in again."));
  page_put (out, "</p><table>\n");
  put_facts (out, notice, desk, form);
  page_put (out, "</table><table>\n");
  put_lines (out, notice, &eyes);
  page_put (out, "</table><p>");
  page_put_escaped (out, advice);
  page_put (out, "</p><table><tr><th>");
  page_put_escaped (out, _ ("Received at the counter, day and seal"));
  page_put (out, "</th><td class=\"seal\"></td></tr></table>");
  return page_write (out, path, error);
}
