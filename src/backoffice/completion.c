// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "completion.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>
#include "case-private.h"

#define SCHEMA "madoguchi-completion/1"

static const char *const words[] = {
  [COMPLETION_NONE] = "deferred", [COMPLETION_VALID] = "valid", [COMPLETION_REVOKED] = "revoked"
};

/* An answer of the authority, as it came, and when it was asked for. */
typedef struct
{
  MdRevocationSource source;
  GBytes *bytes;
  gint64 asked; /* seconds */
} Answer;

static void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->bytes, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

/* --- Judging an answer --- */

/* The certificate's path as it was at the counter. NULL with *@out_why. */
static MdVerdict *
find_path (const Case *self, char **out_why)
{
  MdCertificate *certificate = md_identity_proof_get_certificate (self->proof);
  const gint64 moment = md_identity_proof_get_checked_at (self->proof) / G_TIME_SPAN_SECOND;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdTrust) trust = md_identity_proof_create_trust (self->proof, self->policy, &error);
  g_autoptr (MdVerdict) path = NULL;

  if (trust != NULL && certificate != NULL)
    path = md_trust_check (trust, certificate, NULL, moment);
  if (path != NULL && md_verdict_get_status (path) == MD_VERDICT_VALID)
    return g_steal_pointer (&path);
  *out_why = g_strdup (error != NULL  ? error->message
                       : path != NULL ? md_verdict_get_detail (path)
                                      : "the evidence has no certificate");
  return NULL;
}

/* What @answer, believed already, settles about the moment at the counter. An authority may forget
 * a certificate that has ended, so an answer from after its end settles nothing either. */
static Completion
settle (const Case *self, const MdRevocationMoment *answer, const char **out_why)
{
  const MdCertificate *certificate = md_identity_proof_get_certificate (self->proof);
  const gint64 moment = md_identity_proof_get_checked_at (self->proof) / G_TIME_SPAN_SECOND;

  if (answer->this_update < moment)
    *out_why = "the answer is from before the card was at the counter";
  else if (answer->since != 0)
    return answer->since <= moment ? COMPLETION_REVOKED : COMPLETION_VALID;
  else if (answer->this_update > md_certificate_get_not_after (certificate))
    *out_why = "the answer is from after the certificate's end";
  else
    return COMPLETION_VALID;
  return COMPLETION_NONE;
}

/* Signature, time and contents of an answer. *@out_moment says of which time it speaks. */
static Completion
judge (const Case *self, const Answer *answer, MdRevocationMoment *out_moment, char **out_why)
{
  g_autoptr (MdVerdict) path = find_path (self, out_why);
  g_autoptr (MdVerdict) verdict = NULL;
  g_autoptr (GError) error = NULL;
  const char *why = NULL;
  Completion completion = COMPLETION_NONE;

  *out_moment = (MdRevocationMoment){ 0 };
  if (path == NULL)
    return COMPLETION_NONE;
  verdict = answer->source == MD_REVOCATION_SOURCE_OCSP
                ? md_revocation_check_evidence (path, answer->bytes, NULL, answer->asked)
                : md_revocation_check_crl_evidence (path, answer->bytes, answer->asked);
  if (md_verdict_get_status (verdict) != MD_VERDICT_VALID
      && md_verdict_get_status (verdict) != MD_VERDICT_REVOKED)
    why = md_verdict_get_detail (verdict);
  else if (!md_revocation_read_moment (path, answer->source, answer->bytes, out_moment, &error))
    why = error->message;
  else
    completion = settle (self, out_moment, &why);
  if (completion == COMPLETION_NONE)
    *out_why = g_strdup (why);
  return completion;
}

/* --- Asking --- */

/* This desk has no gateway to ask by: its own settings name the responder then, or the certificate
 * does. */
static const char *
responder_of (const Desk *desk, const MdPolicyJpki *rules)
{
  return desk->ocsp_url != NULL || g_strcmp0 (rules->ocsp_url, MD_POLICY_LINE_OCSP) == 0
             ? desk->ocsp_url
             : rules->ocsp_url;
}

