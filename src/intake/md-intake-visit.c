// SPDX-License-Identifier: Apache-2.0
// One person, one reading of the card, several applications. What stays from one intake to the next
// is the plan, which names nobody; what the person typed, in the pages of a secret and without any
// number; and what the card said, while it lies there. Nothing here stands in for a proof.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-intake-flow-private.h"
#include "md-visit-step-private.h"

/* --- the plan --- */

void
_md_intake_init_visit (MdIntake *self)
{
  self->visit.plan = g_list_store_new (MD_TYPE_VISIT_STEP);
  self->visit.answers = g_ptr_array_new_with_free_func ((GDestroyNotify)md_form_draft_free);
}

void
_md_intake_free_visit (MdIntake *self)
{
  _md_intake_forget_carried (self);
  g_clear_object (&self->visit.plan);
  g_clear_pointer (&self->visit.answers, g_ptr_array_unref);
}

GListModel *
md_intake_get_visit (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), NULL);

  return G_LIST_MODEL (self->visit.plan);
}

/* The first in this state, of this procedure unless it is NULL; NULL: there is none. The plan holds
 * it. */
static MdVisitStep *
find_step (MdIntake *self, MdVisitState state, MdForm *form)
{
  GListModel *plan = G_LIST_MODEL (self->visit.plan);

  for (guint i = 0; i < g_list_model_get_n_items (plan); i++)
    {
      g_autoptr (MdVisitStep) step = g_list_model_get_item (plan, i);

      if (step->state == state
          && (!form || g_strcmp0 (md_form_get_id (step->form), md_form_get_id (form)) == 0))
        return step;
    }
  return NULL;
}

void
md_intake_plan_visit (MdIntake *self, GListModel *forms)
{
  GListStore *plan = self->visit.plan;

  g_return_if_fail (MD_IS_INTAKE (self) && self->step == MD_STEP_OF_PROCEDURE);

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (plan)); i > 0; i--)
    {
      g_autoptr (MdVisitStep) step = g_list_model_get_item (G_LIST_MODEL (plan), i - 1);

      if (step->state != MD_VISIT_DONE)
        g_list_store_remove (plan, i - 1);
    }
  for (guint i = 0; i < g_list_model_get_n_items (forms); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, i);
      g_autoptr (MdVisitStep) step = _md_visit_step_new (form);

      g_list_store_append (plan, step);
    }
}

void
_md_intake_begin_of_visit (MdIntake *self, MdForm *form)
{
  MdVisitStep *now = find_step (self, MD_VISIT_NOW, NULL), *step;

  if (g_list_model_get_n_items (G_LIST_MODEL (self->visit.plan)) == 0)
    return;
  if (now)
    _md_visit_step_set_state (now, MD_VISIT_LEFT);
  step = find_step (self, MD_VISIT_LEFT, form);
  if (!step)
    {
      g_autoptr (MdVisitStep) joins = _md_visit_step_new (form);

      g_list_store_append (self->visit.plan, joins);
      step = joins;
    }
  _md_visit_step_set_state (step, MD_VISIT_NOW);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->visit.plan)) > 1)
    _md_intake_begin_record (self);
}

static const char *
look_up (const char *field, gpointer data)
{
  return md_form_data_get_value (data, field);
}

/* Whose the application is that is in work. */
static char *
dup_of (MdIntake *self)
{
  g_autoptr (GBytes) who
      = self->data ? md_naming_digest_fields (look_up, self->data, "p.name", "p.birth") : NULL;

  return who ? md_hex_encode_bytes (who) : NULL;
}

void
_md_intake_note_of_visit (MdIntake *self)
{
  MdVisitStep *now = find_step (self, MD_VISIT_NOW, NULL);

  if (!now || !self->data)
    return;
  g_strfreev (now->handed_in);
  g_strfreev (now->missing);
  g_free (now->explained);
  g_free (now->of);
  now->handed_in = md_form_data_list_papers (self->data, TRUE);
  now->missing = md_form_data_list_papers (self->data, FALSE);
  now->explained = md_intake_dup_explained (self);
  now->deferred = md_identity_verdict_get_permission (md_identity_proof_get_verdict (self->proof))
                  != MD_IDENTITY_PROCEED;
  now->of = dup_of (self);
}

GListModel *
md_intake_list_joint (MdIntake *self)
{
  GListModel *plan = G_LIST_MODEL (self->visit.plan);
  GListStore *joint = g_list_store_new (MD_TYPE_VISIT_STEP);
  MdVisitStep *last = NULL;

  g_return_val_if_fail (MD_IS_INTAKE (self), NULL);

  /* Before the last one it would be silent about what is still to come. */
  if (self->step != MD_STEP_OF_DONE || find_step (self, MD_VISIT_LEFT, NULL))
    return G_LIST_MODEL (joint);
  for (guint i = 0; i < g_list_model_get_n_items (plan); i++)
    {
      g_autoptr (MdVisitStep) step = g_list_model_get_item (plan, i);

      if (g_strcmp0 (step->receipt_number, md_intake_get_receipt_number (self)) == 0)
        last = step; /* the plan holds it */
    }
  for (guint i = 0; last && last->of && i < g_list_model_get_n_items (plan); i++)
    {
      g_autoptr (MdVisitStep) step = g_list_model_get_item (plan, i);

      if (step->state == MD_VISIT_DONE && g_strcmp0 (step->of, last->of) == 0)
        g_list_store_append (joint, step);
    }
  return G_LIST_MODEL (joint);
}

