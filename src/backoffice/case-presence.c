// SPDX-License-Identifier: Apache-2.0
/* How the person was identified, judged again. */
#include "config.h"

#include "case-private.h"

#include <string.h>

/* The proof is judged at the moment at which the terminal says it checked the card. That moment
 * must belong to this intake, or an answer about revocation from a better day would do. */
static gboolean
moment_fits (const Case *self, const MdPresenceParts *parts)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  gint64 begun = 0;

  return g_strcmp0 (parts->time, manifest->wall) == 0
         && md_time_parse_rfc3339 (manifest->wall, &begun, NULL)
         && ABS (md_identity_proof_get_checked_at (self->proof) - begun) <= G_TIME_SPAN_DAY;
}

/* What the gateway could check is in the manifest; what the card signed is sealed. Here both are
 * seen. */
static gboolean
nonce_fits (const Case *self, const MdPresenceParts *parts)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  g_autofree char *nonce
      = parts->nonce != NULL ? md_hex_encode_bytes (parts->nonce) : g_strdup ("");

  return g_strcmp0 (md_nonce_state_to_string (parts->nonce_state), manifest->nonce_state) == 0
         && strcmp (nonce, manifest->nonce) == 0;
}

/* How the person was identified: as the manifest says, which the gateway judged by the policy. */
static gboolean
words_fit (const Case *self, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  const char *intake = self->entry->intake;

  if (!g_str_equal (md_identity_proof_get_method (self->proof), manifest->identification_method))
    return _case_forged (error, intake, "the identification was by another method");
  if (g_strcmp0 (md_identity_verdict_to_string (md_identity_proof_get_verdict (self->proof)),
                 manifest->identification_verdict)
          != 0
      || g_strcmp0 (md_revocation_source_to_string (md_identity_proof_get_revocation (self->proof)),
                    manifest->identification_revocation)
             != 0)
    return _case_forged (error, intake, "the manifest says another verdict than its evidence");
  return TRUE;
}

/* The counter said itself that the authority does not know the certificate, and a supervisor let
 * it go on for just that. */
static gboolean
is_released (const Case *self)
{
  return md_identity_proof_get_verdict (self->proof) == MD_IDENTITY_REVOCATION_UNKNOWN
         && md_holds_have_kind (self->holds, MD_HOLD_REVOCATION);
}

/* What the evidence says when it is judged again, held against what the procedure demands. */
static gboolean
judge (Case *self, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  const MdPolicyIdentified found = { .method = md_identity_proof_get_method (self->proof),
                                     .verdict = md_identity_verdict_to_string (self->presence),
                                     .revocation = md_revocation_source_to_string (
                                         md_identity_proof_get_revocation (self->proof)),
                                     .assurance = manifest->identification_assurance,
                                     .released = is_released (self) };
  const MdIdentificationJudgement judgement
      = md_policy_judge_identification (self->policy, self->entry->procedure, &found);
  g_autofree char *what = NULL;
  MdVerdictCause cause;

  if (md_identification_is_accepted (judgement))
    return TRUE;
  cause = md_identity_proof_find_cause (self->proof, self->policy);
  what = g_strdup_printf ("the proof of presence is \"%s\" (%s%s%s)", found.verdict,
                          md_identification_get_word (judgement),
                          cause != MD_VERDICT_CAUSE_NONE ? ": " : "",
                          cause != MD_VERDICT_CAUSE_NONE ? md_verdict_cause_to_string (cause) : "");
  return _case_forged (error, self->entry->intake, what);
}

static const char *
look_up (const char *field, gpointer values)
{
  return md_record_get_text (values, field);
}

/* By the signature certificate, who signed has to be the applicant, or a delegate with the paper
 * that shows it. */
static gboolean
check_signer (Case *self, GError **error)
{
  MdHolder *holder = md_identity_proof_get_holder (self->proof);
  g_autofree char *what = NULL;
  MdSigner signer;

  if (holder == NULL)
    return TRUE;
  _case_begin (self, "signer");
  signer = md_signer_find (holder, look_up, self->values);
  if (md_signer_may_file (signer))
    {
      _case_passed (self, "%s", md_signer_to_string (signer));
      return TRUE;
    }
  what = g_strdup_printf ("who signed is not the applicant (%s)", md_signer_to_string (signer));
  return _case_forged (error, self->entry->intake, what);
}

/* Where nobody was identified: the form asks for nobody, and who brought it is one of those who may
 * file it, as far as the form is at hand; the contents say the same. */