/* The responder's answer, or none: *@out_final when it is the authority's last word all the same
 * ("I do not know this certificate"). */
static gboolean
ask_responder (const Case *self, const Desk *desk, Answer *out_answer, gboolean *out_final,
               char **out_why)
{
  const MdPolicyJpki *rules = md_policy_get_jpki (desk->policy);
  g_autoptr (MdRevocation) revocation = md_revocation_new ();
  g_autoptr (MdVerdict) path = find_path (self, out_why);
  g_autoptr (MdVerdict) verdict = NULL;

  *out_final = path == NULL;
  if (path == NULL)
    return FALSE;
  md_revocation_set_ocsp_url (revocation, responder_of (desk, rules));
  md_revocation_set_ocsp_timeout (revocation, rules->ocsp_timeout_s);
  md_revocation_set_ocsp_max_age (revocation, (gint64)rules->ocsp_max_age_hours * 3600);
  verdict = md_revocation_check (revocation, path, NULL, out_answer->asked);
  if (md_verdict_get_revocation_source (verdict) != MD_REVOCATION_SOURCE_OCSP
      || md_verdict_get_ocsp_response (verdict) == NULL
      || md_verdict_get_status (verdict) == MD_VERDICT_REVOCATION_UNKNOWN)
    {
      *out_final = md_verdict_get_revocation_source (verdict) == MD_REVOCATION_SOURCE_OCSP;
      *out_why = g_strdup (md_verdict_get_detail (verdict));
      return FALSE;
    }
  out_answer->source = MD_REVOCATION_SOURCE_OCSP;
  out_answer->bytes = g_bytes_ref (md_verdict_get_ocsp_response (verdict));
  return TRUE;
}

/* One that is too long for the ledger is only asked where there is an archive to keep it. */
static GBytes *
read_list (const Desk *desk, const char *name)
{
  g_autofree char *path = g_build_filename (desk->crl_dir, name, NULL);
  g_autofree char *contents = NULL;
  gsize size = 0;

  if (!g_str_has_suffix (name, ".crl") || !g_file_get_contents (path, &contents, &size, NULL)
      || size > (desk->crl_archive != NULL ? MD_LIMIT_CRL : MD_LIMIT_COMPLETION))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&contents), size);
}

/* The latest of the lists that settle it: an earlier one may not know yet what came out since. */
static Completion
ask_lists (const Case *self, const Desk *desk, Answer *answer, char **out_why)
{
  g_autoptr (GDir) dir = desk->crl_dir != NULL ? g_dir_open (desk->crl_dir, 0, NULL) : NULL;
  Completion best = COMPLETION_NONE;
  gint64 latest = 0;
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autoptr (GBytes) list = read_list (desk, name);
      const Answer candidate
          = { .source = MD_REVOCATION_SOURCE_CRL, .bytes = list, .asked = answer->asked };
      g_autofree char *why = NULL;
      MdRevocationMoment moment = { 0 };
      Completion completion
          = list != NULL ? judge (self, &candidate, &moment, &why) : COMPLETION_NONE;

      if (completion == COMPLETION_NONE || moment.this_update < latest)
        continue;
      best = completion;
      latest = moment.this_update;
      answer_clear (answer);
      *answer = candidate;
      g_steal_pointer (&list);
    }
  if (best == COMPLETION_NONE)
    {
      g_autofree char *before = *out_why;

      *out_why = g_strdup_printf ("%s; no list settles it", before != NULL ? before : "no answer");
    }
  return best;
}

/* --- What is kept --- */

