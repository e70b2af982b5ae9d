// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_FORMS_INSIDE) && !defined(MD_FORMS_COMPILATION)
#error "Include <md-forms.h> only."
#endif

#include "md-entry.h"

G_BEGIN_DECLS

/* Declarations (同意, 誓約, 申告): a person answers to a text that was shown in full. The text
 * belongs to the procedure and its version; the answer is the field's value. Main thread, as
 * MdEntry. */

/* The text in the language in which it was shown last, where these eyes may read the answer, else
 * in the user's; NULL for any other field. Borrowed. */
const char *md_entry_get_declaration (MdEntry *self);
/* Whether that is the Japanese one. */
gboolean md_entry_declares_in_japanese (MdEntry *self);
/* The same in the language that is asked for. */
const char *md_entry_get_declaration_in (MdEntry *self, gboolean japanese);
/* Whether the form also takes that the person does not agree. */
gboolean md_entry_may_decline (MdEntry *self);

/* The text now stands in full before clerk and person, in Japanese or in English: only from then on
 * may it be answered. An answer to the other language's text falls, since this one was not read
 * when it was given. Ignored while the entry is not editable. */
void md_entry_show_declaration (MdEntry *self, gboolean japanese);

/* How the person's yes or no is said ("Agrees", "Does not agree"), in the user's language. */
const char *md_field_get_answer (MdField *self, gboolean yes);

G_END_DECLS