static gboolean
check_brought (Case *self, const Desk *desk, GError **error)
{
  const MdBrought *brought = md_identity_proof_get_brought (self->proof);
  MdForm *form = desk_find_form (desk, md_container_get_manifest (self->container));

  _case_begin (self, "brought");
  if (form != NULL && md_form_needs_identification (form))
    return _case_forged (error, self->entry->intake,
                         "nobody was identified, and the form asks for somebody");
  if (form != NULL && md_brought_judge (brought, md_form_get_filers (form)) != MD_BROUGHT_PASS)
    return _case_forged (error, self->entry->intake, "who brought it may not file it");
  if (!md_brought_fits_contents (brought, look_up, self->values))
    return _case_forged (error, self->entry->intake,
                         "the contents name another channel or filer than who brought it");
  _case_passed (self, "%s", brought->by);
  return TRUE;
}

/* Who files is who was identified, by what was shown; the contents say the same. */
static gboolean
check_filer (Case *self, GError **error)
{
  const MdFilerKind filer = md_identity_proof_get_filer (self->proof);
  const MdFilerFit fit = md_filer_find_fit (filer, look_up, self->values);
  g_autofree char *what = NULL;

  if (fit == MD_FILER_FITS && filer == MD_FILER_SELF)
    return TRUE;
  _case_begin (self, "filer");
  if (fit == MD_FILER_FITS)
    {
      const char *paper = md_filer_get_authority (filer);

      _case_passed (self, "%s%s%s%s%s", md_filer_to_id (filer), paper != NULL ? ", by " : "",
                    paper != NULL ? paper : "", paper != NULL ? " of " : "",
                    paper != NULL ? md_identity_proof_get_authority_date (self->proof) : "");
      return TRUE;
    }
  what = g_strdup_printf ("the contents name another filer than the one who was identified (%s)",
                          md_filer_fit_to_string (fit));
  return _case_forged (error, self->entry->intake, what);
}

/* A delegate may end what was delegated, and take nothing more. */
static gboolean
check_change (Case *self, GError **error)
{
  const MdDelegation *after = self->decision != NULL ? self->decision->delegation : NULL;

  return after == NULL || after->amends == NULL || after->ended
         || md_identity_proof_get_filer (self->proof) == MD_FILER_SELF
         || _case_forged (error, self->entry->intake,
                          "a letter of delegation was changed at the wish of its delegate");
}

/* How it came, and when: the contents say what the evidence says. */
static gboolean
check_channel (Case *self, GError **error)
{
  const MdPapers *papers = md_identity_proof_get_papers (self->proof);

  if (!md_papers_fit_contents (papers, look_up, self->values))
    return _case_forged (error, self->entry->intake,
                         "the contents name another channel or day of receipt than the evidence");
  if (!md_papers_fit_received (papers, md_container_get_manifest (self->container)->received))
    return _case_forged (error, self->entry->intake,
                         "the manifest names another day of receipt than the evidence");
  if (papers != NULL && papers->channel == MD_CHANNEL_POST)
    {
      _case_begin (self, "channel");
      _case_passed (self, "by post, received on %s", papers->received);
    }
  return TRUE;
}

/* A judged proof, thing by thing: it is judged as a whole, and stops at the first that is wrong. */
static void
take_down (Case *self)
{
  const MdIdentityProof *proof = self->proof;
  const MdPapers *papers = md_identity_proof_get_papers (proof);
  const gint64 moment = md_identity_proof_get_checked_at (proof);
  g_autofree char *checked_at = md_time_format_rfc3339 (moment);
  const gboolean by_face
      = g_str_equal (md_identity_proof_get_method (proof), MD_IDENTITY_METHOD_FACE);

  _case_begin (self, "presence");
  if (papers != NULL && papers->channel == MD_CHANNEL_POST)
    _case_passed (self,
                  "nobody was there: the clerk compared copies of documents that came by post");
  else if (papers != NULL)
    _case_passed (self, "no card: the clerk compared documents");
  else if (md_identity_proof_get_brought (proof) != NULL)
    _case_passed (self, "nobody was identified: by policy %u the procedure asks for nobody",
                  md_identity_proof_get_waived_version (proof));
  else if (by_face)
    _case_passed (self, "the card's face is genuine, and the clerk saw the same person");
  else
    _case_passed (self, "the card's key %ssigned the challenge",
                  md_identity_proof_get_holder (proof) != NULL ? "for signatures " : "");
  if (md_identity_proof_get_certificate (proof) == NULL)
    return;
  _case_begin (self, "certificate");
  _case_passed (self, "path and profile were valid at %s", checked_at);
  _case_begin (self, "revocation");
  if (self->presence == MD_IDENTITY_LISTED)
    _case_passed (self, "by the terminal's word at %s; the list %s is not at hand", checked_at,
                  md_identity_proof_get_named_list (proof));
  else if (md_identity_verdict_get_permission (self->presence) == MD_IDENTITY_PROCEED)
    _case_passed (self, "%s by %s at %s", md_identity_verdict_to_string (self->presence),
                  md_revocation_source_to_string (md_identity_proof_get_revocation (proof)),
                  checked_at);
  else if (self->trail != NULL)
    case_trail_add (self->trail, CASE_CHECK_OPEN, md_identity_verdict_to_string (self->presence));
}