/* Into the record, or into the archive and its digest into the record. */
static gboolean
keep_answer (const Desk *desk, const Answer *answer, MdRecord *root)
{
  g_autoptr (GPtrArray) issuers = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  MdCrlOffer offer = MD_CRL_OFFER_UNREADABLE;

  if (g_bytes_get_size (answer->bytes) <= MD_LIMIT_COMPLETION)
    {
      text = md_base64_encode (answer->bytes);
      md_record_set_text (root, "answer", text);
      return TRUE;
    }
  issuers = desk_dup_authorities (desk);
  if (!md_crl_archive_keep (desk->crl_archive, answer->bytes, issuers, &offer, &text, &error))
    g_printerr ("madoguchi-backoffice: %s\n", error->message);
  md_record_set_text (root, "list", text);
  return text != NULL;
}

static MdLedgerCompletion *
keep (const Case *self, const Desk *desk, const Answer *answer, Completion completion,
      const char *officer)
{
  g_autoptr (MdRecord) root = md_record_new_object ();
  g_autoptr (GPtrArray) recipients = g_ptr_array_new ();
  g_autoptr (MdSecret) text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdLedgerCompletion) kept = g_new0 (MdLedgerCompletion, 1);

  kept->intake = g_strdup (self->entry->intake);
  kept->time = md_time_format_rfc3339 (answer->asked * G_TIME_SPAN_SECOND);
  kept->officer = g_strdup (officer);
  kept->verdict = g_strdup (words[completion]);
  md_record_set_text (root, "schema", SCHEMA);
  md_record_set_text (root, "intake", kept->intake);
  md_record_set_text (root, "asked_at", kept->time);
  md_record_set_text (root, "verdict", kept->verdict);
  md_record_set_text (root, "source", md_revocation_source_to_string (answer->source));
  if (keep_answer (desk, answer, root))
    text = md_record_write (root, FALSE);
  g_ptr_array_add (recipients, desk->business_certificate);
  if (text != NULL)
    kept->evidence
        = md_cms_seal (md_secret_get_data (text), md_secret_get_size (text), recipients, &error);
  return kept->evidence != NULL ? g_steal_pointer (&kept) : NULL;
}

Completion
completion_ask (const Case *self, const Desk *desk, const char *officer,
                MdLedgerCompletion **out_kept, char **out_why)
{
  g_auto (Answer) answer
      = { .asked = md_clock_get_wall_us (md_clock_get_system ()) / G_TIME_SPAN_SECOND };
  MdRevocationMoment moment = { 0 };
  Completion completion = COMPLETION_NONE;
  gboolean final = FALSE;

  *out_kept = NULL;
  *out_why = NULL;
  if (ask_responder (self, desk, &answer, &final, out_why))
    completion = judge (self, &answer, &moment, out_why);
  if (completion == COMPLETION_NONE && !final)
    completion = ask_lists (self, desk, &answer, out_why);
  if (completion == COMPLETION_NONE)
    return COMPLETION_NONE;
  *out_kept = keep (self, desk, &answer, completion, officer);
  if (*out_kept != NULL)
    return completion;
  g_free (*out_why);
  *out_why = g_strdup ("what was answered cannot be sealed to the business system");
  return COMPLETION_NONE;
}

/* --- Reading it again --- */

static GBytes *
find_answer (const Desk *desk, const MdRecord *root, GError **error)
{
  const char *named = md_record_get_text (root, "list");
  GBytes *list = NULL;

  if (named == NULL)
    return md_base64_decode (md_record_get_text (root, "answer"), MD_LIMIT_COMPLETION, error);
  if (desk->crl_archive != NULL)
    list = md_crl_archive_find (desk->crl_archive, named);
  if (list == NULL)
    g_set_error (error, CASE_ERROR, CASE_ERROR_FORGED, "the archive does not have the list %s",
                 named);
  return list;
}

