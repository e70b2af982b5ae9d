// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "power-branch.h"

G_BEGIN_DECLS

/* Acts of people, of the delivery and of the checkpointer, each through the outbox as the service
 * calls it; the branch's random numbers say upon what. */
guint acts_count (void);
const char *acts_name (guint act);

/* FALSE with ERROR: refused, or not done. TRUE also where there was nothing to do it upon. */
gboolean acts_do (Branch *branch, guint act, GError **error);

/* What the service does after each: where something was erased, it empties the log. */
gboolean acts_tidy (Branch *branch, GError **error);

/* One by the random numbers. What is promised to somebody by its success goes to the disk:
 * "slip ID NUMBER", "here ID N", "receipt ID N", "gone ID". */
void acts_any (Branch *branch);

/* What item N of an intake consists of, and by which bytes it is found on a disk. (transfer full)
 */
GBytes *acts_body (const char *id, guint n);
char *acts_marker (const char *id);

G_END_DECLS