/* What was done with the challenge, by the way of identification: whoever looks into a forgery is
 * not to look for a card where none was. */
typedef struct
{
  const char *intake, *time, *nonce;
} Misfits;

static const Misfits *
misfits_of (const MdIdentityProof *proof)
{
  static const Misfits by_card
      = { "the card signed for another intake", "the card was checked at another time",
          "the card signed another nonce than the gateway checked" };
  static const Misfits by_face
      = { "the card's face was compared for another intake",
          "the card's face was compared at another time",
          "the comparison of the face names another nonce than the gateway checked" };
  static const Misfits by_papers
      = { "the documents were compared for another intake",
          "the documents were compared at another time",
          "the comparison of the documents names another nonce than the gateway checked" };

  static const Misfits by_nobody
      = { "that nobody had to be identified was recorded for another intake",
          "that nobody had to be identified was recorded at another time",
          "the record that nobody was identified names another nonce than the gateway checked" };

  if (md_identity_proof_get_brought (proof) != NULL)
    return &by_nobody;
  if (md_identity_proof_get_papers (proof) != NULL)
    return &by_papers;
  return g_str_equal (md_identity_proof_get_method (proof), MD_IDENTITY_METHOD_FACE) ? &by_face
                                                                                     : &by_card;
}

/* The challenge is of this intake, terminal, procedure, time and nonce. */
static gboolean
check_binding (Case *self, GError **error)
{
  const Misfits *misfits = misfits_of (self->proof);
  const MdPresenceParts *parts
      = md_presence_challenge_get_parts (md_identity_proof_get_challenge (self->proof));
  const MdLedgerEntry *entry = self->entry;

  _case_begin (self, "binding");
  if (g_strcmp0 (parts->intake, entry->intake) != 0
      || g_strcmp0 (parts->terminal, entry->terminal) != 0
      || g_strcmp0 (parts->procedure, entry->procedure) != 0)
    return _case_forged (error, entry->intake, misfits->intake);
  if (!moment_fits (self, parts))
    return _case_forged (error, entry->intake, misfits->time);
  if (!nonce_fits (self, parts))
    return _case_forged (error, entry->intake, misfits->nonce);
  _case_passed (self, "the challenge is of this intake, terminal, procedure, time and nonce");
  return TRUE;
}

/* A list that was too long to be enclosed is judged where the archive has it. */
static void
fetch_list (Case *self, const Desk *desk)
{
  const char *named = md_identity_proof_get_named_list (self->proof);
  g_autoptr (GBytes) list = named != NULL && desk->crl_archive != NULL
                                ? md_crl_archive_find (desk->crl_archive, named)
                                : NULL;

  if (list != NULL && !md_identity_proof_take_list (self->proof, list))
    g_debug ("the archive's list %s is another one", named);
}

/* The proof is judged anew, trusting no verdict of the terminal's. */
gboolean
_case_check_presence (Case *self, const Desk *desk, GError **error)
{
  fetch_list (self, desk);
  if (!check_binding (self, error))
    return FALSE;
  _case_begin (self, "identification");
  if (!words_fit (self, error)
      || !md_identity_proof_recheck_by (self->proof, self->policy, &self->presence, error)
      || !judge (self, error))
    return FALSE;
  _case_passed (self, "%s, which the procedure accepts",
                md_identity_proof_get_method (self->proof));
  take_down (self);
  if (md_identity_proof_get_brought (self->proof) != NULL)
    return check_brought (self, desk, error);
  return check_channel (self, error) && check_signer (self, error) && check_filer (self, error)
         && check_change (self, error);
}
