// SPDX-License-Identifier: Apache-2.0
// What is taken in without anybody's identification: who brought it, and by which policy.
#include "md-brought.h"

#include "md-filer.h"
#include "md-identity-proof-private.h"

#include <glib/gi18n.h>
#include <md-base.h>
#include <string.h>

// Every kind of filer that a form may name. NULL: as who files for somebody is called elsewhere.
static const struct
{
  const char *id, *label;
  gboolean organisation;
  const char *note;
} rows[] = {
  { "institution", N_ ("Institution"), TRUE, N_ ("A hospital or a screening body, for instance") },
  { "section", N_ ("Another section or public body"), TRUE },
  { "ex-officio", N_ ("This office, of itself"), FALSE, N_ ("Nobody brought anything") },
  { "self", N_ ("The person"), FALSE },
  { "agent", N_ ("Somebody on the person's behalf"), FALSE },
  { "anyone", N_ ("Somebody else"), FALSE, N_ ("Need not say who it is") },
  { "legal", NULL, FALSE },
  { "head", NULL, FALSE },
  { "member", NULL, FALSE },
  { "bereaved", NULL, FALSE },
  { "funeral", N_ ("Who held the funeral"), FALSE },
  { "care-manager", NULL, TRUE },
  { "facility", NULL, TRUE },
  { "school", NULL, TRUE },
};

const char *
md_brought_get_label (const char *by)
{
  const int row = MD_TABLE_ROW (rows, by);
  MdFilerKind kind;
  if (row < 0)
    return NULL;
  if (rows[row].label != NULL)
    return _ (rows[row].label);
  return md_filer_from_id (by, &kind) ? md_filer_get_label (kind) : NULL;
}

const char *
md_brought_get_note (const char *by)
{
  const int row = MD_TABLE_ROW (rows, by);
  return row >= 0 && rows[row].note != NULL ? _ (rows[row].note) : NULL;
}

gboolean
md_brought_asks_organisation (const char *by)
{
  const int row = MD_TABLE_ROW (rows, by);
  return row >= 0 && rows[row].organisation;
}

static gboolean
has_control (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_find_next_char (at, NULL))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return TRUE;
  return FALSE;
}

gboolean
md_brought_take_organisation (MdBrought *self, const char *text)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_autofree char *tidy = text != NULL ? md_text_tidy (text) : NULL;
  if (tidy == NULL || has_control (tidy) || md_text_contains_individual_number (tidy)
      || g_utf8_strlen (tidy, -1) > MD_BROUGHT_NAME_MAX
      || strlen (tidy) >= sizeof self->organisation)
    return FALSE;
  g_strlcpy (self->organisation, tidy, sizeof self->organisation);
  return TRUE;
}

MdBroughtFinding
md_brought_judge (const MdBrought *self, const char *const *filers)
{
  g_return_val_if_fail (self != NULL && filers != NULL, MD_BROUGHT_UNSAID);
  const gboolean named = *self->organisation != '\0';
  if (!g_strv_contains (filers, self->by) || md_brought_get_label (self->by) == NULL)
    return MD_BROUGHT_UNSAID;
  if (named == md_brought_asks_organisation (self->by))
    return MD_BROUGHT_PASS;
  return named ? MD_BROUGHT_NAME_TOO_MUCH : MD_BROUGHT_NO_NAME;
}

const char *
md_brought_get_channel (const MdBrought *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return g_str_equal (self->by, "ex-officio") ? "ex-officio" : "counter";
}

gboolean
md_brought_fits_contents (const MdBrought *self, MdSignerLookup look_up, gpointer form)
{
  g_return_val_if_fail (self != NULL && look_up != NULL, FALSE);
  const char *channel = look_up ("m.channel", form);
  const char *kind = look_up ("a.kind", form);
  return (channel == NULL || g_str_equal (channel, md_brought_get_channel (self)))
         && (kind == NULL || g_str_equal (kind, self->by));
}

// --- the proof ---

struct _MdWaiver
{
  MdBrought brought;
  guint policy_version;
  char *policy_digest; // SHA-256 in hexadecimal, as the manifest has it
};

void
_md_waiver_free (MdWaiver *self)
{
  if (self == NULL)
    return;
  g_free (self->policy_digest);
  md_wipe (self, sizeof *self);
  g_free (self);
}

MdIdentityVerdict
_md_waiver_recheck (const MdIdentityProof *self, MdPolicy *policy)
{
  const char *procedure = md_presence_challenge_get_parts (self->challenge)->procedure;
  return self->waiver->policy_version == md_policy_get_version (policy)
                 && g_strcmp0 (self->waiver->policy_digest, md_policy_get_digest (policy)) == 0
                 && md_policy_waives_identification (policy, procedure)
             ? MD_IDENTITY_NOT_REQUIRED
             : MD_IDENTITY_BAD_PROOF;
}

MdIdentityProof *
md_identity_proof_new_from_brought (MdPresenceChallenge *challenge, const MdBrought *brought,
                                    MdPolicy *policy, gint64 checked_at)
{
  g_return_val_if_fail (challenge != NULL && brought != NULL && policy != NULL, NULL);
  MdIdentityProof *self = _md_identity_proof_new (challenge);
  self->waiver = g_new0 (MdWaiver, 1);
  self->waiver->brought = *brought;
  self->waiver->policy_version = md_policy_get_version (policy);
  self->waiver->policy_digest = g_strdup (md_policy_get_digest (policy));
  self->checked_at = checked_at;
  self->verdict = _md_waiver_recheck (self, policy);
  return self;
}

const MdBrought *
md_identity_proof_get_brought (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->waiver != NULL ? &self->waiver->brought : NULL;
}

guint
md_identity_proof_get_waived_version (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->waiver != NULL ? self->waiver->policy_version : 0;
}

const char *
md_identity_proof_get_waived_digest (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->waiver != NULL ? self->waiver->policy_digest : NULL;
}

gboolean
md_identity_proof_is_by_card (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return self->papers == NULL && self->waiver == NULL;
}

// --- JSON ---

MdRecord *
_md_waiver_to_json (const MdWaiver *self)
{
  MdRecord *object = md_record_new_object ();
  md_record_set_text (object, "brought_by", self->brought.by);
  md_record_set_text (object, "organisation", self->brought.organisation);
  md_record_set_int (object, "policy_version", self->policy_version);
  md_record_set_text (object, "policy_digest", self->policy_digest);
  return object;
}

gboolean
_md_waiver_from_json (MdIdentityProof *self, const MdRecord *object)
{
  static const char *const members[]
      = { "brought_by", "organisation", "policy_version", "policy_digest", NULL };
  MdWaiver *waiver = self->waiver = g_new0 (MdWaiver, 1);
  const char *by = md_record_get_text (object, "brought_by");
  const char *organisation = md_record_get_text (object, "organisation");
  gint64 version = 0;
  if (!md_record_is_object (object) || !md_record_has_only (object, members) || by == NULL
      || md_brought_get_label (by) == NULL
      || g_strlcpy (waiver->brought.by, by, sizeof waiver->brought.by) >= sizeof waiver->brought.by
      || organisation == NULL || !md_brought_take_organisation (&waiver->brought, organisation)
      || !g_str_equal (waiver->brought.organisation, organisation)
      || !md_record_as_int (md_record_get (object, "policy_version"), &version) || version < 1
      || version > G_MAXUINT32)
    return FALSE;
  waiver->policy_version = (guint)version;
  waiver->policy_digest = g_strdup (md_record_get_text (object, "policy_digest"));
  return waiver->policy_digest != NULL;
}
