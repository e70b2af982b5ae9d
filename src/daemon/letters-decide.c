// SPDX-License-Identifier: Apache-2.0
/* What an officer's decision says of a letter of delegation, before it is stored: what was
 * accepted, what is left of one that was changed, and that nothing is approved by one that was
 * given back. */
#include "letters.h"

#include <glib/gi18n.h>
#include <string.h>

static gboolean
refuse_decision (GError **error, const char *message)
{
  g_set_error_literal (error, MD_BUS_ERROR, MD_BUS_ERROR_DECISION_INVALID, message);
  return FALSE;
}

/* Procedures that are served here, for as long as the office lets a letter hold. */
static gboolean
check_allowed (Service *self, const MdDelegation *allowed, GError **error)
{
  for (guint i = 0; allowed->procedures[i] != NULL; i++)
    if (md_delegation_is_decided_by (allowed->procedures[i])
        || md_policy_get_procedure (self->policy, allowed->procedures[i]) == NULL)
      return refuse_decision (error,
                              _ ("The decision does not say what the letter of delegation allows, "
                                 "or names a procedure that is not served here. Open the "
                                 "application again and decide anew."));
  return allowed->ended || md_policy_allows_term (self->policy, allowed->from, allowed->to)
         || refuse_decision (error, _ ("The letter of delegation would hold longer than the office "
                                       "allows. Return it, so that its last day is corrected."));
}

/* It takes the place of what the clerk named and what still holds: of two changes that were taken
 * in at the same time the one that is approved later takes the place of nothing. */
static gboolean
check_change (Service *self, const MdOutboxIntake *intake, const MdManifest *manifest,
              const MdDelegation *after, MdOutboxLetter **out_before, GError **error)
{
  g_autofree char *cited = md_outbox_dup_cited (self->outbox, intake->id, error);
  g_autoptr (MdOutboxLetter) letter
      = cited != NULL ? md_outbox_get_letter (self->outbox, cited, error) : NULL;
  MdDelegation before;

  if (letter == NULL)
    return FALSE;
  before = letters_allowed_by (letter);
  if (letter->ended || g_strcmp0 (manifest->delegation_decision, letter->decision_sha256) != 0)
    return refuse_decision (
        error, _ ("The letter of delegation was changed or ended since this was taken "
                  "in. Return it, and take it in anew from what the letter says now."));
  if (!md_delegation_may_follow (after, &before, letter->decision_sha256))
    return refuse_decision (error, _ ("The decision changes something of the letter of delegation "
                                      "that may not be changed, or nothing. Open the application "
                                      "again and decide anew."));
  *out_before = g_steal_pointer (&letter);
  return TRUE;
}

/* By a letter that the office gave back nothing is approved any more. What was approved before
 * stands, and the office looks at it again. */
static gboolean
check_cited_holds (Service *self, const MdOutboxIntake *intake, GError **error)
{
  g_autofree char *cited = md_outbox_dup_cited (self->outbox, intake->id, error);
  g_autoptr (MdOutboxLetter) letter = NULL;

  if (cited == NULL || *cited == '\0')
    return cited != NULL;
  letter = md_outbox_get_letter (self->outbox, cited, NULL); /* NULL: long over, and forgotten */
  if (letter == NULL || letter->given_back == NULL)
    return TRUE;
  return refuse_decision (
      error, _ ("The office gave back the letter of delegation by which this was filed. Return it, "
                "so that it is filed by a new one, or by the person."));
}

gboolean
letters_check_decision (Service *self, const MdOutboxIntake *intake, const MdContainer *container,
                        const MdDecision *decision, MdOutboxLetter **out_before, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (container);
  const gboolean says
      = decision->kind == MD_DECISION_APPROVE && md_delegation_is_decided_by (intake->procedure);
  const gboolean changes = g_str_equal (intake->procedure, MD_DELEGATION_CHANGE);
  const MdDelegation *allowed = decision->delegation;

  if (decision->kind == MD_DECISION_APPROVE && !check_cited_holds (self, intake, error))
    return FALSE;
  if (says != (allowed != NULL) || (allowed != NULL && changes != (allowed->amends != NULL)))
    return refuse_decision (error, _ ("The decision does not say what the letter of delegation "
                                      "allows, or names a procedure that is not served here. Open "
                                      "the application again and decide anew."));
  return allowed == NULL
         || (check_allowed (self, allowed, error)
             && (!changes || check_change (self, intake, manifest, allowed, out_before, error)));
}

char *
letters_describe_change (const MdOutboxLetter *before, const MdDelegation *after)
{
  g_autofree char *from = g_strjoinv (",", before->procedures);
  g_autofree char *to = g_strjoinv (",", after->procedures);

  if (after->ended)
    return g_strdup_printf ("letter=%s change=ended before=%s..%s", before->receipt_number, from,
                            before->to);
  return g_strdup_printf ("letter=%s before=%s..%s after=%s..%s", before->receipt_number, from,
                          before->to, to, after->to);
}
