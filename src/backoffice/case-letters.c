// SPDX-License-Identifier: Apache-2.0
/* Letters of delegation (委任状): that an intake is filed by one that was accepted and covers it,
 * and, with both opened, that the letter is of these very people. */
#include "config.h"

#include "case-private.h"

#include <string.h>

static const char *
value (const char *field, gpointer values)
{
  return md_record_get_text (values, field);
}

/* --- By what the ledger holds --- */

/* The letter, examined as every intake is; NULL with ERROR. */
static Case *
examine_letter (const Case *self, const Desk *desk, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  g_autoptr (GError) local = NULL;
  g_autoptr (MdLedgerEntry) entry = NULL;

  /* A letter is filed by its principal. */
  if (strcmp (manifest->procedure, MD_DELEGATION_PROCEDURE) == 0)
    {
      (void)_case_forged (error, self->entry->intake, "a letter of delegation is filed by another");
      return NULL;
    }
  entry = md_ledger_look_up (desk->ledger, manifest->delegation_intake, 1, &local);
  if (entry == NULL)
    {
      (void)_case_store_failed (error, local);
      return NULL;
    }
  if (strcmp (entry->procedure, MD_DELEGATION_PROCEDURE) != 0
      || strcmp (entry->receipt_number, manifest->delegation_number) != 0)
    {
      (void)_case_forged (error, self->entry->intake,
                          "what it is filed by is no letter of delegation of that number");
      return NULL;
    }
  return case_examine_entry (desk, entry, NULL, error);
}

static char *
dup_digest (const Case *decided)
{
  g_autoptr (MdDecisionFiles) files
      = decided->decision != NULL && decided->decision->delegation != NULL
            ? md_container_dup_decision (decided->container, decided->decision->n)
            : NULL;

  return files != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, files->decision) : NULL;
}

/* What became of the letter, examined as every intake is, and so with what it changed itself: the
 * chain of decisions leads to the one that accepted the letter, and to no place twice. NULL with
 * ERROR. */
static Case *
examine_change (const Case *self, const Desk *desk, const char *intake, GError **error)
{
  const char *letter = md_container_get_manifest (self->container)->delegation_intake;
  g_autoptr (GError) local = NULL;
  g_autoptr (MdLedgerEntry) entry = md_ledger_look_up (desk->ledger, intake, 1, &local);
  g_autoptr (Case) change = NULL;

  if (entry == NULL)
    {
      (void)_case_store_failed (error, local);
      return NULL;
    }
  if (strcmp (entry->procedure, MD_DELEGATION_CHANGE) == 0
      && strcmp (entry->intake, self->entry->intake) != 0)
    change = case_examine_entry (desk, entry, NULL, error);
  else
    (void)_case_forged (error, self->entry->intake,
                        "what it is filed by is no change of a letter of delegation");
  if (change != NULL
      && g_strcmp0 (md_container_get_manifest (change->container)->delegation_intake, letter) != 0)
    {
      (void)_case_forged (error, self->entry->intake,
                          "what it is filed by changed another letter of delegation");
      return NULL;
    }
  return g_steal_pointer (&change);
}

/* Nothing had taken the place of that decision when this one came: by the order of the store, and
 * by no clock. */
static gboolean
check_order (const Case *self, const MdLedgerLetter *place, GError **error)
{
  return place->changed_at == 0 || place->changed_at > self->entry->sequence
         || _case_forged (error, self->entry->intake,
                          "the letter of delegation had been changed or ended before it came");
}

/* Given back to the counter by a notice, the letter, or a change that it rests on, does not count
 * any more. Whether this one was approved before, no order of the store tells: a second person
 * looks at it in any case. */
static gboolean
find_notice (Case *self, const Desk *desk, const char *given_back, GError **error)
{
  const char *letter = md_container_get_manifest (self->container)->delegation_intake;
  g_autoptr (GError) local = NULL;
  g_autoptr (MdLedgerNotice) notice
      = md_ledger_look_up_notice (desk->ledger, given_back != NULL ? given_back : letter, &local);

  if (notice == NULL)
    return g_error_matches (local, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING)
           || _case_store_failed (error, local);
  g_free (self->letter_returned);
  self->letter_returned = g_strdup (notice->time);
  return TRUE;
}

/* What the letter allowed by the decision that the manifest names; NULL with ERROR. */
static MdDelegation *
find_allowed (Case *self, const Desk *desk, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  const char *named = manifest->delegation_decision;
  g_autoptr (Case) decided = examine_letter (self, desk, error);
  g_auto (MdLedgerLetter) place = { 0 };
  g_autoptr (GError) local = NULL;
  g_autofree char *digest = NULL;

  if (decided == NULL)
    return NULL;
  if (!md_ledger_look_up_letter (desk->ledger, named, &place, &local))
    {
      (void)_case_store_failed (error, local);
      return NULL;
    }
  if (!check_order (self, &place, error) || !find_notice (self, desk, place.given_back, error))
    return NULL;
  if (place.intake != NULL && strcmp (place.intake, manifest->delegation_intake) != 0)
    {
      g_clear_pointer (&decided, case_free);
      decided = examine_change (self, desk, place.intake, error);
    }
  if (decided == NULL)
    return NULL;
  digest = dup_digest (decided);
  self->letter_alone = decided->one_alone || decided->letter_alone;
  if (g_strcmp0 (digest, named) == 0)
    return md_delegation_copy (decided->decision->delegation);
  (void)_case_forged (error, self->entry->intake,
                      "the letter of delegation was not accepted by the decision it names");
  return NULL;
}

