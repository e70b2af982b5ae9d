// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include "md-papers.h"

G_BEGIN_DECLS

// What stands in the way, for the clerk; the paper that it is about is named in the title. Meaning
// and action may be NULL. (transfer full)
MdCardText *md_papers_get_text (MdPapersFinding finding, const MdPapers *papers, MdPolicy *policy,
                                const MdDate *today, gboolean japanese) G_GNUC_WARN_UNUSED_RESULT;

#ifdef MD_IDENTITY_COMPILATION
// One of the papers alone.
MdPapersFinding _md_papers_judge_one (const MdPapers *papers, guint index, MdPolicy *policy,
                                      const MdDate *today);
#endif

G_END_DECLS
