// SPDX-License-Identifier: Apache-2.0
// Step "identify" without a card: who files, what was shown, what was compared.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-intake-flow-private.h"
#include "md-intake-papers.h"

/* The parts in their order, and how far each is judged. */
static const struct
{
  MdIntakeWait wait;
  MdPapersScope scope;
} parts[] = {
  { MD_WAIT_FILER, MD_PAPERS_FILER },
  { MD_WAIT_DOCUMENTS, MD_PAPERS_SHOWN },
  { MD_WAIT_COMPARE, MD_PAPERS_COMPARED },
};

static guint
part_of (MdIntakeWait wait)
{
  guint part = 0;

  while (part < G_N_ELEMENTS (parts) && parts[part].wait != wait)
    part++;
  return part;
}

static gboolean
in_papers (MdIntake *self)
{
  return self->desk && self->by_papers && !self->proof && !self->refused
         && self->step == MD_STEP_OF_IDENTIFY;
}

static gboolean
done_by_papers (MdIntake *self)
{
  return self->proof && md_identity_proof_get_papers (self->proof)
         && self->step == MD_STEP_OF_IDENTIFY;
}

/* Nothing stopped it: a release is for the person who was identified then. */
static gboolean
done_by_card (MdIntake *self)
{
  return self->proof && md_identity_proof_is_by_card (self->proof)
         && self->step == MD_STEP_OF_IDENTIFY && !self->held && self->holds->len == 0;
}

static void
today (MdIntake *self, MdDate *out_day)
{
  md_date_from_wall_us (md_clock_get_wall_us (_md_desk_get_clock (self->desk)), out_day);
}

void
_md_intake_forget_papers (MdIntake *self)
{
  md_wipe (&self->papers, sizeof self->papers);
  md_wipe (&self->brought, sizeof self->brought);
  self->by_papers = self->by_filer = FALSE;
}

/* --- what it says --- */

/* Each part that is done, ticked on the panel. */
static void
add_check (MdIntake *self, const char *id, const char *title, const char *word)
{
  g_autoptr (MdCheck) check = _md_check_new (id, title);

  _md_check_set (check, word ? MD_CHECK_PASSED : MD_CHECK_WAITING, word, NULL);
  g_list_store_append (self->checks, check);
}

