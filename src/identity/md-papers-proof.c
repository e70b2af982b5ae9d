// SPDX-License-Identifier: Apache-2.0
// The proof by papers: what is kept of them in the evidence, and how it is judged again.
#include "md-papers.h"

#include "md-identity-proof-private.h"

#include <string.h>

void
_md_papers_free (MdPapers *papers)
{
  if (papers == NULL)
    return;
  md_wipe (papers, sizeof *papers);
  g_free (papers);
}

const MdPapers *
md_identity_proof_get_papers (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->papers;
}

// By the rules of POLICY on the day of the check. OUT_METHOD: what they reach.
static MdIdentityVerdict
judge (const MdIdentityProof *self, MdPolicy *policy, const char **out_method)
{
  const char *procedure = md_presence_challenge_get_parts (self->challenge)->procedure;
  MdDate day;
  md_date_from_wall_us (self->checked_at, &day);
  MdPapersFinding finding
      = md_papers_judge (self->papers, policy, procedure, &day, MD_PAPERS_COMPARED, out_method);
  return finding == MD_PAPERS_PASS          ? MD_IDENTITY_DOCUMENTS
         : finding == MD_PAPERS_PHOTO_OTHER ? MD_IDENTITY_DOCUMENTS_OTHER
                                            : MD_IDENTITY_DOCUMENTS_SHORT;
}

MdIdentityProof *
md_identity_proof_new_from_papers (MdPresenceChallenge *challenge, const MdPapers *papers,
                                   MdPolicy *policy, gint64 checked_at)
{
  g_return_val_if_fail (challenge != NULL && papers != NULL && policy != NULL, NULL);
  MdIdentityProof *self = _md_identity_proof_new (challenge);
  const char *method = NULL;
  self->papers = g_memdup2 (papers, sizeof *papers);
  self->checked_at = checked_at;
  self->verdict = judge (self, policy, &method);
  self->papers_method = method != NULL ? method : MD_IDENTITY_METHOD_TWO;
  return self;
}

MdIdentityVerdict
_md_papers_recheck (const MdIdentityProof *self, MdPolicy *policy)
{
  const char *method = NULL;
  MdIdentityVerdict verdict = judge (self, policy, &method);
  return verdict == MD_IDENTITY_DOCUMENTS && g_strcmp0 (method, self->papers_method) != 0
             ? MD_IDENTITY_DOCUMENTS_SHORT
             : verdict;
}

// --- JSON ---

static MdRecord *
paper_to_json (const MdPaper *paper)
{
  MdRecord *object = md_record_new_object ();
  md_record_set_text (object, "kind", paper->kind);
  md_record_set_text (object, "last", paper->last);
  md_record_set_text (object, "expiry", paper->expiry);
  return object;
}

MdRecord *
_md_papers_to_json (const MdPapers *papers)
{
  MdRecord *object = md_record_new_object ();
  MdRecord *shown = md_record_new_list ();
  MdRecord *compared = md_record_new_list ();
  for (guint i = 0; i < MD_PAPERS_MAX && *papers->shown[i].kind != '\0'; i++)
    md_record_append_take (shown, paper_to_json (&papers->shown[i]));
  for (guint i = 0; i < MD_N_COMPARED; i++)
    if ((papers->compared & (1u << i)) != 0)
      md_record_append_text (compared, md_compared_to_id (i), strlen (md_compared_to_id (i)));
  md_record_set_text (object, "no_card", md_no_card_to_id (papers->no_card));
  md_record_take (object, "filer", _md_filer_to_json (papers->filer, papers->issued));
  md_record_take (object, "shown", shown);
  md_record_set_text (object, "number", papers->number);
  md_record_take (object, "compared", compared);
  md_record_set_text (object, "photo", md_face_answer_to_string (papers->photo));
  md_record_set_text (object, "channel", md_channel_to_id (papers->channel));
  if (papers->channel == MD_CHANNEL_POST)
    md_record_set_text (object, "received", papers->received);
  return object;
}

// A text that fits into SIZE bytes with its end.
static gboolean
take_text (const MdRecord *object, const char *name, char *place, gsize size)
{
  const char *text = md_record_get_text (object, name);
  return text != NULL && g_strlcpy (place, text, size) < size;
}

static gboolean
take_paper (MdPaper *paper, const MdRecord *object)
{
  g_autofree char *last = g_strdup (md_record_get_text (object, "last"));
  g_autofree char *expiry = g_strdup (md_record_get_text (object, "expiry"));
  return last != NULL && expiry != NULL
         && take_text (object, "kind", paper->kind, sizeof paper->kind) && *paper->kind != '\0'
         && md_paper_take_last (paper, last) && strcmp (paper->last, last) == 0
         && md_paper_take_expiry (paper, expiry) && strcmp (paper->expiry, expiry) == 0;
}

static gboolean
take_compared (MdPapers *papers, const MdRecord *list)
{
  for (gsize i = 0; i < md_record_get_size (list); i++)
    {
      const char *id = md_record_as_text (md_record_get_entry (list, i));
      guint bit = 0;
      while (bit < MD_N_COMPARED && g_strcmp0 (id, md_compared_to_id (bit)) != 0)
        bit++;
      if (bit == MD_N_COMPARED)
        return FALSE;
      papers->compared |= 1u << bit;
    }
  return TRUE;
}

static gboolean
take_shown (MdPapers *papers, const MdRecord *list)
{
  if (!md_record_is_list (list) || md_record_get_size (list) > MD_PAPERS_MAX)
    return FALSE;
  for (gsize i = 0; i < md_record_get_size (list); i++)
    if (!take_paper (&papers->shown[i], md_record_get_entry (list, i)))
      return FALSE;
  return TRUE;
}

// Evidence of before there was another channel than the counter names none. That the person was
// told is what lets it come so far.
static gboolean
take_channel (MdPapers *papers, const MdRecord *object)
{
  if (md_record_get (object, "channel") == NULL)
    return TRUE;
  if (!md_channel_from_id (md_record_get_text (object, "channel"), &papers->channel))
    return FALSE;
  papers->informed = papers->channel == MD_CHANNEL_POST;
  return papers->channel == MD_CHANNEL_COUNTER
         || take_text (object, "received", papers->received, sizeof papers->received);
}

gboolean
_md_papers_from_json (MdIdentityProof *self, const char *method, const MdRecord *object)
{
  static const char *const methods[] = { MD_IDENTITY_METHOD_PHOTO, MD_IDENTITY_METHOD_NOTICE,
                                         MD_IDENTITY_METHOD_TWO, MD_IDENTITY_METHOD_POST };
  MdPapers *papers = self->papers = g_new0 (MdPapers, 1);
  const MdRecord *compared = md_record_get (object, "compared");
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_strcmp0 (method, methods[i]) == 0)
      self->papers_method = methods[i];
  return self->papers_method != NULL && md_record_is_list (compared)
         && md_no_card_from_id (md_record_get_text (object, "no_card"), &papers->no_card)
         && _md_filer_from_json (md_record_get (object, "filer"), &papers->filer, papers->issued)
         && take_text (object, "number", papers->number, sizeof papers->number)
         && md_face_answer_from_string (md_record_get_text (object, "photo"), &papers->photo)
         && take_shown (papers, md_record_get (object, "shown")) && take_compared (papers, compared)
         && take_channel (papers, object);
}
