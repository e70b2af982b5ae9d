// SPDX-License-Identifier: Apache-2.0
// From the opened parts to what the officer sees: comparison first, then checks, then content.
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include <md-base.h>

#include "md-approval-private.h"

void
_md_opened_free (gpointer data)
{
  MdOpened *opened = data;

  g_clear_pointer (&opened->application, g_bytes_unref);
  g_clear_pointer (&opened->number, g_bytes_unref);
  g_clear_pointer (&opened->evidence, g_bytes_unref);
  g_clear_pointer (&opened->scans, g_ptr_array_unref);
  g_free (opened);
}

static MdSecret *
secret_of (GBytes *bytes)
{
  gsize size;
  gconstpointer data = bytes ? g_bytes_get_data (bytes, &size) : NULL;

  return data ? md_secret_new_from_data (data, size) : NULL;
}

/* There is something, and no pages of a secret for it. */
static gboolean
is_lost (GBytes *bytes, const MdSecret *secret)
{
  return bytes && g_bytes_get_size (bytes) > 0 && !secret;
}

static gboolean
damaged (GError **error, const char *message)
{
  g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_DAMAGED, message);
  return FALSE;
}

/* The proof must be about this very intake. */
static gboolean
evidence_is_bound (MdApproval *self)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  const MdPresenceParts *parts
      = md_presence_challenge_get_parts (md_identity_proof_get_challenge (self->proof));

  return g_strcmp0 (parts->intake, manifest->intake) == 0
         && g_strcmp0 (parts->procedure, manifest->procedure) == 0
         && g_strcmp0 (parts->terminal, manifest->terminal) == 0
         && g_strcmp0 (parts->time, manifest->wall) == 0;
}

/* The manifest, which everybody on the way could read, says what the sealed proof says. */
static gboolean
words_fit (MdApproval *self)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  const MdIdentityProof *proof = self->proof;

  return g_strcmp0 (md_identity_proof_get_method (proof), manifest->identification_method) == 0
         && g_strcmp0 (md_identity_verdict_to_string (md_identity_proof_get_verdict (proof)),
                       manifest->identification_verdict)
                == 0
         && g_strcmp0 (md_revocation_source_to_string (md_identity_proof_get_revocation (proof)),
                       manifest->identification_revocation)
                == 0;
}

/* How the clerk's terminal learned that the certificate was not revoked. */
static const char *
revocation_word (const char *source)
{
  if (g_strcmp0 (source, "ocsp") == 0)
    return _ ("Asked: not revoked");
  return _ ("Not asked yet");
}

/* The same of a card's face, where the card need not have a certificate. */
static void
add_revocation (MdApproval *self)
{
  const char *source = md_container_get_manifest (self->container)->identification_revocation;
  gboolean asked = g_strcmp0 (source, "none") != 0;
  const char *word = revocation_word (source);
  const gint64 made = md_identity_proof_get_list_time (self->proof);
  g_autofree char *when = NULL;
  g_autofree char *dated = NULL;

  if (!asked && !md_identity_proof_get_certificate (self->proof))
    word = _ ("The card has no certificate in force");
  if (made != 0)
    {
      when = md_time_format_tokyo (made * G_USEC_PER_SEC, MD_TIME_STYLE_ISO);
      word = dated = g_strdup_printf (_ ("Not on the list of %s"), when);
    }
  _md_approval_add_check (self, "revocation", _ ("Revocation, when it was taken in"),
                          asked ? MD_CHECK_PASSED : MD_CHECK_DEFERRED, word);
}

static const char *
title_of_proof (MdApproval *self)
{
  const char *method = md_identity_proof_get_method (self->proof);

  if (md_identity_proof_get_papers (self->proof))
    return _ ("Documents, judged again");
  if (md_identity_proof_get_brought (self->proof))
    return _ ("Identification, by the policy");
  if (md_identity_proof_is_of_filers_card (self->proof))
    return _ ("Filer's card, checked again");
  return g_strcmp0 (method, MD_IDENTITY_METHOD_FACE) == 0 ? _ ("Card's face, checked again")
                                                          : _ ("Proof of presence, checked again");
}