char *
md_intake_dup_notice (MdIntake *self)
{
  const char *number;

  g_return_val_if_fail (MD_IS_INTAKE (self) && self->form, NULL);

  number = self->data && md_form_data_get_entry (self->data, "p.mynum")
               ? md_form_get_number_purpose (self->form)
               : NULL;
  return g_strjoin ("\n", md_form_get_purpose (self->form), number, NULL);
}

char *
md_intake_dup_explained (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self) && self->form, NULL);

  return self->notice_at && !_md_intake_is_by_post (self) ? md_intake_dup_notice (self) : NULL;
}

void
_md_intake_end_of_visit (MdIntake *self)
{
  MdVisitStep *now = find_step (self, MD_VISIT_NOW, NULL);

  _md_intake_record_of_visit (self);
  if (!now)
    return;
  _md_visit_step_end (now, md_intake_get_receipt_number (self));
}

MdForm *
md_intake_get_next_of_visit (MdIntake *self)
{
  MdVisitStep *left;

  g_return_val_if_fail (MD_IS_INTAKE (self), NULL);

  left = self->step == MD_STEP_OF_DONE ? find_step (self, MD_VISIT_LEFT, NULL) : NULL;
  return left ? left->form : NULL;
}

/* --- what is forgotten, and when --- */

void
_md_intake_forget_carried (MdIntake *self)
{
  g_ptr_array_set_size (self->visit.answers, 0);
  g_clear_pointer (&self->visit.reading, md_identity_reading_unref);
  g_clear_pointer (&self->visit.whose, g_free);
  md_wipe (self->visit.key, sizeof self->visit.key);
  self->visit.reader = NULL;
  self->visit.by_papers = FALSE;
}

void
_md_intake_forget_visit (MdIntake *self)
{
  _md_intake_forget_carried (self);
  g_list_store_remove_all (self->visit.plan);
  _md_intake_forget_guide (self);
}

gboolean
_md_intake_visit_is_empty (MdIntake *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->visit.plan)) == 0
         && self->visit.answers->len == 0 && !self->visit.reading && !self->visit.whose
         && _md_intake_guide_is_empty (self);
}

/* Since it was read, or since the person was identified by it. */
static gboolean
card_stayed (MdIntake *self)
{
  MdCardReader *reader = self->desk ? _md_intake_resident_reader (self) : NULL;

  return reader && reader == self->visit.reader
         && md_card_reader_get_slot (reader) != MD_CARD_SLOT_EMPTY
         && md_card_reader_get_events (reader) == self->visit.events;
}

void
_md_intake_mind_visit (MdIntake *self)
{
  if (self->visit.reader && !card_stayed (self))
    _md_intake_forget_carried (self);
}

/* --- on to the next procedure --- */

/* Some procedure that is left asks for it. */
static gboolean
number_is_wanted (MdIntake *self)
{
  GListModel *plan = G_LIST_MODEL (self->visit.plan);

  for (guint i = 0; i < g_list_model_get_n_items (plan); i++)
    {
      g_autoptr (MdVisitStep) step = g_list_model_get_item (plan, i);

      if (step->state == MD_VISIT_LEFT && md_form_has_field (step->form, "p.mynum"))
        return TRUE;
    }
  return FALSE;
}

static void
keep_answers (MdIntake *self)
{
  const char *facts[MD_N_DRAFT_FACTS] = { NULL };
  g_autoptr (MdSecret) text = md_form_data_to_draft (self->data, facts, NULL);
  MdFormDraft *answers
      = text ? md_form_draft_parse (md_secret_get_data (text), md_secret_get_size (text), NULL)
             : NULL;

  if (answers) /* else it is typed again */
    g_ptr_array_insert (self->visit.answers, 0, answers);
}

/* Nobody was asked who it is, so that it says nothing of whose turn it is. */
static gboolean
is_of_nobody (MdIntake *self)
{
  return self->proof && md_identity_proof_get_brought (self->proof);
}

