// SPDX-License-Identifier: Apache-2.0
#include "md-filer-fit.h"

#include "md-match.h"

#include <glib/gi18n.h>

static const struct
{
  const char *word, *label;
} rows[] = {
  [MD_FILER_FITS] = { "fits", N_ ("As in the contents") },
  [MD_FILER_OTHER_KIND] = { "kind", N_ ("The contents name another kind of filer") },
  [MD_FILER_OTHER_PAPER] = { "paper", N_ ("The contents name another proof of authority") },
  [MD_FILER_NOT_HEAD] = { "head", N_ ("The contents name another head of the household") },
  [MD_FILER_APART] = { "household", N_ ("The filer lives at another address") },
};

const char *
md_filer_fit_to_string (MdFilerFit fit)
{
  g_return_val_if_fail (fit < MD_N_FILER_FITS, NULL);
  return rows[fit].word;
}

const char *
md_filer_fit_get_label (MdFilerFit fit)
{
  g_return_val_if_fail (fit < MD_N_FILER_FITS, NULL);
  return _ (rows[fit].label);
}

// The form's value, "" where there is none; wiped with the variable.
static char *
dup_value (MdSignerLookup look_up, gpointer form, const char *field)
{
  const char *value = look_up (field, form);
  return g_strdup (value != NULL ? value : "");
}

static gboolean
differ (MdMatchItem item, const char *one, const char *other)
{
  const MdMatchSide first = { MD_MATCH_FROM_TYPED, one, NULL };
  const MdMatchSide second = { MD_MATCH_FROM_TYPED, other, NULL };
  g_autoptr (MdMatchVerdict) verdict = md_match (item, &first, &second);
  return md_match_verdict_get_match (verdict) == MD_MATCH_DIFFERENT;
}

// A form that does not ask says that it is the person. Who works ex officio is none of ours: what
// was identified is the person, or whoever came. So is the family of the dead, or the head of its
// household, where the form is theirs and names nobody apart.
static gboolean
is_kind (MdFilerKind identified, const char *kind, const char *name)
{
  static const char *const own[] = { "bereaved", "head", NULL };
  if (g_strcmp0 (md_filer_get_form_kind (identified), *kind != '\0' ? kind : "self") == 0)
    return TRUE;
  if (identified != MD_FILER_SELF)
    return FALSE;
  if (*name == '\0' && g_strv_contains (own, kind))
    return TRUE;
  for (guint i = 0; i < MD_N_FILERS; i++)
    if (g_strcmp0 (md_filer_get_form_kind ((MdFilerKind)i), kind) == 0)
      return FALSE;
  return *kind != '\0';
}

// The head and a member of the household live with the person, and the head is whom the form names.
static MdFilerFit
find_in_household (MdFilerKind identified, MdSignerLookup look_up, gpointer form)
{
  md_autowipe char *asked = dup_value (look_up, form, "a.mismatch");
  md_autowipe char *name = dup_value (look_up, form, "a.name");
  md_autowipe char *address = dup_value (look_up, form, "a.addr");
  md_autowipe char *head = dup_value (look_up, form, "p.hh_head");
  md_autowipe char *home = dup_value (look_up, form, "p.addr");
  if (*asked != '\0')
    return MD_FILER_FITS;
  if (identified == MD_FILER_HEAD && differ (MD_MATCH_ITEM_NAME, name, head))
    return MD_FILER_NOT_HEAD;
  return differ (MD_MATCH_ITEM_ADDRESS, address, home) ? MD_FILER_APART : MD_FILER_FITS;
}

MdFilerFit
md_filer_find_fit (MdFilerKind identified, MdSignerLookup look_up, gpointer form)
{
  g_return_val_if_fail (identified < MD_N_FILERS && look_up != NULL, MD_FILER_OTHER_KIND);
  const char *paper = md_filer_get_authority (identified);
  md_autowipe char *kind = dup_value (look_up, form, "a.kind");
  md_autowipe char *shown = dup_value (look_up, form, "a.authority");
  md_autowipe char *name = dup_value (look_up, form, "a.name");
  if (!is_kind (identified, kind, name))
    return MD_FILER_OTHER_KIND;
  if (paper != NULL && g_strcmp0 (paper, shown) != 0)
    return MD_FILER_OTHER_PAPER;
  return identified == MD_FILER_HEAD || identified == MD_FILER_MEMBER
             ? find_in_household (identified, look_up, form)
             : MD_FILER_FITS;
}