static gboolean
judge_evidence (MdApproval *self, const GPtrArray *holds, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  MdPolicyIdentified found = { .method = md_identity_proof_get_method (self->proof),
                               .revocation = manifest->identification_revocation,
                               .assurance = manifest->identification_assurance };
  const MdPapers *papers = md_identity_proof_get_papers (self->proof);
  MdIdentityVerdict verdict;
  MdIdentificationJudgement judgement;

  /* Whether that was what was released, _md_approval_add_holds() sees. */
  found.released = md_identity_proof_get_verdict (self->proof) == MD_IDENTITY_REVOCATION_UNKNOWN
                   && md_holds_have_kind (holds, MD_HOLD_REVOCATION);
  if (!evidence_is_bound (self) || !words_fit (self))
    return damaged (error, _ ("The proof of presence belongs to another application. Do not "
                              "approve it."));
  if (!md_identity_proof_recheck_by (self->proof, self->policy, &verdict, error))
    return FALSE;
  found.verdict = md_identity_verdict_to_string (verdict);
  judgement = md_policy_judge_identification (self->policy, manifest->procedure, &found);
  _md_approval_add_check (
      self, "presence", title_of_proof (self),
      !md_identification_is_accepted (judgement)
          ? MD_CHECK_REFUSED
          : (judgement == MD_IDENTIFICATION_ACCEPTED ? MD_CHECK_PASSED : MD_CHECK_DEFERRED),
      md_identity_verdict_get_label (verdict));
  if (papers)
    _md_approval_add_papers (self, papers);
  else if (md_identity_proof_get_brought (self->proof))
    _md_approval_add_brought (self, md_identity_proof_get_brought (self->proof));
  else
    add_revocation (self);
  return TRUE;
}

static void
compare (MdApproval *self)
{
  MdMatchSide side;

  self->differences = 0;
  if (!md_identity_proof_get_side (self->proof, MD_MATCH_ITEM_NAME, &side))
    return;
  self->differences = _md_comparison_fill (self->comparison, self->data, self->proof);
  _md_approval_add_check (self, "comparison", _ ("Card and application"),
                          self->differences == 0 ? MD_CHECK_PASSED : MD_CHECK_DEFERRED,
                          self->differences == 0 ? _ ("Same") : _ ("Look at it"));
}

static const char *
look_up (const char *field, gpointer data)
{
  return md_form_data_get_value (data, field);
}

/* The digests as they are said by what was opened. */
static void
fill_naming (MdApproval *self, MdNaming *naming)
{
  MdEntry *entry = md_form_data_get_entry (self->data, "p.mynum");
  guint8 sum[MD_SHA256_SIZE];

  md_naming_fill (naming, look_up, self->data, self->proof);
  if (entry && md_entry_digest_number (entry, MD_NAMING_TAG_NUMBER, sum))
    naming->digests[MD_NAMED_NUMBER] = md_bytes_new_wiped (sum, sizeof sum);
  md_wipe (sum, sizeof sum);
}

/* Nobody else was named to the service than is sealed here, or what stops somebody would not have
 * stopped this. The number is compared where it was opened, and where none is sealed: there none
 * was told either. */
static gboolean
check_named (MdApproval *self, const MdOpened *opened, const char *salt, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  const gboolean knows_number
      = opened->number || !md_container_get_entry (self->container, MD_SEAL_PART_NUMBER);
  g_auto (MdNaming) naming = { { NULL } };

  if (!manifest->named[0])
    return TRUE;
  fill_naming (self, &naming);
  for (guint i = 0; i < MD_N_NAMED; i++)
    if ((i != MD_NAMED_NUMBER || knows_number)
        && !md_naming_fits (&naming, i, manifest->intake, salt, manifest->named[i]))
      return damaged (error, _ ("The clerk's window named another person to the terminal's service "
                                "than this application is of. Do not approve it."));
  return TRUE;
}

