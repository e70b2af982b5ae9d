// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_INTAKE_INSIDE) && !defined(MD_INTAKE_COMPILATION)
#error "Include <md-intake.h>."
#endif

#include "md-intake-flow.h"

G_BEGIN_DECLS

/* Step identify of a procedure that asks for nobody's identification: the policy says so, and so
 * does the form. No card is read and no document is asked for; MD_WAIT_BROUGHT asks who brought it.
 * Going back from the contents comes to it again, with what was said. */

/* What was said so far (borrowed). */
const MdBrought *md_intake_get_brought (MdIntake *self);

/* Whether the application is gone through with somebody at the counter: not where it came by post,
 * from an institution or a section, or is the office's own. */
gboolean md_intake_is_read_out (MdIntake *self);

/* What stands in the way, with this; nothing is taken. UNSAID where it is not waited for. */
MdBroughtFinding md_intake_judge_brought (MdIntake *self, const MdBrought *brought);

/* Goes on with it (MD_WAIT_NOTHING). It is recorded. FALSE: md_intake_judge_brought() says what is
 * missing, or "trouble". */
gboolean md_intake_take_brought (MdIntake *self, const MdBrought *brought);

G_END_DECLS