/* Of whoever is identified now, if what was typed and read is still here. */
static void
keep_person (MdIntake *self)
{
  const MdIdentityProof *proof = self->proof;
  const gboolean by_papers = proof && md_identity_proof_get_papers (proof);

  if (is_of_nobody (self)) /* it is still that of whoever was identified before */
    return;
  g_clear_pointer (&self->visit.reading, md_identity_reading_unref);
  g_clear_pointer (&self->visit.whose, g_free);
  if (!proof || !self->data || _md_intake_is_by_post (self)
      || (!by_papers && !_md_intake_same_card (self)))
    {
      _md_intake_forget_carried (self);
      return;
    }
  self->visit.by_papers = by_papers;
  self->visit.filer = md_identity_proof_get_filer (proof);
  if (!by_papers)
    {
      self->visit.reader = self->card_reader;
      self->visit.events = self->card_events;
      md_random_fill (self->visit.key, sizeof self->visit.key);
      self->visit.whose = _md_intake_dup_whose (self->visit.key, sizeof self->visit.key, proof);
      self->visit.reading = self->visit.card_left ? NULL : md_identity_reading_new (proof);
      if (self->visit.reading && !number_is_wanted (self))
        md_identity_reading_forget_number (self->visit.reading);
    }
  keep_answers (self);
  self->visit.taken = FALSE;
}

void
md_intake_go_on_async (MdIntake *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  MdForm *next = md_intake_get_next_of_visit (self);
  const gboolean screen_keys = self->screen_keys;

  g_return_if_fail (MD_IS_INTAKE (self) && next);

  if (md_desk_get_state (self->desk) == MD_DESK_WORKING)
    keep_person (self);
  _md_intake_begin_again (self);
  self->screen_keys = screen_keys; /* it is the same person */
  md_intake_choose_async (self, next, cancellable, callback, user_data);
}

gboolean
md_intake_go_on_finish (MdIntake *self, GAsyncResult *result, GError **error)
{
  return md_intake_choose_finish (self, result, error);
}

/* --- what is known already --- */

gboolean
md_intake_get_read_before (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), FALSE);

  return self->visit.reading && card_stayed (self) && !self->by_signature && !self->by_face
         && !self->by_papers && !self->by_filer
         && (!_md_intake_reads_number (self)
             || md_identity_reading_has_number (self->visit.reading));
}

static void
check_off (MdIntake *self, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->checks)); i++)
    {
      g_autoptr (MdCheck) check = g_list_model_get_item (G_LIST_MODEL (self->checks), i);

      if (g_str_equal (md_check_get_id (check), id))
        _md_check_set (check, MD_CHECK_PASSED, _ ("Read before"), NULL);
    }
}

static gboolean
refuse_other_card (MdIntake *self, const MdIdentityProof *proof, GError **error)
{
  g_autoptr (MdTrouble) trouble
      = _md_trouble_new (_ ("This is not the card of the application before."),
                         _ ("What it said of the person is forgotten."),
                         _ ("Have the card put on the reader once more, and begin with the PIN "
                            "again."),
                         NULL);

  _md_intake_forget_carried (self);
  _md_intake_record (self, "refused", "cause=other-card", proof);
  _md_intake_set_trouble (self, trouble, TRUE);
  g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED,
                       md_trouble_get_title (trouble));
  return FALSE;
}

MdIdentityReading *
_md_intake_ref_reading (MdIntake *self)
{
  return md_intake_get_read_before (self) ? md_identity_reading_ref (self->visit.reading) : NULL;
}

gboolean
_md_intake_take_reading (MdIntake *self, MdIdentityReading *reading, MdIdentityProof *proof,
                         GError **error)
{
  const gboolean number = _md_intake_reads_number (self);

  if (!reading || !md_identity_proof_get_certificate (proof))
    return TRUE;
  if (!md_identity_proof_take_reading (proof, reading, number))
    return refuse_other_card (self, proof, error);
  check_off (self, "attributes");
  if (number)
    check_off (self, "number");
  return TRUE;
}

/* By a card: the same name and birth date. By documents, the clerk has compared them again, and
 * goes on with the same person. */
static gboolean
is_same_person (MdIntake *self)
{
  const gboolean by_papers = md_identity_proof_get_papers (self->proof) != NULL;
  g_autofree char *whose = NULL;

  if (by_papers != self->visit.by_papers
      || md_identity_proof_get_filer (self->proof) != self->visit.filer)
    return FALSE;
  if (by_papers)
    return TRUE;
  whose = _md_intake_dup_whose (self->visit.key, sizeof self->visit.key, self->proof);
  return whose && g_strcmp0 (whose, self->visit.whose) == 0;
}

void
_md_intake_take_answers (MdIntake *self)
{
  if (is_of_nobody (self)) /* and nothing of anybody comes in */
    return;
  self->visit.card_left = FALSE;
  if (self->visit.answers->len == 0 || self->visit.taken)
    return;
  self->visit.taken = TRUE;
  if (!is_same_person (self))
    {
      _md_intake_forget_carried (self);
      return;
    }
  for (guint i = 0; i < self->visit.answers->len; i++)
    md_form_data_take_earlier (self->data, g_ptr_array_index (self->visit.answers, i));
}