/* The sealed evidence of a completion, as it was kept. */
static gboolean
read_kept (const Case *self, const Desk *desk, Answer *out_answer, char **out_why)
{
  static const char *const members[]
      = { "schema", "intake", "asked_at", "verdict", "source", "answer", "list", NULL };
  const MdLedgerCompletion *kept = self->completed;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) plain
      = md_cms_open (kept->evidence, desk->business_key, desk->business_certificate, &error);
  g_autoptr (MdRecord) root = NULL;
  gint64 asked = 0;
  const char *source = NULL;

  if (plain != NULL)
    root = md_record_parse (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain),
                            MD_LIMIT_WIRE_JSON, &error);
  if (root == NULL || !md_record_has_only (root, members)
      || g_strcmp0 (md_record_get_text (root, "schema"), SCHEMA) != 0
      || g_strcmp0 (md_record_get_text (root, "intake"), kept->intake) != 0
      || g_strcmp0 (md_record_get_text (root, "asked_at"), kept->time) != 0
      || g_strcmp0 (md_record_get_text (root, "verdict"), kept->verdict) != 0
      || (md_record_get_text (root, "answer") == NULL)
             == (md_record_get_text (root, "list") == NULL)
      || !md_time_parse_rfc3339 (kept->time, &asked, NULL))
    {
      *out_why = g_strdup (error != NULL ? error->message : "its evidence is of another intake");
      return FALSE;
    }
  source = md_record_get_text (root, "source");
  out_answer->source
      = g_strcmp0 (source, "ocsp") == 0 ? MD_REVOCATION_SOURCE_OCSP : MD_REVOCATION_SOURCE_CRL;
  out_answer->asked = asked / G_TIME_SPAN_SECOND;
  out_answer->bytes = find_answer (desk, root, &error);
  if (out_answer->bytes == NULL)
    *out_why = g_strdup (error->message);
  return out_answer->bytes != NULL;
}

static gboolean
not_complete (Case *self)
{
  self->completion = CASE_DEFERRED;
  if (self->trail != NULL)
    case_trail_add (self->trail, CASE_CHECK_OPEN, "not completed yet");
  return TRUE;
}

/* The store's word alone completes nothing: the authority's own answer is judged again. */
gboolean
_case_read_completion (Case *self, const Desk *desk, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_auto (Answer) answer = { 0 };
  MdRevocationMoment moment = { 0 };
  Completion found = COMPLETION_NONE;
  g_autofree char *why = NULL;
  g_autofree char *what = NULL;

  /* What was let go on without being known is to be asked again, too. */
  if (md_identity_verdict_get_permission (self->presence) == MD_IDENTITY_PROCEED)
    return TRUE;
  _case_begin (self, "completion");
  self->completed = md_ledger_look_up_completion (desk->ledger, self->entry->intake, &local);
  if (g_error_matches (local, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING))
    return not_complete (self);
  if (self->completed == NULL)
    return _case_store_failed (error, local);
  if (read_kept (self, desk, &answer, &why))
    found = judge (self, &answer, &moment, &why);
  if (found == COMPLETION_NONE || !g_str_equal (words[found], self->completed->verdict))
    {
      what = g_strdup_printf ("its completion does not hold (%s)",
                              why != NULL ? why : "the answer says otherwise");
      return _case_forged (error, self->entry->intake, what);
    }
  self->completion = found == COMPLETION_VALID ? CASE_COMPLETED_VALID : CASE_COMPLETED_REVOKED;
  _case_passed (self, "%s, found by %s at %s by %s", self->completed->verdict,
                md_revocation_source_to_string (answer.source), self->completed->time,
                self->completed->officer);
  return TRUE;
}

gboolean
case_is_complete (const Case *self, GError **error)
{
  if (self->completion == CASE_DEFERRED)
    g_set_error (error, CASE_ERROR, CASE_ERROR_DEFERRED,
                 _ ("The check of revocation of intake %s was deferred at the counter and has not "
                    "been completed. Run \"complete\" first."),
                 self->entry->receipt_number);
  else if (self->completion == CASE_COMPLETED_REVOKED)
    g_set_error (error, CASE_ERROR, CASE_ERROR_REVOKED,
                 _ ("The certificate with which the person of intake %s was identified had been "
                    "revoked before. Do not work on it; have the person identified again."),
                 self->entry->receipt_number);
  return self->completion == CASE_NOT_DEFERRED || self->completion == CASE_COMPLETED_VALID;
}