/* What was approved of a change changes what may be changed. */
static gboolean
check_follows (const Case *self, const MdDelegation *before, GError **error)
{
  const MdDelegation *after = self->decision != NULL ? self->decision->delegation : NULL;

  return strcmp (self->entry->procedure, MD_DELEGATION_CHANGE) != 0 || after == NULL
         || md_delegation_may_follow (
             after, before, md_container_get_manifest (self->container)->delegation_decision)
         || _case_forged (error, self->entry->intake,
                          "something of the letter of delegation was changed that may not be");
}

gboolean
_case_check_letter (Case *self, const Desk *desk, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  g_autofree char *day = md_manifest_dup_day (manifest);
  g_autoptr (MdDelegation) allowed = NULL;
  MdDelegationFinding finding;

  if (manifest->delegation_intake == NULL)
    return strcmp (manifest->procedure, MD_DELEGATION_CHANGE) != 0
           || _case_forged (error, self->entry->intake,
                            "it does not say which letter of delegation is to be changed");
  _case_begin (self, "delegation");
  allowed = find_allowed (self, desk, error);
  if (allowed == NULL)
    return FALSE;
  if (day == NULL)
    return _case_forged (error, self->entry->intake, "it does not say when it was filed");
  finding = md_delegation_judge (allowed, manifest->procedure, day);
  if (finding != MD_DELEGATION_COVERS)
    {
      g_autofree char *what = g_strdup_printf ("the letter of delegation does not cover it (%s)",
                                               md_delegation_finding_to_string (finding));

      return _case_forged (error, self->entry->intake, what);
    }
  if (!check_follows (self, allowed, error))
    return FALSE;
  self->letter = g_steal_pointer (&allowed);
  _case_passed (self, "letter %s was accepted and covers it", manifest->delegation_number);
  if (self->letter_returned != NULL && self->trail != NULL)
    case_trail_add (self->trail, CASE_CHECK_OPEN, "the letter was given back to the counter");
  if (self->letter_alone && self->trail != NULL)
    case_trail_add (self->trail, CASE_CHECK_OPEN,
                    "one officer accepted the letter, its form asks for two");
  return TRUE;
}

/* --- With both opened --- */

/* What the letter says, or what is left of one by what its change says. */
static MdDelegation *
read_own (const Case *self)
{
  g_autoptr (GBytes) principal = md_naming_digest_fields (value, self->values, "p.name", "p.birth");
  g_autoptr (GBytes) delegate = md_naming_digest_delegate (value, self->values);
  const MdDelegationPeople people = { principal, delegate };

  if (strcmp (self->entry->procedure, MD_DELEGATION_CHANGE) != 0)
    return md_delegation_new_from_form (self->entry->intake, value, self->values, &people);
  return self->letter != NULL ? md_delegation_new_changed (
             self->letter, md_container_get_manifest (self->container)->delegation_decision, value,
             self->values)
                              : NULL;
}

/* What the officer signed of a letter is what the letter says. */
static gboolean
check_own (Case *self, GError **error)
{
  g_autoptr (MdDelegation) said = read_own (self);

  if (self->decision == NULL || self->decision->delegation == NULL)
    return TRUE;
  _case_begin (self, "delegation");
  if (said == NULL || !md_delegation_equal (said, self->decision->delegation))
    return _case_forged (error, self->entry->intake,
                         "the officer accepted something else than the letter says");
  _case_passed (self, "what was accepted is what the letter says");
  return TRUE;
}

/* Principal and delegate are those of the letter: by its code, which both sealed parts hold. */
static gboolean
is_of_letter (const Case *self)
{
  g_autoptr (GBytes) principal = md_naming_digest_fields (value, self->values, "p.name", "p.birth");
  g_autoptr (GBytes) delegate = md_naming_digest_delegate (value, self->values);
  const MdDelegationPeople people = { principal, delegate };

  return md_delegation_is_of (self->letter,
                              md_container_get_manifest (self->container)->delegation_intake,
                              value ("a.deleg_code", self->values), &people);
}

gboolean
_case_check_delegation (Case *self, GError **error)
{
  const char *number = md_container_get_manifest (self->container)->delegation_number;

  if (!check_own (self, error))
    return FALSE;
  if (g_strcmp0 (value ("a.deleg_id", self->values), number) != 0)
    return _case_forged (error, self->entry->intake,
                         "the contents name another letter of delegation than the manifest");
  if (self->letter == NULL)
    return TRUE;
  _case_begin (self, "delegation");
  if (!is_of_letter (self))
    return _case_forged (error, self->entry->intake, "the letter of delegation is of other people");
  _case_passed (self, "the letter is of this principal and this delegate");
  return TRUE;
}
