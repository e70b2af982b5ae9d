// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include <md-base.h>

G_BEGIN_DECLS

// Who stands at the counter: the person, or somebody who may file for the person, and by what.
typedef enum
{
  MD_FILER_SELF,
  MD_FILER_HEAD,     // 世帯主, for a member of the household
  MD_FILER_MEMBER,   // 同じ世帯の方
  MD_FILER_LEGAL,    // 法定代理人 (親権者など): 戸籍
  MD_FILER_GUARDIAN, // 成年後見人など: 登記事項証明書
  MD_FILER_AGENT,    // 任意代理人: 委任状
  MD_FILER_CARE_MANAGER,
  MD_FILER_FACILITY,
  MD_FILER_BEREAVED, // 遺族 for the one who died, where the form names both: 戸籍
  MD_FILER_SCHOOL,   // 学生納付特例事務法人, for its student: 委任状
  MD_N_FILERS
} MdFilerKind;

// "self", "head", "member", "legal", "guardian", "agent", "care-manager", "facility", "bereaved",
// "school".
const char *md_filer_to_id (MdFilerKind kind);
gboolean md_filer_from_id (const char *id, MdFilerKind *out_kind) G_GNUC_WARN_UNUSED_RESULT;
// For the clerk, translated, static.
const char *md_filer_get_label (MdFilerKind kind);

// The form's word for this kind ("a.kind"; guardians are legal representatives), for the paper that
// proves the authority ("a.authority") and for the relation where the kind says it ("a.relation");
// the last two NULL where there is none. Static.
const char *md_filer_get_form_kind (MdFilerKind kind);
const char *md_filer_get_authority (MdFilerKind kind);
const char *md_filer_get_relation (MdFilerKind kind);
// What that paper is called, translated; NULL where none is needed.
const char *md_filer_get_authority_label (MdFilerKind kind);

// The document, by its id in the policy, that shows whom a filer by profession works for or as
// what: one of those shown has to be it, where the office has it on its list. NULL where none is
// needed.
const char *md_filer_get_badge (MdFilerKind kind);

// What is the matter with the paper of this day (YYYY-MM-DD, or "").
typedef enum
{
  MD_AUTHORITY_GOOD,
  MD_AUTHORITY_UNDATED, // its date is missing or no date
  MD_AUTHORITY_FUTURE,  // dated after today
  MD_AUTHORITY_OLD,     // over the months that such a certificate is good for
} MdAuthorityFinding;

// GOOD for kinds that need no paper. REGISTER_MONTHS: for how long a certificate of a register is
// taken after its day (limits.register_months of the policy); 0: without limit.
MdAuthorityFinding md_filer_judge_authority (MdFilerKind kind, const char *issued,
                                             const MdDate *today, guint register_months);

G_END_DECLS
