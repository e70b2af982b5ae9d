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

/* What stands for the person of these two fields; NULL where one is missing. */
static GBytes *
digest_who (const Case *self, const char *name, const char *birth)
{
  const MdNamed named
      = { .name = value (name, self->values), .birth = value (birth, self->values) };

  return md_naming_digest_who (&named);
}

/* --- By what the ledger holds --- */

/* The letter, examined as every intake is; NULL with ERROR. */
static Case *
examine_letter (const Case *self, const Desk *desk, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  g_autoptr (GError) local = NULL;
  g_autoptr (MdLedgerEntry) entry = NULL;

  /* A letter is filed by its principal, so that this goes no deeper. */
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

/* The decision that the manifest names is the one that approved the letter. */
static gboolean
is_accepted (const Case *self, const Case *letter)
{
  g_autoptr (MdDecisionFiles) files
      = letter->decision != NULL && letter->decision->delegation != NULL
            ? md_container_dup_decision (letter->container, letter->decision->n)
            : NULL;
  g_autofree char *digest
      = files != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, files->decision) : NULL;

  return g_strcmp0 (digest, md_container_get_manifest (self->container)->delegation_decision) == 0;
}

gboolean
_case_check_letter (Case *self, const Desk *desk, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  g_autoptr (Case) letter = NULL;
  g_autofree char *day = NULL;
  MdDelegationFinding finding;
  gint64 wall = 0;
  MdDate date;

  if (manifest->delegation_intake == NULL)
    return TRUE;
  _case_begin (self, "delegation");
  letter = examine_letter (self, desk, error);
  if (letter == NULL)
    return FALSE;
  if (!is_accepted (self, letter))
    return _case_forged (error, self->entry->intake,
                         "the letter of delegation was not accepted by the decision it names");
  if (!md_time_parse_rfc3339 (manifest->wall, &wall, error))
    return FALSE;
  md_date_from_wall_us (wall, &date);
  day = md_date_format_iso (&date);
  finding = md_delegation_judge (letter->decision->delegation, manifest->procedure, day);
  if (finding != MD_DELEGATION_COVERS)
    {
      g_autofree char *what = g_strdup_printf ("the letter of delegation does not cover it (%s)",
                                               md_delegation_finding_to_string (finding));

      return _case_forged (error, self->entry->intake, what);
    }
  self->letter = md_delegation_copy (letter->decision->delegation);
  _case_passed (self, "letter %s was accepted and covers it", manifest->delegation_number);
  return TRUE;
}

/* --- With both opened --- */

/* What the officer signed of a letter is what the letter says. */
static gboolean
check_own (Case *self, GError **error)
{
  g_autoptr (GBytes) principal = digest_who (self, "p.name", "p.birth");
  g_autoptr (GBytes) delegate = digest_who (self, "g.delegate", "g.delegate_birth");
  const MdDelegationPeople people = { principal, delegate };
  g_autoptr (MdDelegation) said
      = md_delegation_new_from_form (self->entry->intake, value, self->values, &people);

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
  const char *letter = md_container_get_manifest (self->container)->delegation_intake;
  g_autoptr (MdSecret) code = md_delegation_read_code (value ("a.deleg_code", self->values));
  g_autoptr (GBytes) principal = digest_who (self, "p.name", "p.birth");
  g_autoptr (GBytes) delegate = digest_who (self, "a.name", "a.birth");
  g_autofree char *one = NULL;
  g_autofree char *other = NULL;

  if (code == NULL || principal == NULL || delegate == NULL)
    return FALSE;
  one = md_delegation_bind (letter, MD_DELEGATION_PRINCIPAL, code, principal);
  other = md_delegation_bind (letter, MD_DELEGATION_DELEGATE, code, delegate);
  return strcmp (one, self->letter->principal) == 0 && strcmp (other, self->letter->delegate) == 0;
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