/* By the signature certificate: that whoever signed may file this. */
static void
check_signer (MdApproval *self)
{
  MdHolder *holder = md_identity_proof_get_holder (self->proof);
  MdSigner signer;

  if (!holder)
    return;
  signer = md_signer_find (holder, look_up, self->data);
  _md_approval_add_check (self, "signer", _ ("Who signed"),
                          md_signer_may_file (signer) ? MD_CHECK_PASSED : MD_CHECK_REFUSED,
                          md_signer_get_label (signer));
}

/* For another application, a moment before; the proof is this one's own. */
static void
add_reading (MdApproval *self)
{
  if (md_identity_proof_get_read_for (self->proof))
    _md_approval_add_check (self, "read-before", _ ("Personal data"), MD_CHECK_PASSED,
                            _ ("Read for the application before, of the same visit"));
}

static char *
day_of_manifest (MdApproval *self)
{
  gint64 time = 0;
  MdDate date;

  if (!md_time_parse_rfc3339 (md_container_get_manifest (self->container)->wall, &time, NULL))
    time = _md_desk_now (self->desk) * G_USEC_PER_SEC;
  md_date_from_wall_us (time, &date);
  return md_date_format_iso (&date);
}

gboolean
_md_approval_show (MdApproval *self, const MdOpened *opened, GError **error)
{
  g_autoptr (MdSecret) application = secret_of (opened->application);
  g_autoptr (MdSecret) number = secret_of (opened->number);
  const MdManifest *manifest = md_container_get_manifest (self->container);
  MdViewer viewer = _md_desk_viewer (self->desk, FALSE, TRUE);
  g_autofree char *day = day_of_manifest (self);
  g_autofree char *identified = NULL;
  g_autoptr (GPtrArray) holds = NULL;
  g_autofree char *salt = NULL;
  gboolean has_number;
  gsize size;
  const guint8 *evidence = g_bytes_get_data (opened->evidence, &size);

  if (is_lost (opened->application, application) || is_lost (opened->number, number))
    return _md_approval_has_no_memory (error);
  if (g_strcmp0 (manifest->procedure_version, "") == 0 || !application)
    return damaged (error, _ ("The application is empty."));
  self->data = md_form_data_new (self->form, &viewer, MD_STEP_APPROVAL, day);
  if (!md_form_data_load (self->data, application, number, manifest->intake, error))
    return FALSE;
  self->proof = md_identity_proof_decode (evidence, size, error);
  holds = self->proof ? md_holds_decode (evidence, size, error) : NULL;
  salt = holds ? md_naming_decode_salt (evidence, size, error) : NULL;
  if (!salt || !judge_evidence (self, holds, error) || !check_named (self, opened, salt, error))
    return FALSE;
  _md_approval_add_officers (self);
  check_signer (self);
  add_reading (self);
  _md_approval_add_filer (self);
  _md_approval_add_letter (self);
  if (!_md_approval_add_holds (self, holds, error)
      || !_md_approval_add_scans (self, opened->scans, error)
      || !_md_approval_add_visit (self, evidence, size, error))
    return FALSE;
  compare (self);
  has_number = manifest->parts && md_manifest_find_part (manifest, MD_SEAL_PART_NUMBER) != NULL;
  _md_approval_add_check (self, "number", _ ("Individual number"),
                          has_number ? MD_CHECK_PASSED : MD_CHECK_DEFERRED,
                          has_number ? _ ("Sealed apart") : _ ("Not in it"));
  identified = _md_intake_identified_by (self->proof);
  _md_person_fill (self->person, self->data, identified,
                   md_identity_verdict_get_permission (md_identity_proof_get_verdict (self->proof))
                       != MD_IDENTITY_PROCEED);
  _md_approval_notify_content (self);
  return TRUE;
}
