// SPDX-License-Identifier: Apache-2.0
#include "md-signer.h"

#include "md-filer.h"
#include "md-match.h"

#include <glib/gi18n.h>

static const struct
{
  const char *word, *label;
} rows[] = {
  [MD_SIGNER_APPLICANT] = { "applicant", N_ ("The applicant signed") },
  [MD_SIGNER_DELEGATE] = { "delegate", N_ ("The filer signed, with proof of authority") },
  [MD_SIGNER_NO_AUTHORITY]
  = { "no-authority", N_ ("The filer signed, without proof of authority") },
  [MD_SIGNER_OTHER] = { "other", N_ ("Somebody else signed") },
};

const char *
md_signer_to_string (MdSigner signer)
{
  g_return_val_if_fail (signer < G_N_ELEMENTS (rows), NULL);
  return rows[signer].word;
}

const char *
md_signer_get_label (MdSigner signer)
{
  g_return_val_if_fail (signer < G_N_ELEMENTS (rows), NULL);
  return _ (rows[signer].label);
}

gboolean
md_signer_may_file (MdSigner signer)
{
  return signer == MD_SIGNER_APPLICANT || signer == MD_SIGNER_DELEGATE;
}

// The three items of one person of the form: what they are called there.
typedef struct
{
  const char *name, *birth, *address;
  gboolean address_may_miss;
} Person;

static MdMatch
match (MdMatchItem item, const char *certified, const char *marks, const char *typed)
{
  const MdMatchSide certificate = { MD_MATCH_FROM_CERTIFICATE, certified, marks };
  const MdMatchSide form = { MD_MATCH_FROM_TYPED, typed, NULL };
  g_autoptr (MdMatchVerdict) verdict = md_match (item, &certificate, &form);
  return md_match_verdict_get_match (verdict);
}

static gboolean
is (const MdHolder *signer, const Person *person, MdSignerLookup look_up, gpointer form)
{
  const MdMatch name = match (MD_MATCH_ITEM_NAME, md_holder_get_name (signer),
                              md_holder_get_name_marks (signer), look_up (person->name, form));
  const MdMatch birth = match (MD_MATCH_ITEM_DATE, md_holder_get_birth (signer), NULL,
                               look_up (person->birth, form));
  const MdMatch address
      = match (MD_MATCH_ITEM_ADDRESS, md_holder_get_address (signer),
               md_holder_get_address_marks (signer), look_up (person->address, form));
  return name <= MD_MATCH_SAME_FORM && birth <= MD_MATCH_SAME_FORM
         && (address <= MD_MATCH_SAME_FORM
             || (address == MD_MATCH_MISSING && person->address_may_miss));
}

// What becomes of a filer of this kind, who showed this paper.
static MdSigner
judge_filer (const char *kind, const char *authority)
{
  MdSigner found = MD_SIGNER_OTHER;
  for (guint i = MD_FILER_SELF + 1; i < MD_N_FILERS && found != MD_SIGNER_DELEGATE; i++)
    {
      const char *needed = md_filer_get_authority ((MdFilerKind)i);
      if (g_strcmp0 (md_filer_get_form_kind ((MdFilerKind)i), kind) == 0)
        found = needed == NULL || g_strcmp0 (needed, authority) == 0 ? MD_SIGNER_DELEGATE
                                                                     : MD_SIGNER_NO_AUTHORITY;
    }
  return found;
}

MdSigner
md_signer_find (const MdHolder *signer, MdSignerLookup look_up, gpointer form)
{
  static const Person applicant = { "p.name", "p.birth", "p.addr", FALSE };
  static const Person filer = { "a.name", "a.birth", "a.addr", TRUE };
  g_return_val_if_fail (signer != NULL && look_up != NULL, MD_SIGNER_OTHER);
  if (is (signer, &applicant, look_up, form))
    return MD_SIGNER_APPLICANT;
  if (!is (signer, &filer, look_up, form))
    return MD_SIGNER_OTHER;
  g_autofree char *kind = g_strdup (look_up ("a.kind", form));
  return judge_filer (kind, look_up ("a.authority", form));
}
