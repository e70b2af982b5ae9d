// SPDX-License-Identifier: Apache-2.0
// Who files: by whom a procedure may be filed, by the filer's own card, and whether the contents
// say the same.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-intake-flow-private.h"
#include "md-intake-papers.h"

static gboolean
accepts_cards (MdIntake *self)
{
  static const char *const methods[]
      = { MD_IDENTITY_METHOD_JPKI, MD_IDENTITY_METHOD_SIGN, MD_IDENTITY_METHOD_FACE };

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    if (md_policy_method_suffices (md_desk_get_policy (self->desk), md_form_get_id (self->form),
                                   methods[i], NULL))
      return TRUE;
  return FALSE;
}

gboolean
_md_intake_accepts_papers (MdIntake *self)
{
  return md_policy_accepts_papers (md_desk_get_policy (self->desk), md_form_get_id (self->form));
}

/* A card says who somebody is, and not for whom a care manager works. */
static gboolean
accepts_card_of (MdIntake *self, MdFilerKind filer)
{
  return filer != MD_FILER_SELF && !md_filer_get_badge (filer) && accepts_cards (self);
}

/* Also where the person of the form is called otherwise: the family that claims for itself, or who
 * held the funeral. */
static gboolean
names_person (MdForm *form)
{
  static const char *const own[] = { "bereaved", "head", "funeral" };
  const char *const *kinds = md_form_get_filers (form);

  if (g_strv_contains (kinds, "self"))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    if (g_strv_contains (kinds, own[i]) && !md_form_names_filer (form, own[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_named (MdForm *form, MdFilerKind filer)
{
  const char *kind = md_filer_get_form_kind (filer);

  return filer == MD_FILER_SELF ? names_person (form)
                                : g_strv_contains (md_form_get_filers (form), kind)
                                      && md_form_names_filer (form, kind);
}

gboolean
md_intake_offers_filer (MdIntake *self, MdFilerKind filer)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), FALSE);

  return self->desk && self->form && is_named (self->form, filer)
         && (_md_intake_is_by_post (self) || _md_intake_accepts_papers (self)
             || accepts_card_of (self, filer));
}

gboolean
_md_intake_offers_filers (MdIntake *self)
{
  for (guint i = 0; i < MD_N_FILERS; i++)
    if (md_intake_offers_filer (self, (MdFilerKind)i))
      return TRUE;
  return FALSE;
}

/* --- by the filer's own card --- */

gboolean
md_intake_get_can_use_filers_card (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), FALSE);

  return self->desk && self->by_papers && self->wait == MD_WAIT_DOCUMENTS
         && !_md_intake_is_by_post (self) && accepts_card_of (self, self->papers.filer);
}

void
_md_intake_begin_filers_card (MdIntake *self)
{
  self->by_papers = FALSE;
  self->by_filer = TRUE;
  g_list_store_remove_all (self->checks);
  _md_intake_resident_card (self); /* one may lie there by now */
}

void
md_intake_use_filers_card (MdIntake *self)
{
  g_return_if_fail (MD_IS_INTAKE (self));

  if (!md_intake_get_can_use_filers_card (self))
    return;
  _md_intake_begin_filers_card (self);
  _md_intake_update (self);
}

/* TRUE: back to who files, from waiting for the filer's card. */
gboolean
_md_intake_back_from_filers_card (MdIntake *self)
{
  if (!self->by_filer || self->proof || self->step != MD_STEP_OF_IDENTIFY)
    return FALSE;
  if (self->busy == MD_BUSY_READING) /* that ends first */
    {
      g_cancellable_cancel (self->cancellable);
      return TRUE;
    }
  if (self->busy == MD_BUSY_INSPECTING)
    g_cancellable_cancel (self->cancellable);
  self->busy = MD_BUSY_NOT;
  _md_intake_forget_card_facts (self);
  _md_intake_set_trouble (self, NULL, FALSE);
  self->by_filer = self->by_face = self->face_chosen = self->by_signature = FALSE;
  self->by_papers = TRUE;
  self->papers_at = MD_WAIT_FILER;
  return TRUE;
}

gboolean
_md_intake_reads_number (MdIntake *self)
{
  return _md_intake_takes_number (self) && !self->by_filer;
}

/* --- into the form --- */

static void
type_field (MdIntake *self, const char *field, const char *value)
{
  MdEntry *entry = md_form_data_get_entry (self->data, field);

  if (entry)
    md_entry_set_text (entry, value);
}

void
_md_intake_fill_filer (MdIntake *self)
{
  MdFilerKind filer = self->papers.filer;
  const char *kind = md_filer_get_form_kind (filer);

  /* A form without it says by itself what the person is called. */
  if (g_strv_contains (md_form_get_filers (self->form), kind))
    type_field (self, "a.kind", kind);
  type_field (self, "a.authority", md_filer_get_authority (filer));
  type_field (self, "a.relation", md_filer_get_relation (filer));
}

/* --- what the contents say of it --- */

static const char *
look_up (const char *field, gpointer data)
{
  return md_form_data_get_value (data, field);
}

/* In the order of MdFilerFit. */
static const struct
{
  const char *title, *meaning, *action;
} fits[] = {
  [MD_FILER_FITS] = { NULL, NULL, NULL },
  [MD_FILER_OTHER_KIND]
  = { N_ ("Who files is not the one who was identified."),
      N_ ("The contents name another kind of filer than the identification. Whoever files for "
          "somebody shows who it is, and by what."),
      N_ ("Correct the contents, or go back to the identification and say who came.") },
  [MD_FILER_OTHER_PAPER]
  = { N_ ("The proof of authority is not the one that was shown."),
      N_ ("At the identification another paper was recorded, with its date."),
      N_ ("Correct the contents, or go back to the identification and record the other paper.") },
  [MD_FILER_NOT_HEAD]
  = { N_ ("Who files is not the head of the household named in the contents."),
      N_ ("The two names differ."),
      N_ ("Correct what was mistyped. If both are right, ask the filer, and write down in the "
          "contents what was said: \"Confirmation with agent on mismatch\".") },
  [MD_FILER_APART]
  = { N_ ("Who files lives at another address than the person."),
      N_ ("Somebody of the same household has the same address."),
      N_ ("Correct what was mistyped. If both are right, ask the filer, and write down in the "
          "contents what was said: \"Confirmation with agent on mismatch\".") },
};

gboolean
_md_intake_check_filer (MdIntake *self)
{
  MdFilerFit fit
      = md_identity_proof_get_brought (self->proof) /* it is none who was identified */
            ? MD_FILER_FITS
            : md_filer_find_fit (md_identity_proof_get_filer (self->proof), look_up, self->data);
  g_autofree char *detail = g_strdup_printf ("cause=filer-%s", md_filer_fit_to_string (fit));
  g_autoptr (MdTrouble) trouble = NULL;

  if (fit == MD_FILER_FITS)
    return TRUE;
  trouble = _md_trouble_new (gettext (fits[fit].title), gettext (fits[fit].meaning),
                             gettext (fits[fit].action), NULL);
  _md_intake_record (self, "refused", detail, self->proof);
  _md_intake_set_trouble (self, trouble, FALSE);
  return FALSE;
}
