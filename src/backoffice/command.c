// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "command.h"

#include "addition.h"
#include "eyes.h"
#include "plain.h"

#include <glib/gi18n.h>
#include <string.h>

#define PAGE 200u

int
command_complain (const GError *error)
{
  static const int statuses[] = {
    [CASE_ERROR_MISSING] = STATUS_MISSING,
    [CASE_ERROR_STORE] = STATUS_FAILED,
    [CASE_ERROR_FORGED] = STATUS_FORGED,
    [CASE_ERROR_PENDING] = STATUS_PENDING,
    [CASE_ERROR_UNOPENED] = STATUS_UNOPENED,
    [CASE_ERROR_DEFERRED] = STATUS_DEFERRED,
    [CASE_ERROR_REVOKED] = STATUS_FORGED,
    [CASE_ERROR_HELD] = STATUS_HELD,
    [CASE_ERROR_UNCONFIRMED] = STATUS_UNCONFIRMED,
    [CASE_ERROR_DENIED] = STATUS_DENIED,
    [CASE_ERROR_SAME_PERSON] = STATUS_USAGE,
    [CASE_ERROR_SETTINGS] = STATUS_SETTINGS,
    [CASE_ERROR_UNFIT] = STATUS_UNFIT,
    [CASE_ERROR_SECOND] = STATUS_PENDING,
    [CASE_ERROR_KEPT] = STATUS_KEPT,
    [CASE_ERROR_OFTEN] = STATUS_OFTEN,
  };

  g_autofree char *plain = plain_dup (error->message);

  g_printerr ("madoguchi-backoffice: %s\n", plain);
  return error->domain == CASE_ERROR ? statuses[error->code] : STATUS_FAILED;
}

/* What waits for somebody tells less than what is wrong. */
static int
rank (int status)
{
  switch (status)
    {
    case STATUS_FINE:
      return 0;
    case STATUS_DEFERRED:
      return 1;
    case STATUS_HELD:
      return 2;
    case STATUS_UNCONFIRMED:
      return 3;
    case STATUS_DENIED:
      return 4;
    default:
      return 4 + status;
    }
}

int
command_worse (int one, int other)
{
  return rank (one) >= rank (other) ? one : other;
}

gboolean
command_record (const Desk *desk, const Options *options, const char *event, const Case *subject,
                GError **error)
{
  const Eyes eyes = eyes_new (desk, subject, MD_STEP_DESK, options->reveal);
  const char *seen = options->reveal ? "revealed" : "masked";
  const gboolean written = eyes_find_number (&eyes);
  g_autofree char *detail = g_strdup_printf ("state=%s number=%s%s%s", case_state (subject),
                                             subject->number == NULL ? "absent" : seen,
                                             written ? " written=" : "", written ? seen : "");
  MdAuditEntry entry = {
    .event = event,
    .outcome = MD_AUDIT_DONE,
    .staff = options->officer,
    .reason = options->reason,
    .object = subject->entry->intake,
    .digest = subject->entry->digest,
    .detail = detail,
  };

  return md_ledger_note (desk->ledger, &entry, error);
}

void
command_record_refusal (const Desk *desk, const Options *options, const char *event,
                        const char *name, const GError *cause)
{
  const gboolean often = g_error_matches (cause, CASE_ERROR, CASE_ERROR_OFTEN);
  g_autofree char *detail
      = often ? g_strdup ("cause=too-often") : g_strdup_printf ("code=%d", cause->code);
  MdAuditEntry entry = {
    .event = event,
    .outcome = MD_AUDIT_REFUSED,
    .staff = options->officer,
    .reason = options->reason,
    .object = name != NULL && case_is_name (name) ? name : NULL,
    .detail = detail,
  };
  g_autoptr (GError) error = NULL;

  if (!md_ledger_note (desk->ledger, &entry, &error))
    g_printerr ("madoguchi-backoffice: %s\n", error->message);
}

gboolean
command_may_look (const Desk *desk, const Options *options, GError **error)
{
  const gint64 now = md_clock_get_wall_us (md_clock_get_system ());
  g_autofree char *since = md_time_format_rfc3339 (now - 10 * G_TIME_SPAN_MINUTE);
  g_autoptr (GError) local = NULL;
  guint looked = 0;

  if (!md_ledger_count_looks (desk->ledger, options->officer, since, &looked, &local))
    g_set_error_literal (error, CASE_ERROR, CASE_ERROR_STORE, local->message);
  else if (looked >= desk->most)
    g_set_error (
        error, CASE_ERROR, CASE_ERROR_OFTEN,
        _ ("%s has opened %u different intakes in ten minutes. Nothing more is shown until "
           "some of that time has passed, and that it was asked for is recorded. If the "
           "work needs so many, tell the person responsible for the system."),
        options->officer, looked);
  else
    return TRUE;
  return FALSE;
}

gboolean
command_open (Case *subject, const Desk *desk, const Options *options, GError **error)
{
  if (strcmp (case_state (subject), "approved") != 0 && !options->pending)
    {
      g_set_error (error, CASE_ERROR, CASE_ERROR_PENDING,
                   _ ("Intake %s is not approved (it is \"%s\"). Only approved intakes are opened; "
                      "--pending opens it all the same."),
                   subject->entry->receipt_number, case_state (subject));
      return FALSE;
    }
  if (!options->pending && !case_is_agreed (subject, error))
    return FALSE;
  if (!case_open (subject, desk, error) || !additions_read (subject, desk, error))
    return FALSE;
  return desk->vault_key == NULL && !options->reveal ? TRUE
                                                     : case_open_number (subject, desk, error);
}

int
command_each (Desk *desk, const Options *options, CommandEach each, gpointer user_data)
{
  guint64 after = 0;
  int status = STATUS_FINE;

  while (TRUE)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) page = md_ledger_list (desk->ledger, after, PAGE, &error);

      if (page == NULL)
        return command_complain (error);
      if (page->len == 0)
        return status;
      for (guint i = 0; i < page->len; i++)
        {
          const MdLedgerEntry *entry = page->pdata[i];

          after = entry->sequence;
          if (entry->n == 1)
            status = command_worse (status, each (desk, options, entry, user_data));
        }
    }
}

int
command_each_named (Desk *desk, const Options *options, int n, char **names, const char *event,
                    CommandEach each, gpointer user_data)
{
  int status = STATUS_FINE;

  if (options->all)
    return command_each (desk, options, each, user_data);
  for (int i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdLedgerEntry) entry = case_find (desk, names[i], &error);

      if (entry == NULL)
        command_record_refusal (desk, options, event, names[i], error);
      status = command_worse (status, entry == NULL ? command_complain (error)
                                                    : each (desk, options, entry, user_data));
    }
  return status;
}
