// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_INTAKE_INSIDE) && !defined(MD_INTAKE_COMPILATION)
#error "Include <md-intake.h>."
#endif

#include "md-intake-flow.h"

G_BEGIN_DECLS

/* What a visit's 手続きナビ says, as long as the visit lasts: the event, the answers, what is to be
 * taken in, and what was explained and handed out of it. The last of these is a record: each tick
 * is in the audit log before it counts, so that it is kept where no application is made, too; and
 * what was ticked about a procedure, and about others of its office, is sealed with the intake.
 * Nothing here names anybody. */

/* What happened; "" while nothing was said. Borrowed. */
const char *md_intake_get_event (MdIntake *self);
void md_intake_set_event (MdIntake *self, const char *event);

/* What was answered: question to choice. Owned by the intake. */
GHashTable *md_intake_get_answers (MdIntake *self);
/* NULL: no answer. */
void md_intake_answer (MdIntake *self, const char *question, const char *choice);

/* Whether the clerk said that PROCEDURE is taken in now, or is not; FALSE: nothing was said. */
gboolean md_intake_get_wanted (MdIntake *self, const char *procedure, gboolean *out_wanted);
void md_intake_set_wanted (MdIntake *self, const char *procedure, gboolean wanted);

/* MdTicks of what has this id (md_due_get_id()). */
guint md_intake_get_ticks (MdIntake *self, const char *about);
/* What was ticked about it, in words for paper, as the filter lets it be printed; NULL: nothing.
 * (transfer full) */
char *md_intake_dup_printed_ticks (MdIntake *self, const char *about) G_GNUC_WARN_UNUSED_RESULT;
/* The same of all that is not among what is applied for in this visit, a line each with its title,
 * for the resident's slip; NULL-terminated. (transfer full) */
char **md_intake_list_told_alone (MdIntake *self) G_GNUC_WARN_UNUSED_RESULT;
/* They are TICKS from now on, once that is in the log; else nothing is changed. Errors: those of
 * the bus. */
void md_intake_tick_async (MdIntake *self, MdDue *due, guint ticks, GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean md_intake_tick_finish (MdIntake *self, GAsyncResult *result, GError **error);

G_END_DECLS
