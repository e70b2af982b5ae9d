// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "md-seal.h"

#include "service.h"

/* Letters of delegation (委任状) that were accepted at this terminal, and what became of them. */

/* Whether MANIFEST names the letter that was cited for its intake here, and the letter covers it.
 * FALSE with ERROR, for the window. */
gboolean letters_check (Service *self, const MdManifest *manifest, GError **error);

/* What LETTER allows, borrowed from it. */
MdDelegation letters_allowed_by (const MdOutboxLetter *letter);

/* What the letter that INTAKE is filed by, or changes, allows now: "a{sv}", as GetIntake tells it.
 * NULL: there is none, or it is known here no more. (transfer floating) */
GVariant *letters_describe (Service *self, const MdOutboxIntake *intake);

/* Whether DECISION, an approval or not, says of a letter what it may: an approved letter what it
 * allows, an approved change what is left of what held until now (*OUT_BEFORE, of the intake that
 * it is about), and anything else nothing. FALSE with ERROR, for the window. */
gboolean letters_check_decision (Service *self, const MdOutboxIntake *intake,
                                 const MdContainer *container, const MdDecision *decision,
                                 MdOutboxLetter **out_before, GError **error);

/* What the log says of a change: the letter, and what it allowed and allows. (transfer full) */
char *letters_describe_change (const MdOutboxLetter *before, const MdDelegation *after);

/* Forgets the letters that are long over, by the office's policy. */
void letters_forget (Service *self);
