// SPDX-License-Identifier: Apache-2.0
#include "md-filer.h"

#include <glib/gi18n.h>

static const struct
{
  const char *id, *label;
  const char *form_kind, *authority, *relation;
  const char *authority_label;
  gboolean of_register; // tells what was so on its day: good for as long as the policy says
  const char *badge;    // of the policy's "documents"
} rows[] = {
  [MD_FILER_SELF] = { "self", N_ ("The person"), "self", NULL, NULL, NULL, FALSE },
  [MD_FILER_HEAD] = { "head", N_ ("Head of the household"), "head", NULL, NULL, NULL, FALSE },
  [MD_FILER_MEMBER]
  = { "member", N_ ("Member of the same household"), "member", NULL, NULL, NULL, FALSE },
  [MD_FILER_LEGAL] = { "legal", N_ ("Legal representative (a parent, for instance)"), "legal",
                       "family-register", NULL, N_ ("Certificate of the family register"), TRUE },
  [MD_FILER_GUARDIAN] = { "guardian", N_ ("Guardian of an adult"), "legal", "guardianship",
                          "guardian", N_ ("Certificate of registered guardianship"), TRUE },
  [MD_FILER_AGENT] = { "agent", N_ ("Agent with a letter of delegation"), "agent", "delegation",
                       NULL, N_ ("Letter of delegation"), FALSE },
  [MD_FILER_CARE_MANAGER] = { "care-manager", N_ ("Care manager"), "care-manager", "delegation",
                              "provider", N_ ("Letter of delegation"), FALSE, "care-manager-card" },
  [MD_FILER_FACILITY] = { "facility", N_ ("Staff of a facility"), "facility", "delegation",
                          "provider", N_ ("Letter of delegation"), FALSE, "company-card" },
  [MD_FILER_BEREAVED] = { "bereaved", N_ ("Bereaved family"), "bereaved", "family-register", NULL,
                          N_ ("Certificate of the family register"), TRUE },
  [MD_FILER_SCHOOL] = { "school", N_ ("Staff of a school"), "school", "delegation", "provider",
                        N_ ("Letter of delegation"), FALSE, "company-card" },
};

const char *
md_filer_to_id (MdFilerKind kind)
{
  g_return_val_if_fail (kind < MD_N_FILERS, NULL);
  return rows[kind].id;
}

gboolean
md_filer_from_id (const char *id, MdFilerKind *out_kind)
{
  const int row = MD_TABLE_ROW (rows, id);

  if (row >= 0)
    *out_kind = (MdFilerKind)row;
  return row >= 0;
}

const char *
md_filer_get_label (MdFilerKind kind)
{
  g_return_val_if_fail (kind < MD_N_FILERS, NULL);
  return _ (rows[kind].label);
}

const char *
md_filer_get_form_kind (MdFilerKind kind)
{
  g_return_val_if_fail (kind < MD_N_FILERS, NULL);
  return rows[kind].form_kind;
}

const char *
md_filer_get_authority (MdFilerKind kind)
{
  g_return_val_if_fail (kind < MD_N_FILERS, NULL);
  return rows[kind].authority;
}

const char *
md_filer_get_relation (MdFilerKind kind)
{
  g_return_val_if_fail (kind < MD_N_FILERS, NULL);
  return rows[kind].relation;
}

const char *
md_filer_get_authority_label (MdFilerKind kind)
{
  g_return_val_if_fail (kind < MD_N_FILERS, NULL);
  return rows[kind].authority_label != NULL ? _ (rows[kind].authority_label) : NULL;
}

const char *
md_filer_get_badge (MdFilerKind kind)
{
  g_return_val_if_fail (kind < MD_N_FILERS, NULL);
  return rows[kind].badge;
}

// Whether TODAY lies after the day MONTHS later. That day need not exist (31 November): no day that
// does lies between it and the one before.
static gboolean
is_over (const MdDate *issued, guint months, const MdDate *today)
{
  MdDate last;
  md_date_add_months (issued, months, &last);
  return md_date_compare (&last, today) < 0;
}

MdAuthorityFinding
md_filer_judge_authority (MdFilerKind kind, const char *issued, const MdDate *today,
                          guint register_months)
{
  g_return_val_if_fail (kind < MD_N_FILERS && today != NULL, MD_AUTHORITY_UNDATED);
  MdDate day;
  if (rows[kind].authority == NULL)
    return MD_AUTHORITY_GOOD;
  if (issued == NULL || !md_date_parse (issued, &day, NULL))
    return MD_AUTHORITY_UNDATED;
  if (md_date_compare (&day, today) > 0)
    return MD_AUTHORITY_FUTURE;
  return rows[kind].of_register && register_months > 0 && is_over (&day, register_months, today)
             ? MD_AUTHORITY_OLD
             : MD_AUTHORITY_GOOD;
}
