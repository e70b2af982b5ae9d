// SPDX-License-Identifier: Apache-2.0
// What the clerk recorded of an identification without a card, for the approving officer.
#include "config.h"

#include <glib/gi18n.h>

#include "md-approval-private.h"

static char *
day_in_words (const MdDate *date)
{
  return md_forms_in_japanese () ? md_era_format (date) : md_date_format_iso (date);
}

/* "運転免許証 …1234 (令和10年5月1日まで)" */
static char *
describe_paper (MdApproval *self, const MdPaper *paper)
{
  const MdPolicyDocument *kind = md_policy_get_document (self->policy, paper->kind);
  gboolean japanese = md_forms_in_japanese ();
  const char *name = !kind ? paper->kind : japanese ? kind->name_ja : kind->name_en;
  g_autofree char *last = *paper->last ? g_strdup_printf (" …%s", paper->last) : g_strdup ("");
  g_autofree char *day = NULL;
  MdDate date;

  if (!md_date_parse (paper->expiry, &date, NULL))
    return g_strconcat (name, last, NULL);
  day = day_in_words (&date);
  return g_strdup_printf (_ ("%s%s, until %s"), name, last, day);
}

/* "氏名・生年月日" in the form's own words. */
static char *
describe_compared (MdApproval *self, const MdPapers *papers)
{
  static const char *const fields[MD_N_COMPARED] = { "p.name", "p.birth", "p.addr", "p.sex" };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < MD_N_COMPARED; i++)
    {
      MdField *field = md_form_get_field (self->form, fields[i]);

      if (papers->compared & (1u << i) && field)
        g_string_append_printf (text, "%s%s",
                                text->len ? (md_forms_in_japanese () ? "・" : ", ") : "",
                                md_field_get_label (field));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static const char *
look_up (const char *field, gpointer data)
{
  return md_form_data_get_value (data, field);
}

/* How it came, and on which day; the contents say the same. */
static void
add_channel (MdApproval *self, const MdPapers *papers)
{
  gboolean fits = md_papers_fit_contents (papers, look_up, self->data);
  g_autofree char *day = NULL;
  MdDate date;

  if (md_date_parse (papers->received, &date, NULL))
    day = day_in_words (&date);
  if (papers->channel == MD_CHANNEL_POST || !fits)
    _md_approval_add_check (
        self, "channel",
        papers->channel == MD_CHANNEL_POST ? _ ("Came by post") : _ ("Handed over at the counter"),
        fits ? MD_CHECK_PASSED : MD_CHECK_REFUSED, fits ? day : _ ("The contents say otherwise"));
}

void
_md_approval_add_papers (MdApproval *self, const MdPapers *papers)
{
  g_autofree char *compared = describe_compared (self, papers);
  gboolean post = papers->channel == MD_CHANNEL_POST;

  add_channel (self, papers);
  for (guint i = 0; i < MD_PAPERS_MAX; i++)
    if (*papers->shown[i].kind)
      {
        g_autofree char *paper = describe_paper (self, &papers->shown[i]);

        _md_approval_add_check (self, i ? "document-2" : "document-1",
                                post ? _ ("Copy of") : _ ("Document shown"), MD_CHECK_PASSED,
                                paper);
      }
  _md_approval_add_check (self, "compared", _ ("Compared by the clerk"), MD_CHECK_PASSED, compared);
}

/* The clerk compared the person with the register, item by item, and wrote down what differs. */
static void
add_register (MdApproval *self)
{
  static const char *const items[] = { "a.same_name", "a.same_birth", "a.same_addr", "a.same_sex" };
  gboolean asked = md_form_data_get_value (self->data, "a.mismatch") != NULL;
  gboolean compared = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      const char *found = md_form_data_get_value (self->data, items[i]);

      compared |= found != NULL;
      asked |= g_strcmp0 (found, "different") == 0;
    }
  if (compared || asked)
    _md_approval_add_check (self, "register", _ ("The person and the register"),
                            asked ? MD_CHECK_DEFERRED : MD_CHECK_PASSED,
                            asked ? _ ("Look at it") : _ ("Same"));
}

/* "an institution: 青空総合病院" */
static char *
describe_brought (const MdBrought *brought)
{
  const char *label = md_brought_get_label (brought->by);

  return *brought->organisation ? g_strdup_printf (_ ("%s: %s"), label, brought->organisation)
                                : g_strdup (label);
}

void
_md_approval_add_brought (MdApproval *self, const MdBrought *brought)
{
  gboolean fits = !md_form_needs_identification (self->form)
                  && md_brought_judge (brought, md_form_get_filers (self->form)) == MD_BROUGHT_PASS
                  && md_brought_fits_contents (brought, look_up, self->data);
  g_autofree char *who = describe_brought (brought);

  _md_approval_add_check (self, "brought", _ ("Who brought it"),
                          fits ? MD_CHECK_PASSED : MD_CHECK_REFUSED,
                          fits ? who : _ ("The form or the contents say otherwise"));
}

void
_md_approval_add_filer (MdApproval *self)
{
  MdFilerKind filer = md_identity_proof_get_filer (self->proof);
  MdFilerFit fit = md_filer_find_fit (filer, look_up, self->data);
  const char *paper = md_filer_get_authority_label (filer);
  MdDate date;

  if (md_identity_proof_get_brought (self->proof)) /* none who was identified */
    return;
  if (filer != MD_FILER_SELF || fit != MD_FILER_FITS || md_identity_proof_get_papers (self->proof))
    _md_approval_add_check (
        self, "filer", _ ("Who files"), fit == MD_FILER_FITS ? MD_CHECK_PASSED : MD_CHECK_REFUSED,
        fit == MD_FILER_FITS ? md_filer_get_label (filer) : md_filer_fit_get_label (fit));
  if (paper && md_date_parse (md_identity_proof_get_authority_date (self->proof), &date, NULL))
    {
      g_autofree char *day = day_in_words (&date);

      _md_approval_add_check (self, "authority", paper, MD_CHECK_PASSED, day);
    }
  if (filer != MD_FILER_SELF)
    add_register (self);
}