static char *
name_shown (MdIntake *self)
{
  g_autoptr (GString) names = g_string_new (NULL);
  gboolean japanese = md_forms_in_japanese ();

  for (guint i = 0; i < MD_PAPERS_MAX; i++)
    {
      const MdPolicyDocument *kind
          = md_policy_get_document (md_desk_get_policy (self->desk), self->papers.shown[i].kind);

      if (kind)
        g_string_append_printf (names, "%s%s", names->len ? (japanese ? "・" : ", ") : "",
                                japanese ? kind->name_ja : kind->name_en);
    }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
show_checks (MdIntake *self)
{
  guint done = self->proof ? G_N_ELEMENTS (parts) : part_of (self->papers_at);
  g_autofree char *shown = name_shown (self);
  const char *reached = md_intake_get_papers_reach (self, &self->papers);

  g_list_store_remove_all (self->checks);
  add_check (self, "filer", _ ("Who files"),
             done > 0 ? md_filer_get_label (self->papers.filer) : NULL);
  add_check (self, "documents", _ ("Documents"), done > 1 ? shown : NULL);
  add_check (self, "person", _ ("Comparison"), done > 2 ? reached : NULL);
}

/* The method that they come to, or NULL. */
static const char *
reached_method (MdIntake *self, const MdPapers *papers)
{
  const char *method = NULL;
  MdPapersFinding finding;
  MdDate day;

  today (self, &day);
  finding = md_papers_judge (papers, md_desk_get_policy (self->desk), md_form_get_id (self->form),
                             &day, MD_PAPERS_SHOWN, &method);
  return finding == MD_PAPERS_PASS || finding == MD_PAPERS_TOO_WEAK ? method : NULL;
}

char *
_md_intake_describe_papers (MdIntake *self)
{
  const char *method = reached_method (self, &self->papers);

  return g_strdup_printf ("%s filer=%s no_card=%s", method ? method : "none",
                          md_filer_to_id (self->papers.filer),
                          md_no_card_to_id (self->papers.no_card));
}

static char *
describe_way (MdIdentityProof *proof)
{
  MdIdentityVerdict verdict = md_identity_proof_get_verdict (proof);
  MdAssurance assurance;

  if (md_identity_proof_get_papers (proof)
      && md_method_get_assurance (md_identity_proof_get_method (proof), &assurance))
    return g_strdup (md_assurance_get_label (assurance));
  if (md_identity_proof_get_holder (proof))
    return g_strdup_printf (_ ("Signature certificate: %s"),
                            md_identity_verdict_get_label (verdict));
  return g_strdup_printf (_ ("My Number card: %s"), md_identity_verdict_get_label (verdict));
}

char *
_md_intake_identified_by (MdIdentityProof *proof)
{
  MdFilerKind filer = md_identity_proof_get_filer (proof);
  const MdBrought *brought = md_identity_proof_get_brought (proof);
  g_autofree char *way = describe_way (proof);

  if (brought)
    return g_strdup_printf (_ ("%s (%s)"), md_assurance_get_label (MD_ASSURANCE_NONE),
                            md_brought_get_label (brought->by));

  return filer == MD_FILER_SELF ? g_steal_pointer (&way)
                                : g_strdup_printf (_ ("%s (%s)"), md_filer_get_label (filer), way);
}

/* --- into the form --- */

static void
type_field (MdIntake *self, const char *field, const char *value)
{
  MdEntry *entry = md_form_data_get_entry (self->data, field);

  if (entry)
    md_entry_set_text (entry, value);
}

/* A kind of the office's own is none that the form knows. */
static void
fill_shown (MdIntake *self, const char *field, const char *kind)
{
  g_autoptr (GError) error = NULL;

  if (!md_form_has_field (self->form, field))
    return;
  if (!md_form_data_set_system (self->data, field, *kind ? kind : NULL, &error))
    _md_intake_set_field (self, field, "other");
}

void
_md_intake_fill_number_paper (MdIntake *self)
{
  static const struct
  {
    const char *kind, *source;
  } sources[] = { { "number-card", "card" },
                  { "notice-card", "notice-card" },
                  { "resident-record", "resident-record" } };
  const char *source = NULL;

  if (!md_form_has_field (self->form, "p.mynum"))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    if (g_str_equal (self->papers.number, sources[i].kind))
      source = sources[i].source;
  if (*self->papers.number != '\0' && !source)
    source = "form"; /* a paper of the office's own */
  _md_intake_set_field (self, "e.num_src", source);
  if (!_md_intake_takes_number (self))
    _md_intake_set_field (self, "e.num_missing", "no-authority");
  else /* why it was not shown, the clerk may know better */
    type_field (self, "e.num_missing", source ? NULL : "not-shown");
}

void
_md_intake_fill_number_source (MdIntake *self)
{
  MdEntry *number = md_form_data_get_entry (self->data, "p.mynum");

  gboolean no_card = !md_identity_proof_is_by_card (self->proof) || self->by_filer;

  if (!no_card || !number || !md_entry_get_filled (number))
    return;
  _md_intake_set_field (self, "e.num_missing", NULL);
  if (*self->papers.number != '\0')
    return;
  _md_intake_set_field (self, "e.num_src", "form");
  _md_intake_set_field (self, "e.num_match", "impossible");
}

void
_md_intake_fill_from_papers (MdIntake *self)
{
  const MdPapers *papers = &self->papers;
  g_autoptr (GString) compared = g_string_new (NULL);

  for (guint i = 0; i < MD_N_COMPARED; i++)
    if (papers->compared & (1u << i))
      g_string_append_printf (compared, "%s%s", compared->len ? "\n" : "", md_compared_to_id (i));
  _md_intake_set_field (self, "e.method", md_identity_proof_get_method (self->proof));
  _md_intake_set_field (self, "e.card_read",
                        papers->no_card == MD_NO_CARD_UNREADABLE ? "impossible" : "none");
  fill_shown (self, "e.doc1", papers->shown[0].kind);
  fill_shown (self, "e.doc2", papers->shown[1].kind);
  _md_intake_set_field (self, "e.compare", compared->str);
  _md_intake_set_field (self, "e.notice_at", self->notice_at);
  _md_intake_set_field (self, "e.consent_at", self->notice_at);
  _md_intake_fill_filer (self);
  _md_intake_fill_number_paper (self);
}

/* --- the way through it --- */

gboolean
md_intake_get_can_use_papers (MdIntake *self)
{
  static const MdIntakeWait waits[]
      = { MD_WAIT_READER, MD_WAIT_CARD, MD_WAIT_PIN, MD_WAIT_FACE_ENTRY, MD_WAIT_REFUSED };

  g_return_val_if_fail (MD_IS_INTAKE (self), FALSE);

  if (!self->desk || self->step != MD_STEP_OF_IDENTIFY || !self->form || self->stopped
      || !_md_intake_offers_filers (self))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    if (self->wait == waits[i])
      return TRUE;
  return done_by_papers (self) || done_by_card (self);
}

gboolean
md_intake_get_is_by_papers (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), FALSE);

  return done_by_papers (self);
}

void
_md_intake_begin_papers (MdIntake *self)
{
  if (done_by_card (self)) /* it may have been another's than the person's */
    {
      _md_intake_forget_expiry (self);
      _md_intake_renew_data (self);
    }
  self->papers_at = done_by_papers (self) ? MD_WAIT_DOCUMENTS : MD_WAIT_FILER;
  g_clear_pointer (&self->proof, md_identity_proof_unref);
  _md_intake_forget_card_facts (self);
  g_list_store_remove_all (self->warnings);
  _md_intake_set_trouble (self, NULL, FALSE);
  self->by_papers = TRUE;
  self->by_filer = FALSE;
  self->by_face = self->face_chosen = self->by_signature = FALSE;
  show_checks (self);
  _md_intake_fill_person (self);
  _md_intake_update (self);
}

