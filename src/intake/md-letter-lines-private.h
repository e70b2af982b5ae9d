// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_INTAKE_COMPILATION
#error "Private to src/intake."
#endif

#include <md-forms.h>
#include <md-seal.h>

G_BEGIN_DECLS

/* A letter of delegation (委任状) as lines (MdCheck) for people: for the clerk who takes in by one
 * or changes one, and for the officer who decides. */

/* What the service says of it (CiteDelegation, GetIntake); NULL where that is not whole. */
MdDelegation *_md_letter_read (GVariant *said);

/* "YYYY-MM-DD" as people read it. Caller owns. */
char *_md_letter_dup_day (const char *day);

/* As it is now, and what of that AFTER (nullable) would change; TODAY: YYYY-MM-DD. */
void _md_letter_add_state (GListStore *lines, MdCatalogue *catalogue, const MdDelegation *now,
                           const MdDelegation *after, const char *today);

/* What it allowed, and what it would. */
void _md_letter_add_changes (GListStore *lines, MdCatalogue *catalogue, const MdDelegation *before,
                             const MdDelegation *after);

void _md_letter_add_line (GListStore *lines, const char *id, const char *title, MdCheckState state,
                          const char *text);

G_END_DECLS