void
md_intake_use_papers (MdIntake *self)
{
  g_return_if_fail (MD_IS_INTAKE (self));

  if (md_intake_get_can_use_papers (self))
    _md_intake_begin_papers (self);
}

/* TRUE: it was a step back between the parts, or out of them to the card. */
gboolean
_md_intake_back_in_papers (MdIntake *self)
{
  guint part = part_of (self->papers_at);

  if (_md_intake_back_from_filers_card (self))
    {
      if (self->by_papers)
        show_checks (self);
      _md_intake_update (self);
      return TRUE;
    }
  if (!in_papers (self))
    return FALSE;
  if (part > 0)
    self->papers_at = parts[part - 1].wait;
  else
    self->by_papers = FALSE;
  if (!self->by_papers && _md_intake_is_by_post (self))
    _md_intake_leave_post (self);
  if (self->by_papers)
    show_checks (self);
  else
    g_list_store_remove_all (self->checks);
  _md_intake_resident_card (self); /* one may lie there by now */
  return TRUE;
}

const MdPapers *
md_intake_get_papers (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), NULL);

  return &self->papers;
}

MdPapersFinding
md_intake_judge_papers (MdIntake *self, const MdPapers *papers)
{
  MdDate day;

  g_return_val_if_fail (MD_IS_INTAKE (self) && papers, MD_PAPERS_NONE);

  if (!in_papers (self))
    return MD_PAPERS_NONE;
  today (self, &day);
  return md_papers_judge (papers, md_desk_get_policy (self->desk), md_form_get_id (self->form),
                          &day, parts[part_of (self->papers_at)].scope, NULL);
}

MdCardText *
md_intake_dup_papers_text (MdIntake *self, const MdPapers *papers)
{
  MdPapersFinding finding = md_intake_judge_papers (self, papers);
  MdDate day;

  g_return_val_if_fail (self->desk, NULL);

  today (self, &day);
  return md_papers_get_text (finding, papers, md_desk_get_policy (self->desk), &day,
                             md_forms_in_japanese ());
}

const char *
md_intake_get_papers_reach (MdIntake *self, const MdPapers *papers)
{
  MdAssurance assurance;

  g_return_val_if_fail (MD_IS_INTAKE (self) && self->desk && self->form, NULL);

  return md_method_get_assurance (reached_method (self, papers), &assurance)
             ? md_assurance_get_label (assurance)
             : NULL;
}

const char *
md_intake_get_papers_minimum (MdIntake *self)
{
  const MdPolicyProcedure *rules;

  g_return_val_if_fail (MD_IS_INTAKE (self) && self->desk && self->form, NULL);

  rules = md_policy_get_procedure (md_desk_get_policy (self->desk), md_form_get_id (self->form));
  return rules ? md_assurance_get_label (rules->assurance) : NULL;
}

/* The last part: from here on it is evidence. */
static gboolean
identify (MdIntake *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdPresenceChallenge) challenge = _md_intake_make_challenge (self, &error);
  g_autoptr (MdIdentityProof) proof = NULL;
  gboolean taken;

  if (!challenge)
    {
      _md_intake_set_trouble_error (self, error);
      return FALSE;
    }
  proof = md_identity_proof_new_from_papers (
      challenge, &self->papers, md_desk_get_policy (self->desk),
      md_clock_get_wall_us (_md_desk_get_clock (self->desk)));
  taken = _md_intake_take_proof (self, proof, &error);
  if (taken)
    show_checks (self);
  return taken;
}

gboolean
md_intake_take_papers (MdIntake *self, const MdPapers *papers)
{
  MdPapersFinding finding = md_intake_judge_papers (self, papers);
  gboolean taken = finding == MD_PAPERS_PASS;
  guint part;

  if (!in_papers (self))
    return FALSE;
  part = part_of (self->papers_at);
  if ((!taken && finding != MD_PAPERS_PHOTO_OTHER) || papers->channel != self->papers.channel
      || !md_intake_offers_filer (self, papers->filer))
    return FALSE;
  self->papers = *papers;
  if (_md_intake_is_by_post (self))
    self->papers.no_card = MD_NO_CARD_POST;
  else if (self->papers.filer != MD_FILER_SELF)
    self->papers.no_card = MD_NO_CARD_PROXY;
  _md_intake_set_trouble (self, NULL, FALSE);
  if (parts[part].wait == MD_WAIT_COMPARE)
    taken = identify (self);
  else if (!_md_intake_is_by_post (self)
           && !_md_intake_accepts_papers (self)) /* the filer's card is the only way */
    _md_intake_begin_filers_card (self);
  else
    {
      if (part == 0 && _md_intake_is_by_post (self))
        _md_intake_take_post (self);
      self->papers_at = parts[part + 1].wait;
      show_checks (self);
    }
  _md_intake_update (self);
  return taken;
}
